package scheduler

import (
	"context"
	"iter"
	"time"

	"afterword/mailer"
	"afterword/scheduler/calendar"
)

// The ports: everything the scheduler needs of the outside world, on one page.
// Each is small enough to write twice.

// Clock is the only source of time and the only way to wait.
type Clock interface {
	Now() time.Time
	// NewTimer returns a channel that receives once after d, and a stop that
	// the waiting goroutine calls when it is done waiting, however it ended.
	NewTimer(d time.Duration) (c <-chan time.Time, stop func())
	// Hold keeps a stepping clock from jumping until release is called. It is
	// a no-op on a clock that runs by itself.
	Hold() (release func())
}

// Store keeps what the daemon did and learned. Every method is safe for
// concurrent use, also from several processes.
type Store interface {
	// Update runs f in one writing transaction and commits it durably
	// (fsync) if f returns nil; else nothing of it stays.
	Update(ctx context.Context, f func(Tx) error) error
	// View runs f on a consistent snapshot.
	View(ctx context.Context, f func(Reader) error) error
	// Version changes with every commit of any process; cheap to ask.
	Version(ctx context.Context) (int64, error)
	Close() error
}

// Reader is what can be asked of the store. Missing things are ErrNotFound.
type Reader interface {
	Delivery(key string) (Delivery, error)
	Deliveries(q DeliveryQuery) ([]Delivery, error)
	// Wake returns the earliest moment at which an open or in-doubt delivery
	// wants attention (its wake_at), from an index; zero if there is none.
	Wake() (time.Time, error)
	// Woken returns the deliveries whose wake_at is not after now, in order
	// of wake_at, then key, at most limit.
	Woken(now time.Time, limit int) ([]Delivery, error)
	Holds() ([]Hold, error)
	Questions() ([]Question, error)
	QuestionsOf(application string) ([]Question, error)
	Mails(q MailQuery) ([]Mail, error)
	Events(q EventQuery) ([]Event, error)
	Cursors() ([]mailer.Cursor, error)
	// Notices returns the outbox, oldest first; open: what of it some channel may
	// still have to tell.
	Notices(open bool) ([]Notice, error)
	// Meta reads a named value, "" if absent: machine, epoch, probe results.
	Meta(name string) (string, error)
	// MetaNames returns the names that begin so and have a value, in order.
	MetaNames(prefix string) ([]string, error)
}

// Tx is a Reader that also writes.
type Tx interface {
	Reader
	// Put inserts or replaces a delivery with the moment it wants attention
	// (zero: none), and refuses a move that the table does not allow.
	Put(d Delivery, wake time.Time) error
	// SetWake changes nothing but the moment a delivery wants attention.
	SetWake(key string, wake time.Time) error
	Log(e Event) error
	// SetHold replaces the hold with the same scope, target and source.
	SetHold(h Hold) error
	// Lift removes holds; an empty source means all of that scope and target.
	Lift(scope Scope, target, source string) (int, error)
	Ask(q Question) (isNew bool, err error)
	Answer(questionKey string) error
	// AddMail inserts a message, or updates the one with the same Message-ID,
	// application and person; isNew tells which.
	AddMail(m Mail) (isNew bool, err error)
	SetCursor(c mailer.Cursor) error
	// Notify adds a notice to the outbox unless one with its key exists.
	Notify(n Notice) (isNew bool, err error)
	// Told notes what became of a notice on a channel; settled: no channel has
	// anything left to tell of it.
	Told(noticeID int64, t Telling, settled bool) error
	SetMeta(name, value string) error
}

// DeliveryQuery selects deliveries; empty fields do not limit.
type DeliveryQuery struct {
	Application string
	Except      string // of other applications than this one
	Person      string // normal address
	States      []State
	MessageID   string // own or learnt
	Fragment    string // part of the key
	Limit       int
	Brief       bool // without the bodies and the frozen bytes, and in no order: enough for a list
}

// MailQuery selects messages of exchanges, oldest first.
type MailQuery struct {
	Application string
	Except      string // of other applications than this one
	Company     string // compared without regard to case
	Person      string
	MessageID   string
	Since       time.Time
}

// EventQuery selects events, oldest first.
type EventQuery struct {
	Key         string
	Application string
	After       int64 // events with a larger ID
	Limit       int   // the newest so many; 0: all
}

// Ledger remembers, outside the store, which deliveries were handed over.
type Ledger interface {
	// Append notes an attempt whose final dot is about to leave. When it
	// returns nil the line is safe on disk.
	Append(key, address string, attempt int, at time.Time) error
	// Attempt is the highest attempt that was handed over, 0 if none.
	Attempt(key string) int
	// HandedOver is when that was, zero if nobody knows.
	HandedOver(key string) time.Time
	// Strangers counts the deliveries in the ledger that are not among keys.
	Strangers(keys []string) int
}

