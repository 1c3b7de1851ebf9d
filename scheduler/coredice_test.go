package scheduler

import (
	"fmt"

	"pgregory.net/rapid"
)

// dice is what a life of the core is drawn with: rapid's, which remember every
// throw so that they can shrink a failure, or quick ones, which remember nothing
// (corevolume_test.go). The actions and the promises are the same.
type dice interface {
	below(n int, label string) int
	Skip(...any) // leaves the action: it is not possible now
	Fatalf(string, ...any)
}

// patient are rapid's dice.
type patient struct{ *rapid.T }

func (p patient) below(n int, label string) int { return rapid.IntRange(0, n-1).Draw(p.T, label) }

// machine is the life as one of rapid's state machines.
func (c *core) machine() map[string]func(*rapid.T) {
	acts := map[string]func(*rapid.T){"": func(*rapid.T) {}}
	for _, a := range c.all() {
		for n := range a.chances {
			acts[fmt.Sprintf("%s (%d)", a.name, n)] = func(t *rapid.T) { c.act(patient{t}, a) }
		}
	}
	return acts
}

// quick are dice of the state of splitmix64. A throw costs a nanosecond, where
// rapid's costs a thousand.
type quick struct{ state uint64 }

func (q *quick) next() uint64 {
	q.state += 0x9e3779b97f4a7c15
	z := q.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (q *quick) below(n int, _ string) int { return int(q.next() % uint64(n)) }

// skipped and broken are how an action of the quick lives ends early.
type (
	skipped struct{}
	broken  string
)

func (*quick) Skip(...any)                       { panic(skipped{}) }
func (*quick) Fatalf(format string, args ...any) { panic(broken(fmt.Sprintf(format, args...))) }
