//go:build realmail

package main

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"afterword/internal/realmail"
	"afterword/mailer"
	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// realPeople are the demo's people behind a real Dovecot and a real Postfix.
// The clock stands still from the moment that Postfix accepts a mail until it
// lies where it ends, and from the moment that Dovecot has a mail for the
// candidate until the program has read it.
type realPeople struct {
	box     *sandbox
	servers *realmail.Servers
	ctx     context.Context
	stop    context.CancelFunc
	work    sync.WaitGroup

	mu      sync.Mutex
	letters int
	scripts map[string]script
}

// script is a person and what mail to them leads to.
type script struct {
	person    mailtest.Person
	behaviour mailtest.Behaviour
}

// onRealServers connects a sandbox to real servers.
func onRealServers(ctx context.Context, servers *realmail.Servers) func(*sandbox) (provider, error) {
	return func(b *sandbox) (provider, error) {
		p := &realPeople{box: b, servers: servers, scripts: map[string]script{}}
		p.ctx, p.stop = context.WithCancel(ctx)
		b.house.outside.roots, b.house.outside.accepted = servers.RootCAs, p.accepted
		return p, nil
	}
}

// At keeps the clock while do runs: a timer that fired counts as in hand until
// it is stopped.
func (p *realPeople) At(at time.Time, do func()) {
	timer, stop := p.box.clock.NewTimer(at.Sub(p.box.clock.Now()))
	p.work.Go(func() {
		defer stop()
		select {
		case <-timer:
			do()
		case <-p.ctx.Done():
		}
	})
}

// WritesAt brings a letter to Dovecot.
func (p *realPeople) WritesAt(at time.Time, l mailtest.Letter) {
	p.At(at, func() {
		p.mu.Lock()
		p.letters++
		id := fmt.Sprintf("<letter.%d@people.example>", p.letters)
		p.mu.Unlock()
		raw := l.Bytes(p.box.clock.Now(), id, realmail.Username, realmail.Host)
		if err := p.servers.Deliver("people@people.example", realmail.Username, raw); err != nil {
			p.box.fail(err)
			return
		}
		p.box.delivered(id)
	})
}

// ScriptFunc says what mail to a person leads to.
func (p *realPeople) ScriptFunc(person string, behaviour mailtest.Behaviour) error {
	a, err := mail.ParseAddress(person)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.scripts[a.Address] = script{mailtest.Person{Name: a.Name, Address: a.Address}, behaviour}
	return nil
}

// accepted follows a mail that Postfix took to where it ends.
func (p *realPeople) accepted(m mailer.Frozen) {
	release := p.box.clock.Hold()
	p.work.Go(func() {
		defer release()
		if m.To == realmail.Username {
			p.box.delivered(m.MessageID)
			return
		}
		ctx, cancel := context.WithTimeout(p.ctx, patience)
		defer cancel()
		a, err := p.servers.AwaitOther(ctx, m.MessageID)
		if err != nil {
			p.box.fail(err)
			return
		}
		p.react(a)
	})
}

// react lets a scripted person do what the mail leads to.
func (p *realPeople) react(a realmail.Accepted) {
	p.mu.Lock()
	who, found := p.scripts[a.To]
	p.mu.Unlock()
	if !found {
		return
	}
	now := p.box.clock.Now()
	for _, r := range who.behaviour(mailtest.Received{Mail: received(a), Person: who.person, At: now, Account: realmail.Username}) {
		p.WritesAt(now.Add(r.After), r.Letter)
	}
}

// AcceptedTo counts where the mail ends: outside, or for the candidate's own
// address what she wrote to herself.
func (p *realPeople) AcceptedTo(address string) []mailtest.Accepted {
	others, err := p.servers.Others()
	own, ownErr := p.servers.Inbox(realmail.Username)
	if err := errors.Join(err, ownErr); err != nil {
		p.box.fail(err)
	}
	var all []mailtest.Accepted
	for _, a := range append(others, own...) {
		if a.To == address && !strings.HasPrefix(a.MessageID, "<letter.") {
			all = append(all, received(a))
		}
	}
	return all
}

func received(a realmail.Accepted) mailtest.Accepted {
	return mailtest.Accepted{From: realmail.Username, To: []string{a.To}, MessageID: a.MessageID, Subject: a.Subject,
		Raw: a.Raw, DeliveredID: a.MessageID, Delivered: a.Raw}
}

// Close ends what still waits for its time.
func (p *realPeople) Close() error {
	p.stop()
	p.work.Wait()
	return nil
}

