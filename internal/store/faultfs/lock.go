package faultfs

import (
	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

// The locks of a file follow https://sqlite.org/lockingv3.html section 3. They
// are held by connections of this process only, and nobody waits here: SQLite
// calls its busy handler.

// LockState implements vfs.FileLockState.
func (f *file) LockState() vfs.LockLevel { return f.lock }

// Lock implements vfs.File.
func (f *file) Lock(to vfs.LockLevel) error {
	if f.lock >= to {
		return nil
	}
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	n := f.disk.files[f.path]
	if n == nil {
		return sqlite3.IOERR_LOCK
	}
	switch to {
	case vfs.LOCK_SHARED:
		if n.pending {
			return sqlite3.BUSY
		}
		n.shared++
	case vfs.LOCK_RESERVED:
		if n.reserved {
			return sqlite3.BUSY
		}
		n.reserved = true
	case vfs.LOCK_EXCLUSIVE:
		if f.lock < vfs.LOCK_PENDING {
			if n.pending {
				return sqlite3.BUSY
			}
			n.pending, f.lock = true, vfs.LOCK_PENDING
		}
		if n.shared > 1 {
			return sqlite3.BUSY
		}
	}
	f.lock = to
	return nil
}

// Unlock implements vfs.File.
func (f *file) Unlock(to vfs.LockLevel) error {
	if f.lock <= to {
		return nil
	}
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if n := f.disk.files[f.path]; n != nil {
		n.reserved = n.reserved && f.lock < vfs.LOCK_RESERVED
		n.pending = n.pending && f.lock < vfs.LOCK_PENDING
		if to == vfs.LOCK_NONE {
			n.shared--
		}
	}
	f.lock = to
	return nil
}

// CheckReservedLock implements vfs.File.
func (f *file) CheckReservedLock() (bool, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	n := f.disk.files[f.path]
	return n != nil && n.reserved, nil
}
