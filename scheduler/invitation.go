package scheduler

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
	"afterword/scheduler/calendar"
)

// A calendar invitation is offered to the user as a new, moved or cancelled
// interview. What it says is kept until the user takes it into the file, by
// `afterword add APP --invitation KEY`; nothing follows from it by itself.

// Invitation is what a calendar message offers to write into a file.
type Invitation struct {
	Key         string // names it on the command line
	Application string
	Change      InvitationChange
	Interview   string // id of the interview that it moves or cancels, "" for a new one
	UID         string
	At          time.Time
	Zone        string // IANA name of the zone in which At is to be written
	Duration    time.Duration
	Summary     string
	People      []Invited
	Guessed     bool // the zone is the user's own, because the message names none that is known
	Recurs      bool // only the first of several is offered
	Further     int  // of the first: how many other meetings came in the same file
}

// When is the time of the meeting in words, with the zone in which it is to be written.
func (inv Invitation) When() string {
	return inv.At.Format("Mon 2 Jan 2006 15:04") + " (" + inv.Zone + ")"
}

// Invited is somebody whom an invitation names.
type Invited struct{ Name, Email string }

// InvitationChange is what an invitation does to the interviews of a file.
type InvitationChange string

// The changes.
const (
	NewInterview       InvitationChange = "new"
	MovedInterview     InvitationChange = "moved"
	CancelledInterview InvitationChange = "cancelled"
)

// seenEvent is what was last read of one calendar event.
type seenEvent struct {
	Sequence  int
	Stamp     time.Time
	Interview string // the interview it became, "" if none
}

const (
	askedInvitation  = "invitation/" // then the key and the sequence
	sourceInvitation = "invitation"
	sourceCalledOff  = "cancellation"
	mostInvited      = 20
	longestMeeting   = 24 * time.Hour
	usualMeeting     = 45 * time.Minute
)

func metaOffered(stem, key string) string { return "invitation/" + stem + "/" + key }
func metaSeenEvent(stem, key string) string {
	return "calendar/" + stem + "/" + key
}

// invitationKey names an event shortly, by its UID and, of one in a series, by
// the time at which it stood (RFC 5545 section 3.8.4.4).
func invitationKey(e mailer.Event) string {
	name := e.UID
	if !e.Occurrence.IsZero() {
		name += "/" + e.Occurrence.UTC().Format(time.RFC3339)
	}
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:4])
}

// readInvitations reads what a calendar message offers, each meeting by itself,
// and remembers it. It is stale where no meeting is newer than what was read
// before, or none changes anything.
func readInvitations(tx Tx, tables mailer.Tables, f *Facts, in *Incoming, now time.Time) error {
	switch in.Reading.Kind {
	case mailer.CalendarRequest, mailer.CalendarCancel:
	default:
		return nil
	}
	fresh, all := false, in.Message.CalendarEvents()
	for n, e := range all {
		if n == 0 {
			e.Further = max(0, e.Further+1-len(all)) // what is left out
		}
		if e.UID == "" {
			continue
		}
		inv, stale, err := readInvitation(tx, tables, f, e, now)
		switch {
		case err != nil:
			return err
		case inv == nil:
			in.Stale, fresh = in.Stale || stale, fresh || !stale
		case in.Invitation == nil:
			in.Invitation = inv
		default:
			in.Further = append(in.Further, *inv)
		}
	}
	in.Stale = in.Stale && !fresh && in.Invitation == nil
	return nil
}

// readInvitation reads what one event offers. Stale is a version that is no
// newer than what was read before, or one that changes nothing.
func readInvitation(tx Tx, tables mailer.Tables, f *Facts, e mailer.Event, now time.Time) (inv *Invitation, stale bool, err error) {
	key := invitationKey(e)
	if err := dropLoose(tx, key); err != nil { // it fits one now
		return nil, false, err
	}
	seen, known, err := loadJSON[seenEvent](tx, metaSeenEvent(f.Application.Stem, key))
	if err != nil {
		return nil, false, err
	}
	if known && (e.Sequence < seen.Sequence || e.Sequence == seen.Sequence && !e.Stamp.After(seen.Stamp)) {
		return nil, true, nil
	}
	inv, seen.Interview = offer(tables, f, e, seen.Interview, now)
	seen.Sequence, seen.Stamp = e.Sequence, e.Stamp
	if err := saveJSON(tx, metaSeenEvent(f.Application.Stem, key), seen); err != nil {
		return nil, false, err
	}
	if err := withdrawInvitation(tx, f.Application.Stem, key); err != nil {
		return nil, false, err
	}
	if inv == nil {
		return nil, seen.Interview != "", nil
	}
	inv.Key, inv.Application = key, f.Application.Stem
	return inv, false, saveJSON(tx, metaOffered(f.Application.Stem, key), *inv)
}

// offer compares an event with the interviews of the file. It also tells which
// interview the event is, if that is known.
func offer(tables mailer.Tables, f *Facts, e mailer.Event, known string, now time.Time) (inv *Invitation, interview string) {
	inv = eventOffer(f, e)
	existing, ok := f.Application.interviewOf(e.UID, known)
	if ok && known == "" && isAnother(e, existing) {
		existing, ok = Interview{}, false
	}
	if e.Method == "CANCEL" || e.Status == "CANCELLED" {
		if !ok || existing.Status == InterviewCancelled {
			return nil, existing.ID
		}
		inv.Change, inv.Interview, inv.At, inv.Zone = CancelledInterview, existing.ID, existing.At, existing.Zone.String()
		return inv, existing.ID
	}
	switch {
	case e.Start.IsZero() || e.AllDay:
		return nil, known
	case ok && existing.At.Equal(inv.At) && existing.Status != InterviewCancelled:
		return nil, existing.ID
	case ok:
		inv.Change, inv.Interview = MovedInterview, existing.ID
		return inv, existing.ID
	}
	for _, i := range f.Application.Interviews {
		if i.At.Equal(inv.At) && i.Status != InterviewCancelled {
			return nil, i.ID // the user wrote it down already
		}
	}
	if inv.At.Add(inv.Duration).Before(now) {
		return nil, ""
	}
	inv.Change, inv.People = NewInterview, invited(tables, f, e)
	return inv, ""
}

