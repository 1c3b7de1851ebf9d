package sim

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// Invariants are the promises, each checked by what the servers saw.
func Invariants() []Invariant {
	return []Invariant{
		{"never twice", neverTwice},
		{"only what was planned", onlyPlanned},
		{"nothing asks after an answer", silentAfterAnswer},
		{"nothing after the end", nothingAfterEnd},
		{"inside the window", insideWindow},
		{"inside the limits", insideLimits},
		{"not after it expired", notExpired},
		{"sent, or waiting with a reason", nothingLost},
		{"every answer is noticed", everyAnswerNoticed},
		{"nothing is stuck", nothingStuck},
		{"store and server agree", storeAgrees},
		{"doubt and refusal are told", doubtIsTold},
		{"no secret in the log", noSecret},
		{"an answer is carried out once", answersOnce},
		{"nobody else's mail is an answer", onlyTheUser},
		{"each notice is told, and once", toldOnce},
	}
}

// neverTwice: the server took each delivery at most once, whatever happened, and
// nobody got two thank-yous for one round, nor one whom the user had written to.
func neverTwice(o Outcome) (broken []string) {
	ids, thanked := map[string]int{}, map[string]int{}
	for _, a := range o.Accepted {
		if ids[a.MessageID]++; ids[a.MessageID] == 2 {
			broken = append(broken, fmt.Sprintf("%s was accepted twice", a.Key))
		}
		if a.Key != "" && a.Delivery.Kind == scheduler.Owed && a.Delivery.Template != "reply-to-rejection" {
			round := a.Delivery.Application + "/" + o.roundOf(a) + "/" + a.Person.Email
			if thanked[round]++; thanked[round] == 2 && ids[a.MessageID] == 1 {
				broken = append(broken, "two thank-yous went to "+round)
			}
			for _, h := range o.byHand {
				if h.to == a.Person.Email && h.at.After(a.Delivery.Began.Add(5*time.Hour)) && a.At.Sub(h.at) > lookAge && !o.jumped(a.At) && !o.did(a.Key, a.Delivery.Application, h.at, a.At) {
					broken = append(broken, fmt.Sprintf("%s was accepted at %s, and the user had written to them at %s", a.Key, stamp(a.At), stamp(h.at)))
				}
			}
		}
	}
	return broken
}

// roundOf is the interview that thanks are for. Late ones are queued by hand and belong
// to none: they are for the one that began when they say. A meeting that was moved behind
// thanks is another one.
func (o Outcome) roundOf(a Accepted) string {
	for _, i := range a.Application.Interviews {
		begin := o.beginOf(a.Application, i)
		switch {
		case a.Delivery.Interview == "" && begin.Equal(a.Delivery.Began):
			return i.ID
		case a.Delivery.Interview == i.ID && a.At.Before(begin):
			return i.ID + " before it was moved"
		}
	}
	return a.Delivery.Interview
}

// beginOf is when an interview begins at the end, wherever it was moved.
func (o Outcome) beginOf(a Application, i Interview) time.Time {
	if moved, is := o.moved[a.Stem+"/"+i.ID]; is {
		return moved
	}
	return i.At
}

// onlyPlanned: nothing leaves that is no delivery of the store, and each goes to
// its one recipient, who is in the files, in the words of the user if they wrote it.
func onlyPlanned(o Outcome) (broken []string) {
	for _, a := range o.Accepted {
		if a.Key == "" || a.Person.Email == "" || len(a.To) != 1 || !strings.EqualFold(a.To[0], a.Delivery.To.Email) {
			broken = append(broken, fmt.Sprintf("%v got %q, which no delivery is (key %q)", a.To, a.Subject, a.Key))
		}
		if words := o.ownWords(a); words != "" && !strings.Contains(oneLine(textOf(a.Raw)), words) {
			broken = append(broken, fmt.Sprintf("%s was accepted at %s without %q, which the user had written", a.Key, stamp(a.At), words))
		}
	}
	return broken
}

// lookAge is how old the last look may be when the dot leaves, and what the way
// to the server adds (DESIGN section 4, last_look).
const lookAge = 62 * time.Second

