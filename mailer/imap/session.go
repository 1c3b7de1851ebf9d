package imap

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"afterword/mailer"
)

// Deadlines of the network. They run on real time even where a stepping clock
// is used, for the server's time is real.
const (
	connectTime = time.Minute      // name, TCP, TLS, greeting and login, each
	commandTime = 2 * time.Minute  // one command to its tagged answer
	promptTime  = 20 * time.Second // what a living server answers at once: NOOP, IDLE, DONE

	// How long what the server said before it hung up is read.
	lastWordsTime = 5 * time.Second
)

var errNotHere = errors.New("security is insecure and the address is not on this machine")

// session is one logged-in connection. One goroutine owns it.
type session struct {
	client   *imapclient.Client
	guard    *guard
	caps     goimap.CapSet
	examined string                  // the folder that is open, "" if none
	known    bool                    // we have said who we are
	plain    bool                    // of what it offers beyond IMAP4rev1 it refused something
	listing  *imapclient.ListCommand // sent by rouse, nil once its answer was taken
}

// connect dials, greets and logs in. A refused password is tried once more, read anew
// and on a connection of its own: it may have changed meanwhile, and some servers refuse
// one by mistake. A token is asked for anew by login.
func (m *Mailbox) connect(ctx context.Context) (*session, error) {
	s, err := m.enter(ctx)
	if m.cfg.OAuth || ctx.Err() != nil || !errors.Is(err, mailer.ErrLoginRefused) {
		return s, err
	}
	return m.enter(ctx)
}

func (m *Mailbox) enter(ctx context.Context) (*session, error) {
	doing := "connecting to " + m.address()
	dialCtx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	conn, greeting, err := m.secure(dialCtx)
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, fmt.Errorf("%s: %w: %w", doing, mailer.ErrUnreachable, err)
	}
	g := newGuard(conn, greeting)
	s := &session{guard: g, client: imapclient.New(g, nil)}
	if err := s.greet(ctx, doing); err != nil {
		s.close()
		return nil, err
	}
	if err := m.login(ctx, s); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (m *Mailbox) address() string {
	return net.JoinHostPort(m.cfg.Host, strconv.Itoa(m.cfg.Port))
}

// greet waits for the server's first line (RFC 9051 section 7.1).
func (s *session) greet(ctx context.Context, doing string) error {
	err := s.within(ctx, connectTime, doing, func(c *imapclient.Client) error {
		return c.WaitGreeting()
	})
	switch {
	case err != nil && errors.Is(err, mailer.ErrConnectionLost):
		return fmt.Errorf("%w: %w", mailer.ErrUnreachable, err)
	case isAnswer(err): // such as NO, since it cannot serve now
		s.guard.Close()
		return fmt.Errorf("%w: %w", mailer.ErrUnreachable, err)
	case err != nil:
		return err
	case s.client.State() == goimap.ConnStateAuthenticated:
		return fmt.Errorf("%s: %w: the server logged us in unasked", doing, mailer.ErrUnreachable)
	}
	return nil
}

// secure opens the connection, protected as the configuration says. After
// STARTTLS the greeting is already read, and a stand-in for it is returned.
func (m *Mailbox) secure(ctx context.Context) (conn net.Conn, greeting string, err error) {
	dial := m.cfg.Dial
	if dial == nil {
		dial = dialer().DialContext
	}
	conn, err = dial(ctx, "tcp", m.address())
	if err != nil {
		return nil, "", err
	}
	if m.cfg.Security == Insecure {
		if !m.cfg.inProcess() && !endsHere(conn) {
			return nil, "", errors.Join(errNotHere, conn.Close())
		}
		return conn, "", nil
	}
	if m.cfg.Security == STARTTLS {
		if err := startTLS(ctx, conn); err != nil {
			conn.Close()
			return nil, "", err
		}
		greeting = "* OK [CAPABILITY IMAP4rev1] the session is secure\r\n"
	}
	secured := tls.Client(conn, &tls.Config{
		ServerName: m.cfg.Host, RootCAs: m.cfg.RootCAs, MinVersion: tls.VersionTLS12,
	})
	if err := secured.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, "", err
	}
	return secured, greeting, nil
}

