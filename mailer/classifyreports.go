package mailer

import (
	"slices"
	"strings"
)

// feedbackReport knows abuse reports (RFC 5965) and the reports of DMARC and
// TLS policies, which concern nobody's mail to a person.
func (c *classifier) feedbackReport() bool {
	for _, kind := range []string{"feedback-report", "tlsrpt"} {
		if c.reportType == kind {
			return c.set(Other, "multipart/report of type "+kind)
		}
	}
	if hasPart(c.m, "message/feedback-report") {
		return c.set(Other, "message/feedback-report part (RFC 5965)")
	}
	if lower := strings.ToLower(c.m.Subject); strings.Contains(lower, "report domain:") && strings.Contains(lower, "submitter:") {
		return c.set(Other, "subject of a policy report (RFC 7489 section 7.2.1.1)")
	}
	if c.says(complaintSubject) && hasPart(c.m, "message/rfc822") {
		return c.set(Other, "complaint about a mail that it encloses")
	}
	if c.tables.is(c.m.Subject, unsubscribeSubject) {
		return c.set(Other, "request to leave a list")
	}
	return false
}

// readReceipt knows message disposition notifications (RFC 8098).
func (c *classifier) readReceipt() bool {
	if c.reportType != "disposition-notification" && !hasPart(c.m, "message/disposition-notification") {
		return false
	}
	c.reading.OriginalID = c.originalID()
	if c.rejectedUnread() {
		r := c.report()
		c.reading.Failed = r.failed
		return c.bounce(r, "disposition notification of mail that was rejected (RFC 5429 section 2.2)")
	}
	return c.set(ReadReceipt, "disposition notification (RFC 8098)")
}

// rejectedUnread tells a notification by which a filter refuses mail instead of
// delivering it. What a person deletes unread is told in the same form, but not as
// rejected.
func (c *classifier) rejectedUnread() bool {
	return strings.Contains(c.field("auto-submitted"), "rejected") || c.nullPath && c.notice().counts[bounceText] > 0
}

// wordedReceipt knows receipts that carry words only. They name the mail that
// was read by its header fields, which look like a quote, so the whole text is
// searched; whoever answers a receipt says so in the subject.
func (c *classifier) wordedReceipt() bool {
	if !c.opens(receiptSubject) || c.isForward() || len(c.fresh().words) > 100 {
		return false
	}
	if all := c.tables.phrases(c.m.Text, of(receiptText)); all.counts[receiptText] == 0 {
		return false
	}
	c.reading.OriginalID = c.originalID()
	return c.set(ReadReceipt, "subject and text of a read receipt")
}

// unmarkedChallenge is how many phrases of a filter make a challenge of a text
// that bears no mark of a program: people do not write three of them.
const unmarkedChallenge = 3

// challenge knows the requests of filters to confirm oneself as the sender.
// They come dressed as auto-replies and even as delivery reports, so they are
// looked at before these; a report that names a failure is none.
func (c *classifier) challenge() bool {
	if c.daemon && (firstFailure(c.m.Text) != "" || replyClass(c.m.Text) != 0) && !c.says(challengeSubject) {
		return false // the server's answer stands there
	}
	marked := c.says(challengeSubject) || c.field("precedence") == "auto_reply" || c.autoSubmitted() || c.daemon || c.nullPath || c.robot
	if c.hasThreadMark() || c.refused() {
		return false
	}
	if !marked && (c.hasReport() || c.reportType != "") {
		return false
	}
	n := c.fresh().counts[challengeText]
	if !marked && n < unmarkedChallenge {
		return false
	}
	if n < 2 && !(n == 1 && c.says(challengeSubject)) {
		return false
	}
	c.reading.OriginalID = c.originalID()
	return c.set(Challenge, "asks the sender to confirm")
}

// refused tells a report of a final failure for another reason than policy.
func (c *classifier) refused() bool {
	if !c.hasReport() {
		return false
	}
	for _, r := range c.report().recipients {
		if r.action == "failed" && strings.HasPrefix(r.status, "5") && r.status != "5.7.1" && r.status != "5.7.0" {
			return true
		}
	}
	return false
}

// hasThreadMark tells a list or newsletter, which asks for confirmation of
// other things.
func (c *classifier) hasThreadMark() bool {
	return c.m.Header.Get("list-id") != "" || c.m.Header.Get("list-unsubscribe") != ""
}

