package sim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// carriedOut is how often the store says that an answer was obeyed, or refused with a
// reason.
func (o Outcome) carriedOut(id string) (n int) {
	for _, e := range o.Events {
		if e.What == "answered by mail" && e.Evidence == id {
			n++
		}
	}
	return n
}

// unknownNotice reports whether the store that was put back since does not know what
// an answer answers, or has been told before of it.
func (o Outcome) unknownNotice(x said) bool {
	return slices.ContainsFunc(o.restores, func(at time.Time) bool { return at.After(x.told) })
}

// answersOnce: an answer of the user to a notice is carried out once, or refused with
// a reason, and confirmed in the exchange; a stop is obeyed by every mail that follows.
func answersOnce(o Outcome) (broken []string) {
	for _, x := range o.answers {
		if x.forged || o.upFor(x.at, o.End) < 3*time.Hour {
			continue
		}
		n := o.carriedOut(x.id)
		if n > 1 || n == 0 && !o.unknownNotice(x) {
			broken = append(broken, fmt.Sprintf("the answer %q of %s (%s) was carried out %d times", x.word, stamp(x.at), x.id, n))
		}
		confirmed := map[string]bool{}
		for _, c := range o.Notices {
			if isReplyTo(c.Raw, x.id) {
				confirmed[c.MessageID] = true
			}
		}
		lost := slices.ContainsFunc(o.Outbox, func(n outboxed) bool { return strings.HasSuffix(n.Key, "/"+x.id) && o.lostTwice(n) })
		if len(confirmed) != 1 && !o.unknownNotice(x) && (len(confirmed) > 1 || !lost) {
			broken = append(broken, fmt.Sprintf("the answer %q of %s (%s) was confirmed by %d mails", x.word, stamp(x.at), x.id, len(confirmed)))
		}
		if x.word == "stop" && !o.unknownNotice(x) {
			broken = append(broken, o.leftAfter(x)...)
		}
	}
	return broken
}

// leftAfter are the mails that left although the user had answered stop.
func (o Outcome) leftAfter(x said) (broken []string) {
	for _, a := range o.Accepted {
		before := slices.DeleteFunc(slices.Clone(o.acts), func(w act) bool { return w.at.After(a.At) })
		if a.At.Sub(x.at) > lookAge && !x.ended(before) && !o.jumped(a.At) {
			broken = append(broken, fmt.Sprintf("%s was accepted at %s, and the user had answered stop at %s", a.Key, stamp(a.At), stamp(x.at)))
		}
	}
	return broken
}

// onlyTheUser: no mail but the user's own, to themselves and from their Sent folder,
// counts as an answer.
func onlyTheUser(o Outcome) (broken []string) {
	for _, x := range o.answers {
		if n := o.carriedOut(x.id); x.forged && n > 0 {
			broken = append(broken, fmt.Sprintf("%q of %s (%s) was taken for an answer of the user", x.word, stamp(x.at), x.id))
		}
	}
	return broken
}

// toldTogether reports whether a notice was one of many that were told as one message.
func (o Outcome) toldTogether(n outboxed) bool {
	return slices.ContainsFunc(o.Notices, func(m mailtest.Accepted) bool {
		text := textOf(m.Raw)
		return strings.HasPrefix(text, "These came at once, ") && strings.Contains(oneLine(text), oneLine(n.Subject)) && !m.At.Before(n.At)
	})
}

// toldOnce: every notice of the outbox reached the user unless it was over before
// its turn came, and none twice unless
// something went wrong while it was told.
func toldOnce(o Outcome) (broken []string) {
	taken := map[string][]time.Time{}
	for _, n := range o.Notices {
		taken[n.MessageID] = append(taken[n.MessageID], n.At)
	}
	for _, n := range o.Outbox {
		if n.Kind == "channel" {
			continue // that mail does not arrive is not told by mail
		}
		if len(taken[n.id]) == 0 && !o.toldTogether(n) && !n.Over() && o.upFor(n.At, o.End) > 3*time.Hour && !o.lostTwice(n) {
			broken = append(broken, fmt.Sprintf("the notice %s of %s (%s) was never told", n.Key, stamp(n.At), n.Subject))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(taken)) {
		for n, again := range taken[id] {
			if n > 0 && !o.troubled(taken[id][n-1], again) {
				broken = append(broken, fmt.Sprintf("the notice %s was told at %s and again at %s, and nothing had gone wrong", id, stamp(taken[id][n-1]), stamp(again)))
			}
		}
	}
	return broken
}

// lostTwice reports whether two connections may have been lost while a notice was
// told: the program says it once more where nobody knows, and not a third time.
func (o Outcome) lostTwice(n outboxed) bool {
	near := 0
	for _, t := range o.troubles {
		if !n.Told.IsZero() && t.from.Before(n.Told.Add(time.Minute)) && t.to.After(n.At.Add(-time.Minute)) {
			near++
		}
	}
	return near >= 2
}

// troubled reports whether something went wrong just when a notice was told, so that
// nobody could know, or whether a store was put back since that does not.
func (o Outcome) troubled(at, again time.Time) bool {
	const around = 5 * time.Minute
	return slices.ContainsFunc(o.troubles, func(t span) bool { return t.from.Add(-around).Before(at) && at.Before(t.to.Add(around)) }) ||
		slices.ContainsFunc(o.restores, func(r time.Time) bool { return r.Before(again) && at.Before(r) })
}

// outboxed is a notice of the store with its Message-ID.
type outboxed struct {
	scheduler.Notice
	id string
}
