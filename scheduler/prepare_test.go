package scheduler

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// draft prepares Ken's thank-you at a time in Paris.
func draft(t *testing.T, f Facts, w Writers, d Delivery, at string) Delivery {
	t.Helper()
	w.prepare(&f, &d, paris(at))
	return d
}

func thanks(t *testing.T, f Facts) Delivery {
	t.Helper()
	return planned(t, f, monday(), "thank-you")
}

// TestTextExistsADayAhead, and not before; asking mail early enough to be shown.
func TestTextExistsADayAhead(t *testing.T) {
	t.Parallel()
	f, w := acme(onsite(person("Ken"))), Writers{Renderer: scribe{}, Proofreader: scribe{}}
	d := thanks(t, f)
	if got := draft(t, f, w, d, "2026-11-23 09:29"); got.State != Planned || got.TextHash != "" {
		t.Errorf("more than a day ahead it is %s", got.State)
	}
	if got := draft(t, f, w, d, "2026-11-23 15:00"); got.State != Approved || got.Text.Body == "" || got.Approved != got.TextHash {
		t.Errorf("a day ahead it is %s with %q", got.State, got.Text.Body)
	}
	f = afterThanks(func(f *Facts) { f.Policy.Announce = 72 * time.Hour })
	d = planned(t, f, paris("2026-11-25 08:00"), "follow-up-1")
	if got := draft(t, f, w, d, "2026-11-28 09:00"); got.State != Approved {
		t.Errorf("73 hours ahead of a mail that is shown 72 hours ahead it is %s", got.State)
	}
}

// TestApprovalBindsTheText: facts that change the text ask again, facts that do
// not change it leave the approval alone.
func TestApprovalBindsTheText(t *testing.T) {
	t.Parallel()
	f, w := acme(onsite(person("Ken"))), Writers{Renderer: scribe{}, Proofreader: scribe{}}
	f.Policy.Review = ReviewAlways
	d := draft(t, f, w, thanks(t, f), "2026-11-23 16:00")
	if d.State != Review {
		t.Fatalf("under review: always it is %s", d.State)
	}
	d.State, d.ByPerson, d.Approved, d.Despite = Approved, true, d.TextHash, []string{"length"}
	if got := draft(t, f, w, d, "2026-11-23 17:00"); got.State != Approved || len(got.Despite) != 1 {
		t.Errorf("nothing changed, and it is %s despite %v", got.State, got.Despite)
	}
	f.Application.Interviews[0].Interviewers[0].Notes = "private"
	if got := draft(t, f, w, d, "2026-11-23 17:00"); got.State != Approved {
		t.Errorf("a private note changed, and it is %s", got.State)
	}
	f.Application.Interviews[0].Interviewers[0].Said = "the pager moves"
	got := draft(t, f, w, d, "2026-11-23 17:00")
	if got.State != Review || got.ByPerson || got.Approved != "" || got.Despite != nil || !strings.Contains(got.Why, "the text changed since you approved it") {
		t.Errorf("the text changed, and it is %s, approved %q despite %v: %s", got.State, got.Approved, got.Despite, got.Why)
	}
}

// TestAnotherTextAsksAgain: whoever approved a text has not approved another one. That it would
// have left without them does not count, unless no mail at all is to wait for them; what
// they queued always does.
func TestAnotherTextAsksAgain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		review ReviewMode
		queued bool
		want   State
	}{
		{ReviewFlagged, false, Review}, {ReviewAlways, false, Review}, {ReviewNever, false, Approved},
		{ReviewFlagged, true, Review}, {ReviewNever, true, Review},
	} {
		f, w := acme(onsite(person("Ken"))), Writers{Renderer: scribe{}, Proofreader: scribe{}}
		f.Policy.Review = c.review
		d := draft(t, f, w, thanks(t, f), "2026-11-23 16:00")
		if c.queued {
			d.Interview = ""
		}
		d.State, d.ByPerson, d.Approved = Approved, true, d.TextHash
		f.Application.Interviews[0].Interviewers[0].Said = "the pager moves"
		for range 2 { // and it stays so
			d = draft(t, f, w, d, "2026-11-23 17:00")
			if d.State != c.want || (c.want == Review) != (d.Why == approvedOther) {
				t.Errorf("under %s, queued %v, it is %s: %s", c.review, c.queued, d.State, d.Why)
			}
		}
		if c.queued {
			continue // the files do not want it
		}
		d = draft(t, f, w, revive(cancel(d, CauseUnwanted, "its file was gone").Delivery, thanks(t, f)).Delivery, "2026-11-23 17:00")
		if d.State != c.want {
			t.Errorf("wanted again under %s it is %s: %s", c.review, d.State, d.Why)
		}
	}
}

