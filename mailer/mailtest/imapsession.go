package mailtest

import (
	"io"
	"slices"
	"sort"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-sasl"
)

// delimiter parts the levels of a folder's name.
const delimiter = '/'

// imapSession is one IMAP connection. The library calls it from one goroutine,
// but for Idle, during which it calls nothing else but Close: where the client
// hangs up it does not wait for Idle to begin. Nothing is written to the network
// while the account is locked.
type imapSession struct {
	world   *World
	account *account
	conn    *tap
	view    *view // nil unless a folder is selected; written under the account's lock
}

var (
	_ imapserver.SessionSASL      = (*imapSession)(nil)
	_ imapserver.SessionMove      = (*imapSession)(nil)
	_ imapserver.SessionNamespace = (*imapSession)(nil)
)

// refusal is a tagged NO.
func refusal(code imap.ResponseCode, text string) error {
	return &imap.Error{Type: imap.StatusResponseTypeNo, Code: code, Text: text}
}

// noFolder is the answer to a name that no folder has.
func noFolder(code imap.ResponseCode) error { return refusal(code, "No such mailbox") }

// Close implements imapserver.Session.
func (s *imapSession) Close() error { return s.Unselect() }

// Login implements imapserver.Session.
func (s *imapSession) Login(username, password string) error {
	if !s.world.passwordFits(username, password) {
		return imapserver.ErrAuthFailed
	}
	return nil
}

// AuthenticateMechanisms implements imapserver.SessionSASL.
func (s *imapSession) AuthenticateMechanisms() []string {
	return []string{"PLAIN", s.world.tokenMechanism()}
}

// Authenticate implements imapserver.SessionSASL.
func (s *imapSession) Authenticate(mechanism string) (sasl.Server, error) {
	server := s.world.saslServer(mechanism, imapserver.ErrAuthFailed)
	if server == nil || mechanism == "LOGIN" {
		return nil, refusal("", "SASL mechanism not supported")
	}
	return server, nil
}

// Namespace implements imapserver.SessionNamespace.
func (s *imapSession) Namespace() (*imap.NamespaceData, error) {
	return &imap.NamespaceData{Personal: []imap.NamespaceDescriptor{{Delim: delimiter}}}, nil
}

// Select implements imapserver.Session, for EXAMINE too.
func (s *imapSession) Select(name string, options *imap.SelectOptions) (*imap.SelectData, error) {
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	f, err := s.account.find(name)
	if err != nil {
		return nil, noFolder(imap.ResponseCodeNonExistent)
	}
	if f.refused {
		return nil, refusal(imap.ResponseCodeNoPerm, "Permission denied")
	}
	s.view = &view{folder: f, tracker: f.tracker.NewSession(), changed: make(chan struct{}, 1), conn: s.conn}
	s.view.readOnly = options.ReadOnly
	f.views = append(f.views, s.view)
	data := &imap.SelectData{
		Flags:       []imap.Flag{imap.FlagAnswered, imap.FlagDeleted, imap.FlagDraft, imap.FlagFlagged, imap.FlagSeen},
		NumMessages: uint32(len(f.messages)),
		UIDNext:     f.next,
		UIDValidity: f.validity,
	}
	if !options.ReadOnly {
		data.PermanentFlags = append(slices.Clone(data.Flags), imap.FlagWildcard)
	}
	if unseen := slices.IndexFunc(f.messages, isUnseen); unseen >= 0 {
		data.FirstUnseenSeqNum = uint32(unseen) + 1
	}
	return data, nil
}

// isUnseen says whether nobody read the message.
func isUnseen(m *message) bool { return !hasFlag(m.flags, imap.FlagSeen) }

// Unselect implements imapserver.Session.
func (s *imapSession) Unselect() error {
	if s.view == nil {
		return nil
	}
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	f := s.view.folder
	f.views = slices.DeleteFunc(f.views, func(v *view) bool { return v == s.view })
	s.view.tracker.Close()
	s.view = nil
	return nil
}

// Create implements imapserver.Session.
func (s *imapSession) Create(name string, _ *imap.CreateOptions) error {
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	name = strings.TrimRight(name, string(delimiter))
	if _, err := s.account.find(name); err == nil {
		return refusal(imap.ResponseCodeAlreadyExists, "Mailbox already exists")
	}
	s.account.add(name, "")
	return nil
}

// Delete implements imapserver.Session. INBOX stays (RFC 9051 section 6.3.5).
func (s *imapSession) Delete(name string) error {
	if strings.EqualFold(name, Inbox) {
		return refusal("", "INBOX cannot be deleted")
	}
	if _, err := s.account.remove(name); err != nil {
		return noFolder(imap.ResponseCodeNonExistent)
	}
	return nil
}

// Rename implements imapserver.Session.
func (s *imapSession) Rename(name, newName string, _ *imap.RenameOptions) error {
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	f, err := s.account.find(name)
	if err != nil {
		return noFolder(imap.ResponseCodeNonExistent)
	}
	if _, err := s.account.find(newName); err == nil {
		return refusal(imap.ResponseCodeAlreadyExists, "Mailbox already exists")
	}
	delete(s.account.folders, f.name)
	f.name = newName
	s.account.folders[newName] = f
	return nil
}

