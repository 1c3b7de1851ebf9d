package service

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"afterword/internal/clock"
)

var update = flag.Bool("update", false, "write the golden texts anew")

// TestTexts: the texts by which each system starts the program, with a path that
// holds whatever a path may hold.
func TestTexts(t *testing.T) {
	t.Parallel()
	odd := Program{Binary: `/opt/after word/50%/$HOME/"a"&<b>`, Config: `/home/dana/jobs & more/config.yaml`, Folder: "/home/dana/jobs & more", Log: "/home/dana/afterword.log", User: `PC\Dana <d>`}
	plain := Program{Binary: "/usr/local/bin/afterword", Config: "/home/dana/jobs/config.yaml", Folder: "/home/dana/jobs", Log: "/home/dana/afterword.log", User: `PC\Dana`}
	for goos, name := range map[string]string{"linux": "systemd", "darwin": "launchd", "windows": "task"} {
		for kind, p := range map[string]Program{"plain": plain, "odd": odd} {
			got, err := Text(goos, p)
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", name+"-"+kind+".golden")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s is not %s (%v); after a change run with -update:\n%s", goos, golden, err, got)
			}
		}
		if _, err := Text(goos, Program{Binary: "a\nExecStart=evil"}); err == nil {
			t.Errorf("%s: a path with a line break was taken", goos)
		}
	}
	if _, err := Text("plan9", plain); err == nil {
		t.Error("a system that is not known has a text")
	}
}

// TestSystemdTakesTheUnit: systemd itself reads the unit without a complaint.
func TestSystemdTakesTheUnit(t *testing.T) {
	t.Parallel()
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not there")
	}
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := Text("linux", Program{Binary: binary, Config: "/home/dana/50% of $HOME/config.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, unitName)
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(analyze, "--user", "verify", "--man=no", path)
	c.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+dir)
	out, err := c.CombinedOutput()
	if strings.Contains(string(out), path) || strings.Contains(string(out), "afterword.service") {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
}

// recorder notes the commands that a manager runs.
type recorder struct {
	ran  []string
	fail string // commands that begin so fail
	says string
}

func (r *recorder) run(_ context.Context, name string, args ...string) (string, error) {
	line := strings.Join(append([]string{name}, args...), " ")
	r.ran = append(r.ran, line)
	if r.fail != "" && strings.HasPrefix(line, r.fail) {
		return "no such thing", errors.New("exit status 1")
	}
	return r.says, nil
}

// TestManager: what is written and what is run on each system, from installing to
// removing; a system that does not start it keeps the text, and says why.
func TestManager(t *testing.T) {
	t.Parallel()
	for goos, want := range map[string]struct {
		file, running    string
		install, removal []string
	}{
		"linux": {"config/systemd/user/afterword.service", "active",
			[]string{"systemctl --user daemon-reload", "systemctl --user enable afterword.service", "systemctl --user restart afterword.service"},
			[]string{"systemctl --user disable --now afterword.service", "systemctl --user daemon-reload"}},
		"darwin": {"home/Library/LaunchAgents/org.afterword.daemon.plist", "state = running",
			[]string{"launchctl bootout gui/501/org.afterword.daemon", "launchctl bootstrap gui/501 FILE"},
			[]string{"launchctl bootout gui/501/org.afterword.daemon"}},
		"windows": {"config/afterword/task.xml", "Status: Running",
			[]string{"schtasks /Create /TN Afterword /XML FILE /F", "schtasks /Run /TN Afterword"},
			[]string{"schtasks /End /TN Afterword", "schtasks /Delete /TN Afterword /F"}},
	} {
		dir := t.TempDir()
		r := &recorder{}
		m := Manager{GOOS: goos, Home: filepath.Join(dir, "home"), Config: filepath.Join(dir, "config"), UID: 501, Run: r.run}
		file := filepath.Join(dir, filepath.FromSlash(want.file))
		if _, err := m.Status(t.Context()); !errors.Is(err, ErrNotInstalled) {
			t.Errorf("%s: before: %v", goos, err)
		}
		if _, err := m.Uninstall(t.Context()); !errors.Is(err, ErrNotInstalled) {
			t.Errorf("%s: removing nothing: %v", goos, err)
		}
		done, err := m.Install(t.Context(), Program{Binary: "/b", Config: "/c"})
		if err != nil || !done.Started || done.Path != file {
			t.Fatalf("%s: installing: %+v, %v", goos, done, err)
		}
		checkRan(t, goos, r, file, want.install)
		r.says = want.running
		if s, err := m.Status(t.Context()); err != nil || !s.Running {
			t.Errorf("%s: the status is %+v, %v", goos, s, err)
		}
		r.ran = nil
		if _, err := m.Uninstall(t.Context()); err != nil {
			t.Errorf("%s: removing: %v", goos, err)
		}
		checkRan(t, goos, r, file, want.removal)
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%s: the text is still there", goos)
		}
		r.fail = strings.Fields(want.install[len(want.install)-1])[0]
		if done, err := m.Install(t.Context(), Program{Binary: "/b", Config: "/c"}); err != nil || done.Started || !strings.Contains(done.Err.Error(), "no such thing") {
			t.Errorf("%s: a system that refuses: %+v, %v", goos, done, err)
		}
	}
}

func checkRan(t *testing.T, goos string, r *recorder, file string, want []string) {
	t.Helper()
	var got []string
	for _, line := range r.ran {
		got = append(got, strings.ReplaceAll(line, file, "FILE"))
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: ran %q, want %q", goos, got, want)
	}
}

// TestSystemdHears: what is told arrives at the socket, and a watchdog meant for
// another process is not fed.
func TestSystemdHears(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("there is no systemd")
	}
	path := filepath.Join(t.TempDir(), "n")
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	env := map[string]string{"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "180000000", "WATCHDOG_PID": "7"}
	getenv := func(name string) string { return env[name] }
	s := FromSystemd(getenv, 7)
	s.Ready()
	s.Stopping()
	for _, want := range []string{"READY=1", "STOPPING=1"} {
		b := make([]byte, 100)
		if err := l.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		n, err := l.Read(b)
		if err != nil || string(b[:n]) != want {
			t.Errorf("heard %q (%v), want %q", b[:n], err, want)
		}
	}
	if s.every != 3*time.Minute || FromSystemd(getenv, 8).every != 0 {
		t.Errorf("the watchdog waits %s, and %s for another process", s.every, FromSystemd(getenv, 8).every)
	}
	none := FromSystemd(func(string) string { return "" }, 7)
	none.Ready() // tells nobody
	none.Watchdog(t.Context(), nil, nil, nil)
}

// TestFeed: in virtual time, the watchdog is fed three times in its time while
// all parts live, not at all while one does not, and again when it does.
func TestFeed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		var mu sync.Mutex // of what the test says is dead
		var dead, story []string
		go feed(ctx, &clock.Running{}, 45*time.Second, func(time.Time) []string { mu.Lock(); defer mu.Unlock(); return dead },
			func(parts []string) { story = append(story, fmt.Sprint(parts)) }, func() { story = append(story, "fed") })
		step := func(parts ...string) {
			mu.Lock()
			dead = parts
			mu.Unlock()
			time.Sleep(45 * time.Second)
			synctest.Wait()
		}
		synctest.Wait()
		step()
		step("mailbox")
		step()
		stop()
		synctest.Wait()
		want := "fed fed fed fed [mailbox] fed fed fed"
		if got := strings.Join(story, " "); got != want {
			t.Errorf("the story is %q, want %q", got, want)
		}
	})
}
