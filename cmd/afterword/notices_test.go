package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"afterword/internal/notify"
	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// hook is an HTTP server inside the bubble that notes what it was told.
type hook struct {
	conns chan net.Conn
	ended chan struct{}
	mu    sync.Mutex
	code  int
	got   []hooked
}

// hooked is one request to it.
type hooked struct {
	at     time.Time
	header http.Header
	body   string
	taken  bool
}

// listen puts a hook at an address of the stage.
func (s *stage) listen(addr string) *hook {
	h := &hook{conns: make(chan net.Conn), ended: make(chan struct{}), code: 200}
	if s.hooks == nil {
		s.hooks = map[string]*hook{}
	}
	s.hooks[addr] = h
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		h.mu.Lock()
		defer h.mu.Unlock()
		h.got = append(h.got, hooked{at: s.clock.Now(), header: r.Header, body: string(body), taken: h.code < 300})
		w.WriteHeader(h.code)
	})}
	over := make(chan error, 1)
	go func() { over <- server.Serve(h) }()
	s.Cleanup(func() {
		_ = server.Close()
		<-over
	})
	return h
}

// Accept, Close and Addr make a hook a listener.
func (h *hook) Accept() (net.Conn, error) {
	select {
	case c := <-h.conns:
		return c, nil
	case <-h.ended:
		return nil, net.ErrClosed
	}
}

// Close ends the hook.
func (h *hook) Close() error { close(h.ended); return nil }

// Addr is nowhere.
func (h *hook) Addr() net.Addr { return &net.TCPAddr{} }

func (h *hook) dial(ctx context.Context) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case h.conns <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// answers sets how it answers from now on.
func (h *hook) answers(code int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.code = code
}

// took are the requests that it took, with some words in their body.
func (h *hook) took(words string) (all []hooked) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, g := range h.got {
		if g.taken && strings.Contains(g.body, words) {
			all = append(all, g)
		}
	}
	return all
}

func (h *hook) tries() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.got)
}

// TestToldByEachChannel: a refusal is told within a minute by mail, ntfy and on
// the screen, each once; a webhook that is down for hours, over a restart of the
// program, gets it once when it is back, signed. No name is in any request.
func TestToldByEachChannel(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": strings.ReplaceAll(solo, "noor@", "550@")}, func(s *stage) {
		push, web := s.listen("127.0.0.1:8080"), s.listen("127.0.0.1:8081")
		s.write("token", "tk_stage\n")
		s.write("config.yaml", readFile(s, "config.yaml")+"notify: {ntfy: \"http://127.0.0.1:8080/topic\", ntfy_token: {file: token}, "+
			"webhook: \"http://127.0.0.1:8081/hook\", webhook_secret: {file: token}}\n")
		web.answers(503)
		s.open()
		s.until(3, 12, 0)
		s.close()
		s.open()
		s.until(3, 15, 0)
		if web.tries() < 5 {
			t.Errorf("a webhook that is down was tried %d times", web.tries())
		}
		web.answers(200)
		s.until(3, 18, 0)
		story, err := s.house.service.Why(s.Context(), "thank-you")
		s.must(err)
		refused := story.Events[len(story.Events)-1].At
		told := push.took("A mail was refused.")
		if len(told) != 1 || told[0].at.Sub(refused) > time.Minute || told[0].header.Get("Authorization") != "Bearer tk_stage" {
			t.Errorf("ntfy was told %d times of what happened at %s: %+v", len(told), refused, told)
		}
		if got := s.notices("Refused"); got != 1 {
			t.Errorf("by mail it was told %d times", got)
		}
		late := web.took("A mail was refused.")
		if len(late) != 1 {
			t.Fatalf("the webhook took it %d times", len(late))
		}
		stamp, _, _ := strings.Cut(strings.TrimPrefix(late[0].header.Get(notify.SignatureHeader), "t="), ",")
		if want := notify.Sign("tk_stage", late[0].at, []byte(late[0].body)); late[0].header.Get(notify.SignatureHeader) != want {
			t.Errorf("the signature of %s is %s, want %s", stamp, late[0].header.Get(notify.SignatureHeader), want)
		}
		for _, g := range append(push.took(""), web.took("")...) {
			if text := strings.ToLower(g.body); strings.Contains(text, "noor") || strings.Contains(text, "globex") {
				t.Errorf("a name has left the machine: %s", g.body)
			}
		}
		if told := push.took("One of the ways to tell you does not work."); len(told) != 1 {
			t.Errorf("that the webhook fails was told %d times by ntfy", len(told))
		}
	})
}

