package mailer

import "testing"

// TestWhoseFaultALoginIs: what servers say in many languages. What looks alike comes to
// different things: a login that is put off, or a credential that is refused.
func TestWhoseFaultALoginIs(t *testing.T) {
	t.Parallel()
	for words, c := range map[string]struct{ putOff, putOffByCode bool }{
		// The credential: "later" is politeness.
		"Authentication failed, please try again later":                  {},
		"LOGIN failed. Please retry shortly.":                            {},
		"Sign-in denied at this moment":                                  {},
		"Anmeldung fehlgeschlagen, bitte später noch einmal":             {},
		"Passwort falsch. Später noch einmal":                            {},
		"Unbekannter Benutzername; später noch einmal":                   {},
		"Mot de passe incorrect, recommencez plus tard":                  {},
		"Échec de l'authentification, recommencez plus tard":             {},
		"Contraseña incorrecta, pruebe más tarde":                        {},
		"Password errata, riprova più tardi":                             {},
		"Autenticazione fallita: riprova più tardi":                      {},
		"Senha inválida, volte mais tarde":                               {},
		"Wachtwoord onjuist, tijdelijk geblokkeerd":                      {},
		"Neplatné heslo, zkuste to později":                              {},
		"Неверный пароль, попробуйте позже":                              {},
		"密码错误, 请稍后":                                                      {},
		"Bad user name or password (temporarily)":                        {},
		"IMAP is disabled for this mailbox; enable it, try later":        {},
		"Not available in your plan right now":                           {},
		"Not available for free accounts at this moment":                 {},
		"Account expired, renew it right now":                            {},
		"Temporarily locked: reset your password":                        {},
		"Too many attempts. To unlock your account visit the help pages": {},
		"Mot de passe incorrect. Trop de tentatives":                     {},
		"The account has been disabled. Do not retry later":              {},

		// The server: the words of a refusal are about something else.
		"The login service is not available for maintenance":                    {true, true},
		"Service temporarily not available on this node":                        {true, true},
		"SMTP is temporarily disabled":                                          {true, true},
		"IMAP access is disabled for scheduled maintenance":                     {true, true},
		"Temporary access problem":                                              {true, true},
		"Authentication failed: bad response from the user database: timed out": {true, true},
		"Unknown error of the account service, temporary failure":               {true, true},
		"Invalid reply from password server, connection lost":                   {true, true},
		"Login session expired: system busy":                                    {true, true},
		"Maximum number of login attempts reached":                              {true, true},
		"Limit of bad login attempts exceeded":                                  {true, true},
		"Zu viele falsche Anmeldungen":                                          {true, true},
		"Trop de mots de passe incorrects":                                      {true, true},
		"Demasiados intentos":                                                   {true, true},
		"Troppi tentativi":                                                      {true, true},
		"Слишком много попыток":                                                 {true, true},
		"Příliš mnoho špatných hesel":                                           {true, true},
		"Unable to verify your password: server unavailable":                    {true, true},
		"Could not unlock the mailbox, timed out":                               {true, true},
		"The directory is overloaded":                                           {true, true},
		"The password service is not responding":                                {true, true},
		"Backend not responding":                                                {true, true},
		"Anmeldung abgelehnt: Wartung":                                          {true, true},
		"Service momentanément indisponible":                                    {true, true},
		"Servizio temporaneamente non disponibile":                              {true, true},
		"Tijdelijk niet beschikbaar":                                            {true, true},
		"Služba je dočasně nedostupná":                                          {true, true},
		"Сервис временно недоступен":                                            {true, true},
		"系统繁忙":   {true, true},
		"일시적 장애": {true, true},

		// A time that is named is meant, unless a code blames the credential.
		"Login failed, come back in 10 minutes": {true, false},
		"Not now, come back later":              {true, false},
	} {
		if got := PutsOffLogin(words, false); got != c.putOff {
			t.Errorf("%s: put off: %v", words, got)
		}
		if got := PutsOffLogin(words, true); got != c.putOffByCode {
			t.Errorf("%s: put off, although a code blames the credential: %v", words, got)
		}
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
