// Package scheduler makes every decision: which mail should leave, when and why,
// and what follows from mail that comes in. It opens no socket, no file and no
// database, and no decision reads a clock. Everything it needs of the outside
// world is an interface in ports.go.
//
// Begin with delivery.go (the states and the table of legal moves), plan.go (a
// pure function from facts to deliveries), gate.go (every reason not to send),
// react.go (what a reply does) and daemon.go (the goroutine that decides).
//
// The files, each named once, which a test of internal/tidy checks:
//
// Data:
//
//	application.go     what an interview file says
//	policy.go          what config.yaml says about sending
//	delivery.go        one mail to one person: its states and the legal moves
//	key.go             the permanent name of a delivery
//	called.go          a delivery or a person by what the user calls them
//	records.go         events, holds, mails, questions, notices
//	address.go         when two addresses are one
//	meta.go            named values in the store
//	ports.go           the interfaces to the outside world
//	errors.go          what a store reports
//	nostore.go         the store of a profile that was never run
//
// Planning, which is pure:
//
//	facts.go           everything that decisions about one application look at
//	load.go            reading the facts from files and store
//	unite.go           several entries for one person
//	plan.go            which mails are wanted
//	recipients.go      to whom
//	pastasks.go        what was asked, declined or answered before, under whatever name
//	checkin.go         the check-in after a long silence
//	due.go             when a step is due
//	slots.go           the matches of its cron line; lateness of asking mail
//	place.go           where the recipient reads mail: zone, window, holidays
//	limits.go          how many asking mails, and how far apart
//	guard.go           nobody is thanked twice, whatever the key says
//	reason.go          the due time in words
//	reconcile.go       making the store agree with the plan
//	asof.go            what is shown is what the files say at that moment
//	foresee.go         when what is still to leave will, and conflicts between applications
//
// Leaving:
//
//	attend.go          bringing one application up to date
//	day.go             doing so once a day
//	prepare.go         writing and proofreading a mail; does it need approval?
//	edit.go            the user's words in place of the template's
//	verdicts.go        a cache of what the proofreader said
//	gate.go            every reason not to send now
//	lineup.go          the mails that may leave, in order
//	courier.go         taking them to the server, after a last look
//	claim.go           what is committed before the bytes leave, and before the final dot
//	settle.go          recording the outcome
//	backoff.go         the pauses before another attempt
//	copies.go          the copy in Sent
//
// Coming in:
//
//	reader.go          looks at the mailboxes
//	lookend.go         how a look ended
//	progress.go        how far the first look has come
//	watching.go        connections that wait for new mail
//	refused.go         refused logins
//	folders.go         folders that can never be read
//	gaps.go            mail that came and left again unread
//	numbering.go       servers where the numbers of INBOX do not tell that
//	unreadable.go      messages that cannot be read
//	interest.go        which bodies are wanted
//	receive.go         applying one message
//	match.go           which application it belongs to
//	recall.go          recognising replies to our recent mail
//	react.go           the table of reply rules
//	effects.go         carrying out what a rule says
//	suggest.go         what a message seems to say, as a question
//	turn.go            reminding the user to reply
//	ownmail.go         mail that the user sent
//	invitation.go      what a calendar message offers
//	invitationtake.go  asking about it, and taking it into the file
//	loose.go           invitations that fit no application
//
// The user:
//
//	service.go         what the commands and the page can do
//	seen.go            the same, only if the text is still the one shown
//	approveround.go    approving all mails of an interview
//	queue.go           a mail that no step plans
//	holds.go           hold, resume, pause
//	remove.go          cancelling an application's mail
//	forget.go          leaving nothing of an application
//	forgetperson.go    leaving nothing of a person
//	views.go           plan, status, preview, why
//	status.go          the same for the page, without reading twice
//	dossier.go         one application for the page
//	questions.go       what only the user can answer
//	unthanked.go       people whom no note can reach
//	movedround.go      an interview that moved after its thank-you left
//	channels.go        the channels for notices, and their quiet hours
//	tell.go            telling notices from the outbox
//	telltogether.go    many at once in one message
//	about.go           what a notice is about
//	answer.go          recognising the user's answer to a notice
//	answerdo.go        carrying it out
//	digest.go          the weekly summary
//	digesttime.go      when it is due
//	drafts.go          drafts in the user's mail program: filing and removing
//	draftread.go       what the user did with them
//	drafttext.go       their text without a mail program's wrapping
//
// The daemon, and what can happen to it:
//
//	daemon.go          the loop
//	start.go           taking over the store
//	touched.go         what the user's own commands worked out is looked after once more
//	wake.go            the applications that want attention now
//	group.go           its goroutines
//	pulse.go           whether they live
//	once.go            run --once
//	probe.go           a mail to oneself shows how the account behaves
//	skew.go            sleep, clock steps, and the server's clock
//	takeup.go          edited files
//	newfiles.go        files that name somebody for the first time
//	gone.go            files that are missing
//	account.go         another account
//	machine.go         another machine
//	ledger.go          what the ledger knows and the store does not
//	restored.go        a store from a backup
//	storefault.go      a disk that fails
package scheduler
