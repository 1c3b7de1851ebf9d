package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"

	"afterword/internal/config"
	"afterword/internal/oauth"
	providers "afterword/internal/provider"
	"afterword/internal/setup"
	"afterword/scheduler"
)

// The places where what the user gives is kept, and the files of the second.
const (
	inKeyring    = "keyring"
	inFile       = "file"
	passwordFile = "password.txt"
	tokensFile   = "tokens.json"
)

// login gets a credential and tries it at both servers, until it works, the user gives
// up, or nobody is there to enter another.
func (s *initSession) login(ctx context.Context) error {
	for {
		if err := s.credential(ctx); err != nil {
			return err
		}
		if s.flags.offline {
			return nil
		}
		err := s.test(ctx)
		if err == nil || !s.asker.patient() || ctx.Err() != nil {
			return err
		}
		if err := s.again(ctx); err != nil {
			return err
		}
	}
}

// errNotIn says that the servers do not let the user in.
var errNotIn = errors.New("the logins do not work yet; nothing was written")

// again asks what to change before the next attempt.
func (s *initSession) again(ctx context.Context) error {
	answer, err := s.asker.ask(ctx, question{title: "What now?", otherwise: "password", choices: []choice{
		{"password", "try another password or user name"}, {"servers", "name other servers"}, {"stop", "stop; nothing is written"}}})
	if err != nil {
		return err
	}
	switch answer {
	case "stop":
		return hinted{errNotIn, "come back with: afterword init --email " + scheduler.ShellWord(s.answers.Email)}
	case "servers":
		for _, flag := range []string{"imap", "smtp"} {
			*s.flags.values[flag] = ""
		}
		s.answers.Provider, s.unproven = "", true
		return s.servers(ctx)
	}
	for _, flag := range []string{"password", "username"} {
		*s.flags.values[flag] = ""
	}
	s.answers.Username, err = s.asker.ask(ctx, question{flag: "username", title: "User name?", otherwise: s.answers.Username})
	return err
}

// credential asks for a grant or a password, whatever the provider takes.
func (s *initSession) credential(ctx context.Context) error {
	s.secret, s.grant = config.Secret{}, nil
	if given := s.flags.get("password"); given != "" {
		source, err := setup.ParseSource(given)
		if err != nil {
			return usageError{err}
		}
		s.answers.Password = source
		return nil
	}
	way := s.flags.get("oauth")
	if way != "" || s.guide.Login == providers.OAuth {
		return s.authorize(ctx, way)
	}
	title := "Your password for this account?"
	if s.guide.Login == providers.AppPassword {
		title = "The app password?"
	}
	text, err := s.asker.ask(ctx, question{flag: "password", title: title, help: "It is not shown, and never written into config.yaml.", secret: true})
	if err != nil {
		return err
	}
	s.secret = config.NewSecret(setup.AppPassword(text))
	if err := s.askKeep(ctx); err != nil {
		return err
	}
	s.answers.Password = config.PasswordSource{Keyring: s.answers.Username}
	if s.keep == inFile {
		s.answers.Password = config.PasswordSource{File: passwordFile}
	}
	return nil
}

// askKeep asks where what was given is kept.
func (s *initSession) askKeep(ctx context.Context) (err error) {
	if s.keep == "" {
		s.keep, err = s.want(ctx, question{flag: "keep", title: "Where shall it be kept?", otherwise: inKeyring, choices: []choice{
			{inKeyring, "in this computer's keyring, which is open while you are logged in"}, {inFile, "in a file that only you can read (for a server without a desktop)"}}})
	}
	return err
}

// oauth is the application behind a grant: from the flags, the preset, or what
// the provider's guide names.
func (s *initSession) oauth() config.OAuth {
	app := config.OAuth{Provider: s.guide.OAuth}
	if p := s.answers.Preset; p != nil && p.OAuth != nil {
		app = *p.OAuth
	}
	if id := s.flags.get("client-id"); id != "" {
		app.ClientID = id
	}
	if tenant := s.flags.get("tenant"); tenant != "" {
		app.Tenant = tenant
	}
	return app
}

