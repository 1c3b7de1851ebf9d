package scheduler

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
	"afterword/scheduler/calendar"
)

// truth is what really happened, as the servers and the people know it, beside
// what the store believes.
type truth struct {
	taken    map[string]Delivery // by key: what a server has taken
	order    []string
	at       map[string]time.Time
	claimed  map[string]time.Time     // when that attempt began
	said     map[string]mailer.Frozen // the bytes that a server may have seen of each
	lost     map[string]bool          // by key: it left, and neither a store nor a ledger knows
	unsure   bool                     // a store was put back, and no ledger knows what has left since
	settling bool                     // the user speaks: a doubt may be settled
	evidence map[string]bool          // by key: a copy, an answer or a bounce that names it was read
	moves    map[string]int
	refused  map[string]int // moves that the table does not allow
	dots     map[Kind]int
	ever     heardOf
	lore     // what the program can know; it goes with a store that is lost
	saved    lore
}

// lore is what the program was told.
type lore struct {
	known    map[string]bool      // keys of mails that a server said it took, or the user
	told     map[string]bool      // likewise, the server alone
	ended    map[string]wrote     // by application: the last answer for good
	noMore   map[string]bool      // by application and by address
	dead     map[string]time.Time // by address: when it was said to be dead
	spoke    map[string]time.Time // by address: when its owner last wrote
	restart  map[string]wrote     // by application: the last answer that restarts the silence
	agreed   map[string]int       // by key: as the how manyth letter had been read when the user last approved
	urged    map[string]int       // likewise, when the user last wanted it sent as it stands
	tried    map[string]int       // likewise, when it was last claimed
	first    map[string]wrote     // by application and address: the last that a person wrote
	queued   map[string]int       // by key: as the how manyth letter had been read when the user last queued it
	wroteTo  map[string]wrote     // by address: the last that the user wrote to its owner by hand
	away     map[string]time.Time // by address: until when
	resting  map[string]rest      // by application, and by address
	despite  map[string]bool      // by key: the user wants it although the proofreader does not
	words    map[string]string    // by key: the last that the user wrote for it
	lapsed   map[string]time.Time // by key: when a backup was restored by command and its time was over, unless somebody has wanted it since
	gone     map[string]bool      // by key: it left, and was forgotten
	agreedTo map[string]string    // by key: the hash of the text that the user last approved
	strange  bool                 // the program woke up on another machine, and nobody has said that this is right
}

// wrote is a letter: when it came, and as the how manyth it was read.
type wrote struct {
	arrived time.Time
	read    int
}

// rest is what waits until somebody resumes it.
// rest is what rests: mail about interviews that began before these. What asks rests for unsure
// until the user says whose answer a mail was.
type rest struct{ owed, asking, unsure time.Time }

func newTruth() truth {
	t := truth{ever: newHeardOf(), lost: map[string]bool{}, taken: map[string]Delivery{}, at: map[string]time.Time{}, claimed: map[string]time.Time{}, said: map[string]mailer.Frozen{}, evidence: map[string]bool{}, moves: map[string]int{}, refused: map[string]int{}, dots: map[Kind]int{}}
	t.lore = lore{known: map[string]bool{}, told: map[string]bool{}, ended: map[string]wrote{}, noMore: map[string]bool{}, dead: map[string]time.Time{}, spoke: map[string]time.Time{},
		restart: map[string]wrote{}, agreed: map[string]int{}, urged: map[string]int{}, tried: map[string]int{}, first: map[string]wrote{}, queued: map[string]int{}, wroteTo: map[string]wrote{}, away: map[string]time.Time{}, resting: map[string]rest{}, despite: map[string]bool{}, words: map[string]string{}, lapsed: map[string]time.Time{}, gone: map[string]bool{}, agreedTo: map[string]string{}}
	return t
}

func (l lore) copied() lore {
	return lore{maps.Clone(l.known), maps.Clone(l.told), maps.Clone(l.ended), maps.Clone(l.noMore), maps.Clone(l.dead), maps.Clone(l.spoke),
		maps.Clone(l.restart), maps.Clone(l.agreed), maps.Clone(l.urged), maps.Clone(l.tried), maps.Clone(l.first), maps.Clone(l.queued), maps.Clone(l.wroteTo), maps.Clone(l.away), maps.Clone(l.resting), maps.Clone(l.despite), maps.Clone(l.words), maps.Clone(l.lapsed), maps.Clone(l.gone), maps.Clone(l.agreedTo), l.strange}
}

