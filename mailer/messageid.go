package mailer

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"io"
	"mime"
	"strings"
)

// idBytes is how much of the hash an identifier shows: 160 bits, which nobody
// guesses, in 32 characters.
const idBytes = 20

// MessageID is the identifier of the delivery with that key, with its angle
// brackets (RFC 5322 section 3.6.4), at the domain of the sender's address. It
// is the same on every attempt and after a restore, and nobody without the
// secret can guess it, so that an answer which names it has seen the mail.
func MessageID(secret []byte, key, from string) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("message-id\x00"))
	mac.Write([]byte(key))
	return encodeID(mac.Sum(nil)[:idBytes], from)
}

// RandomMessageID is the identifier of a mail that is no delivery: a draft, a
// probe, a notice. It reads 20 bytes of random.
func RandomMessageID(random io.Reader, from string) (string, error) {
	b := make([]byte, idBytes)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("drawing a message id: %w", err)
	}
	return encodeID(b, from), nil
}

// encodeID writes the bytes in lower-case base32, since some servers change
// the case of what they quote and digits and letters survive everywhere.
func encodeID(b []byte, from string) string {
	local := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)
	return "<" + strings.ToLower(local) + "@" + DomainOf(from) + ">"
}

// The bounds of scanIDs.
const (
	maxScanBytes = 64 << 10 // of the field's value that are looked at
	maxScanIDs   = 500      // identifiers that are returned
	maxIDLength  = 512      // bytes of one identifier; longer ones are no line of a header
)

// scanIDs finds the message identifiers in a field that need not be well
// formed: phrases around them, comments, folding inside them, encoded words, a
// missing bracket. Each comes once, with angle brackets and without white
// space, in the order of its first appearance. It reads at most 64 KiB.
func scanIDs(s string) []string {
	if len(s) > maxScanBytes {
		s = s[:maxScanBytes]
	}
	s = dropComments(decodeEncodedIDs(s))
	list := idList{seen: map[string]bool{}}
	for rest, closed := s, true; closed; {
		var span string
		span, rest, closed = strings.Cut(rest, ">")
		open := strings.LastIndexByte(span, '<')
		if !closed || open < 0 {
			list.addBare(span)
			continue
		}
		// Of "<a <b@x>" only what stands after the last bracket is enclosed.
		list.addBare(span[:open])
		list.add(strings.Join(strings.Fields(span[open+1:]), ""))
	}
	return list.ids
}

// idList gathers identifiers, each once, up to the bound.
type idList struct {
	ids  []string
	seen map[string]bool
}

// addBare takes the words with an at sign out of text without brackets. Where
// they are mere addresses nothing is lost: no identifier of ours looks so.
func (l *idList) addBare(text string) {
	for word := range strings.FieldsSeq(text) {
		for part := range strings.SplitSeq(word, "<") {
			l.add(strings.Trim(part, "\"',;:"))
		}
	}
}

func (l *idList) add(id string) {
	at := strings.IndexByte(id, '@')
	if at <= 0 || at == len(id)-1 || len(id) > maxIDLength || len(l.ids) == maxScanIDs {
		return
	}
	if strings.ContainsFunc(id, isUnprintable) || strings.Contains(id, "=?") {
		return
	}
	if id = "<" + id + ">"; !l.seen[id] {
		l.seen[id] = true
		l.ids = append(l.ids, id)
	}
}

// isUnprintable reports what may not stand in an identifier that goes on into
// a References field of ours.
func isUnprintable(r rune) bool { return r <= ' ' || r >= 0x7f }

// decodeEncodedIDs undoes RFC 2047, which forbids encoded words in these
// fields; some programs encode long identifiers all the same.
func decodeEncodedIDs(s string) string {
	if !strings.Contains(s, "=?") {
		return s
	}
	var decoder mime.WordDecoder
	decoded, err := decoder.DecodeHeader(s)
	if err != nil {
		return s
	}
	return decoded
}

// dropComments replaces comments (RFC 5322 section 3.2.2) by a blank. A
// parenthesis inside angle brackets belongs to the identifier, and one that is
// never closed is no comment: it must not hide what follows it.
func dropComments(s string) string {
	if !strings.Contains(s, "(") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		switch s[i] {
		case '<':
			end := strings.IndexByte(s[i:], '>')
			if end < 0 {
				end = len(s) - i - 1
			}
			b.WriteString(s[i : i+end+1])
			i += end + 1
		case '(':
			if end := commentEnd(s[i:]); end > 0 {
				b.WriteByte(' ')
				i += end
				continue
			}
			// Without this the search for an end would repeat at each parenthesis.
			b.WriteString(s[i:])
			return b.String()
		default:
			b.WriteByte(s[i])
			i++
		}
	}
	return b.String()
}

// commentEnd returns the length of the comment that s begins with, 0 if it is
// never closed.
func commentEnd(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}
