package main

import (
	"strings"
	"testing"
	"time"

	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// inDrafts are the drafts to an address that lie in a folder.
func (s *stage) inDrafts(folder, address string) (all []mailtest.Stored) {
	for _, m := range s.world.Messages(folder) {
		if strings.Contains(string(m.Raw), address) {
			all = append(all, m)
		}
	}
	return all
}

// resaved is what a mail program does with a draft that was edited: it appends a
// new one and deletes the old one.
func (s *stage) resaved(m mailtest.Stored, id string, change func(string) string) {
	s.Helper()
	text := strings.ReplaceAll(change(string(m.Raw)), m.MessageID, id)
	s.must(s.world.Deliver(mailtest.Drafts, []byte(text), s.clock.Now()))
	s.must(s.world.Flag(mailtest.Drafts, id, `\Draft`, `\Seen`))
	s.must(s.world.Expunge(mailtest.Drafts, m.MessageID))
}

// TestDraftsInTheMailProgram follows one mail through the Drafts folder: it
// stands there while it waits, an edit there becomes the mail, moving it approves
// it, and the user's own version is left alone.
func TestDraftsInTheMailProgram(t *testing.T) {
	t.Parallel()
	perform(t, "review: always\ndrafts: true", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(3, 20, 0)
		lying := s.inDrafts(mailtest.Drafts, "noor@globex.example")
		if s.state("globex/video/thank-you") != scheduler.Review || len(lying) != 1 {
			t.Fatalf("%d drafts lie there while it is %s\n%s%s", len(lying), s.state("globex/video/thank-you"), s.story(), s.log)
		}
		if strings.Contains(strings.ToLower(string(lying[0].Raw)), "afterword") {
			t.Errorf("the draft names this program:\n%s", lying[0].Raw)
		}
		s.resaved(lying[0], "<edit-1@mail.example>", func(raw string) string {
			return strings.Replace(raw, "Hi Noor,", "Hello dear Noor,", 1)
		})
		time.Sleep(5 * time.Minute)
		s.happened("edited", "you edited its text")
		s.must(s.world.Move("<edit-1@mail.example>", mailtest.Drafts, "Afterword/Approved"))
		time.Sleep(5 * time.Minute)
		if got := s.state("globex/video/thank-you"); got != scheduler.Sent {
			t.Errorf("moved to Afterword/Approved within the hours of late thanks it is %s\n%s%s", got, s.story(), s.log)
		}
		s.until(4, 20, 0)
		s.want(map[string]int{"noor@globex.example": 1})
		for _, m := range s.world.AcceptedTo("noor@globex.example") {
			if !strings.Contains(string(m.Raw), "Hello dear Noor,") || strings.Contains(string(m.Raw), "edit-1") {
				t.Errorf("what left is not the edited text under its own Message-ID:\n%s", m.Raw)
			}
		}
		if left := s.inDrafts("Afterword/Approved", "noor@globex.example"); len(left) != 1 {
			t.Errorf("the user's own version was touched: %d are left", len(left))
		}
	})
}

// TestDraftSentByHand: a draft that the user sends from the mail program does the
// step, and nobody asks where it went.
func TestDraftSentByHand(t *testing.T) {
	t.Parallel()
	perform(t, "review: always\ndrafts: true", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(3, 12, 0)
		lying := s.inDrafts(mailtest.Drafts, "noor@globex.example")
		if len(lying) != 1 {
			t.Fatalf("%d drafts lie there\n%s%s", len(lying), s.story(), s.log)
		}
		s.must(s.world.Deliver(mailtest.Sent, lying[0].Raw, s.clock.Now())) // without \Draft
		s.must(s.world.Expunge(mailtest.Drafts, lying[0].MessageID))
		time.Sleep(time.Hour)
		if got := s.state("globex/video/thank-you"); got != scheduler.Cancelled {
			t.Errorf("sent by hand it is %s\n%s%s", got, s.story(), s.log)
		}
		s.happened("cancelled", "you wrote to Noor Haddad yourself")
		if st := s.statusJSON(); len(st.Questions) != 0 {
			t.Errorf("it asks %+v", st.Questions)
		}
		s.want(map[string]int{"noor@globex.example": 0})
	})
}
