package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"afterword/internal/clock"
)

// onTerminal runs a command whose output is a terminal of so many columns, and
// returns what appears there.
func onTerminal(t *testing.T, r *rehearsing, columns uint16, args ...string) string {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no pseudo-terminal here: %v", err)
	}
	defer master.Close()
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(int(slave.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}); err != nil {
		t.Fatal(err)
	}
	shown := make(chan string)
	go func() {
		var b bytes.Buffer
		_, _ = io.Copy(&b, master) // ends with an error once nobody writes any more
		shown <- b.String()
	}()
	c := &clock.Running{}
	c.Step(time.Until(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)))
	p := &program{in: strings.NewReader(""), out: slave, err: io.Discard, clock: c, configPath: r.dir + "/config.yaml"}
	if err := p.execute(t.Context(), args); err != nil {
		t.Error(err)
	}
	if err := slave.Close(); err != nil {
		t.Error(err)
	}
	return strings.ReplaceAll(<-shown, "\r\n", "\n")
}

// TestOnATerminal: on a terminal lines fit, states have a colour unless NO_COLOR
// is set, and JSON stays JSON.
func TestOnATerminal(t *testing.T) {
	r := newRehearsing(t)
	if code, _, errs := r.afterword(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), "queue", "acme", "check-in", "--to", "Ken"); code != 0 {
		t.Fatal(errs)
	}
	for _, columns := range []uint16{60, 200} {
		for _, command := range []string{"status", "plan", "events", "preview"} {
			args := []string{command}
			if command == "preview" {
				args = append(args, "check-in")
			}
			out := onTerminal(t, r, columns, args...)
			for line := range strings.Lines(out) {
				wide := columnsOf(strings.TrimRight(line, "\n"))
				if wide > int(columns) && strings.Contains(strings.TrimSpace(line), " ") {
					t.Errorf("%s: %d columns of %d: %q", command, wide, columns, line)
				}
			}
			if coloured := strings.Contains(out, "\x1b["); coloured != (command == "status" || command == "preview") && command != "plan" {
				t.Errorf("%s at %d columns: %q", command, columns, out)
			}
		}
	}
	t.Setenv("NO_COLOR", "")
	if out := onTerminal(t, r, 80, "status"); strings.Contains(out, "\x1b[") || !strings.Contains(out, "review") {
		t.Errorf("NO_COLOR: %q", out)
	}
	if out := onTerminal(t, r, 60, "status", "--json"); strings.Contains(out, "\x1b[") || !strings.Contains(out, `"reason"`) {
		t.Errorf("JSON: %q", out)
	}
}
