package mailer

import (
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Bounds of RFC 5321 sections 4.5.3.1.1 to 4.5.3.1.3, in octets.
const (
	maxLocalPart   = 64
	maxDomain      = 253
	maxAddressLine = 1000 // what ParseAddress is ready to read, display name included
)

// NormalAddress is the form in which addresses are compared: trimmed, without
// angle brackets, in lower case, the domain in ASCII (RFC 5890). A plus tag
// stays. What is no address comes back trimmed and in lower case, so that the
// result can always be compared, and normalizing twice changes nothing.
func NormalAddress(addr string) string {
	if isNormal(addr) {
		return addr
	}
	addr = strings.TrimFunc(addr, func(r rune) bool {
		return unicode.IsSpace(r) || r == '<' || r == '>'
	})
	at := strings.LastIndexByte(addr, '@')
	if at < 0 {
		return foldCase(addr)
	}
	return foldCase(unquoted(addr[:at])) + "@" + normalDomain(addr[at+1:])
}

// isNormal reports whether an address is plainly written as it is compared, as
// nearly all are that were read before: it looks at them far more often than they
// are read.
func isNormal(addr string) bool {
	for n := range len(addr) {
		switch c := addr[n]; {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '@', c == '_', c == '+':
		case c == '.' && n+1 < len(addr):
		case c == '-' && (n == 0 || addr[n-1] != '-'): // two of them may follow an xn
		default:
			return false
		}
	}
	return true
}

// unquoted is a local part without quotes that it does not need (RFC 5321
// section 4.1.2: both forms are one mailbox).
func unquoted(local string) string {
	inside, quoted := strings.CutPrefix(local, `"`)
	inside, closed := strings.CutSuffix(inside, `"`)
	if !quoted || !closed || inside == "" || strings.ContainsFunc(inside, func(r rune) bool { return !isAtom(r) && r != '.' }) {
		return local
	}
	return inside
}

// BaseAddress is the normal address without its plus tag (RFC 5233): mail to
// both reaches the same person.
func BaseAddress(addr string) string {
	addr = NormalAddress(addr)
	at := strings.LastIndexByte(addr, '@')
	if at < 0 {
		return addr
	}
	if plus := strings.IndexByte(addr[:at], '+'); plus > 0 {
		return addr[:plus] + addr[at:]
	}
	return addr
}

// DomainOf returns the domain of an address in ASCII and lower case, "" if it
// has none.
func DomainOf(addr string) string {
	addr = NormalAddress(addr)
	at := strings.LastIndexByte(addr, '@')
	if at < 0 {
		return ""
	}
	return addr[at+1:]
}

// ParseAddress reads exactly one mailbox, "Name <ken@acme.example>" or the
// bare addr-spec (RFC 5322 section 3.4). It is meant for what a user writes and
// refuses more than the RFC does: control and bidi characters, quoted local
// parts, address literals and lists, all of which are mistakes or attacks there.
func ParseAddress(s string) (Address, error) {
	if err := checkLine(s); err != nil {
		return Address{}, fmt.Errorf("reading address %q: %w", cut(s), err)
	}
	if len(s) > maxAddressLine {
		return Address{}, fmt.Errorf("reading address %q: it is longer than %d bytes", cut(s), maxAddressLine)
	}
	parsed, err := mail.ParseAddress(s)
	if err != nil || strings.HasSuffix(strings.TrimSpace(s), ";") { // a group of one passes the library
		// The library's own words name its package; what was found says more.
		return Address{}, fmt.Errorf("reading address %q: expected one address such as ken@acme.example", cut(s))
	}
	a := Address{Name: parsed.Name, Addr: parsed.Address}
	if err := checkAddress(a); err != nil {
		return Address{}, fmt.Errorf("reading address %q: %w", cut(s), err)
	}
	a.Name = strings.Join(strings.Fields(a.Name), " ")
	return a, nil
}

// checkAddress refuses an address that may not stand in a mail of ours.
func checkAddress(a Address) error {
	if err := checkLine(a.Name); err != nil {
		return fmt.Errorf("the name: %w", err)
	}
	if err := checkLine(a.Addr); err != nil {
		return err
	}
	at := strings.LastIndexByte(a.Addr, '@')
	if at < 0 {
		return errors.New("it has no @")
	}
	if err := checkLocalPart(a.Addr[:at]); err != nil {
		return err
	}
	_, err := asciiDomain(a.Addr[at+1:])
	return err
}

// checkLocalPart accepts a dot-atom (RFC 5322 section 3.2.3), or its
// internationalized form (RFC 6532 section 3.2).
func checkLocalPart(local string) error {
	switch {
	case local == "" || len(local) > maxLocalPart:
		return fmt.Errorf("the part before the @ has %d bytes, expected 1 to %d", len(local), maxLocalPart)
	case local[0] == '.' || local[len(local)-1] == '.' || strings.Contains(local, ".."):
		return errors.New("the part before the @ has a misplaced dot")
	}
	for _, r := range local {
		if !isAtom(r) && r != '.' {
			return fmt.Errorf("the part before the @ holds %q", r)
		}
	}
	return nil
}

// isAtom reports whether r may stand unquoted in a word of an address.
func isAtom(r rune) bool {
	switch {
	case r >= utf8.RuneSelf:
		return unicode.IsGraphic(r) && !unicode.IsSpace(r)
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return true
	}
	return strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
}

// asciiDomain turns a domain into the form that the DNS and SMTP know, in
// lower case (RFC 5891 section 5), and refuses what cannot be one.
func asciiDomain(domain string) (string, error) {
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil {
		return "", fmt.Errorf("the domain %q is not valid", cut(domain))
	}
	if ascii == "" || len(ascii) > maxDomain {
		return "", fmt.Errorf("the domain has %d bytes, expected 1 to %d", len(ascii), maxDomain)
	}
	for label := range strings.SplitSeq(ascii, ".") {
		if label == "" || len(label) > 63 {
			return "", fmt.Errorf("the domain %q has an empty part or one over 63 bytes", cut(domain))
		}
	}
	return ascii, nil
}

// normalDomain is asciiDomain for comparing: what cannot be a domain is kept in
// lower case, and the dot of the root is dropped.
func normalDomain(domain string) string {
	domain = strings.TrimRightFunc(strings.TrimSpace(domain), func(r rune) bool { return r == '.' || unicode.IsSpace(r) })
	if isPlainDomain(domain) {
		return domain // as both of the following would have it
	}
	if ascii, err := asciiDomain(domain); err == nil {
		return ascii
	}
	return foldCase(domain)
}

// isPlainDomain reports whether a domain is written as it is compared, as
// nearly all are.
func isPlainDomain(domain string) bool {
	for _, r := range domain {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '.' && r != '-' {
			return false
		}
	}
	return !strings.Contains(domain, "xn--")
}

// foldCase is lower case in composed form, so that an accent typed as one
// character or as two compares equal.
func foldCase(s string) string {
	return norm.NFC.String(strings.ToLower(norm.NFC.String(s)))
}

// checkLine refuses text that could break out of a header line or make it read
// differently from what its bytes say.
func checkLine(s string) error {
	if !utf8.ValidString(s) {
		return errors.New("it is not valid UTF-8")
	}
	for _, r := range s {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r) {
			return fmt.Errorf("it holds the control character %U", r)
		}
	}
	return nil
}

// cut shortens what an error quotes.
func cut(s string) string {
	const limit = 80
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "..."
}
