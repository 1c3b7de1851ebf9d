package scheduler

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"afterword/mailer"
)

// What a mail program made of a draft: the words are the user's, the wrapping of
// the lines is the program's.

// wordsOf is what a text says, without regard to how its lines are broken. Two
// drafts of the same words are the same draft.
func wordsOf(subject, body string) string {
	return strings.Join(append(strings.Fields(subject), append([]string{"\n"}, strings.Fields(body)...)...), " ")
}

// wordsSum is wordsOf as it is kept.
func wordsSum(subject, body string) string {
	sum := sha256.Sum256([]byte(wordsOf(subject, body)))
	return hex.EncodeToString(sum[:16])
}

// draftBody is the text of a draft as the user meant it: lines that the program
// wrapped are joined, and a signature that the program added is left away, for
// the mail has its own.
func draftBody(text, ours string) string {
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u00a0", " ").Replace(text), "\n")
	if !strings.Contains("\n"+ours, "\n-- \n") {
		if n := slices.IndexFunc(lines, func(l string) bool { return l == "-- " || l == "--" }); n > 0 {
			lines = lines[:n] // RFC 3676 section 4.3
		}
	}
	return strings.Join(unwrapped(lines), "\n")
}

// The columns at which mail programs wrap the lines of a plain text.
const (
	shortestWrap = 60
	longestWrap  = 80
)

// unwrapped joins lines that were broken only because the next word would have
// gone past the column at which the program wraps.
func unwrapped(lines []string) []string {
	column := 0
	for _, l := range lines {
		column = max(column, utf8.RuneCountInString(strings.TrimRight(l, " ")))
	}
	if column < shortestWrap || column > longestWrap {
		return lines // nothing was wrapped, or nothing by a program
	}
	var out []string
	last := 0 // length of the last line as it was
	for _, l := range lines {
		bare := strings.TrimRight(l, " ")
		first, _, _ := strings.Cut(bare, " ")
		if len(out) > 0 && last > 0 && first != "" && last+1+utf8.RuneCountInString(first) > column {
			out[len(out)-1] += " " + bare
		} else {
			out = append(out, bare)
		}
		last = utf8.RuneCountInString(bare)
	}
	return out
}

// likeness is the share of the words of the shorter text that stand in the other
// one too, from 0 to 1.
func likeness(a, b string) float64 {
	count := map[string]int{}
	as, bs := strings.Fields(strings.ToLower(a)), strings.Fields(strings.ToLower(b))
	for _, w := range as {
		count[w]++
	}
	common := 0
	for _, w := range bs {
		if count[w] > 0 {
			count[w]--
			common++
		}
	}
	if len(as) == 0 || len(bs) == 0 {
		return 0
	}
	return float64(common) / float64(max(len(as), len(bs)))
}

// othersIn are the recipients of a draft beside the person and the candidate.
func othersIn(m mailer.Message, to Recipient, me Me) []string {
	var others []string
	for _, a := range slices.Concat(m.To, m.Cc, m.Bcc) {
		address := NormalAddress(a.Addr)
		mine := slices.ContainsFunc(ownAddresses(me), func(own string) bool { return mailer.SameMailbox(own, a.Addr) })
		if address != NormalAddress(to.Email) && !mine && !slices.Contains(others, address) {
			others = append(others, address)
		}
	}
	return others
}
