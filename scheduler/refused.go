package scheduler

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
)

// sourceLogin marks the hold of a refused password.
const sourceLogin = "login"

// refusal is a login that a server refused. It is not repeated before the credential
// changes: providers lock accounts that keep trying.
type refusal struct {
	account  int    // by place among the mailboxes
	protocol string // IMAP or SMTP
	said     string // what the server said
	gone     bool   // what is lacking is a grant of the user
}

// remedy is what a refusal says that helps where another login does not, "" if nothing.
func remedy(err error) string {
	if h := (interface{ Hint() string })(nil); errors.As(err, &h) && !errors.Is(err, mailer.ErrGrantGone) {
		return "; " + h.Hint()
	}
	return ""
}

// reason says why nothing leaves and what ends that. It names the account.
func (d *Daemon) reason(r refusal) string {
	switch login := loginOf(d.Login, r.account); {
	case !r.gone && login != "": // it has no password to correct
		return "the " + r.protocol + " server refused the login of " + d.called(r.account) + "; if what was said names no other remedy, log in anew: " + login
	case !r.gone:
		return "the " + r.protocol + " server refused the login of " + d.called(r.account) + "; correct its password, where config.yaml says that it is kept"
	case login == "":
		return "access to the mailbox of " + d.called(r.account) + " was withdrawn or has ended; it needs a grant anew"
	default:
		return "access to the mailbox of " + d.called(r.account) + " was withdrawn or has ended; log in anew: " + login
	}
}

// called is what the user calls the n-th account.
func (d *Daemon) called(n int) string {
	switch {
	case n < len(d.Called):
		return d.Called[n]
	case n == 0:
		return "your account"
	}
	return fmt.Sprintf("watched account %d", n)
}

// neverReadOf counts for the n-th account.
func (d *Daemon) neverReadOf(n int) *neverRead {
	for len(d.never) <= n {
		d.never = append(d.never, neverRead{})
	}
	return &d.never[n]
}

// refuse records the accounts that refused the login in a look, unless their credential
// changed since the look began. It returns those that the store does not know yet.
func (d *Daemon) refuse(refused map[int]error, logins []string) (news []refusal) {
	for _, n := range slices.Sorted(maps.Keys(refused)) {
		if loginOf(logins, n) != loginOf(d.world.Policy.Logins, n) {
			continue
		}
		if d.refused == nil {
			d.refused = map[int]error{}
		}
		err := refused[n]
		d.refused[n] = err
		r := refusal{account: n, protocol: "IMAP", said: err.Error() + remedy(err), gone: errors.Is(err, mailer.ErrGrantGone)}
		if !slices.ContainsFunc(d.refusals, r.same) {
			d.Log.Warn("a mailbox refused the login and is not asked again before its credential changes", "account", n)
			news = append(news, r)
		}
	}
	return news
}

// same reports whether both are of one account and protocol.
func (r refusal) same(o refusal) bool { return r.account == o.account && r.protocol == o.protocol }

// noteRefusals holds everything until the credentials of all refused accounts have
// changed: the reply may be in any of them.
func (d *Daemon) noteRefusals(tx Tx, news []refusal, now time.Time) error {
	if len(news) == 0 {
		return nil
	}
	h := d.holdOf(append(slices.Clone(d.refusals), news...), now)
	for _, r := range news {
		if err := setHold(tx, h, ActorServer, r.said, now); err != nil {
			return err
		}
		n := Notice{Key: "login/" + r.protocol + "/" + d.called(r.account) + "/" + now.UTC().Format(time.DateOnly), Kind: "login", At: now,
			Subject: "The mail server refused the login", Text: d.reason(r) + ". The server said: " + r.said, Discreet: "A mail account refuses the login."}
		if len(d.Watched) > 0 && r.protocol == "IMAP" {
			n.Text += "\nNothing leaves meanwhile, for the answer may lie there. The other accounts are read as before."
		}
		if err := tell(tx, n); err != nil {
			return err
		}
	}
	return nil
}

// holdOf is the hold for logins that were refused.
func (d *Daemon) holdOf(all []refusal, now time.Time) Hold {
	var reasons []string
	for _, r := range all {
		reasons = append(reasons, d.reason(r))
	}
	return Hold{Scope: ScopeEverything, Source: sourceLogin, Reason: strings.Join(reasons, "; "), Set: now}
}

// loginOf identifies the credential of the n-th account, "" if there is none. It changes
// with the credential.
func loginOf(logins []string, n int) string {
	if n >= len(logins) {
		return ""
	}
	return logins[n]
}

// tryLoginsAgain allows another login to each account whose credential may have changed.
func (d *Daemon) tryLoginsAgain(before, now Policy) {
	changed := func(n int) bool { return loginOf(before.Logins, n) != loginOf(now.Logins, n) }
	if slices.Equal(before.Logins, now.Logins) {
		return
	}
	maps.DeleteFunc(d.refused, func(n int, _ error) bool { return changed(n) })
	d.refusals = slices.DeleteFunc(d.refusals, func(r refusal) bool { return changed(r.account) })
	d.smtpRefused = d.smtpRefused && !changed(0)
	d.freshLogin = d.freshLogin || changed(0)
	d.tryAgain = true
}

// holdRefused updates the hold to the logins that are still refused.
func (d *Daemon) holdRefused(ctx context.Context) error {
	if !d.tryAgain {
		return nil
	}
	err := d.Store.Update(ctx, func(tx Tx) error {
		if d.freshLogin { // what the server said of the last login says nothing about this one
			if err := tx.SetMeta(metaSMTP, ""); err != nil {
				return err
			}
		}
		if _, err := tx.Lift(ScopeEverything, "", sourceLogin); err != nil || len(d.refusals) == 0 {
			return err
		}
		return tx.SetHold(d.holdOf(d.refusals, d.Clock.Now()))
	})
	d.tryAgain, d.freshLogin = err != nil, err != nil && d.freshLogin
	return err
}
