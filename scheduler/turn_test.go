package scheduler

import (
	"strings"
	"testing"

	"afterword/mailer"
)

// TestTurnDue: an answer is late one business day after the mail, in the user's
// zone, over weekends and holidays, and never told at night.
func TestTurnDue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, arrived, want string }{
		{"Europe/Paris", "2026-11-24 15:00", "Wed 25 Nov 15:00"},
		{"Europe/Paris", "2026-11-27 15:00", "Mon 30 Nov 15:00"},     // over the weekend
		{"Europe/Paris", "2026-11-28 11:00", "Mon 30 Nov 11:00"},     // on a Saturday
		{"Europe/Paris", "2026-11-26 23:50", "Mon 30 Nov 08:00"},     // Friday at night is not told before Monday
		{"Europe/Paris", "2026-11-25 05:00", "Thu 26 Nov 08:00"},     // nor before the morning
		{"Europe/Paris", "2026-12-24 12:00", "Mon 28 Dec 12:00"},     // Christmas is a holiday in France
		{"America/New_York", "2026-11-24 02:00", "Wed 25 Nov 08:00"}, // Monday evening there
	} {
		pol := policy()
		pol.Me.Zone = zone(c.zone)
		if got := turnDue(pol, paris(c.arrived)).In(pol.Me.Zone).Format("Mon 2 Jan 15:04"); got != c.want {
			t.Errorf("what came %s (Paris) is late in %s from %s, want %s", c.arrived, c.zone, got, c.want)
		}
	}
}

// TestTurnOver: whose turn it is not any more, and why.
func TestTurnOver(t *testing.T) {
	t.Parallel()
	came := paris("2026-11-25 10:00")
	own := func(person string, at string, change func(*Mail)) func(*Facts) {
		return func(f *Facts) {
			m := Mail{MessageID: "<mine>", Application: "acme", Outgoing: true, ByHand: true, Person: person, At: paris(at)}
			if change != nil {
				change(&m)
			}
			f.Mails = append(f.Mails, m)
		}
	}
	for _, c := range []struct {
		name   string
		change func(*Facts)
		want   string
	}{
		{"nobody answered", func(*Facts) {}, ""},
		{"to the person", own("ken@acme.example", "2026-11-25 18:00", nil), "you answered"},
		{"before it", own("ken@acme.example", "2026-11-25 09:00", nil), ""},
		{"it came back", own("ken@acme.example", "2026-11-25 18:00", func(m *Mail) { m.Failed = true }), ""},
		{"to somebody else", own("mara@acme.example", "2026-11-25 18:00", nil), ""},
		{"in the thread, to somebody else", own("mara@acme.example", "2026-11-25 18:00", func(m *Mail) { m.References = []string{"<asks>"} }), "you answered"},
		{"to another address of the person", func(f *Facts) {
			f.Application.Interviews[0].Interviewers[0].Aliases = []string{"ken@private.example"}
			own("ken@private.example", "2026-11-25 18:00", nil)(f)
		}, "you answered"},
		{"they wrote again", func(f *Facts) { f.heardFrom("ken@acme.example", "human", paris("2026-11-25 18:00")) }, ""},
		{"an invitation came", func(f *Facts) { f.heardFrom("priya@acme.example", "calendar_request", paris("2026-11-25 18:00")) }, "a meeting was arranged since"},
		{"by phone", func(f *Facts) {
			f.Mails = append(f.Mails, Mail{MessageID: "<answered.1.acme" + byHandID, Class: "human", At: paris("2026-11-25 18:00")})
		}, "you spoke to them elsewhere"},
		{"closed", func(f *Facts) { f.Application.Status = StatusClosed }, "the application is over"},
		{"an offer is not over", func(f *Facts) { f.Application.Status = StatusOffer }, ""},
	} {
		f := with(acme(onsite(person("Ken"), person("Mara"))), c.change)
		m := Mail{MessageID: "<asks>", Application: "acme", Person: "ken@acme.example", Class: "human", At: came}
		f.Mails = append(f.Mails, m)
		if got := turnOver(&f, m, paris("2026-11-26 10:00")); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if got := turnOver(&f, m, came.AddDate(0, 0, 30)); got == "" {
			t.Errorf("%s: it is still told after a month", c.name)
		}
	}
}

