package scheduler

import (
	"time"

	"afterword/mailer"
)

// tally counts, over one look, what was read where, so that mail that came to
// INBOX and left again unread is noticed (a phone archived or deleted it).
type tally struct {
	cursors   []mailer.Cursor          // when the look began
	since     time.Time                // of the look before it, zero if there was none
	before    map[string]mailer.Cursor // INBOX cursors when the look began, by account
	inbox     map[string]int           // messages read in INBOX, by account
	elsewhere map[string]int           // messages read where mail goes from INBOX, by account
}

func newTally(cursors []mailer.Cursor, since time.Time) *tally {
	t := &tally{cursors: cursors, since: since, before: map[string]mailer.Cursor{}, inbox: map[string]int{}, elsewhere: map[string]int{}}
	for _, c := range cursors {
		if c.Folder == inboxName {
			t.before[c.Account] = c
		}
	}
	return t
}

// inboxName is the one name that every server knows (RFC 9051 section 5.1).
const inboxName = "INBOX"

// notBefore is when the folder was last read to its end: what is found in it
// now arrived later, whatever its date says. Zero for a folder that is read for
// the first time.
func (t *tally) notBefore(c mailer.Cursor) time.Time {
	for _, k := range t.cursors {
		if k.Account == c.Account && k.Folder == c.Folder && k.UIDValidity == c.UIDValidity {
			return t.since
		}
	}
	return time.Time{}
}

// add counts a batch.
func (t *tally) add(b mailer.Batch) {
	for _, m := range b.Messages {
		switch m.Role {
		case mailer.RoleInbox:
			t.inbox[m.Account]++
		case mailer.RoleSent, mailer.RoleDrafts:
		default:
			t.elsewhere[m.Account]++
		}
	}
}

// unexplained reports whether more messages came to INBOX than were read there
// and in the folders to which mail is moved. The server counts what came by the
// UID that it gives next (RFC 9051 section 2.3.1.1).
func (t *tally) unexplained(r mailer.LookResult) bool {
	for _, f := range r.Folders {
		c, known := t.before[f.Account]
		if f.Role != mailer.RoleInbox || !known || c.UIDValidity != f.UIDValidity || f.UIDNext == 0 || f.UIDNext <= c.UID+1 {
			continue
		}
		if came := int(f.UIDNext - 1 - c.UID); came > t.inbox[f.Account]+t.elsewhere[f.Account] {
			return true
		}
	}
	return false
}

// noteGap holds what asks, for nobody knows whose mail it was, and asks the
// user, who may have read it on a phone.
func noteGap(tx Tx, now time.Time) error {
	h := Hold{Scope: ScopeEverything, Source: "gap", Asking: true, Set: now,
		Reason: "mail came and left INBOX before it could be read here; was it an answer? Then: afterword answered APPLICATION. Go on with: afterword resume"}
	if err := setHold(tx, h, ActorMailbox, "INBOX", now); err != nil {
		return err
	}
	return ask(tx, Delivery{}, "gap/"+now.UTC().Format(time.DateOnly),
		"Mail came to INBOX and was gone before it could be read here, also from Archive, Junk and Trash. Was it an answer from one of your applications? Then: afterword answered APPLICATION. Follow-ups wait until: afterword resume", now)
}
