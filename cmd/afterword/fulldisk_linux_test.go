package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// insideVariable tells the copy of this test that has a disk of its own where it
// is to be mounted.
const insideVariable = "AFTERWORD_TEST_SMALL_DISK"

// TestCommandsOnAFullDisk: each command that writes is called on a real, small
// disk with more and more room, from none to enough. As long as it fails, all
// files are what they were, none is left behind, the exit code is 1 and the
// message says what to do; with enough room it does its work.
func TestCommandsOnAFullDisk(t *testing.T) {
	if dir := os.Getenv(insideVariable); dir != "" {
		onSmallDisk(t, dir)
		return
	}
	t.Parallel()
	if testing.Short() {
		t.Skip("plays each command many times")
	}
	// In a user namespace of its own anybody may mount a disk that nobody else sees.
	cmd := exec.CommandContext(t.Context(), "/proc/self/exe", "-test.run=^TestCommandsOnAFullDisk$", "-test.v=true")
	cmd.Env = append(os.Environ(), insideVariable+"="+t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}}
	out, err := cmd.CombinedOutput()
	switch exit := (*exec.ExitError)(nil); {
	case err != nil && !errors.As(err, &exit), bytes.Contains(out, []byte("cannot mount")):
		t.Skipf("this machine lets nobody mount a disk of their own: %v\n%s", err, out)
	case err != nil || !bytes.Contains(out, []byte("--- PASS")):
		t.Errorf("%v\n%s", err, out)
	}
}

// fullDiskCall is one command, called in a folder of the profile.
type fullDiskCall struct {
	args   []string
	folder string
}

func fullDiskCalls() []fullDiskCall {
	yesterday := time.Now().AddDate(0, 0, -1).Format(time.DateOnly)
	return []fullDiskCall{
		{args: []string{"set", "acme", "decision_by", time.Now().AddDate(0, 0, 9).Format(time.DateOnly)}},
		{args: []string{"add", "--company", "Globex", "--role", "Dev", "--at", yesterday + " 10:00", "--person", "Noor <noor@globex.example>"}},
		{args: []string{"backup", "new.backup"}},
		{args: []string{"restore", "old.backup", "--force"}},
		{args: []string{"forget", "acme"}},
		{folder: "fresh", args: []string{"init", "--offline", "--email", "dana@example.org", "--name", "Dana Reyes", "--imap", "127.0.0.1:1/insecure", "--smtp", "127.0.0.1:1/insecure",
			"--timezone", "Europe/Paris", "--hours", "always", "--password", "file:pw", "--company", "Acme", "--role", "SRE", "--at", "2026-12-01 14:00", "--interviewer", "Ken Osei <ken@acme.example>"}},
	}
}

// smallDisk is how large the disk is, in KiB, page what it gives room by, and
// with enough room each command must work.
const (
	smallDisk = 4 << 10
	page      = 4
	enough    = 1 << 10
)

// onSmallDisk runs where a disk may be mounted.
func onSmallDisk(t *testing.T, dir string) {
	if err := syscall.Mount("none", dir, "tmpfs", 0, fmt.Sprintf("size=%dk", smallDisk)); err != nil {
		t.Skipf("cannot mount: %v", err)
	}
	profile := filepath.Join(dir, "profile")
	fullDiskProfile(t, profile)
	story := commandIn(t, profile, "events")
	kept := filesUnder(t, profile)
	for _, c := range fullDiskCalls() {
		room, tries := 0, 0
		for done := false; !done; tries++ {
			if room > enough {
				t.Fatalf("%s: fails with room for %d KiB", c.args[0], room)
			}
			resetFiles(t, profile, kept)
			done = c.call(t, dir, room, kept)
			if !done && commandIn(t, profile, "events") != story {
				t.Errorf("%s with room for %d KiB: the store says something else", c.args[0], room)
			}
			switch room {
			case 0, 4, 32, 36: // where files are written, without a store and beside its 32 KiB of shared memory
				room += page
			case 8:
				room = 32
			default:
				room += 12 * page // a store is many of them
			}
		}
		if tries < 2 {
			t.Errorf("%s worked on a disk without room", c.args[0])
		}
	}
}

// call runs the command with so much room, in KiB, and reports whether it worked.
func (c fullDiskCall) call(t *testing.T, dir string, room int, kept map[string]string) bool {
	t.Helper()
	profile, filler := filepath.Join(dir, "profile"), filepath.Join(dir, "filler")
	fill(t, filler, room)
	cmd := exec.CommandContext(t.Context(), "afterword", c.args...)
	cmd.Dir = filepath.Join(profile, c.folder)
	out, err := cmd.CombinedOutput()
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if err == nil {
		return true
	}
	what := fmt.Sprintf("%s with room for %d KiB", c.args[0], room)
	exit := (*exec.ExitError)(nil)
	if !errors.As(err, &exit) || exit.ExitCode() != exitFailed || !strings.Contains(string(out), "\nhint: ") ||
		!strings.Contains(string(out), "make room on the disk") && !strings.Contains(string(out), "whether the disk is full") {
		t.Errorf("%s: %v\n%s", what, err, out)
	}
	now := filesUnder(t, profile)
	for name, text := range kept {
		// The store is compared by what it says: a command that fails may tidy its log.
		if now[name] != text && !strings.HasPrefix(name, "afterword.db") {
			t.Errorf("%s changed %s", what, name)
		}
	}
	for name := range now {
		if _, was := kept[name]; !was && !strings.HasPrefix(name, "afterword.db") {
			t.Errorf("%s left %s", what, name)
		}
	}
	return false
}

// fill leaves so much room on the disk, in KiB.
func fill(t *testing.T, filler string, room int) {
	t.Helper()
	f, err := os.Create(filler)
	if err != nil {
		t.Fatal(err)
	}
	size := int64(0)
	for some := make([]byte, page<<10); ; {
		n, err := f.Write(some)
		size += int64(n)
		if err != nil {
			break
		}
	}
	if err := errors.Join(f.Truncate(max(0, size-int64(room)<<10)), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// fullDiskProfile is a profile with a store, a backup, and a folder for another.
func fullDiskProfile(t *testing.T, dir string) {
	t.Helper()
	text := "me: {name: Dana Reyes, email: dana@example.org, timezone: Europe/Paris}\n" +
		"account:\n  username: dana@example.org\n  password: {file: password}\n" +
		"  smtp: {host: 127.0.0.1, port: 1, security: insecure}\n  imap: {host: 127.0.0.1, port: 1, security: insecure}\n"
	acme := "company: Acme\nrole: SRE\ninterviews:\n  - {id: onsite, at: " + time.Now().AddDate(0, 0, -1).Format(time.DateOnly) + " 14:00, interviewers: [{name: Ken Osei, email: ken@acme.example}]}\n"
	for name, content := range map[string]string{"config.yaml": text, "password": "secret\n", "interviews/acme.yaml": acme, "fresh/pw": "secret\n"} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	commandIn(t, dir, "skip", "acme/onsite/follow-up-2")
	commandIn(t, dir, "backup", "old.backup")
	commandIn(t, dir, "hold", "acme")
}

func commandIn(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "afterword", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

// filesUnder reads all files of a folder, and under "story" what the store tells.
func filesUnder(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		if entry.IsDir() {
			all[name+"/"] = ""
			return nil
		}
		text, err := os.ReadFile(path)
		all[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// resetFiles makes the folder what it was.
func resetFiles(t *testing.T, dir string, kept map[string]string) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for name, text := range kept {
		path := filepath.Join(dir, name)
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(path, 0o700); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}
