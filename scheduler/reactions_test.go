package scheduler

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"afterword/mailer"
)

// desk is an application in the middle: Ken's thank-you has left, Mara's has
// not, and a follow-up to the contact is planned.
func desk(t *testing.T, change func(*Facts)) *office {
	t.Helper()
	f := acme(onsite(person("Ken"), person("Mara")))
	f.Application.Domains = []string{"acme.example"}
	f.Application.Role = "Site Reliability Engineer"
	f.Application.Recruiter = &Person{Name: "Priya Nair", Email: "priya@acme.example"}
	if change != nil {
		f = with(f, change)
	}
	o := newOffice(t, f)
	contact := "priya@acme.example"
	if f.Application.Recruiter == nil {
		contact = "ken@acme.example"
	}
	began := paris("2026-11-23 14:00")
	for _, d := range []Delivery{
		{Step: "thank-you", Kind: Owed, To: Recipient{Name: "Ken Osei", Email: "ken@acme.example"}, State: Sent, SentAt: paris("2026-11-24 09:30"),
			Frozen: &mailer.Frozen{MessageID: "<ours-to-ken@example.org>"}, Text: Text{Subject: "Thank you for Monday"}},
		{Step: "thank-you", Kind: Owed, To: Recipient{Name: "Mara Osei", Email: "mara@acme.example"}, State: Approved},
		{Step: "follow-up-1", Kind: Asking, StepIndex: 1, To: Recipient{Email: contact}, State: Planned},
	} {
		d.Application, d.Interview, d.Company, d.Began = "acme", "onsite", "Acme", began
		d.Key = Key("acme", "onsite", d.Step, d.To.Email)
		o.store.set(d)
	}
	o.store.mails = []Mail{{MessageID: "<ours-to-ken@example.org>", Application: "acme", Interview: "onsite", Key: Key("acme", "onsite", "thank-you", "ken@acme.example"),
		Outgoing: true, Person: "ken@acme.example", Company: "Acme", Subject: "Thank you for Monday", At: paris("2026-11-24 09:30")}}
	return o
}

// effect tells what became of one delivery: its state, or what keeps it.
func (o *office) effect(key string, at time.Time) string {
	o.Helper()
	f, err := LoadFacts(o.store, o.world, "acme", at)
	if err != nil {
		o.Fatal(err)
	}
	d, _ := f.stored(key)
	if d.State == Cancelled {
		return "cancelled"
	}
	if v, stop := gateHolds(f, d, at); stop {
		if v.Until.IsZero() {
			return "held"
		}
		return "held until " + v.Until.In(zone("Europe/Paris")).Format("2 Jan")
	}
	if d.State == Bounced {
		return "bounced"
	}
	return "on"
}

// outcome tells what a mail did: to Ken's sent thank-you if anything, to Mara's
// open one, to the follow-up, and what the user was told and asked.
func (o *office) outcome(at time.Time) string {
	o.Helper()
	var follow, owed []string
	for _, d := range o.store.rows {
		if d.Kind == Asking {
			follow = append(follow, o.effect(d.Key, at))
		} else if d.State != Sent {
			owed = append(owed, strings.TrimSuffix(NormalAddress(d.To.Email), "@acme.example")+" "+o.effect(d.Key, at))
		}
	}
	slices.Sort(owed)
	text := strings.Join(owed, ", ") + "; asks " + strings.Join(follow, ", ")
	told, asked := false, len(o.store.questions) > 0
	for _, n := range o.store.notices {
		told = told || n.Kind == "reply"
	}
	if told {
		text += "; told"
	}
	if asked {
		text += "; asked"
	}
	return text
}

// mail makes a raw message; what is missing is filled in.
func (o *office) mail(header, body string) mailer.Fetched {
	for _, line := range []string{"From: Ken Osei <ken@acme.example>", "To: Dana Reyes <dana@example.org>", "Subject: Hello",
		"Date: Wed, 25 Nov 2026 10:00:00 +0100", "Message-ID: <theirs@else.example>"} {
		name, _, _ := strings.Cut(line, " ")
		if !slices.ContainsFunc(strings.Split(header, "\n"), func(l string) bool { return strings.HasPrefix(l, name) }) {
			header += "\n" + line
		}
	}
	crlf := strings.NewReplacer("\n", "\r\n")
	return mailer.Fetched{Folder: "INBOX", Role: mailer.RoleInbox, UIDValidity: 7, UID: 12,
		Header: []byte(crlf.Replace(strings.TrimPrefix(header, "\n")) + "\r\n"), Body: []byte(crlf.Replace(body) + "\r\n")}
}

