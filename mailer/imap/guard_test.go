package imap

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	goimap "github.com/emersion/go-imap/v2"

	"afterword/mailer"
)

// input is a connection that says one thing and then ends.
type input struct {
	net.Conn
	r io.Reader
}

func (c *input) Read(p []byte) (int, error)  { return c.r.Read(p) }
func (c *input) Write(p []byte) (int, error) { return len(p), nil }
func (c *input) Close() error                { return nil }

// passed returns what the guard lets through of what a server says after the
// greeting, and why it stopped.
func passed(said string) (string, error) {
	g := newGuard(&input{r: strings.NewReader(said)}, "* OK hi\r\n")
	out, err := io.ReadAll(g)
	if err != nil {
		return "", fmt.Errorf("the library was told %w instead of the end", err)
	}
	return strings.TrimPrefix(string(out), "* OK hi\r\n"), g.loss()
}

func TestGuardLetsThroughWhatIsNeeded(t *testing.T) {
	t.Parallel()
	for _, said := range []string{
		"* 5 EXISTS\r\n",
		"+ idling\r\n",
		"T1 OK done\r\n",
		"T1 NO [INUSE] \"unbalanced ( words {5}\r\n",
		"* LIST (\\HasNoChildren) \"/\" \"a (b) {3}\"\r\n",
		"* STATUS INBOX (UIDNEXT 5 UIDVALIDITY 6)\r\n",
		"* 1 FETCH (UID 1 BODY[TEXT] {5}\r\n((((( FLAGS ())\r\n",
		"* 1 FETCH (UID 1 BODY[TEXT] {5} \r\n\"\"\"\"\" FLAGS ())\r\n",
		"* SEARCH 1 2 3\n",
		"* OK [UIDNEXT 5] ok\r\n",
		"* LIST () \"/\" \"back\\\\slash\\\"quote\"\r\n",
	} {
		if got, err := passed(said); got != said {
			t.Errorf("of %q the library saw %q (%v)", said, got, err)
		}
	}
}

func TestGuardDropsWhatNobodyAskedFor(t *testing.T) {
	t.Parallel()
	for _, said := range []string{
		"* XUNKNOWN (\"thing\" {3}\r\nabc)\r\n", "* VANISHED 1:5\r\n", "* 3 EXPUNGE\r\n", "* 3 RECENT\r\n",
		"* NO [ALERT] (((\r\n", "* OK still here\r\n", "* FLAGS (\\Seen)\r\n", "* OK [PERMANENTFLAGS ()] x\r\n",
		"* QUOTA \"\" (STORAGE 1 2)\r\n", "* BYE see you\r\n",
	} {
		if got, _ := passed(said + "T1 OK done\r\n"); got != "T1 OK done\r\n" {
			t.Errorf("of %q the library saw %q", said, got)
		}
	}
}

func TestGuardTellsTheLibraryOnlyWholeResponses(t *testing.T) {
	t.Parallel()
	whole := "* 1 FETCH (UID 1 BODY[TEXT] {5}\r\nabcde FLAGS ())\r\n"
	for n := range len(whole) {
		if got, err := passed(whole[:n]); got != "" || !errors.Is(err, mailer.ErrConnectionLost) {
			t.Errorf("of the first %d bytes the library saw %q (%v)", n, got, err)
		}
	}
}

func TestGuardTakesRev2OutOfAMixedOffer(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"* CAPABILITY IMAP4rev1 IMAP4rev2 IDLE\r\n":     "* CAPABILITY IMAP4rev1 IDLE\r\n",
		"* CAPABILITY IMAP4rev2 IDLE\r\n":               "* CAPABILITY IMAP4rev2 IDLE\r\n",
		"T1 OK [CAPABILITY IMAP4rev2 IMAP4rev1] in\r\n": "T1 OK [CAPABILITY IMAP4rev1] in\r\n",
		"* CAPABILITY IMAP4rev1 IMAP4rev2beta\r\n":      "* CAPABILITY IMAP4rev1 IMAP4rev2beta\r\n",
	} {
		if got, err := passed(said); got != want {
			t.Errorf("of %q the library saw %q (%v)", said, got, err)
		}
	}
}

func TestGuardShortensTheEchoOfTheFields(t *testing.T) {
	t.Parallel()
	said := "* 1 FETCH (UID 1 BODY[HEADER.FIELDS (\"A\" B)]<0> {18}\r\n[HEADER.FIELDS (x)])\r\n"
	want := "* 1 FETCH (UID 1 BODY[HEADER]<0> {18}\r\n[HEADER.FIELDS (x)])\r\n"
	if got, err := passed(said); got != want {
		t.Errorf("the library saw %q (%v)", got, err)
	}
	for _, said := range []string{"* 1 FETCH (UID 1 BODY[HEADER.FIELDS (A B)\r\n", "* 1 FETCH (BODY[HEADER.FIELDS\r\n"} {
		if got, _ := passed(said); got != "" {
			t.Errorf("of %q the library saw %q", said, got)
		}
	}
}

