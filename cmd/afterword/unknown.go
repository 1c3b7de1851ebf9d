package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"afterword/internal/config"
)

// execute runs one command line.
func (p *program) execute(ctx context.Context, args []string) error {
	root := newRoot(p)
	root.SetArgs(args)
	if err := unknownWord(root, args); err != nil {
		return err
	}
	return flagsApart(root.ExecuteContext(ctx))
}

// flagsApart says in plain words which flags go together: the library calls
// them a group, in brackets and without dashes.
func flagsApart(err error) error {
	if err == nil || !strings.Contains(err.Error(), "flags in the group [") {
		return err
	}
	_, names, _ := strings.Cut(err.Error(), "[")
	names, _, _ = strings.Cut(names, "]")
	flags := "--" + strings.Join(strings.Fields(names), ", --")
	if strings.HasPrefix(err.Error(), "at least one") {
		return usageError{fmt.Errorf("one of %s must be said", flags)}
	}
	return usageError{fmt.Errorf("of %s only one can be said", flags)}
}

// usage makes a wrong number of arguments an error of usage, told by how many
// and with the line that is expected.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if check(cmd, args) == nil {
			return nil
		}
		if cmd.HasSubCommands() && len(args) > 0 {
			return noCommand(cmd, args[0])
		}
		hint := "usage: " + cmd.UseLine()
		for n := 1; n <= mostMissing; n++ {
			if check(cmd, append(slices.Clone(args), make([]string, n)...)) == nil {
				return usageError{hinted{fmt.Errorf("%s: %s missing", nameOf(cmd), areMissing(n)), hint}}
			}
		}
		fit := len(args)
		for fit > 0 && check(cmd, args[:fit]) != nil {
			fit--
		}
		if fit > 0 {
			hint += "; a text with blanks goes in quotes"
		}
		return usageError{hinted{fmt.Errorf("%s: %q is one argument too many", nameOf(cmd), args[fit]), hint}}
	}
}

// mostMissing is how many arguments a command may lack: none takes more.
const mostMissing = 4

func areMissing(n int) string {
	if n == 1 {
		return "1 argument is"
	}
	return fmt.Sprintf("%d arguments are", n)
}

// unknownWord refuses to help with a command that does not exist: the library
// would show the help of the command above it, as if all were well.
func unknownWord(root *cobra.Command, args []string) error {
	if len(args) > 1 && args[0] == "help" {
		args = append(slices.Clone(args[1:]), "--help")
	}
	c, rest, err := root.Find(args)
	if err != nil || !c.HasSubCommands() || !slices.ContainsFunc(rest, func(s string) bool { return s == "--help" || s == "-h" }) {
		return nil
	}
	word := firstOperand(c, rest)
	if word == "" {
		return nil
	}
	return noCommand(c, word)
}

// noCommand says that a command has none of that name below it, and which it has
// that look alike.
func noCommand(c *cobra.Command, word string) error {
	hint := "`" + c.CommandPath() + " --help` lists the commands"
	c.SuggestionsMinimumDistance = 2 // the library sets it only where it suggests by itself
	near := c.SuggestionsFor(word)
	if !c.HasParent() && config.DidYouMean(word, []string{"help"}) != "" { // which the library leaves out
		near = append([]string{"help"}, near...)
	}
	if len(near) > 0 {
		hint = "did you mean " + strings.Join(near, " or ") + "?"
	}
	return usageError{hinted{fmt.Errorf("there is no command %q", strings.TrimSpace(nameOf(c)+" "+word)), hint}}
}

// firstOperand is the first word that is neither a flag nor its value.
func firstOperand(c *cobra.Command, args []string) string {
	for n := 0; n < len(args); n++ {
		word := args[n]
		if !strings.HasPrefix(word, "-") {
			return word
		}
		name, _, has := strings.Cut(strings.TrimLeft(word, "-"), "=")
		f := c.Flag(name)
		if f == nil {
			f = c.PersistentFlags().Lookup(name)
		}
		if f != nil && f.NoOptDefVal == "" && !has {
			n++
		}
	}
	return ""
}
