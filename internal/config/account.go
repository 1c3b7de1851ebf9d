package config

import (
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Account is a mail account of the candidate.
type Account struct {
	Name     string // "" for the sending account; else unique among the watched ones
	Provider string // "" if the hosts are written out
	Username string
	Password PasswordSource
	SMTP     Server // zero for a watched account
	IMAP     Server
	Folders  []string // to watch; empty: chosen by the program
}

// account reads the account that sends. Otherwise is the user name where none
// is given.
func (r *reader) account(f *fields, otherwise string) Account {
	a := r.incoming(f, otherwise)
	preset, _ := ProviderNamed(a.Provider)
	a.SMTP = r.server(f.section("smtp"), preset.SMTP, map[string]int{TLS: 465, STARTTLS: 587, Insecure: 25})
	f.done()
	return a
}

// watched reads the accounts that are only read. None is the mailbox of another, which
// would be read twice before each mail.
func (r *reader) watched(v value, main Account) []Account {
	var all []Account
	seen := map[string]bool{}
	boxes := map[string]string{main.mailbox(): "account"}
	for _, item := range v.items() {
		f := item.fields()
		name := f.get("name").word("a name")
		a := r.incoming(f, "")
		a.Name = name
		if a.Name == "" {
			a.Name = a.Username
		}
		if a.Password.OAuth != nil {
			a.Password.OAuth.Account = a.Name
		}
		if a.Username == "" && item.node.Kind == yaml.MappingNode {
			f.get("username").missing("the account's user name")
		}
		if key := strings.ToLower(a.Name); key != "" && seen[key] {
			item.r.add(item.place(), item.key, "a second account named "+strconv.Quote(a.Name), "a name of its own", "give it a name")
		}
		seen[strings.ToLower(a.Name)] = true
		if other := boxes[a.mailbox()]; other != "" && a.Username != "" && a.IMAP.Host != "" {
			hint := "it is read already; leave this entry out"
			if len(a.Folders) > 0 {
				hint = "name its folders under " + other + ".imap.folders and leave this entry out"
			}
			item.r.add(item.place(), item.key, "the mailbox of "+other, "another mailbox", hint)
		}
		boxes[a.mailbox()] = item.key
		f.done()
		all = append(all, a)
	}
	return all
}

// mailbox is the same for accounts that lead to one mailbox.
func (a Account) mailbox() string {
	return strings.ToLower(a.Username + "@" + net.JoinHostPort(a.IMAP.Host, strconv.Itoa(a.IMAP.Port)))
}

// incoming reads what sending and watched accounts share.
func (r *reader) incoming(f *fields, otherwise string) Account {
	a := Account{
		Provider: r.provider(f.get("provider")),
		Username: f.get("username").word("a user name"),
		Password: r.password(f.get("password")),
	}
	if a.Username == "" {
		a.Username = otherwise
	}
	preset, _ := ProviderNamed(a.Provider)
	imap := f.section("imap")
	for _, v := range imap.get("folders").items() {
		if name := v.word("a folder's name"); name != "" {
			a.Folders = append(a.Folders, name)
		}
	}
	a.IMAP = r.server(imap, preset.IMAP, map[string]int{TLS: 993, STARTTLS: 143, Insecure: 143})
	return a
}

func (r *reader) provider(v value) string {
	name := strings.ToLower(v.word("a provider"))
	if _, ok := ProviderNamed(name); name != "" && !ok {
		v.wrong("a provider: "+oneOf(Providers()), hintFor(name))
		return ""
	}
	return name
}

func hintFor(provider string) string {
	if hint := DidYouMean(provider, Providers()); hint != "" {
		return hint
	}
	return "leave provider empty and write the hosts under smtp and imap"
}

// server reads a host with its port; the preset fills what is left out.
func (r *reader) server(f *fields, preset Server, ports map[string]int) Server {
	before := len(r.problems)
	security := preset.Security
	if security == "" {
		security = TLS
	}
	s := Server{
		Host:     f.get("host").word("a host name"),
		Security: f.get("security").choice(security, TLS, STARTTLS, Insecure),
	}
	port := ports[s.Security]
	if s.Host == "" {
		s.Host = preset.Host
		if s.Security == preset.Security {
			port = preset.Port
		}
	}
	s.Port = f.get("port").number(1, 65535, port)
	host := f.get("host")
	switch {
	case len(r.problems) > before:
	case s.Host == "":
		host.missing("a host name such as " + f.key[strings.LastIndexByte(f.key, '.')+1:] + ".example.org, or account.provider")
	case !isHost(s.Host):
		host.wrong("a host name", "the port stands under port")
	case s.Security == Insecure && !isLoopback(s.Host):
		f.get("security").wrong("tls or starttls", "insecure sends the password in plain text and is allowed for 127.0.0.1, ::1 and localhost only")
	case !isNear(s.Host): // there a tunnel or a bridge may end at any port
		checkPort(f, s, ports)
	}
	f.done()
	return s
}

// checkPort refuses the ports at which every server speaks something else: another
// protocol, or plain text at first (RFC 6409, RFC 8314). Some servers still begin so at
// the ports of TLS; that way round is left to the first connection, and so is what the user
// has written about the security, since a server may be set up in any way.
func checkPort(f *fields, s Server, ports map[string]int) {
	protocol := strings.ToUpper(f.key[strings.LastIndexByte(f.key, '.')+1:])
	speaks := map[int]string{25: "SMTP", 465: "SMTP", 587: "SMTP", 143: "IMAP", 993: "IMAP", 110: "POP3", 995: "POP3"}[s.Port]
	secure, open := strconv.Itoa(ports[TLS]), strconv.Itoa(ports[STARTTLS])
	switch {
	case speaks != "" && speaks != protocol:
		f.get("port").wrong("a port for "+protocol+": "+secure+", or "+open+" with security: starttls", strconv.Itoa(s.Port)+" is for "+speaks)
	case s.Security == TLS && f.get("security").absent() && (s.Port == 25 || s.Port == 587 || s.Port == 143):
		f.get("port").wrong(secure+", or security: starttls beside it", "at that port a server speaks plain text first and secures the line then, which is starttls; if yours begins with TLS there, write security: tls")
	}
}

// isHost reports whether the text is an IP address or a host name.
func isHost(s string) bool {
	if _, err := netip.ParseAddr(s); err == nil {
		return true
	}
	if strings.EqualFold(s, "localhost") {
		return true
	}
	_, err := parseDomain(s)
	return err == nil
}

// isNear reports whether the host is this machine or one of the network around it: by an
// address of a private network, or a name below a domain that the world does not have (RFC
// 6762, RFC 8375, RFC 9476, and internal by a decision of ICANN).
func isNear(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || carriers.Contains(ip)
	}
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	top := name[strings.LastIndexByte(name, '.')+1:]
	return strings.HasSuffix(name, ".home.arpa") || slices.Contains([]string{"local", "localhost", "lan", "internal", "alt"}, top)
}

