package health

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestHandler: the status code is what a monitor looks at, the body says why.
func TestHandler(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		method string
		status Status
		code   int
		body   string
	}{
		{"GET", Status{OK: true}, 200, `"ok":true,"dead":[]`},
		{"GET", Status{Dead: []string{"mailbox"}}, 503, `"ok":false,"dead":["mailbox"]`},
		{"POST", Status{OK: true}, 405, "read only"},
	} {
		w := httptest.NewRecorder()
		Handler(func(*http.Request) Status { return c.status }).ServeHTTP(w, httptest.NewRequest(c.method, Path, nil))
		if w.Code != c.code || !strings.Contains(w.Body.String(), c.body) {
			t.Errorf("%s %+v: %d %s, want %d and %s", c.method, c.status, w.Code, w.Body, c.code, c.body)
		}
	}
}
