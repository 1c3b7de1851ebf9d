package mailer

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/emersion/go-message/charset"
	"golang.org/x/text/encoding/charmap"
)

// decodeWords decodes the encoded words of RFC 2047 in a field's value. What
// cannot be decoded stays as it stands; raw bytes that are no UTF-8 are read
// as Windows-1252, which is what the senders of such mail mean.
func decodeWords(v string) string {
	if !strings.Contains(v, "=?") {
		return validText(v)
	}
	dec := mime.WordDecoder{CharsetReader: tolerantReader}
	out, err := dec.DecodeHeader(v)
	if err != nil {
		return validText(v)
	}
	return validText(out)
}

// tolerantReader converts a charset to UTF-8; an unknown one is passed on and
// made valid afterwards.
func tolerantReader(name string, r io.Reader) (io.Reader, error) {
	if converted, err := charset.Reader(cleanCharset(name), r); err == nil {
		return converted, nil
	}
	return r, nil
}

// cleanCharset maps the names that programs invent to the registered ones.
func cleanCharset(name string) string {
	name = strings.ToLower(strings.Trim(name, " \t\"'"))
	name, _, _ = strings.Cut(name, "*") // RFC 2231 section 5: a language may follow
	switch {
	case name == "utf8":
		return "utf-8"
	case name == "ks_c_5601-1987" || name == "ks_c_5601":
		return "euc-kr"
	case strings.HasPrefix(name, "cp125"):
		return "windows-" + name[2:]
	case strings.HasPrefix(name, "iso8859"):
		return "iso-8859" + strings.TrimPrefix(name, "iso8859")
	}
	return name
}

// validText returns v as valid UTF-8 that is fit to be shown.
func validText(v string) string {
	if !utf8.ValidString(v) {
		v = fromWindows1252(v)
	}
	return showable(v)
}

// showable leaves out of a valid text what would make a screen do something, or read
// otherwise than it is written: a stranger's name and words stand in what `status` and
// the page show. These are the control characters, with which every command to a terminal
// begins (ECMA-48), and those that embed, override and isolate a direction (Unicode
// Standard Annex 9). The marks of direction stay, since prose needs them, and the odd
// ends of lines leave a space.
func showable(v string) string {
	if strings.IndexFunc(v, isUnshowable) < 0 {
		return v
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			return ' '
		case isUnshowable(r):
			return -1
		}
		return r
	}, v)
}

func isUnshowable(r rune) bool {
	return unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r' || r >= '\u2028' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

func fromWindows1252(v string) string {
	out, err := charmap.Windows1252.NewDecoder().String(v)
	if err != nil {
		return strings.ToValidUTF8(v, "\ufffd")
	}
	return strings.ToValidUTF8(out, "\ufffd")
}

// decodeText converts the bytes of a text part to UTF-8. The flag tells
// whether the charset was known.
func decodeText(b []byte, name string) (string, bool) {
	name = cleanCharset(name)
	text := string(b)
	if name == "" || name == "utf-8" || name == "us-ascii" || extendsASCII(name) && isASCII(text) {
		return validText(text), true
	}
	r, err := charset.Reader(name, bytes.NewReader(b))
	if err != nil {
		return validText(text), false
	}
	out, err := io.ReadAll(io.LimitReader(r, 4*maxPartBytes))
	if err != nil && len(out) == 0 {
		return validText(text), false
	}
	return validText(string(out)), true
}

// extendsASCII tells the charsets whose lower half is ASCII and nothing else:
// most text that claims one of them has no letter of the upper half.
func extendsASCII(name string) bool {
	switch name {
	case "iso-8859-1", "iso-8859-2", "iso-8859-15", "windows-1250", "windows-1251", "windows-1252":
		return true
	}
	return false
}

// decodeTransfer undoes a content transfer encoding (RFC 2045 section 6) and
// gives at most limit bytes. Broken input gives what could be decoded.
func decodeTransfer(b []byte, encoding string, limit int) []byte {
	encoding, _, _ = strings.Cut(strings.ToLower(encoding), ";")
	switch strings.TrimSpace(encoding) {
	case "base64":
		return decodeBase64(b, limit)
	case "quoted-printable":
		return decodeQuotedPrintable(b, limit)
	}
	return b[:min(len(b), limit)]
}

// decodeBase64 skips whatever is no base64 (RFC 2045 section 6.8 says so) and
// forgives missing padding.
func decodeBase64(b []byte, limit int) []byte {
	clean := make([]byte, 0, min(len(b), limit*4/3+4))
	for _, c := range b {
		if len(clean) > limit*4/3 || c == '=' {
			break
		}
		if isBase64(c) {
			clean = append(clean, c)
		}
	}
	if len(clean)%4 == 1 {
		clean = clean[:len(clean)-1]
	}
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
	n, _ := base64.RawStdEncoding.Decode(out, clean) // what was decoded before an error counts
	return out[:min(n, limit)]
}

func isBase64(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '/'
}

// decodeQuotedPrintable passes broken escapes through as they stand, which the
// standard library's reader does not.
func decodeQuotedPrintable(b []byte, limit int) []byte {
	out := make([]byte, 0, min(len(b), limit))
	for i := 0; i < len(b) && len(out) < limit; i++ {
		if b[i] != '=' {
			out = append(out, b[i])
			continue
		}
		if i+2 < len(b) && unhex(b[i+1]) >= 0 && unhex(b[i+2]) >= 0 {
			out = append(out, byte(unhex(b[i+1])<<4|unhex(b[i+2])))
			i += 2
			continue
		}
		end := i + 1
		for end < len(b) && (b[end] == ' ' || b[end] == '\t' || b[end] == '\r') {
			end++
		}
		if end < len(b) && b[end] == '\n' {
			i = end
			continue
		}
		out = append(out, '=')
	}
	return out
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}
