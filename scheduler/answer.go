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

// NoticeName is what the Message-ID of a notice is derived from, in place of a
// delivery's key. The NUL byte stands in no key, and without the profile's secret nobody
// can guess the ID: an answer that names it comes from somebody who has the notice.
func NoticeName(key string) string { return "notice\x00" + key }

// NoticeThread is what the Message-ID of the thread of a notice is derived from. No
// message has that ID: the notice names it in References, and every answer to the notice
// repeats it (RFC 5322 section 3.6.4), even where the provider replaced the Message-ID
// of the notice.
func NoticeThread(key string) string { return NoticeName("thread\x00" + key) }

// receiveAnswer takes an answer of the user to a notice. It counts only where the
// account's own Sent folder holds it: nobody else can put a mail there, whatever
// its From says and whoever was shown a notice.
func receiveAnswer(tx Tx, world World, m mailer.Message, raw mailer.Fetched, arrived time.Time) (isAnswer bool, err error) {
	if raw.Account == "" && world.Name != nil {
		if err := learnNotice(tx, world, m); err != nil {
			return false, err
		}
	}
	if raw.Role != mailer.RoleSent || raw.Account != "" || world.Name == nil || !toOneself(world.Policy.Me, m) || !byHandOf(m) {
		return false, nil
	}
	// An answer to one's own answer names the notice further up.
	newest := slices.Clone(m.References)
	slices.Reverse(newest)
	key, about, known, err := noticeNamed(tx, world, append(slices.Clone(m.InReplyTo), newest...), len(m.InReplyTo) > 0)
	if err != nil || !known {
		return false, err
	}
	// A confirmation that lost its marks on the way would be confirmed without end.
	if _, _, ours, err := noticeNamed(tx, world, idsOf(m), false); err != nil || ours {
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

// metaNoticeID is the beginning of the names under which stands the key of a notice
// whose Message-ID the provider replaced; the new one follows, as localID has it.
const metaNoticeID = "notice-id/"

// learnNotice learns the Message-ID under which the user knows a notice, where the
// provider has replaced the own one: it says so, or the notice is known by the
// exchange that it opens.
func learnNotice(tx Tx, world World, m mailer.Message) error {
	ids, opens := idsOf(m), false
	if len(ids) < 2 {
		opens = len(m.InReplyTo) == 0 && len(m.References) == 1 && toOneself(world.Policy.Me, m) && !byHandOf(m)
		if !opens {
			return nil
		}
		ids = append(ids, m.References...)
	}
	key, _, known, err := noticeNamed(tx, world, ids[1:], opens)
	if err != nil || !known {
		return err
	}
	return tx.SetMeta(metaNoticeID+localID(m.ID), key)
}

// noticeNamed finds the notice that one of the Message-IDs names, the first that
// names any; with threads, also by the exchange that it opens. Of an identifier
// only what stands before the @ counts: the user's address may have changed since.
func noticeNamed(r Reader, world World, ids []string, threads bool) (key string, about About, known bool, err error) {
	if len(ids) == 0 {
		return "", about, false, nil
	}
	byID := map[string]string{}
	know := func(key string) {
		byID[localID(world.Name(NoticeName(key)))] = key
		if threads {
			byID[localID(world.Name(NoticeThread(key)))] = key
		}
	}
	names, err := r.MetaNames(metaAbout)
	if err != nil {
		return "", about, false, err
	}
	for _, name := range names {
		know(strings.TrimPrefix(name, metaAbout))
	}
	others := map[string]About{} // of no kind that asks for an answer
	all, err := r.Notices(false)
	for _, n := range all {
		if n.Key != "" {
			know(n.Key)
			others[n.Key] = About{Subject: n.Subject}
		}
	}
	for _, id := range ids[:min(len(ids), mostIDs)] {
		key, known := byID[localID(id)]
		if !known && err == nil {
			key, err = r.Meta(metaNoticeID + localID(id))
		}
		if err != nil || key == "" {
			continue
		}
		about, known, err := loadJSON[About](r, metaAbout+key)
		if !known {
			about = others[key]
		}
		return key, about, true, err
	}
	return "", about, false, err
}

// localID is an identifier without its domain, in lower case.
func localID(id string) string {
	local, _, _ := strings.Cut(strings.ToLower(id), "@")
	return local
}
