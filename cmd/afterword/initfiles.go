package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"afterword/internal/config"
	"afterword/internal/profile"
	"afterword/internal/setup"
	"afterword/mailer"
	"afterword/scheduler"
	"afterword/scheduler/calendar"
	"afterword/templates"
)

// now is the time at the user's place, as far as that is known.
func (s *initSession) now() time.Time {
	zone, err := calendar.LoadZone(s.answers.Timezone)
	if err != nil {
		return s.p.clock.Now()
	}
	return s.p.clock.Now().In(zone)
}

// interview asks for a first one. Without it a sample is written, which is not
// read.
func (s *initSession) interview(ctx context.Context) error {
	s.first.Timezone = s.answers.Timezone
	company, err := s.want(ctx, question{flag: "company", title: "With which company is or was your interview?", optional: true,
		help: "Empty: none yet. A sample file shows how one looks, and `afterword add` asks for the next ones."})
	if err != nil || company == "" {
		return err
	}
	s.first.Company = company
	typed := func(t string) string { return typedTime(t, s.now(), calendar.Wall{}) }
	err = s.all(ctx, []question{
		{flag: "role", title: "For which role?"},
		{flag: "at", title: "When?", help: "Such as 2026-11-23 14:00, in your own time zone.", check: func(t string) error { _, err := calendar.ParseWall(typed(t)); return err }},
	}, []*string{&s.first.Role, &s.first.At})
	if err != nil {
		return err
	}
	s.first.At = typed(s.first.At)
	people := s.flags.interviewers
	if len(people) == 0 {
		line, err := s.asker.ask(ctx, question{flag: "interviewer", title: "With whom?", optional: true,
			help:  "Such as Ken Osei <ken@acme.example>, Mara Lindt <mara@acme.example>. Empty: you write them into the file later.",
			check: func(t string) error { return eachPerson(strings.Split(t, ","), func(setup.Person) {}) }})
		if err != nil {
			return err
		}
		if line != "" {
			people = strings.Split(line, ",")
		}
	}
	if err := eachPerson(people, func(one setup.Person) { s.first.People = append(s.first.People, one) }); err != nil {
		return usageError{err}
	}
	return nil
}

func eachPerson(texts []string, take func(setup.Person)) error {
	for _, text := range texts {
		one, err := setup.ParsePerson(text)
		if err != nil {
			return err
		}
		if one.Email != "" {
			if err := config.CheckEmail(one.Email); err != nil {
				return err
			}
		}
		take(one)
	}
	return nil
}

// made remembers what was made, so that a failure leaves nothing behind.
type made struct{ paths []string }

func (m *made) undo() {
	for n := len(m.paths) - 1; n >= 0; n-- {
		_ = os.Remove(m.paths[n]) // a folder that holds more than ours stays
	}
}

// folder makes a folder and those above it.
func (m *made) folder(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if above := filepath.Dir(path); above != path {
		if err := m.folder(above); err != nil {
			return err
		}
	}
	err := os.Mkdir(path, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err == nil {
		m.paths = append(m.paths, path)
	}
	return err
}

// file makes a file that must not exist yet.
func (m *made) file(path string, loads config.Check, text string) error {
	if err := m.folder(filepath.Dir(path)); err != nil {
		return err
	}
	err := config.Create(path, loads, []byte(text))
	if errors.Is(err, fs.ErrExist) {
		return hinted{err, "init overwrites nothing; move the file away, or begin in another folder with --config"}
	}
	if err == nil {
		m.paths = append(m.paths, path)
	}
	return err
}

// write makes all files, config.yaml last: with it the profile is there. What
// fails takes back what was made before it.
func (s *initSession) write(ctx context.Context) error {
	c, err := s.config()
	if err != nil {
		return err
	}
	m := &made{}
	if err := s.writeAll(ctx, m, c); err != nil {
		m.undo()
		return fmt.Errorf("writing the files: %w", err)
	}
	s.say("\nWritten:")
	for _, path := range m.paths {
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			s.say("  %s", path)
		}
	}
	return nil
}

