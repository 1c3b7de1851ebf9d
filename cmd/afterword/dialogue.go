package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/term"
)

// dialogue asks questions of one key each: on a terminal by single keys, otherwise line
// by line, so that scripts, pipes and tests give the same answers.
type dialogue struct {
	in  *bufio.Reader
	out io.Writer
	// raw lets single keys through until restore is called; nil where a key is
	// a line.
	raw func() (restore func(), err error)
}

// terminalOf is the file of a stream that is a terminal.
func terminalOf(stream any) (*os.File, bool) {
	f, ok := stream.(*os.File)
	return f, ok && term.IsTerminal(int(f.Fd()))
}

func (p *program) dialogue() *dialogue {
	d := &dialogue{in: bufio.NewReader(p.in), out: p.out}
	if f, ok := terminalOf(p.in); ok {
		d.raw = func() (func(), error) {
			was, err := term.MakeRaw(int(f.Fd()))
			return func() { _ = term.Restore(int(f.Fd()), was) }, err
		}
	}
	return d
}

// width is how many columns the screen has, 0 if nobody knows.
func (p *program) width() int {
	if f, ok := terminalOf(p.out); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil {
			return w
		}
	}
	n, err := strconv.Atoi(os.Getenv("COLUMNS"))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// errEnded says that nobody answers any more: the end of the input, or Ctrl-C
// and Ctrl-D where single keys are read.
var errEnded = errors.New("no answer came")

// key asks for one of some keys and shows the question again until it gets one.
func (d *dialogue) key(question, keys string) (rune, error) {
	for {
		r, err := d.read(question)
		if err != nil {
			fmt.Fprintln(d.out)
			return 0, err
		}
		fmt.Fprintf(d.out, "%c\n", r)
		if r = unicode.ToLower(r); strings.ContainsRune(keys, r) {
			return r, nil
		}
	}
}

// read shows a question and returns the next key that is no blank. Keys are taken one by one
// before the question is there: a Ctrl-C that is pressed at once is an answer, too.
func (d *dialogue) read(question string) (rune, error) {
	const ctrlC, ctrlD = 3, 4
	if d.raw != nil {
		restore, err := d.raw()
		if err != nil {
			return 0, fmt.Errorf("reading a key: %w", err)
		}
		defer restore()
		question = strings.ReplaceAll(question, "\n", "\r\n") // such a terminal adds nothing itself
	}
	fmt.Fprint(d.out, question)
	for {
		r, _, err := d.in.ReadRune()
		switch {
		case err != nil, r == ctrlC, r == ctrlD:
			return 0, errEnded
		case !unicode.IsSpace(r) && !unicode.IsControl(r):
			return r, nil
		}
	}
}

// line asks for one line and returns it without blanks around it.
func (d *dialogue) line(question string) (string, error) {
	fmt.Fprint(d.out, question)
	text, err := d.in.ReadString('\n')
	if d.raw == nil {
		fmt.Fprintln(d.out) // nobody pressed Enter on this screen
	}
	if err != nil && text == "" {
		return "", errEnded
	}
	return strings.TrimSpace(text), nil
}

// agrees asks a question whose answer is no unless the user says yes.
func (d *dialogue) agrees(question string) bool {
	r, err := d.key(question+" [y/n] ", "yn")
	return err == nil && r == 'y'
}
