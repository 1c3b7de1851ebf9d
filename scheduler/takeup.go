package scheduler

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"sync"
	"time"

	"afterword/mailer"
)

// Edits of the files while the daemon runs: they are read, and take effect once the
// store has recorded all of them.

// readFiles reads the files into the daemon's world.
func (d *Daemon) readFiles() error {
	policy, apps, err := d.Files.Read()
	if err != nil {
		return err
	}
	w := World{Policy: policy, Applications: byStem(apps), Trouble: d.world.Trouble, Ledger: d.Ledger, Name: d.Name}
	for _, a := range apps {
		if a.Broken != "" {
			d.Log.Warn("interview file held; afterword check says why", "application", a.Stem) // the reason quotes the file
		}
	}
	// Most files are saved, and most programs started, when no mail comes just then.
	w.sieve = sync.OnceValue(func() *mailer.Matcher { return sieve(w, d.Tables) })
	w.interest = sync.OnceValue(func() interest { return newInterest(w, d.Tables) })
	d.world, d.read, d.Writers.known = w, apps, &verdicts{}
	return nil
}

// filesChanged reads the files again and attends to the applications that changed. A
// refused login is tried again if its credential may have changed.
func (d *Daemon) filesChanged(ctx context.Context) error {
	last := d.world
	before := last
	if d.untaken != nil && last.Unread == "" { // after the folder was gone all is taken up anyhow
		before = *d.untaken
	}
	if err := d.readFiles(); err != nil {
		d.Log.Error("reading the files", "err", err)
		return d.holdUnread(ctx, err)
	}
	if d.changed() {
		return nil // the next run begins with all of them
	}
	d.tryLoginsAgain(last.Policy, d.world.Policy)
	if d.untaken != nil && d.storeFailures > 0 && sameFiles(last, d.world) {
		return nil // known, and taken once the store works; what may be missing is asked for at each wake-up
	}
	if !d.tryAgain && sameFiles(before, d.world) {
		d.untaken = nil
		return nil
	}
	d.untaken = &before // until the store has taken all of it
	err := d.takeUp(ctx, before)
	if err == nil {
		d.untaken = nil
	}
	return err
}

// sameFiles reports whether two readings of the files say the same.
func sameFiles(a, b World) bool {
	return a.Unread == b.Unread && reflect.DeepEqual(a.Policy, b.Policy) && reflect.DeepEqual(a.Applications, b.Applications)
}

// holdUnread keeps the last good state, and holds everything, while the folder itself
// cannot be read: what the user changed in it is unknown.
func (d *Daemon) holdUnread(ctx context.Context, cause error) error {
	if d.world.Unread != "" {
		return nil
	}
	d.world.Unread = cause.Error()
	if err := d.tellOfBroken(ctx); err != nil {
		return err
	}
	return d.attendAll(ctx, d.stems(ctx))
}

// takeUp applies a change of the files.
func (d *Daemon) takeUp(ctx context.Context, before World) error {
	d.notBefore, d.failures = time.Time{}, 0
	d.hearAgain()
	signal(d.news)
	if !reflect.DeepEqual(before.Policy, d.world.Policy) {
		d.dropWatches() // the account may be another one, or let the program in again
	}
	changed := d.stems(ctx)
	if before.Unread == "" && reflect.DeepEqual(before.Policy, d.world.Policy) {
		changed = slices.DeleteFunc(changed, func(s string) bool {
			return reflect.DeepEqual(before.Applications[s], d.world.Applications[s])
		})
	}
	if err := d.holdRefused(ctx); err != nil {
		return err
	}
	if err := d.tellOfBroken(ctx); err != nil {
		return err
	}
	if err := d.noteNew(ctx); err != nil {
		return err
	}
	if err := d.settleLoose(ctx, d.Clock.Now()); err != nil {
		return err
	}
	return d.attendAll(ctx, changed)
}

// tellOfBroken tells the user of each file that cannot be read, once per fault.
func (d *Daemon) tellOfBroken(ctx context.Context) error {
	now := d.Clock.Now()
	return d.Store.Update(ctx, func(tx Tx) error {
		if words := d.world.Unread; words != "" {
			return tell(tx, brokenNotice("your files", words, "Nothing is sent until they can be read; mail is still read.", now))
		}
		if words := d.world.Policy.Broken; words != "" {
			if err := tell(tx, brokenNotice("config.yaml", words, "Nothing is sent until it can be read; mail is still read.", now)); err != nil {
				return err
			}
		}
		for _, stem := range slices.Sorted(maps.Keys(d.world.Applications)) {
			if words := d.world.Applications[stem].Broken; words != "" {
				n := brokenNotice(stem, words, "Nothing of this application is sent until it can be read; the others go on.", now)
				if err := tell(tx, n); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func brokenNotice(what, words, effect string, now time.Time) Notice {
	return Notice{Key: "broken/" + what + "#" + now.UTC().Format(time.DateOnly) + words, Kind: "broken-file", At: now, Subject: "A file cannot be read: " + what,
		Text: words + "\n" + effect, Discreet: "One of your files cannot be read."}
}
