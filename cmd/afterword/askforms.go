package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"charm.land/huh/v2"
	"golang.org/x/term"
)

// forms asks with interactive forms. One goroutine reads the terminal for all of them: a
// form that has ended might otherwise take input meant for the next.
type forms struct {
	p    *program
	in   *os.File
	once sync.Once
	keys chan []byte // closed at the end of the input
}

func (f *forms) patient() bool { return true }

// pump reads the terminal until its end.
func (f *forms) pump() {
	f.keys = make(chan []byte)
	go func() {
		defer close(f.keys)
		for {
			some := make([]byte, 256)
			n, err := f.in.Read(some)
			if n > 0 {
				f.keys <- some[:n]
			}
			if err != nil {
				return
			}
		}
	}()
}

// turn is the terminal for as long as one form is on the screen.
type turn struct {
	keys  <-chan []byte
	ended chan struct{}
	rest  []byte
}

// Read ends when the form does.
func (t *turn) Read(p []byte) (int, error) {
	if len(t.rest) == 0 {
		select {
		case <-t.ended:
			return 0, io.EOF
		default:
		}
		select {
		case some, ok := <-t.keys:
			if !ok {
				return 0, io.EOF
			}
			t.rest = some
		case <-t.ended:
			return 0, io.EOF
		}
	}
	n := copy(p, t.rest)
	t.rest = t.rest[n:]
	return n, nil
}

func (f *forms) ask(ctx context.Context, q question) (string, error) {
	f.once.Do(f.pump)
	answer := q.otherwise
	was, err := term.MakeRaw(int(f.in.Fd()))
	if err != nil {
		return "", fmt.Errorf("asking: %w", err)
	}
	t := &turn{keys: f.keys, ended: make(chan struct{})}
	err = huh.NewForm(huh.NewGroup(q.field(&answer))).WithInput(t).WithOutput(f.p.out).WithShowHelp(len(q.choices) > 0).RunWithContext(ctx)
	close(t.ended)
	if restored := term.Restore(int(f.in.Fd()), was); restored != nil && err == nil {
		err = restored
	}
	switch {
	case errors.Is(err, huh.ErrUserAborted), ctx.Err() != nil:
		return "", errEnded
	case err != nil:
		return "", fmt.Errorf("asking: %w", err)
	}
	answer, err = q.verdict(answer)
	if err == nil {
		f.echo(q, answer)
	}
	return answer, err
}

// echo leaves the question and its answer on the screen, where the form was.
func (f *forms) echo(q question, answer string) {
	switch {
	case q.secret:
		answer = "(not shown)"
	case answer == "":
		answer = "-"
	}
	for _, c := range q.choices {
		if c.value == answer {
			answer = c.label
		}
	}
	fmt.Fprintf(f.p.out, "%s  %s\n", q.title, answer)
}

func (q question) field(answer *string) huh.Field {
	if len(q.choices) > 0 {
		var options []huh.Option[string]
		for _, c := range q.choices {
			options = append(options, huh.NewOption(c.label, c.value))
		}
		return huh.NewSelect[string]().Title(q.title).Description(q.help).Options(options...).Value(answer)
	}
	input := huh.NewInput().Title(q.title).Description(q.help).Value(answer).
		Validate(func(s string) error { _, err := q.verdict(s); return err })
	if q.secret {
		input = input.EchoMode(huh.EchoModePassword)
	}
	return input
}
