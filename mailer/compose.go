package mailer

import (
	"bytes"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/wneessen/go-mail"
)

// Thread is the exchange that a mail continues: empty for a new one.
type Thread struct {
	InReplyTo  string   // Message-ID with angle brackets
	References []string // oldest first, each with angle brackets
}

// Draft is one mail before it becomes bytes.
type Draft struct {
	From, To  Address
	Subject   string // as its reader sees it, with "Re:" where there is one
	Body      string // LF line ends; tabs are the only other control character
	Thread    Thread
	Date      time.Time // its zone is the one the reader sees
	MessageID string    // with angle brackets, at the domain of From
	// AutoSubmitted is the value of RFC 3834 section 5, for a notice to oneself
	// only: what goes to others is written by a person.
	AutoSubmitted string
}

// The bounds of a mail. They lie far above anything that a person writes.
const (
	maxName       = 200     // bytes of a display name
	maxSubject    = 500     // bytes of a subject
	maxBody       = 1 << 20 // bytes of a body
	maxReference  = 900     // bytes of one Message-ID, so that its line stays below 998
	keptFirst     = 1       // References that stay from the beginning of a long thread
	keptLast      = 20      // and from its end
	maxHeaderWord = 60      // bytes of a word of a subject that goes out as it is
	lineTarget    = 76      // RFC 2045 section 6.7: the longest quoted-printable line
)

// Compose turns a draft into the very bytes that leave, text/plain in UTF-8 and
// quoted-printable. The same draft gives the same bytes. It refuses what could
// break out of its place: control and bidi characters in names and subject,
// any control character but LF and tab in the body, an address that is not
// one mailbox. An identifier of the thread that cannot stand in a header as
// one word is left out, since others make them and a mail need not wait for it.
func Compose(d Draft) (Frozen, error) {
	if err := d.check(); err != nil {
		return Frozen{}, fmt.Errorf("composing mail: %w", err)
	}
	from, err := transportAddress(d.From)
	if err != nil {
		return Frozen{}, fmt.Errorf("composing mail: from: %w", err)
	}
	to, err := transportAddress(d.To)
	if err != nil {
		return Frozen{}, fmt.Errorf("composing mail: to: %w", err)
	}
	if err := checkOwnID(d.MessageID, from.Addr); err != nil {
		return Frozen{}, fmt.Errorf("composing mail: message id: %w", err)
	}
	raw, err := d.render(from, to)
	if err != nil {
		return Frozen{}, fmt.Errorf("composing mail: %w", err)
	}
	return Frozen{
		MessageID: d.MessageID,
		From:      from.Addr,
		To:        to.Addr,
		Bytes:     raw,
		UTF8:      !isASCII(from.Addr) || !isASCII(to.Addr),
	}, nil
}

// check refuses the parts of a draft that are wrong by themselves.
func (d Draft) check() error {
	if err := checkSubject(d.Subject); err != nil {
		return fmt.Errorf("subject: %w", err)
	}
	if err := checkBody(d.Body); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	if d.Date.Year() < 1900 || d.Date.Year() > 9999 {
		return fmt.Errorf("date: year %d, expected four digits", d.Date.Year())
	}
	for _, id := range append([]string{d.Thread.InReplyTo}, d.Thread.References...) {
		if strings.ContainsFunc(id, unicode.IsControl) {
			return fmt.Errorf("thread: the message id %q holds a control character", cut(id))
		}
	}
	return d.checkAutoSubmitted()
}

func (d Draft) checkAutoSubmitted() error {
	switch d.AutoSubmitted {
	case "":
		return nil
	case "auto-generated", "auto-replied":
	default:
		return fmt.Errorf("auto-submitted: %q, expected auto-generated or auto-replied", cut(d.AutoSubmitted))
	}
	if NormalAddress(d.From.Addr) != NormalAddress(d.To.Addr) {
		return errors.New("auto-submitted: only a mail to oneself may say so")
	}
	return nil
}

func checkSubject(s string) error {
	if err := checkLine(s); err != nil {
		return err
	}
	if strings.TrimSpace(s) == "" {
		return errors.New("it is empty")
	}
	if len(s) > maxSubject {
		return fmt.Errorf("it has %d bytes, expected at most %d", len(s), maxSubject)
	}
	return nil
}

// checkBody allows the directional marks that Arabic and Hebrew prose needs,
// but not the embeddings and overrides that make text read otherwise than it is.
func checkBody(s string) error {
	switch {
	case strings.TrimSpace(s) == "":
		return errors.New("it is empty")
	case len(s) > maxBody:
		return fmt.Errorf("it has %d bytes, expected at most %d", len(s), maxBody)
	case !utf8.ValidString(s):
		return errors.New("it is not valid UTF-8")
	}
	for _, r := range s {
		if r == '\n' || r == '\t' {
			continue
		}
		if unicode.IsControl(r) || r >= '\u2028' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return fmt.Errorf("it holds the control character %U", r)
		}
	}
	return nil
}

// transportAddress checks an address and brings its domain into ASCII, which
// needs no SMTPUTF8 (RFC 6531 section 3.2) and which every server knows.
func transportAddress(a Address) (Address, error) {
	if err := checkAddress(a); err != nil {
		return Address{}, fmt.Errorf("the address %q: %w", cut(a.Addr), err)
	}
	a.Name = strings.Join(strings.Fields(a.Name), " ")
	switch {
	case len(a.Name) > maxName:
		return Address{}, fmt.Errorf("the name has %d bytes, expected at most %d", len(a.Name), maxName)
	case strings.Contains(a.Name, "=?"):
		return Address{}, errors.New("the name holds an encoded word")
	}
	at := strings.LastIndexByte(a.Addr, '@')
	domain, err := asciiDomain(a.Addr[at+1:])
	if err != nil {
		return Address{}, err
	}
	a.Addr = a.Addr[:at+1] + domain
	return a, nil
}

