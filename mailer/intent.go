package mailer

import (
	"slices"
	"strings"
	"time"
)

// How many words before a phrase a negation, and a condition, still concern it.
const (
	negationReach  = 5
	conditionReach = 10
)

// maxStatementBytes bounds the text in which intents are sought: who has news
// tells it at the beginning.
const maxStatementBytes = 6 << 10

// maxPromise is the longest time in which word is promised that is believed.
const maxPromise = 120 * 24 * time.Hour

// intent reads what a mail seems to say about the application. It looks at
// the sender's own words only, never at quoted mail, and only at kinds that
// people or their programs write; it is a hint for the user, never a verdict.
func (c *classifier) intent() {
	r := &c.reading
	switch r.Kind {
	case AutoReply:
		r.ReturnDate = ReturnDate(c.m.Subject+".\n\n"+c.fresh().text, c.m.Date)
		c.hint(LeftFirm, NoMore)
		c.leftAnother()
		c.leftByName()
		r.Delegate = c.delegate()
	case Human, Notification:
		c.hint(NoMore, LeftFirm, Rejection, Offer, Decision, NextStep, Request)
		if r.LeftFirm {
			r.Delegate = c.delegate()
		}
	case CalendarCancel, CalendarRequest, CalendarReply:
		c.hint(Rejection, Offer)
	case Challenge, Bulk, Other, Bounce, Delay, ReadReceipt:
	}
}

// hint notes those of the intents that the mail shows.
func (c *classifier) hint(wanted ...Intent) {
	r, s := &c.reading, c.statement()
	for _, h := range s.hints() {
		if !slices.Contains(wanted, h.Intent) {
			continue
		}
		r.Hints = append(r.Hints, h)
		switch h.Intent {
		case LeftFirm:
			r.LeftFirm = true
		case Rejection:
			r.Rejection = true
		case Offer:
			r.Offer = true
		case NoMore:
			r.NoMore = true
		case NextStep:
			r.NextStep = true
		case Decision:
			r.DecideBy = s.decideBy
		}
	}
	if len(r.Hints) > 0 {
		r.Sentence = r.Hints[0].Sentence
	}
}

// statement gives what the sender's own words are about. A subject counts
// where the sender chose it.
func (c *classifier) statement() *statement {
	if c.meant == nil {
		head := ""
		if len(c.m.InReplyTo) == 0 && !c.isForward() && !c.m.HeaderOnly {
			head = c.m.Subject + ".\n\n"
		}
		text := head + c.m.NewText
		text = text[:min(len(text), maxStatementBytes)]
		t := intentTables()
		words := withHead(t.read(text[:min(len(text), len(head))]), c.freshWords(), len(head), len(text))
		c.meant = newStatement(t.phrasesOf(text, words, everySection()), c.m.Date)
	}
	return c.meant
}

// withHead puts the words of a text behind those of the head that was set before
// it and ends a sentence; what lies beyond the whole's length is left out.
func withHead(head, words []word, from, length int) []word {
	all, sentence := make([]word, 0, len(head)+len(words)), int32(0)
	if len(head) > 0 {
		all, sentence = append(all, head...), head[len(head)-1].sentence+1
	}
	for _, w := range words {
		w.start, w.end, w.sentence = w.start+int32(from), w.end+int32(from), w.sentence+sentence
		if int(w.end) > length {
			break
		}
		all = append(all, w)
	}
	return all
}

// statement is a text by the notions it names.
type statement struct {
	phrases
	sent     time.Time
	decideBy time.Time // see hints
	shown    []Hint
	rejected int32  // the sentence that shows a rejection, where one does
	spoken   string // see language
	done     bool
}

func readStatement(text string, sent time.Time) *statement {
	text = text[:min(len(text), maxStatementBytes)]
	return newStatement(intentTables().phrases(text, everySection()), sent)
}

func newStatement(p phrases, sent time.Time) *statement {
	s := &statement{phrases: p, sent: sent}
	if s.counts[occupation] > 0 {
		s.all = slices.DeleteFunc(slices.Clone(s.all), s.namesJob)
	}
	if s.counts[standIn]+s.counts[withdrawn] > 0 {
		s.all = slices.DeleteFunc(slices.Clone(s.all), s.takesOver)
	}
	return s
}

