package web

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"time"
)

// Live changes: a browser that shows the page holds one request open, on which
// it is told that something changed (server-sent events, WHATWG HTML section
// 9.2). What changed it then reads by itself. Each page says what it shows, and a
// line that broke is taken up where it was (Last-Event-ID), so that nothing is
// missed between two requests. Nothing wakes up while nobody looks.

const (
	mostLive  = 32 // browsers at a time
	liveEvery = time.Second
	// liveAlive is after how many quiet looks a comment is sent, so that a
	// connection which is dead is noticed.
	liveAlive = 15
)

func (p *Page) serveLive(w http.ResponseWriter, r *http.Request) {
	select {
	case p.live <- struct{}{}:
		defer func() { <-p.live }()
	default:
		http.Error(w, "Too many tabs are open.", http.StatusServiceUnavailable)
		return
	}
	c := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	say := func(text string) bool {
		_, err := fmt.Fprint(w, text)
		return err == nil && c.Flush() == nil
	}
	seen := cmp.Or(r.Header.Get("Last-Event-ID"), r.FormValue("seen"))
	if !say("retry: 2000\nevent: hello\ndata: \n\n") {
		return
	}
	for quiet := 1; ; quiet++ {
		now := p.state(r.Context())
		switch {
		case now != seen:
			seen = now
			if !say("id: " + now + "\nevent: changed\ndata: \n\n") {
				return
			}
		case quiet%liveAlive == 0 && !say(": still here\n\n"):
			return
		}
		if !p.wait(r.Context(), liveEvery) {
			return
		}
	}
}

// wait waits, and reports whether the time has come rather than the end.
func (p *Page) wait(ctx context.Context, d time.Duration) bool {
	timer, stop := p.Pulse.NewTimer(d)
	defer stop()
	select {
	case <-timer:
		return true
	case <-ctx.Done():
		return false
	}
}

// state is a mark of what the page would show: every commit changes it, and every
// change of the user's files.
func (p *Page) state(ctx context.Context) string {
	version, err := p.Service.Store.Version(ctx)
	if err != nil {
		return "unreadable"
	}
	mark := fnv.New64a()
	_, _ = io.WriteString(mark, p.Desk.FilesState())
	return fmt.Sprintf("%d-%016x", version, mark.Sum64())
}
