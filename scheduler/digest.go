package scheduler

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"afterword/scheduler/calendar"
)

// The weekly summary: what waits for the user, who is silent, what is missing, what
// leaves, and a reminder to go on applying. In most quiet weeks it has nothing to say
// and is not sent.

const (
	// quietDays is how many days of silence are told where nothing is planned.
	quietDays = 7
	// debriefDays is for how many days after an interview a debrief is missed:
	// later there is little left to note down.
	debriefDays = 28
	// aheadDays is how far the summary looks.
	aheadDays = 7
	// longestLine bounds a line that quotes a question.
	longestLine = 500
)

// digest is everything that a summary looks at.
type digest struct {
	pol       Policy
	facts     []*Facts   // of every application, by stem
	questions []Question // that are open
	hunt      hunt
	now       time.Time
}

// part is a heading and its lines.
type part struct {
	title string
	lines []string
}

// text is the summary, "" if there is nothing to say.
func (g digest) text() string {
	var b strings.Builder
	for _, p := range []part{
		{"Waits for you", g.waiting()},
		{"Silent, and nothing is planned", g.each(silentLine)},
		{"Debriefs missing", g.each(debriefLines)},
		{fmt.Sprintf("Leaves in the next %d days", aheadDays), g.leaving()},
		{"The hunt", g.stoppedHunting()},
	} {
		if len(p.lines) == 0 {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n")
		}
		b.WriteString(p.title + ":\n")
		for _, l := range p.lines {
			b.WriteString("- " + l + "\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// each gathers the lines of all applications.
func (g digest) each(lines func(f *Facts, now time.Time) []string) []string {
	var all []string
	for _, f := range g.facts {
		if f.broken() == "" {
			all = append(all, lines(f, g.now)...)
		}
	}
	return all
}

// waiting is what only the user can bring on.
func (g digest) waiting() []string {
	var all []string
	for _, f := range g.facts {
		for _, d := range f.Stored {
			if l := waitingLine(d); l != "" {
				all = append(all, l)
			}
		}
	}
	for _, q := range g.questions {
		all = append(all, brief(oneSpace(q.Text), longestLine))
	}
	return all
}

// waitingLine is one mail that waits for the user, "" if it does not.
func waitingLine(d Delivery) string {
	what := fmt.Sprintf("%s: %s to %s", firstOf(d.Company, d.Application), d.Step, firstOf(d.To.Name, d.To.Email))
	switch d.State {
	case Review:
		return fmt.Sprintf("%s, for your approval: afterword review %s", what, ShellWord(d.Key))
	case Refused:
		return fmt.Sprintf("%s was refused: %s", what, d.AfterRefusal())
	case InDoubt:
		return fmt.Sprintf("%s is in doubt: afterword resolve %s --sent, --not-sent or --drop", what, ShellWord(d.Key))
	}
	return ""
}

// silentLine is the line about an application in play in which nobody has written for a
// week and nothing is to leave; nothing otherwise.
func silentLine(f *Facts, now time.Time) []string {
	since, held, silent := silentSince(f, now)
	if !silent {
		return nil
	}
	zone := f.Policy.Me.zone()
	line := fmt.Sprintf("%s: since %s", f.Application.Company, dateIn(since, zone).WordsIn(dateIn(now, zone).Year))
	if held != "" {
		return []string{fmt.Sprintf("%s; what was planned is on hold: %s (afterword resume %s)", line, held, ShellWord(f.Application.Stem))}
	}
	return []string{fmt.Sprintf("%s (afterword queue %s %s)", line, ShellWord(f.Application.Stem), stepCheckIn)}
}

// silentSince says since when an application is silent while nothing is to leave,
// and what holds back what else would.
func silentSince(f *Facts, now time.Time) (since time.Time, held string, silent bool) {
	rounds := f.rounds()
	status := f.Application.Status
	if len(rounds) == 0 || status != StatusActive && status != StatusConsidered {
		return since, "", false
	}
	last := rounds[len(rounds)-1]
	home := homeOf(f.Policy)
	if now.Before(last.End()) || !tookPlace(&last) || now.Before(patience(home, f.Application.DecisionBy)) {
		return since, "", false
	}
	for _, d := range f.Stored {
		if d.State.InFlight() || d.State == InDoubt || d.State == Review || d.State == Refused {
			return since, "", false // it is on its way, or waits for the user
		}
		if !d.State.Open() {
			continue
		}
		if held = heldBy(f, d, now); held == "" {
			return since, "", false
		}
	}
	since, _ = f.lastWord()
	if since.Before(last.End()) {
		since = last.End()
	}
	return since, held, dateIn(since, home.Zone).DaysUntil(dateIn(now, home.Zone)) >= quietDays
}

// heldBy is the reason of the hold without an end that keeps a delivery, "" if there is
// none. A hold with an end is a plan.
func heldBy(f *Facts, d Delivery, now time.Time) string {
	for _, h := range f.Holds {
		if h.Until.IsZero() && h.Covers(&d, d.Began, now) {
			return h.Reason
		}
	}
	return ""
}

// debriefLines are the interviews of late that took place and of which nothing
// was noted down.
func debriefLines(f *Facts, now time.Time) []string {
	var all []string
	zone := f.Policy.Me.zone()
	for _, i := range f.rounds() {
		days := dateIn(i.End(), zone).DaysUntil(dateIn(now, zone))
		if f.Application.Status.Over() || !tookPlace(&i) || !i.Debrief.Empty() || i.End().After(now) || days > debriefDays {
			continue
		}
		all = append(all, fmt.Sprintf("%s on %s: afterword debrief %s --round %s", Commaed(f.Application.Company, RoundName(i.ID)), dateIn(i.At, zone).WordsIn(dateIn(now, zone).Year),
			ShellWord(f.Application.Stem), ShellWord(i.ID)))
	}
	return all
}

// leaving is what leaves by itself in the days to come, the next first.
func (g digest) leaving() []string {
	var ds []Delivery
	until := g.now.AddDate(0, 0, aheadDays)
	for _, f := range g.facts {
		for _, d := range f.Stored {
			ready := d.State == Approved || d.State == Planned && d.Personal == ""
			if ready && d.WaitingFor == "" && f.broken() == "" && d.Due.After(g.now) && !d.Due.After(until) {
				ds = append(ds, d)
			}
		}
	}
	slices.SortStableFunc(ds, func(a, b Delivery) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Key, b.Key)) })
	var all []string
	for _, d := range ds {
		all = append(all, fmt.Sprintf("%s: %s to %s (%s)", moment(d.Due, d.Zone, g.now), d.Step, firstOf(d.To.Name, d.To.Email), firstOf(d.Company, d.Application)))
	}
	return all
}

// codeStoppedHunting is the code of LINTS.md by which the line can be left out.
const codeStoppedHunting = "stopped-hunting"

// stoppedHunting reminds that only a signed contract ends the hunt.
func (g digest) stoppedHunting() []string {
	zone := g.pol.Me.zone()
	if slices.Contains(g.pol.Off, codeStoppedHunting) || !g.hunt.isQuiet(g.facts, dateIn(g.now, zone), zone) {
		return nil
	}
	return []string{fmt.Sprintf("No application and no interview is new since %s, and nothing is signed: keep looking until the contract is.",
		g.hunt.since(g.facts, zone).WordsIn(dateIn(g.now, zone).Year))}
}

// hunt is what is known of how the search goes on.
type hunt struct {
	Known []string      // the rounds that the files named, as stem/interview
	Grew  calendar.Date // when the last of them was new
}

// metaHunt names the hunt in the store: the day, and the rounds, a line each.
const metaHunt = "hunt"

// String is the hunt as the store keeps it.
func (h hunt) String() string {
	return strings.Join(append([]string{h.Grew.String()}, h.Known...), "\n")
}

// readHunt reads it back. What cannot be read was not there.
func readHunt(text string) hunt {
	lines := strings.Split(text, "\n")
	day, err := calendar.ParseDate(lines[0])
	if err != nil {
		return hunt{}
	}
	return hunt{Known: lines[1:], Grew: day}
}

// goesOn adds what the files name today. What disappears stays known: a file that breaks
// or moves away for a while is no news when it returns.
func (h hunt) goesOn(apps map[string]Application, today calendar.Date) hunt {
	next := hunt{Grew: h.Grew, Known: slices.Clone(h.Known)}
	for stem, a := range apps {
		if a.Broken != "" {
			continue
		}
		if len(a.Interviews) == 0 {
			next.Known = append(next.Known, stem+"/")
		}
		for _, i := range a.Interviews {
			next.Known = append(next.Known, stem+"/"+i.ID)
		}
	}
	slices.Sort(next.Known)
	next.Known = slices.Compact(next.Known)
	isNew := func(round string) bool { return !slices.Contains(h.Known, round) }
	if h.Grew.IsZero() || slices.ContainsFunc(next.Known, isNew) {
		next.Grew = today
	}
	return next
}

// since is the day of the last news: a new round, or one that took place.
func (h hunt) since(facts []*Facts, zone *time.Location) calendar.Date {
	last := h.Grew
	for _, f := range facts {
		for _, i := range f.rounds() {
			if day := dateIn(i.At, zone); day.After(last) {
				last = day
			}
		}
	}
	return last
}

// isQuiet reports whether nothing was new for a week although nothing is signed and
// something is still in play. After the last rejection nobody is reminded.
func (h hunt) isQuiet(facts []*Facts, today calendar.Date, zone *time.Location) bool {
	inPlay := false
	for _, f := range facts {
		switch f.Application.Status {
		case StatusAccepted:
			return false
		case StatusActive, StatusConsidered, StatusOffer:
			inPlay = inPlay || f.Application.Broken == ""
		}
	}
	return inPlay && h.since(facts, zone).DaysUntil(today) >= quietDays
}

// tellDigest writes the summary that is due. It is called after a complete look, so that
// nobody who has replied is called silent.
func (d *Daemon) tellDigest(ctx context.Context, s summary, now time.Time) error {
	if !s.due && !s.begins {
		return nil
	}
	return d.Store.Update(ctx, func(tx Tx) error {
		if err := tx.SetMeta(metaDigest, s.slot.UTC().Format(time.RFC3339)); err != nil {
			return err
		}
		known, err := keepHunt(tx, d.world, now)
		if err != nil || s.begins {
			return err
		}
		return writeDigest(tx, d.world, known, s.slot, now)
	})
}

// keepHunt notes how the search goes on.
func keepHunt(tx Tx, w World, now time.Time) (hunt, error) {
	text, err := tx.Meta(metaHunt)
	if err != nil {
		return hunt{}, err
	}
	h := readHunt(text).goesOn(w.Applications, dateIn(now, w.Policy.Me.zone()))
	if h.String() == text {
		return h, nil
	}
	return h, tx.SetMeta(metaHunt, h.String())
}

// writeDigest tells the summary of a time, if it has anything to say.
func writeDigest(tx Tx, w World, h hunt, slot, now time.Time) error {
	g := digest{pol: w.Policy, hunt: h, now: now}
	for _, stem := range slices.Sorted(maps.Keys(w.Applications)) {
		f, err := LoadFacts(tx, w, stem, now)
		if err != nil {
			return err
		}
		g.facts = append(g.facts, f)
	}
	var err error
	if g.questions, err = tx.Questions(); err != nil {
		return err
	}
	text := g.text()
	if text == "" {
		return nil
	}
	if w.shut != "" {
		text = "Not read: " + w.shut + ", which refuses the login. What lies there is not known here.\n\n" + text
	}
	return tell(tx, Notice{Key: "digest/" + slot.UTC().Format(time.RFC3339), Kind: noticeDigest, At: now, Subject: "Your week", Text: text,
		Discreet: "Your weekly summary is there."})
}
