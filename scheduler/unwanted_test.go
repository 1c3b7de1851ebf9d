package scheduler

import "testing"

// TestWhyUnwanted: what the files do not want any more is told by what became of
// it there, and nobody who still stands in the file is said to be gone.
func TestWhyUnwanted(t *testing.T) {
	t.Parallel()
	base := reconciled(t, with(acme(onsite(person("Ken"), person("Mara"))), func(*Facts) {}), monday())
	for _, c := range []struct{ name, step, address, want string }{
		{"another contact", "follow-up-1", "ken@acme.example", "the file gave it to Priya Nair instead"},
		{"another panel", "thank-you", "mara@acme.example", `the step "thank-you" of the interview "onsite" is not for mara@acme.example any more`},
		{"another sequence", "follow-up-2", "ken@acme.example", `the sequence "default" has no step "follow-up-2" any more`},
		{"another interview", "thank-you", "ken@acme.example", `the interview "onsite" is not in the file any more`},
	} {
		f := with(base, func(f *Facts) {
			switch c.name {
			case "another contact":
				f.Application.Recruiter = &Person{Name: "Priya Nair", Email: "priya@acme.example"}
			case "another panel":
				f.Application.Interviews = []Interview{onsite(person("Ken"))}
			case "another sequence":
				f.Policy.Sequences = map[string][]Step{f.Application.Sequence: f.Policy.Sequences[f.Application.Sequence][:2]}
			case "another interview":
				i := onsite(person("Ken"), person("Mara"))
				i.ID = "second"
				f.Application.Interviews = []Interview{i}
			}
		})
		got := ""
		for _, ch := range Reconcile(&f, Plan(&f, monday())) {
			if d := ch.Delivery; d.State == Cancelled && d.Interview == "onsite" && d.Step == c.step && d.To.Email == c.address {
				got = d.Why
				if ch.Event.Evidence != "" {
					t.Errorf("%s: %q is called evidence, which it is not", c.name, ch.Event.Evidence)
				}
			}
		}
		if got != c.want {
			t.Errorf("%s: %s to %s is cancelled because %q, want %q", c.name, c.step, c.address, got, c.want)
		}
	}
}
