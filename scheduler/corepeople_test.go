package scheduler

import (
	"maps"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
)

// People of a life who have several addresses, or another name by now, and whom the user has
// forgotten; and a program that wakes up on another machine, or without its ledger.

// kensOther is the second address of an interviewer.
const kensOther = "ken@osei.example"

// anotherAlias gives an interviewer a second address, or takes it away.
func anotherAlias(_ *core, _ dice, a *Application) {
	p := &a.Interviews[0].Interviewers[0]
	switch {
	case a.Stem != "acme" || p.Name != person("Ken").Name && p.Name != kenneth:
	case len(p.Aliases) > 0:
		p.Aliases = nil
	case p.Email != kensOther:
		p.Aliases = []string{kensOther}
	}
}

// swappedAddresses make the second address the first one.
func swappedAddresses(_ *core, _ dice, a *Application) {
	if p := &a.Interviews[0].Interviewers[0]; len(p.Aliases) == 1 {
		p.Email, p.Aliases = p.Aliases[0], []string{p.Email}
	}
}

// kenneth is how an interviewer is called in the end.
const kenneth = "Kenneth Osei"

// anotherName calls an interviewer otherwise.
func anotherName(_ *core, _ dice, a *Application) {
	switch p := &a.Interviews[0].Interviewers[0]; p.Name {
	case kenneth:
		p.Name = person("Ken").Name
	case person("Ken").Name:
		p.Name = kenneth
	}
}

// ownTemplate gives an interviewer thanks of their own.
func ownTemplate(_ *core, _ dice, a *Application) {
	p := &a.Interviews[0].Interviewers[0]
	if p.Templates == nil {
		p.Templates = map[string]string{"thank-you": "thanks-for-ken"}
	} else {
		p.Templates = nil
	}
}

// noAddress is a file that does not know where somebody reads mail, or knows it now.
func noAddress(_ *core, _ dice, a *Application) {
	people := a.Interviews[len(a.Interviews)-1].Interviewers
	switch p := &people[len(people)-1]; {
	case p.Email == "":
		p.Email = person(strings.Fields(p.Name)[0]).Email
	case len(p.Aliases) == 0:
		p.Email = ""
	}
}

// anotherPlace says where those are who read the mail of an application.
func anotherPlace(_ *core, t dice, a *Application) {
	a.Zone = []*time.Location{nil, zone("Europe/Paris"), zone("Asia/Kolkata"), zone("America/New_York")}[c0(t, 4, "zone")]
	a.Country = []string{"", "DE"}[c0(t, 2, "country")]
}

// addresses are all that the files know of who reads a delivery.
func (c *core) addresses(d Delivery) []string {
	all := []string{NormalAddress(d.To.Email)}
	for _, a := range c.files.apps {
		for _, p := range a.everybody() {
			if hasAddress(&p, d.To.Email) {
				all = append(all, p.Addresses()...)
			}
		}
	}
	for n := range all {
		all[n] = NormalAddress(all[n])
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// ofReader reports whether something is so for an address of who reads a delivery.
func (c *core) ofReader(d Delivery, is func(address string) bool) bool {
	return slices.ContainsFunc(c.addresses(d), is)
}

// forgetPerson is the user who has somebody forgotten whose applications are all over.
func (c *core) forgetPerson(t dice) {
	if c.flight != nil || !oneIn(t, 2, "really") {
		t.Skip("nobody is to be forgotten")
	}
	a := c.files.apps[c0(t, len(c.files.apps), "application")]
	people := a.People()
	p := people[c0(t, len(people), "person")]
	_, err := c.user.ForgetPerson(c.ctx, c.ledger, firstOf(p.Email, p.Name))
	c.allow(err)
	if err != nil {
		return
	}
	for key, d := range c.truth.taken {
		if hasAddress(&p, d.To.Email) || p.Email != "" && slices.Contains(c.addresses(d), NormalAddress(p.Email)) {
			c.truth.gone[key] = true
		}
	}
	known := c.files.apps
	if c.hidden != nil { // a file that is away for now
		known = append(slices.Clip(known), *c.hidden)
	}
	for _, a := range known { // it is over; should the user open it again, the answer may have been theirs
		if slices.ContainsFunc(a.everybody(), func(o Person) bool { return samePerson(&o, &p) }) {
			c.truth.ended[a.Stem], c.truth.restart[a.Stem] = wrote{}, wrote{}
			delete(c.truth.noMore, a.Stem)
		}
	}
	c.truth.forgottenPerson(append(c.addresses(Delivery{To: Recipient{Email: p.Email}}), p.Addresses()...))
	c.ghost = nil
	c.restart()
}

// forgottenPerson is what the program need not know of somebody any more.
func (t *truth) forgottenPerson(addresses []string) {
	for _, address := range addresses {
		who := NormalAddress(address)
		theirs := func(key string) bool { return strings.HasSuffix(key, "/"+who) }
		maps.DeleteFunc(t.said, func(key string, _ mailer.Frozen) bool { return theirs(key) })
		for _, byKey := range []map[string]int{t.agreed, t.urged, t.tried, t.queued} {
			maps.DeleteFunc(byKey, func(key string, _ int) bool { return theirs(key) })
		}
		maps.DeleteFunc(t.words, func(key, _ string) bool { return theirs(key) })
		maps.DeleteFunc(t.despite, func(key string, _ bool) bool { return theirs(key) })
		maps.DeleteFunc(t.lapsed, func(key string, _ time.Time) bool { return theirs(key) })
		delete(t.dead, who)
		delete(t.spoke, who)
		delete(t.wroteTo, who)
		delete(t.away, who)
		delete(t.noMore, who)
		delete(t.resting, who)
		maps.DeleteFunc(t.first, func(key string, _ wrote) bool { return strings.HasSuffix(key, " "+who) })
	}
}

// carryAway starts the program on another machine.
func (c *core) carryAway(t dice) {
	if !oneIn(t, 8, "really") {
		t.Skip("the machine stays")
	}
	c.computer = map[string]string{"laptop": "server", "server": "laptop"}[c.computer]
	c.ghost = nil
	c.restart()
}

// losesSight notes what nothing at all knows of any more.
func (c *core) losesSight() {
	for key, d := range c.truth.taken {
		if max(c.store.get(key).Marked, c.ledger.attempts[key]) < d.Attempt {
			c.truth.lost[key] = true
		}
	}
}

// loseLedger takes the ledger away. What the store knows stands in it again once the program
// starts, so that a backup may still be put back after it.
func (c *core) loseLedger(t dice) {
	if c.flight != nil || !oneIn(t, 6, "really") {
		t.Skip("it is not lost")
	}
	*c.ledger = *newPaper()
	c.losesSight()
	c.ghost = nil
	c.restart()
}
