package provider

import (
	"context"
	"crypto/tls"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"afterword/internal/config"
)

// The description of a domain's servers that mail programs read: clientConfig
// version 1.1, in which a domain states itself how its mail is reached.

// mostXML bounds a description, in bytes.
const mostXML = 64 << 10

// mostRedirects bounds how often a description may have moved.
const mostRedirects = 3

// byDomain asks the domain's own web servers. Only https is asked: what anybody
// on the line could have written must not say where a password goes.
func (f Finder) byDomain(ctx context.Context, address, domain string) (Found, error) {
	var failed error
	for _, where := range []string{
		"https://autoconfig." + domain + "/mail/config-v1.1.xml?emailaddress=" + url.QueryEscape(address),
		"https://" + domain + "/.well-known/autoconfig/mail/config-v1.1.xml",
	} {
		found, err := f.describe(ctx, where, address)
		if err == nil {
			found.How = "what " + domain + " tells mail programs"
			return found, nil
		}
		failed = errors.Join(failed, err)
	}
	return Found{}, failed
}

func (f Finder) byDatabase(ctx context.Context, address, domain string) (Found, error) {
	if f.Database == "" {
		return Found{}, errNoService
	}
	found, err := f.describe(ctx, f.Database+url.PathEscape(domain), address)
	if isPortal(err) {
		err = fmt.Errorf("%w: %w", ErrPortal, err)
	}
	found.How = "the table of mail programs at " + hostOf(f.Database)
	return found, err
}

// errPage is an answer that is a web page.
var errPage = errors.New("a web page answers")

// isPortal reports whether somebody else answers in the place of the database.
// Of the domain's own web server that would say nothing: many answer all that
// they are asked with their first page, or have no certificate for the name.
func isPortal(err error) bool {
	var foreign *tls.CertificateVerificationError
	return errors.Is(err, errPage) || errors.As(err, &foreign)
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Host
}

// describe fetches and reads one description.
func (f Finder) describe(ctx context.Context, where, address string) (Found, error) {
	ctx, cancel := context.WithTimeout(ctx, oneLookup/2)
	defer cancel()
	data, err := f.fetch(ctx, where)
	if err != nil {
		return Found{}, err
	}
	return readDescription(data, address)
}

func (f Finder) fetch(ctx context.Context, where string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, where, nil)
	if err != nil {
		return nil, err
	}
	client := *f.HTTP
	client.CheckRedirect = func(next *http.Request, before []*http.Request) error {
		if next.URL.Scheme != "https" || len(before) > mostRedirects {
			return fmt.Errorf("%w: the description moved to %s", errPage, next.URL.Redacted())
		}
		return nil
	}
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("asking for the description: %s", answer.Status)
	}
	data, err := io.ReadAll(io.LimitReader(answer.Body, mostXML+1))
	if err == nil && len(data) > mostXML {
		err = errors.New("asking for the description: it is too long")
	}
	return data, err
}

// description is the part of clientConfig that is read.
type description struct {
	XMLName  xml.Name `xml:"clientConfig"`
	Provider struct {
		Incoming []described `xml:"incomingServer"`
		Outgoing []described `xml:"outgoingServer"`
	} `xml:"emailProvider"`
}

type described struct {
	Type     string `xml:"type,attr"`
	Hostname string `xml:"hostname"`
	Port     int    `xml:"port"`
	Socket   string `xml:"socketType"`
	Username string `xml:"username"`
}

var errUnfit = errors.New("the description names no servers that can be used")

// readDescription takes the first server of each kind that is named, secured
// and well formed. The order is the domain's own preference.
func readDescription(data []byte, address string) (Found, error) {
	var d description
	if err := xml.Unmarshal(data, &d); err != nil {
		if begin := strings.ToLower(string(data[:min(len(data), 1024)])); strings.Contains(begin, "<html") {
			err = fmt.Errorf("%w: %w", errPage, err)
		}
		return Found{}, fmt.Errorf("reading the description: %w", err)
	}
	imap, user, ok := firstFit(d.Provider.Incoming, "imap", address)
	smtp, _, also := firstFit(d.Provider.Outgoing, "smtp", address)
	if !ok || !also {
		return Found{}, errUnfit
	}
	return Found{SMTP: smtp, IMAP: imap, Username: user}, nil
}

func firstFit(all []described, kind, address string) (server config.Server, username string, ok bool) {
	for _, d := range all[:min(len(all), mostRecords)] {
		security := map[string]string{"SSL": config.TLS, "STARTTLS": config.STARTTLS}[strings.ToUpper(strings.TrimSpace(d.Socket))]
		host := strings.ToLower(filled(d.Hostname, address))
		if !strings.EqualFold(d.Type, kind) || security == "" || !isName(host) || d.Port < 1 || d.Port > 65535 {
			continue
		}
		username = filled(d.Username, address)
		if !isUsername(username) {
			username = address
		}
		return config.Server{Host: host, Port: d.Port, Security: security}, username, true
	}
	return config.Server{}, "", false
}

// filled puts the address in the place of the words that stand for it.
func filled(text, address string) string {
	local, domain, _ := strings.Cut(address, "@")
	return strings.NewReplacer("%EMAILADDRESS%", address, "%EMAILLOCALPART%", local, "%EMAILDOMAIN%", domain).Replace(strings.TrimSpace(text))
}

// isUsername refuses what no login takes on one line.
func isUsername(name string) bool {
	return name != "" && len(name) <= 320 && !strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '%' })
}