// checkOwnID wants an identifier at the domain of the sender, so that no host
// name shows and the sender's own domain answers for it.
func checkOwnID(id, from string) error {
	if !isReference(id) {
		return fmt.Errorf("%q, expected one <...@%s>", cut(id), DomainOf(from))
	}
	local, domain, found := strings.Cut(id[1:len(id)-1], "@")
	if !found || checkLocalPart(local) != nil || !isASCII(local) || domain != DomainOf(from) {
		return fmt.Errorf("%q, expected one <...@%s>", cut(id), DomainOf(from))
	}
	return nil
}

// isReference reports whether an identifier can stand in a header as one word.
func isReference(id string) bool {
	if len(id) < 3 || len(id) > maxReference || id[0] != '<' || id[len(id)-1] != '>' {
		return false
	}
	inner := id[1 : len(id)-1]
	return !strings.ContainsFunc(inner, isUnprintable) && !strings.ContainsAny(inner, "<>") && !strings.Contains(inner, "=?")
}

// references is the value of the References field: the thread so far and, as
// RFC 5322 section 3.6.4 asks, the parent at its end. Of a long thread the
// first and the last stay, which is what programs thread by.
func (t Thread) references() []string {
	var ids []string
	seen := map[string]bool{}
	for _, id := range t.References {
		if isReference(id) && id != t.InReplyTo && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	if isReference(t.InReplyTo) {
		ids = append(ids, t.InReplyTo)
	}
	if len(ids) > keptFirst+keptLast {
		ids = append(ids[:keptFirst:keptFirst], ids[len(ids)-keptLast:]...)
	}
	return ids
}

// render writes the message. Every header that the library would add by itself
// is set here or switched off, because its defaults name the host and itself.
func (d Draft) render(from, to Address) ([]byte, error) {
	m := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithEncoding(mail.EncodingQP), mail.WithCharset(mail.CharsetUTF8))
	m.FromMailAddress(&netmail.Address{Name: from.Name, Address: from.Addr})
	m.ToMailAddress(&netmail.Address{Name: to.Name, Address: to.Addr})
	m.SetDateWithValue(d.Date)
	m.SetMessageIDWithValue(strings.Trim(d.MessageID, "<>"))
	m.SetGenHeader(mail.HeaderSubject, encodeText(d.Subject))
	if isReference(d.Thread.InReplyTo) {
		m.SetGenHeader(mail.HeaderInReplyTo, d.Thread.InReplyTo)
	}
	if ids := d.Thread.references(); len(ids) > 0 {
		m.SetGenHeader(mail.HeaderReferences, strings.Join(ids, " "))
	}
	if d.AutoSubmitted != "" {
		m.SetGenHeader("Auto-Submitted", d.AutoSubmitted)
	}
	body := d.Body
	if !strings.HasSuffix(body, "\n") {
		body += "\n"
	}
	m.SetBodyString(mail.TypeTextPlain, body)
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("writing message: %w", err)
	}
	return guardLines(b.Bytes()), nil
}

// encodeText writes a subject as RFC 2047 encoded words unless it is plain
// ASCII that folding cannot change. The library's own test for that overlooks
// what looks like an encoded word, runs of blanks and words longer than a line.
func encodeText(s string) string {
	if isPlain(s) {
		return s
	}
	const prefix, suffix, limit = "=?UTF-8?q?", "?=", 75
	var b strings.Builder
	room := 0
	for _, r := range s {
		piece := encodeRune(r)
		if len(piece) > room {
			if b.Len() > 0 {
				b.WriteString(suffix + " ")
			}
			b.WriteString(prefix)
			room = limit - len(prefix) - len(suffix)
		}
		b.WriteString(piece)
		room -= len(piece)
	}
	b.WriteString(suffix)
	return b.String()
}

func isPlain(s string) bool {
	if !isASCII(s) || strings.Contains(s, "=?") || strings.TrimSpace(s) != s {
		return false
	}
	for word := range strings.SplitSeq(s, " ") {
		if word == "" || len(word) > maxHeaderWord {
			return false
		}
	}
	return true
}

// encodeRune is the Q encoding of RFC 2047 section 4.2. A character is never
// cut in two, section 5.
func encodeRune(r rune) string {
	switch {
	case r == ' ':
		return "_"
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return string(r)
	}
	var b strings.Builder
	for _, c := range []byte(string(r)) {
		fmt.Fprintf(&b, "=%02X", c)
	}
	return b.String()
}

// guardLines encodes a dot or "From " that begins a line of the body, since
// mailboxes and careless servers change such lines on the way (RFC 2049
// section 3). Where the line would grow too long, it is broken softly.
func guardLines(raw []byte) []byte {
	end := bytes.Index(raw, []byte("\r\n\r\n"))
	if end < 0 {
		return raw
	}
	out := bytes.NewBuffer(make([]byte, 0, len(raw)+64))
	out.Write(raw[:end+4])
	for line := range bytes.Lines(raw[end+4:]) {
		if line[0] == '.' || bytes.HasPrefix(line, []byte("From ")) {
			fmt.Fprintf(out, "=%02X", line[0])
			line = line[1:]
			if len(line)+3-len("\r\n") > lineTarget {
				out.WriteString("=\r\n")
			}
		}
		out.Write(line)
	}
	return out.Bytes()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
