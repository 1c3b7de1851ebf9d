package scheduler

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// life is a job hunt in which the user edits the files at random while the
// program works. Every person keeps a name or an address for ever, which is how
// anybody could know them again.
type life struct {
	*rapid.T
	world   World
	store   *memory
	writers Writers
	now     time.Time
	stem    string
	people  []Person
	inFile  []bool
	thanked map[int]int // by person
	asked   []time.Time
	closed  bool
	edits   []string
}

func newLife(t *rapid.T) *life {
	l := &life{T: t, store: newMemory(), writers: Writers{Renderer: scribe{}, Proofreader: scribe{}}, now: monday(), stem: "acme",
		thanked: map[int]int{}, world: World{Policy: policy(), Applications: map[string]Application{}}}
	l.world.Policy.Spread = 20 * time.Minute
	l.world.Policy.Limits = Limits{PerPerson: rapid.IntRange(0, 9).Draw(t, "per person"), PerApplication: rapid.IntRange(0, 9).Draw(t, "per application"), Gap: span("7d")}
	for n := range rapid.IntRange(1, 4).Draw(t, "people") {
		l.people = append(l.people, Person{Name: fmt.Sprintf("Person Number%d", n), Email: fmt.Sprintf("p%d@acme.example", n)})
		l.inFile = append(l.inFile, true)
	}
	l.write()
	return l
}

// write saves the file.
func (l *life) write() {
	i := onsite()
	for n, p := range l.people {
		if l.inFile[n] {
			i.Interviewers = append(i.Interviewers, p)
		}
	}
	a := Application{Stem: l.stem, Company: "Acme", Role: "Engineer", Status: StatusActive, Sequence: "default", Interviews: []Interview{i}}
	if l.closed {
		a.Status = StatusClosed
	}
	l.world.Applications = map[string]Application{l.stem: a}
}

// edit changes the file at random.
func (l *life) edit() {
	n := rapid.IntRange(0, len(l.people)-1).Draw(l.T, "whom")
	p := &l.people[n]
	what := rapid.SampledFrom([]string{"nothing", "nothing", "rename person", "change address", "take out or put back", "rename file", "close"}).Draw(l.T, "edit")
	switch what {
	case "rename person":
		if n%2 == 0 { // the even ones keep their address, the odd ones their name
			p.Name = fmt.Sprintf("Renamed %d-%d", n, len(l.edits))
		}
	case "change address":
		if n%2 == 1 {
			p.Email = fmt.Sprintf("p%d-%d@acme.example", n, len(l.edits))
		}
	case "take out or put back":
		l.inFile[n] = !l.inFile[n]
	case "rename file":
		l.stem = fmt.Sprintf("acme-%d", len(l.edits)%3)
	case "close":
		l.closed = rapid.IntRange(0, 9).Draw(l.T, "closed") == 0
	}
	l.edits = append(l.edits, fmt.Sprintf("%s %s %d", l.now.Format("02 15:04"), what, n))
	l.write()
}

// attend looks after every application of the files and of the store, and sends
// what may leave, one at a time.
func (l *life) attend() {
	stems := map[string]bool{l.stem: true, "acme": true, "acme-0": true, "acme-1": true, "acme-2": true}
	for stem := range stems {
		ready, err := l.writers.attend(l.store, l.world, stem, l.now)
		if err != nil {
			l.Fatal(err)
		}
		for _, d := range ready {
			f, err := LoadFacts(l.store, l.world, stem, l.now)
			if err != nil {
				l.Fatal(err)
			}
			if Gate(f, &d, l.now).Open {
				l.send(d)
			}
		}
	}
	for _, n := range l.store.notices {
		d, err := l.store.Delivery(announcedKey(n.Key))
		if err == nil && n.Told.IsZero() && n.Kind == noticeAnnounce {
			_ = l.store.Told(n.ID, Telling{Channel: "mail", At: l.now, Shown: true}, true)
			if announceKey(&d) == n.Key && d.State.Open() {
				d.Announced = l.now
				l.store.set(d)
			}
		}
	}
}

// send is the server that takes everything, and the test that watches it.
func (l *life) send(d Delivery) {
	if l.closed {
		l.Fatalf("%s left although the application is closed\n%s", d.Key, strings.Join(l.edits, "\n"))
	}
	d.State, d.SentAt = Sent, l.now
	l.store.set(d)
	_ = l.store.SetWake(d.Key, time.Time{})
	l.store.mails = append(l.store.mails, Mail{MessageID: "<" + d.Key + ">", Application: d.Application, Key: d.Key, Outgoing: true,
		Person: NormalAddress(d.To.Email), Name: d.To.Name, Company: d.Company, Asking: d.Kind == Asking, At: l.now})
	if d.Kind == Asking {
		l.ask(d)
		return
	}
	for n, p := range l.people {
		if p.Email == d.To.Email {
			if l.thanked[n]++; l.thanked[n] > 1 {
				l.Fatalf("%s was thanked twice\n%s", p.Name, strings.Join(l.edits, "\n"))
			}
		}
	}
}

// ask counts the mails that ask: nobody ever answers here.
func (l *life) ask(d Delivery) {
	if n := len(l.asked); n > 0 && l.now.Before(l.asked[n-1].Add(7*24*time.Hour)) {
		l.Fatalf("%s left %s after the one before it\n%s", d.Key, l.now.Sub(l.asked[n-1]), strings.Join(l.edits, "\n"))
	}
	l.asked = append(l.asked, l.now)
	if most := min(l.world.Policy.Limits.PerApplication, l.world.Policy.Limits.PerPerson+10, HardLimit); len(l.asked) > most {
		l.Fatalf("%d mails asked, the limit is %d\n%s", len(l.asked), most, strings.Join(l.edits, "\n"))
	}
}

// TestLife: whatever the user edits, nobody is thanked twice, the limits and
// the gap hold, and nothing leaves after the end.
func TestLife(t *testing.T) {
	t.Parallel()
	thanked, asked := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		l := newLife(t)
		for range 40 {
			l.edit()
			l.attend()
			l.now = l.now.Add(time.Duration(rapid.IntRange(1, 40).Draw(t, "hours")) * time.Hour)
		}
		thanked, asked = thanked+len(l.thanked), asked+len(l.asked)
	})
	if thanked == 0 || asked == 0 {
		t.Errorf("in all these lives %d people were thanked and %d mails asked: nothing was tested", thanked, asked)
	}
}