// TestHashBinds To, subject, body and thread.
func TestHashBinds(t *testing.T) {
	t.Parallel()
	to, text := Recipient{Name: "Ken", Email: "ken@acme.example"}, Text{Subject: "s", Body: "b", Thread: Thread{InReplyTo: "<1>"}}
	base := TextHash(to, text)
	if base != TextHash(Recipient{Name: "Ken", Email: "KEN@acme.example"}, text) {
		t.Error("the case of an address changes the hash")
	}
	for name, changed := range map[string]string{
		"address": TextHash(Recipient{Name: "Ken", Email: "mara@acme.example"}, text),
		"name":    TextHash(Recipient{Name: "Mara", Email: "ken@acme.example"}, text),
		"subject": TextHash(to, Text{Subject: "S", Body: "b", Thread: text.Thread}),
		"body":    TextHash(to, Text{Subject: "s", Body: "B", Thread: text.Thread}),
		"thread":  TextHash(to, Text{Subject: "s", Body: "b", Thread: Thread{InReplyTo: "<2>"}}),
		"border":  TextHash(to, Text{Subject: "sb", Body: "", Thread: text.Thread}),
	} {
		if changed == base {
			t.Errorf("another %s has the same hash", name)
		}
	}
}

// TestFindingsDecide: errors always wait, warnings but for `never`; a code that
// the user lifted by name does not count.
func TestFindingsDecide(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		severity Severity
		mode     ReviewMode
		despite  string
		want     State
	}{
		{Error, ReviewNever, "", Review}, {Error, ReviewFlagged, "", Review}, {Error, ReviewFlagged, "spelling", Approved},
		{Warning, ReviewFlagged, "", Review}, {Warning, ReviewNever, "", Approved}, {Warning, ReviewFlagged, "spelling", Approved},
		{Warning, ReviewFlagged, "grammar", Review}, {Hint, ReviewFlagged, "", Approved}, {Hint, ReviewAlways, "", Review},
	} {
		f, w := acme(onsite(person("Ken"))), Writers{Renderer: scribe{}, Proofreader: scribe{findings: []Finding{{Code: "spelling", Severity: c.severity}}}}
		f.Policy.Review = c.mode
		d := thanks(t, f)
		d.Despite = []string{c.despite}
		if got := draft(t, f, w, d, "2026-11-23 16:00"); got.State != c.want {
			t.Errorf("a finding of severity %s under %s despite %q: %s (%s), want %s", c.severity, c.mode, c.despite, got.State, got.Why, c.want)
		}
	}
}

// TestReviewSaysWhy a mail waits that only a person may approve.
func TestReviewSaysWhy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*Facts, *Delivery)
		at     string
		want   string
	}{
		{"personal", func(_ *Facts, d *Delivery) { d.Personal = "Ken wrote first" }, "2026-11-23 16:00", "Ken wrote first"},
		{"not yet", func(f *Facts, _ *Delivery) { f.Application.Interviews[0].Status = InterviewPlanned }, "2026-11-23 12:00", "the interview has not taken place yet"},
		{"unknown", func(f *Facts, _ *Delivery) { f.Application.Interviews[0].Status = InterviewPlanned }, "2026-11-23 16:00",
			"it is not known whether the interview took place; if it did: afterword set acme status held, or note what was said: afterword debrief acme"},
		{"unknown of two", func(f *Facts, _ *Delivery) {
			f.Application.Interviews[0].Status = InterviewPlanned
			f.Application.Interviews = append(f.Application.Interviews, Interview{ID: "call", At: f.Application.Interviews[0].At.AddDate(0, 0, -9), Zone: f.Application.Interviews[0].Zone, Status: InterviewHeld})
		}, "2026-11-23 16:00", "it is not known whether the interview took place; if it did: afterword set acme 'interviews[onsite].status' held, or note what was said: afterword debrief acme --round onsite"},
		{"always", func(f *Facts, _ *Delivery) { f.Policy.Review = ReviewAlways }, "2026-11-23 16:00", "you want to see every mail first"},
	} {
		f, w := acme(onsite(person("Ken"))), Writers{Renderer: scribe{}, Proofreader: scribe{}}
		d := thanks(t, f)
		c.change(&f, &d)
		if got := draft(t, f, w, d, c.at); got.State != Review || got.Why != c.want {
			t.Errorf("%s: %s because %q, want review because %q", c.name, got.State, got.Why, c.want)
		}
	}
}

