package proofread

import (
	"fmt"
	"slices"
	"testing"

	"afterword/scheduler"
	"afterword/templates"
)

func BenchmarkCheck(b *testing.B) {
	c := New()
	in := thanks(&testing.T{})
	for b.Loop() {
		c.Check(in)
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New()
	}
}

func BenchmarkRules(b *testing.B) {
	c := New()
	in := thanks(&testing.T{})
	m := c.open(in, in.Text.Subject, in.Text.Body)
	m.place = placeOf(in)
	for _, r := range table() {
		b.Run(r.Name, func(b *testing.B) {
			for b.Loop() {
				r.check(m)
			}
		})
	}
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			c.open(in, in.Text.Subject, in.Text.Body)
		}
	})
}

// BenchmarkPanelOfEight renders and proofreads the notes to eight interviewers
// (DESIGN asks for under 50 ms once loaded).
func BenchmarkPanelOfEight(b *testing.B) {
	set, err := templates.Load("")
	if err != nil {
		b.Fatal(err)
	}
	c := New()
	in := thanks(&testing.T{})
	for i := 1; i < 8; i++ {
		in.Interview.Interviewers = append(in.Interview.Interviewers, scheduler.Person{Name: fmt.Sprintf("Mara Lindt%c", 'a'+i), Email: fmt.Sprintf("mara%d@acme.example", i),
			Said: fmt.Sprintf("release train number %d was rebuilt after the outage", i)})
	}
	in.Application.Interviews = []scheduler.Interview{in.Interview}
	for b.Loop() {
		var notes []scheduler.Text
		for rank, p := range in.Interview.Interviewers {
			in.Person, in.Rank = p, rank
			text, err := set.Render(in.RenderInput)
			if err != nil {
				b.Fatal(err)
			}
			notes = append(notes, text)
		}
		for rank, p := range in.Interview.Interviewers {
			in.Person, in.Rank, in.Text = p, rank, notes[rank]
			in.To = scheduler.Recipient{Name: p.Name, Email: p.Email}
			in.Panel = slices.Concat(notes[:rank], notes[rank+1:])
			c.Check(in)
		}
	}
}
