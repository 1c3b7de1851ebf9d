package scheduler

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// What is shown agrees: `status` worked out without a daemon is what a daemon keeps, `plan`
// names the same mails in the same states, and the events of `why` end where the mail stands.
// Whoever looks changes nothing.

// TestShownAlike looks around in the middle of many lives.
func TestShownAlike(t *testing.T) {
	t.Parallel()
	lives, draw, shown := 1500, chances(), 0
	if testing.Short() {
		lives = 200
	}
	for seed := range lives {
		c := lived(t, uint64(seed)+1, draw)
		n, faults := c.shownAlike()
		shown += n
		if len(faults) > 0 {
			t.Errorf("seed %d: %s\n%s", seed+1, strings.Join(faults, "\n"), c.describe())
			return
		}
	}
	if shown < lives {
		t.Errorf("%d mails were shown in %d lives", shown, lives)
	}
}

// shownAlike says where what is shown of the mails differs from place to place.
func (c *core) shownAlike() (shown int, faults []string) {
	if c.flight != nil || c.files.policy.Broken != "" || !c.daemon.line.empty() {
		return 0, nil
	}
	c.takeUp()
	c.pass(time.Minute)
	if !c.daemon.line.empty() { // what might have left is looked at when it is carried
		return 0, nil
	}
	before := copyStore(c.store)
	kept, err := c.user.Status(c.ctx)
	c.must(err)
	now, err := c.user.StatusNow(c.ctx)
	c.must(err)
	if a, b := itemsOf(kept), itemsOf(now); a != b {
		faults = append(faults, fmt.Sprintf("a daemon keeps\n%s\nworked out it is\n%s", a, b))
	}
	plan, _, err := c.user.Plan(c.ctx, c.clock.now)
	c.must(err)
	planned := map[string]PlanItem{}
	for _, i := range plan {
		planned[i.Key] = i
	}
	for _, d := range kept.Deliveries {
		p, there := planned[d.Key]
		if a := c.files.find(d.Application); a.Stem == "" || a.Broken != "" {
			continue
		}
		if !there || p.State != d.State || d.State.Open() && !p.At.Equal(d.When()) {
			faults = append(faults, fmt.Sprintf("%s is %s on %s, and planned as %s on %s", d.Key, d.State, d.When(), p.State, p.At))
		}
		shown++
	}
	for _, d := range kept.Deliveries {
		faults = append(faults, c.toldOf(d)...)
	}
	if _, err := c.user.Previews(c.ctx, "", c.clock.now); err != nil {
		faults = append(faults, "preview: "+err.Error())
	}
	if !slices.Equal(before.rows, c.store.rows) || len(before.events) != len(c.store.events) || len(before.notices) != len(c.store.notices) {
		faults = append(faults, "a look changes the store")
	}
	return shown, faults
}

// toldOf says where the events of a mail do not end where it stands.
func (c *core) toldOf(d Delivery) (faults []string) {
	story, err := c.user.Why(c.ctx, d.Key)
	if err != nil {
		return []string{fmt.Sprintf("why %s: %v", d.Key, err)}
	}
	last := ""
	for _, e := range story.Events {
		if e.Key == d.Key && e.To != "" {
			last = e.To
		}
	}
	if story.Delivery.State != d.State || last != string(d.State) {
		faults = append(faults, fmt.Sprintf("%s is %s, `why` shows it as %s, and its events end with %s", d.Key, d.State, story.Delivery.State, last))
	}
	if d.State.Open() && d.State != Planned && d.Why == "" && d.WaitingFor == "" && d.Reason == "" {
		faults = append(faults, d.Key+" says nothing")
	}
	return faults
}

// itemsOf are the mails as `status` lists them.
func itemsOf(st StatusReport) string {
	var b strings.Builder
	for _, i := range st.Items() {
		waits := ""
		if i.WaitingFor != nil {
			waits = *i.WaitingFor
		}
		if waits == waitsForStep {
			i.Reason = "" // it may count from a mail that is late, and so from this hour
		}
		fmt.Fprintf(&b, "%s %s %s %q %q\n", i.Key, i.State, i.At.UTC(), waits, i.Reason)
	}
	return b.String()
}

// TestTouchedBeforeItsFileWasRead: what the user does about a file that they wrote a moment
// ago makes the daemon read it, and is not held as if that file were gone.
func TestTouchedBeforeItsFileWasRead(t *testing.T) {
	t.Parallel()
	taken := 0
	c := newCore(&quick{1}, &taken)
	a := c.files.apps[0]
	a.Stem, a.Interviews = "globex", []Interview{{ID: "talk", At: c.clock.now.Add(-48 * time.Hour), Zone: c.place, Duration: time.Hour, Status: InterviewHeld, Interviewers: []Person{person("Ken")}}}
	c.files.apps = append(slices.Clone(c.files.apps), a)
	d, err := c.user.Queue(c.ctx, "globex", stepCheckIn, "")
	if err != nil {
		t.Fatal(err)
	}
	c.pass(time.Minute)
	gone, err := c.store.Meta(metaGone("globex"))
	if _, read := c.daemon.world.Applications["globex"]; err != nil || !read || gone != "" {
		t.Errorf("the daemon knows the file: %v, and calls it gone since %q; %s waits %q", read, gone, d.Key, c.store.get(d.Key).WaitingFor)
	}
	if names, _ := c.store.MetaNames(metaTouched); len(names) > 0 {
		t.Errorf("%v are still to be looked after", names)
	}
}
