package proofread

import (
	"maps"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"afterword/scheduler"
	"afterword/scheduler/calendar"
)

// monthNames and dayNames are how the languages that letters are written in name them, in
// the forms that stand in a date, January and Monday first. Croatian is left out: its
// listopad is October.
const (
	monthNames = "january janvier januar jänner enero gennaio januari janeiro stycznia styczeń ledna leden januára tammikuuta ocak ianuarie január jaanuaril jan janv|" +
		"february février februar febrero febbraio februari fevereiro lutego luty února únor februára helmikuuta şubat februarie február veebruaril feb févr|" +
		"march mars märz marzo maart março marca marzec března březen maaliskuuta martie március mar|" +
		"april avril abril aprile kwietnia kwiecień dubna duben apríla huhtikuuta nisan aprilie április aprillil apr avr|" +
		"may mai mayo maggio mei maio maja maj května květen mája toukokuuta mayıs május|" +
		"june juin juni junio giugno junho czerwca czerwiec června červen júna kesäkuuta haziran iunie június juunil jun|" +
		"july juillet juli julio luglio julho lipca lipiec července červenec júla heinäkuuta temmuz iulie július juulil jul juil|" +
		"august août agosto augustus sierpnia sierpień srpna srpen augusta augusti elokuuta ağustos augusztus augustil aug|" +
		"september septembre septiembre settembre setembro września wrzesień září septembra syyskuuta eylül septembrie szeptember septembril sept sep|" +
		"october octobre oktober octubre ottobre outubro października październik října říjen októbra lokakuuta ekim octombrie október oktoobril oct okt|" +
		"november novembre noviembre novembro listopada listopad listopadu novembra marraskuuta kasım noiembrie novembril nov|" +
		"december décembre dezember diciembre dicembre dezembro grudnia grudzień prosince prosinec decembra joulukuuta aralık decembrie detsembril dec déc dez dic"
	dayNames = "monday lundi montag lunes lunedì maandag segunda-feira poniedziałek poniedziałku pondělí pondelok måndag måndagen mandag mandagen maanantaina maanantai pazartesi luni|" +
		"tuesday mardi dienstag martes martedì dinsdag terça-feira wtorek wtorku úterý utorok tisdag tisdagen tirsdag tirsdagen tiistaina tiistai salı marți|" +
		"wednesday mercredi mittwoch miércoles mercoledì woensdag quarta-feira środa środę środy středa středu streda stredu onsdag onsdagen keskiviikkona keskiviikko çarşamba miercuri|" +
		"thursday jeudi donnerstag jueves giovedì donderdag quinta-feira czwartek czwartku čtvrtek čtvrtku štvrtok torsdag torsdagen torstaina torstai perşembe joi|" +
		"friday vendredi freitag viernes venerdì vrijdag sexta-feira piątek piątku pátek pátku piatok fredag fredagen perjantaina perjantai cuma vineri|" +
		"saturday samedi samstag sonnabend sábado sabato zaterdag sobota sobotę sobotu lördag lördagen lørdag lørdagen lauantaina lauantai cumartesi sâmbătă|" +
		"sunday dimanche sonntag domingo domenica zondag niedziela niedzielę neděle neděli nedeľa nedeľu söndag söndagen søndag søndagen sunnuntaina sunnuntai pazar duminică"
	// dayStems are those that stand in no date here, and what begins the words that say "of Monday" in one.
	dayStems = "poniedziałkow pondělní pondelkov понедельник понеділок hétfő δευτέρα ponedjeljak esmaspäev|wtorkow úterní utorkov вторник вівторок kedd τρίτη utorak teisipäev|środow středeční stredajš среду середу szerd τετάρτη srijedu kolmapäev|czwartkow čtvrteční štvrtkov четверг четвер csütörtök πέμπτη četvrtak neljapäev|piątkow páteční piatkov пятницу п'ятницю péntek παρασκευή petak reede|sobotni sobotní sobotňajš субботу суботу szombat σάββατο σαββάτου subotu laupäev|niedzieln nedělní nedeľn воскресенье неділю vasárnap κυριακή nedjelju pühapäev"
)

// numbered names from 1.
func numberedNames(names string) map[string]int {
	all := map[string]int{}
	for i, same := range strings.Split(names, "|") {
		for _, name := range strings.Fields(same) {
			all[name] = i + 1
		}
	}
	return all
}

var months = sync.OnceValue(func() map[string]int { return numberedNames(monthNames) })

var weekdays = sync.OnceValue(func() map[string]int {
	all := numberedNames(dayNames)
	maps.Copy(all, numberedNames(dayStems))
	return all
})

// weekdayOf is the day that a name means in any of the languages.
func weekdayOf(name string) (time.Weekday, bool) {
	n, ok := weekdays()[strings.ToLower(name)]
	return time.Weekday(n % 7), ok
}

