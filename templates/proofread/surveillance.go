package proofread

import (
	"net/url"
	"regexp"
	"strings"

	"afterword/scheduler"
)

// surveillance finds what would report on its reader: remote content, links
// that count clicks, requests for receipts, and the marks of bulk mail.
func surveillance(m *mail) []scheduler.Finding {
	for _, f := range m.head {
		if why := headWatches(f); why != "" {
			return found("header "+f.name, "%s; take it out", why)
		}
	}
	line := regexp.MustCompile(`(?i)^\s*(disposition-notification-to|return-receipt-to|x-confirm-reading-to|list-unsubscribe(?:-post)?|precedence|x-mailer-tracking)\s*:\s*\S`)
	for _, p := range m.text.everything() {
		for i, l := range strings.Split(p.raw, "\n") {
			where := passage{line: p.line + min(p.line, 1)*i}.at(0)
			switch {
			case line.MatchString(l):
				return found(where, "%q asks for a receipt or marks bulk mail; take it out", strings.TrimSpace(l))
			case m.phrases.html.MatchString(l):
				return found(where, "%q is HTML, and the mail is plain text without remote content; take it out", m.phrases.html.FindString(l))
			case m.phrases.watching.MatchString(l):
				return found(where, "%q belongs to bulk or tracked mail; take it out", m.phrases.watching.FindString(l))
			}
			for _, link := range links(l) {
				if why := m.linkWatches(link); why != "" {
					return found(where, "%s %s; write the plain address of the page instead", link, why)
				}
			}
		}
	}
	return nil
}

// headWatches says what is wrong with a header field.
func headWatches(f field) string {
	switch strings.ToLower(f.name) {
	case "disposition-notification-to", "return-receipt-to", "x-confirm-reading-to":
		return "the field asks for a read receipt"
	case "list-unsubscribe", "list-unsubscribe-post", "precedence":
		return "the field marks bulk mail"
	case "content-type":
		if strings.HasPrefix(strings.ToLower(f.value), "text/html") {
			return "the mail is HTML without plain text"
		}
	}
	return ""
}

// links are the web addresses in a line, also without their scheme where they
// have a path.
func links(line string) []string {
	found := regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s<>"')\]]+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,8}/[^\s<>"')\]]+`).FindAllString(line, -1)
	for i := range found {
		found[i] = strings.TrimRight(found[i], ".,;:!?")
	}
	return found
}

// linkWatches says how a link would report on who follows it.
func (c *Checker) linkWatches(link string) string {
	if !strings.Contains(link, "://") {
		link = "https://" + link
	}
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	for domain := host; domain != ""; _, domain, _ = strings.Cut(domain, ".") {
		if c.phrases.shorteners[domain] && (u.Path != "" && u.Path != "/") {
			return "is a shortened or counted link"
		}
	}
	if c.phrases.counting.MatchString(host) && strings.Count(host, ".") > 1 {
		return "counts who follows it"
	}
	for name := range u.Query() {
		if c.phrases.tracking.MatchString(strings.ToLower(name)) {
			return "carries the tracking parameter " + name
		}
	}
	if regexp.MustCompile(`(?i)/(track|tracking|trk|pixel|beacon|wf/open|open)(\.(gif|png|php|aspx?))?(/|$)`).MatchString(u.Path) && (u.RawQuery != "" || strings.HasSuffix(u.Path, ".gif")) {
		return "counts who follows it"
	}
	return ""
}
