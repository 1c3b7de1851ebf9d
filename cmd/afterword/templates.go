package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"afterword/internal/config"
	"afterword/templates"
)

func (p *program) templatesCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "templates list|show|copy|check",
		Short: "Lists the templates, shows one, copies one for you to change, checks your own",
		Args:  usage(cobra.NoArgs),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(p.templatesList(), p.templatesShow(), p.templatesCopy(), p.templatesCheck())
	return c
}

// templatesOf loads the config and, as far as they can be read, the templates.
func (p *program) templatesOf() (*config.Config, *templates.Set, error) {
	cfg, err := p.loadConfig()
	if err != nil {
		return nil, nil, err
	}
	set, err := (*templates.Set)(nil).Reload(cfg.TemplatesDir)
	return cfg, set, err
}

func (p *program) templatesList() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "list [--json]", Short: "Lists the templates: built in, and your own", Args: usage(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			cfg, set, err := p.templatesOf()
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(p.out, set.List())
			}
			printBroken(p, set)
			return p.screen(p.clock.Now(), cfg.Policy.Me.Zone).table(func(row func(...string)) {
				row("NAME", "KIND", "LANGUAGE", "WHERE")
				for _, one := range merged(set.List()) {
					row(one.Name, string(one.Kind), either(one.Language, "any"), either(one.File, "built in"))
				}
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON for a script")
	return c
}

// merged puts the languages of a built-in template on one line.
func merged(all []templates.Info) []templates.Info {
	var rows []templates.Info
	for _, one := range all {
		if n := len(rows) - 1; n >= 0 && rows[n].Name == one.Name && rows[n].File == "" && one.File == "" {
			rows[n].Language += " " + one.Language
			continue
		}
		rows = append(rows, one)
	}
	return rows
}

// printBroken tells of the user's templates that cannot be used.
func printBroken(p *program, set *templates.Set) {
	if ps := set.Problems(); len(ps) > 0 {
		explain(p.err, ps)
	}
}

func (p *program) templatesShow() *cobra.Command {
	var language string
	var builtIn bool
	c := &cobra.Command{
		Use: "show NAME [--language CODE] [--builtin]", Short: "Shows the text of the template that is used", Args: usage(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			cfg, set, err := p.templatesOf()
			if err != nil {
				return err
			}
			text, file, err := set.Source(args[0], either(language, cfg.Policy.Language), builtIn)
			if err != nil {
				return err
			}
			if file != "" {
				fmt.Fprintf(p.err, "%s:\n", file)
			}
			fmt.Fprint(p.out, text)
			return nil
		},
	}
	c.Flags().StringVar(&language, "language", "", "the language, such as fr; without it, proofread.language of config.yaml")
	c.Flags().BoolVar(&builtIn, "builtin", false, "the built-in one, also where you have your own")
	return c
}

func (p *program) templatesCopy() *cobra.Command {
	var language string
	c := &cobra.Command{
		Use: "copy NAME [--language CODE]", Short: "Copies a built-in template into your folder, where you can change it", Args: usage(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			cfg, set, err := p.templatesOf()
			if err != nil {
				return err
			}
			language = strings.ToLower(either(language, cfg.Policy.Language))
			if !slices.Contains(set.Languages(), language) {
				return usageError{hinted{fmt.Errorf("there are no built-in templates in %q", language),
					"copy one of " + strings.Join(set.Languages(), ", ") + " and translate it, or leave --language out"}}
			}
			text, _, err := set.Source(args[0], language, true)
			if err != nil {
				return err
			}
			if cfg.TemplatesDir == "" {
				return usageError{hinted{errors.New("config.yaml names no folder for templates"), "write `templates: templates` there"}}
			}
			at, err := copyTemplate(filepath.Join(cfg.TemplatesDir, language), args[0]+".txt", text)
			if err != nil {
				return err
			}
			fmt.Fprintf(p.out, "%s: yours now; it is used in the built-in one's place. `afterword templates check` looks at what you change\n", at)
			return nil
		},
	}
	c.Flags().StringVar(&language, "language", "", "the language, such as fr; without it, proofread.language of config.yaml")
	return c
}

// copyTemplate writes a file that is not there yet.
func copyTemplate(dir, name, text string) (string, error) {
	at := filepath.Join(dir, name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return at, fmt.Errorf("copying the template: %w", err)
	}
	f, err := os.OpenFile(at, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return at, hinted{fmt.Errorf("%s is there already and stays as it is", at), "change that one, or move it away first"}
	}
	if err != nil {
		return at, fmt.Errorf("copying the template: %w", err)
	}
	_, err = f.WriteString(text)
	return at, errors.Join(err, f.Close())
}

func (p *program) templatesCheck() *cobra.Command {
	return &cobra.Command{
		Use: "check", Short: "Checks your own templates: each is tried with every fact there and absent, and proofread", Args: usage(cobra.NoArgs),
		Long: "Checks your own templates: each is tried with every fact there and absent, and proofread as its mail would come out.\nExit code 3 means that something was found in how they read, 2 that one cannot be used.",
		RunE: func(*cobra.Command, []string) error {
			cfg, set, err := p.templatesOf()
			if err != nil {
				return err
			}
			if ps := set.Problems(); len(ps) > 0 {
				return fmt.Errorf("%w: %w", errConfig, ps)
			}
			if _, err := withKinds(cfg.Path, cfg.Policy, set); err != nil {
				return fmt.Errorf("%w: %w", errConfig, err)
			}
			apps, err := config.LoadInterviews(cfg.InterviewsDir, cfg.Policy)
			if err != nil {
				return err
			}
			for _, a := range withOwnTemplates(apps, cfg.Policy, set) {
				if a.Broken != "" {
					return fmt.Errorf("%w: %s", errConfig, a.Broken)
				}
			}
			own := 0
			for _, one := range set.List() {
				if one.File != "" {
					own++
				}
			}
			found, err := ownFindings(cfg, set, p.clock.Now())
			if err != nil {
				return err
			}
			verdict := "all good"
			if len(found) > 0 {
				verdict = "all can be used; " + countOf(len(found), "finding") + " in how they read:"
			}
			fmt.Fprintf(p.out, "%s of yours in %s, %s\n", countOf(own, "template"), cfg.TemplatesDir, verdict)
			for _, line := range found {
				fmt.Fprintln(p.out, line)
			}
			others, err := templates.PassedOver(cfg.TemplatesDir)
			if err != nil {
				return err
			}
			for _, path := range others {
				fmt.Fprintf(p.out, "passed over: %s; the name of a template ends in .txt\n", path)
			}
			if len(found) > 0 {
				return errWaiting
			}
			return nil
		},
	}
}