// agree notes that the user wants a mail as it stands.
func (c *core) agree(key string) {
	c.truth.agreed[key], c.truth.urged[key] = c.reads, c.reads
	c.truth.agreedTo[key] = c.store.get(key).TextHash
	delete(c.truth.lapsed, key)
}

// forget is what a backup that is restored does: nobody knows of the bytes
// either, so that they are made anew once the user says that none arrived.
func (t *truth) forget() {
	t.lore, t.said = t.saved.copied(), map[string]mailer.Frozen{}
}

// moved watches every move of every delivery.
func (c *core) moved(before, after Delivery) {
	from, to := before.State, after.State
	c.truth.moves[string(from)+" "+string(to)]++
	if from == Cancelled && to == Planned || after.When().After(c.clock.now) { // it has another time by now
		delete(c.truth.lapsed, after.Key)
	}
	if from.Open() && (to == Cancelled || to == Expired) && !c.moving {
		c.checkReason(after)
	}
	if from == InDoubt && to != InDoubt && !c.truth.settling && !c.truth.evidence[after.Key] {
		c.Fatalf("%s left its doubt for %s, and nobody knows more", after.Key, to)
	}
	if from.InFlight() && before.Frozen != nil && (after.Frozen == nil || !bytes.Equal(before.Frozen.Bytes, after.Frozen.Bytes)) {
		c.Fatalf("the bytes of %s change while they are on their way", after.Key)
	}
}

// heard notes what a letter that was read does, by the table.
func (t *truth) heard(files *papers, l letter, read int) {
	in, stem := l.in, l.in.Match.Application
	if in.Reading.Kind == mailer.Human && !in.Suspect && in.Match.Strength < 6 {
		t.spoke[in.Match.Person] = newer(t.spoke[in.Match.Person], in.Arrived)
	}
	if in.Match.Early || len(in.Rivals) > 0 && files.policy.Replies.Interviewer == ReplyRestarts {
		return
	}
	r := l.row
	whole := !in.Suspect && len(in.Rivals) == 0 && in.Match.Strength < 6 && !in.Unseen
	if r.name == "a bounce of our mail" && in.Match.OurID == "" {
		r.owed, r.asking = rests, rests
	}
	if in.Suspect { // what would end, rests
		r.owed, r.asking = min(r.owed, rests), min(r.asking, rests)
		if l.row.owed == ends || l.row.owed == waits {
			r.owed = goesOn
		}
		if l.row.asking == waits {
			r.asking = goesOn
		}
	}
	if in.Reading.Kind == mailer.Human && whole && in.Match.Interviewer {
		t.first[stem+" "+in.Match.Person] = wrote{in.Arrived, read}
	}
	switch {
	case r.asking == ends && in.Reading.NoMore:
		t.noMore[stem], t.noMore[in.Match.Person] = true, true
		t.answered(files, stem, wrote{in.Arrived, read})
		t.restart[stem] = wrote{in.Arrived, read}
	case r.asking == ends && r.onePerson:
		t.dead[in.Match.Person] = newer(t.dead[in.Match.Person], in.Arrived)
	case r.asking == ends:
		t.answered(files, stem, wrote{in.Arrived, read})
		t.restart[stem] = wrote{in.Arrived, read}
	case r.owed == waits:
		t.away[in.Match.Person] = in.Arrived.Add(24 * time.Hour) // the day after at the earliest
	case r.asking == rests && !r.onePerson:
		t.rest(stem, r, in.Arrived, !whole)
		t.confirmed(stem, files.find(stem).Status)
	case r.asking == rests && in.Match.Person != "" && !in.Suspect:
		t.rest(in.Match.Person, r, in.Arrived, false)
	}
}

func (t *truth) rest(who string, r row, since time.Time, unsure bool) {
	was := t.resting[who]
	if unsure {
		was.unsure = since
	} else {
		was.asking = since
	}
	if r.owed == rests {
		was.owed = since
	}
	t.resting[who] = was
}

// answered: an answer ends what asks, unless the user wants it restarted.
func (t *truth) answered(files *papers, stem string, w wrote) {
	if files.policy.Replies.Interviewer == ReplyCancels {
		t.ended[stem] = w
	}
}

