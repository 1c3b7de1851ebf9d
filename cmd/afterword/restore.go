package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"afterword/internal/archive"
	"afterword/internal/config"
	"afterword/internal/ledger"
	"afterword/internal/profile"
	"afterword/internal/store/sqlite"
	"afterword/scheduler"
)

func (p *program) restoreCommand() *cobra.Command {
	force := false
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Puts a backup back; what was sent since is found in the ledger and the Sent folder, not sent again",
		Args:  usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			r := &restoring{program: p, force: force, at: p.clock.Now()}
			if err := r.run(cmd.Context(), args[0]); err != nil {
				return fmt.Errorf("restoring: %w", err)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&force, "force", false, "replace what is there; it is kept under other names, and the ledger is joined")
	return c
}

// restoring is one restoration under way.
type restoring struct {
	*program
	force  bool
	backup string // its path, as the user gave it
	at     time.Time
	folder string // where the backup was unpacked
	m      archive.Manifest
	target *config.Config // of the backup, in its place
	same   bool           // the secret in place is that of the backup, or lost
	sure   bool           // the ledger in place knows what left since the backup
	aside  []string       // what was there, under its new names
	parts  []placed       // the files of the backup beside their places, config.yaml last
}

// run puts a backup back. Until all of it was read, compared and made ready
// nothing in its place changes; then config.yaml goes first and comes last, so
// that no daemon starts on what is half there.
func (r *restoring) run(ctx context.Context, path string) error {
	r.backup = path
	if err := sizes(path); err != nil {
		return mayBeDamaged(err)
	}
	place, err := r.place(path)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
		return err
	}
	if r.folder, err = os.MkdirTemp(filepath.Dir(place), ".afterword-restore-*"); err != nil { // mode 0700
		return err
	}
	defer os.RemoveAll(r.folder)
	if r.m, err = archive.Extract(path, r.folder); err != nil {
		return mayBeDamaged(err)
	}
	text, err := os.ReadFile(r.kept(keptConfig))
	if err != nil {
		return fmt.Errorf("%w: it holds no config.yaml", archive.ErrDamaged)
	}
	if r.target, err = config.Parse(place, text, r.at); err != nil {
		return err
	}
	unlock, err := r.lock(place)
	if err != nil {
		return err
	}
	return errors.Join(r.replace(ctx), unlock())
}

// mostOfAFile bounds what is unpacked of a file that a user writes: a few bytes of a backup by
// a stranger could fill the disk.
const mostOfAFile = 16 << 20

// sizes refuses a backup with a file that is too large before anything is unpacked. The
// store and the ledger are as large as they are.
func sizes(path string) error {
	m, err := archive.Read(path)
	if err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	for _, f := range m.Files {
		if f.Size > mostOfAFile && f.Name != keptStore && f.Name != keptLedger {
			return fmt.Errorf("%w: it names a file %q of %d MB", archive.ErrDamaged, f.Name, f.Size>>20)
		}
	}
	return nil
}

// place is where config.yaml of the backup belongs: where one is used now, else
// where it was on this machine, else the user's folder for such files.
func (r *restoring) place(path string) (string, error) {
	if r.configPath != "" {
		return filepath.Abs(r.configPath)
	}
	if found, err := r.findConfig(); err == nil {
		return filepath.Abs(found)
	}
	m, err := archive.Read(path)
	if err != nil {
		return "", mayBeDamaged(err)
	}
	if info, err := os.Stat(filepath.Dir(m.Config)); err == nil && info.IsDir() {
		return m.Config, nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", hinted{err, "say where config.yaml belongs: --config FILE"}
	}
	return filepath.Join(dir, "afterword", "config.yaml"), nil
}

// mayBeDamaged says what to do about a backup that cannot be used.
func mayBeDamaged(err error) error {
	switch {
	case errors.Is(err, archive.ErrDamaged):
		return hinted{err, "take an older backup; nothing was changed"}
	case errors.Is(err, archive.ErrForeign):
		return hinted{err, "name a file that `afterword backup` made; nothing was changed"}
	case errors.Is(err, archive.ErrNewer), errors.Is(err, sqlite.ErrNewer):
		return hinted{err, "use the version of afterword that made it, or a newer one; nothing was changed"}
	}
	return err
}

// lock keeps daemons away from the store that is put back and, where another
// config.yaml is in place, from its store.
func (r *restoring) lock(place string) (func() error, error) {
	states := []string{r.target.StatePath}
	if now, err := config.Load(place, r.at); err == nil && now.StatePath != r.target.StatePath {
		states = append(states, now.StatePath)
	}
	var locks []func() error
	release := func() (err error) {
		for _, unlock := range locks {
			err = errors.Join(err, unlock())
		}
		return err
	}
	for _, state := range states {
		unlock, err := profile.Lock(state)
		if errors.Is(err, profile.ErrHeld) {
			err = hinted{err, "stop it first (Ctrl-C, or systemctl --user stop afterword); nothing was changed"}
		}
		if err != nil {
			return nil, errors.Join(err, release())
		}
		locks = append(locks, unlock)
	}
	return release, nil
}