// takesOver tells a word for what is taken or who is chosen that says who does
// somebody's work from now on, "I have taken over from Ken", or which offer is taken
// back.
func (s *statement) takesOver(f found) bool {
	return of(closure, choice, proceeding, awarded, allotting).has(f.section) && slices.ContainsFunc(s.all, func(g found) bool {
		return of(standIn, withdrawn).has(g.section) && g.first <= f.first && f.end <= g.end
	})
}

// titleReach is how many words lie at most between a thing and the occupation
// whose name it is part of.
const titleReach = 1

// namesJob tells a thing that is part of a job's name, and so is no other matter:
// "Software Engineer", "ingénieur du son". What may as well be done with somebody
// stands right before it: a Test Manager, but "call our manager".
func (s *statement) namesJob(thing found) bool {
	if !of(aside, vendor, papers, meeting).has(thing.section) || thing.end > thing.first+1 {
		return false
	}
	near := of(aside, vendor).has(thing.section)
	return slices.ContainsFunc(s.all, func(o found) bool {
		apart := max(o.first-thing.end, thing.first-o.end)
		return o.section == occupation && (o.first == thing.end || near && apart >= 0 && apart <= titleReach) && s.sameClause(min(o.end, thing.end)-1, max(o.first, thing.first)) &&
			s.words[o.first].sentence == s.words[thing.first].sentence
	})
}

// speaksOf tells whether the text shows any of the intents.
func (s *statement) speaksOf(any ...Intent) bool {
	return slices.ContainsFunc(s.hints(), func(h Hint) bool { return slices.Contains(any, h.Intent) })
}

// hints lists the intents that the text shows, each once, with the first
// sentence that does.
func (s *statement) hints() []Hint {
	if s.done {
		return s.shown
	}
	s.done = true
	last := Intent("")
	for _, rule := range intentRules() {
		switch {
		case rule.intent == Offer && last != Offer:
			s.reject()
		case rule.intent == NextStep && last != NextStep:
			s.promise()
		}
		last = rule.intent
		if s.shows(rule.intent) || rule.intent == Request && s.shows(Rejection) {
			continue // a rejection asks for nothing but an opinion of the process
		}
		if f, ok := s.first(rule); ok {
			s.shown = append(s.shown, Hint{rule.intent, s.sentence(f)})
		}
	}
	return s.shown
}

// tooEarly tells a phrase of a next step that stands before a rejection or in
// its sentence, or neither asks nor names a day: that step is behind the reader, or somebody else's, and beside an offer such a
// one is its date. An offer in
// the sentence of a rejection is of something else, and beside one it must be told
// in so many words.
func (s *statement) tooEarly(f found, rule intentRule) bool {
	idle := rule.intent == NextStep && !s.isAsked(f) && !s.isDated(f)
	if !s.shows(Rejection) {
		return idle && s.shows(Offer)
	}
	at := s.words[f.first].sentence
	return rule.intent == NextStep && (idle || at <= s.rejected) || rule.intent == Offer && (at == s.rejected || !rule.key.has(offerText))
}

func (s *statement) shows(i Intent) bool {
	return slices.ContainsFunc(s.shown, func(h Hint) bool { return h.Intent == i })
}

// first finds the first phrase by which a rule fits.
func (s *statement) first(rule intentRule) (found, bool) {
	for n, f := range s.all {
		if rule.key.has(f.section) && s.fits(rule, n) && !s.tooEarly(f, rule) {
			return f, true
		}
	}
	return found{}, false
}