// writeRealProfile is the demo's profile with the real servers in it.
func writeRealProfile(t *testing.T, servers *realmail.Servers) string {
	t.Helper()
	dir := t.TempDir()
	if err := writeDemo(dir); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "config.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	config := string(text)
	for from, port := range map[string]int{"{host: mail.sandbox.example, port: 465,": servers.Ports.SMTPS, "{host: mail.sandbox.example, port: 993,": servers.Ports.IMAPS} {
		if strings.Count(config, from) != 1 {
			t.Fatalf("the demo's config.yaml names the server otherwise than %q", from)
		}
		config = strings.Replace(config, from, fmt.Sprintf("{host: %s, port: %d,", realmail.Host, port), 1)
	}
	for name, content := range map[string]string{"config.yaml": config, "password": realmail.Password + "\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// TestStoryOnRealServers is the main job through the real program, a real
// Postfix and a real Dovecot: four thank-yous, one follow-up after silence,
// none after a reply, counted where the servers stored them.
func TestStoryOnRealServers(t *testing.T) {
	t.Parallel()
	servers := realmail.Start(t)
	// A week longer than the demo: the cancelled follow-up-2 was due by then.
	end := demoEnd().Add(7 * 24 * time.Hour)
	box, err := newSandbox(t.Context(), writeRealProfile(t, servers), demoStart(), end, onRealServers(t.Context(), servers))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := demoScript(box); err != nil {
		t.Fatal(err)
	}
	box.show = func(e scheduler.Event) { t.Logf("%s %s %s: %s", e.At.Format(time.DateTime), e.Key, e.What, e.Why) }
	if err := box.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := servers.Queued(); n != 0 || err != nil {
		t.Errorf("postfix still holds %d mails, %v", n, err)
	}
	checkOutside(t, servers)
	checkInbox(t, servers)
	checkStore(t, box)
}

// checkOutside counts what left.
func checkOutside(t *testing.T, servers *realmail.Servers) {
	t.Helper()
	others, err := servers.Others()
	if err != nil {
		t.Fatal(err)
	}
	thanks, asking, ids := map[string]int{}, map[string]int{}, map[string]int{}
	for _, a := range others {
		ids[a.MessageID]++
		if strings.HasPrefix(a.Subject, "Re: ") {
			asking[a.To]++
		} else {
			thanks[a.To]++
		}
	}
	if len(others) != 5 || len(ids) != 5 {
		t.Errorf("%d mails with %d Message-IDs left, want 5 with 5", len(others), len(ids))
	}
	for _, to := range []string{"ken@acme.example", "mara@acme.example", "tomas@acme.example", "noor@globex.example"} {
		if thanks[to] != 1 {
			t.Errorf("%d thank-yous for %s, want 1", thanks[to], to)
		}
	}
	if len(thanks) != 4 || len(asking) != 1 || asking["noor@globex.example"] != 1 {
		t.Errorf("thank-yous went to %v, follow-ups to %v; want four, and one to noor@globex.example", thanks, asking)
	}
}

// checkInbox looks at the candidate's own mailbox: the two letters, the notices,
// and nothing that the program marked as seen.
func checkInbox(t *testing.T, servers *realmail.Servers) {
	t.Helper()
	inbox, err := servers.Inbox(realmail.Username)
	if err != nil {
		t.Fatal(err)
	}
	letters, notices := 0, 0
	for _, a := range inbox {
		switch {
		case strings.HasPrefix(a.MessageID, "<letter."):
			letters++
		case strings.HasPrefix(a.Subject, "Afterword: "):
			notices++
		default:
			t.Errorf("INBOX holds %q, which is neither a letter nor a notice", a.Subject)
		}
		if a.Seen {
			t.Errorf("the program marked %q as seen", a.Subject)
		}
	}
	if letters != 2 || notices == 0 {
		t.Errorf("INBOX holds %d letters and %d notices, want 2 and some", letters, notices)
	}
	t.Logf("%d notices to the candidate", notices)
}

// checkStore holds what the program says against the story.
func checkStore(t *testing.T, box *sandbox) {
	t.Helper()
	st, err := box.house.service.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, total := range totals(st, box.people) {
		if total.sent != total.accepted {
			t.Errorf("%s: the program says %d sent, the servers %d", total.name, total.sent, total.accepted)
		}
	}
	for _, d := range st.Deliveries {
		if d.Step == "follow-up-2" && d.Application == "globex-backend" && d.State != scheduler.Cancelled {
			t.Errorf("follow-up-2 after the answer is %s, want cancelled", d.State)
		}
	}
	paused := false
	for _, h := range st.Holds {
		paused = paused || (h.Target == "acme-sre" && strings.Contains(h.Reason, "the recruiter Priya Nair wrote"))
	}
	if !paused {
		t.Errorf("no hold on acme-sre for the recruiter's mail: %+v", st.Holds)
	}
}
