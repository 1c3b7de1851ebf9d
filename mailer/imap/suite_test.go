package imap

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"afterword/mailer"
)

// account is an empty account on a real server, over which the suite has the
// power of an ordinary mail program.
type account struct {
	dial               func(ctx context.Context, network, addr string) (net.Conn, error)
	username, password string
	stop, start        func() error                // the server, with all its mail
	change             func(password string) error // for everybody, who must log in again
}

func (a account) open(t testing.TB) *Mailbox {
	t.Helper()
	return a.openWith(t, func(context.Context) (string, error) { return a.password, nil })
}

func (a account) openWith(t testing.TB, password func(context.Context) (string, error)) *Mailbox {
	t.Helper()
	m, err := New(Config{
		Host: "localhost", Port: 143, Security: Insecure, Username: a.username, Dial: a.dial, InProcess: true, Clock: &bubbleClock{},
		Password: password,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	return m
}

// program logs in as another mail program of the user.
func (a account) program(t *testing.T) *imapclient.Client {
	t.Helper()
	conn, err := a.dial(t.Context(), "tcp", "localhost:143")
	if err != nil {
		t.Fatal(err)
	}
	c := imapclient.New(conn, nil)
	if err := c.Login(a.username, a.password).Wait(); err != nil {
		t.Fatal(err)
	}
	c.Caps() // it asks in a goroutine of its own, which must not meet a later IDLE
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func put(t *testing.T, c *imapclient.Client, folder, subject string, at time.Time) {
	t.Helper()
	raw := letter(subject, "body of "+subject+"\r\n").raw
	cmd := c.Append(folder, int64(len(raw)), &goimap.AppendOptions{Time: at})
	_, _ = cmd.Write([]byte(raw))
	_ = cmd.Close()
	if _, err := cmd.Wait(); err != nil {
		t.Fatalf("appending to %s: %v", folder, err)
	}
}

// runSuite holds the package against a server. Every case gets an account of
// its own from fresh and runs where in decides.
func runSuite(t *testing.T, fresh func(t *testing.T) account, in func(t *testing.T, f func(t *testing.T))) {
	for name, f := range map[string]func(t *testing.T, a account){
		"look":      suiteLook,
		"many":      suiteMany,
		"expunge":   suiteExpunge,
		"recreated": suiteRecreated,
		"untouched": suiteUntouched,
		"file":      suiteFile,
		"drafts":    suiteDrafts,
		"watch":     suiteWatch,
		"refused":   suiteRefused,
		"accents":   suiteAccents,
		"filtered":  suiteFiltered,
		"archived":  suiteArchived,
		"restarted": suiteRestarted,
		"password":  suitePassword,
	} {
		t.Run(name, func(t *testing.T) {
			in(t, func(t *testing.T) { f(t, fresh(t)) })
		})
	}
}

func suiteLook(t *testing.T, a account) {
	c, m, r := a.program(t), a.open(t), newReader()
	now := time.Now()
	put(t, c, "INBOX", "old", now.AddDate(0, 0, -30))
	put(t, c, "INBOX", "new", now)
	req := r.request(false)
	req.Since = now.AddDate(0, 0, -1)
	result, err := m.Look(t.Context(), req, r.apply)
	if err != nil || len(result.Trouble) != 0 {
		t.Fatalf("look: %+v, %v", result, err)
	}
	r.want(t, "INBOX/new")
	if string(r.all[0].Body) != "body of new\r\n" || r.all[0].Arrived.Unix() != now.Unix() {
		t.Errorf("body %q, arrived %v, put at %v", r.all[0].Body, r.all[0].Arrived, now)
	}
	put(t, c, "INBOX", "answer", now)
	put(t, c, "Junk", "misplaced", now)
	r.look(t, m)
	slices.Sort(r.subjects)
	r.want(t, "INBOX/answer", "Junk/misplaced")
	r.look(t, m)
	r.want(t)
}

func suiteMany(t *testing.T, a account) {
	c, m, r := a.program(t), a.open(t), newReader()
	var want []string
	for i := range 230 {
		subject := fmt.Sprintf("m%d", i)
		want = append(want, "INBOX/"+subject)
		put(t, c, "INBOX", subject, time.Now())
	}
	r.look(t, m)
	r.want(t, want...)
}

func suiteExpunge(t *testing.T, a account) {
	c, m, r := a.program(t), a.open(t), newReader()
	put(t, c, "INBOX", "first", time.Now())
	r.look(t, m)
	put(t, c, "INBOX", "glimpse", time.Now())
	put(t, c, "INBOX", "stays", time.Now())
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	flags := &goimap.StoreFlags{Op: goimap.StoreFlagsAdd, Flags: []goimap.Flag{goimap.FlagDeleted}}
	if err := c.Store(goimap.SeqSetNum(2), flags, nil).Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Expunge().Close(); err != nil {
		t.Fatal(err)
	}
	result := r.look(t, m)
	r.want(t, "INBOX/first", "INBOX/stays")
	if len(result.Gaps) != 1 || result.Gaps[0].Folder != "INBOX" {
		t.Errorf("gaps are %+v", result.Gaps)
	}
}

func suiteRecreated(t *testing.T, a account) {
	c, m, r := a.program(t), a.open(t), newReader()
	if err := c.Create("Jobs", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	put(t, c, "Jobs", "before", time.Now())
	r.look(t, m)
	if err := c.Delete("Jobs").Wait(); err != nil {
		t.Fatal(err)
	}
	if gone := r.look(t, m); len(gone.Gaps) != 1 || gone.Gaps[0].Folder != "Jobs" {
		t.Errorf("gaps are %+v", gone.Gaps)
	}
	if err := c.Create("Jobs", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	put(t, c, "Jobs", "after", time.Now())
	r.look(t, m)
	r.want(t, "Jobs/before", "Jobs/after")
}

func suiteUntouched(t *testing.T, a account) {
	c, m, r := a.program(t), a.open(t), newReader()
	put(t, c, "INBOX", "unread", time.Now())
	r.look(t, m)
	r.want(t, "INBOX/unread")
	data, err := c.Status("INBOX", &goimap.StatusOptions{NumUnseen: true, NumMessages: true}).Wait()
	if err != nil || data.NumUnseen == nil || *data.NumUnseen != 1 || *data.NumMessages != 1 {
		t.Errorf("the message was marked: %+v, %v", data, err)
	}
}

func suiteFile(t *testing.T, a account) {
	m := a.open(t)
	at := time.Now().Add(-time.Hour).Truncate(time.Second)
	raw := []byte(letter("thanks", "Thank you.\r\n").raw)
	if err := m.FileSent(t.Context(), raw, at); err != nil {
		t.Fatal(err)
	}
	if err := m.Append(t.Context(), mailer.RoleDrafts, raw, []string{`\Draft`, `\Seen`}, at); err != nil {
		t.Fatal(err)
	}
	r := newReader()
	r.look(t, m)
	for _, one := range r.all {
		if one.Draft != (one.Role == mailer.RoleDrafts) {
			t.Errorf("%s: draft %v", one.Folder, one.Draft)
		}
		if one.Role == mailer.RoleSent && (!one.Arrived.Equal(at) || !names(one.Header, "<thanks@there.example>")) {
			t.Errorf("the copy in Sent is of %s:\n%s", one.Arrived, one.Header)
		}
	}
	if len(r.all) != 2 {
		t.Errorf("read %q", r.subjects)
	}
}

// suiteDrafts files and removes drafts beside a mail program: what that one has
// marked as deleted stays, and so does what bears another Message-ID.
func suiteDrafts(t *testing.T, a account) {
	c, m := a.program(t), a.open(t)
	every, approved := func(mailer.Fetched) bool { return true }, ""
	lying := func() (subjects []string) {
		seen, err := m.Drafts(t.Context(), every)
		if err != nil || len(seen.Folders) != 2 || seen.Folders[0].Role != mailer.RoleDrafts || seen.Folders[1].Role != mailer.RoleApproved {
			t.Fatalf("drafts: %+v, %v", seen.Folders, err)
		}
		approved = seen.Folders[1].Folder // the server chooses the delimiter
		for _, one := range seen.Messages {
			got := mailer.Parse(one.Header, one.Body)
			subjects = append(subjects, string(one.Role)+"/"+got.Subject)
			if one.Body == nil || strings.TrimSpace(got.Text) == "" {
				t.Errorf("%s came without its body", got.Subject)
			}
		}
		return subjects
	}
	put(t, c, "Drafts", "theirs", time.Now())
	put(t, c, "Drafts", "struck", time.Now())
	if _, err := c.Select("Drafts", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	mark := &goimap.StoreFlags{Op: goimap.StoreFlagsAdd, Flags: []goimap.Flag{goimap.FlagDeleted}}
	if err := c.Store(goimap.SeqSetNum(2), mark, nil).Close(); err != nil {
		t.Fatal(err)
	}
	if got := lying(); !slices.Equal(got, []string{"drafts/theirs"}) {
		t.Errorf("before: %q", got)
	}
	first, err := m.FileDraft(t.Context(), []byte(letter("first", "Hi.\r\n").raw), time.Now())
	if err != nil || first.UID == 0 || first.Folder != "Drafts" {
		t.Fatalf("filed at %+v, %v", first, err)
	}
	second, err := m.FileDraft(t.Context(), []byte(letter("second", "Hi.\r\n").raw), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := m.RemoveDraft(t.Context(), second, "<first@there.example>"); err != nil {
		t.Error(err)
	}
	for range 2 { // the second time it is gone already
		if err := m.RemoveDraft(t.Context(), first, "<first@there.example>"); err != nil {
			t.Error(err)
		}
	}
	if _, err := c.Select("Drafts", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Move(goimap.UIDSetNum(goimap.UID(second.UID)), approved).Wait(); err != nil {
		t.Fatal(err)
	}
	if got := lying(); !slices.Equal(got, []string{"drafts/theirs", "approved/second"}) {
		t.Errorf("after: %q", got)
	}
	data, err := c.Status("Drafts", &goimap.StatusOptions{NumMessages: true}).Wait()
	if err != nil || *data.NumMessages != 2 {
		t.Errorf("what another program struck was expunged: %+v, %v", data, err)
	}
}

func suiteWatch(t *testing.T, a account) {
	c, m := a.program(t), a.open(t)
	signs := make(chan struct{}, 100)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- m.Watch(ctx, func() { signs <- struct{}{} }) }()
	<-signs
	for i := range 3 {
		put(t, c, "INBOX", fmt.Sprintf("m%d", i), time.Now())
		<-signs
	}
	cancel()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "canceled") {
		t.Errorf("watch ended with %v", err)
	}
}

func suiteRefused(t *testing.T, a account) {
	a.password += "-wrong"
	_, err := a.open(t).Probe(t.Context())
	if !isRefusedLogin(err) || strings.Contains(err.Error(), a.password) {
		t.Errorf("error is %v", err)
	}
}

func suiteAccents(t *testing.T, a account) {
	c, m, r := a.program(t), a.open(t), newReader()
	for _, name := range []string{"Entwürfe & Söhne", `say "hi"`, "面接"} {
		if err := c.Create(name, nil).Wait(); err != nil {
			t.Fatal(err)
		}
		put(t, c, name, "x", time.Now())
	}
	result := r.look(t, m)
	slices.Sort(r.subjects)
	r.want(t, "Entwürfe & Söhne/x", `say "hi"/x`, "面接/x")
	if len(result.Trouble) != 0 {
		t.Errorf("trouble is %+v", result.Trouble)
	}
}

// move files a message of INBOX elsewhere, as a filter or the user does.
func move(t *testing.T, c *imapclient.Client, n uint32, to string) {
	t.Helper()
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Move(goimap.SeqSetNum(n), to).Wait(); err != nil {
		t.Fatalf("moving to %s: %v", to, err)
	}
}

// suiteFiltered: a filter puts mail into a folder, before it is in INBOX or just
// after, and the folder is new to us.
func suiteFiltered(t *testing.T, a account) {
	c, m, r := a.program(t), a.open(t), newReader()
	put(t, c, "INBOX", "first", time.Now())
	r.look(t, m)
	if err := c.Create("Jobs", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	put(t, c, "Jobs", "direct", time.Now())
	put(t, c, "INBOX", "passing", time.Now())
	move(t, c, 2, "Jobs")
	put(t, c, "INBOX", "stays", time.Now())
	result := r.look(t, m)
	slices.Sort(r.subjects)
	r.want(t, "INBOX/first", "INBOX/stays", "Jobs/direct", "Jobs/passing")
	if len(result.Gaps) != 1 || result.Gaps[0].Folder != "INBOX" {
		t.Errorf("gaps are %+v", result.Gaps)
	}
	r.look(t, m)
	r.want(t)
}

// suiteArchived: mail is archived between two looks, read here before or not.
func suiteArchived(t *testing.T, a account) {
	c, m, r := a.program(t), a.open(t), newReader()
	at := time.Now().Add(-time.Hour).Truncate(time.Second)
	put(t, c, "INBOX", "read", at)
	r.look(t, m)
	r.want(t, "INBOX/read")
	put(t, c, "INBOX", "unread", at)
	move(t, c, 1, "Archive")
	move(t, c, 1, "Archive")
	result := r.look(t, m)
	slices.Sort(r.subjects)
	r.want(t, "Archive/read", "Archive/unread")
	if len(result.Gaps) != 1 || result.Gaps[0].Folder != "INBOX" {
		t.Errorf("gaps are %+v", result.Gaps)
	}
	if got := r.all[len(r.all)-1].Arrived; !got.Equal(at) {
		t.Errorf("moved mail arrived at %v, want %v", got, at)
	}
	if again := r.look(t, m); len(again.Gaps) != 0 {
		t.Errorf("told twice: %+v", again.Gaps)
	}
}

// suiteRestarted: the server goes away under a look and a watch, and comes back
// with all its mail.
func suiteRestarted(t *testing.T, a account) {
	c, m, r := a.program(t), a.open(t), newReader()
	put(t, c, "INBOX", "before", time.Now())
	r.look(t, m)
	signs, ended := make(chan struct{}, 100), make(chan error, 1)
	go func() { ended <- m.Watch(t.Context(), func() { signs <- struct{}{} }) }()
	<-signs
	put(t, c, "INBOX", "unread", time.Now())
	<-signs
	if err := a.stop(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, mailer.ErrConnectionLost) {
		t.Errorf("watch ended with %v", err)
	}
	if _, err := m.Look(t.Context(), r.request(false), r.apply); !errors.Is(err, mailer.ErrUnreachable) {
		t.Errorf("look without a server: %v", err)
	}
	if err := a.start(); err != nil {
		t.Fatal(err)
	}
	put(t, a.program(t), "Junk", "after", time.Now())
	r.look(t, m)
	slices.Sort(r.subjects)
	r.want(t, "INBOX/before", "INBOX/unread", "Junk/after")
	r.look(t, m)
	r.want(t)
}

// suitePassword: the password is changed at the provider. The old one is read anew and
// tried once more, and with the new one nothing is missing.
func suitePassword(t *testing.T, a account) {
	password, asked := a.password, 0
	open := func() *Mailbox {
		return a.openWith(t, func(context.Context) (string, error) { asked++; return password, nil })
	}
	m := open()
	c, r := a.program(t), newReader()
	put(t, c, "INBOX", "before", time.Now())
	r.look(t, m)
	was, asked0 := a.password, asked
	if err := a.change("another-secret"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.change(was); err != nil {
			t.Error(err)
		}
	})
	_ = m.Close() // a server may let those stay who are logged in
	m = open()
	if _, err := m.Look(t.Context(), r.request(false), r.apply); !isRefusedLogin(err) || asked != asked0+2 {
		t.Errorf("look with the old password, asked for %d times: %v", asked-asked0, err)
	}
	a.password, password = "another-secret", "another-secret"
	put(t, a.program(t), "INBOX", "after", time.Now())
	r.look(t, m)
	r.want(t, "INBOX/before", "INBOX/after")
}

func TestSuiteInMemory(t *testing.T) {
	t.Parallel()
	runSuite(t, memoryAccount, func(t *testing.T, f func(t *testing.T)) {
		t.Parallel()
		synctest.Test(t, f)
	})
}

// memoryAccount is an account of the library's own server, mended where
// it falls short of the protocol.
func memoryAccount(t *testing.T) account {
	user := imapmemserver.NewUser("dana", "secret")
	for _, name := range []string{"INBOX", "Sent", "Drafts", "Junk", "Trash", "Archive"} {
		if err := user.Create(name, nil); err != nil {
			t.Fatal(err)
		}
	}
	memory := imapmemserver.New()
	memory.AddUser(user)
	listener := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{}), password: "secret"}
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &wakingSession{memory.NewSession().(memorySession), listener}, nil, nil
		},
		Caps: goimap.CapSet{
			goimap.CapIMAP4rev1: {}, goimap.CapListExtended: {}, goimap.CapListStatus: {}, goimap.CapUIDPlus: {},
		},
		InsecureAuth: true,
	})
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return account{
		dial: listener.dial, username: "dana", password: "secret",
		stop: listener.stop, start: listener.start, change: listener.change,
	}
}

// memorySession is what the library's sessions can do.
type memorySession interface {
	imapserver.SessionIMAP4rev2
}

// wakingSession repeats the wake-up that IDLE of the memory server loses when
// mail comes while it starts.
type wakingSession struct {
	memorySession
	listener *pipeListener
}

// Login knows that the password may have been changed.
func (s *wakingSession) Login(username, password string) error {
	if password != s.listener.current() {
		return imapserver.ErrAuthFailed
	}
	return s.memorySession.Login(username, "secret")
}

func (s *wakingSession) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	done := make(chan error, 1)
	go func() { done <- s.memorySession.Idle(w, stop) }()
	select {
	case err := <-done:
		return err
	case <-time.After(10 * time.Millisecond):
	}
	if err := s.Poll(w, true); err != nil {
		return err
	}
	return <-done
}

type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}

	mu       sync.Mutex
	open     []net.Conn
	stopped  bool
	password string
}

// stop ends all connections and takes no new ones.
func (l *pipeListener) stop() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.open {
		c.Close()
	}
	l.open, l.stopped = nil, true
	return nil
}

func (l *pipeListener) start() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = false
	return nil
}

func (l *pipeListener) change(password string) error {
	l.mu.Lock()
	l.password = password
	l.mu.Unlock()
	return errors.Join(l.stop(), l.start())
}

func (l *pipeListener) current() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.password
}

// admit makes a connection, unless the server is stopped.
func (l *pipeListener) admit() (client, server net.Conn, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return nil, nil, errors.New("connection refused")
	}
	client, server = net.Pipe()
	l.open = append(l.open, server)
	return client, server, nil
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	close(l.closed)
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

func (l *pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server, err := l.admit()
	if err != nil {
		return nil, err
	}
	select {
	case l.conns <- server:
		return client, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func isRefusedLogin(err error) bool { return errors.Is(err, mailer.ErrLoginRefused) }
