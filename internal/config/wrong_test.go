package config

import (
	"errors"
	"strings"
	"testing"

	"afterword/scheduler"
)

// wrong is a file that must be refused: with this line among its problems, and
// a hint that holds the words.
type wrong struct {
	text string
	want string
	hint string
}

// checkWrong loads each text, and compares the problem and its hint.
func checkWrong(t *testing.T, cases []wrong, load func(text string) error) {
	t.Helper()
	for _, c := range cases {
		err := load(c.text)
		if err == nil {
			t.Errorf("%q loads, want %q", c.text, c.want)
			continue
		}
		var ps Problems
		if !errors.As(err, &ps) {
			t.Errorf("%q: the error is %T: %v", c.text, err, err)
			continue
		}
		var all []string
		found := false
		for _, p := range ps {
			all = append(all, p.Error()+" | "+p.Hint)
			if p.Error() == c.want && strings.Contains(p.Hint, c.hint) {
				found = true
			}
		}
		if !found {
			t.Errorf("%q:\n got %s\nwant %s | %s", c.text, strings.Join(all, "\n     "), c.want, c.hint)
		}
	}
}

func loadConfigText(text string) error {
	_, err := parseConfig("config.yaml", []byte(text), readingDay())
	return err
}

// after puts a text behind the five lines of the small config.
func after(text string) string { return smallConfig + text }

func TestWrongText(t *testing.T) {
	t.Parallel()
	checkWrong(t, []wrong{
		{"", "config.yaml:1: found an empty file, expected keys and values", ""},
		{"# only a comment\n", "config.yaml:1: found an empty file, expected keys and values", ""},
		{"~\n", "config.yaml:1: found an empty file, expected keys and values", ""},
		{"just text\n", `config.yaml:1: found "just text", expected keys and values`, ""},
		{"- a\n- b\n", "config.yaml:1: found a list, expected keys and values", ""},
		{
			text: after("---\nme: {}\n"),
			want: "config.yaml:6: found a second YAML document, expected one document",
			hint: "remove the line ---",
		},
		{
			text: after("web: {listen: \x00}\n"),
			want: "config.yaml:6: found the invisible character U+0000, expected printable text",
			hint: "delete",
		},
		{
			text: after("state: a\u202eb.db\n"),
			want: "config.yaml:6: found the invisible character U+202E, expected printable text",
			hint: "delete",
		},
		{
			text: after("state: a\u2028b\n"),
			want: "config.yaml:6: found the invisible character U+2028, expected printable text",
		},
		{
			text: after("state: a\rb\n"),
			want: "config.yaml:6: found the invisible character U+000D, expected printable text",
		},
		{after("state: a\xffb\n"), "config.yaml:6: found bytes that are no UTF-8, expected UTF-8 text", "UTF-8"},
		{
			text: "\xff\xfem\x00e\x00",
			want: "config.yaml:1: found bytes that are no UTF-8, expected UTF-8 text",
			hint: "save the file as UTF-8",
		},
		{
			text: after("state: &here a.db\n"),
			want: "config.yaml:6: found an anchor or an alias, expected every value written out",
			hint: "double quotes",
		},
		{
			text: after("a: &a [x]\nstate: *a\n"),
			want: "config.yaml:7: found an anchor or an alias, expected every value written out",
		},
		{
			text: after("state: *nowhere\n"),
			want: "config.yaml:6: found a text that is no YAML (an unknown anchor), expected keys and values",
			hint: "double quotes",
		},
		{after("<<: {state: x}\n"), "config.yaml:6: found a merge key (<<), expected every value written out", ""},
		{after("state: !!binary aGk=\n"), "config.yaml:6: found a tag, expected a plain value", "!"},
		{after("state: !mine x\n"), "config.yaml:6: found a tag, expected a plain value", ""},
		{after("? [a]\n: b\n"), "config.yaml:6: found a key that is no word, expected a key", ""},
	}, loadConfigText)
}

func TestWrongTextPart2(t *testing.T) {
	t.Parallel()
	checkWrong(t, []wrong{
		{
			text: after("state: a: b\n"),
			want: "config.yaml:6: found a text that is no YAML (mapping values are not allowed in this context), expected keys and values",
			hint: `": " in double quotes`,
		},
		{
			text: after("web:\n\tlisten: x\n"),
			want: "config.yaml:7: found a text that is no YAML (found character that cannot start any token), expected keys and values",
			hint: "spaces, not tabs",
		},
		{
			text: after("state: " + strings.Repeat("[", 40) + strings.Repeat("]", 40) + "\n"),
			want: "config.yaml:6: found lists or mappings nested deeper than 20, expected a flat file",
		},
	}, loadConfigText)
}

