package notify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"afterword/scheduler"
)

// Webhook posts notices as JSON to an address, signed where there is a secret.
// Docs/notices.md tells a receiver how to check the signature. It is safe for
// concurrent use.
type Webhook struct {
	HTTP    *http.Client
	URL     string
	Secret  func(ctx context.Context) (string, error) // nil: unsigned
	Now     func() time.Time
	Details bool
}

// SignatureHeader carries the time of the attempt and the signature.
const SignatureHeader = "Afterword-Signature"

// posted is the body. Fields are added only.
type posted struct {
	ID     string `json:"id"` // the same at each attempt
	At     string `json:"at"`
	Kind   string `json:"kind"`
	Urgent bool   `json:"urgent"`
	Title  string `json:"title"`
	Text   string `json:"text"`
}

// Notify posts one notice.
func (c *Webhook) Notify(ctx context.Context, n scheduler.Notice) error {
	title, text := words(n, c.Details)
	body, err := json.Marshal(posted{ID: idOf(n), At: n.At.UTC().Format(time.RFC3339), Kind: n.Kind, Urgent: n.Urgent(), Title: title, Text: text})
	if err != nil {
		return fmt.Errorf("telling the webhook: %w", err)
	}
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	if c.Secret != nil {
		secret, err := c.Secret(ctx)
		if err != nil {
			return fmt.Errorf("telling the webhook: %w", err)
		}
		h.Set(SignatureHeader, Sign(secret, c.Now(), body))
	}
	if err := post(ctx, c.HTTP, c.URL, h, body); err != nil {
		return fmt.Errorf("telling the webhook: %w", err)
	}
	return nil
}

// Sign is the value of the header: the time in seconds and, over the time, a
// dot and the body, the HMAC-SHA256 in hexadecimal digits.
func Sign(secret string, at time.Time, body []byte) string {
	seconds := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(seconds + ".")) // never fails
	mac.Write(body)
	return "t=" + seconds + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}
