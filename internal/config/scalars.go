package config

import (
	"errors"
	"fmt"
	"net/mail"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
	"gopkg.in/yaml.v3"

	"afterword/mailer"
	"afterword/scheduler/calendar"
)

// scalar returns the text of the value. Ok is false if the value is absent,
// and also, with a problem noted, if it is a list or a mapping.
func (v value) scalar(expected string) (text string, ok bool) {
	if v.absent() {
		return "", false
	}
	if v.node.Kind != yaml.ScalarNode {
		v.wrong(expected, "")
		return "", false
	}
	return v.node.Value, true
}

// maxText is the longest free text, in characters.
const maxText = 20_000

// text reads free text: what the user wrote, of any length, without the blank
// lines and spaces around it. A text that YAML cut is refused.
func (v value) text() string {
	if v.refuseCut() {
		return ""
	}
	return v.uncut()
}

// uncut reads free text of which YAML cut nothing.
func (v value) uncut() string {
	s, _ := v.scalar("text")
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) > maxText {
		v.wrong("at most "+strconv.Itoa(maxText)+" characters", "")
		return ""
	}
	for _, c := range s {
		if c != '\n' && c != '\t' && unfit(c) {
			v.wrong("text without invisible characters", fmt.Sprintf("take out the character %U", c))
			return ""
		}
	}
	return s
}

// texts reads a list of free texts. Empty ones are left out.
func (v value) texts() []string {
	var all []string
	for _, item := range v.items() {
		if s := item.text(); s != "" {
			all = append(all, s)
		}
	}
	return all
}

// maxLine is the longest name or role, in characters.
const maxLine = 200

// line reads free text that must stay on one line, because it may stand in a
// header (RFC 5322 section 2.2): names, roles, titles.
// A comment may follow it if it keeps the distance that comments keep: two
// spaces. After one, as in "C # developer", it is taken for a cut text.
func (v value) line() string {
	if rest := v.r.rest(v.node); !strings.HasPrefix(rest, "  ") && !strings.HasPrefix(rest, "\t") && v.refuseCut() {
		return ""
	}
	return v.unwrapped(v.onOneLine(v.uncut()))
}

// unwrapped refuses a name that stands in quotation marks as a whole: they came from
// a word processor, which makes curved ones of those that YAML knows, and would stand
// in the mail. Around a part of it they belong there.
func (v value) unwrapped(s string) string {
	inner := []rune(s)
	if len(inner) < 3 {
		return s
	}
	first, last := inner[0], inner[len(inner)-1]
	inner = inner[1 : len(inner)-1]
	for _, pair := range []string{`""`, "\u201c\u201d", "\u201e\u201c", "\u201e\u201d", "\u201d\u201d", "''", "\u2018\u2019", "\u201a\u2018", "\u2019\u2019"} {
		if marks := []rune(pair); first == marks[0] && last == marks[1] && !strings.ContainsAny(string(inner), pair) {
			v.wrong("text without quotation marks of its own", "write "+yamlWord(string(inner)))
			return ""
		}
	}
	return s
}

// phrase reads free text on one line, with no comment after it.
func (v value) phrase() string { return v.onOneLine(v.text()) }

// name reads a person's name. A comment may follow it: no name holds " #".
func (v value) name() string { return v.unwrapped(v.onOneLine(v.uncut())) }

func (v value) onOneLine(s string) string {
	switch {
	case strings.ContainsAny(s, "\n\t"):
		v.wrong("text on one line", "")
		return ""
	case utf8.RuneCountInString(s) > maxLine:
		v.wrong("at most "+strconv.Itoa(maxLine)+" characters", "")
		return ""
	}
	return s
}

// needed reads a text with one of the readers here, and notes that it is
// missing if it is empty.
func (v value) needed(read func(value) string, expected string) string {
	before := len(v.r.problems)
	s := read(v)
	if s == "" && len(v.r.problems) == before {
		v.missing(expected)
	}
	return s
}

// word reads a setting on one line: a path, a host, a name. It is no free
// text, so that a comment may follow it.
func (v value) word(expected string) string {
	s, ok := v.scalar(expected)
	if !ok {
		return ""
	}
	s = strings.TrimSpace(s)
	if strings.ContainsFunc(s, unfit) || utf8.RuneCountInString(s) > 1000 {
		v.wrong(expected, "")
		return ""
	}
	return s
}

