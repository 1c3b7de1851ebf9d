package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"afterword/internal/config"
	"afterword/internal/ledger"
	"afterword/internal/profile"
	providers "afterword/internal/provider"
	"afterword/internal/store/sqlite"
	"afterword/mailer"
	"afterword/scheduler"
)

func (p *program) checkCommand() *cobra.Command {
	send := false
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Looks whether everything is in place: files, templates, store, both logins, ways to tell you; sends nothing, but for --notify",
		Args:  usage(cobra.NoArgs),
		RunE: p.with(false, func(cmd *cobra.Command, _ []string, h *house) error {
			c := &checklist{p: p}
			c.files(h)
			c.store(cmd.Context(), h)
			c.note("secret", "what marks your mails is there, or made with the store", lostSecret(h), "without it nobody could tell what was sent, so nothing is")
			c.smtp(cmd.Context(), h)
			c.mailboxes(cmd.Context(), h)
			c.channels(cmd.Context(), h, send)
			c.waiting(cmd.Context(), h)
			if c.failed > 0 {
				return fmt.Errorf("checking: %d of %d things are not in place", c.failed, c.looked)
			}
			return nil
		}),
	}
	notifyFlag(cmd, &send)
	return cmd
}

// checklist prints one line for each thing.
type checklist struct {
	p              *program
	looked, failed int
}

// note prints a thing that is in place, or what is wrong with it and what to do.
func (c *checklist) note(what, found string, err error, hint string) {
	c.looked++
	if err == nil {
		fmt.Fprintf(c.p.out, "✓ %s: %s\n", what, found)
		return
	}
	c.failed++
	fmt.Fprintf(c.p.out, "✗ %s: %v\n", what, err)
	if hint != "" {
		fmt.Fprintf(c.p.out, "    hint: %s\n", hint)
	}
}

// files looks at what the user states. The config was read on the way here.
func (c *checklist) files(h *house) {
	c.note("config", h.config.Path, nil, "")
	policy, apps, err := h.world.Read()
	if err == nil && policy.Broken != "" {
		err = errors.New(policy.Broken)
	}
	var bad []string
	for _, a := range apps {
		if a.Broken != "" {
			words := a.Broken // also of what only the folder shows: one application in two files
			if _, problems := config.LoadInterview(a.File, policy); problems != nil {
				words = strings.ReplaceAll(problems.Error(), "\n", "\n    ")
			}
			bad = append(bad, words)
		}
	}
	if err == nil && len(bad) > 0 {
		err = errors.New(strings.Join(bad, "\n    "))
	}
	c.note("interviews", countOf(len(apps), "application")+" in "+h.config.InterviewsDir, err, "the other applications go on meanwhile")
	for n := range apps {
		for _, words := range scheduler.WithoutLead(&policy, &apps[n]) {
			c.tell("%s; mark one with `lead: true` if you want", words)
		}
	}
	c.note("templates", strings.Join(h.world.current().Names(), ", "), nil, "")
}

// store looks at the database, if there is one yet.
func (c *checklist) store(ctx context.Context, h *house) {
	db, ok := h.store.(*sqlite.Store)
	if !ok {
		err := writable(filepath.Dir(h.config.StatePath))
		c.note("store", "none yet; `afterword run` makes "+h.config.StatePath, err, hintOn(err))
		return
	}
	err := errors.Join(db.Check(ctx), writable(filepath.Dir(h.config.StatePath)))
	c.note("store", h.config.StatePath+" is sound", err, hintOn(err))
	c.kept(h.config)
}

// writable says why no file can be made in a folder, nil where one can: the store needs
// several beside it. A folder that is not there yet is made in the next one above.
func writable(folder string) error {
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) && filepath.Dir(folder) != folder {
		return writable(filepath.Dir(folder))
	}
	f, err := os.CreateTemp(folder, ".afterword-check-*.tmp")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// kept tells of what restorations have set aside: it holds mails and names, and
// nobody else would ever delete it.
func (c *checklist) kept(cfg *config.Config) {
	files, bytes := 0, int64(0)
	for _, place := range []string{cfg.StatePath, cfg.Path, cfg.WordsPath, filepath.Join(cfg.InterviewsDir, "*"), filepath.Join(cfg.TemplatesDir, "*")} {
		found, _ := filepath.Glob(place + "*.before-restore-*") // the only error is that of a pattern
		for _, path := range found {
			if info, err := os.Stat(path); err == nil {
				files, bytes = files+1, bytes+info.Size()
			}
		}
	}
	if files > 0 {
		c.note("kept", fmt.Sprintf("%s of before a restore, %d KB, with names that hold .before-restore-; delete them once all is well, they hold your mails", countOf(files, "file"), (bytes+1023)/1024), nil, "")
	}
}

