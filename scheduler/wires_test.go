package scheduler

import (
	"errors"
	"strings"
	"testing"
	"time"

	"afterword/mailer"
)

// TestRemedyOfARefusedLogin: who logs in by a grant has no password to correct.
func TestRemedyOfARefusedLogin(t *testing.T) {
	t.Parallel()
	d := &Daemon{Login: []string{"afterword init --login", ""}, Called: []string{"dana@example.org", "the watched account old"}}
	for _, c := range []struct {
		of         refusal
		says, lest string
	}{
		{refusal{account: 0, protocol: "SMTP"}, "log in anew: afterword init --login", "password"},
		{refusal{account: 0, protocol: "IMAP", gone: true}, "log in anew: afterword init --login", "password"},
		{refusal{account: 1, protocol: "IMAP"}, "correct its password", "log in anew"},
	} {
		if got := d.reason(c.of); !strings.Contains(got, c.says) || strings.Contains(got, c.lest) {
			t.Errorf("%+v: %q", c.of, got)
		}
	}
}

// TestRefusalOfOurOwnAddress: what was said of the sender sends nobody to look for another
// address of the reader.
func TestRefusalOfOurOwnAddress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		phase mailer.Phase
		code  int
		words string
		ours  bool
	}{
		{mailer.PhaseMail, 553, "not yours", true},
		{mailer.PhaseRcpt, 553, "<dana@example.org>: Sender address rejected: not owned by dana", true},
		{mailer.PhaseDot, 550, "Client may not send as this sender", true},
		{mailer.PhaseDot, 554, "SendAsDenied; dana@example.org", true},
		{mailer.PhaseMail, 552, "too large", false},
		{mailer.PhaseRcpt, 550, "no such user", false},
		{mailer.PhaseRcpt, 550, "Recipient address rejected: the sender is unknown here", false},
		{mailer.PhaseDot, 554, "looks like spam; the sender should ask his provider", false},
	} {
		d := Delivery{LastAnswer: answer(mailer.Receipt{Outcome: mailer.Refused, Phase: c.phase, Code: c.code, Words: c.words})}
		if ours := !strings.Contains(d.AfterRefusal(), "afterword set"); ours != c.ours || !d.Answered() {
			t.Errorf("%s %d %s: %q", c.phase, c.code, c.words, d.AfterRefusal())
		}
	}
	local := Delivery{LastAnswer: answer(mailer.Receipt{Outcome: mailer.Refused, Phase: mailer.PhaseMail, Err: errors.New("no SMTPUTF8")})}
	if !strings.Contains(local.AfterRefusal(), "another address of theirs") {
		t.Errorf("a mail that was never offered: %q", local.AfterRefusal())
	}
}

// TestLimitThatPassesIsWaitedForADay: a 4xx may pass in minutes, and one that speaks of
// what the account may send is not given up while the limit may last.
func TestLimitThatPassesIsWaitedForADay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code    int
		limited bool
		first   time.Duration
		tries   int
	}{{450, false, time.Minute, 5}, {450, true, time.Minute, 24}, {550, true, time.Hour, 24}, {0, false, time.Minute, 5}} {
		r, waits := mailer.Receipt{Code: c.code, Limited: c.limited}, 0
		first, _ := retryPause(1, r)
		for again := true; again; {
			if _, again = retryPause(waits+1, r); again {
				waits++
			}
		}
		if first != c.first || waits != c.tries {
			t.Errorf("%+v: first %s, tried %d times more", c, first, waits)
		}
	}
}

// TestMailboxThatCannotBeReadForLong: the user hears of it although no mail is due, for
// answers may lie there; once a day, and not of an hour's outage.
func TestMailboxThatCannotBeReadForLong(t *testing.T) {
	t.Parallel()
	s := newMemory()
	d, _ := shutAccounts(t, s, "1")
	told := func(looks int) int {
		for range looks {
			end := lookEnd{count: newTally(nil, time.Time{}, ""), err: errors.New("the certificate has expired"), logins: d.world.Policy.Logins}
			if err := d.noteLook(t.Context(), end); err != nil {
				t.Fatal(err)
			}
		}
		notices, err := s.Notices(false)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range notices {
			if !strings.Contains(n.Text, "the certificate has expired") || strings.Contains(n.Text, "Mail is due") {
				t.Errorf("told %q", n.Text)
			}
		}
		return len(notices)
	}
	if n := told(20); n != 0 {
		t.Errorf("told %d times after an hour or so", n)
	}
	if n := told(int(unreadableLong / (longestPause * 3 / 4))); n != 1 {
		t.Errorf("told %d times after half a day", n)
	}
}

// TestCopyThatIsRefused: a server that takes no copy is asked for a day, and then the user
// is told. What passes by itself gives no copy up.
func TestCopyThatIsRefused(t *testing.T) {
	t.Parallel()
	full := errors.New("server answers NO [OVERQUOTA] full")
	for _, c := range []struct {
		after  time.Duration
		cause  error
		gaveUp bool
	}{{time.Hour, full, false}, {30 * time.Hour, full, true}, {30 * time.Hour, mailer.ErrConnectionLost, false}, {30 * time.Hour, mailer.ErrServerBusy, false}} {
		s := newMemory()
		d, _ := shutAccounts(t, s, "1")
		x := Delivery{Key: "acme/onsite/thank-you/ken@acme.example", To: Recipient{Name: "Ken"}, SentAt: d.Clock.Now().Add(-c.after)}
		err := s.Update(t.Context(), func(tx Tx) error { return wantCopy(tx, x.Key) })
		if err == nil {
			err = d.copyRefused(t.Context(), x, c.cause)
		}
		if err != nil {
			t.Fatal(err)
		}
		wanted, err := copyWanted(s, x.Key)
		told, err2 := s.Notices(false)
		if err != nil || err2 != nil || wanted == c.gaveUp || (len(told) == 1) != c.gaveUp {
			t.Errorf("%v after %s: wanted %v, told %+v", c.cause, c.after, wanted, told)
		}
	}
}

// TestLoginThatIsAskedForLate: a server that wants another login only when a mail is begun
// is told in its own words.
func TestLoginThatIsAskedForLate(t *testing.T) {
	t.Parallel()
	s := newMemory()
	d, _ := shutAccounts(t, s, "1")
	d.sendingWith = loginOf(d.world.Policy.Logins, 0)
	r := mailer.Receipt{Outcome: mailer.Deferred, Phase: mailer.PhaseMail, Code: 530, Words: "log in first", AuthRefused: true}
	if err := d.noteServer(t.Context(), r, d.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	told, err := s.Notices(false)
	if err != nil || len(told) != 1 || !strings.Contains(told[0].Text, "530 log in first") {
		t.Errorf("told %+v, %v", told, err)
	}
	if state, err := s.Meta(metaSMTP); err != nil || state != "530 log in first" {
		t.Errorf("the server is said to be %q, %v", state, err)
	}
}
