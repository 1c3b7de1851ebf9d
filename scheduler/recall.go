package scheduler

import (
	"maps"
	"slices"
	"time"

	"afterword/mailer"
)

// recallDays is how far back our mails are recognised by subject and recipient. A reply
// that names none of our Message-IDs comes while the matter is fresh; one that does is
// recognised at any age.
const recallDays = 180

// recall is our recent mail, read from the store once per batch and only if a message
// needs it.
type recall struct {
	reader Reader
	world  World
	tables mailer.Tables
	now    time.Time
	loaded bool
	known  map[string]exchange
	sieve  *mailer.Matcher // of the applications that we have written to
}

func newRecall(r Reader, w World, tables mailer.Tables, now time.Time) *recall {
	return &recall{reader: r, world: w, tables: tables, now: now}
}

func (c *recall) load() error {
	if c.loaded {
		return nil
	}
	ms, err := c.reader.Mails(MailQuery{Since: c.now.AddDate(0, 0, -recallDays)})
	if err != nil {
		return err
	}
	known := map[string]exchange{}
	for _, m := range ms {
		if m.Outgoing {
			x := known[m.Application]
			x.add(m, m.MessageID)
			known[m.Application] = x
		}
	}
	c.known, c.loaded = underTheirNewNames(known, c.world), true
	var cs []mailer.Candidate
	for stem, x := range c.known {
		if a, there := c.world.Applications[stem]; there {
			cs = append(cs, candidate(a, x.ids, x.subjects, c.now))
		}
	}
	c.sieve = mailer.NewMatcher(ownAddresses(c.world.Policy.Me), cs, c.tables)
	return nil
}

// shown lists the applications that a message may reply to although it names none of our
// mails: by its subject, its quotes, or the address that it reports on.
func (c *recall) shown(m mailer.Message, reading mailer.Reading) ([]string, error) {
	if c == nil {
		return nil, nil
	}
	if err := c.load(); err != nil {
		return nil, err
	}
	return c.sieve.Applications(m, reading), nil
}

// with adds what is recalled to what a message names.
func (c *recall) with(known map[string]exchange) (map[string]exchange, error) {
	if c == nil {
		return known, nil
	}
	if err := c.load(); err != nil {
		return known, err
	}
	all := maps.Clone(c.known)
	for stem, x := range known {
		y := all[stem]
		all[stem] = exchange{
			ids:      union(y.ids, x.ids),
			subjects: slices.Concat(y.subjects, x.subjects),
			company:  firstOf(x.company, y.company),
		}
	}
	return all, nil
}

// add takes one mail of ours into the exchange, under the identifier that
// named it.
func (x *exchange) add(m Mail, id string) {
	if x.ids == nil {
		x.ids = map[string]string{}
	}
	x.ids[id], x.company = m.Person, firstOf(m.Company, x.company)
	x.subjects = append(x.subjects, mailer.BareSubject(m.Subject))
}
