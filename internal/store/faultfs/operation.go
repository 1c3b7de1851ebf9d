package faultfs

import "fmt"

// action is what an operation does.
type action int

// The actions.
const (
	point action = iota
	write
	truncate
	flush
	create
	remove
)

// sectorBytes is what a disk writes whole or not at all.
const sectorBytes = 512

// operation is one thing that is asked of the disk.
type operation struct {
	what   action
	path   string
	at     int64  // where a write begins, or the size to cut to
	data   []byte // of a write
	synced bool   // of a removal: durable when it returns
}

// String names the operation for people.
func (o operation) String() string {
	switch o.what {
	case write:
		return fmt.Sprintf("write %s at %d, %d bytes", base(o.path), o.at, len(o.data))
	case truncate:
		return fmt.Sprintf("cut %s to %d bytes", base(o.path), o.at)
	case flush:
		return "sync " + base(o.path)
	case create:
		return "create " + base(o.path)
	case remove:
		return "remove " + base(o.path)
	}
	return o.path
}

// end is where a write ends, and the size that a cut leaves.
func (o operation) end() int64 { return o.at + int64(len(o.data)) }

// on does a write or a cut to what stands in a file.
func (o operation) on(c *content) {
	if o.what == write {
		c.write(o.data, o.at)
	} else {
		c.cut(o.at)
	}
}

// sectors cuts a write at the boundaries of the disk's sectors.
func (o operation) sectors() []operation {
	if o.what != write {
		return []operation{o}
	}
	var parts []operation
	for at := o.at; at < o.end(); {
		next := min((at/sectorBytes+1)*sectorBytes, o.end())
		part := o
		part.at, part.data = at, o.data[at-o.at:next-o.at]
		parts = append(parts, part)
		at = next
	}
	return parts
}
