package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"afterword/internal/config"
	"afterword/internal/oauth"
	providers "afterword/internal/provider"
	"afterword/internal/setup"
)

// initFlags are the answers that were given on the command line.
type initFlags struct {
	values       map[string]*string // by flag
	interviewers []string
	offline      bool
	noProbe      bool
	login        bool
}

func (f initFlags) get(name string) string { return *f.values[name] }

func (p *program) initCommand() *cobra.Command {
	f := initFlags{values: map[string]*string{}}
	c := &cobra.Command{
		Use:   "init [--login [ACCOUNT]]",
		Short: "Sets up your mail account: asks, finds the servers, tests both logins, writes config.yaml and interviews/",
		Long: "Sets up your mail account. It asks what it needs to know, finds your provider's servers, tests both logins, and writes\n" +
			"config.yaml and the file of a first interview. Nothing is written before the logins work, no file is ever overwritten,\n" +
			"and nothing is sent but one test mail to yourself. Each answer can be a flag, so that it runs without a terminal.",
		Args: usage(func(cmd *cobra.Command, args []string) error {
			if f.login {
				return cobra.MaximumNArgs(1)(cmd, args)
			}
			return cobra.NoArgs(cmd, args)
		}),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.login {
				return p.loginAnew(cmd.Context(), f, strings.Join(args, ""))
			}
			s := &initSession{p: p, flags: f, asker: p.asker(), finder: finder(), answers: setup.Answers{}}
			return s.run(cmd.Context())
		},
	}
	add := func(name, help string) { f.values[name] = c.Flags().String(name, "", help) }
	for _, row := range initFlagRows() {
		add(row[0], row[1])
	}
	c.Flags().StringArrayVar(&f.interviewers, "interviewer", nil, "a person of the first interview, such as \"Ken Osei <ken@acme.example>\"; may be repeated")
	c.Flags().BoolVar(&f.offline, "offline", false, "looks for no servers, tests no login and sends no test mail")
	c.Flags().BoolVar(&f.noProbe, "no-probe", false, "sends no test mail to yourself; afterword run does it then")
	c.Flags().BoolVar(&f.login, "login", false, "logs in anew to the account of an existing config.yaml: asks for the password or the grant again; with a name to that account under watch")
	return c
}

// initFlagRows are the answers that are texts, in the order in which they are
// asked for.
func initFlagRows() [][2]string {
	return [][2]string{
		{"preset", "a preset file, as a university publishes it"},
		{"email", "your address"},
		{"name", "your name as it stands under your mails"},
		{"provider", "your provider, if it is not told by the address: " + strings.Join(config.Providers(), ", ")},
		{"imap", "the server that mail is read from, such as imap.example.org:993, with /starttls or /insecure if it is not tls"},
		{"smtp", "the server that mail goes out by, such as smtp.example.org:465"},
		{"username", "what you log in with, if it is not your address"},
		{"timezone", "your time zone, such as Europe/Paris"},
		{"hours", "when this computer is usually on: always, or such as \"MON-FRI 09:00-18:00\""},
		{"holidays", "a country code such as FR: nothing leaves on its public holidays"},
		{"employer", "the domain of your present employer: nothing is ever sent from there"},
		{"password", "where the password is: env:NAME, file:PATH, keyring:NAME or command:PROGRAM; without it you are asked"},
		{"keep", "where a password or grant that you give is kept: keyring or file"},
		{"oauth", "logs in by a grant instead of a password: browser, or device for a code on another device"},
		{"client-id", "the application behind the grant, as your university or docs/providers.md tell it"},
		{"client-secret", "a file with the application's secret, where it has one"},
		{"tenant", "the organisation at Microsoft, if the application is for it alone"},
		{"company", "the company of a first interview"},
		{"role", "its role"},
		{"at", "when it is or was, such as \"2026-11-23 14:00\""},
	}
}

// finder looks for servers where this machine can.
func finder() providers.Finder {
	return providers.Finder{Resolver: net.DefaultResolver, HTTP: &http.Client{Timeout: 20 * time.Second}, Database: providers.Mozilla}
}

// initSession is one run of init: what is known so far.
type initSession struct {
	p       *program
	flags   initFlags
	asker   asker
	finder  providers.Finder
	path    string // of the config.yaml that is to be
	answers setup.Answers
	// unproven says that nobody vouches for the servers that were found.
	unproven bool
	guide    providers.Guide
	secret   config.Secret // the password that was typed, empty if none was
	keep     string        // keyring | file, for what was typed or granted
	grant    *oauth.Memory // the grant that was given, nil if none was
	first    setup.Interview
}

// run asks in the order in which the answers are needed. What is wrong ends it
// before anything is written.
func (s *initSession) run(ctx context.Context) error {
	if err := s.begin(); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{s.preset, s.person, s.cost, s.servers, s.habits, s.login, s.interview, s.write, s.probe} {
		if err := step(ctx); err != nil {
			if errors.Is(err, errLater) {
				return nil
			}
			return err
		}
	}
	s.next()
	return nil
}

// errLater ends init at the user's wish.
var errLater = errors.New("later")

// say prints a paragraph.
func (s *initSession) say(format string, args ...any) { fmt.Fprintf(s.p.out, format+"\n", args...) }

// begin says what this is, and refuses to overwrite a config.yaml.
func (s *initSession) begin() error {
	s.path = "config.yaml"
	if s.p.configPath != "" {
		s.path = s.p.configPath
	}
	switch _, err := os.Lstat(s.path); {
	case err == nil:
		return usageError{hinted{fmt.Errorf("%s is there already, and init overwrites nothing", s.path),
			"edit it, or name another with --config; `afterword init --login` logs in anew, `afterword check` looks whether all is right"}}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if s.flags.offline {
		s.say("This sets up your mail account. With --offline no login is tried and nothing is sent; `afterword check` tries both later.")
	} else {
		s.say("This sets up your mail account. Nothing is written before both logins work, and nothing is sent but one test mail to")
		s.say("yourself.")
	}
	s.say("Without an account you can try `afterword demo` (three weeks in seconds), `afterword proofread FILE` (checks a")
	s.say("text) and `afterword rehearse` (your own files against a mail server inside the program).")
	return nil
}

// want is an answer from a flag, or from the user.
func (s *initSession) want(ctx context.Context, q question) (string, error) {
	if given := s.flags.values[q.flag]; given != nil && *given != "" {
		answer, err := q.verdict(*given)
		if err != nil {
			return "", usageError{fmt.Errorf("--%s: %w", q.flag, err)}
		}
		return answer, nil
	}
	return s.asker.ask(ctx, q)
}

// all asks several questions into their places.
func (s *initSession) all(ctx context.Context, asked []question, into []*string) error {
	for n, q := range asked {
		answer, err := s.want(ctx, q)
		if err != nil {
			return err
		}
		*into[n] = answer
	}
	return nil
}

// preset reads what a university publishes.
func (s *initSession) preset(context.Context) (err error) {
	if path := s.flags.get("preset"); path != "" {
		if s.answers.Preset, err = config.LoadPreset(path, s.p.clock.Now()); err != nil {
			return usageError{err}
		}
		s.say("\nPreset: %s", s.answers.Preset.Name)
	}
	return nil
}

func (s *initSession) person(ctx context.Context) error {
	return s.all(ctx, []question{
		{flag: "email", title: "Your e-mail address?", help: "Thanks and follow-ups leave from it, and answers come to it.", check: config.CheckEmail},
		{flag: "name", title: "Your name?", help: "As it shall stand under your mails."},
	}, []*string{&s.answers.Email, &s.answers.Name})
}
