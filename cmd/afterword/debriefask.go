package main

import (
	"context"
	"fmt"
	"strings"

	"afterword/scheduler"
	"afterword/scheduler/calendar"
	"afterword/templates"
)

// debriefing asks the questions one by one.
type debriefing struct {
	p      *program
	h      *house
	ask    *dialogue
	policy scheduler.Policy
	a      scheduler.Application
	i      scheduler.Interview
	told   *debrief
}

// run asks until the answers end: who stops in the middle keeps what was said.
func (b *debriefing) run() error {
	if b.i.Status == scheduler.InterviewPlanned {
		if took, err := b.tookPlace(); err != nil || !took {
			b.told.cancelled = !took
			return err
		}
	}
	for n, one := range b.i.Interviewers {
		b.person(n, one)
	}
	for _, t := range debriefTexts()[:3] {
		b.told.texts[t.key] = b.line(t.question)
	}
	b.told.unprepared = b.list("Which questions were you not prepared for? One on a line, an empty line ends")
	b.answers()
	b.told.questions = b.list("Which questions came up that you want to ask? One on a line, an empty line ends")
	for _, t := range debriefTexts()[3:] {
		b.told.texts[t.key] = b.line(t.question)
	}
	for {
		day := typedDay(b.line("By which day did they promise word? (2026-12-04)"), b.h.clock.Now().In(b.policy.Me.Zone))
		if _, err := calendar.ParseDate(day); day == "" || err == nil {
			b.told.decisionBy = day
			return nil
		}
		fmt.Fprintf(b.p.out, "  %q is no date; write it as 2026-12-04\n", day)
	}
}

// tookPlace asks whether the interview took place. The answer lets its thank-yous
// leave: the end of the input is none, and neither is a word that is no yes or no.
func (b *debriefing) tookPlace() (bool, error) {
	for {
		text, err := b.ask.line("Did it take place? (Enter: yes; n: no)\n> ")
		if err != nil {
			return false, hinted{fmt.Errorf("nothing was written: %w", err), "by flags, without questions: `afterword debrief --help`"}
		}
		switch strings.ToLower(text) {
		case "", "y", "yes":
			return true, nil
		case "n", "no":
			return false, nil
		}
		fmt.Fprintf(b.p.out, "  %q is neither yes nor no\n", text)
	}
}

// line asks for one text. What has no place in a mail is told and asked again;
// the end of the input is an empty answer.
func (b *debriefing) line(question string) string {
	for {
		text, err := b.ask.line(question + "\n> ")
		if err != nil {
			return ""
		}
		if err := templates.CheckValue("the answer", text); err != nil {
			fmt.Fprintf(b.p.out, "  %v\n", err)
			continue
		}
		return text
	}
}

func (b *debriefing) list(question string) (all []string) {
	for text := b.line(question); text != ""; text = b.line("and") {
		all = append(all, text)
	}
	return all
}

// person asks what one interviewer said, and shows the sentence of the mail.
func (b *debriefing) person(n int, one scheduler.Person) {
	if one.Skip != "" {
		return
	}
	now := ""
	if one.Said != "" {
		now = "; Enter keeps: " + strings.TrimSpace(one.Said)
	}
	said := b.line(fmt.Sprintf("What did %s say? It completes \"You mentioned that ...\" (-: was not there%s)", one.Name, now))
	for said != "" && said != "-" {
		if s := b.h.saidSentence(b.policy, b.a, b.i, n, said); s != "" {
			fmt.Fprintf(b.p.out, "  in the mail: %s\n", s)
		}
		if b.ask.raw == nil {
			break
		}
		again := b.line("  Enter keeps it, or write it anew")
		if again == "" {
			break
		}
		said = again
	}
	if said == "-" {
		b.told.absent[n] = true
		return
	}
	b.told.said[n] = said
	b.told.asked[n] = b.line(fmt.Sprintf("A question to %s that came up afterwards? It goes into the mail", one.Name))
}

