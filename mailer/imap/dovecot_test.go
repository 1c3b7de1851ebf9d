//go:build realmail

package imap

import (
	"context"
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"testing"
	"time"
)

// The suite runs against a Dovecot whose address stands in AFTERWORD_DOVECOT.
// Any user name must log in with the password of AFTERWORD_DOVECOT_PASSWORD and
// find an account of its own.
func TestSuiteDovecot(t *testing.T) {
	addr := os.Getenv("AFTERWORD_DOVECOT")
	if addr == "" {
		t.Skip("AFTERWORD_DOVECOT is not set")
	}
	var users atomic.Int32
	stamp := time.Now().UnixNano()
	runSuite(t, func(*testing.T) account {
		return account{
			username: fmt.Sprintf("u%d-%d", stamp, users.Add(1)),
			password: os.Getenv("AFTERWORD_DOVECOT_PASSWORD"),
			dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return dialer().DialContext(ctx, network, addr)
			},
		}
	}, func(t *testing.T, f func(t *testing.T)) { f(t) })
}
