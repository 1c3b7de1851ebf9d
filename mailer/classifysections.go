package mailer

import "slices"

// section is a purpose that phrases serve, a heading in the table files.
type section uint8

// sections is a set of sections.
type sections uint64

// The sections of the tables. Order is of no meaning.
const (
	_ section = iota
	bounceSubject
	bounceText
	permanentText // why a failure is final
	permanentWord // that it is, without a reason
	transientText
	delayText
	successText
	autoSubject
	autoWeakSubject // subject that people write as well
	autoText
	autoOnly // auto-reply wording that no human's own mail bears
	challengeText
	challengeSubject
	receiptSubject
	receiptText
	complaintSubject
	unsubscribeSubject
	bulkText
	bulkSubject
	spamText
	notificationText
	applicationText // speaks of an application
	roleName        // display name of a role or a firm
	departure       // has left the company; read from tables/intents
	attribution
	replyField
	originalMessage
	mobileSignature
)

// sectionNamed maps a heading of the files in tables/phrases to its section.
func sectionNamed(name string) (section, bool) {
	names := [...]string{
		bounceSubject: "bounce_subject", bounceText: "bounce_text", permanentText: "permanent", permanentWord: "permanent_word",
		transientText: "transient", delayText: "delay", successText: "success", autoSubject: "auto_subject", autoWeakSubject: "auto_weak_subject",
		autoText: "auto_text", autoOnly: "auto_only", challengeText: "challenge", challengeSubject: "challenge_subject",
		receiptSubject: "receipt_subject", receiptText: "receipt_text", complaintSubject: "complaint_subject", unsubscribeSubject: "unsubscribe_subject", bulkText: "bulk_text", bulkSubject: "bulk_subject", spamText: "spam_text",
		notificationText: "notification_text", applicationText: "application", roleName: "role_name", departure: "left_firm", attribution: "attribution",
		replyField: "reply_field", originalMessage: "original_message", mobileSignature: "mobile_signature",
	}
	return sectionIn(names[:], name)
}

func sectionIn(names []string, name string) (section, bool) {
	at := slices.Index(names, name)
	return section(max(at, 0)), at > 0
}

// of makes a set.
func of(list ...section) sections {
	var set sections
	for _, s := range list {
		set |= 1 << s
	}
	return set
}

func (set sections) has(s section) bool { return set&(1<<s) != 0 }
