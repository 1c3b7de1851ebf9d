package mailtest

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
)

// incoming is a small mail from Ken.
func incoming(id string) []byte {
	return []byte("From: Ken Osei <" + ken + ">\r\nTo: " + dana + "\r\nSubject: Re: Thank you\r\n" +
		"Date: Tue, 24 Nov 2026 10:00:00 +0000\r\nMessage-ID: " + id + "\r\nIn-Reply-To: <one@example.org>\r\n\r\nHi Dana,\r\n\r\nthanks!\r\n")
}

// fill delivers n mails into INBOX, named <1@acme.example> and so on.
func fill(t *testing.T, w *World, n int) {
	t.Helper()
	for i := range n {
		must(t, w.Deliver(Inbox, incoming(fmt.Sprintf("<%d@acme.example>", i+1)), time.Time{}))
	}
}

// LIST tells special uses, and the state of every folder in the same answer.
func TestListWithStatus(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		fill(t, w, 2)
		c := imapClient(t, w, nil)
		got, err := c.List("", "*", &imap.ListOptions{
			ReturnSpecialUse: true,
			ReturnStatus:     &imap.StatusOptions{UIDNext: true, UIDValidity: true, NumMessages: true, NumUnseen: true},
		}).Collect()
		must(t, err)
		var lines []string
		for _, d := range got {
			lines = append(lines, fmt.Sprint(d.Mailbox, d.Attrs, d.Status.UIDNext, " ", *d.Status.NumMessages, *d.Status.NumUnseen))
			if d.Status.UIDValidity == 0 {
				t.Errorf("%s has no UIDVALIDITY", d.Mailbox)
			}
		}
		want := []string{`Archive[\Archive] 1 0 0`, `Drafts[\Drafts] 1 0 0`, `INBOX[] 3 2 2`, `Junk[\Junk] 1 0 0`, `Sent[\Sent] 1 0 0`, `Trash[\Trash] 1 0 0`}
		if strings.Join(lines, "\n") != strings.Join(want, "\n") {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
		}
	})
}

// A server without a capability does not announce it, and its answers do
// without it.
func TestHiddenCapabilities(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{IMAP: IMAPOptions{Without: []imap.Cap{imap.CapIdle, imap.CapListStatus, imap.CapSpecialUse, imap.CapMove}}})
		c := imapClient(t, w, nil)
		caps, err := c.Capability().Wait()
		must(t, err)
		for _, hidden := range []imap.Cap{imap.CapIdle, imap.CapListStatus, imap.CapSpecialUse, imap.CapMove} {
			if c.Caps().Has(hidden) || caps.Has(hidden) {
				t.Errorf("%s is announced", hidden)
			}
		}
		if !caps.Has(imap.CapUIDPlus) || !caps.Has(imap.CapESearch) {
			t.Errorf("too much is hidden: %v", caps)
		}
		got, err := c.List("", "Sent", nil).Collect()
		must(t, err)
		if sent := only(t, got); len(sent.Attrs) != 0 {
			t.Errorf("Sent is told with %v", sent.Attrs)
		}
		all := newWorld(t, Options{Network: NewNetwork()})
		for _, wanted := range []imap.Cap{imap.CapIdle, imap.CapListStatus, imap.CapSpecialUse, imap.CapMove, imap.CapUIDPlus} {
			if !imapClient(t, all, nil).Caps().Has(wanted) {
				t.Errorf("%s is missing from a server that hides nothing", wanted)
			}
		}
	})
}

// A mail that looks like a capability list is fetched as it is.
func TestHidingLeavesMailAlone(t *testing.T) {
	t.Parallel()
	names := []string{"IDLE"}
	check := func(line, want string) {
		t.Helper()
		if got := string(hideCapabilities([]byte(line), names)); got != want {
			t.Errorf("%q became %q, want %q", line, got, want)
		}
	}
	check("* CAPABILITY IMAP4rev1 IDLE MOVE\r\n", "* CAPABILITY IMAP4rev1 MOVE\r\n")
	check("* CAPABILITY IDLE\r\nrest IDLE", "* CAPABILITY\r\nrest IDLE")
	check("T1 OK [CAPABILITY IMAP4rev1 IDLE] IDLE done\r\n", "T1 OK [CAPABILITY IMAP4rev1] IDLE done\r\n")
	check("* 1 FETCH (BODY[] {40}\r\n* CAPABILITY IDLE\r\n", "* 1 FETCH (BODY[] {40}\r\n* CAPABILITY IDLE\r\n")
	check("T1 OK IDLE completed\r\n", "T1 OK IDLE completed\r\n")
}

