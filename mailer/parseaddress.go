package mailer

import "strings"

// parseAddresses reads an address list (RFC 5322 section 3.4) the tolerant
// way: groups are opened, what bears no address is skipped. The value is not
// yet decoded, since a decoded display name may hold a comma.
func parseAddresses(v string) []Address {
	var out []Address
	for _, item := range splitAddresses(v) {
		if a, ok := parseAddress(item); ok {
			out = append(out, a)
		}
		if len(out) == maxAddresses {
			break
		}
	}
	return out
}

// splitAddresses cuts a list at its commas and group marks, leaving quoted
// strings, comments and angle brackets whole.
func splitAddresses(v string) []string {
	v = v[:min(len(v), maxAddressBytes)]
	var items []string
	start, depth := 0, 0
	quoted, angle, addressed := false, false, false
	cut := func(i int) {
		items = append(items, v[start:i])
		start, addressed = i+1, false
	}
	for i := 0; i < len(v) && len(items) <= 2*maxAddresses; i++ {
		switch c := v[i]; {
		case c == '\\':
			i++
		case c == '"' && depth == 0:
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case depth > 0:
		case c == '<':
			angle = true
		case c == '>':
			angle = false
		case (c == ',' || c == ';') && !angle:
			cut(i)
		case c == '@':
			addressed = true
		case c == ':' && !angle && !addressed:
			start = i + 1 // the name of a group
		}
	}
	if start < len(v) {
		items = append(items, v[start:])
	}
	return items
}

// parseAddress reads one mailbox: "Name <addr>", "addr (Name)" or "addr".
func parseAddress(item string) (Address, bool) {
	item = strings.TrimSpace(item)
	if open := strings.LastIndexByte(item, '<'); open >= 0 {
		addr, _, _ := strings.Cut(item[open+1:], ">")
		if at := strings.LastIndexByte(addr, ':'); at >= 0 && strings.HasPrefix(addr, "@") {
			addr = addr[at+1:] // the obsolete route, RFC 5322 section 4.4
		}
		addr = strings.TrimSpace(addr)
		return Address{Name: displayName(item[:open]), Addr: addr}, strings.Contains(addr, "@")
	}
	name := ""
	if open := strings.IndexByte(item, '('); open >= 0 {
		comment, after, _ := strings.Cut(item[open+1:], ")")
		name = displayName(comment)
		item = item[:open] + after
	}
	for word := range strings.FieldsSeq(item) {
		if strings.Contains(word, "@") {
			return Address{Name: name, Addr: strings.Trim(word, `"'`)}, true
		}
	}
	return Address{}, false
}

// displayName removes the quotes of a quoted string and decodes encoded words.
func displayName(v string) string {
	v = strings.TrimSpace(v)
	if len(v) >= 2 && v[0] == '"' && v[len(v)-1] == '"' {
		v = v[1 : len(v)-1]
	}
	if strings.IndexByte(v, '\\') >= 0 {
		v = unescape(v)
	}
	return firstRunes(strings.Join(strings.Fields(decodeWords(v)), " "), maxShownName)
}

func unescape(v string) string {
	var b strings.Builder
	for i := 0; i < len(v); i++ {
		if v[i] == '\\' && i+1 < len(v) {
			i++
		}
		b.WriteByte(v[i])
	}
	return b.String()
}
