package sim

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing/synctest"
	"time"
)

// What the program proposes works: once a life is judged, its user does what `afterword`
// alone names, one thing after another, until nothing needs them. No command that it names
// is refused, and none leaves the sentence standing that named it.

// proposes is the name of this promise.
const proposes = "what is proposed works"

// follow is that user. What they can only do with an editor, or by answering questions,
// they leave.
func (s *stage) follow() {
	chance := rand.New(rand.NewPCG(s.plan.Seed, 11))
	done := map[string]bool{}
	for range 60 {
		needs := slices.DeleteFunc(s.screen(), func(need string) bool { return done[need] || len(proposed(need)) == 0 })
		if len(needs) == 0 {
			return
		}
		need := needs[chance.IntN(len(needs))]
		done[need] = true
		acted := s.does(proposed(need), chance)
		for until := s.truth.Now().Add(2 * time.Minute); !s.reach(until); {
			continue
		}
		if acted != "" && slices.Contains(s.screen(), need) {
			s.violate(proposes, "%q is done, and it still says: %s", acted, need)
		}
	}
	s.violate(proposes, "after 60 things that the user did something still needs them: %q", s.screen())
}

// screen is what `afterword` alone shows, a need on a line.
func (s *stage) screen() []string {
	if s.program == nil || s.machine.Dead() {
		return nil
	}
	_, said := s.program.Command()
	return strings.Split(said, "\n")
}

// does carries out one of some commands, and then one of those that its answer names. It
// returns the one that changed something, "" if none did.
func (s *stage) does(all [][]string, chance *rand.Rand) (acted string) {
	for len(all) > 0 {
		args := all[chance.IntN(len(all))]
		if len(args) == 1 && args[0] == "resume" { // where the user paused everything, the first ends only that
			s.program.Command(args...)
		}
		code, said := s.program.Command(args...)
		s.note("proposed: afterword %s: exit %d", strings.Join(args, " "), code)
		s.machine.saved()
		s.machine.committed()
		synctest.Wait()
		switch {
		case args[0] == "send" && code < 2: // a gate may stop it, and their server may refuse it again
			return ""
		case code == 1 || code == 2:
			s.violate(proposes, "afterword %s: exit %d: %s", strings.Join(args, " "), code, said)
			return ""
		case args[0] != "review":
			return strings.Join(args, " ")
		}
		all = proposed(said)
	}
	return ""
}

// proposed are the commands that a text names, without those that lack a word or need more
// than words.
func proposed(text string) (all [][]string) {
	parts := strings.Split(text, "afterword ")
	for _, part := range parts[1:] {
		for _, end := range []string{"\n", "`", "   or   ", ". ", "; ", ": ", ", ", " or "} {
			part, _, _ = strings.Cut(part, end)
		}
		var args []string
		for word := range strings.FieldsSeq(strings.TrimRight(part, ".,;:)")) {
			word, _, _ = strings.Cut(word, "|") // of several, any
			args = append(args, strings.Trim(word, "'"))
		}
		unsaid := slices.ContainsFunc(args, func(word string) bool { return word == strings.ToUpper(word) })
		if len(args) > 0 && !unsaid && !slices.Contains([]string{"run", "plan", "init", "check", "edit", "debrief"}, args[0]) {
			all = append(all, args)
		}
	}
	return all
}
