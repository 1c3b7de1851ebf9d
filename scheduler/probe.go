package scheduler

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
)

// Probe is one mail to oneself that shows how the account behaves: whether mail arrives
// in a watched folder, whether the provider files sent copies, whether it keeps
// Message-IDs. Decisions use what it showed, not a table of providers.
type Probe struct {
	// Account names the account, address and servers: another one asks for
	// another probe. Empty: nothing is probed.
	Account string
	// Compose makes the mail. The token stands in its subject.
	Compose func(token string, now time.Time) (mailer.Frozen, error)
}

// The names of what the probe learnt.
const (
	metaProbeAccount = "probe.account"
	metaProbeToken   = "probe.token"    // of each that was sent, with spaces between
	metaProbeID      = "probe.id"       // likewise
	metaProbeSent    = "probe.sent"     // RFC 3339; of the latest
	metaProbeCount   = "probe.count"    // how many were sent, a stroke for each
	metaProbeArrived = "probe.arrived"  // RFC 3339
	metaProbeIDKept  = "probe.id_kept"  // yes | no
	metaProbeTheirID = "probe.their_id" // the Message-ID under which it arrived, if that is another
	metaProbeAnswer  = "probe.answer"   // the words of the answer to the dot that may be an ID, one on a line
	metaProbeCopy    = "probe.copy"     // filed | none
)

// copyPatience is how long a provider may take to file its own sent copy.
const copyPatience = 10 * time.Minute

// begin forgets what was learnt of another account.
func (p Probe) begin(tx Tx) error {
	before, err := tx.Meta(metaProbeAccount)
	if err != nil || p.Account == "" || before == p.Account {
		return err
	}
	for _, name := range []string{metaProbeToken, metaProbeID, metaProbeSent, metaProbeCount, metaProbeArrived, metaProbeIDKept, metaProbeTheirID, metaProbeAnswer, metaProbeCopy} {
		if err := tx.SetMeta(name, ""); err != nil {
			return err
		}
	}
	return tx.SetMeta(metaProbeAccount, p.Account)
}

// probeMissing reports whether a probe was begun and not yet seen arriving:
// until then no asking mail leaves, since an answer might go unseen too.
func probeMissing(r Reader) (bool, error) {
	account, err := r.Meta(metaProbeAccount)
	if err != nil || account == "" {
		return false, err
	}
	arrived, err := r.Meta(metaProbeArrived)
	return arrived == "", err
}

// probeAgain is how long to wait for a probe before sending another. It may be lost, and
// without one no follow-up ever leaves.
const probeAgain = 24 * time.Hour

// mostProbes is how many are sent before only the user can find out.
const mostProbes = 4

// wantsProbe reports whether a probe is to be sent now. Where one is on its way,
// again is when another would be; it is zero once one has arrived.
func (d *Daemon) wantsProbe(ctx context.Context, now time.Time) (want bool, again time.Time, err error) {
	if d.Probe.Account == "" {
		return false, again, nil
	}
	err = d.Store.View(ctx, func(r Reader) error {
		arrived, err := r.Meta(metaProbeArrived)
		if err != nil || arrived != "" {
			return err
		}
		count, err := r.Meta(metaProbeCount)
		if err != nil || len(count) >= mostProbes {
			return err
		}
		text, err := r.Meta(metaProbeSent)
		sent, parseErr := time.Parse(time.RFC3339, text)
		if want = err == nil && (parseErr != nil || !now.Before(sent.Add(probeAgain))); !want {
			again = sent.Add(probeAgain)
		}
		return err
	})
	return want, again, err
}

// sendProbe sends the probe the same way as any mail. It needs no claim: a second probe
// does no harm.
func (d *Daemon) sendProbe(ctx context.Context) {
	lasting := context.WithoutCancel(ctx)
	now := d.Clock.Now()
	token := probeToken(d.Name, d.Probe.Account, now)
	frozen, err := d.Probe.Compose(token, now)
	var r mailer.Receipt
	if err == nil {
		// The token is committed first, so that the probe is known when it arrives.
		err = d.do(lasting, func() error { return d.noteProbe(lasting, token, frozen.MessageID) })
	}
	if err == nil {
		r = d.Sender.Send(ctx, frozen, func(context.Context) error { return nil })
		d.Sender.Rest()
		err = d.do(lasting, func() error { return d.probeSent(lasting, r) })
	}
	_ = d.do(lasting, func() error {
		d.carrying = ""
		if err != nil {
			d.Log.Warn("sending the probe", "err", err)
			d.probeAfter = d.Clock.Now().Add(sweepEvery)
		}
		return nil
	})
}

