package scheduler

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"afterword/mailer"
)

// act is one kind of event, the user's, a person's, a server's, or time's. What
// happens often has many chances.
type act struct {
	chances int
	name    string
	do      func(dice)
}

// all are the actions of a life.
func (c *core) all() []act {
	return []act{
		{2, "hours pass", c.hours},
		{4, "minutes pass", func(t dice) { c.pass(time.Duration(1+c0(t, 90, "minutes")) * time.Minute) }},
		{1, "the clock is set", c.setClock},
		{8, "until something happens", c.wake},
		{10, "the courier", c.courier},
		{2, "a letter", c.write},
		{2, "a look", func(dice) { c.look() }},
		{2, "a copy", c.fileCopy},
		{4, "approve", c.approve},
		{1, "approve a round", c.approveRound},
		{1, "skip", c.skip},
		{1, "leave it", func(t dice) {
			_, err := c.user.Skip(c.ctx, one(t, c.keys(Refused, Expired)), "")
			c.allow(err)
		}},
		{1, "send now", c.sendNow},
		{1, "edit", c.edit},
		{4, "resolve", c.resolve},
		{1, "queue", c.queue},
		{1, "a mail by hand", c.writeByHand},
		{1, "hold", c.hold},
		{3, "resume", c.resume},
		{4, "all is put right", c.putRight},
		{1, "answered elsewhere", c.answeredElsewhere},
		{3, "an answer to a notice", c.answerNotice},
		{1, "forget", c.forget},
		{1, "forget a person", c.forgetPerson},
		{1, "another machine", c.carryAway},
		{1, "the ledger is lost", c.loseLedger},
		{3, "adopt", func(dice) {
			_, err := c.user.Adopt(c.ctx, c.computer)
			c.must(err)
			c.truth.strange = false
		}},
		{4, "the drafts are read", c.readDrafts},
		{4, "a draft is touched", c.touchDraft},
		{1, "a file changes", c.changeFile},
		{1, "a file goes or comes", c.hideFile},
		{1, "the policy changes", c.changePolicy},
		{1, "restart", func(dice) { c.restart() }},
		{1, "another program", c.follow},
		{2, "the old program wakes", func(dice) { c.haunt() }},
		{1, "backup", func(dice) { c.keep() }},
		{1, "restore", c.restoreIt},
		{1, "look twice", func(dice) { c.attendTwice() }},
		{2, "what it waits for", func(dice) {
			c.takeUp()
			c.attendTwice()
			c.checkWaits()
		}},
		{1, "what is not allowed", c.wrongMoves},
	}
}

// act lets one action happen.
func (c *core) act(t dice, a act) {
	c.dice = t
	a.do(t)
	*c.actions++
}

// hours go by, more seldom while mail is about to leave.
func (c *core) hours(t dice) {
	if (c.flight != nil || !c.daemon.line.empty()) && !oneIn(t, 4, "all the same") {
		t.Skip("mail is about to leave")
	}
	c.pass(time.Duration(1+c0(t, 40, "hours")) * time.Hour)
}

// setClock sets the machine's clock back, or right again. What the servers say of the time is right.
func (c *core) setClock(t dice) {
	by := c.behind
	if by == 0 {
		by = -time.Duration(1+c0(t, 300, "minutes")) * time.Minute
	}
	c.behind -= by
	c.stepped = true
	c.pass(by)
}

// world is the time of everybody else.
func (c *core) world() time.Time { return c.clock.now.Add(c.behind) }

// wake goes to the next moment at which something happens by itself.
func (c *core) wake(dice) {
	at := c.daemon.wake
	if !at.After(c.clock.now) {
		at = c.clock.now.Add(20 * time.Second)
	}
	c.pass(at.Sub(c.clock.now))
}

func (c *core) approve(t dice) {
	var despite []string
	if oneIn(t, 3, "despite") {
		despite = []string{coreSlipCode}
	}
	d, err := c.user.Approve(c.ctx, one(t, c.keys(Review, Planned)), despite)
	if err == nil {
		c.agree(d.Key)
	}
	if err == nil && despite != nil {
		c.truth.despite[d.Key] = true
	}
	c.allow(err)
}