// itWasTheirs: the user says that an application has answered, and so whose mail it was.
func (t *truth) itWasTheirs(stem string) {
	r := t.resting[stem]
	r.unsure = time.Time{}
	t.resting[stem] = r
}

// answersCount: what answers do is what the user wants by now, also of those that came
// before.
func (t *truth) answersCount(forGood bool) {
	clear(t.ended)
	if forGood {
		maps.Copy(t.ended, t.restart)
	}
}

// resumed forgets what rested.
func (t *truth) resumed(what string) {
	if what == "" {
		clear(t.resting)
		clear(t.away)
	}
	delete(t.resting, what)
	delete(t.away, what)
	delete(t.noMore, what) // by name, the user may go on all the same
}

// isDead reports whether mail to a delivery's reader is known to lead nowhere.
func (t *truth) isDead(d Delivery) bool {
	at, died := t.dead[NormalAddress(d.To.Email)]
	return died && !t.spoke[NormalAddress(d.To.Email)].After(at)
}

func newer(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// confirmed: what seemed to be an outcome holds thanks until the user says that
// it is one.
func (t *truth) confirmed(stem string, s Status) {
	if s == StatusOffer || s.Over() {
		r := t.resting[stem]
		r.owed = time.Time{}
		t.resting[stem] = r
	}
}

// transmitted: whatever a server may have seen of a mail stays as it was, and
// every attempt bears the one Message-ID of its key.
func (c *core) transmitted(f *flight) {
	key, m := f.claimed.Key, *f.claimed.Frozen
	if m.MessageID != ownName(key) {
		c.Fatalf("%s leaves as %s", key, m.MessageID)
	}
	if before, seen := c.truth.said[key]; seen && !bytes.Equal(before.Bytes, m.Bytes) {
		c.Fatalf("%s was tried with the bytes %q and now leaves with %q", key, before.Bytes, m.Bytes)
	}
	c.truth.said[key] = m
}

// take is the server that takes a mail: it is its first and its last.
func (c *core) take(d Delivery) {
	_, twice := c.truth.taken[d.Key]
	if (c.truth.gone[d.Key] || c.truth.unsure) && d.ByPerson && twice {
		return // they wanted it, and wanted the first one to be forgotten, or were asked to look whether it had left
	}
	if twice && !c.truth.lost[d.Key] {
		c.Fatalf("%s was taken twice\n%s", d.Key, c.describe())
	}
	for key, o := range c.truth.taken {
		forgotten := c.truth.gone[key] && (d.ByPerson || o.To.Email != d.To.Email) // the ledger knows addresses alone
		asked := d.ByPerson && (c.truth.unsure || c.store.get(key).Key == "")      // to look in the Sent folder first
		if forgotten || asked || c.truth.lost[key] {
			continue
		}
		if c.isThanks(o) && c.isThanks(d) && c.store.get(key).State != Bounced && o.Application == d.Application && o.Began.Equal(d.Began) && (slices.Contains(c.addresses(d), NormalAddress(o.To.Email)) || o.To.Name == d.To.Name) {
			c.Fatalf("%s was thanked twice for one meeting, with %s and %s\n%s", d.To.Email, key, d.Key, c.describe())
		}
	}
	c.truth.taken[d.Key] = d
	c.truth.order = append(c.truth.order, d.Key)
	c.truth.at[d.Key], c.truth.claimed[d.Key] = c.clock.now, d.ClaimedAt
}

// isThanks reports whether a mail thanks for the meeting at which it began. What was queued for one
// that has been moved since thanks for another.
func (c *core) isThanks(d Delivery) bool {
	began := func(i Interview) bool { return i.At.Equal(d.Began) }
	return d.Kind == Owed && d.Template != templateRejection &&
		(d.Interview != "" || slices.ContainsFunc(c.files.find(d.Application).Interviews, began))
}

// dot holds every promise against a mail whose final dot leaves now.
func (c *core) dot(f *flight) {
	d, now := c.store.get(f.claimed.Key), c.clock.now
	c.truth.dots[d.Kind]++
	a := c.files.find(d.Application)
	for _, promise := range []struct {
		kept bool
		text string
	}{
		{d.State == HandedOver && d.Marked == d.Attempt && c.ledger.Attempt(d.Key) == d.Attempt, "without its mark and its line in the ledger"},
		{now.Sub(f.look.began) < c.files.policy.LastLook, "long after the last look at the mailbox"},
		{(!a.Status.Over() || d.Interview == "") && a.Status != StatusPaused && (a.Status != StatusOffer || d.Kind == Owed), "although the application is " + string(a.Status)},
		{a.Stem != "", "although its file is gone"},
		{a.Broken == "", "although its file cannot be read"},
		{c.files.policy.Broken == "", "although config.yaml cannot be read"},
		{!c.isHeld(d, now), "although it is on hold"},
		{!isGuessed(a, d), "to an address that is only guessed"},
		{a.names(d.To.Email), "to somebody whom the file does not name"},
		{c.inHours(d, now), "outside the hours for mail"},
		{c.inTime(d, now), "too late"},
		{!now.Before(d.Due) && !d.Due.IsZero(), "before it was due"},
		{c.isMet(a, d), "although nobody knows whether the meeting took place"},
		{d.Interview == "" || slices.ContainsFunc(a.Interviews, func(i Interview) bool { return i.ID == d.Interview }), "about a meeting that its file names no more"},
		{d.Interview == "" || c.hasStep(a, d), "as a step that its sequence has no more"},
		{d.Kind != Owed || d.Interview == "" || d.Step == stepPassOn || !isSkipped(a, d), "although the file gives a reason not to thank"},
		{c.stepped || c.leftLately(now) < c.files.policy.PerHour, "as one more than may leave within an hour"},
		{!c.isDoubted(d), "while an earlier mail to its reader is in doubt"},
		// Bytes that a server may hold do not change any more, so that nobody is asked about them anew.
		{d.ByPerson || c.files.policy.Review != ReviewAlways && (d.Personal == "" && (d.Interview != "" || d.SendNow) || d.AnyData), "although nobody has approved it"},
		{!strings.Contains(string(d.Text.Body), coreSlip) || c.truth.despite[d.Key] || d.AnyData, "with what the proofreader calls an error"},
		{c.truth.words[d.Key] == "" || d.AnyData || d.Text.Body == c.truth.words[d.Key], "in other words than the user's: " + c.truth.words[d.Key]},
		{!d.ByPerson || d.AnyData || c.truth.agreedTo[d.Key] == d.TextHash, "as another text than the user approved"},
		{!d.FirstDue.Before(c.truth.lapsed[d.Key]) || d.AnyData, "although its time was over when a backup was put back"},
		{!c.truth.isDead(d) || d.SendNow, "to an address that is dead"},
		{!c.truth.strange, "on a machine that nobody has adopted"},
		{!c.ofReader(d, func(who string) bool { return c.truth.noMore[who] }), "although its reader wants no more mail"},
		{!c.ofReader(d, func(who string) bool { return c.truth.away[who].After(now) }), "although its reader is away"},
		{!c.isResting(d), "although it rests until somebody resumes it"},
		{c.stepped || !c.isBeside(d, now), "in the minute of another note of its panel"},
		{!c.isThanks(d) || !c.wroteByHand(f, d), "although the user wrote to its reader since the interview"},
		{d.Kind != Owed || d.Interview == "" || d.ByPerson || d.AnyData || !c.wroteFirst(f, d), "as if its reader had not written first"},
	} {
		if !promise.kept {
			c.Fatalf("at %s %s leaves %s\n%s", now.In(c.place).Format("Mon 2 Jan 15:04:05"), d.Key, promise.text, c.describe())
		}
	}
	if d.Kind == Asking {
		c.dotOfAsking(f, a, d, now)
	}
}

// dotOfAsking holds the promises about mail that asks.
func (c *core) dotOfAsking(f *flight, a Application, d Delivery, now time.Time) {
	pol := c.files.policy
	asked, toPerson, last := c.asked(d, now)
	gap := time.Duration(pol.Limits.Gap.Days) * 24 * time.Hour
	if c.stepped {
		gap -= 5 * time.Hour // as far as the clock may have been set back since
	}
	for _, promise := range []struct {
		kept bool
		text string
	}{
		{!c.isAnswered(d), "after an answer"},
		{!slices.ContainsFunc(pol.Me.Away, func(r calendar.DateRange) bool { return r.Contains(dateIn(now, c.zoneOf(a))) }), "while the user is away"},
		{!slices.ContainsFunc(pol.Quiet, func(r calendar.YearlyRange) bool { return r.Contains(dateIn(now, c.zoneOf(a))) }), "on one of the user's quiet days"},
		{!c.truth.noMore[d.Application], "although they want no more mail"},
		{a.DecisionBy.IsZero() || !now.Before(c.patience(a)), "although they have promised to decide by " + a.DecisionBy.String()},
		{asked < min(pol.Limits.PerApplication, 3), fmt.Sprintf("after %d that nobody answered", asked)},
		{toPerson < min(pol.Limits.PerPerson, 3), fmt.Sprintf("after %d that its reader did not answer", toPerson)},
		{last.IsZero() || now.Sub(last) >= gap, "a short time after the last one that asked"},
		{pol.Replies.Interviewer == ReplyCancels || !c.isOvertaken(f, d), "as it was approved before an answer"},
		{d.ByPerson || pol.Review == ReviewNever || c.shown(d, now), "before the user had the time to object"},
	} {
		if !promise.kept {
			c.Fatalf("at %s %s asks %s\n%s", now.In(c.place).Format("Mon 2 Jan 15:04:05"), d.Key, promise.text, c.describe())
		}
	}
}

// isAnswered reports whether what asks has its answer. Whoever queues or approves a mail
// after one has heard it.
func (c *core) isAnswered(d Delivery) bool {
	w := c.truth.ended[d.Application]
	if agreed := c.truth.agreed[d.Key]; agreed > 0 && agreed >= w.read {
		return false
	}
	if d.Interview == "" && w.read <= c.truth.queued[d.Key] || d.Template == stepCheckIn && d.ByPerson {
		return false
	}
	return d.Began.Before(w.arrived)
}

// isOvertaken reports whether an answer that restarts the silence was read before
// the claim, and after the user approved the mail.
func (c *core) isOvertaken(f *flight, d Delivery) bool {
	w := c.truth.restart[d.Application]
	return w.arrived.After(d.Began) && w.read <= f.read && w.read > c.truth.agreed[d.Key]
}

// claimed: thanks that were on their way before leave again only if the user said
// so after their reader wrote.
func (c *core) claimed(d Delivery) {
	before, again := c.truth.tried[d.Key]
	w := c.truth.first[d.Application+" "+NormalAddress(d.To.Email)]
	if again && d.AnyData && d.Kind == Owed && w.arrived.After(d.Began) && w.read > before && w.read > c.truth.urged[d.Key] {
		c.Fatalf("%s leaves as it stands, and its reader wrote since\n%s", d.Key, c.describe())
	}
	c.truth.tried[d.Key] = c.reads
}

// isBeside reports whether another note about the same meeting left in this minute.
func (c *core) isBeside(d Delivery, now time.Time) bool {
	if d.Kind != Owed || d.Interview == "" {
		return false
	}
	return slices.ContainsFunc(c.truth.order, func(key string) bool {
		o := c.truth.taken[key]
		return !c.truth.gone[key] && o.Kind == Owed && o.Key != d.Key && o.Application == d.Application && o.Interview == d.Interview && c.truth.at[key].Truncate(time.Minute).Equal(now.Truncate(time.Minute))
	})
}

func (c *core) isHeld(d Delivery, now time.Time) bool {
	for _, h := range c.store.holds {
		if h.Covers(&d, d.Began, now) {
			return true
		}
	}
	return false
}

// wroteFirst reports whether a letter of the reader was read before the claim.
func (c *core) wroteFirst(f *flight, d Delivery) bool {
	return c.ofReader(d, func(who string) bool {
		w := c.truth.first[d.Application+" "+who]
		return w.arrived.After(d.Began) && w.read <= f.read
	})
}

// wroteByHand reports whether the user's own mail to the reader was read before the claim, and
// not before they queued this one: then they want both.
func (c *core) wroteByHand(f *flight, d Delivery) bool {
	return c.ofReader(d, func(who string) bool {
		w := c.truth.wroteTo[who]
		return !d.Began.IsZero() && !w.arrived.Before(d.Began) && w.read > max(c.truth.queued[d.Key], c.truth.urged[d.Key]) && w.read <= f.read
	})
}

// inHours: from 8 to 18 on business days in Paris, for thanks whose slot is past
// from 7 to 21.
func (c *core) inHours(d Delivery, now time.Time) bool {
	a := c.files.find(d.Application)
	at := now.In(c.zoneOf(a))
	if !c.isBusinessDay(a, at) {
		return false
	}
	minute := at.Hour()*60 + at.Minute()
	opens := 8 * 60
	if c.files.policy.Window == coreWindows()[1] {
		opens = 11 * 60
	}
	if minute >= opens && minute < 18*60 {
		return true
	}
	late := d.Kind == Owed || d.SendNow && d.Missed >= 2
	if c.files.policy.Late == coreWindows()[1] {
		return late && minute >= 11*60 && minute < 18*60
	}
	return late && minute >= 7*60 && minute < 21*60
}

// hasStep reports whether the sequence of the application has the step of a delivery.
func (c *core) hasStep(a Application, d Delivery) bool {
	return strings.HasPrefix(d.Step, stepCheckIn) || d.Step == stepPassOn || slices.ContainsFunc(c.files.policy.Sequences[a.Sequence], func(s Step) bool { return s.Name == d.Step })
}

// isSkipped reports whether the meeting's file says that its reader is not to be thanked.
func isSkipped(a Application, d Delivery) bool {
	i, _ := a.Interview(d.Interview)
	return slices.ContainsFunc(i.Interviewers, func(p Person) bool { return p.Email == d.To.Email && p.Skip != "" })
}

// isGuessed reports whether its file is not sure of the address of the reader, nowhere.
func isGuessed(a Application, d Delivery) bool {
	unsure := func(p Person) bool { return p.Email == d.To.Email && p.Guessed }
	sure := func(p Person) bool { return p.Email == d.To.Email && !p.Guessed }
	var all []Person
	for _, i := range a.Interviews {
		all = append(all, i.Interviewers...)
	}
	if a.Recruiter != nil {
		all = append(all, *a.Recruiter)
	}
	return slices.ContainsFunc(all, unsure) && !slices.ContainsFunc(all, sure)
}

// leftLately counts the mails that a server said it took within the last hour.
func (c *core) leftLately(now time.Time) int {
	n := 0
	for _, key := range c.truth.order {
		if c.truth.told[key] && !c.truth.gone[key] && now.Sub(c.truth.at[key]) < time.Hour {
			n++
		}
	}
	return n
}

// zoneOf is the zone of those who read the mail of an application.
func (c *core) zoneOf(a Application) *time.Location {
	if a.Zone != nil {
		return a.Zone
	}
	return c.place
}

// isBusinessDay knows the holidays of France and Germany in the months of these lives.
func (c *core) isBusinessDay(a Application, at time.Time) bool {
	if at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
		return false
	}
	country := firstOf(a.Country, c.files.policy.Holidays)
	if country == "" {
		return true
	}
	if country == "DE" {
		return !slices.Contains([]string{"2026-12-25", "2026-12-26", "2027-01-01", "2027-03-26", "2027-03-29", "2027-05-01", "2027-05-06", "2027-05-17", "2027-10-03", "2027-12-25", "2027-12-26"}, at.Format(time.DateOnly))
	}
	switch at.Format("01-02") {
	case "12-25", "01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11":
		return false
	}
	return at.Format(time.DateOnly) != "2027-03-29" && at.Format(time.DateOnly) != "2027-05-06" && at.Format(time.DateOnly) != "2027-05-17"
}

