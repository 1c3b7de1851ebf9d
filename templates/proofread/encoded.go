package proofread

import (
	"encoding/base64"
	"io"
	"mime"
	"mime/quotedprintable"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// readable gives a text as UTF-8, whatever the editor that saved it wrote: UTF-16, which
// its mark or its many NULs tell, or Windows-1252.
func readable(text string) string {
	switch {
	case strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"):
		return decoded(text, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM))
	case 3*strings.Count(text, "\x00") > len(text):
		return decoded(text, unicode.UTF16(endian(text), unicode.IgnoreBOM))
	case !utf8.ValidString(text):
		return decoded(text, charmap.Windows1252)
	}
	return text
}

// endian is the order of the two bytes of each sign: letters of Europe have a NUL as the
// higher one.
func endian(text string) unicode.Endianness {
	if text[0] == 0 {
		return unicode.BigEndian
	}
	return unicode.LittleEndian
}

func decoded(text string, e encoding.Encoding) string {
	out, err := e.NewDecoder().String(text)
	if err != nil {
		return strings.ToValidUTF8(text, "\ufffd")
	}
	return out
}

// decodedHead undoes the encoded words of RFC 2047 in what the fields of a header say.
func decodedHead(head []field) []field {
	for i := range head {
		if value, err := new(mime.WordDecoder).DecodeHeader(head[i].value); err == nil {
			head[i].value = value
		}
	}
	return head
}

// decodedBody undoes the transfer encoding (RFC 2045 section 6) that the header names, as
// in a text that was saved from a mail program. What is broken stays as it stands.
func decodedBody(head []field, body string) string {
	var out []byte
	var err error
	switch strings.ToLower(valueOf(head, "content-transfer-encoding")) {
	case "quoted-printable":
		out, err = io.ReadAll(quotedprintable.NewReader(strings.NewReader(body)))
	case "base64":
		out, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(body), ""))
	default:
		return body
	}
	if err != nil {
		return body
	}
	return readable(string(out))
}
