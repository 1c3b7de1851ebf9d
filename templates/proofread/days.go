package proofread

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"afterword/scheduler"
	"afterword/scheduler/calendar"
)

// relative is a way to name a day that is true on some days only.
type relative struct {
	attempt
	// fits tells whether a day can be called so on the day the mail leaves.
	// The words are what the expression found.
	fits func(day, leaves calendar.Date, words []string) bool
	// vague expressions speak as often of the present in general ("today"), so
	// they count only close to the meeting that they date.
	vague bool
}

// relatives are the expressions by language.
var relatives = sync.OnceValue(func() map[string][]relative {
	const days = `monday|tuesday|wednesday|thursday|friday|saturday|sunday`
	row := func(expression string, fits func(day, leaves calendar.Date, words []string) bool, vague bool) relative {
		return relative{newAttempt(`(?:^|[^\pL\d])`, expression, `(?:$|[^\pL\d'])`), fits, vague}
	}
	return map[string][]relative{
		"fr": {
			row(`avant-hier`, daysAgo(2, 2), false), row(`hier(?: soir| matin| après-midi)?`, daysAgo(1, 1), false),
			row(`aujourd'hui|ce matin|cet après-midi|ce soir`, daysAgo(0, 0), true), row(`la semaine (?:dernière|passée)`, weeksAgo(1), false),
			row(`(?:ce |de |du )?(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)(?: dernier| passé)?`, namedDay, true),
		},
		"de": {
			row(`vorgestern|vorgestrige[nrsm]?`, daysAgo(2, 2), false), row(`gestern|gestrige[nrsm]?`, daysAgo(1, 1), false),
			row(`heutige[nrsm]?`, daysAgo(0, 0), true),
			row(`heute(?: morgen| vormittag| nachmittag| abend)?`, daysAgo(0, 0), true), row(`(?:letzte|vergangene|vorige)r? woche`, weeksAgo(1), false),
			row(`(?:am|vom|letzten|vergangenen) (montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)`, namedDay, true),
		},
		"es": {
			row(`anteayer|antes de ayer`, daysAgo(2, 2), false), row(`ayer`, daysAgo(1, 1), false),
			row(`hoy|esta (?:mañana|tarde|noche)`, daysAgo(0, 0), true), row(`la semana pasada`, weeksAgo(1), false),
			row(`(?:el|del) (?:pasado )?(lunes|martes|miércoles|jueves|viernes|sábado|domingo)(?: pasado)?`, namedDay, true),
		},
		"it": {
			row(`l'altro ieri|avantieri`, daysAgo(2, 2), false), row(`ieri(?: mattina| pomeriggio| sera)?`, daysAgo(1, 1), false),
			row(`oggi|stamattina|stamane|questa (?:mattina|sera)|questo pomeriggio`, daysAgo(0, 0), true), row(`la (?:scorsa settimana|settimana scorsa)`, weeksAgo(1), false),
			row(`(?:di |il |lo scorso |di questo )?(lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica)(?: scorso| scorsa)?`, namedDay, true),
		},
		"nl": {
			row(`eergisteren`, daysAgo(2, 2), false), row(`gisteren(?:ochtend|middag|avond)?`, daysAgo(1, 1), false),
			row(`vandaag|van(?:ochtend|morgen|middag|avond)`, daysAgo(0, 0), true), row(`(?:vorige|afgelopen) week`, weeksAgo(1), false),
			row(`(?:op|van|afgelopen|vorige) (maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)`, namedDay, true),
		},
		"pt": {
			row(`anteontem`, daysAgo(2, 2), false), row(`ontem(?: de manhã| à tarde| à noite)?`, daysAgo(1, 1), false),
			row(`hoje|[dn]?esta (?:manhã|tarde|noite)`, daysAgo(0, 0), true), row(`(?:na |da )?semana passada`, weeksAgo(1), false),
			row(`(?:de |na |da )?((?:segunda|terça|quarta|quinta|sexta)-feira|sábado|domingo)(?: passad[ao])?`, namedDay, true),
		},
		"pl": {
			row(`przedwczoraj\pL*`, daysAgo(2, 2), false), row(`wczoraj\pL*`, daysAgo(1, 1), false), row(`dzisiaj|dziś|dzisiejsz\pL+`, daysAgo(0, 0), true),
			row(`(poniedziałkow|wtorkow|środow|czwartkow|piątkow|sobotni|niedzieln)\pL*`, namedDay, true),
			row(`we? (?:zeszł\pL+ |ostatni\pL* )?(poniedziałek|wtorek|środę|czwartek|piątek|sobotę|niedzielę)`, namedDay, true),
		},
		"cs": {
			row(`předevčír\pL*`, daysAgo(2, 2), false), row(`včera(?:jš\pL+)?`, daysAgo(1, 1), false), row(`dnes(?:ka)?|dneš\pL+`, daysAgo(0, 0), true),
			row(`(pondělní|úterní|středeční|čtvrteční|páteční|sobotní|nedělní)\pL*`, namedDay, true),
			row(`(?:ve?|minul[éýo]u?) (pondělí|úterý|středu|čtvrtek|pátek|sobotu|neděli)`, namedDay, true),
		},
		"sk": {
			row(`predvčer\pL*`, daysAgo(2, 2), false), row(`včera(?:jš\pL+)?`, daysAgo(1, 1), false), row(`dnes|dneš\pL+`, daysAgo(0, 0), true),
			row(`(pondelkov|utorkov|stredajš|štvrtkov|piatkov|sobotňajš|nedeľn)\pL*`, namedDay, true),
			row(`(?:vo?|minul[ýú]) (pondelok|utorok|stredu|štvrtok|piatok|sobotu|nedeľu)`, namedDay, true),
		},
		"sv": {
			row(`i förrgår`, daysAgo(2, 2), false), row(`i ?går(?:dagens)?|gårdagens`, daysAgo(1, 1), false), row(`i ?dag|dagens|i morse`, daysAgo(0, 0), true),
			row(`i (måndag|tisdag|onsdag|torsdag|fredag|lördag|söndag)s`, namedDay, true),
		},
		"da": {
			row(`i ?forgårs`, daysAgo(2, 2), false), row(`i ?går|gårsdagens`, daysAgo(1, 1), false), row(`i ?dag|dagens|i morges`, daysAgo(0, 0), true),
			row(`i (mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag)s`, namedDay, true),
		},
		"nb": {
			row(`i ?forgårs`, daysAgo(2, 2), false), row(`i ?går|gårsdagens`, daysAgo(1, 1), false), row(`i ?dag|dagens|i morges|i dag tidlig`, daysAgo(0, 0), true),
			row(`(?:på|sist|forrige) (mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag)`, namedDay, true),
		},
		"fi": {
			row(`toissapäiv\pL*`, daysAgo(2, 2), false), row(`eilen|eili\pL+`, daysAgo(1, 1), false), row(`tänään|tämänpäivä\pL+`, daysAgo(0, 0), true),
			row(`(maanantai|tiistai|keskiviikko|torstai|perjantai|lauantai|sunnuntai)\pL*`, namedDay, true),
		},
		"tr": {
			row(`önceki gün`, daysAgo(2, 2), false), row(`dün(?:kü)?`, daysAgo(1, 1), false), row(`bugün(?:kü)?`, daysAgo(0, 0), true),
			row(`(pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar) (?:günü|günkü)`, namedDay, true),
		},
		"hu": {
			row(`tegnapelőtt\pL*`, daysAgo(2, 2), false), row(`tegnapi?`, daysAgo(1, 1), false), row(`mai?`, daysAgo(0, 0), true),
			row(`(hétfő|kedd|szerd|csütörtök|péntek|szombat|vasárnap)(?:i|ai|n|en|án|ön|on)?`, namedDay, true),
		},
		"et": {
			row(`üleeil\pL*`, daysAgo(2, 2), false), row(`eil(?:ne|se\pL*)?`, daysAgo(1, 1), false), row(`täna(?:ne|se\pL*)?`, daysAgo(0, 0), true),
			row(`(esmaspäev|teisipäev|kolmapäev|neljapäev|reede|laupäev|pühapäev)(?:l|al|ase\pL*|ane|se\pL*|ne)`, namedDay, true),
		},
		"ro": {
			row(`alaltăieri`, daysAgo(2, 2), false), row(`ieri`, daysAgo(1, 1), false), row(`azi|astăzi`, daysAgo(0, 0), true),
			row(`(?:de|din|ziua de) (luni|marți|miercuri|joi|vineri|sâmbătă|duminică)(?: trecută)?`, namedDay, true), // "luni" alone may be months
			row(`(marți|miercuri|joi|vineri|sâmbătă|duminică)(?: trecută)?`, namedDay, true),
		},
		"hr": {
			row(`prekjučer\pL*`, daysAgo(2, 2), false), row(`jučer(?:ašnj\pL+)?`, daysAgo(1, 1), false), row(`danas|današnj\pL+`, daysAgo(0, 0), true),
			row(`u (?:prošl\pL+ )?(ponedjeljak|utorak|srijedu|četvrtak|petak|subotu|nedjelju)`, namedDay, true),
		},
		"ru": {
			row(`позавчера\pL*`, daysAgo(2, 2), false), row(`вчера\pL*`, daysAgo(1, 1), false), row(`сегодня\pL*`, daysAgo(0, 0), true),
			row(`во? (?:прошл\pL+ )?(понедельник|вторник|среду|четверг|пятницу|субботу|воскресенье)`, namedDay, true),
		},
		"uk": {
			row(`позавчора\pL*`, daysAgo(2, 2), false), row(`[ву]чора\pL*`, daysAgo(1, 1), false), row(`сьогодні\pL*`, daysAgo(0, 0), true),
			row(`[ув] (?:минул\pL+ )?(понеділок|вівторок|середу|четвер|п'ятницю|суботу|неділю)`, namedDay, true),
		},
		"el": { // some days are ordinals in small letters: "η δευτέρα"
			row(`προχ[θτ]ές|προχ[θτ]εσιν\pL+`, daysAgo(2, 2), false), row(`[χε][χ]?[θτ]ες|χ[θτ]εσιν\pL+`, daysAgo(1, 1), false), row(`σήμερα|σημεριν\pL+`, daysAgo(0, 0), true),
			row(`(?-i:την?|το|(?:συνέντευξη|συνάντηση|συζήτηση|κουβέντα)ς? (?:της|του)|την περασμένη|την προηγούμενη) (?-i:(Δευτέρα|Τρίτη|Τετάρτη|Πέμπτη|Παρασκευή|Σάββατο|Σαββάτου|Κυριακή)ς?)`, namedDay, true),
		},
		"en": {
			row(`the day before yesterday`, daysAgo(2, 2), false),
			row(`yesterday(?:'s)?`, daysAgo(1, 1), false),
			row(`last night`, daysAgo(1, 1), false),
			row(`earlier today|(?:this|today's) (?:morning|afternoon|evening)(?:'s)?|tonight|(?:a few|some|\d+|two|three|four|five) hours ago|an hour ago`, daysAgo(0, 0), true),
			row(`today(?:'s)?`, daysAgo(0, 0), true),
			row(`a few days ago|a couple of days ago|some days ago`, daysAgo(2, 6), false),
			row(`(\d+|a|one|two|three|four|five|six|seven|ten) days? ago`, countedDays, false),
			row(`(?:last|the past|the previous) week(?:'s)?`, weeksAgo(1), false),
			row(`(?:earlier )?this week(?:'s)?`, weeksAgo(0), true),
			row(`(\d+|a|one|two|three|four|five|six) weeks? ago|a fortnight ago`, countedWeeks, false),
			row(`last month(?:'s)?`, monthsAgo(1), false),
			row(`(?:on|last|this|this past|past) (`+days+`)(?: morning| afternoon| evening)?`, namedDay, true),
			row(`(`+days+`)'s`, namedDay, true),
			row(`(?:chance|opportunity|letting me|allowing me|inviting me)(?: to)? spend (`+days+`)(?: morning| afternoon| evening)`, namedDay, true),
			row(`thank(?:s| you)(?: again| so much| very much)? for (`+days+`)(?: morning| afternoon| evening)?(?:[.!,;:–]| and | \pL+ing )`, namedDay, false),
			row(`(?:with|to|met|meeting|seeing) (?:me|us|you|him|her) (`+days+`)`, namedDay, true),
		},
	}
})

