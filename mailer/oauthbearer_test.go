package mailer

import (
	"testing"

	"github.com/emersion/go-sasl"
)

// TestOAuthBearerLogin: another program's server reads what is said, also a name with
// the two characters that mean something in its header.
func TestOAuthBearerLogin(t *testing.T) {
	t.Parallel()
	for username, header := range map[string]string{"dana@example.org": "n,a=dana@example.org,", "a,b=c": "n,a=a=2Cb=3Dc,"} {
		said := string(OAuthBearerLogin(username, "imap.example.org", 993, "ya29.x"))
		if want := header + "\x01host=imap.example.org\x01port=993\x01auth=Bearer ya29.x\x01\x01"; said != want {
			t.Errorf("said is %q, want %q", said, want)
		}
		var read sasl.OAuthBearerOptions
		server := sasl.NewOAuthBearerServer(func(o sasl.OAuthBearerOptions) *sasl.OAuthBearerError {
			read = o
			return &sasl.OAuthBearerError{Status: "invalid_token"}
		})
		if _, done, err := server.Next([]byte(said)); done || err != nil {
			t.Errorf("the server did not say why: %v", err)
		}
		if read.Host != "imap.example.org" || read.Port != 993 || read.Token != "ya29.x" {
			t.Errorf("the server reads %+v", read)
		}
		if _, done, err := server.Next(OAuthBearerNoted()); !done || err == nil || err.Error() == "sasl: invalid response" {
			t.Errorf("after the reasons: %v", err)
		}
	}
}
