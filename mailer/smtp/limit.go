package smtp

import "afterword/mailer"

// limitsAccount reports a 5xx by which the account has sent all that it may for now.
func limitsAccount(r reply) bool { return mailer.LimitsSender(r.code, r.enhanced(), r.words()) }