func (s *initSession) writeAll(ctx context.Context, m *made, c *config.Config) error {
	if err := m.folder(filepath.Dir(s.path)); err != nil {
		return err
	}
	if err := s.writePreset(m, c); err != nil {
		return err
	}
	if err := m.folder(c.InterviewsDir); err != nil {
		return err
	}
	path := filepath.Join(c.InterviewsDir, s.first.FileName())
	loads := config.InterviewCheck(c.Policy)
	if s.first.Company == "" {
		loads = anything
	}
	if err := m.file(path, loads, s.first.Text()); err != nil && (s.first.Company != "" || !errors.Is(err, fs.ErrExist)) {
		return err
	}
	if tokens := c.Account.Password.OAuth; tokens != nil && tokens.Tokens != "" && s.grant != nil {
		if _, err := os.Lstat(tokens.Tokens); err == nil {
			return hinted{fmt.Errorf("%s is there already", tokens.Tokens), "init overwrites nothing; move it away, or begin in another folder with --config"}
		}
		m.paths = append(m.paths, tokens.Tokens)
	}
	err := s.keepCredential(ctx, c.Account.Password, c.StatePath, func(path string, secret config.Secret) error {
		return m.file(path, anything, secret.Reveal()+"\n")
	})
	if err != nil {
		return err
	}
	return m.file(s.path, config.ConfigCheck(s.p.clock.Now()), setup.Config(s.answers))
}

// anything is a check of what no reader of ours reads.
func anything(string, []byte) error { return nil }

// writePreset puts the preset's templates and words beside the config. They are
// checked as the user's own are.
func (s *initSession) writePreset(m *made, c *config.Config) error {
	p := s.answers.Preset
	if p == nil {
		return nil
	}
	for _, name := range p.TemplateNames() {
		if err := m.file(filepath.Join(c.TemplatesDir, name+".txt"), anything, p.Templates[name]+"\n"); err != nil {
			return err
		}
	}
	if len(p.Words) > 0 {
		if err := m.file(c.WordsPath, anything, strings.Join(p.Words, "\n")+"\n"); err != nil {
			return err
		}
	}
	set, err := templates.Load(c.TemplatesDir)
	if err != nil {
		return err
	}
	_, err = withKinds(c.Path, c.Policy, set)
	return err
}

// probe sends the mail to oneself that shows what the account does. That it
// does not leave undoes nothing: the daemon sends it.
func (s *initSession) probe(ctx context.Context) error {
	if s.flags.offline || s.flags.noProbe {
		return nil
	}
	r, err := s.sendProbe(ctx)
	if err == nil && r.Outcome != mailer.Accepted && r.Outcome != mailer.InDoubt {
		err = fmt.Errorf("%d %s", r.Code, r.Words)
		if r.Err != nil {
			err = r.Err
		}
	}
	if err != nil {
		s.say("✗ test mail to yourself: %v\n    hint: the files are written; `afterword run` sends it. %s", err, hintOn(err))
		return nil
	}
	s.say("✓ test mail to yourself: on its way to %s; `afterword run` watches for it, and asks nobody before it came", s.answers.Email)
	return nil
}

func (s *initSession) sendProbe(ctx context.Context) (r mailer.Receipt, err error) {
	c, err := config.Load(s.path, s.p.clock.Now())
	if err != nil {
		return r, err
	}
	unlock, err := profile.Lock(c.StatePath)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	id, closeLedger, err := openIdentity(c.StatePath)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, closeLedger()) }()
	h, err := openHouse(ctx, s.path, outside{clock: s.p.clock}, true)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	sender, err := h.sender()
	if err != nil {
		return r, err
	}
	ctx, cancel := context.WithTimeout(ctx, patienceWithServers)
	defer cancel()
	return scheduler.SendProbe(ctx, h.store, sender, h.probe(), func(key string) string { return id.name(key, c.Policy.Me.Email) }, s.p.clock.Now())
}

// next says what to do now.
func (s *initSession) next() {
	named := ""
	if s.p.configPath != "" {
		named = " --config " + s.p.configPath
	}
	s.say("\nThat is all. What next:")
	if s.first.Company == "" {
		s.say("  afterword add%s        asks for an interview; or copy %s", named, filepath.Join("interviews", setup.Sample))
	}
	s.say("  afterword plan%s       shows every mail: when it leaves, why then, or why not; it sends nothing", named)
	s.say("  afterword rehearse%s   plays your own files to the end; nothing leaves this computer", named)
	s.say("  afterword run%s        is the daemon: it reads your mail, and asks you before anything leaves", named)
	if s.flags.offline && s.answers.Password.OAuth != nil {
		s.say("  afterword init --login%s   asks for the grant, which --offline left out", named)
	}
}
