package sqlite

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"

	"afterword/internal/store/faultfs"
	"afterword/mailer"
	"afterword/scheduler"
)

// stateFile is where the store lies on a disk in memory.
const stateFile = "/afterword.db"

// deedsOfASession is how many transactions a session commits, and
// sessionsOfALife how often the store is opened on what the last one left.
const (
	deedsOfASession = 4
	sessionsOfALife = 12
)

// stood is what a store holds: the number of its last transaction, and a
// digest of every row.
type stood struct {
	n      int
	digest [sha256.Size]byte
}

// crashing is a life of the store on a disk whose power goes at each operation,
// in every way, while the life itself goes on.
type crashing struct {
	*testing.T
	synchronous string
	lying       bool
	chance      *rand.Rand
	folder      string // for shared memory
	few         int    // looks at one crash point of so many; 1: at all

	reported stood   // what the last transaction that was reported left
	later    []stood // found where the next one was under way
	carry    faultfs.Image
	carried  stood

	points, crashes, ahead, lost int
}

// deed is one transaction as the program makes them. What it writes follows
// from chance.
func deed(tx scheduler.Tx, n int, chance *rand.Rand) error {
	at := time.UnixMilli(1_800_000_000_000 + int64(n)*60_000)
	key := fmt.Sprintf("app%d/video/thank-you/ken@acme.example", chance.IntN(6))
	d, err := tx.Delivery(key)
	if errors.Is(err, scheduler.ErrNotFound) {
		d, err = example(key), nil
		d.Application = key[:4]
	} else if err == nil {
		var next []scheduler.State
		for _, s := range scheduler.States() {
			if s != d.State && scheduler.Legal(d.State, s) {
				next = append(next, s)
			}
		}
		if len(next) > 0 {
			d.State = next[chance.IntN(len(next))]
		}
	}
	errs := []error{err, tx.SetMeta("n", strconv.Itoa(n)), tx.Put(d, time.Time{}),
		tx.Log(scheduler.Event{At: at, Key: key, What: "moved", To: string(d.State), Why: fmt.Sprintf("%0*d", chance.IntN(300), n)})}
	switch chance.IntN(6) {
	case 0:
		_, err = tx.AddMail(scheduler.Mail{MessageID: fmt.Sprintf("<%d@acme.example>", chance.IntN(20)), Application: d.Application, At: at, Subject: key})
	case 1:
		err = tx.SetCursor(mailer.Cursor{Folder: "INBOX", UIDValidity: 1, UID: uint32(n)})
	case 2:
		err = tx.SetHold(scheduler.Hold{Scope: scheduler.ScopeApplication, Target: d.Application, Reason: "an answer", Until: at})
	case 3:
		_, err = tx.Lift(scheduler.ScopeApplication, d.Application, "")
	case 4:
		_, err = tx.Notify(scheduler.Notice{Key: fmt.Sprint(chance.IntN(9)), At: at, Subject: key, Text: fmt.Sprintf("%0*d", chance.IntN(3000), n)})
	case 5:
		_, err = tx.Ask(scheduler.Question{Key: fmt.Sprint(chance.IntN(5)), Text: "Did it happen?"})
	}
	return errors.Join(append(errs, err)...)
}

// tables are all that a store has. What it counts by itself is among them.
func tables() []string {
	return []string{"deliveries", "message_ids", "events", "holds", "questions", "mails", "cursors", "notices", "meta", "sqlite_sequence"}
}

// look reads everything that a store holds.
func look(c *conn) (found stood, err error) {
	sum := sha256.New()
	for _, table := range tables() {
		err := c.run(`SELECT * FROM `+table, nil, func(s *sqlite3.Stmt) error {
			for i := range s.ColumnCount() {
				fmt.Fprintf(sum, "%d %d ", i, s.ColumnType(i))
				sum.Write(s.ColumnRawBlob(i))
			}
			if table == "meta" && s.ColumnText(0) == "n" {
				found.n, _ = strconv.Atoi(s.ColumnText(1))
			}
			return nil
		})
		if err != nil {
			return found, err
		}
	}
	sum.Sum(found.digest[:0])
	return found, nil
}

// recovered opens what a power cut left, as the program does at its start,
// looks whether it is sound, and reads it.
func (l *crashing) recovered(image faultfs.Image) (found stood, err error) {
	name, unregister := faultfs.New(l.folder, image).Register()
	defer unregister()
	c, _, err := create(context.Background(), stateFile, settings{vfs: name, synchronous: "FULL", migrations: migrations()})
	if err != nil {
		return found, err
	}
	// What a close moves from the log into the file is not read any more; the
	// sessions close, and are cut while they do.
	_, errKeep := c.db.Config(sqlite3.DBCONFIG_NO_CKPT_ON_CLOSE, true)
	err = c.run(`PRAGMA integrity_check(1)`, nil, func(s *sqlite3.Stmt) error {
		if text := s.ColumnText(0); text != "ok" {
			return errors.New(text)
		}
		return nil
	})
	if err == nil {
		found, err = look(c)
	}
	return found, errors.Join(err, errKeep, c.close())
}

