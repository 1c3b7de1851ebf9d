//go:build browser

package web

import (
	"context"
	"flag"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// patience bounds each wait for the browser; nothing waits for a fixed time.
const patience = 2 * time.Minute

// browser is a real Chromium that has come in by the link.
type browser struct {
	*fixture
	ctx  context.Context
	base string
	stop context.CancelFunc // ends the page's server
}

// browse serves a fixture on a port of the kernel's and opens it.
func browse(t *testing.T, f *fixture) *browser {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := f.page.Config
	c.Listen = l.Addr().String()
	if f.page, err = New(c); err != nil {
		t.Fatal(err)
	}
	serving, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- f.page.Serve(serving, l) }()
	allocator, endAllocator := chromedp.NewExecAllocator(context.Background(), chromedp.NoSandbox, chromedp.Headless)
	ctx, endBrowser := chromedp.NewContext(allocator)
	b := &browser{fixture: f, ctx: ctx, base: "http://" + c.Listen, stop: stop}
	t.Cleanup(func() {
		endBrowser()
		endAllocator()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	if err := chromedp.Do(ctx); err != nil { // starts it: what ends the first context ends the browser
		t.Fatal(err)
	}
	b.do(chromedp.Navigate(f.page.Link()))
	b.until("document.querySelector('nav') && document.readyState === 'complete'", "the page behind the link")
	return b
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.Fatal(err)
	}
}

// says waits until the page shows a text.
func (b *browser) says(text string) {
	b.Helper()
	b.until("document.body.innerText.includes("+quotedJS(text)+")", text)
}

// until waits until something is true of the page, whatever page that is by then.
func (b *browser) until(expression, name string) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for {
		_, err := chromedp.Run(ctx, chromedp.Poll[bool](expression))
		if err == nil {
			return
		}
		if ctx.Err() != nil { // else the page went away under the question, and the next one is asked
			b.Fatalf("waited in vain for %q: %v; the page says:\n%s", name, err, ask[string](b, "document.body.innerText"))
		}
	}
}

func quotedJS(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// look chooses width and colours.
func (b *browser) look(width, height int64, colours string) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: colours}}}); err != nil {
		b.Fatal(err)
	}
	b.do(chromedp.EmulateViewport(width, height))
}

// shoot keeps a picture as test output, where go test -artifacts keeps any.
func (b *browser) shoot(name string) {
	b.Helper()
	if kept := flag.Lookup("test.artifacts"); kept == nil || kept.Value.String() != "true" {
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.ArtifactDir(), name+".png"), picture, 0o600); err != nil {
		b.Fatal(err)
	}
}

// TestBrowserAccessible: axe-core finds nothing to object to on any page, in
// light and dark, at the width of a phone and of a desk; no page is wider than
// its window.
func TestBrowserAccessible(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join("testdata", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	b := browse(t, planned(t))
	pages := map[string]string{"today": "/", "review": "/review", "round": "/review/acme-sre/onsite", "mail": mailHref(kenKey), "applications": "/applications", "application": "/applications/acme-sre",
		"debrief": "/applications/acme-sre/debrief/onsite", "calendar": "/calendar", "new": "/new", "proofread": "/proofread", "people": "/people", "events": "/events", "settings": "/settings", "forget": "/applications/acme-sre/forget", "missing": "/nothing"}
	b.holdAgainst(string(axe), pages)
	b = browse(t, trouble(t))
	b.holdAgainst(string(axe), map[string]string{"today-full": "/", "doubt": mailHref(kenKey), "broken": "/applications/initech", "forget-doubt": "/applications/acme-sre/forget"})
}

// holdAgainst runs axe on each page in every width and colour. A page is loaded
// once, and looked at in all of them.
func (b *browser) holdAgainst(axe string, pages map[string]string) {
	b.Helper()
	for name, path := range pages {
		b.do(chromedp.Navigate(b.base+path), chromedp.WaitReady("main"))
		ask[any](b, axe+";0")
		for _, v := range []struct {
			name, colours string
			width, height int64
		}{{"desk-light", "light", 1280, 800}, {"desk-dark", "dark", 1280, 800}, {"phone-dark", "dark", 390, 844}, {"phone-light", "light", 390, 844}} {
			b.look(v.width, v.height, v.colours)
			for _, one := range b.violations() {
				b.Errorf("%s, %s: %s", name, v.name, one)
			}
			if wide := ask[int](b, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
				b.Errorf("%s, %s: %d pixels wider than the window", name, v.name, wide)
			}
			b.shoot(name + "-" + v.name)
		}
	}
}

// violations are what axe says against the page that is shown.
func (b *browser) violations() []string {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](
		"axe.run(document).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 160) + ' ' + (n.any[0] ? n.any[0].message : '')).slice(0, 3).join(' | ')))", chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatal(err)
	}
	return found
}

// TestBrowserPauseEditLive: the red button by a click; a text is checked while
// it is typed; another tab's change is told without taking a typed word away;
// when the program ends the page says so and keeps the words.
func TestBrowserPauseEditLive(t *testing.T) {
	b := browse(t, planned(t))
	b.click("Pause everything")
	b.says("Everything is paused")
	b.click("Resume everything")
	b.says("Resumed: 1 hold lifted.")
	b.do(chromedp.Navigate(b.base+mailHref(kenKey)), chromedp.WaitVisible("#body"), chromedp.SendKeys("#body", " I beleive it."))
	b.says(`beleive`)
	if _, err := b.service.Skip(t.Context(), "acme-sre/onsite/thank-you/mara@acme.example", ""); err != nil {
		t.Fatal(err)
	}
	b.says("Something has changed since this page was opened.")
	b.do(chromedp.Reload(), chromedp.WaitVisible("#body"))
	b.says("What you had typed here before is back.")
	b.stop()
	b.says("The connection to the program is lost.")
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if text, err := chromedp.Run(ctx, chromedp.Value("#body")); err != nil || !strings.Contains(text, "I beleive it.") {
		t.Errorf("the typed words are %q, %v", text, err)
	}
}