// EXAMINE is read-only: nothing that a client does there changes a message.
func TestExamineIsReadOnly(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		fill(t, w, 1)
		must(t, w.Flag(Inbox, "<1@acme.example>", `\Deleted`))
		c := imapClient(t, w, nil)
		selected, err := c.Select(Inbox, &imap.SelectOptions{ReadOnly: true}).Wait()
		must(t, err)
		if len(selected.PermanentFlags) != 0 {
			t.Errorf("flags may be changed: %v", selected.PermanentFlags)
		}
		one := imap.UIDSetNum(1)
		body, err := c.Fetch(one, &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{{}}}).Collect()
		must(t, err)
		if len(body) != 1 || len(body[0].BodySection) != 1 {
			t.Errorf("fetched %v", body)
		}
		if err := c.Store(one, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagSeen}}, nil).Close(); err == nil {
			t.Error("STORE was let through")
		}
		if err := c.Expunge().Close(); err == nil {
			t.Error("EXPUNGE was let through")
		}
		if _, err := c.Move(one, Trash).Wait(); err == nil {
			t.Error("MOVE was let through")
		}
		must(t, c.UnselectAndExpunge().Wait())
		if got := fmt.Sprint(only(t, w.Messages(Inbox)).Flags); got != `[\Deleted]` {
			t.Errorf("the message is left with %s", got)
		}
	})
}

// SELECT is read-write: reading marks, storing stores, expunging removes.
func TestSelectIsReadWrite(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		fill(t, w, 3)
		c := imapClient(t, w, nil)
		selected, err := c.Select(Inbox, nil).Wait()
		must(t, err)
		if selected.NumMessages != 3 || selected.UIDNext != 4 || selected.UIDValidity == 0 {
			t.Errorf("selected %+v", selected)
		}
		_, err = c.Fetch(imap.UIDSetNum(1), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{{}}}).Collect()
		must(t, err)
		_, err = c.Fetch(imap.UIDSetNum(3), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{{Peek: true}}}).Collect()
		must(t, err)
		two := imap.UIDSetNum(2)
		stored, err := c.Store(two, &imap.StoreFlags{Op: imap.StoreFlagsSet, Flags: []imap.Flag{imap.FlagDeleted, imap.FlagAnswered}}, nil).Collect()
		must(t, err)
		if got := fmt.Sprint(only(t, stored).Flags); got != `[\Answered \Deleted]` {
			t.Errorf("STORE answers %s", got)
		}
		must(t, c.Store(two, &imap.StoreFlags{Op: imap.StoreFlagsDel, Silent: true, Flags: []imap.Flag{imap.FlagAnswered}}, nil).Close())
		gone, err := c.Expunge().Collect()
		must(t, err)
		if fmt.Sprint(gone) != "[2]" {
			t.Errorf("expunged %v, want number 2", gone)
		}
		left := w.Messages(Inbox)
		if len(left) != 2 || fmt.Sprint(left[0].Flags) != `[\Seen]` || len(left[1].Flags) != 0 {
			t.Errorf("left are %+v", left)
		}
	})
}

