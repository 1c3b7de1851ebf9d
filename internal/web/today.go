package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"afterword/scheduler"
)

// todayView is the first page.
type todayView struct {
	Needs    []need
	Next     []nextMail
	More     int // mails after those that are shown
	Quiet    []quiet
	State    []stateLine
	Nothing  bool // no application is known yet
	LastSync moment
}

// need is one thing that waits for the user, with its one action.
type need struct {
	Kind   string // doubt | refused | review | question | hold | trouble | file
	Title  string
	Detail string
	About  string // the application, "" for the account
	Do     action
	Else   []action // the other ways out, where there are any
}

// action is a link or a form with one button.
type action struct {
	Label string
	Href  string // a link where Post is empty
	Post  string // where the form goes
	Field []field
	Stops bool // it takes something away for good
}

// field is a hidden field of a form.
type field struct{ Name, Value string }

// nextMail is one of the next mails.
type nextMail struct {
	Key, Href string
	To, What  string
	Company   string
	When      moment
	Waits     string
	State     string
	Held      bool // its time has come, and something keeps it
}

// quiet is a hold that ends by itself.
type quiet struct{ What, Reason, Until string }

// stateLine is the state of one part of the program.
type stateLine struct {
	Name, Text, Advice string
	Good               bool
}

// mostNext is how many of the next mails the first page shows.
const mostNext = 8

func (p *Page) today(r *http.Request, f *frame) (string, error) {
	f.Title, f.Section = "Today", "today"
	st, err := p.Service.Pending(r.Context())
	if err != nil {
		return "", err
	}
	w := p.words()
	v := todayView{Needs: p.needs(w, st), State: p.stateLines(w, st), Quiet: quiets(w, st)}
	v.Next, v.More = nextMails(w, st)
	if at, err := time.Parse(time.RFC3339, st.LastSync); err == nil {
		v.LastSync = w.moment(at)
	}
	v.Nothing = len(st.Deliveries) == 0 && !st.Over && len(v.Needs) == 0
	f.Data = v
	return "today", nil
}

// needs lists what waits for the user, what is worst first.
func (p *Page) needs(w words, st scheduler.StatusReport) []need {
	var all []need
	for _, b := range slices.Concat(p.Desk.Broken(), st.BrokenConfig()) {
		all = append(all, need{Kind: "file", Title: "A file cannot be read", Detail: sentence(b), Do: action{Label: "See the settings", Href: "/settings"}})
	}
	for _, b := range st.Broken {
		all = append(all, brokenNeed(b))
	}
	for _, s := range []struct{ state, protocol, title string }{
		{st.IMAP, "imap", "The mailbox cannot be read, so nothing leaves"}, {st.SMTP, "smtp", "The last mail could not be handed over"}} {
		if s.state != "" && s.state != "ok" {
			all = append(all, need{Kind: "trouble", Title: s.title, Detail: sentence(s.state) + " " + sentence(plainWords(p.Desk.Advice(s.state, s.protocol))), Do: action{Label: "See the settings", Href: "/settings"}})
		}
	}
	waiting := st.Waiting()
	for _, state := range []scheduler.State{scheduler.InDoubt, scheduler.Refused} {
		for _, d := range waiting {
			if d.State == state {
				all = append(all, troubled(d))
			}
		}
	}
	all = append(all, reviews(w, waiting)...)
	companies := map[string]string{}
	for _, d := range st.Deliveries {
		companies[d.Application] = d.Company
	}
	for _, q := range st.Questions {
		n := questionNeed(q)
		n.About = cmp.Or(companies[q.Application], q.Application)
		all = append(all, n)
	}
	return append(all, holdNeeds(st.Holds, companies)...)
}

// interviewFile is the name of an application at the beginning of what is said
// of its file.
var interviewFile = regexp.MustCompile(`^(?:.*[/\\])?([^/\\:]+)\.(?i:ya?ml)`)

// brokenNeed is an interview file that cannot be read.
func brokenNeed(why string) need {
	n := need{Kind: "file", Title: "A file cannot be read, so that nothing of it leaves", Detail: sentence(withoutFolder(why)), Do: action{Label: "See the applications", Href: "/applications"}}
	if m := interviewFile.FindStringSubmatch(why); m != nil {
		n.About, n.Do = m[1], action{Label: "Look at it", Href: applicationHref(m[1])}
	}
	return n
}