// inTime: thanks leave within 48 h of their first due time, which is at 9:30 on
// the first business day that begins 8 h after the meeting, and the spread.
func (c *core) inTime(d Delivery, now time.Time) bool {
	a := c.files.find(d.Application)
	i, _ := a.Interview(d.Interview)
	if d.Kind != Owed || i.ID == "" {
		return true
	}
	if d.SendNow { // the meeting may have been moved since the user said so
		return now.Before(d.Expires)
	}
	planned, err := calendar.LoadZone(d.Zone) // what is on its way stays in the time of its place
	c.must(err)
	return now.Before(c.thanksBy(a, d, i, c.zoneOf(a))) || now.Before(c.thanksBy(a, d, i, planned))
}

// thanksBy is when thanks are too late at a place.
func (c *core) thanksBy(a Application, d Delivery, i Interview, place *time.Location) time.Time {
	due := d.Began.Add(max(i.Duration, 2*time.Hour) + 8*time.Hour).In(place) // a move that is only saved yet changes nothing, nor does another duration
	if due.Hour()*60+due.Minute() > 9*60+30 {
		due = due.AddDate(0, 0, 1)
	}
	for !c.isBusinessDay(a, due) {
		due = due.AddDate(0, 0, 1)
	}
	due = time.Date(due.Year(), due.Month(), due.Day(), 11, 30, 0, 0, due.Location()) // where mail leaves from 11:00, and is spread
	return due.AddDate(0, 0, 2)
}

