package notify

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"afterword/scheduler"
)

// asked is a request as a server saw it.
type asked struct {
	path   string
	header http.Header
	body   string
}

// receiver is a server that answers every request with one status.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	got    []asked
}

func receive(t *testing.T, status int) *receiver {
	t.Helper()
	r := &receiver{status: status}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, asked{req.URL.Path, req.Header, string(body)})
		w.Header().Set("Location", r.URL+"/elsewhere")
		w.WriteHeader(r.status)
	}))
	t.Cleanup(r.Close)
	return r
}

// one is the only request.
func (r *receiver) one(t *testing.T) asked {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.got) != 1 {
		t.Fatalf("the server got %d requests, want one: %+v", len(r.got), r.got)
	}
	return r.got[0]
}

func secret(text string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return text, nil }
}

func told() scheduler.Notice {
	return scheduler.Notice{ID: 7, At: time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC), Kind: "in-doubt", Subject: "In doubt: the mail to Zoë Osei",
		Text: "Nobody knows whether Zoë's server took it.\nSettle it: afterword resolve", Discreet: "It is in doubt whether a mail was delivered."}
}

// TestNtfy: title, text, priority and token as ntfy reads them; without details
// no name leaves the machine, in no field.
func TestNtfy(t *testing.T) {
	t.Parallel()
	r := receive(t, 200)
	c := &Ntfy{HTTP: NewClient(nil, nil), URL: r.URL + "/topic", Token: secret("tk_1")}
	if err := c.Notify(t.Context(), told()); err != nil {
		t.Fatal(err)
	}
	got := r.one(t)
	for name, want := range map[string]string{"Title": "Afterword", "Priority": "high", "Tags": "warning", "Authorization": "Bearer tk_1", "X-Sequence-Id": idOf(told())} {
		if got.header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.header.Get(name), want)
		}
	}
	if got.path != "/topic" || got.body != told().Discreet {
		t.Errorf("the topic %s got %q", got.path, got.body)
	}

	open := receive(t, 200)
	c = &Ntfy{HTTP: NewClient(nil, nil), URL: open.URL + "/topic", Details: true}
	n := told()
	n.Kind, n.Text = "reply", strings.Repeat("é", 3000)
	if err := c.Notify(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	got = open.one(t)
	if got.header.Get("Title") != "=?utf-8?q?In_doubt:_the_mail_to_Zo=C3=AB_Osei?=" || got.header.Get("Priority") != "default" || got.header.Get("Authorization") != "" {
		t.Errorf("with details the header is %v", got.header)
	}
	if len(got.body) > maxNtfy || !strings.HasSuffix(got.body, "é ...") || strings.Contains(got.body, "\ufffd") {
		t.Errorf("a long text is cut to %d bytes, ending %q", len(got.body), got.body[len(got.body)-10:])
	}
}

// TestDiscreet: nothing of what names a person, a company or an outcome is in a
// request without details.
func TestDiscreet(t *testing.T) {
	t.Parallel()
	r := receive(t, 200)
	for _, c := range []scheduler.Notifier{&Ntfy{HTTP: NewClient(nil, nil), URL: r.URL}, &Webhook{HTTP: NewClient(nil, nil), URL: r.URL, Now: time.Now}} {
		n := told()
		n.Key = "doubt/acme-sre/onsite/thank-you/zoe@acme.example#1"
		if err := c.Notify(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, got := range r.got {
		all, _ := json.Marshal(got.header)
		if text := strings.ToLower(string(all) + got.body); strings.Contains(text, "zo") || strings.Contains(text, "acme") || strings.Contains(text, "server took") {
			t.Errorf("a request says %s", text)
		}
	}
}

// TestWebhook: the body is JSON with the same id at every attempt, and the
// signature is over the time and the very bytes.
func TestWebhook(t *testing.T) {
	t.Parallel()
	r := receive(t, 204)
	at := time.Date(2026, 11, 2, 8, 0, 5, 0, time.UTC)
	c := &Webhook{HTTP: NewClient(nil, nil), URL: r.URL + "/hook", Secret: secret("whisper"), Now: func() time.Time { return at }, Details: true}
	if err := c.Notify(t.Context(), told()); err != nil {
		t.Fatal(err)
	}
	got := r.one(t)
	var body posted
	if err := json.Unmarshal([]byte(got.body), &body); err != nil {
		t.Fatal(err)
	}
	want := posted{ID: idOf(told()), At: "2026-11-02T08:00:00Z", Kind: "in-doubt", Urgent: true, Title: told().Subject, Text: told().Text}
	if body != want || got.header.Get("Content-Type") != "application/json" {
		t.Errorf("the body is %+v (%s), want %+v", body, got.header.Get("Content-Type"), want)
	}
	if sig := got.header.Get(SignatureHeader); sig != Sign("whisper", at, []byte(got.body)) || !strings.HasPrefix(sig, "t=1793606405,v1=") {
		t.Errorf("the signature is %q", sig)
	}
	other := told()
	other.ID++
	if idOf(other) == idOf(told()) {
		t.Error("two notices have one id")
	}
}

// TestSignatureOfTheDocument: the example in docs/notices.md is what a receiver
// would compute.
func TestSignatureOfTheDocument(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/notices.md")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)secret +(\\S+)\nbody +(\\{[^\n]*)\n.*?header +Afterword-Signature: (\\S+)").FindStringSubmatch(string(text))
	if m == nil {
		t.Fatal("docs/notices.md has no example of a signature")
	}
	if want := Sign(m[1], time.Unix(1793606405, 0), []byte(m[2])); m[3] != want {
		t.Errorf("docs/notices.md says %s, the program %s", m[3], want)
	}
}

// TestAnswersOfServers: what heals by waiting is tried again, a notice that is
// refused is left out, and a channel that refuses everything rests.
func TestAnswersOfServers(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]error{
		200: nil, 202: nil, 204: nil,
		301: scheduler.ErrChannelRefused, 307: scheduler.ErrChannelRefused, 401: scheduler.ErrChannelRefused, 403: scheduler.ErrChannelRefused,
		404: scheduler.ErrChannelRefused, 410: scheduler.ErrChannelRefused,
		400: scheduler.ErrNoticeRefused, 413: scheduler.ErrNoticeRefused, 422: scheduler.ErrNoticeRefused,
		408: errLater, 429: errLater, 500: errLater, 502: errLater, 503: errLater,
	} {
		r := receive(t, status)
		address := r.URL + "/very-secret-topic"
		for what, c := range map[string]scheduler.Notifier{
			"ntfy":    &Ntfy{HTTP: NewClient(nil, nil), URL: address, Token: secret("tk_1")},
			"webhook": &Webhook{HTTP: NewClient(nil, nil), URL: address, Secret: secret("whisper"), Now: time.Now},
		} {
			err := c.Notify(t.Context(), told())
			switch {
			case want == nil && err != nil, want != nil && err == nil:
				t.Errorf("%s answers %d: %v", what, status, err)
			case errors.Is(want, errLater):
				if errors.Is(err, scheduler.ErrChannelRefused) || errors.Is(err, scheduler.ErrNoticeRefused) {
					t.Errorf("%s answers %d: %v, which waiting would heal", what, status, err)
				}
			case want != nil && !errors.Is(err, want):
				t.Errorf("%s answers %d: %v, want %v", what, status, err, want)
			}
			if err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "tk_1") || strings.Contains(err.Error(), "whisper")) {
				t.Errorf("%s answers %d: the error shows a secret: %v", what, status, err)
			}
		}
		r.mu.Lock()
		if len(r.got) != 2 {
			t.Errorf("%d was answered to %d requests, want 2: no redirect is followed", status, len(r.got))
		}
		r.mu.Unlock()
	}
}

