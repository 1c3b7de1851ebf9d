package scheduler

import (
	"fmt"
	"time"

	"afterword/mailer"
)

// Incoming is one message of somebody else, read and matched to an application.
type Incoming struct {
	Message mailer.Message
	Reading mailer.Reading
	Match   mailer.Match
	Arrived time.Time
	Suspect bool // it fails DMARC: it may hold, never cancel
	Unseen  bool // it cannot be read
}

// Reaction is what one row of DESIGN section 6 does. Empty fields do nothing.
type Reaction struct {
	Row      string // the row, in words; event and evidence for `why`
	Dead     string // address that is dead: what is open to it is cancelled
	Bounced  string // Message-ID of ours that came back
	Answered bool   // asking mail of the application is cancelled
	NoMore   bool   // nobody there is to be written to any more
	Holds    []Hold
	Question string
	Tell     string // for the user, "" for nothing to tell
}

// React finds the first row of the table that fits, and adds what a hinted
// rejection or offer adds. It never causes a send.
func React(f Facts, in Incoming, now time.Time) Reaction {
	if in.Match.Early {
		return reactEarly(f, in)
	}
	r := firstRow(f, in, now)
	r = addHints(f, in, r)
	if in.Suspect {
		r = mistrust(f, in, r)
	}
	for n := range r.Holds {
		r.Holds[n].Set = now
	}
	return r
}

// reactEarly is for mail that came before the interview: it may change the
// interview, nothing else.
func reactEarly(f Facts, in Incoming) Reaction {
	switch in.Reading.Kind {
	case mailer.CalendarRequest, mailer.CalendarCancel:
		return Reaction{Row: "an invitation before the interview", Question: invitationQuestion(f, in)}
	}
	return Reaction{Row: "mail before the interview"}
}

func firstRow(f Facts, in Incoming, now time.Time) Reaction {
	switch in.Reading.Kind {
	case mailer.Bounce:
		return reactBounce(f, in)
	case mailer.Delay:
		return Reaction{Row: "a delay notice: the server still tries"}
	case mailer.Challenge:
		return Reaction{Row: "a challenge-response", Holds: []Hold{personHold(in, "challenge", true, "their mail system asks you to confirm that you are a person")},
			Tell: "The mail system of " + sender(in) + " wants you to confirm that you are a person. Follow-ups to them wait."}
	case mailer.AutoReply:
		return reactAway(f, in, now)
	case mailer.CalendarRequest, mailer.CalendarReply, mailer.CalendarCancel:
		return reactInvitation(f, in)
	case mailer.Bulk, mailer.ReadReceipt, mailer.Other:
		return Reaction{Row: "a " + string(in.Reading.Kind) + ": nothing to do"}
	case mailer.Human:
		return reactHuman(f, in)
	}
	return reactRobot(f, in)
}

// reactBounce: an address that is surely dead ends what goes there; one that
// only seems so holds it.
func reactBounce(f Facts, in Incoming) Reaction {
	address := in.Match.Person
	switch {
	case in.Reading.Class != mailer.Permanent:
		return Reaction{Row: "a bounce that is not final: noted"}
	case in.Match.OurID != "" && address != "":
		return Reaction{Row: "a permanent bounce of our mail", Dead: address, Bounced: in.Match.OurID,
			Tell: fmt.Sprintf("Mail to %s came back: %s", address, firstOf(in.Reading.Status, "the address does not exist"))}
	}
	return Reaction{Row: "a bounce that names only an address", Holds: []Hold{personHold(in, "bounce", false, "a bounce names the address "+address)},
		Question: fmt.Sprintf("A bounce names %s but none of our mails. Is the address right?", address)}
}

// awayWithoutDate is how many business days somebody is taken to be away who
// does not say until when.
const awayWithoutDate = 3

