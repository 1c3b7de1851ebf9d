package mailer

import "strings"

// negationReach is how many words before a phrase a negation still concerns it.
const negationReach = 5

// intent reads what a mail seems to say about the application. It looks at
// the sender's own words only, never at quoted mail, and only at kinds that
// people or their programs write; it is a hint for the user, never a verdict.
func (c *classifier) intent() {
	r := &c.reading
	switch r.Kind {
	case AutoReply:
		r.ReturnDate = ReturnDate(c.m.Subject+".\n\n"+c.fresh().text, c.m.Date)
		c.intents(of(leftFirm, noMoreText))
	case Human, Notification:
		c.intents(of(leftFirm, rejectionText, offerText, noMoreText))
	case CalendarCancel, CalendarRequest, CalendarReply:
		c.intents(of(rejectionText, offerText))
	case Challenge, Bulk, Other, Bounce, Delay, ReadReceipt:
	}
}

func (c *classifier) intents(wanted sections) {
	for _, f := range c.fresh().all {
		if !wanted.has(f.section) || c.fresh().denied(f) {
			continue
		}
		switch f.section {
		case leftFirm:
			c.reading.LeftFirm = true
		case rejectionText:
			c.reading.Rejection = true
		case offerText:
			c.reading.Offer = true
		case noMoreText:
			c.reading.NoMore = true
		}
		if c.reading.Sentence == "" {
			c.reading.Sentence = c.fresh().sentence(f)
		}
	}
}

// denied tells whether a phrase is not meant: a negation, or a word that makes
// a mere thought of it, stands before it in its clause; the clause says that
// nothing is settled yet; or the sentence asks.
func (p phrases) denied(f found) bool {
	for _, n := range p.all {
		if p.words[n.first].sentence == p.words[f.first].sentence && p.unsays(n, f) {
			return true
		}
	}
	_, end := p.bounds(f)
	return strings.HasPrefix(p.text[end:], "?")
}

// unsays tells whether one phrase takes the meaning from another in its
// sentence.
func (p phrases) unsays(n, f found) bool {
	reach := 0
	switch n.section {
	case negation:
		reach = negationReach
	case hypothetical:
		reach = 2 * negationReach
	case pendingText:
		return p.sameClause(min(n.end, f.end)-1, max(n.first, f.first))
	default:
		return false
	}
	return n.end <= f.first && f.first-n.end <= reach && p.sameClause(n.end-1, f.first)
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
