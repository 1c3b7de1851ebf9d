package scheduler

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"afterword/mailer"
)

// walking is a clock that a test moves.
type walking struct{ now time.Time }

func (w *walking) Now() time.Time { return w.now }
func (w *walking) NewTimer(time.Duration) (<-chan time.Time, func()) {
	return make(chan time.Time), func() {}
}
func (w *walking) Hold() func() { return func() {} }

// TestProgress: the first reading tells where it goes back to, how far it is
// now and then, and its end; later ones tell nothing, and no line holds a name.
func TestProgress(t *testing.T) {
	var out bytes.Buffer
	clock := &walking{now: paris("2026-11-24 10:00")}
	d := &Daemon{Log: slog.New(slog.NewTextHandler(&out, nil)), Clock: clock}
	req := mailer.LookRequest{Since: paris("2026-11-02 09:00")}
	p := d.progress(newTally(nil, time.Time{}, ""), req)
	for range 6 {
		clock.now = clock.now.Add(2 * time.Second)
		p.note(mailer.Batch{Messages: make([]mailer.Fetched, 100), Cursor: mailer.Cursor{Folder: "Acme"}, Left: 700})
	}
	p.end(nil)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 4 || !strings.Contains(lines[0], "back_to=2026-11-02") || !strings.Contains(lines[1], "read=300 left_in_folder=700") || !strings.Contains(lines[3], "messages=600") {
		t.Errorf("told:\n%s", out.String())
	}
	if strings.Contains(out.String(), "Acme") {
		t.Errorf("a name is told:\n%s", out.String())
	}
	out.Reset()
	d.progress(newTally(nil, time.Time{}, ""), req).end(errors.New("lost"))
	later := d.progress(newTally(nil, clock.now, ""), req)
	later.note(mailer.Batch{})
	later.end(nil)
	if n := strings.Count(out.String(), "\n"); n != 1 {
		t.Errorf("a failed first reading and a later one tell %d lines:\n%s", n, out.String())
	}
}

func TestQuiet(t *testing.T) {
	if !(lookEnd{}).quiet() {
		t.Error("a look that found nothing is written down")
	}
	for what, end := range map[string]lookEnd{
		"a failure": {err: errors.New("lost")}, "a gap": {gap: true}, "mail": {news: true}, "a folder left out": {leftOut: make([]mailer.FolderTrouble, 1)},
	} {
		if end.quiet() {
			t.Errorf("%s is not written down", what)
		}
	}
}
