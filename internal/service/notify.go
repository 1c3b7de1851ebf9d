// Package service makes the program a service of the system: what it tells
// systemd while it runs, and the texts by which systemd, launchd and Windows
// start it.
package service

import (
	"context"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"afterword/scheduler"
)

// Systemd is the way to the service manager that started the program, as
// sd_notify(3) describes it. Nil, it tells nobody.
type Systemd struct {
	socket string
	every  time.Duration // zero: no watchdog
}

// FromSystemd is how systemd is reached, by the variables that it sets; nil
// where it did not start this process.
func FromSystemd(getenv func(string) string, pid int) *Systemd {
	s := &Systemd{socket: getenv("NOTIFY_SOCKET")}
	if s.socket == "" {
		return nil
	}
	if abstract, ok := strings.CutPrefix(s.socket, "@"); ok { // of Linux's abstract namespace
		s.socket = "\x00" + abstract
	}
	usec, err := strconv.ParseInt(getenv("WATCHDOG_USEC"), 10, 64)
	if forPID := getenv("WATCHDOG_PID"); err == nil && usec > 0 && (forPID == "" || forPID == strconv.Itoa(pid)) {
		s.every = time.Duration(usec) * time.Microsecond
	}
	return s
}

// Forget takes the variables out of the environment: what this program starts,
// such as a password manager, must not speak for it.
func Forget() error {
	for _, name := range []string{"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"} {
		if err := os.Unsetenv(name); err != nil {
			return err
		}
	}
	return nil
}

// tell sends one datagram. Where nobody listens any more nothing is to be done:
// a watchdog that is not fed ends the program.
func (s *Systemd) tell(state string) {
	if s == nil {
		return
	}
	c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: s.socket, Net: "unixgram"})
	if err != nil {
		return
	}
	_, _ = c.Write([]byte(state))
	_ = c.Close()
}

// Ready says that the daemon is at work.
func (s *Systemd) Ready() { s.tell("READY=1") }

// Stopping says that it ends.
func (s *Systemd) Stopping() { s.tell("STOPPING=1") }

// mostWait bounds each wait, so that sleep and clock steps are noticed.
const mostWait = 20 * time.Second

// Watchdog feeds the watchdog, three times in its time, as long as the daemon
// lives, until ctx ends. Dead lists the parts that do not live, and tell is called
// with them when that begins. The service manager ends a program that is silent for
// longer, and starts it anew.
func (s *Systemd) Watchdog(ctx context.Context, clock scheduler.Clock, dead func(now time.Time) []string, tell func(parts []string)) {
	if s == nil || s.every <= 0 {
		return
	}
	feed(ctx, clock, s.every, dead, tell, func() { s.tell("WATCHDOG=1") })
}

func feed(ctx context.Context, clock scheduler.Clock, every time.Duration, dead func(time.Time) []string, tell func([]string), fed func()) {
	told := false
	for ctx.Err() == nil {
		parts := dead(clock.Now())
		switch {
		case ctx.Err() != nil:
			return // the parts end because the program does
		case len(parts) == 0:
			fed()
		case !told:
			tell(parts)
		}
		told = len(parts) > 0
		timer, stop := clock.NewTimer(min(every/3, mostWait))
		select {
		case <-timer:
		case <-ctx.Done():
		}
		stop()
	}
}
