package web

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"afterword/scheduler"
)

// mailView is the page of one mail.
type mailView struct {
	Key, Application, Company string
	To, Kind, State           string
	When, Expires, SentAt     moment
	Reason, Waits, Why        string
	Problem                   string // why it cannot be written, "" if it can
	Changed                   string // what the facts have changed under the user's own words
	Mail                      mailText
	Seen                      string // names the text that is shown
	Subject, Body             string // in the form
	Checks                    checks
	CanApprove, CanEdit       bool
	EditOpen                  bool // the form is shown at once
	CanSkip, CanSend          bool
	InDoubt                   bool
	Answer                    string   // of the server at the last attempt
	Lift                      []string // codes of errors that may be lifted by name
	Blocked                   bool     // an error keeps it that nobody lifts
	Others                    []panelLink
	Round                     string // the page of its round, where that has several
	Holds                     []quiet
	Events                    []eventView
	HasEvents                 bool
}

// mailText is a mail as its reader sees it, with the findings at their places.
type mailText struct {
	From, To, Subject, Date string
	Continues               bool
	SubjectSegs             []seg
	SubjectSays             []finding
	Lines                   []line
	Says                    []finding // those of no one place in the text
}

// line is one line of a text.
type line struct {
	N    int
	Segs []seg
	Says []finding
}

// seg is a part of a line; what is marked is spoken of beside it, or shared.
type seg struct {
	Text string
	Mark bool
}

// finding is what the proofreader says.
type finding struct{ Code, Severity, Place, Text string }

// checks are the findings while a text is typed.
type checks struct {
	Says    []finding
	Problem string
	Typed   bool // something was checked
}

// panelLink leads to another note of the panel.
type panelLink struct {
	Name, Href, State string
	Here              bool
}

func (p *Page) mail(r *http.Request, f *frame) (string, error) {
	return p.mailPage(r, f, r.PathValue("key"), nil)
}

// mailPage shows a mail; typed are the words of a form that was not taken.
func (p *Page) mailPage(r *http.Request, f *frame, key string, typed url.Values) (string, error) {
	v, round, err := p.Service.Open(r.Context(), key)
	if err != nil {
		return "", err
	}
	story, err := p.Service.Why(r.Context(), key)
	if err != nil {
		story = scheduler.Story{} // it is planned only so far, and nothing has happened to it
	}
	w := p.words()
	m := p.mailView(w, v, round)
	m.Events = eventViews(w, ofDelivery(story.Events, key))
	m.HasEvents = len(m.Events) > 0
	for n := range m.Events {
		if m.Events[n].Href == mailHref(key) {
			m.Events[n].About = "" // this page
		}
	}
	for _, h := range story.Holds {
		m.Holds = append(m.Holds, quiet{h.What(), sentence(plainWords(h.Reason)), w.moment(h.Until).Text})
	}
	if typed != nil {
		m.Subject, m.Body, m.EditOpen = typed.Get("subject"), typed.Get("body"), true
	}
	f.Title, f.Section, f.Edits, f.Data = kindTitle(v.Delivery)+" to "+personName(v.Delivery), "review", m.CanEdit, m
	if v.Delivery.State != scheduler.Review {
		f.Section = "applications"
	}
	if f.Path == "/" || r.Method == http.MethodPost {
		f.Path = mailHref(key)
	}
	return "mail", nil
}

// ofDelivery are the events of one mail.
func ofDelivery(all []scheduler.Event, key string) []scheduler.Event {
	return slices.DeleteFunc(slices.Clone(all), func(e scheduler.Event) bool { return e.Key != key && e.Key != "" })
}