func (c *core) isMet(a Application, d Delivery) bool {
	i, ok := a.Interview(d.Interview)
	for _, round := range a.Interviews {
		if d.Interview == "" && c.isThanks(d) && round.At.Equal(d.Began) {
			i, ok = round, true
		}
	}
	if !ok || i.Status == InterviewHeld {
		return true
	}
	if i.Status == InterviewCancelled && d.Interview == "" {
		return false
	}
	inside := slices.ContainsFunc(i.Interviewers, func(p Person) bool { return p.Email == d.To.Email })
	for _, p := range i.Interviewers {
		if p.Said != "" && (d.Kind == Asking || p.Email == d.To.Email || !inside) {
			return true
		}
	}
	return false
}

func (c *core) isDoubted(d Delivery) bool {
	for _, o := range c.store.rows {
		if o.State == InDoubt && o.To.Email == d.To.Email {
			return true
		}
	}
	return false
}

func (c *core) isResting(d Delivery) bool {
	for _, who := range []string{d.Application, NormalAddress(d.To.Email)} { // a bounce is of one address
		r := c.truth.resting[who]
		if d.Kind == Asking && d.Began.Before(newer(r.asking, r.unsure)) || d.Kind == Owed && d.Began.Before(r.owed) {
			return true
		}
	}
	return false
}

