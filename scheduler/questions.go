package scheduler

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A question that only the user can answer is asked once, told at once, and withdrawn
// when events have answered it.

// The kinds of question that this file takes back, as their keys begin.
const (
	askedHappened   = "happened/"
	askedExpired    = "expired/"
	askedGate       = "gate/"
	askedMissed     = "missed/"
	askedOfMail     = "mail/" // and its Message-ID and the application
	askedGap        = "gap/"  // and the day, as the next
	askedUnreadable = "unreadable/"
	askedOffer      = "offer/"
	askedDeferred   = "deferred/"
	askedUnmade     = "unmade/"
	askedDoubt      = "doubt/" // of no stored question: a mail in doubt is one itself
)

// The pauses around an interview after which the user is asked whether it took
// place, and before an expiry after which the user is told again.
const (
	askAfterEnd     = 30 * time.Minute
	askBeforeSlot   = 3 * time.Hour
	askBeforeExpiry = 3 * time.Hour
)

// ask records a question and tells it once.
func ask(tx Tx, d Delivery, key, text string, now time.Time) error {
	return askAbout(tx, aboutQuestion(d), key, text, now)
}

// askAbout is ask where more is known of what an answer may say.
func askAbout(tx Tx, a About, key, text string, now time.Time) error {
	isNew, err := tx.Ask(Question{Key: key, Application: a.Application, Text: text, Asked: now})
	if err != nil || !isNew {
		return err
	}
	kind := noticeQuestion
	if strings.HasPrefix(key, askedExpired) {
		kind = noticeExpiry
	}
	return tellAbout(tx, Notice{Key: "question/" + key + "#" + now.UTC().Format(time.RFC3339), Kind: kind, At: now, Subject: "A question about " + firstOf(a.Application, "your account"), Text: text,
		Discreet: "A question waits for you."}, a)
}

func tell(tx Tx, n Notice) error {
	_, err := tx.Notify(n)
	return err
}

// askAll asks the questions of an application as a whole and withdraws those that are
// answered by now.
func askAll(tx Tx, f *Facts, now time.Time) error {
	if f.broken() != "" {
		return nil
	}
	for n := range f.Application.Interviews {
		if err := askHappened(tx, f, &f.Application.Interviews[n], now); err != nil {
			return err
		}
		if err := askAddress(tx, f, &f.Application.Interviews[n], now); err != nil {
			return err
		}
	}
	if err := askOffer(tx, f, now); err != nil {
		return err
	}
	if err := askMoved(tx, f, now); err != nil {
		return err
	}
	return takeBack(tx, f, now)
}

// isUnknown reports whether the user has to say whether a meeting took place.
func isUnknown(f *Facts, i *Interview, now time.Time) bool {
	return i.Status != InterviewCancelled && !tookPlace(i) && !f.Application.Status.Over() && !now.Before(i.End().Add(askAfterEnd))
}

// askHappened asks whether a meeting took place, who was there and what each
// said, and once more before the first note about it is due.
func askHappened(tx Tx, f *Facts, i *Interview, now time.Time) error {
	if !isUnknown(f, i, now) {
		return nil
	}
	about := aboutMeeting(f.Application.Stem, *i)
	text := fmt.Sprintf("Did %s with %s on %s take place, who was there, and what did each of them say? afterword debrief %s --round %s",
		TheInterview(i.ID), f.Application.Company, calendarDay(i.At, i.Zone), ShellWord(f.Application.Stem), ShellWord(i.ID))
	key := askedHappened + f.Application.Stem + "/" + i.ID
	if err := askAbout(tx, about, key, text, now); err != nil {
		return err
	}
	slot := firstSlot(f, i)
	if slot.IsZero() || now.Before(slot.Add(-askBeforeSlot)) || slot.Add(-askBeforeSlot).Before(i.End().Add(askAfterEnd)) {
		return nil
	}
	return tellAbout(tx, Notice{Key: "again/" + key + "@" + slot.UTC().Format(time.RFC3339), Kind: "question", At: now,
		Subject: "Still open: a question about " + f.Application.Stem, Text: text + "\nThe thank-yous wait for it.", Discreet: "A question still waits for you."}, about)
}

