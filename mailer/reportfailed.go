package mailer

import (
	"strings"
)

// maxFailed bounds how many addresses a report may name.
const maxFailed = 50

// addressSet keeps addresses in order, without repetition.
type addressSet struct {
	list []string
	seen map[string]bool
}

func (s *addressSet) add(addr string) {
	if addr == "" {
		return
	}
	key := NormalAddress(addr)
	if key == "" || s.seen[key] || len(s.list) >= maxFailed {
		return
	}
	if s.seen == nil {
		s.seen = map[string]bool{}
	}
	s.seen[key] = true
	s.list = append(s.list, addr)
}

// reportedAddresses lists whom the machine-readable part of a report names, and
// X-Failed-Recipients, which some servers set.
func reportedAddresses(m *Message, recipients []recipientReport) []string {
	var set addressSet
	for _, r := range recipients {
		if r.action == "delivered" || r.action == "relayed" || r.action == "expanded" {
			continue
		}
		set.add(r.original)
		set.add(r.final)
	}
	for _, v := range m.Header["x-failed-recipients"] {
		for _, a := range parseAddresses(v) {
			set.add(a.Addr)
		}
	}
	return set.list
}

// noticedAddresses lists whom the words of a report name, but for the two that
// talk to each other: the server and its addressee.
func noticedAddresses(m *Message, notice string) []string {
	var set addressSet
	own := map[string]bool{}
	for _, list := range [][]Address{m.From, m.To, m.Sender, m.ReplyTo} {
		for _, a := range list {
			own[NormalAddress(a.Addr)] = true
		}
	}
	for _, addr := range noticeAddresses(notice) {
		if !own[NormalAddress(addr)] && !isDaemon(addr) {
			set.add(addr)
		}
	}
	return set.list
}

// noticeAddresses finds the addresses that stand where servers name those that
// failed: first on a line, in angle brackets, or after RCPT TO and the like.
func noticeAddresses(notice string) []string {
	var out []string
	for line := range strings.Lines(notice) {
		if len(out) >= maxFailed {
			break
		}
		if !strings.Contains(line, "@") || len(line) > 2000 {
			continue
		}
		for i, w := range strings.Fields(line) {
			bracketed := strings.Contains(w, "<")
			addr := bareAddress(w)
			if addr != "" && (i == 0 || bracketed || strings.HasPrefix(strings.ToLower(w), "to:") || isLead(line)) {
				out = append(out, addr)
			}
		}
	}
	return out
}

// isLead tells lines such as "To: addr" and "Recipient: addr".
func isLead(line string) bool {
	name, _, ok := strings.Cut(strings.ToLower(strings.TrimLeft(line, " \t*->")), ":")
	switch name {
	case "to", "recipient", "address", "failed", "user", "final-recipient", "original-recipient", "email", "recipients":
		return ok
	}
	return false
}

// bareAddress strips what servers put around an address; "" if none is left.
func bareAddress(w string) string {
	if open := strings.LastIndexByte(w, '<'); open >= 0 {
		w, _, _ = strings.Cut(w[open+1:], ">")
	}
	w = strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(w[:min(7, len(w))])+w[min(7, len(w)):], "mailto:"), "to:")
	w = strings.Trim(w, "<>()[]{}\"'`,;:.!*?=|")
	local, domain, ok := strings.Cut(w, "@")
	if !ok || local == "" || strings.ContainsAny(w, "<>()[]\"/\\") || !strings.Contains(domain, ".") || strings.Contains(domain, "@") || len(w) > 320 {
		return ""
	}
	return w
}

// isDaemon tells the addresses that mail servers write from (RFC 5321 section
// 4.5.1 names postmaster; the others are custom).
func isDaemon(addr string) bool {
	local, _, _ := strings.Cut(strings.ToLower(addr), "@")
	switch squeeze(local) {
	case "mailerdaemon", "postmaster", "maildaemon", "mdaemon", "maildeliverysystem", "maildelivery", "mailer",
		"mailsubsystem", "maildeliverysubsystem", "mailsystem", "daemon", "mailerror", "bounce", "bounces", "mmdf":
		return true
	}
	return false
}
