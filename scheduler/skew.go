package scheduler

import (
	"fmt"
	"time"

	"afterword/mailer"
)

// metaClockOff says by how much the clock of the mail server was last seen to
// differ from this machine's: a Go duration, positive where this machine's is
// behind; "" where nothing speaks against it.
const metaClockOff = "clock.off"

// clockTolerance is the difference between two clocks that is not worth a warning: plans
// are made in whole minutes.
const clockTolerance = 2 * time.Minute

// noteClock compares this machine's clock with the server's word for when a
// message arrived in INBOX (INTERNALDATE, RFC 9051 section 2.3.3). What arrives
// later than now shows a clock that is behind, and the test mail, if it arrives
// before it left, one that is ahead. Only a message that arrived about now shows
// that both agree again: one of yesterday proves nothing. What lies in other
// folders may have been put there with any date.
func noteClock(tx Tx, raw mailer.Fetched, left, now time.Time) error {
	if raw.Role != mailer.RoleInbox || raw.Arrived.IsZero() {
		return nil
	}
	off, shown := "", false
	switch age := now.Sub(raw.Arrived); {
	case age < -clockTolerance:
		off, shown = (-age).Round(time.Minute).String(), true
	case !left.IsZero() && left.Sub(raw.Arrived) > clockTolerance:
		off, shown = raw.Arrived.Sub(left).Round(time.Minute).String(), true
	default:
		shown = age < clockTolerance
	}
	if !shown {
		return nil
	}
	if before, err := tx.Meta(metaClockOff); err != nil || before == off {
		return err
	}
	return tx.SetMeta(metaClockOff, off)
}

// clockWords says what the mail server's dates showed of this machine's clock,
// "" if nothing speaks against it.
func clockWords(r Reader) (string, error) {
	text, err := r.Meta(metaClockOff)
	if err != nil || text == "" {
		return "", err
	}
	off, err := time.ParseDuration(text)
	if err != nil {
		return "", fmt.Errorf("reading by how much the clock differs: %w", err)
	}
	side := "behind"
	if off < 0 {
		side, off = "ahead of", -off
	}
	apart := fmt.Sprintf("%d minutes", int(off.Minutes()))
	switch days := int(off.Hours()) / 24; {
	case days >= 730:
		apart = fmt.Sprintf("%d years", days/365)
	case days >= 2:
		apart = fmt.Sprintf("%d days", days)
	case off >= time.Hour:
		apart = fmt.Sprintf("%d h %d min", int(off.Hours()), int(off.Minutes())%60)
	}
	return fmt.Sprintf("this computer's clock is about %s %s that of the mail server", apart, side), nil
}

// turnedBack says that the clock stands before what it said when the mailbox was
// last read, "" if it does not.
func turnedBack(lastLook string, now time.Time) string {
	last, err := time.Parse(time.RFC3339, lastLook)
	if err != nil || last.Sub(now) <= clockTolerance {
		return ""
	}
	return fmt.Sprintf("this computer's clock says %s, and the mailbox was last read on %s", now.UTC().Format("2 Jan 2006 15:04"), last.UTC().Format("2 Jan 2006 15:04 MST"))
}

// noticeSleep drops all connections after a sleep or a clock step, which it recognises
// by the wall clock and the monotonic clock disagreeing. Overdue mail is decided anew
// and needs a last look like any other.
func (d *Daemon) noticeSleep(now time.Time) {
	if d.lastTick.IsZero() {
		return
	}
	wall, counted := now.Round(0).Sub(d.lastTick.Round(0)), now.Sub(d.lastTick)
	if wall >= 0 && wall <= 3*d.Pace.longest() && (wall-counted).Abs() < 5*time.Second {
		return
	}
	d.Log.Info("the machine slept or its clock was set", "wall", wall.String(), "counted", counted.String())
	if d.carrying == "" {
		d.Sender.Rest()
	}
	d.wake, d.notBefore = now, time.Time{}
	d.hearAgain()
	d.dropWatches()
	signal(d.news)
}
