package web

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"sync"
)

// Cookies know no ports: a browser sends them to whatever listens at another
// port of the same host, which may be another user's program on a shared
// machine. So the cookie is bound to the user of this machine who came in by the
// link, where the system tells who is at the other end of a connection: one that
// was stolen is good for nobody else.

// tables list the connections of a Linux system with their users: proc_net_tcp(5).
// Elsewhere they are missing, and nobody's name is known.
var tables = [...]string{"/proc/net/tcp", "/proc/net/tcp6"}

// nobodyFound is the user of a connection that a table does not list.
const nobodyFound = "not listed"

type peerKey struct{}

// withPeer gives the requests of a connection the way to ask who sends them. It
// is asked once, and only by those that come with something to be compared.
func withPeer(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, peerKey{}, sync.OnceValue(func() string { return userOf(c.RemoteAddr(), c.LocalAddr(), os.ReadFile) }))
}

// peerOf is the user of this machine who sent a request, "" where that cannot be
// known.
func peerOf(r *http.Request) string {
	ask, ok := r.Context().Value(peerKey{}).(func() string)
	if !ok {
		return ""
	}
	return ask()
}

// userOf is the number of the user whose end of a connection is at from.
func userOf(from, to net.Addr, read func(string) ([]byte, error)) string {
	a, err := netip.ParseAddrPort(from.String())
	b, err2 := netip.ParseAddrPort(to.String())
	if err != nil || err2 != nil {
		return ""
	}
	known := false
	for n, path := range tables {
		text, err := read(path)
		if err != nil {
			continue
		}
		known = true
		near, far := tableAddress(a, n == 1), tableAddress(b, n == 1)
		for l := range bytes.Lines(text) {
			if f := strings.Fields(string(l)); len(f) > 7 && f[1] == near && f[2] == far {
				return f[7]
			}
		}
	}
	if !known {
		return ""
	}
	return nobodyFound
}

// tableAddress writes an address as those tables do: words of four bytes in the
// machine's own order. The second table has long addresses only.
func tableAddress(a netip.AddrPort, long bool) string {
	ip := a.Addr().Unmap().AsSlice()
	if long {
		all := a.Addr().As16()
		ip = all[:]
	}
	text := ""
	for n := 0; n+4 <= len(ip); n += 4 {
		text += fmt.Sprintf("%08X", binary.NativeEndian.Uint32(ip[n:]))
	}
	return fmt.Sprintf("%s:%04X", text, a.Port())
}
