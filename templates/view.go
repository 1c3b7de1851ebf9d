package templates

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"afterword/scheduler"
)

// View is everything that a template can see. Private notes and the rest of
// the debrief are not in it, so no template can leak them.
type View struct {
	Me            MeView
	Company, Role string
	Interview     InterviewView
	Person        PersonView
	Panel         []string // names of the others who interviewed, in order
	Debrief       DebriefView
	Previous      *PreviousView // the exchange that the mail continues, nil if none
	When          string        // "yesterday", or "on Monday 23 November", in the mail's language: as the reader will see it
	InterviewDate string        // "23 November"
	Unreachable   string        // names of interviewers without a sure address: "Ada and Grace"
}

// MeView is the candidate.
type MeView struct{ Name, Email, Signature string }

// InterviewView is the meeting that the mail is about.
type InterviewView struct {
	ID, Kind string
	At       time.Time // in the recipient's zone
}

// PersonView is the recipient.
type PersonView struct {
	Name, Title string
	Greeting    string // what stands after "Hi"
	Said        string // without a full stop, on one line
	Question    string // on one line
}

// DebriefView is the part of a debrief that may go into a mail.
type DebriefView struct {
	BetterAnswer string
	Questions    []string
}

// PreviousView is the newest mail of the exchange.
type PreviousView struct {
	Subject string
	At      time.Time
}

// maxValue bounds a value in characters: a mail of 4 lines has no room for
// more, and what is longer was pasted by mistake.
const maxValue = 2000

// newView checks the facts and gathers what the template may see, in the words
// of its language.
func newView(in scheduler.RenderInput, t tongue) (View, error) {
	p, i, a := in.Person, in.Interview, in.Application
	zone := in.Leaves.Location()
	v := View{
		Me:        MeView{Name: oneLine(in.Me.Name), Email: in.Me.Email, Signature: strings.TrimRight(visible(in.Me.Signature), "\n ")},
		Company:   oneLine(a.Company),
		Role:      oneLine(a.Role),
		Interview: InterviewView{ID: i.ID, Kind: i.Kind, At: i.At.In(zone)},
		Person:    PersonView{Name: spoken(p.Name), Title: p.Title, Greeting: t.greeting(p), Said: t.clause(p.Said), Question: t.question(p.Question)},
		Debrief:   DebriefView{BetterAnswer: oneLine(i.Debrief.BetterAnswer), Questions: lines(i.Debrief.Questions)},
	}
	if v.Me.Signature == "" {
		v.Me.Signature = v.Me.Name
	}
	if m := in.Previous; m != nil {
		v.Previous = &PreviousView{Subject: harmless(m.Subject), At: m.At.In(zone)}
	}
	v.When, v.InterviewDate = t.when(i.At.In(zone), in.Leaves), t.date(t, i.At.In(zone))
	var absent []string
	for _, q := range i.Interviewers {
		if !q.Reachable() && q.Skip == "" {
			absent = append(absent, spoken(q.Name))
		}
		if q.Email != p.Email || q.Name != p.Name {
			v.Panel = append(v.Panel, spoken(q.Name))
		}
	}
	v.Unreachable = t.list(absent)
	return v, v.check()
}

// check refuses values that could break out of their place in a mail.
func (v View) check() error {
	for _, f := range []struct{ name, value string }{
		{"me.name", v.Me.Name}, {"company", v.Company}, {"role", v.Role}, {"name", v.Person.Name}, {"greet", v.Person.Greeting},
		{"title", v.Person.Title}, {"said", v.Person.Said}, {"question", v.Person.Question}, {"better_answer", v.Debrief.BetterAnswer},
		{"interviewers", strings.Join(v.Panel, " ") + v.Unreachable}, {"questions", strings.Join(v.Debrief.Questions, " ")},
		{"signature", strings.ReplaceAll(v.Me.Signature, "\n", " ")},
	} {
		if err := checkValue(f.name, f.value); err != nil {
			return err
		}
	}
	return nil
}

// CheckValue says what in a value of the user has no place in a mail: nil if
// nothing has. Line ends are taken for blanks.
func CheckValue(name, value string) error {
	if !utf8.ValidString(value) { // as a terminal gives that speaks Latin-1
		return fmt.Errorf("reading %s: it is no UTF-8 text; let your terminal speak UTF-8, or write it into the file with an editor", name)
	}
	return checkValue(name, oneLine(value))
}

func checkValue(name, value string) error {
	if n := len([]rune(value)); n > maxValue {
		return fmt.Errorf("reading %s: it has %d characters, the most is %d; shorten it, it was perhaps pasted by mistake", name, n, maxValue)
	}
	for _, r := range value {
		if misplaced(r) {
			return fmt.Errorf("reading %s: it holds the character %U, which has no place in a mail; delete it, it may be invisible in your editor", name, r)
		}
	}
	return nil
}

// misplaced tells characters that break a line, hide text or turn its direction.
func misplaced(r rune) bool {
	const zwnj, zwj = '\u200c', '\u200d' // part of Persian and Indic words, and of emoji
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != zwnj && r != zwj ||
		r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar
}

// isTitle knows the titles that stand before a family name.
func (t tongue) isTitle(word string) bool {
	word = strings.ToLower(word)
	if _, known := t.titles[word]; known {
		return true
	}
	switch strings.TrimSuffix(word, ".") {
	case "mr", "mrs", "ms", "mx", "miss", "dr", "prof", "professor", "doctor", "sir", "herr", "frau", "mme", "monsieur", "madame", "mademoiselle",
		"docteur", "docteure", "professeur", "professeure", "señor", "señora", "dra", "doctora", "profesor", "profesora":
		return true
	}
	return false
}

func firstName(name string) string {
	if fields := strings.Fields(spoken(name)); len(fields) > 0 {
		return fields[0]
	}
	return ""
}

// oneLine folds line breaks and runs of blanks to one space. Other control
// characters stay, for check to find.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(visible(s), func(r rune) bool { return r == '\n' || r == ' ' || r == '\t' }), " ")
}

// visible drops what copying from a web page leaves behind and nobody sees:
// zero-width spaces, soft hyphens, byte order marks.
func visible(s string) string {
	return strings.NewReplacer("\u200b", "", "\u2060", "", "\ufeff", "", "\u00ad", "").Replace(s)
}

// lines folds each text to one line.
func lines(texts []string) []string {
	var all []string
	for _, t := range texts {
		all = append(all, oneLine(t))
	}
	return all
}

// harmless drops what has no place in a mail from a text that others wrote.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if misplaced(r) {
			return -1
		}
		return r
	}, s)
}

// question begins with a capital and ends with a mark.
func question(s string) string {
	if s = oneLine(s); s == "" {
		return ""
	}
	if !strings.ContainsAny(s[len(s)-1:], ".!?") {
		s += "?"
	}
	return sentence(s)
}

// sentence begins with a capital and ends with a mark.
func sentence(s string) string {
	s = oneLine(s)
	if s == "" {
		return ""
	}
	r := []rune(s)
	r[0] = unicode.ToUpper(r[0])
	if last := r[len(r)-1]; !strings.ContainsRune(".!?…", last) {
		r = append(r, '.')
	}
	return string(r)
}
