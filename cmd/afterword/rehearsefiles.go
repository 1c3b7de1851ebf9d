package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"afterword/internal/config"
	"afterword/internal/store/sqlite"
	"afterword/mailer"
	"afterword/scheduler"
)

// copyProfile lays a copy of a profile into a folder: its files, and what its
// store knows of the mail so far. The account stays behind; the original is only
// read. It returns what could be read of the original config.
func copyProfile(ctx context.Context, path, dir string, now time.Time) (*config.Config, error) {
	text, err := config.Sandboxed(path, now)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errConfig, err)
	}
	to := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(to, text, 0o600); err != nil {
		return nil, err
	}
	copied, err := config.Load(to, now)
	if err != nil {
		return nil, err
	}
	from := config.Glimpse(path)
	if err := os.WriteFile(filepath.Join(dir, "password"), []byte("secret\n"), 0o600); err != nil {
		return nil, err
	}
	if err := os.Mkdir(copied.InterviewsDir, 0o700); err != nil {
		return nil, err
	}
	for _, of := range []struct{ from, to string }{{from.InterviewsDir, copied.InterviewsDir}, {from.TemplatesDir, copied.TemplatesDir}, {from.WordsPath, copied.WordsPath}} {
		if err := copyAll(of.from, of.to); err != nil {
			return nil, err
		}
	}
	copied.StatePath, from.StatePath = from.StatePath, copied.StatePath
	return copied, copyState(ctx, copied.StatePath, from.StatePath, dir)
}

// copyAll copies a file, or a folder with all below it; what is not there is
// passed over.
func copyAll(from, to string) error {
	return filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		info, err := os.Stat(path) // through a link
		switch {
		case err != nil:
			return nil // a link that leads nowhere is read by nobody
		case e.IsDir():
			return os.MkdirAll(target, 0o700)
		case !info.Mode().IsRegular():
			return nil
		}
		return copyFile(path, target)
	})
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o600)
}

// copyState makes a new store of what the user's says of the mail so far:
// deliveries, mails and holds, but for those of the machine and the account. The
// user's store is not opened, since opening writes; its files are copied, between
// two writes of a daemon that runs.
func copyState(ctx context.Context, from, to, dir string) error {
	if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	still := filepath.Join(dir, "as-it-was.db")
	if err := copyBetweenWrites(from, still); err != nil {
		return err
	}
	was, err := sqlite.Open(ctx, still)
	if err != nil {
		return err
	}
	into, err := sqlite.Open(ctx, to)
	if err != nil {
		return errors.Join(err, was.Close())
	}
	err = was.View(ctx, func(r scheduler.Reader) error {
		return into.Update(ctx, func(tx scheduler.Tx) error { return takeOver(r, tx) })
	})
	return errors.Join(err, was.Close(), into.Close())
}

// copyBetweenWrites copies a store and its log, once both stand still while
// that is done.
func copyBetweenWrites(from, to string) error {
	const tries = 50
	for range tries {
		before := stampsOf(from)
		if err := copyFile(from, to); err != nil {
			return err
		}
		if err := copyFile(from+"-wal", to+"-wal"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if stampsOf(from) == before {
			return nil
		}
		if err := os.Remove(to + "-wal"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return hinted{errors.New("the store is written to all the time"), "try again in a minute"}
}

// stampsOf tells whether a store or its log was written to.
func stampsOf(path string) (stamps [2]string) {
	for n, p := range []string{path, path + "-wal"} {
		if info, err := os.Stat(p); err == nil {
			stamps[n] = fmt.Sprint(info.Size(), info.ModTime().UnixNano())
		}
	}
	return stamps
}

// takeOver writes into a new store what an old one knows of the mail so far.
func takeOver(r scheduler.Reader, tx scheduler.Tx) error {
	ds, err := r.Deliveries(scheduler.DeliveryQuery{})
	if err != nil {
		return err
	}
	for _, d := range ds {
		if err := putAs(tx, d); err != nil {
			return err
		}
	}
	mails, err := r.Mails(scheduler.MailQuery{})
	if err != nil {
		return err
	}
	for _, m := range mails {
		if _, err := tx.AddMail(m); err != nil {
			return err
		}
	}
	holds, err := r.Holds()
	if err != nil {
		return err
	}
	for _, h := range holds {
		if h.Scope == scheduler.ScopeEverything && h.Source != scheduler.SourceUser {
			continue // of the account or the machine, which stay behind
		}
		if err := tx.SetHold(h); err != nil {
			return err
		}
	}
	return nil
}

// putAs stores a delivery as it is, by the moves that lead there.
func putAs(tx scheduler.Tx, d scheduler.Delivery) error {
	if d.State.InFlight() {
		d.State = scheduler.InDoubt // whatever the daemon makes of it
	}
	wake := d.Due
	for _, s := range pathTo(d.State) {
		step := d
		step.State = s
		if step.Frozen == nil && (s.InFlight() || d.State == scheduler.InDoubt) {
			id := "<" + d.Key + "@rehearsal.invalid>"
			step.Frozen = &mailer.Frozen{MessageID: id, From: "rehearsal.invalid", To: d.To.Email, Bytes: []byte("gone\r\n")}
		}
		if err := tx.Put(step, wake); err != nil {
			return err
		}
	}
	return nil
}

// pathTo is the shortest way by legal moves to a state.
func pathTo(to scheduler.State) []scheduler.State {
	ways := [][]scheduler.State{{scheduler.Planned}}
	seen := map[scheduler.State]bool{scheduler.Planned: true}
	for len(ways) > 0 {
		way := ways[0]
		ways = ways[1:]
		last := way[len(way)-1]
		if last == to {
			return way
		}
		for _, next := range scheduler.States() {
			if !seen[next] && scheduler.Legal(last, next) {
				seen[next] = true
				ways = append(ways, append(way[:len(way):len(way)], next))
			}
		}
	}
	return nil
}
