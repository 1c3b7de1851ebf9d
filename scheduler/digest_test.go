package scheduler

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"afterword/scheduler/calendar"
)

// updateDigest writes the summary of the tests anew.
var updateDigest = flag.Bool("update", false, "write testdata/digest.txt anew")

// TestDigestSlot: the last time of the setting that was missed, once; after a
// week it is left out. Sundays at 18:00 in Paris, but where it says so.
func TestDigestSlot(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, cron, settled, now, want string }{
		{"not yet", "0 18 * * SUN", "2026-11-22 18:00", "2026-11-29 17:59", ""},
		{"now", "0 18 * * SUN", "2026-11-22 18:00", "2026-11-29 18:00", "Sun 29 Nov 18:00"},
		{"settled", "0 18 * * SUN", "2026-11-29 18:00", "2026-11-29 18:10", ""},
		{"slept over it", "0 18 * * SUN", "2026-11-22 18:00", "2026-11-30 09:00", "Sun 29 Nov 18:00"},
		{"slept three weeks", "0 18 * * SUN", "2026-11-08 18:00", "2026-11-30 09:00", "Sun 29 Nov 18:00"},
		{"a month's, missed long ago", "0 18 1 * *", "2026-10-15 18:00", "2026-11-09 09:00", ""},
		{"a month's, missed of late", "0 18 1 * *", "2026-10-15 18:00", "2026-11-08 09:00", "Sun 1 Nov 18:00"},
		{"in the gap of spring", "30 2 * * SUN", "2026-03-22 02:30", "2026-03-29 03:00", "Sun 29 Mar 03:00"},
		{"in the hour that is twice", "30 2 * * SUN", "2026-10-18 02:30", "2026-10-25 04:00", "Sun 25 Oct 02:30"},
		{"off", "", "2026-11-01 18:00", "2026-11-30 09:00", ""},
	} {
		pol := policy()
		if c.cron != "" {
			pol.Digest = cron(c.cron)
		}
		got := ""
		if slot, due := digestSlot(pol, paris(c.settled), paris(c.now)); due {
			got = slot.In(zone("Europe/Paris")).Format("Mon 2 Jan 15:04")
		}
		if got != c.want {
			t.Errorf("%s: %q is due, want %q", c.name, got, c.want)
		}
	}
}

// inPlay is an application of the summary's tests: its interview was held on
// that day.
func inPlay(stem, company, day string) Facts {
	f := acme(onsite(person("Ken")))
	f.Application.Stem, f.Application.Company = stem, company
	f.Application.Interviews[0].At = paris(day + " 14:00")
	f.Application.Interviews[0].Debrief.WentWell = "the whiteboard"
	return f
}

// mailOf is a delivery of an application.
func mailOf(f Facts, step string, state State, due string) Delivery {
	return Delivery{Key: Key(f.Application.Stem, "onsite", step, "ken@acme.example"), Application: f.Application.Stem, Company: f.Application.Company, Interview: "onsite",
		Step: step, Kind: Asking, To: Recipient{Name: "Ken Osei", Email: "ken@acme.example"}, State: state, Due: paris(due), Zone: "Europe/Paris", Began: f.Application.Interviews[0].At}
}

// search is a job hunt on Sunday 29 November 2026, with one of everything.
func search() digest {
	silent, held := inPlay("acme", "Acme", "2026-11-09"), inPlay("globex", "Globex", "2026-11-10")
	silent.heardFrom("ken@acme.example", "human", paris("2026-11-17 10:00"))
	held.Stored = []Delivery{mailOf(held, "follow-up-1", Planned, "2026-12-01 10:00")}
	held.Stored[0].WaitingFor = "the recruiter Priya Nair wrote"
	held.Holds = []Hold{{Scope: ScopeApplication, Target: "globex", Reason: "the recruiter Priya Nair wrote"}}
	busy := inPlay("hooli", "Hooli", "2026-11-16")
	busy.Stored = []Delivery{mailOf(busy, "follow-up-1", Approved, "2026-12-02 10:00"), mailOf(busy, "thank-you", Review, "2026-11-30 10:00"), mailOf(busy, "check-in", InDoubt, "2026-11-20 10:00")}
	fresh := inPlay("initech", "Initech", "2026-11-20")
	fresh.Application.Interviews[0].Debrief = Debrief{}
	fresh.Stored = []Delivery{mailOf(fresh, "follow-up-1", Planned, "2026-12-01 10:00"), mailOf(fresh, "follow-up-2", Planned, "2026-12-20 10:00")}
	return digest{pol: policy(), facts: []*Facts{&silent, &held, &busy, &fresh}, now: paris("2026-11-29 18:04"),
		questions: []Question{{Key: "turn/<a>/acme", Application: "acme", Text: "Your turn: Ken Osei of Acme wrote.\nAnswer him. " + strings.Repeat("x", 600)}},
		hunt:      hunt{Grew: date("2026-11-14")}}
}

