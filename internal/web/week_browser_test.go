//go:build browser

package web

import (
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"afterword/scheduler"
)

// waiting is a fixture whose panel's notes wait for approval as the templates
// write them, with a mail in doubt and a question besides.
func waiting(t *testing.T) *fixture {
	t.Helper()
	f := newFixture(t, map[string]string{"acme-sre.yaml": fixtureAcme, "globex.yaml": fixtureGlobex})
	for rank, d := range []scheduler.Delivery{goldenNote("Ken Osei", "ken@acme.example"), goldenNote("Mara Lindt", "mara@acme.example")} {
		d.Frozen, d.Rank = nil, rank
		f.put(d, scheduler.Review)
	}
	return f
}

// click finds what bears that name and clicks where it stands: what lies under
// something else, or outside the window, is not reached so.
func (b *browser) click(name string) {
	b.Helper()
	if !ask[bool](b, `(() => {
		document.querySelectorAll('[data-clicked]').forEach(e => e.removeAttribute('data-clicked'));
		const all = [...document.querySelectorAll('a[href], button:not([disabled]), summary, label')].filter(e => e.checkVisibility());
		const e = all.find(e => e.innerText.trim().split('\n')[0].trim() === `+quotedJS(name)+`);
		if (e) e.setAttribute('data-clicked', '');
		return !!e;
	})()`) {
		b.Fatalf("nothing here bears the name %q:\n%s", name, ask[string](b, "document.body.innerText"))
	}
	b.do(chromedp.Click("[data-clicked]"))
	b.until("!document.querySelector('[data-clicked]') && document.readyState === 'complete'", "the click on "+name)
}

// types writes into a field.
func (b *browser) types(field, text string) {
	b.Helper()
	b.do(chromedp.Click(field), chromedp.SendKeys(field, text))
}

// TestBrowserWeek is a candidate's week by clicks alone, at a desk and on a phone:
// every task of it begins at the first page.
func TestBrowserWeek(t *testing.T) {
	for name, width := range map[string]int64{"desk": 1280, "phone": 390} {
		t.Run(name, func(t *testing.T) {
			b := browse(t, waiting(t))
			b.look(width, 844, "light")
			home := func() {
				t.Helper()
				b.do(chromedp.Navigate(b.base+"/"), chromedp.WaitReady("main"))
			}
			home()
			b.readsAndApproves()
			home()
			b.tellsHowItWent()
			home()
			b.addsAnInterview()
			home()
			b.changesAnApplication()
			home()
			b.settlesADoubt()
			home()
			b.proofreadsAText()
			home()
			b.forgetsAnApplication()
			if want := []string{"forget globex"}; !slices.Equal(b.desk.wrote[max(0, len(b.desk.wrote)-1):], want) {
				t.Errorf("at the end was written %v, want %v", b.desk.wrote, want)
			}
		})
	}
}

// wrote waits for nothing: the page that follows a change is there once it is done.
func (b *browser) wrote(want string) {
	b.Helper()
	if !slices.Contains(b.desk.wrote, want) {
		b.Errorf("%q was not written: %q", want, b.desk.wrote)
	}
}

func (b *browser) readsAndApproves() {
	b.Helper()
	b.click("Read and approve")
	b.says("Approve all 2 that wait")
	b.click("Change")
	b.says("Change the words")
	b.types("#body", "\n\nI look forward to the second round.")
	b.click("Save my words")
	b.says("I look forward to the second round.")
	b.click("Side by side")
	b.says("Approve all 2 that wait")
	b.click("Approve all 2 that wait")
	b.says("2 mails approved.")
	b.click("Open")
	b.click("Skip for good")
	b.says("Skipped: thank-you to Ken Osei.")
}

func (b *browser) tellsHowItWent() {
	b.Helper()
	b.click("Applications")
	b.click("Acme")
	b.click("How did it go?")
	b.types("#went_well", "the design round")
	b.click("Write it down")
	b.says("Written down.")
}

func (b *browser) addsAnInterview() {
	b.Helper()
	b.click("New interview")
	b.types("#company", "Initech")
	b.types("#role", "Engineer")
	b.do(chromedp.SetValue("#date", "2026-12-03"), chromedp.SetValue("#time", "10:00"))
	b.types("#name0", "Ada Quint")
	b.types("#email0", "ada@initech.example")
	b.click("Save the interview")
	b.says("is written down")
	b.wrote("add Initech")
}

func (b *browser) changesAnApplication() {
	b.Helper()
	b.click("Applications")
	b.click("Acme")
	b.do(chromedp.SetValue("#status", "offer"))
	b.click("Save")
	b.says("status is written.")
	b.wrote("status=offer")
	b.click("Put it on hold")
	b.says("On hold. Nothing of it leaves until you let it go on.")
	b.click("Let it go on")
	b.says("Resumed")
	b.click("They answered elsewhere")
	b.says("Noted: you heard from them elsewhere.")
	b.click("Pause everything")
	b.says("Everything is paused")
	b.click("Resume everything")
	b.says("Resumed: 1 hold lifted.")
}

func (b *browser) settlesADoubt() {
	b.Helper()
	d := goldenNote("Noor Haddad", "noor@globex.example")
	d.Key, d.Application, d.Company = "globex/video/thank-you/noor@globex.example", "globex", "Globex"
	b.put(d, scheduler.Approved, scheduler.Sending, scheduler.HandedOver, scheduler.InDoubt)
	b.says("Did the mail to Noor Haddad arrive?") // by itself
	b.click("Look at the evidence")
	b.click("It arrived")
	b.says("Settled: The doubt is settled")
}

func (b *browser) proofreadsAText() {
	b.Helper()
	b.click("Proofread")
	b.types("textarea", "I beleive it.")
	b.says("beleive")
}

func (b *browser) forgetsAnApplication() {
	b.Helper()
	b.click("Applications")
	b.click("Globex")
	b.click("Forget this application…")
	b.says("This goes for good")
	b.click("Keep it")
	b.click("Forget this application…")
	b.click("Forget Globex for good")
	b.says("globex is forgotten.")
}
