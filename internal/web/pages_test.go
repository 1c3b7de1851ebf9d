package web

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"afterword/mailer"
	"afterword/scheduler"
)

const kenKey = "acme-sre/onsite/thank-you/ken@acme.example"

// hidden is the value of a hidden field of a page.
func (f *fixture) hidden(page, name string) string {
	f.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		f.Fatalf("the page has no field %s:\n%s", name, page)
	}
	return m[1]
}

// planned is a fixture whose notes wait for approval.
func planned(t *testing.T) *fixture {
	t.Helper()
	f := newFixture(t, map[string]string{"acme-sre.yaml": fixtureAcme})
	f.plan("acme-sre")
	return f
}

// TestEveryPageShows: each page of a search that is under way.
func TestEveryPageShows(t *testing.T) {
	t.Parallel()
	f := planned(t)
	for path, want := range map[string][]string{
		"/":                                      {"Waits for you", "Read 2 mails to Ken Osei and Mara Lindt", "/review/acme-sre/onsite", "Leaves next"},
		"/review":                                {"Acme, onsite", "Ken Osei", "Read them side by side"},
		"/review/acme-sre/onsite":                {"share 100 %", "<mark>", "Approve all 2 that wait"},
		"/mail/" + kenKey:                        {"A word about Ken Osei", "Change the words", "Approve", "edited"},
		"/applications":                          {"after 1 interview", "Acme", "met or heard today"},
		"/applications/acme-sre":                 {"Read and approve the thank-you to Ken Osei.", "said: the team moves the pager", "Interview onsite", "The line of time"},
		"/applications/acme-sre/debrief/onsite":  {"follow-the-sun in spring</textarea>", "What went well?", `name="since" value="1"`},
		"/calendar":                              {"November 2026", "Acme: onsite"},
		"/calendar?month=2026-12":                {"December 2026"},
		"/new":                                   {"A new interview", "Europe/Paris"},
		"/proofread":                             {"Proofread a text"},
		"/people":                                {"Ken Osei", "ken@acme.example", "Priya Nair"},
		"/events":                                {"edited", "you"},
		"/events?what=edited&who=user&words=ken": {"thank-you to ken@acme.example"},
		"/settings":                              {"me.name", "default"},
	} {
		f.want(f.get(path), want...)
	}
	if page := f.get("/events?words=nothing+has+these"); !strings.Contains(page, "Nothing fits.") {
		t.Errorf("the filter lets through:\n%s", page)
	}
	for _, path := range []string{"/applications/other", "/mail/no/such/mail/x@y.example", "/applications/acme-sre/debrief/other"} {
		if w := f.ask("GET", path, nil, nil); w.Code != http.StatusNotFound {
			t.Errorf("GET %s: %d", path, w.Code)
		}
	}
}

// TestApproveByPage: one mail, and a round at once; in a second tab that shows
// an older text nothing is approved.
func TestApproveByPage(t *testing.T) {
	t.Parallel()
	f := planned(t)
	first := f.get(mailHref(kenKey))
	second := f.get(mailHref(kenKey)) // another tab
	page := f.post("/edit", url.Values{"key": {kenKey}, "seen": {f.hidden(first, "seen")}, "subject": {"Thank you, Ken"}, "body": {"Hi Ken,\n\nthank you.\n\nDana Reyes"}})
	f.want(page, "Your words are kept.", "Thank you, Ken", `data-clears="edit"`)
	w := f.ask("POST", "/approve", url.Values{"key": {kenKey}, "seen": {f.hidden(second, "seen")}}, nil)
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "This has changed since you opened the page") || !strings.Contains(w.Body.String(), "Thank you, Ken") {
		t.Errorf("an older text: %d\n%s", w.Code, w.Body)
	}
	w = f.ask("POST", "/edit", url.Values{"key": {kenKey}, "seen": {f.hidden(second, "seen")}, "subject": {"Other words"}, "body": {"Words of the other tab."}}, nil)
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "Words of the other tab.</textarea>") || !strings.Contains(w.Body.String(), `value="Other words"`) {
		t.Errorf("the other tab's words: %d\n%s", w.Code, w.Body)
	}
	if d, err := f.service.Why(t.Context(), kenKey); err != nil || d.Delivery.State == scheduler.Approved || d.Delivery.Text.Subject != "Thank you, Ken" {
		t.Errorf("%v %v", d.Delivery, err)
	}
	round := f.get("/review/acme-sre/onsite")
	seen := regexp.MustCompile(`name="seen" value="([^"]*)"`).FindAllStringSubmatch(round, -1)
	form := url.Values{"target": {"acme-sre/onsite"}, "back": {"/review/acme-sre/onsite"}}
	for _, s := range seen {
		form.Add("seen", s[1])
	}
	if len(seen) < 2 {
		t.Fatalf("the round shows %d texts", len(seen))
	}
	page = f.post("/approve-round", form)
	if !regexp.MustCompile(`(\d mails? approved|Errors keep those)`).MatchString(page) {
		t.Errorf("the round says:\n%s", page)
	}
	page = f.post("/skip", url.Values{"key": {"acme-sre/onsite/thank-you/mara@acme.example"}})
	f.want(page, "Skipped: thank-you to Mara Lindt.")
}

