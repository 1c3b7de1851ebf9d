package mailer

import (
	"strings"
	"testing"
)

func TestBaseSubject(t *testing.T) {
	t.Parallel()
	check := func(subject, want string, prefixed bool) {
		t.Helper()
		got, gotPrefixed := baseSubject(subject)
		if strings.TrimSpace(got) != want || gotPrefixed != prefixed {
			t.Errorf("baseSubject(%q) = %q, %t; want %q, %t", subject, got, gotPrefixed, want, prefixed)
		}
	}
	check("Thank you", "thank you", false)
	for _, subject := range []string{
		"Re: Thank you", "RE:Thank you", "re : Thank you", "Re[2]: Thank you", "Re(3): Thank you", "RE^2: Thank you", "Re: Re: AW: Thank you",
		"Antw: Thank you", "SV: Thank you", "VS: Thank you", "RV: Thank you", "Rif: Thank you", "RES: Thank you", "ODP: Thank you",
		"Ynt: Thank you", "Fwd: Thank you", "WG: Thank you", "TR: Thank you", "Отв: Thank you", "回复：Thank you", "回复: Thank you",
		"[EXTERNAL] Re: Thank you", "Re: [EXT] Thank you", "**EXTERNAL** Re: Thank you", "External: Thank  you!", " \tRe:\tThank you ",
	} {
		check(subject, "thank you", true)
	}
	check("Interview: Thank you", "interview thank you", false)
	check("Regarding: Thank you", "regarding thank you", false)
	check("Re:", "re", false)
	check("", "", false)
	check("[", "", false)
	check(strings.Repeat("Re: ", 2000)+"x", "x", true)
}

func TestProseNamesCompany(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		company, text string
		want          bool
	}{
		{"Acme", "Thank you for applying to Acme!", true},
		{"Acme", "ACME's team", true},
		{"ACME", "the Acme team", true},
		{"Acme GmbH & Co. KG", "the Acme team", true},
		{"Acme, Inc.", "at Acme", true},
		{"Acme (Berlin)", "at Acme", true},
		{"Box", "look into the box", false},
		{"Box", "the Box team", true},
		{"monday.com", "see you on Monday", false},
		{"monday.com", "the monday.com team", true},
		{"stripe", "a stripe", true},
		{"Blue River Labs", "blue river labs", true},
		{"Blue River Labs", "Blue River", false},
		{"Société Générale", "SOCIETE GENERALE vous remercie", true},
		{"AT&T", "your friends at AT&T", true},
		{"株式会社アクメ", "この度は株式会社アクメにご応募", true},
		{"Acme", "Acmeology", false},
		{"GmbH", "Acme GmbH", true},
		{"", "anything", false},
		{"!!!", "anything", false},
	} {
		if got := newProse(c.text).namesCompany(newCompanyName(c.company)); got != c.want {
			t.Errorf("%q names %q: %t, want %t", c.text, c.company, got, c.want)
		}
	}
}

func TestHoldsName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, display string
		want          bool
	}{
		{"Ken Osei", "Ken Osei", true},
		{"Ken Osei", "Osei, Ken", true},
		{"Ken Osei", "KEN OSEI (Acme)", true},
		{"Dr. Ken A. Osei", "Ken Osei via LinkedIn", true},
		{"Zoë Ångström", "Zoe Angstrom", true},
		{"Ken Osei", "Ken", false},
		{"Ken Osei", "Kenneth Osei", false},
		{"Ken", "Ken Osei", false},
		{"Dr. Osei", "Dr. Osei", false},
		{"", "", false},
	} {
		if got := holdsName(nameWords(c.display), spellings(c.name)); got != c.want {
			t.Errorf("%q is the name in %q: %t, want %t", c.name, c.display, got, c.want)
		}
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("ken@acme.example", "Re: Thank you for Monday", "Acme", "> dana@dana.example")
	f.Add("x@ashbyhq.com", "[", "(", "((")
	f.Add("@", "：", "\xff", "\u0301")
	tables := LoadTables()
	f.Fuzz(func(t *testing.T, from, subject, text, quoted string) {
		m := mailFrom(from, func(m *Message) { m.Subject, m.NewText, m.Quoted = subject, text, quoted })
		c := acme()
		c.Company, c.Role, c.Subjects = text, quoted, []string{subject}
		c.People = append(c.People, Party{Name: text, Addresses: []string{from}})
		checkShortcut(t, m, NewMatcher([]string{subject}, []Candidate{c, globex()}, tables))
		for _, match := range MatchAll(m, human(), interviewBegan, []string{subject}, []Candidate{c, globex()}, tables) {
			if match.Application == "" || match.Strength < 1 || match.Strength > 6 || match.Evidence == "" {
				t.Fatalf("matched %+v", match)
			}
		}
	})
}

// checkShortcut makes sure that no message is put aside which a rule would
// have matched.
func checkShortcut(t *testing.T, m Message, x *Matcher) {
	t.Helper()
	for _, kind := range []Kind{Human, AutoReply, Bounce, Notification, Bulk, CalendarRequest} {
		e := newEvidence(m, Reading{Kind: kind}, x)
		if e.mayMatch() {
			continue
		}
		for i := range x.sides {
			e.side = &x.sides[i]
			if match, ok := e.find(); ok {
				t.Errorf("%s mail was put aside that matches %+v", kind, match)
			}
		}
	}
}

func TestShortcutHidesNothing(t *testing.T) {
	t.Parallel()
	x := NewMatcher([]string{"dana@dana.example"}, []Candidate{acme(), acmeData(), globex()}, LoadTables())
	aside := 0
	for _, from := range []string{
		"ken@acme.example", "Ken Osei <x@y.example>", "Ken <x@y.example>", "jo@hr.acme.example", "a@gmail.com", "x@ashbyhq.com",
		"boss@hunters.example", "x@y.example", "", "Dana <dana@dana.example>",
	} {
		for _, subject := range []string{"", "hello", "Re: Thank you for Monday", "Away: Platform work at Globex", "Acme"} {
			for _, id := range []string{"<x@y>", idKen, strings.ToUpper(idMei)} {
				for _, quoted := range []string{"", "> dana@dana.example to ken@acme.example", "> ken@acme.example"} {
					m := mailFrom(from, func(m *Message) { m.Subject, m.Quoted, m.References = subject, quoted, []string{id} })
					checkShortcut(t, m, x)
					if !newEvidence(m, human(), x).mayMatch() {
						aside++
					}
				}
			}
		}
	}
	if aside == 0 {
		t.Error("no message was put aside, so that nothing was checked")
	}
}