// approveRound approves all that waits of an application, or of its first meeting.
func (c *core) approveRound(t dice) {
	a := c.files.apps[c0(t, len(c.files.apps), "application")]
	target := a.Stem
	if oneIn(t, 2, "a round") {
		target += "/" + a.Interviews[0].ID
	}
	all, err := c.user.ApproveRound(c.ctx, target)
	for _, x := range all {
		if x.Refused == nil {
			c.agree(x.Delivery.Key)
		}
	}
	c.allow(err)
}

func (c *core) skip(t dice) {
	if !oneIn(t, 3, "really") {
		t.Skip("no")
	}
	_, err := c.user.Skip(c.ctx, one(t, c.keys(Review, Planned, Approved, Refused, Expired)), "no need")
	c.allow(err)
}

func (c *core) sendNow(t dice) {
	d, err := c.user.SendNow(c.ctx, one(t, c.keys(Review, Planned, Approved, Refused, Expired)))
	if err == nil {
		c.truth.urged[d.Key], c.truth.agreedTo[d.Key] = c.reads, c.store.get(d.Key).TextHash
		delete(c.truth.lapsed, d.Key)
	}
	if err == nil && d.Interview == "" { // what is queued needs no other word
		c.truth.agreed[d.Key] = c.reads
	}
	c.allow(err)
	c.tick()
}

func (c *core) edit(t dice) {
	d, err := c.user.Edit(c.ctx, one(t, c.keys(Review, Planned, Approved)), "In my own words", fmt.Sprintf("Number %d", c0(t, 3, "text")))
	if err == nil {
		c.truth.words[d.Key] = d.Edited.Body
		c.truth.agreedTo[d.Key] = d.TextHash
	}
	c.allow(err)
}

// resolve is a user who has looked whether the mail arrived.
func (c *core) resolve(t dice) {
	key := one(t, c.keys(InDoubt))
	verdict := "drop"
	if _, taken := c.truth.taken[key]; !oneIn(t, 4, "drop") {
		verdict = map[bool]string{true: "sent", false: "not-sent"}[taken]
	}
	c.truth.settling = true
	_, err := c.user.Resolve(c.ctx, key, verdict)
	c.truth.settling = false
	c.must(err)
	c.truth.known[key] = c.store.get(key).State == Sent
}

// queue lays a mail before the user that no step names.
func (c *core) queue(t dice) {
	a := c.files.apps[c0(t, len(c.files.apps), "application")]
	people := a.People()
	template := []string{"thank-you-late", stepCheckIn, templateRejection}[c0(t, 3, "template")]
	to := people[c0(t, len(people), "to")].Email
	before := c.store.get(Key(a.Stem, "", template, to))
	d, err := c.user.Queue(c.ctx, a.Stem, template, to)
	if err == nil && !before.Began.Equal(d.Began) {
		delete(c.truth.words, d.Key) // they were about another meeting
	}
	if err == nil {
		c.truth.queued[d.Key] = c.reads
	}
	c.allow(err)
}

// writeByHand is the user who writes to somebody in a mail program, which files a copy.
func (c *core) writeByHand(t dice) {
	if !oneIn(t, 2, "really") {
		t.Skip("the user does not write")
	}
	a := c.files.apps[c0(t, len(c.files.apps), "application")]
	people := a.People()
	p := people[c0(t, len(people), "to")]
	to := p.Addresses()
	if len(to) == 0 {
		t.Skip("nobody knows their address")
	}
	c.letters++
	m := mailer.Message{ID: fmt.Sprintf("<by-hand-%d@example.org>", c.letters), Subject: "Our talk", To: []mailer.Address{{Name: p.Name, Addr: to[c0(t, len(to), "address")]}}}
	c.lying = append(c.lying, letter{isOwn: true, in: Incoming{Arrived: c.world(), Message: m}})
}

// target draws what a hold is about.
func (c *core) target(t dice) string {
	a := c.files.apps[c0(t, len(c.files.apps), "application")]
	return []string{"", a.Stem, a.Interviews[0].Interviewers[0].Email}[c0(t, 3, "target")]
}

func (c *core) hold(t dice) {
	var until time.Time
	if oneIn(t, 2, "ends") {
		until = c.clock.now.Add(time.Duration(1+c0(t, 72, "for hours")) * time.Hour)
	}
	_, err := c.user.Hold(c.ctx, c.target(t), until, "wait")
	c.must(err)
	c.tick()
}

func (c *core) resume(t dice) {
	what := c.target(t)
	_, _, err := c.user.Resume(c.ctx, what, true)
	c.must(err)
	for _, what := range c.addresses(Delivery{To: Recipient{Email: what}}) { // by name
		c.truth.resumed(what)
	}
	c.tick()
}

