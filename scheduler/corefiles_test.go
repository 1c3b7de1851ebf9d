package scheduler

import (
	"slices"
	"sync"
	"time"

	"afterword/scheduler/calendar"
)

// What the user does to the files in a life of the core: each edit is saved, and the
// program takes it up at once, or later.

// fileEdit is one thing that the user changes in an interview file.
type fileEdit func(c *core, t dice, a *Application)

// fileEdits are all of them.
func fileEdits() []fileEdit {
	return []fileEdit{
		func(c *core, t dice, a *Application) {
			a.Status = []Status{StatusActive, StatusConsidered, StatusPaused, StatusOffer, StatusAccepted, StatusRejected, StatusWithdrawn, StatusClosed}[c0(t, 8, "status")]
			c.truth.confirmed(a.Stem, a.Status)
		},
		allIsWell, allIsWell,
		func(_ *core, t dice, a *Application) {
			a.Interviews[0].Status = []InterviewStatus{InterviewHeld, InterviewHeld, InterviewPlanned, InterviewCancelled}[c0(t, 4, "interview")]
		},
		func(_ *core, t dice, a *Application) {
			a.Interviews[0].Interviewers[0].Said = []string{"", "the pager moves", "there are two teams"}[c0(t, 3, "said")]
		},
		func(_ *core, t dice, a *Application) {
			a.DecisionBy = calendar.DateOf(paris("2026-11-25 12:00")).AddDays(c0(t, 20, "decision"))
		},
		func(_ *core, t dice, a *Application) {
			a.Broken = []string{"", "", "line 3: found a tab"}[c0(t, 3, "broken")]
		},
		notThanked,
		func(_ *core, t dice, a *Application) {
			i := &a.Interviews[0]
			i.At = i.At.AddDate(0, 0, c0(t, 9, "days")-3).Add(time.Duration(c0(t, 3, "hours")) * time.Hour)
		},
		joinOrLeave, anotherAddress, unsureAddress, anotherLead, anotherRecruiter, anotherID, anotherRound,
		noAddress, anotherPlace,
		anotherAlias, swappedAddresses, anotherName, ownTemplate,
		func(_ *core, t dice, a *Application) {
			a.Interviews[0].Duration = []time.Duration{45 * time.Minute, 2 * time.Hour}[c0(t, 2, "duration")]
		},
		func(_ *core, t dice, a *Application) {
			a.Sequence = []string{"default", "default", "short", "wide"}[c0(t, 4, "sequence")]
		},
	}
}

// allIsWell undoes what keeps mail waiting.
func allIsWell(_ *core, _ dice, a *Application) {
	a.Status, a.Interviews[0].Status = StatusActive, InterviewHeld
}

// notThanked gives a reason not to thank somebody, or takes it back.
func notThanked(_ *core, _ dice, a *Application) {
	p := &a.Interviews[0].Interviewers[0]
	if skip := "was ill"; p.Skip == skip {
		p.Skip = ""
	} else {
		p.Skip = skip
	}
}

// joinOrLeave adds somebody to the panel, or takes them out.
func joinOrLeave(_ *core, _ dice, a *Application) {
	i := &a.Interviews[0]
	if noor := person("Noor"); len(i.Interviewers) > 1 {
		i.Interviewers = i.Interviewers[:1]
	} else if i.Interviewers[0].Name != noor.Name {
		i.Interviewers = append(i.Interviewers, noor)
	}
}

// anotherAddress puts an address right.
func anotherAddress(_ *core, t dice, a *Application) {
	p := &a.Interviews[0].Interviewers[0]
	p.Email = []string{person("Ken").Email, "ken.osei@acme.example"}[c0(t, 2, "address")]
	if a.Stem != "acme" {
		p.Email = person("Noor").Email
	}
}

// unsureAddress lets the user doubt an address, or be sure of it again.
func unsureAddress(_ *core, _ dice, a *Application) {
	p := &a.Interviews[0].Interviewers[0]
	p.Guessed = !p.Guessed
}

// anotherLead says who led the meeting.
func anotherLead(_ *core, t dice, a *Application) {
	people := a.Interviews[0].Interviewers
	lead := c0(t, len(people)+1, "lead")
	for n := range people {
		people[n].Lead = n == lead
	}
}

// anotherRecruiter lets a recruiter come or go.
func anotherRecruiter(_ *core, _ dice, a *Application) {
	if r := person("Priya"); a.Recruiter == nil {
		a.Recruiter = &r
	} else {
		a.Recruiter = nil
	}
}

// anotherID names a meeting otherwise.
func anotherID(_ *core, t dice, a *Application) {
	i := &a.Interviews[0]
	if a.Stem == "acme" && i.Interviewers[0].Name == person("Ken").Name {
		i.ID = []string{"onsite", "on-site"}[c0(t, 2, "id")]
	}
}

// anotherRound adds a second meeting, or takes it out.
func anotherRound(c *core, t dice, a *Application) {
	if len(a.Interviews) > 1 {
		a.Interviews = a.Interviews[:1]
		return
	}
	ten := time.Date(c.clock.now.Year(), c.clock.now.Month(), c.clock.now.Day(), 9, 0, 0, 0, time.UTC)
	a.Interviews = append(a.Interviews, Interview{ID: "second", At: ten.AddDate(0, 0, c0(t, 8, "days")-2), Zone: c.place, Duration: time.Hour,
		Status: InterviewHeld, Interviewers: []Person{person([]string{"Ken", "Lena"}[c0(t, 2, "with")])}})
}