func (p *Page) mailView(w words, v scheduler.Preview, round []scheduler.Preview) mailView {
	d := v.Delivery
	shown := p.Desk.Mail(v)
	m := mailView{Key: d.Key, Application: d.Application, Company: d.Company, To: personName(d), Kind: kindName(d), State: stateName(d),
		When: w.momentAt(when(d), d.Zone), Expires: w.momentAt(d.Expires, d.Zone), SentAt: w.momentAt(d.SentAt, d.Zone), Reason: d.Reason, Waits: d.WaitingFor, Why: d.Why,
		Problem: v.Problem, Mail: mailTextOf(shown), Seen: scheduler.TextHash(d.To, v.Text), Subject: v.Text.Subject, Body: v.Text.Body,
		InDoubt: d.State == scheduler.InDoubt, Answer: d.LastAnswer,
		CanSkip: d.State.Open() || d.State == scheduler.Refused || d.State == scheduler.Expired, CanSend: d.State.Open() || d.State == scheduler.Refused && d.Answered()}
	if !d.State.Open() && !d.State.InFlight() {
		m.When, m.Expires = moment{}, moment{} // it leaves no more by itself
	}
	if d.WaitingFor != "" && (d.State == scheduler.Approved || strings.Contains(d.WaitingFor, d.Why)) {
		m.Why = "" // it is said already, or what speaks against it was found later
	}
	if m.State == "ready" && d.WaitingFor != "" && m.When.Past {
		m.State = "on hold"
	}
	m.CanEdit = d.State.Open() && !d.AnyData && v.Problem == ""
	m.EditOpen = d.State == scheduler.Review
	m.CanApprove = m.CanEdit && (d.State == scheduler.Review || d.State == scheduler.Planned)
	if d.Edited != nil {
		m.Changed = d.Edited.Changed
	}
	for _, f := range shown.Findings {
		if f.Severity != scheduler.Error {
			continue
		}
		if slices.Contains(scheduler.PromiseCodes(), f.Code) {
			m.Blocked = true
		} else if !slices.Contains(m.Lift, f.Code) {
			m.Lift = append(m.Lift, f.Code)
		}
	}
	if len(round) > 1 {
		m.Round = roundHref(d.Application, d.Interview)
		for _, o := range round {
			m.Others = append(m.Others, panelLink{personName(o.Delivery), mailHref(o.Delivery.Key), stateName(o.Delivery), o.Delivery.Key == d.Key})
		}
	}
	return m
}

// kindTitle is kindName as a title begins.
func kindTitle(d scheduler.Delivery) string {
	k := kindName(d)
	return strings.ToUpper(k[:1]) + k[1:]
}

func findings(all []scheduler.Finding) []finding {
	var fs []finding
	for _, f := range all {
		fs = append(fs, finding{f.Code, string(f.Severity), f.Place, f.Text})
	}
	return fs
}

// mailTextOf puts each finding beside the words that it means.
func mailTextOf(m Mail) mailText {
	t := mailText{From: m.From, To: m.To, Subject: m.Subject, Date: m.Date, Continues: m.Continues}
	lines := strings.Split(strings.TrimRight(m.Body, "\n"), "\n")
	says := make([][]finding, len(lines)+1)
	for _, f := range findings(m.Findings) {
		n, isLine := strings.CutPrefix(f.Place, "line ")
		at, err := strconv.Atoi(n)
		switch {
		case isLine && err == nil && at >= 1 && at <= len(lines):
			says[at] = append(says[at], f)
		case f.Place == "subject":
			t.SubjectSays = append(t.SubjectSays, f)
		default:
			t.Says = append(t.Says, f)
		}
	}
	t.SubjectSegs = marked(m.Subject, t.SubjectSays)
	for n, text := range lines {
		t.Lines = append(t.Lines, line{N: n + 1, Segs: marked(text, says[n+1]), Says: says[n+1]})
	}
	return t
}

// quoted finds the words that a finding names.
var quoted = regexp.MustCompile(`"([^"]+)"`)

// marked marks the words in a line that its findings name.
func marked(text string, says []finding) []seg {
	mark := make([]bool, len(text)+1)
	for _, f := range says {
		for _, q := range quoted.FindAllStringSubmatch(f.Text, -1) {
			if at := strings.Index(text, q[1]); at >= 0 {
				for i := at; i < at+len(q[1]); i++ {
					mark[i] = true
				}
			}
		}
	}
	var segs []seg
	from := 0
	for i := 1; i <= len(text); i++ {
		if i == len(text) || mark[i] != mark[from] {
			segs = append(segs, seg{text[from:i], mark[from]})
			from = i
		}
	}
	return segs
}

func (p *Page) approve(r *http.Request) (done, error) {
	key := r.PostFormValue("key")
	d, err := p.Service.ApproveSeen(r.Context(), key, r.PostFormValue("seen"), r.PostForm["despite"])
	if err != nil {
		return done{}, err
	}
	return done{to: p.nextReview(r, d), note: "Approved: " + kindName(d) + " to " + personName(d) + p.leaves(d), clears: editForm}, nil
}

// editForm is the form in which the words of a mail are changed.
const editForm = "edit"

