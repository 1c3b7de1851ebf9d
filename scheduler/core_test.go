package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"afterword/mailer"
)

// The decision core alone: a daemon without its goroutines, the service of its
// user, and a store in memory, under a state machine that plays the user, the
// people, the servers and the clock. What the promises say is asked where it
// counts: when the final dot leaves (coretruth_test.go).

// handClock stands still until somebody sets it.
type handClock struct{ now time.Time }

func (c *handClock) Now() time.Time                                    { return c.now }
func (c *handClock) NewTimer(time.Duration) (<-chan time.Time, func()) { return nil, func() {} }
func (c *handClock) Hold() func()                                      { return func() {} }

// papers holds the user's files.
type papers struct {
	policy Policy
	apps   []Application
}

func (d *papers) Read() (Policy, []Application, error) { return d.policy, d.apps, nil }

// edit saves one file: what was read before stays as it was.
func (d *papers) edit(n int, change func(*Application)) {
	d.apps = slices.Clone(d.apps)
	a := &d.apps[n]
	a.Interviews = slices.Clone(a.Interviews)
	for k := range a.Interviews {
		a.Interviews[k].Interviewers = slices.Clone(a.Interviews[k].Interviewers)
	}
	change(a)
}

// find returns the application of that name as its file says it now.
func (d *papers) find(stem string) Application {
	for _, a := range d.apps {
		if a.Stem == stem {
			return a
		}
	}
	return Application{}
}

// paper is the ledger: its lines outlive every store.
type paper struct {
	attempts map[string]int
	times    map[string]time.Time
	readers  map[string]string
}

func newPaper() *paper {
	return &paper{map[string]int{}, map[string]time.Time{}, map[string]string{}}
}

func (p *paper) Append(key, address string, attempt int, at time.Time) error {
	p.attempts[key], p.times[key], p.readers[key] = attempt, at, address
	return nil
}
func (p *paper) Attempt(key string) int          { return p.attempts[key] }
func (p *paper) HandedOver(key string) time.Time { return p.times[key] }
func (p *paper) Strangers(keys []string) int {
	n := 0
	for key := range p.attempts {
		if !slices.Contains(keys, key) {
			n++
		}
	}
	return n
}
func (p *paper) HandedTo(address string) int {
	n := 0
	for _, reader := range p.readers {
		if reader == address {
			n++
		}
	}
	return n
}

// flight is a mail on its way: claimed, then perhaps marked.
type flight struct {
	claimed Delivery
	look    lastLook
	read    int  // letters, before it was claimed
	begun   bool // DATA was said
	marked  bool
	taken   bool // by the server, whatever it answered
}

// core is one life of the decision core.
type core struct {
	dice
	ctx        context.Context
	clock      *handClock
	behind     time.Duration  // how far the clock stands behind everybody else's
	stepped    bool           // it was set: no minute is sure
	lastNotice int64          // before it was asked what is proposed
	place      *time.Location // where the interviews are
	files      *papers
	hidden     *Application // its file is gone
	store      *memory
	ledger     *paper
	computer   string // on which the program runs
	moving     bool   // the table of moves is tried
	daemon     *Daemon
	user       Service
	flight     *flight
	ghost      *flight // of a dispatcher that another one has followed
	ghosts     *Daemon
	tables     mailer.Tables

	desk    draftBox
	lying   []letter // in the mailbox, not read yet
	read    []letter // read since the backup
	backup  *memory
	kept    time.Time // when that was made
	gaps    int       // of the ledger; what it lacks it tells
	gapsIn  int       // of the backup's
	letters int       // written
	reads   int
	truth   truth
	actions *int
}

