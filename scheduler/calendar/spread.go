package calendar

import (
	"crypto/sha256"
	"encoding/binary"
	"time"
)

// Spread returns by how many minutes the delivery with this key leaves after its slot: 0 up to, but not including, the
// whole minutes of spread. The same key always gives the same answer, in every version. It is 0 where spread is shorter
// than a minute.
func Spread(key string, spread time.Duration) int {
	minutes := uint64(max(spread, 0) / time.Minute)
	if minutes == 0 {
		return 0
	}
	sum := sha256.Sum256([]byte(key))
	return int(binary.BigEndian.Uint64(sum[:8]) % minutes)
}

// Assign returns the minute at which a delivery leaves: offset minutes after slot, or the next one that is free. Where
// that would leave the window it goes back from the window's end towards the slot. taken tells whether another note of
// the round has a minute, and may be nil.
//
// Where the whole window from slot on is taken, or slot lies outside the window, it returns slot: two notes in one
// minute are the smaller evil. A negative offset counts as 0.
func (p Place) Assign(slot time.Time, offset int, taken func(time.Time) bool) time.Time {
	closes, open := p.OpenUntil(slot)
	if !open {
		return slot
	}
	free := func(t time.Time) bool { return taken == nil || !taken(t) }
	last := int((closes.Sub(slot) - 1) / time.Minute) // The last minute that begins inside the window.
	start := min(max(offset, 0), last)
	for minute := start; minute <= last; minute++ {
		if t := slot.Add(time.Duration(minute) * time.Minute); free(t) {
			return t
		}
	}
	for minute := start - 1; minute > 0; minute-- {
		if t := slot.Add(time.Duration(minute) * time.Minute); free(t) {
			return t
		}
	}
	return slot
}