// kept is where a file of the backup was unpacked to.
func (r *restoring) kept(name string) string {
	return filepath.Join(r.folder, filepath.FromSlash(name))
}

// replace does the work, the profile being nobody else's.
func (r *restoring) replace(ctx context.Context) error {
	there, err := r.there()
	if err != nil {
		return err
	}
	if err := r.consent(there); err != nil {
		return err
	}
	if err := r.joinLedgers(); err != nil {
		return err
	}
	done, err := r.ready(ctx)
	if err != nil {
		return mayBeDamaged(err)
	}
	if err := r.swap(there); err != nil {
		return err
	}
	r.tell(done)
	return nil
}

// there lists what the backup would replace: all that a backup of the profile in
// place would hold, and the store's log, which must not meet another store. The
// first is config.yaml.
func (r *restoring) there() (paths []string, err error) {
	names, err := userFiles(r.target)
	if err != nil {
		return nil, err
	}
	for _, name := range append(names, keptStore, keptSecret, keptLedger) {
		paths = append(paths, placeOf(r.target, name))
	}
	paths = append(paths, r.target.StatePath+"-wal", r.target.StatePath+"-shm")
	var found []string
	for _, path := range paths {
		_, err := os.Lstat(path)
		if err == nil {
			found = append(found, path)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return found, nil
}

// consent refuses what only --force may do. Both are told at once: whoever says --force to the
// one has said it to the other.
func (r *restoring) consent(there []string) error {
	away := r.away()
	if r.force || len(there)+len(away) == 0 {
		return nil
	}
	var what, hints []string
	if len(there) > 0 {
		what = append(what, countOf(len(there), "file")+" would be replaced: "+someOf(there))
		hints = append(hints, "keeps them under other names")
	}
	if len(away) > 0 {
		what = append(what, fmt.Sprintf("its config.yaml puts %s outside %s: %s", countOf(len(away), "file"), filepath.Dir(r.target.Path), someOf(away)))
		hints = append(hints, "writes outside that folder, which is for a backup of your own: one of somebody else could so write anywhere")
	}
	return hinted{errors.New(strings.Join(what, "; ")),
		"`afterword restore " + scheduler.ShellWord(r.backup) + " --force` " + strings.Join(hints, ", and ") + "; nothing was changed"}
}

// away lists what the backup would put outside the folder of config.yaml, other than where
// the config.yaml in place has it already.
func (r *restoring) away() (paths []string) {
	now, err := config.Load(r.target.Path, r.at)
	folder := filepath.Dir(r.target.Path)
	actual, linked := filepath.EvalSymlinks(folder) // where the folder is a link, config.yaml may name what it leads to
	for _, f := range r.m.Files {
		to := placeOf(r.target, f.Name)
		if to == "" || isBelow(folder, to) || linked == nil && isBelow(actual, to) || err == nil && placeOf(now, f.Name) == to {
			continue
		}
		paths = append(paths, to)
	}
	return paths
}

func isBelow(folder, path string) bool {
	below, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(below)
}

// joinLedgers makes the unpacked ledger one that knows what either knows, and
// tells where both together may not know all.
func (r *restoring) joinLedgers() error {
	here, lost, err := readIfThere(ledger.Path(r.target.StatePath))
	if err != nil {
		return err
	}
	ours, noSecret, err := readIfThere(r.target.StatePath + ".secret")
	if err != nil {
		return err
	}
	theirs, none, err := readIfThere(r.kept(keptSecret))
	if err != nil || none && noSecret {
		return err // of a profile that never ran
	}
	backup, _, err := readIfThere(r.kept(keptLedger))
	if err != nil {
		return err
	}
	r.same = noSecret || bytes.Equal(bytes.TrimSpace(ours), bytes.TrimSpace(theirs))
	if !r.same {
		here = nil // the lines of another profile mean nothing in this one
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(theirs)))
	if err != nil {
		return fmt.Errorf("%w: its secret cannot be read", archive.ErrDamaged)
	}
	joined, complete := ledger.Merge(here, backup, secret)
	r.sure = complete && r.same && !lost && r.m.Machine == profile.Machine(r.target.StatePath)
	if !r.sure {
		joined = ledger.Gap(joined, secret, r.at)
	}
	return os.WriteFile(r.kept(keptLedger), joined, 0o600)
}

// readIfThere reads a file that may be missing.
func readIfThere(path string) (text []byte, missing bool, err error) {
	text, err = os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, true, nil
	}
	return text, false, err
}

// ready makes the unpacked store fit for the present. A backup of a profile that
// never ran has none.
func (r *restoring) ready(ctx context.Context) (done scheduler.Restored, err error) {
	path := r.kept(keptStore)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return done, nil
	}
	db, err := sqlite.Open(ctx, path)
	if err != nil {
		return done, err
	}
	if err = db.Check(ctx); err == nil {
		s := &scheduler.Service{Store: db, Clock: r.clock}
		done, err = s.Restored(ctx, r.m.Made, r.sure)
	}
	return done, errors.Join(err, db.Close())
}