// lostSecret says that the profile's secret is gone.
func lostSecret(h *house) error {
	return profile.Lost(h.config.StatePath, ledger.Path(h.config.StatePath))
}

// patienceWithServers bounds one look at a server.
const patienceWithServers = 30 * time.Second

func (c *checklist) smtp(ctx context.Context, h *house) {
	ctx, cancel := context.WithTimeout(ctx, patienceWithServers)
	defer cancel()
	server, err := h.server()
	found := ""
	if err == nil {
		able, probeErr := server.Probe(ctx)
		found, err = fmt.Sprintf("%s:%d, %s, logged in", h.config.Account.SMTP.Host, h.config.Account.SMTP.Port, either(able.TLSVersion, "in the clear")), probeErr
		if able.MaxSize > 0 {
			found += fmt.Sprintf(", mails up to %d MB", able.MaxSize>>20)
		}
	}
	c.note("sending", found, err, adviceTo(h.config.Account, err, "smtp"))
}

func missing(there bool, words string) error {
	if there {
		return nil
	}
	return errors.New(words)
}

// adviceTo says what to do about a server of an account, with what is known of
// its provider.
func adviceTo(a config.Account, err error, protocol string) string {
	if err != nil && errors.Is(err, mailer.ErrLoginRefused) && !errors.As(err, new(hinter)) { // the server's own words, not those of who grants access
		if words := providers.Advice(a.Provider, err.Error()); words != "" {
			return words
		}
	}
	if err != nil && a.Name != "" {
		err = fmt.Errorf("%s%s: %w", watchedPrefix, a.Name, err)
	}
	return adviceFor(err, protocol)
}

func adviceFor(err error, protocol string) string {
	if err == nil {
		return ""
	}
	if h := hinter(nil); errors.As(err, &h) {
		return h.Hint()
	}
	return onceOnly(adviceOn(err.Error(), protocol))
}

// onceOnly is advice where nobody tries again but the user.
func onceOnly(advice string) string {
	return strings.Replace(strings.TrimSuffix(advice, "; "+triedAgain), triedAgain, "try again later", 1)
}

const adviceOnClock = "let the system set it by network time; mail leaves by this clock"

// waiting looks at what needs the user.
func (c *checklist) waiting(ctx context.Context, h *house) {
	st, err := h.service.StatusNow(ctx)
	if err != nil {
		c.note("status", "", err, "")
		return
	}
	n := len(st.Waiting()) + len(st.Questions)
	found := "nothing"
	if n > 0 {
		found = countOf(n, "thing") + "; `afterword` names " + map[bool]string{true: "it", false: "them"}[n == 1]
	}
	c.note("waits for you", found, nil, "")
	c.debriefs(h)
	if _, ok := h.store.(scheduler.NoStore); !ok {
		c.note("mail to yourself", st.Probe, nil, "")
		var wrong error
		if st.Clock != "" {
			wrong = errors.New(st.Clock)
		}
		c.note("clock", "nothing that the mail server said speaks against it", wrong, adviceOnClock)
	}
}

// debriefs names the interviews that were held and never debriefed: what was
// said there is soon forgotten. None is a fault.
func (c *checklist) debriefs(h *house) {
	_, apps, err := h.world.Read()
	if err != nil {
		return // the files above say so
	}
	var missing []string
	for _, a := range apps {
		for _, i := range a.Interviews {
			if over := i.End().Before(h.clock.Now()); over && i.Status != scheduler.InterviewCancelled && i.Debrief.Empty() && a.Broken == "" && !a.Status.Over() {
				missing = append(missing, fmt.Sprintf("afterword debrief %s --round %s", scheduler.ShellWord(a.Stem), scheduler.ShellWord(i.ID)))
			}
		}
	}
	found := "every interview that took place has one"
	if len(missing) > 0 {
		found = countOf(len(missing), "interview") + " without one"
	}
	c.note("debriefs", found, nil, "")
	for _, m := range missing {
		c.tell("%s", m)
	}
}
