package realmail

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// TestDovecotConfFollowsTheVersion: each syntax is refused by the other version.
func TestDovecotConfFollowsTheVersion(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"2.3.19.1 (9b53102964)\n": "dovecot-2.3.conf",
		"2.3.4":                   "dovecot-2.3.conf",
		"2.4.1-4 (7d8c0e5759)\n":  "dovecot-2.4.conf",
		"2.10.0":                  "dovecot-2.4.conf",
		"2.2.36":                  "",
		"3.0.0":                   "",
		"dovecot":                 "",
		"":                        "",
	} {
		got, err := dovecotConf(version)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v, want %q", version, got, err, want)
		}
	}
}

func testLayout(dir string) layout {
	return layout{Dir: dir, Ports: Ports{IMAP: 1143, IMAPS: 1993, SMTP: 1025, SMTPS: 1465, LMTP: 1024},
		owner: owner{UID: 65534, GID: 65534}, Domain: Domain, Password: Password, Folders: folders()}
}

// TestConfsAreFilledIn: nothing of the template is left, and every configuration
// says what the tests rest on.
func TestConfsAreFilledIn(t *testing.T) {
	t.Parallel()
	l := testLayout("/tmp/realmail-1")
	for name, wants := range map[string][]string{
		"dovecot-2.3.conf": {"listen = 127.0.0.1\n", "port = 1993\n", "port = 1143\n", "port = 1024\n", "args = password=" + Password + "\n",
			"home=/tmp/realmail-1/mail/%u ", "mailbox Junk {\n    auto = create\n    special_use = \\Junk\n"},
		"dovecot-2.4.conf": {"dovecot_config_version = 2.4", "listen = 127.0.0.1\n", "port = 1993\n", "port = 1143\n", "port = 1024\n",
			"password = " + Password + "\n", "home = /tmp/realmail-1/mail/%{user}\n", "special_use = \\Archive\n"},
		"main.cf": {"inet_interfaces = loopback-only\n", "relayhost =\n", "disable_dns_lookups = yes\n", "default_transport = error:",
			"transport_maps = inline:{ {example.org = lmtp:inet:127.0.0.1:1024} }\n", "virtual_mailbox_base = /tmp/realmail-1/others\n"},
		"master.cf": {"127.0.0.1:1025 inet", "127.0.0.1:1465 inet", "smtpd_client_restrictions=permit_sasl_authenticated,reject\n"},
	} {
		text, err := l.conf(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q:\n%s", name, want, text)
			}
		}
		if strings.Contains(text, "{{") || strings.Contains(text, "<no value>") {
			t.Errorf("%s is not filled in:\n%s", name, text)
		}
	}
	if _, err := l.conf("exim.conf"); err == nil {
		t.Error("a configuration that does not exist was filled in")
	}
}

// TestPostfixNeverDeliversElsewhere: a transport that could leave the machine
// is not even configured.
func TestPostfixNeverDeliversElsewhere(t *testing.T) {
	t.Parallel()
	text, err := testLayout("/tmp/realmail-1").conf("master.cf")
	if err != nil {
		t.Fatal(err)
	}
	services := 0
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) == 8 {
			services++
			if command := fields[7]; command == "smtp" || command == "pipe" {
				t.Errorf("the service %q could carry mail away", line)
			}
		}
	}
	if services < 10 {
		t.Errorf("only %d services were read", services)
	}
}

