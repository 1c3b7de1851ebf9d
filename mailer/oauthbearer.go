package mailer

import (
	"fmt"
	"strings"
)

// OAuthBearer is the name of the mechanism by which a token logs in where it is a
// standard one (RFC 7628). XOAUTH2 came before it and is what most servers take.
const OAuthBearer = "OAUTHBEARER"

// OAuthBearerLogin is what the client says first: who, to which server, with which
// token (RFC 7628 section 3.1).
func OAuthBearerLogin(username, host string, port int, token string) []byte {
	// A name in the header of RFC 5801 section 4 stands without "," and "=".
	name := strings.NewReplacer("=", "=3D", ",", "=2C").Replace(username)
	return fmt.Appendf(nil, "n,a=%s,\x01host=%s\x01port=%d\x01auth=Bearer %s\x01\x01", name, host, port, token)
}

// OAuthBearerNoted is what the client answers where the server says in a challenge why
// it refuses the token; its refusal proper comes after that (RFC 7628 section 3.2.3).
func OAuthBearerNoted() []byte { return []byte{1} }
