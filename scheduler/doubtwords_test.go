package scheduler

import (
	"errors"
	"strings"
	"testing"

	"afterword/mailer"
)

// TestDoubtSaysWhatWasAnswered: a server that answered and one that said nothing are
// told apart, in the notice, in the state and in the question.
func TestDoubtSaysWhatWasAnswered(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		receipt       mailer.Receipt
		state, notice string
	}{
		"an answer": {mailer.Receipt{Outcome: mailer.InDoubt, Phase: mailer.PhaseDot, Code: 451, Enhanced: "4.3.0", Words: "queue file write error", DataBegun: true},
			`the server answered "451 4.3.0 queue file write error" when it was handed over, and may have taken it all the same; nobody resends it but you`,
			`When the mail to Ken Osei <ken@acme.example> was handed over the server answered "451 4.3.0 queue file write error".`},
		"a loss": {mailer.Receipt{Outcome: mailer.InDoubt, Phase: mailer.PhaseDot, Err: errors.New("connection reset"), DataBegun: true},
			"the server may or may not have taken it; nobody resends it but you",
			"The connection ended after the mail to Ken Osei <ken@acme.example> was handed over"},
	} {
		o := newOffice(t, acme(onsite(person("Ken"))))
		o.attend("acme", "2026-11-23 16:00")
		d, now := o.delivery("thank-you"), paris("2026-11-24 09:30")
		d.State, d.Attempt, d.Epoch = HandedOver, 1, 1
		o.store.set(d)
		if err := o.store.Update(t.Context(), func(tx Tx) error { return settle(tx, d, c.receipt, now) }); err != nil {
			t.Fatal(err)
		}
		told := o.told("doubt/")
		if d = o.delivery("thank-you"); d.State != InDoubt || d.Why != c.state || len(told) != 1 || !strings.HasPrefix(told[0].Text, c.notice) {
			t.Errorf("%s: %s, %q, told %+v", name, d.State, d.Why, told)
		}
		if qs := (StatusReport{Deliveries: []Delivery{d}}).Doubts(); len(qs) != 1 || !strings.Contains(qs[0].Text, "arrive? "+c.state) {
			t.Errorf("%s: asked %+v", name, qs)
		}
	}
}