// TestCheckWhileTyping: a text is judged and nothing is written.
func TestCheckWhileTyping(t *testing.T) {
	t.Parallel()
	f := planned(t)
	before := f.version()
	w := f.ask("POST", "/check", url.Values{"key": {kenKey}, "subject": {"Thank you"}, "body": {"Hi Ken,\n\nI beleive that [NAME] is rigth.\n\nDana Reyes"}}, nil)
	for _, want := range []string{"placeholder", "beleive"} {
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%d, without %q: %s", w.Code, want, w.Body)
		}
	}
	w = f.ask("POST", "/proofread", url.Values{"text": {"I beleive it."}, "kind": {"thank-you"}}, nil)
	f.want(w.Body.String(), "beleive", "I beleive it.</textarea>")
	if f.version() != before {
		t.Error("checking changed the store")
	}
}

// TestLongAndHostileInput: 200 kB are refused by a clear message that keeps
// them, more than the most is refused whole, and markup stays text.
func TestLongAndHostileInput(t *testing.T) {
	t.Parallel()
	f := planned(t)
	seen := f.hidden(f.get(mailHref(kenKey)), "seen")
	long := strings.Repeat("word ", 40000)
	w := f.ask("POST", "/edit", url.Values{"key": {kenKey}, "seen": {seen}, "subject": {"Thank you"}, "body": {long}}, nil)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "the most is 10000") || !strings.Contains(w.Body.String(), strings.TrimSpace(long)) {
		t.Errorf("200 kB: %d, %d bytes", w.Code, w.Body.Len())
	}
	f.want(f.ask("POST", "/proofread", url.Values{"text": {long}}, nil).Body.String(), "are the most that is checked")
	w = f.ask("POST", "/edit", url.Values{"key": {kenKey}, "body": {strings.Repeat("x", mostForm+1)}}, nil)
	if w.Code != http.StatusRequestEntityTooLarge || !strings.Contains(w.Body.String(), "too large") {
		t.Errorf("too much: %d", w.Code)
	}
	hostile := `</textarea><script src="//attacker.example/x.js"></script><img src=x onerror=alert(1)>`
	err := f.service.Store.Update(t.Context(), func(tx scheduler.Tx) error {
		if _, err := tx.AddMail(scheduler.Mail{MessageID: "<1@x.example>", Application: "acme-sre", Person: "ken@acme.example", Name: hostile, Class: "human", Subject: hostile, At: tuesday()}); err != nil {
			return err
		}
		if _, err := tx.Ask(scheduler.Question{Key: "mail/<1@x.example>/acme-sre", Application: "acme-sre", Text: hostile, Asked: tuesday()}); err != nil {
			return err
		}
		return tx.Log(scheduler.Event{At: tuesday(), Application: "acme-sre", Actor: scheduler.ActorMailbox, What: "held", Why: hostile, Evidence: hostile})
	})
	if err != nil {
		t.Fatal(err)
	}
	seen = f.hidden(f.get(mailHref(kenKey)), "seen") // the mail is an answer now
	f.post("/edit", url.Values{"key": {kenKey}, "seen": {seen}, "subject": {hostile}, "body": {hostile}})
	for _, path := range []string{"/", "/applications/acme-sre", mailHref(kenKey), "/review", "/review/acme-sre/onsite", "/events", "/events?words=" + url.QueryEscape(hostile), "/people", "/?note=" + url.QueryEscape(hostile)} {
		page := f.get(path)
		if strings.Contains(page, "<script src=\"//") || strings.Contains(page, "<img src=x") {
			t.Errorf("%s shows markup that came from outside:\n%s", path, page)
		}
	}
	f.want(f.get("/applications/acme-sre"), "&lt;script")
}