// silentAfterAnswer: nothing that asks leaves once an answer lay in a watched
// folder when the last look began, unless the user said so in between.
func silentAfterAnswer(o Outcome) (broken []string) {
	for _, a := range o.Accepted {
		if a.Delivery.Kind != scheduler.Asking || o.jumped(a.At) {
			continue
		}
		for _, l := range slices.Concat(o.Letters, o.holes()) {
			if !l.Kind.Stops() || o.stranger(l) || l.Stem != a.Delivery.Application || l.At.Before(a.Delivery.Began) || a.At.Sub(l.At) < lookAge {
				continue
			}
			if !o.did(a.Key, l.Stem, l.At, a.At) {
				broken = append(broken, fmt.Sprintf("%s was accepted at %s, and %s of %s lay in %s since %s", a.Key, stamp(a.At), l.Kind, l.From, l.Folder, stamp(l.At)))
			}
		}
	}
	return broken
}

// holes are the letters that the user deleted for good: read before, or seen as
// numbers that are missing in INBOX, which keeps all that asks as well. A folder
// that is numbered anew, or an old store, does not know which are missing; what was
// nobody's when it was read is not remembered; and another letter may have stood for it.
func (o Outcome) holes() []Arrived {
	if o.renumbered || len(o.restores) > 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(o.Deleted), func(l Arrived) bool { return o.tooEarly(l) || o.nobodys(l) || o.stoodFor(l) })
}

// stoodFor reports whether something came straight into another folder between the same two
// looks as a letter that was deleted before it could be read. The program counts what
// came to INBOX and what was moved, and cannot tell these apart (docs/RELIABILITY.md).
func (o Outcome) stoodFor(l Arrived) bool {
	const step = 15 * time.Minute
	look := time.Hour + o.Plan.Pace.Sweep
	return slices.ContainsFunc(o.asides, func(aside time.Time) bool {
		from, to := l.At, aside
		if to.Before(from) {
			from, to = to, from
		}
		for at := from; at.Add(look).Before(to); at = at.Add(step) {
			if o.reads(at, at.Add(look)) {
				return false
			}
		}
		return true
	})
}

// nobodys reports whether a letter may have been read while no file told whose it is,
// and was deleted before the program could read it once more: then nobody can know it.
// One that came and went while the program was off was not read, and leaves a hole.
func (o Outcome) nobodys(l Arrived) bool {
	if slices.ContainsFunc(o.down, func(s span) bool { return !l.At.Before(s.from) && l.Gone.Before(s.to) }) {
		return false
	}
	return slices.ContainsFunc(o.untold(l.Stem), func(s span) bool {
		if l.At.Before(s.from) || !l.At.Before(s.to) {
			return false
		}
		const step = 15 * time.Minute
		for at := s.to; at.Add(time.Hour).Before(l.Gone); at = at.Add(step) {
			if o.reads(at, at.Add(time.Hour)) {
				return false
			}
		}
		return true
	})
}

// untold are the times in which no file tells whose mail an application's is: it was not
// yet written, was gone, or was broken when the program started.
func (o Outcome) untold(stem string) (all []span) {
	if added, late := o.added[stem]; late {
		all = append(all, span{to: added})
	}
	for _, s := range o.gone {
		if s.stem == stem {
			all = append(all, s.span)
		}
	}
	var broken span
	for _, c := range o.closed {
		switch {
		case c.on != stem:
		case c.what == unreadable:
			broken.from = c.at
		case c.what == readable:
			broken.to = c.at
			if slices.ContainsFunc(o.down, func(s span) bool { return broken.from.Before(s.to) && s.from.Before(broken.to) }) {
				all = append(all, broken)
			}
		}
	}
	return all
}

// reads reports whether nothing kept the program from taking up a file and reading the
// mailbox all the while.
func (o Outcome) reads(from, to time.Time) bool {
	return o.ran(from, to) && !slices.ContainsFunc(slices.Concat(o.troubles, o.unreadable), func(s span) bool { return !s.to.Before(from) && s.from.Before(to) })
}

// spanOf is a time in which the file of an application was gone.
type spanOf struct {
	span
	stem string
}

