package setup

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"afterword/mailer"
)

// Interview is what is known of the first interview.
type Interview struct {
	Company, Role string
	At            string // wall time such as 2026-11-23 14:00
	Timezone      string
	People        []Person
}

// Person is somebody of the interview.
type Person struct{ Name, Email string }

// Sample is the name of the file that is written where no interview is known
// yet. The leading underscore keeps it from being read.
const Sample = "_example.yaml"

// FileName is the name of an application's file: its company and role in
// letters that every file system takes.
func (i Interview) FileName() string {
	if i.Company == "" {
		return Sample
	}
	return cmp.Or(Stem(i.Company+" "+i.Role), "application") + ".yaml"
}

// maxStem is how many characters the name of a file has at most, without its
// ending.
const maxStem = 60

// Stem makes the name of a file of what people call a company and a role: letters
// and digits without their accents, in lower case, with a hyphen for everything
// between. It is "" where nothing is left.
func Stem(text string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	r := []rune(strings.Trim(norm.NFC.String(b.String()), "-"))
	return strings.TrimRight(string(r[:min(len(r), maxStem)]), "-")
}

// Text is the application's file. Without a company it is a sample in comments.
func (i Interview) Text() string {
	if i.Company == "" {
		return commented(Interview{Company: "Acme", Role: "Site Reliability Engineer", At: "2026-11-23 14:00", Timezone: i.Timezone,
			People: []Person{{"Ken Osei", "ken@acme.example"}, {"Mara Lindt", "mara@acme.example"}}}.Text())
	}
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("# One file for each application. `afterword plan` shows what follows from it.")
	say("company: %s", quoted(i.Company))
	say("role: %s", quoted(i.Role))
	say("domains: %s            # whose mail counts as theirs, such as acme.example", i.domains())
	say("status: active")
	say("# recruiter: {name: Priya Nair, email: priya@acme.example}   # follow-ups go there")
	say("# decision_by: 2026-12-04                                    # the date they promised: nobody asks before it")
	say("interviews:")
	say("  - at: %s", i.At)
	say("    timezone: %s", quoted(i.Timezone))
	say("    duration: 45m")
	say("    status: planned      # held, once it took place; before that nothing leaves")
	if len(i.People) == 0 {
		say("    interviewers: []     # one entry for each: {name: Ken Osei, email: ken@acme.example}")
		return b.String()
	}
	say("    interviewers:")
	for n, p := range i.People {
		say("      - name: %s", quoted(p.Name))
		if p.Email == "" {
			say("        email: \"\"           # nothing goes there before you know it")
		} else {
			say("        email: %s", quoted(p.Email))
		}
		say("        said: \"\"            # completes \"You mentioned that ...\"; it goes into the thank-you")
		if n == 0 && len(i.People) > 1 {
			say("        lead: true          # follow-ups go here, where there is no recruiter")
		}
	}
	return b.String()
}

// domains are those of the people's addresses. One that everybody can have an
// address at is nobody's own.
func (i Interview) domains() string {
	var all []string
	tables := mailer.LoadTables()
	seen := map[string]bool{}
	for _, p := range i.People {
		_, domain, ok := strings.Cut(strings.ToLower(p.Email), "@")
		if ok && !seen[domain] && !tables.FreeMail(domain) {
			seen[domain] = true
			all = append(all, quoted(domain))
		}
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// commented puts a whole file into comments.
func commented(text string) string {
	head := "# A sample: it is not read, since its name begins with an underscore. Copy it to a name of your own, such as\n" +
		"# acme-sre.yaml, take the first \"# \" of each line away, and change what it says; or let `afterword add` ask.\n#\n"
	return head + indented(text, "# ") + "\n"
}
