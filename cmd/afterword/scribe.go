package main

import (
	"fmt"
	"strings"

	"afterword/internal/config"
	"afterword/mailer"
	"afterword/scheduler"
	"afterword/scheduler/calendar"
)

// scribe writes what the user answers to a notice, as `debrief` and `set` do.
type scribe struct{ house *house }

// Held notes that a meeting took place and what people said.
func (s scribe) Held(stem, round string, said []mailer.SaidAnswer) (string, error) {
	policy, a, err := s.house.application(stem)
	if err != nil {
		return "", err
	}
	i, err := debriefRound(a, round, s.house.clock.Now())
	if err != nil {
		return "", err
	}
	if i.Status == scheduler.InterviewCancelled { // an answer may be read long after it was written: what the file says was said later
		return "", hinted{fmt.Errorf("%s is cancelled in its file", scheduler.TheInterview(i.ID)), fmt.Sprintf("If it took place after all: afterword debrief %s --round %s", scheduler.ShellWord(a.Stem), scheduler.ShellWord(i.ID))}
	}
	told := newDebrief()
	for _, one := range said {
		n, err := interviewerNamed(i, one.Name)
		if err != nil {
			return "", err
		}
		told.said[n] = strings.TrimSpace(told.said[n] + " " + one.Text)
	}
	set, err := told.changes(i)
	if err != nil {
		return "", err
	}
	if len(set) > 0 {
		if err := editFile(policy, a, set...); err != nil {
			return "", err
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Written down for %s: %s took place.", a.Company, scheduler.TheInterview(i.ID))
	for n, one := range i.Interviewers {
		if told.said[n] == "" {
			continue
		}
		fmt.Fprintf(&b, "\n%s: %s", one.Name, told.said[n])
		if sentence := s.house.saidSentence(policy, a, i, n, told.said[n]); sentence != "" {
			fmt.Fprintf(&b, "\n  In the mail: %s", sentence)
		}
	}
	return b.String(), nil
}

// Moved gives a meeting another time.
func (s scribe) Moved(stem, round string, to calendar.Wall) (string, error) {
	policy, a, err := s.house.application(stem)
	if err != nil {
		return "", err
	}
	if err := editFile(policy, a, config.Change{Path: "interviews[" + round + "].at", Text: fmt.Sprintf("%s %02d:%02d", to.Date, to.Hour, to.Minute)}); err != nil {
		return "", err
	}
	zone := policy.Me.Zone
	if i, ok := a.Interview(round); ok {
		zone = i.Zone
	}
	return fmt.Sprintf("Written down for %s: %s is on %s.", a.Company, scheduler.TheInterview(round), clockTime(calendar.Resolve(to, zone), zone.String(), s.house.clock.Now())), nil
}

var _ scheduler.Scribe = scribe{}
