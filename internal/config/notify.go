package config

import (
	"errors"
	"net/url"

	"afterword/scheduler/calendar"
)

// notify reads the channels. One at least must be on: what the program does
// not do it must be able to say.
func (r *reader) notify(f *fields) Notify {
	n := Notify{
		Mail:    f.get("mail").flag(true),
		Desktop: f.get("desktop").flag(false),
		Ntfy:    address(f.get("ntfy")),
		Webhook: address(f.get("webhook")),
		Details: f.get("details").flag(false),
		Digest:  digest(f.get("digest")),
	}
	f.done()
	if !n.Mail && !n.Desktop && f.get("ntfy").empty() && f.get("webhook").empty() {
		f.get("mail").wrong("one channel at least", "switch mail, desktop, ntfy or webhook on: doubts and questions must reach you")
	}
	return n
}

// address reads a URL. Knowing it is enough to read or forge notices, so no
// problem repeats it.
func address(v value) Secret {
	v.secret = true
	if v.empty() {
		return Secret{}
	}
	return parsed(v, "an address that begins with https://", Secret{}, func(s string) (Secret, error) {
		u, err := url.Parse(s)
		if err != nil || u.Host == "" {
			return Secret{}, errors.New("reading address: not a URL")
		}
		if u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
			return Secret{}, errors.New("reading address: not https")
		}
		return NewSecret(s), nil
	})
}

// whenDigest are the times of the weekly summary, none for "". Digest has read
// the text before.
func whenDigest(text string) calendar.Cron {
	c, err := calendar.ParseCron(text)
	if err != nil {
		return calendar.Cron{}
	}
	return c
}

// digest reads when the weekly summary comes; "" switches it off.
func digest(v value) string {
	if v.absent() {
		return "0 18 * * SUN"
	}
	if v.empty() {
		return ""
	}
	c := parsed(v, `a cron expression such as "0 18 * * SUN"`, calendar.Cron{}, calendar.ParseCron)
	return c.String()
}
