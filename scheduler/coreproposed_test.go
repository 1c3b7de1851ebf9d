package scheduler

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// What is proposed works: whoever does what a question names is asked it no more, and no
// command that is named is refused.

// TestProposedSettles does, in the middle of many lives, one after the other and each time
// from there, all that the questions and the mails that wait name.
func TestProposedSettles(t *testing.T) {
	t.Parallel()
	lives, draw, tried := 1500, chances(), 0
	if testing.Short() {
		lives = 200
	}
	for seed := range lives {
		c := lived(t, uint64(seed)+1, draw)
		n, faults := c.settles()
		tried += n
		if len(faults) > 0 {
			t.Errorf("seed %d: %s\n%s", seed+1, strings.Join(faults, "\n"), c.describe())
			return
		}
	}
	if tried < lives/2 {
		t.Errorf("%d commands were named in %d lives", tried, lives)
	}
}

// settles says which commands do not do what they are named for.
func (c *core) settles() (tried int, faults []string) {
	if c.flight != nil || c.files.policy.Broken != "" || c.truth.strange || c.stepped {
		return 0, nil
	}
	for _, n := range c.store.notices {
		c.lastNotice = max(c.lastNotice, n.ID)
	}
	c.takeUp()
	c.pass(time.Minute)
	for need, asked := range c.needs() {
		for _, args := range namedIn(need) {
			o := c.aside()
			done, err := o.say(args)
			if !done {
				continue
			}
			tried++
			o.takeUp()
			o.pass(time.Minute)
			still := o.needs()[need]
			switch {
			case err != nil && !errors.Is(err, ErrUser):
				c.Fatalf("%q: %v", args, err)
			case args[0] == "send": // a gate may stop it
			case err != nil:
				faults = append(faults, fmt.Sprintf("%q is refused: %v\nand was named by: %s", args, err, need))
			case still && asked:
				faults = append(faults, fmt.Sprintf("%q is done, and it is still asked: %s", args, need))
			}
		}
	}
	return tried, faults
}

// needs are the sentences that tell the user what to do, those about a file aside that is
// gone or cannot be read: it waits for that.
func (c *core) needs() map[string]bool {
	st, err := c.user.StatusNow(c.ctx)
	c.must(err)
	all := map[string]bool{} // whether it is asked, or only told
	for _, n := range c.store.notices {
		if n.ID > c.lastNotice {
			all[n.Text] = false
		}
	}
	waits := func(stem string) bool { a := c.files.find(stem); return stem != "" && (a.Stem == "" || a.Broken != "") }
	for _, q := range append(st.Doubts(), st.Questions...) {
		if !waits(q.Application) {
			all[q.Text] = true
		}
	}
	for _, d := range st.Waiting() {
		switch {
		case waits(d.Application):
		case d.State == Refused:
			all[d.Key+" was refused: "+d.AfterRefusal()] = true
		case d.State == Review:
			all[fmt.Sprintf("%s waits (%s). %s", d.Key, d.Why, strings.Join(ways(d.Key, d.Findings), ". "))] = true
		}
	}
	return all
}

// say carries out a command line, if it is one that changes something without being asked
// for words.
func (c *core) say(args []string) (done bool, err error) {
	switch {
	case len(args) == 1 && args[0] == "resume":
		for range 2 { // where the user paused everything, the first ends only that
			_, _, err = c.user.Resume(c.ctx, "", false)
		}
	case len(args) < 2:
		return false, nil
	case args[0] == "answered":
		err = c.user.Answered(c.ctx, args[1])
	case args[0] == "resume":
		_, _, err = c.user.Resume(c.ctx, args[1], slices.Contains(args, "--confirm"))
	case args[0] == "hold":
		_, err = c.user.Hold(c.ctx, args[1], time.Time{}, "")
	case args[0] == "skip":
		_, err = c.user.Skip(c.ctx, args[1], "")
	case args[0] == "send":
		_, err = c.user.SendNow(c.ctx, args[1])
	case args[0] == "approve":
		var despite []string
		if len(args) == 4 {
			despite = strings.Split(args[3], ",")
		}
		_, err = c.user.Approve(c.ctx, args[1], despite)
	case args[0] == "queue" && len(args) == 5:
		_, err = c.user.Queue(c.ctx, args[1], args[2], args[4])
	case args[0] == "set" && len(args) == 4:
		return c.set(args[1], args[2], args[3]), nil
	default:
		return false, nil
	}
	return true, err
}

// set changes a file as `set` does.
func (c *core) set(stem, key, value string) (done bool) {
	for n := range c.files.apps {
		if c.files.apps[n].Stem != stem || c.files.apps[n].Broken != "" {
			continue
		}
		c.files.edit(n, func(a *Application) {
			switch {
			case key == "status" && value == string(InterviewHeld): // of its one interview
				a.Interviews[0].Status, done = InterviewHeld, true
			case key == "status":
				a.Status, done = Status(value), true
			case key == "decision_by":
				a.DecisionBy, done = date(value), true
			case strings.HasSuffix(key, "].status"):
				_, id, _ := strings.Cut(strings.TrimSuffix(key, "].status"), "[")
				for i := range a.Interviews {
					if a.Interviews[i].ID == id {
						a.Interviews[i].Status, done = InterviewStatus(value), true
					}
				}
			}
		})
	}
	return done
}

// namedIn are the commands that a text names whole.
func namedIn(text string) (all [][]string) {
	parts := strings.Split(text, "afterword ")
	for _, part := range parts[1:] {
		for _, end := range []string{"\n", "`", ". ", "; ", ": ", ", ", " or "} {
			part, _, _ = strings.Cut(part, end)
		}
		args := strings.Fields(strings.ReplaceAll(strings.TrimRight(part, ".,;:)"), "'", ""))
		if !slices.ContainsFunc(args, func(word string) bool { return word == strings.ToUpper(word) }) {
			all = append(all, args)
		}
	}
	return all
}
