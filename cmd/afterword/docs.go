package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"
)

// docsCommand writes what is documented of the commands from the commands
// themselves. It is for who packages the program, and hidden.
func (p *program) docsCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "docs", Short: "Writes the man pages and the list of the commands", Args: usage(cobra.NoArgs), Hidden: true,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(&cobra.Command{
		Use: "man DIR", Short: "Writes a man page for each command into a folder", Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return writeMan(cmd.Root(), args[0]) },
	}, &cobra.Command{
		Use: "commands", Short: "Prints docs/commands.md", Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { writeCommands(p.out, cmd.Root()); return nil },
	})
	return c
}

// writeMan writes the pages. They bear no date, so that two builds of one source
// are the same.
func writeMan(root *cobra.Command, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root.DisableAutoGenTag = true
	epoch := time.Unix(0, 0).UTC()
	return doc.GenManTree(root, &doc.GenManHeader{Title: "AFTERWORD", Section: "1", Source: "Afterword", Manual: "Afterword", Date: &epoch}, dir)
}

// isOurs leaves out what cobra adds of its own, and what is hidden.
func isOurs(c *cobra.Command) bool {
	for one := c; one != nil; one = one.Parent() {
		if one.Hidden || one.Name() == "help" || one.Name() == "completion" {
			return false
		}
	}
	return true
}

// writeCommands writes docs/commands.md.
func writeCommands(w io.Writer, root *cobra.Command) {
	fmt.Fprint(w, "# Commands\n\nWritten by `afterword docs commands`; a test compares it with the program. Each command tells the same by `--help`.\n"+
		"A KEY is any part of a mail's key that fits one mail; an APP is the name of a file in `interviews`, or how it begins.\n"+
		"Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 something waits for you.\n"+
		"`afterword completion bash|zsh|fish|powershell` prints a script that completes commands, keys and applications in your shell.\n")
	each(root, func(c *cobra.Command) {
		if isOurs(c) {
			writeCommand(w, c)
		}
	})
}

func writeCommand(w io.Writer, c *cobra.Command) {
	fmt.Fprintf(w, "\n## %s\n\n%s.\n", c.CommandPath(), strings.TrimSuffix(c.Short, "."))
	if c.Long != "" {
		fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(c.Long))
	}
	use := strings.TrimSpace(c.UseLine())
	fmt.Fprintf(w, "\n```\n%s\n```\n", use)
	if c.LocalNonPersistentFlags().HasAvailableFlags() || c.PersistentFlags().HasAvailableFlags() {
		fmt.Fprintf(w, "\n| option | what it does |\n| --- | --- |\n")
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden && f.Name != "help" {
				fmt.Fprintf(w, "| `%s` | %s |\n", optionOf(f), cell(usageOf(f)))
			}
		})
	}
	if c.Example != "" {
		fmt.Fprintf(w, "\nExamples:\n\n```\n%s\n```\n", strings.ReplaceAll(strings.TrimSpace(c.Example), "\n  ", "\n"))
	}
}

// optionOf writes a flag with the name of its value.
func optionOf(f *pflag.Flag) string {
	name, _ := pflag.UnquoteUsage(f)
	if name == "" || name == "bool" {
		return "--" + f.Name
	}
	return "--" + f.Name + " " + name
}

// usageOf says what a flag does, with its default where that tells something.
func usageOf(f *pflag.Flag) string {
	_, text := pflag.UnquoteUsage(f)
	switch f.DefValue {
	case "", "false", "0", "[]":
		return text
	}
	return text + " (default " + f.DefValue + ")"
}

// cell keeps a text within its cell of a table.
func cell(text string) string {
	return strings.NewReplacer("|", "\\|", "<", "&lt;", ">", "&gt;", "\n", " ").Replace(text)
}
