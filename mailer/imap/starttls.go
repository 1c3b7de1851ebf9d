package imap

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
)

// startTLS speaks the few lines before the handshake (RFC 9051 section 6.2.1).
// It reads byte by byte, so that nothing that was sent in the clear after the
// answer can be taken for part of the secured session.
func startTLS(ctx context.Context, conn net.Conn) error {
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	greeting, err := clearLine(conn)
	if err != nil {
		return fmt.Errorf("waiting for the greeting: %w", err)
	}
	r := parseResponse([]byte(greeting))
	if !r.untagged || r.kind != "OK" {
		return fmt.Errorf("server greets with %q", oneLine(greeting))
	}
	if _, err := conn.Write([]byte("S1 STARTTLS\r\n")); err != nil {
		return fmt.Errorf("asking for tls: %w", err)
	}
	return awaitTLS(conn)
}

// maxClearLines bounds what a server may say before it answers STARTTLS.
const maxClearLines = 16

func awaitTLS(conn net.Conn) error {
	for range maxClearLines {
		answer, err := clearLine(conn)
		if err != nil {
			return fmt.Errorf("asking for tls: %w", err)
		}
		if !strings.HasPrefix(answer, "S1 ") {
			continue
		}
		if parseResponse([]byte(answer)).kind != "OK" {
			return fmt.Errorf("server refuses tls: %s", oneLine(answer[3:]))
		}
		return nil
	}
	return errors.New("server does not answer the request for tls")
}

func clearLine(conn net.Conn) (string, error) {
	var line []byte
	for one := make([]byte, 1); len(line) < 4096; {
		if _, err := conn.Read(one); err != nil {
			return "", err
		}
		if line = append(line, one[0]); one[0] == '\n' {
			return string(line), nil
		}
	}
	return "", errors.New("server sends a line without end")
}
