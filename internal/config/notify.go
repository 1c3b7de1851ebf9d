package config

import (
	"errors"
	"net/url"
	"slices"

	"afterword/scheduler"
	"afterword/scheduler/calendar"
)

// channelNames are the names of the ways to tell the user.
func channelNames() []string { return []string{"mail", "desktop", "ntfy", "webhook"} }

// notify reads the channels. One at least must be on: what the program does
// not do it must be able to say.
func (r *reader) notify(f *fields) Notify {
	n := Notify{
		Mail:          f.get("mail").flag(true),
		Desktop:       f.get("desktop").flag(false),
		Ntfy:          address(f.get("ntfy")),
		NtfyToken:     r.tokenOf(f, "ntfy_token", "ntfy"),
		Webhook:       address(f.get("webhook")),
		WebhookSecret: r.tokenOf(f, "webhook_secret", "webhook"),
		Only:          only(f.section("only")),
		Quiet:         quiet(f.section("quiet")),
		Details:       f.get("details").flag(false),
		Digest:        digest(f.get("digest")),
	}
	f.done()
	on := []string{}
	for _, name := range channelNames() {
		if v := f.get(name); name == "mail" && n.Mail || name == "desktop" && n.Desktop || name != "mail" && name != "desktop" && !v.empty() {
			on = append(on, name)
		}
	}
	if len(on) == 0 {
		f.get("mail").wrong("one channel at least", "switch mail, desktop, ntfy or webhook on: doubts and questions must reach you")
		return n
	}
	for _, k := range scheduler.NoticeKinds() {
		if k.Needed && !slices.ContainsFunc(on, func(name string) bool { return len(n.Only[name]) == 0 || slices.Contains(n.Only[name], k.Name) }) {
			f.get("only").wrong("a channel for "+k.Name, "what is not sent must reach you: add "+k.Name+" to one of "+oneOf(on))
			return n
		}
	}
	return n
}

// tokenOf reads where a secret of a channel is; there may be none.
func (r *reader) tokenOf(f *fields, name, channel string) PasswordSource {
	v := f.get(name)
	if v.empty() {
		return PasswordSource{}
	}
	before := len(r.problems)
	p := r.password(v)
	v.secret = true
	switch {
	case len(r.problems) > before:
	case p.OAuth != nil:
		v.wrong("{env: NAME}, {file: path}, {command: [...]} or {keyring: name}", "a grant is for the mail account")
	case f.get(channel).empty():
		v.wrong("the address under "+channel+" as well", "write "+channel+", or take "+name+" out")
	}
	return p
}

// only reads which kinds go to which channel.
func only(f *fields) map[string][]string {
	kinds := []string{}
	for _, k := range scheduler.NoticeKinds() {
		kinds = append(kinds, k.Name)
	}
	all := map[string][]string{}
	for _, name := range channelNames() {
		for _, item := range f.get(name).items() {
			if word := item.choice("", kinds...); word != "" {
				all[name] = append(all[name], word)
			}
		}
	}
	f.done()
	return all
}

// quiet reads the hours in which nobody is to be disturbed; none where both ends
// are left out.
func quiet(f *fields) scheduler.QuietHours {
	from, to := f.get("from"), f.get("to")
	f.done()
	if from.empty() && to.empty() {
		return scheduler.QuietHours{}
	}
	const expected = `a time such as "22:00"`
	for _, v := range []value{from, to} {
		if v.empty() {
			v.missing(expected)
			return scheduler.QuietHours{}
		}
	}
	before := len(f.r.problems)
	q := scheduler.QuietHours{From: parsed(from, expected, 0, calendar.ParseTimeOfDay), To: parsed(to, expected, 0, calendar.ParseTimeOfDay)}
	if q.From == q.To && len(f.r.problems) == before {
		to.wrong("another time than from", "no hours are quiet if both are left out")
	}
	return q
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
