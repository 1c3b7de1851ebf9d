package sim

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// Days is how long a seed lasts, and Peace how long before its end nothing goes
// wrong any more, so that what waits can be done.
const (
	Days  = 21
	Peace = 5
)

// maker makes a plan out of chance.
type maker struct {
	*rand.Rand
	servers *rand.Rand // of the servers that put off or refuse at the dot
	plan    Plan
}

// Make makes the plan of a seed. Equal seeds make equal plans.
func Make(seed uint64) Plan {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 0xaf7e)), servers: dice(seed, "servers"), plan: Plan{Seed: seed, Days: Days}}
	m.plan.Zone = pick(m, zones())
	m.habits()
	m.start()
	for n := range 1 + m.IntN(3) {
		m.plan.Applications = append(m.plan.Applications, m.application(n))
	}
	m.with("eves", m.eves)
	m.life()
	m.keeping()
	m.phone()
	m.another()
	m.trouble()
	m.panel()
	m.house()
	m.second()
	m.grants()
	m.with("fates", m.fates)
	m.with("tls", func() { m.plan.Habits.TLS = m.chance(10) })
	m.with("weather", m.badWeather)
	m.with("rests", m.rests)
	m.with("deeds", m.deeds)
	m.with("late", m.lateFiles)
	m.with("doubts", m.doubts)
	m.settle()
	return m.plan
}

// dice are those of one part of the world. What joins it later gets dice of its own,
// so that it leaves the rest of a seed as it was.
func dice(seed uint64, part string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(part)) // never fails
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// start is the first day: two years of them, so that every change of the clocks and
// every year's end is in one.
func (m *maker) start() {
	m.plan.Start = time.Date(2026, 1, 1, 5, 0, 0, 0, time.UTC).AddDate(0, 0, m.IntN(730))
	days := slices.DeleteFunc(feasts(m.plan.setting("holidays"), 2026+m.IntN(2)), isWeekend)
	if len(days) > 0 && m.chance(60) { // and more often than chance has it, a holiday
		m.plan.Start = pick(m, days).Add(5*time.Hour).AddDate(0, 0, -1-m.IntN(9))
	} else if m.chance(30) { // or a change of the clocks
		m.plan.Start = m.beforeChange(m.plan.Start)
	}
}

// beforeChange is some days before the clocks change next where the user is, if they do
// within a year.
func (m *maker) beforeChange(from time.Time) time.Time {
	zone := m.location(m.plan.Zone)
	_, offset := from.In(zone).Zone()
	for day := range 366 {
		at := from.AddDate(0, 0, day)
		if _, now := at.In(zone).Zone(); now != offset {
			return at.AddDate(0, 0, -1-m.IntN(9))
		}
	}
	return from
}

// eves moves an interview in half of the plans to the day before a holiday, or before
// the clocks change where its people are, if there is such a day in the first two weeks.
func (m *maker) eves() {
	if m.chance(50) {
		return
	}
	a := &m.plan.Applications[0]
	i := &a.Interviews[m.IntN(len(a.Interviews))]
	country, zone, clocks := m.plan.setting("holidays"), m.location(a.Zone), m.chance(30)
	for day := range 13 {
		eve := m.plan.Start.In(zone).AddDate(0, 0, day)
		next := eve.AddDate(0, 0, 1)
		changes := eve.AddDate(0, 0, 2).Sub(next) != next.Sub(eve)
		if clocks && changes || !clocks && isHoliday(country, next) && !isWeekend(next) {
			i.At = time.Date(eve.Year(), eve.Month(), eve.Day(), 8+m.IntN(9), 15*m.IntN(4), 0, 0, zone)
			return
		}
	}
}

// countries are those whose holidays are kept.
func countries() []string { return []string{"FR", "US", "GB", "DE"} }

func pick[T any](m *maker, all []T) T { return all[m.IntN(len(all))] }

// chance is true n times in a hundred.
func (m *maker) chance(n int) bool { return m.IntN(100) < n }

// between is a time between two.
func (m *maker) between(from, to time.Duration) time.Duration {
	return from + time.Duration(m.Int64N(int64(to-from)))
}