// TestNightOfAnswers: an answer at night is told on the phone in the morning, and
// by mail at once.
func TestNightOfAnswers(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		push := s.listen("127.0.0.1:8080")
		s.write("config.yaml", readFile(s, "config.yaml")+"notify: {ntfy: \"http://127.0.0.1:8080/topic\", quiet: {from: \"22:00\", to: \"07:00\"}}\n")
		s.open()
		s.until(3, 23, 0)
		answer := "From: Noor Haddad <noor@globex.example>\r\nTo: dana@example.org\r\nSubject: Your interview\r\nMessage-ID: <x1@globex.example>\r\nDate: Tue, 03 Nov 2026 23:00:00 +0100\r\n\r\nHi Dana, we will call you on Monday.\r\n"
		s.must(s.world.Deliver(mailtest.Inbox, []byte(answer), s.clock.Now()))
		s.until(4, 6, 59)
		if early := push.took("Something came in"); len(early) != 0 {
			t.Errorf("the phone rang at %s", early[0].at)
		}
		if got := s.notices("News from Globex"); got != 1 {
			t.Error("mail to oneself waits for the morning")
		}
		s.until(4, 7, 2)
		if got := push.took("Something came in"); len(got) != 1 {
			t.Errorf("in the morning the phone was told %d times", len(got))
		}
	})
}

// TestAnnouncedWhereItIsShown: an asking mail that nobody approved leaves only
// after its text was shown; a channel that names nobody has not shown it.
func TestAnnouncedWhereItIsShown(t *testing.T) {
	t.Parallel()
	for _, details := range []bool{false, true} {
		perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
			push := s.listen("127.0.0.1:8080")
			config := "notify: {mail: false, ntfy: \"http://127.0.0.1:8080/topic\"}\n"
			want := 1
			if details {
				config, want = strings.Replace(config, "}", ", details: true}", 1), 2
			}
			s.write("config.yaml", readFile(s, "config.yaml")+config)
			s.open()
			s.until(12, 12, 0)
			s.want(map[string]int{"noor@globex.example": want})
			if len(push.took("leaves")) == 0 {
				t.Errorf("details %v: nothing was announced", details)
			}
			story, err := s.house.service.Why(s.Context(), "follow-up-1")
			s.must(err)
			if !details && (story.Delivery.State != scheduler.Approved || !strings.Contains(story.Delivery.WaitingFor, "not yet shown to you")) {
				t.Errorf("the follow-up is %s and waits: %s", story.Delivery.State, story.Delivery.WaitingFor)
			}
		})
	}
}

// TestCheckOfChannels: check names each channel and what is wrong with it, tells
// nothing by itself, and with --notify tells a test notice by each.
func TestCheckOfChannels(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		push, web := s.listen("127.0.0.1:8080"), s.listen("127.0.0.1:8081")
		s.write("config.yaml", readFile(s, "config.yaml")+"notify: {ntfy: \"http://127.0.0.1:8080/secret-topic\", ntfy_token: {file: token}, webhook: \"http://127.0.0.1:8081/secret-hook\", only: {ntfy: [in-doubt, refused]}}\n")
		web.answers(404)
		s.open()
		_, out, _ := s.command("check")
		for _, want := range []string{"✓ notices by mail: to dana@example.org", "✗ notices by ntfy: the token: ", "✓ notices by webhook: an address is set, unsigned"} {
			if !strings.Contains(out, want) {
				t.Errorf("check does not say %q:\n%s", want, out)
			}
		}
		if push.tries()+web.tries() > 0 {
			t.Error("check tells without being asked to")
		}
		s.write("token", "tk_stage\n")
		code, out, _ := s.command("check", "--notify")
		for _, want := range []string{"✓ notices by mail: the test notice was taken", "✓ notices by ntfy: the test notice was taken; look whether it arrived; only in-doubt, refused",
			"✗ notices by webhook: telling the webhook: 404 Not Found"} {
			if !strings.Contains(out, want) {
				t.Errorf("check --notify does not say %q:\n%s", want, out)
			}
		}
		if code != 1 || strings.Contains(out, "secret-") || len(push.took("This is a test notice.")) != 1 || s.notices("A test notice") != 1 {
			t.Errorf("check --notify ended with %d and told ntfy %d times, mail %d times\n%s", code, len(push.took("")), s.notices("A test notice"), out)
		}
		code, out, _ = s.command("export")
		if code != 0 || strings.Contains(out, "secret-") || strings.Contains(out, "tk_stage") {
			t.Errorf("export ended with %d or shows a secret", code)
		}
	})
}
