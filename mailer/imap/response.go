package imap

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// response is what the first line of a server response says about itself
// (RFC 9051 section 7).
type response struct {
	continuation bool   // "+ ..."
	untagged     bool   // "* ..."
	stray        bool   // the answer to no command
	kind         string // OK, FETCH, ...; in capitals, "" if there is none
	code         string // of a status response: what stands after "[", in capitals
	text         []byte // what follows the kind, without the line end
}

// parseResponse reads a line as leniently as the library does, so that both
// see the same thing in it.
func parseResponse(line []byte) response {
	line = trimEnd(line)
	if bytes.HasPrefix(line, []byte("+")) {
		return response{continuation: true, text: line[1:]}
	}
	tag, rest := word(line)
	r := response{untagged: bytes.HasPrefix(line, []byte("*"))}
	if r.untagged {
		rest = bytes.TrimPrefix(line[1:], []byte(" "))
	} else if r.stray = !isOurTag(tag); len(tag) == 0 {
		return r
	}
	kind, rest := word(rest)
	if len(kind) > 0 && kind[0] >= '0' && kind[0] <= '9' {
		kind, rest = word(rest)
	}
	r.kind, r.text = strings.ToUpper(string(kind)), rest
	if bytes.HasPrefix(rest, []byte("[")) {
		code, _ := word(rest[1:])
		r.code = strings.ToUpper(string(code))
	}
	return r
}

// oneBlank takes the blanks but one from behind the star: a server that has long to do
// was seen to send one now and then, so that its client goes on waiting.
func oneBlank(line []byte) []byte {
	if !bytes.HasPrefix(line, []byte("*  ")) {
		return line
	}
	return append(line[:len("* ")], bytes.TrimLeft(line[len("* "):], " ")...)
}

// isOurTag reports whether a line may be the answer to a command of the library's.
func isOurTag(tag []byte) bool {
	return len(tag) > 1 && tag[0] == 'T' && !bytes.ContainsFunc(tag[1:], func(r rune) bool { return r < '0' || r > '9' })
}

// word splits off the atom at the start of line and one space after it.
func word(line []byte) (atom, rest []byte) {
	n := 0
	for n < len(line) && isAtomByte(line[n]) {
		n++
	}
	return line[:n], bytes.TrimPrefix(line[n:], []byte(" "))
}

// isAtomByte reports whether b may stand in an atom as the library reads one.
func isAtomByte(b byte) bool {
	control := b <= ' ' || b >= 0x7f && b < 0xa0
	return !control && strings.IndexByte(`(){%*"\]`, b) < 0
}

