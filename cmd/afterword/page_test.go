package main

import (
	"bufio"
	"context"
	"errors"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"afterword/internal/clock"
	"afterword/internal/web"
)

// openDemo is the demo's profile before its story, with a page.
func openDemo(t *testing.T) (h *house, link string) {
	t.Helper()
	dir := t.TempDir()
	if err := writeDemo(dir); err != nil {
		t.Fatal(err)
	}
	h, err := openHouse(t.Context(), filepath.Join(dir, "config.yaml"), outside{clock: &clock.Running{}}, true)
	if err != nil {
		t.Fatal(err)
	}
	closePage, err := h.openPage(context.WithoutCancel(t.Context()), "127.0.0.1:0", slog.New(slog.DiscardHandler), func(p *web.Page) { link = p.Link() })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		closePage()
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h, link
}

// read is what a browser gets.
func read(t *testing.T, c *http.Client, address string) (int, string) {
	t.Helper()
	r, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(text)
}

// TestPageIsServed: the printed link opens the page over the user's real files;
// without it the page stays shut.
func TestPageIsServed(t *testing.T) {
	t.Parallel()
	h, link := openDemo(t)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jar}
	base, _, ok := strings.Cut(link, "/enter")
	if !ok {
		t.Fatalf("the link is %q", link)
	}
	if code, text := read(t, c, base+"/"); code != http.StatusUnauthorized || strings.Contains(text, "Pause") {
		t.Errorf("without the link: %d\n%s", code, text)
	}
	if code, _ := read(t, c, link); code != http.StatusOK {
		t.Errorf("the link gave %d", code)
	}
	if code, text := read(t, c, base+"/"); code != http.StatusOK || !strings.Contains(text, "Pause everything") {
		t.Errorf("with the link: %d\n%s", code, text)
	}
	d := &desk{*h}
	before := d.FilesState()
	if err := os.WriteFile(filepath.Join(h.config.InterviewsDir, "new.yaml"), []byte("company: New\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if d.FilesState() == before {
		t.Error("a new file does not change the state of the files")
	}
}

// TestLinkIsForTheUserAlone: what is no terminal, such as a service's journal, is
// told where the page is and not the token that opens it; `page` prints the link
// to whoever may read the profile, and none once the page has ended.
func TestLinkIsForTheUserAlone(t *testing.T) {
	t.Parallel()
	h, link := openDemo(t)
	at := filepath.Join(filepath.Dir(h.config.StatePath), "config.yaml")
	say := func() (string, error) {
		var out lockedBuffer
		p := &program{out: &out, err: &out, clock: h.clock, configPath: at}
		err := p.page()
		return out.String(), err
	}
	if said, err := say(); err != nil || said != link+"\n" {
		t.Errorf("page says %q, %v; the link is %q", said, err, link)
	}
	if info, err := os.Stat(h.config.StatePath + ".page"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the link lies in %v, %v", info, err)
	}
	var journal lockedBuffer
	closePage, err := h.openPage(context.WithoutCancel(t.Context()), "127.0.0.1:0", slog.New(slog.NewJSONHandler(&journal, nil)), tellLink(&journal))
	if err != nil {
		t.Fatal(err)
	}
	now, err := say()
	_, token, ok := strings.Cut(strings.TrimSpace(now), "token=")
	if err != nil || !ok || now == link+"\n" {
		t.Errorf("page says %q, %v", now, err)
	}
	if text := journal.String(); strings.Contains(text, token) || !strings.Contains(text, "afterword page") || !strings.Contains(text, "http://127.0.0.1:") {
		t.Errorf("the journal says %q", text)
	}
	closePage()
	if said, err := say(); err == nil || said != "" {
		t.Errorf("after its end page says %q", said)
	}
}

// TestDemosPageForgets: what a newcomer tries on the demo's page works there too,
// forgetting included.
func TestDemosPageForgets(t *testing.T) {
	t.Parallel()
	h, _ := openDemo(t)
	h.store = &tap{Store: h.store, committed: func(context.Context) {}}
	h.service.Store = h.store
	ctx, stop := context.WithCancel(t.Context())
	said, says := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- (&program{out: io.Discard, err: says, clock: h.clock}).serveDemo(ctx, h)
		_ = says.Close()
	}()
	lines := bufio.NewScanner(said)
	link := ""
	for link == "" && lines.Scan() {
		if l, ok := strings.CutPrefix(lines.Text(), "The page: "); ok {
			link = l
		}
	}
	go func() { _, _ = io.Copy(io.Discard, said) }()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jar}
	base, _, _ := strings.Cut(link, "/enter")
	read(t, c, link)
	_, page := read(t, c, base+"/applications/acme-sre/forget")
	_, since, _ := strings.Cut(page, `name="since" value="`)
	since, _, _ = strings.Cut(since, `"`)
	r, err := c.PostForm(base+"/forget", url.Values{"application": {"acme-sre"}, "since": {html.UnescapeString(since)}, "confirm": {"yes"}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r.Body)
	if err = errors.Join(err, r.Body.Close()); err != nil || r.StatusCode != http.StatusOK || !strings.Contains(string(text), "acme-sre is forgotten: 1 file removed") {
		t.Errorf("%d, %v: %s", r.StatusCode, err, text)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestPageAtATakenAddress: where another profile's page stands at the address,
// the hint names one that is always free.
func TestPageAtATakenAddress(t *testing.T) {
	t.Parallel()
	h, link := openDemo(t)
	address, _, _ := strings.Cut(strings.TrimPrefix(link, "http://"), "/")
	shut, err := h.openPage(t.Context(), address, slog.New(slog.DiscardHandler), func(*web.Page) {})
	if err == nil {
		shut()
	}
	if !strings.Contains(hintOn(err), "127.0.0.1:0 for any free port") {
		t.Errorf("opening a second page at %s: %v, hint %q", address, err, hintOn(err))
	}
}
