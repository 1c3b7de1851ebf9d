package imap

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"afterword/mailer"
)

// The folder into which the user moves a draft to approve it, by its levels.
const (
	approvedParent = "Afterword"
	approvedChild  = "Approved"
)

// Bounds on what is read of the drafts: the newest of a folder, and of these so
// many with their bodies.
const (
	maxDrafts      = 200
	maxDraftBodies = 50
)

// isApproved reports whether a folder is the one for approved drafts, also
// below the personal namespace of servers that put everything under INBOX.
func isApproved(data *goimap.ListData) bool {
	if data.Delim == 0 {
		return data.Mailbox == approvedParent+"-"+approvedChild
	}
	name := approvedParent + string(data.Delim) + approvedChild
	return data.Mailbox == name || len(data.Mailbox) == len(name)+6 &&
		strings.EqualFold(data.Mailbox[:5], "INBOX") && data.Mailbox[5:] == string(data.Delim)+name
}

// Drafts reads what lies in the Drafts folder and in the folder of approved
// drafts, which it creates where there is none. Bodies come with those that want
// asks for. It fails where there is no Drafts folder.
func (m *Mailbox) Drafts(ctx context.Context, want func(mailer.Fetched) bool) (mailer.DraftsSeen, error) {
	var seen mailer.DraftsSeen
	err := m.onDesk(ctx, "reading the drafts", func(ctx context.Context, s *session) error {
		drafts, err := m.withRole(ctx, s, mailer.RoleDrafts)
		if err != nil {
			return err
		}
		approved, err := m.approvedFolder(ctx, s, drafts[0].Folder)
		if err != nil {
			return err
		}
		for _, f := range []folder{drafts[0], approved} {
			if err := m.draftsIn(ctx, s, f, want, &seen); err != nil {
				return err
			}
		}
		return nil
	})
	return seen, err
}

// approvedFolder finds the folder of approved drafts, or makes it beside the
// Drafts folder.
func (m *Mailbox) approvedFolder(ctx context.Context, s *session, beside string) (folder, error) {
	found, err := m.withRole(ctx, s, mailer.RoleApproved)
	if err == nil {
		return found[0], nil
	}
	if !errors.Is(err, errNoFolder) {
		return folder{}, err
	}
	all, err := s.list(ctx)
	if err != nil {
		return folder{}, err
	}
	name := approvedName(all, beside)
	err = s.do(ctx, "creating "+quote(name), func(c *imapclient.Client) error { return c.Create(name, nil).Wait() })
	if err != nil {
		return folder{}, err
	}
	// A program shows what is subscribed; one that shows all does not need it.
	err = s.do(ctx, "subscribing to "+quote(name), func(c *imapclient.Client) error { return c.Subscribe(name).Wait() })
	if err != nil && !isAnswer(err) {
		return folder{}, err
	}
	return folder{FolderState: mailer.FolderState{Account: m.cfg.Account, Folder: name, Role: mailer.RoleApproved}}, nil
}

// approvedName is the name in the server's own way of writing: with its
// delimiter, and under INBOX where the Drafts folder stands there.
func approvedName(all []listed, drafts string) string {
	var delim rune
	for _, one := range all {
		if one.data.Mailbox == drafts {
			delim = one.data.Delim
		}
	}
	if delim == 0 {
		return approvedParent + "-" + approvedChild
	}
	name := approvedParent + string(delim) + approvedChild
	if len(drafts) > 6 && strings.EqualFold(drafts[:5], "INBOX") && drafts[5:6] == string(delim) {
		return drafts[:6] + name
	}
	return name
}

// draftsIn reads one folder.
func (m *Mailbox) draftsIn(ctx context.Context, s *session, f folder, want func(mailer.Fetched) bool, seen *mailer.DraftsSeen) error {
	data, err := s.examine(ctx, f.Folder)
	if err != nil {
		return err
	}
	f.UIDNext, f.UIDValidity = uint32(data.UIDNext), data.UIDValidity
	seen.Folders = append(seen.Folders, f.FolderState)
	if data.NumMessages == 0 {
		return nil
	}
	var heads []mailer.Fetched
	err = s.do(ctx, "fetching from "+quote(f.Folder), func(c *imapclient.Client) error {
		from := uint32(max(1, int64(data.NumMessages)-maxDrafts+1))
		answer, err := collectMessages(c.Fetch(goimap.SeqSet{{Start: from, Stop: data.NumMessages}}, headerOptions()))
		for _, got := range answer {
			one, ok := fetched(got)
			if !ok || slices.Contains(got.Flags, goimap.FlagDeleted) {
				continue
			}
			one.Account, one.Folder, one.Role = m.cfg.Account, f.Folder, f.Role
			one.UIDValidity, one.UID = data.UIDValidity, uint32(got.UID)
			heads = append(heads, one)
		}
		return err
	})
	if err != nil {
		return err
	}
	bodies := 0
	for n := len(heads) - 1; n >= 0 && bodies < maxDraftBodies; n-- {
		if !want(heads[n]) {
			continue
		}
		bodies++
		if err := s.complete(ctx, &heads[n]); err != nil {
			return err
		}
	}
	seen.Messages = append(seen.Messages, heads...)
	return nil
}

