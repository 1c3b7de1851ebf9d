package realmail

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/emersion/go-smtp"

	"afterword/mailer"
)

// Deliver hands a message to Dovecot by LMTP (RFC 2033), as the candidate's
// provider does with mail from outside: raw is RFC 5322 with CRLF line ends,
// and from the envelope's sender, "" for none. When it returns, the message
// lies in the INBOX of to.
func (s *Servers) Deliver(from, to string, raw []byte) error {
	conn, err := net.Dial("tcp", loopback(s.Ports.LMTP))
	if err != nil {
		return fmt.Errorf("delivering to %s: %w", to, err)
	}
	c := smtp.NewClientLMTP(conn)
	defer c.Close()
	if err := c.Mail(from, nil); err != nil {
		return fmt.Errorf("delivering to %s: %w", to, err)
	}
	if err := c.Rcpt(to, nil); err != nil {
		return fmt.Errorf("delivering to %s: %w", to, err)
	}
	w, err := c.Data()
	if err != nil {
		return fmt.Errorf("delivering to %s: %w", to, err)
	}
	_, err = w.Write(raw)
	if err = errors.Join(err, w.Close()); err != nil {
		return fmt.Errorf("delivering to %s: %w", to, err)
	}
	return c.Quit()
}

// Accepted is one message as a server stored it for one recipient.
type Accepted struct {
	To        string // of the envelope
	MessageID string // with angle brackets
	QueueID   string // of Postfix, "" where it did not come that way; one for each time that it took the mail
	Subject   string // decoded
	Seen      bool   // bears the flag \Seen
	Raw       []byte // as stored, with the fields that the servers put on top and LF line ends
}

// Others returns what Postfix delivered to anybody but the candidate's domain,
// in the order of arrival: one for each message and recipient.
func (s *Servers) Others() ([]Accepted, error) {
	return readMaildir(filepath.Join(s.dir, "others", "Maildir"))
}

// Inbox returns what Dovecot stored in the INBOX of an account, whether Postfix
// brought it or Deliver. It reads the files and touches no flag.
func (s *Servers) Inbox(account string) ([]Accepted, error) {
	return readMaildir(filepath.Join(s.dir, "mail", account, "Maildir"))
}

// Folder returns what Dovecot stores in another folder of an account, such as
// Sent.
func (s *Servers) Folder(account, name string) ([]Accepted, error) {
	return readMaildir(filepath.Join(s.dir, "mail", account, "Maildir", "."+name))
}

// Remove takes the message with that Message-ID out of a folder, as another
// program on the same files would.
func (s *Servers) Remove(account, name, messageID string) error {
	names, err := maildirFiles(filepath.Join(s.dir, "mail", account, "Maildir", "."+name))
	for _, file := range names {
		if raw, err := os.ReadFile(file); err == nil && accepted(raw).MessageID == messageID {
			return os.Remove(file)
		}
	}
	if err == nil {
		err = fs.ErrNotExist
	}
	return fmt.Errorf("removing %s: %w", messageID, err)
}

// AwaitOther waits until Postfix has delivered a message to somebody outside.
func (s *Servers) AwaitOther(ctx context.Context, messageID string) (Accepted, error) {
	var found Accepted
	err := await(ctx, func() (bool, error) {
		all, err := s.Others()
		if err != nil {
			return false, err
		}
		i := slices.IndexFunc(all, func(a Accepted) bool { return a.MessageID == messageID })
		if i >= 0 {
			found = all[i]
		}
		return i >= 0, nil
	})
	if err != nil {
		return found, fmt.Errorf("waiting for postfix to deliver %s: %w", messageID, err)
	}
	return found, nil
}

// Queued returns how many messages Postfix took and has not delivered. A file
// that its owner may not execute is one that a process was writing when it
// ended; Postfix never took that message and passes it over.
func (s *Servers) Queued() (int, error) {
	n := 0
	for _, queue := range []string{"maildrop", "incoming", "active", "deferred", "hold", "corrupt"} {
		err := filepath.WalkDir(filepath.Join(s.dir, "queue", queue), func(_ string, e fs.DirEntry, err error) error {
			if err == nil && e.Type().IsRegular() {
				var info fs.FileInfo
				if info, err = e.Info(); err == nil && info.Mode()&0o100 != 0 {
					n++
				}
			}
			if errors.Is(err, fs.ErrNotExist) {
				return nil // it was delivered under the reading
			}
			return err
		})
		if err != nil {
			return 0, fmt.Errorf("counting postfix's queue: %w", err)
		}
	}
	return n, nil
}

// readMaildir reads the messages of a Maildir, also those that a client has
// seen. A folder that nobody delivered to yet has none.
func readMaildir(dir string) ([]Accepted, error) {
	names, err := maildirFiles(dir)
	if err != nil {
		return nil, fmt.Errorf("reading a maildir: %w", err)
	}
	all := make([]Accepted, 0, len(names))
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			return readMaildir(dir) // a server moved it from new to cur
		}
		if err != nil {
			return nil, fmt.Errorf("reading a maildir: %w", err)
		}
		a := accepted(raw)
		_, flags, _ := strings.Cut(filepath.Base(name), ":2,")
		a.Seen = strings.Contains(flags, "S")
		all = append(all, a)
	}
	return all, nil
}

// maildirFiles lists the messages in the order of delivery, which the names
// begin with: the second, and after an M the microsecond.
func maildirFiles(dir string) ([]string, error) {
	var names []string
	for _, sub := range []string{"new", "cur"} {
		entries, err := os.ReadDir(filepath.Join(dir, sub))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, e := range entries {
			names = append(names, filepath.Join(dir, sub, e.Name()))
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		secondA, microA := deliveredAt(a)
		secondB, microB := deliveredAt(b)
		return cmp.Or(cmp.Compare(secondA, secondB), cmp.Compare(microA, microB))
	})
	return names, nil
}

// deliveredAt reads the time from a name such as 1763920000.M123456P77.host.
// Both servers write it so, Postfix as V801I12M123456.
func deliveredAt(path string) (second, micro int64) {
	seconds, rest, _ := strings.Cut(filepath.Base(path), ".")
	_, _ = fmt.Sscan(seconds, &second) // 0 sorts a name of another form first
	if _, after, ok := strings.Cut(rest, "M"); ok {
		_, _ = fmt.Sscan(after[:digits(after)], &micro)
	}
	return second, micro
}

// digits counts the digits that a text begins with.
func digits(text string) int {
	return len(text) - len(strings.TrimLeft(text, "0123456789"))
}

// accepted reads a stored message. Both servers put Delivered-To on top, with
// the recipient of the envelope.
func accepted(raw []byte) Accepted {
	header, body := mailer.Split(raw)
	m := mailer.Parse(header, body)
	a := Accepted{MessageID: m.ID, Subject: m.Subject, Raw: raw}
	if to := m.Header["delivered-to"]; len(to) > 0 {
		a.To = strings.ToLower(strings.Trim(to[0], "<> "))
	}
	a.QueueID = queueID(m.Header["received"])
	return a
}

// queueID reads the number that Postfix gave a mail from the trace field that
// it put on top: "by HOST (Postfix) with ESMTPSA id NUMBER for <...>; DATE".
func queueID(received []string) string {
	for _, r := range received {
		if _, after, ok := strings.Cut(r, "(Postfix"); ok {
			words := strings.Fields(after)
			if i := slices.Index(words, "id"); i >= 0 && i+1 < len(words) {
				return strings.TrimRight(words[i+1], ";")
			}
		}
	}
	return ""
}
