package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"afterword/internal/archive"
	"afterword/internal/config"
	"afterword/internal/ledger"
	"afterword/internal/profile"
	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// backedUp plays until noon of the first day, backs up while the daemon runs, and
// goes on until the thank-you of the next morning has left.
func (s *stage) backedUp() (file string) {
	s.Helper()
	s.open()
	s.until(2, 12, 0)
	file = filepath.Join(s.dir, "kept.afterword")
	s.wantCommand("read back and compared", "backup", file)
	s.until(3, 12, 0)
	s.want(map[string]int{"noor@globex.example": 1})
	return file
}

// wantCommand runs a command that must succeed and say something.
func (s *stage) wantCommand(words string, args ...string) {
	s.Helper()
	if code, out, errs := s.command(args...); code != 0 || !strings.Contains(out, words) {
		s.Fatalf("%v: code %d, want %q in\n%s%s", args, code, words, out, errs)
	}
}

// TestRestoredBackupSendsNothingTwice: a mail that left after the backup was made
// is known by the ledger, by its copy in Sent, or waits for the user where
// neither is there.
func TestRestoredBackupSendsNothingTwice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name               string
		keepLedger, inSent bool
		want               scheduler.State
	}{
		{"ledger and copy", true, true, scheduler.Sent},
		{"ledger alone", true, false, scheduler.InDoubt},
		{"copy alone", false, true, scheduler.Sent},
		{"neither", false, false, scheduler.Review},
	} {
		t.Run(c.name, func(t *testing.T) {
			performAt(t, "", map[string]string{"globex.yaml": solo}, mailtest.SMTPOptions{FileSent: true}, func(s *stage) {
				file := s.backedUp()
				if !c.inSent {
					s.must(s.world.Expunge(mailtest.Sent, s.world.AcceptedTo("noor@globex.example")[0].MessageID))
				}
				s.close()
				if !c.keepLedger {
					s.must(os.Remove(ledger.Path(filepath.Join(s.dir, "afterword.db"))))
				}
				s.wantCommand("restored the backup", "restore", "--force", file)
				s.open()
				s.until(4, 12, 0)
				s.want(map[string]int{"noor@globex.example": 1})
				if got := s.state("globex/video/thank-you"); got != c.want {
					t.Errorf("the thank-you is %s, want %s\n%s", got, c.want, s.story())
				}
				s.until(6, 12, 0)
				s.want(map[string]int{"noor@globex.example": 1})
			})
		})
	}
}

// TestLostLedgerIsCompleted: a ledger that is lost knows again, once the program starts, what
// the database knows to have left. A backup that is put back after it sends nothing twice.
func TestLostLedgerIsCompleted(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		file := s.backedUp()
		s.must(s.world.Expunge(mailtest.Sent, s.world.AcceptedTo("noor@globex.example")[0].MessageID))
		s.close()
		s.must(os.Remove(ledger.Path(filepath.Join(s.dir, "afterword.db"))))
		s.open()
		s.until(3, 13, 0)
		s.wantCommand("written into it again, mails: 1", "events")
		s.close()
		s.wantCommand("restored the backup", "restore", "--force", file)
		s.open()
		s.until(4, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
		if got := s.state("globex/video/thank-you"); got != scheduler.InDoubt {
			t.Errorf("the thank-you is %s\n%s", got, s.story())
		}
	})
}

// TestRestoredTwice: putting the same backup back once more does not make a
// ledger trusted that was lost in between.
func TestRestoredTwice(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		file := s.backedUp()
		s.must(s.world.Expunge(mailtest.Sent, s.world.AcceptedTo("noor@globex.example")[0].MessageID))
		s.close()
		s.must(os.Remove(ledger.Path(filepath.Join(s.dir, "afterword.db"))))
		for range 2 {
			s.wantCommand("No ledger here knows", "restore", "--force", file)
		}
		s.open()
		s.until(4, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
	})
}

// TestRestoredBackupGoesOn: what was not due meanwhile leaves as planned.
func TestRestoredBackupGoesOn(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(2, 12, 0)
		file := filepath.Join(s.dir, "kept.afterword")
		s.wantCommand("read back", "backup", file)
		s.close()
		s.wantCommand("The ledger knows", "restore", "--force", file)
		s.open()
		s.until(3, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
	})
}

