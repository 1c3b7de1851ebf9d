package mailtest

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// parse reads a delivered mail strictly.
func parse(t *testing.T, raw []byte) (*mail.Message, string) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("reading %q: %v", raw, err)
	}
	body, err := io.ReadAll(m.Body)
	must(t, err)
	if bytes.Contains(bytes.ReplaceAll(raw, []byte("\r\n"), nil), []byte("\n")) {
		t.Errorf("a bare line feed in %q", raw)
	}
	return m, string(body)
}

// A person who answers after two days does so then, in the thread, quoting,
// with a Message-ID and a date of their own.
func TestAnswerAfterTwoDays(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var told ledger
		w := newWorld(t, Options{Delivered: told.add})
		must(t, w.Script("Ken Osei <ken@acme.example>", "answers after 2 days"))
		start := time.Now()
		send(t, w, ken, note(ken, "<one@example.org>", "Thank you"))
		later(48*time.Hour - time.Second)
		if got := w.Messages(Inbox); len(got) != 0 || w.Waiting() != 1 {
			t.Fatalf("%d answers before their time, %d waiting", len(got), w.Waiting())
		}
		later(time.Second)
		got := only(t, w.Messages(Inbox))
		if !got.At.Equal(start.Add(48*time.Hour).Truncate(time.Second)) || len(got.Flags) != 0 {
			t.Errorf("arrived at %v with %v", got.At, got.Flags)
		}
		m, body := parse(t, got.Raw)
		for field, want := range map[string]string{
			"From": `"Ken Osei" <ken@acme.example>`, "Subject": "Re: Thank you", "To": `"Dana Reyes" <dana@example.org>`,
			"In-Reply-To": "<one@example.org>", "References": "<one@example.org>", "Return-Path": "<ken@acme.example>", "Auto-Submitted": "",
		} {
			if got := m.Header.Get(field); got != want {
				t.Errorf("%s is %q, want %q", field, got, want)
			}
		}
		if date, err := m.Header.Date(); err != nil || !date.Equal(got.At) {
			t.Errorf("dated %v (%v), want %v", date, err, got.At)
		}
		contains(t, body, "> thank you for your time yesterday.\r\n", "Dana Reyes", "wrote:\r\n> Hi Ken,\r\n>\r\n")
		contains(t, m.Header.Get("Authentication-Results"), "dmarc=pass header.from=acme.example")
		if !strings.HasSuffix(got.MessageID, "@acme.example>") || told.String() != got.MessageID {
			t.Errorf("the answer is %s, Delivered was told of %s", got.MessageID, told.String())
		}
	})
}

// Only mail to a scripted person leads to anything, and the newest script counts.
func TestOnlyScriptedPeopleReact(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		must(t, w.Script(ken, "answers after 1 hour"))
		must(t, w.Script("priya@acme.example", "answers after 1 hour"))
		must(t, w.Script("Priya <PRIYA@acme.example>", "silent"))
		for _, to := range []string{"priya@acme.example", "ada@acme.example", "ken@other.example"} {
			send(t, w, to, note(to, "<one@example.org>", "Thank you"))
		}
		later(30 * 24 * time.Hour)
		if got := w.Messages(Inbox); len(got) != 0 {
			t.Errorf("somebody answered: %+v", got)
		}
	})
}

// Out of office answers at once, once per sender, and not after the return.
func TestOutOfOffice(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		must(t, w.Script("Ken Osei <ken@acme.example>", "out of office until 2000-01-03"))
		send(t, w, ken, note(ken, "<one@example.org>", "Thank you"))
		later(time.Minute)
		got := only(t, w.Messages(Inbox))
		m, body := parse(t, got.Raw)
		for field, want := range map[string]string{
			"Auto-Submitted": "auto-replied", "Subject": "Automatic reply: Thank you", "In-Reply-To": "<one@example.org>",
			"Return-Path": "<>", "X-Auto-Response-Suppress": "All", "From": `"Ken Osei" <ken@acme.example>`,
		} {
			if got := m.Header.Get(field); got != want {
				t.Errorf("%s is %q, want %q", field, got, want)
			}
		}
		contains(t, body, "out of the office until 3 January 2000")
		send(t, w, ken, note(ken, "<two@example.org>", "Again"))
		later(time.Minute)
		if got := w.Messages(Inbox); len(got) != 1 {
			t.Errorf("%d automatic replies to one sender, want 1", len(got))
		}

		must(t, w.Script(ken, "out of office until 2000-01-03"))
		later(48 * time.Hour)
		send(t, w, ken, note(ken, "<three@example.org>", "On the last day"))
		later(time.Minute)
		if got := w.Messages(Inbox); len(got) != 2 {
			t.Errorf("%d replies, want one more on the last day", len(got))
		}
		must(t, w.Script(ken, "out of office until 2000-01-03"))
		later(24 * time.Hour)
		send(t, w, ken, note(ken, "<four@example.org>", "Back"))
		later(time.Minute)
		if got := w.Messages(Inbox); len(got) != 2 {
			t.Error("an automatic reply after the return")
		}
	})
}

