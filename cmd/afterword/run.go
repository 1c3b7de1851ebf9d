package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"afterword/internal/config"
	"afterword/internal/ledger"
	"afterword/internal/profile"
	"afterword/internal/watch"
	"afterword/mailer"
	"afterword/scheduler"
	"afterword/templates/proofread"
)

func (p *program) runCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "run",
		Short: "Runs the daemon: sends what is due, watches for replies, until it is stopped",
		Args:  usage(cobra.NoArgs),
		RunE:  func(cmd *cobra.Command, _ []string) error { return p.run(cmd.Context()) },
	}
}

// run is the daemon in the foreground. SIGTERM or Ctrl-C ends ctx.
func (p *program) run(ctx context.Context) (err error) {
	path, err := p.findConfig()
	if err != nil {
		return err
	}
	// The config is checked before the profile is touched: nothing starts on a
	// bad one.
	cfg, err := config.Load(path, p.clock.Now())
	if err != nil {
		return fmt.Errorf("%w: %w", errConfig, err)
	}
	unlock, err := profile.Lock(cfg.StatePath)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	id, closeLedger, err := openIdentity(cfg.StatePath)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeLedger()) }()
	watcher, err := watch.New(watchedFolders(cfg), kindOf(cfg))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, watcher.Close()) }()
	h, err := openHouse(ctx, path, outside{clock: p.clock, watcher: watcher}, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	log := newLog(p.err)
	d, err := h.daemon(log, id)
	if err != nil {
		return err
	}
	log.Info("afterword runs", "config", path, "state", cfg.StatePath)
	err = d.Run(ctx)
	d.Sender.Rest()
	err = errors.Join(err, d.Mailbox.Close())
	for _, box := range d.Watched {
		err = errors.Join(err, box.Close())
	}
	log.Info("afterword stops")
	return err
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
	spare, err := profile.Spare(state)
	if err != nil {
		return identity{}, nil, errors.Join(err, book.Close())
	}
	keepSpare := func() error {
		_, err := profile.Spare(state)
		return err
	}
	return identity{secret: secret, ledger: book, machine: profile.Machine(state), spare: spare, keepSpare: keepSpare}, book.Close, nil
}

// watchedFolders are those that hold the user's files and the store.
func watchedFolders(c *config.Config) []string {
	return []string{folderOf(c.Path), c.InterviewsDir, c.TemplatesDir, filepath.Dir(c.StatePath)}
}

func folderOf(path string) string { return filepath.Dir(path) }

// kindOf tells the user's files from the store, and leaves out what changes all
// the time without meaning anything.
func kindOf(c *config.Config) func(string) watch.Kind {
	state := filepath.Base(c.StatePath)
	return func(path string) watch.Kind {
		base := filepath.Base(path)
		switch {
		case base == state+"-wal" || base == state:
			return watch.Store
		case strings.HasPrefix(base, state):
			return watch.Nothing
		}
		return watch.File
	}
}

// newLog writes text on a terminal and JSON elsewhere. It carries keys and
// states, never names, texts or secrets.
func newLog(w io.Writer) *slog.Logger {
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return slog.New(slog.NewTextHandler(w, nil))
		}
	}
	return slog.New(slog.NewJSONHandler(w, nil))
}

func (p *program) proofreadCommand() *cobra.Command {
	var asJSON bool
	var kind string
	c := &cobra.Command{
		Use:   "proofread FILE|- [--kind thank-you|follow-up] [--json]",
		Short: "Checks a text the way a mail is checked before it leaves; needs no account",
		Args:  usage(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			if kind != string(scheduler.Owed) && kind != string(scheduler.Asking) {
				return usageError{fmt.Errorf("reading --kind: found %q, expected thank-you or follow-up", kind)}
			}
			text, err := p.readAll(args[0])
			if err != nil {
				return err
			}
			found := proofread.Text(string(text), scheduler.Kind(kind))
			if asJSON {
				if found == nil {
					found = []scheduler.Finding{}
				}
				return printJSON(p.out, found)
			}
			printFindings(p.out, found, "")
			if len(found) == 0 {
				fmt.Fprintln(p.out, "Nothing to say against it.")
				return nil
			}
			return errWaiting
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON for a script")
	c.Flags().StringVar(&kind, "kind", string(scheduler.Owed), "what the text is: thank-you or follow-up")
	return c
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

// classifyJSON is the contract of `classify` (DESIGN section 8).
type classifyJSON struct {
	Path       string   `json:"path"`
	Kind       string   `json:"kind"`
	Class      *string  `json:"class"`
	Status     *string  `json:"status"`
	Failed     []string `json:"failed"`
	OriginalID *string  `json:"original_message_id"`
	InReplyTo  *string  `json:"in_reply_to"`
	ReturnDate *string  `json:"return_date"`
	Evidence   []string `json:"evidence"`
}

func (p *program) classifyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "classify [FILE|DIR|-]...",
		Short: "Shows how raw messages would be read, and on what evidence; one line of JSON each",
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = []string{"-"}
			}
			for _, a := range args {
				if err := p.classifyPath(a); err != nil {
					return err
				}
			}
			return nil
		},
	}
	c.Flags().Bool("json", true, "JSON is the only form")
	return c
}

func (p *program) classifyPath(path string) error {
	info, err := os.Stat(path)
	if path == "-" || (err == nil && !info.IsDir()) {
		return p.classifyOne(path)
	}
	if err != nil {
		return err
	}
	return filepath.WalkDir(path, func(name string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return p.classifyOne(name)
	})
}

func (p *program) classifyOne(path string) error {
	raw, err := p.readAll(path)
	if err != nil {
		return err
	}
	header, body := mailer.Split(raw)
	m := mailer.Parse(header, body)
	r := mailer.Classify(m)
	j := classifyJSON{Path: path, Kind: string(r.Kind), Class: optional(string(r.Class)), Status: optional(r.Status),
		Failed: append([]string{}, r.Failed...), OriginalID: optional(r.OriginalID), Evidence: append([]string{}, r.Evidence...)}
	if len(m.InReplyTo) > 0 {
		j.InReplyTo = optional(m.InReplyTo[0])
	}
	if !r.ReturnDate.IsZero() {
		j.ReturnDate = optional(r.ReturnDate.Format("2006-01-02"))
	}
	return printLine(p.out, j)
}
