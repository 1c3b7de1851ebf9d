package mailer

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxLine is the longest line without its CRLF, RFC 5322 section 2.1.1.
const maxLine = 998

// Verify checks the frozen bytes just before they may leave. It shares no rule
// with what composed them and reads only the bytes, so that a mistake there, in
// the library or in the store is found here. It accepts: CRLF line ends, lines
// up to 998 bytes, each allowed header once and no other, one sender and one
// recipient that are the envelope's and the approved ones, the Message-ID of
// the delivery at the sender's domain, and a text/plain body that decodes.
func Verify(f Frozen, wantFrom, wantTo string) error {
	if err := verifyLines(f.Bytes); err != nil {
		return fmt.Errorf("verifying message: %w", err)
	}
	header, body, found := bytes.Cut(f.Bytes, []byte("\r\n\r\n"))
	if !found {
		return errors.New("verifying message: no empty line ends the header")
	}
	fields, err := readStrictHeader(string(header))
	if err != nil {
		return fmt.Errorf("verifying header: %w", err)
	}
	if err := verifyAddresses(f, fields, wantFrom, wantTo); err != nil {
		return fmt.Errorf("verifying addresses: %w", err)
	}
	if err := verifyFields(f, fields); err != nil {
		return fmt.Errorf("verifying header: %w", err)
	}
	if err := verifyBody(string(body)); err != nil {
		return fmt.Errorf("verifying body: %w", err)
	}
	return nil
}

// verifyLines checks what an SMTP server may misread: a bare CR or LF can end
// the DATA phase early (RFC 5321 section 2.3.8).
func verifyLines(raw []byte) error {
	if !bytes.HasSuffix(raw, []byte("\r\n")) {
		return errors.New("it does not end in CRLF")
	}
	number := 0
	for line := range bytes.Lines(raw) {
		number++
		text, ended := bytes.CutSuffix(line, []byte("\r\n"))
		switch {
		case !ended || bytes.IndexByte(text, '\r') >= 0:
			return fmt.Errorf("line %d: a bare CR or LF", number)
		case bytes.IndexByte(text, 0) >= 0:
			return fmt.Errorf("line %d: a NUL", number)
		case len(text) > maxLine:
			return fmt.Errorf("line %d: %d bytes, expected at most %d", number, len(text), maxLine)
		}
	}
	return nil
}

// requiredFields are the headers of every mail that leaves.
func requiredFields() []string {
	return []string{"from", "to", "subject", "date", "message-id", "mime-version", "content-type", "content-transfer-encoding"}
}

// isAllowed reports whether a header may leave at all.
func isAllowed(name string) bool {
	return slices.Contains(append(requiredFields(), "in-reply-to", "references", "auto-submitted"), name)
}

// readStrictHeader reads the header section into unfolded values by lower-case
// name and refuses a field that is unknown, twice there, empty or missing.
func readStrictHeader(section string) (map[string]string, error) {
	fields := map[string]string{}
	last := ""
	for line := range strings.SplitSeq(section, "\r\n") {
		if strings.ContainsFunc(line, unicode.IsControl) || strings.TrimSpace(line) == "" {
			return nil, fmt.Errorf("the line %q is blank or holds a control character", cut(line))
		}
		if line[0] == ' ' && last != "" {
			fields[last] += line
			continue
		}
		name, value, found := strings.Cut(line, ":")
		last = strings.ToLower(name)
		if !found || !isAllowed(last) {
			return nil, fmt.Errorf("the field %q may not leave", cut(name))
		}
		if _, twice := fields[last]; twice {
			return nil, fmt.Errorf("the field %s stands there twice", last)
		}
		fields[last] = value
	}
	return fields, trimFields(fields)
}

func trimFields(fields map[string]string) error {
	for name, value := range fields {
		if fields[name] = strings.TrimSpace(value); fields[name] == "" {
			return fmt.Errorf("the field %s is empty", name)
		}
	}
	for _, name := range requiredFields() {
		if fields[name] == "" {
			return fmt.Errorf("the field %s is missing", name)
		}
	}
	return nil
}

