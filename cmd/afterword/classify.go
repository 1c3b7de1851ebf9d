package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"afterword/mailer"
)

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
			var failed []error
			for _, a := range args {
				failed = append(failed, p.classifyPath(a)...)
			}
			return errors.Join(failed...)
		},
	}
	c.Flags().Bool("json", true, "JSON is the only form")
	return c
}

// classifyPath reads a file, or all files of a folder. One that cannot be read
// is told at the end and keeps none of the others from being read.
func (p *program) classifyPath(path string) (failed []error) {
	note := func(err error) {
		if err != nil {
			failed = append(failed, err)
		}
	}
	info, err := os.Stat(path)
	if path == "-" || err != nil || !info.IsDir() {
		note(p.classifyOne(path))
		return failed
	}
	note(filepath.WalkDir(path, func(name string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			note(err)
			return nil
		}
		note(p.classifyOne(name))
		return nil
	}))
	return failed
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
	for _, h := range r.Hints {
		j.Evidence = append(j.Evidence, fmt.Sprintf("seems to be %s: %q", h.Intent, h.Sentence))
	}
	return printLine(p.out, j)
}
