package scheduler

import (
	"encoding/json"
	"hash/maphash"
	"strconv"
	"time"

	"afterword/mailer"
)

// tally compares how many messages came to INBOX with how many were read there and in
// the folders to which mail is moved. It notices mail that came and left again unread,
// because a phone archived or deleted it. It goes on over failed looks and restarts
// until one look has read everything.
type tally struct {
	cursors  []mailer.Cursor // when the look began
	since    time.Time       // of the last complete look, zero if there was none
	accounts map[string]*count
	seed     maphash.Seed
	again    bool // the folders are still to be rewound, see metaAgain
	// numbers is what is known of the numbering of each account, read how many messages
	// this look read by account and folder.
	numbers map[string]numbering
	read    map[string]map[string]int
}

// count is the tally of one account. It is stored as JSON.
type count struct {
	From mailer.Cursor `json:"from"` // of INBOX, when the last complete look ended
	To   mailer.Cursor `json:"to"`   // of INBOX, as far as it was read
	// Inbox and Elsewhere are the messages read in INBOX and, by looks that
	// ended before this one, where mail goes from INBOX.
	Inbox     int `json:"inbox"`
	Elsewhere int `json:"elsewhere"`
	// Stood says by folder how far it was read when the folders began to be read again:
	// what lies before was counted, or was there before the count.
	Stood map[string]mailer.Cursor `json:"stood,omitempty"`

	before    int             // Elsewhere when this look began
	placed    map[uint64]bool // messages of this look whose place explains no hole in INBOX
	elsewhere map[uint64]bool // messages of this look that may have been in INBOX
}

// metaTally names the tally of looks that did not come to their end.
const metaTally = "look.tally"

// newTally begins to count. Carried is what an earlier look left under metaTally.
func newTally(cursors []mailer.Cursor, since time.Time, carried string) *tally {
	t := &tally{cursors: cursors, since: since, accounts: map[string]*count{}, seed: maphash.MakeSeed(), numbers: map[string]numbering{}, read: map[string]map[string]int{}}
	earlier := map[string]*count{}
	_ = json.Unmarshal([]byte(carried), &earlier) // what cannot be read was not there
	for _, c := range cursors {
		if c.Folder != inboxName {
			continue
		}
		n := earlier[c.Account]
		if n == nil || n.To != c && !n.readAgain(c) {
			if c.UIDValidity == 0 {
				continue
			}
			n = &count{From: c, To: c}
		}
		n.before, n.placed, n.elsewhere = n.Elsewhere, map[uint64]bool{}, map[uint64]bool{}
		t.accounts[c.Account] = n
	}
	return t
}

// readAgain reports whether INBOX, read so far, is being read again up to where it
// was counted.
func (n *count) readAgain(c mailer.Cursor) bool {
	return n.Stood[inboxName].UIDValidity != 0 && (c.UIDValidity == 0 || c.UIDValidity == n.To.UIDValidity && c.UID < n.To.UID)
}

// counted reports whether a message stands where its folder had been read before it
// began to be read again.
func (n *count) counted(folder string, validity, uid uint32) bool {
	stood := n.Stood[folder]
	return stood.UIDValidity != 0 && stood.UIDValidity == validity && uid <= stood.UID
}

// rewind has the folders read again, and the count go on from where they stood.
func (t *tally) rewind() {
	for i, c := range t.cursors {
		n := t.accounts[c.Account]
		if n != nil && c.UIDValidity != 0 && !n.counted(c.Folder, c.UIDValidity, c.UID) {
			if n.Stood == nil {
				n.Stood = map[string]mailer.Cursor{}
			}
			n.Stood[c.Folder] = c
		}
		t.cursors[i].UIDValidity = 0
	}
}

// forgetTally ends the count of an account that leads to another mailbox now.
func forgetTally(tx Tx, account string) error {
	numbers, err := loadNumbering(tx)
	if err != nil {
		return err
	}
	if _, known := numbers[account]; known {
		numbers[account] = numbering{}
		if err := saveNumbering(tx, numbers, time.Time{}); err != nil {
			return err
		}
	}
	text, err := tx.Meta(metaTally)
	if err != nil || text == "" {
		return err
	}
	t := tally{}
	_ = json.Unmarshal([]byte(text), &t.accounts) // what cannot be read was not there
	delete(t.accounts, account)
	return tx.SetMeta(metaTally, t.text())
}

// inboxName is the one name that every server knows (RFC 9051 section 5.1).
const inboxName = "INBOX"

