package scheduler

import (
	"slices"
	"strings"

	"afterword/mailer"
)

// interest decides from a header whether a message may concern an application, so that
// its body is wanted. It is immutable and safe for concurrent use.
type interest struct {
	own    []string // normal addresses of the user
	words  []string // addresses, domains, companies, names, in lower case
	tables mailer.Tables
}

func newInterest(w World, tables mailer.Tables) interest {
	in := interest{tables: tables}
	for _, mine := range ownAddresses(w.Policy.Me) {
		in.own = append(in.own, NormalAddress(mine))
	}
	add := func(s string) {
		if s = strings.ToLower(strings.TrimSpace(s)); len(s) > 2 {
			in.words = append(in.words, s)
		}
	}
	for _, a := range w.Applications {
		add(a.Company)
		for _, d := range a.Domains {
			add(d)
		}
		for _, p := range a.People() {
			for _, address := range p.Addresses() {
				add(address)
				add(mailer.DomainOf(address))
			}
			add(p.Name)
		}
	}
	slices.Sort(in.words)
	in.words = slices.Compact(in.words)
	return in
}

// wants reports whether the body is worth fetching. A person may reply from an unknown
// address under another subject, so everything not sent to many is read. Of bulk mail,
// what comes from a recruiting system, names anything of an application, or is a reply
// or a report is read.
func (in interest) wants(f mailer.Fetched) bool {
	m := mailer.Parse(f.Header, nil)
	return !isMassMail(m.Header) || in.knows(m) || in.names(m) || answersOrReports(string(f.Header))
}

// isMassMail reports whether the header says that many got the same (RFC 2919,
// RFC 2369 and the Precedence of old).
func isMassMail(h mailer.Header) bool {
	for _, field := range []string{"list-id", "list-post", "list-unsubscribe", "mailing-list", "x-mailing-list"} {
		if h.Get(field) != "" {
			return true
		}
	}
	switch strings.ToLower(strings.TrimSpace(h.Get("precedence"))) {
	case "bulk", "list", "junk":
		return true
	}
	return false
}

// knows reports whether the sender is the user or a service that speaks for
// employers.
func (in interest) knows(m mailer.Message) bool {
	for _, a := range slices.Concat(m.From, m.Sender, m.ReplyTo) {
		if _, speaks := in.tables.RelayOrATS(a.Addr); speaks || slices.Contains(in.own, NormalAddress(a.Addr)) {
			return true
		}
	}
	return false
}

// names reports whether the header, decoded, names anybody or anything of an
// application.
func (in interest) names(m mailer.Message) bool {
	for _, values := range m.Header {
		for _, v := range values {
			v = strings.ToLower(v)
			if slices.ContainsFunc(in.words, func(w string) bool { return strings.Contains(v, w) }) {
				return true
			}
		}
	}
	return false
}

// answersOrReports reports whether the header is that of an answer, a report, an
// automatic reply or an invitation.
func answersOrReports(header string) bool {
	h := "\n" + strings.ToLower(header)
	return slices.ContainsFunc([]string{"\nin-reply-to:", "\nreferences:", "multipart/report", "text/calendar", "mailer-daemon", "auto-submitted: auto", "postmaster"},
		func(mark string) bool { return strings.Contains(h, mark) })
}
