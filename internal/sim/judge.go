package sim

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"time"

	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// Outcome is what there is to judge at the end of a play: what the servers saw,
// what the user did, and what the program says of it.
type Outcome struct {
	Plan       Plan
	End        time.Time
	Accepted   []Accepted // for somebody else than the user
	Notices    []mailtest.Accepted
	Letters    []Arrived
	Deleted    []Arrived   // for good, by the user, whether read or not
	asides     []time.Time // when something came straight into another folder than INBOX
	acts       []act
	closed     []act
	skews      []skew
	down       []span
	byHand     []byHand
	moved      map[string]time.Time // where an interview was moved, by "stem/id"
	answers    []said
	troubles   []span
	restores   []time.Time
	left       []act
	decides    []act
	off        []act
	holdings   []holding
	edits      []edited
	gone       []spanOf // when the file of an application was gone
	diskless   []span   // when the disk took nothing
	added      map[string]time.Time
	unreadable []span // when config.yaml was broken
	elsewhere  []span
	adopted    time.Time // when the user said last that the profile lives on its new machine; zero: never

	renumbered bool // a folder got another UIDVALIDITY

	Stored    map[string]scheduler.Delivery // by key
	before    map[string]scheduler.Delivery // the same some hours before the end, empty if nobody could look then
	Mails     []scheduler.Mail
	Events    []scheduler.Event
	Questions []scheduler.Question
	Outbox    []outboxed
	Holds     []scheduler.Hold
	Log       string
	tokens    []string // that the authorization server gave
}

// Accepted is one mail that the server took, and which delivery it is.
type Accepted struct {
	mailtest.Accepted
	Key         string // "" if no delivery has its Message-ID
	Delivery    scheduler.Delivery
	Application Application
	Person      Person
}

// Arrived is a letter that came to lie in a folder.
type Arrived struct {
	Kind      Letter
	Stem      string // the application it belongs to, "" for none
	From      string
	Folder    string
	MessageID string
	At        time.Time
	Gone      time.Time // when the user deleted it for good, zero if they did not
	fate      Fate
	aside     bool // it came straight into another folder than INBOX
}

// Invariant is one promise. Check returns what broke it, a line each.
type Invariant struct {
	Name  string
	Check func(Outcome) []string
}

// judge collects the outcome and holds it against every invariant.
func (s *stage) judge() {
	if s.program == nil || s.machine.Dead() {
		s.violate("the program runs at the end", "it was started %d times", s.boots)
		return
	}
	o := s.outcome()
	for _, a := range o.Accepted {
		s.report.Trace = append(s.report.Trace, a.At.UTC().Format("02 15:04:05.000000 ")+"accepted "+a.Key+" "+a.MessageID)
	}
	for _, a := range s.servers.Accepted() {
		sum := sha256.Sum256(a.Raw)
		s.report.Trace = append(s.report.Trace, a.At.UTC().Format("02 15:04:05.000000 ")+"to "+strings.Join(a.To, ", ")+": "+hex.EncodeToString(sum[:8]))
	}
	for _, key := range slices.Sorted(maps.Keys(o.Stored)) {
		d := o.Stored[key]
		s.report.Trace = append(s.report.Trace, "at the end "+key+" is "+string(d.State)+": "+d.Why+" ["+d.WaitingFor+"]")
	}
	for _, i := range Invariants() {
		for _, text := range i.Check(o) {
			s.violate(i.Name, "%s", text)
		}
	}
	s.count(o)
}

