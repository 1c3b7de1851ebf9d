package imap

import (
	"net"
	"syscall"
	"testing"
)

// TestDialerFindsADeadPeerInHalfAMinute asks the socket itself: 15 s of silence,
// then 3 questions 5 s apart.
func TestDialerFindsADeadPeerInHalfAMinute(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conn, err := dialer().DialContext(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	options := map[string][3]int{
		"on":       {syscall.SOL_SOCKET, syscall.SO_KEEPALIVE, 1},
		"idle":     {syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE, 15},
		"interval": {syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL, 5},
		"count":    {syscall.IPPROTO_TCP, syscall.TCP_KEEPCNT, 3},
	}
	err = raw.Control(func(fd uintptr) {
		for name, o := range options {
			if got, err := syscall.GetsockoptInt(int(fd), o[0], o[1]); err != nil || got != o[2] {
				t.Errorf("keepalive %s is %d, want %d: %v", name, got, o[2], err)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}
