package main

import (
	"strings"
	"testing"

	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// TestDoubtFromThePhone: what became of a mail in doubt is said in answer to its
// notice. Only "not sent" lets it leave again, once, and not where another attempt
// is in doubt by then; what is half said does nothing.
func TestDoubtFromThePhone(t *testing.T) {
	t.Parallel()
	const who = "drop-after-data@globex.example"
	doubtful := strings.ReplaceAll(solo, "noor@", "drop-after-data@")
	for _, c := range []struct {
		answer, confirmed string
		want              scheduler.State
		taken             int // by the server, at last
	}{
		{"sent", "Noted: the mail to Noor Haddad (globex/video/thank-you/" + who + ") arrived.", scheduler.Sent, 1},
		{"Drop it", "Dropped: the mail to Noor Haddad", scheduler.Cancelled, 1},
		{"sent, I think", "Nothing was done: what you answered was not understood", scheduler.InDoubt, 1},
		{"ok", `Nothing was done: "ok" is no answer to this mail`, scheduler.InDoubt, 1},
		{"Not sent", "The same mail leaves again after a last look", scheduler.InDoubt, 2}, // this server loses its answer every time
	} {
		t.Run(c.answer, func(t *testing.T) {
			performAt(t, "", map[string]string{"globex.yaml": doubtful}, mailtest.SMTPOptions{}, func(s *stage) {
				s.open()
				s.until(3, 9, 50)
				notice := s.noticed("In doubt")
				if text := strings.Join(strings.Fields(textOf(notice)), " "); !strings.Contains(text, "Answer this mail with: sent (it arrived), not sent (it never arrived: the same mail may leave again), drop (leave it at that) or stop") {
					t.Errorf("the notice reads\n%s", text)
				}
				s.answers(notice, phone{text: c.answer})
				s.confirmed(c.confirmed)
				s.until(3, 16, 0)
				if got := s.state("globex/video/thank-you"); got != c.want {
					t.Errorf("the thank-you is %s, want %s\n%s", got, c.want, s.story())
				}
				s.want(map[string]int{who: c.taken})
				if c.taken == 2 { // said of the first attempt, it does not hold for the second
					s.answers(notice, phone{id: "<phone-2@phone.example>", text: "not sent"})
					s.confirmed("was tried once more since")
					s.until(3, 17, 0)
					s.want(map[string]int{who: 2})
				}
			})
		})
	}
}