// TestNoEditAfterData: once the server may hold the bytes no edit changes them.
func TestNoEditAfterData(t *testing.T) {
	t.Parallel()
	f, w := acme(onsite(person("Ken"))), Writers{Renderer: scribe{}, Proofreader: scribe{}}
	d := draft(t, f, w, thanks(t, f), "2026-11-23 16:00")
	d.AnyData = true
	f.Application.Interviews[0].Interviewers[0].Said = "the pager moves"
	if got := draft(t, f, w, d, "2026-11-24 09:30"); got.TextHash != d.TextHash || got.State != Approved {
		t.Errorf("after DATA the text became %q, %s", got.Text.Body, got.State)
	}
}

// TestPlannedAnewAfterData: one that was cancelled after a server may have had
// its bytes, and is wanted again, goes on with them: it does not wait for a text.
func TestPlannedAnewAfterData(t *testing.T) {
	t.Parallel()
	f, w := acme(onsite(person("Ken"))), Writers{Renderer: scribe{}, Proofreader: scribe{}}
	d := draft(t, f, w, thanks(t, f), "2026-11-23 16:00")
	d.AnyData = true
	anew := revive(cancel(d, CauseClosed, "closed by mistake").Delivery, thanks(t, f)).Delivery
	if got := draft(t, f, w, anew, "2026-11-23 17:00"); got.State != Approved || got.Approved != d.TextHash || got.Text.Body != d.Text.Body {
		t.Errorf("wanted again it is %s with %q", got.State, got.Text.Body)
	}
	f.Policy.Review = ReviewAlways
	if got := draft(t, f, w, anew, "2026-11-23 17:00"); got.State != Review {
		t.Errorf("wanted again it is %s although every mail is to be read first", got.State)
	}
}

// silent is a renderer whose template does not work.
type silent struct{ scribe }

func (silent) Render(RenderInput) (Text, error) {
	return Text{}, errors.New("rendering thank-you: line 3: no such field")
}

// TestBrokenTemplateWaits with its words as a finding.
func TestBrokenTemplateWaits(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken")))
	got := draft(t, f, Writers{Renderer: silent{}, Proofreader: scribe{}}, thanks(t, f), "2026-11-23 16:00")
	if got.State != Review || len(got.Findings) != 1 || !strings.Contains(got.Findings[0].Text, "line 3") {
		t.Errorf("with a broken template it is %s: %+v", got.State, got.Findings)
	}
}

// TestThreads: a mail continues the newest exchange, with one "Re:" in the place of the
// marks that programs of any language have put there. A number of theirs is no mark.
func TestThreads(t *testing.T) {
	t.Parallel()
	for subject, want := range map[string]string{
		"Re: RE: Our talk":     "Re: Our talk",
		"RE : Notre entretien": "Re: Notre entretien",
		"AW [2]: WG: Gespräch": "Re: Gespräch",
		"Odp: Rozmowa":         "Re: Rozmowa",
		"Ref: 2026-14":         "Re: Ref: 2026-14",
	} {
		f, w := afterThanks(func(f *Facts) {
			f.Mails[0].Subject, f.Mails[0].MessageID = subject, "<thanks@example.org>"
			f.Mails[0].References = []string{"<first@acme.example>"}
		}), Writers{Renderer: scribe{}, Proofreader: scribe{}}
		text, _, err := w.Draft(&f, planned(t, f, paris("2026-11-24 12:00"), "follow-up-1"), paris("2026-11-30 12:00"))
		if err != nil {
			t.Fatal(err)
		}
		if text.Subject != want || text.Thread.InReplyTo != "<thanks@example.org>" || strings.Join(text.Thread.References, " ") != "<first@acme.example> <thanks@example.org>" {
			t.Errorf("%q: it continues %+v with the subject %q, want %q", subject, text.Thread, text.Subject, want)
		}
	}
}

// TestCrashKeepsTheBytes: nobody knows how far a claim had come when the program
// ended, so that an edit must not change what the server may hold.
func TestCrashKeepsTheBytes(t *testing.T) {
	t.Parallel()
	m := newMemory()
	d := Delivery{Key: "k", State: Planned}
	for _, d.State = range []State{Planned, Approved, Sending} {
		if err := m.Put(d, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := recoverClaims(m, monday()); err != nil {
		t.Fatal(err)
	}
	if got := m.get("k"); got.State != Approved || !got.AnyData {
		t.Errorf("after a crash it is %s, and may be changed: %v", got.State, !got.AnyData)
	}
}