// Subscribe implements imapserver.Session.
func (s *imapSession) Subscribe(name string) error { return s.subscribe(name, true) }

// Unsubscribe implements imapserver.Session.
func (s *imapSession) Unsubscribe(name string) error { return s.subscribe(name, false) }

// subscribe notes whether the user wants to see a folder.
func (s *imapSession) subscribe(name string, on bool) error {
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	f, err := s.account.find(name)
	if err != nil {
		return noFolder(imap.ResponseCodeNonExistent)
	}
	f.subscribed = on
	return nil
}

// List implements imapserver.Session, for LSUB too.
func (s *imapSession) List(w *imapserver.ListWriter, ref string, patterns []string, options *imap.ListOptions) error {
	if len(patterns) == 0 {
		return w.WriteList(&imap.ListData{Attrs: []imap.MailboxAttr{imap.MailboxAttrNoSelect}, Delim: delimiter})
	}
	for _, data := range s.matching(ref, patterns, options) {
		if err := w.WriteList(&data); err != nil {
			return err
		}
	}
	return nil
}

// matching describes the folders that a LIST asks for, by name.
func (s *imapSession) matching(ref string, patterns []string, options *imap.ListOptions) []imap.ListData {
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	var out []imap.ListData
	for name, f := range s.account.folders {
		wanted := slices.ContainsFunc(patterns, func(p string) bool {
			return imapserver.MatchList(name, delimiter, ref, p)
		})
		if wanted && (f.subscribed || !options.SelectSubscribed) && (f.use != "" || !options.SelectSpecialUse) {
			out = append(out, s.describe(f, options))
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Mailbox < out[j].Mailbox })
	return out
}

// describe is one line of a LIST. Special uses are told unasked, as many
// servers do (RFC 6154 section 2), unless the world hides the capability.
func (s *imapSession) describe(f *folder, options *imap.ListOptions) imap.ListData {
	data := imap.ListData{Mailbox: f.name, Delim: delimiter}
	if f.use != "" && !s.world.hides(imap.CapSpecialUse) {
		data.Attrs = append(data.Attrs, f.use)
	}
	if options.ReturnSubscribed && f.subscribed {
		data.Attrs = append(data.Attrs, imap.MailboxAttrSubscribed)
	}
	if options.ReturnStatus != nil && !s.world.hides(imap.CapListStatus) {
		data.Status = f.status(options.ReturnStatus)
	}
	return data
}

// Status implements imapserver.Session.
func (s *imapSession) Status(name string, options *imap.StatusOptions) (*imap.StatusData, error) {
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	f, err := s.account.find(name)
	if err != nil {
		return nil, noFolder(imap.ResponseCodeNonExistent)
	}
	return f.status(options), nil
}

// status fills in every item that is asked for.
func (f *folder) status(options *imap.StatusOptions) *imap.StatusData {
	data := &imap.StatusData{Mailbox: f.name}
	if options.UIDNext {
		data.UIDNext = f.next
	}
	if options.UIDValidity {
		data.UIDValidity = f.validity
	}
	count := func(wanted bool, fits func(*message) bool) *uint32 {
		if !wanted {
			return nil
		}
		var n uint32
		for _, m := range f.messages {
			if fits(m) {
				n++
			}
		}
		return &n
	}
	data.NumMessages = count(options.NumMessages, func(*message) bool { return true })
	data.NumUnseen = count(options.NumUnseen, isUnseen)
	data.NumDeleted = count(options.NumDeleted, func(m *message) bool { return hasFlag(m.flags, imap.FlagDeleted) })
	data.NumRecent = count(options.NumRecent, func(*message) bool { return false })
	if options.Size {
		var size int64
		for _, m := range f.messages {
			size += int64(len(m.raw))
		}
		data.Size = &size
	}
	return data
}

// Append implements imapserver.Session. A date that the client leaves out is
// the clock's now.
func (s *imapSession) Append(name string, r imap.LiteralReader, options *imap.AppendOptions) (*imap.AppendData, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	f, err := s.account.find(name)
	if err != nil {
		return nil, noFolder(imap.ResponseCodeTryCreate)
	}
	uid := f.append(raw, s.account.orNow(options.Time), options.Flags)
	return &imap.AppendData{UID: uid, UIDValidity: f.validity}, nil
}

// Poll implements imapserver.Session.
func (s *imapSession) Poll(w *imapserver.UpdateWriter, allowExpunge bool) error {
	if s.view == nil {
		return nil
	}
	return s.view.tracker.Poll(w, allowExpunge)
}

// Idle implements imapserver.Session. A change leaves its token before or
// after Poll, and in both cases one more Poll follows: no wake-up is lost.
func (s *imapSession) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	s.account.mu.Lock()
	v := s.view
	s.account.mu.Unlock()
	if v == nil {
		<-stop
		return nil
	}
	for {
		if !s.world.freeze.wait(stop) {
			return nil
		}
		if err := v.tracker.Poll(w, true); err != nil {
			return err
		}
		select {
		case <-v.changed:
		case <-stop:
			return nil
		}
	}
}
