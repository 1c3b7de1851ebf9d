package scheduler

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"afterword/scheduler/calendar"
)

// Status is how an application stands, as its user states it in the file.
type Status string

// The statuses of DESIGN section 4.
const (
	StatusActive     Status = "active"
	StatusConsidered Status = "considered" // they said that the candidate is still in play
	StatusPaused     Status = "paused"     // the user's own pause
	StatusOffer      Status = "offer"
	StatusAccepted   Status = "accepted" // signed by both
	StatusRejected   Status = "rejected"
	StatusWithdrawn  Status = "withdrawn"
	StatusClosed     Status = "closed"
)

// Over reports whether nothing more is to be written for the application.
func (s Status) Over() bool {
	switch s {
	case StatusAccepted, StatusRejected, StatusWithdrawn, StatusClosed:
		return true
	}
	return false
}

// Application is one company and one role: one interview file, read and
// checked. Durations and zones are resolved; texts are as the user wrote them.
type Application struct {
	Stem       string // the file's name without its extension; first part of every key
	File       string // path of the file, for messages to the user
	Company    string
	Role       string
	Domains    []string       // whose mail counts as the company's
	Zone       *time.Location // the recipients' zone; nil: the interview's
	Country    string         // whose holidays; "": the policy's
	Language   string         // "" means the policy's
	Status     Status
	Recruiter  *Person // nil if there is none
	DecisionBy calendar.Date
	Sequence   string // name of the sequence
	Interviews []Interview
	// Broken says in the user's words why the file cannot be read. Such an
	// application is held: shown, never sent, never cancelled.
	Broken string
}

// InterviewStatus is whether a meeting took place.
type InterviewStatus string

// The statuses of an interview.
const (
	InterviewPlanned   InterviewStatus = "planned"
	InterviewHeld      InterviewStatus = "held"
	InterviewCancelled InterviewStatus = "cancelled"
)

// Interview is one meeting, a round of its application.
type Interview struct {
	ID           string // stays when the date moves; second part of the key
	At           time.Time
	Zone         *time.Location // where the meeting's clock stands
	ZoneStated   bool           // false if Zone is only the user's own
	Duration     time.Duration
	Kind         string // phone | video | onsite | panel | group | ""
	Status       InterviewStatus
	UID          string // of the calendar invitation
	Interviewers []Person
	Debrief      Debrief
}

// End is when the meeting ends.
func (i Interview) End() time.Time { return i.At.Add(i.Duration) }

// Person is an interviewer or a recruiter.
type Person struct {
	Name     string
	Email    string // "" if unknown
	Guessed  bool   // the address is a guess; nothing goes there
	Title    string
	Lead     bool
	Said     string // completes "You mentioned that ..."
	Question string
	Notes    string // private: never in a mail
	Greet    string // what stands after "Hi"
	// Templates names this person's own template per step.
	Templates map[string]string
	Aliases   []string
	Skip      string // a reason not to thank
	Zone      *time.Location
}

// Reachable reports whether mail may go to the person's address.
func (p Person) Reachable() bool { return p.Email != "" && !p.Guessed }

// Addresses returns every address of the person, the main one first.
func (p Person) Addresses() []string {
	if p.Email == "" {
		return p.Aliases
	}
	return append([]string{p.Email}, p.Aliases...)
}

// Debrief is what the candidate noted after an interview.
type Debrief struct {
	WentWell     string
	WhyWell      string
	Faltered     string
	Unprepared   []string
	Answers      []Answer
	BetterAnswer string
	Questions    []string
	Promised     string
	Feedback     string
}

// Answer is a question that went badly and the better answer to it.
type Answer struct{ Question, Better, Source string }

// Empty reports whether nothing was noted.
func (d Debrief) Empty() bool {
	return d.WentWell == "" && d.WhyWell == "" && d.Faltered == "" && len(d.Unprepared) == 0 &&
		len(d.Answers) == 0 && d.BetterAnswer == "" && len(d.Questions) == 0 && d.Promised == "" && d.Feedback == ""
}

// OnlyInterview is the id of an interview that needs none, since it is the only one
// of its application. It is no name, so that it is not said where people read.
const OnlyInterview = "interview"