// tooEarly reports whether a letter was first to be read, or to be read again after an old store
// was put back, while its application had no file, and came before its first interview, those aside
// that were called off: nobody can know whose it is.
func (o Outcome) tooEarly(l Arrived) bool {
	gone := slices.ContainsFunc(o.gone, func(s spanOf) bool {
		again := slices.ContainsFunc(o.restores, func(at time.Time) bool { return !at.Before(s.from) && at.Before(s.to) && l.At.Before(at) })
		return s.stem == l.Stem && (!l.At.Before(s.from) && l.At.Before(s.to) || o.offUntil(l.At, s.span) || again)
	})
	return (gone || l.At.Before(o.added[l.Stem]) || o.unnamed(l)) && slices.ContainsFunc(o.Plan.Applications, func(a Application) bool {
		return a.Stem == l.Stem && !slices.ContainsFunc(a.Interviews, func(i Interview) bool {
			return !l.At.Before(i.At) && !slices.ContainsFunc(o.off, func(c act) bool { return c.on == a.Stem+"/"+i.ID })
		})
	})
}

// stranger reports whether a letter came from an address of their own of somebody whom the
// user had taken out of the file: nothing there tells whose it is.
func (o Outcome) stranger(l Arrived) (gone bool) {
	if strings.HasSuffix(l.MessageID, l.From[strings.LastIndex(l.From, "@"):]+">") {
		return false
	}
	for _, c := range o.left { // in order
		if !c.at.After(l.At) && strings.HasPrefix(c.on, l.Stem+"/") && strings.HasSuffix(c.on, "/"+l.From) {
			gone = c.what == leftFile
		}
	}
	return gone
}

// unnamed reports whether the file did not name the writer of a letter yet: from an address
// of their own it is nobody's then.
func (o Outcome) unnamed(l Arrived) bool {
	later := func(p Person) bool { return p.Email == l.From }
	joined := func(c act) bool {
		return c.what == joinedFile && !c.at.After(l.At) && strings.HasPrefix(c.on, l.Stem+"/") && strings.HasSuffix(c.on, "/"+l.From)
	}
	return slices.ContainsFunc(o.Plan.Applications, func(a Application) bool {
		return a.Stem == l.Stem && slices.ContainsFunc(a.Interviews, func(i Interview) bool { return slices.ContainsFunc(i.Later, later) })
	}) && !slices.ContainsFunc(o.left, joined)
}

// offUntil reports whether the program did not run at a moment, nor from then on until it
// was started within a span.
func (o Outcome) offUntil(at time.Time, s span) bool {
	return slices.ContainsFunc(o.down, func(d span) bool {
		return !at.Before(d.from) && at.Before(d.to) && !d.to.Before(s.from) && d.to.Before(s.to)
	})
}

func stamp(t time.Time) string { return t.UTC().Format("02 15:04:05") }

// nothingAfterEnd: nothing leaves after the application was closed, rejected or
// withdrawn, but for what the user queues by hand; nothing while its file says paused or
// cannot be read, nothing to whom the file does not name any more, and nothing from a
// copy of the profile.
func nothingAfterEnd(o Outcome) (broken []string) {
	for _, a := range o.Accepted {
		status, since, before := "active", time.Time{}, "active"
		for _, c := range o.closed {
			grace := time.Second
			if c.what == readable {
				grace = 0
			}
			if c.on != a.Delivery.Application || !c.at.Add(grace).Before(a.At) {
				continue
			}
			if since = c.at; c.what == unreadable {
				before = status
			}
			if status = c.what; status == readable {
				status = before
			}
		}
		queued := a.Delivery.Interview == "" && slices.Contains([]string{"closed", "rejected", "withdrawn", "accepted"}, status)
		thanks := a.Delivery.Kind == scheduler.Owed && status == "offer"
		if status != "active" && status != "considered" && !queued && !thanks {
			broken = append(broken, fmt.Sprintf("%s was accepted at %s, and the application was %s since %s", a.Key, stamp(a.At), status, stamp(since)))
		}
		if at, gone := o.goneFromFile(a); gone {
			broken = append(broken, fmt.Sprintf("%s was accepted at %s, and its reader had left the file at %s", a.Key, stamp(a.At), stamp(at)))
		}
		if at, off := o.calledOff(a); off {
			broken = append(broken, fmt.Sprintf("%s was accepted at %s, and its interview was called off at %s", a.Key, stamp(a.At), stamp(at)))
		}
		if at, held := o.heldSince(a); held {
			broken = append(broken, fmt.Sprintf("%s was accepted at %s, and the user had put it on hold at %s", a.Key, stamp(a.At), stamp(at)))
		}
		if slices.ContainsFunc(o.unreadable, func(s span) bool { return s.from.Add(time.Second).Before(a.At) && a.At.Before(s.to) }) {
			broken = append(broken, fmt.Sprintf("%s was accepted at %s, while config.yaml could not be read", a.Key, stamp(a.At)))
		}
		if o.isElsewhere(a.At) {
			broken = append(broken, fmt.Sprintf("%s was accepted at %s, while a copy of the profile ran on another machine", a.Key, stamp(a.At)))
		}
	}
	return broken
}

