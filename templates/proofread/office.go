package proofread

import (
	"slices"
	"strings"
	"unicode"

	"afterword/scheduler"
)

// Many letters call their reader by what they are: "Dear Chef Leclerc", "Herr Direktor",
// "Szanowny Panie Doktorze", "señor director". Such a word is no name, and none that is
// wrong.

// beforeName are offices that stand before a name. Some are first names as well, so what
// is left must be the reader's.
var beforeName = lazy(`(?i)^(?:(?:fore|council|police)m[ae]n|dokter|rehtori|ingegnere?|доктор|профессор|kapitän|chef|coach|chief|sister|brother|father|mother|matron|nurse|pastor|reverend|rabbi|imam|deacon|bishop|vicar|superintendent|vice|associate|assistant|deputy|leader|lead|supervisor|co-?ordinator|administrator|recruiter|specialist|executive|foreperson|owner|supt|registrar|consultant|librarian|curator|producer|conductor|curate|warden|midwife|clerk|bursar|treasurer|superviseur|gerente|jefe|jefa|encargad[oa]|responsable|responsabile|adjunct|senior|head|officer|sergeant|constable|inspector|detective|lieutenant|colonel|major|general|admiral|commander|commissioner|councill?or|senator|governor|mayor|ambassador|chancellor|provost|president|director|chair(?:man|woman|person)?|headmaster|headmistress|teacher|instructor|lecturer|attorney|counsell?or|justice|magistrate|secretary|` +
	`pfarrer(?:in)?|schwester|bruder|oberarzt|oberärztin|chefarzt|chefärztin|maître|don|doña|dña|lic|maestr[oa]|padre|hermana|suor|bapak|pak|ibu|bu|mas|mbak|anh|chị|ông|bà|khun|คุณ)$`)

// compoundOffice are those of which German and its neighbours make longer ones.
var compoundOffice = lazy(`(?i)(?:leiter|direktor|präsident|meister|vorstand|führer|sprecher|chef|kapitän|anwält|ärzt|anwalt|arzt|berater|professor|doktor|minister|kanzler|rektor|dekan|ingenieur|magister|rat|rät)(?:in)?$`)

// aloneOffice are offices by which a reader may be called without a name, in the forms in
// which languages call. Dean and its kin are left out: they are first names.
var aloneOffice = lazy(`(?i)^(?:coach|chef|professor(?:in|a|e|essa)?|professeure?|profesor(?:a|ze|e|ko|ka)?|doctora?|doktor(?:in|ze|e|ko|ka|nő)?|docteure?|dottore(?:ssa)?|dottoressa|doutora?|direktor(?:in|e|ko|ka)?|directora?|directeur|directrice|direttore|direttrice|diretora?|dyrektor(?:ze|ko)?|ředitel(?:i|ko|ka)?|riaditeľ(?:ka)?|igazgató(?:nő)?|müdür(?:üm)?|hocam|prezes(?:ie)?|mecenas(?:ie)?|kierowni(?:k|ku|czko)|inżynier(?:ze)?|inženýr(?:e|ko|ka)?|` +
	`ingegnere|avvocat[oa]|ingenier[oa]|arquitect[oa]|licenciad[oa]|engenheir[oa]|magistr[oea]|magister|redaktor(?:ze|ko)?|präsident(?:in)?|présidente?|presidente|bürgermeister(?:in)?|maire|proviseure?|rectrice|recteur|dekan(?:in|ie|e)?|decan[oa]|rektor(?:in|ze|e|ko)?|maestr[oa]|reverend|rabbi|senator|hölgyem|uram|asszonyom|\pL*orvos|tanár(?:nő)?|директор(?:е)?|профессор(?:е)?|доктор(?:е)?|καθηγητά|διευθυντά|διευθύντρια)$`)

