package smtp

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	library "github.com/wneessen/go-mail/smtp"

	"afterword/mailer"
)

// mostChallenges bounds the steps of one login: the longest mechanism has two.
const mostChallenges = 8

var errEndlessLogin = errors.New("the server asks without end")

// use takes a stream into service. What was read ahead on the one before it is
// given up with its reader, and so is what the server offered there.
func (e *session) use(stream net.Conn) {
	e.stream, e.r, e.w = stream, bufio.NewReader(stream), bufio.NewWriter(stream)
	e.offers = nil
}

// greet reads the greeting, says EHLO and secures the session.
func (s *Sender) greet(ctx context.Context, opened *session) *failure {
	if err := opened.conn.SetDeadline(time.Now().Add(helloTimeout)); err != nil {
		return &failure{phase: mailer.PhaseConnect, err: err}
	}
	stream, err := s.wrap(ctx, opened.conn)
	if err != nil {
		return &failure{phase: mailer.PhaseConnect, err: err}
	}
	opened.use(stream)
	r, err := readReply(opened.r)
	if err != nil {
		return &failure{phase: mailer.PhaseConnect, err: fmt.Errorf("reading the greeting: %w", err)}
	}
	if r.code != 220 {
		return opened.refused(mailer.PhaseConnect, r)
	}
	if failed := opened.hello(s.config.HelloName); failed != nil || s.config.Security != STARTTLS {
		return failed
	}
	return s.upgrade(ctx, opened)
}

// hello says EHLO, and HELO where the server does not know that.
func (e *session) hello(name string) *failure {
	r, err := e.converse("EHLO " + name)
	if err == nil && r.class() == 5 {
		r, err = e.converse("HELO " + name)
		r.lines = r.lines[:min(1, len(r.lines))] // it offers nothing
	}
	if err != nil {
		return &failure{phase: mailer.PhaseConnect, err: fmt.Errorf("saying EHLO: %w", err)}
	}
	if r.code != 250 {
		return e.refused(mailer.PhaseConnect, r)
	}
	e.offers = offersOf(r)
	return nil
}

// offersOf reads the keywords of an answer to EHLO, in capitals, with their
// parameters (RFC 5321 section 4.1.1.1: their case says nothing). AUTH= is how
// servers wrote AUTH before RFC 2554; what several lines offer is one offer.
func offersOf(r reply) map[string]string {
	offers := map[string]string{}
	for _, line := range r.lines[min(1, len(r.lines)):] {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		keyword, parameters := strings.ToUpper(fields[0]), strings.Join(fields[1:], " ")
		if first, old := strings.CutPrefix(keyword, "AUTH="); old {
			keyword, parameters = "AUTH", first+" "+parameters
		}
		offers[keyword] = strings.TrimSpace(offers[keyword] + " " + parameters)
	}
	return offers
}

// offer is what the server said of a keyword of EHLO.
func (e *session) offer(keyword string) (parameters string, offered bool) {
	parameters, offered = e.offers[keyword]
	return parameters, offered
}

// converse says one line and reads the answer, within the deadline that is set.
func (e *session) converse(line string) (reply, error) {
	if !e.quiet() {
		return reply{}, errOutOfTurn
	}
	if err := e.flush([]byte(line + "\r\n")); err != nil {
		return reply{}, err
	}
	return readReply(e.r)
}

// refused is a failure in the server's own words.
func (e *session) refused(phase mailer.Phase, r reply) *failure {
	return &failure{phase: phase, reply: e.secrets.hideReply(r)}
}

// upgrade begins TLS by STARTTLS. What the server says in one breath with its
// consent was sent before TLS to be taken for its word after it (CVE-2011-0411).
func (s *Sender) upgrade(ctx context.Context, opened *session) *failure {
	failed := func(err error) *failure { return &failure{phase: mailer.PhaseConnect, err: err} }
	if _, offered := opened.offer("STARTTLS"); !offered {
		return failed(errNoSTARTTLS)
	}
	r, err := opened.converse("STARTTLS")
	switch {
	case err != nil:
		return failed(fmt.Errorf("beginning TLS: %w", err))
	case !opened.quiet():
		return failed(errInjected)
	case r.code != 220:
		return opened.refused(mailer.PhaseConnect, r)
	}
	secured := tls.Client(opened.conn, s.config.tlsConfig())
	if err := secured.HandshakeContext(ctx); err != nil {
		return failed(fmt.Errorf("beginning TLS: %w", err))
	}
	opened.use(secured)
	return opened.hello(s.config.HelloName)
}

// login authenticates. The library knows the mechanisms; the lines are said
// here, so that an answer without a text counts (RFC 5321 section 4.2) and
// nothing is said to a server that has refused.
func (s *Sender) login(opened *session, password string) *failure {
	failed := func(err error) *failure { return &failure{phase: mailer.PhaseAuth, err: err} }
	if err := opened.conn.SetDeadline(time.Now().Add(loginTimeout)); err != nil {
		return failed(err)
	}
	offered, _ := opened.offer("AUTH")
	var refusal *failure
	for mechanisms := strings.Fields(strings.ToUpper(offered)); ; {
		auth := s.mechanism(mechanisms, password)
		if auth == nil && refusal == nil {
			return failed(fmt.Errorf("choosing a login: the server offers only %q", printable(offered)))
		} else if auth == nil {
			return refusal
		}
		name, r, challenged, err := s.present(opened, auth, mechanisms)
		if err != nil {
			return failed(fmt.Errorf("logging in: %w", err))
		}
		if r.code == 235 {
			return nil
		}
		refusal = opened.refused(mailer.PhaseAuth, r)
		// With a token a server asks only in order to say why it is refused, and then refuses.
		refusal.authRefused = refusesCredential(r) || s.config.OAuth && challenged && r.class() == 5 && !putsOff(r)
		if refusal.authRefused || !isSyntax(r) {
			return refusal
		}
		// Some servers offer what they do not know (RFC 4954 section 4: 504).
		mechanisms = slices.DeleteFunc(mechanisms, func(m string) bool { return m == name })
	}
}

// present logs in by one mechanism, up to the server's decision.
func (s *Sender) present(opened *session, auth library.Auth, mechanisms []string) (name string, r reply, challenged bool, err error) {
	_, secured := opened.stream.(*tls.Conn)
	name, first, err := auth.Start(&library.ServerInfo{Name: s.config.Host, TLS: secured, Auth: mechanisms})
	if err != nil {
		return name, r, false, err
	}
	line := "AUTH " + name
	if len(first) > 0 {
		line += " " + base64.StdEncoding.EncodeToString(first)
	}
	r, challenged, err = opened.answerChallenges(auth, line)
	return name, r, challenged, err
}

// answerChallenges says the line and answers what the server asks, until it has
// decided.
func (e *session) answerChallenges(auth library.Auth, line string) (r reply, challenged bool, err error) {
	for range mostChallenges {
		if r, err = e.converse(line); err != nil {
			return r, challenged, err
		}
		switch r.code {
		case 235:
			_, err = auth.Next([]byte(strings.Join(r.lines, "\n")), false)
			return r, challenged, err
		case 334:
			challenged = true
		default:
			return r, challenged, nil
		}
		question := strings.TrimSpace(strings.Join(r.lines, ""))
		challenge, err := base64.StdEncoding.DecodeString(question)
		if err != nil {
			challenge = []byte(question) // some servers ask plainly; where it matters, the mechanism minds
		}
		answer, err := auth.Next(challenge, true)
		if err != nil {
			return r, challenged, err
		}
		line = base64.StdEncoding.EncodeToString(answer)
	}
	return r, challenged, errEndlessLogin
}
