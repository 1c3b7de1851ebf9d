package crash

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// fault is what strace(1) does to some system calls on the store and the
// ledger.
type fault struct {
	effect string   // in the words of strace
	calls  []string // which are hit
	first  int      // the nth of these calls on such a file, counted for each thread
	last   int
	sure   bool // comes in every life, however the threads are scheduled: it is waited for
}

// faultyCalls are the system calls by which the program keeps its state, by
// what they do.
func faultyCalls() [][]string {
	return [][]string{
		{"write", "pwrite64"},
		{"fsync", "fdatasync"},
		{"ftruncate", "fallocate"},
		{"openat", "unlink", "unlinkat"},
		{"read", "pread64"},
	}
}

// anyFault chooses what happens to one life, and when. An error lasts for some
// calls, as those of a disk that recovers do.
func anyFault(chance *rand.Rand) fault {
	kinds := faultyCalls()
	f := fault{calls: kinds[chance.IntN(len(kinds))], first: 1 + chance.IntN(8)}
	f.last = f.first + chance.IntN(6)
	switch chance.IntN(3) {
	case 0:
		f.effect, f.last = "signal=KILL", f.first
	case 1:
		f.effect = "error=EIO"
	case 2:
		f.effect, f.calls = "error=ENOSPC", slices.Concat(kinds[0], kinds[2])
	}
	if slices.Contains(f.calls, "write") {
		f.first, f.last = 4*f.first, 4*f.last // there are many more of these
	}
	return f
}

// under is the program with a fault, and where strace writes what it did. Where
// strace stops only at calls of interest, a signal does not reach the program.
func (p *profile) under(f fault, notes string) *exec.Cmd {
	program := p.command("run")
	args := []string{"-f", "-qq", "-y", "-s", "0", "-o", notes, "-e", "trace=" + strings.Join(f.calls, ","),
		"-e", fmt.Sprintf("inject=%s:%s:when=%d..%d", strings.Join(f.calls, ","), f.effect, f.first, f.last)}
	if !strings.HasPrefix(f.effect, "signal") {
		args = append(args, "--seccomp-bpf")
	}
	for _, name := range []string{"", "-wal", "-shm", ".ledger"} {
		args = append(args, "-P", filepath.Join(p.dir, "state", "afterword.db"+name))
	}
	cmd := exec.CommandContext(p.Context(), "strace", append(args, program.Args...)...)
	cmd.Env, cmd.SysProcAttr = program.Env, &syscall.SysProcAttr{Setpgid: true}
	cmd.Stdout, cmd.Stderr = &p.log, &p.log
	return cmd
}

// suffer runs the program with a fault until it ends or nothing happens any
// more, and returns the calls that were hit.
func (p *profile) suffer(f fault, chance *rand.Rand) (hits []string) {
	p.Helper()
	p.log.Reset()
	notes := filepath.Join(p.TempDir(), "notes")
	cmd := p.under(f, notes)
	p.must(cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	waits := 0
	for quiet := false; !quiet; {
		select {
		case <-p.dots:
		case <-ended:
			return p.hit(f, notes)
		case <-time.After(patience):
			waits++
			quiet = !f.sure || waits == 30 || len(p.hit(f, notes)) > 0
		}
	}
	signal := []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL}[chance.IntN(2)]
	p.must(syscall.Kill(-cmd.Process.Pid, signal)) // of strace and the program, which strace does not end
	<-ended
	p.drain()
	return p.hit(f, notes)
}

// What strace writes of a call that it changed, of one that another thread's
// came between, and of the program's end.
var (
	injected = regexp.MustCompile(`(\w+)\(.*?<([^>]*)>.* (E[A-Z]+) .*\(INJECTED\)`)
	resumed  = regexp.MustCompile(`<\.\.\. (\w+) resumed>.* (E[A-Z]+) .*\(INJECTED\)`)
	lastCall = regexp.MustCompile(`(\w+)\((?:.*?<([^>]*)>)?.*(?:= \?|<unfinished \.\.\.>)`)
)

