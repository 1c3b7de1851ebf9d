package smtp

import (
	"context"
	"crypto/tls"
	"fmt"

	"afterword/mailer"
)

// Capabilities is what a submission server said about itself after the login.
type Capabilities struct {
	TLSVersion string // such as "TLS 1.3", "" for a session in the clear
	MaxSize    int64  // largest message in bytes, 0 if the server states none
}

// Probe connects, secures the session, logs in and leaves again. It sends no
// mail and touches no session that Send keeps.
func (s *Sender) Probe(ctx context.Context) (Capabilities, error) {
	opened, failed := s.open(ctx)
	if failed != nil {
		return Capabilities{}, failed.asError()
	}
	stop := context.AfterFunc(ctx, opened.close)
	defer stop()
	defer opened.quit()
	c := Capabilities{}
	if secured, ok := opened.stream.(*tls.Conn); ok {
		c.TLSVersion = tls.VersionName(secured.ConnectionState().Version)
	}
	c.MaxSize, _ = opened.sizeLimit()
	return c, nil
}

// asError puts a failed login or connection into words.
func (f *failure) asError() error {
	doing := "connecting to the server"
	if f.phase == mailer.PhaseAuth {
		doing = "logging in to the server"
	}
	switch {
	case f.authRefused && f.err == nil:
		return fmt.Errorf("%s: %w: %v", doing, mailer.ErrLoginRefused, f.reply)
	case f.err == nil:
		return fmt.Errorf("%s: %v", doing, f.reply)
	}
	return fmt.Errorf("%s: %w", doing, f.err)
}