// trimEnd removes the line end, and the one space before it that the library
// forgives.
func trimEnd(line []byte) []byte {
	line = bytes.TrimSuffix(line, []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	return bytes.TrimSuffix(line, []byte(" "))
}

// isText reports whether the response is one line of words, in which brackets,
// quotes and braces mean nothing.
func (r response) isText() bool {
	if r.continuation || !r.untagged {
		return true
	}
	switch r.kind {
	case "OK", "NO", "BAD", "BYE", "PREAUTH":
		return true
	}
	return false
}

// dangerous returns an error for what hangs the library: it would look for a
// missing "]" across all that follows, and it spins for ever on a parenthesis
// in a list of capabilities.
func (r response) dangerous(whole []byte) error {
	if r.kind == "" && !r.continuation {
		return fmt.Errorf("server sends no response: %q", clip(whole))
	}
	if r.kind == "CAPABILITY" && bytes.ContainsAny(whole, "(") {
		return errors.New("server sends a parenthesis among its capabilities")
	}
	if r.code == "" && !bytes.HasPrefix(r.text, []byte("[")) {
		return nil
	}
	code, _, closed := bytes.Cut(r.text, []byte("]"))
	if r.code == "CAPABILITY" && bytes.ContainsAny(code, "(") {
		return errors.New("server sends a parenthesis among its capabilities")
	}
	if r.isText() && !r.continuation && !closed {
		return fmt.Errorf("server sends a response code without its end: %q", clip(whole))
	}
	return nil
}

// withCapability adds a list of capabilities to a greeting or to the answer to
// a login. Where it is missing the library asks for it from a goroutine of its
// own, at a time of its own, which may fall into an IDLE; here it is asked for
// in order. Offer is what was said of them last, with a space before it, "" if nothing did.
func (r response) withCapability(whole, offer []byte) []byte {
	head := []byte("*")
	if !r.untagged {
		head, _ = word(whole)
	}
	if len(offer) == 0 {
		offer = []byte(" IMAP4rev1")
	}
	return fmt.Appendf(nil, "%s OK [CAPABILITY%s] %s\r\n", head, offer, r.text)
}

// capitals writes the response code CAPABILITY as the library looks for it: codes are
// read without regard to case (RFC 9051 section 9).
func capitals(r response, whole []byte) []byte {
	if r.code == "CAPABILITY" {
		copy(whole[len(trimEnd(whole))-len(r.text)+len("["):], r.code)
	}
	return whole
}

// offered is the list of capabilities that a response brings, with the space before it.
func (r response) offered() []byte {
	if r.code != "CAPABILITY" {
		return append([]byte(" "), r.text...)
	}
	list, _, _ := bytes.Cut(r.text[len("[CAPABILITY"):], []byte("]"))
	return list
}

// wanted reports whether the library needs to see the response. It closes the
// connection at whatever it does not know, and nothing else matters here.
func (r response) wanted(greeted bool) bool {
	if !greeted || r.continuation || !r.untagged {
		return !greeted || !r.stray
	}
	switch r.kind {
	case "CAPABILITY", "EXISTS", "LIST", "STATUS", "FETCH", "SEARCH", "ESEARCH":
		return true
	case "OK":
		return r.code == "UIDNEXT" || r.code == "UIDVALIDITY" || r.code == "CAPABILITY" || r.code == "CLOSED"
	}
	return false
}

// upperASCII is line in capitals, byte for byte: bytes.ToUpper makes three bytes of
// one that is no UTF-8, and places found in its result are then wrong in line.
func upperASCII(line []byte) []byte {
	out := bytes.Clone(line)
	for i, c := range out {
		if c >= 'a' && c <= 'z' {
			out[i] = c - 'a' + 'A'
		}
	}
	return out
}

func clip(b []byte) []byte { return b[:min(len(b), 60)] }

// nesting follows the parentheses of one response over its lines.
type nesting struct{ depth int }

// line scans one line. If it ends in a literal's size, more is true and size
// bytes and another line follow (RFC 9051 section 4.3).
func (n *nesting) line(line []byte) (size int64, more bool, err error) {
	line = trimEnd(line)
	quoted := false
	brace := -1
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(':
			if n.depth++; n.depth > maxNesting {
				return 0, false, fmt.Errorf("server nests deeper than %d", maxNesting)
			}
		case c == ')':
			n.depth--
		case c == '{':
			brace = i
		}
	}
	if quoted {
		return 0, false, fmt.Errorf("server sends an open quotation mark: %q", clip(line))
	}
	if brace >= 0 && line[len(line)-1] == '}' {
		size, err = literalSize(line[brace+1 : len(line)-1])
		return size, err == nil, err
	}
	if n.depth != 0 {
		return 0, false, fmt.Errorf("server sends unbalanced parentheses: %q", clip(line))
	}
	return 0, false, nil
}

// literalSize reads the size of a literal. A "+" behind it is for a client to write (RFC
// 7888 section 4), and means nothing from a server.
func literalSize(digits []byte) (int64, error) {
	size, err := strconv.ParseUint(string(bytes.TrimSuffix(digits, []byte("+"))), 10, 62)
	if err != nil {
		return 0, fmt.Errorf("server sends a literal of no size: %q", clip(digits))
	}
	return int64(size), nil
}