// putRight is a user who takes away whatever keeps mail from leaving that they can take away.
func (c *core) putRight(t dice) {
	for n := range c.files.apps {
		c.files.edit(n, func(a *Application) {
			a.Broken = ""
			allIsWell(c, t, a)
		})
	}
	c.files.policy.Broken = ""
	_, _, err := c.user.Resume(c.ctx, "", true)
	c.must(err)
	c.truth.resumed("")
	_, err = c.user.Adopt(c.ctx, c.computer)
	c.must(err)
	c.truth.strange = false
	c.takeUp()
}

func (c *core) answeredElsewhere(t dice) {
	if !oneIn(t, 3, "really") {
		t.Skip("no")
	}
	stem := c.files.apps[c0(t, len(c.files.apps), "application")].Stem
	c.truth.ever.answered[stem] = true
	c.must(c.user.Answered(c.ctx, stem))
	c.truth.answered(c.files, stem, wrote{c.clock.now, c.reads})
	c.truth.itWasTheirs(stem)
}

func (c *core) keep() {
	if c.flight != nil {
		return // a backup waits for the courier
	}
	c.backup, c.read, c.kept, c.gapsIn = copyStore(c.store), nil, c.clock.now, c.gaps
	c.truth.saved = c.truth.copied()
}

func (c *core) restoreIt(t dice) {
	if c.backup == nil || !oneIn(t, 3, "really") {
		t.Skip("there is no backup")
	}
	c.restore()
}

// wrongMoves tries all that the table of moves does not allow for a delivery.
func (c *core) wrongMoves(t dice) {
	d := c.store.get(one(t, c.keys(States()[c0(t, len(States()), "state")])))
	rows := c.store.rows
	c.moving = true
	defer func() { c.moving = false }()
	for _, to := range States() {
		if Legal(d.State, to) {
			continue
		}
		moved := d
		moved.State = to
		if err := c.store.Update(c.ctx, func(tx Tx) error { return put(tx, moved, c.clock.now, Event{}, time.Time{}) }); err == nil {
			c.Fatalf("%s is put from %s to %s", d.Key, d.State, to)
		}
		c.truth.refused[string(d.State)+" "+string(to)]++
	}
	if len(rows) > 0 && &rows[0] != &c.store.rows[0] {
		c.Fatalf("what was refused for %s left something behind", d.Key)
	}
}

// finish lets the rest of the life go by in peace: the servers answer, the files
// can be read, the user approves and settles. In the end nothing is stuck: what
// did not leave says what it waits for.
func (c *core) finish(t dice) {
	c.dice = t
	if c.hidden != nil {
		c.files.apps, c.hidden = append(slices.Clone(c.files.apps), *c.hidden), nil
	}
	for n := range c.files.apps {
		c.files.edit(n, func(a *Application) { a.Broken = "" })
	}
	c.files.policy.Broken = ""
	c.restart()
	c.takeUp()
	c.look()
	for range 30 {
		*c.actions++
		c.deliver()
		c.wake(t)
	}
	c.pass(time.Minute)
	for _, d := range c.store.rows {
		key := d.Key
		switch {
		case d.State.InFlight():
			c.Fatalf("in the end %s is %s", key, d.State)
		case d.State.Open() && d.WaitingFor == "" && d.Due.Before(c.clock.now.Add(-24*time.Hour)):
			c.Fatalf("in the end %s is %s, was due on %s and waits for nothing\n%s", key, d.State, d.Due, c.describe())
		case d.State == Cancelled && d.Cause == "" || (d.State == Expired || d.State == Refused) && d.Why == "":
			c.Fatalf("in the end %s is %s without a reason", key, d.State)
		}
	}
}