// TestRetryAfter: both forms of the header; what cannot be read asks for nothing.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	const now = "Mon, 02 Nov 2026 08:00:00 GMT"
	for text, want := range map[string]time.Duration{
		"120": 2 * time.Minute, " 0 ": 0, "": 0, "-5": 0, "soon": 0, "99999999999999999999": 0,
		"Mon, 02 Nov 2026 08:05:00 GMT": 5 * time.Minute, "Mon, 02 Nov 2026 07:00:00 GMT": 0,
	} {
		if got := retryAfter(http.Header{"Retry-After": {text}, "Date": {now}}); got != want {
			t.Errorf("%q asks for %s, want %s", text, got, want)
		}
	}
	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "90")
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	t.Cleanup(busy.Close)
	err := (&Webhook{HTTP: NewClient(nil, nil), URL: busy.URL, Now: time.Now}).Notify(t.Context(), told())
	if later := (*scheduler.TryLater)(nil); !errors.As(err, &later) || later.After != 90*time.Second {
		t.Errorf("a busy webhook says %v", err)
	}
}

// errLater marks, in the table, what is a plain error.
var errLater = errors.New("later")

// TestServerThatIsNotThere: the error names neither address nor secret, and is
// one that waiting may heal.
func TestServerThatIsNotThere(t *testing.T) {
	t.Parallel()
	r := httptest.NewServer(http.NotFoundHandler())
	address := r.URL + "/very-secret-topic"
	r.Close()
	err := (&Ntfy{HTTP: NewClient(nil, nil), URL: address}).Notify(t.Context(), told())
	if err == nil || strings.Contains(err.Error(), "secret") || errors.Is(err, scheduler.ErrChannelRefused) {
		t.Errorf("nobody listens: %v", err)
	}
	locked := func(context.Context) (string, error) { return "", errors.New("the keyring is locked") }
	if err := (&Ntfy{HTTP: NewClient(nil, nil), URL: address, Token: locked}).Notify(t.Context(), told()); err == nil || !strings.Contains(err.Error(), "keyring") {
		t.Errorf("the token cannot be read: %v", err)
	}
}

// TestDesktopIsDiscreet: a screen may be locked or shared.
func TestDesktopIsDiscreet(t *testing.T) {
	t.Parallel()
	var title, text string
	show := func(_ context.Context, a, b string, urgent bool) error {
		if !urgent {
			t.Error("a doubt is not urgent on the screen")
		}
		title, text = a, b
		return nil
	}
	for _, details := range []bool{false, true} {
		if err := (&Desktop{Show: show, Details: details}).Notify(t.Context(), told()); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(title+text, "Zoë") != details {
			t.Errorf("details %v: the screen shows %q, %q", details, title, text)
		}
	}
	broken := errors.New("no bus")
	err := (&Desktop{Show: func(context.Context, string, string, bool) error { return broken }}).Notify(t.Context(), told())
	if !errors.Is(err, broken) || errors.Is(err, scheduler.ErrChannelRefused) {
		t.Errorf("no bus yet: %v, want an error that a login may heal", err)
	}
	if err := notSupported(); !errors.Is(err, scheduler.ErrChannelRefused) || !strings.Contains(err.Error(), "not supported") {
		t.Errorf("a system without a way: %v", err)
	}
}