// verifyAddresses checks that header, envelope and approval name the same two
// mailboxes. Header and envelope must agree to the letter.
func verifyAddresses(f Frozen, fields map[string]string, wantFrom, wantTo string) error {
	for _, c := range []struct{ name, envelope, want string }{{"from", f.From, wantFrom}, {"to", f.To, wantTo}} {
		addr, err := readMailbox(fields[c.name])
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", c.name, err)
		case addr != c.envelope:
			return fmt.Errorf("%s: the header says %q, the envelope %q", c.name, cut(addr), cut(c.envelope))
		case NormalAddress(c.envelope) != NormalAddress(c.want):
			return fmt.Errorf("%s: %q, approved was %q", c.name, cut(c.envelope), cut(c.want))
		}
	}
	if utf8Needed := !isASCII(f.From + f.To); f.UTF8 != utf8Needed {
		return fmt.Errorf("SMTPUTF8 is %t, the addresses say %t", f.UTF8, utf8Needed)
	}
	for name, value := range fields {
		if !isASCII(value) && name != "from" && name != "to" {
			return fmt.Errorf("the field %s is not ASCII", name)
		}
	}
	return nil
}

// readMailbox returns the address of a field that holds exactly one mailbox:
// an optional quoted string or encoded words, then the address in brackets.
func readMailbox(value string) (string, error) {
	open := strings.LastIndexByte(value, '<')
	if open < 0 || value[len(value)-1] != '>' {
		return "", fmt.Errorf("%q is not one address in angle brackets", cut(value))
	}
	addr := value[open+1 : len(value)-1]
	local, domain, found := strings.Cut(addr, "@")
	if !found || local == "" || domain == "" || !isASCII(domain) || strings.ContainsAny(addr, " \t\"(),:;<>[]\\") ||
		strings.Contains(domain, "@") || !utf8.ValidString(addr) {
		return "", fmt.Errorf("%q is not an address", cut(addr))
	}
	if err := readDisplayName(strings.TrimSpace(value[:open])); err != nil {
		return "", err
	}
	return addr, nil
}

// readDisplayName wants one quoted string, or words without any character that
// could begin a further address (RFC 5322 section 3.2.3).
func readDisplayName(name string) error {
	if !isASCII(name) {
		return fmt.Errorf("the name %q is not ASCII", cut(name))
	}
	if !strings.HasPrefix(name, `"`) {
		if strings.ContainsAny(name, "()<>[]:;@\\,\"") {
			return fmt.Errorf("the name %q holds a special character", cut(name))
		}
		return checkDecoded(name)
	}
	for i := 1; i < len(name); i++ {
		switch name[i] {
		case '\\':
			i++
		case '"':
			if i != len(name)-1 {
				return fmt.Errorf("the name %q goes on after its quotes", cut(name))
			}
			return nil
		}
	}
	return fmt.Errorf("the name %q is not closed", cut(name))
}

// checkDecoded decodes RFC 2047 words and looks for what they may hide.
func checkDecoded(value string) error {
	var decoder mime.WordDecoder
	text, err := decoder.DecodeHeader(value)
	if err != nil {
		return fmt.Errorf("decoding %q: %w", cut(value), err)
	}
	if !utf8.ValidString(text) {
		return fmt.Errorf("%q is not valid UTF-8", cut(value))
	}
	for _, r := range text {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r) {
			return fmt.Errorf("%q hides the control character %U", cut(value), r)
		}
	}
	return nil
}

// verifyFields checks the fields that are no addresses.
func verifyFields(f Frozen, fields map[string]string) error {
	for name, want := range map[string]string{
		"mime-version":              "1.0",
		"content-type":              "text/plain; charset=utf-8",
		"content-transfer-encoding": "quoted-printable",
	} {
		if !strings.EqualFold(fields[name], want) {
			return fmt.Errorf("%s is %q, expected %q", name, cut(fields[name]), want)
		}
	}
	if err := checkDecoded(fields["subject"]); err != nil {
		return fmt.Errorf("subject: %w", err)
	}
	if _, err := time.Parse("Mon, 02 Jan 2006 15:04:05 -0700", fields["date"]); err != nil {
		return fmt.Errorf("date: %q is not one of RFC 5322 section 3.3", cut(fields["date"]))
	}
	if value, there := fields["auto-submitted"]; there {
		if (value != "auto-generated" && value != "auto-replied") || NormalAddress(f.From) != NormalAddress(f.To) {
			return errors.New("auto-submitted: only a notice to oneself may say so")
		}
	}
	return verifyIDs(f, fields)
}

