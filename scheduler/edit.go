package scheduler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Edit is a text of the user's in place of the template's. It stays whatever the facts
// become; if they change what the template would say, the mail is in review again and
// says what changed.
type Edit struct {
	Subject, Body string
	// Over is what the template wrote when the user edited it or last approved
	// the edit.
	Over Text
	// Others are further recipients that a mail program put on it: the mail goes
	// to one person, so that it waits until they are taken off.
	Others []string
	// Changed says what the facts have changed since then, "" if nothing.
	Changed string
}

// ErrEmptied is wrapped by the refusal of an edit that leaves no text.
var ErrEmptied = errors.New("the text is empty")

// The most that an edited text may have: a subject of more is cut by mail
// programs, a body of more is no mail of this kind.
const (
	maxSubject = 300   // characters
	maxBody    = 10000 // characters
)

// written is the text of a mail: what leaves, what the proofreader says of it, and what
// the template alone would say.
type written struct {
	text, rendered Text
	findings       []Finding
}

// says sets the text of a mail and reports whether it changed; if so, what was shown or
// attempted was another text.
func (d *Delivery) says(made written) (changed bool) {
	hash := TextHash(d.To, made.text)
	if changed = hash != d.TextHash; changed {
		d.Announced, d.Frozen = time.Time{}, nil
	}
	d.Text, d.TextHash, d.Findings = made.text, hash, made.findings
	return changed
}

// othersFound is what the proofreader's rule of one recipient says of recipients
// that the text does not show.
func (d *Delivery) othersFound() []Finding {
	if d.Edited == nil || len(d.Edited.Others) == 0 {
		return nil
	}
	return []Finding{{Code: "one-recipient", Severity: Error, Place: "to",
		Text: fmt.Sprintf("your draft also goes to %s, and the mail goes to %s alone; take them off the draft", strings.Join(d.Edited.Others, ", "), d.To.Email)}}
}

// overlaid is the text with the user's words in it. The thread stays as it is: it is a
// fact.
func (d *Delivery) overlaid(t Text) Text {
	if d.Edited != nil {
		t.Subject, t.Body = d.Edited.Subject, d.Edited.Body
	}
	return t
}

// compared notes what the facts have changed under the user's edit, and reports
// whether that is news.
func (d *Delivery) compared(rendered Text) bool {
	if d.Edited == nil {
		return false
	}
	e := *d.Edited
	e.Changed = ""
	if TextHash(d.To, rendered) != TextHash(d.To, e.Over) {
		e.Changed = difference(e.Over, rendered)
	}
	isNews := e.Changed != d.Edited.Changed
	d.Edited = &e
	return isNews && e.Changed != ""
}

// longestQuote bounds, in characters, what is quoted of a text that changed.
const longestQuote = 160

// difference says in one sentence what a text says now that it did not say, and
// what it said instead.
func difference(was, is Text) string {
	var parts []string
	add := func(name, was, is string) {
		if was != is {
			parts = append(parts, fmt.Sprintf("%s was %q, is now %q", name, brief(was, longestQuote), brief(is, longestQuote)))
		}
	}
	add("the subject", was.Subject, is.Subject)
	before, after := sentencesOf(was.Body), sentencesOf(is.Body)
	gone, come := without(before, after), without(after, before)
	switch {
	case len(gone) > 0 && len(come) > 0:
		add("the text", strings.Join(gone, " "), strings.Join(come, " "))
	case len(gone) > 0:
		parts = append(parts, fmt.Sprintf("%q is not said any more", brief(strings.Join(gone, " "), longestQuote)))
	case len(come) > 0:
		parts = append(parts, fmt.Sprintf("%q is new", brief(strings.Join(come, " "), longestQuote)))
	case was.Body != is.Body:
		parts = append(parts, "the order of the sentences")
	}
	if was.Thread.InReplyTo != is.Thread.InReplyTo {
		parts = append(parts, "it continues another mail")
	}
	return strings.Join(parts, "; ")
}

// sentencesOf cuts a text at the ends of its sentences and lines.
func sentencesOf(body string) []string {
	var all []string
	for line := range strings.Lines(body) {
		for _, s := range strings.SplitAfter(line, ". ") {
			if s = strings.TrimSpace(s); s != "" {
				all = append(all, s)
			}
		}
	}
	return all
}

func without(all, others []string) []string {
	var left []string
	for _, s := range all {
		if !slices.Contains(others, s) {
			left = append(left, s)
		}
	}
	return left
}

