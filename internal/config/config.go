package config

import (
	"crypto/sha256"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"afterword/scheduler"
)

// Config is config.yaml, read and checked.
type Config struct {
	Path          string // as it was given
	Policy        scheduler.Policy
	Account       Account
	Watch         []Account // read only, each with a name of its own
	InterviewsDir string    // relative to the working folder if Path is
	TemplatesDir  string    // the folder may be missing
	StatePath     string    // absolute
	WordsPath     string    // the user's own dictionary; the file may be missing
	Notify        Notify
	Web           Web

	sum [sha256.Size]byte // of the bytes that were read; zero where none were
}

// Web is the page.
type Web struct {
	Listen string // host:port on loopback; "" switches the page off
}

// Notify says by which channels the user is told.
type Notify struct {
	Mail    bool
	Desktop bool
	Ntfy    Secret // URL of a topic; knowing it is enough to read along
	Webhook Secret // URL
	Details bool   // names and outcomes may leave the machine
	Digest  string // cron expression in the user's zone, "" for none

	NtfyToken     PasswordSource       // of ntfy; without a source: none
	WebhookSecret PasswordSource       // signs what the webhook gets; without a source: unsigned
	Only          map[string][]string  // by channel the kinds that it is for; a channel without: all
	Quiet         scheduler.QuietHours // in the user's zone; of every channel but mail
}

// SameConnections reports whether both lead to the same accounts in the same way,
// write from the same address, and tell by the same channels.
func (c *Config) SameConnections(other *Config) bool {
	if c == other {
		return true // nothing was read anew, which is so nearly always
	}
	me, was := c.Policy.Me, other.Policy.Me
	return me.Name == was.Name && me.Email == was.Email && me.Zone.String() == was.Zone.String() &&
		reflect.DeepEqual(c.Account, other.Account) && reflect.DeepEqual(c.Watch, other.Watch) && c.Notify.same(other.Notify)
}

// same compares secrets by what they hold.
func (n Notify) same(other Notify) bool {
	if n.Ntfy.Reveal() != other.Ntfy.Reveal() || n.Webhook.Reveal() != other.Webhook.Reveal() {
		return false
	}
	n.Ntfy, n.Webhook, other.Ntfy, other.Webhook = Secret{}, Secret{}, Secret{}, Secret{}
	n.Quiet.Zone, other.Quiet.Zone = nil, nil // it is the user's
	return reflect.DeepEqual(n, other)
}

// Accounts are all accounts: the one that sends and those that are only read.
func (c *Config) Accounts() []Account { return append([]Account{c.Account}, c.Watch...) }

// Load reads and checks config.yaml. The error is Problems, with everything
// that is wrong in the file, or says why the file cannot be read at all. Now
// is where the search for a step's first slot begins.
func Load(path string, now time.Time) (*Config, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	c, err := parseConfig(path, data, now)
	if err == nil {
		c.sum = sha256.Sum256(data)
	}
	return c, err
}

// Parse reads and checks what is to become the config.yaml at path, which need
// not be there yet.
func Parse(path string, data []byte, now time.Time) (*Config, error) {
	return parseConfig(path, data, now)
}

func parseConfig(path string, data []byte, now time.Time) (*Config, error) {
	r := newReader(path)
	root := r.parse(data)
	if root == nil {
		return nil, r.problems.sorted()
	}
	c := r.config(root, now)
	if err := r.problems.sorted(); err != nil {
		return nil, err
	}
	return c, nil
}

// config reads the top level. Every section is read, also where it is absent,
// for its defaults.
func (r *reader) config(root *yaml.Node, now time.Time) *Config {
	top := value{r: r, node: root, near: root}.fields()
	c := &Config{Path: r.file}
	p := &c.Policy
	p.Me = r.me(top.section("me"))
	c.Account = r.account(top.section("account"), p.Me.Email)
	c.Watch = r.watched(top.get("watch"), c.Account)
	c.InterviewsDir = r.path(top.get("interviews"), "interviews")
	c.TemplatesDir = r.path(top.get("templates"), "templates")
	c.StatePath = absolute(r.path(top.get("state"), "afterword.db"))
	r.sending(top.section("sending"), p)
	p.Limits = r.limits(top.section("limits"))
	p.Replies = r.replies(top.section("replies"))
	r.proofread(top.section("proofread"), c)
	c.Notify = r.notify(top.section("notify"))
	p.Digest = whenDigest(c.Notify.Digest)
	c.Notify.Quiet.Zone = p.Me.Zone
	c.Web = r.web(top.section("web"))
	window := top.get("sending").node
	if at := entryAt(window, "window"); at >= 0 {
		window = window.Content[at+1]
	}
	p.Sequences = r.sequences(top.get("sequences"), window, *p, now)
	top.done()
	return c
}

// me reads the candidate.
func (r *reader) me(f *fields) scheduler.Me {
	m := scheduler.Me{
		Name:            f.get("name").needed(value.name, "your name as it stands under your mails"),
		Email:           r.requiredEmail(f.get("email")),
		Aliases:         parsedAll(f.get("aliases"), "an address such as dana@example.org", parseEmail),
		Zone:            f.get("timezone").zone(),
		Signature:       f.get("signature").text(),
		EmployerDomains: parsedAll(f.get("employer_domains"), "a domain such as current-employer.example", parseDomain),
		Away:            dateRanges(f.get("away")),
	}
	if f.get("timezone").empty() {
		f.get("timezone").missing("your time zone, such as Europe/Paris")
	}
	if m.Signature == "" {
		m.Signature = m.Name
	}
	host := strings.ToLower(m.Email[strings.LastIndexByte(m.Email, '@')+1:])
	for _, d := range m.EmployerDomains {
		if host == d || strings.HasSuffix(host, "."+d) {
			f.get("email").wrong("an address outside me.employer_domains", "an application must not leave from your employer's domain")
			break
		}
	}
	f.done()
	return m
}

func (r *reader) requiredEmail(v value) string {
	if v.empty() {
		v.missing("your address, such as dana@example.org")
		return ""
	}
	return v.email()
}

// path reads a path relative to the file's folder.
func (r *reader) path(v value, otherwise string) string {
	p := v.word("a path")
	if p == "" {
		p = otherwise
	}
	if strings.HasPrefix(p, "~") {
		v.wrong("a path", "write the whole path: ~ is not expanded here")
	}
	if filepath.IsAbs(p) {
		return filepath.Clean(p)
	}
	return filepath.Join(filepath.Dir(r.file), p)
}

// absolute makes a path independent of the working folder. Where that has no
// name any more the path stays as it is.
func absolute(p string) string {
	if a, err := filepath.Abs(p); err == nil {
		return a
	}
	return p
}

// proofread reads the checks' settings; words and language end up apart.
func (r *reader) proofread(f *fields, c *Config) {
	c.Policy.Language = f.get("language").language("en")
	c.WordsPath = r.path(f.get("words"), "words.txt")
	known, fixed := LintCodes(), scheduler.PromiseCodes()
	for _, v := range f.get("off").items() {
		code := v.word("a code such as length")
		switch {
		case code == "":
			v.missing("a code such as length")
		case contains(fixed, code):
			v.wrong("a code that may be left out", "this check keeps a promise of the program and stays on")
		case !contains(known, code):
			v.wrong("a code of the proofreader", DidYouMean(code, known))
		default:
			c.Policy.Off = append(c.Policy.Off, code)
		}
	}
	f.done()
}