// deliveryReport knows delivery status notifications (RFC 3464) by their
// machine-readable part.
func (c *classifier) deliveryReport() bool {
	if !c.hasReport() {
		return false
	}
	report := c.report()
	actions := map[string]bool{}
	for _, r := range report.recipients {
		actions[r.action] = true
	}
	c.takeReport(report)
	switch {
	case actions["failed"]:
		return c.bounce(report, "delivery status: failed (RFC 3464)")
	case actions["delayed"]:
		return c.set(Delay, "delivery status: delayed (RFC 3464)")
	case actions["delivered"] || actions["relayed"] || actions["expanded"] || report.succeeded():
		c.reading.Failed = nil
		return c.set(Notification, "delivery status: delivered (RFC 3464)")
	case c.isDelay():
		return c.set(Delay, "delivery report that speaks of a delay")
	case c.notice().counts[successText] > 0 && c.notice().counts[bounceText] == 0:
		return c.set(Notification, "delivery report that speaks of success")
	}
	return c.bounce(report, "delivery report without an action")
}

// succeeded reports whether each recipient has a status of class 2 (RFC 3463 section 2):
// some servers tell an action of their own, as Postfix of a probe, "deliverable".
func (r *deliveryReport) succeeded() bool {
	return len(r.recipients) > 0 && !slices.ContainsFunc(r.recipients, func(one recipientReport) bool { return !strings.HasPrefix(one.status, "2") })
}

func (c *classifier) takeReport(r *deliveryReport) {
	c.reading.Failed = r.failed
	c.reading.OriginalID = r.originalID
	c.reading.Status = r.status
}

// isDelay tells a notice of mail that is still being tried. A notice that says
// both is a delay: mail that arrives late must not be taken for lost. Old servers name
// the last trial in the subject, "Returned mail: Deferred", of mail that they give back
// because its address is unknown.
func (c *classifier) isDelay() bool {
	return c.notice().counts[delayText] > 0 || c.says(delayText) && c.notice().counts[permanentText] == 0
}

// textBounce knows the reports that are text for people only. A sender that is
// a mail server, an empty return path and the wording of subject and text add
// up; what a person wrote has none of the first two.
func (c *classifier) textBounce() bool {
	if c.m.HeaderOnly {
		return c.headerBounce()
	}
	subject := c.says(bounceSubject) || c.says(delayText)
	if c.autoByHeader() && !subject && c.m.Header.Get("x-failed-recipients") == "" {
		return false
	}
	server := c.daemon || c.nullPath || c.m.Header.Get("x-failed-recipients") != ""
	n := c.notice().counts
	if server && n[successText] > 0 && n[bounceText]+n[permanentText]+n[transientText] == 0 {
		return c.set(Notification, "a server's text speaks of success")
	}
	if !c.speaksOfFailure(server, subject) {
		return false
	}
	report := c.report()
	c.takeReport(report)
	if c.isDelay() {
		return c.set(Delay, "a server's text speaks of a delay")
	}
	return c.bounce(report, "a server's text speaks of failure")
}

// speaksOfFailure weighs the words of what may be a server's text. Without the
// marks of a server a report must show the server's answer or come from a
// robot: people tell of undelivered mail too.
func (c *classifier) speaksOfFailure(server, subject bool) bool {
	n := c.notice().counts
	worded := n[bounceText]+n[delayText] > 0
	code := firstFailure(c.notice().text) != "" || replyClass(c.notice().text) != 0
	evidence := 0
	for _, sign := range []bool{subject, worded, n[permanentText]+n[transientText] > 0, code} {
		if sign {
			evidence++
		}
	}
	switch {
	case server:
		return evidence >= 2 || subject || worded || c.daemon && c.listsAddress()
	case subject && evidence >= 2 && !c.isForward() && !c.hasThreadMark() && c.returnsOwn():
		return true
	}
	return evidence >= 3 && subject && (code || c.robot) && !c.isForward() && !c.hasThreadMark()
}

// returnsOwn tells a message with a copy of mail that its addressee wrote, as servers
// give back what they did not deliver.
func (c *classifier) returnsOwn() bool {
	copies := []string{}
	for _, p := range c.m.Parts {
		switch p.Type {
		case "message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers":
			head, _ := Split(p.Content[leadingJunk(p.Content):])
			copies = append(copies, findFields(head, []string{"from"})...)
		}
	}
	if n := c.notice(); n.copied != "" && len(n.copied) < len(c.m.Text) {
		copies = append(copies, findFields([]byte(n.copied), []string{"from"})...)
	}
	for _, from := range copies {
		for _, a := range parseAddresses(from) {
			if slices.ContainsFunc(c.m.To, func(to Address) bool { return SameMailbox(to.Addr, a.Addr) }) {
				return true
			}
		}
	}
	return false
}

// listsAddress tells text with an address on a line of its own, as reports in
// any language have it.
func (c *classifier) listsAddress() bool {
	for line := range strings.Lines(c.notice().text) {
		line = strings.Trim(line, " \t\r\n<>:")
		if addr := bareAddress(line); addr == line && addr != "" && !strings.ContainsAny(addr, " \t") && !isDaemon(addr) {
			return len(noticedAddresses(c.m, line)) > 0
		}
	}
	return false
}

