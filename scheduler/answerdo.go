package scheduler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"afterword/mailer"
	"afterword/scheduler/calendar"
)

// What the user answers to a notice is done here, by the functions that the command
// line and the page use, and then confirmed in the same exchange. What the store
// keeps of it is written in one transaction; a file is written before, since
// writing the same again after a crash changes nothing.

// noticeAnswer is the kind of the notices that confirm an answer.
const noticeAnswer = "answer"

// answerAll carries out the answers that wait. Whatever it leaves for a failing store
// keeps mail from being claimed.
func (d *Daemon) answerAll(ctx context.Context) error {
	if !d.answersWait {
		return nil
	}
	var all []userAnswer
	err := d.Store.View(ctx, func(r Reader) error {
		names, err := r.MetaNames(metaAnswerWaits)
		for _, name := range names {
			x, _, err := loadJSON[keptAnswer](r, name)
			if err != nil {
				return err
			}
			all = append(all, userAnswer{id: strings.TrimPrefix(name, metaAnswerWaits), keptAnswer: x})
		}
		return err
	})
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b userAnswer) int { return cmp.Or(a.Arrived.Compare(b.Arrived), cmp.Compare(a.id, b.id)) })
	for _, x := range all {
		if err := d.carryOutAnswer(ctx, x); err != nil {
			return fmt.Errorf("carrying out an answer: %w", err)
		}
	}
	d.answersWait = false
	return nil
}

// userAnswer is one answer to a notice, while it is carried out.
type userAnswer struct {
	id string // Message-ID of the answer
	keptAnswer
	word mailer.AnswerWord // what it says, "" if that is not clear
}

// confirmation is what came of an answer: the words for the user, and what an answer
// to them would be about.
type confirmation struct {
	text  string
	about About
}

// carryOutAnswer does what one answer says, or finds out why not, and says so.
func (d *Daemon) carryOutAnswer(ctx context.Context, x userAnswer) error {
	now, w := d.Clock.Now(), d.worldNow()
	done := confirmation{about: x.About}
	said, ok := mailer.ReadAnswer(x.Text, endings(w.Policy.Me))
	x.word = said.Word
	var refused error
	switch {
	case !ok:
		refused = refuse("", "what you answered was not understood; one of the words below must stand alone on the first line")
	case !x.About.takes(said.Word):
		refused = refuse("", "%q is no answer to this mail", said.Word)
	case len(said.Said) > 0 && x.About.Round == "":
		refused = refuse("", "this mail asks for no names")
	default:
		var err error
		if refused, err = d.tooOld(ctx, x.keptAnswer); err != nil {
			return err
		}
	}
	useless := mailer.AnswerWord("") // what would be refused once more
	if refused == nil && inFile(x.About, said.Word) {
		done.text, refused = d.writeAnswer(w, x.keptAnswer, said, now)
		if refused != nil && said.Word == mailer.AnswerOK {
			useless = said.Word
		} else if refused == nil {
			if err := d.filesChanged(ctx); err != nil {
				return err
			}
		}
	}
	err := d.Store.Update(ctx, func(tx Tx) (err error) {
		if refused == nil && !inFile(x.About, said.Word) {
			if done, err = d.obey(tx, w, x.About, said.Word, now); err != nil {
				return err
			}
		}
		if refused != nil {
			return d.concludeNothing(tx, x, useless, refused, now)
		}
		return d.conclude(tx, x, done, nil, now)
	})
	if errors.Is(err, ErrUser) {
		refused = err
		err = d.Store.Update(ctx, func(tx Tx) error {
			return d.concludeNothing(tx, x, said.Word, refused, now)
		})
	}
	if err != nil {
		return err
	}
	d.Log.Info("answer", "word", string(said.Word), "key", x.About.Key, "application", x.About.Application, "done", refused == nil)
	if _, there := d.world.Applications[x.About.Application]; !there {
		return nil
	}
	return d.attendAll(ctx, []string{x.About.Application})
}

// concludeNothing says why an answer changed nothing, and offers the words that may still
// do something: not the useless one, nor those for a mail that is gone or settled, or for
// a meeting that is.
func (d *Daemon) concludeNothing(tx Tx, x userAnswer, useless mailer.AnswerWord, refused error, now time.Time) error {
	mail, err := Delivery{}, error(nil)
	if x.About.Key != "" {
		if mail, err = tx.Delivery(x.About.Key); ignoreMissing(err) != nil {
			return err
		}
	}
	about := x.About
	i, known := d.world.Applications[about.Application].Interview(about.Round)
	gone := about.Round != "" && about.Key == "" && (!known || i.Status == InterviewCancelled)
	about.Answers = slices.DeleteFunc(slices.Clone(about.Answers), func(w mailer.AnswerWord) bool {
		switch w {
		case mailer.AnswerOK, mailer.AnswerSkip:
			return w == useless || gone || about.Key != "" && !mail.State.Open()
		case mailer.AnswerSent, mailer.AnswerNotSent, mailer.AnswerDrop:
			return w == useless || mail.State != InDoubt
		case mailer.AnswerMoved, mailer.AnswerSaid:
			return gone
		case mailer.AnswerStop, mailer.AnswerHeard:
		}
		return w == useless
	})
	return d.conclude(tx, x, confirmation{"Nothing was done: " + sentence(refused), about}, refused, now)
}

