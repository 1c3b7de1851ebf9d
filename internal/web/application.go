package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"afterword/scheduler"
)

// applicationView is the page of one application.
type applicationView struct {
	Stem, Company, Role, File string
	Status, NextStep          string
	Broken                    string
	Statuses                  []option
	DecisionBy, Since         string
	Needs                     []need
	Holds                     []holdView
	Line                      []lineEvent
	People                    []personView
	Rounds                    []roundLine
	Over                      bool
	Templates                 []option
	OwnPause                  bool
}

// holdView is a hold of an application, with the button that ends it.
type holdView struct{ What, Reason, Until, Target string }

// lineEvent is one entry of the line of time.
type lineEvent struct {
	at                  time.Time
	Kind                string // interview | sent | planned | came | noted | off
	At                  moment
	Title, Detail, Href string
	Then                string // why at that time
	Ahead               bool
}

// personView is somebody of an application.
type personView struct {
	N                        int
	Name, Email, Title, Role string
	Said                     []string
	Notes, Skip              string
	Guessed                  bool
}

// roundLine is one interview with what can be done about it.
type roundLine struct {
	ID, Kind, Status string
	When             moment
	With             string
	Debrief, Review  string // pages, "" where there is nothing to do
	Told             bool   // it has a debrief
}

func (p *Page) application(r *http.Request, f *frame) (string, error) {
	return p.applicationPage(r, f, r.PathValue("stem"))
}

func (p *Page) applicationPage(r *http.Request, f *frame, stem string) (string, error) {
	o, err := p.Service.Dossier(r.Context(), stem)
	if err != nil {
		return "", err
	}
	w := p.words()
	a := o.Application
	v := applicationView{Stem: stem, Company: cmp.Or(a.Company, companyOf(o), stem), Role: a.Role, File: a.File, Broken: a.Broken, Status: string(a.Status), Over: a.Status.Over(), Since: p.Desk.Revision(stem), OwnPause: a.Status == scheduler.StatusPaused}
	for _, s := range []scheduler.Status{scheduler.StatusActive, scheduler.StatusConsidered, scheduler.StatusPaused, scheduler.StatusOffer, scheduler.StatusAccepted, scheduler.StatusRejected, scheduler.StatusWithdrawn, scheduler.StatusClosed} {
		v.Statuses = append(v.Statuses, option{string(s), statusName(s), s == a.Status})
	}
	if !a.DecisionBy.IsZero() {
		v.DecisionBy = a.DecisionBy.String()
	}
	for _, q := range o.Questions {
		v.Needs = append(v.Needs, questionNeed(q))
	}
	for _, h := range o.Holds {
		if h.Scope == scheduler.ScopeEverything && h.Source == scheduler.SourceUser {
			continue
		}
		what := h.What()
		if h.Scope == scheduler.ScopeApplication {
			what = v.Company
		}
		v.Holds = append(v.Holds, holdView{what, sentence(plainWords(h.Reason)), w.moment(h.Until).Text, h.Target})
	}
	v.Line, v.People, v.Rounds = lineOf(w, o), peopleOf(a), roundsOf(w, o)
	v.NextStep = nextStep(w, o)
	for _, t := range []string{"thank-you-late", "check-in", "pass-on", "reply-to-rejection"} {
		v.Templates = append(v.Templates, option{t, t, false})
	}
	f.Title, f.Section, f.Data = v.Company, "applications", v
	f.Path = applicationHref(stem)
	return "application", nil
}

// companyOf is the company as the mails know it, where the file is gone.
func companyOf(o scheduler.Dossier) string {
	for _, d := range o.Deliveries {
		if d.Company != "" {
			return d.Company
		}
	}
	return ""
}

func statusName(s scheduler.Status) string {
	switch s {
	case scheduler.StatusActive:
		return "active"
	case scheduler.StatusConsidered:
		return "still considered"
	case scheduler.StatusPaused:
		return "paused by me"
	case scheduler.StatusOffer:
		return "offer"
	case scheduler.StatusAccepted:
		return "accepted: signed by both"
	case scheduler.StatusRejected:
		return "rejected"
	case scheduler.StatusWithdrawn:
		return "withdrawn by me"
	case scheduler.StatusClosed:
		return "closed"
	}
	return string(s)
}