// probeToken is a word that nobody else puts into a subject.
func probeToken(name func(string) string, account string, now time.Time) string {
	id := strings.Trim(name("probe/"+account+"/"+now.UTC().Format(time.RFC3339Nano)), "<>")
	local, _, _ := strings.Cut(id, "@")
	return local[:min(12, len(local))]
}

func (d *Daemon) noteProbe(ctx context.Context, token, id string) error {
	d.sendingWith = loginOf(d.world.Policy.Logins, 0)
	return d.Store.Update(ctx, func(tx Tx) error { return addProbe(tx, token, id) })
}

// addProbe notes how one more probe is known. An earlier one may arrive yet.
func addProbe(tx Tx, token, id string) error {
	tokens, err := tx.Meta(metaProbeToken)
	if err != nil {
		return err
	}
	ids, err := tx.Meta(metaProbeID)
	if err != nil {
		return err
	}
	latest := func(known, one string) string {
		all := append(strings.Fields(known), one)
		return strings.Join(all[max(0, len(all)-mostKnownProbes):], " ")
	}
	return errors.Join(tx.SetMeta(metaProbeToken, latest(tokens, token)), tx.SetMeta(metaProbeID, latest(ids, id)))
}

// mostKnownProbes bounds what is remembered of probes that a server put off.
const mostKnownProbes = 20

// probeNamed is the Message-ID of the probe whose token a subject holds.
func probeNamed(r Reader, subject string) (id string, known bool, err error) {
	tokens, err := r.Meta(metaProbeToken)
	if err != nil {
		return "", false, err
	}
	n := slices.IndexFunc(strings.Fields(tokens), func(token string) bool { return strings.Contains(subject, token) })
	ids, err := r.Meta(metaProbeID)
	if all := strings.Fields(ids); err == nil && n >= 0 && n < len(all) {
		id = all[n]
	}
	return id, n >= 0, err
}

// probeSent records the server's answer to the probe.
func (d *Daemon) probeSent(ctx context.Context, r mailer.Receipt) error {
	now := d.Clock.Now()
	if r.Outcome != mailer.Accepted && r.Outcome != mailer.InDoubt {
		d.probeAfter = now.Add(sweepEvery)
	}
	if err := d.noteServer(ctx, r, now); err != nil {
		return err
	}
	return d.Store.Update(ctx, func(tx Tx) error {
		if d.probeAfter.After(now) {
			return nil
		}
		return noteProbeSent(tx, r, ActorDaemon, now)
	})
}

func noteProbeSent(tx Tx, r mailer.Receipt, by string, now time.Time) error {
	if err := tx.SetMeta(metaProbeAnswer, strings.Join(r.QueueIDs, "\n")); err != nil {
		return err
	}
	count, err := tx.Meta(metaProbeCount)
	if err != nil {
		return err
	}
	if err := errors.Join(tx.SetMeta(metaProbeSent, now.UTC().Format(time.RFC3339)), tx.SetMeta(metaProbeCount, count+"|")); err != nil {
		return err
	}
	return tx.Log(Event{At: now, Actor: by, What: "probed", Why: "a mail to yourself shows what the account does", Evidence: answer(r)})
}

// SendProbe sends the probe of a new account before any daemon uses the store; the
// daemon then only waits for its arrival. Name is as in Daemon. The caller must hold the
// profile's lock.
func SendProbe(ctx context.Context, store Store, sender Sender, p Probe, name func(string) string, now time.Time) (mailer.Receipt, error) {
	token := probeToken(name, p.Account, now)
	frozen, err := p.Compose(token, now)
	if err != nil {
		return mailer.Receipt{}, err
	}
	// The token is committed first, so that the probe is known when it arrives.
	if err := store.Update(ctx, func(tx Tx) error {
		return errors.Join(p.begin(tx), addProbe(tx, token, frozen.MessageID))
	}); err != nil {
		return mailer.Receipt{}, err
	}
	r := sender.Send(ctx, frozen, func(context.Context) error { return nil })
	sender.Rest()
	if r.Outcome != mailer.Accepted && r.Outcome != mailer.InDoubt {
		return r, nil // the daemon sends another one
	}
	return r, store.Update(context.WithoutCancel(ctx), func(tx Tx) error { return noteProbeSent(tx, r, ActorUser, now) })
}

