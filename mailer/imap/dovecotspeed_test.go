//go:build realmail

package imap

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"afterword/internal/realmail"
	"afterword/mailer"
)

// TestCatchUpAgainstRawSocket reads a folder of AFTERWORD_DOVECOT_MANY messages
// (default 5000) once with this package and once as the same FETCH on a raw
// socket, and says how the two compare. It fails only if messages are missing.
func TestCatchUpAgainstRawSocket(t *testing.T) {
	many := 5000
	if s := os.Getenv("AFTERWORD_DOVECOT_MANY"); s != "" {
		_, _ = fmt.Sscan(s, &many)
	}
	a := dovecotAccount(realmail.Start(t), "many")
	fill(t, a, many)
	for range 3 {
		raw := rawFetch(t, a)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		peak := uint64(0)
		count, start := 0, time.Now()
		_, err := a.open(t).Look(t.Context(), mailer.LookRequest{}, func(_ context.Context, b mailer.Batch) error {
			count += len(b.Messages)
			if runtime.ReadMemStats(&after); after.HeapInuse > peak {
				peak = after.HeapInuse
			}
			return nil
		})
		took := time.Since(start)
		if err != nil || count != many {
			t.Fatalf("read %d of %d messages: %v", count, many, err)
		}
		t.Logf("%d messages: %v, raw socket %v, ratio %.2f, heap %d MiB", many, took, raw, float64(took)/float64(raw), peak>>20)
	}
}

// fill appends messages in one pipelined APPEND after another.
func fill(t *testing.T, a account, many int) {
	c := a.program(t)
	for i := range many {
		put(t, c, "INBOX", fmt.Sprintf("m%d", i), time.Now())
	}
}

// rawFetch is the floor: the same headers by one command on a plain socket.
func rawFetch(t *testing.T, a account) time.Duration {
	conn, err := a.dial(t.Context(), "tcp", "")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 64<<10)
	ask := func(tag, command string) {
		fmt.Fprintf(conn, "%s %s\r\n", tag, command)
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(line, tag+" ") {
				return
			}
		}
	}
	start := time.Now()
	ask("a", "LOGIN "+a.username+" "+a.password)
	ask("b", "EXAMINE INBOX")
	ask("c", "UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS ("+
		strings.ToUpper(strings.Join(headerFields(), " "))+")]<0.65536>)")
	return time.Since(start)
}