// changeFile edits an interview file.
func (c *core) changeFile(t dice) {
	edits := fileEdits()
	edit := edits[c0(t, len(edits), "what")]
	c.files.edit(c0(t, len(c.files.apps), "application"), func(a *Application) { edit(c, t, a) })
	c.takeUpSoon(t)
}

// hideFile takes the second file away, or brings it back.
func (c *core) hideFile(t dice) {
	switch {
	case c.hidden != nil:
		c.files.apps, c.hidden = append(slices.Clone(c.files.apps), *c.hidden), nil
	case len(c.files.apps) > 1 && oneIn(t, 3, "really"):
		c.hidden = &c.files.apps[1]
		c.files.apps = slices.Clone(c.files.apps[:1])
		if oneIn(t, 2, "by command") {
			_, err := c.user.Remove(c.ctx, c.hidden.Stem)
			c.must(err)
		}
	default:
		t.Skip("the files stay as they are")
	}
	c.takeUpSoon(t)
}

// takeUpSoon lets the program hear of what was saved, or not yet.
func (c *core) takeUpSoon(t dice) {
	if !oneIn(t, 4, "later") {
		c.takeUp()
	}
}

// takeUp is what the watcher of files leads to.
func (c *core) takeUp() {
	c.must(c.daemon.filesChanged(c.ctx))
	c.tick()
}

// changePolicy edits config.yaml.
func (c *core) changePolicy(t dice) {
	switch p := &c.files.policy; c0(t, 18, "what") {
	case 0:
		p.Limits.PerApplication = c0(t, 6, "per application")
	case 1:
		p.Limits.PerPerson = c0(t, 6, "per person")
	case 2:
		p.Review = []ReviewMode{ReviewNever, ReviewFlagged, ReviewAlways}[c0(t, 3, "review")]
	case 3:
		p.Broken = []string{"", "", "line 3: found a tab"}[c0(t, 3, "broken")]
	case 4: // the sequence loses its last step, or gets it back
		p.Sequences = coreSequences(len(corePolicy().Sequences["default"]) - c0(t, 2, "without"))
	case 5:
		p.Holidays = []string{"", "FR"}[c0(t, 2, "holidays")]
	case 6:
		p.Announce = []time.Duration{18 * time.Hour, 40 * time.Hour}[c0(t, 2, "announce")]
	case 7:
		p.Window = coreWindows()[c0(t, 2, "hours")]
	case 9:
		p.Drafts = saysDrafts(t)
	case 13:
		p.LastLook = []time.Duration{time.Minute, 3 * time.Minute}[c0(t, 2, "look")]
	case 14:
		p.Late = []calendar.Window{corePolicy().Late, coreWindows()[1]}[c0(t, 2, "late hours")]
	case 15:
		p.Me.Zone = []*time.Location{zone("Europe/Paris"), zone("America/New_York")}[c0(t, 2, "zone")]
	case 10:
		p.Quiet = []calendar.YearlyRange{restfulDays(t)}[:c0(t, 2, "quiet")]
	case 11:
		p.Limits.Gap = span([]string{"3d", "7d", "12d"}[c0(t, 3, "gap")])
	case 12:
		p.PerHour, p.Spread = []int{20, 2, 1}[c0(t, 3, "per hour")], time.Duration(20*c0(t, 2, "spread"))*time.Minute
	case 16:
		p.Replies.Interviewer = []string{ReplyCancels, ReplyRestarts}[c0(t, 2, "interviewer")]
		c.truth.answersCount(p.Replies.Interviewer == ReplyCancels)
	case 17:
		p.Replies.Recruiter = []string{PauseAll, PauseFollowUps}[c0(t, 2, "recruiter")]
	case 8: // the user is away
		p.Me.Away = nil
		if oneIn(t, 2, "away") {
			from := dateIn(c.clock.now, zone("Europe/Paris")).AddDays(c0(t, 4, "in days"))
			p.Me.Away = []calendar.DateRange{{First: from, Last: from.AddDays(c0(t, 9, "for days"))}}
		}
	}
	c.takeUp()
}

// coreWindows are the hours for mail that a life may have.
var coreWindows = sync.OnceValue(func() []calendar.Window {
	return []calendar.Window{hoursOf("MON-FRI", "08:00", "18:00"), hoursOf("MON-FRI", "11:00", "18:00")}
})

// coreSequences are the sequences of a life: the usual one, as far as so many steps, one that only
// thanks, and one that writes to the recruiter and to who led the meeting.
func coreSequences(steps int) map[string][]Step {
	all := corePolicy().Sequences["default"]
	return map[string][]Step{"default": all[:steps], "short": all[:1], "wide": {all[0],
		{Name: "thank-recruiter", Template: "thank-you-recruiter", To: ToRecruiter, After: all[0].After, Cron: all[0].Cron, Expires: all[0].Expires, Kind: Owed},
		{Name: "nudge", Template: "follow-up", To: ToLead, After: all[1].After, Cron: all[1].Cron, Kind: Asking},
		{Name: "nudge-recruiter", Template: "follow-up-2", To: ToRecruiter, After: all[2].After, Cron: all[2].Cron, Kind: Asking},
	}}
}

// restfulDays are some days of each year on which nobody is to be asked.
func restfulDays(t dice) calendar.YearlyRange {
	r, err := calendar.ParseYearlyRange([]string{"12-01..12-08", "12-20..01-05"}[c0(t, 2, "days")])
	if err != nil {
		t.Fatalf("%v", err)
	}
	return r
}