// fits tells whether a rule fits with the n-th phrase as its key.
func (s *statement) fits(rule intentRule, n int) bool {
	key := s.all[n]
	for _, set := range rule.with {
		if set == of(negation) && rule.key.any(of(proceeding, hiring)) && !s.isNegated(key, rule.reach) {
			return false
		}
		g, ok := s.near(n, set, rule.reach)
		if !ok || rule.behind && g.first < key.first || (rule.behind || rule.clause) && !s.sameClause(min(key.end, g.end)-1, max(key.first, g.first)) || set == of(choice) && (s.isUnchosen(key, g) || s.namesOffice(g)) {
			return false
		}
	}
	if !rule.against.empty() && s.besides(key, rule.against) || !rule.without.empty() && s.speaks(key, rule.without) || !rule.among.empty() && !s.speaksApart(key, rule.among) {
		return false
	}
	if rule.intent == Rejection && (s.isQuoted(key) || s.ofAnotherMatter(key) || s.besides(key, of(unmeant)) || rule.key.any(of(rejectionText, goodbye, regret, proceeding, undone, submission)) && s.provided(key)) {
		return false
	}
	if rule.settled {
		if _, ok := s.near(n, of(hypothetical, pendingText), len(s.words)); ok {
			return false
		}
	}
	return !s.denied(key, rule) && (!rule.dated || s.isDated(key))
}

// isNegated tells whether a negation stands near a phrase, in its clause.
func (s *statement) isNegated(f found, reach int) bool {
	return slices.ContainsFunc(s.all, func(n found) bool {
		apart := max(n.first-f.end, f.first-n.end)
		return n.section == negation && n.language == f.language && apart >= 0 && apart <= reach &&
			s.words[n.first].sentence == s.words[f.first].sentence && s.sameClause(min(n.end, f.end)-1, max(n.first, f.first))
	})
}

// isUnchosen tells that the choice beside somebody else did not fall: a negation
// stands right before it. "Not you, but another was chosen" has it further off.
func (s *statement) isUnchosen(other, choice found) bool {
	return choice.first > other.end && slices.ContainsFunc(s.all, func(n found) bool {
		return n.section == negation && n.language == choice.language && n.end <= choice.first && n.end >= choice.first-1 && n.first >= other.end && s.sameClause(n.end-1, choice.first)
	})
}

// namesOffice tells a word for choosing that only says which team or department is
// meant: "somebody of our hiring team will call you".
func (s *statement) namesOffice(choice found) bool {
	return slices.ContainsFunc(s.all, func(o found) bool {
		return o.section == office && o.first == choice.end && o.language == choice.language && s.words[o.first].sentence == s.words[choice.first].sentence
	})
}

// besides tells whether a phrase of a set stands in the sentence and the
// language of another, be it within it.
func (s *statement) besides(f found, set sections) bool {
	return slices.ContainsFunc(s.all, func(g found) bool {
		return set.has(g.section) && g.language == f.language && s.words[g.first].sentence == s.words[f.first].sentence && g != f
	})
}

// speaks tells whether a phrase of a set stands anywhere in the text, in the
// language of another.
func (s *statement) speaks(f found, set sections) bool {
	return slices.ContainsFunc(s.all, func(g found) bool { return set.has(g.section) && g.language == f.language })
}

// speaksApart tells whether a phrase of a set stands beside another anywhere in
// the text, in its language, and shares no word with it.
func (s *statement) speaksApart(f found, set sections) bool {
	return slices.ContainsFunc(s.all, func(g found) bool {
		return set.has(g.section) && g.language == f.language && (g.end <= f.first || f.end <= g.first)
	})
}

// isQuoted tells whether a phrase stands between quotation marks: what somebody
// else wrote, or is said to have.
func (s *statement) isQuoted(f found) bool {
	before := s.text[:s.words[f.first].start]
	before = before[strings.LastIndex(before, "\n\n")+1:]
	marks := 0
	for _, r := range before {
		if strings.ContainsRune("\"“”„«»", r) {
			marks++
		}
	}
	return marks%2 == 1
}

// matterReach is how many words behind "ahead with the" tell what is meant.
const matterReach = 4

// ofAnotherMatter tells that what goes on or does not is named behind a phrase,
// and is neither the application nor the role nor anybody: "we are not moving
// forward with the office move".
func (s *statement) ofAnotherMatter(key found) bool {
	for _, m := range s.all {
		if m.section != matter || m.first < key.first || m.first > key.end {
			continue
		}
		return !slices.ContainsFunc(s.all, func(g found) bool {
			return of(candidacy, reader, vacancy, others, meeting).has(g.section) && g.language == m.language && g.end >= m.end && g.first <= m.end+matterReach &&
				s.words[g.first].sentence == s.words[m.first].sentence
		})
	}
	return false
}