// daysAgo fits a day that lies from at least to at most so many days back.
func daysAgo(least, most int) func(day, leaves calendar.Date, _ []string) bool {
	return func(day, leaves calendar.Date, _ []string) bool {
		n := day.DaysUntil(leaves)
		return n >= least && n <= most
	}
}

// weeksAgo fits a day in the week, from Monday on, that began n weeks before
// the one in which the mail leaves.
func weeksAgo(n int) func(day, leaves calendar.Date, _ []string) bool {
	return func(day, leaves calendar.Date, _ []string) bool {
		return monday(day).DaysUntil(monday(leaves)) == 7*n && !day.After(leaves)
	}
}

func monday(d calendar.Date) calendar.Date { return d.AddDays(-((int(d.Weekday()) + 6) % 7)) }

func monthsAgo(n int) func(day, leaves calendar.Date, _ []string) bool {
	return func(day, leaves calendar.Date, _ []string) bool {
		return (leaves.Year-day.Year)*12+int(leaves.Month)-int(day.Month) == n
	}
}

// countedDays fits "three days ago".
func countedDays(day, leaves calendar.Date, words []string) bool {
	return day.DaysUntil(leaves) == number(words[1])
}

// countedWeeks fits "two weeks ago", give or take two days.
func countedWeeks(day, leaves calendar.Date, words []string) bool {
	n := 2
	if words[1] != "" {
		n = number(words[1])
	}
	off := day.DaysUntil(leaves) - 7*n
	return off >= -2 && off <= 2
}

