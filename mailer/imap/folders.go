package imap

import (
	"context"
	"errors"
	"fmt"
	"strings"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"afterword/mailer"
)

// maxFolders bounds a server that lists for ever.
const maxFolders = 10_000

// folder is one folder of the account and what the server said of it. A
// UIDNext of 0 means that it said nothing: only opening the folder tells.
type folder struct {
	mailer.FolderState
	watched bool
	why     string // why it is not watched, for people
}

// listed is a folder as LIST shows it.
type listed struct {
	data *goimap.ListData
	use  mailer.Role // by special use, "" if none
	name mailer.Role // by its name, "" if none
}

// folders lists the account: every folder that can be opened, with its role,
// whether it is to be read, and how far it has grown.
func (m *Mailbox) folders(ctx context.Context, s *session) ([]folder, error) {
	all, err := s.list(ctx)
	if err != nil {
		return nil, err
	}
	roles := assignRoles(all)
	var out []folder
	for i, one := range all {
		if hasAttr(one.data.Attrs, `\Noselect`) || hasAttr(one.data.Attrs, `\NonExistent`) {
			continue
		}
		f := folder{FolderState: mailer.FolderState{Account: m.cfg.Account, Folder: one.data.Mailbox, Role: roles[i]}}
		f.watched, f.why = m.watches(one.data, roles[i])
		if status := one.data.Status; status != nil {
			f.UIDNext, f.UIDValidity = uint32(status.UIDNext), status.UIDValidity
		} else if f.watched {
			if err := s.status(ctx, &f.FolderState); err != nil {
				return nil, err
			}
		}
		out = append(out, f)
	}
	return m.withInbox(out), nil
}

// withInbox adds INBOX where LIST forgot it: it always exists (RFC 9051
// section 5.1).
func (m *Mailbox) withInbox(folders []folder) []folder {
	for _, f := range folders {
		if f.Role == mailer.RoleInbox {
			return folders
		}
	}
	inbox := mailer.FolderState{Account: m.cfg.Account, Folder: "INBOX", Role: mailer.RoleInbox}
	return append([]folder{{FolderState: inbox, watched: true}}, folders...)
}

// listOptions ask for the growth of the folders in the same round trip where
// the server can (RFC 5819).
func (s *session) listOptions() *goimap.ListOptions {
	switch {
	case s.plain:
		return nil
	case s.caps.Has(goimap.CapListStatus):
		return &goimap.ListOptions{
			ReturnStatus:     &goimap.StatusOptions{UIDNext: true, UIDValidity: true},
			ReturnSpecialUse: s.caps.Has(goimap.CapSpecialUse),
		}
	case s.caps.Has(goimap.CapListExtended) && s.caps.Has(goimap.CapSpecialUse):
		return &goimap.ListOptions{ReturnSpecialUse: true}
	}
	return nil
}

// list asks for all folders, unless rouse did.
func (s *session) list(ctx context.Context) ([]listed, error) {
	out, err := s.tryList(ctx)
	if s.listOptions() != nil && s.refusesOffer(err) {
		s.plain = true
		return s.tryList(ctx)
	}
	return out, err
}

func (s *session) tryList(ctx context.Context) ([]listed, error) {
	var out []listed
	err := s.do(ctx, "listing the folders", func(c *imapclient.Client) (err error) {
		asked := s.listing
		if s.listing = nil; asked == nil {
			asked = c.List("", "*", s.listOptions())
		}
		out, err = collect(asked)
		return err
	})
	if err == nil && len(out) > maxFolders {
		err = fmt.Errorf("listing the folders: more than %d", maxFolders)
	}
	return out, err
}

func collect(cmd *imapclient.ListCommand) ([]listed, error) {
	var out []listed
	for data := cmd.Next(); data != nil; data = cmd.Next() {
		if len(out) <= maxFolders {
			out = append(out, listed{
				data: data, use: roleByUse(data.Attrs), name: roleByName(data.Mailbox, data.Delim),
			})
		}
	}
	return out, cmd.Close()
}

// status asks how far one folder has grown. A server that refuses leaves it
// unknown, so that the folder is opened instead.
func (s *session) status(ctx context.Context, f *mailer.FolderState) error {
	var data *goimap.StatusData
	err := s.do(ctx, "asking about "+quote(f.Folder), func(c *imapclient.Client) (err error) {
		options := &goimap.StatusOptions{UIDNext: true, UIDValidity: true}
		data, err = c.Status(f.Folder, options).Wait()
		return err
	})
	if err == nil {
		f.UIDNext, f.UIDValidity = uint32(data.UIDNext), data.UIDValidity
	}
	if isAnswer(err) {
		return nil
	}
	return err
}

// assignRoles gives each folder its role: by special use, and by name only for
// the roles that no folder has by special use.
func assignRoles(all []listed) []mailer.Role {
	stated := map[mailer.Role]bool{}
	for _, one := range all {
		stated[one.use] = true
	}
	roles := make([]mailer.Role, len(all))
	for i, one := range all {
		switch {
		case strings.EqualFold(one.data.Mailbox, "INBOX"):
			roles[i] = mailer.RoleInbox
		case isApproved(one.data):
			roles[i] = mailer.RoleApproved
		case one.use != "":
			roles[i] = one.use
		case one.name != "" && !stated[one.name]:
			roles[i] = one.name
		default:
			roles[i] = mailer.RoleOther
		}
	}
	return roles
}

// watches decides whether a folder is read. INBOX and Sent always are: answers
// arrive in the one, and the other shows what the user wrote by hand.
func (m *Mailbox) watches(data *goimap.ListData, role mailer.Role) (bool, string) {
	switch {
	case role == mailer.RoleInbox || role == mailer.RoleSent:
		return true, ""
	case m.names(data.Mailbox):
		return true, ""
	case len(m.cfg.Folders) > 0:
		return false, "not among the folders of the configuration"
	case isView(data.Attrs):
		return false, "it only shows messages of other folders"
	}
	return true, ""
}

func (m *Mailbox) names(folder string) bool {
	for _, name := range m.cfg.Folders {
		if name == folder || strings.EqualFold(name, "INBOX") && strings.EqualFold(folder, "INBOX") {
			return true
		}
	}
	return false
}

// absent returns the folders of the configuration that the server has not.
func (m *Mailbox) absent(folders []folder) []mailer.FolderTrouble {
	var out []mailer.FolderTrouble
	for _, name := range m.cfg.Folders {
		found := false
		for _, f := range folders {
			found = found || f.Folder == name || strings.EqualFold(name, "INBOX")
		}
		if !found {
			out = append(out, mailer.FolderTrouble{
				Folder: name,
				Err:    fmt.Errorf("reading %s: %w", quote(name), errors.New("the server lists no such folder")),
			})
		}
	}
	return out
}
