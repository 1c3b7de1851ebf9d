//go:build unix

package main

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// TestGettingStarted runs every command of docs/getting-started.md in its order,
// against a mail server on this machine. Only the ports are other ones.
func TestGettingStarted(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "getting-started.md"))
	if err != nil {
		t.Fatal(err)
	}
	w, smtp, imap := localMail(t)
	text := strings.NewReplacer("127.0.0.1:1143", imap, "127.0.0.1:1025", smtp).Replace(string(page))
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(text, -1)
	if len(blocks) < 8 {
		t.Fatalf("the page has only %d blocks of commands", len(blocks))
	}
	dir := t.TempDir()
	ran, daemons := 0, 0
	for _, b := range blocks {
		switch script := strings.TrimSpace(b[1]); {
		case testing.Short() && isLong(script):
		case strings.HasPrefix(script, "go install"):
			// It compiles; all else is run by the program under test.
			inFolder(t, filepath.Join("..", ".."), script, "GOBIN="+t.TempDir())
		case script == "afterword run":
			daemons++
			runsUntilStopped(t, dir)
		default:
			inFolder(t, dir, script)
			if strings.Contains(script, "\ncd jobs") {
				dir = filepath.Join(dir, "jobs")
			}
		}
		ran++
	}
	if ran != len(blocks) || daemons != 1 {
		t.Errorf("ran %d of %d blocks and %d daemons", ran, len(blocks), daemons)
	}
	if n := len(w.AcceptedTo("dana@example.org")); n < 1 {
		t.Error("no test mail was sent")
	}
	if n := len(w.AcceptedTo("ken@acme.example")); n > 0 {
		t.Errorf("%d mails left that nobody approved", n)
	}
}

// isLong names what -short leaves out: what compiles, and what plays for weeks
// and has tests of its own.
func isLong(script string) bool {
	return strings.HasPrefix(script, "go install") || script == "afterword demo" || script == "afterword rehearse"
}

// asOnThePage is the surroundings of a reader of the page on the day when it was
// written.
func asOnThePage() []string { return append(os.Environ(), "SCRIPT_NOW=2026-11-25T12:00:00Z") }

func inFolder(t *testing.T, dir, script string, env ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-ec", script)
	cmd.Dir, cmd.Env = dir, append(asOnThePage(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s\n%v\n%s", script, err, out)
	}
}

// runsUntilStopped starts the daemon, waits until it works, and stops it as
// Ctrl-C does.
func runsUntilStopped(t *testing.T, dir string) {
	t.Helper()
	// The port of the page may be somebody else's on the machine of a test.
	config, err := os.OpenFile(filepath.Join(dir, "config.yaml"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = config.WriteString("web: {listen: \"\"}\n")
	if err = errors.Join(err, config.Close()); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "afterword", "run")
	cmd.Dir, cmd.Env = dir, asOnThePage()
	log, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := ""
	for lines := bufio.NewScanner(log); lines.Scan(); {
		said += lines.Text() + "\n"
		if strings.Contains(lines.Text(), "afterword runs") {
			if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
				t.Error(err)
			}
		}
	}
	if err := cmd.Wait(); err != nil || !strings.Contains(said, "afterword stops") {
		t.Errorf("the daemon ended with %v and said\n%s", err, said)
	}
}
