package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
)

// renameFile is an application with one interviewer, held.
const renameFile = `company: Acme
role: SRE
interviews:
  - id: onsite
    at: 2026-11-02 10:00
    status: held
    interviewers: [{name: Ken Osei, email: ken@acme.example, said: the pager moves to follow-the-sun in spring}]
`

// renamedSteps is the default sequence under other names.
const renamedSteps = `
sequences:
  default:
    - {step: thanks,   template: thank-you,   to: interviewers, after: 8h,  cron: "30 9 * * MON-FRI", expires: 48h}
    - {step: nudge-1, template: follow-up,   to: contact,      after: 4bd, cron: "0 10 * * TUE-FRI"}
    - {step: nudge-2, template: follow-up-2, to: contact,      after: 7bd, cron: "0 10 * * TUE-FRI"}
`

// renames are what a user renames while the program runs.
func renames() map[string]func(*stage) {
	return map[string]func(*stage){
		"the interview": func(s *stage) {
			s.edit("acme.yaml", strings.ReplaceAll(renameFile, "id: onsite", "id: panel-day"))
		},
		"the file": func(s *stage) {
			s.must(os.Rename(filepath.Join(s.dir, "interviews", "acme.yaml"), filepath.Join(s.dir, "interviews", "acme-sre.yaml")))
			s.files <- struct{}{}
			synctest.Wait()
		},
		"the steps": func(s *stage) {
			text, err := osReadFile(s.dir, "config.yaml")
			s.must(err)
			s.write("config.yaml", text+renamedSteps)
			s.files <- struct{}{}
			synctest.Wait()
		},
	}
}

// edit replaces an interview file, and lets the daemon see it.
func (s *stage) edit(name, text string) {
	s.Helper()
	s.write(filepath.Join("interviews", name), text)
	s.files <- struct{}{}
	synctest.Wait()
}

// TestRenamedNothingLeavesTwice: after the thank-you and one follow-up only the
// second follow-up leaves, whatever is renamed.
func TestRenamedNothingLeavesTwice(t *testing.T) {
	t.Parallel()
	for name, rename := range renames() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			perform(t, "", map[string]string{"acme.yaml": renameFile}, func(s *stage) {
				s.open()
				s.until(13, 12, 0)
				s.want(map[string]int{"ken@acme.example": 2})
				rename(s)
				s.until(30, 12, 0)
				s.want(map[string]int{"ken@acme.example": 3})
				bodies := map[string]bool{}
				for _, m := range s.world.AcceptedTo("ken@acme.example") {
					_, body, _ := strings.Cut(string(m.Raw), "\r\n\r\n")
					if bodies[body] {
						s.Errorf("the same text left twice:\n%s", body)
					}
					bodies[body] = true
				}
			})
		})
	}
}

// TestRenamedAnswerStands: after Ken's answer no follow-up leaves, whatever is
// renamed.
func TestRenamedAnswerStands(t *testing.T) {
	t.Parallel()
	for name, rename := range renames() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			perform(t, "", map[string]string{"acme.yaml": renameFile}, func(s *stage) {
				s.open()
				s.until(4, 15, 0)
				p, err := s.world.Person("Ken Osei <ken@acme.example>")
				s.must(err)
				p.Writes(s.clock.Now().Add(1), "Re: Thank you", "Hi Dana,\n\nthanks for your note, we will be in touch.\n\nKen\n")
				s.until(4, 18, 0)
				rename(s)
				s.until(28, 18, 0)
				s.want(map[string]int{"ken@acme.example": 1})
			})
		})
	}
}

// TestRenamedSkipStands: a thank-you that the user skipped stays skipped under
// the interview's new id.
func TestRenamedSkipStands(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"acme.yaml": renameFile}, func(s *stage) {
		s.open()
		s.until(2, 12, 0)
		if code, _, errs := s.command("skip", "thank-you"); code != 0 {
			s.Fatal(errs)
		}
		renames()["the interview"](s)
		s.until(4, 18, 0)
		s.want(map[string]int{"ken@acme.example": 0})
	})
}

// TestQueuedThanksDoNotLeaveTwice: whoever was thanked gets no second note that
// was queued by hand.
func TestQueuedThanksDoNotLeaveTwice(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"acme.yaml": renameFile}, func(s *stage) {
		s.open()
		s.until(3, 12, 0)
		s.want(map[string]int{"ken@acme.example": 1})
		if code, _, errs := s.command("queue", "acme", "thank-you-late", "--to", "Ken"); code != 0 {
			s.Fatal(errs)
		}
		if code, _, errs := s.command("approve", "acme//thank-you-late/ken", "--despite", "copy-paste"); code != 0 {
			s.Fatal(errs)
		}
		s.until(4, 18, 0)
		s.want(map[string]int{"ken@acme.example": 1})
	})
}

// TestCorrectedCompanyAndAddress: one edit of both is no new person.
func TestCorrectedCompanyAndAddress(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"acme.yaml": renameFile}, func(s *stage) {
		s.open()
		s.until(3, 12, 0)
		text := strings.ReplaceAll(strings.ReplaceAll(renameFile, "company: Acme", "company: Acme Corp"), "ken@acme", "k.osei@acme")
		s.edit("acme.yaml", strings.ReplaceAll(text, "the pager moves to follow-the-sun in spring", "every new engineer ships in the first week"))
		s.until(5, 18, 0)
		s.want(map[string]int{"ken@acme.example": 1, "k.osei@acme.example": 0})
	})
}
