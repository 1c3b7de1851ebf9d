package mailer

import "strings"

// listed tells mail that a list server sent (RFC 2919, RFC 2369).
func (c *classifier) listed() bool {
	for _, name := range []string{"list-id", "list-post", "list-help", "x-mailing-list", "x-mailman-version", "x-listserver", "mailing-list", "x-ml-name", "list-owner"} {
		if c.m.Header.Get(name) != "" {
			return true
		}
	}
	return c.field("precedence") == "list"
}

// bulk knows lists and newsletters. A service that writes about an application
// sets List-Unsubscribe too, so that alone does not make a newsletter of what
// speaks of a decision.
func (c *classifier) bulk() bool {
	switch {
	case c.listed():
		return c.set(Bulk, "header fields of a list (RFC 2919)")
	case c.personal():
		return false
	case c.m.Header.Get("list-unsubscribe") != "" && !c.decides():
		return c.set(Bulk, "List-Unsubscribe (RFC 2369)")
	case c.lowPrecedence():
		return c.set(Bulk, "Precedence of mass mail")
	case c.listPath():
		return c.set(Bulk, "return path of a list")
	case c.bulkSigns() >= 2 && c.fresh().counts[spamText] < 2:
		return c.set(Bulk, "wording and sender of a newsletter")
	}
	return false
}

// bulkSigns counts what newsletters without the fields of a list have in common.
func (c *classifier) bulkSigns() int {
	n := int(c.fresh().counts[bulkText] + c.subject.counts[bulkSubject])
	if c.writesFrom("news", "newsletter", "enews", "newsletters", "marketing", "offers", "deals", "promo", "promotions", "mailing", "updates", "mailings") {
		n += 2
	}
	path, _, _ := strings.Cut(strings.Trim(c.field("return-path"), "<>"), "@")
	if strings.HasPrefix(path, "bounce") || strings.Contains(path, "=") {
		n++ // one return path for each recipient
	}
	return n
}

// writesFrom tells whether the sender's local part is one of the names.
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

// personal tells an answer: programs that send in bulk answer nothing.
func (c *classifier) personal() bool {
	return len(c.m.InReplyTo) > 0 && c.m.Header.Get("list-unsubscribe") == "" && !c.lowPrecedence()
}

// decides tells text that seems to speak of a rejection or an offer.
func (c *classifier) decides() bool {
	return c.fresh().counts[rejectionText]+c.fresh().counts[offerText] > 0
}

func (c *classifier) listPath() bool {
	path := strings.Trim(c.field("return-path"), "<>")
	local, _, _ := strings.Cut(path, "@")
	return strings.HasPrefix(local, "owner-") || strings.HasSuffix(local, "-owner") || strings.HasSuffix(local, "-bounces") ||
		strings.Contains(local, "-bounces+")
}

// notification knows what programs write of their own accord.
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

// serviceField tells the fields by which trackers and code hosts mark what
// they send in somebody's name.
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

// systemPath tells an envelope sender that is the account of a program.
func (c *classifier) systemPath() bool {
	path, _, _ := strings.Cut(strings.Trim(c.field("return-path"), "<>"), "@")
	switch path {
	case "www-data", "apache", "nobody", "root", "httpd", "www", "wwwrun", "daemon", "cron", "nginx":
		return true
	}
	return false
}

// unwanted knows advertising without the marks of a newsletter.
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

// badlyMade tells headers that no mail program of a person writes.
func (c *classifier) badlyMade() bool {
	return c.m.Header.Get("date") != "" && c.m.Date.IsZero() || strings.ContainsRune(c.m.Header.Get("from"), '\ufffd') ||
		c.m.Header.Get("message-id") == "" || c.field("bcc") == "array"
}

// nothingToRead knows messages whose whole body is one file, which programs
// such as fax gateways send and no mail program of a person does.
func (c *classifier) nothingToRead() bool {
	if c.m.HeaderOnly || c.personal() || len(c.m.Parts) != 1 || c.field("x-mailer")+c.field("user-agent") != "" {
		return false
	}
	kind, _ := contentType(c.m.Header.Get("content-type"))
	if strings.HasPrefix(kind, "multipart/") || strings.HasPrefix(kind, "text/") || strings.HasPrefix(kind, "message/") {
		return false
	}
	return c.set(Other, "a file without a word of text")
}
