// Package faultfs is a disk in memory that fails as real ones do: the power
// goes at any operation, the disk is full, broken or read-only, or it says that
// it has written what it has not. SQLite works on it through a VFS of its own,
// and other files through OpenFile, so that a store and what lies beside it
// meet the same fate. It is made for tests and works in virtual time.
//
// What SQLite keeps in shared memory (the index of its log) is no part of the
// model: it is gone after a power cut and is made anew.
package faultfs

import (
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
)

// ErrPower is what every operation reports once the power is gone.
var ErrPower = errors.New("the power is gone")

// Fault is how the disk fails from some operation on, until Mend.
type Fault int

// The faults. The zero value is a disk that works.
const (
	Works    Fault = iota
	Broken         // writing, syncing, cutting and removing report EIO
	Full           // what needs room reports ENOSPC; overwriting works
	ReadOnly       // everything that changes something reports EROFS
)

// errno is what the operating system says to an operation.
func (f Fault) errno(what action, grows bool) error {
	switch {
	case f == Broken:
		return syscall.EIO
	case f == ReadOnly && what != flush:
		return syscall.EROFS
	case f == Full && grows:
		return syscall.ENOSPC
	}
	return nil
}

// Disk is one disk. It is safe for concurrent use.
type Disk struct {
	folder string // for SQLite's shared memory, on the real disk

	mu      sync.Mutex
	files   map[string]*node // as a running process sees them
	durable files            // as a power cut leaves them if it takes all that was not synced
	pending []operation      // what was not synced, in order
	count   int
	trace   []string
	cutAt   int
	onCut   func()

	onEach    func(n int)
	onRefusal func()
	off       bool
	fault     Fault
	faultAt   int
	room      int64 // bytes that still fit on a full disk
	lies      bool
}

// Image is what stands on a disk: the content of each file by its path. Images and
// disks share what they hold, and nobody changes what is shared: most files of an
// image are the same as in the one before it, and most are only read.
type Image map[string][]byte

// node is a file as processes see it, with its locks.
type node struct {
	*content
	shared   int
	reserved bool
	pending  bool
}

// New returns a disk with the image on it. The folder must be a real one of its
// own, where SQLite shares memory between connections.
func New(folder string, image Image) *Disk {
	d := &Disk{folder: folder, files: map[string]*node{}, durable: files{}}
	for path, data := range image {
		d.files[path] = &node{content: contentOf(data)}
		d.durable[path] = contentOf(data)
	}
	return d
}

// CutPower lets the power go while operation n, counted from 1, is on its way:
// it and everything after it fails. Then is called once, outside of any lock,
// before the operation returns. It must be set before operation n.
func (d *Disk) CutPower(n int, then func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cutAt, d.onCut = n, then
}

// Reserve takes so much room back. A disk that is full and has less reports it.
func (d *Disk) Reserve(bytes int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fault != Full || d.count < d.faultAt {
		return nil
	}
	if d.room < bytes {
		return syscall.ENOSPC
	}
	d.room -= bytes
	return nil
}

// WhenRefused calls see once, outside of any lock, before the first operation
// that the disk refuses returns.
func (d *Disk) WhenRefused(see func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.onRefusal = see
}

// AfterEach calls see after each operation that changed what a power cut would
// leave, outside of any lock and before the operation returns, with its number.
// What Image then gives is what a cut at this very operation leaves. It must be
// set while nobody uses the disk.
func (d *Disk) AfterEach(see func(n int)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.onEach = see
}

// Fail lets the disk fail from operation n on, counted from 1.
func (d *Disk) Fail(n int, f Fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fault, d.faultAt = f, n
}

// Mend ends a fault.
func (d *Disk) Mend() { d.Fail(0, Works) }

// Free gives a full disk room for so many bytes more.
func (d *Disk) Free(bytes int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.room += bytes
}

// Lie lets every sync report success without doing anything.
func (d *Disk) Lie() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lies = true
}

// Operations returns how many there were.
func (d *Disk) Operations() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.count
}

// Trace names operation n, counted from 1.
func (d *Disk) Trace(n int) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n < 1 || n > len(d.trace) {
		return "no operation"
	}
	return d.trace[n-1]
}

// Point counts as an operation that does nothing to the disk, so that the power
// can also go between two of them: when a packet leaves, for example. It
// reports ErrPower if the power is gone.
func (d *Disk) Point(name string) error {
	return d.do(operation{what: point, path: name})
}

// do counts an operation and carries it out, unless the disk fails. A write on
// its way when the power goes is among what was not synced; a sync is not done.
func (d *Disk) do(o operation) error {
	d.mu.Lock()
	if d.off {
		d.mu.Unlock()
		return ErrPower
	}
	d.count++
	d.trace = append(d.trace, o.String())
	cut := d.count == d.cutAt
	err := d.faultOf(o)
	if err == nil && (!cut || o.what != flush) {
		d.apply(o)
	}
	var then func()
	if err != nil {
		then, d.onRefusal = d.onRefusal, nil
	}
	if cut {
		d.off, err, then = true, ErrPower, d.onCut
	}
	each, n := d.onEach, d.count
	d.mu.Unlock()
	if then != nil {
		then()
	}
	if each != nil && o.what != point {
		each(n)
	}
	return err
}

// faultOf is the error that the disk answers an operation with.
func (d *Disk) faultOf(o operation) error {
	if d.fault == Works || d.count < d.faultAt || o.what == point {
		return nil
	}
	var grows int64
	if n := d.files[o.path]; n != nil && (o.what == write || o.what == truncate) {
		grows = max(0, o.end()-n.size)
	}
	err := d.fault.errno(o.what, grows > d.room || o.what == create && d.room == 0)
	if err == nil {
		d.room = max(0, d.room-grows)
	}
	return err
}

// apply changes what processes see, and notes what a power cut may take.
func (d *Disk) apply(o operation) {
	switch o.what {
	case point:
		return
	case flush:
		if !d.lies {
			d.settle(o.path)
		}
		return
	case remove:
		delete(d.files, o.path)
	case create:
		d.files[o.path] = &node{content: &content{}}
	case write, truncate:
		if n := d.files[o.path]; n != nil { // an open file may have been removed
			o.on(n.content)
		}
	}
	d.pending = append(d.pending, o)
	if o.what == remove && o.synced && !d.lies {
		d.settle(o.path)
	}
}

// settle makes everything durable that was done to a file. The first sync of a
// new file syncs its folder as well, as the driver does for journals and logs:
// with its own name, the removals that came before are durable.
func (d *Disk) settle(path string) {
	settled := map[string]bool{path: true}
	isNew := slices.ContainsFunc(d.pending, func(o operation) bool { return o.what == create && o.path == path })
	for _, o := range d.pending {
		if isNew && o.what == remove {
			settled[o.path] = true
		}
	}
	left := d.pending[:0]
	for _, o := range d.pending {
		if !settled[o.path] {
			left = append(left, o)
			continue
		}
		d.durable.apply(o)
	}
	d.pending = left
}

// base is the short name of a path, for traces.
func base(path string) string { return filepath.Base(path) }
