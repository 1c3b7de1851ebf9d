package smtp

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"afterword/mailer"
)

// maxTextLine is the longest line without its CRLF (RFC 5322 section 2.1.1).
const maxTextLine = 998

// checkFrozen refuses a message whose bytes the server would have to change, or
// whose envelope would be read as more than one address. Such a message must
// not leave, however often it is tried.
func checkFrozen(m mailer.Frozen) error {
	for _, address := range []string{m.From, m.To} {
		if err := checkEnvelope(address, m.UTF8); err != nil {
			return err
		}
	}
	if err := checkLines(m.Bytes); err != nil {
		return err
	}
	return checkEightBit(m)
}

// checkEnvelope takes a plain local@domain only. Quoted local parts are legal
// but carry spaces and brackets; no interviewer has one.
func checkEnvelope(address string, utf8 bool) error {
	local, domain, found := strings.Cut(address, "@")
	switch {
	case !found || local == "" || domain == "" || strings.Contains(domain, "@"):
		return fmt.Errorf("checking the envelope: %q is no address", address)
	case strings.ContainsFunc(address, isUnsafe) || strings.ContainsAny(address, `<>"\,;`):
		return fmt.Errorf("checking the envelope: %q holds a character that no plain address has", address)
	case !utf8 && strings.ContainsFunc(address, notASCII):
		return fmt.Errorf("checking the envelope: %q needs SMTPUTF8, which the message does not ask for", address)
	}
	return nil
}

// checkLines holds the bytes against RFC 5321 section 2.3.8: lines end in CRLF,
// the last one too, and CR, LF and NUL occur nowhere else.
func checkLines(text []byte) error {
	if !bytes.HasSuffix(text, []byte("\r\n")) {
		return errors.New("checking the message: it does not end in CRLF")
	}
	for number, line := range bytes.Split(text[:len(text)-2], []byte("\r\n")) {
		if bytes.ContainsAny(line, "\r\n\x00") {
			return fmt.Errorf("checking the message: line %d holds a bare CR, a bare LF or a NUL", number+1)
		}
		if len(line) > maxTextLine {
			return fmt.Errorf("checking the message: line %d is longer than %d bytes", number+1, maxTextLine)
		}
	}
	return nil
}

// checkEightBit allows bytes above 127 in the header of an SMTPUTF8 message
// only. Bodies are quoted-printable, so that no server has to re-encode them.
func checkEightBit(m mailer.Frozen) error {
	header, body, _ := bytes.Cut(m.Bytes, []byte("\r\n\r\n"))
	if bytes.ContainsFunc(body, notASCII) || !m.UTF8 && bytes.ContainsFunc(header, notASCII) {
		return errors.New("checking the message: it holds eight-bit bytes that were not encoded")
	}
	return nil
}

func notASCII(r rune) bool { return r > 0x7F }

// stuffed doubles each dot that begins a line (RFC 5321 section 4.5.2), so that
// no line of the message ends it. The text has passed checkLines.
func stuffed(text []byte) []byte {
	out := bytes.ReplaceAll(text, []byte("\r\n."), []byte("\r\n.."))
	if bytes.HasPrefix(out, []byte(".")) {
		out = append([]byte("."), out...)
	}
	return out
}
