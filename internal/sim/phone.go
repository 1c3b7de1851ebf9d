package sim

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/quotedprintable"
	"net/mail"
	"slices"
	"strings"
	"time"

	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// The user also answers notices by mail, from a phone that files what it sends in
// the Sent folder. Others try to pass for the user.

// said is a mail that answers a notice, or wants to look as if.
type said struct {
	at     time.Time
	id     string // its Message-ID
	word   string
	notice string // Message-ID of the notice, as the program made it
	told   time.Time
	forged bool // it is none: nobody may obey it
}

// The words of an answer that is none.
const butWords = "ok, but change the greeting"

// notice is one that lies in the inbox and takes answers.
type notice struct {
	mailtest.Accepted
	text string
}

// answerable are the notices of the last days that say how to answer them.
func (s *stage) answerable() (all []notice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.servers.Accepted() {
		at, arrived := s.heard[a.DeliveredID]
		if !toOneself(a.To) || !arrived || s.truth.Now().Sub(at) > 4*24*time.Hour {
			continue
		}
		if text := textOf(a.Raw); strings.Contains(oneLine(text), "Answer this mail with: ") {
			all = append(all, notice{a, text})
		}
	}
	return all
}

// textOf is the text of a notice, which is plain and quoted-printable (RFC 2045
// section 6.7).
func textOf(raw []byte) string {
	_, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	text, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(body)))
	if err != nil {
		return string(body)
	}
	return string(text)
}

// isReplyTo reports whether a mail answers the one with a Message-ID.
func isReplyTo(raw []byte, id string) bool {
	header, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	return strings.Contains(strings.ReplaceAll("\r\n"+string(header), "\r\n ", " "), "\r\nIn-Reply-To: "+id)
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// toOneself reports whether a mail went to the user, and to nobody else.
func toOneself(to []string) bool { return len(to) == 1 && to[0] == me }

// me is the user's address.
const me = "dana@example.org"

// phone is the user taking the phone to answer a notice, or somebody who wants to
// pass for the user.
func (s *stage) phone(e Event, chance *rand.Rand) {
	all := s.answerable()
	if len(all) == 0 {
		return
	}
	n := all[len(all)-1-chance.IntN(min(len(all), 6))]
	word := s.word(n, chance)
	id := fmt.Sprintf("<phone-%d@phone.example>", e.N)
	if e.Kind == ForgesOne {
		s.forge(n, id, []string{"ok", "stop", "skip", "heard"}[chance.IntN(4)], chance)
		return
	}
	s.replies(n, id, word, chance)
}

// word is what the user answers: mostly what the notice takes.
func (s *stage) word(n notice, chance *rand.Rand) string {
	_, line, _ := strings.Cut(oneLine(n.text), "Answer this mail with: ")
	line, _, _ = strings.Cut(line, ">")
	if chance.IntN(12) == 0 {
		return "stop"
	}
	words := []string{butWords}
	for _, w := range []string{"ok", "skip", "heard", "moved"} {
		if strings.Contains(line, w) {
			words = append(words, w, w, w)
		}
	}
	if strings.Contains(line, "what they said") {
		words = append(words, "said", "said", "said")
	}
	if chance.IntN(8) == 0 {
		words = []string{"ok", "skip", "heard", "moved", "said", "stop"}
	}
	return words[chance.IntN(len(words))]
}

// replies files the user's answer in Sent, now and then twice, as some phones do,
// and brings it home as every mail to oneself.
func (s *stage) replies(n notice, id, word string, chance *rand.Rand) {
	now := s.truth.Now()
	raw := answerRaw(n, "Dana Reyes <"+me+">", me, id, s.wording(n, word, chance), now)
	s.note("the user answers %q to %q", word, n.Subject)
	s.files(s.servers.Deliver(mailtest.Sent, raw, now))
	if chance.IntN(4) == 0 {
		s.files(s.servers.Deliver(mailtest.Sent, raw, now.Add(time.Second)))
	}
	s.files(s.servers.Deliver(mailtest.Inbox, raw, now))
	s.answers = append(s.answers, said{at: now, id: id, word: word, notice: n.MessageID, told: n.At})
	s.meant(n, word, now)
}

// meant notes what an answer lets the program do.
func (s *stage) meant(n notice, word string, now time.Time) {
	switch word {
	case "ok":
		if strings.Contains(oneLine(n.text), "(mail may leave again)") {
			s.acts = append(s.acts, act{at: now, what: goOn})
		}
		about := s.about(n.Raw)
		for _, d := range s.stored("") {
			if strings.Contains(about, d.Key) {
				s.acts = append(s.acts, act{at: now, what: "approve", on: d.Key})
			}
		}
	case "heard":
		for _, a := range s.plan.Applications {
			if strings.Contains(n.text+n.Subject, a.Company) || strings.Contains(n.text, a.Stem) {
				s.acts = append(s.acts, act{at: now, what: "answered", on: a.Stem})
			}
		}
	}
}

// about is the text of a notice in one line, and of those that it goes back to: what comes of an
// answer is told without the key, in answer to that.
func (s *stage) about(raw []byte) string {
	text := oneLine(textOf(raw))
	for _, answer := range s.answers {
		if !isReplyTo(raw, answer.id) {
			continue
		}
		for _, before := range s.servers.Accepted() {
			if before.MessageID == answer.notice {
				return text + " " + s.about(before.Raw)
			}
		}
	}
	return text
}

// wording is the text of an answer.
func (s *stage) wording(n notice, word string, chance *rand.Rand) string {
	switch word {
	case "moved":
		return "moved " + s.truth.Now().AddDate(0, 0, 1+chance.IntN(5)).Format(time.DateOnly) + fmt.Sprintf(" %d:30", 9+chance.IntN(7))
	case "said":
		for _, a := range s.plan.Applications {
			for _, p := range a.Everybody() {
				if first, _, _ := strings.Cut(p.Name, " "); strings.Contains(oneLine(n.text), first+":") {
					return first + ": " + p.Said
				}
			}
		}
		return "Ken: the team moves the pager to follow-the-sun in spring"
	case "stop":
		return "Stop. I will call them."
	case "ok":
		return []string{"ok", "OK!", "Ok, thanks"}[chance.IntN(3)]
	}
	return word
}

// forge is a mail that must not be obeyed: it bears the user's name and lies in the
// inbox, it is the user's and goes to a friend as well, or it lies in the Sent folder
// of an account that only reads.
func (s *stage) forge(n notice, id, word string, chance *rand.Rand) {
	now := s.truth.Now()
	folder, to, w := mailtest.Inbox, me, s.servers
	switch chance.IntN(2 * len(s.accounts())) {
	case 0:
		folder, to = mailtest.Sent, me+", Robin Vale <robin@mail.example>"
	case 1:
	default: // of the account that only reads
		folder, w = mailtest.Sent, s.second
	}
	s.note("%q in %s, to %s, is no answer of the user to %q", word, folder, to, n.Subject)
	s.files(w.Deliver(folder, answerRaw(n, "Dana Reyes <"+me+">", to, id, word, now), now))
	s.answers = append(s.answers, said{at: now, id: id, word: word, notice: n.MessageID, told: n.At, forged: true})
}

// answerRaw is a mail in answer to a notice, as its reader knows it.
func answerRaw(n notice, from, to, id, text string, now time.Time) []byte {
	references := n.DeliveredID
	if m, err := mail.ReadMessage(bytes.NewReader(n.Delivered)); err == nil {
		references = strings.TrimSpace(m.Header.Get("References") + " " + references)
	}
	raw := fmt.Sprintf("From: %s\nTo: %s\nSubject: Re: %s\nMessage-ID: %s\nIn-Reply-To: %s\nReferences: %s\nDate: %s\nContent-Type: text/plain; charset=utf-8\n\n%s\n\nSent from my phone\n\nOn a day Dana Reyes <%s> wrote:\n\n> %s\n",
		from, to, n.Subject, id, n.DeliveredID, references, now.Format(time.RFC1123Z), text, me, strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(n.text), "\r", ""), "\n", "\n> "))
	return []byte(strings.ReplaceAll(raw, "\n", "\r\n"))
}

