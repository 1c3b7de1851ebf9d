package scheduler

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
)

// Incoming is one message from somebody else, classified and matched to an application.
type Incoming struct {
	Message mailer.Message
	Reading mailer.Reading
	Match   mailer.Match
	Arrived time.Time
	Suspect bool     // it fails DMARC: it may hold, never cancel
	Unseen  bool     // it cannot be read
	Rivals  []string // other applications that it fits as well, by no more than who wrote

	Invitation *Invitation  // what it offers to write into the file, nil if nothing
	Further    []Invitation // what the same mail offers besides
	Stale      bool         // it is an invitation that changes nothing, or an older version of one
}

// Reaction is what one row of the table in DESIGN section 6 does. Empty fields do
// nothing.
type Reaction struct {
	Row      string // the row, in words; event and evidence for `why`
	Dead     string // address that is dead: what is open to it is cancelled
	Bounced  string // Message-ID of ours that came back
	Answered bool   // asking mail of the application is cancelled
	Restarts bool   // it is planned anew; what is on its way is stopped
	NoMore   bool   // nobody there is to be written to any more
	Holds    []Hold
	Question string
	Suggest  []Suggestion
	Tell     string // for the user, "" for nothing to tell
}

// React returns the effect of the first row of the table that fits the message, plus
// what a hinted rejection or offer adds. It never causes a send.
func React(f *Facts, in Incoming, now time.Time) Reaction {
	if in.Match.Early && !f.askedByHand(in.Arrived) {
		return reactEarly(f, in)
	}
	r := firstRow(f, in, now)
	if in.Unseen {
		r = reactUnreadable(f, in)
	}
	r = addHints(f, in, r)
	r = addSuggestions(f, in, r)
	r = addOutcomeUntold(f, in, r)
	if len(in.Rivals) > 0 {
		r = askWhich(f, in, r)
	}
	if in.Suspect {
		r = mistrust(f, in, r)
	}
	r.Holds = slices.DeleteFunc(r.Holds, func(h Hold) bool { return h.Scope == ScopePerson && h.Target == "" })
	for n := range r.Holds {
		r.Holds[n].Set = now
	}
	return r
}

// askedByHand reports whether mail that the user queued, and that asks, is about to leave
// or may have left. It has an answer also where no interview took place: a meeting was
// called off, and the user asks how things stand.
func (f *Facts) askedByHand(arrived time.Time) bool {
	return slices.ContainsFunc(f.Stored, func(d Delivery) bool {
		return d.Interview == "" && d.Kind == Asking && (d.State.Open() || d.State.mayHaveLeft()) && d.Began.Before(arrived)
	})
}

// reactEarly handles mail that came before the interview. It may change the interview
// and nothing else. A seeming rejection is told to the user, who would otherwise thank
// them for an interview that was called off.
func reactEarly(f *Facts, in Incoming) Reaction {
	switch in.Reading.Kind {
	case mailer.CalendarRequest, mailer.CalendarCancel:
		return withInvitation(f, in, Reaction{Row: "an invitation before the interview"})
	case mailer.Human, mailer.Notification, mailer.Bulk:
		if in.Reading.Rejection && !f.Application.Status.Over() && in.Match.Strength < mailer.BySubject {
			return Reaction{Row: "mail before the interview, it seems to be a rejection",
				Suggest: []Suggestion{suggestStatus(f, in, "a rejection", StatusRejected)},
				Tell: fmt.Sprintf("%s wrote before the interview (%s), and it seems to be a rejection. Nothing waits for your word.%s",
					sender(in), in.Message.Subject, suspicion(in))}
		}
	}
	return Reaction{Row: "mail before the interview"}
}

func firstRow(f *Facts, in Incoming, now time.Time) Reaction {
	if in.Match.Strength == mailer.BySubject && in.isWeighty() {
		return reactUnsure(f, in)
	}
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
	case mailer.Bulk:
		if in.isAddressedToUs() {
			return reactRobot(f, in)
		}
		return Reaction{Row: "a list or newsletter: nothing to do"}
	case mailer.ReadReceipt, mailer.Other:
		return Reaction{Row: "a " + string(in.Reading.Kind) + ": nothing to do"}
	case mailer.Human:
		return reactHuman(f, in)
	}
	return reactRobot(f, in)
}

