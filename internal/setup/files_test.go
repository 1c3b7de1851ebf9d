package setup

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"afterword/internal/config"
	"afterword/scheduler"
)

func now() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC) }

// load writes a config as `init` does and reads it back.
func load(t *testing.T, text string) *config.Config {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := config.Create(path, config.ConfigCheck(now()), []byte(text)); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	c, err := config.Load(path, now())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func dana() Answers {
	return Answers{Name: "Dana Reyes", Email: "dana@example.org", Timezone: "Europe/Paris", Username: "dana",
		SMTP: config.Server{Host: "smtp.example.org", Port: 587, Security: config.STARTTLS}, IMAP: config.Server{Host: "imap.example.org", Port: 993, Security: config.TLS},
		Password: config.PasswordSource{Keyring: "dana@example.org"}, Schedule: Always().Proposal()}
}

// TestConfigSaysWhatWasAnswered: whatever the answers hold, the file reads as
// they were meant.
func TestConfigSaysWhatWasAnswered(t *testing.T) {
	t.Parallel()
	a := dana()
	a.Name, a.Signature, a.Employer, a.Holidays = `Dana "D" Reyes: #1, {x}`, "Dana\n\n+33 6: yes # no", "employer.example", "FR"
	a.Password = config.PasswordSource{Command: []string{"pass", "show", "mail: it's, {mine}"}}
	c := load(t, Config(a))
	me := c.Policy.Me
	if me.Name != a.Name || me.Signature != a.Signature || me.EmployerDomains[0] != a.Employer || me.Zone.String() != a.Timezone || c.Policy.Holidays != "FR" {
		t.Errorf("me is %+v", me)
	}
	if c.Account.SMTP != a.SMTP || c.Account.IMAP != a.IMAP || c.Account.Username != "dana" || strings.Join(c.Account.Password.Command, "|") != "pass|show|mail: it's, {mine}" {
		t.Errorf("account is %+v", c.Account)
	}
	if c.Policy.Review != scheduler.ReviewAlways || !c.Notify.Mail {
		t.Error("what leaves is not shown first, or the user is not told by mail")
	}
}

func TestConfigOfEachSource(t *testing.T) {
	t.Parallel()
	for _, p := range []config.PasswordSource{
		{Env: "MAIL_PASSWORD"}, {Keyring: "dana@example.org"}, {Command: []string{"pass", "mail"}},
		{OAuth: &config.OAuth{Provider: "microsoft", Tenant: "uni.example", ClientID: "1-2-3"}},
		{OAuth: &config.OAuth{Provider: "other", ClientID: "a, b", Authorize: "https://id.example/a", Token: "https://id.example/t?x=1,2", Device: "https://id.example/d", Scopes: []string{"mail", "offline_access"}}},
	} {
		a := dana()
		a.Password = p
		got := load(t, Config(a)).Account.Password
		if source(got) != source(p) || source(p) == "{}" {
			t.Errorf("wrote %s, read %s", source(p), source(got))
		}
	}
	a := dana()
	a.Password = config.PasswordSource{File: "password.txt"}
	if got := load(t, Config(a)).Account.Password.File; filepath.Base(got) != "password.txt" {
		t.Errorf("the password's file is %s", got)
	}
}

func TestConfigOfEachProvider(t *testing.T) {
	t.Parallel()
	for _, name := range config.Providers() {
		p, _ := config.ProviderNamed(name)
		a := dana()
		a.Provider, a.SMTP, a.IMAP = name, p.SMTP, p.IMAP
		text := Config(a)
		c := load(t, text)
		if c.Account.Provider != name || c.Account.SMTP != p.SMTP || c.Account.IMAP != p.IMAP || strings.Contains(text, "smtp:") {
			t.Errorf("%s: %+v\n%s", name, c.Account, text)
		}
	}
}

// TestConfigOfAllHours: no answer to when the computer is on makes a file that
// does not load.
func TestConfigOfAllHours(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"always", "MON-FRI 12:00-13:00", "19:00-23:00", "SAT,SUN 10:00-12:00", "SUN 19:00-24:00", "FRI-MON 06:00-08:00", "MON 00:00-06:00"} {
		h, err := ParseHours(text)
		if err != nil {
			t.Fatal(err)
		}
		a := dana()
		a.Schedule = h.Proposal()
		c := load(t, Config(a))
		if got := c.Policy.Sequences["default"][0].Cron.String(); got != a.Schedule.ThankYou || c.Policy.Window != a.Schedule.Window {
			t.Errorf("%s: cron %q in %v", text, got, c.Policy.Window)
		}
	}
}