var longAgo = lazy(`(?i)^(?:last|letzten|vergangenen) |(?:dernier|passé|pasado)$`)

// namedDay fits "on Monday" within the last week, and "last Monday" within two.
func namedDay(day, leaves calendar.Date, words []string) bool {
	most := 7
	if longAgo().MatchString(words[0]) {
		most = 13
	}
	n := day.DaysUntil(leaves)
	named, _ := weekdayOf(words[1])
	return day.Weekday() == named && n >= 0 && n <= most
}

// number reads a small number.
func number(w string) int {
	switch strings.ToLower(w) {
	case "a", "one":
		return 1
	case "two":
		return 2
	case "three":
		return 3
	case "four":
		return 4
	case "five":
		return 5
	case "six":
		return 6
	case "seven":
		return 7
	case "ten":
		return 10
	}
	n, err := strconv.Atoi(w)
	if err != nil {
		return -1
	}
	return n
}

// staleDay finds words such as "yesterday" that date a meeting and are not true
// on the day the mail leaves.
func staleDay(m *mail) []scheduler.Finding {
	if m.in.Leaves.IsZero() {
		return nil
	}
	leaves := calendar.DateOf(m.in.Leaves)
	if f := m.staleWish(leaves); f != nil {
		return f
	}
	if f := m.wrongDate(leaves); f != nil {
		return f
	}
	if f := m.staleMeeting(leaves); f != nil {
		return f
	}
	if f := m.staleInHan(leaves); f != nil {
		return f
	}
	return m.staleHour(m.in.Leaves)
}