// Robots do not answer robots (RFC 3834).
func TestNoReplyToAutomaticMail(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		must(t, w.Script(ken, "out of office until 2030-01-01; has left the company"))
		raw := append([]byte("Auto-Submitted: auto-generated\r\n"), note(ken, "<one@example.org>", "Notice")...)
		send(t, w, ken, raw)
		later(time.Hour)
		if got := w.Messages(Inbox); len(got) != 0 {
			t.Errorf("a robot was answered: %+v", got)
		}
	})
}

// A bounce is a report that a machine can read: RFC 3462 and RFC 3464.
func TestBounceIsAReport(t *testing.T) {
	check := func(behaviour, action, status, subject string, after time.Duration) {
		t.Run(behaviour, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := newWorld(t, Options{})
				must(t, w.Script(ken, behaviour))
				send(t, w, ken, note(ken, "<one@example.org>", "Thank you"))
				later(after - time.Second)
				if len(w.Messages(Inbox)) != 0 {
					t.Error("the report came before its time")
				}
				later(time.Second)
				m, body := parse(t, only(t, w.Messages(Inbox)).Raw)
				if m.Header.Get("Return-Path") != "<>" || m.Header.Get("Subject") != subject || m.Header.Get("Auto-Submitted") != "auto-replied" {
					t.Errorf("the header is %v", m.Header)
				}
				contains(t, m.Header.Get("From"), "<MAILER-DAEMON@mail.example.org>")
				parts := partsOf(t, m.Header.Get("Content-Type"), body)
				if len(parts) != 3 || parts[0].kind != "text/plain" || parts[1].kind != "message/delivery-status" || parts[2].kind != "text/rfc822-headers" {
					t.Fatalf("the parts are %+v", parts)
				}
				contains(t, parts[1].text, "Final-Recipient: rfc822; ken@acme.example\r\n", "Action: "+action+"\r\n", "Status: "+status+"\r\n", "\r\n\r\nFinal")
				contains(t, parts[2].text, "Message-ID: <one@example.org>\r\n", "Subject: Thank you\r\n")
				if strings.Contains(parts[2].text, "yesterday") {
					t.Error("the report carries the body too")
				}
			})
		})
	}
	check("bounces", "failed", "5.1.1", "Undelivered Mail Returned to Sender", time.Minute)
	check("bounces after 10 minutes", "failed", "5.1.1", "Undelivered Mail Returned to Sender", 10*time.Minute)
	check("delays", "delayed", "4.4.1", "Delayed Mail (still being retried)", 4*time.Hour)
}

// part is one part of a multipart body.
type part struct{ kind, text string }

// partsOf takes a multipart body apart.
func partsOf(t *testing.T, contentType, body string) []part {
	t.Helper()
	_, params, err := mime.ParseMediaType(contentType)
	must(t, err)
	var out []part
	r := multipart.NewReader(strings.NewReader(body), params["boundary"])
	for {
		p, err := r.NextPart()
		if err == io.EOF {
			return out
		}
		must(t, err)
		text, err := io.ReadAll(p)
		must(t, err)
		kind, _, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		must(t, err)
		out = append(out, part{kind, string(text)})
	}
}

// Other automatic answers say what they must be recognised by.
func TestOtherAutomaticAnswers(t *testing.T) {
	check := func(behaviour string, want ...string) {
		t.Run(behaviour, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := newWorld(t, Options{})
				must(t, w.Script(ken, behaviour))
				send(t, w, ken, note(ken, "<one@example.org>", "Thank you"))
				later(time.Hour)
				m, body := parse(t, only(t, w.Messages(Inbox)).Raw)
				if m.Header.Get("Auto-Submitted") != "auto-replied" || m.Header.Get("In-Reply-To") != "<one@example.org>" {
					t.Errorf("the header is %v", m.Header)
				}
				contains(t, m.Header.Get("Subject")+"\n"+body, want...)
			})
		})
	}
	check("has left the company", "Automatic reply: Thank you", "ken has left the company")
	check("challenges", "Please confirm your message: Thank you", "not a robot")
}

