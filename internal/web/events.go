package web

import (
	"net/http"
	"slices"
	"strings"

	"afterword/scheduler"
)

// eventView is one thing that happened.
type eventView struct {
	At            moment
	What, Why     string
	Evidence      string
	Who           string // you | the program | a mail | the server
	About, Href   string
	Company, From string
	To            string
}

func eventViews(w words, all []scheduler.Event) []eventView {
	var views []eventView
	for _, e := range all {
		v := eventView{At: w.moment(e.At), What: whatName(e.What), Why: e.Why, Evidence: e.Evidence, Who: actorName(e.Actor), Company: e.Application, From: e.From, To: e.To}
		switch {
		case e.Key != "":
			v.About, v.Href = aboutKey(e.Key), mailHref(e.Key)
		case e.Application != "":
			v.About, v.Href = e.Application, applicationHref(e.Application)
		}
		views = append(views, v)
	}
	return views
}

// whatName says in the user's words what happened.
func whatName(what string) string {
	switch what {
	case "probed":
		return "test mail sent"
	case "probe arrived":
		return "test mail arrived"
	}
	if class, ok := strings.CutPrefix(what, "received "); ok {
		return strings.ToLower(className(class)) + " came"
	}
	return strings.ReplaceAll(what, "_", " ")
}

// aboutKey names a mail by the parts of its key that a person reads.
func aboutKey(key string) string {
	parts := strings.Split(key, "/")
	if len(parts) < 4 {
		return key
	}
	return stepNumber.ReplaceAllString(parts[2], " $1") + " to " + parts[3]
}

func actorName(actor string) string {
	switch actor {
	case scheduler.ActorUser:
		return "you"
	case scheduler.ActorMailbox:
		return "a mail"
	case scheduler.ActorServer:
		return "the server"
	}
	return "the program"
}

// eventsView is the page of what happened.
type eventsView struct {
	Events       []eventView
	Applications []option
	Whats        []option
	Actors       []option
	Words        string
	Limit        int
	More         bool
}

// option is one choice of a list.
type option struct {
	Value, Name string
	Chosen      bool
}

// mostEvents is how many events the page shows at once.
const mostEvents = 200

func (p *Page) events(r *http.Request, f *frame) (string, error) {
	f.Title, f.Section = "What happened", "events"
	q := r.URL.Query()
	all, err := p.Service.Events(r.Context(), scheduler.EventQuery{Application: q.Get("application")})
	if err != nil {
		return "", err
	}
	v := eventsView{Limit: mostEvents, Words: q.Get("words")}
	seen := map[string]bool{}
	for _, e := range all {
		if !seen[e.What] {
			seen[e.What] = true
			v.Whats = append(v.Whats, option{e.What, whatName(e.What), e.What == q.Get("what")})
		}
	}
	slices.SortFunc(v.Whats, func(a, b option) int { return strings.Compare(a.Name, b.Name) })
	for _, a := range []string{scheduler.ActorUser, scheduler.ActorDaemon, scheduler.ActorMailbox, scheduler.ActorServer} {
		v.Actors = append(v.Actors, option{a, actorName(a), a == q.Get("who")})
	}
	if v.Applications, err = p.applicationOptions(q.Get("application")); err != nil {
		return "", err
	}
	words := strings.ToLower(strings.TrimSpace(q.Get("words")))
	all = slices.DeleteFunc(all, func(e scheduler.Event) bool {
		text := strings.ToLower(e.Key + " " + e.Application + " " + e.What + " " + e.Why + " " + e.Evidence)
		return q.Get("what") != "" && e.What != q.Get("what") || q.Get("who") != "" && e.Actor != q.Get("who") || !strings.Contains(text, words)
	})
	slices.Reverse(all)
	if len(all) > mostEvents {
		all, v.More = all[:mostEvents], true
	}
	v.Events = eventViews(p.words(), all)
	f.Data = v
	return "events", nil
}

// applicationOptions are the applications of the files, to choose one.
func (p *Page) applicationOptions(chosen string) ([]option, error) {
	_, apps, err := p.Service.Files.Read()
	if err != nil {
		return nil, err
	}
	var all []option
	for _, a := range apps {
		all = append(all, option{a.Stem, a.Stem, a.Stem == chosen})
	}
	return all, nil
}
