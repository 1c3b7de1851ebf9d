// Package ledger keeps the append-only file beside the store that remembers,
// without a name or an address in it, which deliveries were handed to a server.
// It outlives the database: where it knows more than the store (a restored
// backup, a lost file), what it names is in doubt.
package ledger

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Ledger is an open ledger. It is safe for concurrent use in one process; the
// profile's lock keeps others away.
type Ledger struct {
	secret []byte

	mu       sync.Mutex
	file     File
	size     int64                      // of the whole lines
	failed   bool                       // something may stand behind them
	attempts map[string]handover        // by the HMAC of the key: the highest attempt
	readers  map[string]map[string]bool // by the HMAC of the address: those of the keys
}

// handover is an attempt whose final dot was about to leave.
type handover struct {
	attempt int
	at      time.Time
}

// File is what a ledger needs of its file. *os.File is one; tests bring disks
// that fail.
type File interface {
	io.ReadWriteSeeker
	Truncate(size int64) error
	Sync() error
	Close() error
}

// Path is the ledger beside a store.
func Path(state string) string { return state + ".ledger" }

// Open reads the ledger beside a store, or begins one; see On.
func Open(path string, secret []byte) (*Ledger, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("opening the ledger: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the ledger: %w", err)
	}
	if err := errors.Join(tighten(f), syncDir(filepath.Dir(path))); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return On(f, path, secret)
}

// Read reads the ledger beside a store for looking things up in it; nothing is
// changed or made. An error that there is none is fs.ErrNotExist.
func Read(path string, secret []byte) (*Ledger, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the ledger: %w", err)
	}
	return On(looked{bytes.NewReader(text)}, path, secret)
}

// looked is the text of a ledger that is only looked at.
type looked struct{ *bytes.Reader }

func (looked) Write([]byte) (int, error) { return 0, errors.ErrUnsupported }
func (looked) Truncate(int64) error      { return nil }
func (looked) Sync() error               { return nil }
func (looked) Close() error              { return nil }

// On reads the ledger in an open file, or begins one there. A line that a crash
// tore at the very end is dropped, since nothing follows a line before it is
// safe; damage anywhere else is an error, and nothing may be sent. The path is
// for errors only. The file is closed where On fails.
func On(file File, path string, secret []byte) (*Ledger, error) {
	l := &Ledger{secret: secret, file: file, attempts: map[string]handover{}, readers: map[string]map[string]bool{}}
	if err := l.read(path); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return l, nil
}

// tighten takes the rights of others from a ledger that was copied or restored.
func tighten(f *os.File) error {
	info, err := f.Stat()
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		err = f.Chmod(info.Mode().Perm() &^ 0o077)
	}
	if err != nil {
		return fmt.Errorf("opening the ledger: %w", err)
	}
	return nil
}

// syncDir makes the file's name durable, without which the file may vanish in a
// power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("opening the ledger: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}

// read takes in every whole line and cuts a torn one off.
func (l *Ledger) read(path string) error {
	r := bufio.NewReader(l.file)
	for n := 1; ; n++ {
		line, err := r.ReadString('\n')
		if errors.Is(err, io.EOF) {
			break // what is left of a torn line
		}
		if err != nil {
			return fmt.Errorf("reading the ledger: %w", err)
		}
		name, address, x, err := parse(strings.TrimSuffix(line, "\n"))
		if err != nil && torn(line, r) {
			break
		}
		if err != nil {
			return fmt.Errorf("reading the ledger: %s:%d: %w; restore it from a backup", path, n, err)
		}
		l.size += int64(len(line))
		if name != l.seal("key", gapKey) {
			l.know(name, address, x)
		}
	}
	return l.cut()
}

// torn reports whether a power cut left the line: it is the last one, and some
// of its sectors were never written, which reads as zeros.
func torn(line string, rest *bufio.Reader) bool {
	_, err := rest.Peek(1)
	return errors.Is(err, io.EOF) && strings.ContainsRune(line, 0)
}