// What a person says goes into the answer as it stands, in any script.
func TestSaying(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		must(t, w.Script("Zoë Ünal <zoe@acme.example>", "answers after 5 minutes; answers after 1 minute saying schöne Grüße; after all"))
		send(t, w, "zoe@acme.example", note("zoe@acme.example", "<one@example.org>", "Re: Thank you"))
		later(time.Minute)
		got := only(t, w.Messages(Inbox))
		contains(t, plainText(got.Raw), "schöne Grüße; after all\n", "\nZoë\n")
		contains(t, string(got.Raw), "Content-Transfer-Encoding: quoted-printable\r\n", "From: =?utf-8?q?Zo=C3=AB_=C3=9Cnal?= <zoe@acme.example>\r\n")
		if got.Subject != "Re: Thank you" {
			t.Errorf("the subject is %q", got.Subject)
		}
		later(4 * time.Minute)
		if got := w.Messages(Inbox); len(got) != 2 {
			t.Errorf("%d answers, want 2", len(got))
		}
	})
}

// A behaviour in code may do anything, into any folder, and keep state.
func TestBehaviourInCode(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		times := 0
		must(t, w.ScriptFunc("Ken <ken@acme.example>", func(r Received) []Reaction {
			times++
			l := Answer(r, fmt.Sprintf("that was mail %d", times))
			l.Forged = true
			return []Reaction{{After: time.Hour, Folder: Junk, Letter: l}, {Folder: "Nowhere", Letter: l}}
		}))
		send(t, w, ken, note(ken, "<one@example.org>", "Thank you"))
		send(t, w, ken, note(ken, "<two@example.org>", "Thank you"))
		later(time.Hour)
		got := w.Messages(Junk)
		if len(got) != 2 || len(w.Messages(Inbox)) != 0 {
			t.Fatalf("%d in Junk, %d in INBOX", len(got), len(w.Messages(Inbox)))
		}
		contains(t, string(got[0].Raw), "that was mail 1", "dmarc=fail", "spf=fail")
		contains(t, string(got[1].Raw), "that was mail 2", "In-Reply-To: <two@example.org>\r\n")
	})
}

// An answer to an answer carries the whole chain of references.
func TestReferencesGrow(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		must(t, w.Script(ken, "answers after 1 hour"))
		raw := append([]byte("References: <a@example.org>\r\n <b@acme.example>\r\n"), note(ken, "<c@example.org>", "Re: Hi")...)
		send(t, w, ken, raw)
		later(time.Hour)
		m, _ := parse(t, only(t, w.Messages(Inbox)).Raw)
		if got := m.Header.Get("References"); got != "<a@example.org> <b@acme.example> <c@example.org>" {
			t.Errorf("references are %s", got)
		}
	})
}

// People write on their own, at the time that the script sets.
func TestUnsolicitedMail(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		priya, err := w.Person("Priya Nair <priya@acme.example>")
		must(t, err)
		start := time.Now()
		priya.Writes(start.Add(72*time.Hour), "A quick call?", "Hi Dana,\n\nare you free on Tuesday?\n")
		w.WritesAt(start.Add(-time.Hour), Letter{From: "no-reply@us.greenhouse.example", Subject: "Your application", Body: "Thank you for applying."})
		synctest.Wait()
		if got := only(t, w.Messages(Inbox)); got.Subject != "Your application" {
			t.Errorf("what is past arrives at once: %+v", got)
		}
		later(72 * time.Hour)
		got := w.Messages(Inbox)[1]
		m, body := parse(t, got.Raw)
		if got.Subject != "A quick call?" || m.Header.Get("In-Reply-To") != "" || m.Header.Get("To") != dana || body != "Hi Dana,\r\n\r\nare you free on Tuesday?\r\n" {
			t.Errorf("she wrote %q: %v", body, m.Header)
		}
	})
}

