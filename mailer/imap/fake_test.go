package imap

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"afterword/mailer"
)

// bubbleClock is package time, which is virtual in a synctest bubble. It counts
// the holds, so that a test sees that none is forgotten.
type bubbleClock struct {
	mu    sync.Mutex
	holds int
	waits []time.Duration
}

func (c *bubbleClock) Now() time.Time { return time.Now() }

func (c *bubbleClock) NewTimer(d time.Duration) (<-chan time.Time, func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waits = append(c.waits, d)
	t := time.NewTimer(d)
	return t.C, func() { t.Stop() }
}

func (c *bubbleClock) Hold() func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.holds++
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.holds--
	}
}

func (c *bubbleClock) held() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.holds
}

// fakeMessage, fakeFolder and fake are a mail server of the simplest kind, over
// which a test has every power: it answers line by line, and a hook may answer
// first, say nothing, or cut the connection.
type fakeMessage struct {
	uid   uint32
	raw   string
	at    time.Time
	flags string
}

type fakeFolder struct {
	name, attrs string
	validity    uint32
	next        uint32
	messages    []fakeMessage
}

type fake struct {
	mu       sync.Mutex
	caps     string
	password string
	greeting string
	folders  []*fakeFolder
	log      []string // commands without tags, over all connections
	dials    int
	hook     func(c *fakeConn, tag, command string) (answered bool)
	cut      func(dial int) int // the bytes that connection may send; below 0: all
}

const fakeCaps = "IMAP4rev1 IDLE LIST-STATUS LIST-EXTENDED SPECIAL-USE UIDPLUS"

func newFake(folders ...*fakeFolder) *fake {
	return &fake{
		caps: fakeCaps, password: "secret", folders: folders,
		greeting: "* OK [CAPABILITY IMAP4rev1] ready",
		cut:      func(int) int { return -1 },
	}
}

func inbox(messages ...fakeMessage) *fakeFolder { return newFolder("INBOX", "", messages...) }

func newFolder(name, attrs string, messages ...fakeMessage) *fakeFolder {
	f := &fakeFolder{name: name, attrs: attrs, validity: 7, next: 1}
	for _, m := range messages {
		f.add(m)
	}
	return f
}

// add puts a message into the folder, under the next UID if it has none.
func (f *fakeFolder) add(m fakeMessage) {
	if m.uid == 0 {
		m.uid = f.next
	}
	f.next = max(f.next, m.uid+1)
	f.messages = append(f.messages, m)
}

// letter is a message with a subject and a body.
func letter(subject, body string) fakeMessage {
	raw := "Message-ID: <" + subject + "@there.example>\r\nSubject: " + subject + "\r\nFrom: ken@acme.example\r\n\r\n" + body
	return fakeMessage{raw: raw, at: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
}

func letters(n int) []fakeMessage {
	var out []fakeMessage
	for i := range n {
		out = append(out, letter("m"+strconv.Itoa(i+1), "body\r\n"))
	}
	return out
}

func (f *fake) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	f.mu.Lock()
	f.dials++
	left := f.cut(f.dials)
	f.mu.Unlock()
	c := &fakeConn{fake: f, conn: server, in: bufio.NewReader(server), left: left}
	go c.serve()
	return client, nil
}

// commands returns the commands so far that begin with the prefix.
func (f *fake) commands(prefix string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.log), func(s string) bool { return !strings.HasPrefix(s, prefix) })
}

type fakeConn struct {
	fake     *fake
	conn     net.Conn
	in       *bufio.Reader
	left     int
	started  bool // the greeting was said before
	selected *fakeFolder
}

// say sends text, as far as the connection lets it.
func (c *fakeConn) say(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if c.left >= 0 && len(text) >= c.left {
		_, _ = io.WriteString(c.conn, text[:c.left])
		c.conn.Close()
		c.left = 0
		return
	}
	if c.left >= 0 {
		c.left -= len(text)
	}
	_, _ = io.WriteString(c.conn, text)
}

