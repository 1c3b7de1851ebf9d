package main

import (
	"slices"
	"strings"

	"afterword/internal/config"
	"afterword/internal/oauth"
	"afterword/mailer"
)

// advice is what to do if a server's state contains one of the words. HOST and SECURITY
// stand for keys of config.yaml.
type advice struct {
	words []string
	does  string
}

// watchedPrefix begins what is said of an account under watch; its name follows.
const watchedPrefix = "the watched account "

// watchedIn is the name of the watched account that a state is of, "" for the other.
func watchedIn(state string) string {
	rest, watched := strings.CutPrefix(state, watchedPrefix)
	if !watched {
		return ""
	}
	name, _, _ := strings.Cut(rest, ": ")
	name, _, _ = strings.Cut(name, " (")
	return name
}

// triedAgain is true where a daemon looks after the mail, or will.
const triedAgain = "it is tried again by itself"

// adviceOn says what to do about a server that cannot be used; by default, that it is
// tried again. The words are those of the adapters, of crypto/tls and crypto/x509, and
// of the system's network.
func adviceOn(state, protocol string) string {
	starts := map[string]string{"smtp": "587", "imap": "143"}[protocol]
	name := strings.NewReplacer("HOST", "account."+protocol+".host", "SECURITY", "account."+protocol+".security", "STARTTLSPORT", starts)
	if len(state) > 3 && slices.Contains([]string{"530", "534", "535", "538"}, state[:3]) { // RFC 4954 section 6
		blamed := strings.HasPrefix(state[len("535"):], " 5.7.8") || strings.HasPrefix(state[len("535"):], " 5.7.9")
		if mailer.PutsOffLogin(state, blamed) {
			state = mailer.ErrServerBusy.Error()
		} else {
			state = "login refused"
		}
	}
	login := "log in anew: " + (&config.OAuth{Account: watchedIn(state)}).LoginCommand()
	if strings.HasPrefix(state, watchedPrefix) {
		name = strings.NewReplacer("account.username and account.password", "username and password of that account under watch", "account.password", "password of that account under watch",
			"account."+protocol, "its "+protocol+" under watch", "HOST", "its "+protocol+".host under watch", "SECURITY", "its "+protocol+".security under watch", "STARTTLSPORT", starts)
	}
	if strings.Contains(state, "reading the password") {
		if does := passwordAdvice(state, login); does != "" {
			return name.Replace(does)
		}
	}
	for _, a := range []advice{
		{[]string{"does not know the client id", "does not let this program", "gives no access to the mailbox: it says"}, (&oauth.Refused{}).Hint()},
		{[]string{"gives no access to the mailbox", "reading the grant"}, login},
		{[]string{"login refused"}, "check account.username and account.password in config.yaml; Gmail, iCloud, Yahoo and Fastmail want an app password"},
		{[]string{"authenticated but not connected"}, "the server takes the login and does not get to the mailbox behind it, which mostly passes; if it stays, IMAP is switched off for this mailbox, or account.username is not the address of its own: ask who runs it; " + triedAgain},
		{[]string{"[OVERQUOTA]"}, "the mailbox is full: make room in it with your mail program or on the provider's page; " + triedAgain},
		{[]string{"[ALERT]"}, "the provider wants something of you first: do what its words say, which mostly is to log in on its page once; " + triedAgain},
		{[]string{mailer.ErrServerBusy.Error()}, "the server asks for patience or is in trouble itself; it is tried again by itself"},
		{[]string{"the keyring"}, "look whether the entry is there and the keyring is unlocked; without a desktop session use password: {file: ...} with a file of mode 0600, or {command: [...]}"},
		{[]string{"has expired or is not yet valid"}, "either the server's certificate has run out and its owner must renew it, or this machine's clock is wrong"},
		{[]string{"unknown authority", "not standards compliant"}, "nobody whom this machine trusts vouches for the server at HOST: is the host right? A network that asks for a login, or a virus scanner, can sit in between; for a server of your own, add its authority to this machine's certificates"},
		{[]string{"certificate is valid for", "not valid for any names", "certificate is not valid", "doesn't contain any IP SANs", "legacy Common Name"}, "the server's certificate is for another name than HOST in config.yaml: use the name that the provider tells. If it worked before, a network that asks for a login (a hotel, a train) may answer in its place: open any page in a browser, log in there, and try again"},
		{[]string{"certificate"}, "the server's certificate cannot be trusted; look whether HOST in config.yaml is right"},
		{[]string{"slipped in before TLS"}, "do not use this network for mail; elsewhere it may work. SECURITY: tls is safer than starttls"},
		{[]string{"no STARTTLS", "refuses tls", "PREAUTH"}, "the server offers no secure line here, or somebody takes the offer away; try SECURITY: tls"},
		{[]string{"does not look like a TLS handshake"}, "the server speaks no TLS at that port: where it is STARTTLSPORT, write SECURITY: starttls. A network that asks for a login (a hotel, a train) answers so too: open any page in a browser, log in there, and try again"},
		{[]string{"protocol version"}, "the server knows only versions of TLS that are not safe any more; ask its owner, or use another provider"},
		{[]string{`"HTTP/1`, "<html", "<HTML", "<!doctype", "<!DOCTYPE"}, "a web page answers where the mail server should: this network asks for a login (a hotel, a train), or HOST and its port are those of a web server. Open any page in a browser, log in there, and try again"},
		{[]string{"not on this machine"}, "security: insecure is for a server on this machine only; write 127.0.0.1 as HOST, or use tls"},
		{[]string{"deadline exceeded", "i/o timeout"}, "nobody answers there in time: look whether HOST and its port are right, SECURITY too (a server that waits for TLS says nothing else), and whether this network lets mail through; " + triedAgain},
		{[]string{"no such host"}, "check HOST in config.yaml, and that this machine is online"},
		{[]string{"cannot be reached", "connect"}, "check that this machine is online, and account." + protocol + " in config.yaml; " + triedAgain},
	} {
		for _, w := range a.words {
			if strings.Contains(state, w) {
				return name.Replace(a.does)
			}
		}
	}
	return triedAgain + "; `afterword events` tells more"
}

// passwordAdvice says what helps where a password could not be read, "" where the
// place is a keyring or a grant, of which more is known.
func passwordAdvice(state, login string) string {
	switch {
	case strings.Contains(state, "keyring"), strings.Contains(state, "grant"), strings.Contains(state, "gives no access"):
		return ""
	case strings.Contains(state, "others may read"):
		return "a file with a password is taken only where nobody but you may read it"
	case strings.Contains(state, "permission denied"):
		return "whoever runs afterword must be able to read that file: look who owns it"
	case strings.Contains(state, "environment variable"):
		return "set it where the program is started, or let account.password in config.yaml name another place"
	case strings.Contains(state, ": running "):
		return "run the command of account.password by hand: it must end by itself and print the password on its first line"
	}
	return "write the password into the file that account.password names (mode 0600); where config.yaml exists, " + strings.TrimPrefix(login, "log in anew: ") + " asks for it and does so"
}