// firstSlot is when the first note about a meeting would leave.
func firstSlot(f *Facts, i *Interview) time.Time {
	var first time.Time
	for n := range f.Stored {
		d := &f.Stored[n]
		if d.Interview == i.ID && d.Kind == Owed && d.State.Open() && !d.Due.IsZero() && (first.IsZero() || d.Due.Before(first)) {
			first = d.Due
		}
	}
	return first
}

// askOffer asks, after an offer, about the follow-ups of every other application that
// is not on hold already.
func askOffer(tx Tx, f *Facts, now time.Time) error {
	names := f.askingBeside(now)
	if f.Application.Status != StatusOffer || len(names) == 0 {
		return nil
	}
	text := fmt.Sprintf("There is an offer from %s, and mail that asks it is held. Mail that asks others still goes on; stop it where you no longer want it: %s.",
		f.Application.Company, strings.Join(names, ", "))
	return ask(tx, Delivery{Application: f.Application.Stem}, askedOffer+f.Application.Stem, text, now)
}

// askingBeside are the other applications whose mail that asks still goes on, each with
// the command that stops it.
func (f *Facts) askingBeside(now time.Time) (names []string) {
	for o := range f.others() {
		going := o.Status == StatusActive || o.Status == StatusConsidered
		if going && heldBy(f, Delivery{Application: o.Stem, Kind: Asking}, now) == "" {
			names = append(names, fmt.Sprintf("%s (afterword hold %s)", o.Company, ShellWord(o.Stem)))
		}
	}
	return names
}

// askExpired asks about a mail that expired. Within three business days of the
// interview, thanks can still be sent as late thanks.
func askExpired(tx Tx, f *Facts, d Delivery, now time.Time) error {
	text := fmt.Sprintf("The mail to %s about %s (%s) was not sent: %s.", firstOf(d.To.Name, d.To.Email), firstOf(d.Company, d.Application), d.Key,
		strings.Replace(d.Why, itWaited, ". It waited: ", 1))
	if canBeLate(f, &d, now) {
		i, _ := f.Application.round(d.Interview)
		text += fmt.Sprintf(" Thanks can still be given late, until %s: afterword queue %s %s --to %s. Or leave it: afterword skip %s",
			lastForThanks(f, i, personOf(&f.Application, i, &d)).Words(), ShellWord(d.Application), templateLate, ShellWord(d.To.Email), ShellWord(d.Key))
	} else if d.goesOn(now) {
		text += fmt.Sprintf(" Send it all the same: afterword send %s. Or leave it: afterword skip %s", ShellWord(d.Key), ShellWord(d.Key))
	} else {
		text += fmt.Sprintf(" Write yourself, or leave it: afterword skip %s", ShellWord(d.Key))
	}
	return ask(tx, d, askedExpired+d.Key, text, now)
}

// thanksQueued reports whether the user queued late thanks in place of an expired
// thank-you. A thank-you that the user skipped is not asked about again.
func (f *Facts) thanksQueued(d *Delivery) bool {
	i, _ := f.Application.round(d.Interview)
	to := personOf(&f.Application, i, d)
	return d.Kind == Owed && slices.ContainsFunc(f.Stored, func(s Delivery) bool {
		return s.Interview == "" && s.Kind == Owed && s.Template != templateRejection && s.State != Cancelled &&
			!s.Began.Before(d.Began) && (hasAddress(to, s.To.Email) || samePerson(personOf(&f.Application, i, &s), to))
	})
}

