package smtp

import (
	"slices"
	"strings"

	"afterword/mailer"
)

// failure is why a session did not come about, or ended before its outcome.
type failure struct {
	phase       mailer.Phase
	reply       reply // the server's own words, zero if it gave none
	err         error // the cause when there was no reply
	authRefused bool
	local       bool // the message itself is at fault and never left this machine
}

// receipt turns a failure before the final dot into its outcome.
func (f *failure) receipt() mailer.Receipt {
	outcome := beforeDot(f.phase, f.reply)
	if f.local {
		outcome = mailer.Refused
	}
	return mailer.Receipt{
		Outcome: outcome, Phase: f.phase,
		Code: f.reply.code, Enhanced: f.reply.enhanced(), Words: f.reply.words(),
		Err: f.err, AuthRefused: f.authRefused, Limited: isLimit(f.reply),
	}
}

// beforeDot judges a failure in a phase before the final dot. The server has
// nothing yet, so the message may always be tried again; refused means that
// trying again is useless because this message or this recipient is unwanted.
// A 5xx about the session or the account says nothing about the message.
func beforeDot(phase mailer.Phase, r reply) mailer.Outcome {
	aboutMessage := phase != mailer.PhaseConnect && phase != mailer.PhaseAuth
	if r.class() == 5 && aboutMessage && !wantsLogin(phase, r) && !limitsAccount(r) {
		return mailer.Refused
	}
	return mailer.Deferred
}

// afterDot judges the complete answer to the final dot. A 4xx says that the
// server did not take the message, yet servers were seen to deliver after it;
// only 4.7.x, a refusal on policy made before queueing, is believed. A 5xx is: what
// it says of the account alone can be tried again.
func afterDot(r reply) mailer.Outcome {
	switch {
	case r.class() == 2:
		return mailer.Accepted
	case limitsAccount(r):
		return mailer.Deferred
	case r.class() == 5:
		return mailer.Refused
	case r.class() == 4 && strings.HasPrefix(r.enhanced(), "4.7."):
		return mailer.Deferred
	}
	return mailer.InDoubt
}

// wantsLogin reports a reply to MAIL, RCPT or DATA that asks for another login (RFC 4954
// sections 4 and 6). The basic code comes first: 454 is a trouble that passes. Once the
// reader was named, another 5xx is about the mail, whatever its enhanced code is.
func wantsLogin(phase mailer.Phase, r reply) bool {
	return slices.Contains([]int{530, 534, 535, 538}, r.code) ||
		isSyntax(r) && slices.Contains([]string{"5.7.8", "5.7.9", "5.7.11"}, r.enhanced()) ||
		r.class() == 5 && phase == mailer.PhaseMail && slices.Contains([]string{"5.7.8", "5.7.11"}, r.enhanced())
}

// isSyntax reports the codes that find fault with a command, not with what it says.
func isSyntax(r reply) bool { return r.code >= 500 && r.code <= 504 }

// refusesCredential judges a reply to AUTH: whether it finds fault with what was
// presented, and does not put the login off. Some do so with a code that is about the
// command; only their words keep the password from being presented in every other way.
func refusesCredential(r reply) bool {
	blames := wantsLogin(mailer.PhaseAuth, r) || r.code != 504 && mailer.BlamesCredential(r.words())
	return r.class() == 5 && (!isSyntax(r) || blames) && !putsOff(r)
}

// putsOff reports a refusal of a login whose words speak of another reason than the
// credential, which 5.7.8 and 5.7.9 blame by themselves.
func putsOff(r reply) bool {
	return mailer.PutsOffLogin(r.words(), slices.Contains([]string{"5.7.8", "5.7.9"}, r.enhanced()))
}
