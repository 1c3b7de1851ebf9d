package imap

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"afterword/mailer"
)

// bubble runs a test in virtual time; the mailbox is closed before it ends.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, f)
}

func TestLookReadsWhatIsNewAndNothingTwice(t *testing.T) {
	bubble(t, func(t *testing.T) {
		box := inbox(letter("one", "first body\r\n"), letter("two", "second body\r\n"))
		server := newFake(box, newFolder("Sent", `\Sent`, letter("mine", "x\r\n")))
		m, clock := server.open(t)
		r := newReader()

		r.look(t, m)
		r.want(t, "INBOX/one", "INBOX/two", "Sent/mine")
		if got := string(r.all[1].Body); got != "second body\r\n" {
			t.Errorf("body is %q", got)
		}
		if r.all[2].Role != mailer.RoleSent || r.all[0].Role != mailer.RoleInbox {
			t.Errorf("roles are %s and %s", r.all[0].Role, r.all[2].Role)
		}
		if !r.all[0].Arrived.Equal(box.messages[0].at) {
			t.Errorf("arrived %v", r.all[0].Arrived)
		}

		r.look(t, m)
		r.want(t)
		box.add(letter("three", "third\r\n"))
		r.look(t, m)
		r.want(t, "INBOX/three")
		if clock.held() != 0 {
			t.Errorf("%d holds were forgotten", clock.held())
		}
		if server.dials != 1 {
			t.Errorf("dialled %d times, one connection serves all looks", server.dials)
		}
	})
}

func TestLookChangesNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox(letters(3)...), newFolder("Archive", `\Archive`, letters(2)...))
		m, _ := server.open(t)
		newReader().look(t, m)
		if len(server.commands("UID FETCH")) == 0 {
			t.Fatal("nothing was fetched")
		}
		for _, line := range server.commands("") {
			verb, _, _ := strings.Cut(line, " ")
			switch verb {
			case "SELECT", "STORE", "EXPUNGE", "CLOSE", "COPY", "MOVE", "APPEND", "DELETE":
				t.Errorf("sent %q", line)
			}
			if strings.Contains(line, "BODY[") || strings.Contains(line, "ENVELOPE") || strings.Contains(line, "BODYSTRUCTURE") {
				t.Errorf("sent %q", line)
			}
		}
	})
}

func TestLookOpensOnlyWhatGrewUnlessFull(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox(letters(1)...), newFolder("Work", "", letters(1)...), newFolder("Play", "", letters(1)...))
		m, _ := server.open(t)
		r := newReader()
		r.look(t, m)
		server.folders[2].add(letter("fun", "x"))
		r.subjects = nil

		before := len(server.commands("EXAMINE \"Work\""))
		r.look(t, m)
		r.want(t, "Play/fun")
		if n := len(server.commands("EXAMINE \"Work\"")); n != before {
			t.Errorf("Work was opened though it did not grow")
		}
		if _, err := m.Look(t.Context(), r.request(true), r.apply); err != nil {
			t.Fatal(err)
		}
		if n := len(server.commands("EXAMINE \"Work\"")); n != before+1 {
			t.Errorf("a full look opened Work %d times", n-before)
		}
	})
}

func TestLookWithoutListStatusAsksEachFolder(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox(letters(1)...), newFolder("Work", "", letters(2)...))
		server.caps = "IMAP4rev1"
		m, _ := server.open(t)
		r := newReader()
		r.look(t, m)
		r.want(t, "INBOX/m1", "Work/m1", "Work/m2")
		if got := server.commands("STATUS"); len(got) != 2 {
			t.Errorf("asked %q", got)
		}
	})
}

func TestNewFolderIsReadBackToSince(t *testing.T) {
	bubble(t, func(t *testing.T) {
		old, near, fresh := letter("old", "x"), letter("near", "x"), letter("fresh", "x")
		since := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
		old.at, near.at, fresh.at = since.AddDate(0, 0, -9), since.Add(-time.Hour), since
		server := newFake(inbox(old, near, fresh))
		m, _ := server.open(t)
		r := newReader()
		req := r.request(false)
		req.Since = since
		if _, err := m.Look(t.Context(), req, r.apply); err != nil {
			t.Fatal(err)
		}
		r.want(t, "INBOX/fresh")
		if got := r.cursors["INBOX"]; got.UID != 3 || got.UIDValidity != 7 {
			t.Errorf("cursor is %+v", got)
		}
	})
}

