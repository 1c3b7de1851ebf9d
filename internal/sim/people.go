package sim

import (
	"slices"
	"strings"
	"time"

	"afterword/internal/store/faultfs"
)

// The two things that become of a person in a file.
const (
	leftFile   = "left"
	joinedFile = "joined"
)

// people lets somebody come into an interview file or leave it, as an editor does.
func (s *stage) people(e Event) {
	for _, a := range s.plan.Applications {
		for _, i := range a.Interviews {
			for _, p := range slices.Concat(i.Later, i.People) {
				if p.Email != e.Who || s.broken[a.Stem] {
					continue
				}
				what, how := leftFile, leave
				if e.Kind == JoinsFile {
					what, how = joinedFile, join
				}
				s.rewrite(a.Stem, func(text string) string {
					fresh := how(text, i.ID, p)
					if fresh != text {
						s.left = append(s.left, act{at: s.truth.Now(), what: what, on: a.Stem + "/" + i.ID + "/" + p.Email})
					}
					return fresh
				})
			}
		}
	}
}

// round cuts a file around one interview.
func round(text, id string) (before, it, after string) {
	at := strings.Index(text, "  - id: "+id+"\n")
	if at < 0 {
		return text, "", ""
	}
	end := len(text)
	if next := strings.Index(text[at+1:], "\n  - id: "); next >= 0 {
		end = at + 1 + next + 1
	}
	return text[:at], text[at:end], text[end:]
}

// join adds a person, and what was said, to an interview.
func join(text, id string, p Person) string {
	before, it, after := round(text, id)
	if it == "" || !strings.HasSuffix(it, "\n") || strings.Contains(it, p.named()) {
		return text
	}
	return before + it + p.named() + "        said: " + p.Said + "\n" + after
}

// leave takes a person out of an interview that has others.
func leave(text, id string, p Person) string {
	before, it, after := round(text, id)
	head, rest, there := strings.Cut(it, p.named())
	if !there || strings.Count(it, "      - name: ") < 2 {
		return text
	}
	for strings.HasPrefix(rest, "        ") { // what else is said of them
		_, rest, _ = strings.Cut(rest, "\n")
	}
	return before + head + rest + after
}

// copyElsewhere stops the program and starts it on a copy of its profile on another
// machine, where it may read and tell and nothing else. The user goes back later.
func (s *stage) copyElsewhere(e Event) {
	if s.program == nil || s.restart || s.machine.Dead() || s.host != "" {
		return
	}
	image := s.halt()
	if s.machine.Dead() {
		s.died()
		return
	}
	s.restart, s.downSince, s.host = true, s.truth.Now(), ", another one"
	s.boot(image)
	from := s.truth.Now()
	s.after(e, func() { s.goBack(image, from) })
}

// goBack goes on with the profile as it was before it was copied.
func (s *stage) goBack(image faultfs.Image, from time.Time) {
	if s.program == nil || s.restart || s.machine.Dead() {
		s.after(Event{For: time.Hour}, func() { s.goBack(image, from) })
		return
	}
	s.halt()
	now := s.truth.Now()
	s.elsewhere, s.down, s.restores = append(s.elsewhere, span{from, now}), append(s.down, span{from, now}), append(s.restores, now)
	s.host, s.restart, s.downSince = "", true, now
	s.note("back on the old machine")
	s.boot(image)
}
