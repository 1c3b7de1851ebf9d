package sim

import (
	"slices"
	"strings"
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