func TestEmptyFolderGetsACursor(t *testing.T) {
	bubble(t, func(t *testing.T) {
		box := inbox()
		box.next = 42
		m, _ := newFake(box).open(t)
		r := newReader()
		result := r.look(t, m)
		if got := r.cursors["INBOX"]; got.UID != 41 {
			t.Errorf("cursor is %+v", got)
		}
		if len(result.Gaps) != 0 {
			t.Errorf("a new folder has gaps %v", result.Gaps)
		}
	})
}

func TestChangedUIDValidityIsReadAfresh(t *testing.T) {
	bubble(t, func(t *testing.T) {
		box := inbox(letters(3)...)
		m, _ := newFake(box).open(t)
		r := newReader()
		r.look(t, m)
		r.subjects = nil
		box.validity, box.next, box.messages = 8, 1, nil
		box.add(letter("moved", "x"))
		result := r.look(t, m)
		r.want(t, "INBOX/moved")
		if got := r.cursors["INBOX"]; got.UIDValidity != 8 || got.UID != 1 {
			t.Errorf("cursor is %+v", got)
		}
		if len(result.Gaps) != 0 {
			t.Errorf("gaps %v", result.Gaps)
		}
	})
}

func TestUIDNextThatWentBackIsReadAfresh(t *testing.T) {
	bubble(t, func(t *testing.T) {
		box := inbox(letters(9)...)
		m, _ := newFake(box).open(t)
		r := newReader()
		r.look(t, m)
		r.subjects = nil
		box.next, box.messages = 1, nil
		box.add(letter("restored", "x"))
		r.look(t, m)
		r.want(t, "INBOX/restored")
	})
}

func TestMailThatCameAndLeftIsAGapToldOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		box := inbox(letters(2)...)
		m, _ := newFake(box).open(t)
		r := newReader()
		r.look(t, m)
		box.next += 2
		box.add(letter("later", "x"))
		result := r.look(t, m)
		if len(result.Gaps) != 1 || result.Gaps[0].Folder != "INBOX" || result.Gaps[0].Role != mailer.RoleInbox {
			t.Errorf("gaps are %+v", result.Gaps)
		}
		if again := r.look(t, m); len(again.Gaps) != 0 {
			t.Errorf("told again: %+v", again.Gaps)
		}
	})
}

func TestOldHolesAreNoGaps(t *testing.T) {
	bubble(t, func(t *testing.T) {
		box := inbox()
		for i := range 150 {
			one := letter("sparse", "x")
			one.uid = uint32(10 * (i + 1))
			box.add(one)
		}
		server := newFake(box)
		m, _ := server.open(t)
		r := newReader()
		fails := errors.New("disk full")
		applied := 0
		_, err := m.Look(t.Context(), r.request(false), func(ctx context.Context, b mailer.Batch) error {
			if applied++; applied == 2 {
				return fails
			}
			return r.apply(ctx, b)
		})
		if !errors.Is(err, fails) {
			t.Fatalf("error is %v", err)
		}
		result := r.look(t, m)
		if len(result.Gaps) != 0 {
			t.Errorf("the interrupted first reading left gaps %+v", result.Gaps)
		}
		if len(r.all) != 150 {
			t.Errorf("read %d messages", len(r.all))
		}
	})
}

func TestMoveUnderTheReadingIsFollowed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		archive, box := newFolder("Archive", `\Archive`), inbox()
		server := newFake(archive, box)
		m, _ := server.open(t)
		r := newReader()
		r.look(t, m)
		box.add(letter("answer", "x"))
		server.hook = func(_ *fakeConn, _, command string) bool {
			if strings.HasPrefix(command, "EXAMINE INBOX") && len(box.messages) == 1 {
				archive.add(fakeMessage{raw: box.messages[0].raw, at: box.messages[0].at})
				box.messages = nil
			}
			return false
		}
		result := r.look(t, m)
		r.want(t, "Archive/answer")
		if len(result.Gaps) != 1 {
			t.Errorf("gaps are %+v", result.Gaps)
		}
	})
}

func TestVanishedFolderIsToldOnceAndReadAgainWhenBack(t *testing.T) {
	bubble(t, func(t *testing.T) {
		work := newFolder("Work", "", letters(1)...)
		server := newFake(inbox(), work)
		m, _ := server.open(t)
		r := newReader()
		r.look(t, m)
		r.subjects = nil
		server.folders = server.folders[:1]
		result := r.look(t, m)
		if len(result.Gaps) != 1 || result.Gaps[0].Folder != "Work" || result.Gaps[0].UIDValidity != 0 {
			t.Errorf("gaps are %+v", result.Gaps)
		}
		if again := r.look(t, m); len(again.Gaps) != 0 {
			t.Errorf("told again: %+v", again.Gaps)
		}
		server.folders = append(server.folders, work)
		r.look(t, m)
		r.want(t, "Work/m1")
	})
}

