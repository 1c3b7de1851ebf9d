package mailer

import (
	"encoding/base64"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// wrapping is what servers, gateways and mail programs do to a letter without
// changing what it says.
type wrapping struct {
	name string
	wrap func(head, text string) (header, body string)
}

const plainText = "Content-Type: text/plain; charset=utf-8\r\n"

// inPlain lets a letter stand as it is, with more words above or below.
func inPlain(above, below string) func(head, text string) (string, string) {
	return func(head, text string) (string, string) { return head + plainText + "\r\n", above + text + below }
}

func wrappings() []wrapping {
	return []wrapping{
		{"base64", func(head, text string) (string, string) {
			return head + plainText + "Content-Transfer-Encoding: base64\r\n\r\n", folded(base64.StdEncoding.EncodeToString([]byte(text)), "", 76)
		}},
		{"html alone", func(head, text string) (string, string) {
			return head + "Content-Type: text/html; charset=utf-8\r\n\r\n", asHTML(text)
		}},
		{"both, and a picture", func(head, text string) (string, string) {
			return head + "Content-Type: multipart/mixed; boundary=q\r\n\r\n", "--q\r\nContent-Type: multipart/alternative; boundary=r\r\n\r\n--r\r\n" + plainText + "\r\n" + text +
				"\r\n--r\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + asHTML(text) + "\r\n--r--\r\n--q\r\nContent-Type: image/png; name=logo.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--q--\r\n"
		}},
		{"short lines", func(head, text string) (string, string) {
			var lines []string
			for _, line := range strings.Split(text, "\r\n") {
				if !strings.HasPrefix(line, ">") {
					line = folded(line, " ", 60)
				}
				lines = append(lines, line)
			}
			return head + plainText + "\r\n", strings.Join(lines, "\r\n")
		}},
		{"a gateway's label", func(head, text string) (string, string) {
			return strings.Replace(head, "Subject: ", "Subject: [EXTERNAL] ", 1) + plainText + "\r\n", text
		}},
		{"a gateway's warning", inPlain("CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender.\r\n\r\n", "")},
		{"a notice", inPlain("", "\r\n\r\n-- \r\nThis e-mail is confidential and may be privileged. If you are not the intended recipient, please notify the sender and delete this message.\r\n")},
		{"a German notice", inPlain("", "\r\n\r\nDiese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind oder diese E-Mail irrtümlich erhalten haben, "+
			"informieren Sie bitte den Absender und vernichten Sie diese Mail. Acme GmbH, Sitz der Gesellschaft: Berlin, Geschäftsführer: Max Muster\r\n")},
	}
}

// folded breaks a line at the last separator before the width, or right there
// where the separator is empty.
func folded(line, separator string, width int) string {
	var out []string
	for len(line) > width {
		at := strings.LastIndex(line[:width], separator)
		if at <= 0 {
			break
		}
		out = append(out, line[:at])
		line = line[at+len(separator):]
	}
	return strings.Join(append(out, line), "\r\n")
}

func asHTML(text string) string {
	escaped := html.EscapeString(strings.ReplaceAll(text, "\r\n", "\n"))
	return "<html><head><style>p{color:red}</style></head><body><div>" + strings.ReplaceAll(escaped, "\n", "<br>\n") + "</div></body></html>"
}

// bareHead is the header of a message without what it says of its body.
func bareHead(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "heldout", path))
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(raw), "\n\n")
	var kept []string
	drops := false
	for _, line := range strings.Split(head, "\n") {
		if !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "\t") {
			lower := strings.ToLower(line)
			drops = strings.HasPrefix(lower, "content-") || strings.HasPrefix(lower, "mime-version")
		}
		if !drops {
			kept = append(kept, line)
		}
	}
	return strings.Join(append(kept, "MIME-Version: 1.0"), "\r\n") + "\r\n"
}

// TestWrappingChangesNoReading takes the held-out letters of one part and
// wraps them as they may arrive. What they are and what they say stays.
func TestWrappingChangesNoReading(t *testing.T) {
	t.Parallel()
	letters := 0
	for _, mail := range readHeldOut(t) {
		kind := mail.message.Header.Get("content-type")
		if mail.message.Text == "" || len(mail.message.Parts) > 1 || strings.Contains(kind, "calendar") || strings.Contains(kind, "multipart") {
			continue
		}
		letters++
		head := bareHead(t, mail.path)
		text := strings.ReplaceAll(strings.ReplaceAll(mail.message.Text, "\r\n", "\n"), "\n", "\r\n")
		want := summary(Classify(mail.message))
		for _, w := range wrappings() {
			header, body := w.wrap(head, text)
			r := Classify(Parse([]byte(header), []byte(body)))
			if got := summary(r); got != want {
				t.Errorf("%s in %s: %s, want %s, on %q", mail.path, w.name, got, want, r.Evidence)
			}
		}
	}
	if letters < 500 {
		t.Errorf("only %d letters were wrapped", letters)
	}
}

// summary is what must not depend on how a letter was wrapped.
func summary(r Reading) string {
	s := string(r.Kind) + " " + string(r.Class) + " " + r.ReturnDate.Format("2006-01-02")
	for _, intent := range []Intent{NoMore, LeftFirm, Rejection, Offer} {
		for _, h := range r.Hints {
			if h.Intent == intent {
				s += " " + string(intent)
			}
		}
	}
	return s
}
