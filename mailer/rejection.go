package mailer

import (
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

// Whether a letter rejects is weighed. A sentence that says so weighs as much as
// is needed; what people put beside it (thanks for the time, luck for the search,
// a hard decision, more experience) weighs a little, and several such signs make
// a rejection where no sentence is one by itself. What goes on weighs against
// it: a question when one is free, a day by which word comes, "still",
// "congratulations".
const (
	ongoingWeight  = 3 // of each sign that things go on
	farewellWeight = 3 // at most, of what is said beside a rejection, against what goes on
	questionWeight = 2 // of a question besides
	enough         = 4 // to reject by weak signs
)

// rejectionSign is a rule, what it weighs, and how well its sentence shows why:
// the letter's sentence of the highest rank is quoted, and one of rank 0 never.
type rejectionSign struct {
	intentRule
	weight, rank int
	named        bool // a name follows, as of somebody who was chosen
}

// rejectionRules are sentences that reject.
var rejectionRules = sync.OnceValue(func() []intentRule {
	no := of(negation)
	parted := of(effort, luck, softening, regret, consoling, praise, counterfactual, shortfall, unsuited)
	rules := []intentRule{
		{key: of(rejectionText), against: of(aside)},
		{key: of(goodbye), against: of(aside, meeting, stage)},
		{key: of(keeping, idle), negated: true, settled: true, against: of(meeting), among: parted, without: of(joining)},
		{key: of(undone, letdown), against: of(aside, meeting, papers)},
		{key: of(withdrawn), settled: true, against: of(meeting, vendor, others)},
		{key: of(lost), with: []sections{of(funds)}, reach: 6, settled: true, against: of(temporary)},
		{key: of(others), with: []sections{of(choice)}, reach: 12, settled: true, against: of(included, standIn)},
		{key: of(regret), with: []sections{no, of(proceeding, candidacy, hiring)}, reach: 24, negated: true, settled: true, against: of(aside, standIn)},
		{key: of(proceeding), with: []sections{no, of(candidacy, reader)}, reach: 7, negated: true, settled: true, against: of(leftFirm, aside)},
		{key: of(hiring), with: []sections{no, of(job)}, reach: 8, negated: true, settled: true},
		{key: of(closure), with: []sections{of(vacancy)}, reach: 12, settled: true, against: of(temporary), without: of(elsewise)},
		{key: of(refused), with: []sections{of(submission)}, reach: 12, settled: true},
		{key: of(submission), with: []sections{no}, reach: 3, behind: true, negated: true, settled: true, against: of(aside, papers, meeting), without: of(elsewise)},
		{key: of(awarded), with: []sections{of(vacancy)}, reach: 8, settled: true, without: of(elsewise)},
		{key: of(calledOff), with: []sections{of(meeting)}, reach: 8, against: of(nextStepText, arranging, others), without: of(nextStepText)},
		{key: of(calledOff), with: []sections{of(vacancy, submission)}, reach: 8, against: of(nextStepText, arranging, others), without: of(nextStepText)},
	}
	for i := range rules {
		rules[i].intent = Rejection
	}
	return rules
})

// rejectionSigns are those that weigh less.
var rejectionSigns = sync.OnceValue(func() []rejectionSign {
	no, elsewhere := of(negation), of(aside, meeting, papers)
	signs := []rejectionSign{
		{intentRule: intentRule{key: of(others), with: []sections{of(choice)}, reach: 25, settled: true, against: of(included, standIn)}, weight: 3, rank: 6},
		{intentRule: intentRule{key: of(allotting), settled: true, against: of(included, meeting, arranging)}, weight: 2, rank: 6, named: true},
		{intentRule: intentRule{key: of(proceeding, hiring, choice), with: []sections{no}, reach: 4, negated: true, settled: true, against: of(aside)}, weight: 2, rank: 5},
		{intentRule: intentRule{key: of(candidacy), with: []sections{no}, reach: 4, clause: true, negated: true, settled: true, against: elsewhere}, weight: 2, rank: 4},
		{intentRule: intentRule{key: of(unsuited), negated: true, settled: true}, weight: 3, rank: 4},
		{intentRule: intentRule{key: of(shortfall), negated: true, settled: true}, weight: 3, rank: 3},
		{intentRule: intentRule{key: of(others)}, weight: 1, rank: 2},
		{intentRule: intentRule{key: of(regret), negated: true, against: elsewhere}, weight: 1, rank: 1},
		{intentRule: intentRule{key: of(farewell), negated: true, hoped: true, asked: true}, weight: 3},
		{intentRule: intentRule{key: of(luck), hoped: true, asked: true}, weight: 1},
		{intentRule: intentRule{key: of(consoling), negated: true, hoped: true, asked: true}, weight: 2},
		{intentRule: intentRule{key: of(praise), hoped: true, asked: true}, weight: 2},
		{intentRule: intentRule{key: of(counterfactual), negated: true, hoped: true, asked: true}, weight: 2},
		{intentRule: intentRule{key: of(effort), hoped: true, asked: true}, weight: 2},
		{intentRule: intentRule{key: of(softening), negated: true, hoped: true, asked: true}, weight: 2},
	}
	for i := range signs {
		signs[i].intent = Rejection
	}
	return signs
})

// reject notes a rejection, if the letter is one.
func (s *statement) reject() {
	if f, ok := s.rejection(); ok {
		s.shown = append(s.shown, Hint{Rejection, s.sentence(f)})
		s.rejected = s.words[f.first].sentence
	}
}

// rejection finds the phrase in whose sentence a letter rejects, or comes
// closest to it.
func (s *statement) rejection() (found, bool) {
	for _, rule := range rejectionRules() {
		if key, ok := s.first(rule); ok {
			against := s.goesOn(key)
			if against == 0 {
				return key, true
			}
			own, text := s.weighed(key.language), s.weighed(s.language())
			return key, min(max(own.parting+own.reasons, text.parting+text.reasons), farewellWeight) >= against
		}
	}
	if s.shows(LeftFirm) || !s.parts() {
		return found{}, false
	}
	w := s.weighed(s.language())
	if w.rank == 0 || w.parting == 0 || w.all < enough {
		return w.key, false
	}
	against := s.goesOn(w.key)
	return w.key, against < ongoingWeight && w.all-against >= enough
}

// parts tells whether any sign stands in the text that is said beside a
// rejection. Most mail shows none, and is not weighed.
func (s *statement) parts() bool {
	return s.speaksAny(of(farewell, luck, consoling, praise, counterfactual, effort, softening))
}

// weighing is what the weak signs of a letter come to.
type weighing struct {
	all     int
	parting int   // of what is said beside a rejection
	reasons int   // of what was missed, or did not suit
	key     found // whose sentence is quoted
	rank    int
}

// weighed adds up the weak signs of a language.
func (s *statement) weighed(language string) (w weighing) {
	for _, sign := range rejectionSigns() {
		for n, f := range s.all {
			if f.language != language || !sign.key.has(f.section) || !s.fits(sign.intentRule, n) || sign.named && !s.isNamed(f) {
				continue
			}
			w.all += sign.weight
			if sign.rank == 0 {
				w.parting += sign.weight
			}
			if sign.key.has(shortfall) || sign.key.has(unsuited) {
				w.reasons += sign.weight
			}
			if sign.rank > w.rank {
				w.key, w.rank = f, sign.rank
			}
			break
		}
	}
	return w
}

// nameReach is how many words behind a phrase a name still belongs to it.
const nameReach = 3

// isNamed tells whether somebody's name stands behind a phrase: a word with a
// capital that is neither a day nor a month. German writes every noun so, and its
// phrases end with a title or a colleague.
func (s *statement) isNamed(f found) bool {
	if f.language == "de" {
		return true
	}
	from, end := f.first+1, f.end+nameReach
	if f.language == "tr" { // the verb stands last
		from, end = max(0, f.first-nameReach), f.first
	}
	for i := from; i < min(len(s.words), end) && s.words[i].sentence == s.words[f.first].sentence; i++ {
		if i == 0 || s.words[i-1].sentence != s.words[i].sentence {
			continue // a sentence begins with a capital
		}
		w := s.text[s.words[i].start:s.words[i].end]
		if first, _ := utf8.DecodeRuneInString(w); unicode.IsUpper(first) && len(w) > 1 && len(dateTables().find(dateTables().read(w), everySection())) == 0 {
			return true
		}
	}
	return false
}

// goesOn weighs the signs that the matter goes on, in the language of the text
// and that of what may be a rejection.
func (s *statement) goesOn(key found) (weight int) {
	later := of(elsewise)
	if key.section == closure || key.section == lost {
		later = later.with(of(temporary))
	}
	weight = s.signsOf(of(ongoing), key, severalSigns)*ongoingWeight + s.signsOf(of(pendingText), key, 1)*ongoingWeight + s.signsOf(later, key, 1)*ongoingWeight
	then := s.asks(key)
	if said, by := s.promised(); !by.IsZero() && s.words[said.first].sentence != s.words[key.first].sentence && !s.explains(said, key) {
		then = max(then, ongoingWeight)
	}
	return weight + then
}

// explains tells that what is promised behind a rejection is only why it came:
// "we will call you on Friday with our feedback".
func (s *statement) explains(promise, rejection found) bool {
	return promise.first > rejection.first && s.besides(promise, of(opinion, rating))
}

// severalSigns is how many sentences count that say that things go on.
const severalSigns = 2

// signsOf counts the sentences that hold a phrase of a set, most at most.
func (s *statement) signsOf(set sections, key found, most int) (n int) {
	language, last := s.language(), int32(-1)
	for _, f := range s.all {
		sentence := s.words[f.first].sentence
		if !set.has(f.section) || f.language != language && f.language != key.language || sentence == last || n == most {
			continue
		}
		if f.section == ongoing && (s.besides(f, of(farewell)) || s.explains(f, key)) {
			continue // "in the meantime, we wish you luck in your search"
		}
		if s.ifReopened(f) {
			continue
		}
		if f.section == pendingText || !s.denied(f, intentRule{hoped: true, asked: true}) {
			n, last = n+1, sentence
		}
	}
	return n
}

// ifReopened tells a sign that the matter goes on which holds only if the job should be
// open again: "if the role reopens in spring, I will get back to you".
func (s *statement) ifReopened(f found) bool {
	return slices.ContainsFunc(s.all, func(v found) bool {
		return v.section == vacancy && v.language == f.language && v.end <= f.first && s.words[v.first].sentence == s.words[f.first].sentence && s.sameClause(v.end-1, f.first) &&
			slices.ContainsFunc(s.all, func(h found) bool {
				return h.section == hypothetical && h.language == f.language && h.first < v.first && v.first-h.end <= theirsReach && s.words[h.first].sentence == s.words[v.first].sentence
			})
	})
}

// asks weighs what stands behind the sentence of what may be a rejection: an
// appointment, or a question that is no part of a farewell. Feedback that can be
// had within a fortnight is none.
func (s *statement) asks(key found) int {
	_, end := s.bounds(key)
	rest := readStatement(s.text[end:], s.sent)
	for _, rule := range intentRules() {
		if rule.intent != NextStep && rule.intent != Request {
			continue
		}
		if f, ok := rest.first(rule); ok && (rest.isAsked(f) || rest.isDated(f)) && !rest.besides(f, of(rating)) {
			return ongoingWeight
		}
	}
	if rest.soon() {
		return questionWeight
	}
	asked := Question(s.text[end:])
	if question := readStatement(asked, s.sent); asked == "" || len(question.words) <= tag || question.speaksAny(of(farewell, luck, effort, rating, social)) {
		return 0
	}
	return questionWeight
}

// tag is how many words a question has at most that wants only a nod: "is that
// okay?"
const tag = 3

// soonest is how far off a day is at most that something is meant to happen on.
const soonest = 10 * 24 * time.Hour

// soon tells whether the text names a day soon to come.
func (s *statement) soon() bool {
	r := newDateReader(s.text, s.sent)
	return slices.ContainsFunc(r.dates(), func(d foundDate) bool {
		units := sections{}
		for i := d.first; i < d.end; i++ {
			units = units.with(r.marks[i])
		}
		_, counted := r.count(d.first)
		length := counted && units.any(of(dayUnit, weekUnit, monthUnit)) // "two days", without "in", may be past
		return !d.bad && !length && !s.isBeside(d, of(beginning, opinion, rating)) && d.last.After(s.sent) && d.last.Sub(s.sent) < soonest
	})
}

// isBeside tells whether the sentence of a day holds a phrase of a set: such as
// that somebody begins to work, which whoever was chosen does as well.
func (s *statement) isBeside(d foundDate, set sections) bool {
	return slices.ContainsFunc(s.all, func(f found) bool {
		start, end := s.bounds(f)
		return set.has(f.section) && start <= d.from && d.to <= end
	})
}

// isAsked tells whether a question mark ends a phrase's sentence.
func (s *statement) isAsked(f found) bool {
	_, end := s.bounds(f)
	rest := strings.TrimLeft(s.text[end:], " \u00a0\u202f") // French sets one apart
	return strings.HasPrefix(rest, "?") || strings.HasPrefix(rest, "？")
}

// isDated tells whether a phrase's sentence names a day to come.
func (s *statement) isDated(f found) bool {
	start, end := s.bounds(f)
	return slices.ContainsFunc(newDateReader(s.text[start:end], s.sent).dates(), func(d foundDate) bool { return !d.bad && d.last.After(s.sent) })
}

// speaksAny tells whether a phrase of a set stands anywhere in the text.
func (s *statement) speaksAny(set sections) bool {
	return slices.ContainsFunc(s.all, func(f found) bool { return set.has(f.section) })
}

// language is the one in which phrases begin at most of the sender's words. A
// notice that the firm puts below every letter is none of theirs.
func (s *statement) language() string {
	if s.spoken != "" {
		return s.spoken
	}
	said := withoutNotices(s.text)
	known, last := map[string]int{}, map[string]int{}
	for _, f := range s.all {
		if last[f.language] != f.first+1 && said[s.words[f.first].start] != ' ' {
			known[f.language]++
			last[f.language] = f.first + 1
		}
		if known[f.language] > known[s.spoken] {
			s.spoken = f.language
		}
	}
	return s.spoken
}