// TestAskedIn: what surely asks something of the user is remembered, with the
// sentence that does.
func TestAskedIn(t *testing.T) {
	t.Parallel()
	const question, request = "Which of the two teams would you prefer?", "Could you send us your references?"
	for _, c := range []struct {
		name, header, body, want string
	}{
		{"a question", "", "Hi Dana,\n\nthanks. " + question, question},
		{"a request", "", "Hi Dana,\n\nthanks. Please send us your references.", "Please send us your references."},
		{"a request goes first", "", "Shall we? " + request, request},
		{"an invitation", "", "We would like to invite you to a second interview on Tuesday.", "We would like to invite you to a second interview on Tuesday."},
		{"a colleague", "From: Lena Ito <lena@acme.example>", question, question},
		{"nothing is asked", "", "Thanks, we will be in touch.", ""},
		{"quoted", "", "Thanks!\n\nOn Tue, Dana Reyes wrote:\n> " + question, ""},
		{"a rejection", "", "Unfortunately we have decided not to move forward. Would you tell us how you found the process?", ""},
		{"a robot", "Auto-Submitted: auto-generated", question, ""},
		{"forged", "Authentication-Results: mx.example.org; dmarc=fail header.from=acme.example", question, ""},
		{"a stranger", "From: Shop <shop@shop.example>", question, ""},
	} {
		o := desk(t, nil)
		o.take("2026-11-25 10:00", o.mail(c.header, c.body))
		asks, _ := o.store.Meta("asks/acme/<theirs@else.example>")
		if got, _ := strings.CutPrefix(asks, "2026-11-26T09:00:00Z "); got != c.want {
			t.Errorf("%s: %q is asked, want %q", c.name, got, c.want)
		}
	}
}

// turnsAt tells whose turn it is after a look at that time.
func (o *office) turnsAt(at string) {
	o.Helper()
	d := &Daemon{Store: o.store, world: o.world}
	if err := d.sayDue(o.Context(), paris(at)); err != nil {
		o.Fatal(err)
	}
}

// mine is a mail of the user's in Sent.
func (o *office) mine(header string) mailer.Fetched {
	m := o.mail("From: Dana Reyes <dana@example.org>\nMessage-ID: <mine@example.org>\n"+header, "The second one.")
	m.Folder, m.Role = "Sent", mailer.RoleSent
	return m
}

// turnCase is what happens before and after a mail that asks is a business day
// old, how often it is told, and whether the question stands.
type turnCase struct {
	name, from string
	before     func(*office)
	after      func(*office)
	told       int
	stands     bool
}

