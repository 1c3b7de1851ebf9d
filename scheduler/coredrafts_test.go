package scheduler

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
)

// The drafts of a life: the folders that the program and a mail program of the user share.

// draftBox holds what lies in the folders for drafts and for approved ones.
type draftBox struct {
	lying []paperDraft
	uid   uint32
	made  int // by the program
}

// paperDraft is one message there.
type paperDraft struct {
	mailer.Fetched
	key  string // of the delivery
	own  bool   // the program appended it, and nobody touched it
	said string // its text
}

// put lays a message into a folder.
func (k *draftBox) put(d paperDraft, role mailer.Role, id, to, subject string, now time.Time) mailer.Place {
	k.uid++
	d.Folder, d.Role, d.UIDValidity, d.UID, d.Arrived, d.Draft = string(role), role, 1, k.uid, now, true
	d.Header = fmt.Appendf(nil, "Message-ID: %s\r\nTo: %s\r\nSubject: %s\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n", id, to, subject)
	d.Body = []byte(d.said + "\r\n")
	d.Size = int64(len(d.Header) + len(d.Body))
	k.lying = append(slices.Clone(k.lying), d)
	return d.Place()
}

func (k *draftBox) remove(n int) { k.lying = slices.Delete(slices.Clone(k.lying), n, n+1) }

// composeDraft makes a draft as bytes that can be read again.
func (c *core) composeDraft(_ *Facts, d Delivery, _ time.Time) (mailer.Frozen, error) {
	c.desk.made++
	id := fmt.Sprintf("<draft-%d@example.org>", c.desk.made)
	return mailer.Frozen{MessageID: id, From: "dana@example.org", To: d.To.Email, Bytes: fmt.Appendf(nil,
		"Message-ID: %s\r\nTo: %s\r\nSubject: %s\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", id, d.To.Email, d.Text.Subject, d.Text.Body)}, nil
}

// readDrafts is Daemon.tendOnce without its other goroutine. It may end at any step.
func (c *core) readDrafts(t dice) {
	if c.flight != nil {
		t.Skip("the courier is on the way") // it tends to the drafts, too
	}
	known, err := allDrafts(c.store)
	c.must(err)
	seen := mailer.DraftsSeen{}
	for _, role := range []mailer.Role{mailer.RoleDrafts, mailer.RoleApproved} {
		seen.Folders = append(seen.Folders, mailer.FolderState{Folder: string(role), Role: role, UIDValidity: 1, UIDNext: c.desk.uid + 1})
	}
	for _, d := range c.desk.lying {
		m := d.Fetched
		if !wantsBody(known, m) {
			m.Body = nil
		}
		seen.Messages = append(seen.Messages, m)
	}
	var work draftWork
	before := c.store.rows
	c.must(c.store.Update(c.ctx, func(tx Tx) (err error) {
		r := drafting{tx: tx, world: c.daemon.world, service: &Service{Writers: c.daemon.Writers}, compose: c.composeDraft, seen: seen, now: c.clock.now}
		work, err = r.round()
		return err
	}))
	c.draftsTaken(before)
	for _, r := range work.remove {
		c.removeDraft(r)
		if r.key != "" && !oneIn(t, 8, "it ends there") {
			c.must(c.store.Update(c.ctx, func(tx Tx) error { return forgetDraft(tx, r.key) }))
		}
	}
	for _, f := range work.file {
		d := c.store.get(f.key)
		place := c.desk.put(paperDraft{key: f.key, own: true, said: d.Text.Body}, mailer.RoleDrafts, f.frozen.MessageID, d.To.Email, d.Text.Subject, c.clock.now)
		if !oneIn(t, 8, "it ends there") {
			c.must(c.store.Update(c.ctx, func(tx Tx) error { return standsAt(tx, f.key, f.frozen.MessageID, place) }))
		}
	}
	c.tick()
}

// draftsTaken notes what the user has said by the drafts that were read.
func (c *core) draftsTaken(before []stored) {
	for _, r := range c.store.rows {
		was := slices.IndexFunc(before, func(o stored) bool { return o.Key == r.Key })
		if was < 0 || before[was].Delivery == r.Delivery {
			continue
		}
		if r.Edited != nil && (before[was].Edited == nil || before[was].Edited.Body != r.Edited.Body) {
			c.truth.words[r.Key] = r.Edited.Body
		}
		if r.State == Approved && r.ByPerson {
			c.agree(r.Key)
		}
	}
}

// removeDraft takes away what the program filed, and nothing else.
func (c *core) removeDraft(r removal) {
	n := slices.IndexFunc(c.desk.lying, func(d paperDraft) bool {
		return r.place.UID != 0 && d.Place() == r.place || r.place.UID == 0 && strings.Contains(string(d.Header), r.id)
	})
	if n < 0 {
		return
	}
	if d := c.desk.lying[n]; !d.own {
		c.Fatalf("the program removes the user's own version of the draft of %s: %q\n%s", d.key, d.said, c.describe())
	}
	c.desk.remove(n)
}

// touchDraft is the user in their mail program: a draft is edited, moved to the folder for approved
// ones, sent, or deleted.
func (c *core) touchDraft(t dice) {
	if len(c.desk.lying) == 0 {
		t.Skip("there is none")
	}
	n := c0(t, len(c.desk.lying), "draft")
	d := c.desk.lying[n]
	m := mailer.Parse(d.Header, d.Body)
	id := m.ID
	c.letters++
	if oneIn(t, 2, "another Message-ID") {
		id = fmt.Sprintf("<program-%d@example.org>", c.letters)
	}
	switch c0(t, 4, "what") {
	case 0:
		if oneIn(t, 4, "the old one stays") {
			id = fmt.Sprintf("<program-%d@example.org>", c.letters)
		} else {
			c.desk.remove(n)
		}
		c.desk.put(paperDraft{key: d.key, said: strings.TrimSpace(m.Text) + fmt.Sprintf(" and more, %d", c.letters)}, d.Role, id, m.To[0].Addr, m.Subject, c.clock.now)
	case 1:
		c.desk.remove(n)
		c.desk.put(paperDraft{key: d.key, said: strings.TrimSpace(m.Text)}, mailer.RoleApproved, m.ID, m.To[0].Addr, m.Subject, c.clock.now)
	case 2:
		c.desk.remove(n)
		c.lying = append(c.lying, letter{isOwn: true, in: Incoming{Arrived: c.world(), Message: mailer.Message{ID: id, Subject: m.Subject, To: m.To}}})
	case 3:
		c.desk.remove(n)
	}
}

// saysDrafts is config.yaml that wants drafts, or not any more.
func saysDrafts(t dice) bool { return c0(t, 3, "drafts") > 0 }