// isAnother reports whether an event is one of a series, but not the one that
// became an interview.
func isAnother(e mailer.Event, i Interview) bool {
	return !e.Occurrence.IsZero() && !e.Floating && !e.AllDay && !e.Occurrence.Truncate(time.Minute).Equal(i.At)
}

// eventOffer is what an event says of time and place, with a floating time in
// the user's zone, and so with one whose zone is a mere offset.
func eventOffer(f *Facts, e mailer.Event) *Invitation {
	inv := &Invitation{UID: e.UID, Summary: e.Summary, At: e.Start, Duration: e.End.Sub(e.Start), Recurs: e.Recurs, Further: e.Further}
	zone := e.Start.Location()
	if e.Floating || zone == time.UTC || calendar.NamesOffset(zone.String()) {
		zone = f.Policy.Me.zone()
	}
	if e.Floating {
		inv.At = time.Date(e.Start.Year(), e.Start.Month(), e.Start.Day(), e.Start.Hour(), e.Start.Minute(), 0, 0, zone)
		inv.Guessed = true
	}
	inv.At, inv.Zone = inv.At.In(zone).Truncate(time.Minute), zone.String()
	if inv.Duration = inv.Duration.Truncate(time.Minute); inv.Duration <= 0 || inv.Duration > longestMeeting {
		inv.Duration = usualMeeting
	}
	return inv
}

// ReadEvent is what a calendar event says of an interview, for an application
// that may have no file yet: its time, in the user's zone where it names none
// that is known, and its people. The flag is false if it has no time of day.
// All are the candidate's applications: a person of one has the name of its file.
func ReadEvent(tables mailer.Tables, policy Policy, a Application, all []Application, e mailer.Event) (Invitation, bool) {
	if e.Start.IsZero() || e.AllDay {
		return Invitation{}, false
	}
	f := &Facts{Policy: policy, Application: a, All: byStem(all)}
	inv := eventOffer(f, e)
	inv.Key, inv.Application, inv.Change, inv.People = invitationKey(e), a.Stem, NewInterview, invited(tables, f, e)
	return *inv, true
}

// interviewOf is the interview that came by an invitation, by its UID or by
// what was remembered of it.
func (a Application) interviewOf(uid, remembered string) (Interview, bool) {
	for _, i := range a.Interviews {
		if i.UID != "" && strings.EqualFold(i.UID, uid) {
			return i, true
		}
	}
	if remembered == "" {
		return Interview{}, false
	}
	return a.Interview(remembered)
}

// invited lists the people of an event: neither the user nor a room, a group
// or a robot. Who invites is one of them where nobody else is; the recruiter
// too, since recruiters send invitations for others.
func invited(tables mailer.Tables, f *Facts, e mailer.Event) []Invited {
	var people, arrangers []Invited
	seen := map[string]bool{}
	add := func(name, addr, kind string) {
		address := NormalAddress(addr)
		if seen[address] || !isPerson(tables, f, addr, kind) || len(people) >= mostInvited {
			return
		}
		seen[address] = true
		one := Invited{Name: nameOf(f, name, addr), Email: addr}
		if f.Application.Recruiter != nil && hasAddress(f.Application.Recruiter, addr) {
			arrangers = append(arrangers, one)
			return
		}
		people = append(people, one)
	}
	for _, a := range e.Attendees {
		add(a.Name, a.Addr, a.Type)
	}
	if len(people) > 0 {
		return people
	}
	add(e.OrganizerName, e.Organizer, "")
	return append(people, arrangers...)
}

// isPerson tells an attendee who is somebody else and no thing.
func isPerson(tables mailer.Tables, f *Facts, addr, kind string) bool {
	if kind != "" && kind != "INDIVIDUAL" || !strings.Contains(addr, "@") || tables.Robot(addr) {
		return false
	}
	if _, service := tables.RelayOrATS(addr); service || strings.HasSuffix(strings.ToLower(addr), "calendar.google.com") {
		return false
	}
	return !slices.ContainsFunc(ownAddresses(f.Policy.Me), func(own string) bool { return NormalAddress(own) == NormalAddress(addr) })
}

// nameOf is the person's name: as a file has it, as the invitation does, or
// made of the address.
func nameOf(f *Facts, name, addr string) string {
	for _, a := range f.All {
		for _, p := range a.People() {
			if hasAddress(&p, addr) {
				return p.Name
			}
		}
	}
	if name = oneSpace(name); name != "" && !strings.Contains(name, "@") {
		return name
	}
	local, _, _ := strings.Cut(addr, "@")
	local, _, _ = strings.Cut(local, "+")
	words := strings.FieldsFunc(local, func(r rune) bool { return strings.ContainsRune("._-", r) })
	for n, w := range words {
		words[n] = sentenceCase(w)
	}
	return firstOf(strings.Join(words, " "), addr)
}
