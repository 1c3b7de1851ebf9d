package notify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"afterword/scheduler"
)

// patience bounds one request, from the first look at the name to the answer.
const patience = 20 * time.Second

// NewClient makes the client of the channels that speak HTTP. It follows no
// redirect, since the address and what goes with it are secrets that were given
// to one server, and keeps no connection. Dial and roots stand in for the
// system's in tests; both may be nil.
func NewClient(dial func(ctx context.Context, network, addr string) (net.Conn, error), roots *x509.CertPool) *http.Client {
	t := &http.Transport{DialContext: dial, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true}
	if dial == nil {
		t.Proxy = http.ProxyFromEnvironment
	}
	return &http.Client{Transport: t, Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// post sends a body and says what the answer means. No error repeats the
// address: knowing it is enough to read or forge notices.
func post(ctx context.Context, client *http.Client, address string, header http.Header, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("its address cannot be used: %w", scheduler.ErrChannelRefused)
	}
	req.Header = header
	req.Header.Set("User-Agent", "Afterword")
	resp, err := client.Do(req)
	if err != nil {
		return withoutAddress(err)
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // whatever it says: the status counts
	err = meaning(resp.StatusCode)
	if after := retryAfter(resp.Header); err != nil && after > 0 {
		err = &scheduler.TryLater{Err: err, After: after}
	}
	return errors.Join(err, resp.Body.Close())
}

// retryAfter is how long the server asks to be left alone (RFC 9110 section
// 10.2.3), zero if it does not. A date is held against the server's own.
func retryAfter(h http.Header) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(n) * time.Second
	}
	at, err := http.ParseTime(text)
	now, nowErr := http.ParseTime(h.Get("Date"))
	if err != nil || nowErr != nil {
		return 0
	}
	return max(0, at.Sub(now))
}

// withoutAddress takes the address out of what the client says, but for the
// host that could not be reached.
func withoutAddress(err error) error {
	var wrapped *url.Error
	if !errors.As(err, &wrapped) {
		return errors.New("the request failed")
	}
	if wrapped.Timeout() {
		return fmt.Errorf("no answer within %s", patience)
	}
	return wrapped.Err
}

// meaning is what an answer's status says of the notice: nil where it was taken.
// What heals by waiting is a plain error.
func meaning(status int) error {
	words := strconv.Itoa(status) + " " + http.StatusText(status)
	switch {
	case status >= 200 && status < 300:
		return nil
	case status >= 300 && status < 400:
		return fmt.Errorf("%s: it sends on to another address, which gets nothing; write the final one: %w", words, scheduler.ErrChannelRefused)
	case status == http.StatusRequestTimeout || status == http.StatusTooEarly || status == http.StatusTooManyRequests || status >= 500:
		return errors.New(words)
	case status == http.StatusBadRequest || status == http.StatusRequestEntityTooLarge || status == http.StatusUnprocessableEntity || status == http.StatusRequestHeaderFieldsTooLarge:
		return fmt.Errorf("%s: %w", words, scheduler.ErrNoticeRefused)
	}
	return fmt.Errorf("%s: %w", words, scheduler.ErrChannelRefused)
}

// idOf names a notice to a server, the same at every attempt, so that one whose
// answer was lost can be told again without standing twice. It is made of
// nothing that names anybody.
func idOf(n scheduler.Notice) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %s %s", n.ID, n.At.UnixMilli(), n.Kind, n.Discreet))
	return hex.EncodeToString(sum[:16])
}

// words are the title and the text of a notice on a channel that leaves the
// machine, or may be seen by others: without details they name nobody.
func words(n scheduler.Notice, details bool) (title, text string) {
	if details {
		return printable(n.Subject), printable(n.Text)
	}
	if n.Discreet == "" {
		return "Afterword", "Something needs you."
	}
	return "Afterword", printable(n.Discreet)
}

// cut shortens a text to so many bytes, between two characters.
func cut(text string, most int) string {
	const more = " ..."
	if len(text) <= most {
		return text
	}
	end := 0
	for i := range text {
		if i > most-len(more) {
			break
		}
		end = i
	}
	return text[:end] + more
}
