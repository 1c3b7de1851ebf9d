package setup

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"afterword/internal/config"
)

// Answers are what the first config.yaml is made of.
type Answers struct {
	Name, Email string
	Timezone    string // of the IANA database
	Signature   string // "" for the name alone
	Employer    string // a domain that nothing may leave from, "" for none
	Holidays    string // country code, "" for none
	Provider    string // a name of account.provider, "" where the servers are written out
	Username    string
	SMTP, IMAP  config.Server
	Password    config.PasswordSource
	Schedule    Schedule
	Preset      *config.Preset // what a school publishes; nil for none
}

// Config writes config.yaml: what was answered, and beside it what may be
// changed, with the reason.
func Config(a Answers) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("# Written by `afterword init`. Change what you like: the daemon notices. Every option, with its default and why it")
	say("# is there, stands in config.example.yaml; `afterword check` looks whether all is right.")
	say("")
	say("me:")
	say("  name: %s", quoted(a.Name))
	say("  email: %s", quoted(a.Email))
	say("  timezone: %s", quoted(a.Timezone))
	if a.Signature != "" && a.Signature != a.Name {
		say("  signature: |\n%s", indented(a.Signature, "    "))
	}
	if a.Employer != "" {
		say("  employer_domains: [%s]   # nothing is ever sent from there", quoted(a.Employer))
	} else {
		say("  employer_domains: []     # the domain of your present employer, so that nothing is ever sent from there")
	}
	say("  away: []                 # such as \"2026-12-20..2027-01-03\": mail that asks rests")
	say("")
	say("account:")
	a.account(say)
	say("")
	say("interviews: interviews     # one file for each application")
	say("state: afterword.db        # what the program did and learned")
	say("")
	say("sending:")
	say("  review: always           # nothing leaves before you have seen it; once you trust it: flagged")
	say("  window: {days: %s, from: %q, to: %q}        # when mail may leave, at the recipient's place", quotedDays(a.Schedule.Window.Days.String()), a.Schedule.Window.From, a.Schedule.Window.To)
	if a.Schedule.Late.Days != weekdays("MON-FRI") {
		say("  late_window: {days: %s, from: %q, to: %q}   # for thank-yous whose time found the computer off", quotedDays(a.Schedule.Late.Days.String()), a.Schedule.Late.From, a.Schedule.Late.To)
	}
	if a.Holidays != "" {
		say("  holidays: %s             # nothing leaves on public holidays", quoted(a.Holidays))
	} else {
		say("  holidays: \"\"             # a country code such as FR: nothing leaves on its public holidays")
	}
	say("")
	a.sequences(say)
	say("")
	say("notify: {mail: true}       # you are told by mail to yourself, and can answer it from your phone")
	return b.String()
}

func (a Answers) account(say func(string, ...any)) {
	known, ok := config.ProviderNamed(a.Provider)
	if a.Provider != "" {
		say("  provider: %s", quoted(a.Provider))
	}
	say("  username: %s", quoted(a.Username))
	say("  # Where the password is; it never stands in this file.")
	say("  password: %s", source(a.Password))
	if !ok || a.SMTP != known.SMTP {
		say("  smtp: {host: %s, port: %d, security: %s}", quoted(a.SMTP.Host), a.SMTP.Port, a.SMTP.Security)
	}
	if !ok || a.IMAP != known.IMAP {
		say("  imap: {host: %s, port: %d, security: %s}", quoted(a.IMAP.Host), a.IMAP.Port, a.IMAP.Security)
	}
}

// sequences writes the mails that follow an interview: those of the preset, or
// the usual ones at the hours that fit.
func (a Answers) sequences(say func(string, ...any)) {
	if a.Preset != nil && a.Preset.Sequences != "" {
		say("# From the preset %s.", quoted(a.Preset.Name))
		say("sequences:\n%s", indented(a.Preset.Sequences, "  "))
		return
	}
	if a.Schedule.Words != "" {
		say("# %s", strings.ReplaceAll(a.Schedule.Words, "\n", "\n# "))
	}
	say("sequences:")
	say("  default:")
	say("    - {step: thank-you,   template: thank-you,   to: interviewers, after: 8h,  cron: %q, expires: 48h}", a.Schedule.ThankYou)
	say("    - {step: follow-up-1, template: follow-up,   to: contact,      after: 4bd, cron: %q}", a.Schedule.FollowUp)
	say("    - {step: follow-up-2, template: follow-up-2, to: contact,      after: 7bd, cron: %q}", a.Schedule.FollowUp)
}

// source writes where a password is, as config.yaml states it.
func source(p config.PasswordSource) string {
	switch {
	case p.Env != "":
		return "{env: " + p.Env + "}"
	case p.File != "":
		return "{file: " + quoted(p.File) + "}"
	case p.Keyring != "":
		return "{keyring: " + quoted(p.Keyring) + "}"
	case len(p.Command) > 0:
		var words []string
		for _, w := range p.Command {
			words = append(words, quoted(w))
		}
		return "{command: [" + strings.Join(words, ", ") + "]}"
	case p.OAuth != nil:
		return "{oauth: " + grant(*p.OAuth) + "}"
	}
	return "{}"
}

// grant writes the application behind an OAuth login; what is empty is left out.
func grant(o config.OAuth) string {
	parts := []string{"provider: " + o.Provider}
	for _, p := range []struct{ key, value string }{
		{"tenant", o.Tenant}, {"client_id", o.ClientID}, {"tokens", o.Tokens}, {"authorize", o.Authorize}, {"token", o.Token}, {"device", o.Device},
	} {
		if p.value != "" {
			parts = append(parts, p.key+": "+quoted(p.value))
		}
	}
	if len(o.Scopes) > 0 {
		var all []string
		for _, s := range o.Scopes {
			all = append(all, quoted(s))
		}
		parts = append(parts, "scopes: ["+strings.Join(all, ", ")+"]")
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// quoted writes a text as YAML takes it, whatever it holds: JSON's strings are
// YAML's double-quoted ones. Words that need no quotes get none.
func quoted(text string) string {
	if regexp.MustCompile(`^\pL[\pL\pN@._/-]*( [\pL\pN@._/-]+)*$`).MatchString(text) && !slices.Contains([]string{"null", "true", "false", "yes", "no", "on", "off", "y", "n"}, strings.ToLower(text)) {
		return text
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a string always encodes
	return strings.TrimSuffix(b.String(), "\n")
}

// quotedDays leaves names of days as they are; a lone * is YAML's sign for an
// alias, and a comma would end the entry.
func quotedDays(days string) string {
	if strings.ContainsAny(days, "*,") {
		return quoted(days)
	}
	return days
}

func indented(text, by string) string {
	var lines []string
	for _, l := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		lines = append(lines, strings.TrimRight(by+l, " "))
	}
	return strings.Join(lines, "\n")
}
