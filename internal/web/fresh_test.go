package web

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"afterword/internal/store/sqlite"
	"afterword/scheduler"
)

// TestTodayIsNeverStale: the page keeps what it read of the store, and yet each
// change shows with the next paint: a commit of another process, an edit of a
// file that keeps its size and time, and what only the passing of time changes.
func TestTodayIsNeverStale(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"acme-sre.yaml": fixtureAcme})
	note := scheduler.Delivery{Key: "acme-sre/onsite/thank-you/ken@acme.example", Application: "acme-sre", Company: "Acme", Interview: "onsite", Step: "thank-you", Kind: scheduler.Owed,
		To: scheduler.Recipient{Name: "Ken Osei", Email: "ken@acme.example"}, Template: "thank-you", Zone: "Europe/Paris", Due: tuesday().Add(3 * time.Hour)}
	f.put(note)
	f.want(f.get("/"), "Ken Osei", "in 3 h")
	f.want(f.get("/"), "Ken Osei", "in 3 h")

	// Another process commits, and after it this one.
	other, err := sqlite.Open(t.Context(), filepath.Join(f.dir, "afterword.db"))
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := func(change func(scheduler.Tx) error) {
		t.Helper()
		if err := other.Update(t.Context(), change); err != nil {
			t.Fatal(err)
		}
	}
	note.To.Name, note.State = "Kenneth Osei", scheduler.Planned
	elsewhere(func(tx scheduler.Tx) error { return tx.Put(note, time.Time{}) })
	f.want(f.get("/"), "Kenneth Osei")
	ends := tuesday().Add(time.Hour)
	elsewhere(func(tx scheduler.Tx) error {
		return tx.SetHold(scheduler.Hold{Scope: scheduler.ScopeApplication, Target: "acme-sre", Source: "user", Reason: "they asked for quiet", Set: tuesday(), Until: ends})
	})
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	f.want(f.get("/"), "They asked for quiet")
	note.To.Name = "Ken Osei-Bonsu"
	f.put(note)
	f.want(f.get("/"), "Ken Osei-Bonsu")

	// Time passes, and nobody commits.
	f.clock.at = ends
	page := f.get("/")
	f.want(page, "in 2 h")
	if strings.Contains(page, "They asked for quiet") {
		t.Error("a hold whose end has come is still shown")
	}
	f.clock.at = note.Due.Add(time.Minute)
	f.want(f.get("/"), "was due", "for your approval") // a note that is to be seen first

	// A file breaks, and keeps its size and its time.
	path := filepath.Join(f.dir, "interviews", "acme-sre.yaml")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(fixtureAcme, "duration: 1h", "duration: xx", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	f.want(f.get("/"), "A file cannot be read", "duration")
}

// TestTodayOfASearchThatIsOver: mails that are over are left out of Today, and
// yet it does not greet a newcomer.
func TestTodayOfASearchThatIsOver(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"acme-sre.yaml": fixtureAcme})
	empty := f.get("/")
	f.put(scheduler.Delivery{Key: "acme-sre/onsite/thank-you/ken@acme.example", Application: "acme-sre", Step: "thank-you", To: scheduler.Recipient{Name: "Ken Osei", Email: "ken@acme.example"}}, scheduler.Cancelled)
	page := f.get("/")
	const greeting = "Nothing is known yet"
	if !strings.Contains(empty, greeting) || strings.Contains(page, greeting) {
		t.Errorf("the first page of a search without and with mails that are over:\n%s\n%s", empty, page)
	}
}
