package sim

// Kind is a kind of event.
type Kind string

// What the user does.
const (
	UserLooks    Kind = "the user looks" // approves, skips, settles what is in doubt
	Notes        Kind = "the user notes what was said"
	Status       Kind = "the user sets a status"
	HoldsIt      Kind = "the user holds an application"
	ResumesIt    Kind = "the user resumes an application"
	HeardByPhone Kind = "the user heard by phone"
	SkipsOne     Kind = "the user skips a mail"
	WroteByHand  Kind = "the user writes by hand"
	SendsNow     Kind = "the user sends a mail now"
	Moves        Kind = "an interview moves in its file"
	BreaksFile   Kind = "a file is broken for a while"
	JoinsFile    Kind = "an interviewer comes into a file"
	LeavesFile   Kind = "an interviewer leaves a file"
	CopyRuns     Kind = "a copy of the profile runs elsewhere"
	MovesHouse   Kind = "the profile moves to another machine"
	EditsDraft   Kind = "the user edits a draft"
	DeletesDraft Kind = "the user deletes a draft"
	SendsDraft   Kind = "the user sends a draft by hand"
	BacksUp      Kind = "a backup is taken"
	RestoresOld  Kind = "the backup is restored"
	NewPassword  Kind = "the password is changed at the server"
	SecondDaemon Kind = "a second daemon is started"
	ChangesText  Kind = "the user writes the text of a mail"
	QueuesOne    Kind = "the user queues a mail"
	Decides      Kind = "the user notes by when they decide"
	CallsOff     Kind = "an interview is called off in its file"
	AddsFile     Kind = "a file is written late"
	FileGone     Kind = "a file is gone for a while"
	BreaksConfig Kind = "config.yaml is broken for a while"
	LeavesHome   Kind = "the machine is off for days"
	AnswersOne   Kind = "the user answers a notice by mail"
	FilesLetter  Kind = "the user files a letter"
	// DeletesLetter leaves a hole in INBOX, if nobody read it before.
	DeletesLetter Kind = "the user deletes a letter for good"
)

// What others do unasked.
const (
	Writes     Kind = "a person writes"
	Robot      Kind = "the company's robot writes"
	Newsletter Kind = "a newsletter comes"
	OddMail    Kind = "a mail comes that nobody can read"
	// InTime are letters that come while mail to the company waits to leave.
	InTime    Kind = "a person writes just before they are asked"
	ForgesOne Kind = "a mail looks like the user's answer"
)

// What goes wrong.
const (
	KillsIt     Kind = "killed at a commit"
	CutsPower   Kind = "the power goes at a commit"
	Restarts    Kind = "stopped and started"
	Sleeps      Kind = "the machine sleeps"
	ClockJumps  Kind = "the clock is set"
	NetworkGone Kind = "no network"
	CutsSMTP    Kind = "a sending connection breaks"
	LosesDot    Kind = "a final dot is lost"
	LosesAnswer Kind = "the answer to a final dot is lost"
	CutsIMAP    Kind = "a reading connection breaks"
	DropsAll    Kind = "the servers drop every connection"
	FullDisk    Kind = "the disk is full"
	BrokenDisk  Kind = "the disk refuses everything"
	Renumbers   Kind = "a folder gets another UIDVALIDITY"

	// Where the account logs in with OAuth.
	AuthorityGone  Kind = "the authorization server cannot be reached"
	AuthorityFails Kind = "the authorization server is out of order"
	CutsAuthority  Kind = "a connection to the authorization server breaks"
	AccessEnds     Kind = "every access token is ended"
	GrantEnds      Kind = "the grant is withdrawn"

	// Where there are two accounts.
	FirstFails     Kind = "the sending account cannot be read"
	SecondFails    Kind = "the second account cannot be read"
	SecondPassword Kind = "the second account's password is changed"
	CutsSecond     Kind = "a connection to the second account breaks"
)

func troubles() []Kind {
	return []Kind{KillsIt, KillsIt, CutsPower, CutsPower, Restarts, Sleeps, NetworkGone, CutsSMTP, CutsSMTP, LosesDot, LosesAnswer, LosesAnswer, CutsIMAP, DropsAll,
		ClockJumps, FullDisk, BrokenDisk, Renumbers, NewPassword, SecondDaemon}
}

// Letter is what a person, or a machine in a person's place, answers.
type Letter string

// The letters. The zero value is silence.
const (
	Human       Letter = "human"
	OutOfOffice Letter = "out of office"
	Gone        Letter = "has left the company"
	Bounce      Letter = "bounce"
	Delay       Letter = "delay notice"
	Challenge   Letter = "challenge"
	Rejection   Letter = "rejection"
	Invitation  Letter = "invitation"
	Receipt     Letter = "read receipt"
	NoMore      Letter = "asks not to be written to"
	Forwarded   Letter = "a colleague answers" // to whom the mail was forwarded
)

// letters are the answers, as often as they are to come.
func letters() []Letter {
	return []Letter{Human, Human, Human, Human, OutOfOffice, Gone, Bounce, Delay, Challenge, Rejection, Invitation, Forwarded, NoMore}
}

// Stops reports whether nothing that asks may follow the letter unless the user
// says so (DESIGN section 6). An absence, a notice of delay or a receipt does not
// end the silence, and what bounced was not read.
func (l Letter) Stops() bool {
	switch l {
	case Human, Rejection, Invitation, Forwarded, NoMore:
		return true
	}
	return false
}
