package mailtest

import (
	"bytes"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"
)

// Field is one further header field of a letter.
type Field struct{ Name, Value string }

// Part is one part of a multipart letter.
type Part struct {
	Type string // such as "message/delivery-status", with its parameters
	Body string // LF or CRLF line ends
}

// Letter is a mail that a scripted person or a robot writes. What it leaves
// empty is filled in when it is posted: the account's address as recipient, the
// clock's time as its date, a Message-ID of its own.
type Letter struct {
	From       string // "Ken Osei <ken@acme.example>"
	To         string
	Subject    string
	Body       string // plain text with LF line ends
	InReplyTo  string // a Message-ID with angle brackets
	References []string
	Extra      []Field
	Sender     string // the envelope sender if it is not From; "<>" for none
	Forged     bool   // the receiving server found that DMARC fails
	Parts      []Part // in place of Body
	Type       string // of the whole if it has Parts, such as "multipart/mixed"
}

// stamp is what posting adds to a letter.
type stamp struct {
	at   time.Time
	id   string // Message-ID with angle brackets
	to   string // the account's address
	host string // the receiving server
}

// Bytes writes the letter as it arrives at host for the address to, for who
// delivers it to a server of their own. Equal arguments give equal bytes.
func (l Letter) Bytes(at time.Time, id, to, host string) []byte {
	return l.compose(stamp{at: at, id: id, to: to, host: host})
}

// compose writes the letter as it arrives in a folder, with the fields that the
// receiving server puts on top. Equal letters and stamps give equal bytes.
func (l Letter) compose(s stamp) []byte {
	var b bytes.Buffer
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\r\n", name, oneLine(value))
		}
	}
	l.trace(field, s)
	field("From", encodeAddress(l.From))
	to := l.To
	if to == "" {
		to = s.to
	}
	field("To", encodeAddress(to))
	field("Subject", encodeWords(l.Subject))
	field("Date", s.at.Format(time.RFC1123Z))
	field("Message-ID", s.id)
	field("In-Reply-To", l.InReplyTo)
	field("References", strings.Join(l.References, " "))
	for _, f := range l.Extra {
		field(f.Name, encodeWords(f.Value))
	}
	field("MIME-Version", "1.0")
	l.content(&b, s)
	return b.Bytes()
}

// trace writes what the last server adds (RFC 5321 section 4.4, RFC 8601).
func (l Letter) trace(field func(name, value string), s stamp) {
	from := bareAddress(l.From)
	sender := "<" + from + ">"
	if l.Sender != "" {
		sender = l.Sender
	}
	verdict := "pass"
	if l.Forged {
		verdict = "fail"
	}
	domain := domainOf(from)
	field("Return-Path", sender)
	field("Delivered-To", s.to)
	field("Received", fmt.Sprintf("from mail.%s by %s with ESMTPS for <%s>; %s", domain, s.host, s.to, s.at.Format(time.RFC1123Z)))
	field("Authentication-Results", fmt.Sprintf("%s; spf=%s smtp.mailfrom=%s; dkim=%s header.d=%s; dmarc=%s header.from=%s",
		s.host, verdict, domain, verdict, domain, verdict, domain))
}

// content writes the last fields of the header and the body.
func (l Letter) content(b *bytes.Buffer, s stamp) {
	if len(l.Parts) == 0 {
		writeText(b, "text/plain; charset=utf-8", l.Body)
		return
	}
	kind := l.Type
	if kind == "" {
		kind = "multipart/mixed"
	}
	boundary := "part-" + strings.Map(alphanumeric, s.id)
	fmt.Fprintf(b, "Content-Type: %s; boundary=%q\r\n\r\n", oneLine(kind), boundary)
	for _, p := range l.Parts {
		fmt.Fprintf(b, "--%s\r\n", boundary)
		writeText(b, oneLine(p.Type), p.Body)
	}
	fmt.Fprintf(b, "--%s--\r\n", boundary)
}

// alphanumeric keeps letters and digits only.
func alphanumeric(r rune) rune {
	if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
		return r
	}
	return -1
}

// writeText writes the fields of one text and the text with CRLF line ends,
// quoted-printable if 7bit will not do.
func writeText(b *bytes.Buffer, kind, text string) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	text = strings.TrimSuffix(text, "\n") + "\n"
	text = strings.ReplaceAll(text, "\n", "\r\n")
	fmt.Fprintf(b, "Content-Type: %s\r\n", kind)
	if fits7bit(text) {
		b.WriteString("\r\n" + text)
		return
	}
	b.WriteString("Content-Transfer-Encoding: quoted-printable\r\n\r\n")
	w := quotedprintable.NewWriter(b)
	w.Write([]byte(text)) // A bytes.Buffer takes everything.
	w.Close()
}

// fits7bit says whether a text needs no encoding (RFC 5322 section 2.1.1).
func fits7bit(text string) bool {
	for line := range strings.SplitSeq(text, "\r\n") {
		if len(line) > 998 {
			return false
		}
		for i := range len(line) {
			if line[i] == 0 || line[i] >= utf8.RuneSelf {
				return false
			}
		}
	}
	return true
}

// encodeWords writes a text for a header field (RFC 2047).
func encodeWords(text string) string { return mime.QEncoding.Encode("utf-8", oneLine(text)) }

// encodeAddress writes an address for a header field. What cannot be parsed
// stays as the script has it: broken addresses are worth testing too.
func encodeAddress(text string) string {
	if a, err := mail.ParseAddress(text); err == nil && a.Name != "" {
		return a.String()
	}
	return text
}

// oneLine takes away the line ends that would begin another field.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\r' || r == '\n' || r == 0 {
			return ' '
		}
		return r
	}, text)
}

// bareAddress returns the address of "Name <address>", lower case.
func bareAddress(text string) string {
	if a, err := mail.ParseAddress(text); err == nil {
		text = a.Address
	}
	return strings.ToLower(strings.Trim(text, "<> "))
}

// domainOf returns what stands behind the last @.
func domainOf(address string) string {
	return address[strings.LastIndexByte(address, '@')+1:]
}