// reactAway: the person is away in all applications, or has left for good.
func reactAway(f Facts, in Incoming, now time.Time) Reaction {
	if in.Reading.LeftFirm {
		return Reaction{Row: "they have left the company", Dead: in.Match.Person, Tell: sender(in) + " has left the company: " + in.Reading.Sentence}
	}
	place := placeFor(f.Policy, f.Application, latestRound(f, now), Person{})
	until := place.StartOfDay(place.AddBusinessDays(dateIn(in.Arrived, place.Zone), awayWithoutDate))
	words := "no date of return"
	if back := in.Reading.ReturnDate; !back.IsZero() {
		until = place.StartOfDay(place.AddBusinessDays(dateIn(back, back.Location()), 1))
		words = "back on " + back.Format("Mon 2 Jan")
	}
	return Reaction{Row: "out of office, " + words, Holds: []Hold{withEnd(personHold(in, "away", false, sender(in)+" is out of office, "+words), until)}}
}

// reactInvitation: a meeting is being arranged, so nobody asks meanwhile.
func reactInvitation(f Facts, in Incoming) Reaction {
	r := Reaction{Row: "a calendar message", Question: invitationQuestion(f, in)}
	r.Holds = []Hold{applicationHold(f, "invitation", true, in.Arrived, "a meeting is being arranged with "+f.Application.Company)}
	if in.Reading.Kind == mailer.CalendarCancel {
		r.Row = "a cancelled invitation"
		r.Holds = append(r.Holds, applicationHold(f, "cancellation", false, in.Arrived, "an interview with "+f.Application.Company+" seems to be cancelled"))
	}
	return r
}

func invitationQuestion(f Facts, in Incoming) string {
	return fmt.Sprintf("%s sent a calendar message (%s) for %s: is there a new, moved or cancelled interview?", sender(in), in.Message.Subject, f.Application.Stem)
}

// reactHuman: somebody of the application wrote.
func reactHuman(f Facts, in Incoming) Reaction {
	m := in.Match
	switch {
	case in.Reading.NoMore:
		return Reaction{Row: "they ask not to be written to", NoMore: true, Answered: true,
			Holds: []Hold{personHold(in, sourceNoMore, false, sender(in)+" asked not to be written to any more"),
				{Scope: ScopeApplication, Target: f.Application.Stem, Source: sourceNoMore, Asking: true, Reason: sender(in) + " asked not to be written to any more"}},
			Tell: sender(in) + " asks not to be written to any more: " + in.Reading.Sentence}
	case m.Strength == 6:
		return Reaction{Row: "it fits by its words only", Holds: []Hold{applicationHold(f, "unsure", true, in.Arrived, "a mail may belong to "+f.Application.Stem)},
			Question: fmt.Sprintf("Does the mail %q from %s belong to %s?", in.Message.Subject, sender(in), f.Application.Stem)}
	case m.Recruiter:
		return reactRecruiter(f, in)
	case m.Interviewer:
		return Reaction{Row: "a person of the application answers", Answered: f.Policy.Replies.Interviewer != ReplyRestarts,
			Tell: fmt.Sprintf("%s answered (%s). The follow-ups to %s are cancelled.", sender(in), in.Message.Subject, f.Application.Company)}
	}
	return Reaction{Row: "a colleague at the company writes",
		Holds: []Hold{applicationHold(f, "colleague", true, in.Arrived, sender(in)+" of "+f.Application.Company+" wrote")},
		Tell:  fmt.Sprintf("%s wrote (%s). Follow-ups to %s wait: afterword resume %s", sender(in), in.Message.Subject, f.Application.Company, f.Application.Stem)}
}

// reactRecruiter pauses: all of it once any mail of ours has left, since the
// recruiter then answers, else only what asks.
func reactRecruiter(f Facts, in Incoming) Reaction {
	all := f.Policy.Replies.Recruiter != PauseFollowUps && (anyLeft(f) || in.Reading.Rejection)
	h := applicationHold(f, "recruiter", !all, in.Arrived, "the recruiter "+sender(in)+" wrote")
	return Reaction{Row: "the recruiter writes", Holds: []Hold{h},
		Tell: fmt.Sprintf("%s wrote (%s). The application is paused; go on with: afterword resume %s", sender(in), in.Message.Subject, f.Application.Stem)}
}

