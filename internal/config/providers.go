package config

import (
	"maps"
	"slices"
	"strings"
)

// Server is where an account's mail goes out or comes in.
type Server struct {
	Host     string
	Port     int
	Security string // tls | starttls | insecure
}

// The values of Server.Security.
const (
	TLS      = "tls"      // TLS from the first byte (RFC 8314 section 3)
	STARTTLS = "starttls" // required, never optional
	Insecure = "insecure" // plain text, on loopback only
)

// Provider is what a mail provider publishes for its users.
type Provider struct {
	SMTP, IMAP Server
	// Domains are those whose addresses live there, for guessing the provider.
	Domains []string
}

// providers is the table behind account.provider, as the providers published
// it in 2026.
func providers() map[string]Provider {
	implicit := func(smtp, imap string, domains ...string) Provider {
		return Provider{SMTP: Server{smtp, 465, TLS}, IMAP: Server{imap, 993, TLS}, Domains: domains}
	}
	starttls := func(smtp, imap string, domains ...string) Provider {
		return Provider{SMTP: Server{smtp, 587, STARTTLS}, IMAP: Server{imap, 993, TLS}, Domains: domains}
	}
	return map[string]Provider{
		"aol":         implicit("smtp.aol.com", "imap.aol.com", "aol.com"),
		"fastmail":    implicit("smtp.fastmail.com", "imap.fastmail.com", "fastmail.com", "fastmail.fm"),
		"free":        implicit("smtp.free.fr", "imap.free.fr", "free.fr"),
		"gmail":       implicit("smtp.gmail.com", "imap.gmail.com", "gmail.com", "googlemail.com"),
		"gmx":         implicit("mail.gmx.net", "imap.gmx.net", "gmx.de", "gmx.net", "gmx.at", "gmx.ch"),
		"gmx.com":     implicit("mail.gmx.com", "imap.gmx.com", "gmx.com"),
		"icloud":      starttls("smtp.mail.me.com", "imap.mail.me.com", "icloud.com", "me.com", "mac.com"),
		"ionos":       implicit("smtp.ionos.com", "imap.ionos.com"),
		"mailbox.org": implicit("smtp.mailbox.org", "imap.mailbox.org", "mailbox.org"),
		"migadu":      implicit("smtp.migadu.com", "imap.migadu.com"),
		"office365":   starttls("smtp.office365.com", "outlook.office365.com"),
		"orange":      implicit("smtp.orange.fr", "imap.orange.fr", "orange.fr", "wanadoo.fr"),
		"outlook":     starttls("smtp-mail.outlook.com", "outlook.office365.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "outlook.fr", "hotmail.fr"),
		"posteo":      implicit("posteo.de", "posteo.de", "posteo.de", "posteo.net"),
		// The bridge of Proton listens on the user's own machine.
		"proton":   {SMTP: Server{"127.0.0.1", 1025, Insecure}, IMAP: Server{"127.0.0.1", 1143, Insecure}, Domains: []string{"proton.me", "protonmail.com", "pm.me"}},
		"runbox":   implicit("mail.runbox.com", "mail.runbox.com", "runbox.com"),
		"t-online": implicit("securesmtp.t-online.de", "secureimap.t-online.de", "t-online.de"),
		"web.de":   starttls("smtp.web.de", "imap.web.de", "web.de"),
		"yahoo":    implicit("smtp.mail.yahoo.com", "imap.mail.yahoo.com", "yahoo.com", "yahoo.fr", "yahoo.de", "yahoo.co.uk", "ymail.com"),
		"yandex":   implicit("smtp.yandex.com", "imap.yandex.com", "yandex.com", "yandex.ru"),
		"zoho":     implicit("smtp.zoho.com", "imap.zoho.com", "zoho.com", "zohomail.com"),
		"zoho.eu":  implicit("smtp.zoho.eu", "imap.zoho.eu", "zohomail.eu"),
	}
}

// Providers returns the names that account.provider knows, sorted.
func Providers() []string { return slices.Sorted(maps.Keys(providers())) }

// ProviderNamed returns a provider's servers.
func ProviderNamed(name string) (Provider, bool) {
	p, ok := providers()[name]
	return p, ok
}

// ProviderFor guesses the provider from an address, "" if it is not known.
func ProviderFor(address string) string {
	domain := strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
	for _, name := range Providers() {
		if slices.Contains(providers()[name].Domains, domain) {
			return name
		}
	}
	return ""
}