// staleMeeting finds words for a day that the meeting was not on.
func (m *mail) staleMeeting(leaves calendar.Date) []scheduler.Finding {
	days := meetingDays(m)
	if len(days) == 0 {
		return nil
	}
	prose := m.text.prose()
	var lower []string
	for _, p := range prose {
		lower = append(lower, lowerIn(p.text))
	}
	for _, r := range slices.Concat(relatives()[language(m)], relatives()["en"]) {
		for n, p := range prose {
			if !r.worth(p.text, lower[n]) {
				continue
			}
			for _, at := range r.expression().FindAllStringSubmatchIndex(p.text, -1) {
				parts := submatches(p.text, at)
				if r, parts = moreExact(r, parts, p.text[at[1]-1:]); parts == nil {
					continue
				}
				if anyFits(r, days, leaves, parts) || !dates(p.text, at, r.vague) || m.inSaid(p, at, r.vague) {
					continue
				}
				return found(p.at(at[0]+1), "%q is not true on %s, when the mail leaves: the interview was on %s; write the day", parts[0], leaves.Words(), days[0].Words())
			}
		}
	}
	return nil
}

var lastWeekBehind = lazy(`(?i)^[ ,]*(?:(?:of |in )?(?:last week|the (?:week before|previous week|past week)|this week)|a week ago|(?:der|in der) (?:letzten|vergangenen|vorigen) woche|de la semaine (?:dernière|passée)|de la semana pasada)`)

var dateBehind = lazy(`(?i)^[ ,]*(?:the |den |dem |le |el )?(?:\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\pL* \d)`)

