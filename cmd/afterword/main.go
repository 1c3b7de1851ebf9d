// Command afterword looks after the mail that follows a job interview: one
// thank-you for each interviewer, a follow-up after silence, and a stop the
// moment somebody answers.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"afterword/internal/clock"
	"afterword/internal/config"
	"afterword/internal/store/sqlite"
	"afterword/scheduler"
	"afterword/templates"
)

// The exit codes of DESIGN section 8.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2 // wrong usage, or a config.yaml that cannot be read
	exitWaiting = 3 // something waits for the user
)

// gcPercent makes the garbage collector run more often than Go's default. The daemon
// runs for months and nearly always waits: a few MiB of the user's memory are worth more
// than the time.
const gcPercent = 25

func main() {
	debug.SetGCPercent(gcPercent)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// errWaiting ends a command that did its work and found something that waits
// for the user.
var errWaiting = errors.New("something waits for you")

// usageError is a command line that cannot be understood.
type usageError struct{ error }

// Unwrap gives the cause.
func (u usageError) Unwrap() error { return u.error }

// hinter is an error that knows what to do about it.
type hinter interface{ Hint() string }

// run is the whole program, with its environment as arguments.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{in: stdin, out: stdout, err: stderr, clock: &clock.Running{}, giveBack: giveBack}
	if _, screen := terminalOf(stdout); screen {
		return finish(stderr, p.execute(ctx, args))
	}
	out := &output{Writer: stdout}
	p.out = out
	return finish(stderr, out.after(p.execute(ctx, args)))
}

// finish prints the error that a command ended with and returns the exit code.
func finish(stderr io.Writer, err error) int {
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errWaiting):
		return exitWaiting
	}
	explain(stderr, err)
	var problems config.Problems
	if u := (usageError{}); errors.As(err, &u) || errors.As(err, &problems) || errors.Is(err, errConfig) {
		return exitUsage
	}
	return exitFailed
}

// explain prints an error for a person: what happened, then what to do.
func explain(w io.Writer, err error) {
	var problems config.Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			fmt.Fprintf(w, "afterword: %s\n", p.Error())
			if p.Hint != "" {
				fmt.Fprintf(w, "hint: %s\n", p.Hint)
			}
		}
		return
	}
	var broken templates.Problems
	if errors.As(err, &broken) {
		for _, p := range broken {
			fmt.Fprintf(w, "afterword: %s\n", p.Error())
			if p.Hint() != "" {
				fmt.Fprintf(w, "hint: %s\n", p.Hint())
			}
		}
		return
	}
	fmt.Fprintf(w, "afterword: %v\n", err)
	if hint := hintOn(err); hint != "" {
		fmt.Fprintf(w, "hint: %s\n", hint)
	}
}

// hintOn says what to do about an error, "" if it does not know.
func hintOn(err error) string {
	h := hinter(nil)
	switch {
	case errors.As(err, &h):
		return h.Hint()
	case errors.Is(err, sqlite.ErrDamaged):
		return "keep the file, and put the latest backup in its place: `afterword restore FILE`; what was sent since then is asked about, not sent again"
	case errors.Is(err, sqlite.ErrNewer):
		return "update afterword, or put a backup in its place that this version made: `afterword restore FILE`"
	case errors.Is(err, sqlite.ErrForeign):
		return "look at `state` in config.yaml: it names a file that afterword did not make, and that it leaves alone"
	case errors.Is(err, syscall.ENOSPC):
		return "make room on the disk, then try again; nothing is sent until then"
	case errors.Is(err, syscall.EROFS):
		return "the disk is read-only, and what the program does must be written down; nothing is sent until it can be"
	case errors.Is(err, fs.ErrPermission):
		return "whoever runs afterword must be able to read and write there: look who owns the file and its folder"
	case errors.Is(err, scheduler.ErrStoreFailed):
		return "look whether the disk is full, read-only or failing (`afterword check` reads the store), then try again; nothing is sent until it can be written"
	}
	return ""
}

// newRoot builds the command tree.
func newRoot(p *program) *cobra.Command {
	root := &cobra.Command{
		Use:           "afterword",
		Short:         "Looks after the mail that follows a job interview",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          usage(cobra.NoArgs),
		RunE:          p.look(p.today),
		Version:       version(),
	}
	root.SetIn(p.in)
	root.SetOut(p.out)
	root.SetErr(p.err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usageError{hinted{err, "`" + c.CommandPath() + " --help` lists its flags"}}
	})
	root.PersistentFlags().StringVar(&p.configPath, "config", p.configPath, "config.yaml to use (default: ./config.yaml, then the user's config folder)")
	root.AddCommand(p.demoCommand(), p.rehearseCommand(), p.planCommand(), p.previewCommand(), p.proofreadCommand(), p.classifyCommand(),
		p.runCommand(), p.pageCommand(), p.initCommand(), p.checkCommand(), p.statusCommand(), p.whyCommand(), p.eventsCommand())
	root.AddCommand(p.reviewCommands()...)
	root.AddCommand(p.holdCommands()...)
	root.AddCommand(p.fileCommands()...)
	root.AddCommand(p.templatesCommand(), p.backupCommand(), p.restoreCommand(), p.exportCommand(), p.forgetCommand(), p.serviceCommand())
	root.AddCommand(p.docsCommand())
	withExamples(root)
	p.withCompletion(root)
	return root
}

// version is what `--version` prints, for bug reports: the module's version and commit,
// if the build recorded them, and Go's version.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "of an unknown build"
	}
	words := []string{info.Main.Version}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			words = append(words, "commit "+s.Value)
		}
	}
	return strings.Join(append(words, info.GoVersion), ", ")
}
