package imap

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"afterword/mailer"
)

// Bounds on what a server may say. A header or a part of a body that this
// package asks for is far below them.
const (
	maxResponse = 2 << 20  // bytes of one response with its literals
	maxLiteral  = 1 << 20  // bytes of one literal
	maxNesting  = 64       // parentheses within each other
	maxCommand  = 32 << 20 // bytes between one command and the next
)

// guard stands between the connection and the library. It reads each response
// to its end, bounds it, screens what is known to hang or kill the library, and
// drops what nobody asked for. The library therefore sees whole responses and
// then the end of the stream: it never stands in a half-read literal, which is
// where it races and hangs when the connection breaks.
type guard struct {
	net.Conn
	in      *bufio.Reader
	buf     []byte // the response that is being read
	out     []byte // what the library has not taken of it yet
	greeted bool
	ended   atomic.Bool   // the library was told the end of the stream
	login   atomic.Bool   // the next tagged answer ends a login
	spoken  atomic.Bool   // in that login all was said
	told    atomic.Bool   // the server said what it can do, in its greeting or with a login
	offer   []byte        // what it said of that last
	left    atomic.Int64  // bytes that may still come before the next command
	news    chan struct{} // has a token once the selected folder changed

	mu     sync.Mutex // only ever held for a few instructions
	cause  error      // why the connection is unusable, nil while it is not
	unsent error      // why a command could not be sent
	bye    string     // the words of the server's BYE
	// patience says that they name a limit or a time of rest, blames that they find fault
	// with a credential.
	patience, blames bool
}

// newGuard guards conn. A greeting that was read already is given as greeting.
func newGuard(conn net.Conn, greeting string) *guard {
	g := &guard{
		Conn:    conn,
		in:      bufio.NewReaderSize(conn, 32<<10),
		out:     []byte(greeting),
		greeted: greeting != "",
		news:    make(chan struct{}, 1),
	}
	g.refill()
	return g
}

// refill allows the bytes of one more command.
func (g *guard) refill() { g.left.Store(maxCommand) }

// Read hands over screened responses. Whatever goes wrong is told as the end
// of the stream; loss tells the reason.
func (g *guard) Read(p []byte) (int, error) {
	for len(g.out) == 0 {
		if err := g.next(); err != nil {
			g.fail(g.unsentOr(err))
			g.Conn.Close()
			g.ended.Store(true)
			return 0, io.EOF
		}
	}
	n := copy(p, g.out)
	g.out = g.out[n:]
	return n, nil
}

// Write passes commands on. A failure reaches the library as the end of the
// stream: were it told here, it would finish its commands while its reader is
// still filling them in. What the server said before it hung up is still read,
// for its BYE tells whether it may be dialled again (RFC 9051 section 7.1.5).
func (g *guard) Write(p []byte) (int, error) {
	n, err := g.Conn.Write(p)
	if err == nil || g.ended.Load() {
		return n, err
	}
	g.mu.Lock()
	g.unsent = err
	g.mu.Unlock()
	time.AfterFunc(lastWordsTime, func() { g.Conn.Close() })
	return len(p), nil
}

// unsentOr prefers the reason for which a command could not be sent to the end
// of the stream that followed it.
func (g *guard) unsentOr(err error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.unsent != nil {
		return g.unsent
	}
	return err
}

// Close closes the connection, now and from any goroutine.
func (g *guard) Close() error {
	g.fail(net.ErrClosed)
	return g.Conn.Close()
}

// fail notes the first reason for which the connection is unusable. That it was
// closed by us is none of its own.
func (g *guard) fail(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.cause == nil || errors.Is(g.cause, net.ErrClosed) {
		g.cause = err
	}
}

func (g *guard) failed() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.cause != nil
}

// refusesLogin is a BYE in the place of the answer to a login, if it finds fault with the
// credential, else "".
func (g *guard) refusesLogin() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.blames {
		return ""
	}
	return g.bye
}

// loss says in one error how the connection was lost.
func (g *guard) loss() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.patience:
		return fmt.Errorf("%w: %w: %w: server says bye: %s", mailer.ErrConnectionLost, mailer.ErrServerBusy, errPatience, g.bye)
	case g.bye != "":
		return fmt.Errorf("%w: %w: server says bye: %s", mailer.ErrConnectionLost, mailer.ErrServerBusy, g.bye)
	case g.cause == nil || errors.Is(g.cause, io.EOF) || errors.Is(g.cause, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: server closed it", mailer.ErrConnectionLost)
	}
	return fmt.Errorf("%w: %s", mailer.ErrConnectionLost, oneLine(g.cause.Error()))
}

// next reads responses until one is for the library, and puts it into out.
func (g *guard) next() error {
	if cap(g.buf) > 256<<10 {
		g.buf = nil // one large response must not stay in memory
	}
	g.buf = g.buf[:0]
	line, err := g.line()
	if err != nil {
		return err
	}
	line = oneBlank(line)
	g.buf = line
	r := parseResponse(line)
	if !r.isText() {
		if err := g.rest(line); err != nil {
			return err
		}
	}
	out, err := g.screen(r)
	g.out = out
	return err
}

