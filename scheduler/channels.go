package scheduler

import (
	"errors"
	"slices"
	"strings"
	"time"

	"afterword/scheduler/calendar"
)

// Channel is one way to tell the user.
type Channel struct {
	Notifier
	Name string   // mail, desktop, ntfy, webhook
	Only []string // the kinds it is for; empty: all
	// Quiet are the hours in which it is silent but for what cannot wait.
	Quiet QuietHours
	// Shows: it carries the whole text, so that an announcement counts.
	Shows bool
	// Account: it goes through the account, and rests while its login is refused.
	Account bool
}

// The errors of a channel after which trying the same again is useless.
var (
	ErrNoticeRefused  = errors.New("this notice is refused")
	ErrChannelRefused = errors.New("no notice is taken")
)

// TryLater is the error of a channel whose server names the pause before the next
// attempt.
type TryLater struct {
	Err   error
	After time.Duration
}

func (t *TryLater) Error() string { return t.Err.Error() }

// Unwrap gives the cause.
func (t *TryLater) Unwrap() error { return t.Err }

// NoticeKind is one kind of notice, by its name in config.yaml.
type NoticeKind struct {
	Name   string
	Urgent bool // it waits for no morning
	Needed bool // some channel must take it: what is not done must be said
}

// The kinds that this package compares.
const (
	noticeAnnounce = "announce" // sets Delivery.Announced once shown
	noticeExpiry   = "expiry"   // a mail is soon too late, or is
	noticeQuestion = "question"
	noticeReview   = "review"  // a mail waits for approval
	noticeChannel  = "channel" // another channel does not work
	noticeTurn     = "turn"    // somebody waits for an answer of the user's
	noticeDigest   = "digest"  // the weekly summary
)

// NoticeKinds are all kinds of notices.
func NoticeKinds() []NoticeKind {
	return []NoticeKind{
		{Name: "in-doubt", Urgent: true, Needed: true},
		{Name: "refused", Urgent: true, Needed: true},
		{Name: noticeExpiry, Urgent: true, Needed: true},
		{Name: "store", Urgent: true, Needed: true},
		{Name: noticeQuestion, Needed: true},
		{Name: noticeReview, Needed: true},
		{Name: noticeAnnounce, Needed: true},
		{Name: "mailbox", Needed: true},
		{Name: "login", Needed: true},
		{Name: "broken-file", Needed: true},
		{Name: noticeChannel},
		{Name: "reply"},
		{Name: noticeAnswer},
		{Name: noticeTurn},
		{Name: noticeDigest},
	}
}

// Urgent reports whether the notice is told in quiet hours too.
func (n Notice) Urgent() bool {
	return slices.ContainsFunc(NoticeKinds(), func(k NoticeKind) bool { return k.Name == n.Kind && k.Urgent })
}

// shown is when the user saw the whole text, zero if not yet. Notices from before
// channels were recorded went by mail.
func (n Notice) shown() time.Time {
	if len(n.Tellings) == 0 {
		return n.Told
	}
	for _, t := range n.Tellings {
		if t.Shown && t.Why == "" {
			return t.At
		}
	}
	return time.Time{}
}

// lacks reports whether the channel still has to tell the notice. A notice that the
// channel itself fails is for the others.
func (c Channel) lacks(n Notice) bool {
	if len(c.Only) > 0 && !slices.Contains(c.Only, n.Kind) || n.Kind == noticeChannel && strings.HasPrefix(n.Key, channelKey(c.Name)) {
		return false
	}
	if n.Kind == noticeAnswer && !c.Account {
		return false // it stands in the exchange of the mail that was answered
	}
	return !slices.ContainsFunc(n.Tellings, func(t Telling) bool { return t.Channel == c.Name })
}

// channelKey is how the keys of notices about a channel begin.
func channelKey(name string) string { return noticeChannel + "/" + name + "#" }

// oldNews is the age from which a channel leaves out a notice that another channel has
// told. Otherwise a channel that was down for a week would tell the whole week at once.
const oldNews = 24 * time.Hour

// leavesOut says why the channel does not tell a notice that it lacks, "" if it
// does.
func (c Channel) leavesOut(n Notice, now time.Time) string {
	if !n.Told.IsZero() && now.Sub(n.At) > oldNews {
		return "told elsewhere, and more than a day old"
	}
	return ""
}

// QuietHours are the hours of each day in which the user is not disturbed.
type QuietHours struct {
	From, To calendar.TimeOfDay // equal: none; from the evening to the morning it may be
	Zone     *time.Location
}

// End returns when the quiet hours that contain now end, and the zero time if now is in
// none. Where that wall time exists twice, the first one counts.
func (q QuietHours) End(now time.Time) time.Time {
	if q.From == q.To || q.Zone == nil {
		return time.Time{}
	}
	wall := calendar.WallOf(now.In(q.Zone))
	at := calendar.TimeOfDay(wall.Hour*60 + wall.Minute)
	day := wall.Date
	switch {
	case q.From < q.To && (at < q.From || at >= q.To), q.From > q.To && at < q.From && at >= q.To:
		return time.Time{}
	case at >= q.To:
		day = day.AddDays(1)
	}
	end := calendar.Resolve(calendar.Wall{Date: day, Hour: int(q.To) / 60, Minute: int(q.To) % 60}, q.Zone)
	if !end.After(now) {
		return time.Time{}
	}
	return end
}

// waits is the end of the quiet hours for which the channel delays the notice, zero if
// it does not.
func (c Channel) waits(n Notice, now time.Time) time.Time {
	if n.Urgent() {
		return time.Time{}
	}
	return c.Quiet.End(now)
}