func (c *fakeConn) serve() {
	defer c.conn.Close()
	if !c.started {
		c.say("%s\r\n", c.fake.greeting)
	}
	for {
		line, err := c.in.ReadString('\n')
		if err != nil {
			return
		}
		tag, command, _ := strings.Cut(strings.TrimSpace(line), " ")
		c.fake.mu.Lock()
		c.fake.log = append(c.fake.log, command)
		hook := c.fake.hook
		c.fake.mu.Unlock()
		if hook != nil && hook(c, tag, command) {
			continue
		}
		c.answer(tag, command)
	}
}

func (c *fakeConn) answer(tag, command string) {
	c.fake.mu.Lock()
	defer c.fake.mu.Unlock()
	verb, args, _ := strings.Cut(command, " ")
	if verb == "UID" {
		verb, args, _ = strings.Cut(args, " ")
		verb = "UID " + verb
	}
	switch verb {
	case "CAPABILITY":
		c.say("* CAPABILITY %s\r\n", c.fake.caps)
	case "LOGIN":
		if !strings.HasSuffix(args, `"`+c.fake.password+`"`) {
			c.say("%s NO [AUTHENTICATIONFAILED] wrong: %s\r\n", tag, args)
			return
		}
	case "LIST":
		c.list(args)
	case "STATUS":
		c.status(c.fake.folder(unquote(args)))
	case "EXAMINE":
		c.selected = c.fake.folder(unquote(args))
		if c.selected == nil {
			c.say("%s NO [NONEXISTENT] no such mailbox\r\n", tag)
			return
		}
		c.say("* FLAGS (\\Seen)\r\n* %d EXISTS\r\n* OK [UIDVALIDITY %d] ok\r\n", len(c.selected.messages), c.selected.validity)
		c.say("* OK [UIDNEXT %d] ok\r\n", c.selected.next)
	case "UID SEARCH":
		c.search(args)
	case "UID FETCH", "FETCH":
		c.fetch(args, verb == "FETCH")
	case "IDLE":
		c.idle(tag)
		return
	case "NOOP":
	default:
		c.say("%s BAD what is %s\r\n", tag, verb)
		return
	}
	c.say("%s OK done\r\n", tag)
}

// idle answers one IDLE. It gives the lock back, for the test must go on.
func (c *fakeConn) idle(tag string) {
	c.fake.mu.Unlock()
	defer c.fake.mu.Lock()
	c.say("+ idling\r\n")
	if line, err := c.in.ReadString('\n'); err == nil && strings.TrimSpace(line) == "DONE" {
		c.say("%s OK idled\r\n", tag)
	}
}

func (f *fake) folder(name string) *fakeFolder {
	for _, one := range f.folders {
		if one.name == name {
			return one
		}
	}
	return nil
}

func unquote(args string) string {
	name, _, _ := strings.Cut(args, " (")
	return strings.Trim(name, `"`)
}

func (c *fakeConn) list(args string) {
	for _, f := range c.fake.folders {
		c.say("* LIST (%s) \"/\" %q\r\n", f.attrs, f.name)
		if strings.Contains(args, "STATUS (") {
			c.status(f)
		}
	}
}

func (c *fakeConn) status(f *fakeFolder) {
	if f != nil {
		c.say("* STATUS %q (UIDNEXT %d UIDVALIDITY %d)\r\n", f.name, f.next, f.validity)
	}
}

// search answers "UID a:b [SINCE d]". As RFC 9051 has it, "n:*" names the last
// message even where its UID is below n.
func (c *fakeConn) search(args string) {
	fields := strings.Fields(strings.NewReplacer("(", "", ")", "").Replace(args))
	var since time.Time
	if i := slices.Index(fields, "SINCE"); i >= 0 {
		since, _ = time.Parse("2-Jan-2006", strings.Trim(fields[i+1], `"`))
	}
	set := ""
	if i := slices.Index(fields, "UID"); i >= 0 {
		set = fields[i+1]
	}
	c.say("* SEARCH")
	for i, m := range c.selected.messages {
		last := i == len(c.selected.messages)-1 && strings.HasSuffix(set, "*")
		if (last || inSet(set, m.uid)) && !m.at.Before(since) {
			c.say(" %d", m.uid)
		}
	}
	c.say("\r\n")
}