func TestGuardBoundsWhatOneCommandMayBring(t *testing.T) {
	t.Parallel()
	g := newGuard(&input{r: strings.NewReader(strings.Repeat("* 5 EXISTS\r\n", 1000))}, "")
	g.greeted = true
	g.left.Store(6000)
	out, err := io.ReadAll(g)
	if err != nil || len(out) != 6000 || !strings.Contains(g.loss().Error(), "to one command") {
		t.Errorf("%d bytes passed, %v", len(out), g.loss())
	}
}

func TestGuardBoundsTheSumOfLiterals(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("* 1 FETCH (UID 1")
	for range 3 {
		fmt.Fprintf(&b, " BODY[] {%d}\r\n%s", maxLiteral, strings.Repeat("x", maxLiteral))
	}
	_, err := passed(b.String() + ")\r\n")
	if err == nil || !strings.Contains(err.Error(), "response of more than") {
		t.Errorf("error is %v", err)
	}
}

// FuzzGuard checks that whatever a server says, the guard ends, stays within
// its bounds, and passes only whole lines without what hangs the library.
func FuzzGuard(f *testing.F) {
	for _, seed := range []string{
		"* OK [CAPABILITY(\r\n", "* CAPABILITY a (\r\n", "* 1 FETCH (BODY[] {3}\r\nabc)\r\n", "T1 OK [X y] z\r\n",
		"* LIST (((((((\r\n", "* CAPABILITY \xd2\xd2\xd2\xd2 IMAP4rev1 IMAP4rev2\r\n", "* LIST () \"/\" {4}\r\nname\r\n", "+ go\r\n", "* BYE\r\n", "{5}\r\n", "* 5OK [CAPABILITY (\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, said []byte) {
		g := newGuard(&input{r: bytes.NewReader(said)}, "* OK hi\r\n")
		out, err := io.ReadAll(g)
		if err != nil || !g.failed() {
			t.Fatalf("the end was told as %v", err)
		}
		if len(out) > 4*len(said)+len("* OK hi\r\n") { // a folder's name that is mended grows
			t.Errorf("%d bytes became %d", len(said), len(out))
		}
		if len(out) > 0 && out[len(out)-1] != '\n' {
			t.Errorf("the library saw a broken line: %q", out)
		}
		for line := range bytes.Lines(out) {
			r := parseResponse(line)
			code, _, _ := bytes.Cut(r.text, []byte("]"))
			if r.code == "CAPABILITY" && r.isText() && !r.continuation && bytes.Contains(code, []byte("(")) {
				t.Errorf("the library would hang on %q", line)
			}
		}
		_ = oneLine(g.loss().Error())
	})
}

// FuzzNames checks that no folder name and no header makes the readers fail.
func FuzzNames(f *testing.F) {
	f.Add("INBOX/Envoye\u0301s", "Message-ID: <a@b>\r\n", "<a@b>")
	f.Fuzz(func(t *testing.T, name, header, id string) {
		_ = roleByName(name, '/')
		if names([]byte(header), id) && !strings.Contains(header, id) {
			t.Errorf("found %q in %q", id, header)
		}
	})
}

func TestRoles(t *testing.T) {
	t.Parallel()
	check := func(want string, all ...*goimap.ListData) {
		t.Helper()
		var in []listed
		for _, data := range all {
			in = append(in, listed{data: data, use: roleByUse(data.Attrs), name: roleByName(data.Mailbox, data.Delim)})
		}
		if got := fmt.Sprint(assignRoles(in)); got != want {
			t.Errorf("roles are %s, want %s", got, want)
		}
	}
	named := func(name string, attrs ...goimap.MailboxAttr) *goimap.ListData {
		return &goimap.ListData{Mailbox: name, Delim: '.', Attrs: attrs}
	}
	check("[inbox sent drafts junk trash archive all]",
		named("inbox"), named("a", `\Sent`), named("b", `\drafts`), named("c", `\Junk`), named("d", `\Trash`), named("e", `\Archive`), named("f", `\All`))
	check("[sent sent drafts]", named("INBOX.Sent"), named("INBOX.Envoye\u0301s"), named("Entwürfe"))
	check("[sent other]", named("Sent Items", `\Sent`), named("Sent"))
	check("[other other]", named("Sent to accounting"), named("Projects"))
	check("[trash junk]", named("Gelöschte Elemente"), named("Correo no deseado"))
	check("[junk trash sent sent]", named("Bulk"), named("Удалённые"), named("보낸메일함"), named("Elküldött elemek"))
}

// TestMessageIsKnownByItsOwnIDs: what is removed as a draft of ours bears its ID
// itself; naming it in an answer is not enough.
func TestMessageIsKnownByItsOwnIDs(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]bool{
		"Message-ID: <a@b>\r\n":                                           true,
		"Subject: x\r\nmessage-id:\r\n <a@b>\r\n":                         true,
		"Message-ID: <x@y>\r\nX-Microsoft-Original-Message-ID: <a@b>\r\n": true,
		"In-Reply-To: <a@b>\r\n":                                          false,
		"Subject: Message-ID: <a@b>\r\n":                                  false,
		"References: <x@y>\r\n <a@b>\r\nMessage-ID: <x@z>\r\n":            false,
	} {
		if got := names([]byte(header), "<a@b>"); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
	if names([]byte("Message-ID: <a@b>\r\n"), "") {
		t.Error("no ID is found everywhere")
	}
}