// cut drops what stands behind the last whole line.
func (l *Ledger) cut() error {
	if err := l.file.Truncate(l.size); err != nil {
		return fmt.Errorf("cutting the ledger: %w", err)
	}
	if _, err := l.file.Seek(l.size, io.SeekStart); err != nil {
		return fmt.Errorf("cutting the ledger: %w", err)
	}
	return nil
}

// parse reads "v1 TIME KEY ADDRESS ATTEMPT CHECKSUM".
func parse(line string) (name, address string, x handover, err error) {
	body, sum, ok := cutLast(line)
	if !ok || sum != checksum(body) {
		return "", "", x, errors.New("the line is damaged")
	}
	var version string
	var at int64
	if _, err := fmt.Sscanf(body, "%s %d %s %s %d", &version, &at, &name, &address, &x.attempt); err != nil || version != "v1" {
		return "", "", x, errors.New("the line is of another version")
	}
	if at > 0 {
		x.at = time.UnixMilli(at)
	}
	return name, address, x, nil
}

func cutLast(line string) (body, last string, ok bool) {
	n := strings.LastIndexByte(line, ' ')
	if n < 0 {
		return "", "", false
	}
	return line[:n], line[n+1:], true
}

func checksum(body string) string { return fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(body))) }

// seal is the HMAC under which a key or an address stands.
func (l *Ledger) seal(what, text string) string {
	m := hmac.New(sha256.New, l.secret)
	fmt.Fprintf(m, "ledger %s\x00%s", what, strings.ToLower(text))
	return hex.EncodeToString(m.Sum(nil)[:16])
}

// Append notes that an attempt of a delivery is about to be handed over. When
// it returns nil the line has reached the disk. When it fails the line may or
// may not be there after a crash, but the next one is written whole.
func (l *Ledger) Append(key, address string, attempt int, at time.Time) error {
	name := l.seal("key", key)
	reader := l.seal("address", address)
	written := line(at, name, reader, attempt)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.write(written); err != nil {
		l.failed = true
		return fmt.Errorf("writing to the ledger: %w", err)
	}
	l.size += int64(len(written))
	l.know(name, reader, handover{attempt, at})
	return nil
}

// know takes in one line.
func (l *Ledger) know(name, address string, x handover) {
	if x.attempt > l.attempts[name].attempt {
		l.attempts[name] = x
	}
	if l.readers[address] == nil {
		l.readers[address] = map[string]bool{}
	}
	l.readers[address][name] = true
}

// HandedTo counts the deliveries that were handed over to an address, in its
// normal form.
func (l *Ledger) HandedTo(address string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.readers[l.seal("address", address)])
}

// line is what read takes apart again.
func line(at time.Time, name, address string, attempt int) string {
	body := fmt.Sprintf("v1 %d %s %s %d", at.UnixMilli(), name, address, attempt)
	return body + " " + checksum(body) + "\n"
}

// write adds a line and makes it durable. What an earlier failure left is cut
// off before: a sync that failed may have lost what was written without a
// trace.
func (l *Ledger) write(line string) error {
	if l.failed {
		if err := l.cut(); err != nil {
			return err
		}
		l.failed = false
	}
	if _, err := io.WriteString(l.file, line); err != nil {
		return err
	}
	return l.file.Sync()
}

// Attempt is the highest attempt of a delivery that was handed over, 0 if none.
func (l *Ledger) Attempt(key string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.attempts[l.seal("key", key)].attempt
}

// HandedOver is when that attempt was handed over, by this machine's clock; zero if none
// was, or if nobody knows.
func (l *Ledger) HandedOver(key string) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.attempts[l.seal("key", key)].at
}

// Strangers counts the deliveries in the ledger that are not among the keys.
func (l *Ledger) Strangers(keys []string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	known := map[string]bool{}
	for _, k := range keys {
		known[l.seal("key", k)] = true
	}
	n := 0
	for name := range l.attempts {
		if !known[name] {
			n++
		}
	}
	return n
}

// Close closes the file.
func (l *Ledger) Close() error { return l.file.Close() }
