package mailer

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// intentMail is one invented mail with what a reader would say of it.
type intentMail struct {
	language string
	want     []string
	text     string // from the Subject line on
}

// readIntentMails reads a file of testdata/intents.
func readIntentMails(t *testing.T, name string) []intentMail {
	t.Helper()
	b, err := os.ReadFile("testdata/intents/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var all []intentMail
	for n, record := range strings.Split("\n"+string(b), "\n== ") {
		head, text, ok := strings.Cut(record, "\n")
		if n == 0 {
			continue // comments
		}
		labels := strings.Fields(head)
		if !ok || len(labels) < 2 {
			t.Fatalf("record %d of %s: %q", n, name, head)
		}
		want := slices.DeleteFunc(labels[1:], func(s string) bool { return s == "none" })
		slices.Sort(want)
		all = append(all, intentMail{labels[0], want, text})
	}
	return all
}

// intentsOf reads an invented mail as if it had come from a person.
func intentsOf(mail intentMail) (got []string, r Reading) {
	sent := time.Date(2026, 11, 25, 10, 0, 0, 0, time.FixedZone("", 3600))
	r = Classify(parse("From: Priya Nair <priya@acme.example>\nTo: dana@example.org\nMessage-ID: <1@acme.example>\nContent-Type: text/plain; charset=utf-8\n" +
		"Date: " + sent.Format(time.RFC1123Z) + "\n" + strings.Replace(mail.text, "\n", "\n\n", 1)))
	return intentNames(r), r
}

// tally counts, for each intent, what was found rightly, wrongly and not.
type tally struct{ right, wrong, missed int }

func scoreIntents(t *testing.T, file string) map[string]*tally {
	t.Helper()
	scores := map[string]*tally{}
	at := func(label string) *tally {
		name, _, _ := strings.Cut(label, "=")
		if scores[name] == nil {
			scores[name] = &tally{}
		}
		return scores[name]
	}
	for _, mail := range readIntentMails(t, file) {
		got, r := intentsOf(mail)
		for _, label := range got {
			if slices.Contains(mail.want, label) {
				at(label).right++
			} else {
				at(label).wrong++
				t.Logf("%s WRONG %s (%s): %q", mail.language, label, r.Kind, r.Hints)
			}
		}
		for _, label := range mail.want {
			if !slices.Contains(got, label) {
				at(label).missed++
				t.Logf("%s MISSED %s (%s): %.300q", mail.language, label, r.Kind, mail.text)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(scores)) {
		s := scores[name]
		t.Logf("%-10s right %3d, wrong %2d, missed %2d", name, s.right, s.wrong, s.missed)
	}
	return scores
}

// TestIntentsOfInventedMail holds the rules against mails that were invented
// for them, in nine languages. What is found rightly may only rise.
func TestIntentsOfInventedMail(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"first.txt", "second.txt", "third.txt"} {
		scores := scoreIntents(t, file)
		for name, s := range scores {
			if s.missed > 0 || s.wrong > 0 {
				t.Errorf("%s: %s: %+v", file, name, *s)
			}
		}
		if len(scores) < 5 {
			t.Errorf("%s shows only %d intents", file, len(scores))
		}
	}
}

// intentNames lists what a reading says of the application, as the files write
// it.
func intentNames(r Reading) (all []string) {
	short := map[Intent]string{LeftFirm: "left", NextStep: "next"}
	for _, h := range r.Hints {
		name := short[h.Intent]
		if name == "" {
			name = string(h.Intent)
		}
		if h.Intent == Decision {
			name += "=" + r.DecideBy.Format(time.DateOnly)
		}
		all = append(all, name)
	}
	return all
}

// TestNearMisses: what sounds like a verdict and is none. Those that are taken
// for one all the same are counted; there may be fewer of them, never more.
func TestNearMisses(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("testdata/intents/nearmisses.txt")
	if err != nil {
		t.Fatal(err)
	}
	all, wrong := 0, 0
	for line := range strings.Lines(string(b)) {
		language, text, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || language == "#" {
			continue
		}
		all++
		got, r := intentsOf(intentMail{language: language, text: "Subject: Re: Your talk\n" + text})
		for _, heavy := range []string{"rejection", "offer", "no_more", "left"} {
			if slices.Contains(got, heavy) {
				wrong++
				t.Logf("%s %s: %q", language, heavy, r.Sentence)
			}
		}
	}
	t.Logf("%d of %d near misses are taken for a verdict", wrong, all)
	if all < 260 || wrong > 7 { // the lunch, the job market, the desk of a neighbour, two parking spaces, a hotel, somebody else
		t.Errorf("%d of %d", wrong, all)
	}
}
