package config

import (
	"net/url"

	"afterword/scheduler"
)

// OAuth names an application that was registered with a provider, and where its
// tokens are kept. It holds no secret.
type OAuth struct {
	Provider string // google | microsoft | other
	Tenant   string // of Microsoft; "" for any account
	ClientID string
	Account  string // the name of the watched account that it gives access to; "" for the sending one
	Tokens   string // path of a file with mode 0600; "" for the system's keyring
	// The addresses of a server that is neither Google's nor Microsoft's, and
	// what is asked of it.
	Authorize, Token, Device string
	Scopes                   []string
}

// LoginCommand is the command that asks for a grant anew.
func (o *OAuth) LoginCommand() string {
	if o.Account == "" {
		return "afterword init --login"
	}
	return "afterword init --login " + scheduler.ShellWord(o.Account)
}

// OtherOAuth is the provider whose addresses are written out.
const OtherOAuth = "other"

// oauth reads an application. Its addresses must be https, but for a server on
// this machine: what goes there opens the mailbox.
func (r *reader) oauth(v value) *OAuth {
	f := v.fields()
	o := &OAuth{
		Provider:  f.get("provider").choice("", "google", "microsoft", OtherOAuth),
		Tenant:    f.get("tenant").word("a tenant"),
		ClientID:  f.get("client_id").word("a client id"),
		Authorize: f.get("authorize").endpoint(),
		Token:     f.get("token").endpoint(),
		Device:    f.get("device").endpoint(),
	}
	for _, item := range f.get("scopes").items() {
		if scope := item.word("a scope"); scope != "" {
			o.Scopes = append(o.Scopes, scope)
		}
	}
	if tokens := f.get("tokens"); !tokens.empty() {
		o.Tokens = r.path(tokens, "")
	}
	if o.Provider == OtherOAuth {
		for _, key := range []string{"token", "client_id"} {
			if f.get(key).empty() {
				f.get(key).missing("what the server's owner tells for it")
			}
		}
		if o.Authorize == "" && o.Device == "" {
			f.get("authorize").missing("the address of authorize, or of device")
		}
	}
	f.done()
	if v.absent() {
		return nil
	}
	return o
}

// endpoint reads an address of an authorization server.
func (v value) endpoint() string {
	text := v.word("an https address")
	if text == "" {
		return ""
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		v.wrong("an https address", "")
		return ""
	}
	return text
}
