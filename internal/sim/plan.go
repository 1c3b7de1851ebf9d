package sim

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"
)

// Plan is a job hunt before it happens: all that chance decides is decided
// here, so that a plan can be played again, and with parts left out.
type Plan struct {
	Seed         uint64
	Start        time.Time
	Days         int
	Zone         string // the user's
	Sending      string // further lines of sending in config.yaml
	Restart      bool   // an interviewer's answer restarts the silence
	Away, Quiet  []days // on which asking mail rests
	Second       bool   // a second account is watched
	OAuth        int    // how the account logs in: passwordOnly, or by a refresh token that is kept or rotated
	Habits       Habits
	Pace         Pace
	Applications []Application
	Events       []Event
}

// Habits are those of the mail provider.
type Habits struct {
	FileSent bool
	Sent     time.Duration // how late the sent copy appears
	Self     time.Duration // how late mail to oneself arrives
	Rewrite  bool          // replaces Message-IDs
	NoIdle   bool
	TLS      bool // connections are encrypted from their first byte
}

// Pace is how often the program wakes without a reason. The zero value is its
// own pace; a slower one lets a seed pass in less time and changes nothing else.
type Pace struct {
	Wait   time.Duration // the longest wait
	Sweep  time.Duration // between two looks without news
	Drafts time.Duration // between two readings of the drafts, while there are any
}

// Application is one company that the user speaks with.
type Application struct {
	Stem, Company, Role, Domain string
	Zone                        string
	DecisionBy                  string // the day that they named, "" for none
	Recruiter                   *Person
	Interviews                  []Interview
}

// Interview is one meeting.
type Interview struct {
	ID      string
	At      time.Time
	Minutes int
	Held    bool // its file says so from the start
	People  []Person
	Later   []Person // whom the file names only once somebody remembers them
}

// Person is one who gets mail.
type Person struct {
	Name, Email string
	Said        string        // what the user notes after the interview
	Noted       time.Duration // how long after it, 0 for in the file from the start
	Answers     []Answer
}

// Answer is what the nth mail to a person leads to.
type Answer struct {
	Kind   Letter
	After  time.Duration
	Folder string // "" for the inbox
	Other  string // another address that it comes from, "" for none
	Loose  bool   // it names no mail of ours
	Second bool   // it comes to the second account
	Fate   Fate
}

// Event is one thing that happens at a time, whoever does it.
type Event struct {
	At   time.Duration // since the start
	Kind Kind
	Who  string        // a stem or an address; "" for none
	For  time.Duration // how long it lasts, if it does
	N    uint64        // what chance decided
}

// String tells an event in a line.
func (e Event) String() string {
	return strings.Join(strings.Fields(fmt.Sprintf("%s %s %s %s #%d", e.At, e.Kind, e.Who, lasting(e.For), e.N)), " ")
}

func lasting(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return "for " + d.String()
}

// String tells a plan, so that somebody can read what was played.
func (p Plan) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d: %d days from %s, in %s, %+v, pace %+v\n", p.Seed, p.Days, p.Start.Format(time.RFC3339), p.Zone, p.Habits, p.Pace)
	fmt.Fprintf(&b, "  sending: %s; an answer restarts: %v; %sa second account: %v; OAuth: %d\n", strings.ReplaceAll(p.Sending, "\n", " | "), p.Restart, p.away(), p.Second, p.OAuth)
	for n, a := range p.Applications {
		fmt.Fprintf(&b, "  a%d %s, %s, decides by %q", n, a.Stem, a.Zone, a.DecisionBy)
		if a.Recruiter != nil {
			fmt.Fprintf(&b, ", recruiter %s %v", a.Recruiter.Email, a.Recruiter.Answers)
		}
		for _, i := range a.Interviews {
			fmt.Fprintf(&b, "\n     %s at %s (held %v)", i.ID, i.At.Format(time.RFC3339), i.Held)
			for _, who := range slices.Concat(i.People, i.Later) {
				fmt.Fprintf(&b, "\n       %s noted after %s, answers %v", who.Email, who.Noted, who.Answers)
			}
		}
		b.WriteString("\n")
	}
	for n, e := range p.Events {
		fmt.Fprintf(&b, "  e%d %s %s\n", n, p.Start.Add(e.At).Format("02 Jan 15:04:05"), e)
	}
	return b.String()
}

