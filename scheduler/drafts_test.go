package scheduler

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"afterword/mailer"
)

// noteWriter renders a note of several sentences.
type noteWriter struct{ scribe }

func (noteWriter) Render(in RenderInput) (Text, error) {
	name, _, _ := strings.Cut(in.Person.Name, " ")
	return Text{Subject: "Thank you, " + name, Body: "Hi " + name + ",\n\nThank you for the conversation about the role on Monday. You mentioned that " +
		in.Person.Said + ", and I have been thinking about it since.\n\nI would be glad to join you.\n\nBest regards,\nDana Reyes\n"}, nil
}

// editedNote is what the user makes of Ken's note.
const editedNote = "Hi Ken,\n\nThank you for the conversation about the role on Monday. You mentioned that the team moves the pager, and I have been thinking about it since.\n\n" +
	"I would be very glad to join you – soon.\n\nBest regards,\nDana Reyes\n"

// drawer is the two folders, as a mail program and the daemon work on them.
type drawer struct {
	*office
	service  *Service
	lying    []mailer.Fetched
	next     uint32
	composed int
	last     draftWork
}

func newDrawer(t *testing.T, people ...Person) *drawer {
	t.Helper()
	f := acme(onsite(people...))
	f.Policy.Review, f.Policy.Drafts = ReviewAlways, true
	o := newOffice(t, f)
	o.writers.Renderer = noteWriter{}
	o.attend("acme", "2026-11-23 16:00")
	return &drawer{office: o, next: 1, service: &Service{Store: o.store, Files: shelf{o.world}, Writers: o.writers, Clock: fixed(paris("2026-11-23 16:30"))}}
}

func says(name, said string) Person {
	p := person(name)
	p.Said = said
	return p
}

// put lays a message into a folder and returns its Message-ID.
func (w *drawer) put(role mailer.Role, raw string) string {
	header, body, _ := strings.Cut(strings.ReplaceAll(raw, "\n", "\r\n"), "\r\n\r\n")
	w.lying = append(w.lying, mailer.Fetched{Folder: string(role), Role: role, UIDValidity: 7, UID: w.next, Draft: true, Header: []byte(header + "\r\n\r\n"), Body: []byte(body)})
	w.next++
	return mailer.Parse([]byte(header+"\r\n\r\n"), nil).ID
}

// take removes a message.
func (w *drawer) take(id string) mailer.Fetched {
	w.Helper()
	for n, m := range w.lying {
		if mailer.Parse(m.Header, nil).ID == id {
			w.lying = append(w.lying[:n:n], w.lying[n+1:]...)
			return m
		}
	}
	w.Fatalf("no draft %s lies there", id)
	return mailer.Fetched{}
}

// approve moves a message to the folder of approved drafts.
func (w *drawer) approve(id string) {
	w.Helper()
	m := w.take(id)
	m.Role, m.Folder, m.UID = mailer.RoleApproved, string(mailer.RoleApproved), w.next
	w.lying, w.next = append(w.lying, m), w.next+1
}

// round is one round of the daemon at a time in Paris, and what follows from it
// in the mailbox.
func (w *drawer) round(at string) {
	w.Helper()
	seen := mailer.DraftsSeen{Messages: w.lying, Folders: []mailer.FolderState{
		{Folder: string(mailer.RoleDrafts), UIDValidity: 7, UIDNext: w.next}, {Folder: string(mailer.RoleApproved), UIDValidity: 7, UIDNext: w.next}}}
	t := drafting{tx: w.store, world: w.world, service: &Service{Writers: w.writers}, seen: seen, now: paris(at), compose: w.compose}
	work, err := t.round()
	if err != nil {
		w.Fatal(err)
	}
	w.last = work
	for _, r := range work.remove {
		if got := w.take(r.id); got.Place() != r.place {
			w.Errorf("the removal of %s names %+v, it lies at %+v", r.id, r.place, got.Place())
		}
		if r.key != "" {
			if err := forgetDraft(w.store, r.key); err != nil {
				w.Fatal(err)
			}
		}
	}
	for _, f := range work.file {
		place := mailer.Place{Folder: string(mailer.RoleDrafts), UIDValidity: 7, UID: w.next}
		w.put(mailer.RoleDrafts, strings.ReplaceAll(string(f.frozen.Bytes), "\r\n", "\n"))
		if err := standsAt(w.store, f.key, f.frozen.MessageID, place); err != nil {
			w.Fatal(err)
		}
	}
}