// moreExact reads what stands behind a day of the week: "on Monday of last
// week" names another Monday than "on Monday" does, and "on Monday, 23 November"
// is a date, which is looked at as one.
func moreExact(r relative, parts []string, behind string) (relative, []string) {
	if len(parts) < 2 {
		return r, parts
	}
	if _, ok := weekdayOf(parts[1]); !ok {
		return r, parts
	}
	if dateBehind().MatchString(behind) {
		return r, nil
	}
	if more := lastWeekBehind().FindString(behind); more != "" {
		n := 1
		if strings.Contains(strings.ToLower(more), "this") {
			n = 0
		}
		r.fits = func(day, leaves calendar.Date, words []string) bool {
			named, _ := weekdayOf(words[1])
			return day.Weekday() == named && weeksAgo(n)(day, leaves, nil)
		}
		parts = append([]string{parts[0] + strings.TrimRight(more, " ,")}, parts[1:]...)
	}
	return r, parts
}

func language(m *mail) string {
	tag := baseLanguage(m.in.Language)
	if tag == "en" {
		return "none"
	}
	return tag
}

// submatches are the words found, the whole first, without its surroundings.
func submatches(text string, at []int) []string {
	parts := []string{strings.Trim(text[at[0]:at[1]], " \t,.;:!?()\"'-–—")}
	for i := 2; i < len(at); i += 2 {
		if at[i] >= 0 {
			parts = append(parts, text[at[i]:at[i+1]])
		} else {
			parts = append(parts, "")
		}
	}
	return parts
}

// meetingDays are the days of the interviews of the application that have
// begun, this one first, as calendars show them at the meeting and at the
// recipient's place, and the day of the newest mail with the person.
func meetingDays(m *mail) []calendar.Date {
	var days []calendar.Date
	for _, i := range append([]scheduler.Interview{m.in.Interview}, m.in.Application.Interviews...) {
		if i.At.IsZero() || i.At.After(m.in.Leaves) && i.ID != m.in.Interview.ID {
			continue
		}
		days = append(days, calendar.DateOf(i.At.In(m.in.Leaves.Location())))
		if i.Zone != nil {
			days = append(days, calendar.DateOf(i.At.In(i.Zone)))
		}
	}
	if t := m.in.Thread; t != nil && !t.At.IsZero() && len(days) > 0 {
		days = append(days, calendar.DateOf(t.At.In(m.in.Leaves.Location())))
	}
	return days
}

func anyFits(r relative, days []calendar.Date, leaves calendar.Date, parts []string) bool {
	for _, d := range days {
		if r.fits(d, leaves, parts) {
			return true
		}
	}
	return false
}

// meeting finds the words by which letters speak of a meeting.
var meeting = lazy(`(?i)(?:^|[^\pL])(?:interview\w*|conversations?|talk(?:s|ed|ing)?|chat(?:s|ted|ting)?|meet(?:s|ing|ings)?|met|spea(?:k|king)|spoke|spoken|calls?|discuss\w*|visit\w*|session|exchange|your time|the time|taking time|(?:saw|seeing|see) you|asked|told me|mentioned|said|explained|shared|showed|showing|described|panel|pleasure|thank\w*|grateful|entretien|échang\w*|rencontr\w*|discut\w*|merci\w*|remerci\w*|gespräch\w*|treffen|dank\w*|unterh\w+|kennen\w*|vorzustellen|vorgestellt|entrevista\w*|conversación|reunión|gracias|charl\w+|habl\w+|` +
	`incontr\pL*|colloqui\pL*|conversazion\pL*|grazie|ringrazi\pL*|bedank\pL*|kennismak\pL*|gesprek\pL*|conversa\pL*|obrigad\pL*|agradec\pL*|rozm[oó]w\pL*|spotkani\pL*|dzięk\pL*|pohovor\pL*|setkání|schůzk\pL*|děkuj\pL*|intervju\pL*|tack|samtal\pL*|takk?|m[øö][dt]e\pL*|snak\pL*|` +
	`kiit\pL*|haastattelu\pL*|keskustelu\pL*|tapaami\pL*|teşekkür\pL*|görüşme\pL*|ďakuj\pL*|stretnuti\pL*|rozhovor\pL*|köszön\pL*|beszélget\pL*|interjú\pL*|aitäh|tänan|vestlu\pL*|kohtumi\pL*|` +
	`mulțum\pL*|discuți\pL*|interviu\pL*|hvala|zahval\pL*|razgovor\pL*|спасибо|благодар\pL*|разговор\pL*|собеседован\pL*|встреч\pL*|зустріч\pL*|дякую|розмов\pL*|співбесід\pL*|ευχαριστ\pL*|συνέντευξη\pL*|συνάντηση\pL*|συζήτηση\pL*|κουβέντα)(?:$|[^\pL])`)

