package mailer

import "slices"

// section is a purpose that phrases serve, a heading in the table files.
type section uint8

// sections is a set of sections.
type sections [2]uint64

// The sections of the tables. Order is of no meaning.
const (
	_ section = iota
	bounceSubject
	bounceText
	permanentText // why a failure is final
	permanentWord // that it is, without a reason
	transientText
	delayText
	ownLimit // the account has sent all that it may
	successText
	autoSubject
	autoWeakSubject // subject that people write as well
	autoText
	autoSelf    // says of itself that a program wrote it
	autoOnly    // auto-reply wording that no human's own mail bears
	officeHours // when letters are answered, of an office or a mailbox
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
		transientText: "transient", delayText: "delay", ownLimit: "own_limit", successText: "success", autoSubject: "auto_subject", autoWeakSubject: "auto_weak_subject",
		autoText: "auto_text", autoSelf: "auto_self", autoOnly: "auto_only", officeHours: "office_hours", challengeText: "challenge", challengeSubject: "challenge_subject",
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
		set[s/64] |= 1 << (s % 64)
	}
	return set
}

// everySection is the set of all.
func everySection() sections { return sections{^uint64(0), ^uint64(0)} }

// mostSections is how many a set holds at most.
const mostSections = 128

func (set sections) has(s section) bool { return set[s/64]&(1<<(s%64)) != 0 }

// both is what stands in both sets, and with what stands in either.
func (set sections) both(other sections) sections {
	return sections{set[0] & other[0], set[1] & other[1]}
}
func (set sections) with(other sections) sections {
	return sections{set[0] | other[0], set[1] | other[1]}
}

// any tells whether a section stands in both sets.
func (set sections) any(other sections) bool { return set.both(other) != sections{} }

func (set sections) empty() bool { return set == sections{} }