// zones are places where people read mail: both hemispheres, half hours, and a
// change of the clocks by half an hour.
func zones() []string {
	return []string{"Europe/Paris", "Europe/London", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo",
		"Asia/Tokyo", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Auckland", "Africa/Cairo"}
}

func (m *maker) habits() {
	m.plan.Habits = Habits{FileSent: m.chance(60), Rewrite: m.chance(15), NoIdle: m.chance(10)}
	if m.chance(30) {
		m.plan.Habits.Sent = m.between(time.Second, 3*time.Minute)
	}
	if m.chance(30) {
		m.plan.Habits.Self = m.between(time.Second, 10*time.Minute)
	}
	lines := []string{"review: " + pick(m, []string{"always", "flagged", "flagged", "never"})}
	if m.chance(70) {
		lines = append(lines, "holidays: "+pick(m, countries()))
	}
	if m.chance(40) {
		lines = append(lines, "spread: "+pick(m, []string{"0m", "5m", "45m"}))
	}
	if m.chance(20) {
		lines = append(lines, "announce: "+pick(m, []string{"1h", "6h"}))
	}
	if m.chance(40) {
		lines = append(lines, "per_hour: 2")
	}
	if m.chance(30) {
		lines = append(lines, "drafts: true")
	}
	m.plan.Restart = m.chance(25)
	m.plan.Sending = strings.Join(lines, "\n")
	if m.chance(99) {
		m.plan.Pace = Pace{Wait: m.between(50*time.Minute, 70*time.Minute), Sweep: m.between(4*time.Hour, 8*time.Hour), Drafts: m.between(20*time.Minute, 40*time.Minute)}
	}
}

func (m *maker) application(n int) Application {
	company := companies()[n]
	a := Application{Stem: strings.ToLower(company), Company: company, Role: pick(m, []string{"Backend Developer", "Site Reliability Engineer", "Data Analyst"}),
		Domain: strings.ToLower(company) + ".example", Zone: pick(m, zones())}
	if m.chance(70) {
		a.Zone = m.plan.Zone
	}
	names := people()
	if n == 1 && m.twin() {
		names = others()
		a.Stem, a.Company, a.Role, a.Domain = twinStem, m.plan.Applications[0].Company, "Product Manager", m.plan.Applications[0].Domain
	}
	m.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	person := func() (p Person) {
		p, names = m.person(names[0], a.Domain), names[1:]
		return p
	}
	if m.chance(50) {
		r := person()
		a.Recruiter = &r
	}
	if first := m.plan.Applications; a.Stem == twinStem && first[0].Recruiter != nil && dice(m.plan.Seed, "recruiter").IntN(2) == 0 {
		a.Recruiter = first[0].Recruiter
	}
	for r := range 1 + m.IntN(2) {
		i := Interview{ID: fmt.Sprintf("round-%d", r+1), Minutes: 30 + 15*m.IntN(5), Held: m.chance(60)}
		day := m.plan.Start.AddDate(0, 0, r*6+m.IntN(7))
		i.At = time.Date(day.Year(), day.Month(), day.Day(), 8+m.IntN(9), 15*m.IntN(4), 0, 0, m.location(a.Zone))
		for range 1 + m.IntN(3) {
			i.People = append(i.People, person())
		}
		if m.chance(20) {
			late := person()
			i.Later = append(i.Later, late)
			m.add(Event{At: m.between(0, 12*24*time.Hour), Kind: JoinsFile, Who: late.Email})
		}
		if m.chance(15) {
			m.add(Event{At: m.between(0, 12*24*time.Hour), Kind: LeavesFile, Who: pick(m, i.People).Email})
		}
		a.Interviews = append(a.Interviews, i)
	}
	return a
}

// twinStem names the file of another role at the first company.
const twinStem = "another-role"

// twin reports whether the second application is for another role at the first company: in a
// sixth of the plans, half of them with the same recruiter. Whoever of the company writes to no
// thread may mean either.
func (m *maker) twin() bool { return dice(m.plan.Seed, "twin").IntN(6) == 0 }

func (m *maker) location(zone string) *time.Location {
	l, err := time.LoadLocation(zone)
	if err != nil {
		panic(err) // the zones are a list in this package
	}
	return l
}

func (m *maker) person(name, domain string) Person {
	first, _, _ := strings.Cut(name, " ")
	p := Person{Name: name, Email: strings.ToLower(first) + "@" + domain, Said: saidBy(name)}
	if m.chance(20) {
		p.Email = strings.ToLower(first) + "+" + pick(m, oddServers()) + "@" + domain
	}
	if odd := m.servers.IntN(100); odd < 10 {
		p.Email = strings.ToLower(first) + "+" + []string{"451-dot", "554-once"}[odd%2] + "@" + domain
	}
	if m.chance(50) {
		p.Noted = m.between(10*time.Minute, 30*time.Hour)
	}
	for range 3 {
		p.Answers = append(p.Answers, m.answer(p, domain))
	}
	return p
}

// oddServers are what the sending server does with mail to some addresses.
func oddServers() []string {
	return []string{"451", "451-data", "550", "554-data", "drop-after-data", "drop-after-data", "drop-in-data", "slow", "lose-250", "lose-250", "reset-after-250"}
}

// answer is what a mail leads to; the zero value is silence.
func (m *maker) answer(p Person, domain string) Answer {
	if m.chance(55) {
		return Answer{}
	}
	a := Answer{Kind: pick(m, letters()), After: m.between(5*time.Second, 96*time.Hour)}
	if m.chance(15) {
		a.Folder = pick(m, []string{"Junk", "Archive"})
	}
	if a.Kind == Forwarded {
		a.Other, a.Loose = "team@"+domain, m.chance(50)
	}
	if a.Kind == Human && m.chance(15) {
		a.Other = "private." + strings.Split(p.Email, "@")[0] + "@mail.example"
	}
	return a
}

// life is what the people and the user do on their own.
func (m *maker) life() {
	for day := range m.plan.Days {
		for range 1 + m.IntN(2) {
			m.add(Event{At: m.hour(day, 6, 19), Kind: UserLooks})
		}
	}
	for _, a := range m.plan.Applications {
		for range m.IntN(3) {
			m.add(Event{At: m.anyTime(), Kind: pick(m, []Kind{Writes, Writes, Robot, Newsletter}), Who: pick(m, a.Everybody()).Email})
		}
		if m.chance(25) {
			m.add(Event{At: m.anyTime(), Kind: Status, Who: a.Stem})
		}
		for range m.IntN(3) {
			m.add(Event{At: m.anyTime(), Kind: pick(m, userKinds()), Who: a.Stem, For: m.between(time.Minute, 30*time.Hour)})
		}
		for _, i := range a.Interviews {
			for _, p := range i.People {
				if p.Noted > 0 {
					m.add(Event{At: i.At.Add(time.Duration(i.Minutes)*time.Minute + p.Noted).Sub(m.plan.Start), Kind: Notes, Who: p.Email})
				}
			}
		}
	}
}

// keeping is what the user does with drafts, and with backups.
func (m *maker) keeping() {
	if strings.Contains(m.plan.Sending, "drafts: true") {
		for range m.IntN(6) {
			m.add(Event{At: m.anyTime(), Kind: pick(m, []Kind{EditsDraft, EditsDraft, DeletesDraft, SendsDraft})})
		}
	}
	if m.chance(25) {
		taken := m.anyTime()
		m.add(Event{At: taken, Kind: BacksUp})
		m.add(Event{At: m.between(taken, time.Duration(m.plan.Days-Peace)*24*time.Hour+time.Hour), Kind: RestoresOld, For: m.between(time.Minute, time.Hour)})
	}
}

// phone is who answers notices, or seems to.
func (m *maker) phone() {
	for day := range m.plan.Days {
		if m.chance(45) {
			m.add(Event{At: m.hour(day, 6, 22), Kind: AnswersOne})
		}
		if m.chance(8) {
			m.add(Event{At: m.hour(day, 0, 24), Kind: ForgesOne})
		}
	}
}

// with makes a part of the plan with dice of its own.
func (m *maker) with(part string, make func()) {
	usual := m.Rand
	m.Rand = dice(m.plan.Seed, part)
	make()
	m.Rand = usual
}

// badWeather is more trouble than usual, in one plan of eight.
func (m *maker) badWeather() {
	if m.chance(12) {
		for range 3 {
			m.mishaps()
		}
	}
}

// another is a profile that is copied and started elsewhere.
func (m *maker) another() {
	if m.chance(20) {
		m.add(Event{At: m.anyTime(), Kind: CopyRuns, For: m.between(10*time.Minute, 40*time.Hour)})
	}
}

// house is a user who moves to another machine for good, and says so when everything
// is there, or days later.
func (m *maker) house() {
	dice := dice(m.plan.Seed, "adopt")
	if dice.IntN(6) > 0 {
		return
	}
	most := []time.Duration{time.Hour, 40 * time.Hour}[dice.IntN(2)]
	m.addBy(dice, Event{At: time.Duration(1+dice.IntN((m.plan.Days-Peace)*24)) * time.Hour, Kind: MovesHouse, For: time.Minute + time.Duration(dice.Int64N(int64(most)))})
}

// userKinds are what the user does with an application.
func userKinds() []Kind {
	return []Kind{HoldsIt, ResumesIt, HeardByPhone, SkipsOne, WroteByHand, SendsNow, Moves, BreaksFile}
}

// trouble is what goes wrong, before the peace of the end.
func (m *maker) trouble() {
	m.mishaps()
	if m.chance(60) { // a laptop that sleeps at night
		for day := range m.plan.Days {
			m.add(Event{At: m.hour(day, 20, 22), Kind: Sleeps, For: m.between(6*time.Hour, 10*time.Hour)})
		}
	}
}

// mishaps are a few, as likely where mail leaves as anywhere.
func (m *maker) mishaps() {
	for range m.IntN(12) {
		kind := pick(m, troubles())
		e := Event{At: m.hour(m.IntN(m.plan.Days-Peace), 0, 24), Kind: kind, For: m.between(time.Minute, 3*time.Hour)}
		if m.chance(50) && kind != Sleeps {
			// Where mail leaves, most can go wrong.
			e.At = m.hour(m.IntN(m.plan.Days-Peace), 7, 12)
		}
		if m.chance(20) {
			e.For = m.between(3*time.Hour, 30*time.Hour)
		}
		if kind == FullDisk || kind == BrokenDisk {
			e.For = min(e.For, m.between(time.Hour, 5*time.Hour)) // each hour of it is like the one before
			if m.chance(12) {
				e.For = m.between(20*time.Hour, 80*time.Hour)
			}
		}
		m.add(e)
	}
}

// doubts see to it that what is rare where mail leaves is in every other plan: a
// server that takes a mail and does not say so, or one that refuses it.
func (m *maker) doubts() {
	if m.chance(50) {
		return
	}
	a := pick(m, m.plan.Applications)
	i := pick(m, a.Interviews)
	p := &i.People[m.IntN(len(i.People))]
	name, domain, _ := strings.Cut(p.Email, "@")
	if strings.Contains(name, "+") || slices.ContainsFunc(m.plan.Events, func(e Event) bool { return e.Who == p.Email }) {
		return
	}
	p.Email = name + "+" + pick(m, []string{"lose-250", "reset-after-250", "550", "554-once", "451-dot"}) + "@" + domain
}

// hour is a moment of a day, between two hours in the user's zone.
func (m *maker) hour(day, from, to int) time.Duration {
	local := m.plan.Start.In(m.location(m.plan.Zone)).AddDate(0, 0, day)
	begin := time.Date(local.Year(), local.Month(), local.Day(), from, 0, 0, 0, local.Location())
	return max(0, begin.Sub(m.plan.Start)) + m.between(0, time.Duration(to-from)*time.Hour)
}

// anyTime is a moment before the peace of the end.
func (m *maker) anyTime() time.Duration {
	return m.between(time.Hour, time.Duration(m.plan.Days-Peace)*24*time.Hour)
}

// add notes an event and what it needs of chance.
func (m *maker) add(e Event) { m.addBy(m.Rand, e) }

// addBy is add with other dice.
func (m *maker) addBy(dice *rand.Rand, e Event) {
	e.N = dice.Uint64()
	m.plan.Events = append(m.plan.Events, e)
}

// addSome adds one of some kinds of trouble before the peace of the end, for minutes
// or hours, and one time in four for up to most longer.
func (m *maker) addSome(dice *rand.Rand, kinds []Kind, most time.Duration) {
	e := Event{At: time.Hour + time.Duration(dice.Int64N(int64(m.plan.Days-Peace)*24*int64(time.Hour)-int64(time.Hour))), Kind: kinds[dice.IntN(len(kinds))],
		For: time.Minute + time.Duration(dice.Int64N(int64(3*time.Hour)))}
	if dice.IntN(4) == 0 {
		e.For += time.Duration(dice.Int64N(int64(most)))
	}
	m.addBy(dice, e)
}

// settle puts the events in order, each at an instant that nothing else of the
// program uses: minutes are the program's, odd microseconds the world's.
func (m *maker) settle() {
	whole := time.Duration(m.plan.Days) * 24 * time.Hour
	m.plan.Events = slices.DeleteFunc(m.plan.Events, func(e Event) bool { return e.At < 0 || e.At > whole-time.Hour })
	slices.SortStableFunc(m.plan.Events, func(a, b Event) int { return cmp.Compare(a.At, b.At) })
	for n := range m.plan.Events {
		m.plan.Events[n].At = m.plan.Events[n].At.Truncate(time.Second) + time.Duration(2*n+1)*time.Microsecond
	}
}

func companies() []string { return []string{"Acme", "Globex", "Hooli", "Initech"} }

func people() []string {
	return []string{"Ken Osei", "Mara Lindt", "Tomas Ruiz", "Priya Nair", "Noor Haddad", "Ines Moreau", "Oleg Petrov", "Yuki Mori", "Lars Holm", "Ana Costa"}
}

// others are the people of another role at the same company.
func others() []string {
	return []string{"Ida Brandt", "Sam Wu", "Rosa Vidal", "Jun Park", "Vera Novak", "Hugo Lang", "Lena Fischer", "Amir Khan", "Zoe Martin", "Paul Weber"}
}

// saidBy is what a person said in the interview, another thing for each.
func saidBy(name string) string {
	said := []string{
		"the team moves the pager to follow-the-sun in spring",
		"every new engineer ships to production in the first week",
		"the storage rewrite halved your restore times",
		"the platform group grows from four people to nine this winter",
		"the warehouse has its own release train since last summer",
		"you write a short design note before any larger change",
		"the support rota is shared by all who build the product",
		"your customers asked for an audit trail more than for speed",
		"the old billing service is replaced one report at a time",
		"half of the team works from the office in Porto",
	}
	return said[max(slices.Index(people(), name), slices.Index(others(), name))]
}