// placed is a file of the backup that lies beside its place.
type placed struct{ part, path string }

// swap moves aside what is there and puts the backup in its place. Before
// anything is moved, all that needs room on a disk is done.
func (r *restoring) swap(there []string) error {
	m := &made{}
	if err := r.stage(m); err != nil {
		m.undo()
		return fmt.Errorf("%w; nothing was changed", err)
	}
	if err := r.moveAside(there); err != nil {
		m.undo()
		return fmt.Errorf("%w; nothing was changed", err)
	}
	for _, one := range r.parts {
		if err := errors.Join(os.Rename(one.part, one.path), syncFolder(filepath.Dir(one.path))); err != nil {
			return r.halfway(err)
		}
	}
	return nil
}

// stage lays every file of the backup beside its place.
func (r *restoring) stage(m *made) error {
	names := []string{keptLedger, keptSecret}
	for _, f := range r.m.Files {
		if f.Name != keptConfig && !slices.Contains(names, f.Name) {
			names = append(names, f.Name)
		}
	}
	for _, name := range append(names, keptConfig) {
		to := placeOf(r.target, name)
		text, err := os.Open(r.kept(name))
		if errors.Is(err, fs.ErrNotExist) || to == "" {
			continue // not in this backup, or of another version
		}
		if err != nil {
			return err
		}
		part := ""
		if err = m.folder(filepath.Dir(to)); err == nil {
			part, err = writePart(to, text)
		}
		if err := errors.Join(err, text.Close()); err != nil {
			return err
		}
		m.paths = append(m.paths, part)
		r.parts = append(r.parts, placed{part, to})
	}
	return nil
}

// moveAside gives what is there other names, or leaves all of it as it is.
func (r *restoring) moveAside(there []string) error {
	ending := ".before-restore-" + r.at.UTC().Format("20060102T150405Z")
	for _, path := range there {
		if r.same && (path == ledger.Path(r.target.StatePath) || path == r.target.StatePath+".secret") {
			continue // its successor takes its name in one step: there is no moment without it
		}
		if err := os.Rename(path, path+ending); err != nil {
			for _, moved := range r.aside {
				err = errors.Join(err, os.Rename(moved, strings.TrimSuffix(moved, ending)))
			}
			return err
		}
		r.aside = append(r.aside, path+ending)
	}
	return nil
}

// halfway says what to do where a restoration broke off.
func (r *restoring) halfway(err error) error {
	return hinted{fmt.Errorf("it is half done: %w", err),
		"mend what is said above and restore again with --force; what was there is kept under names that end in .before-restore-..."}
}

// tell says what was put back, and what is to be done.
func (r *restoring) tell(done scheduler.Restored) {
	fmt.Fprintf(r.out, "restored the backup of %s to %s\n", clockTime(r.m.Made, r.target.Policy.Me.Zone.String(), r.at), filepath.Dir(r.target.Path))
	if len(r.aside) > 0 {
		fmt.Fprintf(r.out, "What was there is kept as %s\n", someOf(r.aside))
	}
	if r.sure {
		fmt.Fprintln(r.out, "The ledger knows what left since the backup; it is not sent again.")
	} else if _, err := os.Stat(r.target.StatePath); err == nil {
		fmt.Fprintln(r.out, "No ledger here knows what left since the backup: the Sent folder is read first, and mail about interviews of before waits for your approval.")
	}
	if done.Asked > 0 {
		fmt.Fprintf(r.out, "To be looked at once more: %s; afterword review\n", countOf(done.Asked, "mail"))
	}
	if done.Doubted > 0 {
		fmt.Fprintf(r.out, "In doubt, unless the Sent folder settles it: %s; afterword status\n", countOf(done.Doubted, "mail"))
	}
	if r.m.Machine != profile.Machine(r.target.StatePath) {
		fmt.Fprintln(r.out, "The backup comes from another machine or place: make sure that it runs there no more, then say: afterword adopt. Nothing is sent before.")
	}
	for _, a := range r.target.Accounts() {
		if len(a.Password.Command) > 0 {
			fmt.Fprintf(r.out, "For a password its config.yaml runs the command %q: look whether that is yours.\n", strings.Join(a.Password.Command, " "))
		}
	}
	for _, path := range passwordFiles(r.target) {
		if _, err := os.Stat(path); err != nil {
			fmt.Fprintf(r.out, "No backup holds a password; write it into %s (chmod 600).\n", path)
		}
	}
	fmt.Fprintln(r.out, "Next: afterword check, then afterword run.")
}

// someOf names the first of many.
func someOf(paths []string) string {
	const most = 3
	if len(paths) <= most {
		return strings.Join(paths, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(paths[:most], ", "), len(paths)-most)
}
