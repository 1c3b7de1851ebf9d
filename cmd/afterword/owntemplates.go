package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"afterword/internal/config"
	"afterword/scheduler"
	"afterword/templates"
)

// withOwnTemplates holds the applications that name, for a person, a template
// that does not exist or that is not of the step's kind: that must not come out
// when the mail is due. The slice that was given stays as it is.
func withOwnTemplates(apps []scheduler.Application, policy scheduler.Policy, set *templates.Set) []scheduler.Application {
	var copied []scheduler.Application
	for n, a := range apps {
		why := wrongTemplate(a, policy, set)
		if a.Broken != "" || why == "" {
			continue
		}
		if copied == nil {
			copied = slices.Clone(apps)
		}
		copied[n].Broken = why
	}
	if copied == nil {
		return apps
	}
	return copied
}

// wrongTemplate says which line of the file names a template that cannot be
// used, "" if none does.
func wrongTemplate(a scheduler.Application, policy scheduler.Policy, set *templates.Set) string {
	kinds := map[string]scheduler.Kind{}
	for _, s := range policy.Sequences[a.Sequence] {
		kinds[s.Name], _ = set.Kind(s.Template) // an unknown one is told of its step
	}
	wrong := func(place string, own map[string]string) string {
		for _, step := range slices.Sorted(maps.Keys(own)) {
			name, path := own[step], place+".templates."+step
			kind, err := set.Kind(name)
			switch {
			case err != nil:
				return fmt.Sprintf("%s:%d: %s: found %q, expected a template: %s", a.File, config.LineOf(a.File, path), path, name, strings.Join(set.Names(), ", "))
			case kinds[step] != "" && kind != kinds[step]:
				return fmt.Sprintf("%s:%d: %s: found %q of kind %s, expected one of kind %s, as the step is", a.File, config.LineOf(a.File, path), path, name, kind, kinds[step])
			}
		}
		return ""
	}
	if a.Recruiter != nil {
		if why := wrong("recruiter", a.Recruiter.Templates); why != "" {
			return why
		}
	}
	for _, i := range a.Interviews {
		for _, one := range i.Interviewers {
			place := fmt.Sprintf("interviews[%s].interviewers[%s]", i.ID, either(one.Email, one.Name))
			if why := wrong(place, one.Templates); why != "" {
				return why
			}
		}
	}
	return ""
}