// receiveProbe recognises the probe among the candidate's own mail and learns
// from it. It reports whether the message was the probe.
func receiveProbe(tx Tx, m mailer.Message, raw mailer.Fetched, now time.Time) (bool, error) {
	id, known, err := probeNamed(tx, m.Subject)
	if err != nil || !known {
		return false, err
	}
	switch raw.Role {
	case mailer.RoleSent:
		return true, tx.SetMeta(metaProbeCopy, "filed")
	case mailer.RoleAll:
		return true, nil // the sent copy lies there too: it shows no arrival
	}
	if before, err := tx.Meta(metaProbeArrived); err != nil || before != "" {
		return true, err
	}
	sent, err := tx.Meta(metaProbeSent)
	if err != nil {
		return true, err
	}
	if left, err := time.Parse(time.RFC3339, sent); err == nil { // else its answer is still out
		if err := noteClock(tx, raw, left, now); err != nil {
			return true, err
		}
	}
	kept := "yes"
	if m.ID != id {
		kept = "no"
		if err := tx.SetMeta(metaProbeTheirID, m.ID); err != nil {
			return true, err
		}
	}
	if err := tx.SetMeta(metaProbeIDKept, kept); err != nil {
		return true, err
	}
	if err := tx.SetMeta(metaProbeArrived, now.UTC().Format(time.RFC3339)); err != nil {
		return true, err
	}
	e := Event{At: now, Actor: ActorMailbox, What: "probe arrived", Why: "mail to yourself arrives in " + raw.Folder + "; Message-ID kept: " + kept, Evidence: m.ID}
	if err := tx.Log(e); err != nil {
		return true, err
	}
	if err := tx.Answer(askedProbe); err != nil {
		return true, err
	}
	return true, wakeAll(tx, ScopeEverything, "", now)
}

// theirHost is the host of the Message-IDs with which the provider replaces ours, if the
// probe showed that the reply to the final dot contains their left part: "250 Ok
// 0102018c", then <0102018c@mail.example>. Else "".
func theirHost(r Reader) (string, error) {
	id, err := r.Meta(metaProbeTheirID)
	if err != nil || id == "" {
		return "", err
	}
	answer, err := r.Meta(metaProbeAnswer)
	local, host, _ := strings.Cut(strings.Trim(id, "<>"), "@")
	if err != nil || local == "" || !slices.Contains(strings.Split(answer, "\n"), local) {
		return "", err
	}
	return host, nil
}

// concludeProbe decides, some time after the probe has arrived, that the
// provider files no sent copies, and asks about a probe that does not arrive:
// nothing else would tell why no follow-up ever leaves.
func concludeProbe(tx Tx, now time.Time) error {
	since := func(name string) (time.Duration, error) {
		text, err := tx.Meta(name)
		at, parseErr := time.Parse(time.RFC3339, text)
		if err != nil || parseErr != nil {
			return -1, err
		}
		return now.Sub(at), nil
	}
	arrived, err := since(metaProbeArrived)
	if err != nil {
		return err
	}
	if arrived < 0 {
		sent, err := since(metaProbeSent)
		if err != nil || sent < probePatience {
			return err
		}
		return ask(tx, Delivery{}, askedProbe, probeLost, now)
	}
	filed, err := tx.Meta(metaProbeCopy)
	if err != nil || filed != "" || arrived < copyPatience {
		return err
	}
	return tx.SetMeta(metaProbeCopy, "none")
}

// probePatience is how long the probe may take to arrive before the user is
// asked about it.
const probePatience = time.Hour

const (
	askedProbe = "probe"
	probeLost  = "The mail to yourself that shows what the account does was sent and did not arrive in a folder that is read. " +
		"Until it does no follow-up leaves, since an answer might go unseen too; another one is sent on each of the next days, three in all. Look whether it lies somewhere else, and whether me.email and account.imap in config.yaml belong together."
)

// probeWords says what the probe showed.
func probeWords(r Reader) (string, error) {
	learnt := map[string]string{}
	for _, name := range []string{metaProbeSent, metaProbeArrived, metaProbeIDKept, metaProbeCopy} {
		value, err := r.Meta(name)
		if err != nil {
			return "", err
		}
		learnt[name] = value
	}
	switch {
	case learnt[metaProbeSent] == "":
		return "not sent yet; `afterword run` sends it", nil
	case learnt[metaProbeArrived] == "":
		return "sent, and not yet seen arriving; no follow-up leaves before it is", nil
	}
	words := "it arrives"
	if learnt[metaProbeIDKept] == "no" {
		words += "; the provider replaces Message-IDs"
	}
	switch learnt[metaProbeCopy] {
	case "filed":
		words += "; the provider files sent copies"
	case "none":
		words += "; sent copies are filed by Afterword"
	}
	return words, nil
}
