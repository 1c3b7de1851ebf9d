package web

import (
	"encoding/base64"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// version is what every commit changes.
func (f *fixture) version() int64 {
	f.Helper()
	v, err := f.service.Store.Version(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	return v
}

// TestForeignRequestsAreRefused: another name than this page's (DNS rebinding),
// another site, and a browser without the cookie get nothing and change nothing.
func TestForeignRequestsAreRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"acme-sre.yaml": fixtureAcme})
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for name, c := range map[string]struct {
		method, path string
		change       func(*http.Request)
		want         int
	}{
		"rebound name":              {"GET", "/", func(r *http.Request) { r.Host = "attacker.example:8025" }, http.StatusForbidden},
		"rebound name, change":      {"POST", "/pause", func(r *http.Request) { r.Host = "attacker.example:8025" }, http.StatusForbidden},
		"another port":              {"GET", "/", func(r *http.Request) { r.Host = "127.0.0.1:9999" }, http.StatusForbidden},
		"a name that ends alike":    {"GET", "/", func(r *http.Request) { r.Host = "x127.0.0.1:8025" }, http.StatusForbidden},
		"no host":                   {"GET", "/", func(r *http.Request) { r.Host = "" }, http.StatusForbidden},
		"foreign origin":            {"POST", "/pause", header("Origin", "https://attacker.example"), http.StatusForbidden},
		"foreign origin, reading":   {"GET", "/", header("Origin", "https://attacker.example"), http.StatusForbidden},
		"opaque origin":             {"POST", "/pause", header("Origin", "null"), http.StatusForbidden},
		"same host, another scheme": {"POST", "/pause", header("Origin", "https://127.0.0.1:8025"), http.StatusForbidden},
		"another port of this host": {"POST", "/pause", header("Origin", "http://127.0.0.1:9999"), http.StatusForbidden},
		"cross-site":                {"POST", "/pause", header("Sec-Fetch-Site", "cross-site"), http.StatusForbidden},
		"same-site only":            {"POST", "/pause", header("Sec-Fetch-Site", "same-site"), http.StatusForbidden},
		"no cookie":                 {"GET", "/", func(r *http.Request) { r.Header.Del("Cookie") }, http.StatusUnauthorized},
		"no cookie, change":         {"POST", "/pause", func(r *http.Request) { r.Header.Del("Cookie") }, http.StatusUnauthorized},
		"no cookie, live":           {"GET", "/live", func(r *http.Request) { r.Header.Del("Cookie") }, http.StatusUnauthorized},
		"a cookie of another start": {"GET", "/", header("Cookie", f.page.guard.cookie+"=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), http.StatusUnauthorized},
		"the token is no cookie":    {"GET", "/", header("Cookie", f.page.guard.cookie+"="+f.page.guard.token), http.StatusUnauthorized},
		"an empty cookie":           {"GET", "/", header("Cookie", f.page.guard.cookie+"="), http.StatusUnauthorized},
	} {
		before := f.version()
		var form url.Values
		if c.method == "POST" {
			form = url.Values{"back": {"/"}}
		}
		w := f.ask(c.method, c.path, form, c.change)
		if w.Code != c.want {
			t.Errorf("%s: got %d, want %d", name, w.Code, c.want)
		}
		if strings.Contains(w.Body.String(), "Acme") || strings.Contains(w.Body.String(), "Pause everything") {
			t.Errorf("%s: the answer shows what it should not:\n%s", name, w.Body)
		}
		if f.version() != before {
			t.Errorf("%s: something was changed", name)
		}
	}
	f.want(f.ask("GET", "/", nil, func(r *http.Request) { r.Host = "localhost:8025" }).Body.String(), "Pause everything")
}

// TestLinkOpensThePage: the link's token becomes a cookie that no script reads
// and no other site sends; a token of another start opens nothing and says so.
func TestLinkOpensThePage(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	other := newFixture(t, nil)
	link, ok := strings.CutPrefix(f.page.Link(), "http://127.0.0.1:8025")
	if !ok || f.page.Link() == other.page.Link() {
		t.Fatalf("the links are %s and %s", f.page.Link(), other.page.Link())
	}
	if b, err := base64.RawURLEncoding.DecodeString(f.page.guard.token); err != nil || len(b)*8 < 256 {
		t.Errorf("the token %q has %d bits", f.page.guard.token, len(b)*8)
	}
	enter := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		f.handler.ServeHTTP(w, httptest.NewRequest("GET", "http://127.0.0.1:8025"+path, nil))
		return w
	}
	w := enter(link)
	cookies := w.Result().Cookies()
	if w.Code != http.StatusOK || len(cookies) != 1 {
		t.Fatalf("the link gave %d and %d cookies", w.Code, len(cookies))
	}
	if c := cookies[0]; !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" || c.Value == f.page.guard.token {
		t.Errorf("the cookie is %v", c)
	}
	if w := f.ask("GET", "/", nil, func(r *http.Request) { r.Header.Set("Cookie", cookies[0].Name+"="+cookies[0].Value) }); w.Code != http.StatusOK {
		t.Errorf("with the cookie the page gave %d", w.Code)
	}
	for _, path := range []string{"/enter", "/enter?token=", strings.TrimPrefix(other.page.Link(), "http://127.0.0.1:8025"), "/enter?token=" + f.page.guard.session} {
		w := enter(path)
		if w.Code != http.StatusForbidden || len(w.Result().Cookies()) != 0 || !strings.Contains(w.Body.String(), "no longer good") {
			t.Errorf("%s gave %d, cookies %v:\n%s", path, w.Code, w.Result().Cookies(), w.Body)
		}
	}
}

