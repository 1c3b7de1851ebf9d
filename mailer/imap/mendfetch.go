package imap

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// item is one of the things that an answer to FETCH says of its message (RFC 9051 section
// 7.5.2), as it is written.
type item struct{ name, value []byte }

// mendedFetch is the answer to FETCH as the library reads it: with what was asked for and
// nothing else, and with the text behind the UID, wherever a server puts that.
// A date, a size or flags that cannot be read are left out: they are not worth the message.
func mendedFetch(response []byte) []byte {
	items, ok := fetchItems(response)
	if !ok {
		return response
	}
	var short, long []item
	open := bytes.IndexByte(response, '(') + 1
	size, ordered := open+len(")\r\n")-1, true
	for _, one := range items {
		proper, keep := one.proper()
		ordered = ordered && keep && (len(long) == 0 || !bytes.EqualFold(one.name, []byte("UID")))
		size += len(proper.name) + 1 + len(proper.value) + 1
		switch {
		case !keep:
		case proper.isText():
			long = append(long, proper)
		default:
			short = append(short, proper)
		}
	}
	if ordered && size == len(response) { // nothing was left out, and no blank is too much
		return response
	}
	out := append(make([]byte, 0, size), response[:open]...)
	for n, one := range slices.Concat(short, long) {
		if n > 0 {
			out = append(out, ' ')
		}
		out = append(append(append(out, one.name...), ' '), one.value...)
	}
	return append(out, ")\r\n"...)
}

// fetchItems takes an answer apart; ok is false if it is no list of items.
func fetchItems(response []byte) (items []item, ok bool) {
	_, rest, found := bytes.Cut(response, []byte("("))
	for found {
		rest = bytes.TrimLeft(rest, " ")
		if bytes.HasPrefix(rest, []byte(")")) {
			return items, len(trimEnd(rest)) == 1
		}
		name := itemName(rest)
		behind := bytes.TrimLeft(rest[len(name):], " ")
		value := itemValue(behind)
		if bytes.EqualFold(name, []byte("FLAGS")) && bytes.HasPrefix(behind, []byte("(")) {
			value = flagList(behind)
		}
		if len(name) == 0 || len(value) == 0 || rest[len(name)] != ' ' {
			return nil, false
		}
		items, rest = append(items, item{name, value}), behind[len(value):]
	}
	return nil, false
}

// itemName is the name that begins text, with the section in brackets.
func itemName(text []byte) []byte {
	n := bytes.IndexAny(text, " [)\r\n")
	if n <= 0 || text[n] != '[' {
		return text[:max(n, 0)]
	}
	closed := bytes.IndexByte(text[n:], ']')
	if closed < 0 {
		return nil
	}
	n += closed
	return text[:n+max(bytes.IndexAny(text[n:], " )\r\n"), 0)]
}

// itemValue is the value that begins text: a word, a string in either form, or a list of
// such. It is nil where there is none.
func itemValue(text []byte) []byte {
	depth := 0
	for n := 0; n < len(text); {
		size := 1
		switch c := text[n]; {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == '"':
			size = quotedSize(text[n:])
		case c == '{' || c == '~' && bytes.HasPrefix(text[n+1:], []byte("{")):
			size = len(text[n:]) - len(afterLiteral(text[n:]))
		case c == '\r' || c == '\n':
			return nil
		case c != ' ':
			size = max(bytes.IndexAny(text[n:], " ()\"\r\n"), 1)
		}
		if n += size; depth <= 0 {
			return text[:n+min(depth, 0)]
		}
	}
	return nil
}

// flagList is the list of flags that begins text. It ends at the first bracket that closes,
// since no flag holds one: a keyword that looks like a literal is none, and does not reach
// far into the message.
func flagList(text []byte) []byte {
	n := bytes.IndexAny(text, ")\r\n")
	if n < 0 || text[n] != ')' {
		return nil
	}
	return text[:n+1]
}

// quotedSize is how long the string in quotation marks is that begins text.
func quotedSize(text []byte) int {
	for n := 1; n < len(text); n++ {
		switch text[n] {
		case '\\':
			n++
		case '"':
			return n + 1
		}
	}
	return len(text)
}

// afterLiteral is what follows the literal that begins text, nil if it is none.
func afterLiteral(text []byte) []byte {
	line, after, _ := bytes.Cut(text, []byte("\n"))
	digits := bytes.TrimSuffix(bytes.TrimLeft(trimEnd(line), "~{"), []byte("}"))
	size, err := literalSize(digits)
	if err != nil || size > int64(len(after)) {
		return nil
	}
	return after[size:]
}

// isText reports whether the item is the message's text, or some of it.
func (i item) isText() bool {
	return bytes.HasSuffix(i.name, []byte("]")) || bytes.HasSuffix(i.name, []byte(">"))
}

// proper is the item as the library reads it; keep is false for one that it cannot read or
// nobody asked for.
func (i item) proper() (proper item, keep bool) {
	switch name := string(upperASCII(i.name)); {
	case name == "UID":
		_, err := strconv.ParseUint(string(i.value), 10, 32)
		return i, err == nil
	case name == "RFC822.SIZE":
		_, err := strconv.ParseUint(string(i.value), 10, 63)
		return i, err == nil
	case name == "INTERNALDATE":
		at, err := time.Parse(`"_2-Jan-2006 15:04:05 -0700"`, string(i.value))
		return i, err == nil && !at.IsZero()
	case name == "FLAGS":
		if i.value[0] != '(' {
			return i, false
		}
		flags := plainFlags(i.value[1 : len(i.value)-1])
		return item{i.name, slices.Concat([]byte("("), flags, []byte(")"))}, true
	case !strings.HasPrefix(name, "BODY["):
		return i, false
	}
	return item{i.name, plainLiteral(i.value)}, i.value[0] != '('
}

// plainLiteral is a literal without the marks that only a client may set (RFC 7888), or
// only for an item that nobody asked for (RFC 3516); any other value is as it is.
func plainLiteral(value []byte) []byte {
	line, after, isLiteral := bytes.Cut(value, []byte("\n"))
	if !isLiteral || value[0] == '"' || value[0] == '{' && !bytes.Contains(line, []byte("+")) {
		return value
	}
	return append(fmt.Appendf(nil, "{%d}\r\n", len(after)), after...)
}