// An invitation is a letter with parts.
func TestLetterWithParts(t *testing.T) {
	t.Parallel()
	l := Letter{
		From: "Priya Nair <priya@acme.example>", To: "Dana <dana@example.org>", Subject: "Onsite", Type: "multipart/alternative",
		Parts: []Part{
			{Type: "text/plain; charset=utf-8", Body: "See you then"},
			{Type: "text/calendar; method=REQUEST", Body: "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"},
		},
	}
	raw := l.compose(stamp{at: time.Unix(0, 0).UTC(), id: "<x.1@acme.example>", to: dana, host: "mx.example"})
	m, body := parse(t, raw)
	parts := partsOf(t, m.Header.Get("Content-Type"), body)
	if len(parts) != 2 || parts[1].kind != "text/calendar" || parts[1].text != "BEGIN:VCALENDAR\r\nEND:VCALENDAR" {
		t.Errorf("the parts are %+v", parts)
	}
	l.Type = ""
	contains(t, string(l.compose(stamp{id: "<x@y>"})), "Content-Type: multipart/mixed; boundary=\"part-xy\"\r\n")
}

// The same script gives the same bytes, whatever the scheduler does; another
// seed gives other Message-IDs.
func TestSameScriptSameBytes(t *testing.T) {
	t.Parallel()
	course := func(seed uint64) string {
		var out string
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, Options{Seed: seed})
			now := time.Now()
			for i := range 12 {
				person := fmt.Sprintf("p%d@acme.example", i)
				must(t, w.Script(person, "answers after 1 day; bounces after 1 day"))
				w.WritesAt(now.Add(24*time.Hour), Letter{From: person, Subject: "Hello"})
				send(t, w, person, note(person, fmt.Sprintf("<%d@example.org>", i), "Thank you"))
			}
			later(48 * time.Hour)
			for _, m := range w.Messages(Inbox) {
				out += string(m.Raw)
			}
		})
		return out
	}
	first := course(1)
	if strings.Count(first, "Return-Path") != 36 {
		t.Fatalf("%d mails, want 36", strings.Count(first, "Return-Path"))
	}
	if course(1) != first {
		t.Error("the same seed gave other bytes")
	}
	if course(2) == first {
		t.Error("another seed gave the same bytes")
	}
}

// Things happen in the order of their times, and then of their entry.
func TestAgendaOrder(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var order ledger
		w := newWorld(t, Options{})
		now := time.Now()
		for _, minute := range []int{3, 1, 2, 1, 3, 0, -5} {
			name := fmt.Sprintf("%d#%d", minute, w.Waiting())
			w.At(now.Add(time.Duration(minute)*time.Minute), func() {
				order.add(name)
				if minute == 1 {
					w.At(time.Now(), func() { order.add("at once") })
				}
			})
		}
		later(time.Hour)
		if got, want := order.String(), "-5#"; !strings.Contains(got, want) {
			t.Errorf("%s lacks %s", got, want)
		}
		words := strings.Fields(order.String())
		minutes := slices.DeleteFunc(slices.Clone(words), func(s string) bool { return s == "at" || s == "once" || s[0] == '0' || s[0] == '-' })
		for i := range minutes {
			minutes[i], _, _ = strings.Cut(minutes[i], "#")
		}
		if fmt.Sprint(minutes) != "[1 1 2 3 3]" {
			t.Errorf("the order was %s", order.String())
		}
		contains(t, order.String(), "at once at once 2#")
	})
}

// Nothing that is scripted happens after Close, and Close may be called twice.
func TestCloseForgets(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var did ledger
		w := newWorld(t, Options{})
		w.At(time.Now().Add(time.Hour), func() { did.add("this") })
		must(t, w.Close())
		must(t, w.Close())
		w.At(time.Now(), func() { did.add("that") })
		later(2 * time.Hour)
		if did.String() != "" {
			t.Errorf("after Close it did %s", did.String())
		}
		if _, err := w.Network().Dial(t.Context(), SMTP); err == nil {
			t.Error("the servers still listen")
		}
	})
}