// TestDigestGolden: the whole summary of a week.
func TestDigestGolden(t *testing.T) {
	t.Parallel()
	const name = "digest.txt"
	path := filepath.Join("testdata", name)
	got := search().text() + "\n"
	if *updateDigest {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the summary is\n%s\nwant (see -update)\n%s", got, want)
	}
}

// TestSilent: who is called silent, since when, and what is on hold.
func TestSilent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*Facts)
		want   string
	}{
		{"since the interview", func(*Facts) {}, "Acme: since Mon 9 Nov (afterword queue acme check-in)"},
		{"since their mail", func(f *Facts) { f.heardFrom("ken@acme.example", "human", paris("2026-11-22 10:00")) }, "Acme: since Sun 22 Nov (afterword queue acme check-in)"},
		{"a robot ends no silence", func(f *Facts) { f.heardFrom("no-reply@acme.example", "notification", paris("2026-11-28 10:00")) }, "Acme: since Mon 9 Nov (afterword queue acme check-in)"},
		{"not a week yet", func(f *Facts) { f.heardFrom("ken@acme.example", "human", paris("2026-11-23 10:00")) }, ""},
		{"they promised a day", func(f *Facts) { f.Application.DecisionBy = date("2026-11-27") }, ""},
		{"the day is past", func(f *Facts) { f.Application.DecisionBy = date("2026-11-25") }, "Acme: since Mon 9 Nov (afterword queue acme check-in)"},
		{"closed", func(f *Facts) { f.Application.Status = StatusRejected }, ""},
		{"your own pause", func(f *Facts) { f.Application.Status = StatusPaused }, ""},
		{"another round is to come", func(f *Facts) {
			f.Application.Interviews = append(f.Application.Interviews, Interview{ID: "two", At: paris("2026-12-03 10:00"), Status: InterviewPlanned})
		}, ""},
		{"nobody knows whether it took place", func(f *Facts) {
			f.Application.Interviews[0].Status, f.Application.Interviews[0].Debrief = InterviewPlanned, Debrief{}
		}, ""},
		{"something is planned", func(f *Facts) { f.Stored = []Delivery{mailOf(*f, "follow-up-1", Planned, "2026-12-20 10:00")} }, ""},
		{"something waits for you", func(f *Facts) { f.Stored = []Delivery{mailOf(*f, "follow-up-1", Review, "2026-12-20 10:00")} }, ""},
		{"it was skipped", func(f *Facts) { f.Stored = []Delivery{mailOf(*f, "follow-up-1", Cancelled, "2026-12-20 10:00")} }, "Acme: since Mon 9 Nov (afterword queue acme check-in)"},
		{"on hold", func(f *Facts) {
			f.Stored = []Delivery{mailOf(*f, "follow-up-1", Planned, "2026-12-20 10:00")}
			f.Holds = []Hold{{Scope: ScopeEverything, Reason: "your pause"}}
		}, "Acme: since Mon 9 Nov; what was planned is on hold: your pause (afterword resume acme)"},
		{"on hold until a day", func(f *Facts) {
			f.Stored = []Delivery{mailOf(*f, "follow-up-1", Planned, "2026-12-20 10:00")}
			f.Holds = []Hold{{Scope: ScopeEverything, Reason: "away", Until: paris("2026-12-10 00:00")}}
		}, ""},
	} {
		f := inPlay("acme", "Acme", "2026-11-09")
		c.change(&f)
		if got := strings.Join(silentLine(&f, paris("2026-11-29 18:04")), "\n"); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestStoppedHunting: nothing new for a week, something in play, nothing signed.
func TestStoppedHunting(t *testing.T) {
	t.Parallel()
	quiet := func(grew string, off []string, apps ...Facts) bool {
		g := digest{pol: policy(), now: paris("2026-11-29 18:04"), hunt: hunt{Grew: date(grew)}}
		for n := range apps {
			g.facts = append(g.facts, &apps[n])
		}
		g.pol.Off = off
		return len(g.stoppedHunting()) > 0
	}
	as := func(s Status) Facts {
		f := inPlay("acme", "Acme", "2026-11-09")
		f.Application.Status = s
		return f
	}
	for name, c := range map[string]struct{ got, want bool }{
		"a week":                  {quiet("2026-11-22", nil, as(StatusActive)), true},
		"six days":                {quiet("2026-11-23", nil, as(StatusActive)), false},
		"an offer is no contract": {quiet("2026-11-02", nil, as(StatusOffer)), true},
		"signed":                  {quiet("2026-11-02", nil, as(StatusActive), as(StatusAccepted)), false},
		"nothing is in play":      {quiet("2026-11-02", nil, as(StatusRejected)), false},
		"nothing at all":          {quiet("2026-11-02", nil), false},
		"an interview this week":  {quiet("2026-11-02", nil, as(StatusActive), inPlay("b", "B", "2026-11-25")), false},
		"an interview to come":    {quiet("2026-11-02", nil, as(StatusActive), inPlay("b", "B", "2026-12-02")), false},
		"left out":                {quiet("2026-11-02", []string{"stopped-hunting"}, as(StatusActive)), false},
	} {
		if c.got != c.want {
			t.Errorf("%s: told %v, want %v", name, c.got, c.want)
		}
	}
}

// TestHuntGoesOn: a new round or application is news; a file that goes is none,
// and what the store keeps reads back.
func TestHuntGoesOn(t *testing.T) {
	t.Parallel()
	rounds := func(ids ...string) map[string]Application {
		a := Application{Stem: "acme"}
		for _, id := range ids {
			a.Interviews = append(a.Interviews, Interview{ID: id})
		}
		return map[string]Application{"acme": a}
	}
	h := hunt{}.goesOn(rounds("phone"), date("2026-11-01"))
	for _, c := range []struct {
		apps  map[string]Application
		today string
		want  string
	}{
		{rounds("phone"), "2026-11-08", "2026-11-01"},
		{rounds("phone", "onsite"), "2026-11-09", "2026-11-09"},
		{rounds("onsite"), "2026-11-16", "2026-11-09"},
		{map[string]Application{}, "2026-11-17", "2026-11-09"},
		{map[string]Application{"acme": {Stem: "acme", Broken: "line 1"}}, "2026-11-17", "2026-11-09"},
		{rounds("onsite"), "2026-11-17", "2026-11-09"},
		{map[string]Application{"globex": {Stem: "globex"}}, "2026-11-18", "2026-11-18"},
	} {
		h = readHunt(h.goesOn(c.apps, date(c.today)).String())
		if h.Grew.String() != c.want {
			t.Errorf("on %s the last news is of %s, want %s", c.today, h.Grew, c.want)
		}
	}
	if got := readHunt("nonsense"); !got.Grew.IsZero() {
		t.Errorf("nonsense reads as %v", got)
	}
}

// TestTellDigest: a summary for each time, none for the time before the program
// ran, none where there is nothing to say, and one after a long sleep.
func TestTellDigest(t *testing.T) {
	t.Parallel()
	f := inPlay("acme", "Acme", "2026-11-02")
	f.Policy.Digest = cron("0 18 * * SUN")
	o := newOffice(t, f)
	look := func(at string) {
		d := &Daemon{Store: o.store, world: o.world}
		if err := d.sayDue(o.Context(), paris(at)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		at    string
		count int
	}{
		{"2026-11-02 16:00", 0}, // the first look
		{"2026-11-08 18:10", 0}, // six days of silence are nothing to say
		{"2026-11-15 17:50", 0},
		{"2026-11-15 18:10", 1},
		{"2026-11-15 18:20", 1},
		{"2026-12-14 09:00", 2}, // four were missed
		{"2026-12-14 09:10", 2},
	} {
		look(c.at)
		if got := len(o.told("digest/")); got != c.count {
			t.Errorf("after %s %d were told, want %d", c.at, got, c.count)
		}
	}
	n := o.told("digest/")[0]
	if n.Subject != "Your week" || strings.Contains(n.Discreet, "Acme") || !strings.Contains(n.Text, "Acme: since Mon 2 Nov") {
		t.Errorf("the notice says %+v", n)
	}
	look("2026-11-30 09:00") // the clock was set back: it begins anew
	look("2026-12-06 18:10")
	if got := len(o.told("digest/")); got != 3 {
		t.Errorf("after the clock was set back %d were told, want 3", got)
	}
	o.world.Policy.Digest = calendar.Cron{}
	look("2026-12-20 18:10")
	o.world.Policy.Digest, o.world.Policy.Broken = f.Policy.Digest, "line 1"
	look("2026-12-20 18:10")
	if got := len(o.told("digest/")); got != 3 {
		t.Errorf("switched off, or with a broken file, %d were told", got)
	}
}

// TestDebriefLines: interviews of the last four weeks that took place.
func TestDebriefLines(t *testing.T) {
	t.Parallel()
	f := inPlay("acme", "Acme", "2026-11-09")
	noted, old, unknown := f.Application.Interviews[0], f.Application.Interviews[0], f.Application.Interviews[0]
	noted.ID, old.ID, old.At, old.Debrief, unknown.ID, unknown.Status, unknown.Debrief = "noted", "old", paris("2026-10-31 14:00"), Debrief{}, "unknown", InterviewPlanned, Debrief{}
	missing := old
	missing.ID, missing.At = "the second one", paris("2026-11-01 14:00")
	f.Application.Interviews = []Interview{noted, old, unknown, missing}
	got := debriefLines(&f, paris("2026-11-29 18:04"))
	if want := []string{"Acme, the second one on Sun 1 Nov: afterword debrief acme --round 'the second one'"}; !slices.Equal(got, want) {
		t.Errorf("missing: %q, want %q", got, want)
	}
	f.Application.Status = StatusClosed
	if got := debriefLines(&f, paris("2026-11-29 18:04")); len(got) > 0 {
		t.Errorf("closed: %q", got)
	}
}