// goneFromFile says since when the file does not name the reader of thanks for this
// interview any more.
func (o Outcome) goneFromFile(a Accepted) (since time.Time, gone bool) {
	for _, l := range o.left {
		if a.Delivery.Kind == scheduler.Owed && l.on == a.Delivery.Application+"/"+a.Delivery.Interview+"/"+a.Person.Email && l.at.Add(time.Second).Before(a.At) {
			since, gone = l.at, l.what == leftFile
		}
	}
	return since, gone
}

// isElsewhere reports whether the profile's copy ran then.
func (o Outcome) isElsewhere(at time.Time) bool {
	return slices.ContainsFunc(o.elsewhere, func(s span) bool { return s.from.Before(at) && at.Before(s.to) })
}

// transit is how much later than the gate's decision a server may take a mail: a
// minute from the last look to the dot, and the way there.
const transit = 65 * time.Second

// insideWindow: mail is accepted on working days that are no holiday, inside the hours that its kind
// may use, at the recipient's place, by the machine's clock.
func insideWindow(o Outcome) (broken []string) {
	for _, a := range o.Accepted {
		if a.Key == "" {
			continue // "only what was planned" speaks of it
		}
		zone, err := time.LoadLocation(a.Application.Zone)
		if err != nil {
			broken = append(broken, err.Error())
			continue
		}
		from, to := 7*time.Hour, 21*time.Hour
		if a.Delivery.Kind == scheduler.Asking && !o.urged(a) {
			from, to = 8*time.Hour, 18*time.Hour
		}
		at := o.ownTime(a.At).In(zone)
		if !inHours(at, from, to+transit) && !o.jumped(a.At) {
			broken = append(broken, fmt.Sprintf("%s was accepted on %s", a.Key, at.Format("Mon 02 Jan 15:04:05 MST")))
		}
		if country := o.Plan.setting("holidays"); isHoliday(country, at) && !o.jumped(a.At) {
			broken = append(broken, fmt.Sprintf("%s was accepted on %s, a holiday in %s", a.Key, at.Format("Mon 02 Jan"), country))
		}
		if why := o.resting(a, at); why != "" && !o.jumped(a.At) {
			broken = append(broken, fmt.Sprintf("%s was accepted on %s, %s", a.Key, at.Format("Mon 02 Jan"), why))
		}
	}
	return broken
}

// urged reports whether the user said to send a mail that had missed two of its slots: it
// may leave in the hours of late thanks then.
func (o Outcome) urged(a Accepted) bool {
	return a.Delivery.Missed >= 2 && slices.ContainsFunc(o.acts, func(x act) bool { return x.what == "send" && x.on == a.Key && !x.at.After(a.At) })
}

// unread reports whether nobody read a mail: it bounced, or its reader has left.
// It counts for no limit (DESIGN section 6: "as a dead address").
func (o Outcome) unread(a Accepted) bool {
	return a.Delivery.State == scheduler.Bounced || slices.ContainsFunc(slices.Concat(o.Letters, o.Deleted), func(l Arrived) bool { // one may be deleted once it was read
		return (l.Kind == Gone || l.Kind == Bounce) && l.From == a.Person.Email && l.At.After(a.At)
	})
}

