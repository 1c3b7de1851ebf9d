package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"afterword/internal/store/sqlite"
	"afterword/mailer"
	"afterword/scheduler"
)

// The search of the benchmark: so many applications and mails. Of four mails
// one is still to leave, as after months of a search.
const (
	benchApplications = 200
	benchDeliveries   = 2000
)

// longSearch is a page over such a search.
func longSearch(t testing.TB) *fixture {
	files := map[string]string{}
	for n := range benchApplications {
		files[fmt.Sprintf("company-%03d.yaml", n)] = strings.NewReplacer("Acme", fmt.Sprintf("Company %03d", n), "acme", fmt.Sprintf("company-%03d", n)).Replace(fixtureAcme)
	}
	f := newFixture(t, files)
	body := strings.Repeat("Thank you for the time that you took on Monday, and for the tour of the team.\n\n", 15)
	err := f.service.Store.Update(context.Background(), func(tx scheduler.Tx) error {
		for n := range benchDeliveries {
			stem := fmt.Sprintf("company-%03d", n%benchApplications)
			email := fmt.Sprintf("person-%d@%s.example", n, stem)
			due := tuesday().Add(time.Duration(n) * time.Hour)
			d := scheduler.Delivery{Key: scheduler.Key(stem, "onsite", "thank-you", email), Application: stem, Company: stem, Interview: "onsite", Step: "thank-you", Kind: scheduler.Owed,
				To: scheduler.Recipient{Name: fmt.Sprintf("Person %d", n), Email: email}, Template: "thank-you", Began: tuesday(), Zone: "Europe/Paris", Due: due, Slot: due, FirstDue: due,
				Reason: "8h after the interview, the next slot", Text: scheduler.Text{Subject: "Thank you", Body: body}}
			path := []scheduler.State{scheduler.Planned}
			if n%4 > 0 {
				path = append(path, scheduler.Approved, scheduler.Sending, scheduler.HandedOver, scheduler.Sent)
			}
			for _, d.State = range path {
				if d.State == scheduler.Sending {
					d.Frozen = &mailer.Frozen{MessageID: "<" + email + ">", From: "dana@example.org", To: email, Bytes: []byte(body + body)}
				}
				if err := tx.Put(d, time.Time{}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// BenchmarkToday is the server's part of a paint of Today in a long search: the
// first one, before which only the daemon has read the files, that after a commit, and that while nothing
// happens. The floor is the same page in a search of one application and no mail.
func BenchmarkToday(b *testing.B) {
	f := longSearch(b)
	paint := func(b *testing.B, f *fixture) {
		r := httptest.NewRequest("GET", "http://127.0.0.1:8025/", nil)
		r.AddCookie(&http.Cookie{Name: f.page.guard.cookie, Value: f.page.guard.session})
		w := httptest.NewRecorder()
		f.handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			store, err := sqlite.Open(b.Context(), filepath.Join(f.dir, "afterword.db")) // one that has read nothing either
			if err == nil {
				_, err = store.Version(b.Context()) // the daemon's connections are open
			}
			if err == nil {
				err = store.View(b.Context(), func(scheduler.Reader) error { return nil })
			}
			if err != nil {
				b.Fatal(err)
			}
			f.page.Service = &scheduler.Service{Store: store, Files: f.service.Files, Clock: f.clock, Lasting: true}
			b.StartTimer()
			paint(b, f)
			b.StopTimer()
			if err := store.Close(); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
		f.page.Service = f.service
	})
	b.Run("after-a-commit", func(b *testing.B) {
		n := 0
		for b.Loop() {
			b.StopTimer()
			n++
			if err := f.service.Store.Update(b.Context(), func(tx scheduler.Tx) error { return tx.SetMeta("bench", fmt.Sprint(n)) }); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			paint(b, f)
		}
	})
	b.Run("again", func(b *testing.B) {
		for b.Loop() {
			paint(b, f)
		}
	})
	b.Run("floor", func(b *testing.B) {
		small := newFixture(b, map[string]string{"acme-sre.yaml": fixtureAcme})
		for b.Loop() {
			paint(b, small)
		}
	})
}
