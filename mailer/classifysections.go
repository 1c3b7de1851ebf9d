package mailer

// section is a purpose that phrases serve, a heading in the table files.
type section uint8

// sections is a set of sections.
type sections uint64

// The sections of the tables. Order is of no meaning.
const (
	_ section = iota
	bounceSubject
	bounceText
	permanentText
	transientText
	delayText
	successText
	autoSubject
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
	leftFirm
	rejectionText
	offerText
	noMoreText
	pendingText // what is said of is not settled
	hypothetical
	negation
	attribution
	replyField
	originalMessage
	mobileSignature
	untilCue
	throughCue
	rangeCue
	startCue
	tomorrowWord
	nextWeek
	weekday1
	weekday7 = weekday1 + 6
	month1   = weekday7 + 1
	month12  = month1 + 11
)

// sectionNamed maps a heading to its section.
func sectionNamed(name string) (section, bool) {
	names := [...]string{
		bounceSubject: "bounce_subject", bounceText: "bounce_text", permanentText: "permanent",
		transientText: "transient", delayText: "delay", successText: "success", autoSubject: "auto_subject",
		autoText: "auto_text", autoOnly: "auto_only", challengeText: "challenge", challengeSubject: "challenge_subject",
		receiptSubject: "receipt_subject", receiptText: "receipt_text", complaintSubject: "complaint_subject", unsubscribeSubject: "unsubscribe_subject", bulkText: "bulk_text", bulkSubject: "bulk_subject", spamText: "spam_text",
		notificationText: "notification_text", leftFirm: "left_firm", rejectionText: "rejection", offerText: "offer",
		noMoreText: "no_more", pendingText: "pending", hypothetical: "hypothetical", negation: "negation", attribution: "attribution",
		replyField: "reply_field", originalMessage: "original_message", mobileSignature: "mobile_signature",
		untilCue: "until", throughCue: "through", rangeCue: "range", startCue: "start", tomorrowWord: "tomorrow",
		nextWeek: "next_week",
		weekday1: "weekday1", "weekday2", "weekday3", "weekday4", "weekday5", "weekday6", "weekday7",
		month1: "month1", "month2", "month3", "month4", "month5", "month6", "month7", "month8", "month9",
		"month10", "month11", "month12",
	}
	for s, n := range names {
		if n == name && n != "" {
			return section(s), true
		}
	}
	return 0, false
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
