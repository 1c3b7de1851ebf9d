package provider

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"afterword/internal/config"
)

// Resolver is what is asked of DNS; *net.Resolver is one.
type Resolver interface {
	LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
}

// Finder looks for the servers of an address.
type Finder struct {
	Resolver Resolver
	// HTTP fetches descriptions. It is used with https alone.
	HTTP *http.Client
	// Database is the address of a table of descriptions by domain, with a slash
	// at its end; "" asks none. It is told the domain and never the address.
	Database string
}

// Mozilla is the table of descriptions that mail programs ask.
const Mozilla = "https://autoconfig.thunderbird.net/v1.1/"

// Found is where the mail of an address is read and sent.
type Found struct {
	Provider   string // a name of account.provider, "" if it is none of these
	SMTP, IMAP config.Server
	Username   string
	How        string // where this is known from, in words
	// Unproven says that nobody vouches for the servers' names: they stand in an
	// unsigned record and lie outside the address's domain. The user must look at
	// them before a password goes there (RFC 6186 section 6).
	Unproven bool
}

// The limits on what is asked.
const (
	oneLookup   = 10 * time.Second
	allLookups  = 40 * time.Second
	mostRecords = 16 // of one answer are looked at
)

// ErrNothing says that no way led to servers.
var ErrNothing = errors.New("nothing tells which servers this address has")

// ErrPortal says that somebody else answers where servers were looked for: a
// network that wants a login first.
var ErrPortal = errors.New("this network answers with a page of its own where mail programs look for servers")

// Find asks the table of providers, then the domain's SRV records (RFC 6186 and
// RFC 8314 section 5.1), its description for mail programs, whom its mail goes
// to (MX), and last the Database. A way that fails is passed over: the next one
// may know. The error wraps ErrNothing, or ErrPortal, or is that of ctx.
func (f Finder) Find(ctx context.Context, address string) (Found, error) {
	local, domain, ok := strings.Cut(address, "@")
	domain = strings.ToLower(domain)
	if !ok || local == "" || !isName(domain) {
		return Found{}, fmt.Errorf("finding the servers of %q: it is no address", address)
	}
	if name := config.ProviderFor(address); name != "" {
		return ofProvider(name, address, "a known provider"), nil
	}
	ctx, cancel := context.WithTimeout(ctx, allLookups)
	defer cancel()
	for _, way := range []func(context.Context, string, string) (Found, error){f.bySRV, f.byDomain, f.byMailExchange, f.byDatabase} {
		found, err := f.try(ctx, way, address, domain)
		if err == nil {
			return found, nil
		}
		if ctx.Err() != nil {
			break
		}
		if errors.Is(err, ErrPortal) {
			return Found{}, fmt.Errorf("finding the servers of %s: %w", domain, err)
		}
	}
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return Found{}, err
	}
	return Found{}, fmt.Errorf("finding the servers of %s: %w", domain, ErrNothing)
}

func (f Finder) try(ctx context.Context, way func(context.Context, string, string) (Found, error), address, domain string) (Found, error) {
	ctx, cancel := context.WithTimeout(ctx, oneLookup)
	defer cancel()
	found, err := way(ctx, address, domain)
	if err != nil {
		return Found{}, err
	}
	if name := byServer(found.IMAP); name != "" && found.Provider == "" {
		// The table's own servers are known to be theirs, whoever named them.
		return ofProvider(name, address, found.How), nil
	}
	return found, nil
}

// ofProvider fills in what the table knows.
func ofProvider(name, address, how string) Found {
	p, _ := config.ProviderNamed(name)
	return Found{Provider: name, SMTP: p.SMTP, IMAP: p.IMAP, Username: address, How: how}
}

// Guess is what servers are called where nothing tells: something to correct.
func Guess(address string) Found {
	_, domain, _ := strings.Cut(address, "@")
	return Found{Username: address, How: "a guess", Unproven: true,
		SMTP: config.Server{Host: "smtp." + domain, Port: 465, Security: config.TLS},
		IMAP: config.Server{Host: "imap." + domain, Port: 993, Security: config.TLS}}
}

// bySRV asks for the services of RFC 6186, those with TLS from the first byte
// before those that begin in the clear.
func (f Finder) bySRV(ctx context.Context, address, domain string) (Found, error) {
	imap, err := f.service(ctx, domain, "imaps", "imap")
	if err != nil {
		return Found{}, err
	}
	smtp, err := f.service(ctx, domain, "submissions", "submission")
	if err != nil {
		return Found{}, err
	}
	return Found{SMTP: smtp, IMAP: imap, Username: address, How: "the SRV records of " + domain,
		Unproven: !sameOwner(imap.Host, domain) || !sameOwner(smtp.Host, domain)}, nil
}

var errNoService = errors.New("no such service")

func (f Finder) service(ctx context.Context, domain, secured, upgraded string) (config.Server, error) {
	for _, kind := range []struct{ service, security string }{{secured, config.TLS}, {upgraded, config.STARTTLS}} {
		_, records, err := f.Resolver.LookupSRV(ctx, kind.service, "tcp", domain)
		if err != nil {
			continue // asked for the next one: many domains state only one of the two
		}
		for _, r := range records[:min(len(records), mostRecords)] {
			host := strings.ToLower(strings.TrimSuffix(r.Target, "."))
			// A target of "." says that there is no such service (RFC 2782).
			if isName(host) && r.Port > 0 {
				return config.Server{Host: host, Port: int(r.Port), Security: kind.security}, nil
			}
		}
	}
	return config.Server{}, errNoService
}

// byMailExchange knows the large providers by the servers that take their mail:
// a domain of one's own often lives there.
func (f Finder) byMailExchange(ctx context.Context, address, domain string) (Found, error) {
	records, err := f.Resolver.LookupMX(ctx, domain)
	if err != nil {
		return Found{}, err
	}
	for _, r := range records[:min(len(records), mostRecords)] {
		if name := byMX(r.Host); name != "" {
			return ofProvider(name, address, "the mail of "+domain+" goes to "+guides()[name].Title), nil
		}
	}
	return Found{}, errNoService
}

// isName reports whether a text is a host name of at least two labels.
func isName(host string) bool {
	return len(host) <= 253 && regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`).MatchString(host)
}

// sameOwner reports whether a host lies in the domain that one has to own in
// order to have a name below it.
func sameOwner(host, domain string) bool {
	a, err := publicsuffix.EffectiveTLDPlusOne(host)
	b, otherErr := publicsuffix.EffectiveTLDPlusOne(domain)
	return err == nil && otherErr == nil && a == b
}
