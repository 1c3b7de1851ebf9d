package provider

import "strings"

// refusal is how a provider words that a login needs something else.
type refusal struct {
	words []string // lower case; any of them
	does  string
}

// refusals are the words of providers as users reported them; docs/providers.md
// has the dates. The first that fits is taken.
func refusals() []refusal {
	const appPassword = "the provider wants an app password and not the one you log in with on the web; make one and give it here"
	return []refusal{
		{[]string{"basic authentication is disabled", "basicauthblocked", "basic authentication is not supported"}, "this provider takes no passwords from programs any more, app passwords neither: it wants OAuth (afterword init --oauth device, or password: {oauth: ...} in config.yaml)"},
		{[]string{"smtpclientauthentication is disabled", "5.7.139"}, "the administrator of this account has switched off sending by programs (SMTP AUTH); ask them to allow it for your mailbox"},
		{[]string{"user is authenticated but not connected"}, "the login is right, and IMAP is switched off for this mailbox; ask its administrator, or switch it on in the settings"},
		{[]string{"application-specific password required", "application specific password", "app-specific password", "invalidsecondfactor", "185833"}, appPassword},
		{[]string{"app password", "app-password", "access token. also see"}, appPassword},
		{[]string{"web login required", "log in via your web browser", "weblogin", "please log in with your web browser"}, "the provider wants to see you in a browser first: log in there once, confirm that it was you, and try again"},
		{[]string{"yet to enable imap", "not enabled for imap", "imap is disabled", "imap access is disabled", "imap/pop3"}, "IMAP is switched off for this account; switch it on in the settings of your mail on the web"},
		{[]string{"two-factor", "two factor", "2fa", "second factor", "two-step", "2-step"}, "two-step login is on, so that the password alone is not enough; make an app password in the account's security settings and give that"},
		{[]string{"too many", "auth005", "temporarily blocked", "temporarily locked"}, "the provider has had too many wrong logins and waits; leave it alone for an hour, then try again with the right password"},
		{[]string{"account is locked", "account has been locked", "suspended"}, "the provider has locked the account; log in on the web and follow what it says"},
	}
}

// Advice says what to do about a login that a provider refused in these words,
// "" if neither the words nor the provider tell. Provider may be "".
func Advice(provider, words string) string {
	words = strings.ToLower(words)
	for _, r := range refusals() {
		for _, w := range r.words {
			if strings.Contains(words, w) {
				return r.does
			}
		}
	}
	if provider == "" {
		return ""
	}
	g := Of(provider)
	switch g.Login {
	case AppPassword:
		return g.Title + " takes only an app password here, not the one you log in with on the web: " + strings.Join(g.Steps, "; ")
	case OAuth:
		return g.Title + " takes no passwords from programs: it wants OAuth (afterword init --oauth device)"
	case Bridge:
		return "use the user name and the password that the bridge shows under Mailbox details, not those of the web"
	}
	if g.Off != "" {
		return "look whether the user name and the password are right; " + g.Off
	}
	if len(g.Steps) > 0 {
		return "look whether the user name and the password are right, and: " + strings.Join(g.Steps, "; ")
	}
	return ""
}
