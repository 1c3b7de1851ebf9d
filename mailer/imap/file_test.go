package imap

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"afterword/mailer"
)

// appending answers APPEND: first what it says to the literal, then the end.
func appending(server *fake, first string, end string) *string {
	got := new(string)
	server.hook = func(c *fakeConn, tag, command string) bool {
		if !strings.HasPrefix(command, "APPEND") {
			return false
		}
		c.say("%s", strings.ReplaceAll(first, "TAG", tag))
		if !strings.HasPrefix(first, "+") {
			return true
		}
		raw := make([]byte, len(copyOfMail))
		_, _ = io.ReadFull(c.in, raw)
		_, _ = c.in.ReadString('\n')
		*got = command + "\n" + string(raw)
		if end == "" {
			c.conn.Close()
		}
		c.say("%s", strings.ReplaceAll(end, "TAG", tag))
		return true
	}
	return got
}

const copyOfMail = "Message-ID: <a@b>\r\n\r\nThank you.\r\n"

func TestFileSentAppendsTheVeryBytesAsRead(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox(), newFolder("Sent", ""), newFolder("Gesendet", `\Sent`))
		got := appending(server, "+ go on\r\n", "TAG OK [APPENDUID 7 1] filed\r\n")
		m, clock := server.open(t)
		at := time.Date(2026, 11, 23, 9, 30, 0, 0, time.FixedZone("", 3600))
		if err := m.FileSent(t.Context(), []byte(copyOfMail), at); err != nil {
			t.Fatal(err)
		}
		want := `APPEND "Gesendet" (\Seen) "23-Nov-2026 09:30:00 +0100" {33}` + "\n" + copyOfMail
		if *got != want {
			t.Errorf("server got %q, want %q", *got, want)
		}
		if clock.held() != 0 {
			t.Errorf("%d holds", clock.held())
		}
	})
}

func TestFailedAppendIsToldAndTheNextWorks(t *testing.T) {
	for name, c := range map[string]struct {
		first, end string
		want       error
	}{
		"refused at once": {first: "TAG NO [OVERQUOTA] full\r\n"},
		"refused after":   {first: "+ go on\r\n", end: "TAG NO [UNAVAILABLE] later\r\n", want: mailer.ErrServerBusy},
		"lost after":      {first: "+ go on\r\n", want: mailer.ErrConnectionLost},
		"never answered":  {first: "", want: mailer.ErrConnectionLost},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox(letters(1)...), newFolder("Sent", `\Sent`))
				appending(server, c.first, c.end)
				m, clock := server.open(t)
				err := m.FileSent(t.Context(), []byte(copyOfMail), time.Now())
				if err == nil || c.want != nil && !errors.Is(err, c.want) {
					t.Errorf("error is %v", err)
				}
				if c.first == "TAG NO [OVERQUOTA] full\r\n" && !strings.Contains(err.Error(), "[OVERQUOTA] full") {
					t.Errorf("error is %v", err)
				}
				server.hook = nil
				r := newReader()
				r.look(t, m)
				r.want(t, "INBOX/m1")
				if clock.held() != 0 {
					t.Errorf("%d holds", clock.held())
				}
			})
		})
	}
}

func TestAccountWithoutSentFolder(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox())
		m, _ := server.open(t)
		err := m.FileSent(t.Context(), []byte(copyOfMail), time.Now())
		if !errors.Is(err, errNoFolder) || len(server.commands("APPEND")) != 0 {
			t.Errorf("error is %v", err)
		}
	})
}

func TestProbeSaysWhatWillBeDone(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := newFake(inbox(letters(2)...), newFolder("Starred", `\Flagged`), newFolder("Sent", `\Sent`),
			newFolder("Shared", `\Noselect`), newFolder("Old", ""))
		server.hook = func(c *fakeConn, tag, command string) bool {
			if command != `EXAMINE "Sent"` {
				return false
			}
			c.say("%s NO [NOPERM] not yours\r\n", tag)
			return true
		}
		report, err := probe(t, server, func(c *Config) { c.Folders = []string{"Gone"} })
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range report.Folders {
			got = append(got, strings.TrimSpace(f.Folder+" "+string(f.Role)+" "+f.Why))
		}
		want := "INBOX inbox|Starred other not among the folders of the configuration|Sent sent|Old other not among the folders of the configuration"
		if strings.Join(got, "|") != want || !report.Has("IDLE") || len(report.Absent) != 1 {
			t.Errorf("report is %q, %+v", got, report)
		}
		if report.Folders[0].UIDNext != 3 || report.Folders[0].Trouble != nil || report.Folders[1].Trouble != nil {
			t.Errorf("inbox is %+v, a folder that is not read %+v", report.Folders[0], report.Folders[1])
		}
		if err := report.Folders[2].Trouble; err == nil || !strings.Contains(err.Error(), "not yours") {
			t.Errorf("the folder that nobody may open: %v", err)
		}
		if len(server.commands("EXAMINE")) != 2 || len(server.commands("SELECT")) != 0 {
			t.Errorf("opened %q", server.commands("EXAMINE"))
		}
		if !report.Has("LIST-STATUS") || report.Has("ESEARCH") || report.Has("") {
			t.Errorf("capabilities are %q", report.Capabilities)
		}
	})
}

func TestViewsOfOtherFoldersAreNotRead(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m, _ := newFake(inbox(letters(1)...), newFolder("Starred", `\Flagged`, letters(1)...)).open(t)
		r := newReader()
		r.look(t, m)
		r.want(t, "INBOX/m1")
	})
}
