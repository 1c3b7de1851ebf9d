package scheduler

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
	"afterword/scheduler/calendar"
)

// "Your turn": the user is told once of a person who asked something and got no reply
// within a business day. The question is remembered until then; whether it was answered
// is known only once the whole mailbox has been read after that day.

// askedTurn begins the keys of the questions that say whose turn it is.
const askedTurn = "turn/"

// metaAsks begins the names of what was asked: "asks/", the stem, "/", the
// Message-ID. The value is when to tell, a space, and the sentence.
const metaAsks = "asks/"

// turnAfter is how long the user may take to reply before being reminded.
func turnAfter() calendar.Span { return calendar.Span{BusinessDays: 1} }

// turnForgotten is the age in days from which unanswered mail is not mentioned any more:
// the machine was off, or the mailbox was read back for the first time.
const turnForgotten = 21

// askedIn is the sentence in which a mail asks something of the user, "" if none surely
// does. Calendar messages and robots need no reply by mail, and mail that may be forged
// or belong elsewhere has a question of its own.
func askedIn(in Incoming) string {
	m, r := in.Match, in.Reading
	stated := r.Rejection || r.NoMore || r.LeftFirm
	if r.Kind != mailer.Human || stated || in.Suspect || in.Unseen || m.Early || m.Strength == mailer.BySubject {
		return ""
	}
	if len(in.Rivals) > 0 && slices.Min(in.Rivals) < m.Application {
		return "" // told once, for the first of them
	}
	return firstOf(sentenceFor(in, mailer.Request), sentenceFor(in, mailer.NextStep), mailer.Question(in.Message.NewText))
}

// sentenceFor is the sentence that shows an intent, "" if none does.
func sentenceFor(in Incoming, want mailer.Intent) string {
	for _, h := range in.Reading.Hints {
		if h.Intent == want {
			return h.Sentence
		}
	}
	return ""
}

// turnDue is when a reply to mail that came at that time is late: one business day later
// in the user's zone, within mail hours.
func turnDue(pol Policy, arrived time.Time) time.Time {
	place := homeOf(pol)
	due := place.Add(arrived, turnAfter())
	if open, err := place.NextOpen(due); err == nil {
		return open
	}
	return due
}

// homeOf is the user's own place.
func homeOf(pol Policy) calendar.Place {
	return placeFor(&pol, &Application{}, &Interview{}, &Person{})
}

// turnOver says why it is not the user's turn after a mail, "" if it is.
func turnOver(f *Facts, m Mail, now time.Time) string {
	if f.Application.Status.Over() {
		return "the application is over"
	}
	if m.At.Before(now.AddDate(0, 0, -turnForgotten)) {
		return "it is long ago"
	}
	for _, x := range f.Mails {
		switch {
		case !x.At.After(m.At) || x.Failed:
		case x.Outgoing && (slices.Contains(x.References, m.MessageID) || f.isOneReader(x.Person, m.Person)):
			return "you answered"
		case strings.HasSuffix(x.MessageID, byHandID):
			return "you spoke to them elsewhere"
		case x.Class == string(mailer.CalendarRequest), x.Class == string(mailer.CalendarReply):
			return "a meeting was arranged since"
		}
	}
	return ""
}

// isOneReader reports whether two addresses are one person's.
func (f *Facts) isOneReader(a, b string) bool {
	return a == b || slices.ContainsFunc(f.Application.People(), func(p Person) bool { return hasAddress(&p, a) && hasAddress(&p, b) })
}

// noteAsked remembers that a mail asks something of the user.
func noteAsked(tx Tx, f *Facts, in Incoming) error {
	sentence := askedIn(in)
	if sentence == "" {
		return nil
	}
	due := turnDue(f.Policy, in.Arrived).UTC().Format(time.RFC3339)
	return tx.SetMeta(metaAsks+f.Application.Stem+"/"+in.Message.ID, due+" "+oneSpace(sentence))
}

// turnsDue lists the names of what was asked a business day ago.
func turnsDue(r Reader, now time.Time) ([]string, error) {
	names, err := r.MetaNames(metaAsks)
	if err != nil {
		return nil, err
	}
	var due []string
	for _, name := range names {
		value, err := r.Meta(name)
		if err != nil {
			return nil, err
		}
		text, _, _ := strings.Cut(value, " ")
		if at, err := time.Parse(time.RFC3339, text); err != nil || !now.Before(at) {
			due = append(due, name)
		}
	}
	return due, nil
}

