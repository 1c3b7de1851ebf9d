package smtp

import (
	"regexp"
	"slices"
	"strings"
)

// Providers bound how much an account may send in an hour or a day, and many say so
// with a 5xx: Google "550 5.4.5 Daily user sending limit exceeded", Microsoft "554 5.2.0
// ... SubmissionQuotaExceededException", hosts "554 5.7.1 limit of 400 rcpts per 24 hours
// reached". Nothing is wrong with the message or its reader then, and later it is taken.

// limitsAccount reports a 5xx by which the account has sent all that it may for now.
func limitsAccount(r reply) bool {
	if r.class() != 5 || r.code == 552 || slices.Contains(ofTheMailbox, r.enhanced()) {
		return false // RFC 5321 section 4.2.3: 552 is about room
	}
	words := strings.ToLower(r.words())
	return slices.Contains(ofTheAccount, r.enhanced()) || sendingLimit.MatchString(words) && !receivingLimit.MatchString(words)
}

// Enhanced codes that say whose limit it is whatever the words: Google's and, of Exchange
// Online, those for the recipients of a day and for tenants on trial; and those of the
// reader's mailbox and of the message (RFC 3463 sections 3.3 and 3.4).
var (
	ofTheAccount = []string{"5.4.5", "5.1.90", "5.7.232", "5.7.233"}
	ofTheMailbox = []string{"5.2.1", "5.2.2", "5.2.3", "5.3.4"}
)

// The words for a limit of the account, in lower case: one on what is sent, one for a
// span of time, or too much of it; and those for the limit of a reader.
var (
	sendingLimit = regexp.MustCompile(`\b(sending|outgoing|outbound|submission|sender)\b[^.;]{0,40}\b(quotas?|limits?)\b` +
		`|\b(quota|limit)s?\b[^.;]{0,40}\b(sending|outgoing|outbound|submission)\b` +
		`|submissionquota|\brate ?-?limit|\bunusual sending activity` +
		`|\b(daily|hourly|hour|24-hour)\b( [a-z-]+){0,3} (quota|limit)\b` +
		`|\b(exceed|limit|quota|only|max|too many)[^.;]{0,60}\b(per|in|every|within|in the last) (an? |the last |one |\d+ ?)?(minute|hour|day|24)` +
		`|\b(per|in|every) (an? |\d+ ?)?(minute|hour|day|24 ?h)[^.;]{0,40}\b(exceed|reached|limit)` +
		`|\btoo many (e-?mails|mails|messages)\b`)
	receivingLimit = regexp.MustCompile(`\breceiving\b|\brecipient'?s? (mailbox|quota|limit)|\b(mailbox|size|storage|hops?)\b`)
)
