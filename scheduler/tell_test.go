package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"afterword/mailer"
	"afterword/scheduler/calendar"
)

// ear is a channel that notes what it was told, after so many failures.
type ear struct {
	fails int
	err   error
	heard []string
	tries int
}

func (e *ear) Notify(_ context.Context, n Notice) error {
	e.tries++
	if e.fails > 0 {
		e.fails--
		return e.err
	}
	e.heard = append(e.heard, n.Key)
	return nil
}

// teller is a daemon of which nothing works but its outbox.
type teller struct {
	*testing.T
	d     *Daemon
	store *memory
	clock *handClock
}

func newTeller(t *testing.T, channels ...Channel) *teller {
	t.Helper()
	s, c := newMemory(), &handClock{now: paris("2026-11-02 12:00")}
	return &teller{t, &Daemon{Store: s, Clock: c, Channels: channels, Log: slog.New(slog.DiscardHandler), asks: make(chan func())}, s, c}
}

// put puts notices into the outbox, each of a kind and named by it.
func (l *teller) put(kinds ...string) {
	l.Helper()
	for _, k := range kinds {
		if _, err := l.store.Notify(Notice{Key: k, Kind: strings.TrimRight(k, "0123456789"), At: l.clock.now}); err != nil {
			l.Fatal(err)
		}
	}
}

// tell is what the loop does about the outbox, until nobody tells any more.
func (l *teller) tell(pass time.Duration) {
	l.Helper()
	l.clock.now = l.clock.now.Add(pass)
	l.d.helpers = newGroup(l.clock)
	if err := l.d.noteStore(l.Context()); err != nil {
		l.Fatal(err)
	}
	if err := l.d.flush(l.Context(), l.clock.now); err != nil {
		l.Fatal(err)
	}
	l.d.drain()
	if err := l.d.noteStore(l.Context()); err != nil {
		l.Fatal(err)
	}
}

func (l *teller) want(what string, e *ear, heard ...string) {
	l.Helper()
	if !slices.Equal(e.heard, heard) {
		l.Errorf("%s heard %v, want %v", what, e.heard, heard)
	}
}

// TestEachChannelTellsOnce: a channel that fails is tried again, later each
// time, and nothing is repeated on the others or lost on it.
func TestEachChannelTellsOnce(t *testing.T) {
	t.Parallel()
	mail, push := &ear{}, &ear{fails: 2, err: errors.New("no route")}
	l := newTeller(t, Channel{Notifier: mail, Name: "mail"}, Channel{Notifier: push, Name: "ntfy"})
	l.put("reply1", "reply2")
	l.tell(0)
	l.want("mail", mail, "reply1", "reply2")
	l.tell(59 * time.Second)
	if push.tries != 1 {
		t.Errorf("after 59 seconds the channel that failed was tried %d times, want once", push.tries)
	}
	if at := l.d.tellAt(l.clock.now); !at.Equal(l.clock.now.Add(time.Second)) {
		t.Errorf("the loop is to look again at %s", at)
	}
	l.put("reply3")
	l.tell(time.Second)
	l.tell(time.Minute)
	if push.tries != 2 {
		t.Errorf("the second pause is no longer than the first: %d tries", push.tries)
	}
	l.tell(time.Minute)
	l.tell(time.Hour)
	l.want("mail", mail, "reply1", "reply2", "reply3")
	l.want("ntfy", push, "reply1", "reply2", "reply3")
	if open, _ := l.store.Notices(true); len(open) != 0 {
		t.Errorf("told by both, and still open: %+v", open)
	}
}

