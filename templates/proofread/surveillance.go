package proofread

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"afterword/scheduler"
)

var watchingLine = lazy(`(?i)^\s*(disposition-notification-to|return-receipt-to|x-confirm-reading-to|list-unsubscribe(?:-post)?|precedence|x-mailer-tracking)\s*:\s*\S`)

// surveillance finds what would report on its reader: remote content, links
// that count clicks, requests for receipts, and the marks of bulk mail.
func surveillance(m *mail) []scheduler.Finding {
	for _, f := range m.head {
		if why := headWatches(f); why != "" {
			return found("header "+f.name, "%s; take it out", why)
		}
	}
	line := watchingLine()
	for _, p := range m.text.everything() {
		for i, l := range strings.Split(p.raw, "\n") {
			where := passage{line: p.line + min(p.line, 1)*i}.at(0)
			switch {
			case line.MatchString(l):
				return found(where, "%q asks for a receipt or marks bulk mail; take it out", strings.TrimSpace(l))
			case m.writtenElement(l) != "":
				return found(where, "%q is HTML, and the mail is plain text without remote content; take it out", m.writtenElement(l))
			case m.phrases().watching.Match(l):
				return found(where, "%q belongs to bulk or tracked mail; take it out", matched(l, m.phrases().watching.Find(l)))
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

// writtenElement is the first HTML of a line that is not spoken of: "the stray <br>" shows
// nothing and loads nothing.
func (m *mail) writtenElement(line string) string {
	for _, at := range m.phrases().html.FindAll(line) {
		if !isSpokenElement(line, at[0]) || !determined().MatchString(line[:at[0]]) {
			return line[at[0]:at[1]]
		}
	}
	return ""
}

// determined ends with what makes the next a thing that is spoken of.
var determined = lazy(`(?i)\b(?:an?|the|that|this|no|one|every|each|your|der|die|das|dem|den|eine?[nmr]?|kein\pL*|le|la|une?|el|il|lo|de|het|een|o|uma?) (?:\pL+ ){0,2}["'(]?$`)

func matched(s string, at []int) string { return s[at[0]:at[1]] }

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

var webAddress = lazy(`(?i)\b(?:https?://|www\.)[^\s<>"')\]]+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,8}/[^\s<>"')\]]+`)

// links are the web addresses in a line, also without their scheme where they
// have a path.
func links(line string) []string {
	found := webAddress().FindAllString(line, -1)
	for i := range found {
		found[i] = strings.TrimRight(found[i], ".,;:!?")
	}
	return found
}

var countingPath = lazy(`(?i)/(track|tracking|trk|pixel|beacon|wf/open|open)(\.(gif|png|php|aspx?))?(/|$)`)

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
		if c.phrases().shorteners[domain] && (u.Path != "" && u.Path != "/") {
			return "is a shortened or counted link"
		}
	}
	if c.phrases().counting.Match(host) && strings.Count(host, ".") > 1 {
		return "counts who follows it"
	}
	for _, name := range slices.Sorted(maps.Keys(u.Query())) { // the same finding each time
		if c.phrases().tracking.Match(strings.ToLower(name)) {
			return "carries the tracking parameter " + name
		}
	}
	if countingPath().MatchString(u.Path) && (u.RawQuery != "" || strings.HasSuffix(u.Path, ".gif")) {
		return "counts who follows it"
	}
	return ""
}
