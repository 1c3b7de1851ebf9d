package scheduler

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"afterword/mailer"
)

// prepareAhead is how long before its due time the text of a mail is written.
const prepareAhead = 24 * time.Hour

// ahead is prepareAhead, or longer for an asking mail that the user wants to be shown
// earlier.
func ahead(pol *Policy, d *Delivery) time.Duration {
	if needsAnnouncing(pol, d) {
		return max(prepareAhead, pol.Announce+time.Hour)
	}
	return prepareAhead
}

// TextHash identifies what an approval covers: recipient, subject, body and thread.
func TextHash(to Recipient, t Text) string {
	var all []byte
	for _, part := range [...]string{NormalAddress(to.Email), to.Name, t.Subject, t.Body, t.Thread.InReplyTo} {
		all = strconv.AppendInt(all, int64(len(part)), 10)
		all = append(append(append(all, ':'), part...), ';')
	}
	sum := sha256.Sum256(all)
	return hex.EncodeToString(sum[:])
}

// Writers hold the ports that write and check a text.
type Writers struct {
	Renderer    Renderer
	Proofreader Proofreader
	known       *verdicts // the daemon's
}

// Draft renders and proofreads the mail of a delivery in any state. The error says what
// is wrong with the template or the facts.
func (w Writers) Draft(f *Facts, d Delivery, now time.Time) (Text, []Finding, error) {
	made, err := w.write(f, &d, now)
	return made.text, made.findings, err
}

// write is Draft, and also returns what the template alone would say.
func (w Writers) write(f *Facts, d *Delivery, now time.Time) (written, error) {
	in := renderInput(f, d, now)
	text, err := w.Renderer.Render(in)
	if err != nil {
		return written{}, err
	}
	if in.Previous != nil {
		text = inThread(text, *in.Previous)
	}
	made := written{text: d.overlaid(text), rendered: text}
	made.findings = append(w.known.check(d.Key, proofInput(f, d, in, made.text, w, now), w.Proofreader), d.othersFound()...)
	return made, nil
}

// leaving is when the mail is expected to leave: its due time, or the next open hour if
// that has passed.
func leaving(f *Facts, i *Interview, p *Person, d *Delivery, now time.Time) time.Time {
	if due := d.When(); !due.Before(now) {
		return due
	}
	place := placeFor(&f.Policy, &f.Application, i, p)
	if d.Kind == Owed && lateWindow(&f.Policy, place).InWindow(now) {
		return now
	}
	if next, err := place.NextOpen(now); err == nil {
		return next
	}
	return now
}

// renderInput is what the template may see.
func renderInput(f *Facts, d *Delivery, now time.Time) RenderInput {
	i, ok := f.Application.round(d.Interview)
	if !ok { // queued by hand
		i = f.queuedFor(d, now)
	}
	p := personOf(&f.Application, i, d)
	leaves := leaving(f, i, p, d, now)
	return RenderInput{
		Template: d.Template, Language: cmp.Or(f.Application.Language, f.Policy.Language), Me: f.Policy.Me,
		Application: f.Application, Interview: *i, Person: *p, Rank: d.Rank,
		Previous: f.exchange(p),
		Leaves:   leaves.In(zoneFor(&f.Policy, &f.Application, i, p)),
	}
}

// proofInput is what the proofreader checks the text against.
func proofInput(f *Facts, d *Delivery, in RenderInput, text Text, w Writers, now time.Time) ProofInput {
	p := ProofInput{
		RenderInput: in, Kind: d.Kind, To: d.To, Text: text, From: f.Policy.Me.Email,
		Others: f.others(), Thread: in.Previous, Asked: f.asked(now), Off: f.Policy.Off,
		Planned: d.When(), Place: placeFor(&f.Policy, &f.Application, &in.Interview, &in.Person),
	}
	if d.Kind == Owed {
		p.Place = lateWindow(&f.Policy, p.Place)
	}
	for _, r := range []rule{gateLimits, gateGap} {
		if v, stop := r(f, d, in.Leaves); stop {
			p.TooSoon = firstOf(p.TooSoon, v.Why)
		}
	}
	if d.Kind == Owed {
		p.Panel = panelTexts(f, d, w, now)
	}
	return p
}

// panelTexts are the other notes of the same step and round, as they stand or
// as they would be rendered.
func panelTexts(f *Facts, d *Delivery, w Writers, now time.Time) []Text {
	var others []Text
	for n := range f.Stored {
		o := &f.Stored[n]
		if o.Key == d.Key || o.Interview != d.Interview || o.Step != d.Step || o.State == Cancelled {
			continue
		}
		if o.Text.Body != "" {
			others = append(others, o.Text)
		} else if t, err := w.Renderer.Render(renderInput(f, o, now)); err == nil {
			others = append(others, t)
		}
	}
	return others
}

// inThread makes the text continue an exchange: the subject is the exchange's,
// with one "Re:", and the references grow by its newest mail (RFC 5322 section
// 3.6.4).
func inThread(t Text, m Mail) Text {
	t.Thread = Thread{InReplyTo: m.MessageID, References: append(slices.Clone(m.References), m.MessageID), Subject: mailer.BareSubject(m.Subject)}
	t.Subject = "Re: " + t.Thread.Subject
	return t
}

