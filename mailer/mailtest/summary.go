package mailtest

import (
	"bytes"
	"io"
	"mime"
	"net/mail"
	"regexp"
	"strings"
	"sync"
	"time"

	gomessage "github.com/emersion/go-message"
)

// summary is what the sandbox wants to know about a message. It is read
// leniently: what is missing or malformed is left empty.
type summary struct {
	MessageID  string // with angle brackets
	References []string
	Subject    string // decoded
	From       string // as it stands in the field
	To         string
	Date       time.Time
	Automatic  bool // written by a program (RFC 3834 section 2)
}

// splitMessage parts a message at its first empty line. The head keeps its
// last line end, the body begins behind the empty line.
func splitMessage(raw []byte) (head, body []byte) {
	if i := bytes.Index(raw, []byte("\r\n\r\n")); i >= 0 {
		return raw[:i+2], raw[i+4:]
	}
	return raw, nil
}

// headerField returns the first field of that name, unfolded (RFC 5322 section
// 2.2.3), and whether there is one.
func headerField(head []byte, name string) (string, bool) {
	var value []string
	found := false
	for line := range strings.SplitSeq(string(head), "\r\n") {
		folded := strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")
		switch key, rest, ok := strings.Cut(line, ":"); {
		case folded && found:
			value = append(value, strings.TrimSpace(line))
		case found:
			return strings.Join(value, " "), true
		case !folded && ok && strings.EqualFold(strings.TrimSpace(key), name):
			found = true
			value = append(value, strings.TrimSpace(rest))
		}
	}
	return strings.Join(value, " "), found
}

// summarise reads the head of a message.
func summarise(raw []byte) summary {
	head, _ := splitMessage(raw)
	field := func(name string) string {
		value, _ := headerField(head, name)
		return value
	}
	s := summary{From: field("From"), To: field("To")}
	if ids := messageIDs(field("Message-ID")); len(ids) > 0 {
		s.MessageID = ids[0]
	}
	s.References = messageIDs(field("References"))
	if len(s.References) == 0 {
		s.References = messageIDs(field("In-Reply-To"))
	}
	s.Subject = decodeWords(field("Subject"))
	if date, err := mail.ParseDate(field("Date")); err == nil {
		s.Date = date
	}
	auto := field("Auto-Submitted")
	s.Automatic = auto != "" && !strings.EqualFold(auto, "no")
	return s
}

// messageIDs returns everything in angle brackets.
func messageIDs(field string) []string { return bracketed().FindAllString(field, -1) }

var bracketed = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`<[^<>\s]+>`) })

// decodeWords decodes RFC 2047, or returns the text as it is.
func decodeWords(text string) string {
	if decoded, err := new(mime.WordDecoder).DecodeHeader(text); err == nil {
		return decoded
	}
	return text
}

// maxQuoted bounds how much of a mail an answer quotes.
const maxQuoted = 64 << 10

// plainText returns the first plain text of a message, decoded, with LF line
// ends, or "" where it finds none at the top or one level down.
func plainText(raw []byte) string {
	entity, err := gomessage.Read(bytes.NewReader(raw))
	if entity == nil || err != nil && !gomessage.IsUnknownCharset(err) {
		return ""
	}
	parts := entity.MultipartReader()
	for parts != nil {
		part, err := parts.NextPart()
		if err != nil {
			return ""
		}
		if kind, _, _ := part.Header.ContentType(); kind == "text/plain" {
			entity = part
			break
		}
	}
	text, err := io.ReadAll(io.LimitReader(entity.Body, maxQuoted))
	if err != nil {
		return ""
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}

// replaceField gives a header field another value, or adds it at the top.
func replaceField(raw []byte, name, value string) []byte {
	head, body := splitMessage(raw)
	var out []string
	skipping := false
	for line := range strings.SplitSeq(strings.TrimSuffix(string(head), "\r\n"), "\r\n") {
		if strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") {
			if !skipping {
				out = append(out, line)
			}
			continue
		}
		key, _, _ := strings.Cut(line, ":")
		skipping = strings.EqualFold(strings.TrimSpace(key), name)
		if !skipping {
			out = append(out, line)
		}
	}
	top := name + ": " + value
	return []byte(top + "\r\n" + strings.Join(out, "\r\n") + "\r\n\r\n" + string(body))
}