// Sender transmits one frozen message.
type Sender interface {
	// Send transmits m phase by phase. BeforeDot is called once, after the
	// body was written and before the final dot; if it fails the connection is
	// closed without the dot and the outcome is deferred with its error.
	Send(ctx context.Context, m mailer.Frozen, beforeDot func(context.Context) error) mailer.Receipt
	// Rest closes an idle connection.
	Rest()
}

// Mailbox reads the user's mail.
type Mailbox interface {
	// Look reads what is new from the cursors on and hands it over in batches,
	// in UID order per folder. It fails if apply does. A folder that could not
	// be read is trouble in the result; an error means that nothing is known.
	Look(ctx context.Context, req mailer.LookRequest, apply func(context.Context, mailer.Batch) error) (mailer.LookResult, error)
	// Watch waits until INBOX may have changed and says so by changed, which
	// never blocks. It returns when ctx ends or the connection is lost.
	Watch(ctx context.Context, changed func()) error
	// FileSent appends a copy to the Sent folder with \Seen.
	FileSent(ctx context.Context, raw []byte, at time.Time) error
	Close() error
}

// Drafts is where the user works on what waits, in the own mail program: the
// Drafts folder and the folder Afterword/Approved.
type Drafts interface {
	// Drafts reads both folders; bodies come with what want asks for.
	Drafts(ctx context.Context, want func(mailer.Fetched) bool) (mailer.DraftsSeen, error)
	// FileDraft appends to the Drafts folder. The UID is 0 where nobody told it.
	FileDraft(ctx context.Context, raw []byte, at time.Time) (mailer.Place, error)
	// RemoveDraft removes what FileDraft appended, and nothing else.
	RemoveDraft(ctx context.Context, place mailer.Place, messageID string) error
}

// RenderInput is what a template may see, and which template it is.
type RenderInput struct {
	Template    string
	Language    string
	Me          Me
	Application Application
	Interview   Interview
	Person      Person
	Rank        int // of the person in the panel, from 0
	Previous    *Mail
	Leaves      time.Time // when the mail is to leave, in the recipient's zone
}

// Renderer turns facts into a text.
type Renderer interface {
	Render(in RenderInput) (Text, error)
	// Kind says whether a template is owed or asks; an unknown one is an error.
	Kind(template string) (Kind, error)
}

// ProofInput is a text and the facts it is held against.
type ProofInput struct {
	RenderInput
	Kind    Kind
	To      Recipient
	Text    Text
	From    string
	Others  iter.Seq[Application] // the candidate's other applications; nil: none
	Thread  *Mail                 // the newest exchange with the person, nil if there is none
	Panel   []Text                // the other notes of the panel
	Asked   int                   // unanswered asking mails to this application so far
	TooSoon string                // why the limits or the gap forbid it, "" if they do not
	Planned time.Time             // the due time, which does not move for being late; zero: as it leaves
	Place   calendar.Place        // where the recipient reads mail, with the hours for this kind; zero: not known
	Off     []string
}

// Proofreader finds what must not leave the house.
type Proofreader interface {
	Check(in ProofInput) []Finding
}

// Rechecker is a Proofreader that need not read a mail again for the time alone.
type Rechecker interface {
	// Recheck is Check of what was checked before, and found so, where nothing
	// differs but Leaves, which is in the same zone, Planned and TooSoon.
	Recheck(in ProofInput, before []Finding) []Finding
}

// Notifier tells the user by one channel.
type Notifier interface {
	// Notify tells one notice. An error means that it may be told again later,
	// but for ErrNoticeRefused; with ErrChannelRefused the channel takes none.
	Notify(ctx context.Context, n Notice) error
}

// Scribe writes what the user answered to a notice into the interview files, by the
// writer of the command line and the page. Writing the same again changes nothing.
// What is returned says for the user what now stands there; an error, why nothing does.
type Scribe interface {
	// Held notes that a meeting took place, and what people said there. They are
	// named as the user names them.
	Held(stem, round string, said []mailer.SaidAnswer) (string, error)
	// Moved gives a meeting another time on the wall of its place.
	Moved(stem, round string, to calendar.Wall) (string, error)
}

// Watcher reports that something may have changed. It is a hint: what did is
// found out by reading. A nil channel never reports.
type Watcher interface {
	Files() <-chan struct{} // the user's files
	Store() <-chan struct{} // a commit of some process, perhaps our own
}

// Files reads what the user states, checked and resolved.
type Files interface {
	// Read returns the policy and the applications. A broken file is part of
	// the answer (Broken), not an error. Where no application has changed it may
	// return the very slice of the last time, which nobody changes.
	Read() (Policy, []Application, error)
}
