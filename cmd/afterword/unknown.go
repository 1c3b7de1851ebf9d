package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// execute runs one command line.
func (p *program) execute(ctx context.Context, args []string) error {
	root := newRoot(p)
	root.SetArgs(args)
	if err := unknownWord(root, args); err != nil {
		return err
	}
	return root.ExecuteContext(ctx)
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
	hint := "`" + c.CommandPath() + " --help` lists the commands"
	c.SuggestionsMinimumDistance = 2 // the library sets it only where it suggests by itself
	if near := c.SuggestionsFor(word); len(near) > 0 {
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
