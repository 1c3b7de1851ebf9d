package mailtest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// The folders that every account begins with.
const (
	Inbox   = "INBOX"
	Sent    = "Sent"
	Drafts  = "Drafts"
	Junk    = "Junk"
	Trash   = "Trash"
	Archive = "Archive"
)

// Stored is one message as it lies in a folder.
type Stored struct {
	Folder    string
	UID       uint32
	At        time.Time // INTERNALDATE
	Flags     []string  // sorted
	MessageID string    // with angle brackets, "" if it has none
	Subject   string    // decoded
	Raw       []byte
}

// account is the mailbox of the one user. The library's own in-memory server
// is not used: it writes to the network under a folder's lock, which stops
// virtual time when the client is slow, and it offers no way to list, move or
// renumber mail from outside a session.
type account struct {
	mu       sync.Mutex
	folders  map[string]*folder
	validity uint32 // the last UIDVALIDITY given out
	now      func() time.Time
}

// folder is guarded by the account's mutex.
type folder struct {
	name       string
	use        imap.MailboxAttr // RFC 6154, "" for none
	subscribed bool
	refused    bool // nobody may open it
	validity   uint32
	next       imap.UID
	messages   []*message
	tracker    *imapserver.MailboxTracker
	views      []*view
}

// message is one message in a folder. Only its flags change.
type message struct {
	uid   imap.UID
	raw   []byte
	at    time.Time
	flags []imap.Flag // sorted
	head  *summary    // of raw, once somebody asked
}

// summary is read once: a folder is gone through with each mail that comes.
func (m *message) summary() summary {
	if m.head == nil {
		s := summarise(m.raw)
		m.head = &s
	}
	return *m.head
}

// view is one session's selection of a folder.
type view struct {
	folder   *folder
	tracker  *imapserver.SessionTracker
	changed  chan struct{} // holds one token if the session has not looked since the last change
	readOnly bool
	conn     *tap
}

// newAccount returns an account with the usual folders.
func newAccount(now func() time.Time) *account {
	a := &account{folders: make(map[string]*folder), now: now}
	uses := []struct {
		name string
		use  imap.MailboxAttr
	}{
		{Inbox, ""},
		{Sent, imap.MailboxAttrSent},
		{Drafts, imap.MailboxAttrDrafts},
		{Junk, imap.MailboxAttrJunk},
		{Trash, imap.MailboxAttrTrash},
		{Archive, imap.MailboxAttrArchive},
	}
	for _, u := range uses {
		a.add(u.name, u.use)
	}
	return a
}

// add makes an empty folder. UIDVALIDITY is never given twice, so that a folder
// that was deleted and made anew is told apart (RFC 9051 section 2.3.1.1).
func (a *account) add(name string, use imap.MailboxAttr) {
	a.validity++
	f := &folder{name: name, use: use, subscribed: true, validity: a.validity, next: 1}
	f.tracker = imapserver.NewMailboxTracker(0)
	a.folders[name] = f
}

// find returns a folder. INBOX is found in any case (RFC 9051 section 5.1).
func (a *account) find(name string) (*folder, error) {
	if strings.EqualFold(name, Inbox) {
		name = Inbox
	}
	if f := a.folders[name]; f != nil {
		return f, nil
	}
	return nil, fmt.Errorf("finding folder %q: no such folder", name)
}

// deposit appends a message. A zero time means now.
func (a *account) deposit(name string, raw []byte, at time.Time, flags ...imap.Flag) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	f, err := a.find(name)
	if err != nil {
		return err
	}
	f.append(raw, a.orNow(at), flags)
	return nil
}

// orNow replaces a zero time by the clock's. INTERNALDATE has whole seconds.
func (a *account) orNow(at time.Time) time.Time {
	if at.IsZero() {
		at = a.now()
	}
	return at.Truncate(time.Second)
}

// append adds a message and tells the sessions.
func (f *folder) append(raw []byte, at time.Time, flags []imap.Flag) imap.UID {
	m := &message{uid: f.next, raw: raw, at: at}
	m.set(imap.StoreFlagsAdd, flags)
	f.next++
	f.messages = append(f.messages, m)
	f.tracker.QueueNumMessages(uint32(len(f.messages)))
	f.wake()
	return m.uid
}

// wake leaves a token with every session that has the folder selected.
func (f *folder) wake() {
	for _, v := range f.views {
		select {
		case v.changed <- struct{}{}:
		default:
		}
	}
}

