package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"afterword/internal/config"
	"afterword/internal/web"
	"afterword/scheduler"
)

// Settings implements web.Desk: what config.yaml says, as it is understood. Of
// secrets it tells only where they are.
func (d *desk) Settings() []web.Setting {
	c := d.fresh().config
	var all []web.Setting
	add := func(name string, value any) {
		all = append(all, web.Setting{Name: name, Value: shown(value), Line: config.StatedAt(c.Path, name)})
	}
	p, me := c.Policy, c.Policy.Me
	add("me.name", me.Name)
	add("me.email", me.Email)
	add("me.aliases", strings.Join(me.Aliases, ", "))
	add("me.timezone", me.Zone)
	add("me.employer_domains", strings.Join(me.EmployerDomains, ", "))
	add("account.provider", c.Account.Provider)
	add("account.username", c.Account.Username)
	add("account.password", "kept where the file says; it is not shown")
	add("account.smtp", fmt.Sprintf("%s:%d, %s", c.Account.SMTP.Host, c.Account.SMTP.Port, c.Account.SMTP.Security))
	add("account.imap", fmt.Sprintf("%s:%d, %s", c.Account.IMAP.Host, c.Account.IMAP.Port, c.Account.IMAP.Security))
	add("interviews", c.InterviewsDir)
	add("templates", c.TemplatesDir)
	add("state", c.StatePath)
	add("sending.review", p.Review)
	add("sending.announce", p.Announce)
	add("sending.window", p.Window)
	add("sending.late_window", p.Late)
	add("sending.holidays", p.Holidays)
	add("sending.spread", p.Spread)
	add("sending.per_hour", p.PerHour)
	add("sending.last_look", p.LastLook)
	add("sending.drafts", p.Drafts)
	add("limits.per_person", p.Limits.PerPerson)
	add("limits.per_application", p.Limits.PerApplication)
	add("limits.gap", p.Limits.Gap)
	add("replies.recruiter", p.Replies.Recruiter)
	add("replies.interviewer", p.Replies.Interviewer)
	for _, name := range slices.Sorted(maps.Keys(p.Sequences)) {
		var steps []string
		for _, s := range p.Sequences[name] {
			steps = append(steps, fmt.Sprintf("%s to %s after %s at %q", s.Name, s.To, s.After, s.Cron))
		}
		add("sequences."+name, strings.Join(steps, "; "))
	}
	add("proofread.language", p.Language)
	add("proofread.words", c.WordsPath)
	add("proofread.off", strings.Join(p.Off, ", "))
	add("notify.mail", c.Notify.Mail)
	add("notify.desktop", c.Notify.Desktop)
	add("notify.ntfy", shownIf(!c.Notify.Ntfy.Empty()))
	add("notify.webhook", shownIf(!c.Notify.Webhook.Empty()))
	for _, name := range slices.Sorted(maps.Keys(c.Notify.Only)) {
		add("notify.only."+name, strings.Join(c.Notify.Only[name], ", "))
	}
	add("notify.quiet", quietHours(c.Notify.Quiet))
	add("notify.details", c.Notify.Details)
	add("notify.digest", c.Notify.Digest)
	add("web.listen", c.Web.Listen)
	return all
}

// shown writes a value as the file would.
func shown(value any) string {
	text := fmt.Sprint(value)
	if _, ok := value.(time.Duration); !ok {
		return text
	}
	if short, ok := strings.CutSuffix(text, "m0s"); ok {
		text = short + "m"
	}
	if short, ok := strings.CutSuffix(text, "h0m"); ok {
		text = short + "h"
	}
	return text
}

// shownIf says that a secret address is set, and not which.
func shownIf(set bool) string {
	if set {
		return "set; it is not shown"
	}
	return ""
}

func quietHours(q scheduler.QuietHours) string {
	if q.From == q.To {
		return ""
	}
	return q.From.String() + " to " + q.To.String()
}