// isWeighty reports whether the message would have an effect if it surely belonged to
// the application.
func (in Incoming) isWeighty() bool {
	switch in.Reading.Kind {
	case mailer.Delay, mailer.Bulk, mailer.ReadReceipt, mailer.Other:
		return false
	case mailer.Bounce:
		return in.Reading.Class != mailer.Transient // of a limit of the account nothing is held
	}
	return true
}

// isAddressedToUs reports whether a message that looks like bulk mail is a reply all the
// same: somebody of the company wrote it with a bulk tool, or it seems to tell the
// outcome.
func (in Incoming) isAddressedToUs() bool {
	m := in.Match
	return m.Strength <= mailer.ByCompany && (m.OurID != "" || m.Colleague || m.Person != "") || in.Reading.Rejection || in.Reading.Offer
}

// reactUnsure: only the words fit, so that it may belong to somebody else.
func reactUnsure(f *Facts, in Incoming) Reaction {
	return Reaction{Row: "it fits by its words only", Holds: []Hold{applicationHold(f, sourceUnsure, true, in.Arrived, "a mail may belong to "+f.Application.Stem)},
		Question: fmt.Sprintf("Does the mail %q from %s belong to %s? If it is their answer: afterword answered %s. If not: afterword resume %s", in.Message.Subject, senderInFull(in), f.Application.Stem, ShellWord(f.Application.Stem), ShellWord(f.Application.Stem))}
}

// askWhich: the sender fits several applications alike. The mail then cancels nothing in
// any of them; the user is asked.
func askWhich(f *Facts, in Incoming, r Reaction) Reaction {
	stem := f.Application.Stem
	if r.Answered && !r.NoMore {
		r.Answered = false
		r.Holds = append(r.Holds, applicationHold(f, sourceUnsure, true, in.Arrived, sender(in)+" wrote, and it may be about another application"))
		r.Tell = fmt.Sprintf("%s wrote (%s). Follow-ups to %s wait.", sender(in), in.Message.Subject, f.Application.Company)
	}
	if len(r.Holds) == 0 || r.NoMore || in.Reading.Kind == mailer.AutoReply || in.Reading.Kind == mailer.Bounce || in.Reading.Kind == mailer.Challenge {
		return r // it is the person or the address, whatever it was about
	}
	r.Row += ", or about " + strings.Join(in.Rivals, ", ")
	r.Question = firstOf(r.Question, fmt.Sprintf("Is the mail %q from %s about %s? It may be about %s as well, and both wait. If it is: afterword answered %s. If not: afterword resume %s",
		in.Message.Subject, senderInFull(in), stem, strings.Join(in.Rivals, ", "), ShellWord(stem), ShellWord(stem)))
	return r
}

// reactBounce: an address that is surely dead ends the mail to it; one that may be is
// put on hold.
func reactBounce(f *Facts, in Incoming) Reaction {
	address := bouncedAddress(f, in)
	switch {
	case in.Reading.OwnLimit:
		return reactOwnLimit(f, in, address)
	case in.Reading.Class == mailer.Transient:
		return Reaction{Row: "a bounce that is not final: noted"}
	case in.Reading.Class != mailer.Permanent:
		return Reaction{Row: "a bounce that does not say whether it is final", Holds: []Hold{addressHold(address, "a bounce does not say whether mail to "+address+" can arrive")},
			Question: fmt.Sprintf("Mail to %s came back, and it is not clear whether for good. Is the address right? If it is: afterword resume %s", address, ShellWord(address))}
	case in.Match.OurID != "" && address != "":
		return Reaction{Row: "a permanent bounce of our mail", Dead: address, Bounced: in.Match.OurID,
			Tell: fmt.Sprintf("Mail to %s came back: %s", address, firstOf(in.Reading.Status, "the address does not exist"))}
	}
	return Reaction{Row: "a bounce that names only an address", Holds: []Hold{addressHold(address, "a bounce names the address "+address)},
		Question: fmt.Sprintf("A bounce names %s but none of our mails. Is the address right? If it is: afterword resume %s", address, ShellWord(address))}
}

// rowOwnLimit is the row of a bounce that says the account has reached its sending
// limit. It says nothing about the recipient.
const rowOwnLimit = "your account had sent all that its provider allows"