// complete fetches the body of a message of the open folder.
func (s *session) complete(ctx context.Context, one *mailer.Fetched) error {
	return s.do(ctx, "fetching from "+quote(one.Folder), func(c *imapclient.Client) error {
		options := &goimap.FetchOptions{UID: true, BodySection: wholeSections()}
		answer, err := collectMessages(c.Fetch(goimap.UIDSetNum(goimap.UID(one.UID)), options))
		for _, got := range answer {
			if whole, ok := contentOf(got); ok && uint32(got.UID) == one.UID {
				whole.addTo(one)
			}
		}
		return err
	})
}

// FileDraft appends a draft to the Drafts folder, marked as one and as read. The
// UID of the place is 0 where the server does not tell it (RFC 4315 section 3).
func (m *Mailbox) FileDraft(ctx context.Context, raw []byte, at time.Time) (mailer.Place, error) {
	var place mailer.Place
	err := m.onDesk(ctx, "filing a draft", func(ctx context.Context, s *session) error {
		drafts, err := m.withRole(ctx, s, mailer.RoleDrafts)
		if err != nil {
			return err
		}
		options := &goimap.AppendOptions{Time: at, Flags: []goimap.Flag{goimap.FlagDraft, goimap.FlagSeen}}
		data, err := s.append(ctx, drafts[0].Folder, raw, options)
		if err == nil && data != nil {
			place = mailer.Place{Folder: drafts[0].Folder, UIDValidity: data.UIDValidity, UID: uint32(data.UID)}
		}
		return err
	})
	return place, err
}

// RemoveDraft removes one message that this program appended: the UID names it,
// and it must bear the Message-ID. Without UIDPLUS (RFC 4315) it is only marked
// as deleted, for EXPUNGE would remove what other programs have marked too. That
// it is gone already is no error.
func (m *Mailbox) RemoveDraft(ctx context.Context, place mailer.Place, messageID string) error {
	return m.onDesk(ctx, "removing a draft", func(ctx context.Context, s *session) error {
		// The folder is opened with the right to change it for these few commands
		// alone. Without CLOSE nothing that others marked is expunged.
		data, err := s.selectFor(ctx, place.Folder)
		if err != nil || data.UIDValidity != place.UIDValidity {
			return err
		}
		only := goimap.UIDSetNum(goimap.UID(place.UID))
		err = s.do(ctx, "removing from "+quote(place.Folder), func(c *imapclient.Client) error {
			answer, err := collectMessages(c.Fetch(only, headerOptions()))
			if err != nil || !slices.ContainsFunc(answer, func(got *imapclient.FetchMessageBuffer) bool {
				one, ok := fetched(got)
				return ok && uint32(got.UID) == place.UID && names(one.Header, messageID)
			}) {
				return err
			}
			mark := &goimap.StoreFlags{Op: goimap.StoreFlagsAdd, Silent: true, Flags: []goimap.Flag{goimap.FlagDeleted}}
			if err := c.Store(only, mark, nil).Close(); err != nil || !s.caps.Has(goimap.CapUIDPlus) {
				return err
			}
			return c.UIDExpunge(only).Close()
		})
		if err != nil {
			return err
		}
		_, err = s.examine(ctx, place.Folder)
		return err
	})
}

// selectFor opens a folder with the right to change it.
func (s *session) selectFor(ctx context.Context, folder string) (*goimap.SelectData, error) {
	var data *goimap.SelectData
	s.examined = ""
	err := s.do(ctx, "opening "+quote(folder), func(c *imapclient.Client) (err error) {
		data, err = c.Select(folder, nil).Wait()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("changing %s: %w", quote(folder), err)
	}
	return data, nil
}
