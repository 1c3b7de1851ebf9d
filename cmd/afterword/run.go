package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"afterword/internal/config"
	"afterword/internal/ledger"
	"afterword/internal/profile"
	"afterword/internal/store/sqlite"
	"afterword/internal/watch"
	"afterword/scheduler"
)

func (p *program) runCommand() *cobra.Command {
	var how runFlags
	c := &cobra.Command{
		Use:   "run [--once]",
		Short: "Runs the daemon: sends what is due, watches for replies, until it is stopped",
		Args:  usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := p.run(cmd.Context(), how)
			if cmd.Context().Err() != nil && errors.Is(err, context.Canceled) {
				return nil // a stop while it starts is a clean stop too
			}
			return err
		},
	}
	c.Flags().BoolVar(&how.once, "once", false, "read the mailbox once, send what is due, end; for cron. Exit code 3: something waits for you")
	c.Flags().StringVar(&how.level, "log-level", "info", "what is logged to standard error: debug, info, warn or error")
	return c
}

// runFlags say how the daemon is to run.
type runFlags struct {
	once  bool
	level string
}

// run is the daemon in the foreground. SIGTERM or Ctrl-C ends ctx.
func (p *program) run(ctx context.Context, how runFlags) (err error) {
	level, err := levelOf(how.level)
	if err != nil {
		return err
	}
	// The config is checked before the profile is touched: nothing starts on a
	// bad one.
	cfg, err := p.loadConfig()
	if err != nil {
		return err
	}
	unlock, err := profile.Lock(cfg.StatePath)
	if errors.Is(err, profile.ErrHeld) {
		err = hinted{err, "one is enough: `afterword status` shows what it does, `afterword page` its page; to run it here, stop the other first"}
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	id, closeLedger, err := openIdentity(cfg.StatePath)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeLedger()) }()
	h, err := openWithSpare(ctx, cfg.Path, outside{clock: p.clock}, id.spare)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	if err := h.sound(ctx); err != nil {
		return err
	}
	h.once = how.once
	log, reading := p.runLog(level)
	h.outside.reading = reading
	if how.once {
		h.outside.watcher = unwatched{}
		if err := h.work(ctx, log, id, nil); err != nil {
			return err
		}
		return p.onceDone(ctx, h)
	}
	log.Info("afterword runs", "config", cfg.Path, "state", cfg.StatePath)
	err = p.serve(ctx, h, log, id)
	log.Info("afterword stops")
	return err
}

// unwatched is a watcher that never reports: a daemon that looks once reads the
// files as it begins.
type unwatched struct{}

func (unwatched) Files() <-chan struct{} { return nil }
func (unwatched) Store() <-chan struct{} { return nil }

// serve runs the daemon with all that goes with it: the watcher of files, the
// page, the service manager.
func (p *program) serve(ctx context.Context, h *house, log *slog.Logger, id identity) error {
	system, err := systemd()
	if err != nil {
		return err
	}
	watcher, err := watch.New(watchedFolders(h.config), h.kindOf)
	if err != nil {
		return err
	}
	h.outside.watcher, h.between = watcher, make(chan func(identity))
	if p.giveBack != nil {
		resting := startResting(ctx, p.clock, log, p.giveBack)
		defer resting()
	}
	err = h.watchedBySystemd(ctx, log, system, func() error {
		return h.withPage(ctx, log, p.out, func() error {
			return h.work(ctx, log, id, func(c *config.Config) error { return watcher.Add(watchedFolders(c)) })
		})
	})
	return errors.Join(err, watcher.Close())
}

// openWithSpare opens the profile even if the disk is too full to open the store: the
// reserved space is freed for it. The daemon sends nothing before that space is reserved
// again.
func openWithSpare(ctx context.Context, path string, out outside, spare func()) (*house, error) {
	h, err := openHouse(ctx, path, out, true)
	if errors.Is(err, scheduler.ErrStoreFailed) && !errors.Is(err, sqlite.ErrDamaged) {
		spare()
		h, err = openHouse(ctx, path, out, true)
	}
	return h, err
}

// sound reads the whole store once, so that damage anywhere in it is found before
// anything depends on it. Opening it would find only damage at its beginning or end.
func (h *house) sound(ctx context.Context) error {
	if db, ok := h.store.(*sqlite.Store); ok {
		return db.Check(ctx)
	}
	return nil
}

// openIdentity reads the secret, the ledger and the name of the machine.
func openIdentity(state string) (identity, func() error, error) {
	secret, err := profile.Secret(state, ledger.Path(state))
	if err != nil {
		return identity{}, nil, err
	}
	book, err := ledger.Open(ledger.Path(state), secret)
	if err != nil {
		return identity{}, nil, err
	}
	return identity{secret: secret, ledger: book, machine: profile.Machine(state),
		spare: func() { profile.FreeSpare(state) }, keepSpare: func() error { return profile.Spare(state) }}, book.Close, nil
}

// watchedFolders are those that hold the user's files, the store and the
// password files.
func watchedFolders(c *config.Config) []string {
	folders := []string{folderOf(c.Path), c.InterviewsDir, c.TemplatesDir, filepath.Dir(c.StatePath), folderOf(c.WordsPath)}
	for _, path := range passwordFiles(c) {
		folders = append(folders, folderOf(path))
	}
	return folders
}

func folderOf(path string) string { return filepath.Dir(path) }

// kindOf tells events of the user's files from those of the store, and drops events that
// mean nothing: a password file may be in a busy folder.
func (h *house) kindOf(path string) watch.Kind {
	c := h.world.files.Config()
	base, state := filepath.Base(path), filepath.Base(c.StatePath)
	switch {
	case base == state+"-wal" || base == state:
		return watch.Store
	case strings.HasPrefix(base, state):
		return watch.Nothing
	case isOneOf(folderOf(path), folderOf(c.Path), c.InterviewsDir, c.TemplatesDir),
		isOneOf(path, c.InterviewsDir, c.TemplatesDir, c.WordsPath), isOneOf(path, passwordFiles(c)...):
		return watch.File
	}
	return watch.Nothing
}

func isOneOf(path string, paths ...string) bool {
	return slices.ContainsFunc(paths, func(p string) bool { return absolute(p) == absolute(path) })
}

func absolute(path string) string {
	if a, err := filepath.Abs(path); err == nil {
		return a
	}
	return path
}

// runLog is the log of the daemon. On a terminal a line below it shows how far
// the first reading of the mailbox has come, which may take minutes.
func (p *program) runLog(level slog.Level) (*slog.Logger, func(read, left int, ended bool)) {
	f, there := terminalOf(p.err)
	if !there {
		return newLog(p.err, level), nil
	}
	s := &shared{out: f, meter: p.progress("reading the mailbox")}
	return slog.New(slog.NewTextHandler(s, &slog.HandlerOptions{Level: level})), s.reading
}

// newLog writes text on a terminal and JSON elsewhere. It carries keys and
// states, never names, texts or secrets.
func newLog(w io.Writer, level slog.Level) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return slog.New(slog.NewTextHandler(w, options))
		}
	}
	return slog.New(slog.NewJSONHandler(w, options))
}

// mostText bounds what is read of one file or of standard input.
const mostText = 64 << 20

// readAll reads a file, or standard input for "-".
func (p *program) readAll(path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(io.LimitReader(p.in, mostText))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, mostText))
}
