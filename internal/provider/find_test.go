package provider

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"afterword/internal/config"
)

// zone is a DNS of a few records; what it does not hold does not exist.
type zone struct {
	srv map[string][]*net.SRV // by "_service.domain"
	mx  map[string][]*net.MX
}

func (z zone) LookupSRV(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
	if r, ok := z.srv["_"+service+"._"+proto+"."+name]; ok {
		return name, r, nil
	}
	return "", nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (z zone) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	if r, ok := z.mx[name]; ok {
		return r, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

// web is every web server there is: it answers for all names by the pages it
// has, under "host/path".
func web(t *testing.T, pages map[string]http.HandlerFunc) *http.Client {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if page, ok := pages[r.Host+r.URL.Path]; ok {
			page(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(server.Close)
	client := server.Client()
	transport := client.Transport.(*http.Transport).Clone()
	transport.TLSClientConfig.ServerName = "example.com" // the name in its certificate
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
	}
	t.Cleanup(transport.CloseIdleConnections)
	client.Transport = transport
	return client
}

func says(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }
}

// described is a description with one server of each kind.
const describedText = `<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="uni.example">
<incomingServer type="pop3"><hostname>pop.uni.example</hostname><port>995</port><socketType>SSL</socketType><username>%EMAILADDRESS%</username></incomingServer>
<incomingServer type="imap"><hostname>imap.%EMAILDOMAIN%</hostname><port>993</port><socketType>SSL</socketType><username>%EMAILLOCALPART%</username></incomingServer>
<outgoingServer type="smtp"><hostname>smtp.uni.example</hostname><port>587</port><socketType>STARTTLS</socketType><username>%EMAILLOCALPART%</username></outgoingServer>
</emailProvider></clientConfig>`

func srv(host string, port uint16) []*net.SRV { return []*net.SRV{{Target: host, Port: port}} }

func TestEachWayLeadsToServers(t *testing.T) {
	t.Parallel()
	const autoconfig = "autoconfig.uni.example/mail/config-v1.1.xml"
	for name, c := range map[string]struct {
		address  string
		zone     zone
		pages    map[string]http.HandlerFunc
		provider string
		imap     string // host:port/security
		smtp     string
		user     string
		how      string
		unproven bool
	}{
		"the table": {address: "dana@gmail.com", provider: "gmail", imap: "imap.gmail.com:993/tls", smtp: "smtp.gmail.com:465/tls", user: "dana@gmail.com", how: "known provider"},
		"SRV records": {address: "dana@uni.example", imap: "mail.uni.example:993/tls", smtp: "mail.uni.example:465/tls", user: "dana@uni.example", how: "SRV records",
			zone: zone{srv: map[string][]*net.SRV{"_imaps._tcp.uni.example": srv("mail.uni.example.", 993), "_submissions._tcp.uni.example": srv("mail.uni.example.", 465)}}},
		"SRV records that begin in the clear": {address: "dana@uni.example", imap: "mail.uni.example:143/starttls", smtp: "mail.uni.example:587/starttls", user: "dana@uni.example", how: "SRV records",
			zone: zone{srv: map[string][]*net.SRV{"_imaps._tcp.uni.example": srv(".", 0), "_imap._tcp.uni.example": srv("mail.uni.example.", 143), "_submission._tcp.uni.example": srv("mail.uni.example.", 587)}}},
		"SRV records that lead elsewhere": {address: "dana@uni.example", imap: "imap.stranger.example:993/tls", smtp: "mail.uni.example:465/tls", user: "dana@uni.example", how: "SRV records", unproven: true,
			zone: zone{srv: map[string][]*net.SRV{"_imaps._tcp.uni.example": srv("imap.stranger.example.", 993), "_submissions._tcp.uni.example": srv("mail.uni.example.", 465)}}},
		"SRV records that lead to a known provider": {address: "dana@uni.example", provider: "fastmail", imap: "imap.fastmail.com:993/tls", smtp: "smtp.fastmail.com:465/tls", user: "dana@uni.example", how: "SRV records",
			zone: zone{srv: map[string][]*net.SRV{"_imaps._tcp.uni.example": srv("imap.fastmail.com.", 993), "_submission._tcp.uni.example": srv("smtp.stranger.example.", 587)}}},
		"a description": {address: "dana@uni.example", imap: "imap.uni.example:993/tls", smtp: "smtp.uni.example:587/starttls", user: "dana", how: "tells mail programs",
			pages: map[string]http.HandlerFunc{autoconfig: says(describedText)}},
		"a description at the well-known place": {address: "dana@uni.example", imap: "imap.uni.example:993/tls", smtp: "smtp.uni.example:587/starttls", user: "dana", how: "tells mail programs",
			pages: map[string]http.HandlerFunc{"uni.example/.well-known/autoconfig/mail/config-v1.1.xml": says(describedText)}},
		"MX": {address: "dana@own.example", provider: "gmail", imap: "imap.gmail.com:993/tls", smtp: "smtp.gmail.com:465/tls", user: "dana@own.example", how: "goes to Gmail",
			zone: zone{mx: map[string][]*net.MX{"own.example": {{Host: "ALT1.ASPMX.L.GOOGLE.COM."}}}}},
		"MX of a domain below another provider's": {address: "dana@own.example", provider: "outlook", imap: "outlook.office365.com:993/tls", smtp: "smtp-mail.outlook.com:587/starttls", user: "dana@own.example", how: "goes to Outlook.com",
			zone: zone{mx: map[string][]*net.MX{"own.example": {{Host: "own-example.olc.protection.outlook.com."}}}}},
		"the database": {address: "dana@uni.example", imap: "imap.uni.example:993/tls", smtp: "smtp.uni.example:587/starttls", user: "dana", how: "table of mail programs at database.example",
			pages: map[string]http.HandlerFunc{"database.example/v1.1/uni.example": says(describedText)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := Finder{Resolver: c.zone, HTTP: web(t, c.pages), Database: "https://database.example/v1.1/"}
			found, err := f.Find(t.Context(), c.address)
			if err != nil {
				t.Fatal(err)
			}
			if found.Provider != c.provider || shown(found.IMAP) != c.imap || shown(found.SMTP) != c.smtp || found.Username != c.user ||
				found.Unproven != c.unproven || !strings.Contains(found.How, c.how) {
				t.Errorf("found %+v\nwant %+v", found, c)
			}
		})
	}
}

func shown(s config.Server) string { return fmt.Sprintf("%s:%d/%s", s.Host, s.Port, s.Security) }

// TestHostileAnswersLeadNowhere: what anybody could have written into DNS or
// onto a web page leads to no server, to no long wait and to no large memory.
func TestHostileAnswersLeadNowhere(t *testing.T) {
	t.Parallel()
	const place = "autoconfig.uni.example/mail/config-v1.1.xml"
	with := func(old, new string) http.HandlerFunc { return says(strings.ReplaceAll(describedText, old, new)) }
	for name, page := range map[string]http.HandlerFunc{
		"no XML":           says("<html>please log in to our WiFi"),
		"another document": says("<html></html>"),
		"entities":         says(`<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><clientConfig>&b;</clientConfig>`),
		"without end": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, describedText+strings.Repeat(" ", mostXML))
		},
		"deep":                     says(strings.Repeat("<a>", mostXML/3)),
		"an address as a host":     with("imap.%EMAILDOMAIN%", "10.0.0.1"),
		"a host with a command":    with("imap.%EMAILDOMAIN%", "imap.uni.example\r\nQUIT"),
		"a host of one word":       with("imap.%EMAILDOMAIN%", "localhost"),
		"no port":                  with("993", "0"),
		"a port that is too large": with("587", "65536"),
		"in the clear":             with("SSL", "plain"),
		"sending in the clear":     with("STARTTLS", "plain"),
		"moved to plain http": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://uni.example/x", http.StatusFound)
		},
		"moved again and again": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) },
		"an error with a good page": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusTeapot)
			says(describedText)(w, r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := Finder{Resolver: zone{}, HTTP: web(t, map[string]http.HandlerFunc{place: page})}
			if found, err := f.Find(t.Context(), "dana@uni.example"); !errors.Is(err, ErrNothing) {
				t.Errorf("found %+v, %v", found, err)
			}
		})
	}
	for _, target := range []string{"10.0.0.1.", "localhost.", "a b.example.", "", ".", strings.Repeat("a.", 200) + "example."} {
		f := Finder{HTTP: web(t, nil), Resolver: zone{srv: map[string][]*net.SRV{"_imaps._tcp.uni.example": srv(target, 993), "_submissions._tcp.uni.example": srv(target, 465)}}}
		if found, err := f.Find(t.Context(), "dana@uni.example"); !errors.Is(err, ErrNothing) {
			t.Errorf("the target %q: found %+v, %v", target, found, err)
		}
	}
}