// turnCases are read by TestTellTurn.
func turnCases() []turnCase {
	const lena = "From: Lena Ito <lena@acme.example>"
	return []turnCase{
		{"nobody answers", "", nil, nil, 1, true},
		{"answered in time", "", func(o *office) { o.take("2026-11-25 12:00", o.mine("To: ken@acme.example")) }, nil, 0, false},
		{"answered late", "", nil, func(o *office) {
			o.take("2026-11-26 12:00", o.mine("To: ken@acme.example"))
			o.attend("acme", "2026-11-26 12:00")
		}, 1, false},
		{"a colleague, answered in time", lena, func(o *office) { o.take("2026-11-25 12:00", o.mine("To: lena@acme.example")) }, nil, 0, false},
		{"a colleague, answered in the thread", lena, func(o *office) {
			o.take("2026-11-25 12:00", o.mine("To: hr@acme.example\nIn-Reply-To: <theirs@else.example>"))
		}, nil, 0, false},
		{"a colleague, answered late", lena, nil, func(o *office) { o.take("2026-11-26 12:00", o.mine("To: lena@acme.example")) }, 1, false},
		{"another person got mail", lena, func(o *office) { o.take("2026-11-25 12:00", o.mine("To: someone@else.example")) }, nil, 1, true},
		{"closed in time", "", func(o *office) { o.closed(StatusClosed) }, nil, 0, false},
		{"closed late", "", nil, func(o *office) { o.closed(StatusClosed); o.attend("acme", "2026-11-26 12:00") }, 1, false},
		{"resumed", "", nil, func(o *office) {
			if err := answerMail(o.store, "acme", true); err != nil {
				o.Fatal(err)
			}
		}, 1, false},
		{"the file is broken", "", func(o *office) {
			a := o.world.Applications["acme"]
			o.world.Applications["acme"] = Application{Stem: "acme", Broken: "line 1"}
			o.turnsAt("2026-11-26 10:00")
			o.world.Applications["acme"] = a
		}, nil, 1, true},
		{"the file was renamed", "", func(o *office) {
			a := o.world.Applications["acme"]
			delete(o.world.Applications, "acme")
			a.Stem = "acme-sre"
			o.world.Applications["acme-sre"] = a
		}, nil, 1, true},
	}
}

// TestTellTurn: a business day after the mail it is told, once; an answer before
// it keeps it unsaid, also one to a person of no file, and one after it takes
// the question back. A file that cannot be read keeps it for later.
func TestTellTurn(t *testing.T) {
	t.Parallel()
	for _, c := range turnCases() {
		t.Run(c.name, func(t *testing.T) {
			o := desk(t, nil)
			o.take("2026-11-25 10:00", o.mail(c.from, "Which of the two teams would you prefer?"))
			o.turnsAt("2026-11-25 10:01")
			if c.before != nil {
				c.before(o)
			}
			for _, at := range []string{"2026-11-26 09:59", "2026-11-26 10:00", "2026-11-26 10:05"} {
				o.turnsAt(at)
				if at == "2026-11-26 09:59" && len(o.told(askedTurn)) > 0 {
					t.Error("it was told too soon")
				}
			}
			if c.after != nil {
				c.after(o)
			}
			o.turnsAt("2026-11-27 10:00")
			if got := len(o.told(askedTurn)); got != c.told {
				t.Errorf("told %d times, want %d", got, c.told)
			}
			if got := strings.Contains(o.asked(), askedTurn); got != c.stands {
				t.Errorf("the question stands: %v, want %v (%s)", got, c.stands, o.asked())
			}
			if left, _ := o.store.MetaNames(metaAsks); len(left) > 0 {
				t.Errorf("%v is still remembered", left)
			}
		})
	}
}

// closed says in the file how the application stands.
func (o *office) closed(s Status) {
	a := o.world.Applications["acme"]
	a.Status = s
	o.world.Applications["acme"] = a
}

// TestTurnIsToldInWords: the notice says who, when and what, and its short line
// names nobody.
func TestTurnIsToldInWords(t *testing.T) {
	t.Parallel()
	o := desk(t, nil)
	o.take("2026-11-25 10:00", o.mail("", "Which of the two teams would you prefer?"))
	o.turnsAt("2026-11-26 10:00")
	n := o.told(askedTurn)[0]
	want := `Your turn: Ken Osei of Acme wrote on Wed 25 Nov 10:00 CET (Hello): "Which of the two teams would you prefer?" Nothing of yours to them lies in Sent since. Answered by phone or elsewhere? Then: afterword answered acme`
	if n.Text != want {
		t.Errorf("the notice says\n%s\nwant\n%s", n.Text, want)
	}
	if strings.Contains(n.Discreet, "Ken") || strings.Contains(n.Discreet, "Acme") {
		t.Errorf("the short line names somebody: %s", n.Discreet)
	}
}