// How many words behind a refusal a condition still belongs to it, and before
// it others of whom it is said.
const (
	provisoReach = 6
	theirsReach  = 4
)

// provided tells a refusal that holds as long as something is missing: "we will
// not move forward without references".
func (s *statement) provided(key found) bool {
	return slices.ContainsFunc(s.all, func(p found) bool {
		before, behind := key.first-p.end, p.first-key.end
		near := (before >= 0 && before <= conditionReach || behind >= 0 && behind <= provisoReach) && s.sameClause(min(p.end, key.end)-1, max(p.first, key.first))
		return p.section == proviso && p.language == key.language && s.words[p.first].sentence == s.words[key.first].sentence && (near || s.besides(p, of(papers)))
	})
}

// near finds a phrase of a set in the sentence and the language of the n-th,
// beside it and at most reach words from it.
func (s *statement) near(n int, set sections, reach int) (found, bool) {
	f := s.all[n]
	for _, step := range [2]int{-1, 1} {
		for at := n + step; at >= 0 && at < len(s.all); at += step {
			g := s.all[at]
			if s.words[g.first].sentence != s.words[f.first].sentence {
				break
			}
			apart := max(g.first-f.end, f.first-g.end)
			if set.has(g.section) && g.language == f.language && apart >= 0 && apart <= reach {
				return g, true
			}
		}
	}
	return found{}, false
}

// denied tells whether a phrase is not meant: a negation, or a word that makes
// a mere thought of it, stands before it in its clause; the clause says that
// nothing is settled yet; or the sentence asks.
func (s *statement) denied(f found, rule intentRule) bool {
	for _, n := range s.all {
		if s.words[n.first].sentence == s.words[f.first].sentence && n.language == f.language && s.unsays(n, f, rule) {
			return true
		}
	}
	return !rule.asked && s.isAsked(f)
}

// unsays tells whether one phrase takes the meaning from another in its
// sentence.
func (s *statement) unsays(n, f found, rule intentRule) bool {
	reach := 0
	switch {
	case n.section == negation && !rule.negated:
		reach = negationReach
	case n.section == hypothetical && !rule.hoped && !(rule.wished && s.isWish(n)):
		reach = conditionReach
	case n.section == formerly && rule.intent == Rejection && !rule.hoped:
		reach = conditionReach
	case n.section == theirs && rule.intent == Rejection && !rule.hoped:
		reach = theirsReach
	case n.section == pendingText && rule.intent != Decision: // who says that nothing is settled yet may tell when it will be
		return s.sameClause(min(n.end, f.end)-1, max(n.first, f.first))
	default:
		return false
	}
	if (rule.intent == Decision || n.section == theirs) && s.restarts(n.end, f.first) {
		return false
	}
	return n.end <= f.first && f.first-n.end <= reach && s.sameClause(n.end-1, f.first)
}

// restarts tells whether a word such as "and" stands between two words: what is
// denied of the one holds no more of the other.
func (s *statement) restarts(first, second int) bool {
	for w := first; w < second; w++ {
		if isAnd(strings.ToLower(s.text[s.words[w].start:s.words[w].end])) {
			return true
		}
	}
	return false
}

// isWish tells a condition that only makes a wish polite: "I would be grateful
// if this ended here".
func (s *statement) isWish(condition found) bool {
	return slices.ContainsFunc(s.all, func(w found) bool {
		return w.section == wishing && w.language == condition.language && w.first <= condition.first && condition.end <= w.end
	})
}

// promise notes by which day they say that word will come.
func (s *statement) promise() {
	f, by := s.promised()
	if !by.IsZero() && !s.shows(Rejection) { // what comes after a rejection is none
		s.decideBy = by
		s.shown = append(s.shown, Hint{Decision, s.sentence(f)})
	}
}

