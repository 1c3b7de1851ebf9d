package smtp

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/emersion/go-sasl"
	peer "github.com/emersion/go-smtp"

	"afterword/mailer"
)

// TestWithAnotherImplementation sends to a server that was written by others.
func TestWithAnotherImplementation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		box := &mailbox{}
		server := peer.NewServer(box)
		server.Domain, server.AllowInsecureAuth, server.EnableSMTPUTF8 = "mx.example.org", true, true
		line := newPipeListener()
		go func() { _ = server.Serve(line) }()
		sender := newSender(t, plainConfig(line.dial))
		messages := []mailer.Frozen{testMessage(), bigMessage(), testMessage()}
		messages[2].To, messages[2].UTF8 = "kén@acme.example", true
		for _, m := range messages {
			if r := sender.Send(t.Context(), m, agree); r.Outcome != mailer.Accepted {
				t.Fatalf("got %+v", r)
			}
		}
		refused := testMessage()
		refused.To = "nobody@acme.example"
		if r := sender.Send(t.Context(), refused, agree); r.Outcome != mailer.Refused || r.Enhanced != "5.1.1" || r.Phase != mailer.PhaseRcpt {
			t.Errorf("got %+v", r)
		}
		sender.Rest()
		_ = server.Close()
		box.check(t, messages)
	})
}

// mailbox is the other implementation's store.
type mailbox struct {
	mu       sync.Mutex
	received []mailer.Frozen
}

func (b *mailbox) check(t *testing.T, want []mailer.Frozen) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.received) != len(want) {
		t.Fatalf("received %d messages", len(b.received))
	}
	for i, m := range want {
		got := b.received[i]
		if got.From != m.From || got.To != m.To || string(got.Bytes) != string(m.Bytes) || got.UTF8 != m.UTF8 {
			t.Errorf("message %d arrived as %+v", i, got)
		}
	}
}

func (b *mailbox) NewSession(*peer.Conn) (peer.Session, error) { return &peerSession{box: b}, nil }

type peerSession struct {
	box     *mailbox
	message mailer.Frozen
}

func (p *peerSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (p *peerSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		if username != testUser || password != testPassword {
			return errors.New("bad credentials")
		}
		return nil
	}), nil
}

func (p *peerSession) Mail(from string, opts *peer.MailOptions) error {
	p.message = mailer.Frozen{From: from, UTF8: opts.UTF8}
	if opts.Body != "" {
		return errors.New("a BODY parameter was given")
	}
	return nil
}

func (p *peerSession) Rcpt(to string, _ *peer.RcptOptions) error {
	if to == "nobody@acme.example" {
		return &peer.SMTPError{Code: 550, EnhancedCode: peer.EnhancedCode{5, 1, 1}, Message: "no such user"}
	}
	p.message.To = to
	return nil
}

func (p *peerSession) Data(r io.Reader) error {
	var err error
	if p.message.Bytes, err = io.ReadAll(r); err != nil {
		return err
	}
	p.box.mu.Lock()
	defer p.box.mu.Unlock()
	p.box.received = append(p.box.received, p.message)
	return nil
}

func (p *peerSession) Reset()        {}
func (p *peerSession) Logout() error { return nil }

// pipeListener hands out the far ends of pipes.
type pipeListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (l *pipeListener) dial(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	l.conns <- far
	return near, nil
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return textAddr("pipe") }