// TestOverNoticesAreNotTold: what was approved, answered or cancelled before a channel
// came to tell it, as in quiet hours or while no daemon ran, asks for nothing any more.
func TestOverNoticesAreNotTold(t *testing.T) {
	t.Parallel()
	mail := &ear{}
	l := newTeller(t, Channel{Notifier: mail, Name: "mail"})
	put := func(key, kind string, about About) {
		t.Helper()
		if err := tellAbout(l.store, Notice{Key: key, Kind: kind, At: l.clock.now}, about); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range []State{Planned, Review, Approved, Cancelled} {
		d := Delivery{Key: "acme/talk/step/" + string(s), State: s}
		l.store.set(d)
		put("review/"+d.Key, noticeReview, About{Key: d.Key})
		put("announce/"+d.Key, noticeAnnounce, About{Key: d.Key})
	}
	put("review/unknown", noticeReview, About{Key: "acme/talk/step/unknown"})
	put("question/happened/open#2026", noticeQuestion, About{})
	put("question/happened/answered#2026", noticeQuestion, About{})
	if _, err := l.store.Ask(Question{Key: "happened/open"}); err != nil {
		t.Fatal(err)
	}
	l.tell(0)
	l.want("mail", mail, "announce/acme/talk/step/planned", "review/acme/talk/step/review", "announce/acme/talk/step/review",
		"announce/acme/talk/step/approved", "review/unknown", "question/happened/open#2026")
	if open, _ := l.store.Notices(true); len(open) != 0 {
		t.Errorf("not to be told, and still open: %+v", open)
	}
}

// TestWhatComesBackIsToldAnew: a mail that was cancelled before a channel came to tell
// of it, and is wanted again, is told of; an announcement that is never told would keep
// its mail for ever.
func TestWhatComesBackIsToldAnew(t *testing.T) {
	t.Parallel()
	mail := &ear{}
	l := newTeller(t, Channel{Notifier: mail, Name: "mail", Shows: true})
	d := Delivery{Key: "acme/talk/follow-up/ken", Kind: Asking, TextHash: "5f0c"}
	put := func(state State) {
		t.Helper()
		d.State = state
		l.store.set(d)
		for key, kind := range map[string]string{announceKey(&d): noticeAnnounce, "review/" + d.Key + "#new": noticeReview} {
			if err := tellAbout(l.store, Notice{Key: key, Kind: kind, At: l.clock.now}, About{Key: d.Key}); err != nil {
				t.Fatal(err)
			}
		}
	}
	put(Cancelled)
	l.tell(0)
	l.want("mail", mail)
	put(Cancelled)
	l.tell(time.Hour)
	l.want("mail", mail)
	put(Review)
	l.tell(time.Hour)
	slices.Sort(mail.heard)
	l.want("mail", mail, announceKey(&d)+"~2", "review/"+d.Key+"#new~2")
	if shown, err := l.store.Delivery(d.Key); err != nil || shown.Announced.IsZero() {
		t.Errorf("the mail was announced, and still waits to be: %+v %v", shown, err)
	}
	put(Review)
	l.tell(time.Hour)
	l.want("mail", mail, announceKey(&d)+"~2", "review/"+d.Key+"#new~2")
}

// TestRestartRepeatsNothing: another run of the program tells by each channel
// what that channel lacks, and nothing else.
func TestRestartRepeatsNothing(t *testing.T) {
	t.Parallel()
	mail, push := &ear{}, &ear{fails: 1, err: errors.New("no route")}
	l := newTeller(t, Channel{Notifier: mail, Name: "mail"}, Channel{Notifier: push, Name: "ntfy"})
	l.put("reply1")
	l.tell(0)
	again := newTeller(t, l.d.Channels...)
	again.store, again.d.Store = l.store, l.store
	again.tell(0)
	again.tell(time.Hour)
	again.want("mail", mail, "reply1")
	again.want("ntfy", push, "reply1")
}

// TestKindsGoWhereTheyAreSent: a channel with a list hears nothing else; what
// none is for, and what waited for a channel that is gone, does not stay open.
func TestKindsGoWhereTheyAreSent(t *testing.T) {
	t.Parallel()
	mail, push := &ear{}, &ear{}
	l := newTeller(t, Channel{Notifier: mail, Name: "mail", Only: []string{"question", "channel"}}, Channel{Notifier: push, Name: "ntfy", Only: []string{"in-doubt", "question", "channel"}})
	l.put("question", "in-doubt", "reply", "channel/mail#1")
	l.store.notices[3].Kind = noticeChannel
	l.tell(0)
	l.want("mail", mail, "question")
	l.want("ntfy", push, "question", "in-doubt", "channel/mail#1")
	if open, _ := l.store.Notices(true); len(open) != 0 {
		t.Errorf("still open: %+v", open)
	}
	l.put("in-doubt2")
	l.d.Channels = l.d.Channels[:1]
	l.tell(0)
	if open, _ := l.store.Notices(true); len(open) != 0 {
		t.Errorf("the channel is gone, and still open are %+v", open)
	}
}

// TestQuietHoursOfAChannel: what can wait waits for the morning, what cannot is
// told at once, and a channel without quiet hours tells all.
func TestQuietHoursOfAChannel(t *testing.T) {
	t.Parallel()
	mail, push := &ear{}, &ear{}
	night := QuietHours{From: 22 * 60, To: 7 * 60, Zone: zone("Europe/Paris")}
	l := newTeller(t, Channel{Notifier: mail, Name: "mail"}, Channel{Notifier: push, Name: "ntfy", Quiet: night})
	l.clock.now = paris("2026-11-02 23:30")
	l.put("reply", "in-doubt", "refused", "expiry", "store", "question", "review")
	l.tell(0)
	l.want("mail", mail, "reply", "in-doubt", "refused", "expiry", "store", "question", "review")
	l.want("ntfy", push, "in-doubt", "refused", "expiry", "store")
	if at := l.d.tellAt(l.clock.now); !at.Equal(paris("2026-11-03 07:00")) {
		t.Errorf("the rest is told at %s", at)
	}
	if l.d.untold(l.clock.now) {
		t.Error("a run that ends when all is done would wait for the morning")
	}
	l.tell(paris("2026-11-03 06:59").Sub(l.clock.now))
	l.want("ntfy", push, "in-doubt", "refused", "expiry", "store")
	l.tell(time.Minute)
	l.want("ntfy", push, "in-doubt", "refused", "expiry", "store", "reply", "question", "review")
}

// TestEndOfQuietHours: on the wall clock of the user, across midnight and
// across both changes of the clock.
func TestEndOfQuietHours(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to calendar.TimeOfDay
		now, end string
	}{
		{22 * 60, 7 * 60, "2026-11-02 21:59", ""},
		{22 * 60, 7 * 60, "2026-11-02 22:00", "2026-11-03 07:00"},
		{22 * 60, 7 * 60, "2026-11-03 00:00", "2026-11-03 07:00"},
		{22 * 60, 7 * 60, "2026-11-03 06:59", "2026-11-03 07:00"},
		{22 * 60, 7 * 60, "2026-11-03 07:00", ""},
		{13 * 60, 14 * 60, "2026-11-03 13:30", "2026-11-03 14:00"},
		{13 * 60, 14 * 60, "2026-11-03 12:59", ""},
		{13 * 60, 14 * 60, "2026-11-03 14:00", ""},
		{22 * 60, 24 * 60, "2026-11-03 23:00", "2026-11-04 00:00"},
		{22 * 60, 0, "2026-11-03 23:00", "2026-11-04 00:00"},
		{7 * 60, 7 * 60, "2026-11-03 07:00", ""},
		{22 * 60, 2*60 + 30, "2027-03-28 01:00", "2027-03-28 03:00"},
		{22 * 60, 7 * 60, "2026-10-24 23:00", "2026-10-25 07:00"},
	} {
		q := QuietHours{From: c.from, To: c.to, Zone: zone("Europe/Paris")}
		got, want := q.End(paris(c.now)), time.Time{}
		if c.end != "" {
			want = paris(c.end)
		}
		if !got.Equal(want) {
			t.Errorf("quiet from %s to %s, at %s: until %s, want %s", c.from, c.to, c.now, got, want)
		}
	}
	if q := (QuietHours{From: 22 * 60, To: 7 * 60, Zone: zone("America/New_York")}); !q.End(paris("2026-11-03 07:30")).Equal(paris("2026-11-03 13:00")) {
		t.Errorf("the night of New York ends at %s", q.End(paris("2026-11-03 07:30")))
	}
}

