package mailer

import (
	"regexp"
	"slices"
	"strings"
)

// Providers bound how much an account may send in an hour or a day, and many say so
// with a 5xx: Google "550 5.4.5 Daily user sending limit exceeded", Microsoft "554 5.2.0
// ... SubmissionQuotaExceededException", hosts "554 5.7.1 limit of 400 rcpts per 24 hours
// reached". Nothing is wrong with the message or its reader then, and later it is taken.

// LimitsSender reports a 5xx by which the account has sent all that it may for now: the
// reply's code, its enhanced code, "" if none, and its words.
func LimitsSender(code int, enhanced, words string) bool {
	return code/100 == 5 && code != 552 && isSendersLimit(enhanced, words) // RFC 5321 section 4.2.3: 552 is about room
}

// PutsOffSender reports a 4xx that says the same.
func PutsOffSender(code int, enhanced, words string) bool {
	if rest, transient := strings.CutPrefix(enhanced, "4."); transient {
		enhanced = "5." + rest
	}
	return code/100 == 4 && isSendersLimit(enhanced, words)
}

// isSendersLimit judges an enhanced code, as of a 5xx, and words.
func isSendersLimit(enhanced, words string) bool {
	if slices.Contains(limitsOfTheMailbox(), enhanced) {
		return false
	}
	if strings.HasPrefix(enhanced, "5.1.") && !slices.Contains(limitsOfTheAccount(), enhanced) {
		return false // about an address (RFC 3463 section 3.2), whatever the words warn of
	}
	words = strings.ToLower(words)
	return slices.Contains(limitsOfTheAccount(), enhanced) || sendingLimit.MatchString(words) && !receivingLimit.MatchString(words)
}

// Enhanced codes that say whose limit it is whatever the words: Google's and, of Exchange
// Online, those for the recipients of a day and for tenants on trial; and those of the
// reader's mailbox and of the message (RFC 3463 sections 3.3 and 3.4).
func limitsOfTheAccount() []string { return []string{"5.4.5", "5.1.90", "5.7.232", "5.7.233"} }
func limitsOfTheMailbox() []string { return []string{"5.2.1", "5.2.2", "5.2.3", "5.3.4"} }

// The words for a limit of the account, in lower case: one on what is sent, one for a
// span of time, or too much of it; and those for the limit of a reader.
var (
	sendingLimit = regexp.MustCompile(`\b(send|sent|sending|outgoing|outbound|submission|sender)\b[^.;]{0,40}\b(quotas?|limits?|overlimit|allowances?)\b` +
		`|\b(quota|limit|allowance)s?\b[^.;]{0,40}\b(sending|outgoing|outbound|submission)\b` +
		`|submissionquota|\bfrequency\b[^.;]{0,20}\blimit|\brate ?-?limit|\bunusual sending activity` +
		`|\b(daily|hourly|hour|24-hour)\b( [a-z-]+){0,3} (quota|limit|allowance|maximum)\b` +
		`|\b(exceed\w*|reached|limit|quota|maximum|too (many|much))\b[^.;]{0,60}\b(today|this (minute|hour)|hoje|hoy|heute|aujourd'hui|oggi|vandaag|dzisiaj|сегодня)\b` +
		`|\b(outgoing|outbound|sending)\b[^.;]{0,60}\b(suspended|blocked|disabled|paused|stopped)\b[^.;]{0,20}\b(until|for) (tomorrow|midnight|an? |the next |\d)` +
		`|(versand|sende|mailing)-?(limit|grenze|kontingent)|verzend(limiet|quot)` +
		`|\b(quotas?|limit[eai]?|l[ií]mites?)\b[^.;]{0,20}\b(d'envois?|d'invio|d[ei] (envois?|envios?|envíos?|invio)|wysyłania|odesílání)` +
		`|(лимит|квот)[^.;]{0,20}(отправ|исходящ|надсил)|(送信|发送|发信|發送)[^。;]{0,10}(上限|制限|超限|限制|频率|頻率|配额)` +
		`|\b(exceed|limit|quota|only|max|too many)[^.;]{0,60}\b(per|in|every|within|in the last) (an? |the last |one |\d+ ?)?(minute|hour|day|24)` +
		`|\b(per|in|every) (an? |\d+ ?)?(minute|hour|day|24 ?h)[^.;]{0,40}\b(exceed|reached|limit)` +
		`|\btoo many (e-?mails|mails|messages)\b`)
	receivingLimit = regexp.MustCompile(`\breceiving\b|\brecipient'?s? (mailbox|quota|limit)|\b(mailbox|size|storage|hops?|attachments?)\b|\b\d+ ?([kmg]i?b|bytes)\b` +
		`|\b(recipient|reader|addressee) (has|is|cannot|can't)\b|\bto (this|that|the same) (recipient|user|address|mailbox)\b|größe|\btaille|\btama[ñn]|\bdimension|\bрозмір|\bразмер|サイズ|大小`)
)

// ofOwnLimit tells a report of mail that did not leave because the account had sent
// all that it may: the server's answer says so, or its words to the sender.
func (c *classifier) ofOwnLimit(r *deliveryReport) bool {
	for _, rec := range r.recipients {
		words := strings.Join(strings.Fields(rec.diagnostic), " ")
		if !tooLate.MatchString(words) && LimitsSender(failureCode(words), firstFailure(words), words) {
			return true
		}
	}
	return c.notice().counts[ownLimit] > 0
}

// tooLate finds that the time for trying is over (RFC 3463 section 3.5), which is told
// in words alike: "exceeded: not delivered in 5 days".
var tooLate = regexp.MustCompile(`(?i)\b[45]\.4\.7\b|\b(?:retry|retries|retrying|queue|timeout|expired|not delivered|undelivered)\b`)

// failureCode is the reply code of a diagnostic, 500 where only an enhanced code of
// class 5 stands there, 0 if neither does.
func failureCode(words string) int {
	for _, word := range strings.FieldsFunc(words, func(r rune) bool { return r == ' ' || r == ';' || r == ':' || r == '-' || r == '<' }) {
		if n, ok := number(word); ok && len(word) == 3 && n >= 400 && n < 560 {
			return n
		}
	}
	if strings.HasPrefix(firstFailure(words), "5") {
		return 500
	}
	return 0
}
