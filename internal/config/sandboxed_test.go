package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The sandboxed form of every option still loads, says the same of all but the
// account and what tells outside, and holds no trace of these.
func TestSandboxed(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	example := filepath.Join("..", "..", "config.example.yaml")
	want, err := Load(example, now)
	if err != nil {
		t.Fatal(err)
	}
	text, err := Sandboxed(example, now)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := Load(path, now)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if got.Policy.Me.Email != want.Policy.Me.Email || got.Policy.Me.Signature != want.Policy.Me.Signature || len(got.Policy.Sequences) != len(want.Policy.Sequences) ||
		got.Policy.Window != want.Policy.Window || got.Policy.Review != want.Policy.Review {
		t.Errorf("policy %+v", got.Policy)
	}
	if got.Account.IMAP.Host != sandboxHost || got.Account.SMTP.Host != sandboxHost || got.Account.Password.File == "" || len(got.Watch) > 0 || got.Web.Listen != "" ||
		got.Notify.Desktop || got.Notify.Ntfy.Reveal() != "" || got.Notify.Webhook.Reveal() != "" {
		t.Errorf("account %+v, notices %+v, page %+v", got.Account, got.Notify, got.Web)
	}
	if strings.Contains(string(text), want.Account.SMTP.Host) {
		t.Errorf("the real server is named:\n%s", text)
	}
}

// A missing account is no fault there; anything else is, with file and line.
func TestSandboxedRefuses(t *testing.T) {
	t.Parallel()
	check := func(text, want string) {
		t.Helper()
		path := filepath.Join(t.TempDir(), "config.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Sandboxed(path, time.Now())
		if got := ""; err != nil || want != "" {
			if err != nil {
				got = err.Error()
			}
			if want == "" || !strings.Contains(got, want) {
				t.Errorf("%q: %v, want %q", text, err, want)
			}
		}
	}
	me := "me: {name: Dana, email: dana@example.org, timezone: Europe/Paris}\n"
	check(me, "")
	check(me+"account: {provider: nowhere}\nwatch: [{name: old}]\n", "")
	check(me+"sending: {per_hour: many}\n", "config.yaml:2: sending.per_hour")
	check("account: {}\n", "me.name")
	check("me: [\n", "config.yaml")
	check(me+"accounts: {}\n", "unknown key")
}
