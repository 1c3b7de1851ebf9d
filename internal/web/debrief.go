package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"afterword/scheduler"
)

// debriefView is the form about a meeting.
type debriefView struct {
	Stem, Company, Round, Called, Since string
	When                                moment
	People                              []debriefPerson
	Before, After                       []debriefField
	Unprepared, Questions               string
	Answers                             []answerFields
	DecisionBy                          string
	Kept                                debriefKept
	Off                                 bool // it did not, as was typed
	Planned                             bool // nobody has said yet that it took place
	Future                              bool
}

// debriefPerson is what one interviewer said.
type debriefPerson struct {
	N                  int
	Name, Said, Asked  string
	Absent             bool
	SaidName, AskName  string
	AbsentName, DomSay string
}

// debriefField is one question whose answer is a text.
type debriefField struct{ Key, Question, Text, Hint string }

// answerFields are an answer that failed and the better one.
type answerFields struct{ N, Question, Better, Source string }

// debriefKept is what an earlier debrief holds in its lists; the form adds to
// it.
type debriefKept struct {
	Unprepared, Questions []string
	Answers               []scheduler.Answer
}

// newAnswers is how many answers the form takes at once.
const newAnswers = 2

// debriefTexts are the questions in the order of the form, those before the
// lists first.
func debriefTexts() (before, after []debriefField) {
	return []debriefField{
			{"went_well", "What went well?", "", ""}, {"why_well", "Why did it go well?", "", ""}, {"faltered", "Where did you falter?", "", ""}},
		[]debriefField{
			{"better_answer", "An answer you would give better now", "", "In a sentence for them; it may go into the follow-up."},
			{"promised", "What did you promise to send?", "", ""}, {"feedback", "What feedback did you get?", "", ""}}
}

func (p *Page) debrief(r *http.Request, f *frame) (string, error) {
	return p.debriefPage(r, f, r.PathValue("stem"), r.PathValue("round"), nil)
}

func (p *Page) debriefAgain(r *http.Request, f *frame, typed url.Values) (string, error) {
	return p.debriefPage(r, f, r.PathValue("stem"), r.PathValue("round"), typed)
}

func (p *Page) debriefPage(_ *http.Request, f *frame, stem, round string, typed url.Values) (string, error) {
	a, i, err := p.meeting(stem, round)
	if err != nil {
		return "", err
	}
	w := p.words()
	d := i.Debrief
	v := debriefView{Stem: stem, Company: a.Company, Round: i.ID, Called: scheduler.RoundName(i.ID), Since: p.Desk.Revision(stem), When: w.momentAt(i.At, i.Zone.String()), Planned: i.Status == scheduler.InterviewPlanned, Off: typed.Get("happened") == "no", Future: i.At.After(w.now),
		Kept: debriefKept{d.Unprepared, d.Questions, d.Answers}}
	text := func(name, was string) string {
		if typed != nil {
			return typed.Get(name)
		}
		return strings.TrimSpace(was)
	}
	for n, one := range i.Interviewers {
		q := debriefPerson{N: n, Name: one.Name, SaidName: fmt.Sprintf("said%d", n), AskName: fmt.Sprintf("ask%d", n), AbsentName: fmt.Sprintf("absent%d", n)}
		q.Said, q.Asked, q.Absent = text(q.SaidName, one.Said), text(q.AskName, one.Question), typed.Get(q.AbsentName) != "" || typed == nil && one.Skip != ""
		v.People = append(v.People, q)
	}
	now := map[string]string{"went_well": d.WentWell, "why_well": d.WhyWell, "faltered": d.Faltered, "better_answer": d.BetterAnswer, "promised": d.Promised, "feedback": d.Feedback}
	v.Before, v.After = debriefTexts()
	for _, fields := range [][]debriefField{v.Before, v.After} {
		for n := range fields {
			fields[n].Text = text(fields[n].Key, now[fields[n].Key])
		}
	}
	v.Unprepared, v.Questions = text("unprepared", ""), text("questions", "")
	for n := range newAnswers {
		id := fmt.Sprint(n)
		v.Answers = append(v.Answers, answerFields{id, text("question"+id, ""), text("better"+id, ""), text("source"+id, "")})
	}
	if !a.DecisionBy.IsZero() {
		v.DecisionBy = a.DecisionBy.String()
	}
	v.DecisionBy = text("decision_by", v.DecisionBy)
	f.Title, f.Section, f.Edits, f.Data, f.Path = "How did it go at "+a.Company+"?", "applications", true, v, debriefHref(stem, round)
	return "debrief", nil
}

// meeting finds an interview of the files.
func (p *Page) meeting(stem, round string) (scheduler.Application, scheduler.Interview, error) {
	_, apps, err := p.Service.Files.Read()
	if err != nil {
		return scheduler.Application{}, scheduler.Interview{}, err
	}
	for _, a := range apps {
		if a.Stem == stem {
			if i, ok := a.Interview(round); ok {
				return a, i, nil
			}
		}
	}
	return scheduler.Application{}, scheduler.Interview{}, fmt.Errorf("there is no interview %q of %q any more: %w", round, stem, scheduler.ErrNotFound)
}

func (p *Page) saveDebrief(r *http.Request) (done, error) {
	stem, round := r.PathValue("stem"), r.PathValue("round")
	_, i, err := p.meeting(stem, round)
	if err != nil {
		return done{}, err
	}
	told := Debrief{Texts: map[string]string{}, Unprepared: linesOf(r.PostFormValue("unprepared")), Questions: linesOf(r.PostFormValue("questions")),
		DecisionBy: r.PostFormValue("decision_by"), Cancelled: r.PostFormValue("happened") == "no"}
	for n := range i.Interviewers {
		told.Said = append(told.Said, r.PostFormValue(fmt.Sprintf("said%d", n)))
		told.Asked = append(told.Asked, r.PostFormValue(fmt.Sprintf("ask%d", n)))
		told.Absent = append(told.Absent, r.PostFormValue(fmt.Sprintf("absent%d", n)) != "")
	}
	before, after := debriefTexts()
	for _, q := range append(before, after...) {
		told.Texts[q.Key] = r.PostFormValue(q.Key)
	}
	for n := range newAnswers {
		id := fmt.Sprint(n)
		told.Answers = append(told.Answers, scheduler.Answer{Question: r.PostFormValue("question" + id), Better: r.PostFormValue("better" + id), Source: r.PostFormValue("source" + id)})
	}
	if err := p.Desk.Debrief(stem, round, r.PostFormValue("since"), told); err != nil {
		return done{}, err
	}
	if told.Cancelled {
		return done{to: applicationHref(stem), note: "Noted: the interview did not take place. Its thank-yous are cancelled.", clears: debriefForm}, nil
	}
	return done{to: roundHref(stem, round), note: "Written down. These are the mails that follow from it.", clears: debriefForm}, nil
}

// debriefForm is the id of that form.
const debriefForm = "debrief"

// linesOf are the lines of a text that hold anything.
func linesOf(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}
