package sqlite

import (
	"context"
	"errors"
	"runtime"
	"strings"
)

// takeWriter takes the writing connection. If it is in use by a caller of this
// very call, waiting would never end; the stack is looked at only where there
// is a wait.
func (s *Store) takeWriter(ctx context.Context) (*conn, error) {
	select {
	case c := <-s.writing:
		return s.ready(ctx, s.writing, c)
	default:
	}
	if insideUpdate() {
		return nil, errNested
	}
	return s.take(ctx, s.writing)
}

// insideUpdate reports whether the stack of this goroutine holds a further
// Update above the one that asks.
func insideUpdate() bool {
	pcs := make([]uintptr, 256)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	updates := 0
	for {
		frame, more := frames.Next()
		if strings.HasSuffix(frame.Function, "/sqlite.(*Store).Update") {
			updates++
		}
		if !more {
			return updates > 1
		}
	}
}

// take waits for the connection of a place and opens it if need be.
func (s *Store) take(ctx context.Context, place chan *conn) (*conn, error) {
	select {
	case c := <-place:
		return s.ready(ctx, place, c)
	case <-s.closed:
		return nil, errClosed
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// ready returns c, or a new connection where there is none. Its place is given
// back if that fails.
func (s *Store) ready(ctx context.Context, place chan *conn, c *conn) (*conn, error) {
	err := context.Cause(ctx)
	if err == nil && c == nil {
		c, err = s.open(ctx)
	}
	if err != nil {
		place <- c
		return nil, err
	}
	return c, nil
}

// putBack returns a connection to its place, or leaves the place empty.
func (s *Store) putBack(place chan *conn, c *conn) {
	if c.broken {
		// The error that broke it was reported; a second tells nothing.
		_ = c.close()
		c = nil
	}
	place <- c
}

func (s *Store) takeReader(ctx context.Context) (*conn, error) {
	if s.isClosed() {
		return nil, errClosed
	}
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	if c := s.idleReader(); c != nil {
		return c, nil
	}
	c, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.db.Exec(`PRAGMA query_only = ON`); err != nil {
		return nil, errors.Join(explain(ctx, err), c.close())
	}
	return c, nil
}

func (s *Store) idleReader() *conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.readers) == 0 {
		return nil
	}
	c := s.readers[len(s.readers)-1]
	s.readers = s.readers[:len(s.readers)-1]
	return c
}

func (s *Store) keepReader(c *conn) {
	s.mu.Lock()
	keep := !c.broken && !s.isClosed() && len(s.readers) < idleReaders
	if keep {
		s.readers = append(s.readers, c)
	}
	s.mu.Unlock()
	if !keep {
		// Its transaction has ended: nothing that was read can be lost.
		_ = c.close()
	}
}

// open opens a further connection to the file, which must exist: a file that
// was moved away is not replaced by an empty one.
func (s *Store) open(ctx context.Context) (*conn, error) {
	c, err := openConn(ctx, s.uri+"&mode=rw", s.settings.synchronous)
	if err == nil {
		c.briefs = s.briefs
	}
	return c, err
}
