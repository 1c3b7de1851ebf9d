package smtp

import (
	"bufio"
	"bytes"
	"io"
	"net/textproto"
	"strings"
	"testing"

	"afterword/mailer"
)

func TestFrozenMessageIsChecked(t *testing.T) {
	t.Parallel()
	check := func(name string, good bool, change func(*mailer.Frozen)) {
		t.Helper()
		m := testMessage()
		change(&m)
		if err := checkFrozen(m); (err == nil) != good {
			t.Errorf("%s: %v", name, err)
		}
	}
	text := func(s string) func(*mailer.Frozen) {
		return func(m *mailer.Frozen) { m.Bytes = []byte(s) }
	}
	to := func(s string) func(*mailer.Frozen) { return func(m *mailer.Frozen) { m.To = s } }
	check("as it is", true, func(*mailer.Frozen) {})
	check("empty", false, text(""))
	check("no line end", false, text("A: b\r\n\r\nHi"))
	check("LF at the end", false, text("A: b\r\n\r\nHi\n"))
	check("bare LF", false, text("A: b\r\n\r\nHi\nKen\r\n"))
	check("bare CR", false, text("A: b\r\n\r\nHi\rKen\r\n"))
	check("CR CR LF", false, text("A: b\r\n\r\nHi\r\r\n"))
	check("LF CR", false, text("A: b\r\n\r\n\n\r\r\n"))
	check("smuggled end", false, text("A: b\r\n\r\n\n.\r\nMAIL FROM:<x@y>\r\n"))
	check("NUL", false, text("A: b\r\n\r\nHi\x00\r\n"))
	check("998", true, text("A: b\r\n\r\n"+strings.Repeat("x", 998)+"\r\n"))
	check("999", false, text("A: b\r\n\r\n"+strings.Repeat("x", 999)+"\r\n"))
	check("eight bits in the body", false, text("A: b\r\n\r\né\r\n"))
	check("eight bits in the header", false, text("A: é\r\n\r\nHi\r\n"))
	check("invalid bytes", false, text("A: b\r\n\r\n\xff\r\n"))
	check("UTF-8 header", true, func(m *mailer.Frozen) { m.UTF8, m.Bytes = true, []byte("A: é\r\n\r\nHi\r\n") })
	check("UTF-8 body", false, func(m *mailer.Frozen) { m.UTF8, m.Bytes = true, []byte("A: b\r\n\r\né\r\n") })
	check("no sender", false, func(m *mailer.Frozen) { m.From = "" })
	for _, address := range []string{
		"", "ken", "@acme.example", "ken@", "ken@acme@example", "ken@acme.example\r\nDATA", "ken @acme.example",
		"<ken@acme.example>", "ken@acme.example> X=1", "a@b.example,c@d.example", `"ken"@acme.example`, "ken@acme.example\x00", "kén@acme.example",
	} {
		check(address, false, to(address))
	}
	check("international", true, func(m *mailer.Frozen) { m.To, m.UTF8 = "kén@acme.example", true })
}

func TestStuffing(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a\r\n":                "a\r\n",
		".\r\n":                "..\r\n",
		"\r\n.\r\n":            "\r\n..\r\n",
		"..\r\n.\r\n.a.\r\n":   "...\r\n..\r\n..a.\r\n",
		"a.\r\n\r\n.\r\n\r\n.": "a.\r\n\r\n..\r\n\r\n..",
	} {
		if got := string(stuffed([]byte(text))); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// FuzzStuffing reads the result as an independent reader of the protocol does:
// nothing but the last dot may end the text, and nothing may be lost.
func FuzzStuffing(f *testing.F) {
	f.Add("Hi\n.\n..\n")
	f.Add(".")
	f.Add("\n\n.\n\n")
	f.Fuzz(func(t *testing.T, lines string) {
		lines = strings.NewReplacer("\r", "", "\x00", "").Replace(lines) + "\n"
		text := []byte(strings.ReplaceAll(lines, "\n", "\r\n"))
		wire := append(stuffed(bytes.Clone(text)), ".\r\nNOOP\r\n"...)
		r := textproto.NewReader(bufio.NewReader(bytes.NewReader(wire)))
		got, err := io.ReadAll(r.DotReader())
		if err != nil || string(got) != lines {
			t.Errorf("%q arrives as %q, %v", lines, got, err)
		}
		if rest, err := r.ReadLine(); err != nil || rest != "NOOP" {
			t.Errorf("%q leaves %q behind its end", lines, rest)
		}
	})
}