// tellTurns tells which mails still wait for the user's reply. It is called after a
// complete look, so that replies were seen.
func (d *Daemon) tellTurns(ctx context.Context, due []string, now time.Time) error {
	if len(due) == 0 {
		return nil
	}
	return d.Store.Update(ctx, func(tx Tx) error {
		for _, name := range due {
			if err := tellTurn(tx, d.world, name, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// tellTurn tells one, unless it has answered itself. A file that cannot be read
// now may say that the application is over.
func tellTurn(tx Tx, w World, name string, now time.Time) error {
	value, err := tx.Meta(name)
	if err != nil {
		return err
	}
	stem, id, _ := strings.Cut(strings.TrimPrefix(name, metaAsks), "/")
	m, there, err := askedMail(tx, w, stem, id)
	if err != nil {
		return err
	}
	f, err := LoadFacts(tx, w, m.Application, now)
	if err != nil {
		return err
	}
	if there && f.broken() != "" {
		return nil
	}
	_, sentence, _ := strings.Cut(value, " ")
	if there && turnOver(f, m, now) == "" {
		if err := tellWhoseTurn(tx, f, m, sentence, now); err != nil {
			return err
		}
	}
	return tx.SetMeta(name, "")
}

// askedMail finds the mail that asked, under the name that its application's
// file has now.
func askedMail(r Reader, w World, stem, id string) (Mail, bool, error) {
	ms, err := r.Mails(MailQuery{MessageID: id})
	for _, m := range ms {
		if m.Application != stem || m.Outgoing {
			continue
		}
		if _, there := w.Applications[stem]; there {
			return m, true, err
		}
		for _, a := range w.Applications {
			if m.Company != "" && strings.EqualFold(oneSpace(a.Company), oneSpace(m.Company)) {
				m.Application = a.Stem
				return m, true, err
			}
		}
	}
	return Mail{}, false, err
}

// tellWhoseTurn asks and tells, once for each mail.
func tellWhoseTurn(tx Tx, f *Facts, m Mail, sentence string, now time.Time) error {
	stem, who := f.Application.Stem, firstOf(m.Name, m.Person)
	seen := "Nothing of yours to them lies in Sent since."
	if f.shut != "" {
		seen = "No answer of yours was seen since, but " + f.shut + " could not be read, which refuses the login."
	}
	text := fmt.Sprintf("Your turn: %s of %s wrote on %s (%s): %q %s Answered by phone or elsewhere? Then: afterword answered %s",
		who, f.Application.Company, moment(m.At, f.Policy.Me.zone().String(), now), m.Subject, sentence, seen, ShellWord(stem))
	key := askedTurn + m.MessageID + "/" + stem
	if isNew, err := tx.Ask(Question{Key: key, Application: stem, Text: text, Asked: now}); err != nil || !isNew {
		return err
	}
	return tellAbout(tx, Notice{Key: key, Kind: noticeTurn, At: now, Subject: "Your turn: " + who + " waits for an answer", Text: text,
		Discreet: "Somebody waits for an answer of yours."}, aboutNews(f.Application, now))
}

// turnStands reports whether a question of whose turn it is still stands. The
// flag tells whether the key is of one.
func turnStands(f *Facts, key string, now time.Time) (stands, ours bool) {
	rest, ours := strings.CutPrefix(key, askedTurn)
	id := strings.TrimSuffix(rest, "/"+f.Application.Stem)
	for _, m := range f.Mails {
		if ours && !m.Outgoing && m.MessageID == id {
			return turnOver(f, m, now) == "", true
		}
	}
	return false, ours
}

// answerTurns treats a mail of the user's as the reply to what it names and to
// everything its recipients asked before it. They need not be in any file.
func answerTurns(tx Tx, m mailer.Message, arrived time.Time) error {
	names, err := tx.MetaNames(metaAsks)
	if err != nil {
		return err
	}
	open, err := tx.Questions()
	if err != nil {
		return err
	}
	for _, name := range names {
		_, id, _ := strings.Cut(strings.TrimPrefix(name, metaAsks), "/")
		if answered, err := answersMail(tx, m, id, arrived); err != nil || !answered {
			if err != nil {
				return err
			}
			continue
		}
		if err := tx.SetMeta(name, ""); err != nil {
			return err
		}
	}
	for _, q := range open {
		rest, ours := strings.CutPrefix(q.Key, askedTurn)
		if !ours {
			continue
		}
		if answered, err := answersMail(tx, m, strings.TrimSuffix(rest, "/"+q.Application), arrived); err != nil || !answered {
			if err != nil {
				return err
			}
			continue
		}
		if err := tx.Answer(q.Key); err != nil {
			return err
		}
	}
	return nil
}

// answersMail reports whether the user's mail answers the one with that ID.
func answersMail(r Reader, m mailer.Message, id string, arrived time.Time) (bool, error) {
	if slices.Contains(m.InReplyTo, id) || slices.Contains(m.References, id) {
		return true, nil
	}
	asked, err := r.Mails(MailQuery{MessageID: id})
	return slices.ContainsFunc(asked, func(x Mail) bool {
		return !x.Outgoing && arrived.After(x.At) && slices.ContainsFunc(slices.Concat(m.To, m.Cc), func(a mailer.Address) bool {
			return NormalAddress(a.Addr) == x.Person
		})
	}), err
}
