package provider

import (
	"maps"
	"slices"
	"strings"

	"afterword/internal/config"
)

// Login is the kind of credential that a provider takes from programs.
type Login string

// The kinds of credential.
const (
	Password    Login = "password"     // the one that the user knows
	AppPassword Login = "app-password" // one that is made for a single program
	Bridge      Login = "bridge"       // shown by a program on the user's own machine
	OAuth       Login = "oauth"        // a grant in the browser; passwords are refused
)

// Guide is what a provider costs its user before the first login.
type Guide struct {
	Title   string // as people call it
	Login   Login
	Minutes int      // for somebody who has never done it
	Fetch   string   // what to have at hand
	Steps   []string // what to do, in order
	OAuth   string   // the provider of {oauth: ...} that fits, "" if none does
	// MX are the domains in which the servers lie that take mail for it.
	MX []string
	// Off is what the user may have to switch on, "" if nothing.
	Off string
}

// guides is the table behind what `init` says, one entry for each name of
// account.provider, as the providers documented it in 2026; see
// docs/providers.md for the dates.
func guides() map[string]Guide {
	const imapOff = "IMAP may be switched off; look in the settings of your mail on the web, under POP3 and IMAP, or forwarding"
	plain := func(title, off string, mx ...string) Guide {
		return Guide{Title: title, Login: Password, Minutes: 2, Fetch: "the password of your mail", Off: off, MX: mx}
	}
	app := func(title string, minutes int, fetch string, steps []string, mx ...string) Guide {
		return Guide{Title: title, Login: AppPassword, Minutes: minutes, Fetch: fetch, Steps: steps, MX: mx}
	}
	yahoo := func(title, host string) Guide {
		return app(title, 5, "your "+title+" login and your phone", []string{
			"Open https://login." + host + "/account/security and log in",
			"Choose \"Generate app password\" (at the bottom of the page), and write Afterword as its name",
			"Copy the 16 letters that it shows; they replace your password here and nowhere else",
		}, "yahoodns.net")
	}
	microsoft := func(title string, mx ...string) Guide {
		return Guide{Title: title, Login: OAuth, OAuth: "microsoft", Minutes: 10, MX: mx,
			Fetch: "a browser, and a client id: your university's preset file has one, or you register one (docs/providers.md, step by step)"}
	}
	return map[string]Guide{
		"gmail": {Title: "Gmail", Login: AppPassword, OAuth: "google", Minutes: 5, MX: []string{"google.com", "googlemail.com"},
			Fetch: "your Google login and your phone", Steps: []string{
				"Open https://myaccount.google.com/signinoptions/two-step-verification and switch 2-Step Verification on, if it is not",
				"Open https://myaccount.google.com/apppasswords, write Afterword as the app's name, and press Create",
				"Copy the 16 letters that it shows; they replace your password here and nowhere else",
			}},
		"icloud": app("iCloud Mail", 5, "your Apple login and your phone", []string{
			"Open https://account.apple.com and log in; two-factor authentication must be on",
			"Under \"Sign-In and Security\" choose \"App-Specific Passwords\", and make one named Afterword",
			"Copy the letters with their hyphens; they replace your password here and nowhere else",
		}, "icloud.com", "apple.com"),
		"yahoo": yahoo("Yahoo Mail", "yahoo.com"),
		"aol":   yahoo("AOL Mail", "aol.com"),
		"fastmail": app("Fastmail", 3, "your Fastmail login", []string{
			"Open https://app.fastmail.com/settings/security and log in",
			"Under \"App passwords\" make one named Afterword, with access to Mail (IMAP and SMTP)",
			"Copy the letters that it shows; they replace your password here and nowhere else",
		}, "messagingengine.com"),
		"outlook":     microsoft("Outlook.com", "olc.protection.outlook.com"),
		"office365":   microsoft("Microsoft 365", "mail.protection.outlook.com", "mx.microsoft"),
		"gmx":         gmx("GMX", "gmx.net"),
		"gmx.com":     gmx("GMX", "gmx.com"),
		"web.de":      gmx("WEB.DE", "web.de"),
		"proton":      {Title: "Proton Mail", Login: Bridge, Minutes: 10, MX: []string{"protonmail.ch"}, Fetch: "a paid plan and the program Proton Mail Bridge", Steps: []string{"Install Proton Mail Bridge on this computer, log in to it, and leave it running", "Choose your account there, then \"Mailbox details\": it shows a user name and a password of its own"}},
		"free":        plain("Free", imapOff, "free.fr"),
		"ionos":       plain("IONOS", "", "ionos.com", "kundenserver.de", "1and1.com"),
		"mailbox.org": plain("mailbox.org", "with two-factor authentication it wants an app password, made in its settings under Security", "mailbox.org"),
		"migadu":      plain("Migadu", "", "migadu.com"),
		"orange":      plain("Orange", imapOff, "orange.fr"),
		"posteo":      plain("Posteo", "", "posteo.de"),
		"runbox":      plain("Runbox", "with two-factor authentication it wants an app password", "runbox.com"),
		"t-online":    tonline(),
		"yandex":      plain("Yandex", "IMAP may be switched off, and it may want an app password; both stand in its settings", "yandex.net", "yandex.ru"),
		"zoho":        plain("Zoho Mail", imapOff+"; with two-factor authentication it wants an app password", "zoho.com"),
		"zoho.eu":     plain("Zoho Mail", imapOff+"; with two-factor authentication it wants an app password", "zoho.eu"),
	}
}

func gmx(title, host string) Guide {
	return Guide{Title: title, Login: Password, Minutes: 3, Fetch: "the password of your mail; with two-factor authentication an app password, made under security", MX: []string{host},
		Steps: []string{"Log in at https://www." + host + " and open the settings of E-Mail, \"POP3 & IMAP\"", "Allow POP3 and IMAP access, and save: it is off until you do"}}
}

func tonline() Guide {
	return Guide{Title: "T-Online", Login: Password, Minutes: 4, Fetch: "the e-mail password of T-Online, which is another one than that of the login", MX: []string{"t-online.de"},
		Steps: []string{"Log in to the customer centre of Telekom and set a password for e-mail programs, if you have none"}}
}

// Of is the guide to a provider. One that is not known, or "", asks for the
// password alone.
func Of(name string) Guide {
	if g, ok := guides()[name]; ok {
		return g
	}
	return Guide{Title: "Your mail provider", Login: Password, Minutes: 3, Fetch: "the password of your mail, and the names of its two servers if they are not found"}
}

// byMX names the provider whose servers take a domain's mail, "" if none of the
// table does. The longest match wins: one provider's servers may lie in a
// domain below another's.
func byMX(host string) string {
	host = "." + strings.ToLower(strings.TrimSuffix(host, "."))
	found, length := "", 0
	for _, name := range slices.Sorted(maps.Keys(guides())) {
		for _, domain := range guides()[name].MX {
			if strings.HasSuffix(host, "."+domain) && len(domain) > length {
				found, length = name, len(domain)
			}
		}
	}
	return found
}

// byServer names the provider that a server for reading mail belongs to.
func byServer(imap config.Server) string {
	for _, name := range config.Providers() {
		if p, _ := config.ProviderNamed(name); strings.EqualFold(p.IMAP.Host, imap.Host) && p.IMAP.Port == imap.Port {
			return name
		}
	}
	return ""
}
