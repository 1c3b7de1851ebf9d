package sqlite

import (
	"hash/maphash"
	"sync"

	"github.com/ncruces/go-sqlite3"

	"afterword/scheduler"
)

// briefs remembers what the details of mails that are still to leave were decoded
// to: a list is read anew after each commit, and one commit changes few of them.
// The bytes decide whether a row is still the same.
type briefs struct {
	seed maphash.Seed

	mu  sync.Mutex
	all map[string]brief // by key
}

// brief is a row as it was decoded, without what takes most of its room.
type brief struct {
	sum    uint64 // of the detail
	detail scheduler.Delivery
}

// mostBriefs bounds what is remembered; then it begins anew.
const mostBriefs = 4096

func newBriefs() *briefs { return &briefs{seed: maphash.MakeSeed(), all: map[string]brief{}} }

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
		b.keep(key, brief{sum, d})
	}
	err := scanColumns(s, &d)
	return d, err
}

func (b *briefs) keep(key string, one brief) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.all) >= mostBriefs {
		clear(b.all)
	}
	b.all[key] = one
}
