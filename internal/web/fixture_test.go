package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"afterword/internal/clock"
	"afterword/internal/config"
	"afterword/internal/store/sqlite"
	"afterword/scheduler"
	"afterword/templates"
	"afterword/templates/proofread"
)

// fixture is the page over a profile of its own: real files, a real store, the
// real templates and checks, and a clock that stands still.
type fixture struct {
	*testing.T
	dir     string
	page    *Page
	handler http.Handler
	service *scheduler.Service
	clock   *stillClock
	desk    *fakeDesk
}

// stillClock stands still.
type stillClock struct {
	clock.Running
	at time.Time
}

func (c *stillClock) Now() time.Time { return c.at }

// tuesday is the time of the fixture: the morning after the interviews.
func tuesday() time.Time { return time.Date(2026, 11, 24, 7, 30, 0, 0, time.UTC) }

const fixtureConfig = `me: {name: Dana Reyes, email: dana@example.org, timezone: Europe/Paris}
account:
  username: dana@example.org
  password: {file: password}
  smtp: {host: 127.0.0.1, port: 465, security: insecure}
  imap: {host: 127.0.0.1, port: 993, security: insecure}
sending: {review: always}
`

const fixtureAcme = `company: Acme
role: Site Reliability Engineer
domains: [acme.example]
recruiter: {name: Priya Nair, email: priya@acme.example}
interviews:
  - id: onsite
    at: 2026-11-23 14:00
    timezone: Europe/Paris
    duration: 1h
    kind: panel
    status: held
    interviewers:
      - {name: Ken Osei, email: ken@acme.example, title: Staff Engineer, lead: true, said: "the team moves the pager to follow-the-sun in spring"}
      - {name: Mara Lindt, email: mara@acme.example, title: Engineering Manager, said: "every new engineer ships to production in the first week"}
`

// kindFiles reads files with the kinds of their templates, as the program does.
type kindFiles struct {
	files *config.Files
	set   *templates.Set
}

func (k kindFiles) Read() (scheduler.Policy, []scheduler.Application, error) {
	policy, apps, err := k.files.Read()
	sequences := maps.Clone(policy.Sequences)
	for name, steps := range sequences {
		steps = slices.Clone(steps)
		for n := range steps {
			if steps[n].Kind, err = k.set.Kind(steps[n].Template); err != nil {
				return policy, nil, err
			}
		}
		sequences[name] = steps
	}
	policy.Sequences = sequences
	return policy, apps, err
}

// newFixture lays out a profile with these interview files.
func newFixture(t testing.TB, interviews map[string]string) *fixture {
	t.Helper()
	dir := t.TempDir()
	f := &fixture{dir: dir, clock: &stillClock{at: tuesday()}}
	if tt, ok := t.(*testing.T); ok {
		f.T = tt
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.MkdirAll(filepath.Join(dir, "interviews"), 0o700))
	must(os.WriteFile(filepath.Join(dir, "config.yaml"), []byte(fixtureConfig), 0o600))
	for name, text := range interviews {
		must(os.WriteFile(filepath.Join(dir, "interviews", name), []byte(text), 0o600))
	}
	c, err := config.Load(filepath.Join(dir, "config.yaml"), f.clock.Now())
	must(err)
	set, err := templates.Load(c.TemplatesDir)
	must(err)
	store, err := sqlite.Open(context.Background(), c.StatePath)
	must(err)
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	files := kindFiles{config.NewFiles(c, f.clock.Now), set}
	f.service = &scheduler.Service{Store: store, Files: files, Clock: f.clock, Lasting: true, Writers: scheduler.Writers{Renderer: set, Proofreader: proofread.New()}}
	f.desk = &fakeDesk{zone: c.Policy.Me.Zone}
	f.page, err = New(Config{Listen: "127.0.0.1:8025", Service: f.service, Desk: f.desk, Pulse: &clock.Running{}, Log: slog.New(slog.DiscardHandler)})
	must(err)
	f.handler = f.page.Handler()
	return f
}

// fakeDesk stands for the program around the page.
type fakeDesk struct {
	zone    *time.Location
	state   string
	wrote   []string
	mailbox error // of reading it
	// calendar is what a calendar file holds.
	calendar []Found
}

func (d *fakeDesk) Zone() *time.Location                 { return d.zone }
func (d *fakeDesk) FilesState() string                   { return d.state }
func (d *fakeDesk) Advice(state, protocol string) string { return "look at account." + protocol }
func (d *fakeDesk) Broken() []string                     { return nil }

// Mail shows a mail as its text says it.
func (d *fakeDesk) Mail(v scheduler.Preview) Mail {
	to := v.Delivery.To
	return Mail{From: "Dana Reyes <dana@example.org>", To: to.Name + " <" + to.Email + ">", Subject: v.Text.Subject, Body: v.Text.Body, Findings: v.Findings}
}

