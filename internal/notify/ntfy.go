package notify

import (
	"context"
	"fmt"
	"mime"
	"net/http"

	"afterword/scheduler"
)

// Ntfy publishes to a topic of an ntfy server (https://docs.ntfy.sh/publish/).
// It is safe for concurrent use.
type Ntfy struct {
	HTTP    *http.Client
	URL     string                                    // of the topic
	Token   func(ctx context.Context) (string, error) // an access token; nil: the topic needs none
	Details bool
}

// maxNtfy is under the 4,096 bytes above which ntfy makes a text a file.
const maxNtfy = 4000

// Notify publishes one notice.
func (c *Ntfy) Notify(ctx context.Context, n scheduler.Notice) error {
	title, text := words(n, c.Details)
	h := http.Header{}
	// Titles beyond ASCII are written as in mail, which ntfy reads since 2.4.
	h.Set("Title", mime.QEncoding.Encode("utf-8", cut(oneLine(title), 250)))
	h.Set("Priority", "default")
	if n.Urgent() {
		h.Set("Priority", "high")
	}
	h.Set("Tags", tag(n))
	// A newer server puts a repetition in the place of the first.
	h.Set("X-Sequence-ID", idOf(n))
	h.Set("Content-Type", "text/plain; charset=utf-8")
	if c.Token != nil {
		token, err := c.Token(ctx)
		if err != nil {
			return fmt.Errorf("telling ntfy: %w", err)
		}
		h.Set("Authorization", "Bearer "+token)
	}
	if err := post(ctx, c.HTTP, c.URL, h, []byte(cut(text, maxNtfy))); err != nil {
		return fmt.Errorf("telling ntfy: %w", err)
	}
	return nil
}

// tag is the picture before a notice, by the name that ntfy has for it.
func tag(n scheduler.Notice) string {
	switch {
	case n.Urgent():
		return "warning"
	case n.Kind == "reply":
		return "incoming_envelope"
	case n.Kind == "question" || n.Kind == "review":
		return "question"
	case n.Kind == "announce":
		return "outbox_tray"
	}
	return "information_source"
}
