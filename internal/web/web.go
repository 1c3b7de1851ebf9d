// Package web is the page: what needs the user, what will be sent, what came,
// and the button that stops everything, served to the user's own browser on
// this machine.
//
// It decides nothing. What it shows, scheduler.Service reads; what it changes
// goes through scheduler.Service and through Desk, as the commands do. Every
// page works without scripts: links and plain forms. Scripts only keep what is
// shown up to date, check a text while it is typed, and keep what was typed.
package web

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"afterword/internal/health"
	"afterword/scheduler"
)

// Config is what the page stands on.
type Config struct {
	// Listen is the address at which it listens, with the port that it got.
	Listen  string
	Service *scheduler.Service
	Desk    Desk
	// Pulse is for the waits between two looks for something new. It runs by
	// itself also where the service's clock stands still.
	Pulse  scheduler.Clock
	Random io.Reader // of the tokens; nil: the machine's
	Log    *slog.Logger
	Health http.Handler // tells a monitor whether the daemon lives, without a token; may be nil
}

// Page serves one profile.
type Page struct {
	Config
	guard *guard
	pages *pages
	notes *notes
	live  chan struct{} // a place for each browser that is told of changes
}

// New makes the page, with a token of its own.
func New(c Config) (*Page, error) {
	g, err := newGuard(c.Listen, c.Random)
	if err != nil {
		return nil, err
	}
	all, err := loadPages()
	if err != nil {
		return nil, err
	}
	return &Page{Config: c, guard: g, pages: all, notes: &notes{}, live: make(chan struct{}, mostLive)}, nil
}

// Address is where the page is. Alone it opens nothing.
func (p *Page) Address() string { return "http://" + p.Listen + "/" }

// Link opens the page: it holds the token, and whoever has it may do whatever
// the user may.
func (p *Page) Link() string { return "http://" + p.Listen + enterPath + "?token=" + p.guard.token }

// The bounds of a request. A form may hold a text that is far too long: then it
// is refused by the words of the one who reads it, and nothing of it is lost.
const (
	mostForm       = 2 << 20 // bytes
	mostHeader     = 64 << 10
	headerTimeout  = 10 * time.Second
	requestTimeout = time.Minute
	idleTimeout    = 2 * time.Minute
	closingTime    = 2 * time.Second
)

// Serve answers requests until ctx ends. It closes the listener.
func (p *Page) Serve(ctx context.Context, l net.Listener) error {
	s := &http.Server{
		Handler: p.Handler(), ReadHeaderTimeout: headerTimeout, ReadTimeout: requestTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: mostHeader,
		BaseContext: func(net.Listener) context.Context { return ctx }, ConnContext: withPeer,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // it would hold what strangers sent
	}
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(ended)
		closing, done := context.WithTimeout(context.WithoutCancel(ctx), closingTime)
		defer done()
		if s.Shutdown(closing) != nil {
			_ = s.Close()
		}
	})
	err := s.Serve(l)
	if !stop() {
		<-ended
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// The paths that are served without the cookie: the way in, and what the page
// about the missing cookie looks like.
const (
	enterPath  = "/enter"
	staticPath = "/static/"
)

func isOpen(path string) bool {
	return path == enterPath || path == health.Path || len(path) > len(staticPath) && path[:len(staticPath)] == staticPath
}

// Handler is the whole page behind its guard.
func (p *Page) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range p.routes() {
		mux.HandleFunc(r.pattern, r.serve)
	}
	mux.HandleFunc("GET "+enterPath, p.enter)
	mux.Handle("GET "+staticPath, p.static())
	if p.Health != nil {
		mux.Handle("GET "+health.Path, p.Health)
	}
	return p.guard.wrap(http.MaxBytesHandler(mux, mostForm), isOpen, func(w http.ResponseWriter, r *http.Request, status int) {
		p.locked(w, status, r.URL.Path == "/")
	})
}

// route is one page or one change.
type route struct {
	pattern string
	serve   http.HandlerFunc
}

// routes are all pages and changes behind the cookie. What changes something is
// reached by POST and by nothing else.
func (p *Page) routes() []route {
	return []route{
		{"GET /{$}", p.page(p.today)},
		{"GET /review", p.page(p.review)},
		{"GET /review/{stem}", p.page(p.round)}, // what was queued by hand
		{"GET /review/{stem}/{round}", p.page(p.round)},
		{"GET /mail/{key...}", p.page(p.mail)},
		{"GET /applications", p.page(p.applications)},
		{"GET /applications/{stem}", p.page(p.application)},
		{"GET /applications/{stem}/debrief/{round}", p.page(p.debrief)},
		{"GET /applications/{stem}/invitation/{key}", p.page(p.invitation)},
		{"GET /applications/{stem}/forget", p.page(p.forgetting)},
		{"GET /calendar", p.page(p.calendar)},
		{"GET /new", p.page(p.add)},
		{"GET /proofread", p.page(p.proofread)},
		{"GET /people", p.page(p.people)},
		{"GET /people/forget", p.page(p.forgettingPerson)},
		{"GET /events", p.page(p.events)},
		{"GET /settings", p.page(p.settings)},
		{"GET /live", p.serveLive},

		{"POST /pause", p.change(p.pause)},
		{"POST /resume", p.change(p.resume)},
		{"POST /hold", p.change(p.holdApplication)},
		{"POST /approve", p.taking(p.approve, p.mailAgain)},
		{"POST /approve-round", p.change(p.approveRound)},
		{"POST /edit", p.taking(p.edit, p.mailAgain)},
		{"POST /check", p.check},
		{"POST /skip", p.change(p.skip)},
		{"POST /send", p.change(p.sendNow)},
		{"POST /resolve", p.change(p.resolve)},
		{"POST /queue", p.change(p.queue)},
		{"POST /status", p.change(p.setStatus)},
		{"POST /decision", p.change(p.setDecision)},
		{"POST /answered", p.change(p.answered)},
		{"POST /dismiss", p.change(p.dismissInvitation)},
		{"POST /forget", p.change(p.forget)},
		{"POST /forget-person", p.change(p.forgetPerson)},
		{"POST /confirm", p.change(p.confirmPerson)},
		{"POST /address", p.change(p.setAddress)},
		{"POST /applications/{stem}/debrief/{round}", p.taking(p.saveDebrief, p.debriefAgain)},
		{"POST /applications/{stem}/invitation/{key}", p.change(p.takeInvitation)},
		{"POST /new", p.newInterview},
		{"POST /mailbox", p.page(p.fromMailbox)},
		{"POST /calendar-file", p.readCalendar},
		{"POST /proofread", p.proofreadText},
		{"POST /word", p.change(p.addWord)},
		{"GET /", p.missing},
	}
}

func (p *Page) enter(w http.ResponseWriter, r *http.Request) {
	if !p.guard.enter(w, r) {
		p.locked(w, http.StatusForbidden, false)
		return
	}
	p.show(w, http.StatusOK, "enter", frame{Title: "Welcome", Refresh: "/"})
}

// locked says how to come in.
func (p *Page) locked(w http.ResponseWriter, status int, isFirst bool) {
	p.show(w, status, "locked", frame{Title: "Locked", Data: isFirst})
}

func (p *Page) missing(w http.ResponseWriter, r *http.Request) {
	p.fail(w, r, http.StatusNotFound, "There is no such page.", "What you look for may have been renamed or removed.")
}