func TestFolderThatCannotBeOpenedIsTrouble(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox(letters(1)...), newFolder("Locked", "", letters(1)...))
		server.hook = func(c *fakeConn, tag, command string) bool {
			if !strings.HasPrefix(command, `EXAMINE "Locked"`) {
				return false
			}
			c.say("%s NO [INUSE] locked by another program\r\n", tag)
			return true
		}
		m, _ := server.open(t)
		r := newReader()
		result := r.look(t, m)
		r.want(t, "INBOX/m1")
		if len(result.Trouble) != 1 || result.Trouble[0].Folder != "Locked" {
			t.Fatalf("trouble is %+v", result.Trouble)
		}
		if err := result.Trouble[0].Err; !errors.Is(err, mailer.ErrServerBusy) || !strings.Contains(err.Error(), "locked by another program") {
			t.Errorf("error is %v", err)
		}
	})
}

// TestRefusedFolderIsToldAsSuch: what the server never lets anybody read is told
// apart from what is locked for a while.
func TestRefusedFolderIsToldAsSuch(t *testing.T) {
	for answer, want := range map[string]bool{
		"NO [NOPERM] not yours":                       true,
		"NO no such folder":                           true,
		"NO [INUSE] locked by another program":        false,
		"OK [READ-ONLY] a folder without UIDVALIDITY": true,
	} {
		t.Run(answer, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox(), newFolder("Public", `\Archive`, letters(1)...))
				server.hook = func(c *fakeConn, tag, command string) bool {
					if !strings.HasPrefix(command, `EXAMINE "Public"`) {
						return false
					}
					c.say("%s %s\r\n", tag, answer)
					return true
				}
				m, _ := server.open(t, func(c *Config) { c.Account = "old" })
				result := newReader().look(t, m)
				if len(result.Trouble) != 1 || errors.Is(result.Trouble[0].Err, mailer.ErrFolderRefused) != want {
					t.Fatalf("%s: trouble is %+v", answer, result.Trouble)
				}
				if one := result.Trouble[0]; one.Account != "old" || one.Role != mailer.RoleArchive {
					t.Errorf("%s: trouble is %+v", answer, one)
				}
			})
		})
	}
}

func TestConfiguredFoldersOverride(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox(letters(1)...), newFolder("Sent", `\Sent`, letters(1)...), newFolder("Lists", "", letters(1)...), newFolder("Jobs", "", letters(1)...))
		m, _ := server.open(t, func(c *Config) { c.Folders = []string{"Jobs", "Missing"} })
		r := newReader()
		result := r.look(t, m)
		r.want(t, "INBOX/m1", "Sent/m1", "Jobs/m1")
		if len(result.Trouble) != 1 || result.Trouble[0].Folder != "Missing" {
			t.Errorf("trouble is %+v", result.Trouble)
		}
	})
}

func TestLookKnowsOnlyItsOwnAccountsCursors(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox(letters(2)...))
		m, _ := server.open(t, func(c *Config) { c.Account = "work" })
		r := newReader()
		req := r.request(false)
		req.Cursors = []mailer.Cursor{{Folder: "INBOX", UIDValidity: 7, UID: 2}, {Folder: "Elsewhere", UIDValidity: 1, UID: 1}}
		result, err := m.Look(t.Context(), req, r.apply)
		if err != nil || len(result.Gaps) != 0 {
			t.Fatalf("look: %+v, %v", result, err)
		}
		r.want(t, "INBOX/m1", "INBOX/m2")
		if r.cursors["INBOX"].Account != "work" || r.all[0].Account != "work" {
			t.Errorf("account is %q", r.all[0].Account)
		}
	})
}

func TestWantBodyDecides(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox(letter("yes", "wanted"), letter("no", "unwanted")))
		m, _ := server.open(t)
		r := newReader()
		req := r.request(false)
		req.WantBody = func(f mailer.Fetched) bool { return subject(f) == "yes" }
		if _, err := m.Look(t.Context(), req, r.apply); err != nil {
			t.Fatal(err)
		}
		if string(r.all[0].Body) != "wanted" || r.all[1].Body != nil {
			t.Errorf("bodies are %q and %q", r.all[0].Body, r.all[1].Body)
		}
	})
}

