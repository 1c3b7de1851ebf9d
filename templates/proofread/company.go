package proofread

import (
	"iter"
	"slices"
	"strings"
	"unicode"

	"afterword/scheduler"
)

// others yields the other applications.
func (m *mail) others() iter.Seq[scheduler.Application] {
	if m.in.Others == nil {
		return func(func(scheduler.Application) bool) {}
	}
	return m.in.Others
}

// wrongCompany finds the company, the role or a person of another application:
// the mark of a letter that was copied. What this application's own facts name
// is right.
func wrongCompany(m *mail) []scheduler.Finding {
	own := lowered(strings.Join(ownFacts(m), "\n"))
	for o := range m.others() {
		same := strings.EqualFold(strings.TrimSpace(o.Company), strings.TrimSpace(m.in.Application.Company))
		if !same {
			for _, name := range companyNames(o.Company) {
				if place, ok := m.names(name, own, asEmployer); ok {
					return found(place, "%s is the company of another application (%s); name %s", name, o.Stem, m.in.Application.Company)
				}
			}
		}
		where := always
		if same {
			where = asRole
		}
		if place, ok := m.names(o.Role, own, where); ok {
			return found(place, "%s is the role of another application (%s); name %s", o.Role, o.Stem, m.in.Application.Role)
		}
		if f := m.strangers(&o, own); f != nil {
			return f
		}
	}
	return m.strange()
}

// strangers finds people of another application by their full name, or by
// their first name in the greeting.
func (m *mail) strangers(o *scheduler.Application, own string) []scheduler.Finding {
	for p := range everybody(o) {
		if !m.mentions(p.Name) {
			continue
		}
		parts, _ := nameWords(p.Name)
		if len(parts) > 1 {
			if place, ok := m.names(strings.Join(parts, " "), own, always); ok {
				return found(place, "%s belongs to another application (%s)", p.Name, o.Stem)
			}
		}
		if len(parts) > 0 && m.text.named == parts[0] && !callsPerson(parts[0], m.person()) && !standsIn(own, parts[0]) {
			return found(m.text.greeting.at(0), "%s belongs to another application (%s)", p.Name, o.Stem)
		}
	}
	return nil
}

// mentions reports whether a word of a name may stand in the mail: a look without memory,
// which spares nearly all names the closer one.
func (m *mail) mentions(name string) bool {
	for w := range strings.FieldsSeq(plain(name)) {
		if w = strings.Trim(w, nameMarks); w != "" && (w == m.text.named || m.text.holds(w)) {
			return true
		}
	}
	return false
}

// everybody yields the people of an application as its file has them: one who takes part
// in several interviews comes several times. Nothing is copied, since there may be
// thousands of applications.
func everybody(a *scheduler.Application) iter.Seq[*scheduler.Person] {
	return func(yield func(*scheduler.Person) bool) {
		if a.Recruiter != nil && !yield(a.Recruiter) {
			return
		}
		for n := range a.Interviews {
			for k := range a.Interviews[n].Interviewers {
				if !yield(&a.Interviews[n].Interviewers[k]) {
					return
				}
			}
		}
	}
}

// ownFacts are the texts in which this application itself may name others.
func ownFacts(m *mail) []string {
	a, i := m.in.Application, m.in.Interview
	all := append(shownFacts(m), i.Kind, strings.Join(a.Domains, " "))
	for _, p := range append(a.People(), i.Interviewers...) {
		all = append(all, p.Name, p.Title, p.Said, p.Question)
	}
	if m.in.Thread != nil {
		all = append(all, m.in.Thread.Subject)
	}
	return all
}

var legalForm = lazy(`(?i)[\s,]+(inc|incorporated|ltd|limited|llc|llp|gmbh|ag|se|sa|sas|sarl|s\.a|bv|b\.v|nv|plc|corp|corporation|co|company|oy|ab|as|aps|kg|pty|srl|spa)\.?$`)

// companyNames are the name and, where it has one, the name without its legal
// form.
func companyNames(name string) []string {
	name = strings.TrimSpace(plain(name))
	core := strings.TrimRight(legalForm().ReplaceAllString(name, ""), " ,.")
	if core == name || core == "" {
		return []string{name}
	}
	return []string{name, core}
}

// where says in which surroundings a name counts.
type where int