func (w *drawer) compose(f *Facts, d Delivery, now time.Time) (mailer.Frozen, error) {
	w.composed++
	return mailer.Compose(mailer.Draft{From: mailer.Address{Name: "Dana Reyes", Addr: f.Policy.Me.Email}, To: mailer.Address{Name: d.To.Name, Addr: d.To.Email},
		Subject: d.Text.Subject, Body: d.Text.Body, Date: now, MessageID: fmt.Sprintf("<ours-%d@%s>", w.composed, strings.Split(f.Policy.Me.Email, "@")[1])})
}

// ours is the Message-ID of the one draft that lies there.
func (w *drawer) ours() string {
	w.Helper()
	if len(w.lying) != 1 {
		w.Fatalf("%d drafts lie there, want one", len(w.lying))
	}
	return mailer.Parse(w.lying[0].Header, nil).ID
}

// kens reads Ken's thank-you.
func (w *drawer) kens() Delivery { return w.delivery("thank-you") }

const savedHead = "From: Dana Reyes <dana@example.org>\nTo: Ken <ken@acme.example>\nSubject: Thank you, Ken\nMIME-Version: 1.0\n"

// savedBy are drafts as mail programs save them after an edit: with a Message-ID
// of their own or ours, as plain text or HTML.
func savedBy() map[string]string {
	html := "<p>Hi Ken,</p><p>Thank you for the conversation about the role on Monday. You mentioned that the team moves the pager, and I have been thinking about it since.</p>" +
		"<p>I would be <b>very</b> glad to join you &ndash; soon.</p><p>Best regards,<br>Dana Reyes</p>"
	return map[string]string{
		"Apple Mail: lines of its own, quoted-printable": savedHead + "Message-Id: <6C1B7F2E-1@example.org>\nX-Uniform-Type-Identifier: com.apple.mail-draft\nX-Universally-Unique-Identifier: 6C1B7F2E\n" +
			"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n" +
			"<html><body><div>Hi Ken,</div><div><br></div><div>Thank you for the conversation about the role on Monday. You mentioned =\nthat the team moves the pager, and I have been thinking about it since.</div>" +
			"<div><br></div><div>I would be very glad to join you =E2=80=93 soon.</div><div><br></div><div>Best regards,</div><div>Dana Reyes</div></body></html>\n",
		"Outlook: HTML and X-Unsent": savedHead + "Message-ID: <VI1PR0101MB1@eurprd01.prod.example.com>\nX-Unsent: 1\nThread-Index: AdxY\n" +
			"Content-Type: multipart/alternative; boundary=\"_000_\"\n\n--_000_\nContent-Type: text/plain; charset=\"utf-8\"\nContent-Transfer-Encoding: 8bit\n\n" +
			editedNote + "\n--_000_\nContent-Type: text/html; charset=\"utf-8\"\n\n" + html + "\n--_000_--\n",
		"HTML only": savedHead + "Message-ID: <a1b2@mail.example>\nContent-Type: text/html; charset=utf-8\n\n" + html + "\n",
		"Thunderbird: format=flowed, our Message-ID": savedHead + "Message-ID: <ours-1@example.org>\nX-Mozilla-Draft-Info: internal/draft; vcard=0; receipt=0; DSN=0; uuencode=0\nX-Identity-Key: id1\n" +
			"Content-Type: text/plain; charset=UTF-8; format=flowed\nContent-Transfer-Encoding: 8bit\n\n" +
			"Hi Ken,\n\nThank you for the conversation about the role on Monday. You mentioned \nthat the team moves the pager, and I have been thinking about it since.\n\n" +
			"I would be very glad to join you – soon.\n\nBest regards,\nDana Reyes\n",
		"mutt: wrapped by the editor, with a signature": savedHead + "Message-ID: <20261123170000.GA1@laptop>\nStatus: RO\nContent-Type: text/plain; charset=utf-8\nContent-Disposition: inline\nContent-Transfer-Encoding: 8bit\n\n" +
			"Hi Ken,\n\nThank you for the conversation about the role on Monday. You mentioned\nthat the team moves the pager, and I have been thinking about it since.\n\n" +
			"I would be very glad to join you – soon.\n\nBest regards,\nDana Reyes\n\n-- \nDana Reyes, sent by mutt\n",
	}
}

