package mailtest

import (
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// smtpSession is one SMTP connection. The library calls it from one goroutine.
type smtpSession struct {
	world *World
	conn  *tap
	user  bool // AUTH succeeded
	from  string
	to    []string
	magic magic
}

var _ smtp.AuthSession = (*smtpSession)(nil)

// smtpReply is an answer with an enhanced status (RFC 3463).
func smtpReply(code int, enhanced smtp.EnhancedCode, text string) *smtp.SMTPError {
	return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: text}
}

// Reset implements smtp.Session.
func (s *smtpSession) Reset() { s.from, s.to, s.magic = "", nil, "" }

// Logout implements smtp.Session.
func (s *smtpSession) Logout() error { return nil }

// AuthMechanisms implements smtp.AuthSession.
func (s *smtpSession) AuthMechanisms() []string {
	return []string{sasl.Plain, sasl.Login, s.world.tokenMechanism()}
}

// Auth implements smtp.AuthSession.
func (s *smtpSession) Auth(mechanism string) (sasl.Server, error) {
	refused := smtpReply(535, smtp.EnhancedCode{5, 7, 8}, "Authentication credentials invalid")
	server := s.world.saslServer(mechanism, refused)
	if server == nil {
		return nil, smtp.ErrAuthUnknownMechanism
	}
	return &notingServer{Server: server, done: func() { s.user = true }}, nil
}

// notingServer notes that an authentication succeeded, which the library keeps
// to itself.
type notingServer struct {
	sasl.Server
	done func()
}

// Next implements sasl.Server.
func (n *notingServer) Next(response []byte) ([]byte, bool, error) {
	challenge, done, err := n.Server.Next(response)
	if done && err == nil {
		n.done()
	}
	return challenge, done, err
}

// Mail implements smtp.Session.
func (s *smtpSession) Mail(from string, _ *smtp.MailOptions) error {
	if !s.user {
		return smtpReply(530, smtp.EnhancedCode{5, 7, 0}, "Authentication required")
	}
	s.from = from
	return nil
}

// Rcpt implements smtp.Session. The magic of the first recipient that has one
// is that of the mail.
func (s *smtpSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	m := magicOf(to)
	switch m {
	case unknownUser:
		return smtpReply(550, smtp.EnhancedCode{5, 1, 1}, "Recipient address rejected: user unknown")
	case greylisted:
		if s.world.greylist(s.from, to) {
			return smtpReply(451, smtp.EnhancedCode{4, 7, 1}, "Greylisting in action, please come back later")
		}
	}
	if s.magic == "" {
		s.magic = m
	}
	s.to = append(s.to, to)
	return nil
}