// bounceOf is a delivery report.
func bounceOf(status, action, address, id string) (header, body string) {
	return "From: Mail Delivery System <mailer-daemon@mx.example.org>\nSubject: Undelivered Mail Returned to Sender\nContent-Type: multipart/report; report-type=delivery-status; boundary=b",
		fmt.Sprintf("--b\nContent-Type: text/plain\n\nYour message could not be delivered.\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"+
			"Final-Recipient: rfc822; %s\nAction: %s\nStatus: %s\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: %s\nSubject: x\n\n--b--", address, action, status, id)
}

// rowCase is one mail and what it does.
type rowCase struct {
	name   string
	mail   [2]string // header and body
	change func(*Facts)
	before func(*office)
	want   string // of Mara's thank-you, of the follow-up, of the user
	words  string // of the event
}

const (
	inReply = "\nIn-Reply-To: <ours-to-ken@example.org>"
	failed  = "\nAuthentication-Results: mx.example.org; spf=pass; dmarc=fail header.from=acme.example"
	priya   = "From: Priya Nair <priya@acme.example>"
	jo      = "From: Jo Wu <jo@acme.example>"
)

func report(status, action, address, id string) [2]string {
	h, b := bounceOf(status, action, address, id)
	return [2]string{h, b}
}

// ownLimit is what a provider reports of mail that it took and did not send.
func ownLimit(id string) [2]string {
	h, b := bounceOf("5.4.5", "failed", "ken@acme.example", id)
	return [2]string{h, strings.Replace(b, "could not be delivered", "was not sent: you have reached a limit for sending mail today", 1)}
}

func noRecruiter(f *Facts) { f.Application.Recruiter = nil }

// rowsOfMachines are the rows of what mail systems write.
func rowsOfMachines() []rowCase {
	return []rowCase{
		{"permanent bounce of ours", report("5.1.1", "failed", "ken@acme.example", "<ours-to-ken@example.org>"), noRecruiter, nil,
			"ken bounced, mara on; asks cancelled; told", "a permanent bounce of our mail"},
		{"permanent bounce of an address", report("5.1.1", "failed", "mara@acme.example", "<other@example.org>"), nil, nil,
			"mara held; asks on; asked", "a bounce that names only an address"},
		{"permanent bounce of the contact's address", report("5.1.1", "failed", "priya@acme.example", "<other@example.org>"), nil, nil,
			"mara on; asks held; asked", "a bounce that names only an address"},
		{"a limit of the own account", ownLimit("<ours-to-ken@example.org>"), noRecruiter, nil,
			"ken bounced, mara on; asks on; told", "your account had sent all that its provider allows"},
		{"a limit of the own account, and no mail of ours is named", ownLimit("<other@example.org>"), noRecruiter, nil,
			"mara on; asks on; told", "your account had sent all that its provider allows"},
		{"a delay", report("4.4.1", "delayed", "ken@acme.example", "<ours-to-ken@example.org>"), noRecruiter, nil,
			"mara on; asks on", "a delay notice"},
		{"a transient bounce", report("4.2.2", "failed", "ken@acme.example", "<ours-to-ken@example.org>"), noRecruiter, nil,
			"mara on; asks on", "a bounce that is not final"},
		{"a challenge of the contact", [2]string{priya + "\nAuto-Submitted: auto-replied\nSubject: Please confirm your message",
			"Your message is being held because your address is not in my allow list. To prove that you are a person and not a spammer, click the link below to confirm your message:\nhttps://challenge.example/confirm?x=1"}, nil, nil,
			"mara on; asks held; told", "a challenge-response"},
		{"out of office with a date", [2]string{"From: Mara Osei <mara@acme.example>\nAuto-Submitted: auto-replied\nSubject: Out of office", "I am out of the office and back on 1 December 2026."}, nil, nil,
			"mara held until 2 Dec; asks on", "out of office, back on"},
		{"out of office without a date", [2]string{priya + "\nAuto-Submitted: auto-replied\nSubject: Out of office", "I am out of the office."}, nil, nil,
			"mara on; asks held until 30 Nov", "out of office, no date"},
		{"has left the company", [2]string{"From: Ken Osei <ken@acme.example>\nAuto-Submitted: auto-replied\nSubject: Automatic reply", "I have left the company. My last day was 20 November."}, noRecruiter, nil,
			"mara on; asks cancelled; told", "they have left the company"},
	}
}

