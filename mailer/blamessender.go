package mailer

import (
	"regexp"
	"strings"
)

// BlamesSender reports a refusal that is about the address that a mail comes from: what
// was said to it (RFC 5321 section 3.3), or later in words, since some servers wait with
// that until they know the reader.
func BlamesSender(r Receipt) bool {
	ofMail := r.Phase == PhaseMail && r.Code > 504 && r.Code != 552 && r.Code != 555 // which are about size and syntax
	return ofMail || sendersAddress.MatchString(strings.ToLower(r.Words))
}

var sendersAddress = regexp.MustCompile(`\bsender address\b[^.;]{0,40}\breject|\bsend ?as( (this|that|the|another|any|other|sender|user)\b|[: ]+[<"']?[^ ]+@|[:.;,]|$)|\bsendas|\bnot owned by\b|\bfrom address\b[^.;]{0,40}\b(not|reject)`)