// expunge removes the messages that gone names.
func (f *folder) expunge(gone func(*message) bool) {
	removed := false
	for i := len(f.messages) - 1; i >= 0; i-- {
		if gone(f.messages[i]) {
			f.messages = slices.Delete(f.messages, i, i+1)
			f.tracker.QueueExpunge(uint32(i) + 1)
			removed = true
		}
	}
	if removed {
		f.wake()
	}
}

// store changes the flags of message i and tells all sessions but source.
func (f *folder) store(i int, op imap.StoreFlagsOp, flags []imap.Flag, source *imapserver.SessionTracker) {
	m := f.messages[i]
	m.set(op, flags)
	f.tracker.QueueMessageFlags(uint32(i)+1, m.uid, slices.Clone(m.flags), source)
	f.wake()
}

// set changes the flags of a message.
func (m *message) set(op imap.StoreFlagsOp, flags []imap.Flag) {
	kept := []imap.Flag{}
	if op != imap.StoreFlagsSet {
		kept = slices.DeleteFunc(slices.Clone(m.flags), func(f imap.Flag) bool { return hasFlag(flags, f) })
	}
	if op != imap.StoreFlagsDel {
		kept = append(kept, flags...)
	}
	slices.Sort(kept)
	m.flags = slices.Compact(kept)
}

// hasFlag compares without case (RFC 9051 section 2.3.2).
func hasFlag(flags []imap.Flag, want imap.Flag) bool {
	return slices.ContainsFunc(flags, func(f imap.Flag) bool {
		return strings.EqualFold(string(f), string(want))
	})
}

// index returns the place of the newest message with the Message-ID.
func (f *folder) index(messageID string) (int, error) {
	for i := len(f.messages) - 1; i >= 0; i-- {
		if f.messages[i].summary().MessageID == messageID {
			return i, nil
		}
	}
	return 0, fmt.Errorf("finding %s in %s: no such message", messageID, f.name)
}

// list returns the messages of a folder.
func (a *account) list(name string) ([]Stored, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	f, err := a.find(name)
	if err != nil {
		return nil, err
	}
	out := make([]Stored, 0, len(f.messages))
	for _, m := range f.messages {
		s := m.summary()
		stored := Stored{Folder: f.name, UID: uint32(m.uid), At: m.at, MessageID: s.MessageID, Subject: s.Subject}
		stored.Raw = slices.Clone(m.raw)
		for _, flag := range m.flags {
			stored.Flags = append(stored.Flags, string(flag))
		}
		out = append(out, stored)
	}
	return out, nil
}

// newest finds a folder, and the place in it of the newest message with the Message-ID.
func (a *account) newest(name, messageID string) (*folder, int, error) {
	f, err := a.find(name)
	if err != nil {
		return nil, 0, err
	}
	i, err := f.index(messageID)
	return f, i, err
}

// move takes the newest message with the Message-ID to another folder.
func (a *account) move(messageID, from, to string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	source, i, err := a.newest(from, messageID)
	if err != nil {
		return err
	}
	dest, err := a.find(to)
	if err != nil {
		return err
	}
	m := source.messages[i]
	dest.append(m.raw, m.at, m.flags)
	source.expunge(func(other *message) bool { return other == m })
	return nil
}

// expunge removes the newest message with the Message-ID.
func (a *account) expunge(name, messageID string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	f, i, err := a.newest(name, messageID)
	if err != nil {
		return err
	}
	m := f.messages[i]
	f.expunge(func(other *message) bool { return other == m })
	return nil
}

// flag adds flags to the newest message with the Message-ID.
func (a *account) flag(name, messageID string, flags []imap.Flag) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	f, i, err := a.newest(name, messageID)
	if err != nil {
		return err
	}
	f.store(i, imap.StoreFlagsAdd, flags, nil)
	return nil
}

// renumber gives a folder another UIDVALIDITY and its messages new UIDs from 1.
// It returns the connections that have it selected: their numbers are void.
func (a *account) renumber(name string, validity uint32) ([]*tap, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	f, err := a.find(name)
	if err != nil {
		return nil, err
	}
	f.validity, f.next = validity, 1
	a.validity = max(a.validity, validity)
	for i, m := range f.messages {
		f.messages[i] = &message{uid: f.next, raw: m.raw, at: m.at, flags: m.flags, head: m.head}
		f.next++
	}
	return f.conns(), nil
}

// remove deletes a folder and returns the connections that have it selected.
func (a *account) remove(name string) ([]*tap, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	f, err := a.find(name)
	if err != nil {
		return nil, err
	}
	delete(a.folders, f.name)
	return f.conns(), nil
}

// conns returns the connections that have the folder selected.
func (f *folder) conns() []*tap {
	var out []*tap
	for _, v := range f.views {
		out = append(out, v.conn)
	}
	return out
}