// rowsOfPeople are the rows of the people of the application.
func rowsOfPeople() []rowCase {
	return []rowCase{
		{"the recruiter, something of ours has left", [2]string{priya, "We will be in touch."}, nil, nil, "mara held; asks held; told", "the recruiter writes"},
		{"the recruiter, nothing has left", [2]string{priya, "We will be in touch."}, nil, func(o *office) { o.store.mails = nil }, "mara on; asks held; told", "the recruiter writes"},
		{"the recruiter, only follow-ups are to pause", [2]string{priya, "We will be in touch."}, func(f *Facts) { f.Policy.Replies.Recruiter = PauseFollowUps }, nil, "mara on; asks held; told", "the recruiter writes"},
		{"the recruiter rejects, nothing has left", [2]string{priya, "Unfortunately we have decided not to move forward with your application."}, nil, func(o *office) { o.store.mails = nil },
			"mara held; asks held; told; asked", "it seems to be a rejection"},
		{"an interviewer answers", [2]string{inReply, "Thank you, Dana!"}, nil, nil, "mara on; asks cancelled; told", "a person of the application answers"},
		{"an interviewer who was not thanked writes first", [2]string{"From: Mara Osei <mara@acme.example>", "It was good to meet you."}, nil, nil, "mara on; asks cancelled; told", "a person of the application answers"},
		{"an interviewer answers, planned anew", [2]string{inReply, "Thank you, Dana!"}, func(f *Facts) { f.Policy.Replies.Interviewer = ReplyRestarts }, nil, "mara on; asks on; told", "a person of the application answers"},
		{"do not write", [2]string{"From: Mara Osei <mara@acme.example>", "Please do not contact me any more."}, nil, nil, "mara cancelled; asks cancelled; told", "they ask not to be written to"},
	}
}

// rowsOfOthers are the rows of the company, its robots, and what is unclear.
func rowsOfOthers() []rowCase {
	return []rowCase{
		{"a colleague", [2]string{jo, "May I ask you something?"}, nil, nil, "mara on; asks held; told", "a colleague at the company"},
		{"a colleague in the thread", [2]string{jo + inReply, "Ken is ill today."}, nil, nil, "mara on; asks held; told", "a colleague at the company"},
		{"a robot of theirs", [2]string{"From: Acme <no-reply@acme.example>\nSubject: Your application to Acme", "There is an update about your application."}, nil, nil, "mara on; asks held; told", "a robot of the company"},
		{"a tracking system", [2]string{"From: Acme Recruiting <no-reply@greenhouse-mail.io>\nSubject: Your application to Acme", "There is an update about your application."}, nil, nil, "mara on; asks held; told", "a robot of the company"},
		{"a tracking system rejects", [2]string{"From: Acme Recruiting <no-reply@greenhouse-mail.io>\nSubject: Your application to Acme", "Unfortunately we have decided not to move forward with your application."}, nil, nil,
			"mara held; asks held; told; asked", "it seems to be a rejection"},
		{"an interviewer offers", [2]string{inReply, "We are delighted to offer you the position of Site Reliability Engineer."}, nil, nil, "mara held; asks cancelled; told; asked", "it seems to be an offer"},
		{"only the subject fits", [2]string{"From: K <k@phone.example>\nSubject: Re: Thank you for Monday", "Thanks!"}, nil, nil, "mara on; asks held; asked", "it fits by its words only"},
		{"an automatic answer of which only the subject fits", [2]string{"From: K <k@phone.example>\nAuto-Submitted: auto-replied\nSubject: Automatic reply: Thank you for Monday", "I am out of the office."}, nil, nil,
			"mara on; asks held; asked", "it fits by its words only"},
		{"a newsletter", [2]string{"From: Acme News <news@acme.example>\nPrecedence: bulk\nList-Unsubscribe: <https://acme.example/u>\nSubject: Winter sale", "All that is new."}, nil, nil, "mara on; asks on", ""},
		{"a read receipt", [2]string{"From: ken@acme.example\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\nSubject: Read: Thank you for Monday",
			"--b\nContent-Type: text/plain\n\nRead.\n\n--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; ken@acme.example\nOriginal-Message-ID: <ours-to-ken@example.org>\nDisposition: manual-action/MDN-sent-manually; displayed\n\n--b--"},
			nil, nil, "mara on; asks on", "nothing to do"},
		{"unrelated", [2]string{"From: fred@friends.example", "Skiing?"}, nil, nil, "mara on; asks on", ""},
	}
}

