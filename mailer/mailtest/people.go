package mailtest

import (
	"fmt"
	"net/mail"
	"strings"
	"time"
)

// Person is somebody outside who gets mail and writes it.
type Person struct {
	Name    string // "" for none
	Address string // lower case
	world   *World
}

// Received is one mail that reached a scripted person.
type Received struct {
	Mail    Accepted
	Person  Person
	At      time.Time
	Account string // the address that the person answers to
}

// Reaction is what a person or a server does about a mail.
type Reaction struct {
	After  time.Duration // from the moment that the mail was accepted
	Folder string        // where the letter arrives, "" for INBOX
	Letter Letter
}

// Behaviour decides what a mail leads to. It is called for every mail to the
// person it belongs to, one mail at a time, and may keep state. It must not
// call the World.
type Behaviour func(Received) []Reaction

// scripted is a person and what they do.
type scripted struct {
	person    Person
	behaviour Behaviour
}

// Script gives a person, "Ken Osei <ken@acme.example>" or the bare address, a
// behaviour in words; ParseBehaviour tells which. It replaces an earlier one.
func (w *World) Script(person, behaviour string) error {
	b, err := ParseBehaviour(behaviour)
	if err != nil {
		return err
	}
	return w.ScriptFunc(person, b)
}

// ScriptFunc gives a person a behaviour in code.
func (w *World) ScriptFunc(person string, behaviour Behaviour) error {
	p, err := w.Person(person)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.people[p.Address] = scripted{person: p, behaviour: behaviour}
	return nil
}

// Person names somebody who can write. It does not script what mail to them
// leads to.
func (w *World) Person(person string) (Person, error) {
	a, err := mail.ParseAddress(person)
	if err != nil {
		return Person{}, fmt.Errorf("reading person %q: %w", person, err)
	}
	return Person{Name: a.Name, Address: strings.ToLower(a.Address), world: w}, nil
}

// From returns the person as a letter's sender.
func (p Person) From() string {
	if p.Name == "" {
		return p.Address
	}
	return fmt.Sprintf("%q <%s>", p.Name, p.Address)
}

// firstName returns what the person signs with.
func (p Person) firstName() string {
	if p.Name == "" {
		local, _, _ := strings.Cut(p.Address, "@")
		return local
	}
	return strings.Fields(p.Name)[0]
}

// Writes lets a mail of the person, which answers nothing, arrive at a time.
func (p Person) Writes(at time.Time, subject, body string) {
	p.world.WritesAt(at, Letter{From: p.From(), Subject: subject, Body: body})
}

// WritesAt lets a letter arrive in INBOX at a time, or at once if that is past.
func (w *World) WritesAt(at time.Time, l Letter) {
	w.agenda.add(at, func() { w.post(Inbox, l) })
}

// At calls do at a time, or at once if that is past. It is called while the
// clock is held, in the order of times and then of calls, and may use the World
// but not close it.
func (w *World) At(at time.Time, do func()) { w.agenda.add(at, do) }

// post lets a letter arrive in a folder now and tells Delivered. A folder that
// the script has deleted takes no mail, as on a real server.
func (w *World) post(name string, l Letter) {
	if name == "" {
		name = Inbox
	}
	now := w.clock.Now()
	id := w.newID(domainOf(bareAddress(l.From)))
	raw := l.compose(stamp{at: now, id: id, to: w.options.Address, host: w.options.Host})
	if err := w.account.deposit(name, raw, now); err != nil {
		return
	}
	w.delivered(id)
}

// react asks a scripted recipient what an accepted mail leads to, and enters it.
func (w *World) react(to string, a Accepted) {
	w.mu.Lock()
	who, found := w.people[strings.ToLower(to)]
	var reactions []Reaction
	if found {
		reactions = who.behaviour(Received{Mail: a, Person: who.person, At: a.At, Account: w.options.Address})
	}
	w.mu.Unlock()
	for _, r := range reactions {
		w.agenda.add(a.At.Add(r.After), func() { w.post(r.Folder, r.Letter) })
	}
}