// byOffice reports whether a reader is called by an office and no name: behind a form of
// address what begins with a small letter is none either, but for the words that belong to
// names.
func byOffice(called string) bool {
	all := strings.Fields(plain(called))
	titled := false
	for len(all) > 0 && (addressedAs(all[0]) != "" || titled && isArticle(all[0])) {
		titled, all = true, all[1:]
	}
	if len(all) > 0 && addressedAs(all[len(all)-1]) != "" { // "Igazgató Úr"
		titled, all = true, all[:len(all)-1]
	}
	if len(all) != 1 {
		return false
	}
	w := strings.Trim(all[0], ".,:!")
	return aloneOffice().MatchString(w) || titled && isCompound(w) || titled && unicode.IsLower([]rune(w + "X")[0]) && !isParticle(w)
}

// isCompound reports whether an office bears what it is an office of: "Schulleiterin" is
// nobody's name, and "Meister" may be.
func isCompound(w string) bool {
	const least = 3 // letters
	at := compoundOffice().FindStringIndex(w)
	return at != nil && at[0] >= least && !inherited().MatchString(w)
}

// inherited are those that became family names: Hofmeister, Konrat.
var inherited = lazy(`(?i)(?:meister|führer|rat)$`)

func isArticle(w string) bool {
	switch strings.ToLower(w) {
	case "le", "la", "l'", "the":
		return true
	}
	return false
}

// withoutOffice is what a greeting calls behind the offices before a name and the
// abbreviations of titles; false if it has none. An initial is one only of the reader's.
func withoutOffice(called string, p scheduler.Person) (rest []string, ok bool) {
	all := strings.Fields(plain(called))
	titled := false
	for n := len(all) - 2; n > 0; n-- { // what stands before an office says which: "Store Manager", "Sous Chef"
		if isOffice(all[n]) {
			ok, titled, all = true, true, all[n+1:]
			break
		}
	}
	for len(all) > 1 && (isTitle(all[0]) || isOffice(all[0]) || isAbbreviated(all[0], p) || titled && unicode.IsLower([]rune(all[0])[0]) && !isParticle(all[0])) {
		ok, titled = ok || !isTitle(all[0]), true
		all = all[1:]
	}
	if patronymic().MatchString(all[len(all)-1]) && len(all) > 1 {
		ok, all = true, all[:len(all)-1]
	}
	for _, w := range all {
		if w = strings.Trim(w, nameMarks); w != "" && !isTitle(w) {
			rest = append(rest, w)
		}
	}
	return rest, ok
}

func isOffice(w string) bool {
	w = strings.Trim(w, ".,")
	return beforeName().MatchString(w) || compoundOffice().MatchString(w) || strings.EqualFold(w, "manager")
}

// patronymic is what Russian and Ukrainian put behind a first name.
var patronymic = lazy(`(?:вич|вна|ична|ївна|йович)$`)

// isAbbreviated reports whether a word is cut short by a full stop, as titles are: "Lt.",
// "Gent.ma", "Dipl.-Ing.".
func isAbbreviated(w string, p scheduler.Person) bool {
	i := strings.IndexByte(w, '.')
	if i <= 0 {
		return false
	}
	if r := []rune(w[:i]); len(r) == 1 {
		return slices.ContainsFunc(strings.Fields(p.Name), func(n string) bool { return []rune(n)[0] == r[0] })
	}
	return true
}

// comparable reports whether a name in a greeting can be compared with that of the files: a
// letter of one alphabet says nothing about a name that is known in another.
func comparable(called string, p scheduler.Person) bool {
	known := alphabets(p.Name + p.Greet)
	if len(known) == 0 {
		return true
	}
	for _, a := range alphabets(called) {
		if slices.Contains(known, a) {
			return true
		}
	}
	return false
}

// alphabets are those of the letters of a text. What East Asia writes together counts as one.
func alphabets(s string) []*unicode.RangeTable {
	var all []*unicode.RangeTable
	for _, r := range s {
		a := unicode.Latin
		for _, t := range []*unicode.RangeTable{unicode.Cyrillic, unicode.Greek, unicode.Hebrew, unicode.Arabic, unicode.Devanagari, unicode.Bengali, unicode.Armenian, unicode.Georgian, unicode.Thai, unicode.Hangul, unicode.Han} {
			if unicode.Is(t, r) {
				a = t
			}
		}
		if unicode.In(r, unicode.Hiragana, unicode.Katakana) {
			a = unicode.Han
		}
		if unicode.IsLetter(r) && !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	return all
}
