package scheduler

import (
	"time"

	"afterword/scheduler/calendar"
)

// Me is the candidate.
type Me struct {
	Name            string
	Email           string
	Aliases         []string
	Zone            *time.Location
	Signature       string
	EmployerDomains []string
	Away            []calendar.DateRange // asking mail rests
}

// zone is the user's own zone; UTC where none is known.
func (m Me) zone() *time.Location {
	if m.Zone == nil {
		return time.UTC
	}
	return m.Zone
}

// ReviewMode says which mails wait for the user's approval.
type ReviewMode string

// The review modes.
const (
	ReviewAlways  ReviewMode = "always"
	ReviewFlagged ReviewMode = "flagged"
	ReviewNever   ReviewMode = "never"
)

// Policy is what config.yaml says about sending: the part of it that decides.
type Policy struct {
	Me        Me
	Review    ReviewMode
	Announce  time.Duration // an unapproved asking mail is shown this long before it leaves
	Window    calendar.Window
	Late      calendar.Window // for owed mail whose slot found the machine off
	Holidays  string          // country code, "" for none
	Quiet     []calendar.YearlyRange
	Spread    time.Duration
	PerHour   int
	LastLook  time.Duration // the mailbox must have been read this recently
	Drafts    bool
	Limits    Limits
	Replies   Replies
	Sequences map[string][]Step
	Language  string
	Off       []string      // codes of LINTS.md left out
	Digest    calendar.Cron // when the weekly summary comes, in the user's zone; zero: never
	// Revision changes with config.yaml, also where it does not decide anything
	// here (the account), and with the templates.
	Revision string
	// Logins change, each with what may change the credential of an account: of the
	// one that sends, then of the watched ones.
	Logins []string
	// Broken says why config.yaml cannot be read now. It holds everything
	// while mail is still read.
	Broken string
}

// Limits bound the asking mail. HardLimit caps what a file can say.
type Limits struct {
	PerPerson      int
	PerApplication int
	Gap            calendar.Span
}

// HardLimit is the most asking mails per person or application that any
// setting can allow.
const HardLimit = 3

// Replies says what an answer does.
type Replies struct {
	Recruiter   string // pause_all | pause_follow_ups
	Interviewer string // cancel | restart
}

// The settings of Replies.
const (
	PauseAll       = "pause_all"
	PauseFollowUps = "pause_follow_ups"
	ReplyCancels   = "cancel"
	ReplyRestarts  = "restart"
)

// Step is one mail of a sequence with its schedule.
type Step struct {
	Name     string
	Template string
	To       string // interviewers | contact | recruiter | lead
	After    calendar.Span
	Cron     calendar.Cron
	Expires  calendar.Span // zero: never (asking) or the default (owed)
	Kind     Kind          // of the template; filled in when config and templates are loaded
}

// The values of Step.To.
const (
	ToInterviewers = "interviewers"
	ToContact      = "contact"
	ToRecruiter    = "recruiter"
	ToLead         = "lead"
)

// Kind tells owed mail from asking mail: they stop for different reasons.
type Kind string

// The kinds of template.
const (
	Owed   Kind = "thank-you"
	Asking Kind = "follow-up"
)
