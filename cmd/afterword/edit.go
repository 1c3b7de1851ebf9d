package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"afterword/scheduler"
)

// scissors stands above what is there to be read only.
const scissors = "# ------ nothing below this line is sent ------"

// maxEdited bounds, in bytes, what is read of an edited text; the scheduler
// bounds it in characters.
const maxEdited = 1 << 20

type editFlags struct {
	subject, bodyFile string
	skipIfEmpty       bool
}

func (p *program) editCommand() *cobra.Command {
	var flags editFlags
	c := &cobra.Command{
		Use:   "edit KEY [--subject TEXT] [--body-file FILE|-]",
		Short: "Puts your own words in the place of a mail's text: in $VISUAL or $EDITOR, or from a file",
		Long: "Puts your own words in the place of a mail's text. They are proofread, and wait for your approval as the settings say.\n" +
			"The text stays yours: when the facts change under it, the mail asks again and says what changed.",
		Args: usage(cobra.ExactArgs(1)),
		RunE: p.with(true, func(cmd *cobra.Command, args []string, h *house) error {
			v, err := h.oneMail(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			var subject, body string
			if cmd.Flags().Changed("subject") || cmd.Flags().Changed("body-file") {
				if subject, body, err = p.editByFlags(cmd, flags, v.Text); err != nil {
					return err
				}
			} else if subject, body, err = p.editByHand(cmd.Context(), v); err != nil {
				return err
			}
			return p.takeEdit(cmd.Context(), h, v, subject, body, func() bool {
				_, there := terminalOf(p.in)
				return flags.skipIfEmpty || there && p.dialogue().agrees("The text is empty. Take the mail off the plan for good?")
			})
		}),
	}
	c.Flags().StringVar(&flags.subject, "subject", "", "the subject")
	c.Flags().StringVar(&flags.bodyFile, "body-file", "", "a file with the text, - for standard input")
	c.Flags().BoolVar(&flags.skipIfEmpty, "skip-if-empty", false, "an empty text takes the mail off the plan without asking")
	return c
}

// oneMail is the only mail still to leave that a fragment of its key names.
func (h *house) oneMail(ctx context.Context, fragment string) (scheduler.Preview, error) {
	all, err := h.service.Previews(ctx, fragment, h.clock.Now())
	if err != nil {
		return scheduler.Preview{}, err
	}
	for _, v := range all {
		if len(all) == 1 || strings.EqualFold(v.Delivery.Key, fragment) {
			if v.Problem != "" {
				return v, hinted{fmt.Errorf("writing the mail: %s", v.Problem), "mend the template or the facts first"}
			}
			return v, nil
		}
	}
	return scheduler.Preview{}, hinted{fmt.Errorf("%q fits %s, such as %s and %s", fragment, countOf(len(all), "mail"), all[0].Delivery.Key, all[1].Delivery.Key), "give more of the key"}
}

func (p *program) editByFlags(cmd *cobra.Command, flags editFlags, text scheduler.Text) (subject, body string, err error) {
	subject, body = text.Subject, text.Body
	if cmd.Flags().Changed("subject") {
		subject = flags.subject
	}
	if !cmd.Flags().Changed("body-file") {
		return subject, body, nil
	}
	from := p.in
	if flags.bodyFile != "-" {
		f, err := os.Open(flags.bodyFile)
		if err != nil {
			return "", "", usageError{err}
		}
		defer func() { _ = f.Close() }()
		from = f
	}
	data, err := io.ReadAll(io.LimitReader(from, maxEdited))
	return subject, string(data), err
}

// editByHand opens the text in the user's editor.
func (p *program) editByHand(ctx context.Context, v scheduler.Preview) (subject, body string, err error) {
	text, err := p.inEditor(ctx, "mail.txt", editorText(v))
	if err != nil {
		return "", "", err
	}
	subject, body, err = readEdited(text)
	return subject, body, err
}

// editorText is a mail as the editor shows it, with what was found below.
func editorText(v scheduler.Preview) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Subject: %s\n\n%s\n%s\n# To: %s <%s>\n# An empty text takes the mail off the plan, if you say so.\n", v.Text.Subject, v.Text.Body, scissors, v.Delivery.To.Name, v.Delivery.To.Email)
	for _, f := range v.Findings {
		fmt.Fprintf(&b, "# %s: %s (%s): %s\n", f.Severity, f.Code, f.Place, f.Text)
	}
	return b.String()
}

// readEdited takes subject and text out of what the editor saved.
func readEdited(text string) (subject, body string, err error) {
	text = strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n")
	text, _, _ = strings.Cut(text, scissors)
	text = strings.TrimLeft(text, "\n \t")
	if text == "" {
		return "", "", nil
	}
	first, rest, _ := strings.Cut(text, "\n")
	subject, ok := strings.CutPrefix(first, "Subject:")
	if !ok {
		return "", "", hinted{fmt.Errorf("the first line is %q, not the subject", first), "leave `Subject: ...` as the first line; nothing was changed"}
	}
	return strings.TrimSpace(subject), rest, nil
}

// inEditor shows a text in $VISUAL or $EDITOR and returns what was saved. The
// file is the user's alone, and gone afterwards.
func (p *program) inEditor(ctx context.Context, name, text string) (string, error) {
	words := strings.Fields(either(os.Getenv("VISUAL"), os.Getenv("EDITOR")))
	if len(words) == 0 {
		return "", usageError{hinted{errors.New("no editor is known"), "set EDITOR, such as EDITOR=nano, or use the flags: `--help` lists them"}}
	}
	dir, err := os.MkdirTemp("", "afterword-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return "", err
	}
	c := exec.CommandContext(ctx, words[0], append(words[1:], path)...)
	c.Stdin, c.Stdout, c.Stderr = p.in, p.out, p.err
	if err := c.Run(); err != nil {
		return "", hinted{fmt.Errorf("running the editor %s: %w", words[0], err), "nothing was changed"}
	}
	data, err := os.ReadFile(path)
	if len(data) > maxEdited {
		return "", hinted{fmt.Errorf("the text has %d bytes", len(data)), "four or five lines are read, more is not; nothing was changed"}
	}
	return string(data), err
}

// takeEdit makes the words the mail and says what came of it. An edit without
// text skips the mail if the user agrees.
func (p *program) takeEdit(ctx context.Context, h *house, v scheduler.Preview, subject, body string, agrees func() bool) error {
	key := v.Delivery.Key
	if subject == v.Text.Subject && strings.TrimSpace(body) == strings.TrimSpace(v.Text.Body) {
		fmt.Fprintf(p.out, "%s: nothing changed\n", key)
		return nil
	}
	d, err := h.service.Edit(ctx, key, subject, body)
	if errors.Is(err, scheduler.ErrEmptied) && agrees() {
		if _, err := h.service.Skip(ctx, key, "you emptied its text"); err != nil {
			return err
		}
		fmt.Fprintf(p.out, "%s: skipped\n", key)
		return nil
	}
	if err != nil {
		return err
	}
	said := "edited"
	switch {
	case d.State == scheduler.Review:
		said += "; it waits for your approval: " + d.Why
	case d.State == scheduler.Approved:
		said += "; " + d.Why + ", and it leaves " + clockTime(d.When(), d.Zone, h.clock.Now())
	}
	fmt.Fprintf(p.out, "%s: %s\n", key, said)
	printFindings(p.screen(p.clock.Now(), time.Local), d.Findings, "  ")
	return nil
}
