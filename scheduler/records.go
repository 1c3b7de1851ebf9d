package scheduler

import (
	"strings"
	"time"
)

// Event is one change, stored in the transaction that makes it. It is all that `why` and
// `events` read.
type Event struct {
	ID          int64     `json:"-"`
	At          time.Time `json:"at"`
	Key         string    `json:"key"`         // of the delivery, or ""
	Application string    `json:"application"` // stem, or ""
	Actor       string    `json:"actor"`       // daemon | user | mailbox | server
	What        string    `json:"what"`        // planned, moved, sent, held, ...
	From        string    `json:"from"`        // state before, or ""
	To          string    `json:"to"`          // state after, or ""
	Why         string    `json:"why"`
	Evidence    string    `json:"evidence"` // Message-ID, SMTP answer, file and line ...
}

// The actors of events.
const (
	ActorDaemon  = "daemon"
	ActorUser    = "user"
	ActorMailbox = "mailbox"
	ActorServer  = "server"
)

// Scope is how far a hold reaches.
type Scope string

// The scopes of a hold.
const (
	ScopeEverything  Scope = "everything"
	ScopeApplication Scope = "application" // Target is the stem
	ScopePerson      Scope = "person"      // Target is the address, in all applications
	ScopeDelivery    Scope = "delivery"    // Target is the key
)

// Hold is a reason not to send. It has an end, or lasts until the user resumes.
type Hold struct {
	ID     int64
	Scope  Scope
	Target string
	Reason string    // a sentence for the user
	Source string    // what set it: user | reply | robot | away | challenge | broken-file | ...; one hold per scope, target and source
	Until  time.Time // zero: until the user resumes
	// Asking limits the hold to asking mail.
	Asking bool
	// Before limits the hold to interviews that began before it; zero: all.
	Before time.Time
	Set    time.Time
}

// What says what is held: everything, or the application, address or key.
func (h *Hold) What() string {
	switch {
	case h.Scope == ScopeEverything:
		return "everything"
	case h.Asking:
		return h.Target + " (mail that asks)"
	}
	return h.Target
}

// Stays reports whether `resume` cannot lift the hold: its reason says what does, such
// as `resolve`, `adopt` or a corrected password.
func (h *Hold) Stays() bool {
	switch h.Source {
	case sourceLedger, sourceStrangers, sourceMachine, sourceLogin:
		return true
	}
	return false
}

// Asks reports whether the hold belongs to a question whose answer ends it: about a
// seeming outcome, or an invitation.
func (h *Hold) Asks() bool {
	return h.AsksOutcome() || h.Source == sourceInvitation || h.Source == sourceCalledOff
}

// AsksOutcome reports whether the hold waits for the user to say that there is no
// rejection or offer. A plain `resume` does not lift it.
func (h *Hold) AsksOutcome() bool { return h.Source == sourceOutcome }

// Names reports whether the question tells the user to type the command. Its own words come
// last: before them it may quote the subject of a mail.
func (q *Question) Names(command string) bool {
	at := strings.LastIndex(q.Text, command)
	if at < 0 {
		return false
	}
	after := q.Text[at+len(command):]
	return after == "" || strings.ContainsAny(after[:1], ".;\n")
}

// EndCommand is the command that ends a hold which waits for the user.
func (h *Hold) EndCommand() string {
	command := strings.TrimSpace("afterword resume " + ShellWord(h.Target))
	if h.AsksOutcome() {
		command += " --confirm"
	}
	return command
}

// Covers reports whether the hold keeps the delivery from leaving at now. Began is when
// the delivery's interview began.
func (h *Hold) Covers(d *Delivery, began, now time.Time) bool {
	return (h.Until.IsZero() || now.Before(h.Until)) && h.concerns(d, began)
}

// outlasts reports whether the hold ends after another one, or never by itself.
func (h *Hold) outlasts(o *Hold) bool {
	return !o.Until.IsZero() && (h.Until.IsZero() || h.Until.After(o.Until))
}

// concerns reports whether the hold is about the delivery, be it over or not.
func (h *Hold) concerns(d *Delivery, began time.Time) bool {
	if h.Asking && d.Kind != Asking {
		return false
	}
	if !h.Before.IsZero() && !began.Before(h.Before) {
		return false
	}
	switch h.Scope {
	case ScopeEverything:
		return true
	case ScopeApplication:
		return h.Target == d.Application
	case ScopePerson:
		return h.Target == NormalAddress(d.To.Email)
	case ScopeDelivery:
		return h.Target == d.Key
	}
	return false
}

// Mail is one message exchanged with a person: sent by the program, sent by the user, or
// received. It has no text.
type Mail struct {
	MessageID   string // with angle brackets; stands once for each application and person
	Application string
	Interview   string // round it belongs to, "" if unknown
	Key         string // the delivery, if the program sent it
	Outgoing    bool
	ByHand      bool   // outgoing, written by the user
	Person      string // the other side's normal address
	Name        string // the other side's name, as the file has it
	Company     string // of the application, so that a renamed file is still known
	Asking      bool   // outgoing mail that asks
	Class       string // of incoming mail: human, auto_reply, notification, ...
	Subject     string
	References  []string // its own References and In-Reply-To, oldest first
	At          time.Time
	Failed      bool // bounced or refused: counts for no limit; of incoming mail, it says that the person's address is dead
}

// Speaks reports whether the message ends a silence: mail from people and calendar
// messages do, automatic mail does not.
func (m *Mail) Speaks() bool {
	if m.Outgoing {
		return !m.Failed
	}
	switch m.Class {
	case "human", "calendar_request", "calendar_reply", "calendar_cancel":
		return true
	}
	return false
}

// Question is something that only the user can answer. It is stored once per key,
// however often it is asked.
type Question struct {
	Key         string    `json:"key"`
	Application string    `json:"-"`
	Text        string    `json:"text"`
	Asked       time.Time `json:"-"`
	Command     string    `json:"-"` // what answers it
}

// Notice is one thing to tell the user, from an outbox row.
type Notice struct {
	ID       int64
	Key      string // stands once: the same key is not told twice
	At       time.Time
	Kind     string // one of NoticeKinds
	Subject  string
	Text     string    // full text, with names
	Discreet string    // one line without names, for channels that leave the machine
	Told     time.Time // when the first channel told it
	Tellings []Telling // what became of it on each channel
	Settled  time.Time // when no channel had anything left to tell of it
	About    *About    // for its answer; joined when it is told, nil if nothing is known
}

// Telling is what became of a notice on one channel.
type Telling struct {
	Channel string
	At      time.Time
	Shown   bool   // with its whole text
	Why     string // why the channel did not tell it, "" if it did
}