// TestDraftsOfMailPrograms: whatever the program makes of a draft, the words are
// the user's, the lines ours, and it is the mail once it was moved.
func TestDraftsOfMailPrograms(t *testing.T) {
	t.Parallel()
	for name, raw := range savedBy() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDrawer(t, says("Ken", "the team moves the pager"))
			w.round("2026-11-23 16:31")
			w.take(w.ours())
			id := w.put(mailer.RoleDrafts, raw)
			w.round("2026-11-23 16:33")
			d := w.kens()
			if d.Edited == nil || d.Text.Body != editedNote || d.State != Review {
				t.Fatalf("it is %s, edited %v, and says\n%q\nwant\n%q", d.State, d.Edited != nil, d.Text.Body, editedNote)
			}
			before := w.store.writes
			w.round("2026-11-23 16:35")
			if len(w.last.remove) != 0 || len(w.last.file) != 0 || w.store.writes != before || len(w.lying) != 1 {
				t.Errorf("a second round changes something: %+v, %d writes", w.last, w.store.writes-before)
			}
			w.approve(id)
			w.round("2026-11-23 16:37")
			if d := w.kens(); d.State != Approved || !d.ByPerson || d.Text.Body != editedNote {
				t.Errorf("moved, it is %s: %s", d.State, d.Why)
			}
			if len(w.last.remove) != 0 || len(w.lying) != 1 {
				t.Errorf("the user's own version is to be removed: %+v", w.last.remove)
			}
		})
	}
}

// TestDraftSavedUnchanged is not an edit, whatever the program did to the lines.
func TestDraftSavedUnchanged(t *testing.T) {
	t.Parallel()
	w := newDrawer(t, says("Ken", "the team moves the pager"))
	w.round("2026-11-23 16:31")
	m := w.take(w.ours())
	w.put(mailer.RoleDrafts, savedHead+"Message-ID: <new@mail.example>\nContent-Type: text/plain; charset=utf-8\n\n"+
		strings.ReplaceAll(mailer.Parse(m.Header, m.Body).Text, " about", "\nabout"))
	w.round("2026-11-23 16:33")
	if d := w.kens(); d.Edited != nil || w.asked() != "" {
		t.Errorf("it counts as edited: %+v, asked %q", d.Edited, w.asked())
	}
}

// TestDraftFollowsTheFacts: ours is replaced as long as nobody touched it, and
// goes when the mail needs it no longer.
func TestDraftFollowsTheFacts(t *testing.T) {
	t.Parallel()
	w := newDrawer(t, says("Ken", "the team moves the pager"))
	w.round("2026-11-23 16:31")
	first := w.ours()
	a := w.world.Applications["acme"]
	a.Interviews[0].Interviewers[0].Said = "the storage rewrite is done"
	w.world.Applications["acme"] = a
	w.attend("acme", "2026-11-23 16:40")
	w.round("2026-11-23 16:41")
	w.round("2026-11-23 16:42")
	if id := w.ours(); id == first || !strings.Contains(mailer.Parse(w.lying[0].Header, w.lying[0].Body).Text, "storage rewrite") {
		t.Errorf("the draft still says what was said before")
	}
	w.service.Clock = fixed(paris("2026-11-23 16:45"))
	if _, err := w.service.Approve(t.Context(), kensNote, nil); err != nil {
		t.Fatal(err)
	}
	w.round("2026-11-23 16:46")
	if _, kept, err := readDraft(w.store, kensNote); len(w.lying) != 0 || kept || err != nil {
		t.Errorf("approved elsewhere, %d drafts lie there still; remembered: %v, %v", len(w.lying), kept, err)
	}
}

// TestDraftGone: for a quarter of an hour a program may be saving; after it the
// user is asked, and nothing is skipped. A draft that comes back answers.
func TestDraftGone(t *testing.T) {
	t.Parallel()
	w := newDrawer(t, says("Ken", "the team moves the pager"))
	w.round("2026-11-23 16:31")
	m := w.take(w.ours())
	for _, at := range []string{"2026-11-23 16:33", "2026-11-23 16:47"} {
		w.round(at)
		if w.asked() != "" || len(w.lying) != 0 {
			t.Fatalf("at %s it asks %q and %d drafts lie there", at, w.asked(), len(w.lying))
		}
	}
	w.round("2026-11-23 16:48")
	if w.asked() != askedDraft+kensNote || w.kens().State != Review {
		t.Errorf("gone for a quarter of an hour it asks %q and is %s", w.asked(), w.kens().State)
	}
	w.lying = append(w.lying, m)
	w.round("2026-11-23 16:50")
	if w.asked() != "" {
		t.Errorf("it came back, and it still asks %q", w.asked())
	}
}

// TestDraftGoneNamesWhatHelps: whether a mail should still leave is asked with the approval
// that it needs by then.
func TestDraftGoneNamesWhatHelps(t *testing.T) {
	t.Parallel()
	w := newDrawer(t, says("Ken", "the team moves the pager"))
	w.round("2026-11-23 16:31")
	d := w.kens()
	d.Findings = []Finding{{Code: "late-thanks", Severity: Error}}
	w.store.set(d)
	w.take(w.ours())
	for _, at := range []string{"2026-11-23 17:00", "2026-11-23 17:20"} {
		w.round(at)
	}
	if text := w.question(askedDraft + d.Key).Text; !strings.Contains(text, "Yes: afterword approve "+d.Key+" --despite late-thanks. No: ") {
		t.Errorf("asked %q", text)
	}
}

