package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"afterword/internal/config"
	"afterword/scheduler"
)

// forgetPerson forgets somebody in the store and in the files, and says what is
// gone and where their name still stands. No daemon may run meanwhile.
func (h *house) forgetPerson(ctx context.Context, book scheduler.Ledger, who string) (said string, err error) {
	policy, apps, err := h.world.files.Read()
	if err != nil {
		return "", err
	}
	done, err := h.service.ForgetPerson(ctx, book, who)
	if err != nil {
		return "", err
	}
	var errs []error
	var b strings.Builder
	fmt.Fprintf(&b, "Forgotten; what stays: %q", done)
	united := scheduler.United(apps)
	for n, a := range apps {
		set, words := unnaming(a, united[n], who)
		if len(set) == 0 {
			continue
		}
		errs = append(errs, config.Edit(a.File, config.InterviewCheck(policy), set...))
		for _, line := range linesWith(a.File, words) {
			fmt.Fprintf(&b, "; your own words still name them in %s, line %d", filepath.Base(a.File), line)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return "", hinted{err, "the store has forgotten them; take them out of the file by hand"}
	}
	b.WriteString(". Texts of mails to others, backups, your mailbox and the system's log are yours to clear.")
	return b.String(), nil
}

// unnaming are the changes that take a person out of the file of an application,
// and the words that named them there. Their place stays, so that what is said of
// the others keeps its own. Whom an entry means the united files say.
func unnaming(a, united scheduler.Application, who string) (set []config.Change, words []string) {
	take := func(at, name string, p scheduler.Person) {
		words = append(words, append(p.Addresses(), p.Name)...)
		set = append(set, config.Change{Path: at + "name", Text: name})
		for key, is := range map[string]string{"email": p.Email, "title": p.Title, "said": p.Said, "question": p.Question, "notes": p.Notes, "greet": p.Greet} {
			if is != "" {
				set = append(set, config.Change{Path: at + key})
			}
		}
		if p.Guessed {
			set = append(set, config.Change{Path: at + "guessed", Text: "false"})
		}
		if len(p.Aliases) > 0 {
			set = append(set, config.Change{Path: at + "aliases", List: []string{}})
		}
	}
	if r := a.Recruiter; r != nil && scheduler.IsPerson(*united.Recruiter, who) {
		take("recruiter.", "recruiter", *r)
	}
	for k, i := range a.Interviews {
		for n, p := range i.Interviewers {
			if scheduler.IsPerson(united.Interviews[k].Interviewers[n], who) {
				take(fmt.Sprintf("interviews[%s].interviewers[%d].", i.ID, n), fmt.Sprintf("interviewer %d", n+1), p)
			}
		}
	}
	return set, words
}

// linesWith are the lines of a file in which one of the words stands.
func linesWith(path string, words []string) (lines []int) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	n := 0
	for line := range bytes.Lines(bytes.ToLower(text)) {
		n++
		if slices.ContainsFunc(words, func(w string) bool { return w != "" && bytes.Contains(line, []byte(strings.ToLower(w))) }) {
			lines = append(lines, n)
		}
	}
	return lines
}