// nothingLost: each thank-you that a held interview owes is sent, or the store
// says why it is not.
func nothingLost(o Outcome) (broken []string) {
	for _, a := range o.Plan.Applications {
		if _, late := o.added[a.Stem]; late && len(o.restores) > 0 {
			continue // a store from before its file, put back after its end, knows nothing of it
		}
		for _, i := range a.Interviews {
			for _, p := range i.People {
				if o.beginOf(a, i).Add(48*time.Hour).After(o.End) || slices.ContainsFunc(o.off, func(c act) bool { return c.on == a.Stem+"/"+i.ID }) {
					continue
				}
				var found scheduler.Delivery
				for _, d := range o.Stored {
					if d.Application == a.Stem && d.Interview == i.ID && strings.EqualFold(d.To.Email, p.Email) && d.Kind == scheduler.Owed {
						found = d
					}
				}
				if found.Key == "" && !o.neverNamed(a.Stem, i.ID, p) {
					broken = append(broken, fmt.Sprintf("nothing is known of a thank-you to %s for %s/%s", p.Email, a.Stem, i.ID))
				}
				if found.Key != "" && found.State != scheduler.Sent && found.Why == "" && found.WaitingFor == "" {
					broken = append(broken, fmt.Sprintf("%s is %s, and nothing says why", found.Key, found.State))
				}
			}
		}
	}
	return broken
}

// neverNamed reports whether somebody was taken out of a file that came late before the
// program, which was off all the while, could read it.
func (o Outcome) neverNamed(stem, id string, p Person) bool {
	added, late := o.added[stem]
	return late && slices.ContainsFunc(o.left, func(l act) bool {
		return l.what == leftFile && l.on == stem+"/"+id+"/"+p.Email && slices.ContainsFunc(o.down, func(s span) bool {
			return !added.Before(s.from) && !l.at.After(s.to)
		})
	})
}

// everyAnswerNoticed: what people of an application wrote is known to the store, and
// so is that something was deleted before it could be read.
func everyAnswerNoticed(o Outcome) (broken []string) {
	known := map[string]bool{}
	for _, m := range o.Mails {
		known[m.MessageID] = true
	}
	for _, e := range o.Events {
		known[e.Evidence] = true
	}
	for _, l := range o.Letters {
		if l.Kind.Stops() && l.Stem != "" && !known[l.MessageID] && !o.tooEarly(l) && !o.notReadBack(l) && !o.stranger(l) && o.upFor(l.At, o.End) > time.Hour+o.Plan.Pace.Sweep && !slices.ContainsFunc(o.Events, func(e scheduler.Event) bool { return strings.Contains(e.Evidence+e.Why, l.MessageID) }) {
			broken = append(broken, fmt.Sprintf("%s of %s for %s lies in %s since %s (%s)", l.Kind, l.From, l.Stem, l.Folder, stamp(l.At), l.MessageID))
		}
	}
	for _, l := range o.holes() {
		if !known[l.MessageID] && l.Kind.Stops() && l.Stem != "" && !o.stranger(l) && l.At.Add(time.Hour).Before(o.End) && !slices.ContainsFunc(o.Events, func(e scheduler.Event) bool {
			return e.What == "held" && strings.Contains(e.Why, "came and left INBOX") && e.At.After(o.ownTimeFrom(l.At))
		}) {
			broken = append(broken, fmt.Sprintf("%s of %s for %s came to INBOX at %s and was deleted, and nobody asked about it (%s)", l.Kind, l.From, l.Stem, stamp(l.At), l.MessageID))
		}
	}
	return broken
}

// notReadBack reports whether a letter need not be read any more: an old store was put back
// after it, which knew a folder by another number, and its application is over.
func (o Outcome) notReadBack(l Arrived) (over bool) {
	if !o.renumbered || !slices.ContainsFunc(o.restores, func(at time.Time) bool { return at.After(l.At) }) {
		return false
	}
	for _, c := range o.closed {
		if c.on == l.Stem && c.what != unreadable && c.what != readable {
			over = scheduler.Status(c.what).Over()
		}
	}
	return over
}

