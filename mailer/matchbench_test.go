package mailer

import (
	"fmt"
	"testing"
)

// manyApplications are 200 companies with a recruiter and three interviewers
// each, whom we wrote to.
func manyApplications() []Candidate {
	var cs []Candidate
	for n := range 200 {
		c := Candidate{Application: fmt.Sprintf("app-%d", n), Company: fmt.Sprintf("Company%d Works GmbH", n), Role: fmt.Sprintf("Engineer of Kind %d", n),
			Domains: []string{fmt.Sprintf("company%d.example", n)}, OurIDs: map[string]string{}, From: interviewBegan}
		for k := range 4 {
			addr := fmt.Sprintf("person%d@company%d.example", k, n)
			c.People = append(c.People, Party{Name: fmt.Sprintf("Person%d Family%d", k, n), Addresses: []string{addr}, Recruiter: k == 0, Interviewer: k > 0})
			c.OurIDs[fmt.Sprintf("<%d.%d@dana.example>", n, k)] = addr
			c.Subjects = append(c.Subjects, fmt.Sprintf("Thank you for talk %d of %d", k, n))
		}
		cs = append(cs, c)
	}
	return cs
}

// BenchmarkMatchAmongMany matches one message against 200 applications: the
// unrelated one of a catch-up, one that a tracking system sends, and one that
// fits.
func BenchmarkMatchAmongMany(b *testing.B) {
	x := NewMatcher([]string{"dana@dana.example"}, manyApplications(), LoadTables())
	for name, c := range map[string]struct {
		from string
		fits int
	}{
		"unrelated": {"Some Body <somebody@elsewhere.example>", 0},
		"service":   {"Greenhouse <no-reply@greenhouse.io>", 0},
		"person":    {"Person2 Family77 <person2@company77.example>", 1},
	} {
		m := mailFrom(c.from, func(m *Message) {
			m.NewText = "We talked about this and that. " + fmt.Sprint(make([]int, 400))
		})
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if got := x.Match(m, human(), interviewBegan); len(got) != c.fits {
					b.Fatal(got)
				}
			}
		})
	}
	b.Run("prepare", func(b *testing.B) {
		cs, tables := manyApplications(), LoadTables()
		for b.Loop() {
			NewMatcher([]string{"dana@dana.example"}, cs, tables)
		}
	})
}
