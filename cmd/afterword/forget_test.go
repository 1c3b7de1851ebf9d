package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"afterword/internal/web"
	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// forgotten plays two applications until both have been written to and one has
// answered, holds a person, and forgets the other application.
func (s *stage) forgotten() {
	s.Helper()
	s.world.WritesAt(s.clock.Now().Add(30*time.Hour), mailtest.Letter{From: "Noor Haddad <noor@globex.example>", Subject: "Your visit", Body: "Dear Dana, we are still talking about it. Noor"})
	s.open()
	s.said("acme.yaml", "onsite", panelSaid())
	s.wantCommand("", "set", "acme", "interviews[onsite].status", "held")
	s.files <- struct{}{}
	s.until(3, 18, 0)
	s.want(map[string]int{"noor@globex.example": 1, "ken@acme.example": 1})
	s.wantCommand("", "hold", "noor@globex.example", "--reason", "Noor asked for some time")
	s.must(s.world.Expunge(mailtest.Sent, s.world.AcceptedTo("noor@globex.example")[0].MessageID))
	s.close()
	s.wantCommand("globex is forgotten: 1 file removed", "forget", "globex")
}

// traces are the files of the profile that hold a word.
func (s *stage) traces(words string) (found []string) {
	s.Helper()
	pattern := regexp.MustCompile("(?i)" + words)
	s.must(filepath.WalkDir(s.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if pattern.MatchString(path) || pattern.Match(text) {
			found = append(found, filepath.Base(path))
		}
		return err
	}))
	return found
}

// TestForget: nothing of it is left in any file, be it in pages that are free or
// in the log; what belongs to others stays, and that it happened.
func TestForget(t *testing.T) {
	t.Parallel()
	performAt(t, "", map[string]string{"globex.yaml": solo, "acme.yaml": acme}, mailtest.SMTPOptions{FileSent: true}, func(s *stage) {
		s.forgotten()
		if found := s.traces("noor|haddad|globex|platform group|still talking"); len(found) > 0 {
			t.Errorf("it is still to be found in %v", found)
		}
		if found := s.traces("ken@acme"); len(found) == 0 {
			t.Error("what belongs to the other application is gone as well")
		}
		s.open()
		s.happened("forgotten", "an application was forgotten; mails sent: 1, read: 1, from 3 Nov 2026 to 3 Nov 2026")
		s.until(12, 18, 0)
		s.want(map[string]int{"noor@globex.example": 1, "ken@acme.example": 1, "priya@acme.example": 1})
		if holds := s.statusJSON().Holds; len(holds) > 0 {
			t.Errorf("what the ledger knows of it holds the others: %v", holds)
		}
	})
}

// TestForgetOneOfTwoRoles: what keeps mail from somebody whom another application knows
// stays, be the company's domain named in the forgotten file alone.
func TestForgetOneOfTwoRoles(t *testing.T) {
	t.Parallel()
	other := strings.NewReplacer("domains: [globex.example]\n", "", "Backend Developer", "Team Lead", "id: video", "id: talk").Replace(solo)
	performAt(t, "", map[string]string{"globex.yaml": solo, "globex-lead.yaml": other}, mailtest.SMTPOptions{FileSent: true}, func(s *stage) {
		s.open()
		s.until(2, 18, 0)
		s.wantCommand("", "hold", "noor@globex.example", "--reason", "Noor asked not to be written to")
		s.close()
		s.wantCommand("globex is forgotten: 1 file removed", "forget", "globex")
		s.open()
		s.until(5, 18, 0)
		s.want(map[string]int{"noor@globex.example": 0})
	})
}

