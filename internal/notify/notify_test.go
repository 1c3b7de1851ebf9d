package notify

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"afterword/mailer"
	"afterword/scheduler"
)

// server answers every mail with one receipt.
type server struct {
	receipt mailer.Receipt
	took    []mailer.Frozen
}

func (s *server) Send(_ context.Context, m mailer.Frozen, beforeDot func(context.Context) error) mailer.Receipt {
	s.took = append(s.took, m)
	_ = beforeDot(context.Background())
	return s.receipt
}

func (s *server) Rest() {}

func notice() scheduler.Notice {
	return scheduler.Notice{Kind: "refused", Subject: "Refused: the mail to Ken Osei", Text: "Ken's server said 550.", Discreet: "A mail was refused."}
}

func mailTo(s *server) *Mail {
	return &Mail{Sender: s, Me: mailer.Address{Name: "Dana Reyes", Addr: "dana@example.org"}, Rand: strings.NewReader(strings.Repeat("x", 999)),
		Now: func() time.Time { return time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC) }}
}

// TestMailToOneself: it goes to nobody else, says that a program wrote it, and
// carries the words.
func TestMailToOneself(t *testing.T) {
	t.Parallel()
	s := &server{receipt: mailer.Receipt{Outcome: mailer.Accepted}}
	if err := mailTo(s).Notify(t.Context(), notice()); err != nil {
		t.Fatal(err)
	}
	m := s.took[0]
	header, body := mailer.Split(m.Bytes)
	got := mailer.Parse(header, body)
	if m.To != "dana@example.org" || m.From != m.To || got.Header.Get("auto-submitted") != "auto-generated" {
		t.Errorf("the notice goes from %s to %s, auto-submitted %q", m.From, m.To, got.Header.Get("auto-submitted"))
	}
	if !strings.Contains(got.Subject, "Refused: the mail to Ken Osei") || !strings.Contains(got.Text, "Ken's server said 550.") {
		t.Errorf("the notice does not say what happened:\n%s", m.Bytes)
	}
}

// TestNoticeInDoubtIsSentAgain: a notice that may be lost is sent once more, and
// not for ever.
func TestNoticeInDoubtIsSentAgain(t *testing.T) {
	t.Parallel()
	s := &server{receipt: mailer.Receipt{Outcome: mailer.InDoubt}}
	if err := mailTo(s).Notify(t.Context(), notice()); err != nil || len(s.took) != 2 {
		t.Errorf("in doubt it is sent %d times, want twice; %v", len(s.took), err)
	}
	s = &server{receipt: mailer.Receipt{Outcome: mailer.Accepted}}
	if err := mailTo(s).Notify(t.Context(), notice()); err != nil || len(s.took) != 1 {
		t.Errorf("accepted it is sent %d times, want once; %v", len(s.took), err)
	}
}

// TestTriedAgain: only what surely did not arrive is an error.
func TestTriedAgain(t *testing.T) {
	t.Parallel()
	for outcome, again := range map[mailer.Outcome]bool{mailer.Accepted: false, mailer.InDoubt: false, mailer.Deferred: true, mailer.Refused: true} {
		err := mailTo(&server{receipt: mailer.Receipt{Outcome: outcome, Code: 451, Words: "later"}}).Notify(t.Context(), notice())
		if (err != nil) != again {
			t.Errorf("%s: error %v, want one: %v", outcome, err, again)
		}
	}
}

// TestRefusedNotice: one whose words a server will not have does not keep those behind it,
// and a server that will not have our address takes none. What passes is tried again.
func TestRefusedNotice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		r             mailer.Receipt
		notice, whole bool
	}{
		{mailer.Receipt{Outcome: mailer.Refused, Phase: mailer.PhaseDot, Code: 554, Words: "looks like spam"}, true, false},
		{mailer.Receipt{Outcome: mailer.Refused, Phase: mailer.PhaseData, Code: 554, Words: "no"}, true, false},
		{mailer.Receipt{Outcome: mailer.Refused, Phase: mailer.PhaseRcpt, Code: 550, Words: "no such user"}, false, true},
		{mailer.Receipt{Outcome: mailer.Refused, Phase: mailer.PhaseMail, Code: 553, Words: "not yours"}, false, true},
		{mailer.Receipt{Outcome: mailer.Deferred, Phase: mailer.PhaseDot, Code: 550, Words: "daily limit", Limited: true}, false, false},
		{mailer.Receipt{Outcome: mailer.Deferred, Phase: mailer.PhaseAuth, Code: 535, Words: "too many logins"}, false, false},
		{mailer.Receipt{Outcome: mailer.Deferred, Phase: mailer.PhaseRcpt, Code: 451, Words: "greylisted"}, false, false},
	} {
		err := mailTo(&server{receipt: c.r}).Notify(t.Context(), notice())
		if patience := c.r.Limited || c.r.Phase == mailer.PhaseAuth; errors.Is(err, mailer.ErrServerBusy) != patience {
			t.Errorf("%+v asks for patience: %v, want %v", c.r, !patience, patience)
		}
		if err == nil || errors.Is(err, scheduler.ErrNoticeRefused) != c.notice || errors.Is(err, scheduler.ErrChannelRefused) != c.whole || errors.Is(err, mailer.ErrLoginRefused) || !strings.Contains(err.Error(), c.r.Words) {
			t.Errorf("%+v: %v", c.r, err)
		}
	}
}

// TestLogNamesNobody: logs carry kinds, not names or texts.
func TestLogNamesNobody(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := (Log{Log: slog.New(slog.NewTextHandler(&b, nil))}).Notify(t.Context(), notice()); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "Ken") || !strings.Contains(b.String(), "refused") {
		t.Errorf("the log says %s", b.String())
	}
}

// TestNoticeThatCanBeAnswered: it bears the name by which its answer is known, says
// how to answer, and a confirmation goes on in the exchange of the answer.
func TestNoticeThatCanBeAnswered(t *testing.T) {
	t.Parallel()
	s := &server{receipt: mailer.Receipt{Outcome: mailer.Accepted}}
	m, n := mailTo(s), notice()
	m.Name = func(key string) string { return "<" + strings.Repeat(key, 3) + "@example.org>" }
	n.Key, n.About = "n1", &scheduler.About{Key: "acme/onsite/thank-you/ken@acme.example", Answers: []mailer.AnswerWord{mailer.AnswerOK, mailer.AnswerSkip}}
	for _, thread := range [][]string{nil, {"<notice@example.org>", "<answer@phone.example>"}} {
		n.About.Thread = thread
		if err := m.Notify(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		header, body := mailer.Split(s.took[len(s.took)-1].Bytes)
		got := mailer.Parse(header, body)
		if got.ID != "<n1n1n1@example.org>" || !strings.HasSuffix(got.Text, "Answer this mail with: ok, skip or stop (nothing leaves any more).") {
			t.Errorf("the notice is %s and says\n%s", got.ID, got.Text)
		}
		if strings.Join(got.References, " ") != strings.Join(thread, " ") || strings.HasPrefix(got.Subject, "Re: ") != (thread != nil) {
			t.Errorf("in the exchange %v it refers to %v, under %q", thread, got.References, got.Subject)
		}
	}
}