// carriers is the network of addresses behind a carrier (RFC 6598), of which overlay networks
// between one's own machines make use.
var carriers = netip.MustParsePrefix("100.64.0.0/10")

// isLoopback reports whether the host can only be this machine.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// password reads where the password is. A password written into the file is
// refused, and no problem of this section repeats what stands there.
func (r *reader) password(v value) PasswordSource {
	const expected = "{env: NAME}, {file: path}, {command: [...]}, {keyring: name} or {oauth: ...}"
	v.secret = true
	if v.absent() {
		v.missing(expected)
		return PasswordSource{}
	}
	if v.node.Kind != yaml.MappingNode {
		r.add(v.node, v.key, "a password in the file", expected, "config files are shown, copied and backed up; keep the password elsewhere")
		return PasswordSource{}
	}
	before := len(r.problems)
	f := v.fields()
	p := PasswordSource{
		Env:     f.get("env").word("the name of an environment variable"),
		Command: command(f.get("command")),
		Keyring: f.get("keyring").word("a name in the keyring"),
		OAuth:   r.oauth(f.get("oauth")),
	}
	if file := f.get("file"); !file.empty() {
		p.File = r.path(file, "")
	}
	if p.Env != "" && !regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`).MatchString(p.Env) {
		f.get("env").wrong("the name of an environment variable", "")
	}
	f.done()
	if n := p.sources(); n != 1 && len(r.problems) == before {
		r.add(v.node, v.key, strconv.Itoa(n)+" sources", "exactly one of "+expected, "")
	}
	return p
}

// sources counts the sources that are set.
func (p PasswordSource) sources() int {
	n := 0
	for _, set := range []bool{p.Env != "", p.File != "", len(p.Command) > 0, p.Keyring != "", p.OAuth != nil} {
		if set {
			n++
		}
	}
	return n
}

func command(v value) []string {
	var words []string
	for _, item := range v.items() {
		words = append(words, item.word("a word of the command"))
	}
	if len(words) > 0 && words[0] == "" {
		v.wrong("a program and its arguments", "")
	}
	return words
}

// web reads where the page listens. Who can reach the page can stop mail, so
// it is never offered to a network.
func (r *reader) web(f *fields) Web {
	const expected = "a loopback address and port such as 127.0.0.1:8025"
	v := f.get("listen")
	f.done()
	if v.absent() {
		return Web{Listen: "127.0.0.1:8025"}
	}
	listen := v.word(expected)
	if listen == "" {
		return Web{}
	}
	host, port, err := net.SplitHostPort(listen)
	n, perr := strconv.ParseUint(port, 10, 16)
	if err != nil || perr != nil || !isLoopback(host) {
		v.wrong(expected, `"" switches the page off; from elsewhere, use an SSH tunnel`)
		return Web{}
	}
	return Web{Listen: net.JoinHostPort(host, strconv.FormatUint(n, 10))}
}