// A message is fetched exactly as it was delivered, with the time of its
// arrival.
func TestFetchedAsDelivered(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		at := time.Date(2026, 11, 24, 11, 12, 13, 999, time.FixedZone("", 3600))
		raw := incoming("<1@acme.example>")
		must(t, w.Deliver(Inbox, raw, at))
		c := imapClient(t, w, nil)
		_, err := c.Select(Inbox, nil).Wait()
		must(t, err)
		header := &imap.FetchItemBodySection{Specifier: imap.PartSpecifierHeader, HeaderFields: []string{"In-Reply-To"}, Peek: true}
		part := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Offset: 0, Size: 10}}
		got, err := c.Fetch(imap.UIDSetNum(1), &imap.FetchOptions{
			UID: true, Flags: true, InternalDate: true, RFC822Size: true, Envelope: true,
			BodyStructure: &imap.FetchItemBodyStructure{},
			BodySection:   []*imap.FetchItemBodySection{{Peek: true}, header, part},
		}).Collect()
		must(t, err)
		m := only(t, got)
		if !bytes.Equal(m.FindBodySection(&imap.FetchItemBodySection{Peek: true}), raw) {
			t.Errorf("the body came as %+v", m.BodySection)
		}
		if got := string(m.FindBodySection(header)); got != "In-Reply-To: <one@example.org>\r\n\r\n" {
			t.Errorf("the field came as %q", got)
		}
		if got := string(m.FindBodySection(part)); got != "From: Ken " {
			t.Errorf("the first ten bytes came as %q", got)
		}
		if !m.InternalDate.Equal(at.Truncate(time.Second)) || m.RFC822Size != int64(len(raw)) || m.UID != 1 {
			t.Errorf("arrived %v, %d bytes, UID %d", m.InternalDate, m.RFC822Size, m.UID)
		}
		if m.Envelope.Subject != "Re: Thank you" || m.BodyStructure.MediaType() != "text/plain" {
			t.Errorf("envelope %+v, structure %v", m.Envelope, m.BodyStructure)
		}
	})
}

// A watcher in IDLE hears of every mail, however it falls between its IDLEs.
func TestIdleLosesNoWakeUp(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		seen := make(chan uint32, 1000)
		c := imapClient(t, w, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
			Mailbox: func(data *imapclient.UnilateralDataMailbox) {
				if data.NumMessages != nil {
					seen <- *data.NumMessages
				}
			},
		}})
		_, err := c.Select(Inbox, &imap.SelectOptions{ReadOnly: true}).Wait()
		must(t, err)
		for n := uint32(1); n <= 300; n++ {
			delivered := make(chan error, 1)
			go func() { delivered <- w.Deliver(Inbox, incoming("<x@acme.example>"), time.Time{}) }()
			idle, err := c.Idle()
			must(t, err)
			for got := uint32(0); got < n; {
				select {
				case got = <-seen:
				case <-time.After(time.Hour):
					t.Fatalf("mail %d went unheard", n)
				}
			}
			must(t, <-delivered)
			must(t, idle.Close())
			must(t, idle.Wait())
		}
	})
}

// A client that hangs up behind IDLE ends its session while the library has
// only just begun to idle. The race detector is what would notice.
func TestHangingUpBehindIdle(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, plaintext())
		for range 200 {
			conn := dial(t, w, IMAP)
			_, err := conn.Write([]byte("a LOGIN " + dana + " secret\r\nb EXAMINE INBOX\r\n"))
			must(t, err)
			for in := bufio.NewScanner(conn); in.Scan() && !strings.HasPrefix(in.Text(), "b OK"); {
			}
			_, err = conn.Write([]byte("c IDLE\r\n"))
			must(t, err)
			must(t, conn.Close())
		}
		synctest.Wait()
		w.account.mu.Lock()
		defer w.account.mu.Unlock()
		if n := len(w.account.folders[Inbox].views); n != 0 {
			t.Errorf("%d sessions are left of clients that hung up", n)
		}
	})
}

