package templates

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"afterword/scheduler"
)

// tongue is how a language writes what the templates do not spell out: days,
// lists, questions, titles, and the small words that change with what follows.
type tongue struct {
	days, months []string // from Sunday and from January
	yesterday    string
	date         func(t tongue, at time.Time) string // "23 November"
	on           func(t tongue, at time.Time) string // "on Monday 23 November", an adverb
	and          func(next string) string            // what stands before the last name of a list
	that         []string                            // words for "that" which users may have written before what was said
	titles       map[string]string                   // titles as a greeting writes them
	question     func(string) string
	de           func(string) string // "of", joined to what follows
	que          func(string) string // "that", joined to what follows
	typeset      func(string) string
	fullName     bool // a greeting names the whole person where nothing else is known
}

// tongueOf knows the languages of the built-in templates by their tag (BCP 47);
// any other language gets English words.
func tongueOf(tag string) tongue {
	switch base, _, _ := strings.Cut(strings.ToLower(tag), "-"); base {
	case "fr":
		return french()
	case "de":
		return german()
	case "es":
		return spanish()
	}
	return english()
}

func english() tongue {
	return tongue{
		days:      []string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		months:    []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		yesterday: "yesterday",
		date:      func(t tongue, at time.Time) string { return fmt.Sprintf("%d %s", at.Day(), t.month(at)) },
		on:        func(t tongue, at time.Time) string { return "on " + t.weekday(at) + " " + t.date(t, at) },
		and:       func(string) string { return "and" },
		question:  question,
		de:        func(s string) string { return "of " + s },
		que:       func(s string) string { return "that " + s },
		typeset:   asItStands,
	}
}

func french() tongue {
	return tongue{
		days:      []string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
		months:    []string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		yesterday: "hier",
		date: func(t tongue, at time.Time) string {
			if at.Day() == 1 {
				return "1er " + t.month(at)
			}
			return fmt.Sprintf("%d %s", at.Day(), t.month(at))
		},
		on:       func(t tongue, at time.Time) string { return t.weekday(at) + " " + t.date(t, at) },
		and:      func(string) string { return "et" },
		that:     []string{"que ", "qu'", "qu’"},
		titles:   map[string]string{"m.": "Monsieur", "mr": "Monsieur", "mr.": "Monsieur", "mme": "Madame", "mme.": "Madame", "mrs": "Madame", "mrs.": "Madame", "mlle": "Mademoiselle", "mlle.": "Mademoiselle", "pr": "Professeur", "pr.": "Professeur"},
		question: func(s string) string { return asked(s, false) },
		de:       frenchOf,
		que:      func(s string) string { return elide("que", s) },
		typeset:  frenchSpaces,
	}
}

// frenchOf is "de" before what follows: "notre échange d'hier", and of a date with its day of
// the week "du lundi 23 novembre".
func frenchOf(s string) string {
	if day, rest, _ := strings.Cut(s, " "); rest != "" && unicode.IsDigit(rune(rest[0])) && slices.Contains(french().days, day) {
		return "du " + s
	}
	return elide("de", s)
}

func german() tongue {
	return tongue{
		days:      []string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
		months:    []string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
		yesterday: "gestern",
		date:      func(t tongue, at time.Time) string { return fmt.Sprintf("%d. %s", at.Day(), t.month(at)) },
		on:        func(t tongue, at time.Time) string { return "am " + t.weekday(at) + ", dem " + t.date(t, at) },
		and:       func(string) string { return "und" },
		that:      []string{"dass ", "daß "},
		titles:    map[string]string{"hr.": "Herr", "herrn": "Herr", "fr.": "Frau", "mr": "Herr", "mr.": "Herr", "mrs": "Frau", "mrs.": "Frau", "ms": "Frau", "ms.": "Frau"},
		question:  question,
		de:        func(s string) string { return "von " + s },
		que:       func(s string) string { return "dass " + s },
		typeset:   asItStands,
		fullName:  true, // "Guten Tag Ken Osei": whoever is not called by title is called by the whole name
	}
}

func spanish() tongue {
	return tongue{
		days:      []string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
		months:    []string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		yesterday: "ayer",
		date:      func(t tongue, at time.Time) string { return fmt.Sprintf("%d de %s", at.Day(), t.month(at)) },
		on:        func(t tongue, at time.Time) string { return "el " + t.weekday(at) + " " + t.date(t, at) },
		and:       spanishAnd,
		that:      []string{"que "},
		titles:    map[string]string{"mr": "Sr.", "mr.": "Sr.", "mrs": "Sra.", "mrs.": "Sra.", "ms": "Sra.", "ms.": "Sra.", "sr": "Sr.", "sr.": "Sr.", "sra": "Sra.", "sra.": "Sra.", "srta.": "Srta.", "don": "Don", "doña": "Doña"},
		question:  func(s string) string { return asked(s, true) },
		de: func(s string) string {
			if rest, ok := strings.CutPrefix(s, "el "); ok {
				return "del " + rest
			}
			return "de " + s
		},
		que:     func(s string) string { return "que " + s },
		typeset: asItStands,
	}
}

