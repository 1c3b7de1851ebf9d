package scheduler

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"afterword/mailer"
)

// How often the drafts are read while any is there, and after a failure.
const (
	draftsEvery = 2 * time.Minute
	draftsAgain = 10 * time.Minute
)

// draftPatience is how long a draft may be missing before the user is asked: mail
// programs save a draft by deleting it and appending another.
const draftPatience = 15 * time.Minute

// metaDraft is the beginning of the names under which drafts are remembered; the
// delivery's key follows.
const metaDraft = "draft/"

// askedDraft is the beginning of the keys of questions about drafts.
const askedDraft = "draft/"

// keptDraft is what the store remembers of the draft of one delivery. It is written
// before the draft is appended.
type keptDraft struct {
	ID      string         `json:"id"`                // Message-ID, ours or that of the user's own version
	Hash    string         `json:"hash"`              // TextHash of what our draft says
	Words   string         `json:"words"`             // wordsSum of what was last read in it
	Sum     string         `json:"sum"`               // sumOfBytes of ours
	Place   mailer.Place   `json:"place"`             // where our own lies; no UID: not known
	Floors  []mailer.Place `json:"floors"`            // for each folder, the next UID when ours was filed
	Stands  bool           `json:"stands,omitempty"`  // it was appended, or seen
	Edited  bool           `json:"edited,omitempty"`  // what lies there is the user's: never removed
	Leaving bool           `json:"leaving,omitempty"` // ours is being removed
	Gone    time.Time      `json:"gone,omitzero"`     // since when it is missing
	Moved   mailer.Place   `json:"moved,omitzero"`    // where it was found approved; this is not done twice
}

func readDraft(r Reader, key string) (keptDraft, bool, error) {
	return loadJSON[keptDraft](r, metaDraft+key)
}

// keepDraft writes what is remembered, if it changed.
func keepDraft(tx Tx, key string, x keptDraft) error {
	text, err := json.Marshal(x)
	if err != nil {
		return err
	}
	if before, err := tx.Meta(metaDraft + key); err != nil || before == string(text) {
		return err
	}
	return tx.SetMeta(metaDraft+key, string(text))
}

func forgetDraft(tx Tx, key string) error { return tx.SetMeta(metaDraft+key, "") }

// draftKeys are the deliveries of which a draft is remembered.
func draftKeys(r Reader) ([]string, error) {
	names, err := r.MetaNames(metaDraft)
	for n := range names {
		names[n] = strings.TrimPrefix(names[n], metaDraft)
	}
	return names, err
}

// wantsDraft reports whether a delivery should be in the Drafts folder: it waits for the
// user, and it has a text.
func wantsDraft(p Policy, d Delivery) bool {
	return p.Drafts && d.State == Review && d.Text.Body != "" && !d.AnyData && !unwritten(d)
}

// unwritten reports whether the template gave no text.
func unwritten(d Delivery) bool {
	for _, f := range d.Findings {
		if f.Code == "template" {
			return true
		}
	}
	return false
}

// draftSchedule is when the drafts are next to be compared with the mails that wait,
// and how that last ended.
type draftSchedule struct {
	at     time.Time // when they are to be read again; zero: not before the store changes
	failed bool      // the last round with them failed
	seen   int64     // version of the store when they were last compared with it
	kept   bool      // the store remembers some
}

// dispatchDrafts starts a courier for the drafts when one is to be filed or removed, and
// every few minutes while there are any.
func (d *Daemon) dispatchDrafts(ctx context.Context, now time.Time) error {
	due := !d.draftRound.at.IsZero() && !now.Before(d.draftRound.at)
	if d.Drafts == nil || !due && (d.version == d.draftRound.seen || now.Before(d.draftRound.at) && d.draftRound.failed) {
		return nil
	}
	d.draftRound.seen = d.version
	if !d.draftRound.kept && !d.world.Policy.Drafts {
		d.draftRound.at = time.Time{}
		return nil
	}
	wanted, kept, err := d.draftsWanted(ctx)
	if err != nil {
		return err
	}
	if !kept && !wanted {
		d.draftRound.at = time.Time{}
		return nil
	}
	if !wanted && !due {
		return nil
	}
	d.carrying = carryingDrafts
	d.startCourier(ctx, func() { d.tendDrafts(ctx) })
	return nil
}

// draftsWanted reports whether a draft is to be filed or removed, and whether
// any is kept.
func (d *Daemon) draftsWanted(ctx context.Context) (wanted, kept bool, err error) {
	err = d.Store.View(ctx, func(r Reader) error {
		keys, err := draftKeys(r)
		if err != nil {
			return err
		}
		kept = len(keys) > 0
		known := map[string]bool{}
		for _, key := range keys {
			known[key] = true
			x, _, err := readDraft(r, key)
			if err != nil {
				return err
			}
			o, err := r.Delivery(key) // an empty one where it is gone
			if ignoreMissing(err) != nil {
				return err
			}
			wanted = wanted || x.Leaving || !x.Stands || x.outdated(d.world.Policy, o)
		}
		if !d.world.Policy.Drafts {
			return nil
		}
		waiting, err := r.Deliveries(DeliveryQuery{States: []State{Review}})
		for _, o := range waiting {
			wanted = wanted || !known[o.Key] && wantsDraft(d.world.Policy, o)
		}
		return err
	})
	return wanted, kept, err
}

