package sqlite

import (
	"hash/maphash"
	"slices"
	"sync"

	"github.com/ncruces/go-sqlite3"

	"afterword/scheduler"
)

// briefs remembers what the details of mails were decoded
// to: a list is read anew after each commit, and one commit changes few of them.
// The bytes decide whether a row is still the same.
type briefs struct {
	seed maphash.Seed

	mu    sync.Mutex
	all   map[string]brief // by key
	whole map[string]whole // by key
}

// brief is a row as it was decoded, without what takes most of its room.
type brief struct {
	sum    uint64 // of the detail
	detail scheduler.Delivery
}

// whole is a row with all of it. An application is read whenever it is attended to,
// and mostly nothing of it has changed.
type whole struct {
	raw    string // the detail, which is compared itself: what leaves is made from this
	detail scheduler.Delivery
}

// These bound what is remembered; then it begins anew.
const (
	mostBriefs     = 4096
	mostWhole      = 128
	mostWholeBytes = 16 << 10 // of the detail of one row
)

func newBriefs() *briefs {
	return &briefs{seed: maphash.MakeSeed(), all: map[string]brief{}, whole: map[string]whole{}}
}

// scan reads a delivery for a list. Those that it returns share what their
// slices point to, which nobody changes.
func (b *briefs) scan(s *sqlite3.Stmt) (scheduler.Delivery, error) {
	key, raw := s.ColumnText(0), s.ColumnRawText(14)
	sum := maphash.Bytes(b.seed, raw)
	b.mu.Lock()
	known, ok := b.all[key]
	b.mu.Unlock()
	d := known.detail
	if !ok || known.sum != sum {
		d = scheduler.Delivery{}
		if err := decodeDetail(raw, &d); err != nil {
			return d, undecoded(key, err)
		}
		d.Text.Body, d.Edited = "", nil
		b.mu.Lock()
		keep(b.all, mostBriefs, key, brief{sum, d})
		b.mu.Unlock()
	}
	err := scanColumns(s, &d)
	return d, err
}

// scanWhole reads a delivery with all of it. What its slices and its edit point to is
// shared as that of scan is.
func (b *briefs) scanWhole(s *sqlite3.Stmt) (scheduler.Delivery, error) {
	key, raw := s.ColumnText(0), s.ColumnRawText(14)
	b.mu.Lock()
	known, ok := b.whole[key]
	b.mu.Unlock()
	d := known.detail
	if !ok || known.raw != string(raw) {
		d = scheduler.Delivery{}
		if err := decodeDetail(raw, &d); err != nil {
			return d, undecoded(key, err)
		}
		// Who adds to a slice gets one of his own.
		d.Findings, d.Despite, d.Text.Thread.References = slices.Clip(d.Findings), slices.Clip(d.Despite), slices.Clip(d.Text.Thread.References)
		if len(raw) <= mostWholeBytes {
			b.mu.Lock()
			keep(b.whole, mostWhole, key, whole{string(raw), d})
			b.mu.Unlock()
		}
	}
	err := scanColumns(s, &d)
	return d, err
}

func keep[T any](all map[string]T, most int, key string, one T) {
	if len(all) >= most {
		clear(all)
	}
	all[key] = one
}
