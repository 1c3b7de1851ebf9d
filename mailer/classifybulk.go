package mailer

import (
	"path"
	"strings"
)

// listed reports whether a list server sent the message (RFC 2919, RFC 2369).
func (c *classifier) listed() bool {
	for _, name := range []string{"list-id", "list-post", "list-help", "x-mailing-list", "x-mailman-version", "x-listserver", "x-mlserver", "mailing-list", "x-ml-name", "list-owner", "list-subscribe", "list-archive"} {
		if c.m.Header.Get(name) != "" {
			return true
		}
	}
	return c.field("precedence") == "list"
}

// bulk recognises lists and newsletters. Recruiting services and companies that recruit
// set the fields of bulk mail too; what they write about an application is not bulk.
func (c *classifier) bulk() bool {
	mark := c.bulkMark()
	return mark != "" && !c.recruits() && c.set(Bulk, mark)
}

// bulkMark returns what marks the message as sent to many, "" if nothing does.
func (c *classifier) bulkMark() string {
	switch {
	case c.listed():
		return "header fields of a list (RFC 2919)"
	case c.personal():
		return ""
	case c.m.Header.Get("list-unsubscribe") != "":
		return "List-Unsubscribe (RFC 2369)"
	case c.lowPrecedence() && !c.serviceField():
		return "Precedence of mass mail"
	case c.listPath():
		return "return path of a list"
	case c.bulkSigns() >= 2 && c.fresh().counts[spamText] < 2:
		return "wording and sender of a newsletter"
	}
	return ""
}

// recruits reports whether a program writes about an application. A recruiting service
// writes about little else, apart from newsletters; any other sender must name an
// application, and a list that accepts posts never counts.
func (c *classifier) recruits() bool {
	if c.m.Header.Get("list-post") != "" || c.m.Header.Get("list-id") != "" && !c.service && !c.robot && !c.isRole() {
		return false
	}
	about := c.fresh().counts[applicationText] + c.subject.counts[applicationText]
	switch {
	case about >= 2 || c.verdict():
		return true
	case c.service:
		return about > 0 || c.fresh().counts[bulkText] == 0 || c.notificationSigns() > 0
	}
	return about > 0 && (c.robot || c.isRole())
}

// bulkSigns counts what newsletters without the fields of a list have in common.
// Words alone must be more where a short text asks something: they stand at
// the foot of many a firm's letters.
func (c *classifier) bulkSigns() int {
	n := int(c.fresh().counts[bulkText] + c.subject.counts[bulkSubject])
	if c.answers() {
		n = 0
	}
	words := n
	if c.writesFrom("news", "newsletter", "enews", "newsletters", "marketing", "offers", "deals", "promo", "promotions", "mailing", "updates", "mailings") {
		n += 2
	}
	path, _, _ := strings.Cut(strings.Trim(c.field("return-path"), "<>"), "@")
	if strings.HasPrefix(path, "bounce") || strings.Contains(path, "=") {
		n++ // one return path for each recipient
	}
	if n == words && c.asks() && len(c.fresh().words) < 100 {
		return n - 1
	}
	return n
}

// writesFrom reports whether the sender's local part is one of the names.
func (c *classifier) writesFrom(names ...string) bool {
	for _, a := range c.m.From {
		local, _, _ := strings.Cut(strings.ToLower(a.Addr), "@")
		for _, name := range names {
			if local == name {
				return true
			}
		}
	}
	return false
}

// personal reports whether the message is a reply: programs that send in bulk reply to
// nothing. Recruiters' tools add List-Unsubscribe even to replies.
func (c *classifier) personal() bool {
	if len(c.m.InReplyTo) == 0 || c.lowPrecedence() {
		return false
	}
	return c.m.Header.Get("list-unsubscribe") == "" || c.isForward() && !c.robot && c.fresh().counts[bulkText] == 0
}

// answers reports whether the message takes up another: it quotes, or its subject says
// so.
func (c *classifier) answers() bool {
	return len(c.m.InReplyTo) > 0 || c.isForward() || c.m.Quoted != ""
}

func (c *classifier) listPath() bool {
	path := strings.Trim(c.field("return-path"), "<>")
	local, _, _ := strings.Cut(path, "@")
	return strings.HasPrefix(local, "owner-") || strings.HasSuffix(local, "-owner") || strings.HasSuffix(local, "-bounces") ||
		strings.Contains(local, "-bounces+")
}

// notification recognises what programs write of their own accord.
func (c *classifier) notification() bool {
	switch {
	case strings.HasPrefix(c.field("auto-submitted"), "auto-"):
		return c.set(Notification, "Auto-Submitted: "+c.field("auto-submitted"))
	case c.robot:
		return c.set(Notification, "sender that reads no answers")
	case c.serviceField():
		return c.set(Notification, "header fields of a tracker or a service")
	case c.personal():
		return false
	case c.recruitingProgram():
		return c.set(Notification, "a program's mail about an application")
	case c.systemPath():
		return c.set(Notification, "return path of a program's account")
	case strings.HasPrefix(c.m.NewText, "<?xml") || strings.HasPrefix(c.m.NewText, "{"):
		return c.set(Notification, "text for programs")
	case c.m.Header.Get("x-auto-response-suppress") != "" && c.notificationSigns() > 0:
		return c.set(Notification, "asks not to be answered by programs")
	case c.notificationSigns() >= 2:
		return c.set(Notification, "wording of a notification")
	}
	return false
}