// An alias bomb is refused before anything is expanded.
func TestAliasBomb(t *testing.T) {
	t.Parallel()
	text := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c <= 'z'; c++ {
		prev := "*" + string(c-1)
		text += string(c) + ": &" + string(c) + " [" + strings.Repeat(prev+",", 8) + prev + "]\n"
	}
	checkWrong(t, []wrong{{text, "config.yaml:1: found an anchor or an alias, expected every value written out", ""}}, loadConfigText)
}

func TestWrongKeys(t *testing.T) {
	t.Parallel()
	const top = "account, interviews, limits, me, notify, proofread, replies, sending, sequences, state, templates, watch or web"
	const sending = "announce, drafts, holidays, last_look, late_window, per_hour, quiet, review, spread or window"
	checkWrong(t, []wrong{
		{
			text: after("sendign: {}\n"),
			want: `config.yaml:6: found the unknown key "sendign", expected ` + top,
			hint: "did you mean sending?",
		},
		{
			text: after("sending:\n  perhour: 3\n"),
			want: `config.yaml:7: sending: found the unknown key "perhour", expected ` + sending,
			hint: "did you mean per_hour?",
		},
		{
			text: after("sending: {per-hour: 3}\n"),
			want: `config.yaml:6: sending: found the unknown key "per-hour", expected ` + sending,
			hint: "did you mean per_hour?",
		},
		{
			text: after("sending: {colour: 3}\n"),
			want: `config.yaml:6: sending: found the unknown key "colour", expected ` + sending,
		},
		{
			text: after("state: a\nstate: b\n"),
			want: "config.yaml:7: state: found the key a second time, expected each key once",
			hint: "line 6",
		},
		{
			text: after("sending:\n  drafts: true\n  spread: 5m\n  drafts: false\n"),
			want: "config.yaml:9: sending.drafts: found the key a second time, expected each key once",
			hint: "line 7",
		},
		{after("sending: none\n"), `config.yaml:6: sending: found "none", expected keys and values`, ""},
		{after("sending: [a]\n"), "config.yaml:6: sending: found a list, expected keys and values", ""},
		{after("state: {a: b}\n"), "config.yaml:6: state: found keys and values, expected a path", ""},
		{after("watch: {a: b}\n"), "config.yaml:6: watch: found keys and values, expected a list", "dash"},
		{
			text: after("sending: {quiet: 12-24}\n"),
			want: `config.yaml:6: sending.quiet: found "12-24", expected a list`,
			hint: "write [12-24]",
		},
		{
			text: "me: {name: Dana, Reyes, email: a@b.example, timezone: UTC}\n",
			want: `config.yaml:1: me.name: found a comma that cuts the text before "Reyes", expected key: value`,
			hint: `name: "Dana, Reyes"`,
		},
	}, loadConfigText)
}

func TestWrongValues(t *testing.T) {
	t.Parallel()
	checkWrong(t, []wrong{
		{
			text: after("sending: {per_hour: many}\n"),
			want: `config.yaml:6: sending.per_hour: found "many", expected a whole number from 1 to 100`,
		},
		{
			text: after("sending: {per_hour: 0}\n"),
			want: `config.yaml:6: sending.per_hour: found "0", expected a whole number from 1 to 100`,
		},
		{
			text: after("sending: {per_hour: 101}\n"),
			want: `config.yaml:6: sending.per_hour: found "101", expected a whole number from 1 to 100`,
		},
		{
			text: after("sending: {per_hour: 0025}\n"),
			want: `config.yaml:6: sending.per_hour: found "0025", expected a whole number from 1 to 100`,
			hint: "without the leading zero",
		},
		{
			text: after("sending: {per_hour: 1_0}\n"),
			want: `config.yaml:6: sending.per_hour: found "1_0", expected a whole number from 1 to 100`,
			hint: "write 10",
		},
		{
			text: after("sending: {per_hour: 0x10}\n"),
			want: `config.yaml:6: sending.per_hour: found "0x10", expected a whole number from 1 to 100`,
		},
		{
			text: after("sending: {per_hour: -3}\n"),
			want: `config.yaml:6: sending.per_hour: found "-3", expected a whole number from 1 to 100`,
		},
		{
			text: after("sending: {per_hour: 2.0}\n"),
			want: `config.yaml:6: sending.per_hour: found "2.0", expected a whole number from 1 to 100`,
		},
		{
			text: after("sending: {per_hour: [2]}\n"),
			want: "config.yaml:6: sending.per_hour: found a list, expected a whole number from 1 to 100",
		},
		{
			text: after("sending: {drafts: yes}\n"),
			want: `config.yaml:6: sending.drafts: found "yes", expected true or false`,
			hint: "write true",
		},
		{
			text: after("sending: {drafts: Off}\n"),
			want: `config.yaml:6: sending.drafts: found "Off", expected true or false`,
			hint: "write false",
		},
		{
			text: after("sending: {review: sometimes}\n"),
			want: `config.yaml:6: sending.review: found "sometimes", expected always, flagged or never`,
		},
	}, loadConfigText)
}