// TestRefusals: a notice that is refused is not tried again and keeps none
// behind it; a channel that refuses all rests, and the other tells of it once.
func TestRefusals(t *testing.T) {
	t.Parallel()
	mail, push := &ear{}, &ear{fails: 1, err: fmt.Errorf("too large: %w", ErrNoticeRefused)}
	l := newTeller(t, Channel{Notifier: mail, Name: "mail"}, Channel{Notifier: push, Name: "ntfy"})
	l.put("reply1", "reply2")
	l.tell(0)
	l.want("ntfy", push, "reply2")
	if open, _ := l.store.Notices(true); len(open) != 0 || l.store.notices[0].Tellings[1].Why == "" && l.store.notices[0].Tellings[0].Why == "" {
		t.Errorf("a refused notice is noted so and done: %+v", l.store.notices[0])
	}

	push.fails, push.err = 2, fmt.Errorf("401: %w", ErrChannelRefused)
	l.put("reply3")
	l.tell(0)
	l.tell(time.Hour)
	if push.tries != 3 {
		t.Errorf("a channel that refuses all was tried %d times", push.tries)
	}
	if last := mail.heard[len(mail.heard)-1]; !strings.HasPrefix(last, channelKey("ntfy")) || len(mail.heard) != 4 {
		t.Errorf("mail heard %v, and at last of the other channel once", mail.heard)
	}
	l.tell(refusedSilence)
	l.tell(refusedSilence)
	l.want("ntfy", push, "reply2", "reply3")
	if len(mail.heard) != 4 {
		t.Errorf("mail heard %v", mail.heard)
	}
}

