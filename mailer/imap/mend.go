package imap

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Servers write some folders' names and some flags as no RFC allows, and the
// library ends the connection at the first: one folder called R&D would hide
// all the mail of the account. Here such words are written as they should be.

// mendedFolder is the answer to LIST or STATUS with a name that can be read. The
// folder that it names may then turn out not to open, which is told of it alone.
func mendedFolder(r response, whole []byte) []byte {
	line := whole[:bytes.IndexByte(whole, '\n')+1]
	rest := whole[len(trimEnd(line))-len(r.text):]
	head, changed := "* "+r.kind+" ", false
	if r.kind == "LIST" {
		open, end := bytes.IndexByte(rest, '('), bytes.IndexByte(rest, ')')
		if open < 0 || end < open {
			return whole
		}
		flags := plainFlags(rest[open+1 : end])
		delimiter, after := nextString(rest[end+1:])
		if after == nil {
			return whole
		}
		written := "NIL"
		if utf8.RuneCount(delimiter) == 1 && utf8.Valid(delimiter) {
			written = quoted(delimiter)
		}
		changed = len(flags) != end-open-1 || !bytes.HasPrefix(rest[end+1:], []byte(" "+written+" "))
		head, rest = head+"("+string(flags)+") "+written+" ", bytes.TrimPrefix(after, []byte(" "))
	}
	name, tail := nextString(rest)
	if tail == nil {
		return whole
	}
	proper := properName(name)
	inPlace := rest[0] == '"' || rest[0] == '{' || !bytes.ContainsFunc(name, func(c rune) bool { return c < 0x80 && !isAtomByte(byte(c)) })
	if !changed && inPlace && rest[0] != ' ' && proper == string(name) {
		return whole
	}
	return append([]byte(head+quoted([]byte(proper))), tail...)
}

// nextString is the string that begins text behind blanks, whichever way it is
// written, and what follows it: nil if there is none.
func nextString(text []byte) (value, rest []byte) {
	text = bytes.TrimLeft(text, " ")
	switch {
	case bytes.HasPrefix(text, []byte(`"`)):
		for n := 1; n < len(text); n++ {
			switch text[n] {
			case '\\':
				n++
				if n < len(text) {
					value = append(value, text[n])
				}
			case '"':
				return value, text[n+1:]
			default:
				value = append(value, text[n])
			}
		}
	case bytes.HasPrefix(text, []byte("{")):
		line, after, _ := bytes.Cut(text, []byte("\n"))
		digits, isLiteral := bytes.CutSuffix(trimEnd(line[1:]), []byte("}"))
		if size, err := literalSize(digits); isLiteral && err == nil && size < int64(len(after)) {
			return after[:size], after[size:]
		}
	default:
		if n := bytes.IndexAny(text, " \r\n"); n > 0 {
			if bytes.EqualFold(text[:n], []byte("NIL")) {
				return nil, text[n:]
			}
			return text[:n], text[n:]
		}
	}
	return nil, nil
}

// quoted writes a string in quotation marks (RFC 9051 section 4.3).
func quoted(value []byte) string {
	return `"` + inQuotes.Replace(string(value)) + `"`
}

var inQuotes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// properName is a folder's name as it is to be written (RFC 3501 section 5.1.3).
// A name in another encoding is read as Latin-1; an & that begins no encoded text
// stands for itself.
func properName(name []byte) string {
	text := string(name)
	if !utf8.ValidString(text) {
		runes := make([]rune, len(name))
		for n, c := range name {
			runes[n] = rune(c)
		}
		text = string(runes)
	}
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, text)
	if !isEncoded(text) {
		text = strings.ReplaceAll(text, "&", "&-")
	}
	return text
}

// isEncoded reports whether every & begins an encoded text or "&-".
func isEncoded(name string) bool {
	justBefore := false // another encoded text
	for {
		plain, rest, found := strings.Cut(name, "&")
		if !found {
			return true
		}
		code, rest, ended := strings.Cut(rest, "-")
		switch {
		case !ended, code != "" && (!isCode(code) || justBefore && plain == ""):
			return false
		}
		justBefore, name = code != "", rest
	}
}

// isCode reports whether code is UTF-16 in the base64 of names, of characters
// that cannot be written plainly.
func isCode(code string) bool {
	bytes, err := base64.RawStdEncoding.DecodeString(strings.ReplaceAll(strings.ReplaceAll(code, "/", "!"), ",", "/"))
	if err != nil || len(bytes)%2 == 1 {
		return false
	}
	units := make([]uint16, len(bytes)/2)
	for n := range units {
		units[n] = uint16(bytes[2*n])<<8 | uint16(bytes[2*n+1])
		if units[n] >= 0x20 && units[n] <= 0x7e {
			return false
		}
	}
	for _, r := range utf16.Decode(units) {
		if r == utf8.RuneError {
			return false
		}
	}
	return true
}

// plainFlags is a list of flags or attributes with one blank between them and
// without those that are no atoms. It is list itself where nothing is wrong.
func plainFlags(list []byte) []byte {
	var kept [][]byte
	size := 0
	for flag := range bytes.SplitSeq(list, []byte(" ")) {
		atom := bytes.TrimPrefix(flag, []byte(`\`))
		if string(flag) != `\*` && (len(atom) == 0 || bytes.ContainsFunc(atom, func(r rune) bool { return r < 0x80 && !isAtomByte(byte(r)) })) {
			continue
		}
		kept = append(kept, flag)
		size += len(flag) + 1
	}
	if size == len(list)+1 {
		return list
	}
	return bytes.Join(kept, []byte(" "))
}
