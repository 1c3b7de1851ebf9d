package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"afterword/internal/clock"
)

// countedClock counts the waits for time: each ends in a wake-up.
type countedClock struct {
	*clock.Running
	waits *atomic.Int64
}

func (c countedClock) NewTimer(d time.Duration) (<-chan time.Time, func()) {
	c.waits.Add(1)
	return c.Running.NewTimer(d)
}

// countedConn counts the lines that are sent.
type countedConn struct {
	net.Conn
	lines *atomic.Int64
}

func (c countedConn) Write(p []byte) (int, error) {
	c.lines.Add(int64(bytes.Count(p, []byte("\r\n"))))
	return c.Conn.Write(p)
}

// TestIdleHour: with nothing to do the program wakes as often as its longest
// wait says, once for the loop and once for the watching connection, and says
// to the mailbox what the restarts of IDLE and the sweeps need.
func TestIdleHour(t *testing.T) {
	t.Parallel()
	perform(t, "", nil, func(s *stage) {
		var waits, lines atomic.Int64
		id, closeLedger, err := openIdentity(filepath.Join(s.dir, "afterword.db"))
		s.must(err)
		s.house, err = openHouse(s.Context(), filepath.Join(s.dir, "config.yaml"), outside{clock: countedClock{s.clock, &waits}, watcher: s,
			dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
				conn, err := s.dial(ctx, network, addr)
				if err == nil && strings.HasSuffix(addr, ":993") {
					conn = countedConn{conn, &lines}
				}
				return conn, err
			}}, true)
		s.must(err)
		d, err := s.house.daemon(slog.New(slog.NewTextHandler(s.log, nil)), id)
		s.must(err)
		ctx, stop := context.WithCancel(context.WithoutCancel(s.Context()))
		s.stop, s.ended = stop, make(chan error, 1)
		go func() {
			ran := d.Run(ctx)
			d.Sender.Rest()
			s.ended <- errors.Join(ran, d.Mailbox.Close(), closeLedger())
		}()
		time.Sleep(time.Hour) // the first look and the probe are over
		synctest.Wait()
		waits.Store(0)
		lines.Store(0)
		time.Sleep(time.Hour)
		synctest.Wait()
		const (
			bounded  = int64(time.Hour / (20 * time.Second)) // for the loop and for the watch
			restarts = int64(time.Hour / (5 * time.Minute))  // of IDLE: DONE and IDLE
			sweeps   = restarts                              // at most; see decision 0018
		)
		// A sweep asks whether the connection lives, lists, opens INBOX and
		// searches it, and may do so for the folder that was open last. It
		// wakes the loop for each transaction.
		if most := 2*bounded + 2*restarts + 6*sweeps; waits.Load() > most || waits.Load() < bounded {
			t.Errorf("%d waits in an idle hour, want %d at most", waits.Load(), most)
		}
		if most := 2*restarts + 6*sweeps; lines.Load() > most || lines.Load() == 0 {
			t.Errorf("%d lines to the IMAP server in an idle hour, want %d at most", lines.Load(), most)
		}
		t.Logf("%d waits, %d lines to the IMAP server", waits.Load(), lines.Load())
	})
}