// writtenDay finds a day of a month, with the day of the week before it where
// there is one: "Monday, 23 November", "November 23rd, 2026", "le lundi 23
// novembre", "Montag, den 23. November", "el lunes 23 de noviembre".
var writtenDay = sync.OnceValue(func() *regexp.Regexp {
	list := func(names string) string {
		return `(` + strings.ReplaceAll(strings.ReplaceAll(names, " ", "|"), "||", "|") + `)`
	}
	day, month := list(dayNames), list(monthNames)
	const year = `(?:,? (?:de )?(\d{4}))?`
	return regexp.MustCompile(`(?i)(?:^|[^\pL\d])(?:` + day + `(?:,? (?:the |den |dem |d\. |dne |dnia |le |el |il )?| ))?(?:(\d{1,2})(?:st|nd|rd|th|er|\.)?(?: of| de)? ` + month + year +
		`|` + month + `\.? (\d{1,2})(?:st|nd|rd|th)?` + year + `)(?:$|[^\pL\d])`)
})

// written is a date as a text names it.
type written struct {
	words    string
	day      calendar.Date
	weekday  time.Weekday
	named    bool // it says the day of the week
	missing  bool // no month has such a day
	from, to int
}

// writtenDates are those of a text. Without a year the one nearest to when the
// mail leaves is meant.
func writtenDates(text string, leaves calendar.Date) []written {
	if !strings.ContainsAny(text, "0123456789") {
		return nil // most passages hold none, and each expression costs as much as the rest of a rule
	}
	return append(append(namedDates(text, leaves), numberedDates(text)...), daysOfMonth(text, leaves)...)
}

// namesMonth reports whether a word of the text is the name of a month.
func namesMonth(text string) bool {
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if months()[strings.ToLower(w)] > 0 {
			return true
		}
	}
	return false
}

// namedDates are those that name their month.
func namedDates(text string, leaves calendar.Date) []written {
	if !namesMonth(text) {
		return nil
	}
	var all []written
	for _, at := range writtenDay().FindAllStringSubmatchIndex(text, -1) {
		parts := submatches(text, at)
		day, month, year := parts[2], parts[3], parts[4]
		if day == "" {
			day, month, year = parts[6], parts[5], parts[7]
		}
		d, ok := nearest(day, months()[strings.ToLower(month)], year, leaves)
		w := written{words: parts[0], day: d, missing: !ok, from: at[0], to: at[1]}
		w.weekday, w.named = weekdayOf(parts[1])
		if n, _ := strconv.Atoi(day); w.missing && (n > 31 || parts[2] == "" && !w.named) {
			continue // "in May 40 engineers", "in February 30 engineers"
		}
		all = append(all, w)
	}
	return all
}

// numberedDay is a date in figures whose order is beyond doubt.
var numberedDay = lazy(`(?:^|[^\pL\d./-])(?:(\d{4})-(\d{2})-(\d{2})|(\d{1,2})\.(\d{1,2})\.(\d{4}))(?:$|[^\pL\d/-])`)

// numberedDates are those of a text.
func numberedDates(text string) []written {
	var all []written
	for _, at := range numberedDay().FindAllStringSubmatchIndex(text, -1) {
		parts := submatches(text, at)
		year, month, day := parts[1], parts[2], parts[3]
		if year == "" {
			day, month, year = parts[4], parts[5], parts[6]
		}
		n, _ := strconv.Atoi(month)
		if d, ok := nearest(day, n, year, calendar.Date{}); ok { // else it may be no date: 2.15.2024 is a version
			all = append(all, written{words: parts[0], day: d, from: at[0], to: at[1]})
		}
	}
	return all
}

// dayOfMonth is a day of the week with a day of the month alone: "Monday the 24th".
var dayOfMonth = lazy(`(?i)(?:^|[^\pL\d])(monday|tuesday|wednesday|thursday|friday|saturday|sunday),? (?:the )?(\d{1,2})(?:st|nd|rd|th)(?:$|[^\pL\d])`)