// TestPageForgets: the page forgets while the daemon runs, which stops for it and
// goes on without what it held in memory; a mail in doubt is refused.
func TestPageForgets(t *testing.T) {
	t.Parallel()
	doubtful := strings.NewReplacer("noor@", "drop-after-data@", "Noor Haddad", "Ada Quint", "the platform group", "the search team", "Globex", "Initech", "globex.example", "initech.example").Replace(solo)
	performAt(t, "", map[string]string{"globex.yaml": solo, "acme.yaml": acme, "initech.yaml": doubtful}, mailtest.SMTPOptions{}, func(s *stage) {
		s.world.WritesAt(s.clock.Now().Add(30*time.Hour), mailtest.Letter{From: "Noor Haddad <noor@globex.example>", Subject: "Your visit", Body: "Dear Dana, we are still talking about it. Noor"})
		s.open()
		s.said("acme.yaml", "onsite", panelSaid())
		s.wantCommand("", "set", "acme", "interviews[onsite].status", "held")
		s.files <- struct{}{}
		s.until(3, 18, 0)
		s.want(map[string]int{"noor@globex.example": 1, "ken@acme.example": 1})
		s.must(s.world.Expunge(mailtest.Sent, s.world.AcceptedTo("noor@globex.example")[0].MessageID))
		d := &desk{*s.house}
		if _, err := d.Forget(s.Context(), "globex", "another revision"); !errors.Is(err, web.ErrStale) {
			t.Errorf("a file that was edited meanwhile: %v", err)
		}
		if _, err := d.Forget(s.Context(), "initech", d.Revision("initech")); err == nil || !strings.Contains(err.Error(), "in doubt") {
			t.Errorf("what is in doubt: %v", err)
		}
		said, err := d.Forget(s.Context(), "globex", d.Revision("globex"))
		if err != nil || !strings.Contains(said, "globex is forgotten: 1 file removed") {
			t.Errorf("said %q, %v", said, err)
		}
		s.until(12, 18, 0)
		s.want(map[string]int{"noor@globex.example": 1, "ken@acme.example": 1, "priya@acme.example": 1})
		s.happened("forgotten", "an application was forgotten; mails sent: 1, read: 1")
		if found := s.traces("noor|haddad|globex|platform group|still talking"); len(found) > 0 {
			t.Errorf("it is still to be found in %v", found)
		}
	})
}

// TestForgottenAreNotThankedTwice: the ledger remembers whom it handed mail to,
// whether the file comes back under its name or another one, and however often
// its mails are approved by policy.
func TestForgottenAreNotThankedTwice(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]scheduler.State{"globex.yaml": scheduler.InDoubt, "globex-again.yaml": scheduler.Review} {
		t.Run(name, func(t *testing.T) {
			performAt(t, "", map[string]string{"globex.yaml": solo, "acme.yaml": acme}, mailtest.SMTPOptions{FileSent: true}, func(s *stage) {
				s.forgotten()
				s.write("interviews/"+name, strings.Replace(solo, "2026-11-02", "2026-11-03", 1))
				s.open()
				s.until(5, 18, 0)
				s.want(map[string]int{"noor@globex.example": 1})
				key := strings.TrimSuffix(name, ".yaml") + "/video/thank-you"
				if got := s.state(key); got != want && got != scheduler.Expired {
					t.Errorf("%s is %s, want %s\n%s", key, got, want, s.story())
				}
			})
		})
	}
}

// TestForgetRefuses: a daemon at work, a mail in doubt, and what nobody knows.
func TestForgetRefuses(t *testing.T) {
	t.Parallel()
	doubtful := strings.ReplaceAll(solo, "noor@", "drop-after-data@")
	performAt(t, "", map[string]string{"globex.yaml": doubtful}, mailtest.SMTPOptions{}, func(s *stage) {
		s.open()
		s.until(3, 18, 0)
		s.close()
		for _, c := range []struct{ app, words string }{
			{"globex", "globex/video/thank-you/drop-after-data@globex.example is in doubt"},
			{"nobody", `there is no application "nobody"`},
		} {
			if code, _, errs := s.command("forget", c.app); code != exitFailed || !strings.Contains(errs, c.words) || !strings.Contains(errs, "hint: ") {
				t.Errorf("forget %s: code %d, want %q in\n%s", c.app, code, c.words, errs)
			}
		}
		if len(s.traces("drop-after")) == 0 {
			t.Error("it was forgotten all the same")
		}
	})
}

