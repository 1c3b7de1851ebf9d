package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"afterword/internal/config"
	"afterword/mailer"
	"afterword/scheduler"
)

// How long after the time of a mail that does not leave a rehearsal goes on, and
// how long it lasts at most.
const (
	rehearsalTail    = 2 * 24 * time.Hour
	longestRehearsal = 300 * 24 * time.Hour
)

type rehearseFlags struct {
	answer, reject, offer, away, bounce []string
	silent, texts, asIs, asJSON         bool
	now, until                          string
}

func (p *program) rehearseCommand() *cobra.Command {
	f := rehearseFlags{}
	c := &cobra.Command{
		Use:   "rehearse [--answer PERSON=TIME]... [--texts]",
		Short: "Plays your own files to the end with a fast clock, against a mail server inside the program: what would be sent; nothing leaves",
		Long: "Plays your own config, templates and interviews to the end with a fast clock, against a mail server inside the program. It works on copies:\n" +
			"nothing leaves the machine, nothing of yours is changed, and no account or password is needed. Unless you say otherwise it takes every\n" +
			"interview for held, has you approve each mail a minute after it is laid before you, and nobody answers.\n" +
			"TIME is how long after our first mail to them somebody reacts: 2d, 36h, 90m.",
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return p.rehearse(cmd.Context(), f) },
	}
	c.Flags().StringArrayVar(&f.answer, "answer", nil, "`PERSON=TIME`: they answer, such as Ken=2d, or 'Ken=2d: we call you next week'")
	c.Flags().StringArrayVar(&f.reject, "reject", nil, "`PERSON=TIME`: they write that somebody else was chosen")
	c.Flags().StringArrayVar(&f.offer, "offer", nil, "`PERSON=TIME`: they write that there is an offer")
	c.Flags().StringArrayVar(&f.away, "away", nil, "`PERSON=DAY`: they are out of office until that day, such as Ken=2026-12-04")
	c.Flags().StringArrayVar(&f.bounce, "bounce", nil, "a `PERSON` whose address does not exist")
	c.Flags().BoolVar(&f.silent, "silent", false, "nobody answers, which is the default")
	c.Flags().BoolVar(&f.texts, "texts", false, "print the text of each mail")
	c.Flags().BoolVar(&f.asIs, "as-is", false, "take no interview for held and approve nothing: what would happen if you did nothing")
	c.Flags().StringVar(&f.now, "now", "", "begin at this `TIME` instead of now")
	c.Flags().StringVar(&f.until, "until", "", "end at this `TIME`")
	c.Flags().BoolVar(&f.asJSON, "json", false, "print every event as JSON, one on a line")
	c.MarkFlagsMutuallyExclusive("silent", "answer")
	c.MarkFlagsMutuallyExclusive("silent", "reject")
	c.MarkFlagsMutuallyExclusive("silent", "offer")
	return c
}

// rehearsal is one play of the user's files.
type rehearsal struct {
	p     *program
	box   *sandbox
	flags rehearseFlags
	tells *meter

	shown map[string]bool // mails whose text was printed, by key

	mu       sync.Mutex
	until    time.Time            // when the last reaction of somebody will have come
	expected map[string]time.Time // when each open mail was to leave
	moves    map[string]int       // how often something happened to it
}

// rehearse plays on copies in a temporary folder.
func (p *program) rehearse(ctx context.Context, f rehearseFlags) (err error) {
	path, err := p.findConfig()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "afterword-rehearsal-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	now := p.clock.Now()
	original, err := copyProfile(ctx, path, dir, now)
	if err != nil {
		return err
	}
	start, end, err := f.span(now, original.Policy.Me.Zone)
	if err != nil {
		return err
	}
	box, err := newSandbox(ctx, filepath.Join(dir, "config.yaml"), start, end, inProcess)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, box.Close()) }()
	r := &rehearsal{p: p, box: box, flags: f, tells: p.progress("rehearsing"), shown: map[string]bool{}, expected: map[string]time.Time{}, moves: map[string]int{}}
	if err := r.prepare(ctx, start, f.until == ""); err != nil {
		return err
	}
	box.show = r.event
	err = box.Run(ctx)
	r.tells.end()
	if err != nil || f.asJSON {
		return err
	}
	return r.ending(ctx)
}

// span is when the rehearsal begins and ends at the latest.
func (f rehearseFlags) span(now time.Time, zone *time.Location) (start, end time.Time, err error) {
	if start, err = moment(f.now, now, zone, now); err != nil {
		return start, end, err
	}
	start = start.Truncate(time.Minute)
	if end, err = moment(f.until, now, zone, start.Add(longestRehearsal)); err != nil {
		return start, end, err
	}
	if !end.After(start) || end.After(start.Add(2*longestRehearsal)) {
		return start, end, usageError{hinted{fmt.Errorf("the rehearsal would last from %s to %s", start.Format(time.DateOnly), end.Format(time.DateOnly)), "at most 600 days"}}
	}
	return start, end, nil
}

