package realmail

import (
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"testing"
	"time"
)

// TestFillWritesAMaildir: so many messages, the last at the time given, in the
// order of their numbers.
func TestFillWritesAMaildir(t *testing.T) {
	t.Parallel()
	if u, err := user.Lookup("nobody"); err != nil || os.Geteuid() != 0 && u.Uid != fmt.Sprint(os.Getuid()) {
		t.Skip("files are given to nobody, which only root may do")
	}
	s := &Servers{dir: t.TempDir()}
	if err := os.Mkdir(s.dir+"/mail", 0o755); err != nil {
		t.Fatal(err)
	}
	last := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	raw := func(i int) []byte { return fmt.Appendf(nil, "Message-ID: <%d@lists.example>\n\n", i) }
	for _, folder := range []string{"", "Lists"} {
		if err := s.Fill("dana", folder, 3, last, raw); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{"/mail/dana/Maildir", "/mail/dana/Maildir/.Lists"} {
		got, err := readMaildir(s.dir + dir)
		if err != nil || len(got) != 3 || got[0].MessageID != "<0@lists.example>" || got[2].MessageID != "<2@lists.example>" {
			t.Errorf("%s holds %+v, %v", dir, got, err)
		}
		names, err := maildirFiles(s.dir + dir)
		if err != nil {
			t.Fatal(err)
		}
		var info fs.FileInfo
		if info, err = os.Stat(names[len(names)-1]); err != nil || !info.ModTime().Equal(last) {
			t.Errorf("%s: the last message is of %v, want %v; %v", dir, info.ModTime(), last, err)
		}
	}
}
