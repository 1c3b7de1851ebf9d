package config

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

func TestSecretShowsItselfToNobody(t *testing.T) {
	t.Parallel()
	const word = "hunter2"
	s := NewSecret(word)
	type hidden struct{ secret Secret }
	type shown struct{ Secret Secret }
	var out bytes.Buffer
	for _, v := range []any{s, &s, hidden{s}, &hidden{s}, shown{s}, []Secret{s}, map[string]Secret{"a": s}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T %[1]v"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "secret", s, "in", shown{s})
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "secret", s, "in", shown{s})
	j, err := json.Marshal(shown{s})
	if err != nil {
		t.Fatal(err)
	}
	y, err := yaml.Marshal(shown{s})
	if err != nil {
		t.Fatal(err)
	}
	out.Write(j)
	out.Write(y)
	for _, form := range []string{word, fmt.Sprintf("%x", word)} {
		if strings.Contains(out.String(), form) {
			t.Errorf("the secret shows as %s in\n%s", form, out.String())
		}
	}
	if strings.Count(out.String(), redacted) < 30 || !strings.Contains(string(j), redacted) || !strings.Contains(string(y), redacted) {
		t.Errorf("the secret is not said to be redacted:\n%s", out.String())
	}
	if s.Reveal() != word || s.Empty() || !(Secret{}).Empty() {
		t.Error("the secret is lost")
	}
}

func reveal(t *testing.T, p PasswordSource) string {
	t.Helper()
	s, err := p.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s.Reveal()
}

func TestPasswordFromEnvironment(t *testing.T) {
	t.Setenv("AFTERWORD_TEST_PASSWORD", "one two")
	p := PasswordSource{Env: "AFTERWORD_TEST_PASSWORD"}
	if got := reveal(t, p); got != "one two" {
		t.Errorf("got %q", got)
	}
	t.Setenv("AFTERWORD_TEST_PASSWORD", "three")
	if got := reveal(t, p); got != "three" {
		t.Errorf("a changed password reads as %q", got)
	}
	t.Setenv("AFTERWORD_TEST_PASSWORD", "")
	if _, err := p.Read(t.Context()); err == nil || !strings.Contains(err.Error(), "AFTERWORD_TEST_PASSWORD is empty") {
		t.Errorf("an empty variable: %v", err)
	}
}

func TestPasswordFromFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "password")
	write(t, path, "hunter2\r\nnotes\n")
	if got := reveal(t, PasswordSource{File: path}); got != "hunter2" {
		t.Errorf("got %q", got)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	_, err := PasswordSource{File: path}.Read(t.Context())
	if err == nil || !strings.Contains(err.Error(), "chmod 600") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a file that the group may read: %v", err)
	}
	if _, err := (PasswordSource{File: path + ".none"}).Read(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

func TestPasswordFromCommand(t *testing.T) {
	t.Parallel()
	if got := reveal(t, PasswordSource{Command: []string{"printf", `%s\n%s\n`, "$HOME; x", "notes"}}); got != "$HOME; x" {
		t.Errorf("got %q: a shell took part, or more than the first line", got)
	}
	_, err := PasswordSource{Command: []string{"sh", "-c", "echo hunter2; echo hunter2 >&2; exit 3"}}.Read(t.Context())
	if err == nil || !strings.Contains(err.Error(), "exit status 3") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a failing command: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (PasswordSource{Command: []string{"cat"}}).Read(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled command: %v", err)
	}
	if _, err := (PasswordSource{Command: []string{"true"}}).Read(t.Context()); err == nil {
		t.Error("a command that prints nothing gives a password")
	}
	if got := reveal(t, PasswordSource{Command: []string{"sh", "-c", "head -c 200000 /dev/zero | tr '\\0' x"}}); len(got) != maxPassword {
		t.Errorf("a talkative command gives %d bytes, want the bound of %d", len(got), maxPassword)
	}
}

func TestOAuthHasNoPassword(t *testing.T) {
	t.Parallel()
	for _, line := range []string{`{oauth: {provider: microsoft, tenant: "", client_id: ""}}`} {
		c := mustConfig(t, strings.Replace(smallConfig, "{env: AFTERWORD_PASSWORD}", line, 1))
		if _, err := c.Account.Password.Read(t.Context()); !errors.Is(err, errNoPassword) {
			t.Errorf("%s: %v", line, err)
		}
	}
	if _, err := (PasswordSource{}).Read(t.Context()); err == nil {
		t.Error("no source gives a password")
	}
}

// A password file is looked for beside config.yaml.
func TestPasswordFileBesideTheConfig(t *testing.T) {
	t.Parallel()
	c := mustConfig(t, strings.Replace(smallConfig, "env: AFTERWORD_PASSWORD", "file: secret/pw", 1))
	if want := filepath.Join("..", "..", "secret", "pw"); c.Account.Password.File != want {
		t.Errorf("password in %s, want %s", c.Account.Password.File, want)
	}
}

func TestProviders(t *testing.T) {
	t.Parallel()
	names := Providers()
	if len(names) < 15 {
		t.Fatalf("only %d providers", len(names))
	}
	for _, name := range names {
		text := "me: {name: D, email: d@example.org, timezone: UTC}\naccount: {provider: " + name + ", password: {env: A}}\n"
		a := mustConfig(t, text).Account
		p, _ := ProviderNamed(name)
		if a.SMTP != p.SMTP || a.IMAP != p.IMAP || a.Username != "d@example.org" {
			t.Errorf("%s: %+v", name, a)
		}
		for _, s := range []Server{a.SMTP, a.IMAP} {
			if s.Security == Insecure && !isLoopback(s.Host) || !isHost(s.Host) || s.Port == 0 {
				t.Errorf("%s: %+v", name, s)
			}
		}
		for _, d := range p.Domains {
			if got := ProviderFor("Someone@" + strings.ToUpper(d)); got != name {
				t.Errorf("%s belongs to %s and to %s", d, name, got)
			}
		}
	}
	if got := ProviderFor("dana@example.org"); got != "" {
		t.Errorf("example.org belongs to %s", got)
	}
}

// What the file says goes before what the provider publishes.
func TestProviderOverridden(t *testing.T) {
	t.Parallel()
	a := mustConfig(t, `me: {name: D, email: d@example.org, timezone: UTC}
account: {provider: gmail, password: {env: A}, smtp: {security: starttls}, imap: {host: 127.0.0.1, port: 1143, security: insecure}}
`).Account
	if a.SMTP != (Server{"smtp.gmail.com", 587, STARTTLS}) || a.IMAP != (Server{"127.0.0.1", 1143, Insecure}) {
		t.Errorf("smtp %+v, imap %+v", a.SMTP, a.IMAP)
	}
}