// reactOwnLimit: the mail did not arrive, but its address is fine.
func reactOwnLimit(f *Facts, in Incoming, address string) Reaction {
	r := Reaction{Row: rowOwnLimit, Bounced: in.Match.OurID, Tell: fmt.Sprintf("Mail to %s did not arrive: %s for now. Nothing is wrong with the address.", firstOf(address, "somebody"), rowOwnLimit)}
	for _, d := range f.Stored {
		if in.Match.OurID != "" && slices.Contains(d.MessageIDs(), in.Match.OurID) {
			r.Tell += fmt.Sprintf(" To write it once more, when the provider allows it again: afterword queue %s %s --to %s", ShellWord(f.Application.Stem), ShellWord(d.Template), ShellWord(d.To.Email))
			break
		}
	}
	return r
}

// bouncedAddress is the address that a bounce is about: the one our mail went to, which
// need not be the person's main address. If the mail had several recipients, those that
// the report names come first.
func bouncedAddress(f *Facts, in Incoming) string {
	var to []string
	for _, d := range f.Stored {
		if in.Match.OurID != "" && slices.Contains(d.MessageIDs(), in.Match.OurID) {
			to = append(to, NormalAddress(d.To.Email))
		}
	}
	for _, m := range f.Mails {
		if m.Outgoing && m.MessageID == in.Match.OurID {
			to = append(to, m.Person)
		}
	}
	for _, failed := range in.Reading.Failed {
		for _, address := range to {
			if mailer.SameMailbox(failed, address) {
				return address
			}
		}
	}
	if len(to) > 0 {
		return to[0]
	}
	return in.Match.Person
}

func addressHold(address, reason string) Hold {
	return Hold{Scope: ScopePerson, Target: address, Source: sourceBounce, Reason: reason}
}

// awayWithoutDate is how many business days an absence is taken to last if no return
// date is given.
const awayWithoutDate = 3

// rowLeft is the row of people who left the company.
const rowLeft = "they have left the company"

// reactAway: the person is away, in all applications, or has left the company.
func reactAway(f *Facts, in Incoming, now time.Time) Reaction {
	if in.Reading.LeftFirm && !isOf(f.Application, in) {
		reason := sender(in) + ", who answers by a program, has left the company"
		return Reaction{Row: "a colleague has left the company", Holds: []Hold{applicationHold(f, "colleague", true, in.Arrived, reason)},
			Tell: fmt.Sprintf("%s: %s%s Follow-ups of %s wait: afterword resume %s", reason, in.Reading.Sentence, instead(in), f.Application.Stem, ShellWord(f.Application.Stem))}
	}
	if in.Reading.LeftFirm {
		return Reaction{Row: rowLeft, Dead: in.Match.Person, Tell: sender(in) + " has left the company: " + in.Reading.Sentence + instead(in)}
	}
	place := placeFor(&f.Policy, &f.Application, latestRound(f, now), &Person{})
	until := place.StartOfDay(place.AddBusinessDays(dateIn(in.Arrived, place.Zone), awayWithoutDate))
	words := "no date of return"
	if back := in.Reading.ReturnDate; !back.IsZero() {
		until = place.StartOfDay(place.AddBusinessDays(dateIn(back, back.Location()), 1))
		words = "back on " + dateIn(back, back.Location()).WordsIn(in.Arrived.Year())
	}
	r := Reaction{Row: "out of office, " + words, Holds: []Hold{withEnd(personHold(in, "away", false, sender(in)+" is out of office, "+words), until)}}
	if other := instead(in); other != "" {
		r.Tell = sender(in) + " is out of office, " + words + "." + other
	}
	return r
}

// isOf reports whether the matched person wrote the message. A reply to our mail may
// come from somebody else, to whom it was passed on.
func isOf(a Application, in Incoming) bool {
	if !in.Match.Colleague || len(in.Message.From) == 0 {
		return true
	}
	return slices.ContainsFunc(a.People(), func(p Person) bool {
		return hasAddress(&p, in.Match.Person) && (hasAddress(&p, in.Message.From[0].Addr) || sameName(p.Name, in.Message.From[0].Name))
	})
}

// reactInvitation: a meeting is being arranged, so follow-ups wait.
func reactInvitation(f *Facts, in Incoming) Reaction {
	if in.Stale {
		return Reaction{Row: "an invitation that changes nothing"}
	}
	r := withInvitation(f, in, Reaction{Row: "a calendar message"})
	r.Holds = []Hold{applicationHold(f, sourceInvitation, true, in.Arrived, "a meeting is being arranged with "+f.Application.Company)}
	if in.Reading.Kind == mailer.CalendarCancel {
		r.Row = "a cancelled invitation"
		// It is mostly one that has not begun: no round is left out.
		r.Holds = append(r.Holds, applicationHold(f, sourceCalledOff, false, time.Time{}, "an interview with "+f.Application.Company+" seems to be cancelled"))
	}
	return r
}

