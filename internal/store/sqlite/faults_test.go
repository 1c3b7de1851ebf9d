package sqlite

import (
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"

	"afterword/scheduler"
)

// faultyDisk is the real file system until it is told to fail.
type faultyDisk struct {
	vfs.VFSFilename
	write, sync, read atomic.Pointer[error]
}

func (d *faultyDisk) Open(name string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	return d.OpenFilename(nil, flags)
}

func (d *faultyDisk) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, flags, err := d.VFSFilename.OpenFilename(name, flags)
	if err != nil {
		return nil, flags, err
	}
	return &faultyFile{f, d}, flags, nil
}

type faultyFile struct {
	vfs.File
	disk *faultyDisk
}

func (f *faultyFile) SharedMemory() vfs.SharedMemory { return vfsutil.WrapSharedMemory(f.File) }

func (f *faultyFile) WriteAt(p []byte, off int64) (int, error) {
	if err := f.disk.write.Load(); err != nil {
		return 0, *err
	}
	return f.File.WriteAt(p, off)
}

func (f *faultyFile) ReadAt(p []byte, off int64) (int, error) {
	if err := f.disk.read.Load(); err != nil {
		return 0, *err
	}
	return f.File.ReadAt(p, off)
}

func (f *faultyFile) Sync(flags vfs.SyncFlag) error {
	if err := f.disk.sync.Load(); err != nil {
		return *err
	}
	return f.File.Sync(flags)
}

// newFaultyDisk registers a disk for the length of a test.
func newFaultyDisk(t *testing.T) (*faultyDisk, Option) {
	t.Helper()
	d := &faultyDisk{VFSFilename: vfs.Find("os").(vfs.VFSFilename)}
	name := "faulty-" + strings.ReplaceAll(t.Name(), "/", "-")
	vfs.Register(name, d)
	t.Cleanup(func() { vfs.Unregister(name) })
	return d, WithVFS(name)
}

// Whatever the disk does: the error says so, nothing half-done stays, and once
// the disk works again so does the store.
func TestDiskFaults(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]struct {
		set  func(*faultyDisk, *error)
		with error
	}{
		"write fails": {func(d *faultyDisk, err *error) { d.write.Store(err) }, io.ErrUnexpectedEOF},
		"disk full":   {func(d *faultyDisk, err *error) { d.write.Store(err) }, sqlite3.FULL},
		"sync fails":  {func(d *faultyDisk, err *error) { d.sync.Store(err) }, syscall.EIO},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			disk, option := newFaultyDisk(t)
			s := openStore(t, t.TempDir()+"/afterword.db", option)
			if err := setMeta(s, t.Context(), "before"); err != nil {
				t.Fatal(err)
			}
			fault.set(disk, &fault.with)
			for range 2 {
				err := s.Update(t.Context(), func(tx scheduler.Tx) error {
					return errors.Join(tx.SetMeta("probe", "lost"), tx.Put(example("lost"), time.Time{}))
				})
				if !errors.Is(err, scheduler.ErrStoreFailed) || errors.Is(err, scheduler.ErrStoreBusy) {
					t.Errorf("got %v, want ErrStoreFailed", err)
				}
				if name == "disk full" && !errors.Is(err, sqlite3.FULL) {
					t.Errorf("got %v, want an error that says so", err)
				}
				c := <-s.writing
				if again := c != nil; again != (name == "disk full") {
					t.Errorf("the connection that saw the fault is used again: %v", again)
				}
				s.writing <- c
			}
			fault.set(disk, nil)
			if err := s.Check(t.Context()); err != nil {
				t.Error(err)
			}
			if all, surfaced := whatStands(t, s); !all || (surfaced && name != "sync fails") {
				t.Errorf("of the transaction that failed something stands (all or nothing: %v)", all)
			}
			if err := setMeta(s, t.Context(), "after"); err != nil {
				t.Errorf("writing on the mended disk: %v", err)
			}
			if got := getMeta(t, s); got != "after" {
				t.Errorf("the value is %q, want after", got)
			}
		})
	}
}

// whatStands reports whether the lost transaction is there, and whether that
// holds for all of it. Only where the sync failed may it be there.
func whatStands(t *testing.T, s *Store) (allOrNothing, surfaced bool) {
	t.Helper()
	err := s.View(t.Context(), func(r scheduler.Reader) error {
		value, err := r.Meta("probe")
		if err != nil {
			return err
		}
		_, errDelivery := r.Delivery("lost")
		surfaced = value == "lost"
		allOrNothing = surfaced == (errDelivery == nil) && (surfaced || value == "before")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return allOrNothing, surfaced
}

func TestReadFault(t *testing.T) {
	t.Parallel()
	disk, option := newFaultyDisk(t)
	s := openStore(t, filledFile(t), option)
	broken := error(syscall.EIO)
	disk.read.Store(&broken)
	err := s.View(t.Context(), func(r scheduler.Reader) error {
		// Even a function that does not care must not pass for a success.
		_, _ = r.Deliveries(scheduler.DeliveryQuery{})
		return nil
	})
	if !errors.Is(err, scheduler.ErrStoreFailed) {
		t.Errorf("reading from a broken disk: %v, want ErrStoreFailed", err)
	}
	disk.read.Store(nil)
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// What is ours to refuse is no failure of the store: sending goes on.
func TestRefusalIsNoFailure(t *testing.T) {
	t.Parallel()
	s := openStore(t, newPath(t))
	d := example("a")
	d.State = scheduler.Sent
	err := s.Update(t.Context(), func(tx scheduler.Tx) error { return tx.Put(d, time.Time{}) })
	if err == nil || errors.Is(err, scheduler.ErrStoreFailed) {
		t.Errorf("got %v, want a refusal that is no ErrStoreFailed", err)
	}
}
