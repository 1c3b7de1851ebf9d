package mailer

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// recipientReport is what a delivery report says of one recipient (RFC 3464
// section 2.3).
type recipientReport struct {
	original   string // Original-Recipient: the address as the sender wrote it
	final      string // Final-Recipient
	action     string // failed, delayed, delivered, relayed, expanded
	status     string // RFC 3463
	diagnostic string
}

// deliveryReport is what a report by a mail server says, from its machine
// readable part and from its text.
type deliveryReport struct {
	recipients []recipientReport
	failed     []string // addresses that the report names, without repetition
	originalID string
	status     string
}

// maxRecipients bounds how many recipients of one report are read.
const maxRecipients = 100

// readDeliveryStatus reads a message/delivery-status part (RFC 3464 section
// 2.1). Servers misplace the empty lines that separate recipients, so a new
// recipient begins wherever a field of the last one stands again, and with a block that
// names one after another was named.
func readDeliveryStatus(content []byte) []recipientReport {
	var list []recipientReport
	seen := map[string]bool{}
	for len(content) > 0 && len(list) <= maxRecipients {
		var f fields
		f, content = readBlock(content)
		clear(seen)
		if len(list) == 0 || list[len(list)-1].named() && slices.ContainsFunc(f.list, func(one field) bool { return startsRecipient(one.name) }) {
			list = append(list, recipientReport{})
		}
		for _, one := range f.list {
			if !isRecipientField(one.name) {
				continue
			}
			last := &list[len(list)-1]
			if seen[one.name] || !last.empty() && len(seen) == 0 && startsRecipient(one.name) {
				list = append(list, recipientReport{})
				clear(seen)
				last = &list[len(list)-1]
			}
			seen[one.name] = true
			last.set(one)
		}
	}
	var told []recipientReport
	for _, r := range list {
		if !r.empty() {
			told = append(told, r)
		}
	}
	return told
}

// readBlock reads fields up to an empty line and returns what follows it.
func readBlock(content []byte) (fields, []byte) {
	content = content[leadingJunk(content):]
	head, rest := Split(content)
	return readHeader(head), rest
}

func isRecipientField(name string) bool {
	return startsRecipient(name) || name == "action" || name == "status" || name == "diagnostic-code"
}

func startsRecipient(name string) bool {
	return name == "final-recipient" || name == "original-recipient"
}

func (r recipientReport) empty() bool { return r == recipientReport{} }

func (r recipientReport) named() bool { return r.final != "" || r.original != "" }

func (r *recipientReport) set(f field) {
	switch f.name {
	case "final-recipient":
		r.final = typedAddress(f.value)
	case "original-recipient":
		r.original = typedAddress(f.value)
	case "action":
		word, _, _ := strings.Cut(strings.ToLower(f.value)+" ", " ")
		r.action = strings.Trim(word, ";()")
	case "status":
		r.status = firstStatus(f.value)
	case "diagnostic-code":
		r.diagnostic = f.value
	}
}

// typedAddress reads "rfc822; addr" (RFC 3464 section 2.3.2) and the forms with
// angle brackets or with no type that servers write.
func typedAddress(v string) string {
	for kind, rest, ok := strings.Cut(v, ";"); ok && !strings.Contains(kind, "@"); kind, rest, ok = strings.Cut(v, ";") {
		v = rest // some write the type twice
	}
	v = strings.TrimSpace(v)
	if open := strings.LastIndexByte(v, '<'); open >= 0 {
		v, _, _ = strings.Cut(v[open+1:], ">")
	}
	v, _, _ = strings.Cut(v, " ")
	v = strings.Trim(v, "<>\"',;")
	if !strings.Contains(v, "@") || len(v) > 320 {
		return ""
	}
	return v
}