var ownDeed = lazy(`(?i)\bI (?:\w+ )?(?:read|tried|built|wrote|watched|finished|signed up|installed)\b`)

var ownVoice = lazy(`\b(?:I|we|my|I've)\b`)

// dates reports whether the expression dates the meeting: its own clause, or
// where that is a bare one its sentence, speaks of one, and does not offer one.
func dates(text string, at []int, vague bool) bool {
	s := sentenceAround(text, at[0]+1)
	clause, before, after := clauseAround(s.text, at[0]+1-s.from, at[1]-s.from)
	if untilThen().MatchString(before) {
		return false
	}
	about := meeting()
	if vague {
		if thanksForDeed().MatchString(s.text[min(len(s.text), max(0, at[1]-s.from-1)):]) {
			return true
		}
		if behind, _, _ := strings.Cut(s.text[min(len(s.text), max(0, at[1]-s.from-1)):], ","); thatYouHave().MatchString(before) && haveAtEnd().MatchString(behind) || thatIWas().MatchString(before) && letAtEnd().MatchString(behind) && thanked().MatchString(s.text) {
			return true
		}
		lead := s.text[:min(len(s.text), at[0]+1-s.from)]
		return datesClosely(clause, before, after, about) || about.MatchString(s.text) && (wasHad().MatchString(lead) || metWords().MatchString(lead) && !offering().MatchString(courtesy().ReplaceAllString(clause, "")))
	}
	if about.MatchString(clause) {
		return !ownDeed().MatchString(clause)
	}
	own := ownVoice().MatchString(clause)
	return !own && (about.MatchString(s.text) || len(words(s.text)) <= 6)
}

// untilThen ends what stands before a day that bounds what is to come: "répondre avant
// vendredi".
var untilThen = lazy(`(?i)(?:^|[^\pL])(?:by|until|till|bis|vor|ab|avant|d'ici(?: à)?|jusqu'(?:à|au)|dès|antes(?: de)?|hasta|para|entro|prima di|fino a|vóór|tot|vanaf|uiterlijk|até|do|przed|před|senast|före|innan|senest|inden|innen|før)(?: (?:le|el|il|der|den|dem|de|het|o|a|am|zum))? *$`)

// metWords end what stands before the day of a meeting, whatever stood before them: "with
// me today", "met you and the team today".
var metWords = lazy(`(?i)\b(?:with (?:me|you|us)|(?:introduc|show)\w* (?:me|us)(?: [\pL']+){1,4}|(?:met|saw|meet|see|meeting|seeing|visited|visiting)(?: [\pL']+){1,5}),? $`)

// wasHad tells what is past whatever the clause asks for: "the interview that we had today".
var wasHad = lazy(`(?i)\b(?:that|which) (?:we|i) (?:had|held) $`)

var offering = lazy(`(?i)\b(?:would|could|can|may|might|shall|available|free|will|hope to|if|whenever|writing|write)\b|'d\b|'ll\b`)

// offeringElse is offering in other languages, and pastElse are words of theirs for what lies
// behind and is thanked for.
var (
	offeringElse = lazy(`(?i)(?:^|[^\pL])(?:könnte|kann|werde|falls|wenn|verfügbar|pourrais?|peux|pourrait|serais?|disponible|podría|puedo|estaré|estaría|potrei|posso|sarei|disponibile|poderia|estarei|estaria|kan|zou|zal|beschikbaar|mogę|mogł\pL+|mógł\pL+|będę|jeśli|chętnie|mohu|můžu|môžem|budu|budem|pokud|skulle|kommer|ville|hvis|voin|voisin|olisin|jos|` +
		`могу|мог\pL* бы|смог\pL+|буду|будет|если|свободн\pL+|можу|зможу|якщо|вільн\pL+|lenne|leszek|tudnék|tudok|szívesen|μπορώ|θα|διαθέσιμ\pL+|pot|voi|dacă|disponibil\pL*|mogu|bih|ako|saan|saaksin|oleksin|kui)(?:$|[^\pL])`)
	pastElse = lazy(`(?i)bedank|remerci|ringrazi|agradec|поблагодар|подяк|hálás|zahval|(?:^|[^\pL])(?:war|waren|hatten?|wurde|durfte|était|avons|ai|fue|fueron|tuve|tuvimos|è stat[oa]|foi|foram|was|waren|był[aoy]?|byl[aoiy]?|bol[aoi]?|var|oli|был[аои]?|бул[аио]|був|volt|ήταν|a fost|bil[aoi]?)(?:$|[^\pL])`)
)