// verifyIDs checks the identifiers of the message and of its thread.
func verifyIDs(f Frozen, fields map[string]string) error {
	id := fields["message-id"]
	_, domain, _ := strings.Cut(strings.TrimSuffix(id, ">"), "@")
	switch {
	case id != f.MessageID:
		return fmt.Errorf("message-id is %q, the delivery's %q", cut(id), cut(f.MessageID))
	case !isOneID(id) || domain == "":
		return fmt.Errorf("message-id %q is not one identifier", cut(id))
	case !strings.EqualFold(domain, f.From[strings.LastIndexByte(f.From, '@')+1:]):
		return fmt.Errorf("message-id %q is not at the sender's domain", cut(id))
	}
	if parent, there := fields["in-reply-to"]; there && !isOneID(parent) {
		return fmt.Errorf("in-reply-to %q is not one identifier", cut(parent))
	}
	count := 0
	for id := range strings.FieldsSeq(fields["references"]) {
		if count++; !isOneID(id) || count > 50 {
			return fmt.Errorf("references: %q is not an identifier, or one too many", cut(id))
		}
	}
	return nil
}

// isOneID reports whether the value is one printable word in angle brackets.
func isOneID(value string) bool {
	if len(value) < 3 || value[0] != '<' || value[len(value)-1] != '>' {
		return false
	}
	for _, c := range []byte(value[1 : len(value)-1]) {
		if c <= ' ' || c >= 0x7f || c == '<' || c == '>' {
			return false
		}
	}
	return true
}

// verifyBody decodes quoted-printable by the letter of RFC 2045 section 6.7
// and wants UTF-8 text without control characters.
func verifyBody(body string) error {
	var text strings.Builder
	for line := range strings.SplitAfterSeq(body, "\r\n") {
		line, ended := strings.CutSuffix(line, "\r\n")
		if len(line) > 76 {
			return fmt.Errorf("a quoted-printable line of %d bytes, expected at most 76", len(line))
		}
		line, soft := strings.CutSuffix(line, "=")
		if !soft && strings.TrimRight(line, " \t") != line {
			return errors.New("white space at the end of a line, which servers drop")
		}
		if err := decodeLine(&text, line); err != nil {
			return err
		}
		if ended && !soft {
			text.WriteString("\n")
		}
	}
	if strings.HasSuffix(body, "=\r\n") {
		return errors.New("it ends within a line")
	}
	decoded := text.String()
	if strings.TrimSpace(decoded) == "" || !utf8.ValidString(decoded) {
		return errors.New("it is empty or not valid UTF-8")
	}
	for _, r := range decoded {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || r >= '\u2028' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069') {
			return fmt.Errorf("it holds the control character %U", r)
		}
	}
	return nil
}

// decodeLine decodes one line without its end and without a soft break.
func decodeLine(text *strings.Builder, line string) error {
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case c == '=':
			if i+2 >= len(line) {
				return fmt.Errorf("the line %q ends within an escape", cut(line))
			}
			high, low := hexDigit(line[i+1]), hexDigit(line[i+2])
			if high < 0 || low < 0 {
				return fmt.Errorf("%q is no escape", line[i:i+3])
			}
			text.WriteByte(byte(high<<4 | low))
			i += 2
		case c == '\t' || c >= ' ' && c < 0x7f:
			text.WriteByte(c)
		default:
			return fmt.Errorf("the byte %#x is not encoded", c)
		}
	}
	return nil
}

// hexDigit is the value of an upper-case hexadecimal digit, -1 for any other
// byte: RFC 2045 section 6.7 rule 1 allows no lower case.
func hexDigit(c byte) int { return strings.IndexByte("0123456789ABCDEF", c) }