// nothingStuck: at the end, after days of peace, no mail is on its way, none that
// is approved and due stands still without a reason, and none has expired like
// that while the program ran in hours in which it might have left; and a profile that
// was adopted is held no more because it came from elsewhere.
func nothingStuck(o Outcome) (broken []string) {
	for _, h := range o.Holds {
		if h.Source == "machine" && h.Set.Before(o.adopted) && len(o.skews) == 0 {
			broken = append(broken, fmt.Sprintf("everything is held since %s (%s), and the profile was adopted at %s", stamp(h.Set), h.Reason, stamp(o.adopted)))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(o.Stored)) {
		d := o.Stored[key]
		overdue := d.State == scheduler.Approved && !d.Due.IsZero() && d.Due.Add(4*24*time.Hour).Before(o.End) && d.WaitingFor == "" && !o.waitedBefore(key)
		for _, never := range []string{"could not be read", "was not yet seen arriving"} {
			overdue = overdue || d.State == scheduler.Approved && strings.Contains(d.WaitingFor, never)
		}
		if d.State.InFlight() || overdue {
			broken = append(broken, fmt.Sprintf("%s is %s, due %s, waiting for %q", key, d.State, stamp(d.Due), d.WaitingFor))
		}
		if idle := o.idleHours(d); idle > enough {
			broken = append(broken, fmt.Sprintf("%s expired after it was due and approved for %s in which it might have left, and nothing says what it waited for", key, idle))
		}
	}
	return broken
}

// waitedBefore reports whether a mail waited for something shortly before the end: that may
// have come to pass since.
func (o Outcome) waitedBefore(key string) bool { return o.before[key].WaitingFor != "" }

// enough is in how many open hours a mail leaves that nothing keeps.
const enough = 3 * time.Hour

// idleHours are those in which an expired mail was approved and due and might
// have left, if nothing says what it waited for.
func (o Outcome) idleHours(d scheduler.Delivery) (idle time.Duration) {
	var approved, expired time.Time
	for _, e := range o.Events {
		switch {
		case e.Key != d.Key || e.From == e.To:
		case e.To == string(scheduler.Approved):
			approved = e.At
		case e.From == string(scheduler.Approved) && e.To == string(scheduler.Expired):
			expired = e.At
		}
	}
	zone, err := time.LoadLocation(d.Zone)
	if slices.ContainsFunc(o.Accepted, func(a Accepted) bool { return a.Key == d.Key }) {
		return 0 // a store that was put back did not know that it had left
	}
	if expired.IsZero() || err != nil || len(o.skews) > 0 || o.waited(d) {
		return 0
	}
	const step = 15 * time.Minute
	from := d.Due
	for _, at := range append([]time.Time{approved}, o.restores...) { // what a store that was put back knows not may have kept it
		if at.After(from) && !at.After(expired) {
			from = at
		}
	}
	// A hold that stands when the time is over is told as what it waited for. One that
	// ended before that is told no more: its user ended it, or said until when.
	_, stands := o.heldAt(d.Expires, d, d.To.Email)
	for at := from; at.Add(step).Before(d.Expires) && at.Add(step).Before(expired); at = at.Add(step) {
		_, held := o.heldAt(at, d, d.To.Email)
		if inHours(at.In(zone), 7*time.Hour, 21*time.Hour) && o.ran(at, at.Add(step)) && !o.stoppedAt(at) && (stands || !held) {
			idle += step
		}
	}
	return idle
}

// waited reports whether the program told what an expired mail had waited for. Whoever
// skipped it before that, or queued late thanks in its place, was not asked any more.
func (o Outcome) waited(d scheduler.Delivery) bool {
	const words = "It waited: "
	skipped := d.State == scheduler.Cancelled && d.Cause == scheduler.CauseSkipped
	_, late := o.Stored[d.Application+"//thank-you-late/"+d.To.Email]
	return skipped || late || slices.ContainsFunc(o.Questions, func(q scheduler.Question) bool {
		return strings.Contains(q.Text, d.Key) && strings.Contains(q.Text, words)
	}) ||
		slices.ContainsFunc(o.Notices, func(n mailtest.Accepted) bool {
			text := textOf(n.Raw)
			return strings.Contains(text, d.Key) && strings.Contains(text, words)
		})
}

// ran reports whether the program ran all the while, on a disk that works: of another
// one the user is told at once.
func (o Outcome) ran(from, to time.Time) bool {
	return !slices.ContainsFunc(slices.Concat(o.down, o.diskless), func(s span) bool { return s.from.Before(to) && from.Before(s.to) })
}

// upFor is for how long the program ran between two moments.
func (o Outcome) upFor(from, to time.Time) time.Duration {
	up := to.Sub(from)
	for _, s := range o.down {
		if s.from.Before(from) {
			s.from = from
		}
		if s.to.After(to) {
			s.to = to
		}
		up -= max(0, s.to.Sub(s.from))
	}
	return up
}

// inHours reports whether a moment lies on a working day between two hours of it.
func inHours(at time.Time, from, to time.Duration) bool {
	clock := time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute + time.Duration(at.Second())*time.Second
	return at.Weekday() != time.Saturday && at.Weekday() != time.Sunday && clock >= from && clock < to
}

// storeAgrees: what the store calls sent was accepted, and what was accepted is
// sent, bounced, in doubt, or given up by the user out of doubt.
func storeAgrees(o Outcome) (broken []string) {
	took := map[string]int{}
	for _, a := range o.Accepted {
		took[a.Key]++
	}
	for _, key := range slices.Sorted(maps.Keys(o.Stored)) {
		d := o.Stored[key]
		switch d.State {
		case scheduler.Sent, scheduler.Bounced:
			if took[key] == 0 {
				broken = append(broken, fmt.Sprintf("%s is %s, and the server never took it", key, d.State))
			}
		case scheduler.InDoubt:
		default:
			if took[key] > 0 && d.Cause != scheduler.CauseDropped {
				broken = append(broken, fmt.Sprintf("%s is %s (%s), and the server took it", key, d.State, d.Why))
			}
		}
	}
	return broken
}

// doubtIsTold: whenever a mail came to be in doubt or was refused, a notice
// reached the user.
func doubtIsTold(o Outcome) (broken []string) {
	for _, e := range o.Events {
		if e.To != string(scheduler.InDoubt) && e.To != string(scheduler.Refused) || e.From == e.To || e.At.Add(2*24*time.Hour).After(o.End) {
			continue
		}
		told := slices.ContainsFunc(o.Notices, func(n mailtest.Accepted) bool {
			return !o.ownTime(n.At).Before(e.At.Add(-time.Minute)) && strings.Contains(textOf(n.Raw), e.Key)
		})
		if !told && !o.settledSoon(e) {
			broken = append(broken, fmt.Sprintf("%s was %s at %s, and no notice names it", e.Key, e.To, stamp(e.At)))
		}
	}
	return broken
}

// settledSoon reports whether a doubt ended by itself within the time in which the
// user is to hear of it: then there is nothing to tell.
func (o Outcome) settledSoon(doubt scheduler.Event) bool {
	begun := false
	for _, e := range o.Events { // in order; the clock may have been set between
		begun = begun || e.Key == doubt.Key && e.To == doubt.To && e.At.Equal(doubt.At)
		if begun && e.Key == doubt.Key && e.From == string(scheduler.InDoubt) && e.From != e.To {
			return e.At.Sub(doubt.At) < 2*time.Minute
		}
	}
	return false
}

// noSecret: the log holds no password, no secret, no text and no name.
func noSecret(o Outcome) (broken []string) {
	words := []string{password, secondPassword, secret, base64.StdEncoding.EncodeToString([]byte(secret)), hex.EncodeToString([]byte(secret)),
		base64.StdEncoding.EncodeToString([]byte("\x00dana@example.org\x00" + password))[:40]}
	words = append(words, o.tokens...)
	for _, a := range o.Plan.Applications {
		for _, p := range a.Everybody() {
			words = append(words, p.Name, p.Said)
		}
	}
	for _, w := range words {
		if w != "" && strings.Contains(o.Log, w) {
			broken = append(broken, fmt.Sprintf("the log holds %q", w))
		}
	}
	return broken
}