// rowsOfForgers are those of mail that fails DMARC, and of mail that came too early.
func rowsOfForgers() []rowCase {
	return []rowCase{
		{"an interviewer, unauthenticated", [2]string{inReply + failed, "Thank you, Dana!"}, nil, nil, "mara on; asks held; told; asked", "failed the sender check"},
		{"an interviewer, unauthenticated, planned anew", [2]string{inReply + failed, "Thank you!"}, func(f *Facts) { f.Policy.Replies.Interviewer = ReplyRestarts }, nil, "mara on; asks held; told; asked", "failed the sender check"},
		{"do not write, unauthenticated", [2]string{"From: Mara Osei <mara@acme.example>" + failed, "Please do not contact me any more."}, nil, nil, "mara held; asks held; told; asked", "failed the sender check"},
		{"the recruiter, unauthenticated", [2]string{priya + failed, "We will be in touch."}, nil, nil, "mara held; asks held; told", "failed the sender check"},
		{"has left, unauthenticated", [2]string{"From: Mara Osei <mara@acme.example>\nAuto-Submitted: auto-replied\nSubject: Automatic reply" + failed, "I have left the company."}, nil, nil, "mara held; asks held; told; asked", "failed the sender check"},
		{"before the interview", [2]string{priya, "See you."}, func(f *Facts) { f.Application.Interviews[0].At = paris("2026-11-26 14:00") }, func(o *office) { o.store.mails = nil }, "mara on; asks on", "mail before the interview"},
		{"turned down before the interview", [2]string{priya, "Unfortunately we have decided to move forward with other candidates."}, func(f *Facts) { f.Application.Interviews[0].At = paris("2026-11-26 14:00") }, func(o *office) { o.store.mails = nil }, "mara on; asks on; told; asked", "it seems to be a rejection"},
	}
}

// TestEachRow reads one mail for each row of the table of reactions, through
// receive. What it wants is the row of DESIGN section 6; the words are those
// that `why` prints.
func TestEachRow(t *testing.T) {
	t.Parallel()
	for _, c := range slices.Concat(rowsOfMachines(), rowsOfPeople(), rowsOfOthers(), rowsOfForgers()) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := desk(t, c.change)
			if c.before != nil {
				c.before(o)
			}
			o.take("2026-11-25 11:00", o.mail(c.mail[0], c.mail[1]))
			if got := o.outcome(paris("2026-11-25 11:01")); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			var words []string
			for _, e := range o.store.events {
				if strings.HasPrefix(e.What, "received") {
					words = append(words, e.What+": "+e.Why+" ["+e.Evidence+"]")
				}
			}
			if got := strings.Join(words, "\n"); !strings.Contains(got, c.words) || (c.words == "") != (got == "") {
				t.Errorf("why says %q, want %q", got, c.words)
			}
		})
	}
}

