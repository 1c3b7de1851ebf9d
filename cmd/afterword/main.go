// Command afterword looks after the mail that follows a job interview: one
// thank-you for each interviewer, a follow-up after silence, and a stop the
// moment somebody answers.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"afterword/internal/clock"
	"afterword/internal/config"
)

// The exit codes of DESIGN section 8.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2 // wrong usage, or a config.yaml that cannot be read
	exitWaiting = 3 // something waits for the user
)

func main() {
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

// run is the whole program with its surroundings as arguments.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot(&program{in: stdin, out: stdout, err: stderr, clock: &clock.Running{}})
	root.SetArgs(args)
	return finish(stderr, root.ExecuteContext(ctx))
}

// finish explains how a command ended and chooses the exit code.
func finish(stderr io.Writer, err error) int {
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errWaiting):
		return exitWaiting
	}
	explain(stderr, err)
	var problems config.Problems
	if u := (usageError{}); errors.As(err, &u) || strings.Contains(err.Error(), "flags in the group") || errors.As(err, &problems) || errors.Is(err, errConfig) {
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
	fmt.Fprintf(w, "afterword: %v\n", err)
	if h := hinter(nil); errors.As(err, &h) && h.Hint() != "" {
		fmt.Fprintf(w, "hint: %s\n", h.Hint())
	}
}

// newRoot builds the command tree.
func newRoot(p *program) *cobra.Command {
	root := &cobra.Command{
		Use:           "afterword",
		Short:         "Looks after the mail that follows a job interview",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          usage(cobra.NoArgs),
		RunE:          p.today,
	}
	root.SetIn(p.in)
	root.SetOut(p.out)
	root.SetErr(p.err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.PersistentFlags().StringVar(&p.configPath, "config", p.configPath, "config.yaml to use (default: ./config.yaml, then the user's config folder)")
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(p.demoCommand(), p.planCommand(), p.previewCommand(), p.proofreadCommand(), p.classifyCommand(),
		p.runCommand(), p.checkCommand(), p.statusCommand(), p.whyCommand(), p.eventsCommand())
	root.AddCommand(p.reviewCommands()...)
	root.AddCommand(p.holdCommands()...)
	return root
}

// usage makes a wrong number of arguments an error of usage.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{fmt.Errorf("%w (usage: %s)", err, cmd.UseLine())}
		}
		return nil
	}
}
