package main

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"afterword/internal/store/faultfs"
	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// faulted is what was seen of a run whose disk failed from one operation on and
// was mended two hours later.
type faulted struct {
	before, during, after int  // mails that the server took by then
	refused               bool // the disk refused something
	told                  bool
	read                  bool // the mailbox was read while the disk failed
	recorded              bool // while the disk failed, the store knew what became of every mail that left
	verdict               verdict
	story                 string
}

// fail plays the scene with a disk that fails from operation n on.
func (e enumeration) fail(t *testing.T, n int, fault faultfs.Fault) (f faulted) {
	t.Helper()
	performAt(t, e.sending, e.interviews, e.habits, func(s *stage) {
		s.until(3, 9, 20)
		l, err := s.begin(e.build, nil)
		s.must(err)
		s.until(3, 9, 28)
		begun := l.disk.Operations()
		l.disk.Fail(begun+n, fault)
		l.disk.WhenRefused(func() { f.before, f.refused = s.taken(), true })
		s.until(3, 10, 30)
		f.told, f.during, f.recorded = l.told("store cannot be written"), s.taken(), l.recorded()
		reads := s.commands()
		s.until(3, 11, 30)
		f.read = s.commands() > reads
		l.disk.Mend()
		s.until(3, 14, 0)
		f.after = s.taken()
		f.verdict, f.story = l.judge()
		if err := l.end(); err != nil {
			t.Errorf("the program ended: %v", err)
		}
		f.story += s.log.String()
	})
	return f
}

// taken is how many mails the server took for people of the scene.
func (s *stage) taken() int {
	n := 0
	for _, a := range s.world.Accepted() {
		if a.To[0] != "dana@example.org" {
			n++
		}
	}
	return n
}

// commands is how many IMAP commands the server has seen.
func (s *stage) commands() int {
	n := 0
	for _, c := range s.world.Commands() {
		n += c
	}
	return n
}

// recorded reports whether the store knows the outcome of every mail that left.
func (l *life) recorded() bool {
	known := 0
	l.stage.must(l.house.store.View(l.stage.Context(), func(r scheduler.Reader) error {
		ds, err := r.Deliveries(scheduler.DeliveryQuery{States: []scheduler.State{scheduler.Sent}})
		known = len(ds)
		return err
	}))
	return known == l.stage.taken()
}

// faultPoints are the operations at which the disk begins to fail: some of
// them, or every one with AFTERWORD_CRASH=all.
func faultPoints(operations int) []int {
	want := 6
	switch {
	case os.Getenv("AFTERWORD_CRASH") == "all":
		want = operations
	case testing.Short():
		want = 1
	}
	var points []int
	for _, n := range rand.New(rand.NewPCG(3, 4)).Perm(operations)[:want] {
		points = append(points, n+1)
	}
	return points
}

// TestDiskFaults: while the disk fails nothing more is sent, the mailbox is
// read, and the user is told; once it works again every mail has left once.
func TestDiskFaults(t *testing.T) {
	t.Parallel()
	t.Run("a panel of three", func(t *testing.T) {
		t.Parallel()
		diskFaults(t, enumeration{interviews: panel(), habits: mailtest.SMTPOptions{FileSent: true}})
	})
	t.Run("three in a row", func(t *testing.T) {
		t.Parallel()
		diskFaults(t, enumeration{interviews: threeInARow(), sending: atOnce, habits: mailtest.SMTPOptions{FileSent: true}})
	})
}

func diskFaults(t *testing.T, e enumeration) {
	t.Helper()
	for name, fault := range map[string]faultfs.Fault{"broken": faultfs.Broken, "full": faultfs.Full, "read-only": faultfs.ReadOnly} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, p, _ := e.crash(t, cut{})
			for _, n := range faultPoints(p.operations) {
				f := e.fail(t, n, fault)
				check := func(ok bool, what string) {
					if !ok {
						t.Errorf("%s from operation %d of %d on: %s (before %d, during %d, after %d)\n%s", name, n, p.operations, what, f.before, f.during, f.after, f.story)
					}
				}
				check(!f.refused || f.during <= f.before+1, "mail left while the store could not be written")
				check(f.verdict.twice == 0, "somebody was written to twice")
				check(f.verdict.lost == 0, "a mail was lost, or nobody was told")
				check(f.after+f.verdict.doubts >= 3, "after the disk was mended not every mail left")
				check(f.read, "the mailbox was not read")
				check(f.told || !f.refused, "the user was not told")
				check(f.recorded || fault != faultfs.Full, "the spare space was not used for the outcome of a mail under way")
			}
		})
	}
}

// TestStartOnAFullDisk: a program that is started on a full disk reads the
// mailbox, tells the user and sends nothing. Once there is room, all
// leaves.
func TestStartOnAFullDisk(t *testing.T) {
	t.Parallel()
	for name, room := range map[string]int64{"no room to open the store": 0, "no room to write to it": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			performAt(t, "", panel(), mailtest.SMTPOptions{FileSent: true}, func(s *stage) {
				s.until(2, 18, 0)
				first, err := s.begin(build{}, nil)
				s.must(err)
				s.until(2, 19, 0)
				s.must(first.end())
				s.must(first.house.Close())
				s.until(3, 9, 0)
				reads := s.commands()
				second, err := s.begin(build{fault: faultfs.Full, room: room}, first.disk.Image(faultfs.All, 0))
				s.must(err)
				s.until(3, 10, 0)
				if s.taken() > 0 || s.commands() == reads || !second.told("store cannot be written") {
					t.Errorf("on the full disk %d mails left, the mailbox was read: %v, the user was told: %v\n%s", s.taken(), s.commands() > reads, second.told("store cannot be written"), s.log)
				}
				second.disk.Mend()
				s.until(3, 12, 0)
				if s.taken() != 3 {
					t.Errorf("with room again %d mails left, want 3\n%s", s.taken(), s.log)
				}
				v, story := second.judge()
				if v.twice+v.lost > 0 {
					t.Errorf("%+v\n%s", v, story)
				}
				s.must(second.end())
			})
		})
	}
}

// TestStartOnADeadDisk: where the store cannot be opened at all the program says
// so, with what to do, and ends.
func TestStartOnADeadDisk(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]faultfs.Fault{"broken": faultfs.Broken, "read-only": faultfs.ReadOnly} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			performAt(t, "", panel(), mailtest.SMTPOptions{}, func(s *stage) {
				_, err := s.begin(build{noLedger: true, fault: fault}, nil)
				var b strings.Builder
				if code := finish(&b, err); code != exitFailed || !strings.Contains(b.String(), "hint: ") || !strings.Contains(b.String(), "nothing is sent") {
					t.Errorf("exit code %d: %s", code, b.String())
				}
			})
		})
	}
}
