package config

import (
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"afterword/scheduler"
)

// recruiter reads the recruiter, nil if there is none.
func (r *reader) recruiter(v value) *scheduler.Person {
	p := r.person(v.fields(), !v.absent() && v.node.Kind == yaml.MappingNode)
	if v.absent() {
		return nil
	}
	return &p
}

// interviewers reads the people of one meeting, each of whom stands there
// once: a second entry would be a second thank-you.
func (r *reader) interviewers(v value) []scheduler.Person {
	var people []scheduler.Person
	seen := map[string]int{}
	leads := 0
	for n, item := range v.items() {
		f := item.fields()
		p := r.person(f, item.absent() || item.node.Kind == yaml.MappingNode)
		for _, id := range identities(p) {
			first, twice := seen[id]
			if twice && first != n {
				hint := ""
				if strings.Contains(id, "@") && !strings.EqualFold(p.Name, people[first].Name) {
					hint = people[first].Name + " has that address already; where two people share a mailbox, leave the email of one of them out"
				}
				r.add(item.place(), item.key, "the same person as in "+v.key+"["+strconv.Itoa(first)+"]", "each interviewer once", hint)
				break
			}
			seen[id] = n
		}
		if p.Lead {
			if leads++; leads == 2 {
				f.get("lead").wrong("one lead in an interview", "")
			}
		}
		people = append(people, p)
	}
	return people
}

// identities are what two entries for one person have in common.
func identities(p scheduler.Person) []string {
	var ids []string
	for _, a := range p.Addresses() {
		ids = append(ids, scheduler.NormalAddress(a))
	}
	if len(ids) == 0 && p.Name != "" {
		ids = append(ids, "name:"+strings.ToLower(p.Name))
	}
	return ids
}

// person reads an interviewer or a recruiter.
func (r *reader) person(f *fields, required bool) scheduler.Person {
	p := scheduler.Person{
		Name:      f.get("name").name(),
		Email:     f.get("email").email(),
		Guessed:   f.get("guessed").flag(false),
		Title:     f.get("title").line(),
		Lead:      f.get("lead").flag(false),
		Said:      f.get("said").text(),
		Question:  f.get("question").text(),
		Notes:     f.get("notes").text(),
		Greet:     f.get("greet").phrase(),
		Templates: r.ownTemplates(f.section("templates")),
		Aliases:   parsedAll(f.get("aliases"), "an address such as ken@acme.example", readEmail),
		Skip:      f.get("skip").reason("a reason not to thank this person, in words", "leave skip out, and this person is thanked"),
		Zone:      f.get("timezone").zone(),
	}
	for n, address := range append([]string{p.Email}, p.Aliases...) {
		if address == "" || !contains(r.own, scheduler.NormalAddress(address)) {
			continue
		}
		f.get([]string{"email", "aliases"}[min(n, 1)]).wrong("the address of somebody else", "it is your own, from me in config.yaml")
		break
	}
	if required && f.get("name").empty() {
		f.get("name").missing("the person's name")
	}
	if p.Guessed && f.get("email").empty() {
		f.get("guessed").wrong("an email that was guessed", "leave guessed out where there is no email")
	}
	f.done()
	return p
}

// ownTemplates reads which template a person gets for a step; an empty one
// means the step's own. A step that the sequence does not have is refused: its
// template would never be used.
func (r *reader) ownTemplates(f *fields) map[string]string {
	own := map[string]string{}
	for _, name := range f.names {
		if len(r.steps) > 0 && !contains(r.steps, name.Value) {
			r.add(name, f.path(name.Value), strconv.Quote(name.Value), "a step of the sequence: "+oneOf(r.steps), DidYouMean(name.Value, r.steps))
		}
		if t := f.get(name.Value).word("the name of a template"); t != "" {
			own[name.Value] = t
		}
	}
	if len(own) == 0 {
		return nil
	}
	return own
}

// debrief reads what the candidate noted after the meeting.
func (r *reader) debrief(f *fields) scheduler.Debrief {
	d := scheduler.Debrief{
		WentWell:     f.get("went_well").text(),
		WhyWell:      f.get("why_well").text(),
		Faltered:     f.get("faltered").text(),
		Unprepared:   f.get("unprepared").texts(),
		BetterAnswer: f.get("better_answer").text(),
		Questions:    f.get("questions").texts(),
		Promised:     f.get("promised").text(),
		Feedback:     f.get("feedback").text(),
	}
	for _, item := range f.get("answers").items() {
		entry := item.fields()
		a := scheduler.Answer{
			Question: entry.get("question").text(),
			Better:   entry.get("better").text(),
			Source:   entry.get("source").text(),
		}
		entry.done()
		if a != (scheduler.Answer{}) {
			d.Answers = append(d.Answers, a)
		}
	}
	f.done()
	return d
}
