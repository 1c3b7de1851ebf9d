//go:build realmail && linux

package notify

import (
	"bufio"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
)

// screen answers as a desktop does, on a real bus.
type screen struct{ shown chan []string }

// GetCapabilities and Notify are the methods that the program calls.
func (screen) GetCapabilities() ([]string, *dbus.Error) { return []string{"body"}, nil }

// Notify notes what is shown.
func (s screen) Notify(app string, _ uint32, _, title, text string, _ []string, hints map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	s.shown <- []string{app, title, text, hints["urgency"].String()}
	return 1, nil
}

// TestDesktopOnARealBus: dbus-daemon takes the greeting and hands the call on.
func TestDesktopOnARealBus(t *testing.T) {
	daemon, err := exec.LookPath("dbus-daemon")
	if err != nil {
		t.Skip("there is no dbus-daemon")
	}
	cmd := exec.CommandContext(t.Context(), daemon, "--session", "--nofork", "--print-address", "--address=unix:path="+t.TempDir()+"/bus")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = errors.Join(cmd.Process.Kill(), cmd.Wait()) })
	in := bufio.NewReader(out)
	address, err := in.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, in) }()
	address = strings.TrimSpace(address)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	if err := CheckDesktop(t.Context()); err == nil {
		t.Error("a bus without a desktop is taken for one")
	}
	desktop, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer desktop.Close()
	s := screen{make(chan []string, 1)}
	if err := desktop.Export(s, busObject, busName); err != nil {
		t.Fatal(err)
	}
	if _, err := desktop.RequestName(busName, 0); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(CheckDesktop(t.Context()), (&Desktop{}).Notify(t.Context(), told())); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(<-s.shown, "|"); got != "Afterword|Afterword|It is in doubt whether a mail was delivered.|@y 0x2" {
		t.Errorf("the desktop shows %s", got)
	}
}
