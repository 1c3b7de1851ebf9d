package faultfs

import (
	"maps"
	"math/rand/v2"
	"slices"
)

// Kept is how much of what was not synced a power cut leaves on the disk.
type Kept int

// The kinds of image.
const (
	All    Kept = iota // the disk was quick: everything
	None               // the disk was slow: nothing
	Prefix             // everything up to a sector
	Torn               // each sector by chance
)

// Kinds returns every kind of image.
func Kinds() []Kept { return []Kept{All, None, Prefix, Torn} }

// String names the kind.
func (k Kept) String() string {
	switch k {
	case All:
		return "all"
	case None:
		return "none"
	case Prefix:
		return "a prefix"
	}
	return "torn sectors"
}

// Image is what a power cut now would leave. The seed decides what chance
// decides: where a prefix ends, and which sectors were written.
func (d *Disk) Image(k Kept, seed uint64) Image {
	d.mu.Lock()
	defer d.mu.Unlock()
	kept := maps.Clone(d.durable)
	var parts []operation
	for _, o := range d.pending {
		parts = append(parts, o.sectors()...)
	}
	chance := rand.New(rand.NewPCG(seed, uint64(k)))
	switch k {
	case None:
		parts = nil
	case Prefix:
		parts = parts[:chance.IntN(len(parts)+1)]
	case Torn:
		parts = slices.DeleteFunc(parts, func(operation) bool { return chance.IntN(2) == 0 })
	}
	for path, c := range kept {
		if slices.ContainsFunc(parts, func(o operation) bool { return o.path == path }) {
			kept[path] = c.clone()
		}
	}
	image := Image{}
	for _, o := range parts {
		kept.apply(o)
	}
	for path, c := range kept {
		image[path] = c.bytes()
	}
	return image
}

// files are what stands on a disk, by path.
type files map[string]*content

// apply carries out an operation.
func (f files) apply(o operation) {
	switch o.what {
	case remove:
		delete(f, o.path)
	case create:
		f[o.path] = &content{}
	case write, truncate:
		if f[o.path] == nil { // it was removed while it was open
			f[o.path] = &content{}
		}
		o.on(f[o.path])
	}
}