func TestWrongValuesPart2(t *testing.T) {
	t.Parallel()
	checkWrong(t, []wrong{
		{
			text: after("sending: {review: flaged}\n"),
			want: `config.yaml:6: sending.review: found "flaged", expected always, flagged or never`,
			hint: "did you mean flagged?",
		},
		{
			text: after("sending: {last_look: 61s}\n"),
			want: `config.yaml:6: sending.last_look: found "61s", expected a time from 1s to 1m`,
		},
		{
			text: after("sending: {last_look: 1bd}\n"),
			want: `config.yaml:6: sending.last_look: found "1bd", expected a time from 1s to 1m`,
		},
		{
			text: after("sending: {last_look: 1.5s}\n"),
			want: `config.yaml:6: sending.last_look: found "1.5s", expected a time from 1s to 1m`,
		},
		{
			text: after("sending: {spread: -5m}\n"),
			want: `config.yaml:6: sending.spread: found "-5m", expected a time from 0s to 4h`,
		},
		{
			text: after("sending: {announce: soon}\n"),
			want: `config.yaml:6: sending.announce: found "soon", expected a time from 1m to 168h`,
		},
		{
			text: after("sending: {holidays: XX}\n"),
			want: `config.yaml:6: sending.holidays: found "XX", expected a country code such as FR, DE, GB or US`,
		},
		{
			text: after("sending: {quiet: [02-30]}\n"),
			want: `config.yaml:6: sending.quiet[0]: found "02-30", expected days of every year such as "12-23..01-02"`,
		},
		{
			text: after("sending: {window: {days: MON-FRI, from: \"18:00\", to: \"08:00\"}}\n"),
			want: `config.yaml:6: sending.window: found MON-FRI 18:00-08:00, expected an end after the start on the same day, on one day at least`,
		},
		{
			text: after("sending: {window: {from: 25:00}}\n"),
			want: `config.yaml:6: sending.window.from: found "25:00", expected a time of day such as "08:00"`,
		},
		{
			text: after("sending: {late_window: {days: FUNDAY}}\n"),
			want: `config.yaml:6: sending.late_window.days: found "FUNDAY", expected days such as MON-FRI or SAT,SUN`,
		},
		{
			text: after("limits: {per_person: 4}\n"),
			want: `config.yaml:6: limits.per_person: found "4", expected a whole number from 0 to 3`,
		},
	}, loadConfigText)
}

func TestWrongValuesPart3(t *testing.T) {
	t.Parallel()
	checkWrong(t, []wrong{
		{
			text: after("limits: {gap: 23h}\n"),
			want: `config.yaml:6: limits.gap: found "23h", expected a span of 1d or more`,
		},
		{after("limits: {gap: 0d}\n"), `config.yaml:6: limits.gap: found "0d", expected a span of 1d or more`, ""},
		{
			text: after("replies: {recruiter: cancel}\n"),
			want: `config.yaml:6: replies.recruiter: found "cancel", expected pause_all or pause_follow_ups`,
		},
		{
			text: after("proofread: {off: [one-recipient]}\n"),
			want: `config.yaml:6: proofread.off[0]: found "one-recipient", expected a code that may be left out`,
			hint: "promise",
		},
		{
			text: after("proofread: {off: [lenght]}\n"),
			want: `config.yaml:6: proofread.off[0]: found "lenght", expected a code of the proofreader`,
			hint: "did you mean length?",
		},
		{
			text: after("proofread: {language: english}\n"),
			want: `config.yaml:6: proofread.language: found "english", expected a language code such as en, fr, de or es`,
		},
		{
			text: after("web: {listen: 0.0.0.0:8025}\n"),
			want: `config.yaml:6: web.listen: found "0.0.0.0:8025", expected a loopback address and port such as 127.0.0.1:8025`,
			hint: "tunnel",
		},
		{
			text: after("web: {listen: 127.0.0.1:70000}\n"),
			want: `config.yaml:6: web.listen: found "127.0.0.1:70000", expected a loopback address and port such as 127.0.0.1:8025`,
		},
		{
			text: after("web: {listen: \":8025\"}\n"),
			want: `config.yaml:6: web.listen: found ":8025", expected a loopback address and port such as 127.0.0.1:8025`,
		},
		{
			text: after("state: ~/afterword.db\n"),
			want: `config.yaml:6: state: found "~/afterword.db", expected a path`,
			hint: "whole path",
		},
		{
			text: after("notify: {mail: false}\n"),
			want: `config.yaml:6: notify.mail: found "false", expected one channel at least`,
			hint: "switch",
		},
		{
			text: after("notify: {ntfy: \"http://ntfy.example/secret-topic\"}\n"),
			want: `config.yaml:6: notify.ntfy: found something else, expected an address that begins with https://`,
		},
	}, loadConfigText)
}

