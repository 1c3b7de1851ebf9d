package scheduler

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// fixed is a clock that stands.
type fixed time.Time

func (c fixed) Now() time.Time                                  { return time.Time(c) }
func (fixed) NewTimer(time.Duration) (<-chan time.Time, func()) { return nil, func() {} }
func (fixed) Hold() func()                                      { return func() {} }

// shelf is the files of the tests.
type shelf struct{ w World }

func (s shelf) Read() (Policy, []Application, error) {
	var all []Application
	for _, a := range s.w.Applications {
		all = append(all, a)
	}
	return s.w.Policy, all, nil
}

// atWork is a user at work: Ken's and Mara's thank-yous exist and wait for approval.
func atWork(t *testing.T, findings ...Finding) (*office, *Service) {
	t.Helper()
	f := acme(onsite(person("Ken"), person("Mara")))
	f.Policy.Review = ReviewAlways
	o := newOffice(t, f)
	o.writers.Proofreader = scribe{findings: findings}
	o.attend("acme", "2026-11-23 16:00")
	return o, &Service{Store: o.store, Files: shelf{o.world}, Writers: o.writers, Clock: fixed(paris("2026-11-23 16:30"))}
}

const kensNote = "acme/onsite/thank-you/ken@acme.example"

// TestEditIsTheMail: the user's words are what leaves, whatever was approved
// before; the exchange that they continue stays.
func TestEditIsTheMail(t *testing.T) {
	t.Parallel()
	o, s := atWork(t)
	if _, err := s.Approve(t.Context(), kensNote, nil); err != nil {
		t.Fatal(err)
	}
	d, err := s.Edit(t.Context(), "thank-you/ken@", "Thanks,  Ken", "Hi Ken,\r\n\r\nmy own words.  \r\n")
	if err != nil {
		t.Fatal(err)
	}
	if d.Text.Subject != "Thanks, Ken" || d.Text.Body != "Hi Ken,\n\nmy own words.\n" {
		t.Errorf("the text is %q, %q", d.Text.Subject, d.Text.Body)
	}
	if d.State != Review || d.ByPerson || d.Approved != "" {
		t.Errorf("edited after approval it is %s, approved %q", d.State, d.Approved)
	}
	if _, err := s.Approve(t.Context(), kensNote, nil); err != nil {
		t.Fatal(err)
	}
	o.attend("acme", "2026-11-23 17:00")
	if d, _ := o.store.Delivery(kensNote); d.State != Approved || d.Text.Subject != "Thanks, Ken" {
		t.Errorf("approved, it is %s with %q", d.State, d.Text.Subject)
	}
}

// TestApprovedButThankedBefore: of two notes to one person only the first leaves,
// and who approves the second is told so at once.
func TestApprovedButThankedBefore(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken"), person("Mara")))
	f.Policy.Review = ReviewAlways
	o := newOffice(t, f)
	other := f.Application
	other.Stem, other.Role = "acme-dev", "Developer"
	other.Interviews = slices.Clone(other.Interviews)
	other.Interviews[0].At = other.Interviews[0].At.Add(time.Hour)
	other.Interviews[0].Interviewers = []Person{person("Ken"), person("Priya")}
	o.world.Applications["acme-dev"] = other
	o.attend("acme", "2026-11-23 17:00")
	o.attend("acme-dev", "2026-11-23 17:00")
	s := &Service{Store: o.store, Files: shelf{o.world}, Writers: o.writers, Clock: fixed(paris("2026-11-24 11:00"))}
	for _, c := range []struct{ key, waits string }{
		{"acme-dev/onsite/thank-you/ken@acme.example", ""},
		{kensNote, "Ken Osei gets the note of acme-dev first, due Tue 24 Nov 09:30 CET, and nobody is thanked twice"},
		{"acme-dev/onsite/thank-you/priya@acme.example", ""},
		{"acme/onsite/thank-you/mara@acme.example", ""},
	} {
		if d, err := s.Approve(t.Context(), c.key, nil); err != nil || d.State != Approved || d.WaitingFor != c.waits {
			t.Errorf("%s is %s and waits %q, want %q (%v)", c.key, d.State, d.WaitingFor, c.waits, err)
		}
	}
}