// withInvitation adds the question to the user about a calendar message.
func withInvitation(f *Facts, in Incoming, r Reaction) Reaction {
	switch {
	case in.Stale:
	case in.Invitation != nil:
		r.Suggest = append(r.Suggest, suggestInvitation(f.Application.Stem, sender(in), *in.Invitation, suspicion(in)))
		for _, inv := range in.Further {
			r.Suggest = append(r.Suggest, suggestInvitation(f.Application.Stem, sender(in), inv, suspicion(in)))
		}
	default:
		r.Question = invitationQuestion(f, in)
	}
	return r
}

func invitationQuestion(f *Facts, in Incoming) string {
	return fmt.Sprintf("%s sent a calendar message (%s) for %s: is there a new, moved or cancelled interview?", sender(in), in.Message.Subject, f.Application.Stem)
}

// reactHuman: somebody of the application wrote.
func reactHuman(f *Facts, in Incoming) Reaction {
	m := in.Match
	switch {
	case in.Reading.NoMore:
		return Reaction{Row: "they ask not to be written to", NoMore: true, Answered: true,
			Holds: []Hold{personHold(in, sourceNoMore, false, sender(in)+" asked not to be written to any more"),
				{Scope: ScopeApplication, Target: f.Application.Stem, Source: sourceNoMore, Asking: true, Reason: sender(in) + " asked not to be written to any more"}},
			Tell: sender(in) + " asks not to be written to any more: " + in.Reading.Sentence}
	case m.Recruiter && !m.Colleague:
		return reactRecruiter(f, in)
	case m.Interviewer && !m.Colleague:
		return reactInterviewer(f, in)
	}
	return Reaction{Row: "a colleague at the company writes",
		Holds: []Hold{applicationHold(f, "colleague", true, in.Arrived, sender(in)+" of "+f.Application.Company+" wrote")},
		Tell:  fmt.Sprintf("%s wrote (%s). Follow-ups to %s wait: afterword resume %s", sender(in), in.Message.Subject, f.Application.Company, ShellWord(f.Application.Stem))}
}

// reactInterviewer: a person who replied is not asked again, or only after a new
// silence, as the user has set it.
func reactInterviewer(f *Facts, in Incoming) Reaction {
	r := Reaction{Row: "a person of the application answers", Answered: true,
		Tell: fmt.Sprintf("%s answered (%s). The follow-ups to %s are cancelled.", sender(in), in.Message.Subject, f.Application.Company)}
	if f.Policy.Replies.Interviewer == ReplyRestarts {
		r.Answered, r.Restarts = false, true
		r.Tell = fmt.Sprintf("%s answered (%s). The follow-ups to %s are planned anew and wait for your approval.", sender(in), in.Message.Subject, f.Application.Company)
	}
	return r
}

// reactRecruiter: everything pauses if any mail of ours has left, because the recruiter
// is then replying; otherwise only follow-ups do.
func reactRecruiter(f *Facts, in Incoming) Reaction {
	all := f.Policy.Replies.Recruiter != PauseFollowUps && (anyLeft(f) || in.Reading.Rejection)
	h := applicationHold(f, "recruiter", !all, in.Arrived, "the recruiter "+sender(in)+" wrote")
	words := "Follow-ups to " + f.Application.Company + " wait"
	if all {
		words = "The application is paused"
	}
	return Reaction{Row: "the recruiter writes", Holds: []Hold{h},
		Tell: fmt.Sprintf("%s wrote (%s). %s; go on with: afterword resume %s", sender(in), in.Message.Subject, words, ShellWord(f.Application.Stem))}
}

// reactRobot: an automatic mail of the company or of its recruiting system may be the
// reply itself.
func reactRobot(f *Facts, in Incoming) Reaction {
	return Reaction{Row: "a robot of the company or its recruiting system writes",
		Holds: []Hold{applicationHold(f, "robot", true, in.Arrived, "an automatic mail about "+f.Application.Company+" came")},
		Tell:  fmt.Sprintf("An automatic mail about %s came: %s. %s Follow-ups wait: afterword resume %s", f.Application.Company, in.Message.Subject, in.Reading.Sentence, ShellWord(f.Application.Stem))}
}

