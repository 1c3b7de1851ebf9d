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
	image, own := maps.Clone(d.durable), map[string]bool{}
	clear(d.own)
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
	for _, o := range parts {
		image.apply(o, own)
	}
	return image
}

// apply carries out an operation on an image. Own names its files that nobody else
// holds.
func (i Image) apply(o operation, own map[string]bool) {
	switch o.what {
	case remove:
		delete(i, o.path)
	case create:
		i[o.path] = []byte{}
	case write, truncate:
		if !own[o.path] {
			i[o.path], own[o.path] = slices.Clone(i[o.path]), true
		}
		i[o.path] = o.on(i[o.path])
	}
}
