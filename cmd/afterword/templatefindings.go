package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"afterword/internal/config"
	"afterword/scheduler"
	"afterword/templates"
	"afterword/templates/proofread"
)

// ownFindings proofreads each template of the user's as its mail would come out, with
// every fact there and with none, and returns what was found in a line for each. Only
// checks that need no facts count: what others say is about an interview.
func ownFindings(cfg *config.Config, set *templates.Set, now time.Time) ([]string, error) {
	var textual []string
	for _, c := range proofread.Codes() {
		if !c.Facts {
			textual = append(textual, c.Name)
		}
	}
	checker := proofreader(cfg.WordsPath)
	var all []string
	for _, one := range set.List() {
		if one.File == "" {
			continue
		}
		language := either(one.Language, cfg.Policy.Language)
		_, err := set.Kind(one.Name + "-panel")
		for n, in := range sampleLetters(cfg.Policy.Me, one.Name, language, err != nil, now) {
			text, err := set.Render(in)
			if err != nil {
				return nil, fmt.Errorf("trying %s: %w", one.File, err)
			}
			for _, f := range checker.Check(scheduler.ProofInput{RenderInput: in, Kind: one.Kind, Text: text, From: in.Me.Email, Off: cfg.Policy.Off,
				To: scheduler.Recipient{Name: in.Person.Name, Email: in.Person.Email}}) {
				// What a text lacks, or how long it is, is told by the full one.
				bare := n > 0 && f.Code != "placeholder" && f.Code != "grammar"
				line := fmt.Sprintf("%s: %s %s: %s", one.File, f.Severity, f.Code, f.Text)
				if f.Severity != scheduler.Hint && slices.Contains(textual, f.Code) && !bare && !slices.Contains(all, line) {
					all = append(all, line)
				}
			}
		}
	}
	return all, nil
}

// sampleLetters are the facts of two mails: all that a template may see, and none that
// may be absent. Where another template is chosen for panels they are of one interviewer.
func sampleLetters(me scheduler.Me, template, language string, panel bool, now time.Time) []scheduler.RenderInput {
	zone := me.Zone
	if zone == nil {
		zone = time.UTC
	}
	said := map[string]string{"en": "the team grows in spring", "fr": "l'équipe grandit au printemps", "de": "das Team im Frühling wächst", "es": "el equipo crece en primavera"}
	tag, _, _ := strings.Cut(strings.ToLower(language), "-")
	ken := scheduler.Person{Name: "Ken Osei", Email: "ken@acme.example"}
	held := scheduler.Interview{ID: "onsite", At: now.Add(-24 * time.Hour), Zone: zone, Duration: time.Hour, Status: scheduler.InterviewHeld}
	bare := scheduler.RenderInput{Template: template, Language: language, Me: me, Interview: held, Person: ken, Leaves: now.In(zone),
		Application: scheduler.Application{Stem: "acme", Company: "Acme", Role: "Engineer", Domains: []string{"acme.example"}, Status: scheduler.StatusActive}}
	full := bare
	full.Person.Title, full.Person.Said, full.Interview.Kind = "Engineer", said[tag], "video"
	full.Previous = &scheduler.Mail{Subject: "Acme", At: held.At}
	for _, in := range []*scheduler.RenderInput{&bare, &full} {
		in.Interview.Interviewers = []scheduler.Person{in.Person}
		if panel {
			in.Interview.Interviewers = append(in.Interview.Interviewers, scheduler.Person{Name: "Mara Lindt"})
		}
		in.Application.Interviews = []scheduler.Interview{in.Interview}
	}
	return []scheduler.RenderInput{full, bare}
}
