package scheduler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
)

// Notices are told from the outbox, by each channel at its own pace. A channel that
// fails does not delay the others, and tells later what it missed.

// channelState is the state of a channel.
type channelState struct {
	telling  bool
	login    string    // what may change the credential of the sending account, as it was when this telling began
	failures int       // in a row
	after    time.Time // it failed; not again before
	told     bool      // the user knows that it fails
}

// The pauses before a channel that failed is tried again.
const (
	shortestSilence = time.Minute
	longestSilence  = 15 * time.Minute
	// patientSilence is the longest one before a server that asks for patience, at every
	// attempt, since each may prolong what it waits for.
	patientSilence = time.Hour
	// refusedSilence is the pause of a channel whose server refuses everything.
	refusedSilence = 6 * time.Hour
	// manyFailures is after how many of them the other channels tell of it: about
	// an hour.
	manyFailures = 7
)

// stateOf is the state of the i-th channel.
func (d *Daemon) stateOf(i int) *channelState {
	for len(d.channelStates) <= i {
		d.channelStates = append(d.channelStates, &channelState{})
	}
	return d.channelStates[i]
}

// begin records that the channel is telling something now.
func (s *channelState) begin(logins []string) { s.telling, s.login = true, loginOf(logins, 0) }

// mayTell reports whether the i-th channel is idle and may be tried.
func (d *Daemon) mayTell(i int, now time.Time) bool {
	state := d.stateOf(i)
	return !state.telling && !(d.Channels[i].Account && d.smtpRefused) && !now.Before(state.after)
}

// dueOn are the open notices that the i-th channel is to tell now.
func (d *Daemon) dueOn(i int, now time.Time) (due []Notice) {
	c := d.Channels[i]
	for _, n := range d.open {
		if c.lacks(n) && c.waits(n, now).IsZero() {
			due = append(due, n)
		}
	}
	return due
}

// flush tells the user what waits in the outbox, each channel on a goroutine of
// its own.
func (d *Daemon) flush(ctx context.Context, now time.Time) error {
	if len(d.open) == 0 || d.storeFailures > 0 || len(d.Channels) == 0 {
		return nil
	}
	for i := range d.Channels {
		due := d.dueOn(i, now)
		if len(due) == 0 || !d.mayTell(i, now) {
			continue
		}
		d.stateOf(i).begin(d.world.Policy.Logins)
		d.helpers.start(func(h *hand) {
			d.keepApart(h, tellApart*(i+1), ctx.Done())
			d.tellAll(ctx, i, due)
		})
	}
	return d.settleNotices(ctx, now)
}

