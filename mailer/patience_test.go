package mailer

import "testing"

// putsOff fails where words put a login off and are not wanted to, or the reverse: by
// themselves, and where a code blames the credential already.
func putsOff(t *testing.T, words string, want, byCode bool) {
	t.Helper()
	if got := PutsOffLogin(words, false); got != want {
		t.Errorf("%s: put off: %v", words, got)
	}
	if got := PutsOffLogin(words, true); got != byCode {
		t.Errorf("%s: put off, although a code blames the credential: %v", words, got)
	}
}

// TestWrongCredentialIsNotPutOff: in many languages; "later" is politeness.
func TestWrongCredentialIsNotPutOff(t *testing.T) {
	t.Parallel()
	for _, words := range []string{
		"Authentication failed, please try again later",
		"LOGIN failed. Please retry shortly.",
		"Sign-in denied at this moment",
		"Anmeldung fehlgeschlagen, bitte später noch einmal",
		"Passwort falsch. Später noch einmal",
		"Unbekannter Benutzername; später noch einmal",
		"Mot de passe incorrect, recommencez plus tard",
		"Échec de l'authentification, recommencez plus tard",
		"Contraseña incorrecta, pruebe más tarde",
		"Password errata, riprova più tardi",
		"Autenticazione fallita: riprova più tardi",
		"Senha inválida, volte mais tarde",
		"Wachtwoord onjuist, tijdelijk geblokkeerd",
		"Neplatné heslo, zkuste to později",
		"Неверный пароль, попробуйте позже",
		"密码错误, 请稍后",
		"Bad user name or password (temporarily)",
		"IMAP is disabled for this mailbox; enable it, try later",
		"Not available in your plan right now",
		"Not available for free accounts at this moment",
		"Account expired, renew it right now",
		"Temporarily locked: reset your password",
		"Too many attempts. To unlock your account visit the help pages",
		"Mot de passe incorrect. Trop de tentatives",
		"The account has been disabled. Do not retry later",
	} {
		putsOff(t, words, false, false)
	}
}

// TestTroubleOfTheServerIsPutOff: the words of a refusal are about something else. A time
// that is named is meant, unless a code blames the credential.
func TestTroubleOfTheServerIsPutOff(t *testing.T) {
	t.Parallel()
	for _, words := range []string{
		"The login service is not available for maintenance",
		"Service temporarily not available on this node",
		"SMTP is temporarily disabled",
		"IMAP access is disabled for scheduled maintenance",
		"Temporary access problem",
		"Authentication failed: bad response from the user database: timed out",
		"Unknown error of the account service, temporary failure",
		"Invalid reply from password server, connection lost",
		"Login session expired: system busy",
		"Maximum number of login attempts reached",
		"Limit of bad login attempts exceeded",
		"Zu viele falsche Anmeldungen",
		"Trop de mots de passe incorrects",
		"Demasiados intentos",
		"Troppi tentativi",
		"Слишком много попыток",
		"Příliš mnoho špatných hesel",
		"Unable to verify your password: server unavailable",
		"Could not unlock the mailbox, timed out",
		"The directory is overloaded",
		"The password service is not responding",
		"Backend not responding",
		"Anmeldung abgelehnt: Wartung",
		"Service momentanément indisponible",
		"Servizio temporaneamente non disponibile",
		"Tijdelijk niet beschikbaar",
		"Služba je dočasně nedostupná",
		"Сервис временно недоступен",
		"系统繁忙",
		"일시적 장애",
	} {
		putsOff(t, words, true, true)
	}
	for _, words := range []string{"Login failed, come back in 10 minutes", "Not now, come back later"} {
		putsOff(t, words, true, false)
	}
}

// TestBlameIsNotAboutTheWay: a fault of the command is none of the credential.
func TestBlameIsNotAboutTheWay(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]bool{
		"Authentication failed": true, "LOGIN denied": true, "Wrong password": true, "Échec d'authentification": true, "Anmeldung abgelehnt": true,
		"AUTHENTICATE failed: unsupported mechanism": false, "Authentication failed: malformed response": false, "LOGIN failed: two arguments are needed": false,
		"Unrecognized authentication type": false, "what is AUTHENTICATE": false, "Authentication refused by this method": false, "Invalid command for login": false,
		"The connection was refused": false, "Logging failed": false,
	} {
		if got := BlamesCredential(words); got != want {
			t.Errorf("%s: blames the credential: %v", words, got)
		}
	}
}

// TestLimitThatPassesByItsCode: the codes of a limit are read in the class of the reply.
func TestLimitThatPassesByItsCode(t *testing.T) {
	t.Parallel()
	for enhanced, want := range map[string]bool{"4.4.5": true, "5.4.5": true, "4.2.1": false, "5.2.1": false, "4.5.5": false} {
		if got := PutsOffSender(450, enhanced, "no"); got != want {
			t.Errorf("%s: a limit: %v", enhanced, got)
		}
	}
}
