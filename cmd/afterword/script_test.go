package main

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"afterword/internal/clock"
	"afterword/internal/leak"
	"afterword/mailer/mailtest"
)

func TestMain(m *testing.M) {
	// A story waits for the disk half of its time: more of them than there are
	// processors go on at once. The command line may say otherwise.
	if err := flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	testscript.Main(leak.After(m), map[string]func(){
		"afterword": func() { os.Exit(runAt(os.Getenv("SCRIPT_NOW"))) },
	})
}

// runAt is the program with a clock that a script has set by SCRIPT_NOW, in RFC
// 3339; without it the machine's.
func runAt(now string) int {
	c := &clock.Running{}
	if now != "" {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			panic(err)
		}
		c.Step(time.Until(at))
	}
	p := &program{in: os.Stdin, out: os.Stdout, err: os.Stderr, clock: c}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return finish(os.Stderr, p.execute(ctx, os.Args[1:]))
}

// TestScripts runs the command line as its user does. Each file says at its top
// what it pins.
func TestScripts(t *testing.T) {
	t.Parallel()
	found, err := filepath.Glob(filepath.Join("testdata", "script", "*.txt"))
	if err != nil || len(found) == 0 {
		t.Fatalf("no scripts were found: %v", err)
	}
	testscript.Run(t, testscript.Params{Dir: filepath.Join("testdata", "script"), RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"mailserver": mailserver}})
}

// mailserver starts a mail server with the account of dana@example.org, whose
// password is "secret", and names it in $SMTP and $IMAP. With "tls" it has a
// certificate that nobody vouches for.
func mailserver(ts *testscript.TestScript, neg bool, args []string) {
	security := mailtest.Plaintext
	if len(args) == 1 && args[0] == "tls" {
		security = mailtest.ImplicitTLS
	} else if neg || len(args) > 0 {
		ts.Fatalf("usage: mailserver [tls]")
	}
	w, err := mailtest.New(mailtest.Options{SMTP: mailtest.SMTPOptions{Security: security, FileSent: true}, IMAP: mailtest.IMAPOptions{Security: security}})
	ts.Check(err)
	ts.Defer(func() { ts.Check(w.Close()) })
	smtp, imap, err := w.ServeTCP()
	ts.Check(err)
	ts.Setenv("SMTP", smtp)
	ts.Setenv("IMAP", imap)
}
