package config

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"afterword/scheduler"
)

const (
	exampleConfig    = "../../config.example.yaml"
	exampleInterview = "../../docs/examples/interviews/acme-sre.yaml"
)

// readingDay is when the tests read config files.
func readingDay() time.Time { return time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC) }

// smallConfig states only what must be stated.
const smallConfig = `me: {name: Dana Reyes, email: dana@example.org, timezone: Europe/Paris}
account:
  password: {env: AFTERWORD_PASSWORD}
  smtp: {host: smtp.example.org}
  imap: {host: imap.example.org}
`

func mustConfig(t *testing.T, text string) *Config {
	t.Helper()
	c, err := parseConfig(exampleConfig, []byte(text), readingDay())
	if err != nil {
		t.Fatalf("the config does not load: %v", err)
	}
	return c
}

func readText(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// The example shows every default: it means the same as a file without them.
func TestExampleConfigShowsTheDefaults(t *testing.T) {
	t.Parallel()
	full, small := mustConfig(t, readText(t, exampleConfig)), mustConfig(t, smallConfig)
	got, want := reflect.ValueOf(*full), reflect.ValueOf(*small)
	for i := range got.NumField() {
		if got.Type().Field(i).IsExported() && !reflect.DeepEqual(got.Field(i).Interface(), want.Field(i).Interface()) {
			t.Errorf("%s: the example says\n%+v\nthe default is\n%+v", got.Type().Field(i).Name, got.Field(i), want.Field(i))
		}
	}
}

// everyConfigKey asks for every key that a config can have: the example and what an
// empty list in it leaves unasked.
func everyConfigKey(t *testing.T, text string) []string {
	t.Helper()
	r := newReader("config.yaml")
	text = strings.Replace(text, "watch: []", "watch: [{provider: gmail, username: x, password: {oauth: {provider: google}}}]", 1)
	r.config(r.parse([]byte(text)), readingDay())
	if err := r.problems.sorted(); err != nil {
		t.Fatal(err)
	}
	return knownKeys(r)
}

func knownKeys(r *reader) []string {
	var keys []string
	for k := range r.known {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func TestExampleConfigHasEveryKey(t *testing.T) {
	t.Parallel()
	text := readText(t, exampleConfig)
	keys := everyConfigKey(t, text)
	if len(keys) < 80 {
		t.Fatalf("the reader knows only %d keys: %v", len(keys), keys)
	}
	checkKeysStand(t, text, keys)
}

func TestExampleInterviewHasEveryKey(t *testing.T) {
	t.Parallel()
	text := readText(t, exampleInterview)
	r := newReader(exampleInterview)
	r.application(r.parse([]byte(text)), mustConfig(t, smallConfig).Policy)
	if err := r.problems.sorted(); err != nil {
		t.Fatal(err)
	}
	keys := knownKeys(r)
	if len(keys) < 45 {
		t.Fatalf("the reader knows only %d keys: %v", len(keys), keys)
	}
	checkKeysStand(t, text, keys)
}

func checkKeysStand(t *testing.T, text string, keys []string) {
	t.Helper()
	for _, key := range keys {
		last := key[strings.LastIndexByte(key, '.')+1:]
		if !regexp.MustCompile(`[\s{]` + regexp.QuoteMeta(last) + `:`).MatchString("\n" + text) {
			t.Errorf("the example does not show %s", key)
		}
	}
}

func TestExampleNamesEveryProvider(t *testing.T) {
	t.Parallel()
	text := readText(t, exampleConfig)
	for _, p := range Providers() {
		if !strings.Contains(text, p) {
			t.Errorf("the example does not name the provider %s", p)
		}
	}
}

func TestExampleInterviewReadsAsItLooks(t *testing.T) {
	t.Parallel()
	a, err := LoadInterview(exampleInterview, mustConfig(t, smallConfig).Policy)
	if err != nil {
		t.Fatal(err)
	}
	if a.Stem != "acme-sre" || a.Company != "Acme" || a.Role != "Site Reliability Engineer" || a.DecisionBy.String() != "2026-12-04" {
		t.Errorf("read %+v", a)
	}
	i := a.Interviews[0]
	if got := i.At.Format(time.RFC3339); got != "2026-11-23T14:00:00+01:00" || !i.ZoneStated {
		t.Errorf("at = %s, zone stated %v", got, i.ZoneStated)
	}
	ken := i.Interviewers[0]
	if ken.Said != "the team moves the pager to follow-the-sun in spring" || !ken.Lead || ken.Templates != nil {
		t.Errorf("read %+v", ken)
	}
	if !i.Debrief.Empty() || i.Status != scheduler.InterviewHeld {
		t.Errorf("debrief %+v, status %s", i.Debrief, i.Status)
	}
}

// The shape that the documentation shows, word for word, with values that are
// no defaults.
func TestConfigAsDocumented(t *testing.T) {
	t.Parallel()
	c := mustConfig(t, documentedConfig)
	p := c.Policy
	if p.Me.Signature != "Dana Reyes\n+33 6 00 00 00 00" {
		t.Errorf("signature %q", p.Me.Signature)
	}
	if p.Holidays != "FR" || len(p.Quiet) != 1 || len(p.Me.Away) != 1 || p.Me.EmployerDomains[0] != "current-employer.example" {
		t.Errorf("policy %+v", p)
	}
	if want := filepath.Join("..", "..", "interviews"); c.InterviewsDir != want {
		t.Errorf("interviews in %s, want %s", c.InterviewsDir, want)
	}
	if !filepath.IsAbs(c.StatePath) || filepath.Base(c.StatePath) != "afterword.db" {
		t.Errorf("state in %s, want an absolute path", c.StatePath)
	}
	if len(p.Sequences["default"]) != 3 || p.Sequences["default"][1].After.String() != "4bd" {
		t.Errorf("sequences %+v", p.Sequences)
	}
	if p.LastLook != 30*time.Second || p.Announce != 12*time.Hour || p.Limits.PerPerson != 1 {
		t.Errorf("last look %s, announce %s, limits %+v", p.LastLook, p.Announce, p.Limits)
	}
	if w := c.Watch[0]; w.Name != "old" || w.IMAP.Host != "imap.gmail.com" || w.SMTP != (Server{}) {
		t.Errorf("watched account %+v", w)
	}
	n := c.Notify
	if n.NtfyToken.File == "" || n.WebhookSecret.Env != "HOOK" || n.Quiet.From != 22*60 || n.Quiet.To != 7*60 || n.Quiet.Zone.String() != c.Policy.Me.Zone.String() ||
		!slices.Equal(n.Only["ntfy"], []string{"in-doubt", "refused"}) {
		t.Errorf("notices %+v", n)
	}
	if c.Web.Listen != "" || c.Notify.Digest != "" || !p.Digest.IsZero() {
		t.Errorf("page %q and digest %q, want both off", c.Web.Listen, c.Notify.Digest)
	}
}

const documentedConfig = `
me:
  name: Dana Reyes
  email: dana@example.org
  aliases: [dana.reyes@example.net]
  timezone: Europe/Paris
  signature: |
    Dana Reyes
    +33 6 00 00 00 00
  employer_domains: [current-employer.example]   # never send from here
  away: ["2026-12-20..2027-01-03"]
account:
  provider: fastmail
  username: dana@example.org
  password: {command: [pass, show, mail]}
watch:
  - {name: old, provider: gmail, username: dana@gmail.example, password: {env: OLD}}
interviews: interviews         # folder, relative to this file
sending:
  review: always
  announce: 12h
  window: {days: MON-FRI, from: "08:00", to: 17:00}
  holidays: fr
  quiet: ["12-23..01-02"]
  last_look: 30s
limits: {per_person: 1, per_application: 3, gap: 10d}
replies: {recruiter: pause_follow_ups, interviewer: restart}
proofread: {language: fr, words: words.txt, off: [length, tone]}
notify: {mail: true, desktop: false, ntfy: "https://ntfy.example/topic", ntfy_token: {file: token}, webhook: "https://hooks.example/h", webhook_secret: {env: HOOK}, quiet: {from: "22:00", to: "07:00"}, only: {ntfy: [in-doubt, refused]}, details: false, digest: ""}
web: {listen: ""}
`