// Two watchers and a third hand: each hears of arrivals, flags and removals.
func TestEveryWatcherHears(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		fill(t, w, 2)
		var heard [2][]string
		for i := range heard {
			note := func(format string, args ...any) { heard[i] = append(heard[i], fmt.Sprintf(format, args...)) }
			c := imapClient(t, w, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
				Expunge: func(seq uint32) { note("gone %d", seq) },
				Mailbox: func(data *imapclient.UnilateralDataMailbox) { note("exists %d", *data.NumMessages) },
				Fetch: func(m *imapclient.FetchMessageData) {
					data, _ := m.Collect()
					note("flags %v", data.Flags)
				},
			}})
			_, err := c.Select(Inbox, nil).Wait()
			must(t, err)
			_, err = c.Idle()
			must(t, err)
		}
		synctest.Wait()
		must(t, w.Flag(Inbox, "<2@acme.example>", `\Seen`))
		synctest.Wait()
		must(t, w.Move("<1@acme.example>", Inbox, Archive))
		synctest.Wait()
		fill(t, w, 1)
		synctest.Wait()
		for i := range heard {
			if got := strings.Join(heard[i], "; "); got != `flags [\Seen]; gone 1; exists 2` {
				t.Errorf("watcher %d heard: %s", i, got)
			}
		}
	})
}

// A wrong secret is refused in the way that clients recognise.
func TestIMAPLogin(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{Token: "ya29"})
		c := imapclient.New(dial(t, w, IMAP), nil)
		defer c.Close()
		err := c.Login(dana, "sesame").Wait()
		if err == nil || !strings.Contains(err.Error(), "AUTHENTICATIONFAILED") {
			t.Errorf("a wrong password: %v", err)
		}
		if err := c.Authenticate(sasl.NewLoginClient(dana, "secret")); err == nil {
			t.Error("AUTH=LOGIN works though it is not announced")
		}
		if err := c.Authenticate(tokenClient("stale")); err == nil {
			t.Error("a stale token was taken")
		}
		must(t, c.Authenticate(tokenClient("ya29")))
		plain := imapclient.New(dial(t, w, IMAP), nil)
		defer plain.Close()
		must(t, plain.Authenticate(sasl.NewPlainClient("", dana, "secret")))
		for _, session := range w.Transcripts(IMAP) {
			for _, secret := range []string{"sesame", "secret", "ya29", "stale", "c2VjcmV0", "dXNlcj"} {
				if strings.Contains(session.String(), secret) {
					t.Errorf("the transcript shows %q:\n%s", secret, session)
				}
			}
		}
	})
}

// tokenClient is the client's side of XOAUTH2.
type tokenClient string

// Start implements sasl.Client.
func (c tokenClient) Start() (string, []byte, error) {
	return xoauth2, []byte("user=" + dana + "\x01auth=Bearer " + string(c) + "\x01\x01"), nil
}

// Next implements sasl.Client.
func (tokenClient) Next([]byte) ([]byte, error) { return []byte{}, nil }

// STARTTLS is demanded before the login, and commands are counted on both sides.
func TestIMAPStartTLS(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{IMAP: IMAPOptions{Security: STARTTLS}})
		bare := imapclient.New(dial(t, w, IMAP), nil)
		defer bare.Close()
		if err := bare.Login(dana, "secret").Wait(); err == nil || !strings.Contains(err.Error(), "PRIVACYREQUIRED") {
			t.Errorf("logging in without TLS: %v", err)
		}
		must(t, bare.Noop().Wait())
		must(t, bare.Logout().Wait())
		c, err := imapclient.NewStartTLS(dial(t, w, IMAP), &imapclient.Options{TLSConfig: clientTLS(w)})
		must(t, err)
		defer c.Close()
		must(t, c.Login(dana, "secret").Wait())
		_, err = c.Select(Inbox, nil).Wait()
		must(t, err)
		if got := w.Commands(); got["STARTTLS"] != 1 || got["LOGIN"] != 2 || got["SELECT"] != 1 || got["NOOP"] != 1 {
			t.Errorf("counted %v", got)
		}
	})
}