// report gathers what a message says about the mail it reports on.
func (c *classifier) report() *deliveryReport {
	if c.told != nil {
		return c.told
	}
	r := &deliveryReport{}
	c.told = r
	for _, p := range c.m.Parts {
		switch p.Type {
		case "message/delivery-status", "message/global-delivery-status", "message/disposition-notification":
			r.recipients = append(r.recipients, readDeliveryStatus(p.Content)...)
		}
	}
	if len(r.recipients) == 0 {
		r.recipients = embeddedStatus(c.m.Text)
	}
	r.originalID = c.originalID()
	r.failed = reportedAddresses(c.m, r.recipients)
	if len(r.failed) == 0 {
		r.failed = noticedAddresses(c.m, c.notice().text)
	}
	if len(r.failed) == 0 {
		r.failed = c.blamedAddresses()
	}
	if len(r.failed) == 0 && c.says(bounceSubject) {
		r.failed = noticedAddresses(c.m, c.title) // "Your message to ken@acme.example bounced"
	}
	for _, rec := range r.recipients {
		if r.status == "" || rec.action == "failed" && r.status[0] != '5' && rec.status != "" {
			r.status = rec.status
		}
	}
	return r
}

// embeddedStatus reads the fields of a delivery status that stand in the text,
// as in reports that another server wrapped once more. The fields of a recipient may
// come in any order, so it begins at the paragraph of the first.
func embeddedStatus(text string) []recipientReport {
	at := finalRecipient.FindStringIndex(text)
	if at == nil {
		return nil
	}
	from := max(strings.LastIndex(text[:at[0]], "\n\n"), 0)
	var b strings.Builder
	for line := range strings.Lines(text[from:min(len(text), from+16<<10)]) {
		b.WriteString(strings.TrimLeft(line, "> "))
	}
	var told []recipientReport
	for _, r := range readDeliveryStatus([]byte(b.String())) {
		if r.final != "" && r.action != "" {
			told = append(told, r)
		}
	}
	return told
}

// finalRecipient finds the field that every recipient has (RFC 3464 section 2.3.2).
var finalRecipient = regexp.MustCompile(`(?i)\bfinal-recipient:`)

// originalID finds the Message-ID of the mail that a report is about: in the
// returned mail or its header (RFC 3462 section 2), in the fields of a report,
// in a copy within the text, and last in what the report says it answers.
func (c *classifier) originalID() string {
	for _, p := range c.m.Parts {
		switch p.Type {
		case "message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers", "message/partial":
			if id := returnedID(p.Content); id != "" {
				return id
			}
		case "message/disposition-notification", "message/delivery-status", "message/feedback-report":
			if id := fieldID(p.Content, "original-message-id"); id != "" {
				return id
			}
		case "text/plain": // some attach the header as a file
			if p.Params["disposition"] == "attachment" {
				if id := returnedID(p.Content); id != "" {
					return id
				}
			}
		}
	}
	if id := textID(c.notice().copied); id != "" {
		return id
	}
	for _, name := range append(originalFields(c.m.Header), "x-ms-exchange-parent-message-id", "in-reply-to", "references") {
		if ids := scanIDs(c.m.Header.Get(name)); len(ids) > 0 {
			return ids[len(ids)-1]
		}
	}
	return ""
}