// TestExport: one line of JSON for each thing, of the types that the document
// names, with the text that the server took.
func TestExport(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo, "acme.yaml": acme}, func(s *stage) {
		s.open()
		s.until(3, 18, 0)
		s.command("hold", "acme")
		_, out, errs := s.command("export")
		documented, err := os.ReadFile(filepath.Join("..", "..", "docs", "export.md"))
		s.must(err)
		seen := map[string]int{}
		for line := range strings.Lines(out) {
			var fields map[string]any
			if err := json.Unmarshal([]byte(line), &fields); err != nil {
				t.Fatalf("%v in %s", err, line)
			}
			kind, _ := fields["type"].(string)
			seen[kind]++
			for name := range fields {
				if seen[kind] == 1 && !strings.Contains(string(documented), "`"+name+"`") {
					t.Errorf("docs/export.md does not name the field %q of %q", name, kind)
				}
			}
			if !strings.Contains(string(documented), "| `"+kind+"` |") {
				t.Errorf("docs/export.md does not name the type %q", kind)
			}
		}
		for _, kind := range []string{"export", "file", "delivery", "mail", "event", "hold", "question", "notice", "folder", "value"} {
			if seen[kind] == 0 {
				t.Errorf("nothing of the type %q: %v %s", kind, seen, errs)
			}
		}
		if !strings.Contains(out, "the platform group grows from four people") || strings.Contains(out, "secret\n") {
			t.Error("the text of the mail is missing, or the password is there")
		}
		if seen["export"] != 1 || !slices.IsSorted([]int{0, strings.Index(out, `{"type":"export"`)}) {
			t.Error("the first line does not say what follows")
		}
	})
}

// TestPageForgetsAPerson: nothing of them is left in any file, what belongs to the
// others of their application stays, and so does that it happened; while an
// application of theirs is open, they are remembered.
func TestPageForgetsAPerson(t *testing.T) {
	t.Parallel()
	performAt(t, "", map[string]string{"globex.yaml": solo, "acme.yaml": acme}, mailtest.SMTPOptions{FileSent: true}, func(s *stage) {
		s.world.WritesAt(s.clock.Now().Add(30*time.Hour), mailtest.Letter{From: "Noor Haddad <noor@globex.example>", Subject: "Your visit", Body: "Dear Dana, we are still talking about it. Noor"})
		s.open()
		s.said("acme.yaml", "onsite", panelSaid())
		s.wantCommand("", "set", "acme", "interviews[onsite].status", "held")
		s.files <- struct{}{}
		s.until(3, 18, 0)
		s.want(map[string]int{"noor@globex.example": 1, "ken@acme.example": 1})
		d := &desk{*s.house}
		if _, err := d.ForgetPerson(s.Context(), "Noor@globex.example"); err == nil || !strings.Contains(err.Error(), "globex is still open") {
			t.Errorf("of an open application: %v", err)
		}
		if _, err := d.ForgetPerson(s.Context(), "nobody@globex.example"); !errors.Is(err, scheduler.ErrNotFound) {
			t.Errorf("whom nobody knows: %v", err)
		}
		s.wantCommand("", "hold", "noor@globex.example", "--reason", "Noor asked for some time")
		s.wantCommand("", "set", "globex", "status", "closed")
		s.files <- struct{}{}
		s.must(s.world.Expunge(mailtest.Sent, s.world.AcceptedTo("noor@globex.example")[0].MessageID))
		said, err := d.ForgetPerson(s.Context(), "Noor@globex.example")
		if err != nil || !strings.Contains(said, "a person was forgotten; mails sent: 1, read: 1") || strings.Contains(said, "still name them") {
			t.Errorf("said %q, %v", said, err)
		}
		if found := s.traces("noor|haddad|platform group|still talking"); len(found) > 0 {
			t.Errorf("they are still to be found in %v", found)
		}
		if found := s.traces("interviewer 1"); !slices.Equal(found, []string{"globex.yaml"}) {
			t.Errorf("their place stays in %v", found)
		}
		s.until(12, 18, 0)
		s.want(map[string]int{"noor@globex.example": 1, "ken@acme.example": 1, "priya@acme.example": 1})
		s.happened("forgotten", "a person was forgotten; mails sent: 1, read: 1")
		if found := s.traces("noor|haddad"); len(found) > 0 {
			t.Errorf("they are known again in %v", found)
		}
	})
}