// wordAfter is how long after a decision its word comes at most.
const wordAfter = 7 * 24 * time.Hour

// promised finds where they say by which day word will come. Where they say when
// it is decided and then when they tell it, within a week, the latter is meant.
func (s *statement) promised() (said found, by time.Time) {
	if s.sent.IsZero() {
		return said, by
	}
	var r *dateReader
	for _, f := range s.all {
		if !by.IsZero() && s.words[f.first].sentence == s.words[said.first].sentence {
			continue
		}
		if f.section != answering || s.denied(f, intentRule{intent: Decision, hoped: true}) || s.besides(f, of(replying)) {
			continue
		}
		if r == nil {
			r = newDateReader(s.text, s.sent)
		}
		day := s.promisedBy(r, f)
		if by.IsZero() || day.After(by) && day.Sub(by) <= wordAfter {
			said, by = f, day
		}
	}
	return said, by
}

// promisedBy finds the day by which a phrase promises word.
func (s *statement) promisedBy(r *dateReader, f found) (by time.Time) {
	for _, d := range r.dates() {
		if s.promises(r, d, f) && d.last.After(by) {
			by = d.last
			if r.isFollowed(d) {
				by = nextWorkday(by)
			}
		}
	}
	if by.IsZero() {
		by = s.followedUp(r, f)
	}
	return by
}

// followedUp finds the day of the sentence before one that says that word comes
// "straight after".
func (s *statement) followedUp(r *dateReader, f found) (by time.Time) {
	start, end := s.bounds(f)
	at, then, later := -1, false, false
	for w := range r.words {
		if int(r.words[w].start) < start {
			at = w
		} else if int(r.words[w].end) <= end {
			then, later = then || r.marks[w].any(of(afterwards, nextDay)), later || r.marks[w].has(nextDay)
		}
	}
	if !then || at < 0 {
		return by
	}
	for _, d := range r.dates() {
		if r.same(d.first, at) && s.isTerm(r, d) && d.last.After(by) {
			by = d.last
		}
	}
	if later && !by.IsZero() {
		by = nextWorkday(by)
	}
	return by
}

// isFollowed tells whether "the day after" stands behind a date.
func (r *dateReader) isFollowed(d foundDate) bool {
	for w := d.end; w < len(r.words) && r.same(w, d.first); w++ {
		if r.marks[w].has(nextDay) {
			return true
		}
	}
	return false
}

