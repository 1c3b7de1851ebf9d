package main

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"afterword/internal/config"
	"afterword/internal/ledger"
	"afterword/internal/profile"
	"afterword/internal/store/sqlite"
	"afterword/mailer"
	"afterword/mailer/imap"
	"afterword/mailer/smtp"
	"afterword/scheduler"
)

// program is what all commands share: input, output and the values of the global flags.
type program struct {
	in         io.Reader
	out, err   io.Writer
	clock      scheduler.Clock
	configPath string
	outside    outside      // but for its clock; its zero value is the machine itself
	giveBack   func() error // returns memory to the system now and then, while the daemon runs; may be nil
}

// surroundings is the environment of this run, with its clock.
func (p *program) surroundings() outside {
	out := p.outside
	out.clock = p.clock
	return out
}

// errConfig marks a configuration that cannot be used.
var errConfig = errors.New("no usable config.yaml")

// outside replaces parts of the machine in tests, in the demo and in the story on real
// servers: time, and the connections to servers. The zero value is the machine itself.
type outside struct {
	clock scheduler.Clock
	dial  func(ctx context.Context, network, addr string) (net.Conn, error)
	roots *x509.CertPool
	web   *http.Client // to an authorization server; nil: the system's ways
	// screen shows a notice; nil: the machine's own desktop.
	screen  func(ctx context.Context, title, text string, urgent bool) error
	random  io.Reader
	machine string // by which a store knows that it was copied; "": the machine's own name
	watcher scheduler.Watcher
	// store opens the store at a path, on another disk than the machine's. It
	// may be nil.
	store func(ctx context.Context, path string) (scheduler.Store, error)
	// accepted is told of each mail, be it a delivery or a notice, that the
	// server accepted; it must not block. It may be nil.
	accepted func(mailer.Frozen)
	// reading shows how far the first reading of the mailbox has come; nil: the log does.
	reading func(read, left int, ended bool)
	pace    scheduler.Pace // how often the daemon wakes without a reason
}

// house is the object graph of one profile, without the connections.
type house struct {
	config  *config.Config
	world   *world
	store   scheduler.Store
	clock   scheduler.Clock
	service *scheduler.Service
	outside outside
	// credential is what the account logs in with in the place of what config.yaml
	// names, before that is kept there. It is nil but in `init`.
	credential   func(context.Context) (string, error)
	credentialOf string // the name of that account, "" for the one that sends

	proofreader scheduler.Proofreader

	// between is handed what must be done while no daemon is at work. It is nil
	// where nobody runs one.
	between chan func(identity)

	once   bool                                                    // the daemon ends when all that is due is done
	pulse  *scheduler.Pulse                                        // shows that the daemon lives
	began  func()                                                  // is called when it is at work; may be nil
	tokens map[*config.OAuth]func(context.Context) (string, error) // by the config that asks for them
}

// open wires the profile for a command. With mustRun the store is created if there is
// none.
func (p *program) open(ctx context.Context, mustRun bool) (*house, error) {
	path, err := p.findConfig()
	if err != nil {
		return nil, err
	}
	return openHouse(ctx, path, p.surroundings(), mustRun)
}

// with wraps a command: it opens the profile before and closes it afterwards.
func (p *program) with(mustRun bool, do func(cmd *cobra.Command, args []string, h *house) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		h, err := p.open(cmd.Context(), mustRun)
		if err != nil {
			return err
		}
		return errors.Join(do(cmd, args, h), h.Close())
	}
}

// look is with, for a command that only shows. If config.yaml or a template is unusable,
// which holds everything, the command shows the store all the same and ends with that
// error.
func (p *program) look(do func(cmd *cobra.Command, h *house) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, _ []string) error {
		h, broken := p.open(cmd.Context(), false)
		if broken != nil {
			var err error
			if h, err = p.openBroken(cmd.Context(), broken); err != nil {
				return broken
			}
		}
		err := errors.Join(do(cmd, h), h.Close())
		if broken != nil {
			return broken
		}
		return err
	}
}