func TestWrongValuesPart4(t *testing.T) {
	t.Parallel()
	checkWrong(t, []wrong{
		{
			text: after("notify: {only: {mail: [in-doubt]}}\n"),
			want: `config.yaml:6: notify.only: found keys and values, expected a channel for refused`,
			hint: "add refused to",
		},
		{
			text: after("notify: {ntfy: \"https://ntfy.example/t\", only: {ntfy: [in-dout]}}\n"),
			want: `config.yaml:6: notify.only.ntfy[0]: found "in-dout", expected in-doubt, refused, expiry, store, question, review, announce, mailbox, login, broken-file, channel, reply, answer, turn or digest`,
			hint: "in-doubt",
		},
		{
			text: after("notify: {only: {fax: [reply]}}\n"),
			want: `config.yaml:6: notify.only: found the unknown key "fax", expected desktop, mail, ntfy or webhook`,
		},
		{
			text: after("notify: {quiet: {from: \"22:00\"}}\n"),
			want: `config.yaml:6: notify.quiet.to: found nothing, expected a time such as "22:00"`,
		},
		{
			text: after("notify: {quiet: {from: \"22:00\", to: \"22:00\"}}\n"),
			want: `config.yaml:6: notify.quiet.to: found "22:00", expected another time than from`,
			hint: "left out",
		},
		{
			text: after("notify: {quiet: {from: evening, to: \"07:00\"}}\n"),
			want: `config.yaml:6: notify.quiet.from: found "evening", expected a time such as "22:00"`,
		},
		{
			text: after("notify: {ntfy_token: tk_secret}\n"),
			want: `config.yaml:6: notify.ntfy_token: found a password in the file, expected {env: NAME}, {file: path}, {command: [...]}, {keyring: name} or {oauth: ...}`,
			hint: "elsewhere",
		},
		{
			text: after("notify: {webhook_secret: {env: HOOK}}\n"),
			want: `config.yaml:6: notify.webhook_secret: found something else, expected the address under webhook as well`,
			hint: "take webhook_secret out",
		},
		{
			text: after("notify: {digest: sundays}\n"),
			want: `config.yaml:6: notify.digest: found "sundays", expected a cron expression such as "0 18 * * SUN"`,
		},
	}, loadConfigText)
}

// me is a config with a further line about the candidate.
func me(line string) string {
	return "me:\n  name: Dana\n  email: dana@example.org\n  timezone: UTC\n" + line + strings.SplitAfterN(smallConfig, "\n", 2)[1]
}

// account is a config with these lines about the account.
func account(lines string) string {
	return "me: {name: Dana, email: dana@example.org, timezone: UTC}\naccount:\n" + lines
}

