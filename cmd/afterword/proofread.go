package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"afterword/scheduler"
	"afterword/templates/proofread"
)

// hunspellFolder is where systems keep the dictionaries of other languages.
const hunspellFolder = "/usr/share/hunspell"

// proofreader is the checker with the system's dictionaries and the user's
// words; without a config there are none of these.
func proofreader(wordsPath string) *proofread.Checker {
	l := proofread.Library{Hunspell: os.DirFS(hunspellFolder)}
	if wordsPath != "" {
		l.Words = (&wordList{path: wordsPath}).read
	}
	return proofread.New().WithLibrary(l)
}

// wordList is the user's own dictionary, one word in a line; # begins a
// comment. It is read anew when the file has changed, and safe for concurrent
// use.
type wordList struct {
	path string

	mu    sync.Mutex
	at    time.Time
	size  int64
	words []string
}

// mostWordList bounds, in bytes, what is read of the list.
const mostWordList = 4 << 20

// read gives the words as they are now. A file that is missing or cannot be
// read holds none: then more is found, never less.
func (l *wordList) read() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	info, err := os.Stat(l.path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > mostWordList { // a pipe would keep the reader for ever
		return nil
	}
	if info.ModTime().Equal(l.at) && info.Size() == l.size {
		return l.words
	}
	text, err := os.ReadFile(l.path)
	if err != nil {
		return nil
	}
	l.at, l.size, l.words = info.ModTime(), info.Size(), wordsIn(text)
	return l.words
}

func wordsIn(text []byte) []string {
	var all []string
	for line := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		line, _, _ = strings.Cut(line, "#")
		all = append(all, strings.Fields(line)...)
	}
	return all
}

func (p *program) proofreadCommand() *cobra.Command {
	var asJSON bool
	var kind, language string
	c := &cobra.Command{
		Use:   "proofread FILE|- [--kind thank-you|follow-up] [--language en] [--json]",
		Short: "Checks a text the way a mail is checked before it leaves; needs no account",
		Long: "Checks a text with every check that needs no facts. Its first lines may be a header, such as Subject: ...\n" +
			"Exit code 3 means that something was found, 0 that nothing was. Without --language it is read from the text.",
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			if kind != string(scheduler.Owed) && kind != string(scheduler.Asking) {
				return usageError{fmt.Errorf("reading --kind: found %q, expected thank-you or follow-up", kind)}
			}
			text, err := p.readAll(args[0])
			if err != nil {
				return err
			}
			return p.showFindings(proofreader(p.wordsIfAny()).Text(string(text), scheduler.Kind(kind), language), asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON for a script")
	c.Flags().StringVar(&kind, "kind", string(scheduler.Owed), "what the text is: thank-you or follow-up")
	c.Flags().StringVar(&language, "language", "", "what it is written in: en, fr, de, es, ...")
	return c
}

// showFindings prints what was found. Hints alone ask for nothing.
func (p *program) showFindings(found []scheduler.Finding, asJSON bool) error {
	if asJSON {
		return printJSON(p.out, append([]scheduler.Finding{}, found...))
	}
	printFindings(p.screen(p.clock.Now(), time.Local), found, "")
	switch {
	case len(found) == 0:
		fmt.Fprintln(p.out, "Nothing to say against it.")
		return nil
	case !slices.ContainsFunc(found, func(f scheduler.Finding) bool { return f.Severity != scheduler.Hint }):
		return nil
	}
	return errWaiting
}

// wordsIfAny is the path of the user's words where a config.yaml is found and
// can be read, else "".
func (p *program) wordsIfAny() string {
	cfg, err := p.loadConfig()
	if err != nil {
		return ""
	}
	return cfg.WordsPath
}

func (p *program) wordsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "words [list | add WORD...]",
		Short: "Your own dictionary: lists its words, or adds some that are spelt right",
		RunE: p.with(false, func(_ *cobra.Command, args []string, h *house) error {
			switch {
			case len(args) > 1 && args[0] == "add":
				return p.addWords(h.config.WordsPath, args[1:])
			case len(args) > 1 || len(args) == 1 && args[0] != "list":
				return usageError{errors.New("reading the command line: expected `words`, `words list` or `words add WORD...`")}
			}
			for _, w := range (&wordList{path: h.config.WordsPath}).read() {
				fmt.Fprintln(p.out, w)
			}
			return nil
		}),
	}
}

// longestOwnWord bounds, in letters, a word of the user's.
const longestOwnWord = 64

// addWords appends those words that the list lacks.
func (p *program) addWords(path string, all []string) error {
	for _, w := range all {
		if !isWord(w) {
			return usageError{fmt.Errorf("adding %q: expected one word of letters", w)}
		}
	}
	text, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("reading your words: %w", err)
	}
	known := wordsIn(text)
	var added, said bytes.Buffer
	if len(text) > 0 && text[len(text)-1] != '\n' {
		added.WriteByte('\n')
	}
	for _, w := range all {
		if slices.Contains(known, w) {
			fmt.Fprintf(&said, "%s is known already\n", w)
			continue
		}
		known = append(known, w)
		added.WriteString(w + "\n")
		fmt.Fprintf(&said, "%s is added to %s\n", w, path)
	}
	if err := appendTo(path, added.Bytes()); err != nil {
		return err
	}
	_, err = said.WriteTo(p.out)
	return err
}

// appendTo adds to the end of a file, which is made where there is none.
func appendTo(path string, text []byte) (err error) {
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, fs.FileMode(0o600))
	if err != nil {
		return fmt.Errorf("adding to your words: %w", err)
	}
	_, err = f.Write(text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

func isWord(w string) bool {
	return utf8.RuneCountInString(w) <= longestOwnWord && strings.ContainsFunc(w, unicode.IsLetter) &&
		!strings.ContainsFunc(w, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune("'’-.&+", r) && !unicode.IsDigit(r)
		})
}