// openBroken opens, for showing, the store of a profile whose config.yaml is unusable.
func (p *program) openBroken(ctx context.Context, broken error) (*house, error) {
	path, err := p.findConfig()
	if err != nil || !errors.Is(broken, errConfig) {
		return nil, broken
	}
	c := config.Glimpse(path)
	if _, err := os.Stat(c.StatePath); err != nil {
		return nil, err
	}
	h := &house{config: c, clock: p.clock, outside: p.surroundings()}
	if h.store, err = h.outside.openStore(ctx, c.StatePath); err != nil {
		return nil, err
	}
	h.service = &scheduler.Service{Store: h.store, Files: unusable{broken: broken, policy: c.Policy}, Clock: p.clock}
	return h, nil
}

// unusable stands for the files of a profile whose config.yaml is unusable: no interview
// can be read.
type unusable struct {
	broken error
	policy scheduler.Policy
}

// Read says why.
func (u unusable) Read() (scheduler.Policy, []scheduler.Application, error) {
	u.policy.Broken = firstLine(u.broken)
	return u.policy, nil, nil
}

// firstLine is what is wrong, on one line: the error itself follows on stderr.
func firstLine(err error) string {
	var problems config.Problems
	if errors.As(err, &problems) {
		return problems.Summary()
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func openHouse(ctx context.Context, path string, out outside, mustRun bool) (*house, error) {
	if out.random == nil {
		out.random = rand.Reader
	}
	cfg, err := config.Load(path, out.clock.Now())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errConfig, err)
	}
	w, err := newWorld(cfg, out.clock.Now)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errConfig, err)
	}
	h := &house{config: cfg, world: w, clock: out.clock, outside: out, store: scheduler.NoStore{}, pulse: &scheduler.Pulse{}, proofreader: proofreader(cfg.WordsPath)}
	_, err = os.Stat(cfg.StatePath)
	isNew := errors.Is(err, fs.ErrNotExist)
	if isNew && mustRun && out.store == nil {
		// A store without a secret is one whose secret was lost: a command that
		// makes the first must make the second, or the daemon refuses both.
		if _, err := profile.Secret(cfg.StatePath, ledger.Path(cfg.StatePath)); err != nil {
			return nil, err
		}
	}
	if mustRun || !isNew {
		if h.store, err = out.openStore(ctx, cfg.StatePath); err != nil {
			return nil, err
		}
	}
	h.service = &scheduler.Service{Store: h.store, Files: w, Writers: h.writers(), Clock: out.clock, Attended: profile.Works(cfg.StatePath), Book: h.book}
	return h, nil
}

// book reads the ledger for a look. A profile that never ran has none.
func (h *house) book() (scheduler.Ledger, error) {
	path := ledger.Path(h.config.StatePath)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	secret, err := profile.Secret(h.config.StatePath, path)
	if err != nil {
		return nil, err
	}
	return ledger.Read(path, secret)
}

func (o outside) openStore(ctx context.Context, path string) (scheduler.Store, error) {
	if o.store != nil {
		return o.store(ctx, path)
	}
	return sqlite.Open(ctx, path)
}

// Close closes the store.
func (h *house) Close() error { return h.store.Close() }

func (h *house) writers() scheduler.Writers {
	return scheduler.Writers{Renderer: h.world, Proofreader: h.proofreader}
}