// monthBehind tells that the month follows, so that the whole date was read already.
var monthBehind = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^ ?(?:of )?(?:` + strings.ReplaceAll(strings.ReplaceAll(monthNames, " ", "|"), "||", "|") + `)(?:$|[^\pL])`)
})

// monthBefore is a month that the sentence named before: "in January I am free on Friday the 22nd".
var monthBefore = lazy(`\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b`)

// daysOfMonth are those of a text that name the month nowhere. The month meant is the
// one, from the last to the next, in which the two days agree; where they agree in none
// the date is wrong.
func daysOfMonth(text string, leaves calendar.Date) []written {
	var all []written
	for _, at := range dayOfMonth().FindAllStringSubmatchIndex(text, -1) {
		s := sentenceAround(text, at[2])
		if monthBehind().MatchString(text[at[5]+2:]) || monthBefore().MatchString(s.text[:max(0, at[2]-s.from)]) {
			continue
		}
		parts := submatches(text, at)
		w := written{words: parts[0], from: at[0], to: at[1], named: true, missing: true}
		w.weekday, _ = weekdayOf(parts[1])
		day, _ := strconv.Atoi(parts[2])
		for n := -1; n <= 1; n++ {
			t := time.Date(leaves.Year, leaves.Month+time.Month(n), day, 0, 0, 0, 0, time.UTC)
			if t.Day() != day {
				continue
			}
			if w.missing || w.day.Weekday() != w.weekday && (t.Weekday() == w.weekday || n == 0) {
				w.day, w.missing = calendar.DateOf(t), false
			}
		}
		all = append(all, w)
	}
	return all
}

// nearest is the day with that number; false if no such day exists.
func nearest(day string, month int, year string, leaves calendar.Date) (calendar.Date, bool) {
	d, _ := strconv.Atoi(day)
	y, err := strconv.Atoi(year)
	if err != nil {
		y = leaves.Year
		if ahead := month - int(leaves.Month); ahead > 6 {
			y--
		} else if ahead < -6 {
			y++
		}
	}
	t := time.Date(y, time.Month(month), d, 0, 0, 0, 0, time.UTC)
	return calendar.DateOf(t), t.Day() == d && int(t.Month()) == month
}

// wrongDate finds a date whose day of the week is another one, and one that
// dates the meeting and is none of its days.
func (m *mail) wrongDate(leaves calendar.Date) []scheduler.Finding {
	known := m.knownDays()
	for _, p := range m.text.prose() {
		for _, w := range writtenDates(p.text, leaves) {
			place := p.at(w.from + 1)
			if w.from == 0 {
				place = p.at(0)
			}
			if _, dates := datesMeeting(p.text, w, leaves); w.missing && !w.named && !dates {
				continue
			}
			if w.missing {
				return found(place, "%q is no day that there is; write the day as it is", w.words)
			}
			if w.named && w.weekday != w.day.Weekday() {
				return found(place, "%q is wrong: that day is a %s; write the day as it is", w.words, w.day.Weekday())
			}
			if len(known) == 0 || holds(known, w.day) || abs(w.day.Year-known[0].Year) > 1 {
				continue
			}
			if severity, ok := datesMeeting(p.text, w, leaves); ok {
				return graded(severity, place, "%q is no day on which you met: the interview was on %s; write the day", w.words, known[0].WordsIn(w.day.Year))
			}
		}
	}
	return nil
}

func abs(n int) int { return max(n, -n) }

func holds(days []calendar.Date, d calendar.Date) bool {
	for _, day := range days {
		if day == d {
			return true
		}
	}
	return false
}

// knownDays are those that the facts of the application name, its interviews
// first: held ones and those to come.
func (m *mail) knownDays() []calendar.Date {
	days := meetingDays(m)
	if len(days) == 0 {
		return nil
	}
	for _, i := range m.in.Application.Interviews {
		if !i.At.IsZero() {
			days = append(days, calendar.DateOf(i.At.In(m.in.Leaves.Location())))
		}
	}
	if by := m.in.Application.DecisionBy; !by.IsZero() {
		days = append(days, by)
	}
	return days
}

// datesMeeting reports whether a date stands behind the meeting that it dates.
// What lies ahead is one only where the words look back. That two people "met"
// may be told of a fair as well, so it is only a warning.
func datesMeeting(text string, w written, leaves calendar.Date) (scheduler.Severity, bool) {
	s := sentenceAround(text, w.from)
	before := s.text[:max(0, w.from-s.from)]
	behind := s.text[min(len(s.text), max(0, w.to-s.from-1)):]
	if nounBehind().MatchString(behind) && ourBefore().MatchString(before) || datedNoun().MatchString(behind) {
		return scheduler.Error, !w.day.After(leaves)
	}
	if opens := strings.Trim(strings.ToLower(before), " "); opens == "" || opens == "on" || opens == "am" || opens == "le" || opens == "el" {
		return scheduler.Warning, !w.day.After(leaves) && dayFirst().MatchString(behind) && meeting().MatchString(behind)
	}
	before = courtesy().ReplaceAllString(ofThePost().ReplaceAllString(before, ""), "")
	if cut := clauseCut().FindAllStringIndex(before+" ", -1); len(cut) > 0 {
		before = before[min(cut[len(cut)-1][1], len(before)):]
	}
	severity := scheduler.Error
	at := lastIndex(ourMeeting(), before)
	if met := lastIndex(weMet(), before); met > at {
		severity, at = scheduler.Warning, met
	}
	if at < 0 || len(words(before[at:])) > 4 || thoughtOpens().MatchString(strings.ReplaceAll(before[at:], " of ", " ")) || offering().MatchString(before) || ahead().MatchString(before) {
		return "", false
	}
	return severity, !w.day.After(leaves) || pastWords().MatchString(before)
}

// nounBehind is the meeting that a date stands before, where ourBefore says whose it is:
// "our 24 November interview". datedNoun is the same in languages that mark the date.
var (
	nounBehind = lazy(`(?i)^\W*(?:interview|meeting|conversation|call|chat|discussion)\b`)
	ourBefore  = lazy(`(?i)\b(?:our|my)\s*$`)
	datedNoun  = lazy(`(?i)^\W*(?:tarihindeki|tarihli|tarihinde|günkü|pidetyn|pidetty|pidetystä|a?i|án|én) (?:\pL+ ){0,2}(?:görüşme|haastattelu|interjú|beszélgetés)`)
)

// courtesy is how a writer begins to speak of what lies behind.
var courtesy = lazy(`(?i)\b(?:i(?:'d| would| want(?:ed)?)(?: like)? to (?:\pL+ )?(?:thank|follow|express|say)|i(?:'m| am) (?:just )?(?:writing(?: to| about| regarding)?|(?:following up|reaching out|getting in touch|getting back to you)(?: with you)?(?: on| about| regarding| after)?))\b`)

// ofThePost is what may stand between a meeting and its day: for which post it was, and
// that it was held.
var ofThePost = lazy(`(?i) (?:for|about|regarding|concerning|as) (?:the |an? |your |our )?(?:above |advertised )?(?:[\pL/&.-]+ ){0,5}(?:position|role|post|job|vacancy|opening)\b| (?:that|which) (?:we|i|you) (?:\pL+ )?(?:had|held|gave me|granted me)\b(?: with (?:you|me))?` +
	`| and (?:(?:Mr|Mrs|Ms|Dr|Prof)\.? )?\p{Lu}[\pL'-]+| (?:que|qu') ?(?:nous avons eu|j'ai eu|vous m'avez accordé|vous avez bien voulu m'accorder)(?: avec vous)?| que (?:mantuvimos|tuvimos|tuve|me concedió)(?: con usted)?|, das (?:wir|ich|sie)(?: mit \pL+)?(?: \pL+)? (?:geführt haben|hatten?|führten|führte)`)

// dayFirst is how a sentence goes on that begins with the day of a meeting.
var dayFirst = lazy(`(?i)^,? ?(?:we (?:met|spoke|talked)|i (?:met|interviewed|was interviewed|had (?:an?|the|my) (?:\pL+ )?interview|spoke)|(?:hatte|hatten|habe|haben|durfte|sprachen) (?:ich|wir)|nous (?:nous sommes|avons)|vous m'avez|j'ai (?:eu|passé)|mantuvimos|tuvimos|tuve)\b`)

// ourMeeting finds the nouns that name the meeting itself, where they are said
// of this one; weMet the verbs.
var ourMeeting = lazy(`(?i)(?:^|[^\pL])(?:interview(?:ed)?|(?:our|my|for the|for a|notre|votre|mon|unser\pL*|mein\pL*|das|nuestra|mi|la|l'|l’)[ ]?(?:[\pL-]+ )?(?:conversation|talk|chat|meeting|call|discussion|visit|session|panel|entretien|rencontre|rendez-vous|termin|gespräch|treffen|entrevista|conversación|reunión|cita)|entretien|gespräch|entrevista|` +
	`(?:nostr[oa]|il|lo|l'|del|dell')[ ]?(?:[\pL-]+ )?(?:colloquio|incontro|conversazione|chiacchierata)|colloquio|(?:ons|het|onze|de)(?: [\pL-]+)? (?:gesprek|kennismaking|ontmoeting)|gesprek|(?:noss[ao]|pela|da|a|pelo)(?: [\pL-]+)? (?:conversa|reunião|entrevista|encontro)|` +
	`(?:rozm[oó]w|spotkani|pohovor|rozhovor|setkání|stretnuti|schůzk|haastattelu|keskustelu|tapaami|görüşme|intervju|interjú|beszélgetés|vestlus|kohtumis)\pL*|samtal(?:et?|en|)|møtet|møde(?:t)?|mötet?|interviewet|interviul\pL*|discuți\pL+)(?:$|[^\pL])`)

var weMet = lazy(`(?i)(?:^|[^\pL])(?:we (?:met|spoke|talked|chatted)|(?:talk|talking|speak|speaking|meet|meeting|chat|chatting|time) (?:with|to) me|(?:meeting|meet|speaking with|talking (?:with|to)) you)(?:$|[^\pL])`)

var ahead = lazy(`(?i)\b(?:next|first|second|third|following|upcoming|further|another|future|final|fair|conference|summit|meetup|your|his|her|their)\b`)
