package scheduler

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
	"afterword/scheduler/calendar"
)

// What the user of a life answers to notices, and what they want to be forgotten.

// coreHand writes answers into the files of a life.
type coreHand struct{ c *core }

func (h coreHand) edit(stem string, change func(*Application)) {
	n := slices.IndexFunc(h.c.files.apps, func(a Application) bool { return a.Stem == stem })
	h.c.files.edit(n, change)
}

func (h coreHand) Held(stem, round string, said []mailer.SaidAnswer) (string, error) {
	h.edit(stem, func(a *Application) {
		i := a.roundAt(round)
		i.Status = InterviewHeld
		for n := range i.Interviewers {
			if len(said) > 0 && strings.HasPrefix(i.Interviewers[n].Name, said[0].Name) {
				i.Interviewers[n].Said = said[0].Text
			}
		}
	})
	return "Noted.", nil
}

func (h coreHand) Moved(stem, round string, to calendar.Wall) (string, error) {
	h.edit(stem, func(a *Application) {
		i := a.roundAt(round)
		i.At = calendar.Resolve(to, i.Zone)
	})
	return "Noted.", nil
}

// roundAt is the meeting with that id, to be changed.
func (a *Application) roundAt(id string) *Interview {
	return &a.Interviews[slices.IndexFunc(a.Interviews, func(i Interview) bool { return i.ID == id })]
}

// answerNotice is the user who answers a notice by mail, be it an old one.
func (c *core) answerNotice(t dice) {
	var asked []string
	for _, n := range c.store.notices {
		asked = append(asked, n.Key)
	}
	if len(asked) > 3 && !oneIn(t, 4, "an old one") {
		asked = asked[len(asked)-3:]
	}
	about, known, err := loadJSON[About](c.store, metaAbout+one(t, asked))
	c.must(err)
	if !known || len(about.Answers) == 0 {
		t.Skip("it asks for nothing")
	}
	words := append(slices.Clone(about.Answers), mailer.AnswerStop)
	word := words[c0(t, len(words), "word")]
	_, taken := c.truth.taken[about.Key]
	if word == mailer.AnswerStop && !oneIn(t, 4, "really") || (word == mailer.AnswerSent) != taken && (word == mailer.AnswerSent || word == mailer.AnswerNotSent) {
		t.Skip("the user does not say so")
	}
	text := string(word)
	switch word {
	case mailer.AnswerMoved:
		text += c.clock.now.AddDate(0, 0, c0(t, 6, "days")).Format(" 2006-01-02 15:04")
	case mailer.AnswerSaid:
		text = about.Person + ": the pager moves"
	}
	c.letters++
	c.must(saveJSON(c.store, metaAnswerWaits+fmt.Sprintf("<answer-%d@example.org>", c.letters), keptAnswer{Text: text, About: about, Arrived: c.clock.now}))
	c.daemon.answersWait = true
	before, events := c.store.get(about.Key), len(c.store.events)
	c.truth.ever.answered[about.Application] = c.truth.ever.answered[about.Application] || word == mailer.AnswerHeard
	c.truth.settling = true
	c.must(c.daemon.answerAll(c.ctx))
	c.truth.settling = false
	c.answeredNotice(word, about, before, c.store.events[events:])
	c.tick()
}

// answeredNotice notes what the user has said by an answer that was obeyed.
func (c *core) answeredNotice(word mailer.AnswerWord, about About, before Delivery, since []Event) {
	after := c.store.get(about.Key)
	switch word {
	case mailer.AnswerOK:
		if slices.ContainsFunc(since, func(e Event) bool { return e.Key == about.Key && e.To == string(Approved) && e.Actor == ActorUser }) {
			c.agree(about.Key)
		}
	case mailer.AnswerHeard:
		if slices.ContainsFunc(since, func(e Event) bool { return e.What == "answered" }) {
			c.truth.answered(c.files, about.Application, wrote{c.clock.now, c.reads})
			c.truth.itWasTheirs(about.Application)
		}
	case mailer.AnswerSent, mailer.AnswerNotSent, mailer.AnswerDrop:
		if before.State == InDoubt {
			c.truth.known[about.Key] = after.State == Sent
		}
	case mailer.AnswerStop, mailer.AnswerSkip, mailer.AnswerMoved, mailer.AnswerSaid:
	}
}

// forget is the user who has an application forgotten while the program does not run, and its file
// with it. They may write it anew.
func (c *core) forget(t dice) {
	if c.flight != nil || len(c.files.apps) < 2 || !oneIn(t, 3, "really") {
		t.Skip("nothing is to be forgotten")
	}
	n := c0(t, len(c.files.apps), "application")
	a := c.files.apps[n]
	_, err := c.user.Forget(c.ctx, c.ledger, a.Stem)
	c.allow(err)
	if err != nil {
		return
	}
	for key, d := range c.truth.taken {
		if d.Application == a.Stem {
			c.truth.gone[key] = true
		}
	}
	maps.DeleteFunc(c.truth.said, func(key string, _ mailer.Frozen) bool { return strings.HasPrefix(key, a.Stem+"/") })
	c.truth.forgotten(a, c.files)
	c.ghost = nil
	c.files.apps = slices.Delete(slices.Clone(c.files.apps), n, n+1)
	c.hidden = &a
	c.restart()
}

// forgotten is what the program need not know any more.
func (t *truth) forgotten(a Application, files *papers) {
	t.ended[a.Stem], t.restart[a.Stem] = wrote{}, wrote{}
	for _, byKey := range []map[string]int{t.agreed, t.urged, t.tried, t.queued} {
		maps.DeleteFunc(byKey, func(key string, _ int) bool { return strings.HasPrefix(key, a.Stem+"/") })
	}
	maps.DeleteFunc(t.words, func(key, _ string) bool { return strings.HasPrefix(key, a.Stem+"/") })
	maps.DeleteFunc(t.despite, func(key string, _ bool) bool { return strings.HasPrefix(key, a.Stem+"/") })
	maps.DeleteFunc(t.lapsed, func(key string, _ time.Time) bool { return strings.HasPrefix(key, a.Stem+"/") })
	delete(t.noMore, a.Stem)
	delete(t.resting, a.Stem)
	a.anybody(func(p *Person) bool { // each entry: one person may have several
		for _, address := range p.Addresses() {
			t.forgottenAddress(a, NormalAddress(address), files)
		}
		return false
	})
}

// forgottenAddress is what the program need not know any more of somebody of an application.
func (t *truth) forgottenAddress(a Application, who string, files *papers) {
	delete(t.first, a.Stem+" "+who)
	delete(t.dead, who) // it stood in a letter of the application, as
	delete(t.wroteTo, who)
	if slices.ContainsFunc(files.apps, func(o Application) bool { return o.Stem != a.Stem && o.names(who) }) {
		return // others know them too
	}
	delete(t.noMore, who)
	delete(t.spoke, who)
	delete(t.away, who)
	delete(t.resting, who)
}