// authorize asks for a grant in the browser, or by a code on another device.
func (s *initSession) authorize(ctx context.Context, way string) error {
	app := s.oauth()
	if app.Provider == "" {
		return usageError{hinted{fmt.Errorf("%s has no grants that are known here", s.guide.Title), "leave --oauth out and give a password, or use a preset file that names the application"}}
	}
	var err error
	if app.ClientID == "" {
		app.ClientID, err = s.want(ctx, question{flag: "client-id", title: "The client id?", help: "It names the application to your provider: your university tells it, or docs/providers.md how to get one."})
		if err != nil {
			return err
		}
	}
	if way == "" {
		way, err = s.want(ctx, question{flag: "oauth", title: "Where is your browser?", otherwise: "browser", choices: []choice{
			{"browser", "on this computer"}, {"device", "on another device, such as a phone: you type a code there"}}})
		if err != nil {
			return err
		}
	}
	if err := s.askKeep(ctx); err != nil {
		return err
	}
	if s.keep == inFile {
		app.Tokens = tokensFile
	}
	client, err := s.p.oauthClient(app, s.flags.get("client-secret"))
	if err != nil {
		return err
	}
	s.answers.Password = config.PasswordSource{OAuth: &app}
	if s.flags.offline {
		return nil // nothing is asked of anybody; --login does it
	}
	s.grant, err = s.p.askGrant(ctx, client, way, s.answers.Username)
	return err
}

// oauthClient knows an application, with its secret where it has one.
func (p *program) oauthClient(app config.OAuth, secretFile string) (*oauth.Client, error) {
	client, err := oauth.NewClient(app)
	if err != nil {
		return nil, usageError{err}
	}
	if secretFile != "" {
		text, err := os.ReadFile(secretFile)
		if err != nil {
			return nil, err
		}
		client.Secret = strings.TrimSpace(string(text))
	}
	return client, nil
}

func (p *program) askGrant(ctx context.Context, client *oauth.Client, way, account string) (*oauth.Memory, error) {
	var grant oauth.Grant
	var err error
	switch way {
	case "browser":
		grant, err = client.ByBrowser(ctx, account, func(address string) error {
			fmt.Fprintf(p.out, "\nGive access in your browser. If it does not open by itself, open this address:\n  %s\n", address)
			showPage(ctx, address)
			return nil
		})
	case "device":
		grant, err = client.ByDevice(ctx, func(address, code string) error {
			fmt.Fprintf(p.out, "\nOn any device, open %s and type %s. This waits until you have agreed there.\n", address, code)
			return nil
		})
	default:
		return nil, usageError{fmt.Errorf("--oauth: %q is none of browser, device", way)}
	}
	if err != nil {
		return nil, err
	}
	return oauth.InMemory(grant), nil
}

// showPage opens the user's browser where there is one. The address was
// printed: that it does not open is no failure.
func showPage(ctx context.Context, address string) {
	command := map[string][]string{"darwin": {"open"}, "windows": {"rundll32", "url.dll,FileProtocolHandler"}}[runtime.GOOS]
	if command == nil {
		command = []string{"xdg-open"}
	}
	if own := os.Getenv("BROWSER"); own != "" {
		command = []string{own}
	}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), command[0], append(command[1:], address)...)
	if cmd.Start() == nil {
		go func() { _ = cmd.Wait() }()
	}
}

// house wires the answers as if they were in config.yaml, so that the logins are tried
// by the same code that `run` uses.
func (s *initSession) house(ctx context.Context) (*house, error) {
	c, err := s.config()
	if err != nil {
		return nil, err
	}
	h := &house{config: c, clock: s.p.clock, outside: outside{clock: s.p.clock}}
	switch {
	case s.grant != nil:
		client, err := s.p.oauthClient(*c.Account.Password.OAuth, s.flags.get("client-secret"))
		if err != nil {
			return nil, err
		}
		h.credential = oauth.NewSource(client, s.grant, s.p.clock.Now).Token
	case !s.secret.Empty():
		h.credential = func(context.Context) (string, error) { return s.secret.Reveal(), nil }
	}
	return h, ctx.Err()
}

// config is config.yaml as it would be.
func (s *initSession) config() (*config.Config, error) {
	return config.Parse(s.path, []byte(setup.Config(s.answers)), s.p.clock.Now())
}

// test tries both logins and says what each did.
func (s *initSession) test(ctx context.Context) error {
	h, err := s.house(ctx)
	if err != nil {
		return err
	}
	s.say("\nTesting both logins ...")
	c := &checklist{p: s.p}
	c.smtp(ctx, h)
	c.reading(ctx, h, h.config.Account)
	if c.failed > 0 {
		return hinted{errNotIn, "the lines above say what to do"}
	}
	return nil
}

