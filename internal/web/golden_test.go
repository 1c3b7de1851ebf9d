package web

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"afterword/mailer"
	"afterword/scheduler"
)

var update = flag.Bool("update", false, "write the golden pages anew")

// ofThisState is the mark of a state, which differs from run to run as the folder does.
var ofThisState = regexp.MustCompile(`/live\?seen=\d+-[0-9a-f]{16}`)

// golden compares a page with the one in testdata/golden, which is read in a
// browser when it changes. The folder of the profile differs from run to run.
func (f *fixture) golden(name, path string) {
	f.Helper()
	got := ofThisState.ReplaceAllString(strings.ReplaceAll(f.get(path), f.dir, "/home/dana/search"), "/live?seen=")
	file := filepath.Join("testdata", "golden", name+".html")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			f.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		f.Fatal(err)
	}
	if got == string(want) {
		return
	}
	f.Errorf("%s differs from %s; if it should, run the test with -update\n%s", path, file, firstDifference(got, string(want)))
}

// firstDifference is the first line of two texts that differs.
func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for n := range min(len(g), len(w)) {
		if g[n] != w[n] {
			return "got:  " + g[n] + "\nwant: " + w[n]
		}
	}
	return "one is longer than the other"
}

// change commits something that the daemon would have written.
func (f *fixture) change(do func(scheduler.Tx) error) {
	f.Helper()
	if err := f.service.Store.Update(f.Context(), do); err != nil {
		f.Fatal(err)
	}
}

// goldenNote is a mail of the fixture's panel in the making.
func goldenNote(name, email string) scheduler.Delivery {
	due := tuesday().Add(2 * time.Hour)
	return scheduler.Delivery{Key: scheduler.Key("acme-sre", "onsite", "thank-you", email), Application: "acme-sre", Company: "Acme", Interview: "onsite", Step: "thank-you", Kind: scheduler.Owed,
		To: scheduler.Recipient{Name: name, Email: email}, Template: "thank-you", Began: tuesday().Add(-17 * time.Hour), Zone: "Europe/Paris", Due: due, Slot: due, FirstDue: due,
		Reason: "8 h after the interview's end", Why: "review: always",
		Text:   scheduler.Text{Subject: "Thank you for Monday", Body: "Hi " + name + ",\n\nthank you for your time on Monday.\n\nDana Reyes"},
		Frozen: &mailer.Frozen{MessageID: "<1." + email + ">", From: "dana@example.org", To: email, Bytes: []byte("Subject: Thank you for Monday\r\n\r\nHi\r\n")}}
}

// trouble has everything in it that may wait for the user.
func trouble(t *testing.T) *fixture {
	f := newFixture(t, map[string]string{"acme-sre.yaml": fixtureAcme, "globex.yaml": fixtureGlobex, "initech.yaml": "company: Initech\nrole: [\n"})
	doubted := goldenNote("Ken Osei", "ken@acme.example")
	doubted.Why = "the server may or may not have taken it; nobody resends it but you"
	f.put(doubted, scheduler.Approved, scheduler.Sending, scheduler.HandedOver, scheduler.InDoubt)
	refused := goldenNote("Mara Lindt", "mara@acme.example")
	refused.LastAnswer = "550 5.1.1 no such user"
	f.put(refused, scheduler.Approved, scheduler.Sending, scheduler.Refused)
	late := goldenNote("Priya Nair", "priya@acme.example")
	f.put(late, scheduler.Review)
	f.change(func(tx scheduler.Tx) error {
		if _, err := tx.Ask(scheduler.Question{Key: "happened/acme-sre/onsite", Application: "acme-sre", Text: "Did the interview onsite at Acme take place? afterword debrief acme-sre"}); err != nil {
			return err
		}
		return tx.SetHold(scheduler.Hold{Scope: scheduler.ScopePerson, Target: "ken@acme.example", Source: "absence", Reason: "out of office until Friday", Set: tuesday(), Until: tuesday().Add(72 * time.Hour)})
	})
	return f
}

// TestGoldenPages pins every state of the main pages, word by word.
func TestGoldenPages(t *testing.T) {
	t.Parallel()
	newFixture(t, nil).golden("today-empty", "/")

	f := planned(t)
	f.golden("today", "/")
	f.golden("application", "/applications/acme-sre")
	f.golden("applications", "/applications")
	f.golden("review", "/review")
	f.golden("round", "/review/acme-sre/onsite")
	f.golden("mail", "/mail/"+kenKey)
	f.golden("settings", "/settings")
	f.golden("forget", "/applications/acme-sre/forget")
	if _, err := f.service.Hold(t.Context(), "", time.Time{}, "you paused everything"); err != nil {
		t.Fatal(err)
	}
	f.golden("today-paused", "/")

	f = trouble(t)
	f.golden("today-full", "/")
	f.golden("doubt", "/mail/"+kenKey)
	f.golden("application-doubt", "/applications/acme-sre")
	f.golden("application-broken", "/applications/initech")
	f.golden("forget-doubt", "/applications/acme-sre/forget")
	f.change(func(tx scheduler.Tx) error {
		if err := tx.SetMeta("smtp.state", "the server refused the login"); err != nil {
			return err
		}
		return tx.SetMeta("imap.state", "the server refused the login")
	})
	f.golden("today-mailbox-down", "/")
	f.golden("settings-mailbox-down", "/settings")
}
