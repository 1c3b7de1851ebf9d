package scheduler

import (
	"strings"
	"testing"
	"time"

	"afterword/mailer"
)

// take gives one message to the deciding side, in a batch of its own.
func (o *office) take(at string, raw mailer.Fetched) {
	o.Helper()
	raw.Arrived = paris(at)
	b := mailer.Batch{Messages: []mailer.Fetched{raw}, Cursor: mailer.Cursor{Folder: raw.Folder, UIDValidity: 7, UID: raw.UID}}
	if _, err := receive(o.store, o.world, mailer.LoadTables(), b, raw.Arrived, raw.Arrived); err != nil {
		o.Fatal(err)
	}
}

// holding lists the holds as scope, target and source.
func (o *office) holding() string {
	var all []string
	for _, h := range o.store.holds {
		if !h.Asking {
			o.Errorf("the hold %+v stops what is owed", h)
		}
		all = append(all, strings.TrimSpace(string(h.Scope)+" "+h.Target)+" "+h.Source)
	}
	return strings.Join(all, ", ")
}

// TestUnreadable: what cannot be read holds the application that it fits, all
// that asks if not even its header came, and nothing if it is nobody's. It is
// asked and noted once, and a readable copy elsewhere still counts in full.
func TestUnreadable(t *testing.T) {
	const kens = "Message-ID: <k@acme.example>\r\nFrom: Ken Osei <ken@acme.example>\r\nTo: dana@example.org\r\nSubject: Hello\r\n"
	const shops = "Message-ID: <s@shop.example>\r\nFrom: news@shop.example\r\nTo: dana@example.org\r\nSubject: Hello\r\n"
	for _, c := range []struct {
		what, header string
		role         mailer.Role
		holds        string
		questions    int
	}{
		{"of a person", kens, mailer.RoleInbox, "application acme unreadable", 1},
		{"of a person, in Junk", kens, mailer.RoleJunk, "application acme unreadable", 1},
		{"of a stranger", shops, mailer.RoleInbox, "", 0},
		{"of nobody knows whom", "", mailer.RoleInbox, "everything unreadable", 1},
		{"in Sent, not even a header", "", mailer.RoleSent, "everything unreadable", 1},
		{"a draft", "", mailer.RoleDrafts, "", 0},
	} {
		t.Run(c.what, func(t *testing.T) {
			o := newOffice(t, acme(onsite(person("Ken"))))
			raw := mailer.Fetched{Folder: "F", Role: c.role, UIDValidity: 7, UID: 12, Header: []byte(c.header), Unreadable: true}
			o.take("2026-11-24 10:00", raw)
			if got := o.holding(); got != c.holds {
				t.Errorf("holds are %q, want %q", got, c.holds)
			}
			if len(o.store.questions) != c.questions {
				t.Errorf("asked %q", o.asked())
			}
			noted := len(o.store.events)
			if c.role != mailer.RoleDrafts && (noted == 0 || o.store.events[0].What != "passed over" || !strings.Contains(o.store.events[0].Why, "message 12 of F")) {
				t.Errorf("noted %+v", o.store.events)
			}
			o.take("2026-11-24 11:00", raw)
			if len(o.store.events) != noted || len(o.store.mails) != 0 {
				t.Errorf("a second time %d events, %d mails", len(o.store.events), len(o.store.mails))
			}
		})
	}
}

func TestReadableCopyOfAnUnreadableMail(t *testing.T) {
	const header = "Message-ID: <k@acme.example>\r\nFrom: Ken Osei <ken@acme.example>\r\nTo: dana@example.org\r\nSubject: Hello\r\n"
	bad := mailer.Fetched{Folder: "INBOX", Role: mailer.RoleInbox, UIDValidity: 7, UID: 1, Header: []byte(header), Unreadable: true}
	good := bad
	good.Folder, good.Role, good.Unreadable, good.Body = "All", mailer.RoleAll, false, []byte("We are happy to go on.\r\n")
	for name, order := range map[string][]mailer.Fetched{"after it": {bad, good}, "before it": {good, bad}} {
		o := newOffice(t, acme(onsite(person("Ken"))))
		for _, m := range order {
			o.take("2026-11-24 10:00", m)
		}
		if len(o.store.mails) != 1 || o.store.mails[0].Class != string(mailer.Human) {
			t.Errorf("%s: the readable copy was not applied: %+v", name, o.store.mails)
		}
		if held := o.holding() != ""; held != (name == "after it") {
			t.Errorf("%s: held %v", name, held)
		}
	}
}

// TestArrivalThatIsNotTold: a server that does not tell when a mail arrived leaves it open
// whether that was before the interview. It counts as having come now; taken for as old as
// the look before, a colleague's answer would be none.
func TestArrivalThatIsNotTold(t *testing.T) {
	t.Parallel()
	before, now := paris("2026-11-22 10:00"), paris("2026-11-24 10:00")
	for arrived, want := range map[time.Time]string{{}: "application acme colleague", before: ""} {
		o := newOffice(t, acme(onsite(person("Ken"))))
		raw := mailer.Fetched{Folder: "INBOX", Role: mailer.RoleInbox, UID: 1, Arrived: arrived,
			Header: []byte("From: Mia Lund <mia@acme.example>\r\nTo: dana@example.org\r\nSubject: Your visit\r\nMessage-ID: <1@acme.example>\r\n\r\n")}
		if _, err := receive(o.store, o.world, mailer.LoadTables(), mailer.Batch{Messages: []mailer.Fetched{raw}}, before, now); err != nil {
			t.Fatal(err)
		}
		if got := o.holding(); got != want {
			t.Errorf("arrived %v: holds are %q, want %q", arrived, got, want)
		}
	}
}