// prepare says what is assumed, and enters what the user and the people do.
func (r *rehearsal) prepare(ctx context.Context, start time.Time, mayEnd bool) error {
	_, apps, err := r.box.house.world.Read()
	if err != nil {
		return err
	}
	acts, err := r.people(apps)
	if err != nil {
		return err
	}
	if !r.flags.asJSON {
		r.opening(apps, acts, start)
	}
	if !r.flags.asIs {
		r.holdInterviews(apps, start)
	}
	if mayEnd {
		r.lookForEnd(ctx, start)
	}
	return nil
}

// opening says what is played and what is assumed.
func (r *rehearsal) opening(apps []scheduler.Application, acts []string, start time.Time) {
	me := r.box.house.config.Policy.Me
	fmt.Fprintf(r.p.out, "A rehearsal of %s from %s on. The mail server runs inside this program; nothing leaves the machine.\n",
		countOf(len(apps), "application"), start.In(me.Zone).Format("Mon 2 Jan 2006 15:04"))
	if r.flags.asIs {
		fmt.Fprintln(r.p.out, "Assumed: you say and approve nothing.")
	} else {
		fmt.Fprintln(r.p.out, "Assumed: every interview takes place; you approve each mail when it is laid before you.")
	}
	fmt.Fprintf(r.p.out, "%s\n\n", either(strings.Join(acts, "\n"), "Nobody answers."))
	for _, a := range apps {
		if a.Broken != "" {
			fmt.Fprintf(r.p.out, "held: %s\n", a.Broken)
		}
	}
}

// holdInterviews says of each meeting that it took place, once it is over.
func (r *rehearsal) holdInterviews(apps []scheduler.Application, start time.Time) {
	for _, a := range apps {
		for _, i := range a.Interviews {
			if a.Broken != "" || i.Status != scheduler.InterviewPlanned {
				continue
			}
			at := i.End().Add(time.Minute)
			if at.Before(start) {
				at = start.Add(time.Minute)
			}
			r.box.people.At(at, func() {
				change := config.Change{Path: "interviews[" + i.ID + "].status", Text: string(scheduler.InterviewHeld)}
				if err := config.Edit(a.File, config.InterviewCheck(r.box.house.config.Policy), change); err != nil {
					r.box.fail(err)
					return
				}
				r.box.edited()
			})
		}
	}
}

// lookForEnd looks once a day whether anything is still to come, and ends the
// rehearsal where nothing is.
func (r *rehearsal) lookForEnd(ctx context.Context, from time.Time) {
	r.box.people.At(from.Add(24*time.Hour), func() {
		now := r.box.clock.Now()
		coming, err := r.coming(ctx, now)
		switch {
		case err != nil:
			r.box.fail(err)
		case coming:
			r.lookForEnd(ctx, now)
		default:
			r.box.finish()
		}
	})
}

// coming reports whether a mail, a meeting or an answer is still to come.
func (r *rehearsal) coming(ctx context.Context, now time.Time) (bool, error) {
	r.mu.Lock()
	until := r.until
	r.mu.Unlock()
	if now.Before(until) {
		return true, nil
	}
	items, _, err := r.box.house.service.Plan(ctx, now)
	if err != nil {
		return false, err
	}
	// A mail that waits for what never comes has its time put off day by day: what
	// counts is the time that it had when something last happened to it.
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, i := range items {
		if _, known := r.expected[i.Key]; !known && i.State.Open() {
			r.expected[i.Key] = i.At
		}
	}
	return slices.ContainsFunc(items, func(i scheduler.PlanItem) bool {
		return i.State.InFlight() || i.State.Open() && now.Before(r.expected[i.Key].Add(rehearsalTail))
	}), nil
}

// mostMoves is how often a mail may be put off before it is no longer waited for.
const mostMoves = 20

// happened lets a mail to which something happened be waited for anew.
func (r *rehearsal) happened(e scheduler.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.moves[e.Key]++; r.moves[e.Key] <= mostMoves {
		delete(r.expected, e.Key)
	}
}

