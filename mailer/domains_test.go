package mailer

import (
	"regexp"
	"strings"
	"testing"
)

func TestRegistrableDomain(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]string{
		"acme.example":               "acme.example",
		"mail.jobs.acme.example":     "acme.example",
		"MAIL.Acme.Example.":         "acme.example",
		"@acme.example":              "acme.example",
		"acme.co.uk":                 "acme.co.uk",
		"hr.acme.co.uk":              "acme.co.uk",
		"co.uk":                      "",
		"com":                        "",
		"localhost":                  "",
		"":                           "",
		"mail.bücher.example":        "xn--bcher-kva.example",
		"acme.github.io":             "acme.github.io",
		"github.io":                  "github.io",
		"acme.example.evil.example":  "evil.example",
		"notacme.example":            "notacme.example",
		"x.acme.com.br":              "acme.com.br",
		"a.b.c.kobe.jp":              "b.c.kobe.jp",
		" acme.example ":             "acme.example",
		"acme..example":              "",
		"mail.xn--bcher-kva.example": "xn--bcher-kva.example",
	} {
		if got := RegistrableDomain(input); got != want {
			t.Errorf("RegistrableDomain(%q) = %q, want %q", input, got, want)
		}
	}
}

func TestFreeMail(t *testing.T) {
	t.Parallel()
	tables := LoadTables()
	for domain, want := range map[string]bool{
		"gmail.com": true, "GMAIL.com": true, "googlemail.com": true, "outlook.com": true, "hotmail.co.uk": true,
		"yahoo.fr": true, "icloud.com": true, "proton.me": true, "gmx.de": true, "web.de": true, "orange.fr": true,
		"qq.com": true, "mail.ru": true, "fastmail.com": true, "privaterelay.appleid.com": true, "acme.onmicrosoft.com": true,
		"mail.gmail.com": true, "acme.example": false, "google.com": false, "microsoft.com": false, "gmail.com.evil.example": false,
		"notgmail.com": false, "": false, "com": false, "apple.com": false,
	} {
		if got := tables.FreeMail(domain); got != want {
			t.Errorf("FreeMail(%q) = %t, want %t", domain, got, want)
		}
	}
}

func TestRelayOrATS(t *testing.T) {
	t.Parallel()
	tables := LoadTables()
	for addr, want := range map[string]string{
		"no-reply@us.greenhouse-mail.io":      "Greenhouse",
		"no-reply@greenhouse.io":              "Greenhouse",
		"no-reply@ashbyhq.com":                "Ashby",
		"no-reply@hire.lever.co":              "Lever",
		"acme@myworkday.com":                  "Workday",
		"notification@smartrecruiters.com":    "SmartRecruiters",
		"noreply@candidates.workablemail.com": "Workable",
		"acme+autoreply@talent.icims.com":     "iCIMS",
		"jobs@acme.teamtailor-mail.com":       "Teamtailor",
		"acme@m.personio.de":                  "Personio",
		"no-reply@acme.recruitee.com":         "Recruitee",
		"notifications@app.bamboohr.com":      "BambooHR",
		"notifications@jobvite.com":           "Jobvite",
		"acme@invalidemail.taleo.net":         "Taleo",
		"system@successfactors.com":           "SuccessFactors",
		"inmail-hit-reply@linkedin.com":       "LinkedIn",
		"notifications@calendly.com":          "Calendly",
		"Messages-NoReply@LinkedIn.com":       "LinkedIn",
		"x@linkedin.com.evil.example":         "",
		"x@notlinkedin.com":                   "",
		"ken@acme.example":                    "",
		"lever.co":                            "",
		"":                                    "",
	} {
		got, ok := tables.RelayOrATS(addr)
		if got != want || ok != (want != "") {
			t.Errorf("RelayOrATS(%q) = %q, %t; want %q", addr, got, ok, want)
		}
	}
}

func TestRobot(t *testing.T) {
	t.Parallel()
	tables := LoadTables()
	for _, addr := range []string{
		"no-reply@acme.example", "noreply@acme.example", "No_Reply@acme.example", "do-not-reply@acme.example",
		"donotreply@acme.example", "jobs-noreply@acme.example", "noreply2@acme.example", "no-reply+abc123@acme.example",
		"careers.no-reply@acme.example", "MAILER-DAEMON@acme.example", "postmaster@acme.example", "notifications@acme.example",
		"bounces+123-abc@acme.example", "bounce-77@acme.example", "ne-pas-repondre@acme.example", "nicht-antworten@acme.example",
		"newsletter@acme.example", "calendar-notification@acme.example",
	} {
		if !tables.Robot(addr) {
			t.Errorf("Robot(%q) = false", addr)
		}
	}
	for _, addr := range []string{
		"ken@acme.example", "careers@acme.example", "jobs@acme.example", "hr@acme.example", "talent@acme.example",
		"abbot@acme.example", "norah.eply@acme.example", "systemsteam@acme.example", "ken@noreply.example", "newsome@acme.example", "", "@",
	} {
		if tables.Robot(addr) {
			t.Errorf("Robot(%q) = true", addr)
		}
	}
}

// The tables are edited by hand: a line that the lookups cannot find is a
// mistake that nobody would notice.
func TestTablesAreWellFormed(t *testing.T) {
	t.Parallel()
	domain := regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`)
	tables := LoadTables()
	checkTable(t, "freemail", freeMailTable, 500, func(line string) bool {
		return domain.MatchString(line) && tables.FreeMail(line) && normalDomain(line) == line
	})
	checkTable(t, "ats", atsTable, 150, func(line string) bool {
		host, name, _ := strings.Cut(line, " ")
		found, _ := tables.RelayOrATS("x@" + host)
		return domain.MatchString(host) && name != "" && found == name && !tables.FreeMail(host)
	})
	checkTable(t, "robots", robotsTable, 30, func(line string) bool {
		return regexp.MustCompile(`^[*=]?[a-z]+$`).MatchString(line) && tables.Robot(strings.Trim(line, "*=")+"@acme.example")
	})
}

func checkTable(t *testing.T, name, table string, least int, isGood func(string) bool) {
	t.Helper()
	lines := tableLines(table)
	if len(lines) < least {
		t.Errorf("%s has %d lines, expected at least %d", name, len(lines), least)
	}
	seen := map[string]bool{}
	for _, line := range lines {
		if seen[line] || !isGood(line) {
			t.Errorf("%s: the line %q is there twice or malformed", name, line)
		}
		seen[line] = true
	}
}
