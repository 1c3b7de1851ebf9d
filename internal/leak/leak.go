// Package leak fails the tests of a package that leave a goroutine or an open
// file behind. It is test support and no part of the program.
//
// It looks once, after the last test, and waits long for what is about to end,
// so that a slow machine is no leak. Files are counted on Linux only.
package leak

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// patience is how long what still runs after the last test may take to end.
const patience = time.Minute

// tests are what package testing hands to TestMain.
type tests interface{ Run() int }

// Checked is the tests of a package with a look at what they left.
type Checked struct {
	tests
	out  io.Writer
	wait time.Duration
	ours []string // names of goroutines and files from before the tests
}

// After wraps the tests of a package, for TestMain:
//
//	func TestMain(m *testing.M) { os.Exit(leak.After(m).Run()) }
func After(m tests) *Checked {
	return &Checked{tests: m, out: os.Stderr, wait: patience, ours: names(slices.Concat(goroutines(), files()))}
}

// Run runs the tests. Where they pass and leave something, it says what and
// returns 1. Fuzzing has workers of its own, which end with the process.
func (c *Checked) Run() int {
	code := c.tests.Run()
	if code != 0 || fuzzing() {
		return code
	}
	left := c.left()
	for end := time.Now().Add(c.wait); len(left) > 0 && time.Now().Before(end); left = c.left() {
		runtime.GC() // closes files that nobody holds any more
		timer := time.NewTimer(10 * time.Millisecond)
		<-timer.C
	}
	if len(left) == 0 {
		return 0
	}
	_, _ = fmt.Fprintf(c.out, "left behind by the tests:\n\n%s\n", strings.Join(left, "\n\n"))
	return 1
}

func fuzzing() bool {
	for _, name := range []string{"test.fuzz", "test.fuzzworker"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" && f.Value.String() != "false" {
			return true
		}
	}
	return false
}

// left is what is there now and was not before the tests.
func (c *Checked) left() []string {
	return slices.DeleteFunc(slices.Concat(goroutines(), files()), func(s string) bool { return slices.Contains(c.ours, name(s)) })
}

// name is what stays the same of a goroutine, its number, and of a file.
func name(found string) string {
	n, _, _ := strings.Cut(found, " [")
	return n
}

func names(all []string) (named []string) {
	for _, one := range all {
		named = append(named, name(one))
	}
	return named
}

// goroutines are the stacks of all but the one that asks. What the signal
// package starts serves the process to its end.
func goroutines() []string {
	stacks := make([]byte, 1<<16)
	for {
		n := runtime.Stack(stacks, true)
		if n < len(stacks) {
			stacks = stacks[:n]
			break
		}
		stacks = make([]byte, 2*len(stacks))
	}
	all := strings.Split(strings.TrimSpace(string(stacks)), "\n\n")[1:]
	return slices.DeleteFunc(all, func(stack string) bool {
		return strings.Contains(stack, "\nos/signal.loop") || strings.Contains(stack, "os/signal.signal_recv")
	})
}

// files are the open descriptors with what they lead to. Those by which the
// runtime waits for the network are its own, and this reading has one too.
func files() (all []string) {
	const folder = "/proc/self/fd"
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil // no Linux
	}
	for _, e := range entries {
		target, err := os.Readlink(folder + "/" + e.Name())
		own := strings.Contains(target, "[eventpoll]") || strings.Contains(target, "[eventfd]") || strings.HasSuffix(target, "/fd")
		if err == nil && !own {
			all = append(all, "open file "+e.Name()+": "+target)
		}
	}
	return all
}
