package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"afterword/scheduler"
)

// The search of the benchmark: so many applications and mails.
const (
	benchApplications = 200
	benchDeliveries   = 2000
)

// BenchmarkToday is the server's part of the first paint of Today in a long
// search. Its floor is what reading files and store alone takes.
func BenchmarkToday(b *testing.B) {
	files := map[string]string{}
	for n := range benchApplications {
		files[fmt.Sprintf("company-%03d.yaml", n)] = strings.NewReplacer("Acme", fmt.Sprintf("Company %03d", n), "acme", fmt.Sprintf("company-%03d", n)).Replace(fixtureAcme)
	}
	f := newFixture(b, files)
	err := f.service.Store.Update(context.Background(), func(tx scheduler.Tx) error {
		for n := range benchDeliveries {
			stem := fmt.Sprintf("company-%03d", n%benchApplications)
			email := fmt.Sprintf("person-%d@%s.example", n, stem)
			due := tuesday().Add(time.Duration(n) * time.Hour)
			d := scheduler.Delivery{Key: scheduler.Key(stem, "onsite", "thank-you", email), Application: stem, Company: stem, Interview: "onsite", Step: "thank-you", Kind: scheduler.Owed,
				To: scheduler.Recipient{Name: fmt.Sprintf("Person %d", n), Email: email}, Template: "thank-you", State: scheduler.Planned, Began: tuesday(), Zone: "Europe/Paris", Due: due, Slot: due, FirstDue: due}
			if err := tx.Put(d, time.Time{}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("page", func(b *testing.B) {
		for b.Loop() {
			r := httptest.NewRequest("GET", "http://127.0.0.1:8025/", nil)
			r.AddCookie(&http.Cookie{Name: f.page.guard.cookie, Value: f.page.guard.session})
			w := httptest.NewRecorder()
			f.handler.ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				b.Fatal(w.Code)
			}
		}
	})
	b.Run("floor", func(b *testing.B) {
		for b.Loop() {
			if _, err := f.service.Status(context.Background()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
