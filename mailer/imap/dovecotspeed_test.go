//go:build realmail

package imap

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"afterword/internal/realmail"
	"afterword/mailer"
)

// catchUpRounds is how often each way is measured, in turns, so that whatever
// else the machine does weighs on both.
const catchUpRounds = 5

// BenchmarkCatchUp reads a folder of 100,000 messages (AFTERWORD_CATCH_UP says
// otherwise) for the first time. The floor are the very commands that the
// program sends, on a raw socket whose answers are thrown away: each after the
// answer to the one before, and, lower still, all of them at once. (One FETCH of
// them all is no floor: it ends Dovecot 2.3 by its limit of memory.)
func BenchmarkCatchUp(b *testing.B) {
	many := 100_000
	if text := os.Getenv("AFTERWORD_CATCH_UP"); text != "" {
		var err error
		if many, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	servers := realmail.Start(b)
	a := dovecotAccount(servers, "many")
	if err := servers.Fill("many", "", many, time.Now(), bulkLetter); err != nil {
		b.Fatal(err)
	}
	record := &recorder{dial: a.dial}
	warm := a
	warm.dial = record.open
	catchUp(b, warm, many) // Dovecot writes its index; the commands are noted
	for b.Loop() {
		var own, inTurn, atOnce, heap []float64
		for range catchUpRounds {
			inTurn = append(inTurn, replay(b, a, record.commands(), false).Seconds())
			took, peak := catchUp(b, a, many)
			own, heap = append(own, took.Seconds()), append(heap, float64(peak)/(1<<20))
			atOnce = append(atOnce, replay(b, a, record.commands(), true).Seconds())
		}
		b.Logf("%d messages in %d commands: program %.2f s, raw socket one by one %.2f s, all at once %.2f s (medians of %d); heap in use at most %.1f MiB",
			many, len(record.commands()), median(own), median(inTurn), median(atOnce), catchUpRounds, slices.Max(heap))
		b.ReportMetric(median(ratios(own, inTurn)), "x-one-by-one")
		b.ReportMetric(median(ratios(own, atOnce)), "x-at-once")
		b.ReportMetric(slices.Max(heap), "MiB-heap")
	}
}

// bulkLetter is a message as they lie in mailboxes by the thousand, with
// header fields of the usual number and length.
func bulkLetter(i int) []byte {
	var w bytes.Buffer
	fmt.Fprintf(&w, "Return-Path: <bounce-%d@lists.example>\r\nDelivered-To: dana@example.org\r\n", i)
	for hop := range 3 {
		fmt.Fprintf(&w, "Received: from relay%d.example (relay%d.example [192.0.2.%d])\r\n\tby mx.example.org with ESMTPS id %08x\r\n\tfor <dana@example.org>; Mon, 2 Nov 2026 08:00:00 +0000\r\n", hop, hop, hop+1, i*7+hop)
	}
	fmt.Fprintf(&w, "Authentication-Results: mx.example.org; dkim=pass header.d=lists.example\r\n\theader.s=s1; spf=pass smtp.mailfrom=lists.example; dmarc=pass header.from=lists.example\r\n")
	fmt.Fprintf(&w, "DKIM-Signature: v=1; a=rsa-sha256; d=lists.example; s=s1; h=from:to:subject;\r\n\tb=%s\r\n", strings.Repeat("Qk", 120))
	fmt.Fprintf(&w, "Message-ID: <%d.%x@lists.example>\r\nDate: Mon, 2 Nov 2026 08:00:00 +0000\r\n", i, i*i)
	fmt.Fprintf(&w, "From: \"The weekly paper\" <paper-%d@lists.example>\r\nTo: Dana Reyes <dana@example.org>\r\nSubject: Issue %d of what you read on Mondays\r\n", i%50, i)
	fmt.Fprintf(&w, "List-ID: <paper.lists.example>\r\nList-Unsubscribe: <https://lists.example/leave/%d>\r\nPrecedence: bulk\r\n", i)
	fmt.Fprintf(&w, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n")
	fmt.Fprintf(&w, "%s\r\n", strings.Repeat("The text of the issue.\r\n", 20))
	return w.Bytes()
}

// catchUp reads the whole account for the first time.
func catchUp(b *testing.B, a account, many int) (took time.Duration, peak uint64) {
	b.Helper()
	m := a.open(b)
	runtime.GC()
	stop := watchHeap(&peak)
	count, start := 0, time.Now()
	_, err := m.Look(b.Context(), mailer.LookRequest{}, func(_ context.Context, batch mailer.Batch) error {
		count += len(batch.Messages)
		return nil
	})
	took = time.Since(start)
	stop()
	if err := m.Close(); err != nil {
		b.Fatal(err)
	}
	if err != nil || count != many {
		b.Fatalf("read %d of %d messages: %v", count, many, err)
	}
	return took, peak
}

// watchHeap notes the most that the heap has in use until stop returns.
func watchHeap(peak *uint64) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			*peak = max(*peak, m.HeapInuse)
			select {
			case <-tick.C:
			case <-done:
				return
			}
		}
	}()
	return func() { close(done); <-ended }
}

// recorder notes what is written to the connections that it opens.
type recorder struct {
	dial func(ctx context.Context, network, addr string) (net.Conn, error)
	mu   sync.Mutex
	said bytes.Buffer
}

type recordedConn struct {
	net.Conn
	*recorder
}

func (r *recorder) open(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := r.dial(ctx, network, addr)
	return recordedConn{conn, r}, err
}

func (c recordedConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said.Write(p)
	return c.Conn.Write(p)
}

// commands are the lines that were sent up to the last FETCH, each with its tag.
func (r *recorder) commands() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := strings.SplitAfter(r.said.String(), "\r\n")
	last := 0
	for i, line := range all {
		if isFetch.MatchString(line) {
			last = i
		}
	}
	return all[:last+1]
}

var isFetch = regexp.MustCompile(`^\S+ UID FETCH \S+ `)

// replay sends commands, at once or each after the answer to the one before,
// and throws the answers away.
func replay(b *testing.B, a account, commands []string, atOnce bool) time.Duration {
	b.Helper()
	start := time.Now()
	conn, err := a.dial(b.Context(), "tcp", "")
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 64<<10)
	// A server greets first and takes one command after a login.
	alone := 2
	for n, command := range commands {
		if n == alone && atOnce {
			go func() { _, _ = io.WriteString(conn, strings.Join(commands[n:], "")) }() // a failure ends the reading
		}
		if n < alone || !atOnce {
			_, err = io.WriteString(conn, command)
		}
		tag, _, _ := strings.Cut(command, " ")
		if err := errors.Join(err, skipTo(in, []byte(tag+" "))); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(start)
}

// skipTo reads up to the answer with a tag.
func skipTo(in *bufio.Reader, tag []byte) error {
	for {
		line, err := in.ReadSlice('\n')
		if err != nil && err != bufio.ErrBufferFull {
			return err
		}
		if bytes.HasPrefix(line, tag) {
			return nil
		}
	}
}

func median(all []float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

func ratios(own, floor []float64) []float64 {
	var out []float64
	for i := range own {
		out = append(out, own[i]/floor[i])
	}
	return out
}
