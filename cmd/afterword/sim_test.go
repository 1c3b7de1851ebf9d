package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"afterword/internal/ledger"
	"afterword/internal/profile"
	"afterword/internal/sim"
	"afterword/internal/store/sqlite"
	"afterword/internal/web"
	"afterword/scheduler"
)

// simProgram is the real program on a machine of the simulation: the object
// graph of `run`, with store and ledger on the machine's disk.
type simProgram struct {
	machine *sim.Machine
	config  string
	house   *house
	id      identity
	open    func(ctx context.Context, path string) (scheduler.Store, error)
	cancel  context.CancelFunc
	ended   chan error
	undo    []func() error
}

// startSim is the simulation's Starter.
func startSim(ctx context.Context, m *sim.Machine) (sim.Program, error) {
	p := &simProgram{machine: m, config: filepath.Join(m.Folder, "config.yaml"), ended: make(chan error, 1)}
	vfs, unregister := m.Disk.Register()
	p.undo = append(p.undo, func() error { unregister(); return nil })
	p.open = func(ctx context.Context, path string) (scheduler.Store, error) {
		s, err := sqlite.Open(ctx, path, sqlite.WithVFS(vfs))
		if err != nil {
			return nil, err
		}
		return m.Watched(s), nil
	}
	if err := p.start(ctx); err != nil {
		return nil, errors.Join(err, p.release())
	}
	return p, nil
}

