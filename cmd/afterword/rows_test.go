package main

import (
	"strings"
	"testing"
	"time"

	"afterword/mailer/mailtest"
)

// TestWhyTellsWhatCame delivers, to one application each, mail of the rows of
// the reply rules that no story of their own tells, and reads what `why` says
// of the follow-up: which row it was, on what evidence, and what holds.
func TestWhyTellsWhatCame(t *testing.T) {
	t.Parallel()
	const arh = "Authentication-Results: mx.example.org; dmarc=fail header.from=%.example\r\n"
	rows := []struct {
		stem, from, subject, extra, text string
		want                             []string
	}{
		{"colleague", "Jo Wu <jo@colleague.example>", "A question", "", "May I ask you something?", []string{"a colleague at the company writes: Jo Wu", "mail from colleague.example", "Jo Wu of Colleague wrote"}},
		{"robot", "Robot Hiring <no-reply@ashbyhq.com>", "Your application to Robot", "", "There is an update about your application to Robot.", []string{"a robot of the company or its recruiting system writes", "Ashby names the company", "an automatic mail about Robot came"}},
		{"challenge", "Noor Haddad <noor@challenge.example>", "Please confirm your message", "Auto-Submitted: auto-replied\r\n",
			"Your message is being held because your address is not in my allow list. To prove that you are a person and not a spammer, click the link below to confirm your message:\r\nhttps://x.example/confirm?x=1",
			[]string{"a challenge-response", "confirm that you are a person"}},
		{"forged", "Noor Haddad <noor@forged.example>", "Thanks", strings.ReplaceAll(arh, "%", "forged"), "Thank you, Dana!", []string{"a person of the application answers, but it failed the sender check (DMARC)", "a mail that failed the sender check says it is from Noor Haddad"}},
		{"delay", "Mail Delivery System <mailer-daemon@mx.example.org>", "Warning: message delayed", "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n",
			"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\nFinal-Recipient: rfc822; noor@delay.example\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\n--b--",
			[]string{"a delay notice: the server still tries", "the report names the address noor@delay.example"}},
		{"address", "Mail Delivery System <mailer-daemon@mx.example.org>", "Undelivered Mail", "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n",
			"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\nFinal-Recipient: rfc822; noor@address.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--",
			[]string{"a bounce that names only an address", "a bounce names the address noor@address.example"}},
	}
	files := map[string]string{}
	for _, r := range rows {
		company := strings.ToUpper(r.stem[:1]) + r.stem[1:]
		files[r.stem+".yaml"] = strings.NewReplacer("globex", r.stem, "Globex", company, "Backend", company).Replace(solo)
	}
	files["unsure.yaml"] = strings.NewReplacer("globex", "unsure", "Globex", "Unsure").Replace(solo)
	perform(t, "", files, func(s *stage) {
		s.open()
		s.until(4, 12, 0)
		for _, r := range rows {
			s.must(s.world.Deliver(mailtest.Inbox, letter(r.from, r.subject, r.extra, r.text), s.clock.Now()))
		}
		mails := s.world.AcceptedTo("noor@unsure.example")
		if len(mails) != 1 {
			t.Fatalf("%d mails went to noor@unsure.example\n%s", len(mails), s.story())
		}
		s.must(s.world.Deliver(mailtest.Inbox, letter("N <n@phone.example>", "Re: "+mails[0].Subject, "", "Thanks!"), s.clock.Now()))
		time.Sleep(time.Minute)
		check := func(stem string, want ...string) {
			_, out, errs := s.command("why", stem+"/video/follow-up-1")
			for _, words := range want {
				if !strings.Contains(out, words) {
					t.Errorf("why does not say %q of %s:\n%s%s", words, stem, out, errs)
				}
			}
		}
		for _, r := range rows {
			check(r.stem, r.want...)
		}
		check("unsure", "it fits by its words only: N", "only the subject fits", "a mail may belong to unsure")
	})
}