// rest reads what follows the first line of a response with data: its literals
// and the lines after them (RFC 9051 section 4.3).
func (g *guard) rest(line []byte) error {
	var nest nesting
	for {
		size, more, err := nest.line(line)
		if err != nil || !more {
			if blank := len(g.buf) - len(" )\r\n"); bytes.HasSuffix(line, []byte(" )\r\n")) {
				g.buf = append(g.buf[:blank], ")\r\n"...) // the library forgives no blank there
			}
			return err
		}
		if err := g.literal(size); err != nil {
			return err
		}
		if line, err = g.line(); err != nil {
			return err
		}
	}
}

// line reads one line into buf and returns it with its line end.
func (g *guard) line() ([]byte, error) {
	start := len(g.buf)
	for {
		part, err := g.in.ReadSlice('\n')
		if spent := g.spend(len(part)); spent != nil {
			return nil, spent
		}
		g.buf = append(g.buf, part...)
		if err == nil {
			return g.buf[start:], nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
	}
}

func (g *guard) literal(size int64) error {
	if size > maxLiteral {
		return fmt.Errorf("server sends a literal of %d bytes, more than %d", size, maxLiteral)
	}
	if err := g.spend(int(size)); err != nil {
		return err
	}
	start := len(g.buf)
	g.buf = append(g.buf, make([]byte, size)...)
	_, err := io.ReadFull(g.in, g.buf[start:])
	return err
}

// spend counts n bytes that are about to join buf against the bounds.
func (g *guard) spend(n int) error {
	if len(g.buf)+n > maxResponse {
		return fmt.Errorf("server sends a response of more than %d bytes", maxResponse)
	}
	if g.left.Add(-int64(n)) < 0 {
		return fmt.Errorf("server sends more than %d bytes to one command", maxCommand)
	}
	return nil
}

// screen decides what the library sees of the response in buf.
func (g *guard) screen(r response) ([]byte, error) {
	if !g.greeted && !r.untagged {
		return nil, fmt.Errorf("what answers is no IMAP server, it says %q", oneLine(string(clip(trimEnd(g.buf)))))
	}
	if err := r.dangerous(g.buf); err != nil {
		return nil, err
	}
	if r.untagged && r.kind == "BYE" {
		g.mu.Lock()
		g.bye, g.patience, g.blames = oneLine(string(r.text)), asksForPatience(r.code, string(r.text)), blames(r.code, string(r.text))
		g.mu.Unlock()
	}
	switch r.kind {
	case "EXISTS", "RECENT", "EXPUNGE", "VANISHED":
		select {
		case g.news <- struct{}{}:
		default:
		}
	}
	if !r.wanted(g.greeted) {
		return nil, nil
	}
	if r.continuation && g.login.Load() {
		return g.question(r), nil
	}
	entering := !g.greeted || g.login.Load()
	greeting := !g.greeted
	g.greeted = true
	if r.kind == "OK" && r.code != "CAPABILITY" && (greeting || !r.untagged && entering) {
		return r.withCapability(g.buf, g.offer), nil
	}
	if r.kind == "FETCH" {
		return mendedFetch(withoutEcho(g.buf)), nil
	}
	if r.kind == "LIST" || r.kind == "STATUS" {
		return mendedFolder(r, g.buf), nil
	}
	if r.kind == "SEARCH" || r.kind == "ESEARCH" {
		return inOrder(r.kind, mendedSearch(r, g.buf)), nil
	}
	if r.kind == "CAPABILITY" || r.code == "CAPABILITY" && r.isText() && !r.continuation {
		g.told.Store(g.told.Load() || entering)
		out := withoutRev2(capitals(r, g.buf))
		g.offer = append(g.offer[:0], parseResponse(out).offered()...)
		return out, nil
	}
	return g.buf, nil
}

// question is what the library sees of a server's question in a login. No login of ours
// needs to know what it says, and servers say it in plain words: the first asks for what
// there is to say, a later one only wants to be heard out.
func (g *guard) question(r response) []byte {
	if !g.spoken.Swap(true) {
		return []byte("+ \r\n")
	}
	text := bytes.TrimSpace(r.text)
	if _, err := base64.StdEncoding.DecodeString(string(text)); err != nil || len(text) == 0 {
		return []byte("+ Pw==\r\n")
	}
	return g.buf
}

// withoutEcho shortens the list of fields that a server repeats in every answer:
// the library would spend half its time on it.
func withoutEcho(response []byte) []byte {
	line, _, _ := bytes.Cut(response, []byte("\n"))
	at := bytes.Index(line, []byte("[HEADER.FIELDS ("))
	if at < 0 {
		return response
	}
	length := bytes.Index(line[at:], []byte(")]"))
	if length < 0 {
		return response
	}
	return append(response[:at+len("[HEADER")], response[at+length+1:]...)
}

// withoutRev2 takes IMAP4rev2 out of a list that also offers IMAP4rev1. The
// library would speak rev2 at once, though RFC 9051 section 6.3.1 keeps such a
// server on rev1 until ENABLE, and folders with accents could not be opened.
func withoutRev2(line []byte) []byte {
	upper := upperASCII(line)
	at := bytes.Index(upper, []byte(" IMAP4REV2"))
	if at < 0 || !bytes.Contains(upper, []byte(" IMAP4REV1")) {
		return line
	}
	end := at + len(" IMAP4REV2")
	if end < len(line) && isAtomByte(line[end]) {
		return line
	}
	return append(line[:at], line[end:]...)
}