// Data implements smtp.Session. Its error is the answer to the final dot, also
// when it is 250: only so can the server choose its words.
func (s *smtpSession) Data(r io.Reader) error {
	if s.magic == dropInData {
		_, err := io.CopyN(io.Discard, r, 16)
		s.conn.drop()
		return err
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.refusal(); err != nil {
		return err
	}
	a := s.world.accept(Accepted{Conn: s.conn.record.conn, From: s.from, To: slices.Clone(s.to), Raw: raw})
	switch s.magic {
	case deferredButIn:
		return smtpReply(451, smtp.EnhancedCode{4, 3, 0}, "Error: queue file write error")
	case dropAfterData:
		s.conn.drop()
	case loseAnswer:
		s.conn.silence()
	case resetAfter250:
		s.conn.resetAfterAnswer("250")
	case slow:
		s.dawdle()
	}
	return smtpReply(250, smtp.EnhancedCode{2, 0, 0}, a.Reply)
}

// refusal is the answer to the final dot of a mail that the server does not take,
// nil for one that it takes.
func (s *smtpSession) refusal() error {
	switch {
	case s.magic == refusedContent:
		return smtpReply(554, smtp.EnhancedCode{5, 6, 0}, "Message content rejected")
	case s.magic == laterAtDot && s.world.greylist(s.from, s.to[0]):
		return smtpReply(451, smtp.EnhancedCode{4, 7, 1}, "Greylisting in action, please come back later")
	case s.magic == limitedOnce && s.world.greylist(s.from, s.to[0]):
		return smtpReply(550, smtp.EnhancedCode{5, 4, 5}, "Daily user sending limit exceeded")
	case s.magic == refusedOnce && s.world.greylist(s.from, s.to[0]):
		return smtpReply(554, smtp.EnhancedCode{5, 7, 1}, "Message looks like spam")
	}
	return nil
}

// dawdle waits as slow servers do, at most until the connection ends.
func (s *smtpSession) dawdle() {
	wake, stop := s.world.clock.NewTimer(s.world.options.SMTP.Slow)
	defer stop()
	select {
	case <-wake:
	case <-s.conn.done:
	}
}

// Accepted is one message that the server took.
type Accepted struct {
	Number      int // counts from 1
	Conn        int // the SMTP connection that brought it, as in its Transcript
	At          time.Time
	From        string   // envelope
	To          []string // envelope
	MessageID   string   // as the client wrote it, with angle brackets
	Subject     string   // decoded
	Raw         []byte   // as the client wrote it
	DeliveredID string   // as the recipients see it
	Delivered   []byte
	Reply       string // the server's words after "250 2.0.0 ", whether or not the client saw them
}

// accept takes a message: it is noted, filed in Sent if the account does so,
// delivered to the account's own address, and shown to the people it is for.
func (w *World) accept(a Accepted) Accepted {
	release := w.clock.Hold()
	defer release()
	a.At = w.clock.Now()
	s := summarise(a.Raw)
	a.MessageID, a.Subject = s.MessageID, s.Subject
	a.DeliveredID, a.Delivered = s.MessageID, a.Raw
	w.mu.Lock()
	a.Number = len(w.accepted) + 1
	a.Reply = fmt.Sprintf("Ok: queued as %08X", a.Number)
	if w.options.SMTP.Rewrite {
		a.DeliveredID = w.makeID("queue", a.Number, w.options.Host)
		a.Reply = "Ok: queued as " + a.DeliveredID
		if local, _, _ := strings.Cut(strings.Trim(a.DeliveredID, "<>"), "@"); w.options.SMTP.BareID {
			a.Reply = "Ok " + local
		}
		a.Delivered = replaceField(a.Raw, "Message-ID", a.DeliveredID)
		a.Delivered = replaceField(a.Delivered, "Date", a.At.Format(time.RFC1123Z))
	}
	w.accepted = append(w.accepted, a)
	w.mu.Unlock()
	w.distribute(a)
	return a
}

// distribute brings an accepted message to where it belongs.
func (w *World) distribute(a Accepted) {
	if w.options.SMTP.FileSent {
		w.agenda.add(a.At.Add(w.options.SMTP.SentDelay), func() { w.fileSent(a.Delivered) })
	}
	for _, to := range a.To {
		if w.isOwn(to) {
			w.agenda.add(a.At.Add(w.options.SMTP.SelfDelay), func() { w.bringHome(a) })
			continue
		}
		w.react(to, a)
	}
}

// isOwn says whether mail to the address arrives in the account. A tag behind
// "+" makes no difference (RFC 5233).
func (w *World) isOwn(address string) bool {
	local, domain, _ := strings.Cut(strings.ToLower(address), "@")
	local, _, _ = strings.Cut(local, "+")
	return slices.ContainsFunc(append([]string{w.options.Address}, w.options.Aliases...), func(own string) bool {
		return strings.EqualFold(own, local+"@"+domain)
	})
}

// bringHome delivers a message that the account sent to itself.
func (w *World) bringHome(a Accepted) {
	now := w.clock.Now()
	domain := domainOf(w.options.Address)
	top := fmt.Sprintf("Return-Path: <%s>\r\nDelivered-To: %s\r\n"+
		"Authentication-Results: %s; spf=pass smtp.mailfrom=%s; dkim=pass header.d=%s; dmarc=pass header.from=%s\r\n",
		a.From, w.options.Address, w.options.Host, domain, domain, domain)
	raw := append([]byte(top), a.Delivered...)
	if err := w.account.deposit(Inbox, raw, now); err == nil {
		w.delivered(a.DeliveredID)
	}
}

// greylist says whether the server puts off a recipient this time.
func (w *World) greylist(from, to string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	pair := strings.ToLower(from + " " + to)
	first := !w.greylisted[pair]
	w.greylisted[pair] = true
	return first || w.options.SMTP.GreylistAlways
}

// newSMTPServer returns the server without a listener.
func (w *World) newSMTPServer() *smtp.Server {
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		conn, ok := c.Conn().(*tap)
		if !ok {
			return nil, net.ErrClosed
		}
		return &smtpSession{world: w, conn: conn}, nil
	}))
	server.Domain = w.options.Host
	server.AllowInsecureAuth = true // TLS lies outside of what the library sees
	server.EnableSMTPUTF8 = w.options.SMTP.UTF8
	server.MaxMessageBytes = w.options.SMTP.MaxBytes
	server.ErrorLog = silentLog{}
	return server
}

// silentLog drops what the libraries log about connections that end badly,
// which here is the purpose.
type silentLog struct{}

// Printf drops a line.
func (silentLog) Printf(string, ...any) {}

// Println drops a line.
func (silentLog) Println(...any) {}