// APPEND files a message with its flags and date, and counts no line of the
// message as a command.
func TestAppend(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		c := imapClient(t, w, nil)
		raw := append(incoming("<copy@example.org>"), "a NOOP\r\nb LOGOUT\r\n"...)
		at := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
		for i, o := range []*imap.AppendOptions{{Flags: []imap.Flag{imap.FlagSeen}, Time: at}, nil} {
			cmd := c.Append(Sent, int64(len(raw)), o)
			_, err := cmd.Write(raw)
			must(t, err)
			must(t, cmd.Close())
			data, err := cmd.Wait()
			must(t, err)
			if data.UID != imap.UID(i+1) {
				t.Errorf("appended as UID %d", data.UID)
			}
		}
		got := w.Messages(Sent)
		if len(got) != 2 || !bytes.Equal(got[0].Raw, raw) || !got[0].At.Equal(at) || fmt.Sprint(got[0].Flags) != `[\Seen]` || !got[1].At.Equal(time.Now()) {
			t.Errorf("filed as %+v", got)
		}
		if n := w.Commands(); n["NOOP"] != 0 || n["LOGOUT"] != 0 || n["APPEND"] != 2 {
			t.Errorf("counted %v", n)
		}
		cmd := c.Append("Nowhere", int64(len(raw)), nil)
		_, err := cmd.Write(raw)
		must(t, err)
		must(t, cmd.Close())
		if _, err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "TRYCREATE") {
			t.Errorf("appending to a missing folder: %v", err)
		}
	})
}

// COPY and MOVE bring messages to another folder under new UIDs.
func TestCopyAndMove(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		fill(t, w, 3)
		c := imapClient(t, w, nil)
		_, err := c.Select(Inbox, nil).Wait()
		must(t, err)
		copied, err := c.Copy(imap.UIDSetNum(2, 3), Archive).Wait()
		must(t, err)
		if copied.SourceUIDs.String() != "2:3" || copied.DestUIDs.String() != "1:2" {
			t.Errorf("copied %v to %v", copied.SourceUIDs, copied.DestUIDs)
		}
		_, err = c.Move(imap.UIDSetNum(1), Trash).Wait()
		must(t, err)
		if len(w.Messages(Inbox)) != 2 || len(w.Messages(Archive)) != 2 || only(t, w.Messages(Trash)).MessageID != "<1@acme.example>" {
			t.Errorf("left: %v, archived: %v", w.Messages(Inbox), w.Messages(Archive))
		}
		if _, err := c.Copy(imap.UIDSetNum(2), Inbox).Wait(); err == nil {
			t.Error("copied onto itself")
		}
		if _, err := c.Copy(imap.UIDSetNum(2), "Nowhere").Wait(); err == nil {
			t.Error("copied to nowhere")
		}
	})
}

// Searching finds what the criteria say.
func TestSearch(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		for day := 1; day <= 5; day++ {
			must(t, w.Deliver(Inbox, incoming(fmt.Sprintf("<%d@acme.example>", day)), time.Date(2026, 11, day, 12, 0, 0, 0, time.UTC)))
		}
		must(t, w.Flag(Inbox, "<2@acme.example>", `\Seen`))
		c := imapClient(t, w, nil)
		_, err := c.Select(Inbox, nil).Wait()
		must(t, err)
		check := func(name string, criteria imap.SearchCriteria, want string) {
			t.Helper()
			data, err := c.UIDSearch(&criteria, nil).Wait()
			must(t, err)
			if got := fmt.Sprint(data.AllUIDs()); got != want {
				t.Errorf("%s: got %s, want %s", name, got, want)
			}
		}
		day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC) }
		beyond := imap.UIDSet{imap.UIDRange{Start: 9, Stop: 0}}
		check("all", imap.SearchCriteria{}, "[1 2 3 4 5]")
		check("a UID beyond the last", imap.SearchCriteria{UID: []imap.UIDSet{beyond}}, "[5]")
		check("numbers", imap.SearchCriteria{SeqNum: []imap.SeqSet{imap.SeqSetNum(2, 3)}}, "[2 3]")
		check("dates", imap.SearchCriteria{Since: day(2), Before: day(4)}, "[2 3]")
		check("sent", imap.SearchCriteria{SentSince: day(25)}, "[]")
		check("sent before", imap.SearchCriteria{SentBefore: day(25)}, "[1 2 3 4 5]")
		check("seen", imap.SearchCriteria{Flag: []imap.Flag{imap.FlagSeen}}, "[2]")
		check("unseen", imap.SearchCriteria{NotFlag: []imap.Flag{imap.FlagSeen}}, "[1 3 4 5]")
		check("header", imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: "4@ACME"}}}, "[4]")
		check("body", imap.SearchCriteria{Body: []string{"Ken"}}, "[]")
		check("text", imap.SearchCriteria{Text: []string{"ken osei"}}, "[1 2 3 4 5]")
		check("size", imap.SearchCriteria{Larger: 10_000}, "[]")
		check("small", imap.SearchCriteria{Smaller: 10_000}, "[1 2 3 4 5]")
		check("not", imap.SearchCriteria{Not: []imap.SearchCriteria{{Flag: []imap.Flag{imap.FlagSeen}}}}, "[1 3 4 5]")
		check("or", imap.SearchCriteria{Or: [][2]imap.SearchCriteria{{{Since: day(5)}, {Before: day(2)}}}}, "[1 5]")
		data, err := c.UIDSearch(&imap.SearchCriteria{Since: day(2)}, &imap.SearchOptions{ReturnMin: true, ReturnMax: true, ReturnCount: true}).Wait()
		must(t, err)
		if data.Min != 2 || data.Max != 5 || data.Count != 4 {
			t.Errorf("extended search: %+v", data)
		}
	})
}