// Without leaves out parts of a plan: applications by "a" and their number,
// events by "e" and theirs.
func (p Plan) Without(parts map[string]bool) Plan {
	left := p
	left.Applications, left.Events = nil, nil
	for n, a := range p.Applications {
		if !parts[fmt.Sprintf("a%d", n)] {
			left.Applications = append(left.Applications, a)
		}
	}
	for n, e := range p.Events {
		if !parts[fmt.Sprintf("e%d", n)] {
			left.Events = append(left.Events, e)
		}
	}
	return left
}

// Parts names what Without can leave out.
func (p Plan) Parts() (names []string) {
	for n := range p.Applications {
		names = append(names, fmt.Sprintf("a%d", n))
	}
	for n := range p.Events {
		names = append(names, fmt.Sprintf("e%d", n))
	}
	return names
}

// Everybody are the people of an application, the recruiter last.
func (a Application) Everybody() (all []Person) {
	for _, i := range a.Interviews {
		for _, p := range slices.Concat(i.People, i.Later) {
			if !slices.ContainsFunc(all, func(q Person) bool { return q.Email == p.Email }) {
				all = append(all, p)
			}
		}
	}
	if a.Recruiter != nil {
		all = append(all, *a.Recruiter)
	}
	return all
}

// named is how a file names a person.
func (p Person) named() string {
	text := fmt.Sprintf("      - name: %s\n        email: %s\n", p.Name, p.Email)
	if p.Private() != "" {
		text += fmt.Sprintf("        aliases: [%s]\n", p.Private())
	}
	return text
}

// Private is the second address that the file names of one person in three, "" for others.
func (p Person) Private() string {
	h := fnv.New32a()
	h.Write([]byte(p.Email)) // never fails
	if h.Sum32()%3 > 0 {
		return ""
	}
	return strings.ReplaceAll(p.Email, "@", ".") + "@home.example" // nobody else's
}

// address is where a person writes from, and is written to by hand: now this, now that one of theirs.
func (p Person) address(n uint64) string {
	if n%2 == 0 || p.Private() == "" {
		return p.Email
	}
	return p.Private()
}

// file is the application's interview file.
func (a Application) file() string {
	var b strings.Builder
	fmt.Fprintf(&b, "company: %s\nrole: %s\ndomains: [%s]\ntimezone: %s\n", a.Company, a.Role, a.Domain, a.Zone)
	if a.DecisionBy != "" {
		fmt.Fprintf(&b, "decision_by: %s\n", a.DecisionBy)
	}
	if r := a.Recruiter; r != nil {
		aliases := ""
		if r.Private() != "" {
			aliases = ", aliases: [" + r.Private() + "]"
		}
		fmt.Fprintf(&b, "recruiter: {name: %s, email: %s%s}\n", r.Name, r.Email, aliases)
	}
	b.WriteString("interviews:\n")
	zone, err := time.LoadLocation(a.Zone)
	if err != nil {
		panic(err) // the zones are a list in this package
	}
	for _, i := range a.Interviews {
		fmt.Fprintf(&b, "  - id: %s\n    at: %s\n    timezone: %s\n    duration: %dm\n", i.ID, i.At.In(zone).Format("2006-01-02 15:04"), a.Zone, i.Minutes)
		if i.Held {
			b.WriteString("    status: held\n")
		}
		b.WriteString("    interviewers:\n")
		for n, p := range i.People {
			b.WriteString(p.named())
			if n == 0 && len(i.People) > 1 {
				b.WriteString("        lead: true\n")
			}
			if p.Noted == 0 {
				fmt.Fprintf(&b, "        said: %s\n", p.Said)
			}
		}
	}
	return b.String()
}