// dialer notices a dead peer after 30 seconds: a half-open link else looks
// alive for weeks.
func dialer() *net.Dialer {
	return &net.Dialer{
		Timeout: 30 * time.Second,
		KeepAliveConfig: net.KeepAliveConfig{
			Enable: true, Idle: 15 * time.Second, Interval: 5 * time.Second, Count: 3,
		},
	}
}

// do runs one command under the usual deadline.
func (s *session) do(ctx context.Context, doing string, f func(*imapclient.Client) error) error {
	return s.within(ctx, commandTime, doing, f)
}

// within runs f, which sends commands and waits for their answers. When ctx
// ends or limit has passed the connection is closed, which frees f: the library
// itself knows neither contexts nor deadlines for answers.
func (s *session) within(ctx context.Context, limit time.Duration, doing string, f func(*imapclient.Client) error) error {
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w", doing, context.Cause(ctx))
	case s.dead():
		return fmt.Errorf("%s: %w", doing, s.guard.loss())
	}
	s.guard.refill()
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	stop := context.AfterFunc(timed, func() {
		s.guard.fail(fmt.Errorf("no answer within %s", limit))
		s.guard.Close()
	})
	defer stop()
	return s.judge(ctx, doing, f(s.client))
}

// dead reports whether the session is known to be of no use any more.
func (s *session) dead() bool { return s.guard.failed() }

func (s *session) close() {
	s.guard.Close()
	if s.listing != nil {
		_, _ = collect(s.listing) // else the library waits for ever that somebody takes it
		s.listing = nil
	}
}

func (s *session) noop(ctx context.Context) error {
	return s.within(ctx, promptTime, "asking whether the server is there", func(c *imapclient.Client) error {
		return c.Noop().Wait()
	})
}

// rouse asks like noop and for the folders in the same round trip: mail that
// came need not wait for two.
func (s *session) rouse(ctx context.Context) error {
	return s.within(ctx, promptTime, "asking whether the server is there", func(c *imapclient.Client) error {
		there := c.Noop()
		s.listing = c.List("", "*", s.listOptions())
		return there.Wait()
	})
}

// examine opens a folder without the right to change it.
func (s *session) examine(ctx context.Context, folder string) (*goimap.SelectData, error) {
	data, _, err := s.examineAndSearch(ctx, folder, nil)
	return data, err
}

// examineAndSearch also searches the folder, without waiting for its being open
// (RFC 9051 section 5.5: commands are done in the order they come). What search
// finds is nil where the server would not say.
func (s *session) examineAndSearch(ctx context.Context, folder string, search *goimap.SearchCriteria) (data *goimap.SelectData, found *goimap.SearchData, err error) {
	s.examined = ""
	data, found, err = s.tryExamine(ctx, folder, search)
	if isForGood(err) && s.caps.Has(goimap.CapID) && !s.known {
		// Some servers open nothing to a client that did not say its name, and no
		// other needs to know it (RFC 2971).
		s.known = true
		err = s.do(ctx, "saying who asks", func(c *imapclient.Client) error {
			_, err := c.ID(&goimap.IDData{Name: "Afterword"}).Wait()
			return err
		})
		if err == nil || isAnswer(err) {
			data, found, err = s.tryExamine(ctx, folder, search)
		}
	}
	if err != nil {
		return nil, nil, err
	}
	s.examined = folder
	return data, found, nil
}

func (s *session) tryExamine(ctx context.Context, folder string, search *goimap.SearchCriteria) (data *goimap.SelectData, found *goimap.SearchData, err error) {
	err = s.do(ctx, "opening "+quote(folder), func(c *imapclient.Client) (err error) {
		opening := c.Select(folder, &goimap.SelectOptions{ReadOnly: true})
		if search == nil {
			data, err = opening.Wait()
			return err
		}
		searching := c.UIDSearch(search, s.searchOptions())
		data, err = opening.Wait()
		if told, refused := searching.Wait(); refused == nil {
			found = told
		}
		return err
	})
	return data, found, err
}

// searchOptions ask for ESEARCH, with which a folder of 100,000 messages answers
// in a few bytes (RFC 4731).
func (s *session) searchOptions() *goimap.SearchOptions {
	if s.caps.Has(goimap.CapESearch) && !s.plain {
		return &goimap.SearchOptions{ReturnAll: true}
	}
	return nil
}

// quote makes a folder's name fit for an error.
func quote(folder string) string { return strconv.Quote(oneLine(folder)) }
