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
// code blames the credential already. A time that is named is meant even where a login is
// said to have failed; "later" alone is politeness then.
func PutsOffLogin(words string, blamed bool) bool {
	words = strings.ToLower(words)
	if wrongCredential.MatchString(notOfCredential.ReplaceAllString(words, "")) {
		return false
	}
	return patience.MatchString(words) || ownTrouble.MatchString(words) ||
		!blamed && (inAWhile.MatchString(words) || later.MatchString(words) && !failedLogin.MatchString(words))
}

// AsksForPatience reports words of a server that wants to be left alone for a while.
func AsksForPatience(words string) bool { return patience.MatchString(strings.ToLower(words)) }

// OwnTrouble reports words by which a server tells of a fault of its own, which says
// nothing about what it was asked for.
func OwnTrouble(words string) bool { return ownTrouble.MatchString(strings.ToLower(words)) }

// BlamesCredential reports words by which a login failed for what was presented, and not
// for the way in which it was.
func BlamesCredential(words string) bool {
	words = strings.ToLower(words)
	return !wayOfLogin.MatchString(words) && (wrongCredential.MatchString(words) || failedLogin.MatchString(words))
}

// The words, in lower case. Those of other scripts and with other letters at an end stand
// without \b, which knows ASCII only.
var (
	// What sounds like blame and is none: a count, a fault of the server's, a session or a
	// service that has ended for now.
	notOfCredential = regexp.MustCompile(tooMany + `( (de )?\pL+){0,4}|\b(maximum|limit|number)( [a-z]+){0,4} (attempts|tries|failures|logins)\b|` +
		`\b(invalid|bad|unknown|wrong) (response|reply|answer|error|exception|gateway|state)s?\b( [a-z]+){0,4}|` +
		`\bsession( has| have| is)? expired|\b(imap|smtp|pop3?|logins?)\b( [a-z]+){0,3} (temporarily disabled|disabled (temporarily|(for|during) [a-z ]{0,15}maintenance))\b`)
	patience = regexp.MustCompile(tooMany + `|\btoo (much|fast|often|frequent)|\btempora[rlin]|vorübergehend|\bmomentan|\btijdelijk|\btillfällig|\bdočasn|\btymczasow|временно|一時的|일시적|暂时|` +
		`\brate[ -]?(limit|exceed)|throttl|\bfrequency\b[^.;]{0,20}\blimit|频繁|\bback-?off\b|\bbandwidth|\boverload|\bbusy\b|繁忙|\bmaintenance|\bwartung|` +
		`\b(server|service|system|backend)s?\b[^.;]{0,20}\b(un|not )(available|reachable|responding)|\bmax(imum)?\b[^.;]{0,40}\bconnections?\b|\bconnections?\b[^.;]{0,40}\b(limit|exceed)|` +
		`\b(attempts|tries|logins|requests)\b[^.;]{0,20}\b(limit|exceed)|\b(maximum|limit|exceed\w*)\b[^.;]{0,30}\b(attempts|tries|logins|requests)\b|` +
		`\bnot connected\b|\bshutting down\b|\brestarting\b|\bover (the )?rate\b|\b(mailbox|maildrop|account|folder|already)\b[^.;]{0,20}\bin use\b`)
	inAWhile   = regexp.MustCompile(`\b(for|in|after) (an? |another |the next |\d+ ?|few |some |several ){1,2}(second|minute|hour)s?\b`)
	later      = regexp.MustCompile(`\blater\b|\bat (the|this) moment\b|\bright now\b|\b(try|retry)( again)? (in|after|shortly|soon)\b|\bspäter\b|\bplus tard\b|\bmás tarde\b|\bmais tarde\b|\bpiù tardi\b|\bpozději\b|\bpóźniej\b|позже|稍后|잠시 후`)
	ownTrouble = regexp.MustCompile(`\b(internal|server|system|backend|database)( (internal|side|connection|query|lookup|i/o))? (error|failure|fault|problem)|\bconnection\b[^.;]{0,40}\b(lost|refused|reset|failed)|\btime-?d? ?out\b|\blook-?up\b[^.;]{0,20}\b(fail|error)|\b(cannot|can't|could not|unable to|failed to) (connect|reach|contact)\b|\bout of (order|service)\b`)
	// What a credential is said to be, before the word for it or behind.
	wrongCredential = regexp.MustCompile(wrong + `[^.;]{0,20}` + credential + `|` + credential + `[^.;]{0,20}(` + wrong + `|\b(mismatch|does not match|not accepted|disabled|not enabled|not activated|expired|abgelaufen|expirée?)\b)|` +
		`\b(imap|smtp|pop3?)\b[^.;]{0,20}\b(invalid|disabled|not enabled|not activated|expired)\b|\byet to enable\b|` +
		`\bnot available (in|for|with|on|to) ((your|this|the|free|basic|trial) ){0,2}(plan|account|user|subscription|package|edition)s?\b|\btemporary (password|access (code|pass))|` +
		`\b(unlock|reactivate|reset|change|renew) (your|the) (account|password|access)\b`)
	failedLogin = regexp.MustCompile(`\b(log-?[io]n|authenti[cf]\w*|autenti\w*|sign-?in|anmeldung)\b[^.;]{0,20}\b(fail\w*|denied|refus\w*|reject\w*|unsuccessful|fehlgeschlagen|abgelehnt|abgewiesen|fallit\w*|fallid\w*|falhou|rifiutat\w*|rechazad\w*)|` +
		`(échec|\berreur|\berror) (de l'|d'|de )?(authentification|autenticación)|\bauthentification\b[^.;]{0,20} échou`)
	// What is wrong with the way a credential was presented, not with it.
	wayOfLogin = regexp.MustCompile(`\bmechanism|\bmethod|\bcommand\b|\bsyntax\b|\b(argument|parameter)s?\b|\bmalformed\b|\bbase-?64\b|\b(de|en)cod(e|ed|ing)\b|\bunsupported\b|\bnot (supported|implemented)\b|\bunrecogni[sz]ed authentication\b`)
)

const (
	tooMany = `(\b(too many|zu viele|trop (de|d')|demasiad[ao]s|tropp[ie]|muitas|te veel|za dużo)|příliš mnoho|zbyt wiele|слишком много)`
	wrong   = `(\b(invalid\w*|incorrect\w*|wrong|bad|unknown|unrecogni[sz]ed|no such|falsch\w*|unbekannt\w*|mauvais\w*|errat[aoei]|sbagliat[aoei]|non valid[aoei]|onjuist|ongeldig|neplatn|nesprávn|nieprawidłow|błędn)|` +
		`\bungültig|\binválid[ao]|špatn|неверн|неправильн|错误)`
	credential = `(\b(passw[a-z]+|pass(code|phrase|key|e)?|wachtwoord|hasło|heslo|jméno|kennwort|zugangsdaten|credentials?|user ?names?|users?|logins?|accounts?|identifiants?|contraseña|senha|benutzer\w*)\b|парол|密码|비밀번호)`
)
