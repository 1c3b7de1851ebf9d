package scheduler

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Forgetter is a store that can remove what it knows, so that nothing of it is
// left in its files.
type Forgetter interface {
	// Forget removes an application with all that it owns, the holds on the people,
	// and of what belongs to no application whatever mentions it; without an
	// application all mail that went to the people or came from them, and whatever
	// mentions them. Change runs in the same transaction, after the removal. No
	// daemon may run meanwhile.
	Forget(ctx context.Context, f Forgetting, change func(Tx) error) error
}

// Forgetting says what is to be removed.
type Forgetting struct {
	Application string                 // "": only the people are forgotten
	People      []string               // normal addresses; of an application, those that no other one knows
	Mentions    func(text string) bool // reports whether a text names the application or its people
}

// Forgotten is what stays of an application, or of a person: that it happened.
type Forgotten struct {
	Person         bool
	Sent, Received int
	First, Last    time.Time // of the mails; zero if there were none
}

// String is the one sentence that the store keeps.
func (f Forgotten) String() string {
	const day = "2 Jan 2006"
	what, of := "an application", "it"
	if f.Person {
		what, of = "a person", "theirs"
	}
	if f.Sent+f.Received == 0 {
		return fmt.Sprintf("%s was forgotten; no mail of %s had been sent or read", what, of)
	}
	return fmt.Sprintf("%s was forgotten; mails sent: %d, read: %d, from %s to %s", what,
		f.Sent, f.Received, f.First.UTC().Format(day), f.Last.UTC().Format(day))
}

// Forget removes an application from the store. The ledger keeps its HMACs, so that new
// mail to the same people asks first; l may be nil if there is no ledger.
func (s *Service) Forget(ctx context.Context, l Ledger, stem string) (Forgotten, error) {
	var kept []Hold
	gather := func(r Reader, w World) (*memories, error) {
		if err := settledFor(r, stem); err != nil {
			return nil, err
		}
		m, err := memoriesOf(r, w, stem)
		if err == nil {
			kept, err = outliving(r, w, m.forgetting(stem))
		}
		return m, err
	}
	return s.forget(ctx, l, stem, gather, func(tx Tx, _ World, _ Forgetting) error {
		for _, h := range kept {
			if err := setHold(tx, h, ActorUser, "", s.Clock.Now()); err != nil {
				return err
			}
		}
		return nil
	})
}

// outliving are the holds to keep because another file names the person too: moved from
// a forgotten address to one that stays.
func outliving(r Reader, w World, f Forgetting) (kept []Hold, err error) {
	holds, err := r.Holds()
	for _, h := range holds {
		if h.Scope != ScopePerson || h.Source == sourceBounce || !slices.Contains(f.People, h.Target) {
			continue
		}
		for _, address := range w.addressesOf(h.Target) {
			there := slices.ContainsFunc(holds, func(o Hold) bool { return o.Scope == h.Scope && o.Target == address && o.Source == h.Source })
			if there || slices.Contains(f.People, address) {
				continue
			}
			o := h
			o.ID, o.Target = 0, address
			if f.Mentions(o.Reason) {
				o.Reason = somebody
			}
			kept = append(kept, o)
		}
	}
	return kept, err
}

// forget removes what is gathered, with the application if one is named, and changes
// in the same transaction what else that asks for.
func (s *Service) forget(ctx context.Context, l Ledger, stem string, gather func(Reader, World) (*memories, error), change func(Tx, World, Forgetting) error) (Forgotten, error) {
	keeper, ok := s.Store.(Forgetter)
	if !ok {
		return Forgotten{}, refuse("remove it from your files by hand", "this store cannot forget")
	}
	now := s.Clock.Now()
	w, err := s.world()
	if err != nil {
		return Forgotten{}, err
	}
	var m *memories
	strangers := 0
	err = s.Store.View(ctx, func(r Reader) (err error) {
		if m, err = gather(r, w); err == nil && l != nil {
			strangers = l.Strangers(nil) - l.Strangers(m.keys)
		}
		return err
	})
	if err != nil {
		return Forgotten{}, err
	}
	f := m.forgetting(stem)
	return m.done, keeper.Forget(ctx, f, func(tx Tx) error {
		if err := change(tx, w, f); err != nil {
			return err
		}
		if err := acceptStrangers(tx, strangers); err != nil {
			return err
		}
		return tx.Log(Event{At: now, Actor: ActorUser, What: "forgotten", Why: m.done.String()})
	})
}