// askAndTellOf writes the notices and questions of one open delivery.
func askAndTellOf(tx Tx, f *Facts, d *Delivery, v Verdict, now time.Time) error {
	if f.broken() != "" {
		return nil
	}
	if v.Ask && d.State == Approved && !d.Due.IsZero() && !now.Before(d.Due) {
		text := fmt.Sprintf("The mail to %s (%s) waits: %s. Leave it, or stop it: afterword skip %s", d.To.Name, d.Key, v.Why, ShellWord(d.Key))
		if err := ask(tx, *d, askedGate+d.Key, text, now); err != nil {
			return err
		}
	}
	if d.Missed >= tooManyMissed && !d.SendNow {
		text := fmt.Sprintf("The mail to %s (%s) missed %d times at which it could have left. Send it within %s: afterword send %s. Or give the step %q another hour in config.yaml.",
			d.To.Name, d.Key, d.Missed, f.Policy.Late, ShellWord(d.Key), d.Step)
		if err := ask(tx, *d, askedMissed+d.Key, text, now); err != nil {
			return err
		}
	}
	if d.State == Review {
		if err := tellReview(tx, f, d, now); err != nil {
			return err
		}
	}
	return tellBeforeExpiry(tx, f, d, v, now)
}

// tellReview tells that a mail waits for approval, once for each reason. That
// nobody knows whether the meeting took place is a question of its own.
func tellReview(tx Tx, f *Facts, d *Delivery, now time.Time) error {
	i, ok := f.Application.round(d.Interview)
	if ok && !met(i, d) {
		return nil
	}
	n := Notice{Key: "review/" + d.Key + "#" + d.Why, Kind: noticeReview, At: now,
		Subject: "Waits for you: the mail to " + d.To.Name,
		Text: fmt.Sprintf("The mail to %s (%s), due %s, waits for your approval: %s.\nRead it: afterword review %s\n%s",
			d.To.Name, d.Key, moment(d.Due, d.Zone, now), d.Why, ShellWord(d.Key), strings.Join(ways(d.Key, d.Findings), "\n")),
		Discreet: "A mail waits for your approval."}
	shown := ""
	if wantsReading(*d) {
		n.Text, shown = n.Text+"\n\n"+shownText(*d), d.TextHash
	}
	return tellAbout(tx, n, aboutMail(*d, shown))
}

// tellBeforeExpiry warns of a thank-you that will expire unless the user does something.
func tellBeforeExpiry(tx Tx, f *Facts, d *Delivery, v Verdict, now time.Time) error {
	if d.Kind != Owed || d.Expires.IsZero() || now.Before(d.Expires.Add(-askBeforeExpiry)) || d.State == Approved && leavesInTime(d, v) {
		return nil
	}
	n := Notice{Key: "expires/" + d.Key + "@" + d.Expires.UTC().Format(time.RFC3339), Kind: noticeExpiry, At: now,
		Subject: "Soon too late: the mail to " + d.To.Name,
		Text: fmt.Sprintf("The mail to %s (%s) leaves by %s or not at all. It waits: %s.%s",
			d.To.Name, d.Key, moment(d.Expires, d.Zone, now), firstOf(d.WaitingFor, v.Why), waysOn(f, d, now)),
		Discreet: "A mail is soon too late."}
	shown := ""
	if d.State == Review && wantsReading(*d) {
		n.Text, shown = n.Text+"\n\n"+shownText(*d), d.TextHash
	}
	return tellAbout(tx, n, aboutMail(*d, shown))
}

// waysOn are the commands that bring on a mail which waits for an approval, or for the end of
// a hold, as a sentence; "" where no command does.
func waysOn(f *Facts, d *Delivery, now time.Time) string {
	var all []string
	if h := longestHold(f, d, now); h != nil && !h.Stays() {
		all = append(all, h.EndCommand())
	}
	if d.State == Review {
		all = append(all, cmp.Or(ApproveCommand(d.Key, d.Findings), "afterword edit "+ShellWord(d.Key)))
	}
	if len(all) == 0 {
		return ""
	}
	return " To go on: " + strings.Join(all, ", and ")
}