func TestWrongPersonAndAccount(t *testing.T) {
	t.Parallel()
	const sources = "{env: NAME}, {file: path}, {command: [...]}, {keyring: name} or {oauth: ...}"
	checkWrong(t, []wrong{
		{
			text: "web: {}\n",
			want: "config.yaml:1: me.name: found nothing, expected your name as it stands under your mails",
		},
		{
			text: "web: {}\n",
			want: "config.yaml:1: me.email: found nothing, expected your address, such as dana@example.org",
		},
		{
			text: "web: {}\n",
			want: "config.yaml:1: me.timezone: found nothing, expected your time zone, such as Europe/Paris",
		},
		{"web: {}\n", "config.yaml:1: account.password: found nothing, expected " + sources, ""},
		{
			text: "web: {}\n",
			want: "config.yaml:1: account.smtp.host: found nothing, expected a host name such as smtp.example.org, or account.provider",
		},
		{
			text: me("  aliases: [dana]\n"),
			want: `config.yaml:5: me.aliases[0]: found "dana", expected an address such as dana@example.org`,
			hint: "name@domain",
		},
		{
			text: me("  aliases: [Dana <d@example.org>]\n"),
			want: `config.yaml:5: me.aliases[0]: found "Dana <d@example.org>", expected an address such as dana@example.org`,
			hint: "d@example.org",
		},
		{
			text: me("  employer_domains: [example.org]\n"),
			want: `config.yaml:3: me.email: found "dana@example.org", expected an address outside me.employer_domains`,
			hint: "employer",
		},
		{
			text: me("  employer_domains: [not a domain]\n"),
			want: `config.yaml:5: me.employer_domains[0]: found "not a domain", expected a domain such as current-employer.example`,
		},
		{
			text: me("  away: [\"2026-02-30\"]\n"),
			want: `config.yaml:5: me.away[0]: found "2026-02-30", expected dates such as "2026-12-20..2027-01-03"`,
		},
		{
			text: me("  away: [\"2027-01-03..2026-12-20\"]\n"),
			want: `config.yaml:5: me.away[0]: found "2027-01-03..2026-12-20", expected dates such as "2026-12-20..2027-01-03"`,
		},
		{
			text: me("  signature: Dana # 1\n"),
			want: `config.yaml:5: me.signature: found a comment that cuts the text after "Dana", expected text in quotes, or the comment on a line of its own`,
			hint: `write signature: "Dana # 1"`,
		},
	}, loadConfigText)
}

func TestWrongPersonAndAccountPart2(t *testing.T) {
	t.Parallel()
	const pass, hosts = "  password: {env: PW}\n", "  smtp: {host: smtp.example.org}\n  imap: {host: imap.example.org}\n"
	const sources = "{env: NAME}, {file: path}, {command: [...]}, {keyring: name} or {oauth: ...}"
	checkWrong(t, []wrong{
		{
			text: "me: {name: Dana, email: dana@example.org, timezone: Paris}\n",
			want: `config.yaml:1: me.timezone: found "Paris", expected a time zone such as Europe/Paris`,
		},
		{
			text: "me: {name: Dana, email: dana@example.org, timezone: Local}\n",
			want: `config.yaml:1: me.timezone: found "Local", expected a time zone such as Europe/Paris`,
		},
		{
			text: account("  password: hunter2\n" + hosts),
			want: "config.yaml:3: account.password: found a password in the file, expected " + sources,
			hint: "elsewhere",
		},
		{
			text: account("  password: {env: A, file: b}\n" + hosts),
			want: "config.yaml:3: account.password: found 2 sources, expected exactly one of " + sources,
		},
		{
			text: account("  password: {}\n" + hosts),
			want: "config.yaml:3: account.password: found 0 sources, expected exactly one of " + sources,
		},
		{
			text: account("  password: {env: hunter-2}\n" + hosts),
			want: "config.yaml:3: account.password.env: found something else, expected the name of an environment variable",
		},
		{
			text: account(pass + "  provider: gmial\n"),
			want: `config.yaml:4: account.provider: found "gmial", expected a provider: ` + oneOf(Providers()),
			hint: "did you mean gmail?",
		},
		{
			text: account(pass + "  smtp: {host: \"smtp.example.org:465\"}\n  imap: {host: imap.example.org}\n"),
			want: `config.yaml:4: account.smtp.host: found "smtp.example.org:465", expected a host name`,
			hint: "port",
		},
		{
			text: account(pass + "  smtp: {host: smtp.example.org, security: insecure}\n"),
			want: `config.yaml:4: account.smtp.security: found "insecure", expected tls or starttls`,
			hint: "plain text",
		},
		{
			text: account(pass + "  provider: gmail\n  imap: {security: insecure}\n"),
			want: `config.yaml:5: account.imap.security: found "insecure", expected tls or starttls`,
			hint: "plain text",
		},
		{
			text: account(pass + "  smtp: {host: smtp.example.org, port: 65536}\n"),
			want: `config.yaml:4: account.smtp.port: found "65536", expected a whole number from 1 to 65535`,
		},
	}, loadConfigText)
}

