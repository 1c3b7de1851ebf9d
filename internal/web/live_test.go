package web

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"afterword/scheduler"
)

// lastPulse ends the line at its first wait.
type lastPulse struct {
	scheduler.Clock
	end func()
}

func (p lastPulse) NewTimer(time.Duration) (<-chan time.Time, func()) {
	p.end()
	return nil, func() {}
}

// said is what the line says before it waits.
func (f *fixture) said(line string, change func(*http.Request)) string {
	f.Helper()
	ctx, end := context.WithCancel(f.Context())
	defer end()
	f.page.Pulse = lastPulse{f.page.Pulse, end}
	return f.ask("GET", line, nil, func(r *http.Request) {
		*r = *r.WithContext(ctx)
		if change != nil {
			change(r)
		}
	}).Body.String()
}

// TestLiveMissesNothing: what changed after the page was read and before its line
// stood, or while the line was broken, is told as soon as it stands.
func TestLiveMissesNothing(t *testing.T) {
	f := newFixture(t, map[string]string{"acme-sre.yaml": fixtureAcme})
	line := regexp.MustCompile(`data-live="([^"]+)"`).FindStringSubmatch(f.get("/"))
	if line == nil {
		t.Fatal("the page names no line")
	}
	if said := f.said(line[1], nil); !strings.Contains(said, "event: hello") || strings.Contains(said, "event: changed") {
		t.Errorf("nothing changed, and it says\n%s", said)
	}
	f.change(func(tx scheduler.Tx) error { return tx.SetMeta("imap.state", "the server refused the login") })
	said := f.said(line[1], nil)
	mark := regexp.MustCompile(`id: (\S+)\nevent: changed`).FindStringSubmatch(said)
	if mark == nil {
		t.Fatalf("a commit before the line stood is missed:\n%s", said)
	}
	takenUp := func(r *http.Request) { r.Header.Set("Last-Event-ID", mark[1]) }
	if said := f.said(line[1], takenUp); strings.Contains(said, "event: changed") {
		t.Errorf("what was told already is told again:\n%s", said)
	}
	f.desk.state = "a file was saved"
	if said := f.said(line[1], takenUp); !strings.Contains(said, "event: changed") {
		t.Errorf("a file that was saved while the line was broken is missed:\n%s", said)
	}
}
