package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"
)

// question is one thing that `init` wants to know.
type question struct {
	flag      string // that answers it, without its dashes
	title     string
	help      string // what stands below, "" for nothing
	otherwise string // what an empty answer means
	optional  bool   // an empty answer is one
	secret    bool   // is not shown while it is typed
	choices   []choice
	check     func(string) error // refuses an answer; may be nil
}

// choice is one of the answers to choose from.
type choice struct{ value, label string }

// asker gets answers: by forms on a terminal, else line by line.
type asker interface {
	ask(ctx context.Context, q question) (string, error)
	// patient reports whether somebody is there to answer once more.
	patient() bool
}

// unanswered says that nobody answered and no flag did.
type unanswered struct{ q question }

func (u *unanswered) Error() string {
	return fmt.Sprintf("no answer to %q", strings.TrimSuffix(u.q.title, "?"))
}

// Unwrap tells a command that it was not used fully.
func (u *unanswered) Unwrap() error { return errEnded }

// Hint names the flag.
func (u *unanswered) Hint() string {
	if u.q.flag == "" {
		return "run it in a terminal, or let a script answer line by line"
	}
	return "answer by --" + u.q.flag + ", or run it in a terminal"
}

// asker chooses how to ask: forms need a terminal that draws, and some people
// and screen readers want none.
func (p *program) asker() asker {
	file, in := terminalOf(p.in)
	_, out := terminalOf(p.out)
	plain := os.Getenv("NO_COLOR") != "" || os.Getenv("ACCESSIBLE") != "" || os.Getenv("TERM") == "dumb"
	if in && out && !plain {
		return &forms{p: p, in: file}
	}
	return &prompts{p: p, dialogue: p.dialogue(), terminal: in}
}

// verdict checks an answer, with what an empty one means.
func (q question) verdict(answer string) (string, error) {
	answer = strings.TrimSpace(answer)
	if answer == "" {
		answer = q.otherwise
	}
	switch {
	case answer == "" && !q.optional:
		return "", errors.New("this is needed")
	case answer != "" && len(q.choices) > 0:
		return q.chosen(answer)
	case answer != "" && q.check != nil:
		return answer, q.check(answer)
	}
	return answer, nil
}

// chosen takes a choice by its number or its word.
func (q question) chosen(answer string) (string, error) {
	var words []string
	for n, c := range q.choices {
		if strings.EqualFold(answer, c.value) || answer == fmt.Sprint(n+1) {
			return c.value, nil
		}
		words = append(words, c.value)
	}
	return "", fmt.Errorf("%q is none of %s", answer, strings.Join(words, ", "))
}

// prompts asks line by line.
type prompts struct {
	p        *program
	dialogue *dialogue
	terminal bool
}

func (a *prompts) patient() bool { return a.terminal }

// ask asks a question whose answer may be left out, and only of a person: what a script
// has on standard input may be a password, which must not answer anything else.
func (a *prompts) ask(_ context.Context, q question) (string, error) {
	if !a.terminal && (q.optional || q.otherwise != "") {
		return q.verdict("")
	}
	fmt.Fprintf(a.p.out, "\n%s\n", q.title)
	if q.help != "" {
		fmt.Fprintln(a.p.out, indent(q.help, "  "))
	}
	for n, c := range q.choices {
		fmt.Fprintf(a.p.out, "  %d. %s\n", n+1, c.label)
	}
	for {
		line, err := a.line(q)
		if err != nil {
			line = "" // nobody is there: what an empty answer means holds
		}
		answer, wrong := q.verdict(line)
		switch {
		case wrong == nil:
			return answer, nil
		case err != nil:
			return "", usageError{&unanswered{q}}
		case !a.terminal:
			return "", usageError{hinted{fmt.Errorf("what came on standard input is no answer to %q", strings.TrimSuffix(q.title, "?")), (&unanswered{q}).Hint()}}
		}
		fmt.Fprintf(a.p.out, "  %v\n", wrong)
	}
}

// line reads an answer; a secret that is typed on a terminal is not shown.
func (a *prompts) line(q question) (string, error) {
	sign := "> "
	if q.otherwise != "" {
		sign = "[" + q.shown() + "] > "
	}
	f, ok := terminalOf(a.p.in)
	if !q.secret || !ok {
		return a.dialogue.line(sign)
	}
	fmt.Fprint(a.p.out, sign)
	text, err := term.ReadPassword(int(f.Fd()))
	fmt.Fprintln(a.p.out)
	if err != nil {
		return "", errEnded
	}
	return string(text), nil
}

// shown is what an empty answer means, as the user sees it.
func (q question) shown() string {
	at := slices.IndexFunc(q.choices, func(c choice) bool { return c.value == q.otherwise })
	if at < 0 {
		return q.otherwise
	}
	return fmt.Sprint(at + 1)
}
