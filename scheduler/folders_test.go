package scheduler

import (
	"errors"
	"fmt"
	"testing"

	"afterword/mailer"
)

// TestNeverRead pins which folders may be left out of the last look, and after
// how many looks.
func TestNeverRead(t *testing.T) {
	refused := fmt.Errorf("opening: %w", mailer.ErrFolderRefused)
	lost := errors.New("connection lost")
	for _, c := range []struct {
		what  string
		role  mailer.Role
		read  bool
		err   error
		looks int // until it is left out, 0 for never
	}{
		{"refused by the server", mailer.RoleOther, false, refused, 1},
		{"refused, for old mail", mailer.RoleArchive, false, refused, 1},
		{"it kills the connection", mailer.RoleOther, false, lost, looksToLeaveOut},
		{"locked by another program", mailer.RoleOther, false, mailer.ErrServerBusy, 0},
		{"read once", mailer.RoleOther, true, refused, 0},
		{"the inbox", mailer.RoleInbox, false, refused, 0},
		{"sent mail", mailer.RoleSent, false, refused, 0},
		{"junk", mailer.RoleJunk, false, refused, 0},
		{"all mail", mailer.RoleAll, false, refused, 0},
		{"named in the configuration and not there", "", false, lost, 0},
	} {
		var n neverRead
		var cursors []mailer.Cursor
		if c.read {
			cursors = append(cursors, mailer.Cursor{Folder: "F"})
		}
		all := []mailer.FolderTrouble{{Folder: "F", Role: c.role, Err: c.err}}
		for look := 1; look <= looksToLeaveOut+1; look++ {
			trouble, leftOut := n.sort(all, cursors)
			want := c.looks > 0 && look >= c.looks
			if len(trouble)+len(leftOut) != 1 || (len(leftOut) == 1) != want {
				t.Errorf("%s: look %d leaves it out: %v, want %v", c.what, look, len(leftOut) == 1, want)
			}
		}
	}
}

// TestNeverReadInARow: a folder that failed now and then is not left out.
func TestNeverReadInARow(t *testing.T) {
	var n neverRead
	all := []mailer.FolderTrouble{{Account: "old", Folder: "F", Role: mailer.RoleOther, Err: errors.New("connection lost")}}
	for range looksToLeaveOut {
		if _, leftOut := n.sort(all, []mailer.Cursor{{Folder: "F"}}); len(leftOut) > 0 {
			t.Error("left out after a look that read it")
		}
		n.sort(nil, nil)
	}
}

func TestLeftOutIsToldOnce(t *testing.T) {
	o := newOffice(t, acme())
	for range 2 {
		if err := tellLeftOut(o.store, []mailer.FolderTrouble{{Folder: "Public", Err: mailer.ErrFolderRefused}}, paris("2026-11-24 10:00")); err != nil {
			t.Fatal(err)
		}
	}
	if got := o.told("folder/"); len(got) != 1 {
		t.Errorf("told %+v", got)
	}
}