// start wires the program as `run` does.
func (p *simProgram) start(ctx context.Context) (err error) {
	state := filepath.Join(p.machine.Folder, "afterword.db")
	unlock, err := profile.Lock(state)
	if err != nil {
		return err
	}
	p.undo = append(p.undo, unlock)
	file, err := p.machine.Disk.OpenFile(ledger.Path(state))
	if err != nil {
		return err
	}
	book, err := ledger.On(file, ledger.Path(state), p.machine.Secret)
	if err != nil {
		return err
	}
	p.undo = append(p.undo, book.Close)
	p.id = identity{secret: p.machine.Secret, ledger: book, machine: p.machine.Name,
		spare: func() { p.machine.Disk.Free(1 << 20) }, keepSpare: func() error { return p.machine.Disk.Reserve(1 << 20) }}
	out := outside{clock: p.machine.Clock, dial: p.machine.Dial, web: p.machine.Web(), random: p.machine.Random, roots: p.machine.Roots, watcher: p.machine, store: p.open,
		pace: scheduler.Pace{Wait: p.machine.Pace.Wait, Sweep: p.machine.Pace.Sweep, Drafts: p.machine.Pace.Drafts, Apart: time.Microsecond}}
	if p.house, err = openWithSpare(ctx, p.config, out, p.id.spare); err != nil {
		return err
	}
	p.undo = append(p.undo, p.house.Close)
	// The commands look whether there is a store: it lies on the other disk.
	if err := os.WriteFile(state, nil, 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(state+".secret", []byte(hex.EncodeToString(p.machine.Secret)+"\n"), 0o600); err != nil {
		return err
	}
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	p.cancel = cancel
	p.machine.WhenDead(cancel)
	log := slog.New(slog.NewTextHandler(p.machine.Log, nil))
	go func() { p.ended <- p.house.work(work, log, p.id, nil) }()
	return nil
}

// release gives back what start took, last first.
func (p *simProgram) release() (err error) {
	for n := len(p.undo) - 1; n >= 0; n-- {
		err = errors.Join(err, p.undo[n]())
	}
	p.undo = nil
	return err
}

// Stop implements sim.Program.
func (p *simProgram) Stop() error {
	p.cancel()
	return errors.Join(<-p.ended, p.release())
}

// Command implements sim.Program.
func (p *simProgram) Command(args ...string) (code int, said string) {
	var out bytes.Buffer
	pr := &program{in: strings.NewReader(""), out: &out, err: &out, configPath: p.config, clock: p.machine.Clock, outside: outside{store: p.open, machine: p.machine.Name}}
	defer func() { pr.outside, pr.clock = outside{}, nil }() // cobra keeps the flags of every command line for good, and they lead here
	root := newRoot(pr)
	root.SetArgs(append([]string{}, args...)) // of nil it reads the test's own
	return finish(&out, root.ExecuteContext(context.Background())), out.String()
}

// Page implements sim.Program.
func (p *simProgram) Page(w http.ResponseWriter, r *http.Request) {
	page, err := web.New(p.house.pageConfig("127.0.0.1:8025", slog.New(slog.DiscardHandler)))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	r.Host = "127.0.0.1:8025"
	in := httptest.NewRecorder()
	enter := httptest.NewRequest(http.MethodGet, page.Link(), nil)
	enter.Host = r.Host
	page.Handler().ServeHTTP(in, enter)
	for _, c := range in.Result().Cookies() {
		r.AddCookie(c)
	}
	page.Handler().ServeHTTP(w, r)
}

// View implements sim.Program.
func (p *simProgram) View(see func(scheduler.Reader) error) error {
	return p.house.store.View(context.Background(), see)
}

// MessageID implements sim.Program.
func (p *simProgram) MessageID(key string) string { return p.id.name(key, "dana@example.org") }

// playSeed plays a plan in a bubble of its own.
func playSeed(t *testing.T, plan sim.Plan) (r sim.Report) {
	t.Helper()
	// Notices name files, so that the same seed wants the same folder: it is known by
	// the test, and t.TempDir would keep all of a campaign's.
	name := fnv.New64a()
	name.Write([]byte(t.Name())) // never fails
	folder := filepath.Join(os.TempDir(), fmt.Sprintf("afterword-sim-%010d-%016x", os.Getpid(), name.Sum64()))
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	synctest.Test(t, func(t *testing.T) {
		r = sim.Play(t.Context(), plan, sim.Options{Start: startSim, Folder: folder})
	})
	return r
}

// number is what an environment variable says, or else what there is without.
func number(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// TestSeed plays one seed and tells all of it:
//
//	AFTERWORD_SIM_SEED=17 go test ./cmd/afterword -run TestSeed$ -v
//
// AFTERWORD_SIM_WITHOUT names parts that are left out, such as "a1,e7,e9".
func TestSeed(t *testing.T) {
	if os.Getenv("AFTERWORD_SIM_SEED") == "" {
		t.Skip("AFTERWORD_SIM_SEED names no seed")
	}
	without := map[string]bool{}
	for part := range strings.SplitSeq(os.Getenv("AFTERWORD_SIM_WITHOUT"), ",") {
		without[part] = true
	}
	whole := sim.Make(number(t, "AFTERWORD_SIM_SEED", 1))
	r := playSeed(t, whole.Without(without))
	t.Logf("%s\n%s\n%s", whole, strings.Join(r.Trace, "\n"), r.Counts)
	for _, v := range r.Violations {
		t.Error(v)
	}
}

// TestSeeds plays seeds and makes what fails small. AFTERWORD_SIM_SEEDS says how
// many, AFTERWORD_SIM_FIRST which is the first, and AFTERWORD_SIM_FOR after how
// long none is begun any more, and none is made smaller, such as 4m; then it
// prints what was done.
func TestSeeds(t *testing.T) {
	t.Parallel()
	few := uint64(21)
	if testing.Short() {
		few = 2
	}
	c := &campaign{first: number(t, "AFTERWORD_SIM_FIRST", playedTwice), seeds: number(t, "AFTERWORD_SIM_SEEDS", few), sum: sim.NewCounts(), began: time.Now()}
	if text := os.Getenv("AFTERWORD_SIM_FOR"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		c.until = c.began.Add(d)
	}
	t.Cleanup(func() { c.end(t) })
	for n := range runtime.GOMAXPROCS(0) {
		t.Run(fmt.Sprintf("player %d", n), func(t *testing.T) {
			t.Parallel()
			for seed, more := c.next(); more; seed, more = c.next() {
				t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) { c.play(t, seed) })
			}
		})
	}
}

// campaign is many seeds, played by as many players as there are cores.
type campaign struct {
	first, seeds uint64
	began, until time.Time // until is zero if time does not matter

	mu     sync.Mutex
	begun  uint64
	broken int
	sum    sim.Counts
}