// tellAt is when a channel has something to tell that it may not tell now; zero
// if there is nothing such.
func (d *Daemon) tellAt(now time.Time) (next time.Time) {
	for i, c := range d.Channels {
		for _, n := range d.open {
			at := d.stateOf(i).after
			if quiet := c.waits(n, now); quiet.After(at) {
				at = quiet
			}
			if c.lacks(n) && at.After(now) && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
	}
	return next
}

// untold reports whether some channel has something to tell now.
func (d *Daemon) untold(now time.Time) bool {
	for i := range d.Channels {
		if d.stateOf(i).telling || d.mayTell(i, now) && len(d.dueOn(i, now)) > 0 {
			return true
		}
	}
	return false
}

// settleNotices closes notices that no channel will tell any more, because the channel
// is gone or none takes that kind.
func (d *Daemon) settleNotices(ctx context.Context, now time.Time) error {
	done := func(n Notice) bool { return !d.lacked(n) }
	if !slices.ContainsFunc(d.open, done) {
		return nil
	}
	err := d.Store.Update(ctx, func(tx Tx) error {
		for _, n := range d.open {
			if !done(n) {
				continue
			}
			if err := ignoreMissing(tx.Told(n.ID, Telling{At: now, Why: "no other channel is for it"}, true)); err != nil {
				return err
			}
		}
		return nil
	})
	d.open = slices.DeleteFunc(slices.Clone(d.open), done)
	return err
}

// lacked reports whether some channel has still to tell the notice.
func (d *Daemon) lacked(n Notice) bool {
	return slices.ContainsFunc(d.Channels, func(c Channel) bool { return c.lacks(n) })
}

// tellAll tells notices in order by the i-th channel, many of one kind together. What
// could not be told is tried again.
func (d *Daemon) tellAll(ctx context.Context, i int, notices []Notice) {
	lasting := context.WithoutCancel(ctx)
	apart, together := crowded(notices)
	var failed error
	for n := 0; n < len(together) && failed == nil; n++ {
		failed = d.tellTogether(ctx, i, together[n]) // first, or each attempt at it would tell twenty more apart
	}
	if failed == nil {
		failed = d.tellApart(ctx, i, apart)
	}
	_ = d.do(lasting, func() error {
		d.version = 0 // look again what is left to tell
		return d.noteChannel(lasting, i, failed)
	})
}

// tellApart tells notices one by one, up to the first that fails.
func (d *Daemon) tellApart(ctx context.Context, i int, notices []Notice) error {
	lasting := context.WithoutCancel(ctx)
	for _, n := range notices {
		t := Telling{Channel: d.Channels[i].Name}
		if err := d.do(lasting, func() (err error) { t.Why, err = d.moot(lasting, n); return err }); err != nil {
			return err
		}
		if t.Why == "" {
			var err error
			if t, err = d.tellOne(ctx, d.Channels[i], n); err != nil {
				return err
			}
		}
		if err := d.do(lasting, func() error { return d.told(lasting, []Notice{n}, []Telling{t}) }); err != nil {
			return err
		}
	}
	return nil
}

// overByThen begins why a notice was not told that was over before its turn came.
const overByThen = "over by then: "

// Over reports whether the notice was over before it could be told.
func (n Notice) Over() bool {
	return slices.ContainsFunc(n.Tellings, func(t Telling) bool { return strings.HasPrefix(t.Why, overByThen) })
}

// moot says why a notice would not be true any more, "" if it is: what it asks for
// was done before a channel came to tell it, such as while no daemon ran or in the
// user's quiet hours.
func (d *Daemon) moot(ctx context.Context, n Notice) (why string, err error) {
	err = d.Store.View(ctx, func(r Reader) (err error) {
		why, err = mootIn(r, n)
		return err
	})
	return why, err
}

func mootIn(r Reader, n Notice) (string, error) {
	if asked, isQuestion := strings.CutPrefix(n.Key, "question/"); isQuestion {
		open, err := r.Questions()
		key := asked[:max(strings.LastIndexByte(asked, '#'), 0)]
		if err != nil || slices.ContainsFunc(open, func(q Question) bool { return q.Key == key }) {
			return "", err
		}
		return overByThen + "it had answered itself", nil
	}
	if n.About == nil || n.About.Key == "" || n.Kind != noticeReview && n.Kind != noticeAnnounce {
		return "", nil
	}
	d, err := r.Delivery(n.About.Key)
	if err != nil {
		return "", ignoreMissing(err)
	}
	if n.Kind == noticeReview && d.State != Review || !d.State.Open() {
		return overByThen + "the mail was " + d.State.words(), nil
	}
	return "", nil
}

// tellOne tells one notice on a channel and records the result. An error means that it
// is to be tried again.
func (d *Daemon) tellOne(ctx context.Context, c Channel, n Notice) (Telling, error) {
	t := Telling{Channel: c.Name, Shown: c.Shows, Why: c.leavesOut(n, d.Clock.Now())}
	if t.Why != "" {
		return t, nil
	}
	err := c.Notify(ctx, n)
	if err == nil {
		return t, nil
	}
	d.Log.Warn("telling the user", "channel", c.Name, "kind", n.Kind, "err", err)
	if errors.Is(err, ErrNoticeRefused) {
		t.Why = err.Error()
		return t, nil
	}
	return t, err
}

// noteChannel records how a channel fared. One that fails for long, or refuses everything,
// is reported by the others.
func (d *Daemon) noteChannel(ctx context.Context, i int, failed error) error {
	state, c, now := d.stateOf(i), d.Channels[i], d.Clock.Now()
	d.noteTry(i, failed)
	refused := errors.Is(failed, ErrChannelRefused)
	if c.Account && d.smtpRefused && errors.Is(failed, mailer.ErrLoginRefused) {
		return d.noteSendingRefused(ctx, failed, now)
	}
	if failed == nil && c.Account {
		return d.noteHandedOver(ctx)
	}
	if failed == nil || c.Account && errors.Is(failed, mailer.ErrLoginRefused) || state.told || !refused && state.failures < manyFailures {
		return nil
	}
	state.told = true
	return d.Store.Update(ctx, func(tx Tx) error {
		return tell(tx, Notice{Key: channelKey(c.Name) + now.UTC().Format(time.DateOnly), Kind: noticeChannel, At: now, Subject: "Notices by " + c.Name + " do not arrive",
			Text:     fmt.Sprintf("You are not told by %s: %s. It is tried again, and after every change of config.yaml. Try it yourself: afterword check --notify", c.Name, failed),
			Discreet: "One of the ways to tell you does not work."})
	})
}

// noteHandedOver records that the account sends, if the last mail showed otherwise.
func (d *Daemon) noteHandedOver(ctx context.Context) error {
	return d.Store.Update(ctx, func(tx Tx) error {
		state, err := tx.Meta(metaSMTP)
		if err != nil || state == "" || state == "ok" {
			return err
		}
		return tx.SetMeta(metaSMTP, "ok")
	})
}

// noteSendingRefused tells the user that the account cannot send, even if no mail that
// would show it is due for weeks.
func (d *Daemon) noteSendingRefused(ctx context.Context, failed error, now time.Time) error {
	r := refusal{protocol: "SMTP", said: failed.Error() + remedy(failed), gone: errors.Is(failed, mailer.ErrGrantGone)}
	if slices.ContainsFunc(d.refusals, r.same) {
		return nil
	}
	return d.noteSMTP(ctx, r.said, []refusal{r}, now)
}

// noteTry notes how a channel did, and until when it is left alone. A login that was
// refused rests, and one whose credential was corrected meanwhile is tried at once.
func (d *Daemon) noteTry(i int, failed error) {
	state, now := d.stateOf(i), d.Clock.Now()
	state.telling = false
	if failed == nil {
		*state = channelState{}
		return
	}
	state.failures++
	state.after = now.Add(silence(state.failures))
	if state.failures > manyFailures && errors.Is(failed, mailer.ErrServerBusy) {
		state.after = now.Add(patientSilence)
	}
	if errors.Is(failed, ErrChannelRefused) {
		state.after = now.Add(refusedSilence)
	}
	// A server that is busy says when it will not be; it may not say "never".
	if later := (*TryLater)(nil); errors.As(failed, &later) && now.Add(later.After).After(state.after) {
		state.after = now.Add(min(later.After, refusedSilence))
	}
	if d.Channels[i].Account && errors.Is(failed, mailer.ErrLoginRefused) {
		if state.login != loginOf(d.world.Policy.Logins, 0) {
			*state = channelState{told: state.told}
			return
		}
		d.smtpRefused = true // which noteChannel tells as what it is
	}
}

// silence doubles from a minute to a quarter of an hour.
func silence(failures int) time.Duration {
	return min(longestSilence, shortestSilence<<min(max(failures-1, 0), 10))
}

// hearAgain lets every channel be tried at once.
func (d *Daemon) hearAgain() {
	for _, v := range d.channelStates {
		v.failures, v.after = 0, time.Time{}
	}
}

// told records what became of notices on a channel, in one transaction: those that were
// told as one are told as one again where it is lost. An announcement that was shown then
// counts.
func (d *Daemon) told(ctx context.Context, notices []Notice, tellings []Telling) error {
	now := d.Clock.Now()
	return d.Store.Update(ctx, func(tx Tx) error {
		open, err := tx.Notices(true)
		if err != nil {
			return err
		}
		for k, n := range notices {
			at := slices.IndexFunc(open, func(o Notice) bool { return o.ID == n.ID })
			if at < 0 {
				continue // it was forgotten meanwhile
			}
			t := tellings[k]
			t.At = now
			if err := d.noteTold(tx, open[at], t); err != nil {
				return err
			}
		}
		return nil
	})
}

// noteTold records what became of a notice, which stands so in the store.
func (d *Daemon) noteTold(tx Tx, stored Notice, t Telling) error {
	shownBefore := stored.shown()
	stored.Tellings = append(slices.Clip(stored.Tellings), t)
	if err := tx.Told(stored.ID, t, !d.lacked(stored)); err != nil {
		return err
	}
	if stored.Over() && stored.shown().IsZero() {
		return tx.SetMeta(metaOver+stored.Key, t.At.UTC().Format(time.RFC3339))
	}
	if stored.Kind != noticeAnnounce || !shownBefore.IsZero() || stored.shown().IsZero() {
		return nil
	}
	return d.announced(tx, stored, t.At)
}

// announced notes on the delivery that its text was shown, if it still is that
// text.
func (d *Daemon) announced(tx Tx, n Notice, now time.Time) error {
	key := announcedKey(n.Key)
	x, err := tx.Delivery(key)
	if err != nil || !strings.HasPrefix(n.Key, announceKey(&x)) || !x.State.Open() {
		return ignoreMissing(err)
	}
	x.Announced = now
	e := Event{Key: x.Key, Application: x.Application, Actor: ActorDaemon, What: "announced", From: string(x.State), To: string(x.State),
		Why: "shown to you before it leaves"}
	if now.Before(x.Due) {
		e.Why += " on " + moment(x.Due, x.Zone, now)
	}
	if err := put(tx, x, now, e, now); err != nil {
		return err
	}
	return d.attend(tx, x.Application, now)
}