// TestTryLater: a channel whose server says when to come again is left alone so
// long, but not for ever, and not tried sooner than one that says nothing.
func TestTryLater(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ asks, wait time.Duration }{
		{time.Second, time.Minute}, {40 * time.Minute, 40 * time.Minute}, {30 * 24 * time.Hour, refusedSilence},
	} {
		push := &ear{fails: 1, err: &TryLater{Err: errors.New("503"), After: c.asks}}
		l := newTeller(t, Channel{Notifier: push, Name: "webhook"})
		l.put("reply1")
		l.tell(0)
		l.tell(c.wait - time.Second)
		if push.tries != 1 {
			t.Errorf("asked to wait %s, it was tried %d times before %s", c.asks, push.tries, c.wait)
		}
		l.tell(time.Second)
		l.want("webhook", push, "reply1")
	}
}

// TestChannelThatFailsForLong: within two hours the other one tells of it, once,
// on however many days it fails.
func TestChannelThatFailsForLong(t *testing.T) {
	t.Parallel()
	mail, push := &ear{}, &ear{fails: 1000, err: errors.New("no route")}
	l := newTeller(t, Channel{Notifier: mail, Name: "mail"}, Channel{Notifier: push, Name: "ntfy"})
	l.put("reply1")
	for range 2 * 60 {
		l.tell(time.Minute)
	}
	tries := push.tries
	if len(mail.heard) != 2 {
		t.Errorf("after two hours mail heard %v", mail.heard)
	}
	for range 2 * 24 * 4 {
		l.tell(15 * time.Minute)
	}
	if len(mail.heard) != 2 || !strings.HasPrefix(mail.heard[1], channelKey("ntfy")) {
		t.Errorf("mail heard %v", mail.heard)
	}
	if tries < 8 || tries > 16 {
		t.Errorf("in two hours it was tried %d times", tries)
	}
}

// TestChannelAskedForPatience: a server that goes on to ask for patience is asked once an hour in
// the end, and any other every quarter of one; once it takes a notice, nothing is waited for.
func TestChannelAskedForPatience(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err         error
		least, most int
	}{{fmt.Errorf("%w: 454 4.7.0 too many login attempts", mailer.ErrServerBusy), 20, 25}, {errors.New("no route"), 90, 100}} {
		mail := &ear{fails: 1000, err: c.err}
		l := newTeller(t, Channel{Notifier: mail, Name: "mail"})
		l.put("reply1")
		for range 2 * 60 {
			l.tell(time.Minute)
		}
		if early := mail.tries; early < 7 || early > 16 {
			t.Errorf("%v: in two hours it was tried %d times", c.err, early)
		}
		mail.tries = 0
		for range 24 * 60 {
			l.tell(time.Minute)
		}
		if mail.tries < c.least || mail.tries > c.most {
			t.Errorf("%v: in the day after it was tried %d times, want %d to %d", c.err, mail.tries, c.least, c.most)
		}
		mail.fails = 0
		for range 60 {
			l.tell(time.Minute)
		}
		if !slices.Contains(mail.heard, "reply1") {
			t.Errorf("%v: it works again, and heard %v", c.err, mail.heard)
		}
	}
}