// TestFactsUnderAnEdit: the text stays the user's when facts change, and the
// mail asks again, saying what changed. Facts that change back ask nothing, and
// an approval takes the facts as they are.
func TestFactsUnderAnEdit(t *testing.T) {
	t.Parallel()
	o, s := atWork(t)
	if _, err := s.Edit(t.Context(), kensNote, "Thanks", "My own words."); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Approve(t.Context(), kensNote, nil); err != nil {
		t.Fatal(err)
	}
	said := func(words string) Delivery {
		a := o.world.Applications["acme"]
		i := a.Interviews[0]
		i.Interviewers = append([]Person{}, i.Interviewers...)
		i.Interviewers[0].Said = words
		a.Interviews = []Interview{i}
		o.world.Applications["acme"] = a
		o.attend("acme", "2026-11-23 18:00")
		d, err := o.store.Delivery(kensNote)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	d := said("the pager moves")
	if d.State != Review || d.Text.Body != "My own words.\n" || !strings.Contains(d.Why, "the facts changed since you edited it") || !strings.Contains(d.Why, "the pager moves") {
		t.Fatalf("after the facts changed it is %s with %q: %s", d.State, d.Text.Body, d.Why)
	}
	if d := said(""); d.Edited.Changed != "" || strings.Contains(d.Why, "the facts changed") {
		t.Errorf("the facts changed back, and it waits: %s", d.Why)
	}
	said("the pager moves")
	s.Files = shelf{o.world}
	if _, err := s.Approve(t.Context(), kensNote, nil); err != nil {
		t.Fatal(err)
	}
	if d := said("the pager moves"); d.State != Approved || d.Text.Body != "My own words.\n" {
		t.Errorf("approved with the new facts it is %s: %s", d.State, d.Why)
	}
}

// TestEditIsRefused where no text is left, where it holds what has no place in
// a mail, where it is too long, and once the server may hold the bytes.
func TestEditIsRefused(t *testing.T) {
	t.Parallel()
	o, s := atWork(t)
	for name, c := range map[string]struct{ subject, body, want string }{
		"empty":         {"Thanks", " \n\t\n", "the text is empty"},
		"no subject":    {" ", "words", "the subject is empty"},
		"right-to-left": {"Thanks", "Hi Ken,\n\nsee \u202egnp.exe", "line 3 holds the character U+202E"},
		"control":       {"Thanks\x07", "words", "the subject holds the character U+0007"},
		"long body":     {"Thanks", strings.Repeat("word ", 3000), "the text has 14999 characters"},
		"long subject":  {strings.Repeat("word ", 100), "words", "the subject has 499 characters"},
	} {
		_, err := s.Edit(t.Context(), kensNote, c.subject, c.body)
		if err == nil || !strings.Contains(err.Error(), c.want) || !errors.Is(err, ErrUser) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if errors.Is(err, ErrEmptied) != (name == "empty") {
			t.Errorf("%s: being empty is told wrongly", name)
		}
	}
	d, err := o.store.Delivery(kensNote)
	if err != nil {
		t.Fatal(err)
	}
	d.AnyData = true
	if err := o.store.Put(d, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Edit(t.Context(), kensNote, "Thanks", "words"); err == nil || !strings.Contains(err.Error(), "was on its way already") {
		t.Errorf("after DATA: %v", err)
	}
}

// TestWholeRound: one word approves all that waits of a round, and what has
// errors keeps waiting.
func TestWholeRound(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"acme", "ACME/onsite", "acme/", "ac", "Ac/onsite"} {
		o, s := atWork(t)
		if is, err := s.NamesRound(target); err != nil || !is {
			t.Errorf("%q names no round: %v", target, err)
		}
		all, err := s.ApproveRound(context.Background(), target)
		if err != nil || len(all) != 2 || all[0].Refused != nil || all[1].Refused != nil {
			t.Fatalf("approving %s: %v, %v", target, all, err)
		}
		if d, _ := o.store.Delivery(kensNote); d.State != Approved || !d.ByPerson {
			t.Errorf("%s: Ken's is %s", target, d.State)
		}
		if _, err := s.ApproveRound(context.Background(), target); err == nil || !strings.Contains(err.Error(), "nothing of acme") {
			t.Errorf("approving %s again: %v", target, err)
		}
	}
	_, s := atWork(t, Finding{Code: "spelling", Severity: Error})
	all, err := s.ApproveRound(context.Background(), "acme")
	if err != nil || len(all) != 2 || all[0].Refused == nil || all[0].Delivery.State != Review {
		t.Errorf("with errors: %v, %v", all, err)
	}
	for _, no := range []string{"acme/phone", "ken", "acme/onsite/thank-you"} {
		if is, err := s.NamesRound(no); err != nil || is {
			t.Errorf("%q names a round: %v", no, err)
		}
	}
}
