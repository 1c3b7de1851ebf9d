package proofread

import (
	"strings"

	"afterword/mailer"
	"afterword/scheduler"
)

var copyLine = lazy(`(?im)^[ \t]*b?cc[ \t]*:`)

// oneRecipient finds a mail that would not go to exactly one person.
func oneRecipient(m *mail) []scheduler.Finding {
	to := m.in.To
	if strings.TrimSpace(to.Email) == "" {
		return found("to", "nobody stands in To; name the one person whom the mail is for")
	}
	if _, err := mailer.ParseAddress(to.Email); err != nil {
		return found("to", "To must hold one address, and %q is not one; write to each person separately", to.Email)
	}
	if strings.ContainsAny(to.Name, "<>@;\r\n") {
		return found("to", "the name in To, %q, could be read as a further address; keep the name only", to.Name)
	}
	copied := copyLine()
	for i, l := range m.text.lines {
		if copied.MatchString(l) {
			return found(passage{line: i + 1}.at(0), "the text names further recipients; every mail goes to one person, so take the line out")
		}
	}
	if strings.ContainsAny(m.in.Text.Subject, "\r\n") {
		return found("subject", "the subject has a second line, which could add a recipient; keep it to one line")
	}
	return nil
}

// guessedAddress finds a recipient whose address nobody has confirmed.
func guessedAddress(m *mail) []scheduler.Finding {
	guessed := m.in.Person.Guessed && (m.in.Person.Email == "" || m.in.To.Email == "" || sameAddress(m.in.Person.Email, m.in.To.Email))
	for _, p := range append(m.in.Application.People(), m.in.Interview.Interviewers...) {
		guessed = guessed || p.Guessed && sameAddress(mailer.BaseAddress(p.Email), mailer.BaseAddress(m.in.To.Email))
	}
	if !guessed {
		return nil
	}
	return found("to", "the address %s is a guess; ask the recruiter to pass your thanks on (template pass-on), or confirm the address", m.in.To.Email)
}

// robotAddress finds a recipient that no person reads. Somebody who works for
// the maker of such a system is a person.
func robotAddress(m *mail) []scheduler.Finding {
	to := m.in.To.Email
	if m.mail.Robot(to) || isRelayToken(to) {
		return found("to", "nobody reads mail to %s; ask for the person's own address", to)
	}
	name, ok := m.mail.RelayOrATS(to)
	if !ok || len(words(name)) > 0 && contains(words(m.in.Application.Company), words(name)[0]) {
		return nil
	}
	return found("to", "%s belongs to %s, which writes for companies and is no person; ask for the person's own address", to, name)
}

var relayToken = lazy(`^(reply|inmail|conversation|thread|ticket|candidate)[-+_.]?[0-9a-f]*[0-9][0-9a-f-]{7,}$|^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$|^[0-9a-f]*[0-9][0-9a-f]{23,}$`)

// isRelayToken knows addresses that a program made up: calendar resources and
// the reply addresses of relays.
func isRelayToken(address string) bool {
	local, domain, _ := strings.Cut(strings.ToLower(address), "@")
	if strings.HasSuffix(domain, "calendar.google.com") || domain == "unknownorganizer.calendar.google.com" {
		return true
	}
	return relayToken().MatchString(local)
}

// brokenThread finds an exchange that exists and is not continued, and a reply
// to nothing.
func brokenThread(m *mail) []scheduler.Finding {
	newest := m.in.Thread
	if newest == nil {
		newest = m.in.Previous
	}
	subject := strings.TrimSpace(m.in.Text.Subject)
	answers := m.in.Text.Thread.InReplyTo
	switch {
	case newest == nil && (answers != "" || len(m.in.Text.Thread.References) > 0):
		return found("thread", "the mail claims to answer one that does not exist; start a thread of its own")
	case newest == nil && hasReplyMark(subject):
		return found("subject", "the subject says %q, but there is nothing to answer; give it a subject of its own", mark(subject))
	case newest == nil:
		return nil
	case bareID(answers) != bareID(newest.MessageID):
		return found("thread", "there is an exchange with %s, and this mail does not continue its newest message; let it answer that one", m.person().Name)
	case !hasReplyMark(subject) || !sameSubjects(subject, newest.Subject):
		return found("subject", "the mail answers %q under another subject, which mail programs show apart; keep the subject with Re:", newest.Subject)
	}
	if refs := m.in.Text.Thread.References; len(refs) > 0 && bareID(refs[len(refs)-1]) != bareID(answers) {
		return found("thread", "References does not end with the message that is answered; continue the exchange's newest message")
	}
	return nil
}

