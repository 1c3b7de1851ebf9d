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
		if r.action == "delivered" || r.action == "relayed" || r.action == "expanded" || r.action != "failed" && strings.HasPrefix(r.status, "2") {
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
// talk to each other: the server and its addressee. Where none stands in a place
// for addresses that failed, those within the sentences count, but not the
// reporter's own: it writes to whom one may turn.
func noticedAddresses(m *Message, notice string) []string {
	var placed, elsewhere addressSet
	own, domains := map[string]bool{}, map[string]bool{}
	for _, list := range [][]Address{m.From, m.To, m.Sender, m.ReplyTo} {
		for _, a := range list {
			own[NormalAddress(a.Addr)] = true
		}
	}
	for _, a := range m.From {
		domains[DomainOf(a.Addr)] = true
	}
	for _, n := range namedAddresses(notice) {
		switch {
		case own[NormalAddress(n.addr)] || isDaemon(n.addr):
		case n.placed:
			placed.add(n.addr)
		case !domains[DomainOf(n.addr)]:
			elsewhere.add(n.addr)
		}
	}
	if len(placed.list) == 0 {
		return elsewhere.list
	}
	return placed.list
}

// blamedAddresses lists the addresses that end a line which says what is wrong with
// them, as in "Unknown user: ken@acme.example". Such a one may be of the reporter's own
// domain; where to turn for help stands in a sentence of its own.
func (c *classifier) blamedAddresses() []string {
	var set addressSet
	for line := range strings.Lines(c.notice().text) {
		line = strings.TrimRight(line, " \t\r\n.>)")
		at := strings.LastIndexByte(line, '@')
		if at < 0 || len(line) > 300 || isOriginField(line) {
			continue
		}
		start, end := addressBounds(line, at)
		before, named := strings.CutSuffix(strings.TrimRight(line[:start], " \t<("), ":")
		if end != len(line) || !named {
			continue
		}
		before = before[strings.LastIndexAny(before, ".;!?,:")+1:]
		if addr := bareAddress(line[start:]); !isDaemon(addr) && c.tables.phrases(before, of(bounceText, permanentText, transientText)).all != nil {
			set.add(addr)
		}
	}
	return set.list
}

// namedAddress is an address in a text; placed where servers name those that
// failed.
type namedAddress struct {
	addr   string
	placed bool
}

// namedAddresses finds the addresses of a text. Servers name those that failed
// first on a line, in angle brackets, or after RCPT TO and the like.
func namedAddresses(notice string) []namedAddress {
	var out []namedAddress
	for line := range strings.Lines(notice) {
		if len(line) > 2000 || isOriginField(line) {
			continue
		}
		for at := 0; at < len(line) && len(out) < maxFailed; {
			i := strings.IndexByte(line[at:], '@')
			if i < 0 {
				break
			}
			start, end := addressBounds(line, at+i)
			if addr := bareAddress(line[start:end]); addr != "" {
				out = append(out, namedAddress{addr, isPlace(line, start)})
			}
			at = max(end, at+i+1)
		}
	}
	return out
}

// isOriginField tells a header line that names no recipient.
func isOriginField(line string) bool {
	switch name, _ := headerName(strings.TrimLeft(line, " \t>|")); name {
	case "message-id", "in-reply-to", "references", "from", "sender", "reply-to", "return-path":
		return true
	}
	return false
}

// addressBounds widens the place of an "@" to the address around it.
func addressBounds(line string, at int) (start, end int) {
	start, end = at, at+1
	for start > 0 && isAddressByte(line[start-1]) {
		start--
	}
	for end < len(line) && isAddressByte(line[end]) {
		end++
	}
	return start, end
}

// isAddressByte tells the bytes of a dot-atom (RFC 5322 section 3.2.3). Quoted
// local parts and addresses in other scripts (RFC 6531) stand in the machine
// readable part of a report, where there is one; within text nothing parts the
// latter from the words before them.
func isAddressByte(c byte) bool {
	return isDigit(c) || isLetter(c) || strings.IndexByte(".-_+=!#$%&*/^~", c) >= 0
}

// isPlace tells where on a line servers put an address that failed.
func isPlace(line string, start int) bool {
	before := strings.TrimLeft(line[:start], " \t*->|\"'([{")
	if strings.TrimRight(before, "<:") == "" || strings.HasSuffix(before, "<") {
		return true
	}
	before = strings.ToLower(before)
	for _, mark := range []string{"to:", "to: ", "mailto:", "smtp:", "rfc822;", "rfc822; ",
		"message to ", "delivery to ", "delivered to ", "deliver to ", "nachricht an ", "message à ", "mensaje a ", "messaggio a ", "mensagem para ", "bericht aan "} {
		if strings.HasSuffix(before, mark) {
			return true
		}
	}
	return isLead(line[:start])
}

// isLead tells lines such as "To: addr" and "Recipient: addr".
func isLead(line string) bool {
	name, _, ok := strings.Cut(strings.ToLower(strings.TrimLeft(line, " \t*->")), ":")
	switch name {
	case "to", "recipient", "address", "failed", "user", "final-recipient", "original-recipient", "email", "recipients", "failed recipient", "recipient address",
		"empfänger", "an", "destinataire", "destinatario", "destinatário", "geadresseerde", "ontvanger", "mottagare", "modtager", "mottaker", "vastaanottaja",
		"adresat", "odbiorca", "příjemce", "宛先", "受信者", "收件人", "수신자":
		return ok
	}
	return false
}

// bareAddress strips what servers put around an address; "" if none is left.
func bareAddress(w string) string {
	w = strings.Trim(w, ".!*=-/#&~^")
	local, domain, ok := strings.Cut(w, "@")
	if !ok || local == "" || strings.ContainsAny(w, "/") || !strings.Contains(domain, ".") || strings.Contains(domain, "@") || len(w) > 320 {
		return ""
	}
	return w
}

// isDaemon tells the addresses that mail servers write from (RFC 5321 section
// 4.5.1 names postmaster; the others are custom).
func isDaemon(addr string) bool {
	local, _, _ := strings.Cut(strings.ToLower(addr), "@")
	local = squeeze(local)
	if strings.HasPrefix(local, "microsoftexchange") {
		return true // followed by digits, the same in every Exchange
	}
	switch local {
	case "mailerdaemon", "postmaster", "maildaemon", "mdaemon", "maildeliverysystem", "maildelivery", "mailer",
		"mailsubsystem", "ndr", "maildeliverysubsystem", "mailsystem", "daemon", "mailerror", "bounce", "bounces", "mmdf":
		return true
	}
	return false
}
