package scheduler

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"afterword/mailer"
)

// inboxAt is how far INBOX was read.
func inboxAt(uid uint32) mailer.Cursor {
	return mailer.Cursor{Folder: inboxName, UIDValidity: 7, UID: uid}
}

// found is one message of a batch.
func found(role mailer.Role, subject string, arrived time.Time) mailer.Fetched {
	return mailer.Fetched{Role: role, Header: []byte("Subject: " + subject), Arrived: arrived}
}

func batch(to mailer.Cursor, ms ...mailer.Fetched) mailer.Batch {
	return mailer.Batch{Messages: ms, Cursor: to}
}

// inboxRead is the result of a look that read INBOX to its end.
var inboxRead = mailer.LookResult{Folders: []mailer.FolderState{{Folder: inboxName, Role: mailer.RoleInbox}}}

// TestTally: two messages came to INBOX, and one was read there. Each case says
// what else was read, and whether that explains the other one.
func TestTally(t *testing.T) {
	since := paris("2026-11-24 10:00")
	now := since.Add(time.Hour)
	archive := mailer.Cursor{Folder: "Archive", UIDValidity: 3, UID: 9}
	for _, c := range []struct {
		what  string
		other mailer.Fetched
		gap   bool
	}{
		{"it was archived", found(mailer.RoleArchive, "b", now), false},
		{"it lies in Trash", found(mailer.RoleTrash, "b", now), false},
		{"a folder of the user has it", found(mailer.RoleOther, "b", now), false},
		{"nothing else came", found(mailer.RoleSent, "mine", now), true},
		{"All Mail shows the one in INBOX", found(mailer.RoleAll, "a", now), true},
		{"old mail was archived", found(mailer.RoleArchive, "old", since.Add(-time.Hour)), true},
		{"the server's clock is late", found(mailer.RoleArchive, "b", since.Add(-time.Minute)), false},
		{"a draft was saved", mailer.Fetched{Role: mailer.RoleAll, Draft: true, Arrived: now}, true},
	} {
		tally := newTally([]mailer.Cursor{inboxAt(10), archive}, since, "")
		tally.add(batch(archive, c.other))
		tally.add(batch(inboxAt(12), found(mailer.RoleInbox, "a", now)))
		if got := tally.conclude(inboxRead); got != c.gap {
			t.Errorf("%s: a gap is seen: %v", c.what, got)
		}
		if tally.text() != "" {
			t.Errorf("%s: %s is left", c.what, tally.text())
		}
	}
}

// TestSentCopyInAllMail: what the user sent stands in All Mail too and was
// never in INBOX.
func TestSentCopyInAllMail(t *testing.T) {
	now := paris("2026-11-24 10:00")
	tally := newTally([]mailer.Cursor{inboxAt(10)}, now.Add(-time.Hour), "")
	tally.add(batch(mailer.Cursor{Folder: "All"}, found(mailer.RoleAll, "mine", now)))
	tally.add(batch(mailer.Cursor{Folder: "Sent"}, found(mailer.RoleSent, "mine", now)))
	tally.add(batch(inboxAt(11)))
	if !tally.conclude(inboxRead) {
		t.Error("a sent copy explains what left INBOX")
	}
}

// TestTallyOutlivesAFailedLook: INBOX was read with a hole, then the look
// failed; the next one, or the next start, still sees the hole, and what explains it.
func TestTallyOutlivesAFailedLook(t *testing.T) {
	now := paris("2026-11-24 10:00")
	archive := func() mailer.Batch {
		return batch(mailer.Cursor{Folder: "Archive"}, found(mailer.RoleArchive, "b", now))
	}
	for _, c := range []struct {
		what          string
		first, second bool // the archive was read by this look
		cursor        uint32
		gap           bool
	}{
		{"nowhere", false, false, 12, true},
		{"found before the failure", true, false, 12, false},
		{"found after it", false, true, 12, false},
		{"INBOX is read anew", false, false, 0, false},
	} {
		first := newTally([]mailer.Cursor{inboxAt(10)}, now.Add(-time.Hour), "")
		first.add(batch(inboxAt(12), found(mailer.RoleInbox, "a", now)))
		if c.first {
			first.add(archive())
		}
		second := newTally([]mailer.Cursor{inboxAt(c.cursor)}, now.Add(-time.Hour), first.text())
		if c.second {
			second.add(archive())
		}
		if got := second.conclude(inboxRead); got != c.gap {
			t.Errorf("%s: a gap is seen: %v", c.what, got)
		}
	}
}

