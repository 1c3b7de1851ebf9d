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

// looksToLeaveOut is how many looks in a row must fail on a folder that was never read
// before it is left out. If the server itself refuses the folder, one will do.
const looksToLeaveOut = 3

// sort separates trouble that keeps mail from leaving from folders that never could be
// read and are left out, since some servers list folders that nobody may open. INBOX,
// Sent, Junk, All Mail and folders that were read once are never left out.
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

// dispensable reports whether a folder may be left out. A folder that the server does
// not list is named in the configuration, and so is wanted.
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
