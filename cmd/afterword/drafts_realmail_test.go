//go:build realmail

package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"afterword/internal/clock"
	"afterword/internal/realmail"
	"afterword/scheduler"
)

// mailProgram is the user's own mail program on a real Dovecot.
type mailProgram struct {
	*testing.T
	*imapclient.Client
}

func openMailProgram(t *testing.T, servers *realmail.Servers) mailProgram {
	t.Helper()
	c, err := imapclient.DialInsecure(net.JoinHostPort("127.0.0.1", strconv.Itoa(servers.Ports.IMAP)), nil)
	if err == nil {
		err = c.Login(realmail.Username, realmail.Password).Wait()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() }) // the test has seen what it wanted
	return mailProgram{t, c}
}

// drafts are the messages of a folder, with their UIDs.
func (m mailProgram) drafts(folder string) map[goimap.UID][]byte {
	m.Helper()
	selected, err := m.Select(folder, nil).Wait()
	if err != nil {
		m.Fatal(err)
	}
	all := map[goimap.UID][]byte{}
	if selected.NumMessages == 0 {
		return all
	}
	section := &goimap.FetchItemBodySection{Peek: true}
	found, err := m.Fetch(goimap.SeqSet{{Start: 1, Stop: 0}}, &goimap.FetchOptions{UID: true, BodySection: []*goimap.FetchItemBodySection{section}}).Collect()
	if err != nil {
		m.Fatal(err)
	}
	for _, f := range found {
		all[f.UID] = f.FindBodySection(section)
	}
	return all
}

// save does what Thunderbird does with a draft that was edited: it appends a new
// one under its own Message-ID and deletes the old one.
func (m mailProgram) save(old goimap.UID, raw []byte) {
	m.Helper()
	w := m.Append("Drafts", int64(len(raw)), &goimap.AppendOptions{Flags: []goimap.Flag{goimap.FlagDraft, goimap.FlagSeen}})
	if _, err := w.Write(raw); err != nil {
		m.Fatal(err)
	}
	if err := w.Close(); err != nil {
		m.Fatal(err)
	}
	if _, err := w.Wait(); err != nil {
		m.Fatal(err)
	}
	if err := m.Store(goimap.UIDSetNum(old), &goimap.StoreFlags{Op: goimap.StoreFlagsAdd, Flags: []goimap.Flag{goimap.FlagDeleted}}, nil).Close(); err != nil {
		m.Fatal(err)
	}
	if err := m.UIDExpunge(goimap.UIDSetNum(old)).Close(); err != nil {
		m.Fatal(err)
	}
}

// folder is the full name of the folder whose name ends so.
func (m mailProgram) folder(name string) string {
	m.Helper()
	all, err := m.List("", "*", nil).Collect()
	if err != nil {
		m.Fatal(err)
	}
	for _, f := range all {
		if strings.HasSuffix(f.Mailbox, name) {
			return f.Mailbox
		}
	}
	m.Fatalf("no folder is called %s", name)
	return ""
}

// eventually waits until something is so: the daemon of the machine's time looks
// around every 20 seconds at the latest.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*patience)
	defer cancel()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("it does not come about that %s", what)
		}
	}
}

// thunderbird is a draft as Thunderbird saves it.
const thunderbird = "Message-ID: <0a1b2c3d-9f8e@example.org>\r\nDate: %s\r\nMIME-Version: 1.0\r\nUser-Agent: Mozilla Thunderbird\r\n" +
	"From: Dana Reyes <dana@example.org>\r\nTo: Ken Osei <ken@firm0.example>\r\nSubject: %s\r\n" +
	"X-Mozilla-Draft-Info: internal/draft; vcard=0; receipt=0; DSN=0; uuencode=0\r\n" +
	"Content-Type: text/plain; charset=UTF-8; format=flowed\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s"

// logStory shows what happened and what is asked, where a test has failed.
func logStory(t *testing.T, h *house) {
	t.Helper()
	if !t.Failed() {
		return
	}
	ctx := context.WithoutCancel(t.Context())
	events, err := h.service.Events(ctx, scheduler.EventQuery{})
	for _, e := range events {
		t.Logf("%s %s %s %s -> %s: %s %s", e.At.Format(time.TimeOnly), e.Key, e.What, e.From, e.To, e.Why, e.Evidence)
	}
	st, statusErr := h.service.Status(ctx)
	for _, q := range st.Questions {
		t.Logf("asked: %s %s", q.Key, q.Text)
	}
	t.Log(err, statusErr)
}

// TestDraftOnRealServers follows a thank-you through the Drafts folder of a real
// Dovecot: it stands there while it waits, what Thunderbird saves in its place is
// the mail, moving it approves it, and Postfix takes that text once.
func TestDraftOnRealServers(t *testing.T) {
	t.Parallel()
	servers := realmail.Start(t)
	path := writeFirms(t, servers, owedStep, 1)
	config, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.Replace(config, []byte("review: never"), []byte("review: always\n  drafts: true"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	var now *clock.Running
	h := startDaemon(t, servers, path, func(d *scheduler.Daemon) { now = d.Clock.(*clock.Running) })
	user := openMailProgram(t, servers)
	happened := func(what string) bool {
		events, err := h.service.Events(t.Context(), scheduler.EventQuery{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if e.What == what && strings.HasPrefix(e.Key, "firm0/") {
				return true
			}
		}
		return false
	}

	defer logStory(t, h)

	var lying map[goimap.UID][]byte
	eventually(t, "a draft lies in Drafts", func() bool { lying = user.drafts("Drafts"); return len(lying) == 1 })
	for uid, raw := range lying {
		if strings.Contains(strings.ToLower(string(raw)), "afterword") {
			t.Errorf("the draft names this program:\n%s", raw)
		}
		user.save(uid, fmt.Appendf(nil, thunderbird, now.Now().Format(time.RFC1123Z), "Thank you for the conversation",
			"Hi Ken,\r\n\r\nthank you for the conversation about the Site Reliability Engineer role. You mentioned that the \r\nplatform group grows from four people to nine this winter, and I keep thinking about it.\r\n\r\nI remain very interested in the role. Please let me know if you need anything more from me.\r\n\r\nDana Reyes\r\n"))
	}
	now.Step(3 * time.Minute) // the drafts are looked at every two
	eventually(t, "the edit is seen", func() bool { return happened("edited") })

	approved := user.folder("Approved")
	user.drafts("Drafts") // selects it
	for uid := range user.drafts("Drafts") {
		if _, err := user.Move(goimap.UIDSetNum(uid), approved).Wait(); err != nil {
			t.Fatal(err)
		}
	}
	now.Step(3 * time.Minute)
	eventually(t, "the mail has left", func() bool { return happened("sent") })
	eventually(t, "Postfix has delivered it", func() bool { others, err := servers.Others(); return err == nil && len(others) == 1 })
	others, err := servers.Others()
	if err != nil {
		t.Fatal(err)
	}
	unwrapped := strings.NewReplacer("=\r\n", "", "=\n", "").Replace(string(others[0].Raw)) // quoted-printable
	if a := others[0]; a.To != "ken@firm0.example" || !strings.Contains(unwrapped, "and I keep thinking about it") || strings.Contains(string(a.Raw), "0a1b2c3d") || strings.Contains(string(a.Raw), "Mozilla") {
		t.Errorf("what left is not the edited text under its own Message-ID:\n%s", a.Raw)
	}
	if n := len(user.drafts(approved)); n != 1 {
		t.Errorf("the user's own version was touched: %d are left", n)
	}
}
