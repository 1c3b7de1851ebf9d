package scheduler

import (
	"slices"
	"strings"
	"time"

	"afterword/mailer"
)

// An answer to a notice is recognised here and kept, in the transaction that moves
// the cursor; scheduler/answerdo.go does what it says.

// keptAnswer is an answer that was read and not yet carried out.
type keptAnswer struct {
	Notice  string    `json:"notice"` // key of the notice
	About   About     `json:"about"`
	Text    string    `json:"text"` // what the user wrote, without quotes
	Arrived time.Time `json:"arrived"`
}

// The beginnings of the names under which answers are remembered, each with the
// Message-ID of the answer: those that wait, and those that were carried out.
const (
	metaAnswerWaits = "answer-waits/"
	metaAnswerDone  = "answer-done/"
)

// longestAnswer bounds what is kept of one.
const longestAnswer = 17 << 10

// NoticeName is the name by which the Message-ID of a notice is made, in the place of
// a delivery's key, which holds no such byte: nobody without the profile's secret
// can guess it, and an answer that names it has seen the notice.
func NoticeName(key string) string { return "notice\x00" + key }

// receiveAnswer takes an answer of the user to a notice. It counts only where the
// account's own Sent folder holds it: nobody else can put a mail there, whatever
// its From says and whoever was shown a notice.
func receiveAnswer(tx Tx, world World, m mailer.Message, raw mailer.Fetched, arrived time.Time) (isAnswer bool, err error) {
	if raw.Role != mailer.RoleSent || raw.Account != "" || world.Name == nil || !toOneself(world.Policy.Me, m) || !byHandOf(m) {
		return false, nil
	}
	key, about, known, err := noticeNamed(tx, world, m.InReplyTo)
	if err != nil || !known {
		return false, err
	}
	for _, prefix := range []string{metaAnswerDone, metaAnswerWaits} {
		if before, err := tx.Meta(prefix + m.ID); err != nil || before != "" {
			return true, err
		}
	}
	text := m.NewText
	if raw.Truncated || raw.Unreadable || len(text) > longestAnswer {
		text = text[:min(len(text), longestAnswer)] + strings.Repeat(" ", longestAnswer) // no answer is as long
	}
	return true, saveJSON(tx, metaAnswerWaits+m.ID, keptAnswer{Notice: key, About: about, Text: text, Arrived: arrived})
}

// fromSent reports whether a batch holds anything of a Sent folder.
func fromSent(b mailer.Batch) bool {
	return slices.ContainsFunc(b.Messages, func(m mailer.Fetched) bool { return m.Role == mailer.RoleSent })
}

// toOneself reports whether a mail is from the user to the user and to nobody
// else: who forwards a notice, or asks a friend about it, answers nothing.
func toOneself(me Me, m mailer.Message) bool {
	mine := func(a mailer.Address) bool {
		return slices.ContainsFunc(ownAddresses(me), func(own string) bool { return mailer.SameMailbox(a.Addr, own) })
	}
	readers := slices.Concat(m.To, m.Cc, m.Bcc)
	notMine := func(a mailer.Address) bool { return !mine(a) }
	return len(m.From) == 1 && mine(m.From[0]) && len(readers) > 0 && !slices.ContainsFunc(readers, notMine)
}

// byHandOf reports whether no program marked the mail as its own: neither a notice,
// which may be filed in Sent too, nor an automatic answer of the account.
func byHandOf(m mailer.Message) bool {
	auto := strings.ToLower(strings.TrimSpace(m.Header.Get("auto-submitted")))
	return (auto == "" || auto == "no") && !isMassMail(m.Header) && !mailer.SaysAutomatic(m)
}

// noticeNamed finds the notice that one of the Message-IDs names. Of an identifier
// only what stands before the @ counts: the user's address may have changed since.
func noticeNamed(r Reader, world World, ids []string) (key string, about About, known bool, err error) {
	if len(ids) == 0 {
		return "", about, false, nil
	}
	named := func(key string) bool {
		return key != "" && slices.ContainsFunc(ids[:min(len(ids), mostIDs)], func(id string) bool { return localID(id) == localID(world.Name(NoticeName(key))) })
	}
	names, err := r.MetaNames(metaAbout)
	if err != nil {
		return "", about, false, err
	}
	for _, name := range slices.Backward(names) {
		if key := strings.TrimPrefix(name, metaAbout); named(key) {
			about, known, err = loadJSON[About](r, name)
			return key, about, known, err
		}
	}
	all, err := r.Notices(false)
	for _, n := range slices.Backward(all) {
		if named(n.Key) {
			return n.Key, About{Subject: n.Subject}, true, err
		}
	}
	return "", about, false, err
}

// localID is an identifier without its domain, in lower case.
func localID(id string) string {
	local, _, _ := strings.Cut(strings.ToLower(id), "@")
	return local
}