// TestDraftForOthers: one mail goes to one person; who else stands on the draft
// keeps it waiting, also when it is moved.
func TestDraftForOthers(t *testing.T) {
	t.Parallel()
	w := newDrawer(t, says("Ken", "the team moves the pager"))
	w.round("2026-11-23 16:31")
	w.take(w.ours())
	id := w.put(mailer.RoleDrafts, strings.Replace(savedHead, "To: Ken <ken@acme.example>\n", "To: Ken <ken@acme.example>\nCc: Mara <mara@acme.example>\nBcc: dana@example.org\n", 1)+
		"Message-ID: <new@mail.example>\nContent-Type: text/plain; charset=utf-8\n\n"+editedNote)
	w.round("2026-11-23 16:33")
	w.approve(id)
	w.round("2026-11-23 16:35")
	d := w.kens()
	if codes := blocking(d.Findings, nil, Error); d.State != Review || len(codes) != 1 || codes[0] != "one-recipient" || len(w.told("draft/")) != 1 {
		t.Errorf("it is %s with %v, told %d times", d.State, codes, len(w.told("draft/")))
	}
	if text := d.Findings[0].Text; !strings.Contains(text, "mara@acme.example") || strings.Contains(text, "dana@") {
		t.Errorf("the finding says: %s", text)
	}
}

// TestDraftThatIsNone: an older draft to the same person, one to somebody else
// and an emptied one are no edits.
func TestDraftThatIsNone(t *testing.T) {
	t.Parallel()
	w := newDrawer(t, says("Ken", "the team moves the pager"))
	const older = savedHead + "Message-ID: <older@mail.example>\nContent-Type: text/plain; charset=utf-8\n\n" + editedNote
	w.put(mailer.RoleDrafts, older)
	w.round("2026-11-23 16:31")
	w.take("<ours-1@example.org>")
	w.put(mailer.RoleDrafts, "From: dana@example.org\nTo: ken@acme.example\nSubject: Lunch?\nMessage-ID: <lunch@mail.example>\n\nShall we have lunch?\n")
	w.round("2026-11-23 16:33")
	if d := w.kens(); d.Edited != nil {
		t.Fatalf("a draft that is none was taken over: %q", d.Text.Body)
	}
	w.put(mailer.RoleDrafts, savedHead+"Message-ID: <empty@mail.example>\n\n\n")
	w.round("2026-11-23 16:35")
	if d := w.kens(); d.Edited != nil || d.State != Review || w.asked() != askedDraft+kensNote {
		t.Errorf("emptied, it is %s, edited %v, and asks %q", d.State, d.Edited != nil, w.asked())
	}
	if len(w.lying) != 3 {
		t.Errorf("%d of the user's three messages are left", len(w.lying))
	}
}

// TestDraftsOfOnePanel: each note has its draft, and an edit of one is not taken
// for the other, though both lie there with new Message-IDs.
func TestDraftsOfOnePanel(t *testing.T) {
	t.Parallel()
	w := newDrawer(t, says("Ken", "the team moves the pager"), says("Mara", "every engineer ships in the first week"))
	w.round("2026-11-23 16:31")
	if len(w.lying) != 2 {
		t.Fatalf("%d drafts for two notes", len(w.lying))
	}
	w.take("<ours-1@example.org>")
	w.take("<ours-2@example.org>")
	maras := strings.NewReplacer("Hi Ken", "Hi Mara", "the team moves the pager", "every engineer ships in the first week", "very glad", "truly glad").Replace(editedNote)
	w.put(mailer.RoleDrafts, strings.NewReplacer("Ken", "Mara", "ken@", "mara@").Replace(savedHead)+"Message-ID: <m@mail.example>\nContent-Type: text/plain; charset=utf-8\n\n"+maras)
	w.put(mailer.RoleDrafts, savedHead+"Message-ID: <k@mail.example>\nContent-Type: text/plain; charset=utf-8\n\n"+editedNote)
	w.round("2026-11-23 16:33")
	mara, err := w.store.Delivery("acme/onsite/thank-you/mara@acme.example")
	if err != nil || mara.Text.Body != maras || w.kens().Text.Body != editedNote {
		t.Errorf("Ken's note says %q, Mara's %q (%v)", w.kens().Text.Body, mara.Text.Body, err)
	}
}
