package mailer

import "time"

// Address is a mailbox as a header names it.
type Address struct {
	Name string // display name, decoded
	Addr string // addr-spec as written, without angle brackets
}

// Message is an incoming message, parsed as far as possible. Parsing never fails: what
// cannot be read is left empty and listed in Defects.
type Message struct {
	ID         string   // Message-ID with angle brackets, "" if absent
	InReplyTo  []string // IDs found, in order, each with angle brackets
	References []string // oldest first
	From       []Address
	Sender     []Address
	ReplyTo    []Address
	To         []Address
	Cc         []Address
	Bcc        []Address // of drafts only; what was sent has lost it
	Subject    string    // decoded, one line
	Date       time.Time
	Header     Header
	Text       string // all of the text for a reader: text/plain, else text of the HTML
	NewText    string // what the sender wrote, without quoted mail and signature
	Quoted     string // what was quoted
	Parts      []Part // leaves of the MIME tree that matter, bounded
	Defects    []string
	HeaderOnly bool // the body was not given
}

// Header gives the decoded fields of a message by lower-case name.
type Header map[string][]string

// Get returns the first value of a field, "" if there is none.
func (h Header) Get(name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// Part is one leaf of the MIME tree.
type Part struct {
	Type    string // media type in lower case, such as text/calendar
	Params  map[string]string
	Content []byte // decoded, cut at a bound
}

// Kind is the kind of a message. The names are part of the output of `afterword
// classify`.
type Kind string

// The kinds of incoming mail.
const (
	Human           Kind = "human"
	AutoReply       Kind = "auto_reply"
	Bounce          Kind = "bounce"
	Delay           Kind = "delay"
	CalendarRequest Kind = "calendar_request"
	CalendarReply   Kind = "calendar_reply"
	CalendarCancel  Kind = "calendar_cancel"
	ReadReceipt     Kind = "read_receipt"
	Challenge       Kind = "challenge"
	Bulk            Kind = "bulk"
	Notification    Kind = "notification"
	Other           Kind = "other"
)

// Class says whether a delivery failure is final.
type Class string

// The classes of a bounce.
const (
	Permanent Class = "permanent"
	Transient Class = "transient"
	Unknown   Class = "unknown"
)

// Reading is how a message was classified and what it says, with the evidence.
type Reading struct {
	Kind       Kind
	Class      Class    // of a bounce, else ""
	Status     string   // RFC 3463 status code, "" if none
	OwnLimit   bool     // the mail of a bounce did not leave, since the account had sent all that it may
	Failed     []string // addresses that a bounce or delay names
	OriginalID string   // Message-ID of ours that a report is about, "" if unknown
	ReturnDate time.Time
	LeftFirm   bool      // the person has left the company
	Rejection  bool      // it seems to speak of a rejection or a cancellation
	Offer      bool      // it seems to speak of an offer
	NoMore     bool      // asks not to be written to any more
	NextStep   bool      // it seems to arrange a next round
	DecideBy   time.Time // the day by which they promise word, at midnight in the zone of Date; zero if none
	Delegate   Address   // who is to be written to instead of the sender, empty if nobody is named
	Sentence   string    // the sentence that shows the weightiest of Hints
	Hints      []Hint    // what it seems to say of the application, the weightiest first
	Evidence   []string  // one short clause each, the decisive first
}

// Intent is something that a mail says about an application.
type Intent string

// The intents, in order of weight.
const (
	NoMore    Intent = "no_more"   // do not write any more
	LeftFirm  Intent = "left_firm" // the person has left the company
	Rejection Intent = "rejection"
	Offer     Intent = "offer"
	Decision  Intent = "decision" // word is promised by a date
	NextStep  Intent = "next_step"
	Request   Intent = "request" // something is asked for
)

// Hint is an intent that a sentence seems to show.
type Hint struct {
	Intent   Intent
	Sentence string
}
