package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"afterword/internal/config"
	providers "afterword/internal/provider"
	"afterword/internal/setup"
	"afterword/scheduler"
	"afterword/scheduler/calendar"
)

// cost finds the provider and says what it will take before anything is asked
// that takes long to fetch.
func (s *initSession) cost(ctx context.Context) error {
	found, err := s.find(ctx)
	if err != nil {
		return err
	}
	s.take(found)
	s.guide = providers.Of(s.answers.Provider)
	s.say("\n%s: %s; about %d minutes. You need %s.", s.guide.Title, found.How, s.guide.Minutes, s.guide.Fetch)
	for n, step := range s.guide.Steps {
		s.say("  %d. %s", n+1, step)
	}
	if s.guide.Off != "" {
		s.say("  If the login fails: %s", s.guide.Off)
	}
	if s.guide.Login == providers.OAuth && s.oauth().ClientID == "" {
		s.say("  %s takes no passwords from programs. Without a client id it cannot be used yet.", s.guide.Title)
	}
	if !s.asker.patient() {
		return nil
	}
	answer, err := s.want(ctx, question{title: "Go on now?", otherwise: "yes", choices: []choice{{"yes", "yes, I have it or can fetch it now"}, {"later", "later"}}})
	if err == nil && answer == "later" {
		s.say("\nNothing was written. Come back with: afterword init --email %s", scheduler.ShellWord(s.answers.Email))
		return errLater
	}
	return err
}

// find looks where the flags and the preset leave it open.
func (s *initSession) find(ctx context.Context) (providers.Found, error) {
	address := s.answers.Email
	name := s.flags.get("provider")
	if p := s.answers.Preset; p != nil && name == "" {
		if p.IMAP.Host != "" && p.SMTP.Host != "" {
			return providers.Found{Provider: p.Provider, IMAP: p.IMAP, SMTP: p.SMTP, Username: address, How: "as the preset says"}, nil
		}
		name = p.Provider
	}
	if name != "" {
		known, ok := config.ProviderNamed(strings.ToLower(name))
		if !ok {
			return providers.Found{}, usageError{hinted{fmt.Errorf("there is no provider %q in the table", name), "one of " + strings.Join(config.Providers(), ", ") + "; or name the servers by --imap and --smtp"}}
		}
		return providers.Found{Provider: strings.ToLower(name), IMAP: known.IMAP, SMTP: known.SMTP, Username: address, How: "as you said"}, nil
	}
	if s.flags.get("imap") != "" && s.flags.get("smtp") != "" {
		return providers.Found{Username: address, How: "servers that you named"}, nil
	}
	if s.flags.offline {
		if known := config.ProviderFor(address); known == "" {
			return providers.Guess(address), nil
		}
	} else {
		s.say("\nLooking for the servers of %s ...", address)
	}
	found, err := s.finder.Find(ctx, address)
	if errors.Is(err, providers.ErrNothing) {
		return providers.Guess(address), nil
	}
	if errors.Is(err, providers.ErrPortal) {
		err = hinted{err, "open any page in a browser, log in to the network there, and try again; or name the servers by --imap and --smtp"}
	}
	return found, err
}

func (s *initSession) take(f providers.Found) {
	s.answers.Provider, s.answers.Username = f.Provider, f.Username
	s.answers.SMTP, s.answers.IMAP, s.unproven = f.SMTP, f.IMAP, f.Unproven
}

// servers asks for what was not found, or for agreement where nobody vouches
// for what was: a password would go there.
func (s *initSession) servers(ctx context.Context) error {
	for _, one := range []struct {
		flag, title string
		into        *config.Server
	}{{"imap", "Which server is mail read from (IMAP)?", &s.answers.IMAP}, {"smtp", "Which server does mail go out by (SMTP)?", &s.answers.SMTP}} {
		if s.flags.get(one.flag) == "" && !s.unproven {
			continue
		}
		q := question{flag: one.flag, title: one.title, check: func(t string) error { _, err := setup.ParseServer(t); return err }}
		if s.unproven {
			q.help = "Nobody vouches for " + setup.ServerText(*one.into) + ", and your password goes there: look whether your provider's help pages name it."
			if s.asker.patient() { // else nobody would look
				q.otherwise = setup.ServerText(*one.into)
			}
		}
		answer, err := s.want(ctx, q)
		if err != nil {
			return err
		}
		if *one.into, err = setup.ParseServer(answer); err != nil {
			return usageError{err}
		}
	}
	if known, ok := config.ProviderNamed(s.answers.Provider); !ok || known.IMAP != s.answers.IMAP || known.SMTP != s.answers.SMTP {
		s.say("\nMail is read from %s and goes out by %s.", setup.ServerText(s.answers.IMAP), setup.ServerText(s.answers.SMTP))
	}
	if given := s.flags.get("username"); given != "" {
		s.answers.Username = given
	}
	return nil
}

// habits asks when this computer is on, and proposes when mail leaves.
func (s *initSession) habits(ctx context.Context) error {
	hours := ""
	if p := s.answers.Preset; p != nil && s.flags.get("holidays") == "" {
		s.answers.Holidays = p.Holidays
	}
	err := s.all(ctx, []question{
		{flag: "timezone", title: "Your time zone?", otherwise: localZone(), check: func(t string) error { _, err := calendar.LoadZone(t); return err }},
		{flag: "hours", title: "When is this computer usually on?", help: "Mail leaves only while Afterword runs. Write always, or days and hours such as MON-FRI 09:00-18:00.",
			otherwise: "MON-FRI 09:00-18:00", check: func(t string) error { _, err := setup.ParseHours(t); return err }},
	}, []*string{&s.answers.Timezone, &hours})
	if err != nil {
		return err
	}
	h, err := setup.ParseHours(hours)
	if err != nil {
		return usageError{err}
	}
	s.answers.Schedule = h.Proposal()
	if s.answers.Preset != nil && s.answers.Preset.Sequences != "" {
		s.answers.Schedule = setup.Always().Proposal() // the preset's own hours need the usual window
		s.say("\nThe mails and their hours are those of the preset %s.", s.answers.Preset.Name)
	} else {
		s.say("\n%s", s.answers.Schedule.Words)
	}
	if given := s.flags.get("holidays"); given != "" {
		s.answers.Holidays = strings.ToUpper(given)
	}
	s.answers.Employer = s.flags.get("employer")
	return nil
}

// localZone is the name of this machine's zone, "" if nothing tells it.
func localZone() string {
	candidates := []string{strings.TrimPrefix(os.Getenv("TZ"), ":")}
	if target, err := filepath.EvalSymlinks("/etc/localtime"); err == nil {
		if _, name, ok := strings.Cut(filepath.ToSlash(target), "zoneinfo/"); ok {
			candidates = append(candidates, name)
		}
	}
	if text, err := os.ReadFile("/etc/timezone"); err == nil {
		candidates = append(candidates, strings.TrimSpace(string(text)))
	}
	for _, c := range append(candidates, time.Local.String()) {
		if _, err := calendar.LoadZone(c); err == nil && c != "Local" {
			return c
		}
	}
	return ""
}