// TestWhatFollowsAReaction: what was cancelled or answered is planned again as
// the table says, in review: to the next person, or as a reply.
func TestWhatFollowsAReaction(t *testing.T) {
	t.Parallel()
	bounceHeader, bounceBody := bounceOf("5.1.1", "failed", "ken@acme.example", "<ours-to-ken@example.org>")
	for _, c := range []struct {
		name, header, body string
		change             func(*Facts)
		step, to           string
		state              State
		why                string
	}{
		{"a dead address", bounceHeader, bounceBody, noRecruiter, "follow-up-1", "mara@acme.example", Planned, "mail to ken@acme.example came back, so it goes to Mara"},
		{"has left", "Auto-Submitted: auto-replied\nSubject: Automatic reply", "I have left the company.", noRecruiter, "follow-up-1", "mara@acme.example", Planned, "the owner of ken@acme.example has left the company, so it goes to Mara"},
		{"who wrote first", "From: Mara Osei <mara@acme.example>", "It was good to meet you.", nil, "thank-you", "mara@acme.example", Review, "wrote first"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := desk(t, c.change)
			for n := range o.world.Applications["acme"].Interviews[0].Interviewers {
				o.world.Applications["acme"].Interviews[0].Interviewers[n].Said = "the team grows"
			}
			o.take("2026-11-25 11:00", o.mail(c.header, c.body))
			o.attend("acme", "2026-11-25 11:01")
			d, err := o.store.Delivery(Key("acme", "onsite", c.step, c.to))
			if err != nil {
				t.Fatalf("no %s to %s: %v", c.step, c.to, err)
			}
			if d.State != c.state || !strings.Contains(d.Why+d.Personal, c.why) {
				t.Errorf("%s to %s is %s: %q, %q; want %s", c.step, c.to, d.State, d.Why, d.Personal, c.state)
			}
		})
	}
}

// both is a second application at the same company with the same interviewer.
func both(o *office) {
	b := o.world.Applications["acme"]
	b.Stem, b.Role = "acme-data", "Data Platform Lead"
	o.world.Applications["acme-data"] = b
	d := o.store.get(Key("acme", "onsite", "follow-up-1", "priya@acme.example"))
	d.Application, d.Key = "acme-data", Key("acme-data", "onsite", "follow-up-1", "priya@acme.example")
	o.store.set(d)
}

// TestMailThatFitsTwoApplications: where nothing tells them apart both are held
// and the user is asked; where the mail names one, only that one is answered,
// and what names mails of ours in both answers both. Silence is counted in each
// that it may be about.
func TestMailThatFitsTwoApplications(t *testing.T) {
	t.Parallel()
	const kens = "From: Ken Osei <ken@acme.example>"
	for _, c := range []struct{ name, header, body, first, second string }{
		{"nothing tells", kens, "Thank you!", "asks held", "asks held"},
		{"one is named", kens, "It is about the Data Platform Lead role.", "asks on", "asks cancelled"},
		{"it answers one", kens + "\nIn-Reply-To: <ours-to-ken@example.org>", "Thank you!", "asks cancelled", "asks on"},
		{"it answers both", kens + "\nIn-Reply-To: <ours-to-ken@example.org> <ours-too@example.org>", "Thank you!", "asks cancelled", "asks cancelled"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := desk(t, nil)
			both(o)
			o.store.mails = append(o.store.mails, Mail{MessageID: "<ours-too@example.org>", Application: "acme-data", Outgoing: true, Person: "ken@acme.example",
				Company: "Acme", Subject: "Thank you", At: paris("2026-11-24 09:30")})
			at := paris("2026-11-25 11:00")
			o.take("2026-11-25 11:00", o.mail(c.header, c.body))
			for stem, want := range map[string]string{"acme": c.first, "acme-data": c.second} {
				f, err := LoadFacts(o.store, o.world, stem, at)
				if err != nil {
					t.Fatal(err)
				}
				d, _ := f.stored(Key(stem, "onsite", "follow-up-1", "priya@acme.example"))
				got := "asks on"
				if _, held := gateHolds(f, d, at); held {
					got = "asks held"
				}
				if d.State == Cancelled {
					got = "asks cancelled"
				}
				if got != want {
					t.Errorf("%s: %s, want %s", stem, got, want)
				}
				if last, _ := f.lastWord(); last.Equal(at) != (want != "asks on") {
					t.Errorf("%s: the last word is of %s", stem, last)
				}
			}
			if asked := len(o.store.questions); (c.first == c.second && c.first == "asks held") != (asked == 2) {
				t.Errorf("asked %s", o.asked())
			}
		})
	}
}