// endings are the lines by which the user's own mails may end.
func endings(me Me) []string {
	first, _, _ := strings.Cut(me.Name, " ")
	return append(strings.Split(me.Signature, "\n"), me.Name, first)
}

// tooOld refuses an answer that came before a backup was put back: what it did then
// is not known any more, and what the user said since would be undone.
func (d *Daemon) tooOld(ctx context.Context, x keptAnswer) (refused, err error) {
	err = d.Store.View(ctx, func(r Reader) error {
		was, err := loadRestorations(r)
		if x.Arrived.Before(was.sure.At) || x.Arrived.Before(was.unsure.At) {
			refused = refuse("", "this answer came before a backup was put back and may have been carried out already; say it again if it still holds")
		}
		return err
	})
	return refused, err
}

// inFile reports whether a word changes a file and nothing else.
func inFile(a About, word mailer.AnswerWord) bool {
	return word == mailer.AnswerSaid || word == mailer.AnswerMoved || word == mailer.AnswerOK && a.Round != "" && a.Key == ""
}

// sentenceCase begins a sentence.
func sentenceCase(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// sentence is what went wrong with what to do about it.
func sentence(err error) string {
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) && hinted.Hint() != "" {
		return err.Error() + ". " + sentenceCase(hinted.Hint())
	}
	return err.Error() + "."
}

// writeAnswer writes what the answer says of a meeting into its file.
func (d *Daemon) writeAnswer(w World, x keptAnswer, said mailer.Answer, now time.Time) (string, error) {
	a, there := w.Applications[x.About.Application]
	i, known := a.Interview(x.About.Round)
	switch {
	case d.Scribe == nil:
		return "", refuse("", "the files cannot be changed from here")
	case !there || !known:
		return "", refuse("", "%s of %s is gone", TheInterview(x.About.Round), x.About.Application)
	case a.Broken != "":
		return "", refuse("Mend the file first.", "%s: %s", a.Stem, a.Broken)
	case said.Word != mailer.AnswerMoved:
		return d.Scribe.Held(a.Stem, i.ID, said.Said)
	}
	zone := w.Policy.Me.zone()
	at, timed, ok := mailer.ReadMoved(said.Rest, x.Arrived.In(zone))
	to := calendar.WallOf(at)
	if !timed {
		was := calendar.WallOf(i.At.In(i.Zone))
		to.Hour, to.Minute, to.Second = was.Hour, was.Minute, was.Second
	}
	switch {
	case !ok:
		return "", refuse("Write it as: moved 2026-12-03 14:00", "%q is not one day for sure", said.Rest)
	case to.Date.Before(dateIn(now, zone)) || now.AddDate(2, 0, 0).Before(at):
		return "", refuse("Write it as: moved 2026-12-03 14:00", "%s is no day on which they can meet you", to.Date)
	case i.Status != InterviewPlanned:
		return "", refuse("", "%s is %s", TheInterview(i.ID), i.Status)
	}
	return d.Scribe.Moved(a.Stem, i.ID, to)
}

// obey does what a word says that changes the store alone. Its refusals are ErrUser.
func (d *Daemon) obey(tx Tx, w World, a About, word mailer.AnswerWord, now time.Time) (confirmation, error) {
	s := &Service{Writers: d.Writers}
	switch word {
	case mailer.AnswerStop:
		h := Hold{Scope: ScopeEverything, Source: SourceUser, Set: now, Reason: "you answered stop"}
		about := About{Answers: []mailer.AnswerWord{mailer.AnswerOK}, Resume: true}
		return confirmation{"Everything is on hold: no mail leaves. Replies are still read.", about}, hold(tx, w, h)
	case mailer.AnswerHeard:
		about := About{Application: a.Application}
		return confirmation{fmt.Sprintf("Noted: you heard from %s. The follow-ups are cancelled.", company(w, a.Application)), about}, answered(tx, w, a.Application, now)
	case mailer.AnswerOK, mailer.AnswerSkip, mailer.AnswerSent, mailer.AnswerNotSent, mailer.AnswerDrop:
	case mailer.AnswerMoved, mailer.AnswerSaid: // in a file
	}
	if a.Resume {
		return confirmation{text: "The pause is over: what is due leaves as planned. What other reasons hold goes on waiting."}, endPause(tx, w, now)
	}
	if a.Invitation != "" {
		from, err := dismissLoose(tx, a.Invitation, now)
		return confirmation{text: fmt.Sprintf("Noted: it is no interview. Of invitations from %s you are not told again.", from)}, err
	}
	x, err := tx.Delivery(a.Key)
	if errors.Is(err, ErrNotFound) {
		err = refuse("", "the mail %s is gone", a.Key)
	}
	if err != nil {
		return confirmation{}, err
	}
	if word == mailer.AnswerSent || word == mailer.AnswerNotSent || word == mailer.AnswerDrop {
		return settleAsSaid(tx, x, a, word, now)
	}
	if word == mailer.AnswerSkip {
		_, err := skip(tx, x, "you answered skip", now)
		return confirmation{fmt.Sprintf("Skipped: the mail to %s (%s) does not leave.", x.To.Name, x.Key), About{Application: a.Application}}, err
	}
	if err := s.unchanged(tx, w, x, a.Shown, now); errors.Is(err, ErrStale) {
		return s.askAnew(tx, w, a, x, now)
	} else if err != nil {
		return confirmation{}, err
	}
	if x, err = s.approve(tx, w, x, nil, now); err != nil {
		return confirmation{}, err
	}
	text := fmt.Sprintf("Approved: the mail to %s (%s) leaves on %s.", x.To.Name, x.Key, moment(x.When(), x.Zone, now))
	if x.WaitingFor != "" {
		text = fmt.Sprintf("Approved: the mail to %s (%s). It still waits: %s.", x.To.Name, x.Key, x.WaitingFor)
	}
	return confirmation{text, aboutMail(x, "")}, nil
}