// lineOf is the line of time: interviews, mails that left and came, what is
// planned and why, and what was said of it.
func lineOf(w words, o scheduler.Dossier) []lineEvent {
	var all []lineEvent
	add := func(at time.Time, e lineEvent) {
		e.at, e.At, e.Ahead = at, w.moment(at), at.After(w.now)
		all = append(all, e)
	}
	for _, i := range o.Application.Interviews {
		title := strings.TrimSpace("Interview " + scheduler.RoundName(i.ID))
		if i.Status == scheduler.InterviewCancelled {
			title += ", cancelled"
		}
		add(i.At, lineEvent{Kind: "interview", Title: title, Detail: withNames(i)})
	}
	for _, m := range o.Mails {
		add(m.At, mailEvent(m))
	}
	for _, d := range o.Deliveries {
		if e, at, ok := deliveryEvent(d); ok {
			add(at, e)
		}
	}
	for _, e := range o.Events {
		switch e.What {
		case "held", "resumed", "answered", "invitation taken", "status", "removed":
			add(e.At, lineEvent{Kind: "noted", Title: strings.ToUpper(e.What[:1]) + e.What[1:], Detail: e.Why})
		}
	}
	slices.SortStableFunc(all, func(a, b lineEvent) int { return a.at.Compare(b.at) })
	return all
}

func withNames(i scheduler.Interview) string {
	var names []string
	for _, p := range i.Interviewers {
		names = append(names, p.Name)
	}
	text := ""
	if i.Kind != "" && i.Kind != i.ID {
		text = i.Kind + ", "
	}
	return text + "with " + listed(names)
}

// mailEvent is a mail that was exchanged. What the program sent stands by its
// delivery.
func mailEvent(m scheduler.Mail) lineEvent {
	who := cmp.Or(m.Name, m.Person, "somebody")
	switch {
	case m.Outgoing && m.ByHand:
		return lineEvent{Kind: "sent", Title: "You wrote to " + who + " yourself", Detail: m.Subject}
	case m.Outgoing && m.Failed:
		return lineEvent{Kind: "off", Title: "Did not reach " + who, Detail: m.Subject, Href: hrefOf(m.Key)}
	case m.Outgoing:
		return lineEvent{Kind: "sent", Title: cmp.Or(sentKind(m.Key), "Sent") + " to " + who, Detail: m.Subject, Href: hrefOf(m.Key)}
	}
	return lineEvent{Kind: "came", Title: className(m.Class) + " from " + who, Detail: m.Subject}
}

// sentKind says what was sent, by the mail's key.
func sentKind(key string) string {
	parts := strings.Split(key, "/")
	if len(parts) < 4 {
		return ""
	}
	step := stepNumber.ReplaceAllString(parts[2], " $1")
	return strings.ToUpper(step[:1]) + step[1:] + " sent"
}

func hrefOf(key string) string {
	if key == "" {
		return ""
	}
	return mailHref(key)
}

func className(class string) string {
	switch class {
	case "human":
		return "Mail"
	case "auto_reply":
		return "Out of office"
	case "bounce":
		return "Bounce"
	case "delay":
		return "Delay notice"
	case "calendar_request", "calendar_reply", "calendar_cancel":
		return "Calendar mail"
	}
	return "Automatic mail"
}

// deliveryEvent is a mail that is planned, waits or was called off.
func deliveryEvent(d scheduler.Delivery) (e lineEvent, at time.Time, ok bool) {
	e = lineEvent{Kind: "planned", Href: mailHref(d.Key), Title: kindTitle(d) + " to " + personName(d) + ": " + stateName(d), Then: d.Reason}
	switch {
	case d.State == scheduler.Sent || d.State == scheduler.Bounced:
		return e, at, false // its mail stands in the line
	case d.State == scheduler.Cancelled || d.State == scheduler.Expired || d.State == scheduler.Refused || d.State == scheduler.InDoubt:
		e.Kind, e.Detail, e.Then = "off", sentence(d.Why), ""
	case d.State == scheduler.Review:
		e.Detail = sentence(d.Why)
	case d.WaitingFor != "":
		e.Detail = "Waits: " + d.WaitingFor
	}
	at = when(d)
	if at.IsZero() {
		at = d.Began
	}
	return e, at, !at.IsZero()
}

func peopleOf(a scheduler.Application) []personView {
	var all []personView
	at := map[string]int{}
	add := func(p scheduler.Person, role, round string) {
		id := strings.ToLower(cmp.Or(p.Email, p.Name))
		n, known := at[id]
		if !known {
			n = len(all)
			at[id] = n
			all = append(all, personView{N: n, Name: p.Name, Email: p.Email, Title: p.Title, Role: role, Notes: p.Notes, Skip: p.Skip, Guessed: p.Guessed})
		}
		if said := strings.TrimSpace(p.Said); said != "" {
			if len(a.Interviews) > 1 {
				said += " (" + round + ")"
			}
			all[n].Said = append(all[n].Said, said)
		}
	}
	if a.Recruiter != nil {
		add(*a.Recruiter, "recruiter", "")
	}
	for _, i := range a.Interviews {
		for _, p := range i.Interviewers {
			role := "interviewer"
			if p.Lead {
				role = "lead"
			}
			add(p, role, i.ID)
		}
	}
	return all
}