// deliver lets all leave that may, with a server that takes it.
func (c *core) deliver() {
	for tries := 0; ; tries++ {
		if tries > 100 {
			c.Fatalf("the courier goes round in circles\n%s", c.describe())
		}
		next, waiting := c.daemon.line.front()
		if c.flight == nil && (!waiting || !c.daemon.mayCarry(c.clock.now)) {
			return
		}
		*c.actions += 3
		if c.flight == nil {
			c.daemon.line.drop(next)
			claimed, err := c.daemon.claim(c.ctx, next)
			if err != nil {
				c.notCarried(next, err)
				return
			}
			c.flight = &flight{claimed: claimed, look: lastLook{began: c.clock.now}, read: c.reads}
		}
		f := c.flight
		c.transmitted(f)
		if err := c.daemon.mark(c.ctx, f.claimed, f.look.began); err != nil {
			c.settle(mailer.Receipt{Outcome: mailer.Deferred, Phase: mailer.PhaseData, Err: err, DataBegun: true})
			continue
		}
		c.dot(f)
		c.take(f.claimed)
		c.settle(mailer.Receipt{Outcome: mailer.Accepted, Phase: mailer.PhaseDot, Code: 250, Words: "taken", DataBegun: true})
	}
}

// coreRun is how many actions a run of the tests takes, and the seed that it
// begins with. The tests of every day take the same lives each time;
// AFTERWORD_CORE asks for so many actions of fresh ones.
func coreRun(t *testing.T) (actions int, seed uint64) {
	text := os.Getenv("AFTERWORD_CORE")
	switch {
	case text == "" && testing.Short():
		return 3_000, 1
	case text == "":
		return 20_000, 1
	}
	actions, err := strconv.Atoi(text)
	if err != nil || actions <= 0 {
		t.Fatalf("AFTERWORD_CORE=%s: want a number of actions", text)
	}
	return actions, rand.Uint64()
}

// coreSum adds up what the lives have seen.
type coreSum struct {
	actions int
	moves   map[string]int
	refused map[string]int
	dots    map[Kind]int
}

func newCoreSum() *coreSum {
	return &coreSum{moves: map[string]int{}, refused: map[string]int{}, dots: map[Kind]int{}}
}

// add takes in a life that has ended.
func (s *coreSum) add(c *core) {
	s.merge(&coreSum{moves: c.truth.moves, refused: c.truth.refused, dots: c.truth.dots})
}

// merge takes in what others have seen.
func (s *coreSum) merge(o *coreSum) {
	s.actions += o.actions
	for m, n := range o.moves {
		s.moves[m] += n
	}
	for m, n := range o.refused {
		s.refused[m] += n
	}
	for k, n := range o.dots {
		s.dots[k] += n
	}
}

func (s *coreSum) String() string {
	var moves []string
	for _, m := range slices.Sorted(maps.Keys(s.moves)) {
		moves = append(moves, fmt.Sprintf("%s %d", strings.ReplaceAll(m, " ", "->"), s.moves[m]))
	}
	return fmt.Sprintf("%d actions, %d thanks and %d follow-ups left; moves: %s", s.actions, s.dots[Owed], s.dots[Asking], strings.Join(moves, ", "))
}

// TestCore plays lives of the decision core until enough actions were taken. It
// does not run beside other tests: the seed of all of them is one flag.
func TestCore(t *testing.T) {
	want, seed := coreRun(t)
	sum := newCoreSum()
	flagged := flag.Lookup("rapid.seed").Value.String()
	t.Cleanup(func() { _ = flag.Set("rapid.seed", flagged) })
	if flagged != "0" {
		seed, _ = strconv.ParseUint(flagged, 10, 64)
	}
	for n := seed; sum.actions < want && !t.Failed(); n++ {
		if err := flag.Set("rapid.seed", strconv.FormatUint(n, 10)); err != nil {
			t.Fatal(err)
		}
		rapid.Check(t, func(t *rapid.T) {
			c := newCore(patient{t}, &sum.actions)
			for range 3 {
				t.Repeat(c.machine())
			}
			c.finish(patient{t})
			sum.add(c)
		})
	}
	t.Logf("core: %s; from seed %d", sum, seed)
	if sum.dots[Owed] == 0 || sum.dots[Asking] == 0 {
		t.Error("nothing left: nothing was tested")
	}
	if sum.actions >= manyActions {
		sum.checkMoves(t)
	}
}

// manyActions are enough for the rarest move to be sure.
const manyActions = 1_000_000

// checkMoves: every legal move was taken, and every illegal one was tried and
// refused.
func (s *coreSum) checkMoves(t *testing.T) {
	for _, from := range States() {
		for _, to := range States() {
			m := string(from) + " " + string(to)
			if legal := Legal(from, to); from != to && (legal && s.moves[m] == 0 || !legal && s.refused[m] == 0) {
				t.Errorf("in all these lives nothing went, or tried to go, from %s to %s", from, to)
			}
		}
	}
}