// settleAsSaid does what the user says of a mail in doubt. That it never arrived
// holds for the attempt that the notice told of: what was tried since may have.
func settleAsSaid(tx Tx, d Delivery, a About, word mailer.AnswerWord, now time.Time) (confirmation, error) {
	if word == mailer.AnswerNotSent && d.State == InDoubt && d.Attempt != a.Attempt {
		return confirmation{}, refuse("Answer the notice about that one.", "the mail to %s (%s) was tried once more since, and that is in doubt now", d.To.Name, d.Key)
	}
	d, err := resolve(tx, d, strings.ReplaceAll(string(word), " ", "-"), now)
	if err != nil {
		return confirmation{}, err
	}
	done := confirmation{about: About{Application: d.Application}}
	switch {
	case word == mailer.AnswerSent:
		done.text = fmt.Sprintf("Noted: the mail to %s (%s) arrived.", d.To.Name, d.Key)
	case word == mailer.AnswerDrop:
		done.text = fmt.Sprintf("Dropped: the mail to %s (%s) does not leave again.", d.To.Name, d.Key)
	case d.State == Approved:
		done.text = fmt.Sprintf("Noted: the mail to %s (%s) never arrived. The same mail leaves again after a last look at your mailbox, if nothing else keeps it.", d.To.Name, d.Key)
		done.about = aboutMail(d, "")
	default:
		done.text = fmt.Sprintf("Noted: the mail to %s (%s) never arrived. It is %s: %s.", d.To.Name, d.Key, d.State, d.Why)
	}
	return done, nil
}

// company is the name that the user knows an application by.
func company(w World, stem string) string { return firstOf(w.Applications[stem].Company, stem) }

// endPause ends the user's own pause of everything, and no other hold.
func endPause(tx Tx, w World, now time.Time) error {
	n, err := tx.Lift(ScopeEverything, "", SourceUser)
	if err != nil {
		return err
	}
	if n == 0 {
		return refuse("", "nothing is paused any more")
	}
	e := Event{At: now, Actor: ActorUser, What: "resumed", To: string(ScopeEverything), Why: "you resumed it"}
	if err := tx.Log(e); err != nil {
		return err
	}
	return wakeHeld(tx, w, ScopeEverything, "", now)
}

// askAnew shows a mail that says something else than what was approved.
func (s *Service) askAnew(tx Tx, w World, a About, d Delivery, now time.Time) (confirmation, error) {
	f, err := s.changeable(tx, w, d, now)
	if err != nil {
		return confirmation{}, err
	}
	made, err := s.Writers.write(f, &d, now)
	if err != nil {
		return confirmation{}, refuse("mend the template or the facts", "writing the mail: %v", err)
	}
	d.Text = made.text
	a.Shown = TextHash(d.To, made.text)
	return confirmation{fmt.Sprintf("Not approved: the mail to %s (%s) says something else by now. As it stands:\n\n%s", d.To.Name, d.Key, shownText(d)), a}, nil
}

// conclude remembers that an answer was carried out, and confirms it.
func (d *Daemon) conclude(tx Tx, x userAnswer, done confirmation, refused error, now time.Time) error {
	if err := tx.SetMeta(metaAnswerWaits+x.id, ""); err != nil {
		return err
	}
	if err := tx.SetMeta(metaAnswerDone+x.id, now.UTC().Format(time.RFC3339)); err != nil {
		return err
	}
	why := fmt.Sprintf("you answered %q to a notice", x.word)
	if refused != nil {
		why = "your answer to a notice changed nothing"
	}
	e := Event{At: now, Key: x.About.Key, Application: x.About.Application, Actor: ActorUser, What: "answered by mail", Why: why, Evidence: x.id}
	if err := tx.Log(e); err != nil {
		return err
	}
	done.about.Thread = append(slices.Clone(x.About.Thread), d.Name(NoticeName(x.Notice)), x.id)
	n := Notice{Key: "answered/" + x.id, Kind: noticeAnswer, At: now, Subject: x.About.Subject, Text: done.text, Discreet: "An answer of yours was read."}
	return tellAbout(tx, n, done.about)
}