// hit reads what strace noted.
func (p *profile) hit(f fault, notes string) (hits []string) {
	p.Helper()
	text, err := os.ReadFile(notes)
	if !errors.Is(err, fs.ErrNotExist) { // strace has not begun
		p.must(err)
	}
	for line := range strings.Lines(string(text)) {
		if m := injected.FindStringSubmatch(line); m != nil {
			hits = append(hits, fmt.Sprintf("%s on %s of %s", m[3], m[1], fileOf(m[2])))
		} else if m := resumed.FindStringSubmatch(line); m != nil {
			hits = append(hits, fmt.Sprintf("%s on %s", m[2], m[1]))
		}
	}
	if f.effect != "signal=KILL" || !strings.Contains(string(text), "+++ killed by SIGKILL") {
		return hits
	}
	// A life in which nothing was hit may have been ended from outside: then no
	// call is left undone.
	if all := lastCall.FindAllStringSubmatch(string(text), -1); len(all) > 0 {
		m := all[len(all)-1]
		hits = append(hits, fmt.Sprintf("KILL at %s of %s", m[1], fileOf(m[2])))
	}
	return hits
}

// fileOf is the name of a file of the state. What opens one names no descriptor
// but the folder.
func fileOf(path string) string {
	if name := filepath.Base(path); strings.HasPrefix(name, "afterword.db") {
		return name
	}
	return "the state"
}

// faultyLives is how many lives TestSystemCallFaults has by default;
// AFTERWORD_FAULTS says otherwise.
const faultyLives = 4

// livesOfAProfile bounds what one profile sends: no more than per_hour allows.
const livesOfAProfile = 12

// TestSystemCallFaults: system calls of the built program on its store and its
// ledger fail with EIO or ENOSPC, or kill it, at moments chosen by chance. Every
// mail is taken by the server exactly once, and what is unknown is in doubt.
func TestSystemCallFaults(t *testing.T) {
	t.Parallel()
	mayTrace(t)
	if _, err := exec.LookPath("strace"); err != nil {
		if os.Getenv("AFTERWORD_FAULTS") != "" {
			t.Fatal("strace is not installed")
		}
		t.Skip("strace is not installed")
	}
	lives := faultyLives
	if testing.Short() {
		lives = 2
	}
	lives = number(t, "AFTERWORD_FAULTS", lives)
	seed := number(t, "AFTERWORD_SEED", 1)
	binary := build(t)
	hits := map[string]int{}
	var sum tally
	hurt, mails := 0, 0
	for done := 0; done < lives && !t.Failed(); done += livesOfAProfile {
		n := min(livesOfAProfile, lives-done)
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			chance := rand.New(rand.NewPCG(uint64(seed), 13))
			p := sandboxed(t, binary, 2*n, 200*time.Millisecond)
			one, hurtHere := p.faultyLives(n, chance, hits)
			p.takenOnce()
			sum.add(one)
			hurt, mails = hurt+hurtHere, mails+len(p.people)
		})
		seed++
	}
	for _, what := range slices.Sorted(maps.Keys(hits)) {
		t.Logf("%4d x %s", hits[what], what)
	}
	t.Logf("%d mails, %d lives, %d of them hit: %d times in doubt, %d of these delivered", mails, lives, hurt, sum.doubts, sum.delivered)
	if hurt == 0 {
		t.Error("no life was hit")
	}
}

// faultyLives runs the program so often with a fault, two more mails each time,
// and then in peace until everything is settled.
func (p *profile) faultyLives(n int, chance *rand.Rand, hits map[string]int) (sum tally, hurt int) {
	p.Helper()
	p.holdBack()
	for life := range n {
		p.release(2)
		f := anyFault(chance)
		if life == 0 { // the store is made, and every file of it synced
			f = fault{effect: "error=EIO", calls: faultyCalls()[1], first: 1, last: 2, sure: true}
		}
		found := p.suffer(f, chance)
		for _, what := range found {
			hits[what]++
		}
		if len(found) > 0 {
			hurt++
		}
		if life%3 == 2 {
			sum.note(p)
		}
	}
	sum.add(p.finish())
	return sum, hurt
}