// TestTallyOutlivesReadingAgain: INBOX was read to 12, and began to be read again when
// two had come since. What was counted is not counted twice, also where looks fail.
func TestTallyOutlivesReadingAgain(t *testing.T) {
	now := paris("2026-11-24 10:00")
	since := now.Add(-time.Hour)
	archive := mailer.Cursor{Folder: "Archive", UIDValidity: 3, UID: 9}
	at := func(uid uint32, m mailer.Fetched) mailer.Fetched { m.UID = uid; return m }
	old, kept := at(11, found(mailer.RoleInbox, "old", now)), at(14, found(mailer.RoleInbox, "b", now))
	for _, c := range []struct {
		what            string
		here, elsewhere []mailer.Fetched
		fails           []uint32 // looks that ended so far in INBOX
		gap             bool
	}{
		{"one left", []mailer.Fetched{old, kept}, nil, nil, true},
		{"one left, and a look failed at once", []mailer.Fetched{old, kept}, nil, []uint32{0}, true},
		{"one left, and looks failed on the way", []mailer.Fetched{old, kept}, nil, []uint32{11, 12}, true},
		{"both are there", []mailer.Fetched{old, at(13, found(mailer.RoleInbox, "a", now)), kept}, nil, []uint32{11}, false},
		{"one was archived", []mailer.Fetched{old, kept}, []mailer.Fetched{at(10, found(mailer.RoleArchive, "a", now))}, nil, false},
		{"one left, and the archive is older", []mailer.Fetched{old, kept}, []mailer.Fetched{at(9, found(mailer.RoleArchive, "c", now))}, nil, true},
	} {
		tally := newTally([]mailer.Cursor{inboxAt(12), archive}, since, "")
		tally.rewind()
		cursors := tally.cursors
		if cursors[0].UIDValidity != 0 || cursors[1].UIDValidity != 0 {
			t.Fatalf("%s: the folders are not read again: %v", c.what, cursors)
		}
		for _, uid := range c.fails {
			if uid > 0 {
				cursors = []mailer.Cursor{inboxAt(uid), cursors[1]}
				tally.add(batch(inboxAt(uid), old))
			}
			tally = newTally(cursors, since, tally.text())
		}
		if len(c.fails) > 0 {
			tally.rewind() // another file came
		}
		end := archive
		end.UID = 10
		tally.add(batch(end, c.elsewhere...))
		tally.add(batch(inboxAt(12), old))
		tally.add(batch(inboxAt(14), c.here[1:]...))
		if got := tally.conclude(inboxRead); got != c.gap {
			t.Errorf("%s: a gap is seen: %v", c.what, got)
		}
	}
}

// TestAnotherMailboxIsCountedAnew: the count of an account whose name leads to another
// mailbox now means nothing there, and that of another account goes on.
func TestAnotherMailboxIsCountedAnew(t *testing.T) {
	now := paris("2026-11-24 10:00")
	other := inboxAt(10)
	other.Account = "old"
	tally := newTally([]mailer.Cursor{inboxAt(10), other}, now, "")
	tally.rewind()
	m := newMemory()
	err := errors.Join(m.SetMeta(metaTally, tally.text()), forgetTally(m, "old"))
	carried, readErr := m.Meta(metaTally)
	if err != nil || readErr != nil {
		t.Fatal(err, readErr)
	}
	next := newTally([]mailer.Cursor{{Folder: inboxName}, {Account: "old", Folder: inboxName}}, now, carried)
	if next.accounts["old"] != nil || next.accounts[""] == nil {
		t.Errorf("after the account changed %s is counted on", carried)
	}
}

func TestNothingIsCountedWhereNothingIsKnown(t *testing.T) {
	now := paris("2026-11-24 10:00")
	renumbered := inboxAt(40)
	renumbered.UIDValidity = 8
	for what, cursors := range map[string][]mailer.Cursor{
		"the first look":   nil,
		"after forgetting": {{Folder: inboxName}},
		"renumbered":       {inboxAt(10)},
	} {
		tally := newTally(cursors, now, "no json")
		tally.add(batch(renumbered, found(mailer.RoleInbox, "a", now)))
		if tally.conclude(inboxRead) {
			t.Errorf("%s: a gap is seen", what)
		}
	}
}

// TestAccountsAreCountedApart: what came to one account explains nothing in
// another, and each is concluded when it was read.
func TestAccountsAreCountedApart(t *testing.T) {
	now := paris("2026-11-24 10:00")
	other := inboxAt(5)
	other.Account = "old"
	tally := newTally([]mailer.Cursor{inboxAt(10), other}, now, "")
	tally.add(batch(inboxAt(11)))
	other.UID = 6
	tally.add(batch(other, found(mailer.RoleInbox, "a", now)))
	if !tally.conclude(inboxRead) {
		t.Error("the hole in the first account is not seen")
	}
	if text := tally.text(); text == "" {
		t.Error("the other account, not read to its end, is forgotten")
	}
	rest := newTally([]mailer.Cursor{inboxAt(11), other}, now, tally.text())
	result := mailer.LookResult{Folders: []mailer.FolderState{{Account: "old", Folder: inboxName, Role: mailer.RoleInbox}}}
	if rest.conclude(result) {
		t.Error("the other account has no hole")
	}
}

func TestManyMessagesCountOnce(t *testing.T) {
	now := paris("2026-11-24 10:00")
	tally := newTally([]mailer.Cursor{inboxAt(0)}, now, "")
	for i := range 1000 {
		tally.add(batch(inboxAt(uint32(2*i+2)), found(mailer.RoleInbox, fmt.Sprint(i), now)))
		tally.add(batch(mailer.Cursor{Folder: "Archive"}, found(mailer.RoleArchive, fmt.Sprint("b", i), now)))
	}
	if tally.conclude(inboxRead) {
		t.Error("as many came as were read, and a gap is seen")
	}
}
