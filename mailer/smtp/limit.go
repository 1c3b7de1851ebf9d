package smtp

import "afterword/mailer"

// limitsAccount reports a 5xx by which the account has sent all that it may for now.
func limitsAccount(r reply) bool { return mailer.LimitsSender(r.code, r.enhanced(), r.words()) }

// isLimit reports that, or a 4xx that says so: the mail is put off for as long.
func isLimit(r reply) bool {
	return limitsAccount(r) || mailer.PutsOffSender(r.code, r.enhanced(), r.words())
}
