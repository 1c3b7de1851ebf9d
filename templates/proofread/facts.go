package proofread

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"afterword/scheduler"
)

// privateNote finds words of the candidate's own notes. What was promised to
// the interviewer is no secret from them and may be named.
func privateNote(m *mail) []scheduler.Finding {
	secrets := privateFacts(m)
	if len(secrets) == 0 {
		return nil
	}
	shown := runs(words(strings.Join(shownFacts(m), "\n\n")))
	names := words(strings.Join([]string{m.in.Application.Company, m.in.Application.Role, m.person().Name, m.in.Me.Name}, " "))
	for _, note := range secrets {
		secret := runs(words(note))
		for _, p := range m.text.everything() {
			ws := words(p.text)
			for i := 0; i+runLength <= len(ws); i++ {
				run := strings.Join(ws[i:i+runLength], " ")
				_, private := secret[run]
				if _, told := shown[run]; private && !told && m.says(ws[i:i+runLength], names) {
					return found(p.at(placeOfWords(p.text, ws[i:i+runLength])), "%q stands in your private notes; say it in other words or leave it out", run)
				}
			}
		}
	}
	return nil
}

// says reports whether a run holds a word that not every letter has.
func (m *mail) says(run, names []string) bool {
	for _, w := range run {
		if !m.phrases().stop[w] && !m.phrases().stock[w] && !contains(names, w) {
			return true
		}
	}
	return false
}

// placeOfWords is where the run begins in the text.
func placeOfWords(text string, run []string) int {
	for i := range run {
		run[i] = regexp.QuoteMeta(run[i])
	}
	if at := regexp.MustCompile(`(?i)` + strings.Join(run, `[^\pL\d]+`)).FindStringIndex(text); at != nil {
		return at[0]
	}
	return 0
}

// privateFacts are the notes and the fields of every debrief that no template
// sees.
func privateFacts(m *mail) []string {
	var all []string
	people := append(m.in.Application.People(), m.in.Interview.Interviewers...)
	for _, p := range append(people, m.in.Person) {
		all = append(all, p.Notes)
	}
	for _, i := range append([]scheduler.Interview{m.in.Interview}, m.in.Application.Interviews...) {
		for _, p := range i.Interviewers {
			all = append(all, p.Notes)
		}
		d := i.Debrief
		all = append(all, d.WentWell, d.WhyWell, d.Faltered, d.Feedback)
		all = append(all, d.Unprepared...)
		for _, a := range d.Answers {
			all = append(all, a.Question, a.Better, a.Source)
		}
	}
	for o := range m.others() {
		for p := range everybody(&o) {
			if p.Notes != "" {
				all = append(all, p.Notes)
			}
		}
	}
	return slices.DeleteFunc(all, func(s string) bool { return strings.TrimSpace(s) == "" })
}

// shownFacts are those that may stand in the mail.
func shownFacts(m *mail) []string {
	p, a, d := m.in.Person, m.in.Application, m.in.Interview.Debrief
	all := []string{a.Company, a.Role, p.Name, p.Title, p.Said, p.Question, p.Greet, d.BetterAnswer, d.Promised, m.in.Me.Name, m.in.Me.Signature}
	return append(all, d.Questions...)
}

// contentWords are the words that say something, each once.
func (m *mail) contentWords(s string) []string {
	var all []string
	seen, names := map[string]bool{}, shortNames(s)
	for _, w := range words(s) {
		short := len([]rune(w)) <= 2
		if root := stem(w); !m.phrases().stop[w] && !seen[root] && (!short || names[w] || strings.ContainsAny(w, "0123456789")) {
			all, seen[root] = append(all, root), true
		}
	}
	return all
}

// shortNames are the words of one or two letters that stand somewhere with a
// capital, such as Go and AI, in small letters.
func shortNames(s string) map[string]bool {
	names := map[string]bool{}
	for f := range strings.FieldsFuncSeq(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if r := []rune(f); len(r) <= 2 && unicode.IsUpper(r[0]) {
			names[strings.ToLower(f)] = true
		}
	}
	return names
}

