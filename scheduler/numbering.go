package scheduler

import (
	"encoding/json"
	"fmt"
	"time"

	"afterword/mailer"
)

// Most servers number the messages of each folder by themselves, and what is missing
// among the numbers of INBOX came and left. Some give out one series of numbers to all
// folders of an account, or to all accounts: there INBOX skips numbers although nothing
// was missed, and no count tells the one from the other (decision 0066).

// numbering is what speaks for one series. Under it each new message has a number above
// all that were given out before, in whatever folder. Else that is so in the folder with
// the highest numbers alone, and a folder behind it gets past it only by as many messages.
type numbering struct {
	Inbox  int `json:"inbox"`  // how often INBOX leapt over the highest number
	Others int `json:"others"` // how often another folder did
}

// leapsToBelieve is how often INBOX and the others must have leapt before it is believed.
const leapsToBelieve = 3

func (n numbering) shared() bool { return n.Inbox >= leapsToBelieve && n.Others >= leapsToBelieve }

// learn adds what a look saw: from where each folder was read, up to where, and how many
// messages were read in it. One number below the highest refutes all that spoke for it.
func (n numbering) learn(from []mailer.Cursor, to []mailer.FolderState, read map[string]int) numbering {
	for _, f := range to {
		own, highest, known := uint32(0), uint32(0), false
		for _, c := range from {
			switch {
			case c.Account != f.Account || c.UIDValidity == 0:
			case c.Folder == f.Folder:
				own, known = c.UID, c.UIDValidity == f.UIDValidity
			default:
				highest = max(highest, c.UID)
			}
		}
		last := max(f.UIDNext, 1) - 1
		switch {
		case !known || last <= own || own >= highest:
		case last <= highest, int(last-own) <= read[f.Folder]: // or it has the highest number itself
			return numbering{}
		case f.Role == mailer.RoleInbox:
			n.Inbox++
		default:
			n.Others++
		}
	}
	return n
}

// metaNumbering names what is known of the numbering, by account.
const metaNumbering = "numbering"

func loadNumbering(r Reader) (map[string]numbering, error) {
	text, err := r.Meta(metaNumbering)
	all := map[string]numbering{}
	_ = json.Unmarshal([]byte(text), &all) // what cannot be read is learnt anew
	return all, err
}

// saveNumbering stores what a look taught, and tells once of an account of which it is
// known now that nothing can be counted in it.
func saveNumbering(tx Tx, all map[string]numbering, now time.Time) error {
	text, err := json.Marshal(all)
	if err != nil {
		return fmt.Errorf("storing the numbering: %w", err)
	}
	if before, err := tx.Meta(metaNumbering); err != nil || before == string(text) || len(all) == 0 {
		return err
	}
	for account, n := range all {
		if !n.shared() {
			continue
		}
		if err := tell(tx, sharedNumbering(account, now)); err != nil {
			return err
		}
	}
	return tx.SetMeta(metaNumbering, string(text))
}

func sharedNumbering(account string, now time.Time) Notice {
	which := "Your mail server"
	if account != "" {
		which = "The mail server of " + account
	}
	return Notice{Key: "numbering/" + account, Kind: "mailbox", At: now, Subject: "Mail that comes and goes unread is not noticed",
		Text: which + " numbers the mail of all folders in one series, so that nobody can tell by the numbers whether something came to INBOX and left it unread. You are not asked about that any more. " +
			"Leave an answer in the mailbox for ten minutes before you delete it, or say: afterword answered APPLICATION.",
		Discreet: "Mail that comes and goes unread is not noticed in your mailbox."}
}
