package proofread

import "testing"

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
