// Package scheduler decides everything: what should leave, when, why, or why
// not, and what follows from what comes in. It opens no socket, no file and no
// database and reads no clock in a decision; ports.go, one page, is all that it
// needs of the outside world.
//
// Begin with delivery.go (the states and the one table of legal moves), plan.go
// (a pure function from facts to deliveries) and daemon.go (the one goroutine
// that decides). The files by what they do; each is named once, and a test of
// internal/tidy keeps it so.
//
// Words, and what is stored of them:
//
//	application.go policy.go   what the user's files say
//	delivery.go key.go called.go  one mail to one person; its name, and what the user calls it
//	records.go                 events, holds, mails, questions, notices
//	address.go errors.go meta.go  when addresses are one; what a store reports; named values
//	ports.go nostore.go        the outside world; a store that knows nothing
//
// Planning, pure:
//
//	facts.go load.go           what is known of one application, and reading it
//	unite.go                   who stands in several entries is one person
//	plan.go recipients.go      which mails, to whom
//	pastasks.go                what was asked, declined or answered before, under whatever name
//	checkin.go                 the mail after a long silence
//	due.go slots.go place.go   when; what being late does; where the reader is
//	limits.go guard.go         how often; nobody twice, whatever the key says
//	reason.go reconcile.go     the time in words; making the store agree
//
// Leaving:
//
//	attend.go day.go verdicts.go   looking after an application: expiry, review, waking
//	prepare.go edit.go             writing a mail; the user's words in its place
//	gate.go                        all that keeps a mail from leaving
//	lineup.go courier.go           who is next, and carrying it to the server
//	claim.go settle.go             what is committed before its bytes leave, and after the server's answer
//	backoff.go                     how long until the next attempt
//	copies.go                      the copy in Sent
//
// Coming in:
//
//	reader.go lookend.go progress.go  the looks at the mailbox, how each ended, how far the first has come
//	watching.go                    the connections that wait for news of it
//	folders.go gaps.go refused.go  folders that are never read, mail that left unread, refused logins
//	interest.go receive.go         which bodies are wanted; applying one message
//	match.go recall.go             whose it is, by the files and by our mail of late
//	unreadable.go                  what cannot be read
//	react.go effects.go            the table of reply rules; carrying out what a row says
//	suggest.go turn.go             what a message seems to say; whom the user owes a reply
//	ownmail.go                     what the user wrote
//	invitation.go invitationtake.go  what a calendar message offers; asking about it, taking it into the file
//	loose.go                       invitations that fit no application
//
// The user, and who is told:
//
//	service.go seen.go             what the commands and the page do; only over the text that was seen
//	approveround.go queue.go       approving a round, laying a mail before the user
//	holds.go remove.go movedround.go  holding, removing, an interview that moved after its mail left
//	views.go asof.go foresee.go status.go dossier.go  what is shown
//	questions.go unthanked.go      what is asked
//	channels.go tell.go            where notices go, and when
//	about.go answer.go answerdo.go what a notice is about; an answer to it, whose it is, doing it
//	digest.go digesttime.go        the weekly summary
//	drafts.go draftread.go drafttext.go   drafts in the user's mail program
//
// The daemon, and what can happen to it:
//
//	daemon.go start.go wake.go     the loop, taking over the store, the applications that want attention
//	group.go pulse.go              its goroutines, whether they live
//	once.go probe.go skew.go       one run only; what the account does; the clock: sleep, steps, and the server's
//	takeup.go newfiles.go gone.go  files that change, that are new, that are gone
//	account.go machine.go          another account, another machine
//	ledger.go restored.go          what the ledger knows, a store from a backup
//	storefault.go                  a disk that fails
//	forget.go forgetperson.go      leaving nothing of an application or a person
package scheduler