// deliverFile puts a message into a Maildir as a server would.
func deliverFile(t *testing.T, dir, sub, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, sub, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestMaildirIsReadInOrderOfArrival: by second and microsecond as numbers,
// whichever server wrote the name, and whether or not a client has seen it.
func TestMaildirIsReadInOrderOfArrival(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	deliverFile(t, dir, "new", "1763920001.V801I12M5.host", "Delivered-To: Ken@Acme.Example\nMessage-ID: <b@x>\nSubject: =?utf-8?q?Caf=C3=A9?=\n\nHello.\n")
	deliverFile(t, dir, "new", "1763920001.M40P77.host,S=3,W=4", "Delivered-To: <mara@acme.example>\r\nMessage-ID: <c@x>\r\n\r\nHello.\r\n")
	deliverFile(t, dir, "cur", "1763920000.M999999P77.host,S=3,W=4:2,RS", "Message-ID: <a@x>\n\nHello.\n")
	deliverFile(t, dir, "tmp", "1763920002.M1P77.host", "Message-ID: <unfinished@x>\n\n")
	got, err := readMaildir(dir)
	if err != nil || len(got) != 3 {
		t.Fatalf("read %+v, %v", got, err)
	}
	for i, want := range []Accepted{
		{MessageID: "<a@x>", Seen: true},
		{MessageID: "<b@x>", To: "ken@acme.example", Subject: "Café"},
		{MessageID: "<c@x>", To: "mara@acme.example"},
	} {
		g := got[i]
		if g.MessageID != want.MessageID || g.To != want.To || g.Subject != want.Subject || g.Seen != want.Seen || !strings.Contains(string(g.Raw), "Hello.") {
			t.Errorf("message %d is %+v, want %+v", i, g, want)
		}
	}
}

// TestQueueIDIsThatOfPostfix: and not that of the server behind it.
func TestQueueIDIsThatOfPostfix(t *testing.T) {
	t.Parallel()
	for want, text := range map[string]string{
		"4ZxYBc12z9zK7qW": "Received: from localhost (localhost [127.0.0.1])\n\tby localhost (Dovecot) with LMTP id AbC\nReceived: from [127.0.0.1] (localhost [127.0.0.1])\n\tby localhost.localdomain (Postfix) with ESMTPSA id 4ZxYBc12z9zK7qW\n\tfor <ken@acme.example>; Wed, 25 Nov 2026 19:00:00 +0000 (UTC)\n\nHello.\n",
		"4ZxYBc12z9zK7qX": "Received: by localhost.localdomain (Postfix, from userid 0)\n\tid 4ZxYBc12z9zK7qX; Wed, 25 Nov 2026 19:00:00 +0000 (UTC)\n\nHello.\n",
		"":                "Received: from a by b (Dovecot) with LMTP id AbC\n\nHello.\n",
	} {
		if got := accepted([]byte(text)).QueueID; got != want {
			t.Errorf("read %q, want %q, of\n%s", got, want, text)
		}
	}
}

// TestNoMaildirIsNoMail: the folder is made by the first delivery.
func TestNoMaildirIsNoMail(t *testing.T) {
	t.Parallel()
	s := &Servers{dir: t.TempDir()}
	others, err := s.Others()
	if err != nil || len(others) != 0 {
		t.Errorf("others: %+v, %v", others, err)
	}
	inbox, err := s.Inbox(Username)
	if err != nil || len(inbox) != 0 {
		t.Errorf("inbox: %+v, %v", inbox, err)
	}
}

// TestQueuedCountsMessages: in all queues, hashed folders too, and nothing else.
func TestQueuedCountsMessages(t *testing.T) {
	t.Parallel()
	s := &Servers{dir: t.TempDir()}
	if n, err := s.Queued(); n != 0 || err != nil {
		t.Errorf("no queue: %d, %v", n, err)
	}
	for _, sub := range []string{"incoming", "active", "deferred/4", "hold", "defer/4", "pid"} {
		deliverFile(t, filepath.Join(s.dir, "queue"), sub, "4ABCDEF", "")
		deliverFile(t, filepath.Join(s.dir, "queue"), sub, "unfinished", "")
		if err := os.Chmod(filepath.Join(s.dir, "queue", sub, "4ABCDEF"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.Queued(); n != 4 || err != nil {
		t.Errorf("queued %d, %v, want the 4 messages and not their logs", n, err)
	}
}

// TestCertificateHoldsForTheHostAlone: over TLS as the program checks it.
func TestCertificateHoldsForTheHostAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pool, err := writeCertificate(dir)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	for name, fits := range map[string]bool{Host: true, "127.0.0.1": true, "mail.example.org": false} {
		_, err := pair.Leaf.Verify(x509.VerifyOptions{Roots: pool, DNSName: name})
		if (err == nil) != fits {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := pair.Leaf.Verify(x509.VerifyOptions{Roots: x509.NewCertPool(), DNSName: Host}); err == nil {
		t.Error("the certificate holds without its authority")
	}
	if info, err := os.Stat(filepath.Join(dir, "key.pem")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the key: %v, %v", info, err)
	}
}

func TestFreePortsAreFiveDifferentOnes(t *testing.T) {
	t.Parallel()
	p, release, err := freePorts()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	different := map[int]bool{p.IMAP: true, p.IMAPS: true, p.SMTP: true, p.SMTPS: true, p.LMTP: true}
	if len(different) != 5 || different[0] {
		t.Errorf("ports %+v", p)
	}
}

// TestGuardEndsWhatItStarted: when its input ends, and says what went wrong
// when that cannot be started.
func TestGuardEndsWhatItStarted(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh here")
	}
	dir := t.TempDir()
	pidFile := filepath.Join(dir, "pid")
	s := &Server{name: "sleeper", log: filepath.Join(dir, "log"),
		guard: []string{foreground, "guard", "sh", "-c", `echo $$ > "$1.new"; mv "$1.new" "$1"; exec sleep 600`, "sleeper", pidFile}}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	var process *os.Process
	err := await(t.Context(), func() (bool, error) {
		text, err := os.ReadFile(pidFile)
		if err != nil {
			return false, nil // not written yet
		}
		pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err == nil {
			process, err = os.FindProcess(pid)
		}
		return true, err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Signal(syscall.Signal(0)); err != nil {
		t.Fatalf("the process does not run: %v", err)
	}
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
	if err := process.Signal(syscall.Signal(0)); err == nil {
		t.Error("the process outlived its guard")
	}
	if err := s.Stop(); err != nil {
		t.Errorf("stopping it again: %v", err)
	}
}

// TestFailedStartIsTold: with what the server wrote.
func TestFailedStartIsTold(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh here")
	}
	s := &Server{name: "broken", log: filepath.Join(t.TempDir(), "log"),
		guard: []string{background, "guard", "sh", "-c", "echo no such setting >&2; exit 1"}}
	if err := s.Start(); err != nil {
		t.Fatal(err) // it has no port to wait for
	}
	if err := s.Stop(); err == nil || !strings.Contains(err.Error(), "no such setting") {
		t.Errorf("stopping what never ran: %v, want the server's words", err)
	}
}
