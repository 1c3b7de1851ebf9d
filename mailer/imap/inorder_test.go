package imap

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	goimap "github.com/emersion/go-imap/v2"

	"afterword/mailer"
)

func TestNumbersAreGivenInOrder(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"* SEARCH 3 1 2\r\n":                             "* SEARCH 1 2 3\r\n",
		"* search 10 9\r\n":                              "* search 9 10\r\n",
		"* SEARCH 3 1 (MODSEQ 9)\r\n":                    "* SEARCH 1 3 (MODSEQ 9)\r\n",
		"* SEARCH\r\n":                                   "* SEARCH\r\n",
		"* SEARCH x\r\n":                                 "* SEARCH x\r\n",
		"* ESEARCH (TAG \"T1\") UID ALL 5:6,1:2\r\n":     "* ESEARCH (TAG \"T1\") UID ALL 1:2,5:6\r\n",
		"* ESEARCH (TAG \"T1\") UID ALL *,9 MIN 1\r\n":   "* ESEARCH (TAG \"T1\") UID ALL 9,* MIN 1\r\n",
		"* ESEARCH (TAG \"T1\") UID\r\n":                 "* ESEARCH (TAG \"T1\") UID\r\n",
		"* ESEARCH (TAG \"T1\") UID COUNT 2 ALL 1,2\r\n": "* ESEARCH (TAG \"T1\") UID COUNT 2 ALL 1,2\r\n",
	} {
		if got, _ := passed(said); got != want {
			t.Errorf("%q becomes %q, want %q", said, got, want)
		}
	}
}

// TestDescendingNumbersOfAHostileServer reads a quarter of a million numbers in
// the order that costs the library most: without inOrder it takes a minute.
func TestDescendingNumbersOfAHostileServer(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var numbers strings.Builder
		for n := 250_000; n > 0; n-- {
			numbers.WriteString(" " + strconv.Itoa(2*n))
		}
		server := newFake(inbox(letters(1)...))
		server.hook = func(c *fakeConn, tag, command string) bool {
			if !strings.HasPrefix(command, "UID SEARCH") {
				return false
			}
			c.say("* SEARCH%s\r\n%s OK done\r\n", numbers.String(), tag)
			return true
		}
		m, _ := server.open(t)
		s, err := m.connect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer s.close()
		r := &reading{look: &look{lease: &lease{desk: &desk{session: s, floors: map[string]mailer.Cursor{}}, box: m}}, state: mailer.FolderState{Folder: "INBOX"}}
		uids, err := r.searchFor(t.Context(), &goimap.SearchCriteria{}, 0, nil)
		if err != nil || len(uids) != 250_000 || uids[0] != 2 {
			t.Errorf("%d UIDs, %v", len(uids), err)
		}
	})
}

// FuzzInOrder checks that no byte is lost, added or changed.
func FuzzInOrder(f *testing.F) {
	f.Add("SEARCH", []byte("* SEARCH 3 1 2\r\n"))
	f.Add("SEARCH", []byte(" SEARCH  0A"))
	f.Add("ESEARCH", []byte("* ESEARCH UID ALL 5:6,1\r\n"))
	f.Add("ESEARCH", []byte("\xd2 ALL "))
	f.Fuzz(func(t *testing.T, kind string, said []byte) {
		var before, after [256]int
		for _, c := range said {
			before[c]++
		}
		got := inOrder(kind, bytes.Clone(said))
		for _, c := range got {
			after[c]++
		}
		if before != after {
			t.Errorf("%q becomes %q", said, got)
		}
	})
}
