package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"afterword/mailer/mailtest"
)

// The words of letters. They are plain ones: what odd words mean is tested where
// they are read.
const (
	humanWords     = "Thanks for your note. We will let you know."
	rejectionWords = "Unfortunately we have decided to move forward with other candidates. We wish you all the best."
	noMoreWords    = "Please do not contact me again."
	invitedWords   = "We would like to invite you to a second interview."
)

// marker is the field by which a letter of this world is known again.
const marker = "Thread-Topic"

// behave is what mail to a person leads to: the nth answer to the nth mail.
func (s *stage) behave(a Application, p Person) mailtest.Behaviour {
	return func(r mailtest.Received) []mailtest.Reaction {
		s.mu.Lock()
		defer s.mu.Unlock()
		n := s.taken[p.Email]
		s.taken[p.Email]++
		if n >= len(p.Answers) || p.Answers[n].Kind == "" {
			return nil
		}
		all := s.answer(r, s.spokenOf(a, p, oneLine(textOf(r.Mail.Raw))), p, p.Answers[n])
		if p.Answers[n].Second && s.second != nil {
			s.bringSecond(r.At, all)
			return nil
		}
		return all
	}
}

// spokenOf is the application of which a mail to somebody speaks: that of the role in its text,
// if they know two. An answer to what names neither belongs to none.
func (s *stage) spokenOf(a Application, p Person, text string) Application {
	var others []Application
	for _, b := range s.plan.Applications {
		if b.Stem != a.Stem && slices.ContainsFunc(b.Everybody(), func(q Person) bool { return q.Email == p.Email }) {
			others = append(others, b)
		}
	}
	if len(others) == 0 || strings.Contains(text, a.Role) {
		return a
	}
	for _, b := range others {
		if strings.Contains(text, b.Role) {
			return b
		}
	}
	a.Stem = ""
	return a
}

// script is a letter in mailtest's words.
func script(k Letter, after time.Duration, until time.Time) string {
	after = after.Truncate(time.Second)
	switch k {
	case OutOfOffice:
		return "out of office until " + until.Format(time.DateOnly)
	case Gone:
		return "has left the company"
	case Bounce:
		return "bounces after " + after.String()
	case Delay:
		return "delays after " + after.String()
	case Challenge:
		return "challenges"
	case Rejection:
		return fmt.Sprintf("answers after %s saying %s", after, rejectionWords)
	case NoMore:
		return fmt.Sprintf("answers after %s saying %s", after, noMoreWords)
	case Invitation:
		return fmt.Sprintf("answers after %s saying %s", after, invitedWords)
	}
	return fmt.Sprintf("answers after %s saying %s", after, humanWords)
}

// answer writes what a person, or a machine in their place, answers.
func (s *stage) answer(r mailtest.Received, a Application, p Person, how Answer) []mailtest.Reaction {
	b, err := mailtest.ParseBehaviour(script(how.Kind, how.After, r.At.AddDate(0, 0, 5)))
	if err != nil {
		panic(err) // the scripts are written above
	}
	all := b(r)
	for n := range all {
		l := &all[n].Letter
		all[n].Folder = how.Folder
		if how.Other != "" {
			l.From = fmt.Sprintf("%s <%s>", p.Name, how.Other)
		}
		if how.Kind == Forwarded {
			l.From = fmt.Sprintf("Robin Vale <%s>", how.Other)
		}
		if how.Loose {
			l.InReplyTo, l.References = "", nil
		}
		// Two letters at one instant would make two courses out of one seed.
		all[n].After += time.Duration(101+2*len(s.letters)) * time.Microsecond
		if how.Kind == Invitation {
			l.Body, l.Parts = "", invitation(l.Body, p, a, r.At.AddDate(0, 0, 9))
		}
		s.write(l, letter{Kind: how.Kind, Stem: a.Stem, From: p.Email, Folder: how.Folder, Fate: how.Fate})
	}
	return all
}

// write marks a letter, so that it is known again where it lies. It is called
// under mu.
func (s *stage) write(l *mailtest.Letter, as letter) {
	l.Extra = append(l.Extra, mailtest.Field{Name: marker, Value: "letter " + strconv.Itoa(len(s.letters))})
	s.letters = append(s.letters, as)
}

// invitation is a text with an event (RFC 5545).
func invitation(text string, p Person, a Application, at time.Time) []mailtest.Part {
	day := at.UTC().Format("20060102")
	event := fmt.Sprintf("BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:%s-%s@%s\nSEQUENCE:0\nDTSTAMP:%sT090000Z\nDTSTART:%sT130000Z\nDURATION:PT1H\n"+
		"SUMMARY:Second interview\nORGANIZER;CN=%s:mailto:%s\nATTENDEE;CN=Dana Reyes:mailto:dana@example.org\nEND:VEVENT\nEND:VCALENDAR\n",
		a.Stem, day, a.Domain, day, day, p.Name, p.Email)
	return []mailtest.Part{{Type: "text/plain; charset=utf-8", Body: text}, {Type: "text/calendar; charset=utf-8; method=REQUEST", Body: event}}
}

// unasked is mail that answers nothing.
func (s *stage) unasked(e Event) {
	a, p, found := s.personOf(e.Who, "")
	if !found {
		return
	}
	l := mailtest.Letter{From: fmt.Sprintf("%s <%s>", p.Name, p.address(e.N)), Subject: "Your interview at " + a.Company, Body: "Hi Dana,\n\n" + humanWords + "\n\n" + p.Name + "\n"}
	as := letter{Kind: Human, Stem: a.Stem, From: p.Email}
	switch e.Kind {
	case Robot:
		l.From, l.Subject = a.Company+" Careers <no-reply@"+a.Domain+">", "Your application at "+a.Company+": "+a.Role
		l.Body = "Dear Dana Reyes,\n\n" + rejectionWords + "\n\nThe team of " + a.Company + "\n"
		l.Extra = []mailtest.Field{{Name: "Auto-Submitted", Value: "auto-generated"}}
		as.Kind, as.From = Rejection, "no-reply@"+a.Domain
	case Newsletter:
		l.From, l.Subject, l.Body = "News <news@letters.example>", "Ten cooking recipes for rainy days", "Soup, bread and more.\n"
		l.Extra = []mailtest.Field{{Name: "List-Unsubscribe", Value: "<https://letters.example/u>"}, {Name: "List-Id", Value: "<news.letters.example>"}}
		as.Kind, as.Stem, as.From = Receipt, "", "news@letters.example"
	}
	s.mu.Lock()
	as.Fate = fate(rand.New(rand.NewPCG(e.N, s.plan.Seed)))
	s.write(&l, as)
	s.mu.Unlock()
	s.either(e).WritesAt(s.truth.Now(), l)
}

// personOf finds somebody by address in what the plan has left, of an application if they know
// several.
func (s *stage) personOf(address, stem string) (of Application, person Person, found bool) {
	for _, a := range s.plan.Applications {
		for _, p := range a.Everybody() {
			if p.Email == address && (!found || a.Stem == stem) {
				of, person, found = a, p, true
			}
		}
	}
	return of, person, found
}

// arrived notes when a mail came to lie in a folder.
func (s *stage) arrived(id string) {
	s.mu.Lock()
	s.heard[id] = s.truth.Now()
	s.mu.Unlock()
	s.fated(id)
}

// folders are those of the account; Sent and Drafts hold no answers.
func folders() []string {
	return []string{mailtest.Inbox, mailtest.Junk, mailtest.Archive, mailtest.Trash}
}
