package scheduler

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"afterword/mailer"
)

// memory is a store for the tests of decisions: one transaction at a time,
// nothing durable. What it holds lies in slices that never change, so that a
// failed transaction is taken back, and a copy made, by keeping the old ones.
type memory struct {
	cursors   []mailer.Cursor
	rows      []stored // by key
	holds     []Hold
	questions []Question // by key
	mails     []Mail     // oldest first
	events    []Event
	notices   []Notice
	meta      []named
	writes    int

	moved func(before, after Delivery)
}

// stored is a delivery, which does not change, and when it wants to be woken.
type stored struct {
	*Delivery
	wake time.Time
}

// named is a value of the meta table.
type named struct{ name, value string }

func newMemory() *memory { return &memory{} }

// Update takes back what a failed transaction wrote.
func (m *memory) Update(_ context.Context, f func(Tx) error) error {
	before := *m
	err := f(m)
	if err != nil {
		before.writes = m.writes
		*m = before
	}
	return err
}

// find says where a delivery stands, or would stand.
func (m *memory) find(key string) (int, bool) {
	return slices.BinarySearchFunc(m.rows, key, func(r stored, key string) int { return strings.Compare(r.Key, key) })
}

// get is the delivery with the key, or the zero one.
func (m *memory) get(key string) Delivery {
	d, _ := m.Delivery(key)
	return d
}

// wakeOf is when the delivery wants to be woken.
func (m *memory) wakeOf(key string) time.Time {
	n, known := m.find(key)
	if !known {
		return time.Time{}
	}
	return m.rows[n].wake
}

// set puts a delivery in place whatever the table of moves says.
func (m *memory) set(d Delivery) {
	n, known := m.find(d.Key)
	if known {
		m.rows = slices.Clone(m.rows)
		m.rows[n].Delivery = &d
	} else {
		m.rows = slices.Insert(slices.Clip(m.rows), n, stored{Delivery: &d})
	}
}

func (m *memory) View(_ context.Context, f func(Reader) error) error { return f(m) }
func (m *memory) Version(context.Context) (int64, error)             { return int64(m.writes), nil }
func (m *memory) Close() error                                       { return nil }

func (m *memory) Delivery(key string) (Delivery, error) {
	n, known := m.find(key)
	if !known {
		return Delivery{}, ErrNotFound
	}
	return *m.rows[n].Delivery, nil
}

func (m *memory) Deliveries(q DeliveryQuery) ([]Delivery, error) {
	many := 0
	for n := range m.rows {
		if q.wants(&m.rows[n]) {
			many++
		}
	}
	if many == 0 {
		return nil, nil
	}
	ds := make([]Delivery, 0, many)
	for n := range m.rows {
		if q.wants(&m.rows[n]) {
			ds = append(ds, *m.rows[n].Delivery)
		}
	}
	return ds, nil
}

// wants reports whether a delivery is one of those that are asked for.
func (q *DeliveryQuery) wants(r *stored) bool {
	return (q.Application == "" || q.Application == r.Application) && (q.Except == "" || q.Except != r.Application) &&
		(len(q.States) == 0 || slices.Contains(q.States, r.State)) && (q.Person == "" || q.Person == NormalAddress(r.To.Email)) &&
		(q.Fragment == "" || strings.Contains(r.Key, q.Fragment)) && (q.MessageID == "" || slices.Contains(r.MessageIDs(), q.MessageID))
}

func (m *memory) Wake() (time.Time, error) {
	var first time.Time
	for _, r := range m.rows {
		if !r.wake.IsZero() && (first.IsZero() || r.wake.Before(first)) {
			first = r.wake
		}
	}
	return first, nil
}

func (m *memory) Woken(now time.Time, _ int) ([]Delivery, error) {
	var ds []Delivery
	for _, r := range m.rows {
		if !r.wake.IsZero() && !r.wake.After(now) {
			ds = append(ds, *r.Delivery)
		}
	}
	return ds, nil
}

func (m *memory) Holds() ([]Hold, error) { return slices.Clone(m.holds), nil }

func (m *memory) Questions() ([]Question, error) { return m.questions, nil }

func (m *memory) QuestionsOf(application string) ([]Question, error) {
	var all []Question
	for _, q := range m.questions {
		if q.Application == application {
			all = append(all, q)
		}
	}
	return all, nil
}

func (m *memory) Mails(q MailQuery) ([]Mail, error) {
	wants := func(x *Mail) bool {
		return (q.Application == "" || q.Application == x.Application) && (q.Except == "" || q.Except != x.Application) && (q.Person == "" || q.Person == x.Person) &&
			(q.MessageID == "" || q.MessageID == x.MessageID) && (q.Company == "" || strings.EqualFold(q.Company, x.Company)) && !x.At.Before(q.Since)
	}
	many := 0
	for n := range m.mails {
		if wants(&m.mails[n]) {
			many++
		}
	}
	if many == 0 {
		return nil, nil
	}
	ms := make([]Mail, 0, many)
	for n := range m.mails {
		if wants(&m.mails[n]) {
			ms = append(ms, m.mails[n])
		}
	}
	return ms, nil
}

func (m *memory) Events(EventQuery) ([]Event, error) { return m.events, nil }
func (m *memory) Cursors() ([]mailer.Cursor, error)  { return m.cursors, nil }
func (m *memory) Meta(name string) (string, error) {
	for _, v := range m.meta {
		if v.name == name {
			return v.value, nil
		}
	}
	return "", nil
}
func (m *memory) MetaNames(prefix string) ([]string, error) {
	var names []string
	for _, v := range m.meta {
		if v.value != "" && strings.HasPrefix(v.name, prefix) {
			names = append(names, v.name)
		}
	}
	slices.Sort(names)
	return names, nil
}
func (m *memory) SetCursor(c mailer.Cursor) error {
	others := slices.DeleteFunc(slices.Clone(m.cursors), func(o mailer.Cursor) bool { return o.Account == c.Account && o.Folder == c.Folder })
	m.cursors = append(others, c)
	return nil
}

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
	m.meta = append(slices.DeleteFunc(slices.Clone(m.meta), func(v named) bool { return v.name == name }), named{name, value})
	return nil
}