// notPersonal asks for the one thing that only this interviewer said.
func notPersonal(m *mail) []scheduler.Finding {
	switch m.in.Template {
	case "pass-on", "reply-to-rejection":
		return nil // they speak of something else
	}
	if strings.TrimSpace(m.in.Person.Said) == "" {
		if !interviewed(m) {
			return nil
		}
		return graded(scheduler.Warning, "said", "nothing tells this note from any other; note what %s said, and the note will use it", m.person().Name)
	}
	wanted := m.contentWords(m.in.Person.Said)
	used := 0
	written := m.contentWords(m.text.content())
	for _, w := range wanted {
		if contains(written, w) {
			used++
		}
	}
	if used >= min(personalWords, len(wanted)) || sharesRun(m.in.Person.Said, m.text.content()) {
		return nil
	}
	return found("text", "the note does not use what %s said (%q); work it in", m.person().Name, strings.TrimSpace(m.in.Person.Said))
}

// sharesRun reports whether a text in a script without blanks uses what somebody said in
// one: at least half of its pairs of signs.
func sharesRun(said, text string) bool {
	pairs, there := 0, 0
	signs := []rune(plain(said))
	for i := 1; i < len(signs); i++ {
		if unicode.In(signs[i-1], unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) && unicode.IsLetter(signs[i]) {
			if pairs++; strings.Contains(text, string(signs[i-1:i+1])) {
				there++
			}
		}
	}
	return pairs > 0 && 2*pairs >= len(signs) && 2*there >= pairs
}

// interviewed reports whether the recipient was an interviewer of the round.
func interviewed(m *mail) bool {
	for _, p := range m.in.Interview.Interviewers {
		if sameAddress(p.Email, m.in.To.Email) || p.Name != "" && p.Name == m.in.Person.Name {
			return true
		}
	}
	return false
}

// copyPaste compares the note with each other one of the panel: interviewers
// show each other such mail.
func copyPaste(m *mail) []scheduler.Finding {
	own := runs(words(m.text.content()))
	for _, o := range m.in.Panel {
		if share := shareOf(own, contentRuns(o, m.in.Me)); share > copiedShare {
			return found("text", "%.0f %% of this note stands in another note of the panel too; they compare, so write it anew", 100*share)
		}
	}
	return nil
}

// saidForm finds notes of what was said that do not read after "You mentioned
// that".
func saidForm(m *mail) []scheduler.Finding {
	said := strings.Join(strings.Fields(plain(m.in.Person.Said)), " ")
	ws := words(said)
	if len(ws) == 0 || !latin(said) {
		return nil
	}
	why := ""
	switch parts := sentences(strings.TrimRight(said, ". ")); {
	case len(ws) < 3:
		why = "it is no sentence"
	case len(parts) > 1:
		why = "it is more than one sentence"
	case strings.ContainsAny(said[len(said)-1:], "?!:;,"):
		why = "it ends in " + said[len(said)-1:]
	case said[0] == '-' || said[0] == '*' || said[0] == '"':
		why = "it begins with a mark"
	default:
		why = m.badStart(said, ws)
	}
	if why == "" {
		return nil
	}
	return found("said", "said does not read well after \"You mentioned that\": %s; write it as in \"the team grows in spring\"", why)
}

// badStart says why the first word does not go on after "that".
func (m *mail) badStart(said string, ws []string) string {
	switch ws[0] {
	case "that", "about", "regarding", "concerning", "how", "why", "what", "whether", "to", "he", "she", "said", "says", "mentioned", "told",
		"talked", "asked", "explained", "you":
		if ws[0] == "what" || ws[0] == "how" || ws[0] == "he" || ws[0] == "she" || ws[0] == "you" {
			if !strings.Contains("he she you", ws[0]) && strings.Contains(" "+strings.Join(ws, " ")+" ", " is ") {
				return "" // "what counts is ..."
			}
		}
		return "it begins with \"" + ws[0] + "\""
	case "we", "our", "we're", "we've", "we'll":
		return "\"" + ws[0] + "\" would speak of you and not of them"
	}
	first := strings.Fields(said)[0]
	if r := []rune(first); unicode.IsUpper(r[0]) && m.phrases().stop[ws[0]] && ws[0] != "i" && !strings.HasPrefix(ws[0], "i'") {
		return "it begins with a capital"
	}
	return ""
}