func (b *debriefing) answers() {
	question := b.line("Which of your answers failed? Write the question; an empty line ends")
	for question != "" {
		b.told.answers = append(b.told.answers, scheduler.Answer{Question: question,
			Better: b.line("  What is the better answer?"), Source: b.line("  Where does it stand? (without a source it is still to be looked up)")})
		question = b.line("and")
	}
}

// saidSentence is the sentence of a person's note in which a word of theirs
// stands, as its template writes it; "" where that cannot be told.
func (h *house) saidSentence(policy scheduler.Policy, a scheduler.Application, i scheduler.Interview, n int, said string) string {
	one := i.Interviewers[n]
	one.Said = said
	template := ""
	for _, s := range policy.Sequences[a.Sequence] {
		if s.Kind == scheduler.Owed && template == "" {
			template = either(one.Templates[s.Name], s.Template)
		}
	}
	language := either(a.Language, policy.Language)
	text, err := h.world.Render(scheduler.RenderInput{Template: template, Language: language, Me: policy.Me, Application: a, Interview: i, Person: one, Rank: n,
		Leaves: h.clock.Now().In(i.Zone)})
	if err != nil {
		return ""
	}
	_, tail, _ := strings.Cut(strings.TrimSpace(said), " ") // the first word may have melted into what stands before it
	return either(templates.Sentence(text.Body, said), templates.Sentence(text.Body, tail))
}

// debriefInEditor shows all questions at once, each under a line of its own.
func (p *program) debriefInEditor(ctx context.Context, a scheduler.Application, i scheduler.Interview, told *debrief) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s. Write below each == line. What stays empty changes nothing.\n\n", scheduler.Commaed(a.Company, scheduler.RoundName(i.ID)))
	ask := func(key, question string) { fmt.Fprintf(&b, "== %s: %s\n\n", key, question) }
	for n, one := range i.Interviewers {
		ask(fmt.Sprintf("said %d", n+1), one.Name+" mentioned that ... (a single - : was not there)")
		ask(fmt.Sprintf("question %d", n+1), "a question to "+one.Name+" that came up afterwards; goes into the mail")
	}
	for _, t := range debriefTexts() {
		ask(t.key, t.question)
	}
	ask("unprepared", "questions you were not prepared for, one on a line")
	ask("answers", "answers that failed, one on a line: QUESTION | BETTER ANSWER | SOURCE")
	ask("questions", "questions to ask next time, one on a line")
	ask("decision_by", "the day by which they promised word, such as 2026-12-04")
	text, err := p.inEditor(ctx, "debrief.txt", b.String())
	if err != nil {
		return err
	}
	told.fromText(text, len(i.Interviewers))
	return nil
}

// fromText reads what the editor saved.
func (d *debrief) fromText(text string, people int) {
	parts := map[string]string{}
	key := ""
	for line := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		if rest, ok := strings.CutPrefix(line, "== "); ok {
			key, _, _ = strings.Cut(strings.TrimSpace(rest), ":")
		} else if key != "" && !strings.HasPrefix(line, "#") {
			parts[key] += line
		}
	}
	lines := func(key string) (all []string) {
		for line := range strings.Lines(parts[key]) {
			if line = strings.TrimSpace(line); line != "" {
				all = append(all, line)
			}
		}
		return all
	}
	for n := range people {
		said := strings.TrimSpace(parts[fmt.Sprintf("said %d", n+1)])
		if said == "-" {
			d.absent[n], said = true, ""
		}
		d.said[n], d.asked[n] = said, parts[fmt.Sprintf("question %d", n+1)]
	}
	for _, t := range debriefTexts() {
		d.texts[t.key] = parts[t.key]
	}
	d.unprepared, d.questions, d.decisionBy = lines("unprepared"), lines("questions"), strings.TrimSpace(parts["decision_by"])
	for _, line := range lines("answers") {
		d.answers = append(d.answers, answerOf(line))
	}
}
