package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
)

// meter tells on a terminal's stderr how far long work has come, on one line
// that is written over. Anywhere else it is silent, so that logs and pipes stay
// clean.
type meter struct {
	out  io.Writer // nil: silent
	what string
	wide int // columns of the line that stands there
}

func (p *program) progress(what string) *meter {
	if _, there := terminalOf(p.err); !there {
		return &meter{}
	}
	return &meter{out: p.err, what: what}
}

// tell writes the line anew.
func (g *meter) tell(format string, args ...any) {
	if g.out == nil {
		return
	}
	line := g.what + ": " + fmt.Sprintf(format, args...)
	fmt.Fprintf(g.out, "\r%s%s", line, strings.Repeat(" ", max(0, g.wide-len(line))))
	g.wide = len(line)
}

// end takes the line away.
func (g *meter) end() {
	if g.out != nil && g.wide > 0 {
		fmt.Fprintf(g.out, "\r%s\r", strings.Repeat(" ", g.wide))
	}
	g.wide = 0
}

// shared is a terminal to which a log and a meter write: the meter's line goes
// away before a line of the log and comes back with the next news.
type shared struct {
	mu    sync.Mutex
	out   io.Writer
	meter *meter
}

func (s *shared) Write(line []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.meter.end()
	return s.out.Write(line)
}

// reading shows how far the first reading of the mailbox has come.
func (s *shared) reading(read, left int, ended bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ended {
		s.meter.end()
		return
	}
	if read > 0 {
		s.meter.tell("%s", readingWords(read, left))
	}
}

// readingWords says how far a reading has come. How much is left is known of one
// folder after the other.
func readingWords(read, left int) string {
	if left == 0 {
		return thousands(read) + " messages"
	}
	return thousands(read) + " of " + thousands(read+left) + " messages"
}

// thousands writes a number with a comma before each three digits.
func thousands(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0 && text[at-1] != '-'; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