var pastWords = lazy(`(?i)\b(?:thank\w*|enjoyed|met|spoke|talked|discussed|was|were|pleasure|had|grateful|merci|remerci\w*|danke?|gracias|grazie|ringrazi\w*|bedank\w*|obrigad\w*|agradec\w*|tack|takk?|hvala)\b|(?i)dzięk|děkuj|ďakuj|kiit|teşekkür|köszön|aitäh|tänan|mulțum|спасибо|благодар|дякую|ευχαριστ`)

var meetingNext = lazy(`(?i)^[^\pL]*(?:interview|conversation|talk|chat|meeting|call|discussion|visit|session|panel|gespräch|entretien|entrevista|colloquio|incontro|gesprek|conversa|(?:rozm[oó]w|spotkani|pohovor|rozhovor|setkání|schůzk|samtal|intervju|møde|møte|möte|haastattelu|keskustelu|tapaami|görüşme|razgovor|beszélgetés|interjú|vestlus|kohtumi|разговор|собеседован|встреч|розмов|співбесід|зустріч|συνέντευξ|συνάντησ|συζήτησ)\pL*)(?:$|[^\pL])`)

// topicOpens begins what a talk was about; Romanian and Russian put no article behind it.
var topicOpens = lazy(`(?i)\babout (?:how|what|why|which|where|the way)\b|(?:^|[^\pL])(?:despre|об?) \pL`)

var thoughtOpens = lazy(`(?i)\b(?:how|what|why|which|that|where|who|whose|of|as|than|like)\b`)

var aboutWord = lazy(`(?i)\babout\b`)

var roleEnds = lazy(`(?i)\b(?:role|position|job|opportunity|opening|team)\W*$`)

var startsAgain = lazy(`(?i)^\W*(?:I|we|you|it|was)\b`)

// datesClosely is for words that often mean the present in general: the
// meeting stands before them with nothing between that opens another thought,
// or right after them.
func datesClosely(clause, before, after string, about *regexp.Regexp) bool {
	clause = courtesy().ReplaceAllString(clause, "")
	offer := offering()
	past := pastWords()
	if offer.MatchString(clause) && !past.MatchString(before) || offeringElse().MatchString(clause) && !past.MatchString(clause) && !pastElse().MatchString(clause) {
		return false
	}
	noun := meetingNext()
	if noun.MatchString(after) {
		return !offer.MatchString(before)
	}
	topic := topicOpens().MatchString(before)
	if i := lastIndex(about, before); i >= 0 && !topic {
		between := before[i:]
		opens := thoughtOpens().MatchString(between)
		if topic := aboutWord().FindStringIndex(between); topic != nil {
			opens = opens || !roleEnds().MatchString(between)
		}
		if !opens && len(words(between)) <= 8 {
			return true
		}
	}
	if thanksNext().MatchString(after) {
		return true
	}
	start := startsAgain().MatchString(after) && len(words(before)) <= 2
	return start && about.MatchString(after) && past.MatchString(after) && !offer.MatchString(after) && !strings.Contains(after, "?")
}

