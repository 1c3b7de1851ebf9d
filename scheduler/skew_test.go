package scheduler

import (
	"strings"
	"testing"
	"time"

	"afterword/mailer"
)

// TestClockAgainstTheServer: the dates that the server gives to mail show a clock
// that is wrong, and later that it was set right; what proves nothing changes
// nothing.
func TestClockAgainstTheServer(t *testing.T) {
	t.Parallel()
	now := paris("2026-11-24 10:00")
	type mail struct {
		role    mailer.Role
		arrived time.Duration // after now
		left    time.Duration // after now, if it is the test mail
	}
	for name, c := range map[string]struct {
		mails []mail
		want  string // "" means that nothing is said
	}{
		"nothing came":          {},
		"just now":              {mails: []mail{{mailer.RoleInbox, -time.Second, 0}}},
		"yesterday":             {mails: []mail{{mailer.RoleInbox, -24 * time.Hour, 0}}},
		"in an hour":            {[]mail{{mailer.RoleInbox, 63 * time.Minute, 0}}, "1 h 3 min behind"},
		"in three days":         {[]mail{{mailer.RoleInbox, 75 * time.Hour, 0}}, "3 days behind"},
		"in twelve years":       {[]mail{{mailer.RoleInbox, 106023 * time.Hour, 0}}, "12 years behind"},
		"in three minutes":      {[]mail{{mailer.RoleInbox, 3 * time.Minute, 0}}, "3 minutes behind"},
		"in a minute":           {mails: []mail{{mailer.RoleInbox, time.Minute, 0}}},
		"filed with any date":   {mails: []mail{{mailer.RoleSent, 24 * time.Hour, 0}}},
		"before it left":        {[]mail{{mailer.RoleInbox, -26 * time.Minute, -time.Minute}}, "25 minutes ahead of"},
		"the test mail":         {mails: []mail{{mailer.RoleInbox, -time.Minute, -2 * time.Minute}}},
		"set right":             {mails: []mail{{mailer.RoleInbox, time.Hour, 0}, {mailer.RoleInbox, -time.Second, 0}}},
		"an old one in between": {[]mail{{mailer.RoleInbox, time.Hour, 0}, {mailer.RoleInbox, -48 * time.Hour, 0}}, "1 h 0 min behind"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tx := newMemory()
			for _, m := range c.mails {
				left := time.Time{}
				if m.left != 0 {
					left = now.Add(m.left)
				}
				if err := noteClock(tx, mailer.Fetched{Role: m.role, Arrived: now.Add(m.arrived)}, left, now); err != nil {
					t.Fatal(err)
				}
			}
			got, err := clockWords(tx)
			if err != nil || (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
				t.Errorf("the user is told %q, %v; want %q", got, err, c.want)
			}
		})
	}
}

// TestClockIsComparedWithWhatComes: the mail that a look brings is what the clock
// is held against.
func TestClockIsComparedWithWhatComes(t *testing.T) {
	t.Parallel()
	o := newOffice(t, acme(onsite(person("Ken"))))
	now := paris("2026-11-24 10:00")
	raw := mailer.Fetched{Folder: "INBOX", Role: mailer.RoleInbox, UID: 1, Arrived: now.Add(2 * time.Hour),
		Header: []byte("From: list@shop.example\r\nTo: dana@example.org\r\nSubject: Sale\r\nMessage-ID: <1@shop.example>\r\n\r\n")}
	if _, err := receive(o.store, o.world, mailer.LoadTables(), mailer.Batch{Messages: []mailer.Fetched{raw}}, now, now); err != nil {
		t.Fatal(err)
	}
	if got, err := clockWords(o.store); err != nil || !strings.Contains(got, "2 h 0 min behind") {
		t.Errorf("the user is told %q, %v", got, err)
	}
}

// TestClockThatWasTurnedBack: a clock that stands before the last reading of the
// mailbox is told, also where no new mail shows it.
func TestClockThatWasTurnedBack(t *testing.T) {
	t.Parallel()
	now := paris("2026-11-24 10:00")
	for at, want := range map[string]string{
		"":                          "",
		"2026-11-24T08:59:00Z":      "",
		"2026-11-24T09:01:00Z":      "",
		"2026-12-03T16:00:00Z":      "this computer's clock says 24 Nov 2026 09:00, and the mailbox was last read on 3 Dec 2026 16:00 UTC",
		"2026-12-03T17:00:00+01:00": "this computer's clock says 24 Nov 2026 09:00, and the mailbox was last read on 3 Dec 2026 16:00 UTC",
	} {
		o := newOffice(t, acme(onsite(person("Ken"))))
		if err := o.store.SetMeta(metaLastLook, at); err != nil {
			t.Fatal(err)
		}
		s := &Service{Store: o.store, Files: shelf{o.world}, Clock: fixed(now)}
		st, err := s.Status(t.Context())
		if err != nil || st.Clock != want {
			t.Errorf("read at %q: %q, %v, want %q", at, st.Clock, err, want)
		}
	}
}