// tendDrafts reads the drafts, takes over what the user did with them, then removes and
// files drafts. A failure changes no delivery; the next round tries again.
func (d *Daemon) tendDrafts(ctx context.Context) {
	lasting := context.WithoutCancel(ctx)
	kept, err := d.tendOnce(ctx, lasting)
	_ = d.do(lasting, func() error {
		now := d.Clock.Now()
		d.carrying, d.draftRound.failed, d.draftRound.at = "", err != nil, time.Time{}
		switch {
		case ctx.Err() != nil:
		case err != nil:
			d.draftRound.at = now.Add(draftsAgain)
			d.Log.Warn("keeping the drafts", "err", err)
			return d.Store.Update(lasting, func(tx Tx) error { return tellNoDrafts(tx, err, now) })
		case kept:
			d.draftRound.at = now.Add(cmp.Or(d.Pace.Drafts, draftsEvery))
		}
		return nil
	})
}

func tellNoDrafts(tx Tx, err error, now time.Time) error {
	return tell(tx, Notice{Key: "drafts/" + now.UTC().Format(time.DateOnly), Kind: "mailbox", At: now, Subject: "Drafts cannot be kept in your mailbox",
		Text:     fmt.Sprintf("What waits for your approval could not be brought together with your Drafts folder: %v. It is tried again; `afterword review` shows and approves it all the same.", err),
		Discreet: "Drafts cannot be kept in the mailbox."})
}

// tendOnce is one round of tendDrafts. It reports whether any draft is kept.
func (d *Daemon) tendOnce(ctx, lasting context.Context) (kept bool, err error) {
	var known map[string]keptDraft
	err = d.do(ctx, func() error {
		return d.Store.View(ctx, func(r Reader) (err error) {
			known, err = allDrafts(r)
			return err
		})
	})
	if err != nil {
		return false, err
	}
	seen, err := d.Drafts.Drafts(ctx, func(m mailer.Fetched) bool { return wantsBody(known, m) })
	if err != nil {
		return false, err
	}
	var work draftWork
	err = d.do(ctx, func() error {
		now := d.Clock.Now()
		return d.Store.Update(ctx, func(tx Tx) (err error) {
			t := drafting{tx: tx, world: d.world, service: &Service{Writers: d.Writers}, compose: d.ComposeDraft, seen: seen, now: now}
			work, err = t.round()
			return err
		})
	})
	if err != nil {
		return false, err
	}
	return work.kept, d.doDrafts(ctx, lasting, work)
}

// doDrafts removes and files drafts. A crash in between is completed by the next round,
// because a draft is remembered before it is appended and until it was removed.
func (d *Daemon) doDrafts(ctx, lasting context.Context, work draftWork) error {
	for _, r := range work.remove {
		if err := d.Drafts.RemoveDraft(ctx, r.place, r.id); err != nil {
			return err
		}
		if r.key == "" {
			continue
		}
		if err := d.write(lasting, func(tx Tx) error { return forgetDraft(tx, r.key) }); err != nil {
			return err
		}
	}
	for _, f := range work.file {
		place, err := d.Drafts.FileDraft(ctx, f.frozen.Bytes, d.Clock.Now())
		if err != nil {
			return err
		}
		if err := d.write(lasting, func(tx Tx) error { return standsAt(tx, f.key, f.frozen.MessageID, place) }); err != nil {
			return err
		}
	}
	return nil
}

// write runs f in one transaction of the deciding goroutine.
func (d *Daemon) write(ctx context.Context, f func(Tx) error) error {
	return d.do(ctx, func() error { return d.Store.Update(ctx, f) })
}

// standsAt notes that our draft was appended, and where.
func standsAt(tx Tx, key, id string, place mailer.Place) error {
	x, ok, err := readDraft(tx, key)
	if err != nil || !ok || x.ID != id {
		return err
	}
	x.Stands, x.Place = true, place
	return keepDraft(tx, key, x)
}

func allDrafts(r Reader) (map[string]keptDraft, error) {
	keys, err := draftKeys(r)
	all := map[string]keptDraft{}
	for _, key := range keys {
		x, _, err := readDraft(r, key)
		if err != nil {
			return nil, err
		}
		all[key] = x
	}
	return all, err
}

// wantsBody asks for the bodies of what may be the user's version of a draft.
func wantsBody(known map[string]keptDraft, m mailer.Fetched) bool {
	for _, x := range known {
		if x.mayBe(m) || strings.Contains(string(m.Header), x.ID) {
			return true
		}
	}
	return false
}