// Edit makes the user's words the text of the mail. They are proofread, and an earlier
// approval ends. Once the server may have the bytes, no edit is accepted. The error for
// an empty text wraps ErrEmptied.
func (s *Service) Edit(ctx context.Context, fragment, subject, body string) (Delivery, error) {
	subject, body, err := editable(subject, body)
	if err != nil {
		return Delivery{}, err
	}
	return s.change(ctx, fragment, func(tx Tx, w World, d Delivery, now time.Time) (Delivery, error) {
		return s.edit(tx, w, d, Edit{Subject: subject, Body: body}, now)
	})
}

func (s *Service) edit(tx Tx, w World, d Delivery, e Edit, now time.Time) (Delivery, error) {
	f, err := s.changeable(tx, w, d, now)
	if err != nil {
		return d, err
	}
	same := d.Edited == nil && len(e.Others) == 0 || d.Edited != nil && slices.Equal(d.Edited.Others, e.Others)
	d.Edited = &Edit{Subject: e.Subject, Body: e.Body, Others: e.Others}
	made, err := s.Writers.write(f, &d, now)
	if err != nil {
		return d, refuse("mend the template or the facts", "writing the mail: %v", err)
	}
	d.Edited.Over = made.rendered
	if changed := d.says(made); !changed && same {
		return d, tx.Put(d, now)
	}
	d.Unsaid = d.Interview == "" && d.Personal == "" // an edit is no approval, and what was queued needs one again
	d.Approved, d.ByPerson, d.Despite, d.Announced, d.Frozen = "", false, nil, time.Time{}, nil
	edited := Event{Key: d.Key, Application: d.Application, Actor: ActorUser, What: "edited", From: string(d.State), To: string(d.State), Why: "you edited its text"}
	if err := put(tx, d, now, edited, now); err != nil {
		return d, err
	}
	// What the daemon would decide, it decides at once: the next command sees it.
	return d, s.Writers.attendOne(tx, f, &d, now)
}

// changeable reads the facts of a delivery whose text may still change.
func (s *Service) changeable(tx Tx, w World, d Delivery, now time.Time) (*Facts, error) {
	if !d.State.Open() {
		return nil, refuse(d.wayOn(), "%s is %s and its text cannot change any more", d.Key, d.State.words())
	}
	if d.AnyData {
		return nil, refuse("`afterword send "+ShellWord(d.Key)+"` tries the same bytes again", "%s was on its way already, and its text cannot change any more", d.Key)
	}
	f, err := LoadFacts(tx, w, d.Application, now)
	if err == nil && f.Application.Broken != "" {
		err = refuse("mend the file first", "%s: %s", d.Application, f.Application.Broken)
	}
	return f, err
}

// editable normalises what an editor or a mail program saved, or says what in it cannot
// be in a mail.
func editable(subject, body string) (string, string, error) {
	subject = strings.Join(strings.Fields(subject), " ")
	var lines []string
	for line := range strings.SplitSeq(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ", "\ufeff", "", "\u200b", "", "\u00ad", "").Replace(body), "\n") {
		lines = append(lines, strings.TrimRight(line, " \u00a0"))
	}
	body = strings.TrimSpace(strings.Join(lines, "\n"))
	switch {
	case body == "":
		return "", "", &emptied{}
	case subject == "":
		return "", "", refuse("the first line is `Subject: ...`", "the subject is empty")
	case utf8.RuneCountInString(subject) > maxSubject:
		return "", "", refuse("a subject is one short line", "the subject has %d characters, the most is %d", utf8.RuneCountInString(subject), maxSubject)
	case utf8.RuneCountInString(body) > maxBody:
		return "", "", refuse("four or five lines are read, more is not", "the text has %d characters, the most is %d", utf8.RuneCountInString(body), maxBody)
	}
	for n, line := range append([]string{subject}, strings.Split(body, "\n")...) {
		if r, found := oddRune(line); found {
			return "", "", refuse("delete it; it may be invisible in your editor", "%s holds the character %U, which has no place in a mail", editPlace(n), r)
		}
	}
	return subject, body + "\n", nil
}

func editPlace(n int) string {
	if n == 0 {
		return "the subject"
	}
	return fmt.Sprintf("line %d", n)
}

// oddRune finds what breaks a line, hides text or turns its direction.
func oddRune(s string) (rune, bool) {
	const zwnj, zwj = '\u200c', '\u200d' // part of Persian and Indic words, and of emoji
	for _, r := range s {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != zwnj && r != zwj || r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar {
			return r, true
		}
	}
	return 0, false
}

// emptied refuses an edit without text.
type emptied struct{}

func (*emptied) Error() string { return "the text is empty, and an empty mail does not leave" }

// Hint says how to take the mail off the plan.
func (*emptied) Hint() string { return "`afterword skip KEY` takes the mail off the plan" }

// Is makes it known as a refusal, and as this one.
func (*emptied) Is(target error) bool { return target == ErrUser || target == ErrEmptied }
