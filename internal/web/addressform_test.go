package web

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAddressIsAskedForOnThePage: whoever has no address gets a field for it, and
// nobody else; who uses the page alone could not give one.
func TestAddressIsAskedForOnThePage(t *testing.T) {
	t.Parallel()
	f := planned(t)
	const field = `name="person" value="Mara Lindt"><label for="email`
	if page := f.get("/applications/acme-sre"); strings.Contains(page, `action="/address"`) {
		t.Errorf("an address is asked for that is known:\n%s", page)
	}
	rewrite(t, f, "email: mara@acme.example, ", "")
	f.want(f.get("/applications/acme-sre"), field)
	rewrite(t, f, "status: held", "status: planned")
	w := f.ask("POST", "/applications/acme-sre/debrief/onsite", url.Values{"since": {"0"}, "happened": {"no"}}, nil)
	if page := w.Body.String(); w.Code != http.StatusConflict || !strings.Contains(page, `value="no" checked`) || strings.Contains(page, `value="yes" checked`) {
		t.Errorf("the form that comes back does not say what was said: %d\n%s", w.Code, page)
	}
}

// rewrite changes the one file of the fixture.
func rewrite(t *testing.T, f *fixture, old, text string) {
	t.Helper()
	path := filepath.Join(f.dir, "interviews", "acme-sre.yaml")
	was, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(was), old) {
		t.Fatalf("%q is not there: %v\n%s", old, err, was)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(was), old, text, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}
