package scheduler

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"afterword/mailer"
)

// post is an account whose folders grow, one look after each thing that happens.
type post struct {
	*testing.T
	next    map[string]uint32 // by folder, its UIDNEXT
	series  uint32            // the next number of all folders, 0 where each has its own
	numbers map[string]numbering
	gaps    int
}

func newPost(t *testing.T, series uint32, next map[string]uint32) *post {
	return &post{T: t, next: next, series: series, numbers: map[string]numbering{}}
}

// look lets messages come to a folder, of which some are gone when it is read.
func (p *post) look(folder string, came, gone int) {
	now := paris("2026-11-24 10:00")
	var cursors []mailer.Cursor
	for name, next := range p.next {
		cursors = append(cursors, mailer.Cursor{Folder: name, UIDValidity: 7, UID: next - 1})
	}
	for range came {
		if p.series == 0 {
			p.next[folder]++
			continue
		}
		p.series++
		p.next[folder] = p.series
	}
	count := newTally(cursors, now.Add(-time.Hour), "")
	count.numbers = p.numbers
	b := batch(mailer.Cursor{Folder: folder, UIDValidity: 7, UID: p.next[folder] - 1})
	roles := map[string]mailer.Role{inboxName: mailer.RoleInbox, "Sent": mailer.RoleSent, "Drafts": mailer.RoleDrafts}
	for n := range came - gone {
		b.Messages = append(b.Messages, found(roles[folder], string(rune('a'+n)), now))
	}
	count.add(b)
	var result mailer.LookResult
	for name, next := range p.next {
		result.Folders = append(result.Folders, mailer.FolderState{Folder: name, Role: roles[name], UIDValidity: 7, UIDNext: next})
	}
	if count.conclude(result) {
		p.gaps++
	}
}

// TestOneSeriesForAllFolders: where a server numbers the mail of all folders in one
// series, INBOX skips numbers at each mail. The user is asked until that is known, and
// then no more.
func TestOneSeriesForAllFolders(t *testing.T) {
	t.Parallel()
	p := newPost(t, 900, map[string]uint32{inboxName: 880, "Sent": 870, "Junk": 600})
	for range 4 {
		p.look(inboxName, 1, 0)
		p.series += 3 // calendars and contacts are numbered too
		p.look("Sent", 1, 0)
		p.look("Junk", 2, 0)
	}
	if p.gaps == 0 || !p.numbers[""].shared() {
		t.Fatalf("%d gaps, %+v", p.gaps, p.numbers)
	}
	p.gaps = 0
	p.series += 40
	p.look(inboxName, 1, 0)
	if p.gaps != 0 {
		t.Errorf("what the other folders took is %d gaps of INBOX", p.gaps)
	}
	// The account moves to a server with numbers of its own for each folder.
	p.series = 0
	p.look("Junk", 1, 0)
	p.look(inboxName, 2, 1)
	if p.gaps != 1 || p.numbers[""].shared() {
		t.Errorf("%d gaps, %+v", p.gaps, p.numbers)
	}
}

// TestFoldersWithNumbersOfTheirOwn: mail that comes and goes in any folder, a program
// that saves a draft each minute, and folders that overtake each other never look like
// one series, so that every mail that left INBOX unread is asked about.
func TestFoldersWithNumbersOfTheirOwn(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		dice := rand.New(rand.NewPCG(seed, 1))
		p := newPost(t, 0, map[string]uint32{inboxName: 5 + dice.Uint32N(40), "Sent": 5 + dice.Uint32N(40), "Drafts": 5 + dice.Uint32N(40), "Junk": 5 + dice.Uint32N(40)})
		missed := 0
		for range 400 {
			switch dice.IntN(6) {
			case 0:
				p.look(inboxName, 1+dice.IntN(3), 1)
				missed++
			case 1, 2:
				p.look(inboxName, 1, 0)
			case 3:
				p.look("Drafts", 1+dice.IntN(9), 1)
			default:
				p.look([]string{"Sent", "Junk"}[dice.IntN(2)], 1+dice.IntN(2), dice.IntN(2))
			}
		}
		if p.gaps != missed {
			t.Errorf("seed %d: %d of %d gaps are asked about, %+v", seed, p.gaps, missed, p.numbers)
		}
	}
}

// TestFoldersThatOvertakeEachOther: folders that are equally full get past one another by
// the mail that comes to them, and leap over nothing.
func TestFoldersThatOvertakeEachOther(t *testing.T) {
	t.Parallel()
	p := newPost(t, 0, map[string]uint32{inboxName: 10, "Sent": 9})
	for range 8 {
		p.look("Sent", 2, 0)
		p.look(inboxName, 2, 0)
	}
	p.look(inboxName, 1, 1)
	if p.gaps != 1 {
		t.Errorf("%d gaps, %+v", p.gaps, p.numbers)
	}
}

