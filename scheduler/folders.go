package scheduler

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"afterword/mailer"
)

// neverRead counts, by account and folder, the looks in a row that could not
// read a folder which was never read before.
type neverRead map[[2]string]int

// looksToLeaveOut is how many looks must fail on a folder that was never read
// before it is left out, unless the server itself refuses it.
const looksToLeaveOut = 3

// sort parts what keeps mail from leaving from what never could be read and is
// left out: some servers list folders that they let nobody open. INBOX, Sent,
// Junk and All Mail are never left out, nor is what was read once.
func (n *neverRead) sort(all []mailer.FolderTrouble, cursors []mailer.Cursor) (trouble, leftOut []mailer.FolderTrouble) {
	before := *n
	*n = neverRead{}
	for _, t := range all {
		read := slices.ContainsFunc(cursors, func(c mailer.Cursor) bool { return c.Account == t.Account && c.Folder == t.Folder })
		if read || !dispensable(t.Role) || errors.Is(t.Err, mailer.ErrServerBusy) {
			trouble = append(trouble, t)
			continue
		}
		key := [2]string{t.Account, t.Folder}
		(*n)[key] = before[key] + 1
		if errors.Is(t.Err, mailer.ErrFolderRefused) || (*n)[key] >= looksToLeaveOut {
			leftOut = append(leftOut, t)
		} else {
			trouble = append(trouble, t)
		}
	}
	return trouble, leftOut
}

// dispensable reports whether a folder may be left out. One that the server does
// not list has no role: who names it in the configuration wants it read.
func dispensable(r mailer.Role) bool {
	switch r {
	case mailer.RoleOther, mailer.RoleArchive, mailer.RoleTrash, mailer.RoleDrafts, mailer.RoleApproved:
		return true
	}
	return false
}

// tellLeftOut tells of each folder that is left out, once.
func tellLeftOut(tx Tx, folders []mailer.FolderTrouble, now time.Time) error {
	for _, t := range folders {
		n := Notice{Key: "folder/" + t.Account + "/" + t.Folder, Kind: "mailbox", At: now, Subject: "A folder is left out: " + t.Folder,
			Text: fmt.Sprintf("The folder %s could never be read: %v. Mail leaves without looking there; an answer that lies there is not seen. "+
				"Should it be read, let your provider show it; it is tried again at every look.", t.Folder, t.Err),
			Discreet: "A folder of your mailbox cannot be read and is left out."}
		if err := tell(tx, n); err != nil {
			return err
		}
	}
	return nil
}