func inSet(set string, n uint32) bool {
	for part := range strings.SplitSeq(set, ",") {
		from, to, isRange := strings.Cut(part, ":")
		if !isRange {
			to = from
		}
		low, _ := strconv.ParseUint(from, 10, 32)
		high, err := strconv.ParseUint(to, 10, 32)
		if err != nil {
			high = 1 << 32
		}
		if uint64(n) >= low && uint64(n) <= high {
			return true
		}
	}
	return false
}

func (c *fakeConn) fetch(args string, bySeq bool) {
	set, items, _ := strings.Cut(args, " ")
	for i, m := range c.selected.messages {
		number := m.uid
		if bySeq {
			number = uint32(i + 1)
		}
		if inSet(set, number) {
			c.deliver(i+1, m, strings.Contains(items, "[TEXT]"))
		}
	}
}

func (c *fakeConn) deliver(seq int, m fakeMessage, text bool) {
	header, body, _ := strings.Cut(m.raw, "\r\n\r\n")
	if text {
		body = body[:min(len(body), maxBody)]
		whole := (header + "\r\n\r\n")[:min(len(header)+4, maxHeader)]
		c.say("* %d FETCH (UID %d BODY[HEADER]<0> {%d}\r\n%s BODY[TEXT]<0> {%d}\r\n%s)\r\n",
			seq, m.uid, len(whole), whole, len(body), body)
		return
	}
	header = strings.ReplaceAll(header, "\r\nX-Other: field", "")
	header = (header + "\r\n\r\n")[:min(len(header)+4, maxHeader)]
	c.say("* %d FETCH (UID %d FLAGS (%s) INTERNALDATE %q RFC822.SIZE %d BODY[HEADER.FIELDS (SUBJECT)]<0> {%d}\r\n%s)\r\n",
		seq, m.uid, m.flags, m.at.Format("_2-Jan-2006 15:04:05 -0700"), len(m.raw), len(header), header)
}

// open returns a mailbox on the fake server.
func (f *fake) open(t *testing.T, change ...func(*Config)) (*Mailbox, *bubbleClock) {
	t.Helper()
	clock := &bubbleClock{}
	cfg := Config{
		Host: "mail.example", Port: 143, Security: Insecure, Username: "dana", Dial: f.dial, InProcess: true, Clock: clock,
		Password: func(context.Context) (string, error) { return f.password, nil },
	}
	for _, c := range change {
		c(&cfg)
	}
	m, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	return m, clock
}

// reader applies batches the way the daemon does: it keeps messages and cursors.
type reader struct {
	subjects []string // "folder/subject" in order of arrival
	all      []mailer.Fetched
	cursors  map[string]mailer.Cursor
}

func newReader() *reader { return &reader{cursors: map[string]mailer.Cursor{}} }

func (r *reader) apply(_ context.Context, b mailer.Batch) error {
	for _, m := range b.Messages {
		r.subjects = append(r.subjects, m.Folder+"/"+subject(m))
		r.all = append(r.all, m)
	}
	r.cursors[b.Cursor.Folder] = b.Cursor
	return nil
}

func (r *reader) request(full bool) mailer.LookRequest {
	req := mailer.LookRequest{Full: full, WantBody: func(mailer.Fetched) bool { return true }}
	for _, c := range r.cursors {
		req.Cursors = append(req.Cursors, c)
	}
	return req
}

func (r *reader) look(t *testing.T, m *Mailbox) mailer.LookResult {
	t.Helper()
	result, err := m.Look(t.Context(), r.request(false), r.apply)
	if err != nil {
		t.Fatalf("look failed: %v", err)
	}
	return result
}

func (r *reader) want(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(r.subjects, want) {
		t.Errorf("read %q, want %q", r.subjects, want)
	}
	r.subjects = nil
}

func subject(m mailer.Fetched) string {
	if m.Unreadable {
		return fmt.Sprintf("unreadable %d", m.UID)
	}
	_, rest, _ := strings.Cut(string(m.Header), "Subject: ")
	line, _, _ := strings.Cut(rest, "\r\n")
	return line
}