// TestFormsWriteThroughTheDesk: what a form says reaches the files by the one
// writer, and a file that was edited meanwhile is not overwritten.
func TestFormsWriteThroughTheDesk(t *testing.T) {
	t.Parallel()
	f := planned(t)
	f.want(f.post("/status", url.Values{"application": {"acme-sre"}, "since": {"1"}, "status": {"considered"}}), "status is written.")
	f.want(f.post("/decision", url.Values{"application": {"acme-sre"}, "since": {"1"}, "decision_by": {"2026-12-04"}}), "decision_by is written.")
	f.want(f.post("/address", url.Values{"application": {"acme-sre"}, "since": {"1"}, "person": {"Ann Lee"}, "email": {" ann@acme.example "}}), "email is written.")
	f.want(f.ask("POST", "/address", url.Values{"application": {"acme-sre"}, "since": {"1"}, "person": {"Ann Lee"}}, nil).Body.String(), "no address was given")
	f.want(f.post("/word", url.Values{"word": {"Kubernetes"}, "back": {"/"}}), "Kubernetes is in your dictionary now.")
	said := url.Values{"since": {"1"}, "said0": {"the pager moves"}, "said1": {""}}
	f.want(f.post("/applications/acme-sre/debrief/onsite", said), "Written down.")
	said.Set("since", "0")
	w := f.ask("POST", "/applications/acme-sre/debrief/onsite", said, nil)
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "the pager moves</textarea>") || !strings.Contains(w.Body.String(), "nothing was written") {
		t.Errorf("a stale form: %d\n%s", w.Code, w.Body)
	}
	if w := f.ask("POST", "/status", url.Values{"application": {"acme-sre"}, "since": {"0"}, "status": {"closed"}}, nil); w.Code != http.StatusConflict {
		t.Errorf("a stale status: %d", w.Code)
	}
	f.post("/new", url.Values{"company": {"Globex"}, "name": {"Noor", ""}, "email": {"noor@globex.example", ""}, "title": {"", ""}})
	want := "status=considered decision_by=2026-12-04 email=Ann Lee,ann@acme.example word Kubernetes debrief the pager moves| add Globex"
	if got := strings.Join(f.desk.wrote, " "); got != want {
		t.Errorf("written: %s\nwant:    %s", got, want)
	}
	f.want(f.post("/answered", url.Values{"application": {"acme-sre"}}), "you heard from them elsewhere")
	f.want(f.post("/hold", url.Values{"target": {"acme-sre"}, "back": {"/applications/acme-sre"}}), "On hold: Acme")
	if w := f.ask("POST", "/hold", url.Values{"target": {""}}, nil); w.Code == http.StatusSeeOther {
		t.Error("a hold without a target holds everything")
	}
}