// withoutFolder leaves out of what is said of an interview file where it lies.
func withoutFolder(why string) string {
	at := interviewFile.FindStringSubmatchIndex(why)
	if at == nil {
		return why
	}
	return why[at[2]:]
}

// troubled is a mail that the server refused, or that is in doubt.
func troubled(d scheduler.Delivery) need {
	n := need{Kind: "doubt", About: d.Company, Title: fmt.Sprintf("Did the mail to %s arrive?", personName(d)),
		Detail: "Nobody can say whether the server took it, so it is not sent again by itself. " + sentence(d.Why),
		Do:     action{Label: "Look at the evidence", Href: mailHref(d.Key)}}
	if d.State == scheduler.Refused {
		n.Kind, n.Title = "refused", fmt.Sprintf("The server refused the mail to %s", personName(d))
		n.Detail, n.Do.Label = sentence(d.LastAnswer), "Look at it"
	}
	return n
}

// reviews puts what waits for approval together by round and step.
func reviews(w words, waiting []scheduler.Delivery) []need {
	type round struct{ stem, interview, step string }
	var order []round
	groups := map[round][]scheduler.Delivery{}
	for _, d := range waiting {
		if d.State != scheduler.Review {
			continue
		}
		r := round{d.Application, d.Interview, d.Step}
		if groups[r] == nil {
			order = append(order, r)
		}
		groups[r] = append(groups[r], d)
	}
	var all []need
	for _, r := range order {
		g := groups[r]
		first := g[0]
		var names []string
		for _, d := range g {
			names = append(names, personName(d))
		}
		n := need{Kind: "review", About: first.Company, Title: fmt.Sprintf("Read the %s to %s", kindName(first), listed(names)), Detail: sentence(first.Why),
			Do: action{Label: "Read and approve", Href: mailHref(first.Key)}}
		if len(g) > 1 {
			n.Do.Href = roundHref(r.stem, r.interview)
			n.Title = fmt.Sprintf("Read %d mails to %s", len(g), listed(names))
		}
		if at := when(first); !at.IsZero() {
			n.Detail += " Planned for " + w.moment(at).Text + "."
		}
		all = append(all, n)
	}
	return all
}

// questionNeed is a question with the page on which it is answered.
func questionNeed(q scheduler.Question) need {
	n := need{Kind: "question", About: q.Application, Title: plainWords(q.Text), Do: action{Label: "Look at it", Href: "/"}}
	if q.Application != "" {
		n.Do.Href = applicationHref(q.Application)
	}
	kind, rest, _ := strings.Cut(q.Key, "/")
	switch kind {
	case "happened":
		stem, round, _ := strings.Cut(rest, "/")
		n.Do = action{Label: "Tell how it went", Href: debriefHref(stem, round)}
	case "outcome":
		status, _, _ := strings.Cut(rest, "/")
		n.Do = action{Label: "Yes, it is", Post: "/status", Field: []field{{"application", q.Application}, {"status", status}}}
		n.Else = []action{{Label: "No, it is not", Post: "/resume", Field: []field{{"target", q.Application}, {"confirm", "yes"}}}}
	case "promise":
		day, _, _ := strings.Cut(rest, "/")
		n.Do = action{Label: "Yes, wait for it", Post: "/decision", Field: []field{{"application", q.Application}, {"decision_by", day}}}
		n.Else = []action{{Label: "No", Post: "/resume", Field: []field{{"target", q.Application}}}}
	case "invitation":
		key, _, _ := strings.Cut(rest, "/")
		n.Do = action{Label: "Look at the invitation", Href: applicationHref(q.Application) + "/invitation/" + url.PathEscape(key)}
	case "loose-invitation":
		n.Do = action{Label: "Make it an interview", Href: "/new?invitation=" + url.QueryEscape(rest)}
		n.Else = []action{{Label: "It is none", Post: "/dismiss", Field: []field{{"key", rest}}}}
	case "expired", "gate", "missed", "unmade", "deferred", "draft":
		n.Do.Href = mailHref(rest)
	case "turn":
		n.Else = []action{{Label: "I have answered elsewhere", Post: "/answered", Field: []field{{"application", q.Application}}}}
	case "mail":
		n.Else = mailActions(q)
	case "gap", "unreadable":
		n.Do = action{Label: "See the applications", Href: "/applications"}
		n.Else = []action{{Label: "It was no answer: go on", Post: "/resume", Field: []field{{"target", ""}}}}
	}
	return n
}