// Folders can be made, renamed, subscribed to and deleted; INBOX stays.
func TestFolders(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		c := imapClient(t, w, nil)
		must(t, c.Create("Jobs/Acme", nil).Wait())
		if err := c.Create("Jobs/Acme", nil).Wait(); err == nil {
			t.Error("the same folder twice")
		}
		must(t, c.Unsubscribe("Jobs/Acme").Wait())
		must(t, c.Rename("Jobs/Acme", "Jobs/Old", nil).Wait())
		got, err := c.List("", "Jobs/%", nil).Collect()
		must(t, err)
		if only(t, got).Mailbox != "Jobs/Old" {
			t.Errorf("listed %v", got)
		}
		subscribed, err := c.List("", "*", &imap.ListOptions{SelectSubscribed: true}).Collect()
		must(t, err)
		if len(subscribed) != 6 {
			t.Errorf("%d subscribed folders, want 6", len(subscribed))
		}
		status, err := c.Status(Inbox, &imap.StatusOptions{NumMessages: true, Size: true}).Wait()
		must(t, err)
		if *status.NumMessages != 0 || *status.Size != 0 {
			t.Errorf("an empty INBOX has %+v", status)
		}
		_, err = c.Select("inbox", nil).Wait()
		must(t, err)
		must(t, c.Subscribe("Jobs/Old").Wait())
		must(t, c.Delete("Jobs/Old").Wait())
		for _, err := range []error{c.Delete(Inbox).Wait(), c.Delete("Jobs/Old").Wait(), c.Subscribe("Jobs/Old").Wait(), c.Rename("Jobs/Old", "x", nil).Wait()} {
			if err == nil {
				t.Error("a command that must fail did not")
			}
		}
		ns, err := c.Namespace().Wait()
		must(t, err)
		if only(t, ns.Personal).Delim != '/' {
			t.Errorf("namespace %+v", ns)
		}
	})
}