// TestSkippedAfterTheBackup: what the user said since is lost with the store, so
// that mail whose time has passed waits for a person.
func TestSkippedAfterTheBackup(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(2, 12, 0)
		file := filepath.Join(s.dir, "kept.afterword")
		s.wantCommand("read back", "backup", file)
		s.wantCommand("", "skip", "globex/video/thank-you")
		s.until(3, 12, 0)
		s.close()
		s.wantCommand("looked at once more", "restore", "--force", file)
		s.open()
		s.until(4, 12, 0)
		s.want(map[string]int{"noor@globex.example": 0})
		if got := s.state("globex/video/thank-you"); got != scheduler.Review {
			t.Errorf("the thank-you is %s, want review\n%s", got, s.story())
		}
		s.wantCommand("", "approve", "globex/video/thank-you")
		s.until(4, 13, 0)
		s.want(map[string]int{"noor@globex.example": 1})
	})
}

// TestRestoredElsewhere: a backup that was put back on another machine, or in
// another place, sends nothing before it is adopted, and nothing twice then.
func TestRestoredElsewhere(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		file := s.backedUp()
		s.close()
		s.dir = filepath.Join(s.dir, "moved")
		s.wantCommand("then say: afterword adopt", "restore", file)
		s.write("password", "secret\n")
		s.open()
		s.until(3, 13, 0)
		s.said("globex.yaml", "video", map[string]string{"noor@globex.example": "the team moves to another queue"})
		s.until(4, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
		s.wantCommand("adopted", "adopt")
		s.until(6, 12, 0)
		s.want(map[string]int{"noor@globex.example": 1})
		if got := s.state("globex/video/thank-you"); got != scheduler.Sent {
			t.Errorf("the thank-you is %s, want sent: its copy lies in Sent\n%s", got, s.story())
		}
	})
}

// TestRestoreKeepsWhatWasThere: the files that are replaced stand under other
// names, and nothing of the work is left.
func TestRestoreKeepsWhatWasThere(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		file := s.backedUp()
		s.close()
		s.write("interviews/globex.yaml", solo+"# as it is now\n")
		s.wantCommand("restored", "restore", "--force", file)
		aside := ".before-restore-20261103T110000Z"
		for _, name := range []string{"config.yaml", "afterword.db", "interviews/globex.yaml"} {
			for _, there := range []string{name, name + aside} {
				info, err := os.Stat(filepath.Join(s.dir, there))
				if err != nil || info.Mode().Perm() != 0o600 {
					t.Errorf("%s: %v, %v", there, info, err)
				}
			}
		}
		if text, err := osReadFile(s.dir, "interviews/globex.yaml"+aside); err != nil || !strings.Contains(text, "as it is now") {
			t.Errorf("what the user wrote since is not kept: %v", err)
		}
		var told bytes.Buffer
		cfg, err := config.Load(filepath.Join(s.dir, "config.yaml"), s.clock.Now())
		s.must(err)
		if (&checklist{p: &program{out: &told}}).kept(cfg); !strings.Contains(told.String(), "✓ kept: 3 files of before a restore, ") {
			t.Errorf("check says %q", told.String())
		}
		s.must(filepath.WalkDir(s.dir, func(path string, _ fs.DirEntry, err error) error {
			if strings.Contains(path, ".part") || strings.Contains(path, ".afterword-") {
				err = errors.Join(err, errors.New("left behind: "+path))
			}
			return err
		}))
	})
}

// TestRestoreBesideADaemon: the lock of a daemon keeps its store from being
// replaced under it.
func TestRestoreBesideADaemon(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		file := s.backedUp()
		before, err := os.ReadFile(filepath.Join(s.dir, "afterword.db"))
		s.must(err)
		unlock, err := profile.Lock(filepath.Join(s.dir, "afterword.db")) // as `run` does
		s.must(err)
		code, _, errs := s.command("restore", "--force", file)
		if code != exitFailed || !strings.Contains(errs, "another afterword runs") || !strings.Contains(errs, "stop it first") {
			t.Errorf("restore while the daemon runs: %d %s", code, errs)
		}
		s.must(unlock())
		after, err := os.ReadFile(filepath.Join(s.dir, "afterword.db"))
		if err != nil || !bytes.Equal(before, after) {
			t.Errorf("the store was touched (%v)", err)
		}
	})
}