// mailActions are the answers to a question about one mail: whether it was theirs, or
// whether the address that it came back from is right.
func mailActions(q scheduler.Question) []action {
	const resume = "afterword resume "
	target := q.Application
	if at := strings.LastIndex(q.Text, resume); at >= 0 { // before it the subject of a mail may stand
		target = cmp.Or(strings.Trim(q.Text[at+len(resume):], "'"), target)
	}
	goOn := action{Label: "I have seen it: go on", Post: "/resume", Field: []field{{"target", target}}}
	switch {
	case strings.Contains(q.Text, "afterword answered "):
		goOn.Label = "It is not: go on"
		return []action{{Label: "It is their answer", Post: "/answered", Field: []field{{"application", q.Application}}}, goOn}
	case strings.Contains(target, "@"):
		goOn.Label = "The address is right: go on"
	}
	return []action{goOn}
}

// command is where a sentence begins to tell what to type.
var command = regexp.MustCompile("`?afterword [a-z]")

// sentenceEnd is where one sentence ends and the next begins.
var sentenceEnd = regexp.MustCompile(`[.?!:]["')]*\s+`)

// plainWords leaves out of a text the sentences that name a command: here the
// buttons are.
func plainWords(text string) string {
	at := command.FindStringIndex(text)
	if at == nil {
		return text
	}
	from := 0
	for _, end := range sentenceEnd.FindAllStringIndex(text[:at[0]], -1) {
		if text[end[0]] != ':' {
			from = end[1]
		}
	}
	return strings.TrimSpace(text[:from])
}

// holdNeeds are the holds that only the user ends.
func holdNeeds(holds []scheduler.Hold, companies map[string]string) []need {
	var all []need
	for _, h := range holds {
		if !h.Until.IsZero() || h.Scope == scheduler.ScopeEverything && h.Source == scheduler.SourceUser {
			continue // that one has its own place at the top of each page
		}
		n := need{Kind: "hold", Title: "On hold: " + h.What(), Detail: sentence(plainWords(h.Reason)),
			Do: action{Label: "Let it go on", Post: "/resume", Field: []field{{"target", h.Target}}}}
		switch {
		case h.Stays():
			n.Detail, n.Do = sentence(h.Reason), action{Label: "See the settings", Href: "/settings"}
		case h.Asks():
			continue // its question stands above
		}
		if h.Scope == scheduler.ScopeApplication {
			n.Title = "On hold: " + cmp.Or(companies[h.Target], h.Target)
			n.Else = []action{{Label: "Open it", Href: applicationHref(h.Target)}}
		}
		all = append(all, n)
	}
	return all
}

// quiets are the holds that end by themselves.
func quiets(w words, st scheduler.StatusReport) []quiet {
	var all []quiet
	for _, h := range st.Holds {
		if !h.Until.IsZero() && (h.Scope != scheduler.ScopeEverything || h.Source != "user") {
			all = append(all, quiet{h.What(), sentence(h.Reason), w.moment(h.Until).Text})
		}
	}
	return all
}

// nextMails are the mails that leave next, and how many follow those.
func nextMails(w words, st scheduler.StatusReport) (next []nextMail, more int) {
	open := slices.DeleteFunc(slices.Clone(st.Deliveries), func(d scheduler.Delivery) bool { return !d.State.Open() && !d.State.InFlight() || when(d).IsZero() })
	slices.SortStableFunc(open, func(a, b scheduler.Delivery) int { return cmp.Or(when(a).Compare(when(b)), cmp.Compare(a.Key, b.Key)) })
	for n, d := range open {
		if n == mostNext {
			return next, len(open) - mostNext
		}
		next = append(next, nextOf(w, d))
	}
	return next, 0
}