func TestUsernamesOfADescriptionAreChecked(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "a b", "%REALNAME%", "x\ny", strings.Repeat("n", 400)} {
		found, err := readDescription([]byte(strings.ReplaceAll(describedText, "%EMAILLOCALPART%", name)), "dana@uni.example")
		if err != nil || found.Username != "dana@uni.example" {
			t.Errorf("%q: %q, %v", name, found.Username, err)
		}
	}
}

func TestWhatIsNoAddressFindsNothing(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "dana", "@example.org", "dana@", "dana@localhost", "dana@10.0.0.1", "dana@a b.example", "dana@x/../y.example"} {
		if found, err := (Finder{}).Find(t.Context(), address); err == nil {
			t.Errorf("%q: found %+v", address, found)
		}
	}
}

func TestCancelledSearchSaysSo(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (Finder{Resolver: zone{}, HTTP: web(t, nil)}).Find(ctx, "dana@uni.example"); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

// TestEveryProviderHasAGuide: who names a provider is told what it costs.
func TestEveryProviderHasAGuide(t *testing.T) {
	t.Parallel()
	for _, name := range config.Providers() {
		g, ok := guides()[name]
		if !ok || g.Title == "" || g.Minutes < 1 || g.Fetch == "" || len(g.MX) == 0 {
			t.Errorf("%s: guide %+v", name, g)
		}
		if (g.Login == AppPassword || g.Login == Bridge) && len(g.Steps) == 0 {
			t.Errorf("%s wants another password and says not how to get it", name)
		}
		if g.Login == OAuth && g.OAuth == "" {
			t.Errorf("%s wants OAuth and says not whose", name)
		}
	}
	for name := range guides() {
		if _, ok := config.ProviderNamed(name); !ok {
			t.Errorf("there is a guide to %s and no such provider", name)
		}
	}
	if g := Of("nobody"); g.Login != Password || g.Fetch == "" {
		t.Errorf("guide to an unknown provider: %+v", g)
	}
}

// TestAdviceKnowsTheProvidersWords: a refusal names what the provider wants.
func TestAdviceKnowsTheProvidersWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ provider, words, want string }{
		{"gmail", "534 5.7.9 Application-specific password required. For more information, go to https://support.google.com/mail/?p=InvalidSecondFactor", "wants an app password"},
		{"", "NO [ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)", "wants an app password"},
		{"gmail", "535 5.7.8 Username and Password not accepted. BadCredentials", "myaccount.google.com/apppasswords"},
		{"gmail", "534 5.7.14 Please log in via your web browser and then try again", "in a browser first"},
		{"outlook", "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.", "wants OAuth"},
		{"office365", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.", "administrator"},
		{"office365", "NO User is authenticated but not connected.", "IMAP is switched off"},
		{"outlook", "NO AUTHENTICATE failed.", "takes no passwords"},
		{"yahoo", "NO [AUTHENTICATIONFAILED] AUTHENTICATE Invalid credentials", "login.yahoo.com/account/security"},
		{"yahoo", "535 5.7.0 (#AUTH005) Too many bad auth attempts.", "for an hour"},
		{"icloud", "NO [AUTHENTICATIONFAILED] Authentication Failed", "account.apple.com"},
		{"fastmail", "535 5.7.0 Incorrect username, password or access token. Also see https://www.fastmail.help/hc/en-us/articles/1500000278342", "wants an app password"},
		{"zoho", "NO [ALERT] You are yet to enable IMAP for your account. Please contact your administrator", "IMAP is switched off"},
		{"gmx", "535 Authentication credentials invalid", "Allow POP3 and IMAP access"},
		{"proton", "NO no such user", "the bridge shows"},
		{"", "535 5.7.8 two-step verification is on", "make an app password"},
		{"", "535 5.7.8 Error: authentication failed", ""},
		{"posteo", "535 5.7.8 Error: authentication failed", ""},
	} {
		if got := Advice(c.provider, c.words); !strings.Contains(got, c.want) || (c.want == "") != (got == "") {
			t.Errorf("%s says %q: advice is %q, want %q", c.provider, c.words, got, c.want)
		}
	}
}

