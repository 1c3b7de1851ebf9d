package faultfs

import (
	"crypto/rand"
	"errors"
	"io"
	"path/filepath"
	"syscall"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"
)

// Register makes the disk known to SQLite by a name that nothing else has. The
// registry is the library's and knows every disk of the process: unregister
// gives the name back.
func (d *Disk) Register() (name string, unregister func()) {
	name = "fault-" + rand.Text()
	vfs.Register(name, system{d})
	return name, func() { vfs.Unregister(name) }
}

// system is the disk as SQLite sees it.
type system struct{ disk *Disk }

// Open implements vfs.VFS. What SQLite keeps in temporary files is no part of
// the disk.
func (s system) Open(name string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	if name == "" {
		return &vfsutil.SliceFile{}, flags | vfs.OPEN_MEMORY, nil
	}
	if err := s.disk.ensure(name, flags&vfs.OPEN_CREATE != 0); err != nil {
		return nil, flags, vfs.SystemError(err, sqlite3.CANTOPEN)
	}
	f := &file{disk: s.disk, path: name}
	f.shm = vfs.NewSharedMemory(filepath.Join(s.disk.folder, filepath.Base(name)+"-shm"), flags)
	return f, flags, nil
}

// ensure finds a file, or creates it if it may.
func (d *Disk) ensure(path string, mayCreate bool) error {
	d.mu.Lock()
	there := d.files[path] != nil
	off := d.off
	d.mu.Unlock()
	switch {
	case off:
		return ErrPower
	case there:
		return nil
	case !mayCreate:
		return syscall.ENOENT
	}
	return d.do(operation{what: create, path: path})
}

// Delete implements vfs.VFS.
func (s system) Delete(name string, syncDir bool) error {
	if there, _ := s.Access(name, vfs.ACCESS_EXISTS); !there {
		return sqlite3.IOERR_DELETE_NOENT
	}
	return explain(s.disk.do(operation{what: remove, path: name, synced: syncDir}), sqlite3.IOERR_DELETE)
}

// Access implements vfs.VFS.
func (s system) Access(name string, _ vfs.AccessFlag) (bool, error) {
	s.disk.mu.Lock()
	defer s.disk.mu.Unlock()
	return s.disk.files[name] != nil, nil
}

// FullPathname implements vfs.VFS.
func (s system) FullPathname(name string) (string, error) { return filepath.Clean(name), nil }

// explain gives an error of the disk the code by which SQLite knows it, as the
// driver does for the operating system's.
func explain(err error, code sqlite3.ExtendedErrorCode) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC):
		return vfs.SystemError(err, sqlite3.FULL)
	}
	return vfs.SystemError(err, code)
}

// file is one open file of SQLite.
type file struct {
	disk *Disk
	path string
	shm  vfs.SharedMemory
	lock vfs.LockLevel
}

var (
	_ vfs.FileSharedMemory = (*file)(nil)
	_ vfs.FileLockState    = (*file)(nil)
)

// SharedMemory implements vfs.FileSharedMemory.
func (f *file) SharedMemory() vfs.SharedMemory { return f.shm }

// ReadAt implements vfs.File. A disk that fails is read all the same.
func (f *file) ReadAt(p []byte, off int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.disk.off {
		return 0, explain(ErrPower, sqlite3.IOERR_READ)
	}
	n := f.disk.files[f.path]
	if n == nil || off >= n.size {
		return 0, io.EOF
	}
	read := n.read(p, off)
	if read < len(p) {
		return read, io.EOF
	}
	return read, nil
}

// WriteAt implements vfs.File.
func (f *file) WriteAt(p []byte, off int64) (int, error) {
	if err := f.disk.do(operation{what: write, path: f.path, at: off, data: append([]byte(nil), p...)}); err != nil {
		return 0, explain(err, sqlite3.IOERR_WRITE)
	}
	return len(p), nil
}

// Truncate implements vfs.File.
func (f *file) Truncate(size int64) error {
	return explain(f.disk.do(operation{what: truncate, path: f.path, at: size}), sqlite3.IOERR_TRUNCATE)
}

// Sync implements vfs.File.
func (f *file) Sync(vfs.SyncFlag) error {
	return explain(f.disk.do(operation{what: flush, path: f.path}), sqlite3.IOERR_FSYNC)
}

// Size implements vfs.File.
func (f *file) Size() (int64, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if n := f.disk.files[f.path]; n != nil {
		return n.size, nil
	}
	return 0, nil
}

// SectorSize implements vfs.File as the driver does for real disks.
func (f *file) SectorSize() int { return 4096 }

// DeviceCharacteristics implements vfs.File as the driver does for real disks:
// a torn write damages nothing outside of what it writes.
func (f *file) DeviceCharacteristics() vfs.DeviceCharacteristic {
	return vfs.IOCAP_POWERSAFE_OVERWRITE | vfs.IOCAP_SUBPAGE_READ
}

// Close implements vfs.File.
func (f *file) Close() error {
	err := f.Unlock(vfs.LOCK_NONE)
	if f.shm == nil {
		return err
	}
	return errors.Join(err, f.shm.Close())
}