func nextOf(w words, d scheduler.Delivery) nextMail {
	n := nextMail{Key: d.Key, Href: mailHref(d.Key), To: personName(d), What: kindName(d), Company: d.Company, When: w.momentAt(when(d), d.Zone), State: stateName(d), Waits: d.WaitingFor}
	switch {
	case d.State == scheduler.Review:
		n.Waits = d.Why
	case n.Waits != "" && n.When.Past:
		n.Held, n.State = true, "on hold"
	}
	return n
}

// stateLines tell whether the mailbox is read and mail can leave.
func (p *Page) stateLines(w words, st scheduler.StatusReport) []stateLine {
	box := stateLine{Name: "Mailbox", Text: "not read yet", Good: st.IMAP == "ok"}
	if st.IMAP != "" {
		box.Text = st.IMAP
	}
	if at, err := time.Parse(time.RFC3339, st.LastSync); err == nil && st.IMAP == "ok" {
		box.Text = "read " + w.moment(at).In
	}
	sending := stateLine{Name: "Sending", Text: "nothing sent yet with this login", Good: true}
	if st.SMTP != "" {
		sending.Text, sending.Good = st.SMTP, st.SMTP == "ok"
	}
	if st.SMTP == "ok" {
		sending.Text = "works"
	}
	lines := []stateLine{box, sending}
	if st.Probe != "" {
		lines = append(lines, stateLine{Name: "Test mail", Text: cmp.Or(plainWords(st.Probe), "not sent yet"), Good: true})
	}
	return lines
}

// when is the due time, or the expected one.
func when(d scheduler.Delivery) time.Time {
	if d.Due.IsZero() {
		return d.Expected
	}
	return d.Due
}

func personName(d scheduler.Delivery) string {
	if d.To.Name != "" {
		return d.To.Name
	}
	return d.To.Email
}

// kindName says what a mail is.
func kindName(d scheduler.Delivery) string {
	return stepNumber.ReplaceAllString(d.Step, " $1")
}

// stepNumber is the number at the end of a step's name.
var stepNumber = regexp.MustCompile(`-(\d+)$`)

// stateName says how a mail stands, in the user's words.
func stateName(d scheduler.Delivery) string {
	switch d.State {
	case scheduler.Review:
		return "waits for you"
	case scheduler.Approved:
		return "ready"
	case scheduler.Sending, scheduler.HandedOver:
		return "on its way"
	case scheduler.InDoubt:
		return "in doubt"
	}
	return string(d.State)
}

// listed joins names as one says them.
func listed(names []string) string {
	switch n := len(names); {
	case n == 0:
		return "nobody"
	case n == 1:
		return names[0]
	case n > 4:
		return fmt.Sprintf("%s and %d others", strings.Join(names[:3], ", "), n-3)
	default:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
}

// The paths of the pages.
func mailHref(key string) string         { return "/mail/" + escapedPath(key) }
func applicationHref(stem string) string { return "/applications/" + url.PathEscape(stem) }
func roundHref(stem, round string) string {
	if round == "" { // what was queued by hand
		return "/review/" + url.PathEscape(stem)
	}
	return "/review/" + url.PathEscape(stem) + "/" + url.PathEscape(round)
}
func debriefHref(stem, round string) string {
	return applicationHref(stem) + "/debrief/" + url.PathEscape(round)
}

// escapedPath escapes each part of a key. A part that is empty, as in the key of a mail
// that was queued by hand, takes the slash behind it along: a path with two in a row is not
// served as it stands.
func escapedPath(key string) string {
	parts := strings.Split(key, "/")
	for n, part := range parts {
		parts[n] = url.PathEscape(part)
	}
	return strings.ReplaceAll(strings.Join(parts, "/"), "//", "/%2F")
}

func (p *Page) pause(r *http.Request) (done, error) {
	_, err := p.Service.Hold(r.Context(), "", time.Time{}, "you paused everything")
	return done{to: r.PostFormValue("back"), note: "Everything is paused. Answers are still read; nothing leaves until you resume."}, err
}

func (p *Page) resume(r *http.Request) (done, error) {
	lifted, left, err := p.Service.Resume(r.Context(), r.PostFormValue("target"), r.PostFormValue("confirm") == "yes")
	text := "Resumed: " + plural(lifted, "hold") + " lifted."
	if left > 0 {
		text += " " + plural(left, "hold") + " left, which only another word ends."
	}
	return done{to: r.PostFormValue("back"), note: text}, err
}