func newCore(t dice, actions *int) *core {
	place := zone([]string{"Europe/Paris", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"}[c0(t, 5, "where")])
	c := &core{dice: t, place: place, ctx: context.Background(), clock: &handClock{paris("2026-11-22 12:00").Add(time.Duration(c0(t, 60, "hours before")) * time.Hour)},
		files: drawFiles(t, place), store: newMemory(), ledger: newPaper(), computer: "laptop", actions: actions}
	c.truth = newTruth()
	c.store.moved = c.moved
	c.user = Service{Store: c.store, Files: c.files, Writers: Writers{Renderer: coreScribe{}, Proofreader: coreScribe{}}, Clock: c.clock}
	c.begin()
	return c
}

// c0 draws a number from 0 to below n.
func c0(t dice, n int, label string) int { return t.below(n, label) }

// oneIn draws true once in n times.
func oneIn(t dice, n int, label string) bool { return c0(t, n, label) == n-1 }

// corePolicy is read once: nothing of it that is shared changes.
var corePolicy = sync.OnceValue(policy)

func drawFiles(t dice, place *time.Location) *papers {
	pol := corePolicy()
	pol.Sequences = coreSequences(len(pol.Sequences["default"]))
	pol.Drafts = saysDrafts(t)
	pol.PerHour = []int{20, 2}[c0(t, 2, "per hour")]
	pol.Spread = time.Duration(20*c0(t, 2, "spread")) * time.Minute
	pol.Review = []ReviewMode{ReviewNever, ReviewFlagged, ReviewAlways}[c0(t, 3, "review")]
	pol.Replies.Interviewer = []string{ReplyCancels, ReplyRestarts}[c0(t, 2, "interviewer")]
	pol.Replies.Recruiter = []string{PauseAll, PauseFollowUps}[c0(t, 2, "recruiter")]
	if oneIn(t, 2, "holidays") {
		pol.Holidays = ""
	}
	ken, noor := person("Ken"), person("Noor")
	first := onsite(ken)
	first.Zone = place
	if oneIn(t, 2, "panel") {
		first.Interviewers = append(first.Interviewers, noor)
	}
	if oneIn(t, 3, "unknown") {
		first.Status = InterviewPlanned
	}
	acme := Application{Stem: "acme", Company: "Acme", Role: "Engineer", Domains: []string{"acme.example"}, Status: StatusActive, Sequence: "default", Interviews: []Interview{first}}
	if oneIn(t, 3, "has a recruiter") {
		r := person([]string{"Priya", "Priya", "Ken"}[c0(t, 3, "who")]) // one of the panel may be it
		acme.Recruiter = &r
	}
	if oneIn(t, 4, "two rounds") {
		acme.Interviews = append(acme.Interviews, Interview{ID: "second", At: paris("2026-12-01 10:00"), Zone: place, Duration: time.Hour,
			Status: InterviewHeld, Interviewers: []Person{ken}})
	}
	if oneIn(t, 3, "two addresses") {
		acme.Interviews[0].Interviewers[0].Aliases = []string{kensOther}
		if oneIn(t, 2, "swapped") {
			swappedAddresses(nil, t, &acme)
		}
	}
	if oneIn(t, 4, "elsewhere") {
		anotherPlace(nil, t, &acme)
	}
	if oneIn(t, 6, "no address") {
		noAddress(nil, t, &acme)
	}
	files := &papers{policy: pol, apps: []Application{acme}}
	if oneIn(t, 3, "two applications") {
		b := Application{Stem: "acme-lead", Company: "Acme", Role: "Lead", Status: StatusActive, Sequence: "default", Interviews: []Interview{{ID: "video",
			At: paris("2026-11-24 16:00"), Zone: place, Duration: time.Hour, Status: InterviewHeld, Interviewers: []Person{noor}}}}
		files.apps = append(files.apps, b)
	}
	return files
}

// coreScribe knows which of the templates that the user queues ask for something.
type coreScribe struct{ scribe }

// Check finds what must not leave as it is.
func (coreScribe) Check(in ProofInput) []Finding {
	if strings.Contains(in.Text.Body, coreSlip) {
		return []Finding{{Code: coreSlipCode, Severity: Error, Place: "line 1", Text: "there is one team"}}
	}
	return nil
}

// coreSlip is what the proofreader of these lives finds wrong.
const coreSlip = "there are two teams"

// coreSlipCode is what it calls that; the user may want the mail all the same.
const coreSlipCode = "spelling"

func (coreScribe) Kind(template string) (Kind, error) {
	if template == stepCheckIn {
		return Asking, nil
	}
	return Owed, nil
}

// compose makes bytes that say what they were made of.
func (c *core) compose(f *Facts, d Delivery, now time.Time) (mailer.Frozen, error) {
	return mailer.Frozen{MessageID: ownName(d.Key), From: f.Policy.Me.Email, To: d.To.Email,
		Bytes: []byte(now.Format(time.RFC1123Z) + "\r\n" + d.TextHash)}, nil
}

func ownName(key string) string { return "<" + key + "@example.org>" }

// begin starts the program.
func (c *core) begin() {
	c.daemon = &Daemon{Store: c.store, Files: c.files, Writers: c.user.Writers, Compose: c.compose, ComposeDraft: c.composeDraft, Clock: c.clock, Tables: c.tables, Ledger: c.ledger, Scribe: coreHand{c},
		Name: ownName, Machine: c.computer, Log: slog.New(slog.DiscardHandler), carrying: "(nobody)"}
	before, err := c.store.Meta(metaMachine)
	c.must(err)
	c.truth.strange = c.truth.strange || before != "" && before != c.computer
	c.must(c.daemon.begin(c.ctx))
	c.tick()
}

func (c *core) must(err error) {
	if err != nil {
		c.Fatalf("%v\n%s", err, c.describe())
	}
}

// tick is what the loop does at this moment; the notices reach the user.
func (c *core) tick() {
	_, err := c.daemon.tick(c.ctx)
	c.must(err)
	for _, n := range c.store.notices {
		if n.Told.IsZero() {
			c.must(c.daemon.told(c.ctx, []Notice{n}, []Telling{{Channel: "mail", Shown: true}}))
		}
	}
	c.rests()
}

// rests: what has been looked after asks for no more attention at this moment. A
// daemon that is woken by its own commits would never come to rest.
func (c *core) rests() {
	if c.daemon.carrying != "" {
		return // the deciding waits
	}
	for range 3 {
		if at := c.daemon.wake; at.IsZero() || at.After(c.clock.now) {
			return
		}
		_, err := c.daemon.tick(c.ctx)
		c.must(err)
	}
	woken, err := c.store.Woken(c.clock.now, 1)
	c.must(err)
	c.Fatalf("the daemon looks after %v again and again\n%s", woken, c.describe())
}

// look reads what lies in the mailbox.
func (c *core) look() {
	for _, l := range c.lying {
		c.truth.ever.note(append(slices.Collect(maps.Values(c.daemon.world.Applications)), c.files.apps...), l)
		if l.names != "" {
			c.truth.evidence[l.names] = true
		}
		switch {
		case l.isCopy:
			c.readCopy(l)
		case l.isOwn:
			c.readOwn(l)
		default:
			c.readLetter(l)
		}
		c.read = append(c.read, l)
	}
	c.lying = nil
}

func (c *core) readLetter(l letter) {
	now := c.clock.now
	c.must(c.store.Update(c.ctx, func(tx Tx) error {
		before, err := tx.Mails(MailQuery{MessageID: l.in.Message.ID})
		if err != nil || appliedTo(before, c.daemon.world, l.in.Match.Application) {
			return err
		}
		stems, err := react(tx, c.daemon.world, c.tables, l.in, now)
		for _, stem := range stems {
			err = errors.Join(err, c.daemon.attend(tx, stem, now))
		}
		return err
	}))
	c.reads++
	c.truth.heard(c.files, l, c.reads)
	c.truth.confirmed(l.in.Match.Application, c.daemon.world.Applications[l.in.Match.Application].Status) // as it was when the letter was read
}

func (c *core) readOwn(l letter) {
	c.must(c.store.Update(c.ctx, func(tx Tx) error {
		stems, err := receiveByHand(tx, c.daemon.world, l.in.Message, l.in.Arrived, c.clock.now)
		for _, stem := range stems {
			err = errors.Join(err, c.daemon.attend(tx, stem, c.clock.now))
		}
		return err
	}))
	c.reads++
	begun := func(a Application) bool {
		knows := func(p Person) bool { return p.Email == l.in.Message.To[0].Addr }
		return slices.ContainsFunc(a.People(), knows) && begunBefore(a, l.in.Arrived)
	}
	if !slices.ContainsFunc(slices.Collect(maps.Values(c.daemon.world.Applications)), begun) {
		return // nothing is owed to anybody yet
	}
	c.truth.wroteTo[NormalAddress(l.in.Message.To[0].Addr)] = wrote{l.in.Arrived, c.reads}
}

func (c *core) readCopy(l letter) {
	c.must(c.store.Update(c.ctx, func(tx Tx) error {
		d, err := tx.Delivery(l.names)
		if err != nil {
			return ignoreMissing(err)
		}
		stems, err := settleByCopy(tx, c.daemon.world, leftAt(d, l.in.Arrived), "its copy lies in Sent", c.clock.now)
		for _, stem := range stems {
			err = errors.Join(err, c.daemon.attend(tx, stem, c.clock.now))
		}
		return err
	}))
}

// courier does the next thing with the mail that is on its way, or takes the
// next one.
func (c *core) courier(t dice) {
	switch {
	case c.flight == nil:
		c.claim(t)
	case !c.flight.begun:
		c.carry(t)
	default:
		c.answer(t)
	}
}

// claim looks and claims, as the courier does.
func (c *core) claim(t dice) {
	next, waiting := c.daemon.line.front()
	if !waiting || !c.daemon.mayCarry(c.clock.now) {
		t.Skip("nothing may leave")
	}
	c.daemon.line.drop(next)
	look := lastLook{began: c.clock.now}
	c.look()
	claimed, err := c.daemon.claim(c.ctx, next)
	if err != nil {
		c.notCarried(next, err)
		return
	}
	c.claimed(claimed)
	c.flight = &flight{claimed: claimed, look: look, read: c.reads}
}

// notCarried is Daemon.notCarried without its other goroutine.
func (c *core) notCarried(next turn, err error) {
	if errors.Is(err, ErrLostClaim) {
		c.Fatalf("claiming %s: %v, although nobody else is at work", next.key, err)
	}
	c.daemon.notBefore = c.clock.now.Add(boundedWait)
	if !errors.Is(err, ErrNotReady) {
		c.must(c.daemon.setAside(c.ctx, next.key, err))
	}
	c.must(c.daemon.attendAll(c.ctx, []string{next.application}))
}

// carry transmits up to the final dot.
func (c *core) carry(t dice) {
	f := c.flight
	switch c0(t, 8, "before the dot") {
	case 0:
		c.settle(mailer.Receipt{Outcome: mailer.Deferred, Phase: mailer.PhaseConnect, Err: errors.New("no route")})
		return
	case 1:
		c.transmitted(f)
		c.settle(mailer.Receipt{Outcome: mailer.Deferred, Phase: mailer.PhaseData, Code: 451, Words: "later", DataBegun: true})
		return
	case 2:
		c.settle(mailer.Receipt{Outcome: mailer.Refused, Code: 550, Words: "no such user"})
		return
	}
	c.transmitted(f)
	f.begun = true
	c.pass(time.Duration(c0(t, 4, "quarters of a minute before the dot")) * 20 * time.Second)
	if oneIn(t, 4, "in between") {
		c.between(t)
	}
	if err := c.daemon.mark(c.ctx, f.claimed, f.look.began); err != nil {
		c.settle(mailer.Receipt{Outcome: mailer.Deferred, Phase: mailer.PhaseData, Err: err, DataBegun: true})
		return
	}
	f.marked = true
	c.dot(f)
	f.taken = !oneIn(t, 3, "not taken")
	if f.taken {
		c.take(f.claimed)
	}
}

// between is what may happen while the bytes are on their way.
func (c *core) between(t dice) {
	switch c0(t, 5, "what comes in between") {
	case 0:
		c.write(t)
		c.look()
	case 1:
		_, err := c.user.Hold(c.ctx, "", time.Time{}, "wait")
		c.must(err)
	case 2:
		c.truth.ever.answered[c.flight.claimed.Application] = true
		err := c.user.Answered(c.ctx, c.flight.claimed.Application)
		c.allow(err)
		if err != nil {
			return // its file is gone
		}
		c.truth.answered(c.files, c.flight.claimed.Application, wrote{c.clock.now, c.reads})
	case 3:
		c.files.edit(0, func(a *Application) {
			a.Status = []Status{StatusClosed, StatusPaused, StatusRejected}[c0(t, 3, "status")]
			c.truth.confirmed(a.Stem, a.Status)
		})
	case 4:
		edits := fileEdits()
		edit := edits[c0(t, len(edits), "what")]
		c.files.edit(c0(t, len(c.files.apps), "application"), func(a *Application) { edit(c, t, a) })
	}
}

// answer is what the server says to the final dot.
func (c *core) answer(t dice) {
	f := c.flight
	lost := oneIn(t, 3, "the answer is lost")
	c.pass(time.Duration(c0(t, 3, "minutes for the answer")) * time.Minute / 2)
	switch {
	case lost:
		c.settle(mailer.Receipt{Outcome: mailer.InDoubt, Phase: mailer.PhaseDot, DataBegun: true, Err: errors.New("connection reset")})
	case f.taken:
		c.settle(mailer.Receipt{Outcome: mailer.Accepted, Phase: mailer.PhaseDot, Code: 250, Words: "taken", DataBegun: true})
	case oneIn(t, 2, "for good"):
		c.settle(mailer.Receipt{Outcome: mailer.Refused, Phase: mailer.PhaseDot, Code: 554, Words: "no", DataBegun: true})
	default:
		c.settle(mailer.Receipt{Outcome: mailer.Deferred, Phase: mailer.PhaseDot, Code: 451, Enhanced: "4.7.1", Words: "greylisted", DataBegun: true})
	}
}

// settle records an outcome, and goes on with the next mail where the same
// commit has claimed one.
func (c *core) settle(r mailer.Receipt) {
	f := c.flight
	c.flight = nil
	before, err := c.store.Delivery(f.claimed.Key)
	c.must(err)
	next, another, err := c.daemon.settle(c.ctx, f.claimed, r, f.look)
	c.must(err)
	if r.Outcome == mailer.Accepted {
		c.truth.known[f.claimed.Key], c.truth.told[f.claimed.Key] = true, true
		if after := c.store.get(f.claimed.Key); after.State != Sent {
			c.Fatalf("%s was accepted and is %s, after %s", f.claimed.Key, after.State, before.State)
		}
	}
	c.daemon.carrying = "(nobody)"
	if another {
		c.claimed(next)
		c.flight = &flight{claimed: next, look: f.look, read: c.reads}
	}
}

// restart ends the program wherever it is, and starts it again.
func (c *core) restart() {
	c.flight = nil
	c.begin()
	for _, d := range c.store.rows {
		key := d.Key
		if d.State.InFlight() {
			c.Fatalf("after a start %s is %s", key, d.State)
		}
	}
}

// follow starts a second program while the first one is still at work: what
// that one still tries must come to nothing.
func (c *core) follow(t dice) {
	if c.flight == nil {
		t.Skip("nothing is on its way")
	}
	c.ghost, c.ghosts = c.flight, c.daemon
	c.restart()
}

// haunt lets the program that was followed go on.
func (c *core) haunt() {
	if c.ghost == nil {
		c.Skip("there is none")
	}
	events := len(c.store.events)
	if err := c.ghosts.mark(c.ctx, c.ghost.claimed, c.clock.now); err == nil {
		c.Fatalf("%s: a program that another one has followed lets its final dot leave", c.ghost.claimed.Key)
	}
	r := mailer.Receipt{Outcome: mailer.Refused, Code: 550, DataBegun: true}
	if _, _, err := c.ghosts.settle(c.ctx, c.ghost.claimed, r, c.ghost.look); err == nil || len(c.store.events) != events {
		c.Fatalf("%s: a program that another one has followed records an outcome: %v", c.ghost.claimed.Key, err)
	}
	c.ghost = nil
}

// copyStore is a backup: everything but the ledger and the mailbox.
func copyStore(m *memory) *memory {
	n := *m
	n.events = slices.Clip(n.events) // the others never change
	return &n
}

// restore brings an older store back, and with it the older cursors. Whatever a
// server may have taken since is in doubt then, and nothing leaves before the
// user has settled it.
func (c *core) restore() {
	*c.store = *copyStore(c.backup)
	c.lying, c.read = append(c.read, c.lying...), nil
	c.truth.forget()
	if oneIn(c, 2, "by command") {
		for _, d := range c.store.rows {
			if d.State.Open() && !d.When().IsZero() && d.When().Before(c.clock.now) {
				c.truth.lapsed[d.Key] = c.clock.now
			}
		}
		sure := c.gaps == c.gapsIn
		if oneIn(c, 4, "without a ledger") {
			*c.ledger, sure = *newPaper(), false
		}
		if !sure {
			c.gaps, c.truth.unsure = c.gaps+1, true
		}
		_, err := c.user.Restored(c.ctx, c.kept, sure)
		c.must(err)
	} else if c.gaps != c.gapsIn { // by hand, and no ledger of that time is there
		c.losesSight()
	}
	c.ghost = nil // what still runs has the file open that was replaced
	c.restart()
	for key, n := range c.ledger.attempts {
		if d := c.store.get(key); d.Marked < n && d.Key != "" && d.State != InDoubt && c.canRead(d.Application) {
			c.Fatalf("%s is %s although the ledger knows attempt %d", key, d.State, n)
		}
	}
}

// canRead reports whether the file of an application is there, and whole.
func (c *core) canRead(stem string) bool {
	a := c.files.find(stem)
	return a.Stem != "" && a.Broken == ""
}

// pass lets time go by.
func (c *core) pass(d time.Duration) {
	c.clock.now = c.clock.now.Add(d)
	c.tick()
}

// attendTwice: looking after an application again at the same moment changes
// nothing. The second time may word anew why a mail leaves when it does, if the
// first one moved it into review; the third never. What wrote nothing once writes
// nothing the next time either: it looks at the same things.
func (c *core) attendTwice() {
	for _, a := range c.files.apps {
		wrote := 0
		for n := range 3 {
			before := c.store.writes
			c.must(c.daemon.attendAll(c.ctx, []string{a.Stem}))
			if wrote = c.store.writes - before; wrote == 0 {
				break
			}
			if n == 2 {
				c.Fatalf("attending to %s again wrote %d times\n%s", a.Stem, wrote, c.describe())
			}
		}
	}
}

// keys are those of the deliveries in some states, in order.
func (c *core) keys(states ...State) []string {
	var keys []string
	for _, d := range c.store.rows {
		key := d.Key
		if slices.Contains(states, d.State) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// one draws one of the keys, or skips the action where there is none.
func one(t dice, keys []string) string {
	if len(keys) == 0 {
		t.Skip("there is none")
	}
	return keys[c0(t, len(keys), "key")]
}

// allow takes a refusal with a hint for what it is: the user asked too much.
func (c *core) allow(err error) {
	if err != nil && !errors.Is(err, ErrUser) {
		c.Fatalf("%v\n%s", err, c.describe())
	}
}

func (c *core) describe() string {
	text := ""
	for _, e := range c.store.events {
		text += fmt.Sprintf("%s %s %s: %s %s -> %s, %s\n", e.At.In(c.place).Format("Mon 2 Jan 15:04:05"), e.Actor, firstOf(e.Key, e.Application), e.What, e.From, e.To, e.Why)
	}
	for _, a := range c.files.apps {
		text += fmt.Sprintf("%s: %s, sequence %s, zone %v, country %q, recruiter %v\n", a.Stem, firstOf(a.Broken, string(a.Status)), a.Sequence, a.Zone, a.Country, a.Recruiter)
		for _, i := range a.Interviews {
			text += fmt.Sprintf("  %s %s at %s: %+v\n", i.ID, i.Status, i.At, i.Interviewers)
		}
	}
	for _, n := range c.store.notices {
		text += fmt.Sprintf("NOTICE %s told %s\n", n.Key, n.Told)
	}
	return text + fmt.Sprintf("the program was told: %+v\n", c.truth.lore)
}
