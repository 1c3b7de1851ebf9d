package realmail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// A server runs under a guard, a shell that waits on its standard input. The
// input ends when Stop closes it, or when the process of the test dies, however
// it dies; then the guard ends what it started and nothing else. An interrupt
// from the terminal reaches the guard too, and must not end it before its work.
const (
	foreground = `trap "" INT HUP; "$@" & read -r _; kill "$!" 2>/dev/null; wait "$!"; true`
	background = `trap "" INT HUP; "$@" start || exit 1; read -r _; "$@" stop`
)

// Server is one of the two servers. Start and Stop must not be called at once.
type Server struct {
	name, log string
	guard     []string // the guard's script, its name, and the command that it guards
	ports     []int
	running   *exec.Cmd
	input     io.Closer
}

// patience is how long a server may take to listen or to end.
const patience = 30 * time.Second

// Start starts the server and returns when it answers on all its ports. A
// server that was stopped goes on with the mail that it had.
func (s *Server) Start() error {
	if s.running != nil {
		return nil
	}
	output, err := os.OpenFile(s.log+".console", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("starting %s: %w", s.name, err)
	}
	defer output.Close()
	cmd := exec.Command("sh", append([]string{"-c"}, s.guard...)...)
	cmd.Stdout, cmd.Stderr = output, output
	input, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("starting %s: %w", s.name, err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting %s: %w", s.name, err)
	}
	s.running, s.input = cmd, input
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for _, port := range s.ports {
		if err := answers(ctx, port); err != nil {
			return fmt.Errorf("starting %s: %w\n%s%s", s.name, err, tail(s.log), tail(s.log+".console"))
		}
	}
	return nil
}

// Stop ends the server in the orderly way and returns when it is gone. Stopping
// a server that does not run does nothing.
func (s *Server) Stop() error {
	if s.running == nil {
		return nil
	}
	cmd := s.running
	s.running = nil
	stuck := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer stuck.Stop()
	if err := errors.Join(s.input.Close(), cmd.Wait()); err != nil {
		return fmt.Errorf("stopping %s: %w\n%s%s", s.name, err, tail(s.log), tail(s.log+".console"))
	}
	return nil
}

// answers waits until a port takes connections.
func answers(ctx context.Context, port int) error {
	return await(ctx, func() (bool, error) {
		conn, err := net.Dial("tcp", loopback(port))
		if err != nil {
			return false, nil // not yet
		}
		return true, conn.Close()
	})
}

// await asks until the answer is yes. The servers tell nobody when they have
// done something, so that asking often is the only way.
func await(ctx context.Context, done func() (bool, error)) error {
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for it: %w", ctx.Err())
		case <-ticker.C:
		}
	}
}

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// freePorts finds ports that nobody listens on, below the range from which
// systems give ports to connections that go out.
func freePorts() (Ports, error) {
	var p Ports
	taken := map[int]bool{}
	for _, port := range []*int{&p.IMAP, &p.IMAPS, &p.SMTP, &p.SMTPS, &p.LMTP} {
		found, err := freePort(taken)
		if err != nil {
			return p, err
		}
		*port, taken[found] = found, true
	}
	return p, nil
}

func freePort(taken map[int]bool) (int, error) {
	var last error
	for range 100 {
		port := 20000 + rand.IntN(12000)
		if taken[port] {
			continue
		}
		l, err := net.Listen("tcp", loopback(port))
		if err == nil {
			return port, l.Close()
		}
		last = err
	}
	return 0, fmt.Errorf("finding a free port: %w", last)
}

// tail returns the end of a log, for the error of who reads it.
func tail(path string) string {
	const most = 4 << 10
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(text[max(0, len(text)-most):])
}