func nextWorkday(day time.Time) time.Time {
	for day = day.AddDate(0, 0, 1); isoWeekday(day) > 5; {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

// promises tells whether a date is the one by which a phrase promises word. One
// in a clause before it tells of something else, unless it is a deadline, or word
// comes right after it.
func (s *statement) promises(r *dateReader, d foundDate, f found) bool {
	start, end := s.bounds(f)
	if d.from < start || d.to > end || !s.isTerm(r, d) {
		return false
	}
	said := int(s.words[f.first].start)
	if d.to <= said && r.isPast(d) {
		return false
	}
	if d.to > said || !strings.ContainsAny(s.text[d.to:said], ",;:") || r.opens(d) && s.isOneClause(d.to, said) {
		return true
	}
	for w := d.first - 1; w >= 0 && w >= d.first-2; w-- {
		if r.marks[w].any(of(untilCue, throughCue)) {
			return true
		}
	}
	for w := d.end; w < len(r.words) && r.same(w, d.first); w++ {
		if r.marks[w].any(of(afterwards, nextDay)) {
			return true
		}
	}
	return false
}

// pastReach is how many words lie at most between a day and what happened on it.
const pastReach = 3

// isPast tells a day on which something happened, as "we received your mail on
// Friday" does. A deadline is none, and a word behind "and" tells of another.
func (r *dateReader) isPast(d foundDate) bool {
	if d.length || d.first > 0 && r.marks[d.first-1].any(of(untilCue, throughCue, nextWord)) {
		return false
	}
	for w := d.first - 1; w >= max(0, d.first-1-pastReach) && r.joined(w, w+1); w-- {
		if r.marks[w].has(pastWord) {
			return true
		}
	}
	for w := d.end; w < min(len(r.words), d.end+pastReach+1) && r.joined(w-1, w); w++ {
		if r.marks[w].has(pastWord) {
			return true
		}
	}
	return false
}

// joined tells whether two neighbours stand in one clause.
func (r *dateReader) joined(a, b int) bool {
	return r.same(a, b) && !strings.ContainsAny(r.text[r.words[a].end:r.words[b].start], ",;:–—") && !isAnd(r.spelled(a)) && !isAnd(r.spelled(b))
}

// isAnd knows the words that join two clauses.
func isAnd(w string) bool {
	switch w {
	case "and", "but", "und", "aber", "et", "mais", "y", "pero", "e", "ed", "ma", "mas", "en", "maar", "och", "men", "og", "i", "ale", "a", "ja", "mutta", "ve":
		return true
	}
	return false
}

// openingReach is how many words, such as "on", stand at most before a day that
// begins a sentence.
const openingReach = 2

// opens tells a day with which a sentence begins: what follows the comma behind
// it happens on that day.
func (r *dateReader) opens(d foundDate) bool {
	for w := d.first - 1; w >= 0 && r.same(w, d.first); w-- {
		if d.first-w > openingReach || !isArticle(r.spelled(w)) && !r.marks[w].any(of(inWord, untilCue, fromCue, nextWord, thisWord)) && !isOn(r.spelled(w)) {
			return false
		}
	}
	return true
}

// isOn knows the words that stand before a day.
func isOn(w string) bool {
	switch w {
	case "on", "am", "op", "på", "em", "v", "w", "we", "na":
		return true
	}
	return false
}

// isOneClause tells whether no more than the comma that closes a day lies between
// it and what is said.
func (s *statement) isOneClause(from, to int) bool {
	between := strings.TrimLeft(s.text[from:to], ", ")
	return !strings.ContainsAny(between, ",;:") && !slices.ContainsFunc(strings.Fields(strings.ToLower(between)), isAnd)
}

// How many words before and behind a length of time tell that it is past.
const (
	lapseReach  = 4
	lapseBehind = 2
)

// oneDay is how long "one day" is at most.
const oneDay = 24 * time.Hour

// isTerm tells whether something can be promised by a date: it is to come, not
// too far off, and no length of time that is past.
func (s *statement) isTerm(r *dateReader, d foundDate) bool {
	if d.bad || !d.last.After(s.sent) || d.last.Sub(s.sent) > maxPromise {
		return false
	}
	if d.length && d.last.Sub(s.sent) < oneDay && (d.first == 0 || !r.marks[d.first-1].any(of(inWord, untilCue, nextWord))) {
		return false // "one day", by itself, is any
	}
	for w := max(0, d.first-lapseReach); d.length && w < min(len(r.words), d.end+lapseBehind); w++ {
		if r.same(w, d.first) && (w < d.first || w >= d.end) && r.marks[w].has(lapse) {
			return false
		}
	}
	return true
}

// sameClause tells whether no comma or the like stands between two words.
func (p phrases) sameClause(first, second int) bool {
	if second <= first {
		return true
	}
	return !strings.ContainsAny(p.text[p.words[first].end:p.words[second].start], ",;:–—")
}

// bounds returns where the sentence of a phrase begins and where its last word
// ends, in bytes.
func (p phrases) bounds(f found) (start, end int) {
	first, last := f.first, f.end-1
	for first > 0 && p.words[first-1].sentence == p.words[f.first].sentence {
		first--
	}
	for last+1 < len(p.words) && p.words[last+1].sentence == p.words[f.first].sentence {
		last++
	}
	return int(p.words[first].start), int(p.words[last].end)
}

// sentence returns the sentence that a phrase stands in, on one line.
func (p phrases) sentence(f found) string {
	start, end := p.bounds(f)
	if end < len(p.text) && strings.IndexByte(".!?", p.text[end]) >= 0 {
		end++
	}
	s := strings.Join(strings.Fields(p.text[start:end]), " ")
	if len(s) > 400 {
		s = strings.ToValidUTF8(s[:400], "") + "..."
	}
	return s
}
