package mailtest

import (
	"bytes"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Line is one line of a session, without its line end and with secrets
// replaced by "***".
type Line struct {
	At         time.Time
	FromClient bool
	Text       string
}

// Transcript is what both sides said on one connection, inside TLS.
type Transcript struct {
	Protocol string // SMTP or IMAP
	Conn     int    // connections of one protocol count from 1
	Lines    []Line
}

// String shows the transcript with one line per line, "C: " or "S: " before it.
func (t Transcript) String() string {
	var b strings.Builder
	for _, l := range t.Lines {
		side := "S: "
		if l.FromClient {
			side = "C: "
		}
		b.WriteString(side + l.Text + "\n")
	}
	return b.String()
}

// recorder writes a transcript from the bytes of both directions and, for
// IMAP, names the commands. It is safe for concurrent use.
type recorder struct {
	protocol string
	conn     int
	now      func() time.Time
	command  func(name string) // called for every IMAP command, before it is carried out
	quiet    bool              // keeps no lines

	mu      sync.Mutex
	lines   []Line
	client  lineSplitter
	server  lineSplitter
	secret  bool   // the client's lines are parts of an AUTH exchange
	open    bool   // the last client line ended in a literal: the command goes on
	literal int64  // bytes of a literal that are still to come
	last    string // name of the last IMAP command
}

// lineSplitter collects bytes until a line is complete.
type lineSplitter struct{ partial []byte }

// next returns the first complete line of the bytes so far, without its end.
func (s *lineSplitter) next() (string, bool) {
	line, rest, ok := bytes.Cut(s.partial, []byte("\n"))
	if !ok {
		return "", false
	}
	text := strings.TrimSuffix(string(line), "\r")
	s.partial = rest
	return text, true
}

// fromClient notes bytes that the client sent.
func (r *recorder) fromClient(p []byte) {
	r.mu.Lock()
	var commands []string
	for len(p) > 0 {
		skip := min(r.literal, int64(len(p)))
		r.literal -= skip
		p = p[skip:]
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			r.client.partial = append(r.client.partial, p...)
			break
		}
		r.client.partial = append(r.client.partial, p[:i+1]...)
		p = p[i+1:]
		line, _ := r.client.next()
		if name := r.clientLine(line); name != "" {
			commands = append(commands, name)
		}
	}
	r.mu.Unlock()
	for _, name := range commands {
		r.command(name)
	}
}

// clientLine notes one line and returns the name of the IMAP command that it
// begins, or "".
func (r *recorder) clientLine(line string) string {
	name := ""
	if r.protocol == IMAP && !r.open && !r.secret {
		name = commandName(line)
	}
	text := line
	switch {
	case r.secret, r.open && r.last == "LOGIN":
		text = "***"
	default:
		text = redact(r.protocol, line)
	}
	r.note(true, text)
	if r.protocol == IMAP {
		if name != "" {
			r.last = name
		}
		r.literal, r.open = literalSize(line)
	}
	if startsSecret(r.protocol, line, name) {
		r.secret = true
	}
	return name
}

// fromServer notes bytes that the server sent.
func (r *recorder) fromServer(p []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.quiet && !r.secret {
		return // the answer to a secret says when it is over
	}
	r.server.partial = append(r.server.partial, p...)
	for {
		line, ok := r.server.next()
		if !ok {
			return
		}
		// The exchange is over with the first line that asks for no more.
		if !strings.HasPrefix(line, "334") && !strings.HasPrefix(line, "+") {
			r.secret = false
		}
		r.note(false, line)
	}
}

// note appends a line.
func (r *recorder) note(fromClient bool, text string) {
	if r.quiet {
		return
	}
	r.lines = append(r.lines, Line{At: r.now(), FromClient: fromClient, Text: text})
}

// lastCommand returns the name of the last IMAP command.
func (r *recorder) lastCommand() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last
}

// transcript returns a copy of what was noted so far.
func (r *recorder) transcript() Transcript {
	r.mu.Lock()
	defer r.mu.Unlock()
	return Transcript{Protocol: r.protocol, Conn: r.conn, Lines: append([]Line(nil), r.lines...)}
}

// commandName returns the command of an IMAP line (RFC 9051 section 2.2.1) in
// capitals, "UID FETCH" and its kin as two words, or "" for a line that begins
// none, such as the DONE that ends IDLE.
func commandName(line string) string {
	fields := strings.Fields(line)
	if len(fields) < 2 {
		return ""
	}
	name := strings.ToUpper(fields[1])
	if name == "UID" && len(fields) > 2 {
		name += " " + strings.ToUpper(fields[2])
	}
	return name
}

// literalSize returns the size of the literal that a line ends with, {n} or
// {n+} (RFC 9051 section 4.3), and whether there is one.
func literalSize(line string) (int64, bool) {
	inner, found := strings.CutSuffix(line, "}")
	i := strings.LastIndexByte(inner, '{')
	if !found || i < 0 {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSuffix(inner[i+1:], "+"), 10, 64)
	if err != nil || n < 0 {
		return 0, false
	}
	return n, true
}

// redact removes what follows the name of a command that carries a secret.
func redact(protocol, line string) string {
	fields := strings.Fields(line)
	upper := strings.ToUpper(line)
	switch {
	case protocol == SMTP && strings.HasPrefix(upper, "AUTH ") && len(fields) > 2:
		return fields[0] + " " + fields[1] + " ***"
	case protocol == IMAP && commandName(line) == "LOGIN":
		return fields[0] + " " + fields[1] + " ***"
	case protocol == IMAP && commandName(line) == "AUTHENTICATE" && len(fields) > 3:
		return strings.Join(fields[:3], " ") + " ***"
	}
	return line
}

// startsSecret says whether lines that follow are answers to challenges.
func startsSecret(protocol, line, name string) bool {
	if protocol == SMTP {
		return strings.HasPrefix(strings.ToUpper(line), "AUTH ")
	}
	return name == "AUTHENTICATE"
}