func bareID(id string) string { return strings.Trim(strings.TrimSpace(id), "<>") }

// replyMark is what mail programs put before the subject of an answer or a
// forwarded mail.
var replyMark = lazy(`(?i)^(re|aw|antw|sv|rv|res|fwd?|wg|tr)(\[\d+\]|\(\d+\))? ?:`)

func mark(subject string) string { return replyMark().FindString(subject) }

func hasReplyMark(subject string) bool { return mark(subject) != "" }

// sameSubjects compares subjects without their marks, as mail programs do.
func sameSubjects(a, b string) bool {
	bare := func(s string) string {
		s = strings.TrimSpace(s)
		for hasReplyMark(s) {
			s = strings.TrimSpace(s[len(mark(s)):])
		}
		return strings.Join(strings.Fields(strings.ToLower(plain(s))), " ")
	}
	return bare(a) == bare(b)
}

// employerAddress finds a mail that would leave from the current employer.
func employerAddress(m *mail) []scheduler.Finding {
	from := m.in.From
	if from == "" {
		from = m.in.Me.Email
	}
	for _, d := range m.in.Me.EmployerDomains {
		d = strings.ToLower(strings.TrimPrefix(d, "@"))
		if at := mailer.DomainOf(from); d != "" && (at == d || strings.HasSuffix(at, "."+d)) {
			return found("from", "%s is an address of your current employer; send from your own", from)
		}
	}
	return nil
}

// oddAddress finds a recipient outside the company, or one letter away from it.
func oddAddress(m *mail) []scheduler.Finding {
	known := knownDomains(m)
	at := mailer.RegistrableDomain(mailer.DomainOf(m.in.To.Email))
	if at == "" {
		at = mailer.DomainOf(m.in.To.Email)
	}
	if at == "" || len(known) == 0 || contains(known, at) {
		return nil
	}
	for _, d := range known {
		if oneEdit(at, d) {
			return found("to", "the domain of %s is one letter away from %s; look at it again", m.in.To.Email, d)
		}
	}
	return found("to", "%s is not at %s; make sure that it is the right address", m.in.To.Email, strings.Join(known, " or "))
}

// knownDomains are the company's and the recruiter's.
func knownDomains(m *mail) []string {
	if len(m.in.Application.Domains) == 0 {
		return nil
	}
	var known []string
	add := func(d string) {
		if r := mailer.RegistrableDomain(d); r != "" {
			d = r
		}
		if d = strings.ToLower(d); d != "" && !contains(known, d) {
			known = append(known, d)
		}
	}
	for _, d := range m.in.Application.Domains {
		add(strings.TrimPrefix(d, "@"))
	}
	if r := m.in.Application.Recruiter; r != nil && (!m.mail.FreeMail(mailer.DomainOf(r.Email)) || sameAddress(r.Email, m.in.To.Email)) {
		add(mailer.DomainOf(r.Email))
	}
	return known
}

// oneEdit reports whether one letter added, left out, changed or swapped with
// its neighbour turns a into b.
func oneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch len(b) - len(a) {
	case 1:
		return a[i:] == b[i+1:]
	case 0:
		return a != b && (a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:])
	}
	return false
}

// sameSubject finds notes of a panel that mail programs would merge.
func sameSubject(m *mail) []scheduler.Finding {
	for _, o := range m.in.Panel {
		if m.in.Thread == nil && m.in.Text.Subject != "" && sameSubjects(m.in.Text.Subject, o.Subject) {
			return found("subject", "another note of the panel has the same subject; mail programs merge such notes, so vary it")
		}
	}
	return nil
}

// notThanked finds interviewers who would get no thanks at all: no address,
// nobody to pass the thanks on, and no reason to leave them out.
func notThanked(m *mail) []scheduler.Finding {
	if r := m.in.Application.Recruiter; r != nil && r.Reachable() {
		return nil
	}
	var names []string
	for _, p := range m.in.Interview.Interviewers {
		if !p.Reachable() && p.Skip == "" {
			names = append(names, p.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return found("interview", "%s would get no thanks; find an address, name a recruiter, or give a reason in skip", strings.Join(names, ", "))
}
