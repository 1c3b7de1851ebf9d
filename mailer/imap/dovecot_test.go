//go:build realmail

package imap

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"sync/atomic"
	"testing"

	"afterword/internal/realmail"
)

// TestSuiteDovecot runs the suite against a Dovecot of its own, an account for
// each case.
func TestSuiteDovecot(t *testing.T) {
	t.Parallel()
	servers := realmail.Start(t)
	var users atomic.Int32
	runSuite(t, func(*testing.T) account {
		return dovecotAccount(servers, fmt.Sprintf("u%d", users.Add(1)))
	}, func(t *testing.T, f func(t *testing.T)) { f(t) })
}

// dovecotAccount is the account of a user name, empty at its first use.
func dovecotAccount(servers *realmail.Servers, username string) account {
	return account{
		username: username,
		password: realmail.Password,
		stop:     servers.Dovecot.Stop,
		start:    servers.Dovecot.Start,
		change:   servers.SetPassword,
		dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer().DialContext(ctx, network, net.JoinHostPort("127.0.0.1", strconv.Itoa(servers.Ports.IMAP)))
		},
	}
}