func TestWholeHeaderComesWithTheBody(t *testing.T) {
	bubble(t, func(t *testing.T) {
		raw := "Subject: x\r\nX-Other: field\r\nFrom: ken@acme.example\r\n\r\nbody"
		m, _ := newFake(inbox(fakeMessage{raw: raw, at: time.Unix(1e9, 0)}, fakeMessage{raw: raw, at: time.Unix(1e9, 0)})).open(t)
		r := newReader()
		req := r.request(false)
		req.WantBody = func(f mailer.Fetched) bool { return f.UID == 1 }
		if _, err := m.Look(t.Context(), req, r.apply); err != nil {
			t.Fatal(err)
		}
		if string(r.all[0].Header)+string(r.all[0].Body) != raw {
			t.Errorf("wanted message is %q", r.all[0].Header)
		}
		if strings.Contains(string(r.all[1].Header), "X-Other") {
			t.Errorf("the other one has all of its header: %q", r.all[1].Header)
		}
	})
}

func TestLargeMessagesAreCutAndSaidSo(t *testing.T) {
	bubble(t, func(t *testing.T) {
		long := letter("long", strings.Repeat("x", maxBody+1))
		wide := letter("wide", "short")
		wide.raw = "Subject: wide\r\nReferences: " + strings.Repeat("<a@b>\r\n ", 20_000) + "\r\n\r\nbody"
		empty := letter("empty", "")
		m, _ := newFake(inbox(long, wide, empty)).open(t)
		r := newReader()
		r.look(t, m)
		r.want(t, "INBOX/long", "INBOX/wide", "INBOX/empty")
		if !r.all[0].Truncated || len(r.all[0].Body) != maxBody {
			t.Errorf("long body: %d bytes, truncated %v", len(r.all[0].Body), r.all[0].Truncated)
		}
		if !r.all[1].Truncated || len(r.all[1].Header) != maxHeader {
			t.Errorf("wide header: %d bytes, truncated %v", len(r.all[1].Header), r.all[1].Truncated)
		}
		if r.all[2].Truncated || r.all[2].Body == nil || len(r.all[2].Body) != 0 {
			t.Errorf("an empty body is %v, truncated %v", r.all[2].Body, r.all[2].Truncated)
		}
	})
}

func TestBatchesAreBounded(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var big []fakeMessage
		for range 12 {
			big = append(big, letter("big", strings.Repeat("y", maxBody)))
		}
		m, _ := newFake(inbox(append(letters(250), big...)...)).open(t)
		r := newReader()
		last := uint32(0)
		_, err := m.Look(t.Context(), r.request(false), func(ctx context.Context, b mailer.Batch) error {
			bytes := 0
			for _, one := range b.Messages {
				if one.UID != last+1 {
					t.Errorf("UID %d follows %d", one.UID, last)
				}
				last, bytes = one.UID, bytes+len(one.Header)+len(one.Body)
			}
			if bytes > bytesAtOnce || len(b.Messages) > mostAtOnce {
				t.Errorf("a batch of %d messages and %d bytes", len(b.Messages), bytes)
			}
			if b.Cursor.UID != last {
				t.Errorf("cursor at %d after message %d", b.Cursor.UID, last)
			}
			return r.apply(ctx, b)
		})
		if err != nil || len(r.all) != 262 {
			t.Errorf("read %d messages, %v", len(r.all), err)
		}
	})
}

func TestDraftFlagIsPassedOn(t *testing.T) {
	bubble(t, func(t *testing.T) {
		draft := letter("draft", "x")
		draft.flags = `\Draft`
		m, _ := newFake(inbox(draft, letter("mail", "x"))).open(t)
		r := newReader()
		r.look(t, m)
		if !r.all[0].Draft || r.all[1].Draft {
			t.Errorf("drafts: %v %v", r.all[0].Draft, r.all[1].Draft)
		}
	})
}

func TestFailingApplierEndsTheLookAndMovesNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m, clock := newFake(inbox(letters(1)...), newFolder("Z", "", letters(1)...)).open(t)
		fails := errors.New("disk full")
		calls := 0
		_, err := m.Look(t.Context(), mailer.LookRequest{}, func(context.Context, mailer.Batch) error {
			calls++
			return fails
		})
		if !errors.Is(err, fails) || calls != 1 || clock.held() != 0 {
			t.Errorf("error %v after %d calls, %d holds", err, calls, clock.held())
		}
		r := newReader()
		r.look(t, m)
		r.want(t, "INBOX/m1", "Z/m1")
	})
}