// TestNamesakeWhoNamesAnotherFile: Ken was taken out of the file of Acme, and a Ken Osei
// stands in the file of Globex. Who writes under his name from an address that no file
// lists is not taken for Globex's where the mail names Acme: both wait.
func TestNamesakeWhoNamesAnotherFile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, header, body, acme, globex string }{
		{"the company", "Subject: Our talk at Acme", "Sorry for the wait.", "asks held", "asks held"},
		{"the role", "Subject: Hello", "We still talk about the Site Reliability Engineer.", "asks held", "asks held"},
		{"neither", "Subject: Hello", "Sorry for the wait.", "asks on", "asks held"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := desk(t, func(f *Facts) { f.Application.Interviews[0].Interviewers = []Person{person("Mara")} })
			both(o)
			b := o.world.Applications["acme-data"]
			b.Company, b.Domains, b.Recruiter = "Globex", []string{"globex.example"}, &Person{Name: "Priya Nair", Email: "priya@acme.example"}
			b.Interviews = []Interview{onsite(Person{Name: "Ken Osei", Email: "ken@globex.example"})}
			o.world.Applications["acme-data"] = b
			at := paris("2026-11-25 11:00")
			o.take("2026-11-25 11:00", o.mail("From: Ken Osei <ken.osei@home.example>\n"+c.header, c.body))
			for stem, want := range map[string]string{"acme": c.acme, "acme-data": c.globex} {
				f, err := LoadFacts(o.store, o.world, stem, at)
				if err != nil {
					t.Fatal(err)
				}
				d, _ := f.stored(Key(stem, "onsite", "follow-up-1", "priya@acme.example"))
				got := "asks on"
				if _, held := gateHolds(f, d, at); held {
					got = "asks held"
				}
				if got != want {
					t.Errorf("%s: %s, want %s", stem, got, want)
				}
			}
			if len(o.store.questions) == 0 {
				t.Error("the user was not asked")
			}
		})
	}
}

// TestDoubtfulMailIsNotTheirWord: mail that may be forged, or of which only the
// subject fits, ends no silence and frees no limit: else it could cause a send.
func TestDoubtfulMailIsNotTheirWord(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]string{
		"forged": "From: Ken Osei <ken@acme.example>\nAuthentication-Results: mx.example.org; dmarc=fail",
		"unsure": "From: K <k@phone.example>\nSubject: Re: Thank you for Monday",
	} {
		o := desk(t, nil)
		o.take("2026-11-25 11:00", o.mail(header, "Thank you!"))
		f, err := LoadFacts(o.store, o.world, "acme", paris("2026-11-25 11:01"))
		if err != nil {
			t.Fatal(err)
		}
		if at, why := f.lastWord(); !at.Equal(paris("2026-11-24 09:30")) {
			t.Errorf("%s: silence begins with %s", name, why)
		}
		if _, answered := f.answeredBy(&f.Application.Interviews[0]); answered {
			t.Errorf("%s: it counts as an answer", name)
		}
	}
}

// TestBounceOfOneOfSeveral: mail by hand went to two, to one under an alias; the
// bounce ends what goes to the address that failed and to no other.
func TestBounceOfOneOfSeveral(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken"), person("Mara")))
	for _, to := range []string{"mara@acme.example", "ken@home.example"} {
		f.Mails = append(f.Mails, Mail{MessageID: "<hand@example.org>", Application: "acme", Outgoing: true, ByHand: true, Person: to, At: paris("2026-11-24 09:30")})
	}
	for failed, want := range map[string]string{"Mara@acme.example": "mara@acme.example", "ken@home.example": "ken@home.example"} {
		in := Incoming{Match: mailer.Match{Application: "acme", Strength: 1, OurID: "<hand@example.org>", Person: "ken@acme.example"},
			Reading: mailer.Reading{Kind: mailer.Bounce, Class: mailer.Permanent, Failed: []string{failed}}}
		if r := React(&f, in, paris("2026-11-25 11:00")); r.Dead != want {
			t.Errorf("dead is %q, want %q", r.Dead, want)
		}
	}
	unclear := Incoming{Match: mailer.Match{Application: "acme", Strength: 1, OurID: "<hand@example.org>", Person: "mara@acme.example"},
		Reading: mailer.Reading{Kind: mailer.Bounce, Class: mailer.Unknown}}
	if r := React(&f, unclear, paris("2026-11-25 11:00")); len(r.Holds) != 1 || r.Question == "" || r.Dead != "" {
		t.Errorf("a bounce that does not say whether it is final: %+v", r)
	}
}
