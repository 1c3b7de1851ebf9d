package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"afterword/internal/config"
	"afterword/internal/oauth"
	"afterword/scheduler"
	"afterword/templates"
)

// world reads the user's files together with the templates, because whether a step owes
// or asks is stated in its template. It implements scheduler.Files and
// scheduler.Renderer and is safe for concurrent use.
type world struct {
	files *config.Files
	state string // the store that is open
	mu    sync.Mutex
	set   *templates.Set // the last good one
}

// newWorld loads the templates; a broken one is refused here, not when a mail
// is due.
func newWorld(c *config.Config, now func() time.Time) (*world, error) {
	set, err := templates.Load(c.TemplatesDir)
	if err != nil {
		return nil, err
	}
	w := &world{files: config.NewFiles(c, now), state: c.StatePath, set: set}
	_, err = withKinds(c.Path, c.Policy, set)
	return w, err
}

// Read reads config, interviews and templates anew.
func (w *world) Read() (scheduler.Policy, []scheduler.Application, error) {
	policy, apps, err := w.files.Read()
	if err != nil {
		return policy, apps, err
	}
	if now := w.files.Config().StatePath; now != w.state && policy.Broken == "" {
		// The commands use the other store from now on: a hold set there would
		// stop nothing here.
		policy.Broken = fmt.Sprintf("config.yaml names another store now (state: %s); start afterword anew, after moving %s and all files that begin with its name", now, w.state)
	}
	set, err := templates.Load(w.files.Config().TemplatesDir)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		if policy.Broken == "" {
			policy.Broken = err.Error()
		}
		set = w.set
	}
	w.set = set
	policy.Logins = logins(w.files.Config())
	policy.Revision = w.revision(set, policy.Logins)
	kinds, err := withKinds(w.files.Config().Path, policy, set)
	if wrong := (config.Problems)(nil); errors.As(err, &wrong) && kinds.Broken == "" {
		kinds.Broken = wrong.Summary()
	}
	return kinds, withOwnTemplates(apps, policy, set), nil
}

// revision is a hash of config.yaml, the templates, and the files that hold secrets of
// accounts and channels.
func (w *world) revision(set *templates.Set, logins []string) string {
	all := append(slices.Clone(logins), set.Revision())
	notify := w.files.Config().Notify
	for _, p := range []config.PasswordSource{notify.NtfyToken, notify.WebhookSecret} {
		all = append(all, fileRevision(p.File))
	}
	return strings.Join(all, "/")
}

// logins identify the credential of each account, as far as files tell: they change with
// config.yaml and with the file that holds the password or the grant. A refused login is
// tried again only when its entry changes.
func logins(c *config.Config) (all []string) {
	text := fileRevision(c.Path)
	for _, a := range c.Accounts() {
		own := fileRevision(a.Password.File)
		if o := a.Password.OAuth; o != nil && o.Tokens != "" {
			own = oauth.Given(o.Tokens)
		}
		all = append(all, text+","+own)
	}
	return all
}

// fileRevision names the content of a file, "" without one.
func fileRevision(path string) string {
	if path == "" {
		return ""
	}
	r, err := config.RevisionOf(path)
	if err != nil {
		return "unreadable"
	}
	return string(r)
}

// passwordFiles are the files in which the passwords of the accounts and the
// secrets of the channels stand.
func passwordFiles(c *config.Config) (all []string) {
	for _, a := range c.Accounts() {
		if a.Password.File != "" {
			all = append(all, a.Password.File)
		}
		if o := a.Password.OAuth; o != nil && o.Tokens != "" {
			all = append(all, o.Tokens)
		}
	}
	for _, p := range []config.PasswordSource{c.Notify.NtfyToken, c.Notify.WebhookSecret} {
		if p.File != "" {
			all = append(all, p.File)
		}
	}
	return all
}

// withKinds fills in the kind of each step from its template. A step with an unusable
// template is reported with its line in config.yaml.
func withKinds(file string, p scheduler.Policy, set *templates.Set) (scheduler.Policy, error) {
	sequences := map[string][]scheduler.Step{}
	var bad config.Problems
	for _, name := range slices.Sorted(maps.Keys(p.Sequences)) {
		copied := slices.Clone(p.Sequences[name])
		for i := range copied {
			s, key := &copied[i], fmt.Sprintf("sequences.%s[%d].", name, i)
			wrong := func(what, found, expected string) {
				bad = append(bad, &config.Problem{File: file, Line: config.StatedAt(file, key+what), Key: key + what, Found: strconv.Quote(found), Expected: expected})
			}
			kind, err := set.Kind(s.Template)
			if s.Kind = kind; err != nil {
				wrong("template", s.Template, "a template: "+strings.Join(set.Names(), ", "))
			} else if kind == scheduler.Asking && s.To == scheduler.ToInterviewers {
				wrong("to", s.To, "contact, recruiter or lead: its template asks, and one person of an application is asked in each round")
			}
		}
		sequences[name] = copied
	}
	p.Sequences = sequences
	if len(bad) > 0 {
		return p, bad
	}
	return p, nil
}

// Render renders with the templates that were read last.
func (w *world) Render(in scheduler.RenderInput) (scheduler.Text, error) {
	return w.current().Render(in)
}

// Kind tells whether a template is owed or asks.
func (w *world) Kind(template string) (scheduler.Kind, error) { return w.current().Kind(template) }

func (w *world) current() *templates.Set {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.set
}
