package web

import (
	"context"
	"time"

	"afterword/scheduler"
)

// Desk is what the page needs of the program beside the service: the user's
// files with the one writer that keeps their comments, and what is wired around
// them. The commands work with the same. What changes a file takes the revision
// of the file that was shown, and refuses with ErrStale if it is another one.
type Desk interface {
	// Zone is the user's own.
	Zone() *time.Location
	// FilesState changes whenever a file of the user's does; cheap to ask.
	FilesState() string
	// Advice says what to do about a server's state; protocol is smtp or imap.
	Advice(state, protocol string) string
	// Broken lists what keeps all mail from leaving and stands neither in the
	// store nor in a file of the user's.
	Broken() []string

	// Mail is a mail as its bytes say it, read as a mail program reads them.
	Mail(v scheduler.Preview) Mail
	// Revision names the content of an application's file, "" if there is none.
	Revision(stem string) string
	// Set writes one fact of an application and says what follows from it.
	Set(stem, since, key string, values ...string) (said string, err error)
	// Debrief writes what the user tells of a meeting. What is empty changes
	// nothing.
	Debrief(stem, round, since string, told Debrief) error
	// TakeInvitation writes an invitation into the file of its application, and
	// tells which interview it became.
	TakeInvitation(ctx context.Context, inv scheduler.Invitation, since string) (round string, err error)
	// ReadCalendar reads the meetings of a calendar file as new interviews, at least
	// one. It writes nothing; note says what of the file is not among them.
	ReadCalendar(file []byte) (all []Found, note string, err error)
	// FromMailbox reads the mailbox for invitations that stand in no file yet. It
	// writes nothing, and marks nothing as seen.
	FromMailbox(ctx context.Context) ([]Found, error)
	// Add writes a new interview: into the file of its application, or into a
	// new file.
	Add(n Interview, since string) (stem, round string, err error)
	// Proofread checks a text of which no facts are known. Without a language
	// it is read from the text.
	Proofread(text string, kind scheduler.Kind, language string) []scheduler.Finding
	// AddWord takes a word into the user's own dictionary.
	AddWord(word string) error
	// Forget removes an application for good, with its file, its mails and the
	// people that no other one knows. The daemon stops for it and begins anew.
	Forget(ctx context.Context, stem, since string) (said string, err error)
	// ForgetPerson removes a person, named by an address or, where there is none,
	// by the name, whose applications are all over. The daemon stops for it.
	ForgetPerson(ctx context.Context, who string) (said string, err error)
	// Settings are the values of config.yaml with the lines that state them.
	Settings() []Setting
}

// Mail is a mail as its reader sees it.
type Mail struct {
	From, To, Subject, Date, Body string
	Continues                     bool // it stands in an exchange that is there already
	Findings                      []scheduler.Finding
}

// Debrief is what the user tells of a meeting.
type Debrief struct {
	Said, Asked []string // by the interviewer's place
	Absent      []bool
	Texts       map[string]string // by the key of the file
	Unprepared  []string
	Questions   []string
	Answers     []scheduler.Answer
	DecisionBy  string
	Cancelled   bool // it did not take place
}

// Interview is a new interview as a form states it.
type Interview struct {
	Application   string // the stem of one that is there; "" for a new one
	Company, Role string
	Date, Time    string // 2026-11-23, 14:00
	Zone          string
	Minutes       string
	Kind          string
	UID           string // of the calendar entry that it comes from
	People        []NewPerson
	Recruiter     NewPerson
	Guessed       bool // the addresses are those of an invitation that nobody confirmed
}

// Found is an invitation of the mailbox.
type Found struct {
	Interview
	Summary string
	At      time.Time
	Note    string // what is to be known about it
}

// NewPerson is somebody of a new interview.
type NewPerson struct{ Name, Email, Title string }

// Setting is one value of config.yaml.
type Setting struct {
	Name, Value string
	Line        int // 0: not stated, so the default
}
