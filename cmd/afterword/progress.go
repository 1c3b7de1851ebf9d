package main

import (
	"fmt"
	"io"
	"strings"
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
