package scheduler

import (
	"strings"
	"testing"
)

// TestAMeetingMovedBehindItsNote is told once, and taken back when the date is
// put right, somebody thanks the person, or the meeting is called off.
func TestAMeetingMovedBehindItsNote(t *testing.T) {
	t.Parallel()
	moved := with(acme(onsite(person("Ken"), person("Mara"))), func(f *Facts) {
		f.sent("thank-you", "ken@acme.example", paris("2026-11-24 09:30"))
		f.Application.Interviews[0].At = paris("2026-12-01 14:00")
	})
	s, now := newMemory(), paris("2026-11-25 12:00")
	asked := func(f Facts) []string {
		t.Helper()
		var keys []string
		err := s.Update(t.Context(), func(tx Tx) error {
			if err := askAll(tx, &f, now); err != nil {
				return err
			}
			open, err := tx.Questions()
			for _, q := range open {
				if strings.HasPrefix(q.Key, askedMoved) {
					keys = append(keys, q.Key)
				}
				if !strings.Contains(q.Text, "Tue 24 Nov 2026") || !strings.Contains(q.Text, "Tue 1 Dec 2026") {
					t.Errorf("the question does not name both days: %s", q.Text)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return keys
	}
	const key = "moved/acme/onsite/thank-you/ken@acme.example"
	for name, f := range map[string]Facts{
		"moved back": with(moved, func(f *Facts) { f.Application.Interviews = []Interview{onsite(person("Ken"), person("Mara"))} }),
		"called off": with(moved, func(f *Facts) { f.Application.Interviews = []Interview{cancelledRound(f.Application.Interviews[0])} }),
		"left the file": with(moved, func(f *Facts) {
			i := f.Application.Interviews[0]
			i.Interviewers = []Person{person("Mara")}
			f.Application.Interviews = []Interview{i}
		}),
		"over": with(moved, func(f *Facts) { f.Application.Status = StatusRejected }),
		"thanked anew": with(moved, func(f *Facts) {
			f.Mails = append(f.Mails, Mail{MessageID: "<x>", Outgoing: true, Person: "ken@acme.example", At: paris("2026-12-02 09:00")})
		}),
	} {
		for range 2 {
			if got := asked(moved); len(got) != 1 || got[0] != key {
				t.Fatalf("asked %q, want %q", got, key)
			}
		}
		if got := asked(f); len(got) != 0 {
			t.Errorf("%s: %q still stand", name, got)
		}
	}
}

// TestAMovedMeetingWithWhomNobodyReaches: to an address that is dead no further note is
// proposed.
func TestAMovedMeetingWithWhomNobodyReaches(t *testing.T) {
	t.Parallel()
	for dead, want := range map[bool]bool{false: true, true: false} {
		f := with(acme(onsite(person("Ken"))), func(f *Facts) {
			f.sent("thank-you", "ken@acme.example", paris("2026-11-24 09:30"))
			f.Application.Interviews[0].At = paris("2026-12-01 14:00")
			if dead {
				f.Mails = append(f.Mails, Mail{MessageID: "<gone@acme.example>", Application: "acme", Person: "ken@acme.example", Class: "auto_reply", Failed: true, At: paris("2026-11-24 10:00")})
			}
		})
		s := newMemory()
		if err := askAll(s, &f, paris("2026-11-25 12:00")); err != nil {
			t.Fatal(err)
		}
		if len(s.questions) != 1 || strings.Contains(s.questions[0].Text, "afterword queue") != want {
			t.Errorf("dead: %v, asked %+v", dead, s.questions)
		}
	}
}

func cancelledRound(i Interview) Interview {
	i.Status = InterviewCancelled
	return i
}
