package scheduler

import (
	"testing"
	"time"

	"afterword/mailer"
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

// TestWhoWritesHasRead: what asked somebody whose address was said to be dead counts
// for no limit and no gap, until they write from there: then they have read it. What
// came back itself never counts again (core seed 7004003258).
func TestWhoWritesHasRead(t *testing.T) {
	t.Parallel()
	const key = "acme/onsite/follow-up-1/ken@acme.example"
	left, human := mailer.AutoReply, mailer.Human
	for _, c := range []struct {
		name   string
		order  []mailer.Kind // of reading; the absence note came an hour before the letter
		state  State
		counts bool
	}{
		{"nobody wrote", nil, Sent, true},
		{"has left", []mailer.Kind{left}, Sent, false},
		{"has left, then writes", []mailer.Kind{left, human}, Sent, true},
		{"wrote later, and that was read first", []mailer.Kind{human, left}, Sent, true},
		{"it came back", []mailer.Kind{left, human}, Bounced, false},
	} {
		o := newOffice(t, acme(onsite(person("Ken"))))
		asks := Mail{MessageID: "<ours@example.org>", Application: "acme", Key: key, Outgoing: true, Asking: true, Person: "ken@acme.example", Name: "Ken Osei",
			Company: "Acme", At: paris("2026-12-01 10:00"), Failed: c.state == Bounced}
		if _, err := o.store.AddMail(asks); err != nil {
			t.Fatal(err)
		}
		o.store.set(Delivery{Key: key, Application: "acme", Interview: "onsite", Kind: Asking, To: Recipient{"Ken Osei", "ken@acme.example"}, State: c.state})
		for _, kind := range c.order {
			in := Incoming{Arrived: paris("2026-12-01 13:00"), Match: mailer.Match{Application: "acme", Strength: 3, Person: "ken@acme.example", Interviewer: kind == human}}
			in.Message.ID, in.Message.From = "<"+string(kind)+"@acme.example>", []mailer.Address{{Name: "Ken Osei", Addr: "ken@acme.example"}}
			if in.Reading.Kind = kind; kind == left {
				in.Reading.LeftFirm, in.Arrived = true, paris("2026-12-01 12:00")
			}
			if _, err := react(o.store, o.world, mailer.Tables{}, in, paris("2026-12-01 13:00")); err != nil {
				t.Fatal(err)
			}
		}
		f, err := LoadFacts(o.store, o.world, "acme", paris("2026-12-02 10:00"))
		if err != nil {
			t.Fatal(err)
		}
		ken := person("Ken")
		if counts := !f.lastAsked(&ken).IsZero(); counts != c.counts {
			t.Errorf("%s: it counts: %v, want %v", c.name, counts, c.counts)
		}
	}
}
