package scheduler

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"afterword/mailer"
)

// heldOut is one message of mailer/testdata/heldout, with the kinds and intents
// that a reader would give it.
type heldOut struct {
	path, kind, intents string
	message             mailer.Message
}

func readHeldOut(t *testing.T) []heldOut {
	t.Helper()
	folder := filepath.Join("..", "mailer", "testdata", "heldout")
	b, err := os.ReadFile(filepath.Join(folder, "labels.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var all []heldOut
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n")[1:] {
		f := strings.Split(line+"\t\t\t", "\t")
		raw, err := os.ReadFile(filepath.Join(folder, f[0]))
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := strings.Cut(f[1], "|")
		all = append(all, heldOut{f[0], kind, f[3], mailer.Parse(mailer.Split(raw))})
	}
	return all
}

// matched reads a message against the application of these letters.
func matched(g *guest, m mailer.Message) (in Incoming, r Reaction, ok bool) {
	c := candidate(g.facts.Application, map[string]string{"<aw.4f1c9e77a2b0@example.org>": "ken@acme.example"}, []string{"Thank you for yesterday", "Following up: Site Reliability Engineer"}, g.now)
	reading := mailer.Classify(m)
	matches := mailer.MatchAll(m, reading, g.now, []string{"dana@example.org"}, []mailer.Candidate{c}, mailer.LoadTables())
	if len(matches) == 0 {
		return Incoming{Message: m, Reading: reading}, Reaction{}, false
	}
	in = Incoming{Message: m, Reading: reading, Match: matches[0], Arrived: g.now}
	return in, React(&g.facts, in, g.now), true
}

// heldOutStrangers are letters of people that are none of the application's
// business, or that nothing ties to it.
var heldOutStrangers = map[string]bool{
	"first/h048-same-first-name.eml":    true, // another Ken
	"first/t017-calendly.eml":           true, // names neither company, role nor person
	"second/p37-recruiter-agency.eml":   true, // by a mailing tool, from an agency that no file names
	"second/a01-nomark-funny.eml":       true, // see heldOutKnown of package mailer
	"second/t13-surveys.eml":            true,
	"fifth/x12-ignore-instructions.eml": true, // a stranger's, to another subject
	"second/c08-publish-attachment.eml": true,
	"seventh/b16-other-address.eml":     true, // a report of mail to somebody else
	"seventh/z08-stranger.eml":          true,
	"eleventh/f02.eml":                  true, // of a service that no table knows; its subject names no company
	"eleventh/n34.eml":                  true, // from an agency that no file names
	"twelfth/r15.eml":                   true, // likewise
	"fourteenth/n15.eml":                true, // a friend's
	"fourteenth/n30.eml":                true, // a friend's
	"fourteenth/n40.eml":                true, // a friend's
	"fifteenth/n07.eml":                 true, // a friend's
	"fifteenth/n31.eml":                 true, // a friend's
	"fifteenth/n38.eml":                 true, // a friend's
	"sixteenth/n10.eml":                 true, // a friend's
	"sixteenth/n33.eml":                 true, // a friend's
	"sixteenth/n43.eml":                 true, // a friend's
	"seventeenth/n27.eml":               true, // a friend's
	"eighteenth/n13.eml":                true, // a friend's
	"twentyfirst/d11-en.eml":            true, // see heldOutKnown of package mailer
	"nineteenth/n09.eml":                true,
	"nineteenth/n19.eml":                true,
}

// heldOutUnsaid are verdicts in words that say none: see heldOutKnown of
// package mailer. Whoever writes so is heard, and nothing more is asked.
var heldOutUnsaid = map[string]bool{"ninth/o01.eml": true, "ninth/o03.eml": true, "eleventh/r46.eml": true, "twelfth/r05.eml": true, "eleventh/p05.eml": true,
	"fourteenth/r14.eml": true, "fifteenth/r10.eml": true, "fifteenth/r29.eml": true, "sixteenth/r36.eml": true, "sixteenth/r41.eml": true,
	"seventeenth/r07.eml": true, "seventeenth/r10.eml": true, "seventeenth/r36.eml": true, "eighteenth/r14.eml": true, "eighteenth/r22.eml": true,
	"nineteenth/r04.eml": true, "nineteenth/r05.eml": true, "nineteenth/r08.eml": true, "nineteenth/r09.eml": true, "nineteenth/r12.eml": true, "nineteenth/r13.eml": true,
	"nineteenth/r14.eml": true, "nineteenth/r24.eml": true, "twentyfirst/r12-en.eml": true,
	"twentysecond/o04-de.eml": true, "twentysecond/r07-en.eml": true, "twentysecond/r10-en.eml": true, "twentysecond/r11-en.eml": true, "twentysecond/r26-sv.eml": true,
	"twentysecond/r01-cs.eml": true, "twentysecond/r14-fi.eml": true, "twentythird/r01-cs.eml": true, "twentythird/r03-de.eml": true, "twentythird/r04-de.eml": true, "twentythird/r07-en.eml": true, "twentythird/r10-en.eml": true, "twentythird/r11-es.eml": true, "twentythird/r15-fr.eml": true, "twentythird/r16-it.eml": true, "twentythird/r17-nl.eml": true, "twentythird/r22-tr.eml": true}

// TestHeldOutMailHasTheRightEffect reads the held-out letters as mail to one
// application: whoever writes of it stops what asks, a verdict is told, and
// neither absence notes, reports, receipts nor newsletters end the silence.
func TestHeldOutMailHasTheRightEffect(t *testing.T) {
	t.Parallel()
	stopped, n := 0, 0
	for _, mail := range readHeldOut(t) {
		g := newGuest(t)
		g.facts.Application.Domains, g.facts.Application.Role = []string{"acme.example"}, "Site Reliability Engineer"
		g.now = time.Date(2026, 11, 25, 11, 0, 0, 0, time.UTC)
		_, r, ok := matched(g, mail.message)
		if heldOutStrangers[mail.path] {
			continue
		}
		n++
		stops := r.Answered || r.Question != "" || slices.ContainsFunc(r.Holds, func(h Hold) bool { return h.Scope == ScopeApplication })
		if stops {
			stopped++
		}
		verdict := strings.Contains(" "+mail.intents, " rejection") || strings.Contains(" "+mail.intents, " offer")
		switch mail.kind {
		case "human", "calendar_request", "calendar_cancel":
			if !stops {
				t.Errorf("%s: a person writes (match %v), and nothing waits: %+v", mail.path, ok, r)
			}
		case "auto_reply", "delay", "read_receipt", "bulk", "other":
			if r.Answered || r.NoMore {
				t.Errorf("%s: a program is heard as an answer: %+v", mail.path, r)
			}
		case "bounce":
			if r.Answered || r.Dead == "" && r.Question == "" && !strings.Contains(r.Row, "not final") {
				t.Errorf("%s: a bounce does nothing, or ends the silence: %+v", mail.path, r)
			}
		}
		outcome := slices.ContainsFunc(r.Holds, func(h Hold) bool { return h.Source == sourceOutcome })
		if verdict && !outcome && r.Question == "" && !heldOutUnsaid[mail.path] {
			t.Errorf("%s: a verdict is not told: %+v", mail.path, r)
		}
	}
	if n < 350 || stopped < 150 {
		t.Errorf("%d letters, of which %d stop what asks", n, stopped)
	}
}

// Who answers by a program in another's place and has left says nothing of the
// other's address.
func TestAColleagueWhoLeftIsNotTheOneWrittenTo(t *testing.T) {
	t.Parallel()
	check := func(from, dead string) {
		t.Helper()
		g := newGuest(t)
		m := mailer.Parse([]byte("From: "+from+"\r\nTo: dana@example.org\r\nSubject: Automatic reply: Thank you for yesterday\r\nAuto-Submitted: auto-replied\r\n"+
			"In-Reply-To: <aw.4f1c9e77a2b0@example.org>\r\nDate: Wed, 25 Nov 2026 10:00:00 +0100\r\n\r\n"), []byte("I no longer work for Acme.\r\n"))
		_, r, ok := matched(g, m)
		if !ok || r.Dead != dead || dead == "" && len(r.Holds) == 0 {
			t.Errorf("%s: %v %+v", from, ok, r)
		}
	}
	check("Ken Osei <ken@acme.example>", "ken@acme.example")
	check("Ken Osei <kosei@acme.example>", "ken@acme.example")
	check("Tom Hale <tom.hale@acme.example>", "")
}
