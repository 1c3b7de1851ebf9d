package sqlite

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"afterword/scheduler"
)

// Option changes how a store is opened. The program itself uses none.
type Option func(*settings)

type settings struct {
	vfs         string
	synchronous string
	migrations  []string
}

// WithVFS names a registered file system other than that of the operating
// system, for the injection of faults. It must support shared memory.
func WithVFS(name string) Option { return func(s *settings) { s.vfs = name } }

// WithSynchronous sets how much a commit waits for the disk: OFF, NORMAL or
// FULL, the default. Anything but FULL may lose commits in a power cut, and
// with them the memory of what was sent: for the controls of tests only.
func WithSynchronous(mode string) Option { return func(s *settings) { s.synchronous = mode } }

// withMigrations stands in for the program's own schema.
func withMigrations(steps []string) Option { return func(s *settings) { s.migrations = steps } }

// Open opens the store at path and creates it, readable by its owner only,
// where there is none; so is its folder. An older schema is brought up to
// date. It fails with ErrNewer, ErrDamaged or ErrForeign where the file is not
// to be touched. An empty file counts as none. Whether the inside of a large
// file is sound takes time to find out: see Check.
func Open(ctx context.Context, path string, opts ...Option) (*Store, error) {
	set := settings{synchronous: "FULL", migrations: migrations()}
	for _, opt := range opts {
		opt(&set)
	}
	c, uri, err := create(ctx, path, set)
	if err != nil {
		return nil, fmt.Errorf("opening the store %s: %w", path, explain(ctx, err))
	}
	s := &Store{
		path: path, uri: uri, settings: set,
		writing: make(chan *conn, 1), asking: make(chan *conn, 1), closed: make(chan struct{}), briefs: newBriefs(),
	}
	c.briefs = s.briefs
	s.writing <- c
	s.asking <- nil
	return s, nil
}

// create opens the first connection, the writer, on a file that is fit for use.
func create(ctx context.Context, path string, set settings) (c *conn, uri string, err error) {
	if set.vfs == "" {
		if path, err = createFile(path); err != nil {
			return nil, "", fmt.Errorf("%w: %w", scheduler.ErrStoreFailed, err)
		}
	}
	uri = fileURI(path, set.vfs)
	if c, err = openConn(ctx, uri, set.synchronous); err != nil {
		return nil, "", err
	}
	if err = c.setUp(ctx, set.migrations); err == nil && set.vfs == "" {
		err = closeIndex(path)
	}
	if err != nil {
		return nil, "", errors.Join(explain(ctx, err), c.close())
	}
	return c, uri, nil
}

// setUp looks before it changes anything: a file that is refused stays as it
// is.
func (c *conn) setUp(ctx context.Context, steps []string) error {
	if err := c.inspect(ctx, len(steps)); err != nil {
		return err
	}
	if err := c.useWAL(ctx); err != nil {
		return err
	}
	return c.migrate(ctx, steps)
}

// createFile makes the folder and an empty file where there is none, so that
// nobody else may read them at any time. It returns the file's own path,
// absolute and without links: the log and its index lie beside it.
func createFile(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", err
	}
	// A file that was copied or restored with looser rights than it was made with
	// names everybody that the candidate spoke to.
	if err := errors.Join(tighten(f), f.Close()); err != nil {
		return "", err
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return "", err
	}
	return path, refuseCutShort(path)
}

// tighten takes the rights of others from a file.
func tighten(f *os.File) error {
	info, err := f.Stat()
	if err != nil || info.Mode().Perm()&0o077 == 0 {
		return err
	}
	return f.Chmod(info.Mode().Perm() &^ 0o077)
}

// refuseCutShort notices a file that ends within a page, which SQLite would
// fill up with zeros. As long as there is a log, the pages in it are the ones
// that count, and a journal gives the file back the length that it had: the
// program may have been killed while it created the store. The page size is in bytes 16 and 17 of the file
// (https://sqlite.org/fileformat.html, section 1.3.2), 1 stands for 64 KiB.
func refuseCutShort(path string) error {
	for _, beside := range []string{"-wal", "-journal"} {
		if log, err := os.Stat(path + beside); err == nil && log.Size() > 0 {
			return nil
		}
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return err
	}
	var size [2]byte
	if _, err := f.ReadAt(size[:], 16); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	page := max(int64(binary.BigEndian.Uint16(size[:])), 1)
	if page == 1 {
		page = 1 << 16
	}
	if info.Size()%page != 0 {
		return ErrDamaged
	}
	return nil
}

// closeIndex takes the rights of others from the index of the log, which the
// file system layer creates with those of the umask. The log itself gets the
// mode of the file.
func closeIndex(path string) error {
	err := os.Chmod(path+"-shm", 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// fileURI names the file for SQLite (https://sqlite.org/uri.html).
func fileURI(path, vfs string) string {
	query := url.Values{}
	if vfs == "" {
		query.Set("vfs", "os")
		query.Set("modeof", path)
	} else {
		query.Set("vfs", vfs)
	}
	slashed := filepath.ToSlash(path)
	if filepath.VolumeName(path) != "" {
		slashed = "/" + slashed
	}
	// SQLite does not read "+" as a blank.
	encoded := strings.ReplaceAll(query.Encode(), "+", "%20")
	return (&url.URL{Scheme: "file", OmitHost: true, Path: slashed, RawQuery: encoded}).String()
}

// useWAL switches a new file to write-ahead logging; later openings find it
// so. SQLite does not call the busy handler for that, hence the loop.
func (c *conn) useWAL(ctx context.Context) error {
	defer c.interruptBy(ctx)()
	for count := 0; ; count++ {
		mode := ""
		err := c.run(`PRAGMA journal_mode = WAL`, nil, func(s *sqlite3.Stmt) error {
			mode = s.ColumnText(0)
			return nil
		})
		if errors.Is(err, sqlite3.BUSY) && waitWhileBusy(ctx, count) {
			continue
		}
		if err == nil && mode != "wal" {
			err = fmt.Errorf("switching to write-ahead logging: the file system allows %s only", mode)
		}
		return err
	}
}
