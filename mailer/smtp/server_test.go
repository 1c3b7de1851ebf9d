package smtp

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"math/big"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"afterword/mailer"
)

// Special answers of the scripted server.
const (
	hang = "\x00hang" // says nothing more and keeps the connection
	drop = "\x00drop" // closes the connection without a word
)

const (
	testUser     = "dana@example.org"
	testPassword = "correct horse battery"
	queuedReply  = "250 2.0.0 Ok: queued as 4WxYz12abc\r\n"
)

// server is a submission server under the test's control. It stores a message
// at the moment it has read the final dot, before it answers, as servers do.
type server struct {
	// answer replaces the reply to a verb ("greeting", "EHLO", "AUTH", "MAIL",
	// "RCPT", "DATA", ".", "QUIT", "STARTTLS"); "" leaves the usual one.
	// Time is how often the verb was heard so far, from 1.
	answer func(verb string, time int) string
	// line is called for each raw line of a message, from inside DATA.
	line     func(number int) string
	offers   []string // EHLO keywords
	password string
	cert     *tls.Config
	implicit bool          // TLS from the first byte
	pause    time.Duration // before the answer to the dot
	discards bool          // takes the dot but stores nothing
	prompts  []string      // of LOGIN, as they are said; nil: as usual

	mu       sync.Mutex
	stored   []string
	heard    []string // commands of all sessions
	count    map[string]int
	sessions int
	conns    []net.Conn
	gone     chan struct{} // closed when the test is over
}

func newServer() *server {
	return &server{
		offers:   []string{"SIZE 35882577", "8BITMIME", "ENHANCEDSTATUSCODES", "AUTH PLAIN LOGIN XOAUTH2"},
		password: testPassword,
		count:    map[string]int{},
		gone:     make(chan struct{}),
	}
}

// answering makes the server give one reply to every occurrence of a verb.
func answering(verb, text string) *server {
	s := newServer()
	s.answer = func(v string, _ int) string {
		if v == verb {
			return text
		}
		return ""
	}
	return s
}

// dial opens a session. The far end is closed with the test.
func (s *server) dial(t testing.TB) DialFunc {
	return func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		s.accept(t, near, far)
		return near, nil
	}
}

func (s *server) accept(t testing.TB, near, far net.Conn) {
	s.mu.Lock()
	s.sessions++
	s.conns = append(s.conns, far)
	s.mu.Unlock()
	t.Cleanup(func() { _, _ = near.Close(), far.Close() })
	go s.serve(far)
}

// cutAll breaks every connection, as a restarting server does.
func (s *server) cutAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, conn := range s.conns {
		_ = conn.Close()
	}
}

// leave ends a pause that nobody waits for any more.
func (s *server) leave() { close(s.gone) }

func (s *server) messages() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.stored)
}

func (s *server) commands() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.heard)
}

func (s *server) dials() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions
}

// hears tells the script of a verb and returns what to say.
func (s *server) hears(verb, usual string) string {
	s.mu.Lock()
	s.count[verb]++
	time := s.count[verb]
	s.mu.Unlock()
	if s.answer != nil {
		if text := s.answer(verb, time); text != "" {
			return text
		}
	}
	return usual
}

var errDropped = errors.New("the script drops the connection")

// visit is one session at the server.
type visit struct {
	*server
	conn net.Conn
	r    *bufio.Reader
}

func (s *server) serve(conn net.Conn) {
	defer conn.Close()
	if s.implicit {
		conn = tls.Server(conn, s.cert)
	}
	v := &visit{s, conn, bufio.NewReader(conn)}
	err := v.reply("greeting", "220 mx.example.org ESMTP\r\n")
	for err == nil {
		var line string
		if line, err = v.read(); err == nil {
			s.mu.Lock()
			s.heard = append(s.heard, line)
			s.mu.Unlock()
			err = v.command(line)
		}
	}
}

// read returns one CRLF line; a line feed alone does not end one.
func (v *visit) read() (string, error) {
	var line strings.Builder
	for {
		part, err := v.r.ReadString('\n')
		line.WriteString(part)
		if err != nil || strings.HasSuffix(part, "\r\n") {
			return strings.TrimSuffix(line.String(), "\r\n"), err
		}
	}
}

func (v *visit) reply(verb, usual string) error {
	return v.say(v.hears(verb, usual))
}

func (v *visit) say(text string) error {
	switch text {
	case drop:
		return errDropped
	case hang:
		_, err := v.conn.Read(make([]byte, 1<<16))
		for err == nil {
			_, err = v.conn.Read(make([]byte, 1<<16))
		}
		return err
	}
	_, err := v.conn.Write([]byte(text))
	return err
}

func (v *visit) command(line string) error {
	verb, _, _ := strings.Cut(line, " ")
	switch verb {
	case "EHLO":
		lines := append([]string{"mx.example.org"}, v.offers...)
		last := len(lines) - 1
		text := ""
		for _, l := range lines[:last] {
			text += "250-" + l + "\r\n"
		}
		return v.reply(verb, text+"250 "+lines[last]+"\r\n")
	case "STARTTLS":
		return v.upgrade()
	case "AUTH":
		return v.auth(line)
	case "MAIL", "RCPT":
		return v.reply(verb, "250 2.1.0 Ok\r\n")
	case "DATA":
		return v.data()
	case "QUIT":
		_ = v.reply(verb, "221 2.0.0 Bye\r\n")
		return errDropped
	}
	return v.reply(verb, "500 5.5.1 unknown command\r\n")
}