func policy(t *testing.T) scheduler.Policy {
	t.Helper()
	return load(t, Config(dana())).Policy
}

func TestInterviewFileLoads(t *testing.T) {
	t.Parallel()
	p := policy(t)
	for _, i := range []Interview{
		{Company: "Acme", Role: "SRE", At: "2026-12-01 14:00", Timezone: "Europe/Paris"},
		{Company: `A: "B" #1, {x}`, Role: "Site, Reliability", At: "2026-12-01 14:00", Timezone: "UTC",
			People: []Person{{"Ken \"K\" Osei", "ken@acme.example"}, {"Mara", ""}, {"Noor", "noor@gmail.com"}}},
	} {
		path := filepath.Join(t.TempDir(), i.FileName())
		if err := config.Create(path, config.InterviewCheck(p), []byte(i.Text())); err != nil {
			t.Fatalf("%v\n%s", err, i.Text())
		}
		a, err := config.LoadInterview(path, p)
		if err != nil || a.Company != i.Company || a.Role != i.Role || len(a.Interviews) != 1 || len(a.Interviews[0].Interviewers) != len(i.People) {
			t.Errorf("read %+v, %v", a, err)
		}
		for n, one := range i.People {
			if got := a.Interviews[0].Interviewers[n]; got.Name != one.Name || got.Email != one.Email {
				t.Errorf("read %+v, want %+v", got, one)
			}
		}
		if len(i.People) > 0 && strings.Join(a.Domains, ",") != "acme.example" {
			t.Errorf("the company's domains are %v", a.Domains)
		}
	}
}

// TestSampleIsNoApplication: the sample is never read, and is a good file once
// its comments are taken away.
func TestSampleIsNoApplication(t *testing.T) {
	t.Parallel()
	i := Interview{Timezone: "Europe/Paris"}
	if i.FileName() != Sample || config.IsInterviewFile(Sample) {
		t.Errorf("the sample %s would be read", i.FileName())
	}
	var lines []string
	for n, l := range strings.Split(i.Text(), "\n") {
		if n > 2 && l != "" {
			lines = append(lines, strings.TrimPrefix(l, "# "))
		}
	}
	path := filepath.Join(t.TempDir(), "acme-sre.yaml")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	if a, err := config.LoadInterview(path, policy(t)); err != nil || a.Company != "Acme" {
		t.Errorf("%v\n%s", err, strings.Join(lines, "\n"))
	}
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ company, role, want string }{
		{"Acme", "SRE", "acme-sre.yaml"}, {"Éclair & Søn", "Développeur (H/F)", "eclair-søn-developpeur-h-f.yaml"},
		{"../../etc", "passwd", "etc-passwd.yaml"}, {"...", "???", "application.yaml"}, {"株式会社", "", "株式会社.yaml"}, {"삼성", "개발자", "삼성-개발자.yaml"},
		{strings.Repeat("long ", 40), "x", strings.TrimRight(strings.Repeat("long-", 12), "-") + ".yaml"},
	} {
		if got := (Interview{Company: c.company, Role: c.role}).FileName(); got != c.want || !config.IsInterviewFile(got) {
			t.Errorf("%s, %s: %s, want %s", c.company, c.role, got, c.want)
		}
	}
}