// notBefore is when the folder was last read to its end, zero if never: whatever is
// found there now arrived later, whatever its date says.
func (t *tally) notBefore(c mailer.Cursor) time.Time {
	for _, k := range t.cursors {
		if k.Account == c.Account && k.Folder == c.Folder && k.UIDValidity == c.UIDValidity {
			return t.since
		}
	}
	return time.Time{}
}

// clocksApart is how far the clock of a server may stand behind ours.
const clocksApart = 10 * time.Minute

// add counts a batch that is about to be applied. A folder that is numbered
// anew is read anew, so that nothing is to be counted.
func (t *tally) add(b mailer.Batch) {
	if t.read[b.Cursor.Account] == nil {
		t.read[b.Cursor.Account] = map[string]int{}
	}
	t.read[b.Cursor.Account][b.Cursor.Folder] += len(b.Messages)
	n := t.accounts[b.Cursor.Account]
	if n == nil {
		return
	}
	if b.Cursor.Folder == inboxName {
		again := n.readAgain(b.Cursor)
		if n.To.UIDValidity != b.Cursor.UIDValidity || b.Cursor.UID < n.To.UID && !again {
			delete(t.accounts, b.Cursor.Account)
			return
		}
		if !again {
			n.To = b.Cursor
		}
	}
	for _, m := range b.Messages {
		if !n.counted(b.Cursor.Folder, b.Cursor.UIDValidity, m.UID) {
			n.place(m, t.name(m), t.since)
		}
	}
	n.Elsewhere = n.before
	for name := range n.elsewhere {
		if !n.placed[name] {
			n.Elsewhere++
		}
	}
}

// place notes where a message lies. What arrived before the last complete look
// was read in INBOX then, if it ever was there, and was only moved since. A copy
// of what lies in INBOX or was sent, as All Mail has them, explains nothing.
func (n *count) place(m mailer.Fetched, name uint64, since time.Time) {
	switch {
	case m.Role == mailer.RoleInbox:
		n.Inbox++
		n.placed[name] = true
	case m.Role == mailer.RoleSent || m.Role == mailer.RoleDrafts || m.Role == mailer.RoleApproved || m.Draft:
		n.placed[name] = true
	case m.Arrived.IsZero() || !m.Arrived.Before(since.Add(-clocksApart)):
		n.elsewhere[name] = true
	}
}

// name is what the copies of one message share: its header.
func (t *tally) name(m mailer.Fetched) uint64 {
	if len(m.Header) == 0 {
		return maphash.String(t.seed, m.Folder+"/"+strconv.FormatUint(uint64(m.UID), 10))
	}
	return maphash.Bytes(t.seed, m.Header)
}

// text is the tally as it is stored, "" if it is empty.
func (t *tally) text() string {
	if len(t.accounts) == 0 {
		return ""
	}
	text, err := json.Marshal(t.accounts)
	if err != nil {
		return ""
	}
	return string(text)
}

// conclude ends the count of an account that was read to its end. It reports whether
// more messages came to INBOX, by the difference of UIDNEXT (RFC 9051 section 2.3.1.1),
// than were found. Where INBOX has no numbers of its own nothing can be counted.
func (t *tally) conclude(r mailer.LookResult) (unexplained bool) {
	for _, f := range r.Folders {
		if f.Role == mailer.RoleInbox {
			if n := t.numbers[f.Account].learn(t.cursors, r.Folders, t.read[f.Account]); n != t.numbers[f.Account] {
				t.numbers[f.Account] = n
			}
		}
	}
	for _, f := range r.Folders {
		n := t.accounts[f.Account]
		if f.Role != mailer.RoleInbox || n == nil {
			continue
		}
		unexplained = unexplained || int(n.To.UID-n.From.UID) > n.Inbox+n.Elsewhere && !t.numbers[f.Account].shared()
		delete(t.accounts, f.Account)
	}
	return unexplained
}

// noteGap puts asking mail on hold, because nobody knows whose mail was missed, and asks
// the user, who may have read it on a phone.
func noteGap(tx Tx, now time.Time) error {
	h := Hold{Scope: ScopeEverything, Source: "gap", Asking: true, Set: now,
		Reason: "mail came and left INBOX before it could be read here; was it an answer? Then: afterword answered APPLICATION. Go on with: afterword resume"}
	if err := setHold(tx, h, ActorMailbox, "INBOX", now); err != nil {
		return err
	}
	return ask(tx, Delivery{}, askedGap+now.UTC().Format(time.DateOnly),
		"Mail came to INBOX and was gone before it could be read here, also from Archive, Junk and Trash. Was it an answer from one of your applications? Then: afterword answered APPLICATION. Follow-ups wait until: afterword resume", now)
}
