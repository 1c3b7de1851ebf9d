package mailtest

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The delays that a behaviour in words has where it names none.
const (
	robotDelay   = 5 * time.Second // a server answers at once
	bounceDelay  = time.Minute     // after a try or two
	delayedDelay = 4 * time.Hour   // when Postfix warns by default
)

// clauses lists what ParseBehaviour reads, for its errors.
const clauses = `"silent", "answers after 2 days", "answers after 2 days saying TEXT", "out of office until 2026-12-04", ` +
	`"has left the company", "bounces", "bounces after 10 minutes", "delays", "delays after 4 hours", "challenges"`

// ParseBehaviour reads a behaviour in words: one of
//
//	silent
//	answers after DURATION [saying TEXT]
//	out of office until DATE      one automatic reply per sender, until the date is over in UTC
//	has left the company          one automatic reply per sender
//	bounces [after DURATION]      a permanent failure (RFC 3464)
//	delays [after DURATION]       a notice that the mail is still under way
//	challenges                    a request to confirm that a person wrote
//
// or several of them with ";" between; TEXT goes on to the end. A DURATION is "2 days" (seconds, minutes,
// hours, days of 24 hours, weeks) or Go's "36h"; a DATE is 2026-12-04. Anything else is an error that says what is expected.
func ParseBehaviour(text string) (Behaviour, error) {
	var all []Behaviour
	script, words, said := strings.Cut(text, " saying ")
	texts := strings.Split(script, ";")
	if said {
		texts[len(texts)-1] += " saying " + words
	}
	for _, clause := range texts {
		clause = strings.TrimLeft(clause, " ")
		if !said {
			clause = strings.TrimRight(clause, " ")
		}
		if clause == "silent" && len(texts) > 1 {
			return nil, fmt.Errorf("reading behaviour %q: silent stands alone", text)
		}
		b, err := parseClause(clause)
		if err != nil {
			return nil, fmt.Errorf("reading behaviour %q: %w", text, err)
		}
		all = append(all, b)
	}
	return func(r Received) []Reaction {
		var out []Reaction
		for _, b := range all {
			out = append(out, b(r)...)
		}
		return out
	}, nil
}

// parseClause reads one clause.
func parseClause(clause string) (Behaviour, error) {
	verb, rest, _ := strings.Cut(clause, " after ")
	switch {
	case clause == "silent":
		return func(Received) []Reaction { return nil }, nil
	case clause == "has left the company":
		return oncePerSender(leftTheCompany), nil
	case clause == "challenges":
		return always(robotDelay, challenge), nil
	case strings.HasPrefix(clause, "out of office until "):
		return parseOutOfOffice(strings.TrimPrefix(clause, "out of office until "))
	case verb == "answers" && rest != "":
		return parseAnswer(rest)
	case verb == "bounces":
		return parseDelayed(clause, rest, bounceDelay, bounce)
	case verb == "delays":
		return parseDelayed(clause, rest, delayedDelay, delayNotice)
	}
	return nil, fmt.Errorf("unknown clause %q, expected one of %s", clause, clauses)
}

// parseAnswer reads what follows "answers after".
func parseAnswer(rest string) (Behaviour, error) {
	duration, words, said := strings.Cut(rest, " saying ")
	after, err := parseDuration(duration)
	if err != nil {
		return nil, err
	}
	if said && strings.TrimSpace(words) == "" {
		return nil, fmt.Errorf("nothing follows %q", "saying")
	}
	return always(after, func(r Received) Letter { return answer(r, strings.TrimSpace(words)) }), nil
}

// parseDelayed reads a clause with or without a delay.
func parseDelayed(clause, rest string, after time.Duration, write func(Received) Letter) (Behaviour, error) {
	if strings.Contains(clause, " ") {
		var err error
		if after, err = parseDuration(rest); err != nil {
			return nil, err
		}
	}
	return always(after, write), nil
}

// parseOutOfOffice reads the date up to which somebody is away.
func parseOutOfOffice(date string) (Behaviour, error) {
	until, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return nil, fmt.Errorf("reading date %q: expected one like 2026-12-04", date)
	}
	reply := oncePerSender(func(r Received) Letter { return outOfOffice(r, until) })
	return func(r Received) []Reaction {
		if !r.At.Before(until.AddDate(0, 0, 1)) {
			return nil
		}
		return reply(r)
	}, nil
}

// parseDuration reads "2 days" or "36h". It is above zero and at most ten years.
func parseDuration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if number, unit, ok := strings.Cut(text, " "); err != nil && ok {
		var n int
		n, err = strconv.Atoi(number)
		size, known := unitSize(strings.TrimSuffix(unit, "s"))
		if !known || n > int(maxDuration/size) {
			n = 0
		}
		d = time.Duration(n) * size
	}
	if err != nil || d <= 0 || d > maxDuration {
		return 0, fmt.Errorf("reading duration %q: expected one like %q or %q", text, "2 days", "36h")
	}
	return d, nil
}

// maxDuration is ten years, beyond every script's end.
const maxDuration = 10 * 365 * 24 * time.Hour

// unitSize returns the length of a unit named in the singular.
func unitSize(unit string) (time.Duration, bool) {
	switch unit {
	case "second":
		return time.Second, true
	case "minute":
		return time.Minute, true
	case "hour":
		return time.Hour, true
	case "day":
		return 24 * time.Hour, true
	case "week":
		return 7 * 24 * time.Hour, true
	}
	return 0, false
}

// always reacts to every mail.
func always(after time.Duration, write func(Received) Letter) Behaviour {
	return func(r Received) []Reaction { return []Reaction{{After: after, Letter: write(r)}} }
}

// oncePerSender reacts to the first mail of each sender, and not to mail that a
// program wrote (RFC 3834 section 2).
func oncePerSender(write func(Received) Letter) Behaviour {
	told := make(map[string]bool)
	return func(r Received) []Reaction {
		sender := strings.ToLower(r.Mail.From)
		if told[sender] || sender == "" || summarise(r.Mail.Raw).Automatic {
			return nil
		}
		told[sender] = true
		return []Reaction{{After: robotDelay, Letter: write(r)}}
	}
}
