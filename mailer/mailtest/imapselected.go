package mailtest

import (
	"bufio"
	"bytes"
	"io"
	"slices"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-message/textproto"
)

// Expunge implements imapserver.Session. In a folder opened by EXAMINE it is
// refused, but CLOSE, which calls it too, goes on (RFC 9051 section 6.4.1).
func (s *imapSession) Expunge(_ *imapserver.ExpungeWriter, uids *imap.UIDSet) error {
	if s.view.readOnly {
		if s.conn.record.lastCommand() == "CLOSE" {
			return nil
		}
		return readOnlyError()
	}
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	s.view.folder.expunge(func(m *message) bool {
		return hasFlag(m.flags, imap.FlagDeleted) && (uids == nil || uids.Contains(m.uid))
	})
	return nil
}

// readOnlyError refuses a change to a folder opened by EXAMINE.
func readOnlyError() error { return refusal("", "Mailbox is read-only") }

// Fetch implements imapserver.Session.
func (s *imapSession) Fetch(w *imapserver.FetchWriter, set imap.NumSet, options *imap.FetchOptions) error {
	reads := slices.ContainsFunc(options.BodySection, func(b *imap.FetchItemBodySection) bool { return !b.Peek }) ||
		slices.ContainsFunc(options.BinarySection, func(b *imap.FetchItemBinarySection) bool { return !b.Peek })
	for _, n := range s.take(set, reads && !s.view.readOnly) {
		if err := writeMessage(w.CreateMessage(n.seq), n.message, options); err != nil {
			return err
		}
	}
	return nil
}

// numbered is a copy of a message and its number in the session's view.
type numbered struct {
	seq     uint32
	index   int
	message message
}

// take copies the messages of a set, after marking them as read if so wanted.
func (s *imapSession) take(set imap.NumSet, markSeen bool) []numbered {
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	chosen := s.view.choose(set)
	for i := range chosen {
		if markSeen {
			s.view.folder.store(chosen[i].index, imap.StoreFlagsAdd, []imap.Flag{imap.FlagSeen}, nil)
		}
		chosen[i].message = *s.view.folder.messages[chosen[i].index]
	}
	return chosen
}

// writeMessage answers one message of a FETCH.
func writeMessage(w *imapserver.FetchResponseWriter, m message, options *imap.FetchOptions) error {
	w.WriteUID(m.uid)
	if options.Flags {
		w.WriteFlags(m.flags)
	}
	if options.InternalDate {
		w.WriteInternalDate(m.at)
	}
	if options.RFC822Size {
		w.WriteRFC822Size(int64(len(m.raw)))
	}
	if options.Envelope {
		if header, err := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(m.raw))); err == nil {
			w.WriteEnvelope(imapserver.ExtractEnvelope(header))
		}
	}
	if options.BodyStructure != nil {
		w.WriteBodyStructure(imapserver.ExtractBodyStructure(bytes.NewReader(m.raw)))
	}
	if err := writeSections(w, m, options); err != nil {
		return err
	}
	return w.Close()
}

// writeSections answers the parts of a message that a FETCH asks for.
func writeSections(w *imapserver.FetchResponseWriter, m message, options *imap.FetchOptions) error {
	for _, item := range options.BodySection {
		part := imapserver.ExtractBodySection(bytes.NewReader(m.raw), item)
		if err := writeLiteral(w.WriteBodySection(item, int64(len(part))), part); err != nil {
			return err
		}
	}
	for _, item := range options.BinarySection {
		part := imapserver.ExtractBinarySection(bytes.NewReader(m.raw), item)
		if err := writeLiteral(w.WriteBinarySection(item, int64(len(part))), part); err != nil {
			return err
		}
	}
	for _, item := range options.BinarySectionSize {
		w.WriteBinarySectionSize(item, imapserver.ExtractBinarySectionSize(bytes.NewReader(m.raw), item))
	}
	return nil
}

// writeLiteral writes one literal to its end.
func writeLiteral(w io.WriteCloser, part []byte) error {
	_, err := w.Write(part)
	if closeErr := w.Close(); err == nil {
		err = closeErr
	}
	return err
}

// Store implements imapserver.Session.
func (s *imapSession) Store(w *imapserver.FetchWriter, set imap.NumSet, flags *imap.StoreFlags, _ *imap.StoreOptions) error {
	if s.view.readOnly {
		return readOnlyError()
	}
	s.account.mu.Lock()
	for _, n := range s.view.choose(set) {
		s.view.folder.store(n.index, flags.Op, flags.Flags, s.view.tracker)
	}
	s.account.mu.Unlock()
	if flags.Silent {
		return nil
	}
	return s.Fetch(w, set, &imap.FetchOptions{Flags: true})
}

// Copy implements imapserver.Session.
func (s *imapSession) Copy(set imap.NumSet, name string) (*imap.CopyData, error) {
	data, _, err := s.copyTo(set, name, false)
	return data, err
}

// Move implements imapserver.SessionMove (RFC 6851). The EXPUNGE answers follow
// by the Poll that ends every command.
func (s *imapSession) Move(w *imapserver.MoveWriter, set imap.NumSet, name string) error {
	if s.view.readOnly {
		return readOnlyError()
	}
	data, moved, err := s.copyTo(set, name, true)
	if err != nil || moved == 0 {
		return err
	}
	return w.WriteCopyData(data)
}

// copyTo copies messages to a folder and removes them here if they move.
func (s *imapSession) copyTo(set imap.NumSet, name string, move bool) (*imap.CopyData, int, error) {
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	dest, err := s.account.find(name)
	if err != nil {
		return nil, 0, noFolder(imap.ResponseCodeTryCreate)
	}
	if dest == s.view.folder {
		return nil, 0, refusal("", "Source and destination mailboxes are identical")
	}
	data := &imap.CopyData{UIDValidity: dest.validity}
	gone := make(map[*message]bool)
	for _, n := range s.view.choose(set) {
		m := s.view.folder.messages[n.index]
		data.SourceUIDs.AddNum(m.uid)
		data.DestUIDs.AddNum(dest.append(m.raw, m.at, m.flags))
		gone[m] = move
	}
	s.view.folder.expunge(func(m *message) bool { return gone[m] })
	return data, len(gone), nil
}