func (v *visit) upgrade() error {
	if err := v.reply("STARTTLS", "220 2.0.0 ready\r\n"); err != nil || v.cert == nil {
		return err
	}
	v.conn = tls.Server(v.conn, v.cert)
	v.r = bufio.NewReader(v.conn)
	return nil
}

func (v *visit) auth(line string) error {
	fields := strings.Fields(line)
	var given string
	switch fields[1] {
	case "PLAIN", "XOAUTH2", "OAUTHBEARER":
		raw, _ := base64.StdEncoding.DecodeString(fields[2])
		given = string(raw)
	case "LOGIN":
		prompts := v.prompts
		if prompts == nil {
			prompts = []string{"VXNlcm5hbWU6", "UGFzc3dvcmQ6"}
		}
		for _, prompt := range prompts {
			if err := v.say("334 " + prompt + "\r\n"); err != nil {
				return err
			}
			text, err := v.read()
			if err != nil {
				return err
			}
			raw, _ := base64.StdEncoding.DecodeString(text)
			given += "\x00" + string(raw)
		}
	}
	good := []string{
		"\x00" + testUser + "\x00" + v.password,
		"user=" + testUser + "\x01auth=Bearer " + v.password + "\x01\x01",
		"n,a=" + testUser + ",\x01host=mx.example.org\x01port=587\x01auth=Bearer " + v.password + "\x01\x01",
	}
	if slices.Contains(good, given) {
		return v.reply("AUTH", "235 2.7.0 welcome\r\n")
	}
	return v.reply("AUTH", "535 5.7.8 bad credentials\r\n")
}

// data reads a message. Only a dot on a line of its own, after a CRLF, ends it.
func (v *visit) data() error {
	if err := v.reply("DATA", "354 go ahead\r\n"); err != nil {
		return err
	}
	v.mu.Lock()
	refused := v.answer != nil && v.count["refused DATA"] > 0
	v.mu.Unlock()
	if refused {
		return nil
	}
	var text strings.Builder
	for number := 1; ; number++ {
		line, err := v.read()
		if err != nil {
			return err
		}
		if line == "." {
			break
		}
		text.WriteString(strings.TrimPrefix(line, ".") + "\r\n")
		if v.line != nil {
			if said := v.line(number); said != "" {
				if err := v.say(said); err != nil {
					return err
				}
			}
		}
	}
	if !v.discards {
		v.mu.Lock()
		v.stored = append(v.stored, text.String())
		v.mu.Unlock()
	}
	if v.pause > 0 {
		select {
		case <-time.NewTimer(v.pause).C:
		case <-v.gone:
		}
	}
	return v.reply(".", queuedReply)
}

// testMessage is a small message with lines that begin with dots.
func testMessage() mailer.Frozen {
	return mailer.Frozen{
		MessageID: "<f00@example.org>", From: testUser, To: "ken@acme.example",
		Bytes: []byte("From: Dana <dana@example.org>\r\nTo: ken@acme.example\r\n" +
			"Message-ID: <f00@example.org>\r\nSubject: Thank you\r\n\r\nHi Ken,\r\n.\r\n..\r\n.dot\r\nDana\r\n"),
	}
}

// plainConfig reaches the server in the clear, inside this process.
func plainConfig(dial DialFunc) Config {
	return Config{
		Host: "mx.example.org", Port: 587, Security: Insecure, InProcess: true, Dial: dial,
		Username: testUser,
		Password: func(context.Context) (string, error) { return testPassword, nil },
	}
}

func newSender(t testing.TB, config Config) *Sender {
	t.Helper()
	s, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// agree is the beforeDot of a test that has nothing to say.
func agree(context.Context) error { return nil }

// sendTo sends the test message to a server once.
func sendTo(t testing.TB, s *server) mailer.Receipt {
	t.Helper()
	return newSender(t, plainConfig(s.dial(t))).Send(t.Context(), testMessage(), agree)
}

// checkHonest holds the outcome against what the server has: the one test that
// no other may contradict.
func checkHonest(t testing.TB, r mailer.Receipt, stored int) {
	t.Helper()
	switch {
	case r.Outcome == mailer.Accepted && stored != 1:
		t.Errorf("accepted, but the server stored %d messages", stored)
	case (r.Outcome == mailer.Deferred || r.Outcome == mailer.Refused) && stored != 0:
		t.Errorf("%v at %s, but the server stored the message: %+v", r.Outcome, r.Phase, r)
	case r.Outcome < mailer.Accepted || r.Outcome > mailer.InDoubt:
		t.Errorf("outcome %d is none of the four", r.Outcome)
	case r.Outcome == mailer.InDoubt && r.Phase != mailer.PhaseDot:
		t.Errorf("in doubt at %s, before the dot", r.Phase)
	}
}

// testCertificate makes a certificate for the names and the pool that trusts it.
func testCertificate(t testing.TB, names ...string) (*tls.Config, *x509.CertPool) {
	t.Helper()
	return testCertificateUntil(t, time.Date(2199, 1, 1, 0, 0, 0, 0, time.UTC), names...)
}

func testCertificateUntil(t testing.TB, end time.Time, names ...string) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, DNSNames: names,
		NotBefore: time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:  end,
		IsCA:      true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}
