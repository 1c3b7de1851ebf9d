package mailer

import (
	"regexp"
	"strings"
)

// Servers put a login off, or fail at it, with the very answers by which they refuse one,
// and only their words tell the two apart: an outage that is told as a wrong password
// stops everything until the user has mended what is not broken. The words come last,
// where code and phase leave it open.

// PutsOffLogin reports words to a login by which the server asks for patience or tells of a
// trouble of its own, and does not say that the credential is wrong. Blamed says that a
// code blames the credential already: "later" alone is politeness then.
func PutsOffLogin(words string, blamed bool) bool {
	words = strings.ToLower(words)
	if wrongCredential.MatchString(tooMany.ReplaceAllString(words, "")) {
		return false
	}
	return AsksForPatience(words) || OwnTrouble(words) || !blamed && later.MatchString(words)
}

// AsksForPatience reports words of a server that wants to be left alone for a while.
func AsksForPatience(words string) bool { return patience.MatchString(strings.ToLower(words)) }

// OwnTrouble reports words by which a server tells of a fault of its own, which says
// nothing about what it was asked for.
func OwnTrouble(words string) bool { return ownTrouble.MatchString(strings.ToLower(words)) }

// BlamesCredential reports words by which a login failed for what was presented.
func BlamesCredential(words string) bool {
	words = strings.ToLower(words)
	return wrongCredential.MatchString(words) || failedLogin.MatchString(words)
}

// The words, in lower case.
var (
	tooMany  = regexp.MustCompile(`\btoo many( [a-z]+){0,4}`)
	patience = regexp.MustCompile(`\btoo (many|much|fast|often|frequent)|\btempora[rli]|\bvorübergehend|\bmomentan|\brate[ -]?(limit|exceed)|throttl|\bfrequency\b[^.;]{0,20}\blimit|\bback-?off\b|\bbandwidth|\boverload|\bbusy\b|\bmaintenance|\bwartung|` +
		`\b(server|service|system|backend)s?\b[^.;]{0,20}\b(un|not )available|\bmax(imum)?\b[^.;]{0,40}\bconnections?\b|\bconnections?\b[^.;]{0,40}\b(limit|exceed)|\bnot connected\b|\bshutting down\b|\brestarting\b|\bover (the )?rate\b|\b(mailbox|maildrop|account|folder|already)\b[^.;]{0,20}\bin use\b`)
	later      = regexp.MustCompile(`\blater\b|\bat (the|this) moment\b|\bright now\b|\b(for|in|after) (an? |another |the next |\d+ ?|few |some |several ){1,2}(second|minute|hour)s?\b|\b(try|retry)( again)? (in|after|shortly|soon)\b|\bspäter\b|\bplus tard\b|\bmás tarde\b|\bmais tarde\b|\bpiù tardi\b`)
	ownTrouble = regexp.MustCompile(`\b(internal|server|system|backend|database)( (internal|side|connection|query|lookup|i/o))? (error|failure|fault|problem)|\bconnection\b[^.;]{0,40}\b(lost|refused|reset|failed)|\btime-?d? ?out\b|\blook-?up\b[^.;]{0,20}\b(fail|error)|\b(cannot|can't|could not|unable to|failed to) (connect|reach|contact)\b|\bout of (order|service)\b`)
	// What a credential is said to be, before the word for it or behind.
	wrongCredential = regexp.MustCompile(`\b(invalid|incorrect|wrong|bad|unknown|unrecogni[sz]ed|no such|falsche[sr]?|ungültige[sr]?|incorrecte?|inválid[ao]|errat[ao])\b[^.;]{0,20}\b(passw[a-z]+|pass[a-z]*|credentials?|user ?names?|users?|logins?|accounts?|identifiants?|contraseña|senha)\b|` +
		`\b(passw[a-z]+|credentials?|user ?name|login|account|imap|smtp|pop3?)\b[^.;]{0,20}\b(invalid|incorrect|wrong|mismatch|does not match|not accepted|disabled|not enabled|not activated|expired)\b|\byet to enable\b|\bnot available (in|for|with|on|to)\b|\btemporary (password|access)`)
	failedLogin = regexp.MustCompile(`\b(log-?[io]n|authenticat\w*|sign-?in)\b[^.;]{0,20}\b(fail\w*|denied|refused|rejected|unsuccessful)\b`)
)
