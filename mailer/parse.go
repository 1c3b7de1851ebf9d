package mailer

import (
	"bytes"
	"net/mail"
	"strings"
	"time"
)

// Bounds of reading. A message past one of them is read up to it and says so
// in Defects: odd, huge or hostile mail must never stop the watcher.
const (
	maxHeaderBytes  = 256 << 10
	maxHeaderFields = 1000
	maxFieldBytes   = 32 << 10
	maxAddresses    = 200
	maxAddressBytes = 64 << 10
	maxShownSubject = 1000    // characters of a subject or summary: what is told quotes it
	maxShownName    = 200     // characters of a name, likewise
	maxBodyBytes    = 8 << 20 // of the raw body that is looked at
	maxDepth        = 10      // of nested multiparts
	maxParts        = 100
	maxPartBytes    = 256 << 10 // of one decoded leaf
	maxTotalBytes   = 2 << 20   // of all decoded leaves together
	maxTextBytes    = 256 << 10 // of Text
)

// Parse reads a message from its header section and its body. It never fails:
// what cannot be read is left empty and said in Defects. A nil body means that
// only the header was fetched. Work and memory are bounded whatever the size
// of the input.
func Parse(header, body []byte) Message {
	h := readHeader(header)
	m := Message{HeaderOnly: body == nil, Defects: h.defects}
	m.Header = h.decoded()
	fillHeader(&m, h)
	if m.HeaderOnly {
		return m
	}
	t := readTree(h, body)
	m.Parts = t.parts
	m.Defects = append(m.Defects, t.defects...)
	m.Text = tidyText(t.text)
	m.NewText, m.Quoted = splitQuoted(m.Text, &m)
	return m
}

// Split cuts a raw message at the first empty line (RFC 5322 section 2.1). The
// empty line belongs to neither half. Without one the whole is the header and
// the body is empty, not nil.
func Split(raw []byte) (header, body []byte) {
	start := leadingJunk(raw)
	rest := raw[start:]
	for at := 0; at < len(rest); {
		end := bytes.IndexByte(rest[at:], '\n')
		if end < 0 {
			break
		}
		line := rest[at : at+end]
		at += end + 1
		if len(bytes.TrimRight(line, "\r")) == 0 {
			return raw[:start+at], rest[at:]
		}
	}
	return raw, []byte{}
}

// leadingJunk returns how many bytes precede the first field: a byte order
// mark and empty lines.
func leadingJunk(raw []byte) int {
	n := 0
	if bytes.HasPrefix(raw, []byte("\ufeff")) {
		n = len("\ufeff")
	}
	for n < len(raw) && (raw[n] == '\r' || raw[n] == '\n') {
		n++
	}
	return n
}

func fillHeader(m *Message, h fields) {
	if ids := scanIDs(h.first("message-id")); len(ids) > 0 {
		m.ID = ids[0]
	}
	m.InReplyTo = scanIDs(h.joined("in-reply-to"))
	m.References = scanIDs(h.joined("references"))
	m.From = parseAddresses(h.joined("from"))
	m.Sender = parseAddresses(h.joined("sender"))
	m.ReplyTo = parseAddresses(h.joined("reply-to"))
	m.To = parseAddresses(h.joined("to"))
	m.Bcc = parseAddresses(h.joined("bcc"))
	m.Cc = parseAddresses(h.joined("cc"))
	m.Subject = firstRunes(strings.Join(strings.Fields(m.Header.Get("subject")), " "), maxShownSubject)
	if v := h.first("date"); v != "" {
		m.Date = parseDate(v)
		if m.Date.IsZero() {
			m.Defects = append(m.Defects, "unreadable Date")
		}
	}
	if len(m.From) == 0 {
		m.Defects = append(m.Defects, "no From")
	}
}

// firstRunes cuts a text that is longer than anybody needs, and says so.
func firstRunes(v string, most int) string {
	if len(v) <= most {
		return v
	}
	if r := []rune(v); len(r) > most {
		return string(r[:most]) + "..."
	}
	return v
}

// parseDate reads a Date field (RFC 5322 section 3.3, the obsolete forms of
// section 4.3 and a few that programs write), or gives the zero time.
func parseDate(v string) time.Time {
	if len(v) > 200 {
		return time.Time{}
	}
	if t, err := mail.ParseDate(v); err == nil {
		return t
	}
	v, _, _ = strings.Cut(v, "(")
	v = strings.Join(strings.Fields(v), " ")
	for _, layout := range []string{
		time.RFC3339, time.ANSIC, time.UnixDate, "Mon, 2 Jan 2006 15:04:05", "2 Jan 2006 15:04:05",
		"Mon, 2 Jan 2006 15:04:05 MST", "Mon Jan 2 15:04:05 2006 -0700", "Mon, 2 Jan 2006 15:04 -0700",
		"Mon, 2 Jan 06 15:04:05 -0700", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05",
	} {
		if t, err := time.Parse(layout, v); err == nil {
			return t
		}
	}
	return time.Time{}
}
