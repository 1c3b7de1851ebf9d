// Mutants takes away, one after the other, what the promises rest on, and runs
// the tests that must notice: a mutation that survives ends it with 1. All of
// them stand behind a switch in one build of each suite (overlay.go); the program
// itself holds no trace of them.
//
//	go run ./internal/mutants [-budget N] [-every N] [NAME ...]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// suite is a test that kills mutations.
type suite struct {
	folder string // its package, below the module
	run    string // the test
	step   int    // how many actions, or checks, one try takes
	args   func(try, step int) (args, env []string)
	says   *regexp.Regexp // what it says when it notices: the promise is its first group
}

// suites are the killers by name.
func suites() map[string]suite {
	seed := func(try int) string {
		return "-test.run=^TEST$ -rapid.nofailfile -rapid.shrinktime=1ms -rapid.seed=" + strconv.Itoa(1+1000*try)
	}
	return map[string]suite{
		"core": {"scheduler", "TestCoreInVolume", 300_000, func(try, step int) (args, env []string) {
			return []string{"-test.run=^TEST$"}, []string{"AFTERWORD_CORE_ACTIONS=" + strconv.Itoa(step), "AFTERWORD_SEED=" + strconv.Itoa(1+1_000_000*try)}
		}, regexp.MustCompile(`seed \d+: (.*)`)},
		"sim": {"cmd/afterword", "TestSeed", 1, func(try, _ int) (args, env []string) {
			return []string{"-test.run=^TEST$"}, []string{"AFTERWORD_SIM_SEED=" + strconv.Itoa(try+1)}
		}, regexp.MustCompile(`sim_test.go:\d+: (.*)`)},
		"unit":  {"scheduler", "Test.*", 1, once, failed},
		"story": {"cmd/afterword", "Test(RestoredBackupSendsNothingTwice|LostDatabase)", 1, once, failed},
		"smtp":  {"mailer/smtp", "Test.*", 1, once, failed},
		"life": {"scheduler", "TestLife", 300, func(try, step int) (args, env []string) {
			return append(strings.Fields(seed(try)), "-rapid.checks="+strconv.Itoa(step)), nil
		}, regexp.MustCompile(`failed after \d+ tests: (.*)`)},
	}
}

// failed is what a test says that names no promise.
var failed = regexp.MustCompile(`--- FAIL: (\S+)`)

// once runs a test that is the same each time.
func once(int, int) (args, env []string) {
	return []string{"-test.run=^TEST$", "-test.skip=^Test(Core|CoreInVolume|Life)$", "-test.short"}, nil
}

func main() {
	budget := flag.Int("budget", 20, "how many tries each mutation gets before it counts as a survivor")
	every := flag.Int("every", 1, "take only every so manyth mutation")
	flag.Parse()
	survivors, err := run(*budget, *every, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(2)
	}
	if survivors > 0 {
		os.Exit(1)
	}
}

// run builds the suites and plays every mutation. It returns how many survived.
func run(budget, every int, names []string) (survivors int, err error) {
	root, err := filepath.Abs(".")
	if err != nil {
		return 0, err
	}
	folder, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(folder)
	description, err := overlay(list(), root, folder)
	if err != nil {
		return 0, err
	}
	picked := named(list(), names)
	built := map[string]string{}
	for name, s := range suites() {
		if !slices.ContainsFunc(picked, func(m mutation) bool { return m.suite == name }) {
			continue
		}
		if built[name], err = build(s.folder, description, folder); err != nil {
			return 0, err
		}
	}
	played, healthy := 0, map[string]bool{}
	for n, m := range picked {
		if n%every != 0 {
			continue
		}
		played++
		killed, err := kill(built[m.suite], suites()[m.suite], m, budget, healthy)
		if err != nil {
			return survivors, err
		}
		if !killed {
			survivors++
		}
	}
	fmt.Printf("mutants: %d mutations, %d killed, %d survived\n", played, played-survivors, survivors)
	return survivors, nil
}

// build makes the test program of a package, once for all suites in it.
func build(pkg, description, folder string) (string, error) {
	to := filepath.Join(folder, filepath.Base(pkg)+".test")
	if _, err := os.Stat(to); err == nil {
		return to, nil
	}
	said, err := exec.Command("go", "test", "-c", "-overlay", description, "-o", to, "./"+pkg).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building the tests of %s with the mutations: %w\n%s", pkg, err, said)
	}
	return to, nil
}

// kill tries until the mutation is noticed, or its budget is used up. Without any
// mutation the same try must pass, or the death proves nothing; healthy remembers
// which do.
func kill(program string, s suite, m mutation, budget int, healthy map[string]bool) (bool, error) {
	for n := range budget {
		said, dead, err := try(program, s, m.name, n)
		if err != nil {
			return false, err
		}
		if !dead {
			continue
		}
		if id := fmt.Sprint(s.run, n); !healthy[id] {
			if said, dead, err := try(program, s, "", n); err != nil {
				return false, err
			} else if dead {
				return false, fmt.Errorf("%s fails in try %d without any mutation; mend that first\n%s", s.run, n+1, said)
			}
			healthy[id] = true
		}
		why := "it ended badly"
		if found := s.says.FindAllStringSubmatch(said, -1); found != nil {
			why = found[len(found)-1][1] // what stands before is the trace
		}
		fmt.Printf("killed    %-26s %-48s by %s in try %d: %s\n", m.name, m.breaks, s.run, n+1, shortened(why))
		return true, nil
	}
	fmt.Printf("SURVIVED  %-26s %-48s %s, %d tries of %d\n", m.name, m.breaks, s.run, budget, s.step)
	return false, nil
}

// longest is how long one try may take; one that hangs is noticed by that.
const longest = 4 * time.Minute

// try runs a suite once with one mutation on.
func try(program string, s suite, name string, n int) (said string, dead bool, err error) {
	ctx, stop := context.WithTimeout(context.Background(), longest)
	defer stop()
	args, env := s.args(n, s.step)
	for k, a := range args {
		args[k] = strings.ReplaceAll(a, "TEST", s.run)
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = filepath.Join(".", filepath.FromSlash(s.folder))
	cmd.Env = append(append(os.Environ(), env...), variable+"="+name)
	b, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return string(b), false, err
	}
	return string(b), err != nil, nil
}

func shortened(s string) string {
	const most = 150
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "..."
	}
	return s
}