// daemon wires what `run` needs beside the house: the connections, the secret
// and the notices.
func (h *house) daemon(log *slog.Logger, id identity) (*scheduler.Daemon, error) {
	sender, err := h.sender()
	if err != nil {
		return nil, err
	}
	box, err := h.mailbox()
	if err != nil {
		return nil, err
	}
	watched, err := h.watched()
	if err != nil {
		return nil, err
	}
	channels, err := h.channels(log, id)
	if err != nil {
		return nil, err
	}
	wired, same := h.config, h.config
	changed := func() bool { // asked at every turn
		now := h.world.files.Config()
		if now != same && wired.SameConnections(now) {
			same = now
		}
		return now != same
	}
	return &scheduler.Daemon{
		Store: h.store, Ledger: id.ledger, Spare: id.spare, KeepSpare: id.keepSpare, Machine: id.machine,
		Files: h.world, Writers: h.writers(), Scribe: scribe{h}, Compose: compose(id), ComposeDraft: composeDraft(h.outside.random),
		Name:   func(key string) string { return id.name(key, wired.Policy.Me.Email) },
		Sender: sender, Mailbox: box, Watched: watched, Drafts: box, Probe: h.probe(), Tables: mailer.LoadTables(),
		Called: calledAccounts(wired), Login: loginCommands(wired), Mailboxes: mailboxNames(wired), Changed: changed,
		Channels: channels, Log: log,
		Clock: h.clock, Watcher: h.outside.watcher, Pace: h.outside.pace, Once: h.once,
		Pulse: h.pulse, Began: h.began, Reading: h.outside.reading,
	}, nil
}

// server is the way to the account's SMTP server.
func (h *house) server() (*smtp.Sender, error) {
	a := h.config.Account
	return smtp.New(smtp.Config{Host: a.SMTP.Host, Port: a.SMTP.Port, Security: a.SMTP.Security, Username: a.Username,
		Password: h.passwordOf(a), OAuth: a.Password.OAuth != nil, Dial: h.outside.dial, InProcess: h.outside.dial != nil, RootCAs: h.outside.roots})
}

func (h *house) sender() (scheduler.Sender, error) {
	s, err := h.server()
	if err != nil || h.outside.accepted == nil {
		return s, err
	}
	return &tellingSender{Sender: s, accepted: h.outside.accepted}, nil
}

// tellingSender tells of each mail that the server accepted.
type tellingSender struct {
	scheduler.Sender
	accepted func(mailer.Frozen)
}

// Send sends and tells.
func (s *tellingSender) Send(ctx context.Context, m mailer.Frozen, beforeDot func(context.Context) error) mailer.Receipt {
	r := s.Sender.Send(ctx, m, beforeDot)
	if r.Outcome == mailer.Accepted {
		s.accepted(m)
	}
	return r
}

func (h *house) mailbox() (*imap.Mailbox, error) { return h.mailboxOf(h.config.Account) }

// watched are the further accounts that are read and never written to.
func (h *house) watched() (all []scheduler.Mailbox, err error) {
	for _, a := range h.config.Watch {
		box, err := h.mailboxOf(a)
		if err != nil {
			return nil, err
		}
		all = append(all, box)
	}
	return all, nil
}

func (h *house) mailboxOf(a config.Account) (*imap.Mailbox, error) {
	return imap.New(imap.Config{Account: a.Name, Host: a.IMAP.Host, Port: a.IMAP.Port, Security: imap.Security(a.IMAP.Security), Username: a.Username,
		Password: h.passwordOf(a), OAuth: a.Password.OAuth != nil, Folders: a.Folders, Clock: h.clock, Pace: h.outside.pace.Wait, Dial: h.outside.dial, InProcess: h.outside.dial != nil, RootCAs: h.outside.roots})
}

// probe is the mail to oneself that learns what the account does.
func (h *house) probe() scheduler.Probe {
	a, me := h.config.Account, h.config.Policy.Me
	account := fmt.Sprintf("%s %s %s:%d %s:%d", me.Email, a.Username, a.SMTP.Host, a.SMTP.Port, a.IMAP.Host, a.IMAP.Port)
	return scheduler.Probe{Account: account, Compose: func(token string, now time.Time) (mailer.Frozen, error) {
		mid, err := mailer.RandomMessageID(h.outside.random, me.Email)
		if err != nil {
			return mailer.Frozen{}, err
		}
		self := mailer.Address{Name: me.Name, Addr: me.Email}
		return mailer.Compose(mailer.Draft{From: self, To: self, Subject: "Afterword: a test mail to yourself [" + token + "]", Date: now.In(me.Zone), MessageID: mid,
			AutoSubmitted: "auto-generated", Body: "This mail shows Afterword that mail of this account arrives where it looks for answers. You can delete it.\n"})
	}}
}