func (m *memory) SetWake(key string, wake time.Time) error {
	if n, known := m.find(key); known && !m.rows[n].wake.Equal(wake) {
		m.rows = slices.Clone(m.rows)
		m.rows[n].wake = wake
	}
	return nil
}

func (m *memory) Answer(key string) error {
	m.writes++
	m.questions = slices.DeleteFunc(slices.Clone(m.questions), func(q Question) bool { return q.Key == key })
	return nil
}

func (m *memory) Log(e Event) error { m.writes++; m.events = append(m.events, e); return nil }
func (m *memory) Notices(open bool) ([]Notice, error) {
	if !open {
		return slices.Clone(m.notices), nil
	}
	var ns []Notice
	for n := range m.notices {
		if m.notices[n].Settled.IsZero() {
			ns = append(ns, m.notices[n])
		}
	}
	return ns, nil
}

func (m *memory) Put(d Delivery, wake time.Time) error {
	before := m.get(d.Key)
	if !Legal(before.State, d.State) {
		return fmt.Errorf("putting %s: no move from %q to %s", d.Key, before.State, d.State)
	}
	if m.moved != nil {
		m.moved(before, d)
	}
	m.writes++
	m.set(d)
	return m.SetWake(d.Key, wake)
}

func (m *memory) Ask(q Question) (bool, error) {
	n, asked := slices.BinarySearchFunc(m.questions, q.Key, func(o Question, key string) int { return strings.Compare(o.Key, key) })
	if asked {
		if o := &m.questions[n]; o.Text != q.Text {
			m.writes++
			m.questions = slices.Clone(m.questions)
			m.questions[n].Text = q.Text
		}
		return false, nil
	}
	m.writes++
	m.questions = slices.Insert(slices.Clip(m.questions), n, q)
	return true, nil
}

func (m *memory) Notify(n Notice) (bool, error) {
	if slices.ContainsFunc(m.notices, func(o Notice) bool { return o.Key == n.Key }) {
		return false, nil
	}
	m.writes++
	n.ID = 1
	if last := len(m.notices); last > 0 {
		n.ID += m.notices[last-1].ID
	}
	m.notices = append(slices.Clip(m.notices), n)
	return true, nil
}

func (m *memory) Told(id int64, t Telling, settled bool) error {
	m.notices = slices.Clone(m.notices)
	at, known := slices.BinarySearchFunc(m.notices, id, func(n Notice, id int64) int { return int(n.ID - id) })
	if !known {
		return ErrNotFound
	}
	n := &m.notices[at]
	n.Tellings = append(slices.Clip(n.Tellings), t)
	if t.Why == "" && n.Told.IsZero() {
		n.Told = t.At
	}
	if settled {
		n.Settled = t.At
	}
	return nil
}

// Forget removes what the store of the program removes (internal/store/sqlite).
func (m *memory) Forget(ctx context.Context, f Forgetting, change func(Tx) error) error {
	mentions := func(texts ...string) bool { return f.Mentions(strings.Join(texts, " ")) }
	return m.Update(ctx, func(tx Tx) error {
		m.writes++
		mine := func(stem, person string) bool {
			if f.Application == "" {
				return slices.Contains(f.People, NormalAddress(person))
			}
			return stem == f.Application
		}
		m.rows = slices.DeleteFunc(slices.Clone(m.rows), func(r stored) bool { return mine(r.Application, r.To.Email) })
		m.mails = slices.DeleteFunc(slices.Clone(m.mails), func(x Mail) bool { return mine(x.Application, x.Person) })
		m.events = slices.DeleteFunc(slices.Clone(m.events), func(e Event) bool {
			return f.Application != "" && e.Application == f.Application || (f.Application == "" || e.Application == "") && mentions(e.Key, e.To, e.Why, e.Evidence)
		})
		m.questions = slices.DeleteFunc(slices.Clone(m.questions), func(q Question) bool {
			return f.Application != "" && q.Application == f.Application || (f.Application == "" || q.Application == "") && mentions(q.Key, q.Text, q.Command)
		})
		m.holds = slices.DeleteFunc(slices.Clone(m.holds), func(h Hold) bool {
			return f.Application != "" && h.Scope == ScopeApplication && h.Target == f.Application || h.Scope == ScopePerson && slices.Contains(f.People, h.Target) ||
				(h.Scope == ScopePerson || h.Scope == ScopeDelivery) && mentions(h.Target, h.Reason)
		})
		m.notices = slices.DeleteFunc(slices.Clone(m.notices), func(n Notice) bool { return mentions(n.Key, n.Subject, n.Text, n.Discreet) })
		m.meta = slices.DeleteFunc(slices.Clone(m.meta), func(v named) bool { return mentions(v.name, v.value) })
		return change(tx)
	})
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
	var keys []string
	for _, q := range o.store.questions {
		keys = append(keys, q.Key)
	}
	return strings.Join(keys, " ")
}

// question is the open question with the key, or the zero one.
func (o *office) question(key string) Question {
	for _, q := range o.store.questions {
		if q.Key == key {
			return q
		}
	}
	return Question{}
}

func (o *office) told(prefix string) []Notice {
	return slices.DeleteFunc(slices.Clone(o.store.notices), func(n Notice) bool { return !strings.HasPrefix(n.Key, prefix) })
}