func (d *fakeDesk) Revision(string) string { return "1" }
func (d *fakeDesk) Set(_, since, key string, values ...string) (string, error) {
	if since != "" && since != "1" {
		return "", ErrStale
	}
	d.wrote = append(d.wrote, key+"="+strings.Join(values, ","))
	return key + " is written.", nil
}
func (d *fakeDesk) Debrief(_, _, since string, told Debrief) error {
	if since != "1" {
		return ErrStale
	}
	d.wrote = append(d.wrote, "debrief "+strings.Join(told.Said, "|"))
	return nil
}
func (d *fakeDesk) TakeInvitation(context.Context, scheduler.Invitation, string) (string, error) {
	return "round-2", nil
}
func (d *fakeDesk) ReadCalendar([]byte) ([]Found, string, error) {
	return append([]Found{{}}, d.calendar...), "", nil
}
func (d *fakeDesk) FromMailbox(context.Context) ([]Found, error) {
	n := Interview{Company: "Initech", Date: "2026-12-03", Time: "14:00", Zone: "Europe/Paris", Minutes: "45", UID: "1@initech.example", Guessed: true, People: []NewPerson{{Name: "Ada <b>Quint</b>", Email: "ada@initech.example"}}}
	return []Found{{Interview: n, Summary: "Interview <script>", At: tuesday().Add(220 * time.Hour)}}, d.mailbox
}
func (d *fakeDesk) Add(n Interview, _ string) (string, string, error) {
	d.wrote = append(d.wrote, "add "+n.Company)
	return "acme-sre", "onsite", nil
}
func (d *fakeDesk) Proofread(text string, kind scheduler.Kind, language string) []scheduler.Finding {
	return proofread.New().Text(text, kind, language)
}
func (d *fakeDesk) AddWord(word string) error {
	d.wrote = append(d.wrote, "word "+word)
	return nil
}
func (d *fakeDesk) Forget(_ context.Context, stem, since string) (string, error) {
	if since != "1" {
		return "", ErrStale
	}
	d.wrote = append(d.wrote, "forget "+stem)
	return stem + " is forgotten.", nil
}
func (d *fakeDesk) ForgetPerson(_ context.Context, who string) (string, error) {
	d.wrote = append(d.wrote, "forget person "+who)
	return "Forgotten.", nil
}
func (d *fakeDesk) Settings() []Setting {
	return []Setting{{"me.name", "Dana Reyes", 2}, {"sending.review", "always", 0}}
}

// plan lets the daemon's part of the work be done: what the files want is
// planned, rendered and laid before the user.
func (f *fixture) plan(stem string) {
	f.Helper()
	items, _, err := f.service.Plan(f.Context(), f.clock.Now())
	if err != nil {
		f.Fatal(err)
	}
	for _, i := range items {
		if i.Application == stem {
			if _, err := f.service.Edit(f.Context(), i.Key, "A word about "+i.To.Name, "Hi "+i.To.Name+",\n\nthank you for your time.\n\nDana Reyes"); err != nil {
				f.Fatal(err)
			}
		}
	}
}

// ask sends a request with the cookie, unless change takes it away.
func (f *fixture) ask(method, path string, form url.Values, change func(*http.Request)) *httptest.ResponseRecorder {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, "http://127.0.0.1:8025"+path, body)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "http://127.0.0.1:8025")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	r.AddCookie(&http.Cookie{Name: f.page.guard.cookie, Value: f.page.guard.session})
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	f.handler.ServeHTTP(w, r)
	return w
}

// get is a page as it is shown.
func (f *fixture) get(path string) string {
	f.Helper()
	w := f.ask("GET", path, nil, nil)
	if w.Code != http.StatusOK {
		f.Fatalf("GET %s: %d\n%s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

// post does a change and follows where it leads.
func (f *fixture) post(path string, form url.Values) string {
	f.Helper()
	w := f.ask("POST", path, form, nil)
	if w.Code != http.StatusSeeOther {
		f.Fatalf("POST %s %v: %d\n%s", path, form, w.Code, w.Body)
	}
	return f.get(w.Header().Get("Location"))
}

// want checks that a page says something.
func (f *fixture) want(page string, all ...string) {
	f.Helper()
	for _, text := range all {
		if !strings.Contains(page, text) {
			f.Errorf("the page does not say %q:\n%s", text, page)
		}
	}
}

// put stores a delivery by the moves that lead to its state.
func (f *fixture) put(d scheduler.Delivery, path ...scheduler.State) {
	f.Helper()
	err := f.service.Store.Update(f.Context(), func(tx scheduler.Tx) error {
		for _, s := range append([]scheduler.State{scheduler.Planned}, path...) {
			d.State = s
			if err := tx.Put(d, time.Time{}); err != nil {
				return fmt.Errorf("to %s: %w", s, err)
			}
		}
		return nil
	})
	if err != nil {
		f.Fatal(err)
	}
}