// event prints what happened, and does what the user is assumed to do about it.
func (r *rehearsal) event(e scheduler.Event) {
	h := r.box.house
	zone := h.config.Policy.Me.Zone
	r.happened(e)
	r.tells.tell("%s", e.At.In(zone).Format("Mon 2 Jan 2006"))
	if e.To == string(scheduler.Review) && e.From != e.To && !r.flags.asIs {
		r.approveSoon(e)
	}
	if r.flags.asJSON {
		_ = printLine(r.p.out, eventOf(e, zone.String()))
		return
	}
	if !tellsOfMail(e) {
		return
	}
	r.tells.end()
	who := r.box.person(e)
	step := ""
	if parts := strings.Split(e.Key, "/"); len(parts) == 4 {
		step = parts[2]
	}
	fmt.Fprintf(r.p.out, "%s  %s: %s\n", e.At.In(zone).Format("Mon 02 Jan 15:04"), strings.Join(slices.DeleteFunc([]string{e.Application, step, who}, func(s string) bool { return s == "" }), ", "), rehearsalWords(e))
	if e.To == string(scheduler.Sent) && e.Key != "" {
		r.printSent(e)
	}
}

// tellsOfMail keeps what the user wants to see of a rehearsal: what leaves, what
// does not, and what came.
func tellsOfMail(e scheduler.Event) bool {
	switch scheduler.State(e.To) {
	case scheduler.Sent, scheduler.Cancelled, scheduler.Expired, scheduler.Refused, scheduler.Bounced, scheduler.InDoubt:
		return e.From != e.To
	case scheduler.Review:
		return e.From != e.To
	}
	return e.What == "held" || strings.HasPrefix(e.What, "received")
}

func rehearsalWords(e scheduler.Event) string {
	switch scheduler.State(e.To) {
	case scheduler.Sent:
		return "sent"
	case scheduler.Review:
		return "laid before you: " + e.Why
	}
	return e.What + ": " + e.Why
}

// printSent says why a mail left when it did, and on wish what it says.
func (r *rehearsal) printSent(e scheduler.Event) {
	story, err := r.box.house.service.Why(context.Background(), e.Key)
	if err != nil {
		r.box.fail(err)
		return
	}
	d := story.Delivery
	fmt.Fprintf(r.p.out, "                  %s\n", d.Reason)
	if !r.flags.texts || r.shown[d.Key] || d.Frozen == nil {
		return
	}
	r.shown[d.Key] = true
	m := mailer.Parse(mailer.Split(d.Frozen.Bytes))
	fmt.Fprintf(r.p.out, "\n    To: %s <%s>\n    Subject: %s\n\n%s\n\n", d.To.Name, d.To.Email, m.Subject, indent(strings.TrimRight(m.Text, "\n"), "    "))
}

// approveSoon has the user approve a mail a minute after it was laid before
// them; one with errors stays where it is.
func (r *rehearsal) approveSoon(e scheduler.Event) {
	r.box.people.At(e.At.Add(time.Minute), func() {
		_, err := r.box.house.service.Approve(context.Background(), e.Key, nil)
		switch {
		case err == nil:
			r.box.acted()
		case !errors.Is(err, scheduler.ErrUser):
			r.box.fail(err)
		case !r.flags.asJSON:
			r.tells.end()
			fmt.Fprintf(r.p.out, "%s  cannot be approved: %v\n", clockTime(r.box.clock.Now(), r.box.house.config.Policy.Me.Zone.String(), r.box.clock.Now()), err)
		}
	})
}

// ending says what was sent to whom, and what still waits.
func (r *rehearsal) ending(ctx context.Context) error {
	h := r.box.house
	st, err := h.service.Status(ctx)
	if err != nil {
		return err
	}
	zone := h.config.Policy.Me.Zone.String()
	fmt.Fprintf(r.p.out, "\nThe end, on %s.\n", clockTime(r.box.clock.Now(), zone, time.Time{}))
	if len(st.Deliveries) == 0 {
		fmt.Fprintln(r.p.out, "No mail followed from your files; `afterword add` adds an interview.")
		return nil
	}
	fmt.Fprintln(r.p.out)
	err = table(r.p.out, func(row func(...string)) {
		row("APPLICATION", "PERSON", "SENT", "CANCELLED", "OPEN")
		for _, t := range totals(st, r.box.people) {
			row(t.application, either(t.name, t.email), fmt.Sprint(t.sent), fmt.Sprint(t.cancelled), fmt.Sprint(t.held))
		}
	})
	for _, d := range st.Deliveries {
		if d.State.Open() {
			fmt.Fprintf(r.p.out, "open: %s to %s (%s): %s\n", d.Step, either(d.To.Name, d.To.Email), d.Application, either(d.WaitingFor, d.Why))
		}
	}
	for _, q := range st.Questions {
		fmt.Fprintf(r.p.out, "you would be asked: %s\n", q.Text)
	}
	return err
}
