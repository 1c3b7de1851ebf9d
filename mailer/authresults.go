package mailer

import (
	"cmp"
	"slices"
	"strings"
)

// FailsDMARC reports whether the provider of the mailbox says that the sender
// is not who the From line claims (RFC 8601, RFC 7489). SPF or DKIM alone say
// nothing of the From line, and without results there is no judgement.
//
// Results are added on top as a message travels, so that the topmost field is
// the last server's, the provider's own; what stands further down under
// another name anybody may have written, and is not looked at. The provider's
// name need not be known for that: where it adds no results at all, a sender
// who writes some himself can only cast suspicion on himself.
//
// Forwarding breaks signatures. Where the forwarder is the user's own, by the
// domain of one of the own addresses that is no free mail, and the provider
// found its seal intact (RFC 8617), the forwarder's verdict counts instead.
func FailsDMARC(h Header, own []string) bool {
	results := ownResults(h["authentication-results"])
	if verdict(results, "dmarc") != "fail" {
		return false
	}
	if verdict(results, "arc") == "pass" && sealedByOwn(h, own) {
		return verdict(sealedResults(h), "dmarc") == "fail"
	}
	return true
}

// ownResults are the results of the topmost field, and of those right below it
// from servers of the same domain: some providers write one field for each
// method, under a name for each.
func ownResults(fields []string) []string {
	var all []string
	var first string
	for n, field := range fields {
		server, results := splitResults(field)
		domain := cmp.Or(RegistrableDomain(server), server)
		if n == 0 {
			first = domain
		}
		if domain != first {
			break
		}
		all = append(all, results...)
	}
	return all
}

// splitResults takes a field apart into the name of its server and its results,
// each in lower case without comments (RFC 8601 section 2.2). Some servers
// leave their name out.
func splitResults(field string) (server string, results []string) {
	parts := strings.Split(strings.ToLower(withoutComments(field)), ";")
	if server = strings.TrimSpace(parts[0]); strings.Contains(server, "=") {
		server = ""
	} else {
		parts = parts[1:]
		server, _, _ = strings.Cut(server, " ") // a version may follow
	}
	for _, p := range parts {
		results = append(results, strings.TrimSpace(p))
	}
	return server, results
}

// verdict is the first result of a method, such as pass or fail, "" if there is
// none.
func verdict(results []string, method string) string {
	for _, r := range results {
		words := strings.Fields(strings.ReplaceAll(r, "=", " = "))
		if len(words) < 3 || words[1] != "=" {
			continue
		}
		if name, _, _ := strings.Cut(words[0], "/"); name == method { // a version may follow
			return words[2]
		}
	}
	return ""
}

// sealedByOwn reports whether the last seal is of a domain of the user's own.
func sealedByOwn(h Header, own []string) bool {
	seal, ok := lastInstance(h["arc-seal"])
	if !ok {
		return false
	}
	var domain string
	for _, tag := range strings.Split(withoutComments(seal), ";") {
		if name, value, _ := strings.Cut(tag, "="); strings.TrimSpace(name) == "d" {
			domain = RegistrableDomain(value)
		}
	}
	tables := knownDomains()
	return domain != "" && !tables.FreeMail(domain) && slices.ContainsFunc(own, func(addr string) bool {
		return RegistrableDomain(DomainOf(addr)) == domain
	})
}

// sealedResults are the results that the last sealer wrote down.
func sealedResults(h Header) []string {
	field, _ := lastInstance(h["arc-authentication-results"])
	_, rest, _ := strings.Cut(field, ";") // the instance
	_, results := splitResults(rest)
	return results
}

// lastInstance is the field of an ARC set with the highest instance (RFC 8617
// section 4.2.1).
func lastInstance(fields []string) (last string, ok bool) {
	highest := 0
	for _, field := range fields {
		if n := instance(field); n > highest {
			highest, last = n, field
		}
	}
	return last, highest > 0
}

// instance is the number that "i=2; ..." begins with or holds, 0 if none.
func instance(field string) int {
	for _, tag := range strings.Split(withoutComments(field), ";") {
		name, value, _ := strings.Cut(tag, "=")
		if value = strings.TrimSpace(value); strings.TrimSpace(name) != "i" || value == "" || len(value) > 2 {
			continue
		}
		n := 0
		for _, digit := range value {
			if digit < '0' || digit > '9' {
				return 0
			}
			n = n*10 + int(digit-'0')
		}
		return n
	}
	return 0
}

// withoutComments removes comments and the content of quoted strings, in which
// anything may stand (RFC 5322 sections 3.2.2 and 3.2.4). An open one runs to
// the end.
func withoutComments(s string) string {
	var b strings.Builder
	depth, quoted, escaped := 0, false, false
	for _, r := range s {
		switch {
		case escaped:
			escaped = false
		case r == '\\' && (quoted || depth > 0):
			escaped = true
		case r == '"' && depth == 0:
			quoted = !quoted
		case quoted:
		case r == '(':
			depth++
		case r == ')' && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}