// prepare gives an open delivery its text and decides whether a person must
// look at it. The text stays as it is once an attempt has come as far as DATA:
// the server may hold those bytes.
func (w Writers) prepare(f *Facts, d *Delivery, now time.Time) []Event {
	// Who asks for a mail reads it at once, and what was laid before the user says why it waits by now.
	early := d.Interview != "" && d.State != Review && now.Before(d.Due.Add(-ahead(&f.Policy, d)))
	if !d.State.Open() || d.Due.IsZero() || early {
		return nil
	}
	if d.AnyData {
		return f.asItStands(d, now)
	}
	made, err := w.write(f, d, now)
	overtaken := false
	if err != nil {
		made.findings = []Finding{{Code: "template", Severity: Error, Place: d.Template, Text: err.Error()}}
	} else {
		overtaken = d.compared(made.rendered)
	}
	changed := d.says(made)
	lost := (changed || overtaken) && (d.ByPerson || d.sentAsItStood())
	if lost {
		d.Approved, d.ByPerson, d.Despite = "", false, nil
	}
	d.Unsaid = d.Unsaid || lost && changed
	if lost && !changed && d.Interview == "" {
		d.Personal = approvedBefore // what is queued is not planned: nothing else lets it ask again
	}
	to, why := judge(f, d, now)
	if lost && changed && to == Review && why != approvedOther {
		why = approvedOther + "; " + why
	}
	if to == Approved {
		d.Approved = d.TextHash
	}
	if d.State == to {
		d.Why = why
		return nil
	}
	e := moveEvent(*d, to, ActorDaemon, why)
	d.State, d.Why = to, why
	return []Event{e}
}

// sentAsItStood reports whether the user said `send` to what they had queued: that is their word for
// the text that it had, as an approval is.
func (d *Delivery) sentAsItStood() bool { return d.SendNow && d.Interview == "" && d.Approved != "" }

// asItStands decides about a mail whose bytes the server may hold, so that its text
// cannot change. If it was cancelled and is wanted again, or its recipient has written
// since, only the user can approve it.
func (f *Facts) asItStands(d *Delivery, now time.Time) []Event {
	var to State
	var why string
	m, wrote := f.overtaken(d)
	switch {
	case wrote && d.State != Review:
		to, why = Review, fmt.Sprintf("%s wrote on %s; a server may hold its text already, so that it stays as it is: `afterword send` lets it leave like that, `afterword skip` gives it up",
			firstOf(m.Name, m.Person), moment(m.At, d.Zone, now))
	case !wrote && d.SendNow && d.State != Approved:
		to, why = Approved, "you asked to send it as it stands"
		d.Approved, d.ByPerson = d.TextHash, true
	case d.State == Approved && !d.ByPerson && f.Policy.Review == ReviewAlways: // since it was tried
		to, why = Review, seeAllWords
	case d.State == Planned:
		if to, why = judge(f, d, now); to == Approved {
			d.Approved = d.TextHash
		}
	default:
		return nil
	}
	e := moveEvent(*d, to, ActorDaemon, why)
	d.State, d.Why = to, why
	return []Event{e}
}

// overtaken is what the recipient of a thank-you wrote after it was handed over, unless
// the user asked to send it since.
func (f *Facts) overtaken(d *Delivery) (*Mail, bool) {
	if d.Kind != Owed {
		return nil, false
	}
	i, _ := f.Application.round(d.Interview)
	p := personOf(&f.Application, i, d)
	for n := range slices.Backward(f.Mails) {
		m := &f.Mails[n]
		known := m.At.Before(d.ClaimedAt.Add(-f.Policy.LastLook)) || d.SendNow && d.Due.After(m.At)
		if !known && !m.Outgoing && m.Class == string(mailer.Human) && hasAddress(p, m.Person) {
			return m, true
		}
	}
	return nil, false
}

// judge decides between review and approved, and says why.
func judge(f *Facts, d *Delivery, now time.Time) (State, string) {
	if codes := blocking(d.Findings, d.Despite, Error); len(codes) > 0 {
		return Review, "the proofreader found: " + strings.Join(codes, ", ")
	}
	if d.Edited != nil && d.Edited.Changed != "" {
		return Review, "the facts changed since you edited it: " + d.Edited.Changed
	}
	if d.ByPerson && d.Approved == d.TextHash {
		return Approved, "you approved it"
	}
	i, ok := f.Application.round(d.Interview)
	switch warned := blocking(d.Findings, d.Despite, Warning); {
	case f.restored.ask(*d) != "":
		return Review, f.restored.ask(*d)
	case f.strange[NormalAddress(d.To.Email)]:
		return Review, "the ledger knows a mail to this person that the store does not (was an application forgotten?); look in your Sent folder first"
	case d.Personal != "":
		return Review, d.Personal
	case d.Unsaid && (d.Interview == "" || f.Policy.Review != ReviewNever): // no setting wants what was queued
		return Review, approvedOther
	case ok && d.Kind == Owed && !met(i, d) && now.Before(i.End()):
		return Review, "the interview has not taken place yet"
	case ok && d.Kind == Owed && !met(i, d):
		return Review, unknownMeetingWords(f, i)
	case f.Policy.Review == ReviewAlways:
		return Review, seeAllWords
	case len(warned) > 0 && f.Policy.Review != ReviewNever:
		return Review, "the proofreader found: " + strings.Join(warned, ", ")
	}
	return Approved, "nothing speaks against it"
}

// approvedOther is why a mail waits that was approved in other words.
const approvedOther = "the text changed since you approved it"

// approvedBefore is why a queued mail waits whose words are still those of the user.
const approvedBefore = "the facts changed since you approved it"

// seeAllWords is why a mail waits under `review: always`.
const seeAllWords = "you want to see every mail first"

// blocking lists the codes of a severity that were not lifted by name.
func blocking(fs []Finding, despite []string, s Severity) []string {
	var codes []string
	for _, f := range fs {
		if f.Severity == s && !slices.Contains(despite, f.Code) && !slices.Contains(codes, f.Code) {
			codes = append(codes, f.Code)
		}
	}
	return codes
}
