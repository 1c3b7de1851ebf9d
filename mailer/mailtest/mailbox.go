package mailtest

import (
	"time"

	"github.com/emersion/go-imap/v2"
)

// Deliver lets a message arrive in a folder. Its INTERNALDATE is at, or the
// clock's now for a zero time.
func (w *World) Deliver(folder string, raw []byte, at time.Time) error {
	release := w.clock.Hold()
	defer release()
	if err := w.account.deposit(folder, raw, at); err != nil {
		return err
	}
	w.delivered(summarise(raw).MessageID)
	return nil
}

// Messages lists a folder by UID, or nothing if there is no such folder.
func (w *World) Messages(folder string) []Stored {
	stored, err := w.account.list(folder)
	if err != nil {
		return nil
	}
	return stored
}

// Move takes the newest message with the Message-ID to another folder, as the
// user would in another mail program.
func (w *World) Move(messageID, from, to string) error {
	return w.account.move(messageID, from, to)
}

// Expunge removes the newest message with the Message-ID from a folder.
func (w *World) Expunge(folder, messageID string) error {
	return w.account.expunge(folder, messageID)
}

// Flag adds flags such as `\Seen` to the newest message with the Message-ID.
func (w *World) Flag(folder, messageID string, flags ...string) error {
	var add []imap.Flag
	for _, f := range flags {
		add = append(add, imap.Flag(f))
	}
	return w.account.flag(folder, messageID, add)
}

// CreateFolder makes a folder without a special use.
func (w *World) CreateFolder(name string) {
	w.account.mu.Lock()
	defer w.account.mu.Unlock()
	if _, err := w.account.find(name); err != nil {
		w.account.add(name, "")
	}
}

// DeleteFolder removes a folder with all its mail. Connections that have it
// selected are closed.
func (w *World) DeleteFolder(name string) error {
	conns, err := w.account.remove(name)
	for _, t := range conns {
		t.drop()
	}
	return err
}

// RefuseFolder lets nobody open a folder that is listed all the same, as the
// servers of some firms do, until it is called with false.
func (w *World) RefuseFolder(name string, refused bool) error {
	w.account.mu.Lock()
	defer w.account.mu.Unlock()
	f, err := w.account.find(name)
	if err == nil {
		f.refused = refused
	}
	return err
}

// SetUIDValidity gives a folder another UIDVALIDITY and its messages new UIDs
// from 1. Connections that have it selected are closed.
func (w *World) SetUIDValidity(folder string, validity uint32) error {
	conns, err := w.account.renumber(folder, validity)
	for _, t := range conns {
		t.drop()
	}
	return err
}

// fileSent files the server's own copy of a message.
func (w *World) fileSent(raw []byte) {
	// An account whose Sent folder was deleted keeps no copy.
	_ = w.account.deposit(Sent, raw, w.clock.Now(), imap.FlagSeen)
}
