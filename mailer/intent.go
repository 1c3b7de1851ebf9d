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

// intent reads what a mail seems to say about the application. It looks at
// the sender's own words only, never at quoted mail, and only at kinds that
// people or their programs write; it is a hint for the user, never a verdict.
func (c *classifier) intent() {
	r := &c.reading
	switch r.Kind {
	case AutoReply:
		if !c.hoursOnly { // "Monday to Friday" is no absence
			r.ReturnDate = ReturnDate(c.m.Subject+".\n\n"+c.fresh().text, c.m.Date)
		}
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
		if !ok || set == of(giving) && s.denied(g, rule) || rule.intent == Rejection && set == of(choice) && s.isReason(g, key) || key.section == closure && s.turns(key.end, g.first) || rule.behind && g.first < key.first || (rule.behind || rule.clause) && !s.sameClause(min(key.end, g.end)-1, max(key.first, g.first)) || set == of(choice) && (s.isUnchosen(key, g) || s.namesOffice(g)) {
			return false
		}
	}
	if !rule.against.empty() && s.isAgainst(key, rule) || !rule.without.empty() && s.speaks(key, rule.without) || !rule.among.empty() && !s.speaksApart(key, rule.among) {
		return false
	}
	if rule.intent == Offer && s.isOff(key) {
		return false
	}
	if rule.intent == NoMore && s.isQuoted(key) {
		return false
	}
	if rule.intent == Rejection && (s.isQuoted(key) || s.ofAnotherMatter(key) || s.besides(key, of(unmeant)) || rule.key.any(of(rejectionText, goodbye, regret, proceeding, undone, submission, hiring)) && s.provided(key)) {
		return false
	}
	if rule.settled && s.isUnsettled(key, rule) {
		return false
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

// isUnsettled tells whether a condition, or a word that nothing is decided yet, stands in
// the sentence of a phrase. What may come behind "but" takes no rejection back: "the post is
// filled, but if another one opens I will write".
func (s *statement) isUnsettled(key found, rule intentRule) bool {
	return slices.ContainsFunc(s.all, func(h found) bool {
		if !of(hypothetical, pendingText).has(h.section) || h.language != key.language || s.words[h.first].sentence != s.words[key.first].sentence || h.first < key.end && key.first < h.end {
			return false
		}
		later := rule.intent == Rejection && h.section == hypothetical && h.first >= key.end
		return !later || !s.turns(key.end, h.first) && !strings.Contains(s.text[s.words[key.end-1].end:s.words[h.first].start], ";")
	})
}

// isReason tells somebody else who is only why something was chosen: "we went for Zoom,
// because the other candidate asked for it". Who had more to offer is why the reader was not.
func (s *statement) isReason(choice, other found) bool {
	return choice.end <= other.first && !s.besides(other, of(shortfall, negation, regret)) && slices.ContainsFunc(s.all, func(b found) bool {
		return b.section == because && b.language == other.language && choice.end <= b.first && b.end <= other.first && s.words[b.first].sentence == s.words[other.first].sentence
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

// isAgainst tells whether anything in the sentence of a phrase takes a rule back. Of whom a
// phrase itself says to have left, "the mailbox of a former colleague", is no other.
func (s *statement) isAgainst(key found, rule intentRule) bool {
	set := s.against(key, rule)
	if rule.intent != LeftFirm {
		return s.besides(key, set)
	}
	return slices.ContainsFunc(s.all, func(g found) bool {
		return set.has(g.section) && g.language == key.language && s.words[g.first].sentence == s.words[key.first].sentence && (g.first < key.first || g.end > key.end)
	})
}

// against gives what takes a rule back. Others of whom the reader stood out take no
// offer back.
func (s *statement) against(key found, rule intentRule) sections {
	if rule.intent != Offer || !rule.against.has(others) || !s.besides(key, of(included)) {
		return rule.against
	}
	set := rule.against
	set[others/64] &^= 1 << (others % 64)
	return set
}

// isOff tells an offer that "but" takes back: "we would love to hire you, but the
// board has not met yet".
func (s *statement) isOff(key found) bool {
	return slices.ContainsFunc(s.all, func(f found) bool {
		return of(negation, pendingText, regret).has(f.section) && f.language == key.language && f.first >= key.end && s.words[f.first].sentence == s.words[key.first].sentence && s.turns(key.end, f.first)
	})
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
	case n.section == inverted && !rule.hoped && (n.first == 0 || s.words[n.first-1].sentence != s.words[n.first].sentence):
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

// turns tells whether "but" stands between two words: what ends before it does not
// end behind it.
func (s *statement) turns(first, second int) bool {
	for w := first; w < second; w++ {
		switch strings.ToLower(s.text[s.words[w].start:s.words[w].end]) {
		case "but", "aber", "mais", "pero", "mas", "maar", "ale", "mutta", "ama", "но", "але":
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
