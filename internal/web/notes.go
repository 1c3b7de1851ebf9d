package web

import (
	"strconv"
	"sync"
)

// mostNotes is how many sentences about what was done are kept.
const mostNotes = 64

// note is a sentence about what was just done.
type note struct {
	text   string
	clears string // the form whose words were taken
}

// notes keeps what the next page says of a change. Its text does not stand in
// the address: a link from elsewhere cannot put words on the page. It is safe
// for concurrent use.
type notes struct {
	mu   sync.Mutex
	last int
	kept [mostNotes]note
}

func (n *notes) add(what note) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.last++
	n.kept[n.last%mostNotes] = what
	return strconv.Itoa(n.last)
}

// get looks a note up. Looking changes nothing: a page may be loaded twice.
func (n *notes) get(id string) (note, bool) {
	i, err := strconv.Atoi(id)
	n.mu.Lock()
	defer n.mu.Unlock()
	if err != nil || i <= n.last-mostNotes || i > n.last || i < 1 {
		return note{}, false
	}
	return n.kept[i%mostNotes], true
}
