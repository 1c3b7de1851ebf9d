package sim

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"afterword/internal/store/faultfs"
	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// byHand is a mail that the user wrote without the program.
type byHand struct {
	at time.Time
	to string
}

// files says when something that the world does by itself fails.
func (s *stage) files(err error) {
	if err != nil {
		s.violate("the world", "%v", err)
	}
}

// house is what the user does with files, and with the profile.
func (s *stage) house(e Event, chance *rand.Rand) {
	switch e.Kind {
	case Moves:
		s.move(e.Who, chance)
	case BreaksFile:
		s.breakFile(e, chance)
	case AddsFile:
		s.addFile(e)
	case FileGone:
		s.fileGone(e)
	case BreaksConfig:
		s.breakConfig(e)
	case CallsOff:
		s.callOff(e)
	case BacksUp:
		if s.program != nil && !s.machine.Dead() && s.host == s.home {
			s.backup = s.machine.Disk.Image(faultfs.All, 0)
		}
	case RestoresOld:
		s.restoreOld(e)
	case NewPassword:
		s.changePassword(e)
	case SecondDaemon:
		s.startSecond()
	}
}

func (s *stage) interviewFile(stem string) string {
	return filepath.Join(s.options.Folder, "home", "interviews", stem+".yaml")
}

// rewrite changes an interview file as an editor does.
func (s *stage) rewrite(stem string, how func(text string) string) {
	b, err := os.ReadFile(s.interviewFile(stem))
	if err == nil {
		err = os.WriteFile(s.interviewFile(stem), []byte(how(string(b))), 0o600)
	}
	s.files(err)
	s.machine.saved()
}

// move puts off an interview that has not begun.
func (s *stage) move(stem string, chance *rand.Rand) {
	a, there := s.known[stem]
	if !there || s.broken[stem] {
		return
	}
	zone, err := time.LoadLocation(a.Zone)
	s.files(err)
	by := time.Duration(1+chance.IntN(48)) * time.Hour
	for _, i := range a.Interviews {
		if line := "at: " + i.At.In(zone).Format("2006-01-02 15:04") + "\n"; s.truth.Now().Before(i.At) {
			s.rewrite(stem, func(text string) string {
				if strings.Contains(text, line) {
					s.moved[stem+"/"+i.ID] = i.At.Add(by)
				}
				return strings.Replace(text, line, "at: "+i.At.Add(by).In(zone).Format("2006-01-02 15:04")+"\n", 1)
			})
			return
		}
	}
}

// datesInFiles reads when the interviews are by now: an answer to a notice may have
// moved them too.
func (s *stage) datesInFiles() {
	for stem, a := range s.known {
		if s.broken[stem] {
			continue
		}
		text, err := os.ReadFile(s.interviewFile(stem))
		zone, failed := time.LoadLocation(a.Zone)
		if s.files(errors.Join(err, failed)); err != nil || failed != nil {
			continue
		}
		for _, i := range a.Interviews {
			_, rest, _ := strings.Cut(string(text), "- id: "+i.ID+"\n")
			_, rest, _ = strings.Cut(rest, "at: ")
			line, _, _ := strings.Cut(rest, "\n")
			if at, err := time.ParseInLocation("2006-01-02 15:04", strings.Trim(line, `"' `), zone); err == nil && !at.Equal(i.At) {
				s.moved[stem+"/"+i.ID] = at
			}
		}
	}
}

// breakFile leaves a file as an editor does that was closed too early, and mends
// it later.
func (s *stage) breakFile(e Event, chance *rand.Rand) {
	if _, there := s.known[e.Who]; !there || s.broken[e.Who] {
		return
	}
	whole := ""
	s.rewrite(e.Who, func(text string) string {
		whole = text
		return text[:len(text)*(20+chance.IntN(60))/100] + "\n  : ["
	})
	s.broken[e.Who] = true
	s.closed = append(s.closed, act{at: s.truth.Now(), what: unreadable, on: e.Who})
	s.after(e, func() {
		s.rewrite(e.Who, func(string) string { return whole })
		s.broken[e.Who] = false
		s.closed = append(s.closed, act{at: s.truth.Now(), what: readable, on: e.Who})
	})
}

// The two states of a file beside its status.
const (
	unreadable = "not to be read"
	readable   = "to be read again"
)

// restoreOld puts the store of the backup in the place of today's, as somebody
// does who copies a file back. The ledger stays.
func (s *stage) restoreOld(e Event) {
	if s.backup == nil {
		return
	}
	s.remember()
	s.restores = append(s.restores, s.truth.Now())
	s.startOn(e, func(now faultfs.Image) faultfs.Image {
		mixed := faultfs.Image{}
		for name, b := range s.backup {
			if ofStore(name) {
				mixed[name] = b
			}
		}
		for name, b := range now {
			if !ofStore(name) {
				mixed[name] = b
			}
		}
		return mixed
	})
}