// TestEveryAnswerIsGuarded: whatever is asked for, the answer is never stored,
// loads nothing from elsewhere, and stands in no frame.
func TestEveryAnswerIsGuarded(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"acme-sre.yaml": fixtureAcme})
	for _, path := range []string{"/", "/enter", "/static/style.css", "/static/htmx.min.js", "/nothing", "/../../etc/passwd", "/static/../web.go"} {
		for _, change := range []func(*http.Request){nil, func(r *http.Request) { r.Header.Del("Cookie") }, func(r *http.Request) { r.Host = "attacker.example" }} {
			w := f.ask("GET", path, nil, change)
			h := w.Header()
			if h.Get("Cache-Control") != "no-store" || !strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none';") || h.Get("X-Content-Type-Options") != "nosniff" ||
				!strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") || strings.Contains(h.Get("Content-Security-Policy"), "unsafe") {
				t.Errorf("GET %s: %v", path, h)
			}
		}
	}
	for _, page := range []string{f.get("/"), f.ask("GET", "/nothing", nil, nil).Body.String()} {
		if strings.Contains(page, " style=") || strings.Contains(page, " onclick=") || strings.Contains(page, "<script>") || strings.Contains(page, "https://") {
			t.Errorf("the page has something that its policy refuses:\n%s", page)
		}
	}
}

// files is the content of the user's files.
func (f *fixture) files() map[string]string {
	f.Helper()
	all := map[string]string{}
	for _, pattern := range []string{"*.yaml", "interviews/*", "words.txt"} {
		paths, err := filepath.Glob(filepath.Join(f.dir, pattern))
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			all[path] = string(text)
		}
	}
	return all
}

// TestGetChangesNothing: every page is read, every change is asked for by GET
// and by other methods, and the store and the files are as before.
func TestGetChangesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"acme-sre.yaml": fixtureAcme})
	before, files, posts := f.version(), f.files(), 0
	for _, r := range f.page.routes() {
		method, path, _ := strings.Cut(r.pattern, " ")
		if path == "/live" {
			continue
		}
		path = strings.NewReplacer("{$}", "", "{stem}", "acme-sre", "{round}", "onsite", "{key...}", "acme-sre/onsite/thank-you/ken@acme.example", "{key}", "0").Replace(path)
		for _, m := range []string{"GET", "HEAD", "PUT", "DELETE", "PATCH"} {
			w := f.ask(m, path+"?application=acme-sre&status=rejected&target=acme-sre&key=acme-sre/onsite/thank-you/ken@acme.example", nil, nil)
			if method == "POST" && w.Code != http.StatusMethodNotAllowed && w.Code != http.StatusNotFound && w.Code != http.StatusOK && !strings.Contains(path, "/invitation/") { // there is none to be read
				t.Errorf("%s %s: %d", m, path, w.Code)
			}
		}
		if method == "POST" {
			posts++
		}
	}
	if posts < 2 {
		t.Fatalf("only %d changes were tried", posts)
	}
	if f.version() != before {
		t.Error("reading changed the store")
	}
	if after := f.files(); len(files) < 2 || !maps.Equal(after, files) {
		t.Errorf("reading changed the files %v to %v", files, after)
	}
}

// TestListenOnlyOnThisMachine: an address that others reach is refused.
func TestListenOnlyOnThisMachine(t *testing.T) {
	t.Parallel()
	for _, listen := range []string{"0.0.0.0:8025", ":8025", "192.0.2.1:8025", "[::]:8025", "localhost:8025", "example.org:80", "127.0.0.1"} {
		if _, err := newGuard(listen, nil); err == nil {
			t.Errorf("%s is taken", listen)
		}
	}
	for _, listen := range []string{"127.0.0.1:8025", "127.0.0.2:1", "[::1]:8025"} {
		if _, err := newGuard(listen, nil); err != nil {
			t.Errorf("%s: %v", listen, err)
		}
	}
}

// TestPauseAndResume: the red button stops everything, and lets it go again.
func TestPauseAndResume(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	page := f.post("/pause", url.Values{"back": {"/"}})
	f.want(page, "<strong>Everything is paused</strong>", "Resume everything", "nothing leaves until you resume")
	if _, ok, err := f.service.Paused(t.Context()); !ok || err != nil {
		t.Errorf("paused: %v, %v", ok, err)
	}
	page = f.post("/resume", url.Values{"back": {"https://attacker.example/"}})
	f.want(page, "Pause everything", "Resumed: 1 hold lifted.")
	if _, ok, err := f.service.Paused(t.Context()); ok || err != nil {
		t.Errorf("paused: %v, %v", ok, err)
	}
}
