// Package notify tells the user: by mail to oneself, on the desktop, by ntfy, by
// a webhook, and in the log.
package notify

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode"

	"afterword/mailer"
	"afterword/scheduler"
)

// Mail tells by a mail to oneself, through the account's own server. It is safe
// for use by one goroutine at a time.
type Mail struct {
	Sender scheduler.Sender
	Me     mailer.Address
	Rand   io.Reader // for Message-IDs where Name gives none: a notice never bears one of a delivery
	// Name is the Message-ID of the notice with that key, by which its answer is
	// known. It may be nil.
	Name func(key string) string
	// Thread is the Message-ID of the exchange that the notice with that key opens,
	// to which it refers. It may be nil.
	Thread func(key string) string
	Now    func() time.Time // for the Date line
}

// Notify sends one notice. An error means that it may be tried again. One that may
// have been lost at its end is sent a second time at once: to read a notice twice
// is nothing, never to read it is what it was written against. Not more often:
// some servers take each mail and never say so.
func (m *Mail) Notify(ctx context.Context, n scheduler.Notice) error {
	defer m.Sender.Rest()
	doubt, err := m.send(ctx, n)
	if !doubt {
		return err
	}
	if ctx.Err() != nil {
		return fmt.Errorf("mailing a notice: %w", ctx.Err()) // the next start tells it
	}
	_, err = m.send(ctx, n)
	return err
}

// send says whether it is in doubt that the notice arrived, which is no error.
func (m *Mail) send(ctx context.Context, n scheduler.Notice) (doubt bool, err error) {
	id, err := m.id(n)
	if err != nil {
		return false, fmt.Errorf("naming a notice: %w", err)
	}
	text, subject, thread := n.Text, "Afterword: "+printable(n.Subject), mailer.Thread{}
	if m.Thread != nil && n.Key != "" {
		thread.References = []string{m.Thread(n.Key)}
	}
	if how := n.About.HowToAnswer(); how != "" {
		text += "\n\n" + how
	}
	if n.About != nil && len(n.About.Thread) > 0 {
		last := len(n.About.Thread) - 1
		subject, thread = "Re: "+subject, mailer.Thread{References: slices.Concat(n.About.Thread[:last], thread.References), InReplyTo: n.About.Thread[last]}
	}
	frozen, err := mailer.Compose(mailer.Draft{From: m.Me, To: m.Me, Subject: subject, Body: printable(text) + "\n",
		Date: m.Now(), MessageID: id, AutoSubmitted: "auto-generated", Thread: thread})
	if err != nil {
		return false, fmt.Errorf("composing a notice: %w", err)
	}
	r := m.Sender.Send(ctx, frozen, func(context.Context) error { return nil })
	switch {
	case r.Outcome == mailer.Accepted || r.Outcome == mailer.InDoubt:
		return r.Outcome == mailer.InDoubt, nil
	case r.AuthRefused && r.Err != nil: // which may be that a grant has ended
		return false, fmt.Errorf("mailing a notice: %w: %w", mailer.ErrLoginRefused, r.Err)
	case r.AuthRefused:
		return false, fmt.Errorf("mailing a notice: %w: %d %s", mailer.ErrLoginRefused, r.Code, r.Words)
	case r.Outcome == mailer.Refused:
		return false, fmt.Errorf("mailing a notice: %w: %w", refusal(r), saidOf(r))
	}
	if r.Limited || r.Phase == mailer.PhaseAuth && r.Code != 0 { // the login is put off, or the account has sent enough for now
		return false, fmt.Errorf("mailing a notice: %w: %w", mailer.ErrServerBusy, saidOf(r))
	}
	return false, fmt.Errorf("mailing a notice: %w", saidOf(r))
}

// refusal says what a server refused for good: one that will not have our own address will
// have no notice, while its words, once it has read them, are about those alone, and must
// not keep the notices behind it.
func refusal(r mailer.Receipt) error {
	if r.Phase == mailer.PhaseMail || r.Phase == mailer.PhaseRcpt {
		return scheduler.ErrChannelRefused
	}
	return scheduler.ErrNoticeRefused
}

// saidOf is why a mail did not leave.
func saidOf(r mailer.Receipt) error {
	if r.Err != nil {
		return r.Err
	}
	return fmt.Errorf("%d %s", r.Code, r.Words)
}

// id is the Message-ID of a notice.
func (m *Mail) id(n scheduler.Notice) (string, error) {
	if m.Name != nil && n.Key != "" {
		return m.Name(n.Key), nil
	}
	return mailer.RandomMessageID(m.Rand, m.Me.Addr)
}

// Log tells by the program's log: the kind and the discreet line, no names.
type Log struct{ Log *slog.Logger }

// Notify writes one line.
func (l Log) Notify(_ context.Context, n scheduler.Notice) error {
	l.Log.Info("notice", "kind", n.Kind, "text", n.Discreet)
	return nil
}

// printable leaves out what no mail may carry: a notice quotes mail of others,
// and one that could not be composed would keep all behind it from the user.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r) || r >= '\u2028' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
}