func roundsOf(w words, o scheduler.Dossier) []roundLine {
	var all []roundLine
	for _, i := range o.Application.Interviews {
		l := roundLine{ID: i.ID, Kind: i.Kind, Status: string(i.Status), When: w.momentAt(i.At, i.Zone.String()), With: withNames(i), Told: !i.Debrief.Empty()}
		if !i.At.After(w.now) && i.Status == scheduler.InterviewPlanned {
			l.Status = "" // it was, and nobody has said yet how it went
		}
		if !i.At.After(w.now) && o.Application.Broken == "" {
			l.Debrief = debriefHref(o.Application.Stem, i.ID)
		}
		for _, d := range o.Deliveries {
			if d.Interview == i.ID && d.State.Open() {
				l.Review = roundHref(o.Application.Stem, i.ID)
			}
		}
		all = append(all, l)
	}
	slices.SortStableFunc(all, func(a, b roundLine) int { return strings.Compare(a.When.ISO, b.When.ISO) })
	return all
}

// nextStep says in one sentence what comes next for an application.
func nextStep(w words, o scheduler.Dossier) string {
	a := o.Application
	switch {
	case a.Broken != "":
		return "Its file cannot be read, so that nothing leaves: " + withoutFolder(sentence(a.Broken))
	case a.Status.Over():
		return "It is over (" + statusName(a.Status) + "); nothing more is sent."
	}
	if len(o.Questions) > 0 {
		return "A question waits for you below."
	}
	for _, d := range o.Deliveries {
		switch {
		case d.State == scheduler.InDoubt:
			return fmt.Sprintf("Settle whether the %s to %s arrived.", kindName(d), personName(d))
		case d.State == scheduler.Review:
			return fmt.Sprintf("Read and approve the %s to %s.", kindName(d), personName(d))
		}
	}
	for _, d := range o.Deliveries {
		if !d.State.Open() || when(d).IsZero() {
			continue
		}
		text := fmt.Sprintf("The %s to %s leaves on %s", kindName(d), personName(d), w.moment(when(d)).Text)
		if d.WaitingFor != "" {
			return fmt.Sprintf("The %s to %s waits: %s.", kindName(d), personName(d), strings.TrimRight(d.WaitingFor, "."))
		}
		return text + "."
	}
	for _, i := range a.Interviews {
		if i.At.After(w.now) && i.Status != scheduler.InterviewCancelled {
			return fmt.Sprintf("The interview %s is on %s.", i.ID, w.moment(i.At).Text)
		}
	}
	return "Nothing is planned; it is quiet " + silence(w, o.Mails) + "."
}

// silence says for how long nobody has written.
func silence(w words, mails []scheduler.Mail) string {
	var last time.Time
	for _, m := range mails {
		if m.Speaks() && m.At.After(last) {
			last = m.At
		}
	}
	if last.IsZero() {
		return "since the beginning"
	}
	return "since " + w.moment(last).Text
}

func (p *Page) setStatus(r *http.Request) (done, error) {
	stem := r.PostFormValue("application")
	said, err := p.Desk.Set(stem, r.PostFormValue("since"), "status", r.PostFormValue("status"))
	return done{to: cmp.Or(r.PostFormValue("back"), applicationHref(stem)), note: said}, err
}

func (p *Page) setDecision(r *http.Request) (done, error) {
	stem, day := r.PostFormValue("application"), strings.TrimSpace(r.PostFormValue("decision_by"))
	if day == "" {
		day = "none"
	}
	said, err := p.Desk.Set(stem, r.PostFormValue("since"), "decision_by", day)
	return done{to: cmp.Or(r.PostFormValue("back"), applicationHref(stem)), note: said}, err
}

func (p *Page) answered(r *http.Request) (done, error) {
	stem := r.PostFormValue("application")
	err := p.Service.Answered(r.Context(), stem)
	return done{to: applicationHref(stem), note: "Noted: you heard from them elsewhere. Follow-ups of the interviews so far are cancelled."}, err
}

func (p *Page) holdApplication(r *http.Request) (done, error) {
	target := r.PostFormValue("target")
	if target == "" {
		return done{}, errors.New("nothing was named to be held")
	}
	_, err := p.Service.Hold(r.Context(), target, time.Time{}, "you put it on hold")
	return done{to: r.PostFormValue("back"), note: "On hold. Nothing of it leaves until you let it go on."}, err
}

func (p *Page) queue(r *http.Request) (done, error) {
	d, err := p.Service.Queue(r.Context(), r.PostFormValue("application"), r.PostFormValue("template"), r.PostFormValue("to"))
	if err != nil {
		return done{}, err
	}
	return done{to: mailHref(d.Key), note: "It is written, and waits for your approval."}, nil
}