// asked counts the mails that asked and are unanswered, as far as a server said
// that it took them: of the application, and to the person in all of them.
func (c *core) asked(d Delivery, now time.Time) (application, person int, last time.Time) {
	for _, key := range c.truth.order {
		o, at := c.truth.taken[key], c.truth.at[key]
		if o.Kind != Asking || c.truth.gone[key] || !c.truth.known[key] || c.store.get(key).State == Bounced || c.truth.isDead(o) {
			continue
		}
		if !c.truth.told[key] {
			at = c.truth.claimed[key] // a doubt that ended well counts from the attempt (decision 0019)
		}
		if at.After(last) {
			last = at
		}
		if c.spoke(o.Application, at, now) {
			continue
		}
		if o.Application == d.Application {
			application++
		}
		if o.To.Email == d.To.Email && !c.wrote(d.To.Email, at) {
			person++
		}
	}
	return application, person, last
}

// wrote reports whether a person wrote since, in whichever application: what they
// were asked is answered by their own word in any.
func (c *core) wrote(address string, since time.Time) bool {
	return slices.ContainsFunc(c.store.mails, func(m Mail) bool {
		return !m.Outgoing && m.Speaks() && !m.At.Before(since) && NormalAddress(m.Person) == NormalAddress(address)
	})
}

// spoke reports whether anybody of the application wrote or met since.
func (c *core) spoke(stem string, since, now time.Time) bool {
	for _, i := range c.files.find(stem).Interviews {
		if i.Status == InterviewHeld && !i.End().Before(since) && !i.End().After(now) {
			return true
		}
	}
	for _, m := range c.store.mails {
		if !m.Outgoing && !m.At.Before(since) && m.Application == stem && m.Speaks() {
			return true
		}
	}
	return false
}

// patience is the morning of the second business day after their promise.
func (c *core) patience(a Application) time.Time {
	p := c.zoneOf(a)
	day := time.Date(a.DecisionBy.Year, a.DecisionBy.Month, a.DecisionBy.Day, 0, 0, 0, 0, p)
	for n := 0; n < 2; {
		if day = day.AddDate(0, 0, 1); c.isBusinessDay(a, day) {
			n++
		}
	}
	return day
}

// shown reports whether this very text was shown long enough ago.
func (c *core) shown(d Delivery, now time.Time) bool {
	for _, n := range c.store.notices {
		if n.Key == announceKey(&d) && !n.Told.IsZero() && now.Sub(n.Told) >= c.files.policy.Announce {
			return true
		}
	}
	return false
}
