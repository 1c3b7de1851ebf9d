package oauth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/oauth2"

	"afterword/internal/config"
	"afterword/mailer"
)

// Client is an application at an authorization server.
type Client struct {
	// Secret is what some servers give to installed programs too. It protects
	// nothing there (RFC 8252 section 8.5), and Google asks for it.
	Secret string
	HTTP   *http.Client // nil: the system's ways, bounded in time

	app      config.OAuth
	endpoint oauth2.Endpoint
	scopes   []string
}

// NewClient knows the addresses of Google and Microsoft, and takes those of
// another server from the application itself.
func NewClient(app config.OAuth) (*Client, error) {
	c := &Client{app: app, scopes: app.Scopes}
	if app.ClientID == "" {
		return nil, &Unready{"no client id", "a client id comes from your university's preset file, or you register one: docs/providers.md shows how, step by step"}
	}
	switch app.Provider {
	case "google":
		c.endpoint = oauth2.Endpoint{AuthURL: "https://accounts.google.com/o/oauth2/v2/auth", TokenURL: "https://oauth2.googleapis.com/token"}
		c.orScopes("https://mail.google.com/")
	case "microsoft":
		tenant := app.Tenant
		if tenant == "" {
			tenant = "common"
		}
		if !regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]*$`).MatchString(tenant) {
			return nil, &Unready{fmt.Sprintf("%q is no tenant", tenant), "a tenant is a domain or an id of letters, digits and hyphens; your organisation tells it"}
		}
		base := "https://login.microsoftonline.com/" + tenant + "/oauth2/v2.0/"
		c.endpoint = oauth2.Endpoint{AuthURL: base + "authorize", TokenURL: base + "token", DeviceAuthURL: base + "devicecode"}
		c.orScopes("https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send", "offline_access")
	case config.OtherOAuth:
	default:
		return nil, &Unready{fmt.Sprintf("%q is no provider of OAuth", app.Provider), "google, microsoft, or other with its addresses"}
	}
	for _, own := range []struct{ from, to *string }{{&app.Authorize, &c.endpoint.AuthURL}, {&app.Token, &c.endpoint.TokenURL}, {&app.Device, &c.endpoint.DeviceAuthURL}} {
		if *own.from != "" {
			*own.to = *own.from
		}
	}
	// A public client states its id in the request (RFC 6749 section 3.2.1); a
	// guess at the style would send every request twice.
	c.endpoint.AuthStyle = oauth2.AuthStyleInParams
	return c, nil
}

func (c *Client) orScopes(usual ...string) {
	if len(c.scopes) == 0 {
		c.scopes = usual
	}
}

// Unready says what an application lacks.
type Unready struct{ what, hint string }

func (u *Unready) Error() string { return "setting up oauth: " + u.what }

// Is makes it a refused login: nothing but the user mends it.
func (u *Unready) Is(target error) bool { return target == mailer.ErrLoginRefused }

// Hint says where it comes from.
func (u *Unready) Hint() string { return u.hint }

// config is the library's view of the application.
func (c *Client) config(redirect string) *oauth2.Config {
	return &oauth2.Config{ClientID: c.app.ClientID, ClientSecret: c.Secret, Endpoint: c.endpoint, Scopes: c.scopes, RedirectURL: redirect}
}

// patience bounds one request to the authorization server.
const patience = 30 * time.Second

// with gives the library the client it shall use. A redirect is not followed:
// what is sent there opens the mailbox.
func (c *Client) with(ctx context.Context) context.Context {
	client := http.Client{Timeout: patience}
	if c.HTTP != nil {
		client = *c.HTTP
		client.Timeout = patience
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return context.WithValue(ctx, oauth2.HTTPClient, &client)
}

// Refused says that the authorization server does not give a token any more,
// or never did: only the user can change that. It is a refused login.
type Refused struct {
	Provider string
	Code     string // of RFC 6749 section 5.2
	words    string // of the server
	login    string // the command that asks for a grant anew
}

// Error is one sentence without a secret.
func (r *Refused) Error() string {
	what := "it says " + r.Code
	switch {
	case r.Code == "access_denied":
		what = "the grant was not given"
	case r.Code == "expired_token":
		what = "the code was not confirmed in time"
	case r.Code == "interaction_required" || r.Code == "login_required":
		what = "it wants to see you log in again"
	case r.gone():
		what = "the grant was withdrawn or has ended"
	case r.Code == "invalid_client" || r.Code == "unauthorized_client":
		what = "it does not know the client id, or does not let it do this"
	case r.Code == "invalid_scope" || r.Code == "consent_required":
		what = "it does not let this program read and send mail"
	}
	if r.words != "" {
		what += " (" + r.words + ")"
	}
	return fmt.Sprintf("%s gives no access to the mailbox: %s", r.Provider, what)
}

// gone reports whether another login of the user's helps: the grant itself is refused. The
// other codes find fault with the application.
func (r *Refused) gone() bool {
	code := strings.ToLower(r.Code)
	return slices.Contains([]string{"invalid_grant", "access_denied", "interaction_required", "login_required", noCode}, code) || strings.Contains(code, "token")
}

// Is makes it a refused login: the account stops and waits for its user.
func (r *Refused) Is(target error) bool {
	return target == mailer.ErrLoginRefused || target == mailer.ErrGrantGone && r.gone()
}

// Hint says what helps.
func (r *Refused) Hint() string {
	if !r.gone() {
		return "look at client_id and tenant in config.yaml; where an organisation has to agree to the program, ask its administrator (docs/providers.md)"
	}
	return "log in anew: " + cmp.Or(r.login, "afterword init --login")
}

// isFinal reports an answer that no later attempt mends. Its status comes first: what is out
// of order, or wants patience, says nothing of a grant, and an answer without a code of RFC
// 6749 section 5.2 is not the authorization server's. Then its code. The words come last:
// servers give the code of a grant that has ended for troubles that pass, too.
func isFinal(r *oauth2.RetrieveError) bool {
	if r.ErrorCode == "" {
		return false
	}
	if r.Response != nil && (r.Response.StatusCode >= 500 || r.Response.StatusCode == http.StatusTooManyRequests || r.Response.StatusCode == http.StatusRequestTimeout) {
		return false
	}
	if !ofTokens(r) && !slices.Contains(knownErrors(), r.ErrorCode) {
		return false
	}
	code := strings.ToLower(strings.ReplaceAll(r.ErrorCode, "_", " "))
	ofServer := code == "slow down" || code == "authorization pending" || strings.Contains(code, "exceeded") || mailer.AsksForPatience(code) || mailer.OwnTrouble(code)
	return !ofServer && !passes.MatchString(code) && !passes.MatchString(strings.ToLower(r.ErrorDescription))
}

// ofTokens reports an answer in the form of RFC 6749 section 5.2; with 403 a proxy may
// speak as well. Some servers say what is wrong with 200.
func ofTokens(r *oauth2.RetrieveError) bool {
	status := http.StatusOK
	if r.Response != nil {
		status = r.Response.StatusCode
	}
	return slices.Contains([]int{http.StatusOK, http.StatusBadRequest, http.StatusUnauthorized}, status) && !strings.Contains(r.ErrorCode, " ")
}

// knownErrors are believed whatever else an answer is like.
func knownErrors() []string {
	return []string{"invalid_grant", "invalid_client", "unauthorized_client", "invalid_scope", "access_denied", "expired_token",
		"consent_required", "interaction_required", "unsupported_grant_type", "login_required"}
}

// passes finds a trouble that does. Such descriptions are English, being meant for
// developers (RFC 6749 section 5.2).
var passes = regexp.MustCompile(`\btransient\b|\btemporarily\b|\b(service|server) unavailable\b|throttl|\brate limit|\btoo many requests\b|\b(internal|server) (server )?(error|failure)\b`)

// judge takes the secrets out of what the library says: its error repeats the
// server's whole answer, and servers repeat what they refuse.
func (c *Client) judge(doing string, err error, secrets ...string) error {
	var r *oauth2.RetrieveError
	if !errors.As(err, &r) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	words := func(said string) string { return short(mailer.HideSecrets(said, append(secrets, c.Secret))) }
	if isFinal(r) {
		return &Refused{Provider: c.name(), Code: short(r.ErrorCode), words: words(r.ErrorDescription), login: c.app.LoginCommand()}
	}
	if r.Response == nil {
		return fmt.Errorf("%s: %s answers %s", doing, c.name(), words(r.ErrorCode))
	}
	return fmt.Errorf("%s: %s answers %s %s", doing, c.name(), words(r.Response.Status), words(r.ErrorCode))
}

// name is who gives the grant.
func (c *Client) name() string {
	switch c.app.Provider {
	case "google":
		return "Google"
	case "microsoft":
		return "Microsoft"
	}
	return "the authorization server"
}

// short makes a server's words fit for a screen.
func short(words string) string {
	words = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, strings.ToValidUTF8(words, "?"))
	words = strings.Join(strings.Fields(words), " ")
	if runes := []rune(words); len(runes) > 160 {
		return string(runes[:160]) + "..."
	}
	return words
}