// TestOldNews: a channel that comes back after days tells what is of today and
// what nobody told, not the rest.
func TestOldNews(t *testing.T) {
	t.Parallel()
	mail, push := &ear{}, &ear{fails: 1, err: fmt.Errorf("401: %w", ErrChannelRefused)}
	l := newTeller(t, Channel{Notifier: mail, Name: "mail", Only: []string{"reply"}}, Channel{Notifier: push, Name: "ntfy", Only: []string{"reply", "question"}})
	l.put("reply1", "question1")
	l.tell(0)
	l.clock.now = l.clock.now.Add(72 * time.Hour)
	l.put("reply2")
	l.tell(0)
	l.want("mail", mail, "reply1", "reply2")
	l.want("ntfy", push, "question1", "reply2")
}

// TestShown: an announcement counts from the first channel that carried its
// text; of a notice from before there were channels the time it was told counts.
func TestShown(t *testing.T) {
	t.Parallel()
	at := paris("2026-11-02 12:00")
	for what, c := range map[string]struct {
		n    Notice
		want time.Time
	}{
		"nowhere":      {Notice{}, time.Time{}},
		"long ago":     {Notice{Told: at}, at},
		"without text": {Notice{Told: at, Tellings: []Telling{{Channel: "ntfy", At: at}}}, time.Time{}},
		"refused":      {Notice{Tellings: []Telling{{Channel: "mail", At: at, Shown: true, Why: "refused"}}}, time.Time{}},
		"by mail":      {Notice{Told: at, Tellings: []Telling{{Channel: "ntfy", At: at}, {Channel: "mail", At: at.Add(time.Hour), Shown: true}}}, at.Add(time.Hour)},
	} {
		if got := c.n.shown(); !got.Equal(c.want) {
			t.Errorf("%s: shown %s, want %s", what, got, c.want)
		}
	}
}

// TestEveryKindIsKnown: what the program tells has a kind that config.yaml may
// name, and what must be said is never left to chance.
func TestEveryKindIsKnown(t *testing.T) {
	t.Parallel()
	kinds := map[string]bool{}
	for _, k := range NoticeKinds() {
		if kinds[k.Name] {
			t.Errorf("%s stands twice", k.Name)
		}
		kinds[k.Name] = true
		if k.Urgent && !k.Needed {
			t.Errorf("%s cannot wait, but may go nowhere", k.Name)
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`Notice\{Key:.*Kind: "([^"]*)"`).FindAllStringSubmatch(string(text), -1) {
			if found++; !kinds[m[1]] {
				t.Errorf("%s tells of %q, which is no kind", name, m[1])
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d notices were found in the code", found)
	}
}

// TestBrokenStoreIsToldWithPauses: while nothing can be written, each turn of the
// loop meets the fault anew. A channel that fails is tried in its own time all the
// same, and a mail account that refused its password not again: a server would
// lock it.
func TestBrokenStoreIsToldWithPauses(t *testing.T) {
	t.Parallel()
	mail, push := &ear{fails: 1 << 20, err: mailer.ErrLoginRefused}, &ear{fails: 1 << 20, err: errors.New("no route")}
	l := newTeller(t, Channel{Notifier: mail, Name: "mail", Account: true}, Channel{Notifier: push, Name: "ntfy"})
	turns := func(n int) {
		for range n {
			l.clock.now = l.clock.now.Add(time.Second)
			l.d.helpers = newGroup(l.clock)
			if err := l.d.storeTrouble(fmt.Errorf("%w: the disk is full", ErrStoreFailed)); err != nil {
				t.Fatal(err)
			}
			l.d.tellOfStoreFault(t.Context())
			l.d.drain()
		}
	}
	turns(3600)
	if mail.tries != 1 || push.tries < 4 || push.tries > 8 {
		t.Errorf("within an hour the refused account was tried %d times, want once, and the other channel %d times", mail.tries, push.tries)
	}
	push.fails = 0
	turns(1800)
	l.want("ntfy", push, "store")
	l.want("mail", mail)
}