// next is the next seed that nobody has begun.
func (c *campaign) next() (seed uint64, more bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.begun == c.seeds || c.over() {
		return 0, false
	}
	c.begun++
	return c.first + c.begun - 1, true
}

// over reports whether the time is up.
func (c *campaign) over() bool { return !c.until.IsZero() && time.Now().After(c.until) }

func (c *campaign) play(t *testing.T, seed uint64) {
	r := playSeed(t, sim.Make(seed))
	if len(r.Violations) > 0 {
		t.Error(c.failure(t, r))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sum.Add(r.Counts)
	if len(r.Violations) > 0 {
		c.broken++
	}
}

// end says what was done, on standard output for who asked for many seeds.
func (c *campaign) end(t *testing.T) {
	t.Helper()
	took := time.Since(c.began)
	if os.Getenv("AFTERWORD_SIM_SEEDS") != "" {
		fmt.Printf("seeds %d to %d: %.2f seeds and %.1f simulated days a second\n%s", c.first, c.first+c.begun-1,
			float64(c.sum.Seeds)/took.Seconds(), float64(c.sum.Days)/took.Seconds(), c.sum)
		fmt.Printf("for docs/reliability.tsv: %d seeds, %d days, %d crashes, %d lost final answers, %d violations, %.0f seconds\n",
			c.sum.Seeds, c.sum.Days, c.sum.Crashes, c.sum.Lost, c.broken, took.Seconds())
	}
	if c.sum.Seeds == 0 || c.sum.Accepted == 0 {
		t.Error("nothing was sent in any seed: this proves nothing")
	}
}

// playedTwice is how many seeds are played twice, from 0 on; TestSeeds goes on behind them.
const playedTwice = 20

// TestSameSeedSameTrace: a seed that failed fails again. What is played here is judged
// here too.
func TestSameSeedSameTrace(t *testing.T) {
	t.Parallel()
	few := uint64(playedTwice)
	if testing.Short() {
		few = 1
	}
	for seed := range number(t, "AFTERWORD_SIM_TWICE", few) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			first, second := playSeed(t, sim.Make(seed)), playSeed(t, sim.Make(seed))
			same(t, "trace", first.Trace, second.Trace)
			same(t, "operations of the disk", first.Disk, second.Disk)
			for _, v := range first.Violations {
				t.Error(v)
			}
		})
	}
}

// same compares what two plays of one seed left behind.
func same(t *testing.T, what string, first, second []string) {
	t.Helper()
	for n, line := range first {
		if n >= len(second) || second[n] != line {
			t.Errorf("the %s differ at line %d: first\n%s\nand then\n%s", what, n+1, strings.Join(first[max(0, n-4):n+1], "\n"), strings.Join(second[max(0, n-4):min(n+1, len(second))], "\n"))
			return
		}
	}
	if len(second) != len(first) || len(first) < 20 {
		t.Errorf("the %s have %d and %d lines", what, len(first), len(second))
	}
}

// shrinks is how many plays a failing seed is given to become small.
const shrinks = 60

// failure tells a failing seed by the smallest plan that still fails, as small as
// there was time to make it.
func (c *campaign) failure(t *testing.T, r sim.Report) string {
	t.Helper()
	first := r.Violations[0]
	smallest := r
	dropped, _ := sim.Shrink(r.Plan, shrinks, func(p sim.Plan) bool {
		if c.over() {
			return false
		}
		again := playSeed(t, p)
		for _, v := range again.Violations {
			if v.Invariant == first.Invariant {
				smallest = again
				return true
			}
		}
		return false
	})
	var parts []string
	for _, name := range r.Plan.Parts() {
		if dropped[name] {
			parts = append(parts, name)
		}
	}
	return fmt.Sprintf("seed %d broke %v\nsmaller: AFTERWORD_SIM_SEED=%d AFTERWORD_SIM_WITHOUT=%s\n%s%s\n%v", r.Plan.Seed, r.Violations,
		r.Plan.Seed, strings.Join(parts, ","), smallest.Plan, strings.Join(smallest.Trace, "\n"), smallest.Violations)
}