// headerBounce judges by the header alone, where the body was not fetched.
func (c *classifier) headerBounce() bool {
	if !c.daemon && !c.nullPath && c.m.Header.Get("x-failed-recipients") == "" || !c.says(bounceSubject) && !c.says(delayText) {
		return false
	}
	c.takeReport(c.report())
	if c.says(delayText) {
		return c.set(Delay, "subject of a mail server")
	}
	c.reading.Class = Unknown
	return c.set(Bounce, "subject of a mail server")
}

// bounce tells what sort of failure a report speaks of: the status code of the
// report first, then the server's words.
func (c *classifier) bounce(r *deliveryReport, evidence string) bool {
	status, class := c.failure(r)
	if c.reading.Status == "" {
		c.reading.Status = status
	}
	c.reading.Class = class
	if c.ofOwnLimit(r) {
		c.reading.OwnLimit, c.reading.Class = true, Transient
		evidence += ", because of a limit on what the account sends"
	}
	return c.set(Bounce, evidence)
}

func (c *classifier) failure(r *deliveryReport) (status string, class Class) {
	digit := byte(0)
	status = r.status
	if status == "" || status[0] == '2' {
		words := c.serverWords(r)
		digit = replyClass(words)
		status = firstFailure(words)
	}
	if status != "" {
		digit = status[0]
	}
	switch {
	case status == "5.2.2" && c.notice().counts[transientText] > 0:
		return status, Transient // mailbox full (RFC 3463 section 3.3)
	case digit == '5' && vague(status) && c.gaveUp():
		return status, Transient
	case digit == '5':
		return status, Permanent
	case digit == '4' || c.gaveUp():
		return status, Transient
	case c.notice().counts[permanentText]+c.notice().counts[permanentWord] > 0:
		return status, Permanent
	}
	return status, Unknown
}

// serverWords joins the diagnostics of a report and its text.
func (c *classifier) serverWords(r *deliveryReport) string {
	var words strings.Builder
	for _, rec := range r.recipients {
		words.WriteString(rec.diagnostic)
		words.WriteByte('\n')
	}
	words.WriteString(c.notice().text)
	return words.String()
}

// gaveUp tells a failure that passes: a full mailbox, an expired time.
func (c *classifier) gaveUp() bool {
	return c.notice().counts[transientText] > 0 && c.notice().counts[permanentText] == 0
}

// vague tells the codes that do not say why: x.0.0, and those for a full
// mailbox and an expired time, which pass.
func vague(status string) bool {
	return status == "" || strings.HasSuffix(status, ".0.0") || status == "5.2.2" || strings.HasPrefix(status, "5.4.")
}

// serviceReport knows the notifications of mail services in JSON.
func (c *classifier) serviceReport() bool {
	// The report may be a string within another document.
	text := strings.ReplaceAll(c.m.Text, `\"`, `"`)
	kind := jsonReport(text)
	switch kind {
	case "":
		return false
	case "bounce":
		c.reading.Class = Permanent
		lower := strings.ToLower(text)
		if strings.Contains(lower, `"transient"`) {
			c.reading.Class = Transient
		}
		c.reading.Status = firstFailure(text)
		c.reading.Failed = jsonValues(text, "emailAddress")
		return c.set(Bounce, "a mail service's report of a bounce")
	case "deliverydelay":
		return c.set(Delay, "a mail service's report of a delay")
	case "delivery":
		return c.set(Notification, "a mail service's report of success")
	}
	return c.set(Other, "a mail service's report: "+kind)
}

// jsonValues lists the string values of a key, wherever it stands.
func jsonValues(text, key string) []string {
	var set addressSet
	for {
		_, rest, ok := strings.Cut(text, `"`+key+`"`)
		if !ok {
			return set.list
		}
		text = rest
		if parts := strings.SplitN(rest, `"`, 3); len(parts) == 3 && strings.TrimSpace(parts[0]) == ":" {
			set.add(parts[1])
		}
	}
}

// calendar knows invitations, answers and cancellations (RFC 5546) by their
// method, which some senders write into the calendar part only.
func (c *classifier) calendar() bool {
	if c.m.HeaderOnly {
		return c.calendarHeader()
	}
	event, ok := c.m.CalendarEvent()
	if !ok {
		return false
	}
	return c.calendarMethod(event.Method)
}

func (c *classifier) calendarHeader() bool {
	kind, params := contentType(c.m.Header.Get("content-type"))
	return kind == "text/calendar" && c.calendarMethod(strings.ToUpper(params["method"]))
}

func (c *classifier) calendarMethod(method string) bool {
	switch method {
	case "REQUEST", "COUNTER", "ADD", "DECLINECOUNTER":
		return c.set(CalendarRequest, "text/calendar with method "+method)
	case "REPLY":
		return c.set(CalendarReply, "text/calendar with method REPLY")
	case "CANCEL":
		return c.set(CalendarCancel, "text/calendar with method CANCEL")
	}
	return false // PUBLISH and none: a file that somebody sends along
}