// recruitingProgram reports whether a recruiting service, or a company's own program,
// wrote by itself. When a person writes through it, the sender has a person's name.
func (c *classifier) recruitingProgram() bool {
	marked := c.m.Header.Get("list-unsubscribe") != "" || c.lowPrecedence() || c.listed() || c.notificationSigns() > 0
	switch {
	case c.service:
		return marked || c.isRole() || c.namesNobody()
	case c.fresh().counts[applicationText]+c.subject.counts[applicationText] == 0 && !c.verdict():
		return false
	}
	return c.m.Header.Get("list-unsubscribe") != "" || c.lowPrecedence() || c.isRole() && c.notificationSigns() > 0
}

// namesNobody reports whether a service's sender has a one-word name, as in "Acme
// <acme@service>": the company wrote, not a person.
func (c *classifier) namesNobody() bool {
	for _, a := range c.m.From {
		name := a.Name
		if name == "" {
			name, _, _ = strings.Cut(a.Addr, "@")
			name, _, _ = strings.Cut(name, "+")
			name = strings.ReplaceAll(name, ".", " ") // priya.nair+abc123@service
		}
		if len(strings.Fields(name)) > 1 {
			return false
		}
	}
	return true
}

func (c *classifier) notificationSigns() int {
	n := int(c.fresh().counts[notificationText] + c.subject.counts[notificationText])
	if c.writesFrom("bookings", "booking", "reservations", "orders", "billing", "invoices", "alerts", "alert", "service", "account", "accounts", "receipts") {
		n++
	}
	path, _, _ := strings.Cut(strings.Trim(c.field("return-path"), "<>"), "@")
	if strings.HasPrefix(path, "bounce") {
		n++
	}
	return n
}

// serviceField reports whether a field marks the message as sent by a tracker or code
// host in somebody's name.
func (c *classifier) serviceField() bool {
	for name := range c.m.Header {
		for _, mark := range []string{"x-bugzilla-", "x-jira-", "x-github-", "x-gitlab-", "x-redmine-", "x-trac-", "x-launchpad-", "x-phabricator-", "x-gerrit-", "x-cron-"} {
			if strings.HasPrefix(name, mark) {
				return true
			}
		}
	}
	return false
}

// systemPath reports whether the envelope sender is a system account.
func (c *classifier) systemPath() bool {
	path, _, _ := strings.Cut(strings.Trim(c.field("return-path"), "<>"), "@")
	switch path {
	case "www-data", "apache", "nobody", "root", "httpd", "www", "wwwrun", "daemon", "cron", "nginx":
		return true
	}
	return false
}

// unwanted recognises advertising without the marks of a newsletter.
func (c *classifier) unwanted() bool {
	if c.personal() {
		return false
	}
	if c.field("x-spam-flag") == "yes" || strings.HasPrefix(c.field("x-spam-status"), "yes") {
		return c.set(Other, "a filter on the way calls it spam")
	}
	signs := c.fresh().counts[spamText] + c.subject.counts[spamText]
	if signs > 0 && c.badlyMade() {
		signs++
	}
	if signs >= 2 {
		return c.set(Other, "wording of unwanted advertising")
	}
	return false
}

// badlyMade reports whether the header is one that no person's mail program writes.
func (c *classifier) badlyMade() bool {
	return c.m.Header.Get("date") != "" && c.m.Date.IsZero() || strings.ContainsRune(c.m.Header.Get("from"), '\ufffd') ||
		c.m.Header.Get("message-id") == "" || c.field("bcc") == "array"
}

// nothingToRead recognises messages whose whole body is one file, as fax gateways send
// them and people's mail programs do not. Without a header it counts as a person's,
// which errs on the side of silence.
func (c *classifier) nothingToRead() bool {
	if len(c.m.Header) == 0 {
		return c.set(Human, "it has no header and cannot be read")
	}
	if c.m.HeaderOnly || c.personal() || len(c.m.Parts) != 1 || c.field("x-mailer")+c.field("user-agent") != "" {
		return false
	}
	kind, params := contentType(c.m.Header.Get("content-type"))
	if strings.HasPrefix(kind, "multipart/") || strings.HasPrefix(kind, "text/") || strings.HasPrefix(kind, "message/") || wrapsLetter(kind, params["name"]) {
		return false
	}
	return c.set(Other, "a file without a word of text")
}

// wrapsLetter reports whether a file may be a person's letter in a wrapping that cannot
// be read: enciphered (RFC 8551, RFC 3156), or in Outlook's own form (MS-OXTNEF).
func wrapsLetter(kind, name string) bool {
	switch kind {
	case "application/pkcs7-mime", "application/x-pkcs7-mime", "application/ms-tnef", "application/vnd.ms-tnef", "application/pgp", "application/pgp-encrypted":
		return true
	case "application/octet-stream":
		switch path.Ext(strings.ToLower(name)) {
		case "", ".p7m", ".dat", ".bin", ".asc", ".pgp", ".gpg":
			return true
		}
	}
	return false
}
