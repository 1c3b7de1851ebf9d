package imap

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"afterword/mailer"
)

// errands are what is done in a mailbox beside looking.
func errands(m *Mailbox, changed func()) []func(context.Context) error {
	letter := []byte("Message-ID: <a@example.org>\r\nSubject: x\r\n\r\nHi\r\n")
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	return []func(context.Context) error{
		func(ctx context.Context) error { return m.Watch(ctx, changed) },
		func(ctx context.Context) error { return m.FileSent(ctx, letter, at) },
		func(ctx context.Context) error { _, err := m.FileDraft(ctx, letter, at); return err },
		func(ctx context.Context) error {
			_, err := m.Drafts(ctx, func(mailer.Fetched) bool { return true })
			return err
		},
		func(ctx context.Context) error {
			return m.RemoveDraft(ctx, mailer.Place{Folder: "Drafts", UIDValidity: 7, UID: 2}, "<a@example.org>")
		},
	}
}

// FuzzErrands does one errand at a server that says anything. It ends soon, the
// watch with its context at the latest, and leaves nothing held.
func FuzzErrands(f *testing.F) {
	greeting := "* OK ready\r\n* CAPABILITY IMAP4rev1\r\nT OK\r\nT OK in\r\n* CAPABILITY IMAP4rev1 IDLE UIDPLUS SPECIAL-USE\r\nT OK\r\n"
	folders := "* LIST (\\Sent) \"/\" Sent\r\n* LIST (\\Drafts) \"/\" Drafts\r\nT OK\r\n"
	for n := range errands(nil, nil) {
		for _, rest := range []string{
			"", folders, folders + "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 3] x\r\nT OK\r\n+ idling\r\n* 2 EXISTS\r\n* 1 EXPUNGE\r\nT OK\r\n",
			folders + "+ go\r\nT OK [APPENDUID 7 2] done\r\n", folders + "+ go\r\nT OK [APPENDUID 4294967296 -1] done\r\n", folders + "T NO [OVERQUOTA] full\r\n",
			"* BYE gone\r\n", "* 1 EXISTS\r\nT OK\r\n* 4294967295 EXISTS\r\n* 0 EXPUNGE\r\n",
		} {
			f.Add(uint8(n), []byte(greeting+rest))
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, said []byte) {
		synctest.Test(t, func(t *testing.T) {
			clock := &bubbleClock{}
			m, err := New(Config{Host: "mail.example", Port: 143, Security: Insecure, Username: "dana", Dial: babble(said), InProcess: true, Clock: clock,
				Password: func(context.Context) (string, error) { return "secret", nil }})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			all := errands(m, func() {})
			begun := time.Now()
			err = all[int(which)%len(all)](ctx)
			if took := time.Since(begun); took > time.Hour+time.Minute {
				t.Errorf("it took %v: %v", took, err)
			}
			_ = m.Close() // the server may be gone
			if clock.held() != 0 {
				t.Error("the clock is held")
			}
			if slices.ContainsFunc(clock.waits, func(d time.Duration) bool { return d > longestWait }) {
				t.Errorf("waited %v at once", slices.Max(clock.waits))
			}
		})
	})
}