// unpause ends a pause that an answer began: by mail in the exchange, where its
// confirmation has come, or by the command.
func (s *stage) unpause(e Event, chance *rand.Rand) {
	s.stopHolds()
	if n := len(s.holdings); n > 0 && s.holdings[n-1].on == "" && s.holdings[n-1].until.IsZero() && chance.IntN(2) == 0 {
		s.command("", "resume")
		return
	}
	n := slices.IndexFunc(s.answers, func(x said) bool { return x.word == "stop" && !x.forged && !x.ended(s.acts) })
	if n < 0 || chance.IntN(2) == 0 {
		return
	}
	for _, c := range s.answerable() {
		if isReplyTo(c.Raw, s.answers[n].id) && chance.IntN(4) > 0 {
			s.replies(c, fmt.Sprintf("<go-on-%d@phone.example>", e.N), "ok", chance)
			return
		}
	}
	s.command("", "resume")
}

// stopHolds looks whether a stop that was obeyed, as the store says, holds everything.
func (s *stage) stopHolds() {
	for _, x := range s.answers {
		if x.word != "stop" || x.forged || x.ended(s.acts) || slices.ContainsFunc(s.restores, func(at time.Time) bool { return at.After(x.at) }) {
			continue
		}
		s.view(func(r scheduler.Reader) error {
			events, err := r.Events(scheduler.EventQuery{})
			holds, failed := r.Holds()
			obeyed := slices.ContainsFunc(events, func(e scheduler.Event) bool { return e.What == "answered by mail" && e.Evidence == x.id })
			if obeyed && !slices.ContainsFunc(holds, func(h scheduler.Hold) bool {
				return h.Scope == scheduler.ScopeEverything && h.Source == scheduler.SourceUser
			}) {
				s.violate("an answer is carried out once", "the user answered stop at %s, and nothing is on hold at %s", stamp(x.at), stamp(s.truth.Now()))
			}
			return errors.Join(err, failed)
		})
	}
}

// goOn is the act of ending a pause by mail, which ends nothing else.
const goOn = "go on"

// ended reports whether the pause of a stop was ended since, or may have been.
func (x said) ended(acts []act) bool {
	return slices.ContainsFunc(acts, func(a act) bool {
		return a.at.After(x.at) && a.on == "" && (a.what == goOn || a.what == "resume" || a.what == "pause")
	})
}

// stoppedAt reports whether a stop that the user answered holds everything at a moment.
func (o Outcome) stoppedAt(at time.Time) bool {
	so := slices.DeleteFunc(slices.Clone(o.acts), func(a act) bool { return a.at.After(at) })
	return slices.ContainsFunc(o.answers, func(x said) bool { return x.word == "stop" && !x.forged && x.at.Before(at) && !x.ended(so) })
}