// leaves says when an approved mail leaves.
func (p *Page) leaves(d scheduler.Delivery) string {
	switch w := p.words(); {
	case d.WaitingFor != "":
		return ", but it waits: " + sentence(d.WaitingFor)
	case !when(d).After(w.now):
		return "; it leaves now if nothing comes in between."
	default:
		return "; it leaves " + w.moment(when(d)).Text + " if nothing comes in between."
	}
}

// nextReview leads to the next note of the round that waits, else to today.
func (p *Page) nextReview(r *http.Request, d scheduler.Delivery) string {
	all, err := p.Service.Round(r.Context(), d.Application, d.Interview)
	if err != nil {
		return "/"
	}
	for _, v := range all {
		if v.Delivery.State == scheduler.Review && v.Delivery.Key != d.Key {
			return mailHref(v.Delivery.Key)
		}
	}
	return "/"
}

func (p *Page) edit(r *http.Request) (done, error) {
	key := r.PostFormValue("key")
	d, err := p.Service.EditSeen(r.Context(), key, r.PostFormValue("seen"), r.PostFormValue("subject"), r.PostFormValue("body"))
	if err != nil {
		return done{}, err
	}
	text := "Your words are kept."
	if d.State == scheduler.Review {
		text += " The mail waits for your approval: " + sentence(d.Why)
	}
	return done{to: mailHref(key), note: text, clears: editForm}, nil
}

// check says what the proofreader would say of what was typed so far.
func (p *Page) check(w http.ResponseWriter, r *http.Request) {
	if err := readForm(r); err != nil {
		p.showPart(w, http.StatusOK, "mail", "checks", checks{Problem: "The text is too long to be checked."})
		return
	}
	c := checks{Typed: true}
	found, err := p.Service.CheckEdit(r.Context(), r.PostFormValue("key"), r.PostFormValue("subject"), r.PostFormValue("body"))
	if err != nil {
		c.Problem = explain(err).Text
	}
	c.Says = findings(found)
	p.showPart(w, http.StatusOK, "mail", "checks", c)
}

func (p *Page) skip(r *http.Request) (done, error) {
	d, err := p.Service.Skip(r.Context(), r.PostFormValue("key"), r.PostFormValue("reason"))
	if err != nil {
		return done{}, err
	}
	return done{to: p.nextReview(r, d), note: "Skipped: " + kindName(d) + " to " + personName(d) + ". It is off the plan for good.", clears: editForm}, nil
}

func (p *Page) sendNow(r *http.Request) (done, error) {
	d, err := p.Service.SendNow(r.Context(), r.PostFormValue("key"))
	if err != nil {
		return done{}, err
	}
	text := "It is due now, and leaves after a last look at the mailbox."
	if d.WaitingFor != "" {
		text = "It is due now, but it waits: " + sentence(d.WaitingFor)
	} else if d.State == scheduler.Review {
		text = "It is due now, but it waits for your approval."
	}
	return done{to: mailHref(d.Key), note: text}, nil
}

func (p *Page) resolve(r *http.Request) (done, error) {
	d, err := p.Service.Resolve(r.Context(), r.PostFormValue("key"), r.PostFormValue("verdict"))
	if err != nil {
		return done{}, err
	}
	return done{to: mailHref(d.Key), note: "Settled: " + sentence(d.Why)}, nil
}

// taking serves a POST of a form with words: what is refused is said above the
// same form, with the words as they were typed.
func (p *Page) taking(do func(r *http.Request) (done, error), show func(r *http.Request, f *frame, typed url.Values) (string, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := readForm(r); err != nil {
			p.fail(w, r, http.StatusRequestEntityTooLarge, "What you sent is too large to be read.", "Go back, where your words still are, and send less at once. Nothing was changed.")
			return
		}
		d, err := do(r)
		if err == nil {
			p.goOn(w, r, d)
			return
		}
		status := statusOf(err)
		f := p.frame(r)
		f.Problem = explain(err)
		if status == http.StatusConflict {
			f.Problem = &problem{"This has changed since you opened the page, so nothing was written.", "What you see now is how it stands; your words are still in the form. Read it again, then save."}
		}
		name, showErr := show(r, &f, r.PostForm)
		if showErr != nil {
			e := explain(err)
			p.fail(w, r, status, e.Text, e.Hint)
			return
		}
		p.show(w, status, name, f)
	}
}

// mailAgain is the page of a mail with what was typed there.
func (p *Page) mailAgain(r *http.Request, f *frame, typed url.Values) (string, error) {
	if !typed.Has("body") {
		typed = nil
	}
	return p.mailPage(r, f, r.PostFormValue("key"), typed)
}
