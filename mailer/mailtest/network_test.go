package mailtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// connect returns both ends of one connection.
func connect(t *testing.T, n *Network, endpoint string) (client, server net.Conn) {
	t.Helper()
	l, err := n.Listen(endpoint)
	must(t, err)
	t.Cleanup(func() { l.Close() })
	client, err = n.Dial(t.Context(), endpoint)
	must(t, err)
	server, err = l.Accept()
	must(t, err)
	return client, server
}

// Both directions carry every byte in order, however writes and reads are cut.
func TestBytesArriveInOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n := NewNetwork()
		client, server := newLink("x", Fault{}, &n.unread)
		var want []byte
		for _, part := range rapid.SliceOf(rapid.SliceOfN(rapid.Byte(), 0, 40)).Draw(rt, "writes") {
			want = append(want, part...)
			if _, err := client.Write(part); err != nil {
				rt.Fatal(err)
			}
		}
		if n.Busy() != (len(want) > 0) {
			rt.Fatalf("Busy is %v with %d bytes unread", n.Busy(), len(want))
		}
		client.Close()
		var got []byte
		buf := make([]byte, rapid.IntRange(1, 50).Draw(rt, "size"))
		for {
			k, err := server.Read(buf)
			got = append(got, buf[:k]...)
			if err == io.EOF {
				break
			}
			if err != nil {
				rt.Fatal(err)
			}
		}
		if !bytes.Equal(got, want) {
			rt.Fatalf("got %q, want %q", got, want)
		}
		if n.Busy() {
			rt.Fatal("Busy though all was read")
		}
	})
}

// A cut after n bytes lets exactly n bytes through, for every n.
func TestCutAfterEveryByte(t *testing.T) {
	t.Parallel()
	for _, kind := range []BreakKind{Cut, Reset, BlackHole} {
		for after := range int64(12) {
			n := NewNetwork()
			client, server := newLink("x", Fault{ToServer: Break{kind, after}}, &n.unread)
			wrote, err := client.Write([]byte("0123456789"))
			got := readSome(server)
			want := min(after, 10)
			if string(got) != "0123456789"[:want] {
				t.Errorf("kind %d after %d: the server read %q", kind, after, got)
			}
			if kind != BlackHole && after < 10 && (err == nil || wrote != int(want)) {
				t.Errorf("kind %d after %d: Write returned %d, %v", kind, after, wrote, err)
			}
			if kind == BlackHole && err != nil {
				t.Errorf("a black hole told the writer: %v", err)
			}
		}
	}
}

// readSome reads what is there, up to the end or a short deadline in the past.
func readSome(c net.Conn) []byte {
	var got []byte
	buf := make([]byte, 64)
	for {
		c.SetReadDeadline(time.Time{})
		if p := c.(*pipeConn); !p.readable() {
			return got
		}
		n, err := c.Read(buf)
		got = append(got, buf[:n]...)
		if err != nil {
			return got
		}
	}
}

// readable says whether Read would return at once.
func (c *pipeConn) readable() bool {
	c.link.mu.Lock()
	defer c.link.mu.Unlock()
	return c.gone || len(c.in.chunks) > 0 || c.in.end != nil
}

// After a cut or a reset both ends learn of it, in their own words.
func TestBothEndsLearnOfABreak(t *testing.T) {
	t.Parallel()
	check := func(kind BreakKind, readErr, writeErr error) {
		t.Helper()
		n := NewNetwork()
		client, server := newLink("x", Fault{ToClient: Break{kind, 3}}, &n.unread)
		if _, err := server.Write([]byte("abcdef")); !errors.Is(err, writeErr) {
			t.Errorf("kind %d: the writer saw %v, want %v", kind, err, writeErr)
		}
		if _, err := server.Read(make([]byte, 1)); !errors.Is(err, readErr) {
			t.Errorf("kind %d: the server's reader saw %v, want %v", kind, err, readErr)
		}
		if got, err := io.ReadAll(client); string(got) != "abc" || (kind == Reset) != errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("kind %d: the client read %q, %v", kind, got, err)
		}
		if _, err := client.Write([]byte("x")); !errors.Is(err, writeErr) {
			t.Errorf("kind %d: the client wrote with %v, want %v", kind, err, writeErr)
		}
	}
	check(Cut, io.EOF, syscall.EPIPE)
	check(Reset, syscall.ECONNRESET, syscall.ECONNRESET)
}

// In a black hole nobody is told anything: not of bytes, not of the end.
func TestBlackHoleSwallowsTheEndToo(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		n := NewNetwork()
		client, server := connect(t, n, "x")
		n.BreakOpen("x", Fault{ToServer: Break{Kind: BlackHole}, ToClient: Break{Kind: BlackHole}})
		if _, err := client.Write([]byte("hello")); err != nil {
			t.Fatal(err)
		}
		must(t, client.Close())
		server.SetReadDeadline(time.Now().Add(30 * 24 * time.Hour))
		started := time.Now()
		_, err := server.Read(make([]byte, 1))
		if !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(started) != 30*24*time.Hour {
			t.Errorf("the server noticed after %v: %v", time.Since(started), err)
		}
		if _, err := server.Write([]byte("anybody?")); err != nil {
			t.Errorf("the server's write failed though nothing can come back: %v", err)
		}
		if n.Busy() {
			t.Error("bytes in a black hole keep the network busy")
		}
		server.Close()
	})
}

