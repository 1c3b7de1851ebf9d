package scheduler

import (
	"cmp"
	"slices"
	"time"

	"afterword/mailer"
)

// State is the state of a delivery. It begins planned. Once its text is written and
// proofread it is in review or approved. A claim moves it to sending, the final dot to
// handed_over, and the server's reply decides the rest. A hold is not a state: lifting
// one changes no delivery.
type State string

// The states of DESIGN section 3, mirrored by a CHECK in the database.
const (
	Planned    State = "planned"
	Review     State = "review"
	Approved   State = "approved"
	Sending    State = "sending"     // claimed; the final dot has not left
	HandedOver State = "handed_over" // committed just before the final dot
	Sent       State = "sent"
	Refused    State = "refused"
	InDoubt    State = "in_doubt"
	Cancelled  State = "cancelled"
	Expired    State = "expired"
	Bounced    State = "bounced"
)

// legal is the table of moves: the states that may follow a state.
func legal(from State) []State {
	switch from {
	case Planned:
		return []State{Review, Approved, Cancelled, Expired}
	case Review:
		return []State{Approved, Planned, Cancelled, Expired}
	case Approved:
		return []State{Review, Planned, Sending, Cancelled, Expired}
	case Sending:
		return []State{HandedOver, Refused, Approved}
	case HandedOver:
		return []State{Sent, Refused, InDoubt, Approved}
	case InDoubt:
		return []State{Sent, Approved, Cancelled}
	case Refused, Expired:
		return []State{Review, Cancelled}
	case Cancelled:
		return []State{Planned}
	case Sent:
		return []State{Bounced}
	}
	return nil
}

// States returns every state, in the order of a delivery's life.
func States() []State {
	return []State{Planned, Review, Approved, Sending, HandedOver, Sent, Refused, InDoubt, Cancelled, Expired, Bounced}
}

// Legal reports whether a delivery may move from one state to the other.
// Staying is always legal, and a new delivery (from "") begins planned.
func Legal(from, to State) bool {
	if from == to || (from == "" && to == Planned) {
		return true
	}
	return slices.Contains(legal(from), to)
}

// Open reports whether the delivery may still leave without a change that only the user
// can make.
func (s State) Open() bool { return s == Planned || s == Review || s == Approved }

// words say the state in a sentence such as "it is in doubt".
func (s State) words() string {
	switch s {
	case Review:
		return "waiting for your approval"
	case Sending, HandedOver:
		return "on its way"
	case InDoubt:
		return "in doubt"
	}
	return string(s)
}

// InFlight reports whether the delivery is claimed: its message may be on the way.
func (s State) InFlight() bool { return s == Sending || s == HandedOver }

// mayHaveLeft reports whether the recipient may have the mail, or is about to get it.
func (s State) mayHaveLeft() bool {
	return s.InFlight() || s == InDoubt || s == Sent || s == Bounced
}

// Cause is why a delivery was cancelled or expired, as far as rules depend on it.
type Cause string

// The causes.
const (
	CauseAnswered   Cause = "answered"
	CauseSkipped    Cause = "skipped"
	CauseByHand     Cause = "by hand"
	CauseThanked    Cause = "thanked"
	CauseDead       Cause = "dead address"
	CauseNoMore     Cause = "asked not to be written to"
	CauseSuperseded Cause = "superseded"
	CauseUnwanted   Cause = "not wanted any more"
	CauseClosed     Cause = "closed"
	CauseDropped    Cause = "dropped" // by the user, out of doubt or refusal
)

// Undone reports whether a delivery cancelled for this cause is planned again when the
// files want it again.
func (c Cause) Undone() bool {
	return c == CauseSuperseded || c == CauseUnwanted || c == CauseClosed
}

// Recipient is the one person a delivery goes to.
type Recipient struct{ Name, Email string }

// Thread is the thread that a mail continues; empty for a new one.
type Thread struct {
	InReplyTo  string   // Message-ID with angle brackets
	References []string // oldest first, each with angle brackets
	Subject    string   // the subject of the exchange, without "Re:"
}

// Text is a mail as its reader will see it, before it becomes bytes.
type Text struct {
	Subject string
	Body    string // LF line ends, paragraphs not hard-wrapped
	Thread  Thread
}

// Severity ranks a finding of the proofreader.
type Severity string

// The severities of LINTS.md.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Hint    Severity = "hint"
)

// Finding is one thing that the proofreader has to say about a mail.
type Finding struct {
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Place    string   `json:"place"` // "subject", "line 3", "to", ...
	Text     string   `json:"text"`  // one sentence that says what to do
}

// Delivery is one step for one person, as the store keeps it.
type Delivery struct {
	Key         string
	Application string // stem
	Company     string
	Interview   string // interview id, "" for mail queued by hand without one
	Step        string
	StepIndex   int // position in the sequence, to order the steps
	Rank        int // of the person in the panel, from 0
	Kind        Kind
	To          Recipient
	Template    string
	State       State
	Began       time.Time // when the interview begins
	Zone        string    // the recipient's zone, for people who read times
	Slot        time.Time // the match of the cron line, before the spread
	Due         time.Time // zero while the step waits for an earlier one
	Expected    time.Time // while Due is zero: when it would leave if all before it leaves as planned
	FirstDue    time.Time // the due time before any lateness; asking mail too late is judged by it
	Expires     time.Time // zero: does not expire
	RetryAt     time.Time // zero, or not before this
	Reason      string    // why the due time is what it is
	WaitingFor  string    // what keeps it, in words; "" if nothing does
	Why         string    // why it is in this state, for cancelled and the like
	Cause       Cause     // of a cancellation, for rules

	Text      Text
	TextHash  string // of To, subject, body and thread
	Findings  []Finding
	Approved  string   // TextHash that was approved, "" if none
	ByPerson  bool     // a person approved it, not the policy
	Unsaid    bool     // a person had approved it, and its text is another since
	Personal  string   // why only a person may approve it; "" if the policy may
	Despite   []string // codes that the user lifted by name
	Announced time.Time
	Edited    *Edit // the user's words in the place of the template's, nil if there are none; never changed in place

	// Stopped is why the delivery is to be cancelled although it was claimed or in doubt
	// at the time. The final dot is not sent, and once the delivery is free it is
	// cancelled.
	Stopped    Cause
	StoppedWhy string

	Attempt    int
	Marked     int   // the last attempt that is known to have come to its final dot
	Epoch      int64 // of the dispatcher that claimed it
	Frozen     *mailer.Frozen
	LearntIDs  []string // other Message-IDs that name this message
	ClaimedAt  time.Time
	SentAt     time.Time
	LastAnswer string // the server's words at the last attempt
	Missed     int    // slots that went by while it was free to leave: the machine was off
	SendNow    bool   // the user asked to send it now: planning leaves the due time alone
	Failures   int    // deferred attempts in a row, for the pauses between them
	AnyData    bool   // an attempt came as far as DATA: an edit must not take effect
}

// MessageIDs returns every Message-ID that the message is known by.
func (d Delivery) MessageIDs() []string {
	var ids []string
	if d.Frozen != nil {
		ids = append(ids, d.Frozen.MessageID)
	}
	return append(ids, d.LearntIDs...)
}

// When is the due time, or the expected one while the due time waits; zero if neither
// is known.
func (d *Delivery) When() time.Time {
	if d.Due.IsZero() {
		return d.Expected
	}
	return d.Due
}

// byTime orders deliveries by that, then by their keys.
func byTime(a, b Delivery) int {
	return cmp.Or(a.When().Compare(b.When()), cmp.Compare(a.Key, b.Key))
}