// TheInterview speaks of an interview by its id, where that is a name.
func TheInterview(id string) string {
	if name := RoundName(id); name != "" {
		return fmt.Sprintf("the interview %q", name)
	}
	return "the interview"
}

// Commaed joins what is not empty.
func Commaed(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// RoundName is an interview's id where that is a name, else "".
func RoundName(id string) string {
	if strings.EqualFold(id, OnlyInterview) {
		return ""
	}
	return id
}

// Interview returns the interview with that id.
func (a Application) Interview(id string) (Interview, bool) {
	i, ok := a.round(id)
	return *i, ok
}

// round is the interview with that id as the file holds it, or an empty one.
func (a *Application) round(id string) (*Interview, bool) {
	for n := range a.Interviews {
		if i := &a.Interviews[n]; strings.EqualFold(i.ID, id) {
			return i, true
		}
	}
	return &Interview{}, false
}

// Contact is whom follow-ups of an interview go to: the recruiter, else the
// interviewer marked lead, else the first.
func (a Application) Contact(i Interview) (Person, bool) {
	if a.Recruiter != nil {
		return *a.Recruiter, true
	}
	for _, p := range i.Interviewers {
		if p.Lead {
			return p, true
		}
	}
	if len(i.Interviewers) > 0 {
		return i.Interviewers[0], true
	}
	return Person{}, false
}

// People returns everybody of the application, the recruiter first, each once.
func (a Application) People() []Person {
	most := 1
	for n := range a.Interviews {
		most += len(a.Interviews[n].Interviewers)
	}
	people := make([]Person, 0, most)
	if a.Recruiter != nil {
		people = append(people, *a.Recruiter)
	}
	for n := range a.Interviews {
		for k := range a.Interviews[n].Interviewers {
			p := &a.Interviews[n].Interviewers[k]
			if !slices.ContainsFunc(people, func(o Person) bool { return p.isNamedLike(&o) }) {
				people = append(people, *p)
			}
		}
	}
	return people
}

// names reports whether an address is one of anybody's in the file.
func (a *Application) names(address string) bool {
	return a.anybody(func(p *Person) bool { return hasAddress(p, address) })
}

// isSureOf reports whether somebody of the application has the address for sure.
func (a *Application) isSureOf(address string) bool {
	return a.anybody(func(p *Person) bool { return !p.Guessed && hasAddress(p, address) })
}

// anybody reports whether something holds of an interviewer or the recruiter, in any entry.
func (a *Application) anybody(is func(*Person) bool) bool {
	for n := range a.Interviews {
		for k := range a.Interviews[n].Interviewers {
			if is(&a.Interviews[n].Interviewers[k]) {
				return true
			}
		}
	}
	return a.Recruiter != nil && is(a.Recruiter)
}

// isNamedLike reports whether two entries have the same address or, without one,
// the same name.
func (p *Person) isNamedLike(o *Person) bool {
	if p.Email == "" || o.Email == "" {
		return p.Email == o.Email && strings.EqualFold(p.Name, o.Name)
	}
	return strings.EqualFold(p.Email, o.Email)
}

// personOf finds the delivery's person in the files, for their zone and
// aliases.
func personOf(a *Application, i *Interview, d *Delivery) *Person {
	address := NormalAddress(d.To.Email)
	if p := withAddress(i.Interviewers, address); p != nil {
		return p
	}
	if r := a.Recruiter; r != nil && NormalAddress(r.Email) == address {
		return r
	}
	for n := range a.Interviews {
		if p := withAddress(a.Interviews[n].Interviewers, address); p != nil {
			return p
		}
	}
	for _, p := range a.People() { // the address became an alias
		if hasAddress(&p, d.To.Email) {
			return &p
		}
	}
	return &Person{Name: d.To.Name, Email: d.To.Email}
}

// withAddress is the first of some people whose own address that is, nil if there
// is none.
func withAddress(people []Person, address string) *Person {
	for n := range people {
		if NormalAddress(people[n].Email) == address {
			return &people[n]
		}
	}
	return nil
}