// crash is every way in which the power may go at this operation.
func (l *crashing) crash(d *faultfs.Disk, n int) {
	l.points++
	if l.few > 1 && l.chance.IntN(l.few) > 0 {
		return
	}
	for _, kind := range faultfs.Kinds() {
		image := d.Image(kind, l.chance.Uint64())
		found, err := l.recovered(image)
		l.crashes++
		switch {
		case err != nil, found.n < l.reported.n, found.n > l.reported.n+1, found.n == l.reported.n && found != l.reported:
			l.lost++
			if l.synchronous == "FULL" && !l.lying {
				l.Errorf("cut at %d, %q, %s kept: transaction %d of %d stands, %v", n, d.Trace(n), kind, found.n, l.reported.n, err)
			}
			continue
		case found.n > l.reported.n:
			l.ahead++
			l.later = append(l.later, found)
		}
		if l.chance.IntN(40) == 0 {
			l.carry, l.carried = image, found
		}
	}
}

// begun compares what was found of the transaction under way with what it
// left when it was done.
func (l *crashing) begun(now stood) {
	for _, found := range l.later {
		if found != now {
			l.Errorf("of transaction %d a part stands", found.n)
		}
	}
	l.later, l.reported = l.later[:0], now
}

// session opens the store on an image, works and closes it again. What it
// leaves is what the next one begins with: what stands after the end, or what
// one of the power cuts left.
func (l *crashing) session(image faultfs.Image) faultfs.Image {
	d := faultfs.New(l.TempDir(), image)
	if l.lying {
		d.Lie()
	}
	name, unregister := d.Register()
	defer unregister()
	l.carry = nil
	d.AfterEach(func(n int) { l.crash(d, n) })
	s, err := Open(l.Context(), stateFile, WithVFS(name), WithSynchronous(l.synchronous))
	if err != nil {
		l.Fatal(err)
	}
	for range deedsOfASession {
		n := l.reported.n + 1
		if err := s.Update(l.Context(), func(tx scheduler.Tx) error { return deed(tx, n, l.chance) }); err != nil {
			l.Fatalf("transaction %d: %v", n, err)
		}
		l.begun(l.now(s))
	}
	if err := s.Close(); err != nil {
		l.Fatal(err)
	}
	if l.carry == nil {
		return d.Image(faultfs.All, 0)
	}
	l.reported = l.carried
	return l.carry
}

// now is what the running store holds.
func (l *crashing) now(s *Store) (found stood) {
	err := s.View(l.Context(), func(r scheduler.Reader) (err error) {
		found, err = look(r.(*reader).conn)
		return err
	})
	if err != nil {
		l.Fatal(err)
	}
	return found
}

// live plays a life, from the creation of the store on.
func (l *crashing) live(seed uint64) {
	l.Helper()
	l.folder, l.chance, l.later = l.TempDir(), rand.New(rand.NewPCG(seed, 11)), nil
	empty, err := l.recovered(nil)
	if err != nil {
		l.Fatal(err)
	}
	l.reported = empty
	var image faultfs.Image
	for range sessionsOfALife {
		if image = l.session(image); l.lost > 0 {
			return
		}
	}
}

// environment is a number that the environment may set.
func environment(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// TestCrashesOfTheStore: the power goes at every operation of a store that is
// made, written to, closed and opened again, also on what an earlier power cut
// left. Whatever the disk kept, each transaction that was reported stands, the
// one under way stands in full or not at all, row for row, and the file is
// sound. AFTERWORD_CRASHES is how often to crash and recover, each time from
// another life, AFTERWORD_SEED where to begin; without it a sample is taken.
func TestCrashesOfTheStore(t *testing.T) {
	t.Parallel()
	want, few, hands := environment(t, "AFTERWORD_CRASHES", 0), 1, runtime.GOMAXPROCS(0)
	if want == 0 {
		want, few, hands = 400, 10, 1
	} else {
		defer debug.SetGCPercent(debug.SetGCPercent(400)) // images are large and soon garbage
	}
	if testing.Short() {
		want, few = 20, 200
	}
	seed := environment(t, "AFTERWORD_SEED", 1)
	var lives, crashes atomic.Int64
	all := make([]crashing, hands)
	t.Run("lives", func(t *testing.T) {
		for n := range all {
			t.Run(strconv.Itoa(n), func(t *testing.T) {
				t.Parallel()
				l := &all[n]
				l.T, l.synchronous, l.few = t, "FULL", few
				for crashes.Load() < int64(want) && !t.Failed() {
					before := l.crashes
					l.live(uint64(seed) + uint64(lives.Add(1)) - 1)
					crashes.Add(int64(l.crashes - before))
				}
			})
		}
	})
	sum := crashing{}
	for _, l := range all {
		sum.points, sum.crashes, sum.ahead, sum.lost = sum.points+l.points, sum.crashes+l.crashes, sum.ahead+l.ahead, sum.lost+l.lost
	}
	t.Logf("seeds %d to %d: %d crash points, %d crashes and recoveries, %d of them with the transaction under way; %d lost something",
		seed, seed+int(lives.Load())-1, sum.points, sum.crashes, sum.ahead, sum.lost)
	if sum.crashes < want || sum.ahead == 0 {
		t.Errorf("only %d crashes, %d with the transaction under way", sum.crashes, sum.ahead)
	}
}

// TestCrashesOfTheControls: a store that waits less for the disk, and a disk
// that lies, lose something within a life, or the test above proves nothing.
func TestCrashesOfTheControls(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]*crashing{
		"normal":     {synchronous: "NORMAL"},
		"off":        {synchronous: "OFF"},
		"lying disk": {synchronous: "FULL", lying: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l.T, l.few = t, 20
			if testing.Short() {
				l.few = 60
			}
			l.live(1)
			if l.lost == 0 {
				t.Errorf("%d crashes lost nothing", l.crashes)
			}
		})
	}
}
