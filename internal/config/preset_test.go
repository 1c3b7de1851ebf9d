package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const presetText = `name: Example University
holidays: FR
account:
  provider: office365
  oauth: {provider: microsoft, tenant: uni.example, client_id: 11-22}
sequences:
  # ours
  default:
    - {step: thank-you, template: uni-thanks, to: interviewers, after: 8h, cron: "30 9 * * MON-FRI", expires: 48h}
templates:
  uni-thanks: |
    ---
    kind: thank-you
    subject: Thank you
    ---
    Dear {{.Person.Name}},
words: [Erasmus]
`

func loadPreset(t *testing.T, text string) (*Preset, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "preset.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return LoadPreset(path, readingDay())
}

func TestPresetIsRead(t *testing.T) {
	t.Parallel()
	p, err := loadPreset(t, presetText)
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "Example University" || p.Provider != "office365" || p.OAuth.Tenant != "uni.example" || p.OAuth.ClientID != "11-22" || p.Holidays != "FR" {
		t.Errorf("preset %+v", p)
	}
	if !strings.Contains(p.Templates["uni-thanks"], "kind: thank-you") || p.Words[0] != "Erasmus" || p.TemplateNames()[0] != "uni-thanks" {
		t.Errorf("templates %v, words %v", p.Templates, p.Words)
	}
	text := strings.Replace(smallConfig, "{env: AFTERWORD_PASSWORD}", "{env: A}", 1) + "sequences:\n" + "  " + strings.ReplaceAll(strings.TrimSpace(p.Sequences), "\n", "\n  ") + "\n"
	if got := mustConfig(t, text).Policy.Sequences["default"][0].Template; got != "uni-thanks" {
		t.Errorf("the sequence names the template %q\n%s", got, p.Sequences)
	}
}

// TestWrongPresetIsRefused: a preset is somebody else's file; what it may not
// say is told with file and line.
func TestWrongPresetIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, want string }{
		"no name":                  {"name: Example University\n", "", "name: found nothing"},
		"an unknown key":           {"holidays:", "hollidays:", "hollidays"},
		"a template as a path":     {"uni-thanks: |", "../evil: |", "templates"},
		"a cron that is none":      {"30 9 * * MON-FRI", "30 99 * * MON-FRI", "cron"},
		"another provider":         {"office365", "office360", "account.provider"},
		"an OAuth of nobody":       {"provider: microsoft", "provider: macrosoft", "account.oauth.provider"},
		"tokens sent in the clear": {"provider: microsoft, tenant: uni.example", "provider: other, token: \"http://uni.example/token\", authorize: \"https://uni.example/a\"", "account.oauth.token"},
		"a server in the clear":    {"  oauth:", "  imap: {host: imap.uni.example, security: insecure}\n  oauth:", "account.imap.security"},
		"words that are no list":   {"[Erasmus]", "{a: b}", "words"},
		"no YAML":                  {"name:", "\tname", "preset.yaml:1"},
	} {
		if _, err := loadPreset(t, strings.Replace(presetText, c.old, c.new, 1)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if _, err := LoadPreset(filepath.Join(t.TempDir(), "none.yaml"), readingDay()); err == nil {
		t.Error("a missing preset is none")
	}
}

// TestOAuthAddressesAreChecked: what opens the mailbox goes by https, or stays
// on this machine.
func TestOAuthAddressesAreChecked(t *testing.T) {
	t.Parallel()
	for line, ok := range map[string]bool{
		`{provider: other, client_id: x, token: "https://id.example/t", authorize: "https://id.example/a"}`:     true,
		`{provider: other, client_id: x, token: "http://127.0.0.1:8080/t", device: "http://localhost:8080/d"}`:  true,
		`{provider: other, client_id: x, token: "http://id.example/t", authorize: "https://id.example/a"}`:      false,
		`{provider: other, client_id: x, token: "https://u:p@id.example/t", authorize: "https://id.example/a"}`: false,
		`{provider: other, client_id: x, token: "ftp://id.example/t", authorize: "https://id.example/a"}`:       false,
		`{provider: other, client_id: x, token: "https://id.example/t"}`:                                        false,
		`{provider: other, token: "https://id.example/t", authorize: "https://id.example/a"}`:                   false,
		`{provider: other, client_id: x, authorize: "https://id.example/a"}`:                                    false,
		`{provider: google, client_id: x, tokens: tokens.json}`:                                                 true,
	} {
		text := strings.Replace(smallConfig, "{env: AFTERWORD_PASSWORD}", "{oauth: "+line+"}", 1)
		if _, err := parseConfig("config.yaml", []byte(text), readingDay()); (err == nil) != ok {
			t.Errorf("%s: %v", line, err)
		}
	}
}