func TestWrongPersonAndAccountPart3(t *testing.T) {
	t.Parallel()
	const pass, hosts = "  password: {env: PW}\n", "  smtp: {host: smtp.example.org}\n  imap: {host: imap.example.org}\n"
	checkWrong(t, []wrong{
		{
			text: account(pass + hosts + "watch: [{provider: gmail, password: {env: B}}]\n"),
			want: "config.yaml:6: watch[0].username: found nothing, expected the account's user name",
		},
		{
			text: account(pass + hosts + "watch:\n  - {provider: gmail, username: A, password: {env: B}}\n  - {provider: gmx, username: a, password: {env: B}}\n"),
			want: `config.yaml:8: watch[1]: found a second account named "a", expected a name of its own`,
		},
		{
			text: account(pass + hosts + "watch: [{name: old, username: Dana@example.org, password: {env: B}, imap: {host: IMAP.example.org}}]\n"),
			want: "config.yaml:6: watch[0]: found the mailbox of account, expected another mailbox",
			hint: "leave this entry out",
		},
		{
			text: account(pass + hosts + "watch: [{name: old, username: dana@example.org, password: {env: B}, imap: {host: imap.example.org, folders: [Jobs]}}]\n"),
			want: "config.yaml:6: watch[0]: found the mailbox of account, expected another mailbox",
			hint: "name its folders under account.imap.folders",
		},
		{
			text: account(pass + hosts + "watch:\n  - {name: a, provider: gmail, username: d, password: {env: B}}\n  - {name: b, provider: gmail, username: d, password: {env: B}}\n"),
			want: "config.yaml:8: watch[1]: found the mailbox of watch[0], expected another mailbox",
		},
	}, loadConfigText)
}

// TestWrongPorts: a port at which every server speaks something else is refused before
// anybody waits for an answer there. Where a tunnel may end, and where a server of old
// begins in plain text at a port of TLS, nothing is known.
func TestWrongPorts(t *testing.T) {
	t.Parallel()
	servers := func(smtp, imap string) string {
		return account("  password: {env: PW}\n  smtp: {host: " + smtp + "}\n  imap: {host: " + imap + "}\n")
	}
	checkWrong(t, []wrong{
		{servers("smtp.example.org, port: 587", "imap.example.org"), `config.yaml:4: account.smtp.port: found "587", expected 465, or security: starttls beside it`, "plain text first and secures the line then, which is starttls; if yours begins with TLS there, write security: tls"},
		{servers("smtp.example.org, port: 25", "imap.example.org"), `config.yaml:4: account.smtp.port: found "25", expected 465, or security: starttls beside it`, ""},
		{servers("smtp.example.org", "imap.example.org, port: 143"), `config.yaml:5: account.imap.port: found "143", expected 993, or security: starttls beside it`, ""},
		{servers("smtp.example.org, port: 993", "imap.example.org"), `config.yaml:4: account.smtp.port: found "993", expected a port for SMTP: 465, or 587 with security: starttls`, "993 is for IMAP"},
		{servers("smtp.example.org", "imap.example.org, port: 995"), `config.yaml:5: account.imap.port: found "995", expected a port for IMAP: 993, or 143 with security: starttls`, "995 is for POP3"},
	}, loadConfigText)
	for _, text := range []string{
		servers("smtp.example.org, port: 587, security: starttls", "imap.example.org, port: 143, security: starttls"),
		servers("smtp.example.org, port: 465, security: starttls", "imap.example.org, port: 993, security: starttls"),
		servers("smtp.example.org, port: 2587", "imap.example.org, port: 2143"),
		servers("smtp.example.org, port: 587, security: tls", "imap.example.org, port: 143, security: tls"), // as it is written
		servers("127.0.0.1, port: 587", "localhost, port: 143"),
		servers("192.168.178.20, port: 2525", "nas.example.org, port: 1143"),
		servers("192.168.178.20, port: 587", "\"fd00::7\", port: 143"),
		servers("100.101.102.103, port: 25", "pi.home.arpa, port: 143"),
		servers("Relay.Local, port: 993", "mail.internal, port: 25"),
		servers("127.0.0.1, port: 143, security: insecure", "127.0.0.1, port: 25, security: insecure"),
	} {
		if err := loadConfigText(text); err != nil {
			t.Errorf("%s\n%v", text, err)
		}
	}
}

