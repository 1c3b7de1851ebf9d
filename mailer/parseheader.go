package mailer

import (
	"bytes"
	"strings"
)

// field is one header field as it stood, unfolded and not decoded.
type field struct {
	name  string // lower case
	value string
}

// fields is a header section read tolerantly. It is our own reader because
// those of the libraries have no limit and stop at the first broken line.
type fields struct {
	list    []field
	defects []string
}

// readHeader reads the fields of a header section up to its first empty line.
// Lines may end in CRLF or a bare LF (RFC 5322 section 2.2 asks for CRLF).
func readHeader(b []byte) fields {
	var h fields
	b = b[leadingJunk(b):]
	if len(b) > maxHeaderBytes {
		b = b[:maxHeaderBytes]
		h.defects = append(h.defects, "header cut at its bound")
	}
	broken, dropped := 0, false // dropped: the last line was no field, nor is what is folded below it
	var value []byte            // of the field being read, so that folding costs linear time
	flush := func() {
		if n := len(h.list); n > 0 {
			// What is not decoded, such as an identifier, is shown too; no field may hold a control character (RFC 5322 section 2.2).
			h.list[n-1].value = strings.TrimSpace(validText(string(value)))
		}
	}
	for len(b) > 0 {
		var line []byte
		line, b = cutLine(b)
		if len(line) == 0 {
			break
		}
		// Some programs fold identifiers and addresses without the space.
		if line[0] == ' ' || line[0] == '\t' || line[0] == '<' && len(h.list) > 0 {
			if line[0] == '<' {
				value, dropped = appendBounded(value, []byte(" ")), false
			}
			if !dropped {
				value = appendBounded(value, line)
			}
			continue
		}
		name, rest, ok := cutField(line)
		if dropped = !ok; dropped {
			// A mailbox file's "From " line is no defect of the sender's.
			if !(len(h.list) == 0 && bytes.HasPrefix(line, []byte("From "))) {
				broken++
			}
			continue
		}
		if len(h.list) == maxHeaderFields {
			h.defects = append(h.defects, "too many header fields")
			break
		}
		flush()
		value = appendBounded(value[:0], rest)
		h.list = append(h.list, field{name: name})
	}
	flush()
	if broken > 0 {
		h.defects = append(h.defects, "header lines that are no fields")
	}
	return h
}

// appendBounded adds a folded line to a value, up to the bound of one field.
func appendBounded(value, line []byte) []byte {
	if room := maxFieldBytes - len(value); len(line) > room {
		line = line[:max(room, 0)]
	}
	return append(value, line...)
}

// cutLine returns the first line without its end, and what follows it.
func cutLine(b []byte) (line, rest []byte) {
	end := bytes.IndexByte(b, '\n')
	if end < 0 {
		return bytes.TrimRight(b, "\r"), nil
	}
	return bytes.TrimRight(b[:end], "\r"), b[end+1:]
}

// cutField splits a line into the field's name, in lower case, and its value.
// Space before the colon is obsolete but legal (RFC 5322 section 4.5).
func cutField(line []byte) (name string, value []byte, ok bool) {
	colon := bytes.IndexByte(line, ':')
	if colon < 1 || colon > 100 {
		return "", nil, false
	}
	raw := bytes.TrimRight(line[:colon], " \t")
	for _, c := range raw {
		if c <= ' ' || c >= 0x7f {
			return "", nil, false
		}
	}
	return strings.ToLower(string(raw)), line[colon+1:], len(raw) > 0
}

// first returns the first value of a field, "" if there is none.
func (h fields) first(name string) string {
	for _, f := range h.list {
		if f.name == name {
			return f.value
		}
	}
	return ""
}

// joined returns all values of a field with a comma between them: a field that
// must stand once (RFC 5322 section 3.6) stands twice in broken mail, and
// nothing in the second may be lost.
func (h fields) joined(name string) string {
	joined := ""
	for _, f := range h.list {
		if f.name != name {
			continue
		}
		if joined != "" {
			joined += ", "
		}
		joined += f.value
		if len(joined) > maxHeaderBytes {
			break
		}
	}
	return joined
}

// decoded gives all fields by name, with encoded words decoded.
func (h fields) decoded() Header {
	out := make(Header, len(h.list))
	for _, f := range h.list {
		out[f.name] = append(out[f.name], decodeWords(f.value))
	}
	return out
}
