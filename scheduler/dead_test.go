package scheduler

import (
	"testing"
	"time"
)

// TestDeadAddressIsRemembered: an address from which word of its death came is
// not written to again, in no later round and in no other application, until its
// owner writes.
func TestDeadAddressIsRemembered(t *testing.T) {
	t.Parallel()
	word := func(class string, at time.Time) Mail {
		return Mail{MessageID: "<" + class + "@acme.example>", Application: "acme", Person: "ken@acme.example", Class: class, At: at, Failed: class != "human"}
	}
	dead, later := paris("2026-11-24 11:00"), paris("2026-11-24 12:00")
	for _, c := range []struct {
		name      string
		mails     []Mail
		elsewhere []Mail
		want      string
	}{
		{"nothing is known", nil, nil, ""},
		{"mail came back", []Mail{word("bounce", dead)}, nil, "mail to Ken@Acme.example came back"},
		{"its owner has left", []Mail{word("auto_reply", dead)}, nil, "the owner of Ken@Acme.example has left the company"},
		{"another application was told", nil, []Mail{word("bounce", dead)}, "mail to Ken@Acme.example came back"},
		{"its owner wrote since", []Mail{word("bounce", dead), word("human", later)}, nil, ""},
		{"its owner wrote since, about another application", []Mail{word("bounce", dead)}, []Mail{word("human", later)}, ""},
		{"its owner wrote before", []Mail{word("human", dead), word("bounce", later)}, nil, "mail to Ken@Acme.example came back"},
	} {
		f := with(acme(onsite(person("Ken"))), func(f *Facts) { f.Mails, f.Elsewhere = c.mails, c.elsewhere })
		if got := f.deadAddress("Ken@Acme.example", ""); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
