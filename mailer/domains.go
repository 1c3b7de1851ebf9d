package mailer

import (
	_ "embed" // for the tables below
	"strings"
	"sync"

	"golang.org/x/net/publicsuffix"
)

//go:embed tables/freemail.txt
var freeMailTable string

//go:embed tables/ats.txt
var atsTable string

//go:embed tables/robots.txt
var robotsTable string

//go:embed tables/hiring.txt
var hiringTable string

//go:embed tables/jobalerts.txt
var jobAlertsTable string

//go:embed tables/jobalertnames.txt
var jobAlertNamesTable string

// RegistrableDomain is the part of a domain that somebody registered, such as
// acme.co.uk of mail.acme.co.uk, by the public suffix list. It is "" for what
// nobody can register, such as co.uk or a single label. A suffix that is
// private to a company counts as that company's own domain.
func RegistrableDomain(domain string) string {
	domain = normalDomain(strings.TrimPrefix(strings.TrimSpace(domain), "@"))
	if registrable, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return registrable
	}
	// The list ends in a rule for unknown suffixes, hence the check for a dot.
	if suffix, icann := publicsuffix.PublicSuffix(domain); suffix == domain && !icann && strings.Contains(domain, ".") {
		return domain
	}
	return ""
}

// Tables holds what is known about mail domains and robots in general. Build
// it once with LoadTables and hand it around; it is never changed afterwards
// and safe for concurrent use.
type Tables struct {
	freeMail map[string]bool
	services map[string]string // domain -> name of the applicant-tracking system or relay
	robots   map[string]bool   // squeezed local parts
	marks    []string          // parts of squeezed local parts
}

// LoadTables reads the tables that are built into the program.
func LoadTables() Tables {
	t := Tables{freeMail: map[string]bool{}, services: map[string]string{}, robots: map[string]bool{}}
	for _, line := range tableLines(freeMailTable) {
		t.freeMail[line] = true
	}
	for _, line := range tableLines(atsTable) {
		domain, name, _ := strings.Cut(line, " ")
		t.services[domain] = strings.TrimSpace(name)
	}
	for _, line := range tableLines(robotsTable) {
		if mark, anywhere := strings.CutPrefix(line, "*"); anywhere {
			t.marks = append(t.marks, mark)
		} else {
			t.robots[line] = true
		}
	}
	return t
}

// tableLines returns the entries of a table: one per line, # begins a comment.
func tableLines(table string) []string {
	var lines []string
	for line := range strings.Lines(table) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// foldedTable reads a table of phrases, folded as texts are, when it is first asked for.
func foldedTable(table string) func() []string {
	return sync.OnceValue(func() []string {
		lines := tableLines(table)
		for n, line := range lines {
			lines[n] = foldWords(line)
		}
		return lines
	})
}

// FreeMail reports whether everybody can get an address at the domain, so that
// it says nothing about whom its owner works for.
func (t Tables) FreeMail(domain string) bool {
	domain = normalDomain(domain)
	return t.freeMail[domain] || t.freeMail[RegistrableDomain(domain)]
}

// RelayOrATS names the applicant-tracking system or relay that an address
// belongs to: its domain or one above it stands in the table.
func (t Tables) RelayOrATS(addr string) (name string, ok bool) {
	for domain := DomainOf(addr); domain != ""; {
		if name, ok := t.services[domain]; ok {
			return name, true
		}
		_, domain, _ = strings.Cut(domain, ".")
	}
	return "", false
}

// Robot reports whether nobody reads answers to the address, or a program
// writes from it: no-reply and its kin.
func (t Tables) Robot(addr string) bool {
	local, _, _ := strings.Cut(BaseAddress(addr), "@")
	squeezed := squeeze(local)
	if t.robots[squeezed] {
		return true
	}
	for _, word := range strings.FieldsFunc(local, func(r rune) bool { return !isAlphanumeric(r) }) {
		if t.robots["="+word] {
			return true
		}
	}
	for _, mark := range t.marks {
		if strings.Contains(squeezed, mark) {
			return true
		}
	}
	return false
}

// squeeze drops everything but letters and digits: no-reply, no_reply and
// noreply are one.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if isAlphanumeric(r) {
			return r
		}
		return -1
	}, s)
}