// number reads a whole number in decimal digits.
func (v value) number(low, high, otherwise int) int {
	expected := fmt.Sprintf("a whole number from %d to %d", low, high)
	s, ok := v.scalar(expected)
	if !ok {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	switch {
	case err != nil || strings.TrimLeft(s, "0123456789") != "":
		hint := ""
		if plain := strings.ReplaceAll(s, "_", ""); plain != s && strings.TrimLeft(plain, "0123456789") == "" {
			hint = "write " + plain
		}
		v.wrong(expected, hint)
		return otherwise
	case len(s) > 1 && s[0] == '0':
		v.wrong(expected, "write it without the leading zero")
		return otherwise
	case n < low || n > high:
		v.wrong(expected, "")
		return otherwise
	}
	return n
}

// flag reads true or false. What other readers of YAML take for them is
// refused with the right word, so that a file means the same everywhere.
func (v value) flag(otherwise bool) bool {
	s, ok := v.scalar("true or false")
	if !ok {
		return otherwise
	}
	hint := ""
	switch strings.ToLower(s) {
	case "true":
		return true
	case "false":
		return false
	case "yes", "on", "y", "1":
		hint = "write true"
	case "no", "off", "n", "0":
		hint = "write false"
	}
	v.wrong("true or false", hint)
	return otherwise
}

// choice reads one of a few words; otherwise stands for an absent one.
func (v value) choice(otherwise string, words ...string) string {
	s, ok := v.scalar(oneOf(words))
	if !ok {
		return otherwise
	}
	for _, w := range words {
		if s == w {
			return w
		}
	}
	v.wrong(oneOf(words), choiceHint(s, words))
	return otherwise
}

// parsed reads a value with a parser that knows its form. The parser's words
// become the hint where they add something.
func parsed[T any](v value, expected string, otherwise T, parse func(string) (T, error)) T {
	s, ok := v.scalar(expected)
	if !ok {
		return otherwise
	}
	t, err := parse(strings.TrimSpace(s))
	if err != nil {
		hint := ""
		if cause := errors.Unwrap(err); cause != nil {
			hint = cause.Error()
		}
		v.wrong(expected, hint)
		return otherwise
	}
	return t
}

// parsedAll reads a list with a parser for its entries.
func parsedAll[T any](v value, expected string, parse func(string) (T, error)) []T {
	var all []T
	for _, item := range v.items() {
		before := len(v.r.problems)
		var none T
		t := parsed(item, expected, none, parse)
		if item.absent() {
			item.missing(expected)
		}
		if len(v.r.problems) == before {
			all = append(all, t)
		}
	}
	return all
}

// zone reads the name of a time zone; nil stands for an absent or wrong one.
func (v value) zone() *time.Location {
	if v.empty() {
		return nil
	}
	return parsed(v, "a time zone such as Europe/Paris", nil, loadZone)
}

// loadZone is calendar.LoadZone but for old names that know no summer time, and it says
// what to write instead of an abbreviation, an offset or a city.
func loadZone(name string) (*time.Location, error) {
	if err := misnamedZone(name); err != nil {
		return nil, fmt.Errorf("loading time zone: %w", err)
	}
	zone, err := calendar.LoadZone(name)
	if err == nil {
		return zone, nil
	}
	if meant := meantZone(name); meant != nil {
		return nil, fmt.Errorf("loading time zone: %w", meant)
	}
	return nil, err
}

// capitals gives each word of a zone's name its capital.
func capitals(name string) string {
	out, begins := []byte(name), true
	for n, c := range out {
		if begins && c >= 'a' && c <= 'z' {
			out[n] = c - 'a' + 'A'
		}
		begins = c == '/' || c == '_'
	}
	return string(out)
}

// country reads a country code for holidays, "" if there is none.
func (v value) country() string {
	if v.empty() {
		return ""
	}
	return parsed(v, "a country code such as FR, DE, GB or US", "", func(s string) (string, error) {
		if s == "no" { // who wants none writes so as often as who means Norway
			return "", fmt.Errorf("reading country: %w", errors.New(`write NO for Norway, "" for none`))
		}
		_, err := hinted(calendar.ForCountry, countryHint)(s)
		return strings.ToUpper(s), err
	})
}

// language reads a language tag such as en or pt-BR.
func (v value) language(otherwise string) string {
	if v.empty() {
		return otherwise
	}
	return parsed(v, "a language code such as en, fr, de or es", otherwise, func(s string) (string, error) {
		main, region, both := strings.Cut(s, "-")
		if len(main) < 2 || len(main) > 3 || strings.TrimLeft(main, "abcdefghijklmnopqrstuvwxyz") != "" || both && len(region) != 2 {
			return "", errors.New("reading language: not a code")
		}
		return s, nil
	})
}

// span reads a wait that may count days or business days.
func (v value) span() calendar.Span {
	return parsed(v, "a span such as 30m, 12h, 2d, 1w or 5bd", calendar.Span{}, hinted(calendar.ParseSpan, spanHint))
}

// duration reads elapsed time within bounds.
func (v value) duration(low, high, otherwise time.Duration) time.Duration {
	expected := fmt.Sprintf("a time from %s to %s", shortDuration(low), shortDuration(high))
	hint := durationHint(low, high)
	span := parsed(v, expected, calendar.Span{Elapsed: otherwise}, hinted(calendar.ParseSpan, hint))
	d, elapsed := span.Duration()
	switch {
	case !elapsed:
		v.wrong(expected, hint(span.String()))
		return otherwise
	case d < low || d > high:
		v.wrong(expected, "")
		return otherwise
	}
	return d
}

// shortDuration writes 45m0s as 45m.
func shortDuration(d time.Duration) string { return calendar.Span{Elapsed: d}.String() }

// email reads one bare address (RFC 5322 section 3.4.1), "" if it is absent.
func (v value) email() string {
	if v.empty() {
		return ""
	}
	return parsed(v, "an address such as ken@acme.example", "", readEmail)
}

// readEmail is parseEmail with what is known of the address that was meant.
func readEmail(s string) (string, error) { return hinted(parseEmail, addressHint)(s) }

// CheckEmail refuses what no bare address is.
func CheckEmail(s string) error {
	_, err := parseEmail(s)
	return err
}

// parseEmail checks an address: no display name, no comment, a domain name
// that mail can be sent to.
func parseEmail(s string) (string, error) {
	bad := func(why string) (string, error) { return "", fmt.Errorf("reading address: %w", errors.New(why)) }
	if strings.ContainsFunc(s, unfit) {
		return bad("it holds an invisible character")
	}
	a, err := mail.ParseAddress(s)
	if err != nil {
		return bad("it is not of the form name@domain")
	}
	if bare, err := mail.ParseAddress(a.Address); err != nil || bare.Address != a.Address {
		return bad("addresses in quotation marks are not written to; is there another one of theirs?")
	}
	if a.Name != "" || a.Address != s {
		return bad("write the bare address " + a.Address)
	}
	at := strings.LastIndexByte(s, '@')
	if at > 64 || len(s) > 254 {
		return bad("it is too long (RFC 5321 section 4.5.3.1)")
	}
	if _, err := parseDomain(s[at+1:]); err != nil {
		return bad("its domain is no domain name")
	}
	return s, nil
}

// parseDomain checks a domain name of at least two labels.
func parseDomain(s string) (string, error) {
	bad := errors.New("reading domain: not a domain name")
	ascii, err := idna.Lookup.ToASCII(s)
	if err != nil || len(ascii) > 253 || !strings.Contains(ascii, ".") {
		return "", bad
	}
	for label := range strings.SplitSeq(ascii, ".") {
		if label == "" || len(label) > 63 {
			return "", bad
		}
	}
	return strings.ToLower(s), nil
}

// domains are the tables of what is known of domains.
var domains = sync.OnceValue(mailer.LoadTables)

// companyDomain is parseDomain for domains whose mail counts as one company's:
// a public suffix such as co.uk would take in everybody, and so would free mail.
func companyDomain(s string) (string, error) {
	d, err := parseDomain(s)
	if err != nil {
		return "", err
	}
	if suffix, listed := publicsuffix.PublicSuffix(d); listed && suffix == d {
		return "", fmt.Errorf("reading domain: %w", errors.New("it is shared by many"))
	}
	if domains().FreeMail(d) {
		return "", fmt.Errorf("reading domain: %w", errors.New("everybody can have an address there, so that it says nothing of the company; leave it out, and name the people with their addresses"))
	}
	return d, nil
}
