package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"afterword/internal/config"
	"afterword/mailer"
	"afterword/mailer/imap"
)

// offers are the extensions that matter here, and what the daemon does with and
// without each. A server may have the second in place of the first.
var offers = []struct{ name, other, with, without string }{
	{"IDLE", "", "new mail in INBOX is told at once", "INBOX is asked every minute"},
	{"LIST-STATUS", "", "all other folders are asked together every five minutes", "the other folders are asked one by one every ten minutes"},
	{"SPECIAL-USE", "", "the server says what a folder is for", "what a folder is for is told by its name"},
	{"ESEARCH", "", "long lists of messages come short", "long lists of messages come in full"},
	{"LITERAL+", "LITERAL-", "short texts are sent without waiting", "the server is asked before each text"},
}

// mailboxes looks at every account that a last look reads.
func (c *checklist) mailboxes(ctx context.Context, h *house) {
	box, err := h.mailbox()
	if err != nil {
		c.note("mailbox", "", err, adviceTo(h.config.Account, err, "imap"))
		return
	}
	c.mailbox(ctx, "mailbox", "account.imap", h.config.Account, box)
	watched, err := h.watched()
	if err != nil {
		c.note("watch", "", err, adviceFor(err, "imap"))
		return
	}
	for n, box := range watched {
		if box, ok := box.(*imap.Mailbox); ok {
			c.mailbox(ctx, "mailbox of "+h.config.Watch[n].Name, "watch", h.config.Watch[n], box)
		}
	}
}

// mailbox notes what one account offers and what will be done with it. Key is
// where its folders are named in the configuration.
func (c *checklist) mailbox(ctx context.Context, name, key string, a config.Account, box *imap.Mailbox) {
	defer box.Close()
	ctx, cancel := context.WithTimeout(ctx, patienceWithServers)
	defer cancel()
	r, err := box.Probe(ctx)
	c.note(name, "watched: "+strings.Join(watched(r), ", "), err, adviceTo(a, err, "imap"))
	if err != nil {
		return
	}
	for _, o := range offers {
		if words := o.without; r.Has(o.name) || r.Has(o.other) {
			c.tell("with %s: %s", o.name, o.with)
		} else {
			c.tell("without %s: %s", o.name, words)
		}
	}
	c.folders(name, key, r)
}

// folders notes the folders without which answers go unseen, and those that are
// not read.
func (c *checklist) folders(name, key string, r imap.Report) {
	roles := map[mailer.Role]bool{}
	for _, f := range r.Folders {
		switch {
		case f.Trouble != nil:
			c.note("folder "+f.Folder, "", f.Trouble, "mail waits for a folder that was read before; another one is left out")
		case f.Watched:
			roles[f.Role] = true
		default:
			c.tell("not watched: %s, %s", f.Folder, f.Why)
		}
	}
	if name == "mailbox" {
		c.note("Sent folder", "found", missing(roles[mailer.RoleSent], "none of the folders is for sent mail"), "name it in "+key+".folders")
	}
	c.note("Junk folder", "found", missing(roles[mailer.RoleJunk], "answers that are taken for junk would go unseen"), "let your provider show the folder over IMAP")
	if r.Has("X-GM-EXT-1") { // Gmail: what is archived lies there alone
		c.note("All Mail", "found", missing(roles[mailer.RoleAll], "answers that were archived would go unseen"), "let All Mail show in IMAP, in Gmail's settings under Labels")
	}
	for _, absent := range r.Absent {
		c.note("folder "+absent, "", errors.New("the server does not have it"), "correct "+key+".folders")
	}
}

// watched lists the folders that are read.
func watched(r imap.Report) (names []string) {
	for _, f := range r.Folders {
		if f.Watched {
			names = append(names, f.Folder)
		}
	}
	slices.Sort(names)
	return names
}

// tell prints a line about the thing above it, which is neither right nor wrong.
func (c *checklist) tell(format string, args ...any) {
	fmt.Fprintf(c.p.out, "    "+format+"\n", args...)
}
