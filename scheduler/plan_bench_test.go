package scheduler

import (
	"fmt"
	"testing"
)

// BenchmarkPlan plans and attends to many applications; the time per
// application must not grow with their number.
func BenchmarkPlan(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprintf("applications=%d", n), func(b *testing.B) {
			world := World{Policy: policy(), Applications: map[string]Application{}}
			var stems []string
			for k := range n {
				a := acme(onsite(person("Ken"), person("Mara"), person("Tom"))).Application
				a.Stem, a.Company = fmt.Sprintf("acme-%d", k), fmt.Sprintf("Acme %d", k)
				stems = append(stems, a.Stem)
				world.Applications[a.Stem] = a
			}
			b.ResetTimer()
			for k := range b.N {
				f, err := LoadFacts(nothing{}, world, stems[k%n], monday())
				if err != nil {
					b.Fatal(err)
				}
				if len(Plan(f, monday())) != 5 {
					b.Fatal("the plan is not whole")
				}
			}
		})
	}
}
