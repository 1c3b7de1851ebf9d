package realmail

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/gofrs/flock"
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
const patience = 2 * time.Minute

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
	return s.silent()
}

// silent waits until nobody listens on the server's ports. The processes of
// Postfix hold the sockets that they have from the master, and one that was
// started just before the master's end may outlive it for a moment.
func (s *Server) silent() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for _, port := range s.ports {
		err := await(ctx, func() (bool, error) {
			conn, err := net.Dial("tcp", loopback(port))
			if err != nil {
				return errors.Is(err, syscall.ECONNREFUSED), nil
			}
			return false, conn.Close()
		})
		if err != nil {
			return fmt.Errorf("stopping %s: port %d takes connections still: %w", s.name, port, err)
		}
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
// systems give ports to connections that go out, and keeps them from the tests
// of other processes until release is called.
func freePorts() (p Ports, release func(), err error) {
	var locks []*flock.Flock
	release = func() {
		for _, l := range locks {
			_, _ = os.Remove(l.Path()), l.Unlock() // it ends with the process in any case
		}
	}
	for _, port := range []*int{&p.IMAP, &p.IMAPS, &p.SMTP, &p.SMTPS, &p.LMTP} {
		found, lock, err := freePort()
		if err != nil {
			release()
			return p, nil, err
		}
		*port, locks = found, append(locks, lock)
	}
	return p, release, nil
}

// freePort finds one port. A server takes a second to listen on it, in which
// nothing but the lock shows that it is taken.
func freePort() (int, *flock.Flock, error) {
	last := errors.New("others have them all")
	for range 100 {
		port := 20000 + rand.IntN(12000)
		lock := flock.New(filepath.Join(os.TempDir(), fmt.Sprintf("realmail-port-%d.lock", port)), flock.SetPermissions(0o666))
		if locked, err := lock.TryLock(); err != nil || !locked {
			last = cmp.Or(err, last)
			continue
		}
		l, err := net.Listen("tcp", loopback(port))
		if err == nil {
			return port, lock, l.Close()
		}
		last = errors.Join(err, lock.Unlock())
	}
	return 0, nil, fmt.Errorf("finding a free port: %w", last)
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