// A behaviour in words is read strictly, and an error says what is expected.
func TestParseBehaviour(t *testing.T) {
	t.Parallel()
	for _, good := range []string{
		"silent", "bounces", "bounces after 10 minutes", "delays", "delays after 1 week", "challenges", "has left the company",
		"answers after 2 days", "answers after 36h", "answers after 1 second saying no; thanks", "out of office until 2026-12-04",
		"out of office until 2026-12-04; answers after 3 weeks", " bounces ; delays ",
	} {
		if _, err := ParseBehaviour(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	check := func(bad, want string) {
		t.Helper()
		_, err := ParseBehaviour(bad)
		if err == nil {
			t.Errorf("%q was taken", bad)
			return
		}
		contains(t, err.Error(), fmt.Sprintf("reading behaviour %q: ", bad), want)
	}
	check("", `unknown clause ""`)
	check("answers", `expected one of "silent"`)
	check("answers in 2 days", "unknown clause")
	check("answers after", "unknown clause")
	check("answers after two days", `reading duration "two days": expected one like "2 days"`)
	check("answers after 2 fortnights", "reading duration")
	check("answers after 0 days", "reading duration")
	check("answers after -2h", "reading duration")
	check("answers after 99999999 weeks", "reading duration")
	check("answers after 2 days saying ", `nothing follows "saying"`)
	check("bounces 10 minutes", "unknown clause")
	check("bounces after twice", "reading duration")
	check("out of office until friday", `reading date "friday": expected one like 2026-12-04`)
	check("out of office until 4/12/2026", "reading date")
	check("silent; bounces", "silent stands alone")
	check("bounces;", `unknown clause ""`)
	check("Silent", "unknown clause")
}

// A person needs an address.
func TestPersonNeedsAnAddress(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, Options{})
		if err := w.Script("Ken Osei", "silent"); err == nil || !strings.Contains(err.Error(), `reading person "Ken Osei"`) {
			t.Errorf("got %v", err)
		}
		if err := w.Script(ken, "loud"); err == nil {
			t.Error("an unknown behaviour was taken")
		}
		p, err := w.Person("Ken.Osei@Acme.example")
		must(t, err)
		if p.From() != "ken.osei@acme.example" || p.firstName() != "ken.osei" {
			t.Errorf("the person is %s, %s", p.From(), p.firstName())
		}
	})
}

// FuzzParseBehaviour: every text is either refused with a reason or gives
// reactions in the future.
func FuzzParseBehaviour(f *testing.F) {
	f.Add("answers after 2 days saying hello; bounces")
	f.Add("out of office until 2026-12-04")
	f.Fuzz(func(t *testing.T, text string) {
		b, err := ParseBehaviour(text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "reading behaviour ") {
				t.Errorf("the error does not say where: %v", err)
			}
			return
		}
		r := Received{Person: Person{Address: ken}, Mail: Accepted{From: dana, Raw: note(ken, "<one@example.org>", "Hi")}}
		for _, reaction := range b(r) {
			if reaction.After <= 0 || reaction.After > maxDuration {
				t.Errorf("%q reacts after %v", text, reaction.After)
			}
		}
	})
}

// FuzzReplies: whatever mail a person gets, the answer and the reports are
// well-formed mail that no header of the original can break out of.
func FuzzReplies(f *testing.F) {
	f.Add(note(ken, "<one@example.org>", "Hi"))
	f.Add([]byte("Subject: =?utf-8?q?a=0D=0ABcc:_x?=\r\nMessage-ID: <a>\r\n\r\n\r\rb\n"))
	f.Add([]byte("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nhi\r\n--x--"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s := summarise(raw)
		r := Received{Person: Person{Name: "Ken", Address: ken}, Mail: Accepted{From: dana, Raw: raw, Delivered: raw, DeliveredID: s.MessageID}}
		for _, l := range []Letter{answer(r, ""), bounce(r), delayNotice(r), challenge(r), leftTheCompany(r), outOfOffice(r, time.Unix(0, 0))} {
			out := l.compose(stamp{at: time.Unix(0, 0).UTC(), id: "<x@acme.example>", to: dana, host: "mx.example"})
			m, err := mail.ReadMessage(bytes.NewReader(out))
			if err != nil {
				t.Fatalf("%v in %q", err, out)
			}
			if m.Header.Get("Bcc") != "" || len(m.Header["From"]) != 1 || len(m.Header["Subject"]) > 1 {
				t.Errorf("fields broke out: %v", m.Header)
			}
			head, _ := splitMessage(out)
			if strings.Count(string(head), "\n") != strings.Count(string(head), "\r\n") {
				t.Errorf("a bare line feed in the header %q", head)
			}
		}
	})
}

// FuzzSummarise: any bytes can be summed up, and replacing a field leaves the
// body alone.
func FuzzSummarise(f *testing.F) {
	f.Add([]byte("Message-ID: <a@b>\r\n folded\r\nSubject: x\r\n\r\nbody"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		summarise(raw)
		if text := plainText(raw); len(text) > maxQuoted {
			t.Errorf("%d bytes of text", len(text))
		}
		_, body := splitMessage(raw)
		out := replaceField(raw, "Message-ID", "<new@b>")
		if !bytes.HasSuffix(out, body) || summarise(out).MessageID != "<new@b>" {
			t.Errorf("%q became %q", raw, out)
		}
	})
}
