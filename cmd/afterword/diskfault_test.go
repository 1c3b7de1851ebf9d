package main

import (
	"math/rand/v2"
	"os"
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

// fail plays a panel of three with a disk that fails from operation n on.
func (e enumeration) fail(t *testing.T, n int, fault faultfs.Fault) (f faulted) {
	t.Helper()
	performAt(t, "", e.interviews, e.habits, func(s *stage) {
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
	want := 10
	switch {
	case os.Getenv("AFTERWORD_CRASH") == "all":
		want = operations
	case testing.Short():
		want = 3
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
	e := enumeration{interviews: panel(), habits: mailtest.SMTPOptions{FileSent: true}}
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