// reactRobot: a robot of the company or of an applicant-tracking system may
// carry the answer itself.
func reactRobot(f Facts, in Incoming) Reaction {
	return Reaction{Row: "a robot of the company or its recruiting system writes",
		Holds: []Hold{applicationHold(f, "robot", true, in.Arrived, "an automatic mail about "+f.Application.Company+" came")},
		Tell:  fmt.Sprintf("An automatic mail about %s came: %s. %s Follow-ups wait: afterword resume %s", f.Application.Company, in.Message.Subject, in.Reading.Sentence, f.Application.Stem)}
}

// addHints adds the row of a hinted rejection or offer: the stricter of two
// effects holds.
func addHints(f Facts, in Incoming, r Reaction) Reaction {
	if !in.Reading.Rejection && !in.Reading.Offer {
		return r
	}
	switch in.Reading.Kind {
	case mailer.Human, mailer.Notification, mailer.CalendarCancel:
	default:
		return r
	}
	what, status := "a rejection", StatusRejected
	if in.Reading.Offer {
		what, status = "an offer", StatusOffer
	}
	r.Row += ", it seems to be " + what
	r.Holds = append(r.Holds, applicationHold(f, sourceOutcome, false, in.Arrived, "a mail from "+sender(in)+" seems to be "+what))
	r.Question = fmt.Sprintf("Is this %s for %s? %q. If it is, write `status: %s` into its file; if not: afterword resume %s --confirm", what, f.Application.Stem, in.Reading.Sentence, status, f.Application.Stem)
	r.Tell = fmt.Sprintf("%s wrote (%s), and it seems to be %s. Everything to %s waits for your word.", sender(in), in.Message.Subject, what, f.Application.Company)
	return r
}

// mistrust turns what would cancel into a hold: the sender may be forged.
func mistrust(f Facts, in Incoming, r Reaction) Reaction {
	if r.Answered || r.NoMore || r.Dead != "" {
		r.Holds = append(r.Holds, applicationHold(f, "suspect", true, in.Arrived, "a mail that failed its sender check says it is from "+sender(in)))
		r.Question = firstOf(r.Question, fmt.Sprintf("Is the mail %q really from %s? It failed the sender check.", in.Message.Subject, sender(in)))
	}
	r.Answered, r.NoMore, r.Dead, r.Bounced = false, false, "", ""
	return r
}

// sourceNoMore and sourceOutcome mark holds that a plain `resume` of everything
// leaves: a person's wish, and a rejection or offer that nobody has confirmed.
const (
	sourceNoMore  = "no-more"
	sourceOutcome = "outcome"
)

func personHold(in Incoming, source string, asking bool, reason string) Hold {
	return Hold{Scope: ScopePerson, Target: in.Match.Person, Source: source, Asking: asking, Reason: reason}
}

func applicationHold(f Facts, source string, asking bool, arrived time.Time, reason string) Hold {
	return Hold{Scope: ScopeApplication, Target: f.Application.Stem, Source: source, Asking: asking, Before: arrived, Reason: reason}
}

func withEnd(h Hold, until time.Time) Hold {
	h.Until = until
	return h
}

// sender names who wrote, for people.
func sender(in Incoming) string {
	if len(in.Message.From) == 0 {
		return firstOf(in.Match.Person, "somebody")
	}
	return firstOf(in.Message.From[0].Name, in.Message.From[0].Addr)
}

// anyLeft reports whether any mail of ours to the application has left.
func anyLeft(f Facts) bool {
	for _, m := range f.Mails {
		if m.Outgoing && !m.Failed {
			return true
		}
	}
	return false
}

// latestRound is the latest interview that has begun, else the first.
func latestRound(f Facts, now time.Time) Interview {
	rounds := f.rounds()
	var latest Interview
	for n, i := range rounds {
		if n == 0 || !i.At.After(now) {
			latest = i
		}
	}
	return latest
}