func (t tongue) month(at time.Time) string   { return t.months[at.Month()-1] }
func (t tongue) weekday(at time.Time) string { return t.days[at.Weekday()] }

// when says on which day the interview was, as it reads on the day the mail
// leaves: "yesterday" only where that is true.
func (t tongue) when(at, leaves time.Time) string {
	y, m, d := leaves.AddDate(0, 0, -1).Date()
	if ay, am, ad := at.Date(); ay == y && am == m && ad == d {
		return t.yesterday
	}
	return t.on(t, at)
}

// list joins names as a sentence does.
func (t tongue) list(names []string) string {
	n := len(names)
	if n < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:n-1], ", ") + " " + t.and(names[n-1]) + " " + names[n-1]
}

// clause makes what somebody said stand behind "You mentioned that": one line,
// no full stop, and no "that" of its own.
func (t tongue) clause(s string) string {
	s = strings.TrimRight(oneLine(s), ". ")
	for _, that := range t.that {
		if n := len(that); len(s) > n && strings.EqualFold(s[:n], that) {
			return strings.TrimLeft(s[n:], " ")
		}
	}
	return s
}

// greeting is what stands after "Hi": greet where it is given, a title with the
// family name, else the name by which one calls. For names that are not plain,
// LINTS.md has greeting-guess.
func (t tongue) greeting(p scheduler.Person) string {
	if p.Greet != "" {
		return oneLine(p.Greet)
	}
	parts := strings.Fields(spoken(p.Name))
	var titles []string
	for len(parts) > 1 && t.isTitle(parts[0]) {
		titles = append(titles, t.title(parts[0]))
		parts = parts[1:]
	}
	switch {
	case len(titles) > 0:
		return strings.Join(append(titles, family(parts)), " ")
	case t.fullName:
		return strings.Join(parts, " ")
	}
	return firstName(p.Name)
}

// title is a title as a greeting in this language writes it.
func (t tongue) title(word string) string {
	if written := t.titles[strings.ToLower(word)]; written != "" {
		return written
	}
	return word
}

// family is the last word of a name with the small words that belong to it: von
// der Leyen.
func family(parts []string) string {
	from := len(parts) - 1
	for from > 0 && unicode.IsLower([]rune(parts[from-1])[0]) {
		from--
	}
	return strings.Join(parts[from:], " ")
}

func asItStands(s string) string { return s }

// spanishAnd is "e" before the sound of i, else "y".
func spanishAnd(next string) string {
	next = strings.ToLower(next)
	for _, i := range []string{"i", "í", "hi", "hí"} {
		if strings.HasPrefix(next, i) && !strings.HasPrefix(next, "hie") && !strings.HasPrefix(next, "ia") && !strings.HasPrefix(next, "ie") {
			return "e"
		}
	}
	return "y"
}

// elide joins "de" or "que" to a word that begins with a vowel, or with an h
// that is surely mute: "d'ingénieur", "qu'il", but "de Hambourg".
func elide(word, next string) string {
	if next == "" {
		return word
	}
	bare := strings.ToLower(strings.TrimLeft(next, `"«“ `))
	mute := false
	for _, h := range []string{"hier", "habitu", "heureu", "histori", "homme", "honn", "hôpita", "hôtel", "humain", "hydro", "hypoth"} {
		mute = mute || strings.HasPrefix(bare, h)
	}
	for _, sounded := range []string{"onz", "oui"} {
		if strings.HasPrefix(bare, sounded) {
			return word + " " + next
		}
	}
	if first := []rune(bare); len(first) > 0 && strings.ContainsRune("aàâäæeéèêëiîïoôöœuùûü", first[0]) || mute {
		return strings.TrimSuffix(word, "e") + "'" + next
	}
	return word + " " + next
}

// frenchSpaces keeps a mark that stands off its word on the word's line: a
// no-break space before : ; ! ? » and after «.
func frenchSpaces(s string) string {
	const keep = "\u00a0"
	return strings.NewReplacer(" :", keep+":", " ;", keep+";", " !", keep+"!", " ?", keep+"?", " »", keep+"»", "« ", "«"+keep).Replace(s)
}

// asked ends a question with its mark as French sets it off; with opening, the
// last sentence also begins with one, as in Spanish. What the user wrote in
// capitals or small letters stays: the question follows a colon.
func asked(s string, opening bool) string {
	if s = oneLine(s); s == "" {
		return ""
	}
	bare := strings.TrimRight(s, "? \u00a0\u202f")
	if last := []rune(bare); bare == s && strings.ContainsRune(".!…", last[len(last)-1]) {
		return s // no question but a request
	}
	if !opening {
		return bare + "\u00a0?"
	}
	if strings.Contains(bare, "¿") {
		return bare + "?"
	}
	from := 0
	for _, end := range []string{". ", "! ", "? "} {
		if i := strings.LastIndex(bare, end); i >= 0 {
			from = max(from, i+len(end))
		}
	}
	return bare[:from] + "¿" + bare[from:] + "?"
}