// reading notes whether the mailbox can be read, in one line.
func (c *checklist) reading(ctx context.Context, h *house, a config.Account) {
	ctx, cancel := context.WithTimeout(ctx, patienceWithServers)
	defer cancel()
	box, err := h.mailboxOf(a)
	if err != nil {
		c.note("reading", "", err, adviceTo(a, err, "imap"))
		return
	}
	defer box.Close()
	r, err := box.Probe(ctx)
	server := a.IMAP
	c.note("reading", fmt.Sprintf("%s:%d, logged in, watched: %s", server.Host, server.Port, strings.Join(watched(r), ", ")), err, adviceTo(a, err, "imap"))
}

// loginAnew replaces the credential of an account of an existing config.yaml once it is
// seen to work. Name is that of a watched account, or "" for the one that sends.
func (p *program) loginAnew(ctx context.Context, f initFlags, name string) error {
	h, err := p.open(ctx, false)
	if err != nil {
		return err
	}
	defer h.Close()
	a, err := accountNamed(h.config, name)
	if err != nil {
		return err
	}
	if a.Password.Env != "" || len(a.Password.Command) > 0 {
		return usageError{hinted{errors.New("the password is kept by somebody else than Afterword"), "change it where the password of " + a.Username + " in config.yaml says it is"}}
	}
	s := &initSession{p: p, flags: f, asker: p.asker(), path: h.config.Path, guide: providers.Of(a.Provider)}
	s.answers.Username, s.answers.Provider = a.Username, a.Provider
	if err := s.anew(ctx, h, a); err != nil {
		return err
	}
	c := &checklist{p: p}
	if a.Name == "" {
		c.smtp(ctx, h)
	}
	c.reading(ctx, h, a)
	if c.failed > 0 {
		return hinted{errors.New("the logins do not work yet; what was kept before is untouched"), "the lines above say what to do"}
	}
	if err := s.keepCredential(ctx, a.Password, h.config.StatePath, config.ReplaceSecret); err != nil {
		return err
	}
	s.say("Kept. A running daemon notices a file at once; otherwise start it anew.")
	return nil
}

// accountNamed is the account that the user means: that which sends, or one under watch
// by its name or its user name.
func accountNamed(c *config.Config, name string) (config.Account, error) {
	all := c.Accounts()
	n := slices.IndexFunc(all, func(a config.Account) bool { return strings.EqualFold(a.Name, name) })
	if n < 0 {
		n = slices.IndexFunc(all, func(a config.Account) bool { return strings.EqualFold(a.Username, name) })
	}
	if n >= 0 {
		return all[n], nil
	}
	var names []string
	for _, a := range all {
		names = append(names, either(a.Name, a.Username))
	}
	return config.Account{}, usageError{hinted{fmt.Errorf("config.yaml knows no account %q", name), "the accounts are " + strings.Join(names, ", ")}}
}

// anew asks for the credential that the config names for an account.
func (s *initSession) anew(ctx context.Context, h *house, a config.Account) error {
	h.credentialOf = a.Name
	if a.Password.OAuth == nil {
		text, err := s.asker.ask(ctx, question{title: "The password of " + a.Username + "?", secret: true})
		if err != nil {
			return err
		}
		s.secret = config.NewSecret(setup.AppPassword(text))
		h.credential = func(context.Context) (string, error) { return s.secret.Reveal(), nil }
		return nil
	}
	client, err := s.p.oauthClient(*a.Password.OAuth, s.flags.get("client-secret"))
	if err != nil {
		return err
	}
	way := s.flags.get("oauth")
	if way == "" {
		way = "browser"
	}
	if s.grant, err = s.p.askGrant(ctx, client, way, a.Username); err != nil {
		return err
	}
	h.credential = oauth.NewSource(client, s.grant, s.p.clock.Now).Token
	return nil
}

// keepCredential puts what was given where the config says it is.
func (s *initSession) keepCredential(ctx context.Context, source config.PasswordSource, state string, write func(path string, secret config.Secret) error) error {
	switch {
	case s.grant != nil:
		grant, err := s.grant.Load(ctx)
		if err != nil {
			return err
		}
		return oauth.StoreOf(*source.OAuth, s.answers.Username, state).Save(ctx, grant)
	case s.secret.Empty():
		return nil
	case source.Keyring != "":
		return config.StoreInKeyring(ctx, source.Keyring, s.secret)
	case source.File != "":
		return write(source.File, s.secret)
	}
	return nil
}