// outcome collects what there is to judge.
func (s *stage) outcome() Outcome {
	s.datesInFiles()
	if !s.moving.IsZero() {
		s.elsewhere = append(s.elsewhere, span{s.moving, s.truth.Now()})
	}
	o := Outcome{Plan: s.plan, End: s.truth.Now(), Letters: s.lettersThere(), Deleted: s.deleted, asides: s.asides, before: s.before, renumbered: s.validity > 0,
		acts: s.acts, closed: s.closed, skews: s.skews, down: s.down, byHand: s.byHand, moved: s.moved,
		answers: s.answers, restores: s.restores, left: s.left, decides: s.decides, off: s.off, holdings: s.holdings, added: s.added, gone: s.gone, diskless: s.diskless, edits: s.edits, unreadable: s.unreadable, elsewhere: s.elsewhere, adopted: s.adopted, troubles: slices.Concat(s.troubles, s.down, s.wires.hits()), Stored: s.deliveries(), Log: s.log.String(), tokens: s.tokens()}
	o.asides = append(o.asides, straight(o.Letters)...)
	ids := map[string]string{}
	for key := range o.Stored {
		ids[s.program.MessageID(key)] = key
	}
	s.view(func(r scheduler.Reader) (err error) {
		if o.Mails, err = r.Mails(scheduler.MailQuery{}); err != nil {
			return err
		}
		if o.Questions, err = r.Questions(); err != nil {
			return err
		}
		if o.Holds, err = r.Holds(); err != nil {
			return err
		}
		notices, err := r.Notices(false)
		if err != nil {
			return err
		}
		for _, n := range notices {
			o.Outbox = append(o.Outbox, outboxed{n, s.program.MessageID(scheduler.NoticeName(n.Key))})
		}
		o.Events, err = r.Events(scheduler.EventQuery{})
		return err
	})
	for _, a := range s.servers.Accepted() {
		if toOneself(a.To) {
			o.Notices = append(o.Notices, a)
			continue
		}
		one := Accepted{Accepted: a, Key: ids[a.MessageID]}
		one.Delivery = o.Stored[one.Key]
		if was, known := s.seen[a.MessageID]; one.Key == "" && known {
			one.Key, one.Delivery = was.Key, was
		}
		one.Application, one.Person, _ = s.personOf(strings.ToLower(strings.Join(a.To, ",")), one.Delivery.Application)
		o.Accepted = append(o.Accepted, one)
	}
	return o
}

// count adds what happened to the counts.
func (s *stage) count(o Outcome) {
	c := &s.report.Counts
	c.Accepted = len(o.Accepted)
	for _, l := range o.Letters {
		c.Letters[l.Kind]++
	}
	c.Events[FilesLetter], c.Events[DeletesLetter] = s.filed, len(o.Deleted)
	c.Notices = len(o.Notices)
	for _, x := range o.answers {
		word := x.word
		if x.forged {
			word = "forged"
		}
		c.Answers[word]++
	}
	doubted := map[string]bool{}
	for _, e := range o.Events {
		if e.To == string(scheduler.InDoubt) {
			doubted[e.Key] = true
		}
	}
	for _, a := range o.Accepted {
		if doubted[a.Key] {
			c.Lost++
		}
	}
}

// ownTime is what the machine's clock showed at a moment of the world.
func (o Outcome) ownTime(at time.Time) time.Time {
	by := time.Duration(0)
	for _, s := range o.skews {
		if !s.from.After(at) {
			by = s.by
		}
	}
	return at.Add(by)
}

// ownTimeFrom is the least that the machine's clock showed in the day from a moment on.
func (o Outcome) ownTimeFrom(at time.Time) time.Time {
	least := o.ownTime(at)
	for _, s := range o.skews {
		if by := s.from.Sub(at); 0 <= by && by < 24*time.Hour && s.from.Add(s.by).Before(least) {
			least = s.from.Add(s.by)
		}
	}
	return least
}

// jumped reports whether the machine's clock was set shortly before a moment.
func (o Outcome) jumped(at time.Time) bool {
	return slices.ContainsFunc(o.skews, func(s skew) bool { return !s.from.After(at) && at.Sub(s.from) < 3*time.Minute })
}

// did reports whether the user did something, after one moment and not after
// another, that lets mail of a key go on.
func (o Outcome) did(key, stem string, after, until time.Time) bool {
	return slices.ContainsFunc(o.acts, func(a act) bool {
		on := a.on == key || a.on == stem || a.on == ""
		return on && slices.Contains([]string{"approve", "resume", "send", "resolve"}, a.what) && a.at.After(after) && !a.at.After(until)
	})
}
