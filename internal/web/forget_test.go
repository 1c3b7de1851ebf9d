package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"afterword/mailer"
	"afterword/scheduler"
)

// fixtureGlobex shares its recruiter with Acme.
const fixtureGlobex = `company: Globex
role: Engineer
recruiter: {name: Priya Nair, email: priya@acme.example}
`

// TestForgetting: the page says what goes and what stays, asks once more, and
// does nothing without that answer, nor on what was shown before an edit.
func TestForgetting(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"acme-sre.yaml": fixtureAcme, "globex.yaml": fixtureGlobex})
	f.want(f.get("/applications/acme-sre"), `href="/applications/acme-sre/forget"`)
	f.want(f.get("/people"), `href="/applications/acme-sre/forget"`, `href="/applications/globex/forget"`)
	page := f.get("/applications/acme-sre/forget")
	f.want(page, "Forget Acme?", "acme-sre.yaml", "what is known of Ken Osei, Mara Lindt", "Priya Nair: another application knows them", "Forget Acme for good", "Keep it")
	answer := url.Values{"application": {"acme-sre"}, "since": {f.hidden(page, "since")}, "confirm": {"yes"}}
	for name, change := range map[string]struct {
		field, value string
		want         int
	}{"not confirmed": {"confirm", "", http.StatusUnprocessableEntity}, "edited meanwhile": {"since", "0", http.StatusConflict}} {
		form := url.Values{}
		for k, v := range answer {
			form[k] = v
		}
		form.Set(change.field, change.value)
		if w := f.ask("POST", "/forget", form, nil); w.Code != change.want || len(f.desk.wrote) > 0 {
			t.Errorf("%s: %d, %v\n%s", name, w.Code, f.desk.wrote, w.Body)
		}
	}
	for name, change := range map[string]func(*http.Request){
		"foreign origin": func(r *http.Request) { r.Header.Set("Origin", "https://attacker.example") },
		"no cookie":      func(r *http.Request) { r.Header.Del("Cookie") },
	} {
		if w := f.ask("POST", "/forget", answer, change); w.Code < 400 || len(f.desk.wrote) > 0 {
			t.Errorf("%s: %d, %v", name, w.Code, f.desk.wrote)
		}
	}
	f.want(f.post("/forget", answer), "acme-sre is forgotten.")
	if !slices.Equal(f.desk.wrote, []string{"forget acme-sre"}) {
		t.Errorf("done: %v", f.desk.wrote)
	}
}

// TestForgettingWaitsForDoubt: what may have left is settled first; there is no
// button until then.
func TestForgettingWaitsForDoubt(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"acme-sre.yaml": fixtureAcme})
	f.put(scheduler.Delivery{Key: "acme-sre/onsite/thank-you/ken@acme.example", Application: "acme-sre", Company: "Acme", Interview: "onsite", Step: "thank-you", Kind: scheduler.Owed, To: scheduler.Recipient{Name: "Ken Osei", Email: "ken@acme.example"}, Template: "thank-you",
		Frozen: &mailer.Frozen{MessageID: "<1@example.org>", From: "dana@example.org", To: "ken@acme.example", Bytes: []byte("x")}},
		scheduler.Approved, scheduler.Sending, scheduler.HandedOver, scheduler.InDoubt)
	page := f.get("/applications/acme-sre/forget")
	f.want(page, "Did the mail to Ken Osei arrive?", "Look at the evidence")
	if strings.Contains(page, "for good") {
		t.Errorf("the button is there all the same:\n%s", page)
	}
}

// TestForgettingAPerson: while an application of theirs is open the page says why
// not; then what goes and what stays, and it asks once more.
func TestForgettingAPerson(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"acme-sre.yaml": fixtureAcme})
	page := f.get("/people")
	f.want(page, `href="/people/forget?who=ken%40acme.example"`, "Forget Ken Osei…")
	page = f.get("/people/forget?who=ken@acme.example")
	f.want(page, "Forget Ken Osei?", "is still open")
	if strings.Contains(page, "for good") {
		t.Errorf("the button is there all the same:\n%s", page)
	}
	f = newFixture(t, map[string]string{"acme-sre.yaml": "status: closed\n" + fixtureAcme})
	page = f.get("/people/forget?who=ken@acme.example")
	f.want(page, "Forget Ken Osei for good", "Keep them", "This stays")
	answer := url.Values{"who": {f.hidden(page, "who")}}
	if w := f.ask("POST", "/forget-person", answer, nil); w.Code != http.StatusUnprocessableEntity || len(f.desk.wrote) > 0 {
		t.Errorf("not confirmed: %d, %v", w.Code, f.desk.wrote)
	}
	answer.Set("confirm", "yes")
	f.want(f.post("/forget-person", answer), "Forgotten.")
	if !slices.Equal(f.desk.wrote, []string{"forget person ken@acme.example"}) {
		t.Errorf("done: %v", f.desk.wrote)
	}
	if w := f.ask("GET", "/people/forget?who=nobody@acme.example", nil, nil); w.Code != http.StatusNotFound {
		t.Errorf("whom nobody knows: %d", w.Code)
	}
}

// TestForgettingUnderEveryAddress: who stands in two files under two addresses is one person on
// that page as well: the application that is open keeps the button away.
func TestForgettingUnderEveryAddress(t *testing.T) {
	t.Parallel()
	globex := "company: Globex\nrole: Engineer\nstatus: closed\nrecruiter: {name: Ken Osei, email: ken@osei.example, aliases: [ken@acme.example]}\n"
	f := newFixture(t, map[string]string{"acme-sre.yaml": fixtureAcme, "globex.yaml": globex})
	page := f.get("/people/forget?who=ken@osei.example")
	f.want(page, "Acme", "is still open")
	if strings.Contains(page, "for good") {
		t.Errorf("the button is there all the same:\n%s", page)
	}
}