// What the script does to folders, clients find: other numbers, other places.
func TestFolderEvents(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		fill(t, w, 3)
		c := imapClient(t, w, nil)
		before, err := c.Select(Inbox, nil).Wait()
		must(t, err)
		must(t, w.Expunge(Inbox, "<1@acme.example>"))
		must(t, w.SetUIDValidity(Inbox, 4711))
		synctest.Wait()
		if err := c.Noop().Wait(); err == nil {
			t.Error("a session lives on with numbers that are void")
		}
		again := imapClient(t, w, nil)
		after, err := again.Select(Inbox, nil).Wait()
		must(t, err)
		if before.UIDValidity == 4711 || after.UIDValidity != 4711 || after.UIDNext != 3 || after.NumMessages != 2 {
			t.Errorf("before %+v\nafter %+v", before, after)
		}
		must(t, w.DeleteFolder(Archive))
		if _, err := again.Select(Archive, nil).Wait(); err == nil {
			t.Error("a deleted folder can be selected")
		}
		w.CreateFolder(Archive)
		w.CreateFolder(Archive)
		made, err := again.Select(Archive, nil).Wait()
		must(t, err)
		if made.UIDValidity <= 4711 {
			t.Errorf("the folder made anew has UIDVALIDITY %d, used before", made.UIDValidity)
		}
		if w.Messages("Nowhere") != nil {
			t.Error("a missing folder has messages")
		}
		for _, err := range []error{
			w.Move("<9@acme.example>", Inbox, Archive), w.Move("<2@acme.example>", "Nowhere", Archive), w.Move("<2@acme.example>", Inbox, "Nowhere"),
			w.Expunge("Nowhere", "<2@acme.example>"), w.Expunge(Inbox, "<9@acme.example>"), w.Flag("Nowhere", "<2@acme.example>"), w.Flag(Inbox, "<9@acme.example>"),
			w.DeleteFolder("Nowhere"), w.SetUIDValidity("Nowhere", 1), w.Deliver("Nowhere", incoming("<x@acme.example>"), time.Time{}),
		} {
			if err == nil || !strings.HasPrefix(err.Error(), "finding ") {
				t.Errorf("an impossible wish gave %v", err)
			}
		}
	})
}

// A frozen server takes commands and answers none, on both protocols, until it
// thaws; then nothing is lost.
func TestFreeze(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		exists := make(chan uint32, 10)
		c := imapClient(t, w, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
			Mailbox: func(data *imapclient.UnilateralDataMailbox) { exists <- *data.NumMessages },
		}})
		_, err := c.Select(Inbox, nil).Wait()
		must(t, err)
		_, err = c.Idle()
		must(t, err)
		other := imapClient(t, w, nil)
		w.Freeze()
		w.Freeze()
		fill(t, w, 1)
		answered := make(chan error, 1)
		go func() { answered <- other.Noop().Wait() }()
		later(20 * time.Second)
		select {
		case err := <-answered:
			t.Errorf("a frozen server answered: %v", err)
		case n := <-exists:
			t.Errorf("a frozen server told of %d messages", n)
		default:
		}
		w.Thaw()
		must(t, <-answered)
		if n := <-exists; n != 1 {
			t.Errorf("told of %d messages, want 1", n)
		}
	})
}

// A world that closes while it is frozen leaves nothing behind.
func TestCloseWhileFrozen(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		c := imapClient(t, w, nil)
		w.Freeze()
		failed := make(chan error, 1)
		go func() { failed <- c.Noop().Wait() }()
		synctest.Wait()
		must(t, w.Close())
		if err := <-failed; err == nil {
			t.Error("the command succeeded")
		}
	})
}

// Dropped connections are noticed by clients, and counted by the server.
func TestDropConnections(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		first := imapClient(t, w, nil)
		sending := smtpClient(t, w)
		w.DropConnections(IMAP)
		synctest.Wait()
		select {
		case <-first.Closed():
		default:
			t.Error("the client did not notice")
		}
		must(t, sending.Noop())
		imapClient(t, w, nil)
		if w.Connections(IMAP) != 2 || w.Connections(SMTP) != 1 {
			t.Errorf("counted %d and %d connections", w.Connections(IMAP), w.Connections(SMTP))
		}
	})
}

// However early a session with IMAP ends, the client gets an error and no
// goroutine stays behind.
func TestCutAtEveryByteOfIMAP(t *testing.T) {
	t.Parallel()
	complete, cuts := false, 0
	for after := int64(0); !complete && after < 3000; after++ {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, plaintext())
			fill(t, w, 1)
			w.Network().FaultOnce(IMAP, Fault{ToClient: Break{Cut, after}})
			c := imapclient.New(dial(t, w, IMAP), nil)
			defer c.Close()
			err := c.Login(dana, "secret").Wait()
			if err == nil {
				_, err = c.Select(Inbox, nil).Wait()
			}
			if err == nil {
				err = c.Logout().Wait()
			}
			complete = err == nil
			cuts++
		})
	}
	if !complete || cuts < 100 {
		t.Errorf("after %d cuts: complete %v", cuts, complete)
	}
}