// leavesInTime reports whether an approved mail will leave by itself before it expires:
// only its due time or the window keeps it.
func leavesInTime(d *Delivery, v Verdict) bool {
	return v.Open || !v.Until.IsZero() && v.Until.Before(d.Expires)
}

// takeBack withdraws the questions of the application that are answered by now.
func takeBack(tx Tx, f *Facts, now time.Time) error {
	open, err := tx.QuestionsOf(f.Application.Stem)
	if err != nil {
		return err
	}
	for _, q := range open {
		if stands(f, q.Key, now) {
			if d, ok := f.stored(strings.TrimPrefix(q.Key, askedExpired)); ok && d.State == Expired {
				if err := askExpired(tx, f, *d, now); err != nil { // late thanks have an end, too
					return err
				}
			}
			continue
		}
		if err := tx.Answer(q.Key); err != nil {
			return err
		}
		if err := confirmed(tx, f, q.Key); err != nil {
			return err
		}
	}
	return nil
}

// stands reports whether a question is still open. It is true for questions asked
// elsewhere.
func stands(f *Facts, key string, now time.Time) bool {
	delivery := func(prefix string, keep func(*Delivery) bool) bool {
		d, ok := f.stored(strings.TrimPrefix(key, prefix))
		return ok && keep(d)
	}
	if open, ours := suggestionStands(f, key, now); ours {
		return open
	}
	if open, ours := turnStands(f, key, now); ours {
		return open
	}
	if open, ours := movedStands(f, key); ours {
		return open
	}
	switch {
	case strings.HasPrefix(key, askedHappened):
		return slices.ContainsFunc(f.Application.Interviews, func(i Interview) bool {
			return key == askedHappened+f.Application.Stem+"/"+i.ID && isUnknown(f, &i, now)
		})
	case strings.HasPrefix(key, askedAddress):
		return slices.ContainsFunc(f.Application.Interviews, func(i Interview) bool {
			return key == askedAddress+f.Application.Stem+"/"+i.ID && len(unthanked(f, &i, now)) > 0
		})
	case strings.HasPrefix(key, askedExpired):
		return delivery(askedExpired, func(d *Delivery) bool {
			i, ok := f.Application.round(d.Interview)
			calledOff := ok && i.Status == InterviewCancelled
			return d.State == Expired && !f.Application.Status.Over() && !calledOff && !f.thanksQueued(d)
		})
	case strings.HasPrefix(key, askedGate):
		return delivery(askedGate, func(d *Delivery) bool { return d.State == Approved && Gate(f, d, now).Ask })
	case strings.HasPrefix(key, askedMissed):
		return delivery(askedMissed, func(d *Delivery) bool { return d.State.Open() && d.Missed >= tooManyMissed && !d.SendNow })
	case strings.HasPrefix(key, askedUnmade):
		return delivery(askedUnmade, func(d *Delivery) bool { return d.State.Open() && d.RetryAt.After(now) })
	case strings.HasPrefix(key, askedDeferred):
		return delivery(askedDeferred, func(d *Delivery) bool { return d.State.Open() && d.Failures > 0 })
	case strings.HasPrefix(key, askedDraft):
		return delivery(askedDraft, func(d *Delivery) bool { return d.State == Review })
	case strings.HasPrefix(key, askedOfMail):
		return !f.Application.Status.Over()
	case strings.HasPrefix(key, askedOffer):
		return f.Application.Status == StatusOffer && len(f.askingBeside(now)) > 0
	}
	return true
}

// ShellWord quotes a word for a POSIX shell, so that every command shown can be typed as
// it is.
func ShellWord(s string) string {
	if strings.ContainsAny(s, " \t\n'\"\\$`!*?;&|<>()[]{}#~^") {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	return s
}
