package mailer

import "time"

// Frozen is one finished message: the very bytes of every attempt. They never change
// once a delivery was claimed, because a server that already has the first copy
// recognises a second one only if it is byte-identical.
type Frozen struct {
	MessageID string // with angle brackets, as it stands in the header
	From      string // envelope sender, RFC 5321 section 4.1.1.2
	To        string // the one envelope recipient
	Bytes     []byte // RFC 5322 header and body, CRLF line ends, not dot-stuffed
	UTF8      bool   // an address needs SMTPUTF8 (RFC 6531)
}

// Outcome is what became of one attempt to send. The zero value is no outcome,
// so that a receipt that nobody filled in is never taken for success.
type Outcome int

// The four outcomes of DESIGN section 5.2.
const (
	Accepted Outcome = iota + 1 // the server took the message: 2xx after the final dot
	Refused                     // the server will never take it: 5xx
	Deferred                    // surely not taken; the same bytes may be tried again
	InDoubt                     // the server may or may not have taken it
)

// String returns the word that events and the command line use.
func (o Outcome) String() string {
	switch o {
	case Accepted:
		return "accepted"
	case Refused:
		return "refused"
	case Deferred:
		return "deferred"
	case InDoubt:
		return "in doubt"
	}
	return "unknown"
}

// Phase is how far an SMTP session had come (RFC 5321 section 4.1.4).
type Phase string

// The phases of a session, in order.
const (
	PhaseConnect Phase = "connect" // dialling, greeting, EHLO, STARTTLS
	PhaseAuth    Phase = "auth"
	PhaseMail    Phase = "mail"
	PhaseRcpt    Phase = "rcpt"
	PhaseData    Phase = "data" // from DATA up to, not including, the final dot
	PhaseDot     Phase = "dot"  // the final dot has left
)

// Receipt is the result of one attempt, in the server's own words.
type Receipt struct {
	Outcome  Outcome
	Phase    Phase
	Code     int      // SMTP reply code, 0 if the server gave none
	Enhanced string   // RFC 3463 status such as 5.1.1, or ""
	Words    string   // the server's text, one line, without codes
	QueueIDs []string // identifiers that the answer to the dot names; one may be a new Message-ID
	Err      error    // the cause when there was no reply, else nil

	// AuthRefused: the account's credential was refused. No message of the account can
	// leave before the user changes it.
	AuthRefused bool
	// Limited: the account has reached its sending limit. The message is fine, and
	// deferred.
	Limited bool
	// DataBegun: DATA was sent, so that a later edit of the mail must not change the
	// bytes of a retry.
	DataBegun bool
}

// Role is the purpose of a folder, by its special use (RFC 6154) or by a well-known
// name.
type Role string

// Roles of folders. A folder without a special use has RoleOther.
const (
	RoleInbox   Role = "inbox"
	RoleSent    Role = "sent"
	RoleDrafts  Role = "drafts"
	RoleJunk    Role = "junk"
	RoleTrash   Role = "trash"
	RoleArchive Role = "archive"
	RoleAll     Role = "all"
	RoleOther   Role = "other"
	// RoleApproved is the folder into which the user moves a draft to approve it.
	RoleApproved Role = "approved"
)

// Cursor says how far a folder was read: everything up to and including UID
// under that UIDValidity was applied (RFC 9051 section 2.3.1.1).
type Cursor struct {
	Account     string // "" for the sending account, else the name of a watched one
	Folder      string
	UIDValidity uint32
	UID         uint32
}

// Fetched is one message as it lay in a folder: its header, and its body where
// that was wanted, both cut at a bound.
type Fetched struct {
	Account     string
	Folder      string
	Role        Role
	UIDValidity uint32
	UID         uint32
	Arrived     time.Time // INTERNALDATE, the server's word for the arrival
	Size        int64     // bytes of the whole message
	Draft       bool      // the \Draft flag is set
	Header      []byte    // header section, at most 64 KiB
	Body        []byte    // nil if it was not wanted
	Truncated   bool      // Header or Body were cut
	Unreadable  bool      // the server or the library could not deliver it
}

// Place is where one message lies (RFC 9051 section 2.3.1.1). A UID of 0 means
// that the server did not say.
type Place struct {
	Folder      string
	UIDValidity uint32
	UID         uint32
}

// Place is where the message lay.
func (f Fetched) Place() Place { return Place{f.Folder, f.UIDValidity, f.UID} }

// DraftsSeen is what lies in the Drafts folder, and in the folder into which the
// user moves what is approved.
type DraftsSeen struct {
	Folders  []FolderState
	Messages []Fetched // those that are marked as deleted are left out
}

// Batch is a run of messages of one folder, and the cursor that is valid once all of
// them were applied. Whoever applies it stores both in one transaction.
type Batch struct {
	Messages []Fetched
	Cursor   Cursor
	Left     int // about how many messages of the folder are still to be read
}

// LookRequest says what one look at the mailbox must read.
type LookRequest struct {
	Cursors []Cursor  // where earlier looks ended; a folder without one is new
	Since   time.Time // a new folder is read back to mail that arrived from here on
	Full    bool      // read every watched folder, not only those that grew
	// WantBody decides from the header whether the body is needed. It is called on the
	// goroutine that reads, so it must be fast and must not touch shared state.
	WantBody func(Fetched) bool
}

// FolderTrouble is a watched folder that could not be read to its end.
type FolderTrouble struct {
	Account string
	Folder  string
	Role    Role // "" if the server does not list the folder at all
	Err     error
}

// LookResult is what one look at the mailbox found out beside the messages.
type LookResult struct {
	Folders []FolderState
	Trouble []FolderTrouble // empty if every watched folder was read to its end
	// Gaps are folders in which mail came and left again between two looks, or that are
	// gone altogether (UIDNext and UIDValidity are 0): a message may have been there that
	// was never read. Each gap is reported once.
	Gaps []FolderState
	// AtOnce: the server reports in one answer which folders grew (RFC 5819), so that
	// frequent looks cost little.
	AtOnce bool
}

// FolderState is a folder as the server described it.
type FolderState struct {
	Account     string
	Folder      string
	Role        Role
	UIDValidity uint32
	UIDNext     uint32
}