// What stands in a password's place is never repeated, wherever it stands.
func TestProblemsKeepSecrets(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	for _, line := range []string{
		"{hunter2}", "{env: x-hunter2}", "{hunter2: x}", "hunter2", "[hunter2]", "*hunter2", "{file: [hunter2]}", "{command: hunter2}",
		"{env: A, hunter2}", "{oauth: hunter2}", "{oauth: {provider: hunter2}}", "{env: {hunter2: a}}", "{env: &hunter2 x}", "!hunter2 x",
		"{hunter2: a, hunter2: b}", "{command: [a, {hunter2: b}]}",
	} {
		err := loadConfigText("me: {name: D, email: d@example.org, timezone: UTC}\naccount:\n  provider: gmail\n  password: " + line + "\n")
		var ps Problems
		if !errors.As(err, &ps) {
			t.Errorf("%s loads", line)
		}
		for _, p := range ps {
			if strings.Contains(p.Error()+p.Hint, secret) {
				t.Errorf("%s: the problem repeats the secret: %s (%s)", line, p, p.Hint)
			}
		}
	}
}

func TestWrongSequences(t *testing.T) {
	t.Parallel()
	steps := func(lines ...string) string {
		return after("sequences:\n  default:\n    - " + strings.Join(lines, "\n    - ") + "\n")
	}
	const good = `{step: one, template: thank-you, to: contact, after: 8h, cron: "30 9 * * MON-FRI"}`
	checkWrong(t, []wrong{
		{
			text: after("sending:\n  drafts: true\n  window: {from: \"14:00\"}\n"),
			want: "config.yaml:8: sending.window: found MON-FRI 14:00-18:00, expected a window that the default sequence fits",
			hint: "of your own",
		},
		{
			text: after("sequences: {}\n"),
			want: "config.yaml:6: sequences: found no sequence named default, expected one that applications use which name none",
		},
		{
			text: after("sequences: {default: []}\n"),
			want: "config.yaml:6: sequences.default: found nothing, expected a list of steps",
		},
		{after("sequences: {default: x}\n"), `config.yaml:6: sequences.default: found "x", expected a list`, ""},
		{
			text: after("sequences: {\"a b\": [" + good + "], default: [" + good + "]}\n"),
			want: `config.yaml:6: sequences: found "a b", expected a name of letters, digits and dashes`,
		},
		{
			text: steps(good, good),
			want: `config.yaml:9: sequences.default[1].step: found "one", expected a name that no other step of the sequence has`,
		},
		{
			text: steps("{}"),
			want: "config.yaml:8: sequences.default[0].step: found nothing, expected a name such as thank-you",
		},
		{
			text: steps("{}"),
			want: "config.yaml:8: sequences.default[0].template: found nothing, expected the name of a template",
		},
		{
			text: steps("{}"),
			want: "config.yaml:8: sequences.default[0].to: found nothing, expected interviewers, contact, recruiter or lead",
		},
		{
			text: steps("{}"),
			want: "config.yaml:8: sequences.default[0].after: found nothing, expected a span such as 8h or 4bd",
		},
		{
			text: steps("{}"),
			want: `config.yaml:8: sequences.default[0].cron: found nothing, expected a cron expression such as "30 9 * * MON-FRI"`,
		},
		{
			text: steps(strings.Replace(good, "one", "a/b", 1)),
			want: `config.yaml:8: sequences.default[0].step: found "a/b", expected a name such as thank-you`,
		},
		{
			text: steps(strings.Replace(good, "contact", "everybody", 1)),
			want: `config.yaml:8: sequences.default[0].to: found "everybody", expected interviewers, contact, recruiter or lead`,
		},
	}, loadConfigText)
}

func TestWrongSequencesPart2(t *testing.T) {
	t.Parallel()
	steps := func(lines ...string) string {
		return after("sequences:\n  default:\n    - " + strings.Join(lines, "\n    - ") + "\n")
	}
	const good = `{step: one, template: thank-you, to: contact, after: 8h, cron: "30 9 * * MON-FRI"}`
	checkWrong(t, []wrong{
		{
			text: steps(strings.Replace(good, "8h", "8 hours", 1)),
			want: `config.yaml:8: sequences.default[0].after: found "8 hours", expected a span such as 30m, 12h, 2d, 1w or 5bd`,
		},
		{
			text: steps(strings.Replace(good, "8h", "8h, expires: 0h", 1)),
			want: `config.yaml:8: sequences.default[0].expires: found "0h", expected a span longer than nothing`,
		},
		{
			text: steps(strings.Replace(good, "30 9 * * MON-FRI", "30 9 * *", 1)),
			want: `config.yaml:8: sequences.default[0].cron: found "30 9 * *", expected a cron expression such as "30 9 * * MON-FRI"`,
		},
		{
			text: steps(strings.Replace(good, "30 9 * * MON-FRI", "CRON_TZ=UTC 30 9 * * *", 1)),
			want: `config.yaml:8: sequences.default[0].cron: found "CRON_TZ=UTC 30 9 * * *", expected a cron expression such as "30 9 * * MON-FRI"`,
		},
		{
			text: steps(strings.Replace(good, "30 9 * * MON-FRI", "30 22 * * *", 1)),
			want: `config.yaml:8: sequences.default[0].cron: found "30 22 * * *", expected a time within sending.window in the next 400 days`,
			hint: "MON-FRI 08:00-18:00",
		},
		{
			text: steps(strings.Replace(good, "30 9 * * MON-FRI", "30 9 * * SUN", 1)),
			want: `config.yaml:8: sequences.default[0].cron: found "30 9 * * SUN", expected a time within sending.window in the next 400 days`,
		},
		{
			text: steps(strings.Replace(good, "30 9 * * MON-FRI", "30 9 30 2 *", 1)),
			want: `config.yaml:8: sequences.default[0].cron: found "30 9 30 2 *", expected a cron expression such as "30 9 * * MON-FRI"`,
			hint: "no month has such a day",
		},
	}, loadConfigText)
}

