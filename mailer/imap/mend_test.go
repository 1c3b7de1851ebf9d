package imap

import (
	"strings"
	"testing"
)

// TestOddFoldersHideNoOther: names, delimiters and attributes as no RFC allows
// and servers write them all the same. Each is read as what was meant, and the
// mail of the other folders is read whatever comes of it.
func TestOddFoldersHideNoOther(t *testing.T) {
	t.Parallel()
	for listed, want := range map[string]string{
		`(\HasNoChildren) "/" "R&D"`:                 "R&D",
		`(\HasNoChildren) "/" Q&A`:                   "Q&A",
		`(\HasNoChildren) "/" "a&b&-c"`:              "a&b&-c", // one & that is none makes none of them one
		`(\HasNoChildren) "/" "&AOk"`:                "&AOk",
		`(\HasNoChildren) "/" "&AOk-t&AOk-"`:         "été",
		`(\HasNoChildren) "/" "R&-D"`:                "R&D",
		"(\\HasNoChildren) \"/\" \"Entw\xfcrfe\"":    "Entwürfe",
		`(\HasNoChildren) "/" "Entwürfe"`:            "Entwürfe",
		"(\\HasNoChildren) \"/\" \"tab\tname\"":      "tab?name",
		`(\HasNoChildren) "/" Team(old)`:             "Team(old)",
		"(\\HasNoChildren) \"/\" {3}\r\nR&D":         "R&D",
		`(\HasNoChildren) "\\" "Team"`:               "Team",
		`(\HasNoChildren) "" "Team"`:                 "Team",
		`(\HasNoChildren) "//" "Team"`:               "Team",
		`(\HasNoChildren) NIL "Team"`:                "Team",
		`(\HasNoChildren) / Team`:                    "Team",
		`(\HasNoChildren)  "/"  "Team"`:              "Team",
		`( \HasNoChildren ) "/" "Team"`:              "Team",
		`("HasNoChildren" \X[y]) "/" "Team"`:         "Team",
		`(\HasNoChildren) "/" "quo\"te"`:             `quo"te`,
		`(\HasNoChildren) "/" "a" ("CHILDINFO" (x))`: "a",
	} {
		t.Run(listed, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox(letters(2)...))
				server.caps = "IMAP4rev1 IDLE"
				server.hook = func(c *fakeConn, tag, command string) bool {
					if strings.HasPrefix(command, "LIST") {
						c.say("* LIST () \"/\" INBOX\r\n* LIST %s\r\n%s OK done\r\n", listed, tag)
					}
					return strings.HasPrefix(command, "LIST")
				}
				m, _ := server.open(t)
				r := newReader()
				result := r.look(t, m)
				r.want(t, "INBOX/m1", "INBOX/m2")
				if len(result.Trouble) != 1 || result.Trouble[0].Folder != want {
					t.Errorf("read as %+v, want one folder %q that does not open", result.Trouble, want)
				}
			})
		})
	}
}

// TestFolderThatIsListedRawIsRead: where the server knows the folder by its
// proper name, its mail is read, with and without LIST-STATUS.
func TestFolderThatIsListedRawIsRead(t *testing.T) {
	t.Parallel()
	for _, caps := range []string{"IMAP4rev1", "IMAP4rev1 LIST-EXTENDED LIST-STATUS"} {
		t.Run(caps, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := newFake(inbox(letters(1)...), newFolder("R&-D", "", letters(1)...))
				server.caps = caps
				server.hook = func(c *fakeConn, tag, command string) bool {
					if !strings.HasPrefix(command, "LIST") {
						return false
					}
					c.say("* LIST () \"/\" INBOX\r\n* LIST () \"/\" R&D\r\n")
					if strings.Contains(command, "STATUS") {
						c.say("* STATUS INBOX (UIDNEXT 2 UIDVALIDITY 7)\r\n* STATUS \"R&D\" (UIDNEXT 2 UIDVALIDITY 7)\r\n")
					}
					c.say("%s OK done\r\n", tag)
					return true
				}
				m, _ := server.open(t)
				r := newReader()
				if result := r.look(t, m); len(result.Trouble) > 0 {
					t.Errorf("trouble: %+v", result.Trouble)
				}
				r.want(t, "INBOX/m1", "R&D/m1")
			})
		})
	}
}

// TestOddFlagsMakeNoMessageUnreadable: a keyword that no RFC allows says nothing
// that matters here, and what stands beside it is seen.
func TestOddFlagsMakeNoMessageUnreadable(t *testing.T) {
	t.Parallel()
	for _, flags := range []string{`\Draft`, `\Draft `, ` \Draft`, `"quoted" \Draft`, `[x] \Draft`, `a]b \Draft`, `\ \Draft`, `\Draft  NonJunk`, `ü \Draft`, `\* \Draft`, `{9} \Draft`} {
		t.Run(flags, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				one := letter("m1", "body\r\n")
				one.flags = flags
				m, _ := newFake(inbox(one)).open(t)
				r := newReader()
				r.look(t, m)
				r.want(t, "INBOX/m1")
				if len(r.all) != 1 || r.all[0].Unreadable || !r.all[0].Draft {
					t.Errorf("read as %+v, want a draft", r.all)
				}
			})
		})
	}
}

// FuzzMendedFolder: whatever is mended stays one answer, and mending it again
// changes nothing.
func FuzzMendedFolder(f *testing.F) {
	for _, seed := range []string{"* LIST () \"/\" R&D\r\n", "*LIST () NIL {3}\r\nR&D\r\n", "* STATUS &-&AOk- (UIDNEXT 1)\r\n", "* LIST ( \\*) \"\xff\" \"\\\"\r\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, said []byte) {
		if !strings.HasSuffix(string(said), "\n") {
			return // the guard reads whole answers
		}
		first := func(answer []byte) response { return parseResponse(answer[:strings.IndexByte(string(answer), '\n')+1]) }
		r := first(said)
		if !r.untagged || r.kind != "LIST" && r.kind != "STATUS" {
			return
		}
		once := mendedFolder(r, said)
		if again := mendedFolder(first(once), once); string(again) != string(once) {
			t.Errorf("%q is mended to %q and then to %q", said, once, again)
		}
	})
}
