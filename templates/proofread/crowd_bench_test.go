package proofread

import (
	"fmt"
	"testing"

	"afterword/scheduler"
)

// BenchmarkCrowd proofreads one note among the applications of a career service. The
// floor is the same note where there is no other application.
func BenchmarkCrowd(b *testing.B) {
	c := New()
	for _, crowd := range []int{0, 2000} {
		var all []scheduler.Application
		for n := range crowd {
			stem := fmt.Sprintf("company-%d", n)
			a := scheduler.Application{Stem: stem, Company: fmt.Sprintf("Firm%d Works", n), Role: fmt.Sprintf("Engineer of Kind %d", n),
				Recruiter: &scheduler.Person{Name: fmt.Sprintf("Priya Nair%d", n), Email: "priya@" + stem + ".example"}}
			var panel []scheduler.Person
			for k := range 3 {
				panel = append(panel, scheduler.Person{Name: fmt.Sprintf("Mara Lindt%d-%d", n, k), Email: fmt.Sprintf("mara%d@%s.example", k, stem)})
			}
			a.Interviews = []scheduler.Interview{{ID: "onsite", Interviewers: panel}}
			all = append(all, a)
		}
		in := thanks(&testing.T{})
		in.Others = func(yield func(scheduler.Application) bool) {
			for _, a := range all {
				if !yield(a) {
					return
				}
			}
		}
		b.Run(fmt.Sprintf("others=%d", crowd), func(b *testing.B) {
			for b.Loop() {
				c.Check(in)
			}
		})
	}
}
