package mailtest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
)

// errQuit says that a client left before TLS began.
var errQuit = errors.New("client left before TLS")

// maxPreludeLine bounds a command before TLS, well above what RFC 5321 section
// 4.5.3.1.4 asks for.
const maxPreludeLine = 4096

// prelude holds the conversation before TLS, in which nothing but STARTTLS
// leads on (RFC 3207 section 4, RFC 9051 section 6.2.1). The libraries could
// upgrade by themselves, but would hide the rest of the session from the
// transcript.
type prelude struct {
	conn   net.Conn
	record *recorder
	domain string
}

// run returns nil once the client may begin its handshake.
func (p *prelude) run() error {
	answer, greeting := p.smtpAnswer, "220 "+p.domain+" ESMTP Service Ready"
	if p.record.protocol == IMAP {
		answer, greeting = p.imapAnswer, "* OK [CAPABILITY IMAP4rev1 SASL-IR STARTTLS LOGINDISABLED] IMAP server ready"
	}
	if err := p.say(greeting); err != nil {
		return err
	}
	for {
		line, err := p.hear()
		if err != nil {
			return err
		}
		lines, upgrade, quit := answer(line)
		if err := p.say(lines...); err != nil {
			return err
		}
		if upgrade {
			return nil
		}
		if quit {
			return errQuit
		}
	}
}

// smtpAnswer answers one SMTP command.
func (p *prelude) smtpAnswer(line string) (answer []string, upgrade, quit bool) {
	verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
	switch verb {
	case "EHLO":
		return []string{"250-" + p.domain, "250-8BITMIME", "250-ENHANCEDSTATUSCODES", "250 STARTTLS"}, false, false
	case "HELO", "NOOP", "RSET":
		return []string{"250 2.0.0 Ok"}, false, false
	case "STARTTLS":
		return []string{"220 2.0.0 Ready to start TLS"}, true, false
	case "QUIT":
		return []string{"221 2.0.0 Bye"}, false, true
	}
	return []string{"530 5.7.0 Must issue a STARTTLS command first"}, false, false
}

// imapAnswer answers one IMAP command.
func (p *prelude) imapAnswer(line string) (answer []string, upgrade, quit bool) {
	tag, _, _ := strings.Cut(line, " ")
	switch commandName(line) {
	case "CAPABILITY":
		return []string{"* CAPABILITY IMAP4rev1 SASL-IR STARTTLS LOGINDISABLED", tag + " OK CAPABILITY completed"}, false, false
	case "NOOP":
		return []string{tag + " OK NOOP completed"}, false, false
	case "STARTTLS":
		return []string{tag + " OK Begin TLS negotiation now"}, true, false
	case "LOGOUT":
		return []string{"* BYE Logging out", tag + " OK LOGOUT completed"}, false, true
	case "LOGIN", "AUTHENTICATE":
		return []string{tag + " NO [PRIVACYREQUIRED] TLS is required to authenticate"}, false, false
	}
	return []string{tag + " BAD Unknown command"}, false, false
}

// say writes lines in one piece.
func (p *prelude) say(lines ...string) error {
	out := []byte(strings.Join(lines, "\r\n") + "\r\n")
	p.record.fromServer(out)
	_, err := p.conn.Write(out)
	return err
}

// hear reads one line, a byte at a time: what follows STARTTLS belongs to TLS
// and must not be taken from it.
func (p *prelude) hear() (string, error) {
	var line []byte
	one := make([]byte, 1)
	for len(line) < maxPreludeLine {
		if _, err := io.ReadFull(p.conn, one); err != nil {
			return "", err
		}
		line = append(line, one[0])
		if one[0] == '\n' {
			p.record.fromClient(line)
			return strings.TrimRight(string(line), "\r\n"), nil
		}
	}
	return "", fmt.Errorf("reading a command before TLS: longer than %d bytes", maxPreludeLine)
}
