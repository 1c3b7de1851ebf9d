package scheduler

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"afterword/mailer"
)

// memory is a store for the tests of decisions: one transaction at a time,
// nothing durable.
type memory struct {
	deliveries map[string]Delivery
	wakes      map[string]time.Time
	holds      []Hold
	questions  map[string]Question
	mails      []Mail
	events     []Event
	notices    []Notice
	meta       map[string]string
	writes     int

	takeBack []func() // what the transaction under way has changed in the maps
	moved    func(before, after Delivery)
}

func newMemory() *memory {
	return &memory{deliveries: map[string]Delivery{}, wakes: map[string]time.Time{}, questions: map[string]Question{}, meta: map[string]string{}}
}

// Update takes back what a failed transaction wrote.
func (m *memory) Update(_ context.Context, f func(Tx) error) error {
	m.takeBack = m.takeBack[:0]
	before := *m
	err := f(m)
	if err == nil {
		return nil
	}
	for _, undo := range slices.Backward(m.takeBack) {
		undo()
	}
	m.holds, m.mails, m.events, m.notices = before.holds, before.mails, before.events, before.notices
	return err
}

// write changes one of the maps so that it can be taken back; nil deletes.
func write[V any](m *memory, in map[string]V, key string, value *V) {
	before, had := in[key]
	m.takeBack = append(m.takeBack, func() {
		if delete(in, key); had {
			in[key] = before
		}
	})
	if delete(in, key); value != nil {
		in[key] = *value
	}
}

func (m *memory) View(_ context.Context, f func(Reader) error) error { return f(m) }
func (m *memory) Version(context.Context) (int64, error)             { return int64(m.writes), nil }
func (m *memory) Close() error                                       { return nil }

func (m *memory) Delivery(key string) (Delivery, error) {
	d, ok := m.deliveries[key]
	if !ok {
		return d, ErrNotFound
	}
	return d, nil
}

func (m *memory) Deliveries(q DeliveryQuery) ([]Delivery, error) {
	var ds []Delivery
	for _, d := range m.deliveries {
		if (q.Application == "" || q.Application == d.Application) && (len(q.States) == 0 || slices.Contains(q.States, d.State)) &&
			(q.Person == "" || q.Person == NormalAddress(d.To.Email)) && strings.Contains(d.Key, q.Fragment) &&
			(q.MessageID == "" || slices.Contains(d.MessageIDs(), q.MessageID)) {
			ds = append(ds, d)
		}
	}
	slices.SortFunc(ds, func(a, b Delivery) int { return cmp.Compare(a.Key, b.Key) })
	return ds, nil
}

func (m *memory) Wake() (time.Time, error) {
	var first time.Time
	for _, t := range m.wakes {
		if first.IsZero() || t.Before(first) {
			first = t
		}
	}
	return first, nil
}

func (m *memory) Woken(now time.Time, _ int) ([]Delivery, error) {
	var ds []Delivery
	for key, t := range m.wakes {
		if !t.After(now) {
			ds = append(ds, m.deliveries[key])
		}
	}
	return ds, nil
}

func (m *memory) Holds() ([]Hold, error) { return m.holds, nil }

func (m *memory) Questions() ([]Question, error) {
	var qs []Question
	for _, q := range m.questions {
		qs = append(qs, q)
	}
	slices.SortFunc(qs, func(a, b Question) int { return cmp.Compare(a.Key, b.Key) })
	return qs, nil
}

func (m *memory) Mails(q MailQuery) ([]Mail, error) {
	var ms []Mail
	for _, x := range m.mails {
		if (q.Application == "" || q.Application == x.Application) && (q.Person == "" || q.Person == x.Person) &&
			(q.Company == "" || strings.EqualFold(q.Company, x.Company)) && (q.MessageID == "" || q.MessageID == x.MessageID) && !x.At.Before(q.Since) {
			ms = append(ms, x)
		}
	}
	return ms, nil
}