// Every problem of a file is told, in the order of its lines.
func TestAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	err := loadConfigText(after("sending: {per_hour: many, drafts: yes}\nweb: {listen: x}\nfoo: 1\n"))
	want := []string{"sending.per_hour", "sending.drafts", "web.listen", `"foo"`}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != len(want) {
		t.Fatalf("got %d problems, want %d:\n%v", len(lines), len(want), err)
	}
	for i, w := range want {
		if !strings.Contains(lines[i], w) {
			t.Errorf("problem %d is %q, want one about %s", i, lines[i], w)
		}
	}
	var p *Problem
	if !errors.As(err, &p) || p.Line != 6 || p.Column != 21 || p.Key != "sending.per_hour" {
		t.Errorf("the first problem is %+v", p)
	}
}

// YAML's own readings of scalars do not matter, and what is harmless loads.
func TestHarmlessOddities(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"\ufeff" + smallConfig,
		strings.ReplaceAll(smallConfig, "\n", "\r\n"),
		after("sending:\n"), after("sending: ~\nlimits: null\n"), after("sequences:\n"),
		after("sending: {per_hour: \"7\", window: {from: 09:30, to: 18:00}}\n"),
		after("sending: {spread: 0s}\n"), after("limits: {gap: 1bd}\n"), after("limits: {gap: 24h, per_person: 0}\n"),
		strings.Replace(smallConfig, "name: Dana Reyes", "name: Null", 1),
		strings.Replace(smallConfig, "name: Dana Reyes", `name: "Dana, Reyes"`, 1),
		strings.Replace(smallConfig, "name: Dana Reyes", `name: "Núria Ænes 👋"`, 1),
		strings.Replace(smallConfig, "smtp.example.org", "localhost, security: insecure, port: 1025", 1),
		strings.Replace(smallConfig, "smtp.example.org", "\"::1\", security: insecure", 1),
		after("web: {listen: \"[::1]:0\"}\n"), after("web: {listen: localhost:8025}\n"),
		after("notify: {mail: false, ntfy: \"https://ntfy.example/t\"}\n"),
		after("notify: {webhook: \"http://127.0.0.1:9/hook\"}\n"),
		after("notify: {webhook: \"http://127.0.0.1:9/hook\", webhook_secret: {env: HOOK}, quiet: {from: \"22:00\", to: \"24:00\"}, only: {webhook: [in-doubt]}}\n"),
		"---\n" + smallConfig + "...\n",
	} {
		if err := loadConfigText(text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestPolicyOfSmallConfigLimitsHard(t *testing.T) {
	t.Parallel()
	if l := mustConfig(t, smallConfig).Policy.Limits; l.PerPerson > scheduler.HardLimit || l.PerPerson != 2 || l.Gap.String() != "7d" && l.Gap.String() != "1w" {
		t.Errorf("limits %+v", l)
	}
}

// TestWrongWindowAlone: a window that cannot be is told once, and no expression is
// held against it.
func TestWrongWindowAlone(t *testing.T) {
	t.Parallel()
	err := loadConfigText(after("sending: {window: {from: \"22:00\", to: \"02:00\"}}\nsequences:\n  default:\n" +
		`    - {step: one, template: thank-you, to: contact, after: 8h, cron: "30 9 * * MON-FRI"}` + "\n"))
	if want := "config.yaml:6: sending.window: found MON-FRI 22:00-02:00, expected an end after the start on the same day, on one day at least"; err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}