// addHints adds the row of a hinted rejection or offer: the stricter of two
// effects holds.
func addHints(f *Facts, in Incoming, r Reaction) Reaction {
	if !in.Reading.Rejection && !in.Reading.Offer {
		return r
	}
	switch in.Reading.Kind {
	case mailer.Human, mailer.Notification, mailer.CalendarCancel, mailer.Bulk:
	default:
		return r
	}
	what, status := "a rejection", StatusRejected
	if in.Reading.Offer && !in.Reading.Rejection {
		what, status = "an offer", StatusOffer
	}
	r.Row += ", it seems to be " + what
	r.Holds = append(r.Holds, applicationHold(f, sourceOutcome, false, in.Arrived, "a mail from "+sender(in)+" seems to be "+what))
	r.Suggest = append(r.Suggest, suggestStatus(f, in, what, status))
	r.Tell = fmt.Sprintf("%s wrote (%s), and it seems to be %s. Everything to %s waits for your word.", sender(in), in.Message.Subject, what, f.Application.Company)
	return r
}

// mistrust turns what would cancel into a hold of the same extent: the sender
// may be forged. Who seems to have answered is not asked until it is known.
func mistrust(f *Facts, in Incoming, r Reaction) Reaction {
	const why = "a mail that failed the sender check says it is from "
	ends := r.Answered || r.NoMore || r.Dead != ""
	if r.Dead != "" {
		r.Holds = append(r.Holds, Hold{Scope: ScopePerson, Target: r.Dead, Source: sourceSuspect, Reason: why + sender(in)})
	}
	if ends || in.Reading.Kind == mailer.Human && len(r.Holds) == 0 {
		r.Holds = append(r.Holds, applicationHold(f, sourceSuspect, true, in.Arrived, why+sender(in)))
		r.Question = firstOf(r.Question, fmt.Sprintf("Is the mail %q really from %s? It failed the sender check. If it is: afterword answered %s. If not: afterword resume %s",
			in.Message.Subject, sender(in), ShellWord(f.Application.Stem), ShellWord(f.Application.Stem)))
		r.Tell = fmt.Sprintf("A mail (%s) says it is from %s. Follow-ups to %s wait.", in.Message.Subject, sender(in), f.Application.Company)
	}
	r.Answered, r.NoMore, r.Dead, r.Bounced = false, false, "", ""
	r.Row += ", but it failed the sender check (DMARC)"
	if r.Tell != "" {
		r.Tell += " It failed the sender check (DMARC): look at it before you believe it."
	}
	return r
}

// Sources of holds on the mail that asks an application, whose question is whether a mail
// was its answer.
const (
	sourceUnsure     = "unsure"     // it fits several, or by its words alone
	sourceSuspect    = "suspect"    // it failed the sender check
	sourceUnreadable = "unreadable" // nothing of it can be read
)

// Sources of holds that a plain `resume` of everything does not lift: somebody's wish
// not to be written to, and a seeming rejection or offer that the user has not
// confirmed.
const (
	sourceNoMore  = "no-more"
	sourceOutcome = "outcome"
)

// sourceBounce marks the hold on an address of a bounce that names none of our mails.
const sourceBounce = "bounce"

func personHold(in Incoming, source string, asking bool, reason string) Hold {
	return Hold{Scope: ScopePerson, Target: personIn(in), Source: source, Asking: asking, Reason: reason}
}

func applicationHold(f *Facts, source string, asking bool, arrived time.Time, reason string) Hold {
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

// senderInFull is the sender's name and address: who takes a known name may write from
// another's address. Its domain stands as servers know it, so that a letter which only
// looks like another is seen.
func senderInFull(in Incoming) string {
	if len(in.Message.From) == 0 {
		return sender(in)
	}
	from := in.Message.From[0]
	local, _, _ := strings.Cut(from.Addr, "@")
	address := brief(local, longestLocal) + "@" + brief(mailer.DomainOf(from.Addr), longestDomain)
	if from.Name == "" {
		return address
	}
	return fmt.Sprintf("%s <%s>", from.Name, address)
}

// The longest parts of an address (RFC 5321 section 4.5.3.1), in characters.
const longestLocal, longestDomain = 64, 255

// anyLeft reports whether any mail of ours to the application has left.
func anyLeft(f *Facts) bool {
	for _, m := range f.Mails {
		if m.Outgoing && !m.Failed {
			return true
		}
	}
	return false
}
