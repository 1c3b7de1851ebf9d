package scheduler

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
)

// A notice can be answered by mail. The transaction that writes a notice to the outbox
// also stores what it is about and which answers it takes.

// About says which mail, application or question a notice concerns, so that an answer to
// it can be carried out.
type About struct {
	Subject     string              `json:"subject"`
	Application string              `json:"application,omitempty"`
	Key         string              `json:"key,omitempty"`        // of the delivery
	Round       string              `json:"round,omitempty"`      // id of the interview
	Person      string              `json:"person,omitempty"`     // somebody who was there, to show how names are written
	Invitation  string              `json:"invitation,omitempty"` // key of one that fits no application
	Attempt     int                 `json:"attempt,omitempty"`    // that is in doubt
	Shown       string              `json:"shown,omitempty"`      // TextHash of the text that stands in the notice: ok means that one
	Answers     []mailer.AnswerWord `json:"answers,omitempty"`
	Resume      bool                `json:"resume,omitempty"` // ok ends the pause of everything
	Thread      []string            `json:"thread,omitempty"` // Message-IDs that a confirmation goes on from, oldest first
}

// metaAbout is the beginning of the names under which that is kept; the notice's
// key follows.
const metaAbout = "about/"

// tellAbout is tell for a notice that can be answered.
func tellAbout(tx Tx, n Notice, a About) error {
	_, err := notifyAbout(tx, n, a)
	return err
}

func notifyAbout(tx Tx, n Notice, a About) (isNew bool, err error) {
	if n.Key, err = keyAnew(tx, n.Key); err != nil {
		return false, err
	}
	if isNew, err = tx.Notify(n); err != nil || !isNew {
		return isNew, err
	}
	a.Subject = n.Subject
	return true, saveJSON(tx, metaAbout+n.Key, a)
}

// metaOver is the beginning of the names under which it is kept that a notice was over
// before anybody was told; the notice's key follows.
const metaOver = "over/"

// keyAnew is the key under which a notice is told. What it asks for may come back (a mail
// is cancelled and wanted again): a notice that nobody was told then needs another key,
// since each key is told once.
func keyAnew(r Reader, key string) (string, error) {
	anew := key
	for n := 1; ; n++ {
		over, err := r.Meta(metaOver + anew)
		if err != nil || over == "" {
			return anew, err
		}
		anew = fmt.Sprintf("%s~%d", key, n)
	}
}

// joinAbout joins what notices are about to them.
func joinAbout(r Reader, notices []Notice) error {
	for n, notice := range notices {
		about, known, err := loadJSON[About](r, metaAbout+notice.Key)
		if err != nil {
			return err
		}
		if known {
			notices[n].About = &about
		}
	}
	return nil
}

// takes reports whether a word may answer. Stop may always.
func (a About) takes(w mailer.AnswerWord) bool {
	return w == mailer.AnswerStop || slices.Contains(a.Answers, w)
}

// aboutMail is what a notice about one mail that has not left is about. Shown is
// the hash of its text where that stands in the notice.
func aboutMail(d Delivery, shown string) About {
	a := About{Application: d.Application, Key: d.Key, Shown: shown}
	if shown != "" {
		a.Answers = append(a.Answers, mailer.AnswerOK)
	}
	a.Answers = append(a.Answers, mailer.AnswerSkip)
	if d.Kind == Asking {
		a.Answers = append(a.Answers, mailer.AnswerHeard)
	}
	return a
}

// aboutDoubt is what a notice about a mail in doubt is about.
func aboutDoubt(d Delivery) About {
	return About{Application: d.Application, Key: d.Key, Attempt: d.Attempt, Answers: []mailer.AnswerWord{mailer.AnswerSent, mailer.AnswerNotSent, mailer.AnswerDrop}}
}

// aboutQuestion is what a question is about that no other function knows better.
func aboutQuestion(d Delivery) About {
	if d.Key != "" {
		return aboutMail(d, "")
	}
	a := About{Application: d.Application}
	if d.Application != "" {
		a.Answers = append(a.Answers, mailer.AnswerHeard)
	}
	return a
}

// aboutMeeting is what the question whether a meeting took place is about.
func aboutMeeting(stem string, i Interview) About {
	a := About{Application: stem, Round: i.ID, Answers: []mailer.AnswerWord{mailer.AnswerOK, mailer.AnswerMoved}}
	if len(i.Interviewers) > 0 {
		a.Answers = append(a.Answers, mailer.AnswerSaid)
		a.Person, _, _ = strings.Cut(i.Interviewers[0].Name, " ")
	}
	return a
}

// aboutNews is what news of an application is about: the one interview that is
// still to come may have moved.
func aboutNews(a Application, now time.Time) About {
	about := About{Application: a.Stem, Answers: []mailer.AnswerWord{mailer.AnswerHeard}}
	var ahead []Interview
	for _, i := range a.Interviews {
		if i.Status == InterviewPlanned && i.At.After(now) {
			ahead = append(ahead, i)
		}
	}
	if len(ahead) == 1 {
		about.Round, about.Answers = ahead[0].ID, append(about.Answers, mailer.AnswerMoved)
	}
	return about
}

// HowToAnswer says in one line which answers the notice takes, "" if it is of no
// kind that asks for one.
func (a *About) HowToAnswer() string {
	if a == nil || len(a.Answers) == 0 {
		return ""
	}
	var words []string
	for _, w := range a.Answers {
		switch w {
		case mailer.AnswerOK:
			words = append(words, string(w)+a.means())
		case mailer.AnswerMoved:
			words = append(words, "moved 2026-12-03 14:00 (with the new date)")
		case mailer.AnswerSaid: // a sentence of its own
		case mailer.AnswerSkip:
			if word := string(w); a.Invitation != "" {
				words = append(words, word+" (it is no interview)")
			} else {
				words = append(words, word)
			}
		case mailer.AnswerSent:
			words = append(words, "sent (it arrived)")
		case mailer.AnswerNotSent:
			words = append(words, "not sent (it never arrived: the same mail may leave again)")
		case mailer.AnswerDrop:
			words = append(words, "drop (leave it at that)")
		case mailer.AnswerStop, mailer.AnswerHeard:
			words = append(words, string(w))
		}
	}
	words = append(words, "stop (nothing leaves any more)")
	line := "Answer this mail with: " + strings.Join(words[:len(words)-1], ", ")
	if len(words) > 1 {
		line += " or "
	}
	line += words[len(words)-1] + "."
	if slices.Contains(a.Answers, mailer.AnswerSaid) {
		line += fmt.Sprintf(" Or with one line for each person, such as \"%s: what they said\".", firstOf(a.Person, "Ken"))
	}
	return line
}

// means says what an ok means where that is not plain.
func (a *About) means() string {
	switch {
	case a.Resume:
		return " (mail may leave again)"
	case a.Round != "" && a.Key == "":
		return " (it took place)"
	}
	return ""
}

// wantsReading reports whether a mail has a text that can be approved as it
// stands.
func wantsReading(d Delivery) bool { return d.Text.Body != "" && !d.AnyData && !unwritten(d) }

// shownText is a mail's text as a notice shows it.
func shownText(d Delivery) string {
	return fmt.Sprintf("Subject: %s\n\n%s", d.Text.Subject, d.Text.Body)
}
