package imap

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"afterword/mailer"
)

// FileSent appends a copy to the Sent folder, marked as read. The caller has
// looked before whether the server filed one by itself. An error does not say
// that no copy was filed: the connection may have been lost after the fact.
func (m *Mailbox) FileSent(ctx context.Context, raw []byte, at time.Time) error {
	return m.Append(ctx, mailer.RoleSent, raw, []string{string(goimap.FlagSeen)}, at)
}

// Append adds a message to the folder with the role, with flags such as \Seen
// or \Draft and at as its INTERNALDATE (RFC 9051 section 6.3.12).
func (m *Mailbox) Append(ctx context.Context, role mailer.Role, raw []byte, flags []string, at time.Time) error {
	return m.onDesk(ctx, "filing a message", func(ctx context.Context, s *session) error {
		folders, err := m.withRole(ctx, s, role)
		if err != nil {
			return err
		}
		options := &goimap.AppendOptions{Time: at}
		for _, flag := range flags {
			options.Flags = append(options.Flags, goimap.Flag(flag))
		}
		_, err = s.append(ctx, folders[0].Folder, raw, options)
		return err
	})
}

// onDesk runs one piece of work on the connection that does not idle.
func (m *Mailbox) onDesk(ctx context.Context, doing string, f func(context.Context, *session) error) error {
	defer m.cfg.Clock.Hold()()
	ctx, cancel := m.live(ctx)
	defer cancel()
	l, err := m.borrow(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	defer l.release()
	s, err := l.open(ctx)
	if err == nil {
		err = f(ctx, s)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}

func (s *session) append(ctx context.Context, folder string, raw []byte, options *goimap.AppendOptions) (*goimap.AppendData, error) {
	var data *goimap.AppendData
	err := s.do(ctx, "appending to "+quote(folder), func(c *imapclient.Client) error {
		cmd := c.Append(folder, int64(len(raw)), options)
		_, writing := cmd.Write(raw)
		closing := cmd.Close()
		answer, waiting := cmd.Wait()
		data = answer
		return firstError(waiting, writing, closing)
	})
	if isAnswer(err) {
		s.close() // the literal may have been half sent
	}
	return data, err
}

// firstError returns the first that is not nil. The server's answer says more
// than the write that it cut short.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// withRole returns the folders with one of the roles, those first that the
// server itself names so.
func (m *Mailbox) withRole(ctx context.Context, s *session, roles ...mailer.Role) ([]folder, error) {
	all, err := m.folders(ctx, s)
	if err != nil {
		return nil, err
	}
	var out []folder
	for _, role := range roles {
		for _, f := range all {
			if f.Role == role {
				out = append(out, f)
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%w for %s mail", errNoFolder, roles[0])
	}
	return out, nil
}

// idField finds the fields that carry a message's own ID. Some servers replace
// it and keep the original one beside it.
const idField = `(?im)^(?:X-[a-z-]*Original-)?Message-ID:[ \t]*((?:[^\r\n]|\r?\n[ \t])*)`

// names reports whether one of the header's own IDs is id.
func names(header []byte, id string) bool {
	for _, field := range regexp.MustCompile(idField).FindAllSubmatch(header, -1) {
		if id != "" && strings.Contains(string(field[1]), id) {
			return true
		}
	}
	return false
}
