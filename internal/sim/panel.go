package sim

import (
	"strings"
	"time"
)

// panel is a large panel in a fifth of the seeds, all of whom are to be thanked in
// the same minute, while only two mails may leave in an hour.
func (m *maker) panel() {
	dice := dice(m.plan.Seed, "panel")
	if dice.IntN(5) > 0 {
		return
	}
	m.plan.set("per_hour", "2")
	m.plan.set("spread", "0m")
	if dice.IntN(10) < 7 {
		m.plan.set("review", "never")
	}
	company := companies()[len(companies())-1]
	a := Application{Stem: strings.ToLower(company), Company: company, Role: "Platform Engineer", Domain: strings.ToLower(company) + ".example", Zone: m.plan.Zone}
	day := m.plan.Start.AddDate(0, 0, dice.IntN(9))
	i := Interview{ID: "round-1", Minutes: 90, Held: true, At: time.Date(day.Year(), day.Month(), day.Day(), 9+dice.IntN(6), 0, 0, 0, m.location(a.Zone))}
	names := people()
	dice.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	for _, name := range names[:4+dice.IntN(2)] {
		first, _, _ := strings.Cut(name, " ")
		i.People = append(i.People, Person{Name: name, Email: strings.ToLower(first) + "@" + a.Domain, Said: saidBy(name)})
	}
	a.Interviews = []Interview{i}
	m.plan.Applications = append(m.plan.Applications, a)
}
