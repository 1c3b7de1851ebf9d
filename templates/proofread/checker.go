package proofread

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
	"afterword/scheduler"
	"afterword/scheduler/calendar"
)

// Checker implements scheduler.Proofreader. It is immutable and safe for
// concurrent use. Build it once with New.
type Checker struct {
	mail    mailer.Tables
	library Library
	shelf   *shelf
}

// New is a checker with the tables that are built into the program. The phrases are
// read when the first mail is checked: most commands check none.
func New() *Checker { return &Checker{mail: mailer.LoadTables(), shelf: &shelf{}} }

// mail is one mail under the eyes of the checks.
type mail struct {
	*Checker
	in       scheduler.ProofInput
	kind     scheduler.Kind
	head     []field // header fields that stood above the text
	text     letter
	own      letter // text with the words of others blanked out
	language string // in which it is written, as far as that is known
	stated   string // in which it should be, "" if nobody says
	place    calendar.Place
}

// Check returns what speaks against the mail, what keeps a promise first. The
// codes of in.Off are left out, but for those that keep a promise.
func (c *Checker) Check(in scheduler.ProofInput) []scheduler.Finding {
	return c.check(in, rule.run)
}

// Recheck is Check where only the time differs from what was found before.
func (c *Checker) Recheck(in scheduler.ProofInput, before []scheduler.Finding) []scheduler.Finding {
	return c.check(in, func(r rule, m *mail) (found []scheduler.Finding) {
		if r.timed {
			return r.run(m)
		}
		for _, f := range before {
			if f.Code == r.Name {
				found = append(found, f)
			}
		}
		return found
	})
}

// check asks run for what each rule that fits the mail finds. A rule that is not
// marked as one of time is not shown when the mail leaves.
func (c *Checker) check(in scheduler.ProofInput, run func(rule, *mail) []scheduler.Finding) []scheduler.Finding {
	m := c.open(in, in.Text.Subject, in.Text.Body)
	m.place = placeOf(in)
	m.stated = in.Language
	m.language = cmp.Or(m.otherLanguage(), in.Language, unknownLanguage(in.Text.Body))
	timeless := *m
	timeless.in.Leaves, timeless.in.Planned, timeless.in.TooSoon = time.Time{}, time.Time{}, ""
	english := isEnglish(in.Language, in.Text.Body)
	promises := scheduler.PromiseCodes()
	var found []scheduler.Finding
	for _, r := range table() {
		off := slices.Contains(in.Off, r.Name) && !slices.Contains(promises, r.Name)
		if off || !r.fits(in.Kind, english) {
			continue
		}
		if r.timed {
			found = append(found, run(r, m)...)
		} else {
			found = append(found, run(r, &timeless)...)
		}
	}
	return found
}

// Text checks a text alone. Its first lines may be header fields (RFC 5322
// section 2.2), which end at the first empty line. Only checks that need no
// facts are made. An empty kind means a thank-you; an empty language, that it
// is read from the text.
func (c *Checker) Text(text string, kind scheduler.Kind, language string) []scheduler.Finding {
	if kind == "" {
		kind = scheduler.Owed
	}
	head, body := splitHead(readable(text))
	head, body.text = decodedHead(head), decodedBody(head, body.text)
	m := c.open(scheduler.ProofInput{Kind: kind}, valueOf(head, "subject"), body.text)
	m.head = head
	m.stated = language
	m.language = cmp.Or(m.otherLanguage(), language, languageOf(words(m.text.content())), loneLanguage(m.text.content()))
	m.text.shift(body.line)
	m.own.shift(body.line)
	english := m.language != "und" && isEnglish(language, body.text)
	var found []scheduler.Finding
	for _, r := range table() {
		if !r.Facts && r.fits(kind, english) {
			found = append(found, r.run(m)...)
		}
	}
	return found
}

func (c *Checker) open(in scheduler.ProofInput, subject, body string) *mail {
	m := &mail{Checker: c, in: in, kind: in.Kind}
	m.text = readLetter(subject, body, in.Me)
	m.own = m.text.without(quotedWords(in))
	return m
}

func (r rule) fits(k scheduler.Kind, english bool) bool {
	return (r.kind == "" || r.kind == k) && (!r.english || english)
}

// run gives what a check found its code, and the usual severity where the
// check names none.
func (r rule) run(m *mail) []scheduler.Finding {
	found := r.check(m)
	for i := range found {
		found[i].Code = r.Name
		if found[i].Severity == "" {
			found[i].Severity = r.Severity
		}
	}
	return found
}

// quotedWords are what others said, which stands in the mail as they said it.
func quotedWords(in scheduler.ProofInput) []string {
	return []string{in.Person.Said, in.Person.Question}
}

// found is one finding of the usual severity.
func found(place, format string, args ...any) []scheduler.Finding {
	return []scheduler.Finding{{Place: place, Text: fmt.Sprintf(format, args...)}}
}

// graded is one finding of that severity.
func graded(s scheduler.Severity, place, format string, args ...any) []scheduler.Finding {
	return []scheduler.Finding{{Severity: s, Place: place, Text: fmt.Sprintf(format, args...)}}
}

// person is the recipient's name as far as it is known.
func (m *mail) person() scheduler.Person {
	p := m.in.Person
	if p.Name == "" {
		p.Name = m.in.To.Name
	}
	return p
}

// sameAddress compares two addresses as servers do.
func sameAddress(a, b string) bool {
	return a != "" && b != "" && mailer.NormalAddress(a) == mailer.NormalAddress(b)
}

// field is one line of a header, unfolded.
type field struct{ name, value string }

func valueOf(head []field, name string) string {
	for _, f := range head {
		if strings.EqualFold(f.name, name) {
			return f.value
		}
	}
	return ""
}