// TestPortal: a network that answers for the database of descriptions, with a
// page, a redirect or a certificate of its own, is told from one that knows no
// servers; the domain's own web server may answer as it likes.
func TestPortal(t *testing.T) {
	t.Parallel()
	const place = "database.example/v1.1/uni.example"
	moves := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
	}
	for name, c := range map[string]struct {
		pages   map[string]http.HandlerFunc
		foreign bool // the certificate is nobody's whom this machine trusts
		want    error
	}{
		"nothing known":     {nil, false, ErrNothing},
		"a page":            {map[string]http.HandlerFunc{place: says("<!DOCTYPE html>\n<html><body>Welcome to our WiFi")}, false, ErrPortal},
		"moved to a login":  {map[string]http.HandlerFunc{place: moves("http://portal.example/login")}, false, ErrPortal},
		"a certificate":     {nil, true, ErrPortal},
		"the domain's page": {map[string]http.HandlerFunc{"autoconfig.uni.example/mail/config-v1.1.xml": says("<html>University</html>")}, false, ErrNothing},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := web(t, c.pages)
			if c.foreign {
				client.Transport.(*http.Transport).TLSClientConfig.ServerName = "another.example"
			}
			f := Finder{Resolver: zone{}, HTTP: client, Database: "https://database.example/v1.1/"}
			if _, err := f.Find(t.Context(), "dana@uni.example"); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}