// oneSeries is a mailbox to which a letter comes before each look, to INBOX and Sent by
// turns, and whose messages have numbers of one series.
type oneSeries struct {
	Mailbox
	last map[string]uint32 // by folder, its highest number
	next uint32
}

func (b *oneSeries) Look(ctx context.Context, _ mailer.LookRequest, apply func(context.Context, mailer.Batch) error) (result mailer.LookResult, err error) {
	b.next++
	folder, role := inboxName, mailer.RoleInbox
	if b.next%2 == 0 {
		folder, role = "Sent", mailer.RoleSent
	}
	b.last[folder] = b.next
	letter := mailer.Fetched{Folder: folder, Role: role, UID: b.next, UIDValidity: 1, Header: fmt.Appendf(nil, "From: a@b.example\r\nMessage-ID: <%d@b.example>\r\n\r\n", b.next)}
	for name, role := range map[string]mailer.Role{inboxName: mailer.RoleInbox, "Sent": mailer.RoleSent} {
		result.Folders = append(result.Folders, mailer.FolderState{Folder: name, Role: role, UIDValidity: 1, UIDNext: b.last[name] + 1})
	}
	return result, apply(ctx, mailer.Batch{Messages: []mailer.Fetched{letter}, Cursor: mailer.Cursor{Folder: folder, UIDValidity: 1, UID: b.next}})
}

// TestOneSeriesOutlivesTheProgram: what the looks of one run taught is known in the next, so
// that nobody is asked again at each start.
func TestOneSeriesOutlivesTheProgram(t *testing.T) {
	t.Parallel()
	s, box := newMemory(), &oneSeries{last: map[string]uint32{}, next: 100}
	begin := func() *Daemon {
		d, _ := shutAccounts(t, s, "1")
		d.Mailbox, d.Tables = box, mailer.LoadTables()
		d.decides(t)
		return d
	}
	looks := func(d *Daemon, n int) {
		for range n {
			if err := d.look(t.Context(), true); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 3 { // none alone sees enough
		looks(begin(), 4)
	}
	if len(s.questions) == 0 || len(s.notices) == 0 {
		t.Fatalf("asked %+v, told %+v", s.questions, s.notices)
	}
	s.questions, s.holds = nil, nil
	looks(begin(), 4)
	if len(s.questions)+len(s.holds) > 0 {
		t.Errorf("after a restart it asks %+v and holds %+v", s.questions, s.holds)
	}
	if !slices.ContainsFunc(s.notices, func(n Notice) bool { return n.Key == "numbering/" }) {
		t.Errorf("told %+v", s.notices)
	}
}

// TestNumberThatTwoFoldersHave: a folder that gets past INBOX with each number on the way has
// the number that INBOX has too, so that what leaves INBOX unread is asked about again.
func TestNumberThatTwoFoldersHave(t *testing.T) {
	t.Parallel()
	p := newPost(t, 0, map[string]uint32{inboxName: 100, "Sent": 98})
	p.numbers[""] = numbering{Inbox: 3, Others: 3}
	p.look(inboxName, 2, 1)
	if p.gaps != 0 {
		t.Fatalf("%d gaps while INBOX is believed to have no numbers of its own", p.gaps)
	}
	p.look("Sent", 6, 0)
	p.look(inboxName, 4, 1)
	if p.gaps != 1 {
		t.Errorf("%d gaps, %+v", p.gaps, p.numbers)
	}
}

// TestNumberingIsToldOnce: what is known outlives the program, is told once, and ends
// with the account.
func TestNumberingIsToldOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t, acme(onsite(person("Ken"))))
	now := paris("2026-11-24 10:00")
	for leaps := 4; leaps < 6; leaps++ {
		if err := saveNumbering(o.store, map[string]numbering{"": {Inbox: leaps, Others: 3}}, now.Add(time.Duration(leaps)*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if all, err := loadNumbering(o.store); err != nil || !all[""].shared() {
		t.Errorf("it is %+v, %v", all, err)
	}
	if len(o.store.notices) != 1 {
		t.Errorf("told %+v", o.store.notices)
	}
	if err := forgetTally(o.store, ""); err != nil {
		t.Fatal(err)
	}
	if all, err := loadNumbering(o.store); err != nil || all[""].shared() {
		t.Errorf("after another mailbox took its name it is %+v, %v", all, err)
	}
}