func (m *memory) Events(EventQuery) ([]Event, error) { return m.events, nil }
func (m *memory) Cursors() ([]mailer.Cursor, error)  { return nil, nil }
func (m *memory) Meta(name string) (string, error)   { return m.meta[name], nil }
func (m *memory) MetaNames(prefix string) ([]string, error) {
	var names []string
	for name, value := range m.meta {
		if value != "" && strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}
func (m *memory) SetCursor(mailer.Cursor) error { return nil }
func (m *memory) Lift(scope Scope, target, source string) (int, error) {
	before := len(m.holds)
	m.holds = slices.DeleteFunc(slices.Clone(m.holds), func(h Hold) bool {
		return h.Scope == scope && h.Target == target && (source == "" || h.Source == source)
	})
	m.writes += before - len(m.holds)
	return before - len(m.holds), nil
}

// SetHold replaces the hold of the same scope, target and source.
func (m *memory) SetHold(h Hold) error {
	m.writes++
	m.holds = append(slices.DeleteFunc(slices.Clone(m.holds), func(o Hold) bool {
		return o.Scope == h.Scope && o.Target == h.Target && o.Source == h.Source
	}), h)
	return nil
}

// AddMail keeps one row for each message, application and person.
func (m *memory) AddMail(x Mail) (bool, error) {
	m.writes++
	n := slices.IndexFunc(m.mails, func(o Mail) bool {
		return o.MessageID == x.MessageID && o.Application == x.Application && o.Person == x.Person
	})
	m.mails = slices.Clone(m.mails)
	if n >= 0 {
		m.mails[n] = x
		return false, nil
	}
	n = len(m.mails)
	for n > 0 && m.mails[n-1].At.After(x.At) {
		n-- // oldest first
	}
	m.mails = slices.Insert(m.mails, n, x)
	return true, nil
}
func (m *memory) SetMeta(name, value string) error {
	m.writes++
	write(m, m.meta, name, &value)
	return nil
}
func (m *memory) SetWake(key string, wake time.Time) error { return m.wake(key, wake) }
func (m *memory) Answer(key string) error                  { m.writes++; write(m, m.questions, key, nil); return nil }
func (m *memory) Log(e Event) error                        { m.writes++; m.events = append(m.events, e); return nil }
func (m *memory) Notices(open bool) ([]Notice, error) {
	return slices.DeleteFunc(slices.Clone(m.notices), func(n Notice) bool { return open && !n.Settled.IsZero() }), nil
}

func (m *memory) wake(key string, at time.Time) error {
	if at.IsZero() {
		write(m, m.wakes, key, nil)
	} else if !m.wakes[key].Equal(at) {
		write(m, m.wakes, key, &at)
	}
	return nil
}

func (m *memory) Put(d Delivery, wake time.Time) error {
	before := m.deliveries[d.Key]
	if !Legal(before.State, d.State) {
		return fmt.Errorf("putting %s: no move from %q to %s", d.Key, before.State, d.State)
	}
	if m.moved != nil {
		m.moved(before, d)
	}
	m.writes++
	write(m, m.deliveries, d.Key, &d)
	return m.wake(d.Key, wake)
}

func (m *memory) Ask(q Question) (bool, error) {
	if _, asked := m.questions[q.Key]; asked {
		return false, nil
	}
	m.writes++
	write(m, m.questions, q.Key, &q)
	return true, nil
}

func (m *memory) Notify(n Notice) (bool, error) {
	if slices.ContainsFunc(m.notices, func(o Notice) bool { return o.Key == n.Key }) {
		return false, nil
	}
	m.writes++
	n.ID = int64(len(m.notices) + 1)
	m.notices = append(slices.Clip(m.notices), n)
	return true, nil
}

func (m *memory) Told(id int64, t Telling, settled bool) error {
	m.notices = slices.Clone(m.notices)
	n := &m.notices[id-1]
	n.Tellings = append(slices.Clip(n.Tellings), t)
	if t.Why == "" && n.Told.IsZero() {
		n.Told = t.At
	}
	if settled {
		n.Settled = t.At
	}
	return nil
}

// scribe renders and proofreads in the simplest way: what was said is the text,
// and the findings are those that a test sets.
type scribe struct{ findings []Finding }

func (scribe) Render(in RenderInput) (Text, error) {
	return Text{Subject: in.Template + " for " + in.Person.Name, Body: "You mentioned that " + in.Person.Said}, nil
}

func (scribe) Kind(string) (Kind, error) { return Owed, nil }

func (s scribe) Check(ProofInput) []Finding { return s.findings }

// office is a daemon's decisions without its goroutines: files, a store, and
// somebody who attends.
type office struct {
	*testing.T
	world   World
	store   *memory
	writers Writers
}

func newOffice(t *testing.T, f Facts) *office {
	return &office{T: t, store: newMemory(), writers: Writers{Renderer: scribe{}, Proofreader: scribe{}},
		world: World{Policy: f.Policy, Applications: map[string]Application{f.Application.Stem: f.Application}}}
}

// attend looks after an application at a time in Paris and returns what may
// leave. Attending a second time must change nothing.
func (o *office) attend(stem, at string) []Delivery {
	o.Helper()
	now := paris(at)
	if _, err := o.writers.attend(o.store, o.world, stem, now); err != nil {
		o.Fatal(err)
	}
	before := o.store.writes
	ready, err := o.writers.attend(o.store, o.world, stem, now)
	if err != nil {
		o.Fatal(err)
	}
	if o.store.writes != before {
		o.Errorf("attending to %s a second time at %s wrote %d times, lastly %+v", stem, at, o.store.writes-before, o.store.events[len(o.store.events)-1])
	}
	return ready
}

// delivery reads one delivery of Acme's onsite.
func (o *office) delivery(step string) Delivery {
	o.Helper()
	d, err := o.store.Delivery("acme/onsite/" + step + "/ken@acme.example")
	if err != nil {
		o.Fatalf("reading %s: %v", step, err)
	}
	return d
}

// asked lists the keys of the open questions, and told those of the notices.
func (o *office) asked() string {
	qs, _ := o.store.Questions()
	var keys []string
	for _, q := range qs {
		keys = append(keys, q.Key)
	}
	return strings.Join(keys, " ")
}

func (o *office) told(prefix string) []Notice {
	return slices.DeleteFunc(slices.Clone(o.store.notices), func(n Notice) bool { return !strings.HasPrefix(n.Key, prefix) })
}
