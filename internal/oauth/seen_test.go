package oauth

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"afterword/internal/oauth/oauthtest"
	"afterword/mailer"
)

// TestWhatAuthorizationServersSay: the status comes first, the code next and the words
// last. What passes is tried again by itself; of what does not, the user is told the remedy.
func TestWhatAuthorizationServersSay(t *testing.T) {
	t.Parallel()
	const outage, login, config = "", "log in anew", "look at client_id"
	code := func(code, words string) string {
		return fmt.Sprintf(`{"error":%q,"error_description":%q}`, code, words)
	}
	for _, c := range []struct {
		status     int
		body, want string
	}{
		{400, code("invalid_grant", "Token has been expired or revoked."), login},
		{400, code("invalid_grant", "Bad Request"), login},
		{400, code("invalid_grant", "reauth related error (invalid_rapt)"), login},
		{400, code("invalid_grant", "X7000012: The grant was obtained for a different tenant."), login},
		{400, code("invalid_grant", "X70043: The refresh token has expired; sign in again later or now"), login},
		{400, code("interaction_required", "X50076: you must use a second factor"), login},
		{400, code("login_required", ""), login},
		{200, code("bad_refresh_token", "no good"), login},
		{401, code("INVALID_REFRESH_TOKEN", "no good"), login},
		{403, code("access_denied", ""), login},
		{400, code("invalid_request", "X50194: not configured for many tenants"), config},
		{400, code("invalid_request", "X900144: the body must contain scope"), config},
		{400, code("invalid_resource", "X500011: no such resource"), config},
		{401, code("invalid_client", "X7000222: the secret has expired"), config},
		{400, code("unauthorized_client", "X700016: no such application"), config},
		{400, code("invalid_scope", ""), config},
		{400, code("consent_required", ""), config},
		{400, code("admin_policy_enforced", ""), config},
		{400, code("org_internal", "only members of the house"), config},

		{503, code("temporarily_unavailable", "X90033: A transient error has occurred. Please try again."), outage},
		{200, code("temporarily_unavailable", ""), outage},
		{400, code("temporarily_unavailable", ""), outage},
		{400, code("server_error", ""), outage},
		{400, code("request_timeout", ""), outage},
		{400, code("backend_error", ""), outage},
		{401, code("quota_exceeded", ""), outage},
		{400, code("invalid_grant", "X50087: A transient error has occurred. Please try again."), outage},
		{400, code("invalid_grant", "The service is temporarily unavailable, retry later"), outage},
		{429, code("invalid_grant", "too many"), outage},
		{429, "<html>slow down</html>", outage},
		{400, code("rate_limit_exceeded", ""), outage},
		{500, code("invalid_grant", "lost my memory"), outage},
		{500, code("internal_failure", ""), outage},
		{502, "<html>bad gateway</html>", outage},
		{200, "<html>log in to this network</html>", outage},
		{200, `{"token_type":"Bearer"}`, outage},
		{302, "", outage},
		{400, "<html>no</html>", outage},
		{403, "<html>this proxy lets nobody out</html>", outage},
		{403, code("Forbidden", "the proxy of this house"), outage},
		{400, code("no way out", "the proxy of this house"), outage},
		{404, code("not_found", ""), outage},
		{407, "", outage},
		{408, code("invalid_request", "slow"), outage},
	} {
		t.Run(fmt.Sprint(c.status, c.body), func(t *testing.T) {
			t.Parallel()
			_, err := NewSource(newClient(t, saying(t, c.status, c.body)), &memory{grant: Grant{Refresh: "of the user"}}, time.Now).Token(t.Context())
			hint := ""
			if h := (interface{ Hint() string })(nil); errors.As(err, &h) {
				hint = h.Hint()
			}
			if err == nil || errors.Is(err, mailer.ErrLoginRefused) != (c.want != outage) || errors.Is(err, mailer.ErrGrantGone) != (c.want == login) ||
				c.want != "" && !strings.Contains(hint, c.want) {
				t.Errorf("the error is %v, and the hint %q", err, hint)
			}
		})
	}
}

// saying is the address of a server that answers one thing.
func saying(t *testing.T, status int, body string) string {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if strings.HasPrefix(body, "{") {
			w.Header().Set("Content-Type", "application/json")
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	t.Cleanup(web.Close)
	return web.URL
}

// TestGrantThatIsRepeated: a server that repeats what it refuses shows it to nobody.
func TestGrantThatIsRepeated(t *testing.T) {
	t.Parallel()
	const refresh, secret = "0.AXoA-a-refresh-token-of-some-length", "and a secret of the application"
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"error":"invalid_grant","error_description":"no such token: %s, of %s"}`, r.FormValue("refresh_token")[:30], r.FormValue("client_secret"))
	}))
	defer web.Close()
	_, err := NewSource(newClient(t, web.URL), &memory{grant: Grant{Refresh: refresh, Secret: secret}}, time.Now).Token(t.Context())
	if !errors.Is(err, mailer.ErrGrantGone) || strings.Contains(err.Error(), refresh[:20]) || strings.Contains(err.Error(), secret) {
		t.Errorf("it shows %v", err)
	}
}

// TestRenewedGrantThatCannotBeKept: the server takes the old refresh token no more. The new
// one is kept as soon as it can be, but not over what the user gave meanwhile.
func TestRenewedGrantThatCannotBeKept(t *testing.T) {
	t.Parallel()
	for _, meanwhile := range []bool{false, true} {
		bubble(t, func(t *testing.T, server *oauthtest.Server, c *Client) {
			server.Rotate = true
			source, store := granted(t, server, c)
			first, full := store.grant.Refresh, errors.New("the disk is full")
			store.full = full
			if _, err := source.Token(t.Context()); !errors.Is(err, full) {
				t.Errorf("nobody hears of it: %v", err)
			}
			if token, err := source.Token(t.Context()); err != nil || !server.Active(token) {
				t.Errorf("the mail is not read meanwhile: %v", err)
			}
			store.full = nil
			if meanwhile {
				store.grant = Grant{Refresh: server.Consent()}
			}
			given := store.grant.Refresh
			if _, err := source.Token(t.Context()); err != nil || !server.Good(store.grant.Refresh) {
				t.Errorf("once there is room the new one is kept at once: %+v, %v", store.grant, err)
			}
			time.Sleep(2 * time.Hour)
			if token, err := source.Token(t.Context()); err != nil || !server.Active(token) {
				t.Errorf("after two hours: %v", err)
			}
			if store.grant.Refresh == first || !server.Good(store.grant.Refresh) || meanwhile && store.grant.origin() != (Grant{Refresh: given}).origin() {
				t.Errorf("what is kept is good: %v, %+v", server.Good(store.grant.Refresh), store.grant)
			}
		})
	}
}

// TestCodeIsWaitedForThroughAnOutage: the user types the code while the server fails now
// and then, and is not sent back to the beginning.
func TestCodeIsWaitedForThroughAnOutage(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, server *oauthtest.Server, c *Client) {
		grant, err := c.ByDevice(t.Context(), func(string, string) error {
			server.Fail(3)
			time.AfterFunc(time.Minute, func() { server.Decide(true) })
			return nil
		})
		if err != nil || grant.Refresh == "" {
			t.Errorf("grant %+v, %v", grant, err)
		}
		began := time.Now()
		_, err = c.ByDevice(t.Context(), func(string, string) error { server.Fail(1000); return nil })
		if err == nil || time.Since(began) > time.Hour {
			t.Errorf("a server that never comes back: %v after %s", err, time.Since(began))
		}
	})
}
