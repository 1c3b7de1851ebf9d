//go:build realmail

package main

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"afterword/internal/realmail"
	"afterword/scheduler"
)

// commandAt runs a command at the clock of a sandbox, as another process does.
func commandAt(ctx context.Context, c scheduler.Clock, config string, args ...string) (string, error) {
	var out bytes.Buffer
	p := &program{in: strings.NewReader(""), out: &out, err: &out, configPath: config, clock: c}
	root := newRoot(p)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	return out.String(), err
}

// TestRestoredOnRealServers: on the morning of the thank-yous a backup is made; a
// panel of three is thanked; then the profile is lost, ledger and all, and the
// backup put back. What a real Dovecot keeps in Sent is not sent again. One copy
// was deleted there: that mail waits for a person. All else goes on as if nothing
// had happened.
func TestRestoredOnRealServers(t *testing.T) {
	t.Parallel()
	servers := realmail.Start(t)
	config := writeRealProfile(t, servers)
	backup := filepath.Join(t.TempDir(), "kept.afterword")
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	lost := time.Date(2026, 11, 3, 12, 0, 0, 0, paris)
	play := func(start, end time.Time, more func(*sandbox)) {
		t.Helper()
		box, err := newSandbox(t.Context(), config, start, end, onRealServers(t.Context(), servers))
		if err != nil {
			t.Fatal(err)
		}
		if err := demoScript(box); err != nil {
			t.Error(err)
		}
		more(box)
		box.show = func(e scheduler.Event) { t.Logf("%s %s %s: %s", e.At.Format(time.DateTime), e.Key, e.What, e.Why) }
		if err := box.Run(t.Context()); err != nil {
			t.Error(err)
		}
		if end.After(lost) {
			checkRestored(t, box)
		}
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	}
	play(demoStart(), lost, func(box *sandbox) {
		box.people.At(lost.Add(-4*time.Hour), func() {
			if said, err := commandAt(t.Context(), box.clock, config, "backup", backup); err != nil {
				box.fail(errors.Join(err, errors.New(said)))
			}
		})
	})
	if t.Failed() {
		return
	}
	loseCopy(t, servers, "ken@acme.example")
	said, err := commandAt(t.Context(), stopped{lost}, config, "restore", "--force", backup)
	if err != nil || !strings.Contains(said, "the Sent folder is read first") {
		t.Fatalf("restore: %v\n%s", err, said)
	}
	play(lost, demoEnd().Add(7*24*time.Hour), func(*sandbox) {})
	if n, err := servers.Queued(); n != 0 || err != nil {
		t.Errorf("postfix still holds %d mails, %v", n, err)
	}
	checkOutside(t, servers) // each once, as in the story without a loss
}

// stopped is a clock that stands still.
type stopped struct{ at time.Time }

func (c stopped) Now() time.Time { return c.at }
func (c stopped) NewTimer(time.Duration) (<-chan time.Time, func()) {
	return make(chan time.Time), func() {}
}
func (c stopped) Hold() func() { return func() {} }

// loseCopy deletes the one copy in Sent of the mail to somebody, of three.
func loseCopy(t *testing.T, servers *realmail.Servers, to string) {
	t.Helper()
	others, err := servers.Others()
	if err != nil || len(others) != 3 {
		t.Fatalf("%d mails left before the profile was lost, want 3: %v", len(others), err)
	}
	sent, err := servers.Folder(realmail.Username, "Sent")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range others {
		if !slices.ContainsFunc(sent, func(copy realmail.Accepted) bool { return copy.MessageID == a.MessageID }) {
			t.Errorf("Sent holds no copy of the mail to %s", a.To)
		}
		if a.To == to {
			if err := servers.Remove(realmail.Username, "Sent", a.MessageID); err != nil {
				t.Error(err)
			}
		}
	}
}

// checkRestored looks at what the program knows in the end: what Sent shows is
// sent, and what it does not show waits or has waited.
func checkRestored(t *testing.T, box *sandbox) {
	t.Helper()
	st, err := box.house.service.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]scheduler.State{}
	for _, d := range st.Deliveries {
		if d.Step == "thank-you" {
			states[d.To.Email] = d.State
		}
	}
	for to, want := range map[string]scheduler.State{"mara@acme.example": scheduler.Sent, "tomas@acme.example": scheduler.Sent, "noor@globex.example": scheduler.Sent} {
		if states[to] != want {
			t.Errorf("the thank-you to %s is %s, want %s", to, states[to], want)
		}
	}
	if ken := states["ken@acme.example"]; ken != scheduler.Review && ken != scheduler.Expired {
		t.Errorf("the thank-you whose copy is gone is %s; it must wait for a person", ken)
	}
}