// identity is what makes a profile unique: the secret behind its Message-IDs, the ledger
// of what it handed over, and the machine it lives on.
type identity struct {
	secret  []byte
	ledger  scheduler.Ledger
	machine string
	spare   func() // frees space for the outcome of a mail under way; may be nil
	// keepSpare keeps that space again; may be nil.
	keepSpare func() error
}

// name is the Message-ID of a delivery.
func (i identity) name(key, from string) string { return mailer.MessageID(i.secret, key, from) }

// compose returns the Composer of deliveries. The Message-ID depends only on the key and
// the profile's secret, so that a restored backup produces the same one.
func compose(id identity) scheduler.Composer {
	return func(f *scheduler.Facts, d scheduler.Delivery, now time.Time) (mailer.Frozen, error) {
		me := f.Policy.Me
		frozen, err := mailer.Compose(draftOf(d, me, id.name(d.Key, me.Email), now))
		if err != nil {
			return frozen, err
		}
		return frozen, mailer.Verify(frozen, me.Email, d.To.Email)
	}
}

// draftOf is the mail of a delivery under a Message-ID, dated now in the candidate's zone.
func draftOf(d scheduler.Delivery, me scheduler.Me, messageID string, now time.Time) mailer.Draft {
	if me.Zone != nil {
		now = now.In(me.Zone)
	}
	return mailer.Draft{
		From: mailer.Address{Name: me.Name, Addr: me.Email}, To: mailer.Address{Name: d.To.Name, Addr: d.To.Email},
		Subject: d.Text.Subject, Body: d.Text.Body, Date: now, MessageID: messageID,
		Thread: mailer.Thread{InReplyTo: d.Text.Thread.InReplyTo, References: d.Text.Thread.References},
	}
}

// composeDraft returns the Composer of drafts. The user may send a draft from the Drafts
// folder, so nothing in it names this program, and its Message-ID is random.
func composeDraft(random io.Reader) scheduler.Composer {
	return func(f *scheduler.Facts, d scheduler.Delivery, now time.Time) (mailer.Frozen, error) {
		id, err := mailer.RandomMessageID(random, f.Policy.Me.Email)
		if err != nil {
			return mailer.Frozen{}, err
		}
		return mailer.Compose(draftOf(d, f.Policy.Me, id, now))
	}
}

// findConfig chooses the config file.
func (p *program) findConfig() (string, error) {
	candidates := []string{"config.yaml"}
	if p.configPath != "" {
		candidates = []string{p.configPath}
	} else if dir, err := os.UserConfigDir(); err == nil {
		candidates = append(candidates, filepath.Join(dir, "afterword", "config.yaml"))
	}
	for _, c := range candidates {
		if _, err := os.Stat(c); err == nil {
			return c, nil
		}
	}
	return "", &noConfig{looked: candidates}
}

// loadConfig reads the config file that findConfig chooses. The error wraps errConfig
// where there is none, or none that can be used.
func (p *program) loadConfig() (*config.Config, error) {
	path, err := p.findConfig()
	if err != nil {
		return nil, err
	}
	cfg, err := config.Load(path, p.clock.Now())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errConfig, err)
	}
	return cfg, nil
}

// noConfig says where a config.yaml was looked for.
type noConfig struct{ looked []string }

func (n *noConfig) Error() string {
	return "found no config.yaml; looked for " + strings.Join(n.looked, " and ")
}
func (n *noConfig) Is(target error) bool { return target == errConfig }

// Hint says how to get one.
func (n *noConfig) Hint() string {
	return "let `afterword init` ask and write it, copy config.example.yaml to config.yaml and change it, or name yours with --config; `afterword demo` needs none"
}