// TestRestoreOfAStranger: a backup names the folders that it is put into. It replaces
// nothing but what a backup holds, and writes outside the folder of config.yaml only where
// the user says so; what its config.yaml would run is told.
func TestRestoreOfAStranger(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		home := filepath.Join(s.dir, "home")
		s.must(os.MkdirAll(home, 0o700))
		s.write("home/authorized_keys", "mine\n")
		text, err := osReadFile(s.dir, "config.yaml")
		s.must(err)
		text = regexp.MustCompile(`password: .*`).ReplaceAllString(text, "password: {command: [fetch-it, --now]}")
		backup := filepath.Join(s.dir, "theirs.afterword")
		s.must(archive.Write(backup, archive.Manifest{Made: s.clock.Now()}, []archive.Source{
			{Name: "config.yaml", Data: []byte(text + "interviews: " + home + "\n")},
			{Name: "interviews/authorized_keys", Data: []byte("theirs\n")},
			{Name: "interviews/deep/globex.yaml", Data: []byte(solo)},
			{Name: "interviews/globex.yaml", Data: []byte(solo)},
		}))
		s.dir = filepath.Join(s.dir, "new")
		code, _, errs := s.command("restore", backup)
		if code != exitFailed || !strings.Contains(errs, "puts 1 file outside "+s.dir+": "+filepath.Join(home, "globex.yaml")) || !strings.Contains(errs, "nothing was changed") {
			t.Errorf("without --force: %d %s", code, errs)
		}
		if _, err := os.Stat(filepath.Join(home, "globex.yaml")); err == nil {
			t.Error("it was written all the same")
		}
		// Where something would be replaced as well, the one consent is asked for both.
		s.write("config.yaml", text)
		if code, _, errs := s.command("restore", backup); code != exitFailed || !strings.Contains(errs, "1 file would be replaced: ") || !strings.Contains(errs, "puts 1 file outside "+s.dir) {
			t.Errorf("in place of another: %d %s", code, errs)
		}
		s.wantCommand(`runs the command "fetch-it --now"`, "restore", "--force", backup)
		for name, want := range map[string]string{"authorized_keys": "mine\n", "globex.yaml": solo, "deep/globex.yaml": ""} {
			if got, _ := osReadFile(home, name); got != want {
				t.Errorf("%s is %q now", name, got)
			}
		}
	})
}

// TestRestoreIntoALinkedFolder: a folder of config.yaml that is a link (to a synced folder, say)
// holds what config.yaml puts where the link leads.
func TestRestoreIntoALinkedFolder(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		synced, err := filepath.EvalSymlinks(s.dir)
		s.must(err)
		synced = filepath.Join(synced, "synced")
		s.must(os.Mkdir(synced, 0o700))
		text, err := osReadFile(s.dir, "config.yaml")
		s.must(err)
		backup := filepath.Join(s.dir, "own.afterword")
		s.must(archive.Write(backup, archive.Manifest{Made: s.clock.Now()}, []archive.Source{
			{Name: "config.yaml", Data: []byte(text + "interviews: " + filepath.Join(synced, "jobs") + "\n")},
			{Name: "interviews/globex.yaml", Data: []byte(solo)},
		}))
		s.dir = filepath.Join(s.dir, "link")
		s.must(os.Symlink(synced, s.dir))
		s.wantCommand("restored the backup", "restore", backup)
		if got, _ := osReadFile(synced, "jobs/globex.yaml"); got != solo {
			t.Errorf("the interview is %q", got)
		}
	})
}

// TestRestoreOfABomb: a backup may not fill the disk with what a user is said to have
// written; nothing of it is unpacked.
func TestRestoreOfABomb(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		text, err := osReadFile(s.dir, "config.yaml")
		s.must(err)
		large := filepath.Join(s.dir, "large")
		f, err := os.Create(large)
		s.must(err)
		s.must(errors.Join(f.Truncate(mostOfAFile+1), f.Close()))
		backup := filepath.Join(s.dir, "bomb.afterword")
		s.must(archive.Write(backup, archive.Manifest{Made: s.clock.Now()}, []archive.Source{
			{Name: "config.yaml", Data: []byte(text)}, {Name: "interviews/globex.yaml", Path: large},
		}))
		s.dir = filepath.Join(s.dir, "new")
		if code, _, errs := s.command("restore", backup); code != exitFailed || !strings.Contains(errs, `names a file "interviews/globex.yaml" of 16 MB`) {
			t.Errorf("it is restored: %d %s", code, errs)
		}
		if left, err := os.ReadDir(s.dir); err == nil && len(left) > 0 {
			t.Errorf("unpacked all the same: %v", left)
		}
	})
}