// settledFor refuses to forget a mail that is on its way or in doubt.
func settledFor(r Reader, stem string) error {
	ds, err := r.Deliveries(DeliveryQuery{Application: stem, States: []State{Sending, HandedOver, InDoubt}})
	if err != nil || len(ds) == 0 {
		return err
	}
	if ds[0].State == InDoubt {
		return refuse(ds[0].wayOn(), "%s is in doubt", ds[0].Key)
	}
	return refuse("start `afterword run` and stop it: that settles it", "%s was on its way when the program ended", ds[0].Key)
}

// memories are the words that name an application, in lower case: addresses, the
// names of people, the company.
type memories struct {
	own, others map[string]bool
	keys        []string
	done        Forgotten
}

// newMemories begins with the words of the candidate, which stay.
func newMemories(me Me) *memories {
	m := &memories{own: map[string]bool{}, others: map[string]bool{}}
	m.note(false, append([]string{me.Name}, ownAddresses(me)...)...)
	return m
}

// memoriesOf gathers them from the files and the store, and the words of the other
// applications, which stay.
func memoriesOf(r Reader, w World, stem string) (*memories, error) {
	m := newMemories(w.Policy.Me)
	for _, a := range w.written { // what another file does not say itself goes
		m.note(a.Stem == stem, append(a.Domains, a.Company)...)
		for _, p := range a.People() {
			m.note(a.Stem == stem, append(p.Addresses(), p.Name)...)
		}
	}
	ds, err := r.Deliveries(DeliveryQuery{})
	if err != nil {
		return nil, err
	}
	for _, d := range ds {
		m.note(d.Application == stem, d.Company, d.To.Name, d.To.Email)
		if d.Application == stem {
			m.keys = append(m.keys, d.Key)
		}
	}
	ms, err := r.Mails(MailQuery{})
	for _, x := range ms {
		m.note(x.Application == stem, x.Company, x.Name, x.Person)
		if x.Application == stem {
			m.done.count(x)
		}
	}
	return m, err
}

// note adds words of the application or of the others.
func (m *memories) note(mine bool, words ...string) {
	to := m.others
	if mine {
		to = m.own
	}
	for _, w := range words {
		if strings.Contains(w, "@") {
			w = NormalAddress(w)
			if !mine { // what names somebody else does not name this company
				to[strings.ToLower(w[strings.LastIndexByte(w, '@')+1:])] = true
			}
		}
		if w = strings.ToLower(oneSpace(w)); w != "" {
			to[w] = true
		}
	}
}

// count takes in one mail.
func (f *Forgotten) count(m Mail) {
	if m.Outgoing {
		f.Sent++
	} else {
		f.Received++
	}
	if f.First.IsZero() || m.At.Before(f.First) {
		f.First = m.At
	}
	if m.At.After(f.Last) {
		f.Last = m.At
	}
}

// forgetting is what to remove, without what others know as well.
func (m *memories) forgetting(stem string) Forgetting {
	f := Forgetting{Application: stem}
	var words []string
	for w := range m.own {
		if m.others[w] {
			continue
		}
		words = append(words, w)
		if strings.Contains(w, "@") {
			f.People = append(f.People, w)
		}
	}
	f.Mentions = func(text string) bool {
		text = strings.ToLower(text)
		return stem != "" && (text == stem || hasWord(text, stem+"/")) || slices.ContainsFunc(words, func(w string) bool { return hasWord(text, w) })
	}
	return f
}

// hasWord reports whether a text holds a word that is not part of a longer one.
func hasWord(text, word string) bool {
	for from := 0; ; {
		n := strings.Index(text[from:], word)
		if n < 0 {
			return false
		}
		n += from
		before, _ := utf8.DecodeLastRuneInString(text[:n])
		after, _ := utf8.DecodeRuneInString(text[n+len(word):])
		if !inWord(before) && (strings.HasSuffix(word, "/") || !inWord(after)) {
			return true
		}
		from = n + len(word)
	}
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