// thanksNext is a sentence that thanks behind the day of what it thanks for: "für die
// Aufnahme am Freitag bedanke ich mich". thatYouHave and haveAtEnd are around a day on which
// the reader has done something, as German thanks for it: "dass Sie sich heute Zeit genommen
// haben".
var (
	thanksNext  = lazy(`(?i)^[^\pL]*(?:bedanke?|danke|möchte ich (?:mich|ihnen|dir)|je vous remercie|le agradezco|la ringrazio|bedank ik|agradeço|dziękuję|děkuji|ďakujem|tackar)\b`)
	thatYouHave = lazy(`(?i)^[^\pL]*dass (?:sie|ihr|du)(?: \pL+){0,3}\s*$`)
	// thanksForDeed is how Turkish thanks for what the reader did: "bugün bana zaman ayırdığınız için teşekkür ederim".
	thanksForDeed = lazy(`(?i)^(?:[ ]\pL+){0,4} \pL+(?:dığınız|diğiniz|duğunuz|düğünüz|tığınız|tiğiniz|tuğunuz|tüğünüz) için (?:\pL+ ){0,3}teşekkür`)
	// thatIWas and letAtEnd are around a day on which the writer was let do something, for which
	// the sentence thanks: "danke, dass ich am Montag probearbeiten durfte".
	thatIWas  = lazy(`(?i)^[^\pL]*dass (?:ich|wir)(?: \pL+){0,3}\s*$`)
	letAtEnd  = lazy(`(?i)\b(?:durften?|konnten?)[^\pL]*$`)
	thanked   = lazy(`(?i)\bdank`)
	haveAtEnd = lazy(`(?i)\b(?:genommen|empfangen|getroffen|gezeigt|geführt|eingeladen|zugehört|vorgestellt|beantwortet) (?:haben|habt|hast)[^\pL]*$`)
)

// lastIndex is where the last match ends, -1 without one.
func lastIndex(e *regexp.Regexp, s string) int {
	at := -1
	for from := 0; from < len(s); {
		i := e.FindStringIndex(s[from:])
		if i == nil {
			break
		}
		at = from + i[1] - 1
		from = max(at, from+i[0]+1)
	}
	return at
}

// sentenceAround is the sentence that holds the byte.
func sentenceAround(text string, at int) span {
	for _, s := range sentences(text) {
		if at < s.from+len(s.text) {
			return s
		}
	}
	return span{text, 0}
}

var clauseCut = lazy(`(?i)[,;:()]\s|\s[–—-]\s|\s(?:and|but|so|while|because|since|although|et|und|y)\s`)

// clauseAround is the part of a sentence around a stretch of it that no mark
// and no conjunction cuts.
func clauseAround(s string, from, to int) (clause, before, after string) {
	from, to = min(max(from, 0), len(s)), min(max(to-1, 0), len(s))
	cut := clauseCut()
	start := 0
	for _, i := range cut.FindAllStringIndex(s[:from]+" ", -1) {
		start = min(i[1], from)
	}
	end := len(s)
	if i := cut.FindStringIndex(s[max(to, from):]); i != nil {
		end = max(to, from) + i[0]
	}
	return s[start:end], s[start:from], s[max(to, from):end]
}

// inSaid reports whether a vague word stands in what the interviewer said.
func (m *mail) inSaid(p passage, at []int, vague bool) bool {
	if !vague {
		return false
	}
	for _, own := range m.own.prose() {
		if own.line == p.line && at[1] <= len(own.text) {
			return strings.Contains(own.text[at[0]:at[1]], "__")
		}
	}
	return false
}

// wish is a phrase that fits some days of the week.
type wish struct {
	expression search
	days       string // numbers of weekdays, Sunday is 0
}

var wishes = sync.OnceValue(func() []wish {
	const kind = `(?:a |the |your )?(?:(?:very |really )?(?:great|nice|good|lovely|wonderful|relaxing|restful|pleasant|rest of the|rest of your) )?`
	row := func(expression, days string) wish {
		return wish{newSearch(`\b`, []string{expression}, `\b`), days}
	}
	return []wish{
		row(`(?:have|enjoy|wish you) `+kind+`weekend`, "4560"), row(`(?:had|hope your|enjoyed) `+kind+`weekend`, "0123"),
		row(`happy monday`, "1"), row(`happy tuesday`, "2"), row(`happy wednesday`, "3"), row(`happy thursday`, "4"), row(`happy friday`, "5"),
	}
})

// staleWish finds wishes that belong to other days of the week.
func (m *mail) staleWish(leaves calendar.Date) []scheduler.Finding {
	for _, w := range wishes() {
		phrase, place, ok := m.hit(m.own.prose(), w.expression)
		if ok && !strings.Contains(w.days, strconv.Itoa(int(leaves.Weekday()))) {
			return found(place, "%q does not fit a %s, when the mail leaves", phrase, leaves.Weekday())
		}
	}
	return nil
}