// ofStore reports whether a file is the database or one of SQLite's beside it.
func ofStore(path string) bool {
	name := filepath.Base(path)
	return name == "afterword.db" || strings.HasPrefix(name, "afterword.db-")
}

// remember keeps what the store knows of Message-IDs: the store is to be lost.
func (s *stage) remember() {
	s.view(func(r scheduler.Reader) error {
		all, err := r.Deliveries(scheduler.DeliveryQuery{})
		for _, d := range all {
			s.seen[s.program.MessageID(d.Key)] = d
		}
		return err
	})
}

// changePassword lets the server want another password. The user writes it into
// the file later and starts the program anew; if it has changed once more since,
// the newest.
func (s *stage) changePassword(e Event) {
	fresh := func() string { return fmt.Sprintf("%s-%d", password, s.passwords) }
	s.passwords++
	s.trouble(e.For)
	s.servers.SetPassword(fresh())
	s.servers.DropConnections(mailtest.SMTP)
	s.servers.DropConnections(mailtest.IMAP)
	s.after(e, func() {
		s.files(os.WriteFile(filepath.Join(s.options.Folder, "home", "password"), []byte(fresh()+"\n"), 0o600))
		s.stopAndStart(Event{For: time.Minute})
	})
}

// startSecond starts a second daemon on the profile, which must not run.
func (s *stage) startSecond() {
	if s.program == nil || s.machine.Dead() {
		return
	}
	s.seconds++
	shared := filepath.Join(s.options.Folder, fmt.Sprintf("second-%d", s.seconds))
	s.files(os.Mkdir(shared, 0o700))
	twin := s.newMachine(shared, s.machine.Disk.Image(faultfs.All, 0))
	second, err := s.options.Start(s.ctx, twin)
	if err == nil {
		s.violate("a second daemon is refused", "it was started on a profile that another one has")
		s.files(second.Stop())
	}
}

// failDisk lets every write fail for a while.
func (s *stage) failDisk(e Event) {
	if s.machine.Dead() || s.program == nil {
		return
	}
	disk, fault := s.machine.Disk, map[Kind]faultfs.Fault{FullDisk: faultfs.Full, BrokenDisk: faultfs.Broken}[e.Kind]
	s.trouble(e.For)
	s.diskless = append(s.diskless, span{s.truth.Now(), s.truth.Now().Add(e.For)})
	disk.Fail(disk.Operations()+1, fault)
	s.after(e, disk.Mend)
}

// renumber gives a folder another UIDVALIDITY (RFC 9051 section 2.3.1.1).
func (s *stage) renumber(chance *rand.Rand) {
	s.validity++
	all := append(folders(), mailtest.Sent)
	w := s.accounts()[chance.IntN(len(s.accounts()))]
	folder := all[chance.IntN(len(all))]
	if chance.IntN(3) == 0 {
		folder = mailtest.Sent // where the user's answers lie
	}
	s.files(w.SetUIDValidity(folder, 1_000_000+s.validity))
}

// draft is what the user does with a draft in their own mail program.
func (s *stage) draft(e Event, chance *rand.Rand) {
	all := s.servers.Messages(mailtest.Drafts)
	if len(all) == 0 {
		return
	}
	one, now := all[chance.IntN(len(all))], s.truth.Now()
	head, body, _ := strings.Cut(string(one.Raw), "\r\n\r\n")
	fresh := strings.Replace(head, one.MessageID, fmt.Sprintf("<draft-%d@example.org>", e.N), 1)
	switch e.Kind {
	case EditsDraft:
		id := fmt.Sprintf("<draft-%d@example.org>", e.N)
		s.files(s.servers.Deliver(mailtest.Drafts, []byte(fresh+"\r\n\r\n"+body+"Thank you again.\r\n"), now))
		s.files(s.servers.Flag(mailtest.Drafts, id, "\\Draft", "\\Seen"))
	case SendsDraft:
		s.files(s.servers.Deliver(mailtest.Sent, []byte(fresh+"\r\n\r\n"+body), now))
		s.byHand = append(s.byHand, byHand{at: now, to: addressIn(head)})
	}
	s.files(s.servers.Expunge(mailtest.Drafts, one.MessageID))
}

// addressIn is the address in the To field of a header, in lower case.
func addressIn(head string) string {
	_, to, _ := strings.Cut("\r\n"+head, "\r\nTo: ")
	to, _, _ = strings.Cut(to, "\r\n")
	_, address, _ := strings.Cut(to, "<")
	return strings.ToLower(strings.TrimSuffix(address, ">"))
}