// A deadline wakes a reader that waits already, and moving it away lets the
// reader wait on.
func TestDeadlines(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		client, server := connect(t, NewNetwork(), "x")
		defer client.Close()
		defer server.Close()
		start := time.Now()
		failed := make(chan error, 1)
		client.SetReadDeadline(start.Add(time.Hour))
		go func() {
			_, err := client.Read(make([]byte, 1))
			failed <- err
		}()
		synctest.Wait()
		client.SetReadDeadline(start.Add(time.Minute))
		err := <-failed
		var timeout net.Error
		if !errors.As(err, &timeout) || !timeout.Timeout() {
			t.Errorf("got %v, want a timeout", err)
		}
		if got := time.Since(start); got != time.Minute {
			t.Errorf("the reader woke after %v, want 1m", got)
		}
		client.SetDeadline(time.Now())
		if _, err := client.Write([]byte("x")); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("writing past the deadline: %v", err)
		}
		client.SetDeadline(time.Time{})
		if _, err := client.Write([]byte("x")); err != nil {
			t.Errorf("writing without a deadline: %v", err)
		}
	})
}

// Latency delays bytes and the end of the stream, and keeps their order.
func TestLatency(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		n := NewNetwork()
		n.SetFault("x", Fault{Latency: 80 * time.Millisecond})
		client, server := connect(t, n, "x")
		defer client.Close()
		start := time.Now()
		if _, err := server.Write([]byte("hi")); err != nil {
			t.Fatal(err)
		}
		server.Close()
		got, err := io.ReadAll(client)
		must(t, err)
		if string(got) != "hi" || time.Since(start) != 80*time.Millisecond {
			t.Errorf("got %q after %v", got, time.Since(start))
		}
	})
}

// Dialling fails in the ways that a user's network does.
func TestDialFaults(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		n := NewNetwork()
		if _, err := n.Dial(t.Context(), "x"); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("nobody listens: %v", err)
		}
		l, err := n.Listen("x")
		must(t, err)
		defer l.Close()
		n.FaultOnce("x", Fault{Refuse: true})
		n.FaultOnce("x", Fault{Hang: true})
		if _, err := n.Dial(t.Context(), "x"); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("refused: %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		start := time.Now()
		if _, err := n.Dial(ctx, "x"); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 20*time.Second {
			t.Errorf("hanging: %v after %v", err, time.Since(start))
		}
		c, err := n.Dial(t.Context(), "x")
		must(t, err)
		must(t, c.Close())
		if got := n.Dialled("x"); got != 4 {
			t.Errorf("dialled %d times, want 4", got)
		}
	})
}

// The program's configured hosts and ports lead to the endpoints.
func TestAddressesLeadToEndpoints(t *testing.T) {
	t.Parallel()
	n := NewNetwork()
	n.Name("mx.example:2525", SMTP)
	check := func(addr, want string) {
		t.Helper()
		if got := n.resolve(addr); got != want {
			t.Errorf("%s leads to %s, want %s", addr, got, want)
		}
	}
	check("smtp.example.org:465", SMTP)
	check("smtp.example.org:587", SMTP)
	check("imap.example.org:993", IMAP)
	check("[::1]:143", IMAP)
	check("mx.example:2525", SMTP)
	check("smtp", SMTP)
	check("web.example:80", "web.example:80")
}

// An endpoint is taken once, and free again after its listener closed.
func TestListenTwice(t *testing.T) {
	t.Parallel()
	n := NewNetwork()
	l, err := n.Listen("x")
	must(t, err)
	if _, err := n.Listen("x"); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("listening twice: %v", err)
	}
	if got := l.Addr().Network() + " " + l.Addr().String(); got != "mailtest x" {
		t.Errorf("the listener is at %q", got)
	}
	queued, err := n.Dial(t.Context(), "x")
	must(t, err)
	must(t, l.Close())
	must(t, l.Close())
	if _, err := queued.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("a connection that nobody accepted reads %v, want EOF", err)
	}
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("accepting on a closed listener: %v", err)
	}
	again, err := n.Listen("x")
	must(t, err)
	must(t, again.Close())
}

// A connection that is closed says so on every call, and closing twice is fine.
func TestUseAfterClose(t *testing.T) {
	t.Parallel()
	n := NewNetwork()
	client, server := newLink("x", Fault{}, &n.unread)
	if _, err := server.Write([]byte("unread")); err != nil {
		t.Fatal(err)
	}
	must(t, client.Close())
	must(t, client.Close())
	if n.Busy() {
		t.Error("bytes that nobody can read any more keep the network busy")
	}
	_, readErr := client.Read(make([]byte, 1))
	_, writeErr := client.Write([]byte("x"))
	for _, err := range []error{readErr, writeErr, client.SetDeadline(time.Now())} {
		if !errors.Is(err, net.ErrClosed) {
			t.Errorf("got %v, want net.ErrClosed", err)
		}
	}
	if _, err := server.Write([]byte("x")); err != nil {
		t.Errorf("the peer's first write fails with %v, as it would not over TCP", err)
	}
	if _, err := server.Write([]byte("x")); !errors.Is(err, syscall.EPIPE) {
		t.Errorf("the peer writes with %v, want EPIPE", err)
	}
	if client.LocalAddr().String() != "client" || client.RemoteAddr().String() != "x" {
		t.Errorf("addresses are %v and %v", client.LocalAddr(), client.RemoteAddr())
	}
}

// Many goroutines may use one connection; the race detector watches.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	n := NewNetwork()
	client, server := newLink("x", Fault{}, &n.unread)
	var writers sync.WaitGroup
	for range 8 {
		writers.Go(func() {
			for range 100 {
				client.Write([]byte("0123456789"))
				client.SetReadDeadline(time.Time{})
			}
		})
	}
	go func() {
		writers.Wait()
		client.Close()
	}()
	if got, err := io.ReadAll(server); err != nil || len(got) != 8000 {
		t.Errorf("read %d bytes, %v", len(got), err)
	}
}
