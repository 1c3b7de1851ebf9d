//go:build browser

package web

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// ask evaluates an expression of the page's.
func ask[T any](b *browser, expression string) T {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.Fatalf("%s: %v", expression, err)
	}
	return v
}

// press types keys, one after the other.
func (b *browser) press(keys ...string) {
	b.Helper()
	for _, key := range keys {
		b.do(chromedp.KeyEvent(key))
	}
}

// reachable are the things that the Tab key should come by, in their order: a
// group of radio buttons is one.
const reachable = `[...document.querySelectorAll('a[href], button:not([disabled]), input:not([type=hidden]), select, textarea, summary')]
	.filter(e => e.checkVisibility() && !(e.type === 'radio' && !e.checked))`

// focused says what has the focus and how it shows: "" if nothing has it.
const focused = `(() => {
	const e = document.activeElement;
	if (!e || e === document.body) return '';
	const n = ` + reachable + `.indexOf(e), s = getComputedStyle(e), r = e.getBoundingClientRect();
	const seen = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && r.width > 0 && r.height > 0 && r.right > 0 && r.bottom > 0 && r.left < innerWidth && r.top < innerHeight;
	return n + (seen ? ' seen ' : ' unseen ') + e.outerHTML.slice(0, 80);
})()`

// TestBrowserKeyboard: without a mouse. The first Tab finds the way past the
// menu; every link, button and field is come by once, in the order in which it
// is read, and shows that it has the focus.
func TestBrowserKeyboard(t *testing.T) {
	b := browse(t, planned(t))
	for _, width := range []int64{1280, 390} {
		b.look(width, 844, "light")
		for _, path := range []string{"/", "/review", "/review/acme-sre/onsite", mailHref(kenKey), "/applications", "/applications/acme-sre", "/applications/acme-sre/forget", "/applications/acme-sre/debrief/onsite", "/calendar", "/new", "/proofread", "/people", "/events", "/settings"} {
			b.do(chromedp.Navigate(b.base+path), chromedp.WaitReady("main"))
			all := ask[int](b, reachable+".length")
			for n := range all {
				got := b.tab()
				if !strings.HasPrefix(got, fmt.Sprintf("%d seen ", n)) {
					t.Errorf("%s at %d: Tab %d of %d comes to %s", path, width, n+1, all, got)
					break
				}
			}
		}
	}
}

// tab goes on to the next thing and says what it is. A field for a day or an hour
// has several parts, each of which takes a Tab.
func (b *browser) tab() string {
	b.Helper()
	before := ask[string](b, focused)
	for range 6 {
		b.press(kb.Tab)
		if now := ask[string](b, focused); now != before {
			return now
		}
	}
	return "nothing else than " + before
}

// TestBrowserKeyboardWorks: the skip link leads past the menu; a mail is paused,
// read and approved by keys alone.
func TestBrowserKeyboardWorks(t *testing.T) {
	b := browse(t, waiting(t))
	b.do(chromedp.Navigate(b.base+"/"), chromedp.WaitReady("main"))
	b.press(kb.Tab)
	if !ask[bool](b, `document.activeElement.matches('.skip') && document.activeElement.getBoundingClientRect().left >= 0`) {
		t.Error("the first Tab does not show the way past the menu")
	}
	b.press(kb.Enter, kb.Tab)
	if !ask[bool](b, `document.activeElement.closest('main') !== null`) {
		t.Errorf("after the skip link the focus is at %s", ask[string](b, focused))
	}
	b.tabTo("Pause everything", kb.Enter)
	b.says("Everything is paused")
	b.tabTo("Resume everything", kb.Enter)
	b.says("Resumed: 1 hold lifted.")
	b.tabTo("Read and approve", kb.Enter)
	b.says("Approve all 2 that wait")
	b.tabTo("Approve all 2 that wait", kb.Enter)
	b.says("2 mails approved.")
}

// tabTo goes by Tab to what bears that name, and presses a key there.
func (b *browser) tabTo(name, key string) {
	b.Helper()
	for range 80 {
		if ask[string](b, "document.activeElement.innerText.trim()") == name {
			b.press(key)
			return
		}
		b.press(kb.Tab)
	}
	b.Fatalf("no number of Tabs comes to %q", name)
}
