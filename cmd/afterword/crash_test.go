package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"afterword/internal/ledger"
	"afterword/internal/store/faultfs"
	"afterword/internal/store/sqlite"
	"afterword/mailer"
	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// life is the program between two power cuts: the real daemon, store, ledger
// and SMTP adapter on a disk that forgets what was not synced. When the power
// goes so does its way to the servers.
type life struct {
	stage  *stage
	disk   *faultfs.Disk
	house  *house
	daemon *scheduler.Daemon
	cancel context.CancelFunc
	ended  chan error

	mu    sync.Mutex
	dead  bool
	conns []net.Conn
}

// build is how a life is put together; the zero value is the program itself.
// Everything else is a control that must fail.
type build struct {
	synchronous string // "" means FULL
	noLedger    bool
	lying       bool          // the disk says that it has synced, and has not
	fault       faultfs.Fault // of the disk from the start on
	room        int64         // bytes that fit on it all the same, if it is full
	sender      func(scheduler.Sender) scheduler.Sender
	composer    func(scheduler.Sender, scheduler.Composer) scheduler.Composer
}

// begin starts the program on what a disk holds.
func (s *stage) begin(b build, image faultfs.Image) (*life, error) {
	s.Helper()
	l := &life{stage: s, disk: faultfs.New(s.TempDir(), image), ended: make(chan error, 1)}
	if b.lying {
		l.disk.Lie()
	}
	if b.fault != faultfs.Works {
		l.disk.Fail(1, b.fault)
		l.disk.Free(b.room)
	}
	state := filepath.Join(s.dir, "afterword.db")
	id := identity{secret: []byte("the profile's secret in this test"), machine: "here"}
	if !b.noLedger {
		file, err := l.disk.OpenFile(ledger.Path(state))
		if err != nil {
			return nil, err
		}
		book, err := ledger.On(file, ledger.Path(state), id.secret)
		if err != nil {
			return nil, err
		}
		id.ledger = book
	}
	vfs, unregister := l.disk.Register()
	s.Cleanup(unregister)
	if b.synchronous == "" {
		b.synchronous = "FULL"
	}
	open := func(ctx context.Context, path string) (scheduler.Store, error) {
		return sqlite.Open(ctx, path, sqlite.WithVFS(vfs), sqlite.WithSynchronous(b.synchronous))
	}
	var err error
	out := outside{clock: s.clock, dial: l.dial, watcher: s, store: open, pace: s.pace}
	id.spare = func() { l.disk.Free(1 << 20) }
	if l.house, err = openWithSpare(s.Context(), filepath.Join(s.dir, "config.yaml"), out, id.spare); err != nil {
		return nil, err
	}
	id.keepSpare = func() error { return l.disk.Reserve(1 << 20) }
	return l, l.run(b, id)
}

// run starts the daemon.
func (l *life) run(b build, id identity) (err error) {
	if l.daemon, err = l.house.daemon(slog.New(slog.NewTextHandler(l.stage.log, nil)), id); err != nil {
		return err
	}
	if b.sender != nil {
		l.daemon.Sender = b.sender(l.daemon.Sender)
	}
	if b.composer != nil {
		l.daemon.Compose = b.composer(l.daemon.Sender, l.daemon.Compose)
	}
	var ctx context.Context
	ctx, l.cancel = context.WithCancel(context.WithoutCancel(l.stage.Context()))
	go func() {
		err := l.daemon.Run(ctx)
		l.daemon.Sender.Rest()
		l.ended <- errors.Join(err, l.daemon.Mailbox.Close())
	}()
	l.stage.Cleanup(func() { _ = l.house.Close() }) // without power it fails
	return nil
}

// end waits for the daemon's end. Without power its errors mean nothing.
func (l *life) end() error {
	l.cancel()
	return <-l.ended
}

// dial reaches the servers as long as there is power.
func (l *life) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := l.stage.world.Network().DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.dead {
		_ = c.Close()
		return nil, faultfs.ErrPower
	}
	l.conns = append(l.conns, c)
	if strings.HasSuffix(addr, ":465") {
		return &poweredConn{Conn: c, disk: l.disk}, nil
	}
	return c, nil
}

// die is what the power does when it goes.
func (l *life) die() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dead = true
	for _, c := range l.conns {
		_ = c.Close()
	}
	l.cancel()
}

func (l *life) isDead() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dead
}

// poweredConn lets the power go also just before something is said to the
// server, the final dot for example.
type poweredConn struct {
	net.Conn
	disk *faultfs.Disk
}