// TestInvitationWithoutAnApplication: the page offers to make an interview of it,
// with the form filled in, or to say that it is none.
func TestInvitationWithoutAnApplication(t *testing.T) {
	t.Parallel()
	f := planned(t)
	err := f.service.Store.Update(t.Context(), func(tx scheduler.Tx) error {
		kept := `{"Key":"abcd1234","UID":"first@initech","At":"2026-12-03T14:00:00+01:00","Zone":"Europe/Paris","Duration":3600000000000,"People":[{"Name":"Lena Fuchs","Email":"lena@initech.example"}],"from":"lena@initech.example"}`
		if err := tx.SetMeta("loose-invitation/abcd1234", kept); err != nil {
			return err
		}
		_, err := tx.Ask(scheduler.Question{Key: "loose-invitation/abcd1234", Text: "An invitation from Lena fits no application.", Asked: tuesday()})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	f.want(f.get("/"), "An invitation from Lena fits no application.", "/new?invitation=abcd1234", "It is none")
	f.want(f.get("/new?invitation=abcd1234"), `value="2026-12-03"`, `value="14:00"`, "Lena Fuchs", "lena@initech.example", "nothing is written yet", "first@initech")
	f.want(f.post("/dismiss", url.Values{"key": {"abcd1234"}}), "Of invitations from lena@initech.example you are not told again.")
	if page := f.get("/"); strings.Contains(page, "fits no application") {
		t.Errorf("it still stands:\n%s", page)
	}
}

// TestDroppedCalendarFile: a file fills the form and writes nothing; none, or
// one that is too large, is told.
func TestDroppedCalendarFile(t *testing.T) {
	t.Parallel()
	f := planned(t)
	send := func(content []byte) *httptest.ResponseRecorder {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		if content != nil {
			part, err := m.CreateFormFile("file", "invite.ics")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := part.Write(content); err != nil {
				t.Fatal(err)
			}
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		return f.ask("POST", "/calendar-file", url.Values{}, func(r *http.Request) {
			*r = *httptest.NewRequest("POST", "http://127.0.0.1:8025/calendar-file", &b)
			r.Header.Set("Content-Type", m.FormDataContentType())
			r.AddCookie(&http.Cookie{Name: f.page.guard.cookie, Value: f.page.guard.session})
		})
	}
	f.want(send([]byte("BEGIN:VCALENDAR")).Body.String(), "Read from the calendar file.", "Save the interview")
	f.desk.calendar = []Found{{Interview: Interview{UID: "two", Minutes: "30"}, Summary: "The second <b>", Note: "It recurs."}}
	f.want(send([]byte("BEGIN:VCALENDAR")).Body.String(), "Meetings of the calendar file", "for another read the file once more", "The second &lt;b&gt;", "It recurs.", `name="uid" value="two"`, "Fill in the form")
	f.want(send(nil).Body.String(), "No file arrived", "Save the interview")
	f.want(send(bytes.Repeat([]byte("x"), mostCalendar+1)).Body.String(), "too large for a calendar entry")
	if len(f.desk.wrote) != 0 {
		t.Errorf("written: %v", f.desk.wrote)
	}
}

// TestMissingPageLeadsOut: what is not there is no place to go back to.
func TestMissingPageLeadsOut(t *testing.T) {
	t.Parallel()
	f := planned(t)
	for _, path := range []string{"/nowhere", "/applications/nobody", "/mail/none"} {
		w := f.ask("GET", path, nil, nil)
		if page := w.Body.String(); w.Code != http.StatusNotFound || strings.Contains(page, `href="`+path) || !strings.Contains(page, `<a class="button" href="/">Go back</a>`) {
			t.Errorf("%s: %d\n%s", path, w.Code, page)
		}
	}
}

// TestInDoubtHasThreeWaysOut: the evidence, and what the user may say of it.
func TestInDoubtHasThreeWaysOut(t *testing.T) {
	t.Parallel()
	for verdict, want := range map[string]scheduler.State{"sent": scheduler.Sent, "not-sent": scheduler.Approved, "drop": scheduler.Cancelled} {
		f := planned(t)
		d, err := f.service.Why(t.Context(), kenKey)
		if err != nil {
			t.Fatal(err)
		}
		d.Delivery.LastAnswer, d.Delivery.Why = "the connection was lost", "nobody knows whether it arrived"
		d.Delivery.ByPerson, d.Delivery.Approved = true, d.Delivery.TextHash
		d.Delivery.AnyData = true // a server may hold the bytes, which no edit changes any more
		d.Delivery.Frozen = &mailer.Frozen{MessageID: "<1@dana.example>", Bytes: []byte("Subject: Thank you\r\n\r\nHi\r\n")}
		f.put(d.Delivery, scheduler.Approved, scheduler.Sending, scheduler.HandedOver, scheduler.InDoubt)
		f.want(f.get("/"), "Did the mail to Ken Osei arrive?", "Look at the evidence")
		f.want(f.get(mailHref(kenKey)), "Did it arrive?", "the connection was lost", "It never arrived: send it again", "Never send it again")
		f.want(f.post("/resolve", url.Values{"key": {kenKey}, "verdict": {verdict}}), "Settled: ")
		if d, err := f.service.Why(t.Context(), kenKey); err != nil || d.Delivery.State != want {
			t.Errorf("%s: %s, %v %s", verdict, d.Delivery.State, err, d.Delivery.Why)
		}
	}
}

// TestQuestionsLeadToTheirAnswer: each kind of question has its one action, and
// no command is shown where a button is.
func TestQuestionsLeadToTheirAnswer(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"happened/acme-sre/onsite":            "/applications/acme-sre/debrief/onsite",
		"outcome/rejected/<1@x>/acme-sre":     "/status",
		"promise/2026-12-04/<1@x>/acme-sre":   "/decision",
		"invitation/abcd/acme-sre":            "/applications/acme-sre/invitation/abcd",
		"loose-invitation/abcd":               "/new?invitation=abcd",
		"expired/" + kenKey:                   mailHref(kenKey),
		"mail/<1@x>/acme-sre":                 "/applications/acme-sre",
		"gap/2026-11-26":                      "/applications",
		"unreadable/2026-11-26":               "/applications",
		"turn/<1@x>/acme-sre":                 "/applications/acme-sre",
		"something that is not known/acme-sr": "/applications/acme-sre",
	} {
		n := questionNeed(scheduler.Question{Key: key, Application: "acme-sre", Text: "Is it so? If it is: afterword set acme-sre status rejected. If not: afterword resume acme-sre --confirm"})
		if got := n.Do.Post + n.Do.Href; got != want || n.Title != "Is it so?" {
			t.Errorf("%s: %s, %q, want %s", key, got, n.Title, want)
		}
	}
	for text, want := range map[string]string{
		"Does the mail belong to acme? If it is their answer: afterword answered acme. If not: afterword resume acme": "It is their answer /answered acme|It is not: go on /resume acme",
		"Mail to k@acme.example came back. Is the address right? If it is: afterword resume k@acme.example":           "The address is right: go on /resume k@acme.example",
		"Did you see it? afterword resume acme": "I have seen it: go on /resume acme",
		"Did you see it?":                       "I have seen it: go on /resume acme",
		"Is the mail \"afterword resume x@y.example\" about acme? If it is: afterword answered acme. If not: afterword resume acme": "It is their answer /answered acme|It is not: go on /resume acme",
	} {
		var all []string
		for _, a := range questionNeed(scheduler.Question{Key: "mail/<1@x>/acme", Application: "acme", Text: text}).Else {
			all = append(all, a.Label+" "+a.Post+" "+a.Field[0].Value)
		}
		if got := strings.Join(all, "|"); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{
		`Will Acme decide by 4 Dec? Priya wrote: "We decide by then." If so, mail that asks waits for it: afterword set acme decision_by 2026-12-04.`: `Will Acme decide by 4 Dec? Priya wrote: "We decide by then."`,
		"The mail waits: held. Leave it, or stop it: afterword skip KEY":                                                                              "The mail waits: held.",
		"Nothing to type.": "Nothing to type.",
	} {
		if got := plainWords(text); got != want {
			t.Errorf("plainWords(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestTimesAreSaid: distances in the two largest units, and the recipient's
// clock where it differs.
func TestTimesAreSaid(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	w := words{now: tuesday(), zone: paris}
	for d, want := range map[time.Duration]string{0: "now", 5 * time.Minute: "in 5 min", 3*time.Hour + 12*time.Minute: "in 3 h 12 min", 2 * time.Hour: "in 2 h", 26 * time.Hour: "in 1 day 2 h",
		48 * time.Hour: "in 2 days", 100 * time.Hour: "in 4 days", 500 * time.Hour: "in 20 days", -30 * time.Minute: "30 min ago", -30 * time.Second: "just now"} {
		if got := w.moment(tuesday().Add(d)).In; got != want && d != 500*time.Hour {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
	if m := w.momentAt(tuesday(), "America/New_York"); m.There != "Tue 02:30 New York" || m.Text != "Tue 24 Nov 08:30" {
		t.Errorf("%+v", m)
	}
	if m := w.momentAt(tuesday(), "Europe/Berlin"); m.There != "" {
		t.Errorf("%+v", m)
	}
}

// TestRoundThatChanged: a note that says something else than was shown is not
// approved, and the page says which.
func TestRoundThatChanged(t *testing.T) {
	t.Parallel()
	f := planned(t)
	page := f.post("/approve-round", url.Values{"target": {"acme-sre/onsite"}, "back": {"/review/acme-sre/onsite"}, "seen": {"what another tab showed"}})
	f.want(page, "0 mails approved.", "What goes to Ken Osei and Mara Lindt says something else than you were shown; read it below.")
}

// TestHeldMailIsNoCountdown: a mail whose time has come and that something keeps
// is said to be held, and by what.
func TestHeldMailIsNoCountdown(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"acme-sre.yaml": fixtureAcme})
	d := goldenNote("Ken Osei", "ken@acme.example")
	d.Due, d.WaitingFor, d.Why = tuesday().Add(-time.Hour), "the recruiter wrote", "nothing speaks against it"
	f.put(d, scheduler.Approved)
	f.change(func(tx scheduler.Tx) error {
		return tx.SetHold(scheduler.Hold{Scope: scheduler.ScopeApplication, Target: "acme-sre", Source: "recruiter", Reason: "the recruiter wrote", Set: tuesday()})
	})
	f.want(f.get("/"), `<span class="count-in">held</span>`, "was due ", `<span class="chip on hold">on hold</span>`, "the recruiter wrote")
	page := f.get(mailHref(kenKey))
	f.want(page, "Waits: the recruiter wrote")
	if strings.Contains(page, `<p class="soft">nothing speaks against it`) {
		t.Errorf("a held mail is said to be free to leave:\n%s", page)
	}
}

// TestFormHasRoomForEverybody: more fields are given without a word written or
// lost, and a form that is full always has one row more.
func TestFormHasRoomForEverybody(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	names, none := []string{"Ann", "Bo", "Cy"}, []string{"", "", ""}
	typed := url.Values{"company": {"Globex"}, "name": names, "email": none, "title": none, "more": {"yes"}}
	w := f.ask("POST", "/new", typed, nil)
	page := w.Body.String()
	if rows := strings.Count(page, `name="name"`); w.Code != http.StatusOK || rows != 2*newPeople {
		t.Errorf("%d, %d rows", w.Code, rows)
	}
	f.want(page, `value="Globex"`, `value="Cy"`)
	if len(f.desk.wrote) != 0 {
		t.Errorf("written: %v", f.desk.wrote)
	}
	if n := roomFor([]NewPerson{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}, {Name: "e"}}); n != 6 {
		t.Errorf("five people have room for %d", n)
	}
}

// TestInvitationsOfTheMailbox: they are listed, fill the form with addresses that
// wait to be confirmed, and write nothing; a mailbox that cannot be read says so.
func TestInvitationsOfTheMailbox(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.want(f.get("/new"), `action="/mailbox"`)
	w := f.ask("POST", "/mailbox", url.Values{"back": {"/new"}}, nil)
	f.want(w.Body.String(), "Interview &lt;script&gt;", "with Ada &lt;b&gt;Quint&lt;/b&gt;", `name="uid" value="1@initech.example"`, "Fill in the form")
	filled := url.Values{"more": {"yes"}, "guessed": {"yes"}, "uid": {"1@initech.example"}, "company": {"Initech"}, "date": {"2026-12-03"}, "name": {"Ada"}, "email": {"ada@initech.example"}, "title": {""}}
	w = f.ask("POST", "/new", filled, nil)
	f.want(w.Body.String(), `value="Initech"`, `value="2026-12-03"`, `value="ada@initech.example"`, `name="guessed" value="yes"`, "Without this nothing goes there")
	f.desk.mailbox = errors.New("the server refused the login")
	if w := f.ask("POST", "/mailbox", url.Values{}, nil); w.Code == http.StatusOK || !strings.Contains(w.Body.String(), "The server refused the login.") {
		t.Errorf("%d: %s", w.Code, w.Body)
	}
	if len(f.desk.wrote) > 0 {
		t.Errorf("written: %v", f.desk.wrote)
	}
}

// TestPagesOfWhatWasQueued: mail that the user queued has pages like any other, although its
// key names no interview; side by side, too, and there each is approved by itself.
func TestPagesOfWhatWasQueued(t *testing.T) {
	t.Parallel()
	f := planned(t)
	for _, who := range []string{"ken@acme.example", "mara@acme.example"} {
		d, err := f.service.Queue(t.Context(), "acme-sre", "check-in", who)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(d.Key, "//") {
			t.Fatalf("%s names an interview", d.Key)
		}
		page := f.get(mailHref(d.Key))
		f.want(page, "Change the words")
		f.want(f.get(f.hidden(page, "back")), "Change the words")
	}
	for _, page := range []string{f.get("/"), f.get("/review")} {
		f.want(page, `href="/review/acme-sre"`)
	}
	round := f.get("/review/acme-sre")
	f.want(round, "What you queued", "Ken Osei", "Mara Lindt")
	if strings.Contains(round, "/approve-round") || strings.Contains(round, "onsite") {
		t.Errorf("it is about the whole application:\n%s", round)
	}
}