// originalFields names the fields in which a server says which mail it gives back:
// "X-Original-Message-ID", or with the server's own name before "Original".
func originalFields(h Header) []string {
	var names []string
	for name := range h {
		if strings.HasPrefix(name, "x-") && strings.HasSuffix(name, "original-message-id") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// returnedID reads the Message-ID of returned mail. Some servers replaced it
// and keep the sender's own in a field beside it.
func returnedID(content []byte) string {
	head, _ := Split(content[leadingJunk(content):])
	names := []string{"x-microsoft-original-message-id", "message-id", "x-message-id", "resent-message-id"}
	for _, value := range findFields(head, names) {
		if ids := scanIDs(value); len(ids) > 0 {
			return ids[0]
		}
	}
	return ""
}

// findFields returns the first value of each field, unfolded, without reading
// the others. The names are in lower case.
func findFields(head []byte, names []string) []string {
	values := make([]string, len(names))
	for len(head) > 0 {
		var line []byte
		line, head = cutLine(head)
		for i, name := range names {
			if values[i] != "" || len(line) <= len(name) || line[0]|0x20 != name[0] || !strings.EqualFold(string(line[:len(name)]), name) {
				continue
			}
			rest, ok := bytes.CutPrefix(bytes.TrimLeft(line[len(name):], " \t"), []byte(":"))
			if !ok {
				continue
			}
			value := append([]byte(nil), rest...)
			for len(head) > 0 && (head[0] == ' ' || head[0] == '\t') {
				line, head = cutLine(head)
				value = appendBounded(value, line)
			}
			values[i] = strings.TrimSpace(string(value))
			break
		}
	}
	return values
}

// fieldID finds a field in any block of a report.
func fieldID(content []byte, name string) string {
	for len(content) > 0 {
		var f fields
		f, content = readBlock(content)
		if ids := scanIDs(f.first(name)); len(ids) > 0 {
			return ids[0]
		}
	}
	return ""
}

// textID finds a Message-ID field on a line of text.
func textID(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		line = strings.TrimLeft(line, " \t>|")
		name, value, ok := strings.Cut(line, ":")
		if !ok || !strings.EqualFold(strings.TrimSpace(name), "message-id") {
			continue
		}
		if strings.TrimSpace(value) == "" && i+1 < len(lines) {
			value = lines[i+1] // folded after the colon
		}
		if ids := scanIDs(value); len(ids) > 0 {
			return ids[0]
		}
	}
	return ""
}

// splitCopy cuts the text of a report where a copy of the returned mail begins:
// at a run of header lines. Only what stands before it are the server's words.
func splitCopy(text string) (notice, copied string) {
	at, run, runStart, strong := 0, 0, 0, false
	for at < len(text) {
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			end = len(text) - at
		}
		line := strings.TrimLeft(strings.TrimRight(text[at:at+end], "\r"), ">| ")
		switch name, ok := headerName(line); {
		case ok:
			if run == 0 {
				runStart, strong = at, false
			}
			run++
			strong = strong || name == "message-id" || name == "received" || name == "return-path" || name == "mime-version"
			if run >= 3 && strong && !resumes(text[at:]) {
				return text[:runStart], text[runStart:]
			}
		case run > 0 && (strings.HasPrefix(line, "\t") || strings.HasPrefix(text[at:], " ") || line == ""):
			if line == "" {
				run = 0
			}
		default:
			run = 0
		}
		at += end + 1
	}
	return text, text
}

// resumes tells whether a report goes on below a summary of the mail's header:
// it then names the recipient.
func resumes(text string) bool {
	for line := range strings.Lines(text) {
		if name, _, ok := strings.Cut(strings.TrimSpace(line), ":"); ok && strings.EqualFold(name, "recipient address") {
			return true
		}
	}
	return false
}

// headerName tells a line that can stand in a mail's header, and its name.
func headerName(line string) (string, bool) {
	name, _, ok := strings.Cut(line, ":")
	if !ok || len(name) == 0 || len(name) > 60 || strings.ContainsAny(name, " \t<>@.,;()[]") {
		return "", false
	}
	lower := strings.ToLower(name)
	if strings.HasPrefix(lower, "x-") {
		return lower, true
	}
	switch lower {
	case "received", "return-path", "message-id", "date", "from", "to", "cc", "subject", "reply-to", "mime-version", "sender",
		"content-type", "content-transfer-encoding", "user-agent", "dkim-signature", "delivered-to", "in-reply-to",
		"references", "authentication-results", "received-spf", "domainkey-signature", "importance", "thread-topic", "thread-index":
		return lower, true
	}
	return "", false
}

// reportType gives the type of a multipart/report (RFC 6522) in lower case, ""
// for all other mail.
func reportType(m *Message) string {
	for _, v := range m.Header["content-type"] {
		if media, params := contentType(v); media == "multipart/report" {
			return strings.ToLower(params["report-type"])
		}
	}
	return ""
}

// hasReport tells a message with a delivery status notification in it.
func (c *classifier) hasReport() bool {
	return c.reportType == "delivery-status" || hasPart(c.m, "message/delivery-status") || hasPart(c.m, "message/global-delivery-status")
}

// hasPart tells whether a leaf of the type stands in the message.
func hasPart(m *Message, kind string) bool {
	for _, p := range m.Parts {
		if p.Type == kind {
			return true
		}
	}
	return false
}

// jsonReport tells a notification of a mail service in JSON, by the keys such
// services share, and returns its kind in lower case.
func jsonReport(text string) string {
	if !strings.HasPrefix(strings.TrimSpace(text), "{") {
		return ""
	}
	for _, key := range []string{`"notificationType"`, `"eventType"`} {
		_, rest, ok := strings.Cut(text, key)
		if !ok {
			continue
		}
		parts := strings.SplitN(rest, `"`, 3)
		if len(parts) == 3 && len(parts[1]) < 40 {
			return strings.ToLower(parts[1])
		}
	}
	return ""
}