// Write counts as an operation of the disk.
func (c *poweredConn) Write(p []byte) (int, error) {
	if err := c.disk.Point(fmt.Sprintf("say %.20q", p)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// SMTP's sessions need the timeouts of a net.Conn and nothing else.
var _ net.Conn = (*poweredConn)(nil)

// verdict is what a user would say of a run: how often mail came twice or never
// without anybody being told, and how often there was doubt, also about mail
// that the server had taken.
type verdict struct{ twice, lost, doubts, delivered int }

func (v *verdict) add(o verdict) {
	v.twice, v.lost, v.doubts, v.delivered = v.twice+o.twice, v.lost+o.lost, v.doubts+o.doubts, v.delivered+o.delivered
}

// judge compares what the server took with what the store says of it.
func (l *life) judge() (v verdict, story string) {
	l.stage.Helper()
	var stored []scheduler.Delivery
	l.stage.must(l.house.store.View(l.stage.Context(), func(r scheduler.Reader) (err error) {
		stored, err = r.Deliveries(scheduler.DeliveryQuery{})
		return err
	}))
	for _, d := range stored {
		if d.Kind != scheduler.Owed {
			continue
		}
		one := verdict{}
		switch took := l.stage.sent(d.To.Email); {
		case took > 1:
			one.twice = 1
		case d.State == scheduler.InDoubt:
			one.doubts, one.delivered = 1, took
			if !l.told("In doubt") {
				one.lost = 1
			}
		case took == 1 && d.State != scheduler.Sent, took == 0 && d.State == scheduler.Sent:
			one.lost = 1 // the store does not know what happened
		case took == 0 && d.WaitingFor == "" && d.Why == "" || took == 0 && d.State == scheduler.Approved && d.WaitingFor == "":
			one.lost = 1
		}
		if one.twice+one.lost > 0 {
			story += fmt.Sprintf("%s is %s (waits for %q, because %q), the server took %d\n", d.Key, d.State, d.WaitingFor, d.Why, l.stage.sent(d.To.Email))
		}
		v.add(one)
	}
	if len(stored) == 0 {
		v.lost, story = 1, "the store knows of no delivery\n"
	}
	return v, story
}

// told reports whether a notice with these words reached the user.
func (l *life) told(words string) bool {
	for _, a := range l.stage.world.AcceptedTo("dana@example.org") {
		if strings.Contains(a.Subject, words) {
			return true
		}
	}
	return false
}

// cut is one power cut: at which operation, what it leaves, and the second one
// while the program puts things right, 0 for none.
type cut struct {
	at     int
	kept   faultfs.Kept
	second int
}

// enumeration is a scene in which the power goes.
type enumeration struct {
	build
	interviews map[string]string
	sending    string // further lines of sending
	habits     mailtest.SMTPOptions
}

// crash plays the scene once: the program runs, the power goes, the program is
// started again on what is left, and goes on for hours. It returns what the
// sending took, and whether the power went.
func (e enumeration) crash(t *testing.T, c cut) (v verdict, p progress, happened bool) {
	t.Helper()
	performAt(t, e.sending, e.interviews, e.habits, func(s *stage) {
		s.until(3, 9, 20)
		first, err := s.begin(e.build, nil)
		s.must(err)
		s.until(3, 9, 28) // it has planned, and sent its probe
		before := first.disk.Operations()
		first.cutAfter(c.at)
		s.until(3, 10, 0)
		p, happened = first.progress(before), first.isDead()
		err = first.end()
		last := first
		if happened {
			last, err = s.afterwards(e.build, first, c)
		}
		if err != nil && last == nil {
			v.lost = 1 // what the program cannot even open is of no use to anybody
			return
		}
		var story string
		if v, story = last.judge(); v.twice+v.lost > 0 && e.synchronous+fmt.Sprint(e.noLedger, e.lying, e.sender == nil, e.composer == nil) == "falsefalsetruetrue" {
			t.Errorf("the power went at operation %d (%s), then at %d, and left %s:\n%s%s", c.at, first.disk.Trace(before+c.at), c.second, c.kept, story, s.log)
		}
		if last != first {
			_ = last.end()
		}
	})
	return v, p, happened
}

// progress is how many operations a sending takes, and which of them is the
// final dot.
type progress struct{ operations, dot int }

func (l *life) progress(before int) progress {
	p := progress{operations: l.disk.Operations() - before}
	for n := 1; n <= p.operations && p.dot == 0; n++ {
		if l.disk.Trace(before+n) == `say ".\r\n"` {
			p.dot = n
		}
	}
	return p
}

// cutAfter lets the power go at the nth operation from now, 0 for never.
func (l *life) cutAfter(n int) {
	if n > 0 {
		l.disk.CutPower(l.disk.Operations()+n, l.die)
	}
}

// afterwards starts the program again after the power cut, perhaps to lose it
// once more, and lets hours pass.
func (s *stage) afterwards(b build, dead *life, c cut) (*life, error) {
	s.until(3, 10, 1)
	next, err := s.begin(b, dead.disk.Image(c.kept, uint64(c.at)))
	if err != nil || c.second == 0 {
		s.until(3, 13, 0)
		return next, err
	}
	next.cutAfter(c.second)
	s.until(3, 10, 20)
	if !next.isDead() {
		next.disk.CutPower(0, nil)
		s.until(3, 13, 0)
		return next, nil
	}
	_ = next.end()
	last, err := s.begin(b, next.disk.Image(c.kept, uint64(c.second)))
	s.until(3, 13, 0)
	return last, err
}

// samples is how many power cuts an enumeration makes by default, and with
// -short; AFTERWORD_CRASH=all makes every one.
const (
	samples      = 40
	shortSamples = 3
)

// cuts are the power cuts of an enumeration: every operation and every kind of
// image, or as many of them as there is time for.
func cuts(operations int) []cut {
	var all []cut
	for n := 1; n <= operations; n++ {
		for _, k := range faultfs.Kinds() {
			all = append(all, cut{at: n, kept: k})
		}
	}
	if os.Getenv("AFTERWORD_CRASH") == "all" {
		return all
	}
	want := samples
	if testing.Short() {
		want = shortSamples
	}
	var some []cut
	for _, n := range rand.New(rand.NewPCG(1, 2)).Perm(len(all))[:min(want, len(all))] {
		some = append(some, all[n])
	}
	return some
}

// run makes the cuts and sums up.
func (e enumeration) run(t *testing.T) verdict {
	t.Helper()
	var sum verdict
	whole, p, _ := e.crash(t, cut{})
	if whole != (verdict{}) || p.operations < 20 {
		t.Fatalf("without a power cut: %+v after %d operations", whole, p.operations)
	}
	made := 0
	for _, c := range cuts(p.operations) {
		v, _, happened := e.crash(t, c)
		if happened {
			made++
		}
		sum.add(v)
	}
	t.Logf("%d operations, %d power cuts: %d twice, %d lost, %d left in doubt (%d of them delivered)", p.operations, made, sum.twice, sum.lost, sum.doubts, sum.delivered)
	if made == 0 {
		t.Fatal("the power never went")
	}
	return sum
}

// fails makes cuts from the final dot on, where a control is weakest, until one
// leads to a second mail. It returns how many that took, 0 if none did.
func (e enumeration) fails(t *testing.T) int {
	t.Helper()
	_, p, _ := e.crash(t, cut{})
	if p.dot == 0 {
		t.Fatal("no final dot was seen")
	}
	made := 0
	for n := p.dot; n <= p.operations; n++ {
		for _, k := range []faultfs.Kept{faultfs.None, faultfs.All} {
			made++
			if v, _, _ := e.crash(t, cut{at: n, kept: k}); v.twice > 0 {
				return made
			}
		}
	}
	return 0
}

func panel() map[string]string {
	text := strings.Replace(acme, "interviewers:", "status: held\n    interviewers:", 1)
	for address, said := range panelSaid() {
		text = strings.Replace(text, "email: "+address, fmt.Sprintf("email: %s, said: %q", address, said), 1)
	}
	return map[string]string{"acme.yaml": text}
}

// atOnce makes mail of several applications due in the same minute, so that one
// look serves them and the outcome of each shares a commit with the next claim.
const atOnce = "spread: 0m"

// threeInARow are three applications with one interviewer each.
func threeInARow() map[string]string {
	all := map[string]string{"globex.yaml": solo}
	for _, name := range []string{"Hooli", "Initech"} {
		all[strings.ToLower(name)+".yaml"] = strings.NewReplacer("Globex", name, "globex", strings.ToLower(name),
			"Noor Haddad", name+" Moreau", "noor@", "moreau@", "nine this winter", "nine at "+name).Replace(solo)
	}
	return all
}

// TestThreeSyncsForEachMail: of mails in a row each costs the line in the ledger,
// the mark before the dot, and one commit for the outcome and the next claim.
// One look at the mailbox serves them all.
func TestThreeSyncsForEachMail(t *testing.T) {
	t.Parallel()
	performAt(t, atOnce, threeInARow(), mailtest.SMTPOptions{FileSent: true}, func(s *stage) {
		l, err := s.begin(build{}, nil)
		s.must(err)
		s.until(3, 10, 0)
		s.must(l.end())
		dots, syncs := 0, 0
		for n := 1; n <= l.disk.Operations(); n++ {
			what := l.disk.Trace(n)
			switch {
			case what == `say ".\r\n"`:
				if dots++; dots > 2 && syncs != 3 { // the first is the probe's
					t.Errorf("%d syncs lie between the dots of two mails, want 3", syncs)
				}
				syncs = 0
			case strings.HasPrefix(what, "sync "):
				syncs++
			}
		}
		if dots != 4 { // the probe's too
			t.Errorf("%d dots left, want 4\n%s", dots, s.log)
		}
	})
}

// TestPowerCuts: wherever the power goes and whatever the disk kept, nobody is
// written to twice, and no mail is lost without the user being told.
func TestPowerCuts(t *testing.T) {
	t.Parallel()
	for name, e := range map[string]enumeration{
		"one mail":           {interviews: map[string]string{"globex.yaml": solo}},
		"one mail, a copy":   {interviews: map[string]string{"globex.yaml": solo}, habits: mailtest.SMTPOptions{FileSent: true}},
		"a panel of three":   {interviews: panel(), habits: mailtest.SMTPOptions{FileSent: true}},
		"three in a row":     {interviews: threeInARow(), sending: atOnce, habits: mailtest.SMTPOptions{FileSent: true}},
		"without the ledger": {interviews: map[string]string{"globex.yaml": solo}, build: build{noLedger: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if sum := e.run(t); sum.twice+sum.lost > 0 {
				t.Errorf("%d twice, %d lost", sum.twice, sum.lost)
			}
		})
	}
}

// TestPowerCutWhileRecovering: the power may go again while the program puts
// right what the first cut left.
func TestPowerCutWhileRecovering(t *testing.T) {
	t.Parallel()
	e := enumeration{interviews: map[string]string{"globex.yaml": solo}}
	_, p, _ := e.crash(t, cut{})
	for n, c := range cuts(p.operations) {
		c.second = 1 + n*7%60
		if v, _, _ := e.crash(t, c); v.twice+v.lost > 0 {
			t.Errorf("%+v: %+v", c, v)
		}
	}
}

// lateMarker is the control without a marker: it says that the dot may leave
// only once the server has answered.
type lateMarker struct{ scheduler.Sender }

func (s lateMarker) Send(ctx context.Context, m mailer.Frozen, beforeDot func(context.Context) error) mailer.Receipt {
	r := s.Sender.Send(ctx, m, nil)
	if beforeDot == nil {
		return r
	}
	if err := beforeDot(ctx); err != nil {
		return mailer.Receipt{Outcome: mailer.Deferred, Phase: mailer.PhaseData, Err: err}
	}
	return r
}

// sentBefore is the control without a claim: the mail leaves before the claim
// is committed, and the sender only repeats what came of it.
type sentBefore struct {
	scheduler.Sender
	mu       sync.Mutex
	receipts map[string]mailer.Receipt
}

func (s *sentBefore) Send(ctx context.Context, m mailer.Frozen, beforeDot func(context.Context) error) mailer.Receipt {
	s.mu.Lock()
	r, sent := s.receipts[m.MessageID]
	s.mu.Unlock()
	if !sent {
		return s.Sender.Send(ctx, m, beforeDot)
	}
	return lateMarker{repeating{s.Sender, r}}.Send(ctx, m, beforeDot)
}

// repeating says what was said before.
type repeating struct {
	scheduler.Sender
	receipt mailer.Receipt
}

func (r repeating) Send(context.Context, mailer.Frozen, func(context.Context) error) mailer.Receipt {
	return r.receipt
}

func sendFirst(sender scheduler.Sender, compose scheduler.Composer) scheduler.Composer {
	s := sender.(*sentBefore)
	return func(f *scheduler.Facts, d scheduler.Delivery, now time.Time) (mailer.Frozen, error) {
		frozen, err := compose(f, d, now)
		if err != nil {
			return frozen, err
		}
		r := s.Sender.Send(context.Background(), frozen, nil)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.receipts[frozen.MessageID] = r
		return frozen, nil
	}
}

// TestPowerCutControls: the enumeration finds what each promise prevents. A
// control that came through would mean that the test proves nothing.
func TestPowerCutControls(t *testing.T) {
	t.Parallel()
	one := map[string]string{"globex.yaml": solo}
	for name, b := range map[string]build{
		"synchronous NORMAL":        {synchronous: "NORMAL", noLedger: true},
		"a lying disk":              {lying: true},
		"no marker":                 {noLedger: true, sender: func(s scheduler.Sender) scheduler.Sender { return lateMarker{s} }},
		"no marker, but the ledger": {sender: func(s scheduler.Sender) scheduler.Sender { return lateMarker{s} }},
		"no claim": {noLedger: true, composer: sendFirst, sender: func(s scheduler.Sender) scheduler.Sender {
			return &sentBefore{Sender: s, receipts: map[string]mailer.Receipt{}}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if made := (enumeration{build: b, interviews: one}).fails(t); made == 0 {
				t.Error("the control came through: this enumeration proves nothing")
			} else {
				t.Logf("written to twice after %d power cuts", made)
			}
		})
	}
}