const (
	always     where = iota
	asRole           // in the subject, or beside "role" or "position"
	asEmployer       // everywhere, and where it is what the writer wants to join even if own facts name it
)

// wanted is what stands before a company that one wants to work for.
var wanted = lazy(`(?i)\b(?:(?:to |of )?join(?:ing)?|(?:role|position|job|opening|vacancy|interview(?:ed)?|future|career|opportunity) (?:at|with)|contribut(?:e|ing) to) (?:the )?["']?$`)

// names finds a name as whole words in the same capitals, unless own facts, which are
// lowered, hold it too.
func (m *mail) names(name, own string, w where) (place string, ok bool) {
	name = strings.Join(strings.Fields(plain(name)), " ")
	if len([]rune(name)) < 2 || !m.text.holds(name) || wholeWord(m.in.Application.Company, name) {
		return "", false // of thousands of applications nearly all end here, before what costs more
	}
	known := standsIn(own, name)
	for _, p := range m.text.prose() {
		for _, at := range occurrences(p.text, name) {
			if !(bounded(p.text, at) || w == asEmployer && m.boundedName(p.text, at)) || m.ordinary(p, name, at) {
				continue
			}
			if w == asRole && p.line != 0 && !besideRole(p.text, at) || known && (w != asEmployer || !wanted().MatchString(p.text[:at[0]])) {
				continue
			}
			return p.at(at[0]), true
		}
	}
	return "", false
}

// occurrences are the stretches of the text that read so.
func occurrences(text, part string) [][]int {
	var all [][]int
	for from := 0; ; {
		i := strings.Index(text[from:], part)
		if i < 0 {
			return all
		}
		all = append(all, []int{from + i, from + i + len(part)})
		from += i + len(part)
	}
}

// wholeWord reports whether the name stands in the text, whatever its capitals.
func wholeWord(text, name string) bool { return standsIn(lowered(text), name) }

func lowered(text string) string { return strings.ToLower(plain(text)) }

// standsIn is wholeWord in a text that was lowered before.
func standsIn(text, name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(occurrences(text, name), func(at []int) bool { return bounded(text, at) })
}

// bounded reports whether no letter or digit touches the stretch.
func bounded(text string, at []int) bool {
	before := strings.TrimRightFunc(text[:at[0]], isWordRune)
	after := strings.TrimLeftFunc(text[at[1]:], isWordRune)
	return len(before) == at[0] && len(after) == len(text)-at[1] && !strings.HasPrefix(after, "-") && !strings.HasSuffix(before, "-")
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }

// ordinary reports whether a single word need not be the name: it begins a
// sentence and is a common word, is a day or a month, or is one word of a
// longer name.
func (m *mail) ordinary(p passage, name string, at []int) bool {
	if strings.Contains(name, " ") {
		return false
	}
	lower := strings.ToLower(name)
	if isDayOrMonth(lower) {
		return true
	}
	before := strings.TrimRight(p.text[:at[0]], ` "'(`)
	starts := before == "" || strings.ContainsAny(before[len(before)-1:], ".!?:")
	if name == lower || starts && (m.phrases().common[lower] || m.phrases().stop[lower] || m.phrases().stock[lower]) {
		return true
	}
	words := strings.Fields(before)
	longer := !starts && len(words) > 0 && isCapital(words[len(words)-1]) && !strings.HasSuffix(before, ",")
	after := strings.Fields(p.text[at[1]:])
	return (longer || len(after) > 0 && strings.HasPrefix(p.text[at[1]:], " ") && isCapital(after[0])) && m.phrases().common[lower]
}

func isCapital(w string) bool { return w != "I" && w != "" && unicode.IsUpper([]rune(w)[0]) }

func isDayOrMonth(w string) bool {
	switch w {
	case "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "may", "june",
		"july", "august", "september", "october", "november", "december":
		return true
	}
	return false
}

var roleAfter = lazy(`(?i)^[\s,"']*(?:role|position)\b`)

var roleBefore = lazy(`(?i)\b(?:role|position)(?:\s+(?:of|as|for|is|:))?(?:\s+(?:a|an|the|your))?[\s:,"']*$`)

// besideRole reports whether "role" or "position" stands beside the stretch.
func besideRole(text string, at []int) bool {
	after := roleAfter()
	before := roleBefore()
	return after.MatchString(text[at[1]:]) || before.MatchString(text[:at[0]])
}
