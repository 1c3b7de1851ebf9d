package proofread

import (
	"testing"
	"time"

	"afterword/scheduler"
)

func TestOneRecipient(t *testing.T) {
	t.Parallel()
	to := func(address string) change { return func(in *scheduler.ProofInput) { in.To.Email = address } }
	check(t, "one-recipient", thanks, scheduler.Error, map[string]change{
		"nobody":            to(""),
		"two by a comma":    to("ken@acme.example, mara@acme.example"),
		"two by semicolon":  to("ken@acme.example;mara@acme.example"),
		"a group":           to("panel: ken@acme.example, mara@acme.example;"),
		"a second line":     to("ken@acme.example\r\nBcc: mara@acme.example"),
		"no address":        to("Ken Osei"),
		"one in the name":   func(in *scheduler.ProofInput) { in.To.Name = "Ken <ken@acme.example>, Mara" },
		"Cc in the text":    body("Cc: mara@acme.example\n\n" + goodBody),
		"Bcc in the text":   says("Thank you for your time.\nBcc: boss@acme.example"),
		"line in a subject": subject("Thank you\nCc: mara@acme.example"),
	}, map[string]change{
		"as it is":        func(*scheduler.ProofInput) {},
		"with a plus tag": to("ken+jobs@acme.example"),
		"family first":    func(in *scheduler.ProofInput) { in.To.Name = "Osei, Ken" },
		"about copies":    says("You asked how the cache copies (cc: the old one) its entries; I looked it up."),
		"other alphabet":  to("ken@münchen.example"),
	})
}

func TestGuessedAddress(t *testing.T) {
	t.Parallel()
	check(t, "guessed-address", thanks, scheduler.Error, map[string]change{
		"the person": func(in *scheduler.ProofInput) { in.Person.Guessed = true },
		"in the interview": func(in *scheduler.ProofInput) {
			in.Interview.Interviewers[0].Guessed = true
			in.Person = scheduler.Person{}
		},
		"the recruiter": func(in *scheduler.ProofInput) {
			in.Application.Recruiter = &scheduler.Person{Name: "P", Email: "KEN@acme.example", Guessed: true}
		},
		"with a tag": func(in *scheduler.ProofInput) {
			in.Person.Guessed = true
			in.To.Email = "ken+x@acme.example"
			in.Person.Email = "ken+x@acme.example"
		},
		"in other capitals":  func(in *scheduler.ProofInput) { in.Person.Guessed = true; in.To.Email = "Ken@ACME.example" },
		"a guess without it": func(in *scheduler.ProofInput) { in.Person.Guessed = true; in.Person.Email = "" },
	}, map[string]change{
		"as it is": func(*scheduler.ProofInput) {},
		"another's guess": func(in *scheduler.ProofInput) {
			in.Application.Recruiter = &scheduler.Person{Name: "P", Email: "p@acme.example", Guessed: true}
		},
		"another was guessed": func(in *scheduler.ProofInput) {
			in.Interview.Interviewers = append(in.Interview.Interviewers, scheduler.Person{Name: "Mara Lindt", Email: "mara@acme.example", Guessed: true})
		},
	})
}

func TestRobotAddress(t *testing.T) {
	t.Parallel()
	to := func(address string) change { return func(in *scheduler.ProofInput) { in.To.Email = address } }
	check(t, "robot-address", thanks, scheduler.Error, map[string]change{
		"no-reply":       to("no-reply@acme.example"),
		"do not reply":   to("donotreply@acme.example"),
		"a tracking one": to("notifications@us.greenhouse-mail.io"),
		"a tenant":       to("acme@myworkday.com"),
		"a relay":        to("ken-osei@linkedin.com"),
		"a scheduler":    to("ken@calendly.com"),
		"a calendar":     to("c_188f3a@resource.calendar.google.com"),
		"a relay token":  to("reply+8f3a99b1c2d4@acme.example"),
		"mailer daemon":  to("mailer-daemon@acme.example"),
	}, map[string]change{
		"as it is":       func(*scheduler.ProofInput) {},
		"a free address": to("ken.osei@gmail.com"),
		"a long name":    to("bartholomew.featherstonehaugh@acme.example"),
		"works for a maker": func(in *scheduler.ProofInput) {
			in.To.Email, in.Application.Company = "ken@greenhouse.io", "Greenhouse Software"
		},
	})
}

func TestBrokenThread(t *testing.T) {
	t.Parallel()
	exchange := func(in *scheduler.ProofInput) {
		in.Thread = &scheduler.Mail{MessageID: "<b@acme.example>", Subject: "Thank you for your time", At: in.Leaves.AddDate(0, 0, -1)}
		in.Text.Subject = "Re: Thank you for your time"
		in.Text.Thread = scheduler.Thread{InReplyTo: "<b@acme.example>", References: []string{"<a@acme.example>", "<b@acme.example>"}, Subject: "Thank you for your time"}
	}
	also := func(more change) change { return func(in *scheduler.ProofInput) { exchange(in); more(in) } }
	check(t, "broken-thread", question, scheduler.Error, map[string]change{
		"not continued":    also(func(in *scheduler.ProofInput) { in.Text.Thread = scheduler.Thread{} }),
		"an older message": also(func(in *scheduler.ProofInput) { in.Text.Thread.InReplyTo = "<a@acme.example>" }),
		"references end": also(func(in *scheduler.ProofInput) {
			in.Text.Thread.References = []string{"<b@acme.example>", "<a@acme.example>"}
		}),
		"without its mark":   also(subject("Thank you for your time")),
		"another subject":    also(subject("Re: The Site Reliability Engineer role")),
		"Re: to nothing":     subject("Re: our interview"),
		"RE[2]: to nothing":  subject("RE[2]: our interview"),
		"Fwd: of nothing":    subject("Fwd: our interview"),
		"AW: to nothing":     subject("AW: unser Gespräch"),
		"answers a ghost":    func(in *scheduler.ProofInput) { in.Text.Thread.InReplyTo = "<gone@acme.example>" },
		"references a ghost": func(in *scheduler.ProofInput) { in.Text.Thread.References = []string{"<gone@acme.example>"} },
	}, map[string]change{
		"a first mail":           func(*scheduler.ProofInput) {},
		"continued":              exchange,
		"their own mark":         also(func(in *scheduler.ProofInput) { in.Thread.Subject = "AW: Thank you for your time" }),
		"without references":     also(func(in *scheduler.ProofInput) { in.Text.Thread.References = nil }),
		"a word that begins so":  subject("Regarding the Site Reliability Engineer role"),
		"a colon elsewhere":      subject("Reliability: after our interview on 23 November"),
		"capitals of a subject":  also(func(in *scheduler.ProofInput) { in.Thread.Subject = "THANK YOU for  your time" }),
		"thread without subject": also(func(in *scheduler.ProofInput) { in.Thread.Subject, in.Text.Subject = "", "Re: " }),
	})
}

func TestSurveillance(t *testing.T) {
	t.Parallel()
	check(t, "surveillance", thanks, scheduler.Error, map[string]change{
		"an image":           says(`Thank you. <img src="https://mail.example.org/o.gif" width=1>`),
		"markdown image":     says("Thank you. ![logo](https://example.org/logo.png)"),
		"a short link":       says("My talk is at https://bit.ly/3xYzAb and takes ten minutes."),
		"short, no scheme":   says("My talk is at bit.ly/3xYzAb and takes ten minutes."),
		"campaign":           says("My talk: https://example.org/talk?id=3&utm_source=mail&utm_medium=thanks"),
		"click id":           says("My talk: https://example.org/talk?fbclid=IwAR0abc"),
		"counting host":      says("My talk: https://click.mail.example.org/?u=abc"),
		"tracking host":      says("My talk: http://links.list-manage.com/track/click?u=1"),
		"pixel":              says("https://example.org/track/open.gif?id=99"),
		"html":               body("<html><body><p>Hi Ken,</p><p>Thank you.</p></body></html>"),
		"break tags":         says("Thank you for your time.<br>I enjoyed it."),
		"a styled part":      says(`Thank you <span style="color:white">x</span>`),
		"receipt field":      body("Disposition-Notification-To: dana@example.org\n\n" + goodBody),
		"precedence":         body("Precedence: bulk\n\n" + goodBody),
		"unsubscribe":        says("Thank you.\n\nList-Unsubscribe: <mailto:dana@example.org>"),
		"in the signature":   body(goodBody + "\nSent with Mailtrack\n"),
		"receipt asked":      says("Thank you for your time. A read receipt is requested."),
		"click to leave":     says("Thank you for your time. To unsubscribe, click below."),
		"link in signature":  body(goodBody + "https://lnkd.in/abc123\n"),
		"linked html":        says(`My talk is <a href="https://example.org/talk">here</a>.`),
		"one of our own":     subject("Thank you https://t.co/abc"),
		"remote style sheet": says(`<link rel="stylesheet" href="https://example.org/x.css">`),
	}, map[string]change{
		"as it is":         func(*scheduler.ProofInput) {},
		"a plain link":     says("My talk is at https://example.org/talks/quiet-nights and takes ten minutes."),
		"with a parameter": says("The issue is https://github.com/acme/pager/issues?q=is%3Aopen+track and it is open."),
		"a profile":        body(goodBody + "https://www.linkedin.com/in/dana-reyes\n"),
		"about trackers":   says("You mentioned that users unsubscribe when tracking pixels slow the page, and that read receipts were the hardest feature."),
		"generic types":    says("You asked about vector<int> and List<String>, and why a < b > c reads badly."),
		"precedence talk":  says("You asked about operator precedence: it is a matter of taste."),
		"a div in prose":   says("You mentioned that a <div> is all the team needs."),
		"a domain":         says("I read acme.example and your blog at blog.acme.example/2026/pager with pleasure."),
	})
}

func TestPlaceholder(t *testing.T) {
	t.Parallel()
	check(t, "placeholder", thanks, scheduler.Error, map[string]change{
		"no value":          says("Thank you for the talk about the <no value> role."),
		"braces":            says("Thank you, {{.Person.Name}}, for your time."),
		"half a brace":      says("Thank you for the talk about }} the role."),
		"bracketed name":    body("Hi [NAME],\n\nThank you for your time.\n"),
		"bracketed words":   says("I enjoyed hearing about [specific topic] from you."),
		"your company":      says("I would love to join [Company Name] soon."),
		"angle brackets":    says("I would love to join <company> soon."),
		"single brace":      says("Thank you for the talk, {first_name}, about the role."),
		"percent":           says("Thank you for the talk about %ROLE% last time."),
		"format verb":       says("Thank you for the talk about the %!s(MISSING) role."),
		"dollar":            says("Thank you for the talk at ${company} about the role."),
		"mail merge":        says("Thank you, *|FNAME|*, for the talk."),
		"TODO":              says("Thank you for your time. TODO add what he said."),
		"XXX":               says("Thank you for the talk about XXX at the office."),
		"nobody":            body("Hi ,\n\nThank you for your time.\n"),
		"nobody either":     body("Dear ,\n\nThank you for your time.\n"),
		"undefined":         body("Hi undefined,\n\nThank you for your time.\n"),
		"doubled space":     says("Thank you for the talk about the  role at Acme."),
		"space and stop":    says("Thank you for the talk about the role at ."),
		"space and comma":   says("Thank you for the talk with , about the role."),
		"two commas":        says("I liked the talk, , and the team."),
		"empty brackets":    says("I liked the talk about reliability () at Acme."),
		"empty quotes":      says(`I liked what you called "" in the talk.`),
		"underscores":       says("Thank you for the talk about ____ at Acme."),
		"insert":            says("Thank you. Insert anecdote here."),
		"lorem":             says("Lorem ipsum dolor sit amet."),
		"name in signature": body("Hi Ken,\n\nThank you for your time.\n\nBest regards,\nYour Name\n"),
		"in the subject":    subject("Thank you for the talk about the {{.Role}} role"),
		"no subject":        subject("  "),
		"broken off":        subject("Our conversation at "),
		"in what was said":  func(in *scheduler.ProofInput) { in.Text.Body = "Hi Ken,\n\nYou mentioned that TODO. Thank you.\n" },
	}, map[string]change{
		"as it is":           func(*scheduler.ProofInput) {},
		"a todo list":        says("You asked about my todo list app, which has its own database."),
		"two after a stop":   says("Thank you for your time.  I enjoyed our talk."),
		"a footnote":         says("The paper [1] and its reply [sic] are both worth reading."),
		"a short aside":      says("The team (all of you) was kind."),
		"a function":         says("You asked why main() must return, and what x[i] means."),
		"dot net":            says("You mentioned that .NET and C# are used at Acme, as well as node.js."),
		"an ellipsis":        says("I thought about it ... and I agree."),
		"wide signature":     body("Hi Ken,\n\nThank you for your time.\n\nBest regards,\nDana Reyes    +33 6 00 00 00 00\n"),
		"a range":            says("The load grew by 30 % and cost < 20 ms > 10 ms per call."),
		"a dash":             says("The team - all of it - was kind."),
		"hello there":        body("Hi there,\n\nThank you for your time.\n"),
		"name on a new line": body("Hi Ken\n\nThank you for your time.\n"),
		"a list":             says("Three things stayed with me:\n- the pager\n- the runbooks\n- the tea"),
		"super bowl numbers": says("Chapter XIX of the book and version 2.0 of the tool are better."),
		"subject with of":    subject("The role that we spoke of"),
	})
}

func TestClosed(t *testing.T) {
	t.Parallel()
	status := func(s scheduler.Status) change { return func(in *scheduler.ProofInput) { in.Application.Status = s } }
	thanksToo := func(in *scheduler.ProofInput) {
		in.Kind, in.Application.Status = scheduler.Owed, scheduler.StatusRejected
	}
	check(t, "closed", question, scheduler.Error, map[string]change{
		"rejected": status(scheduler.StatusRejected), "withdrawn": status(scheduler.StatusWithdrawn),
		"accepted": status(scheduler.StatusAccepted), "closed": status(scheduler.StatusClosed),
		"check-in": func(in *scheduler.ProofInput) {
			in.Template, in.Application.Status = "check-in", scheduler.StatusRejected
		},
	}, map[string]change{
		"active": status(scheduler.StatusActive), "considered": status(scheduler.StatusConsidered), "unsaid": status(""),
		"an offer": status(scheduler.StatusOffer), "owed mail": thanksToo,
	})
}

func TestTooOften(t *testing.T) {
	t.Parallel()
	mine := func(asking bool) *scheduler.Mail {
		return &scheduler.Mail{MessageID: "<a@x.example>", Outgoing: true, Asking: asking, At: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)}
	}
	check(t, "too-often", question, scheduler.Error, map[string]change{
		"the limits":      func(in *scheduler.ProofInput) { in.TooSoon = "2 mails that ask are unanswered already" },
		"the gap":         func(in *scheduler.ProofInput) { in.TooSoon = "less than a week since the last mail that asked" },
		"the hard limit":  func(in *scheduler.ProofInput) { in.Asked, in.Thread = 3, mine(true) },
		"beyond it":       func(in *scheduler.ProofInput) { in.Asked, in.Thread = 7, mine(true) },
		"a second person": func(in *scheduler.ProofInput) { in.Asked = 1 },
		"only thanked":    func(in *scheduler.ProofInput) { in.Asked, in.Thread = 1, mine(false) },
		"wrote before": func(in *scheduler.ProofInput) {
			in.Asked, in.Thread = 1, &scheduler.Mail{Class: "human", Person: "ken@acme.example"}
		},
	}, map[string]change{
		"the first":        func(*scheduler.ProofInput) {},
		"the second":       func(in *scheduler.ProofInput) { in.Asked, in.Thread = 1, mine(true) },
		"after a thanks":   func(in *scheduler.ProofInput) { in.Thread = mine(false) },
		"owed mail":        func(in *scheduler.ProofInput) { in.Kind, in.TooSoon = scheduler.Owed, "x y" },
		"asked by hand":    func(in *scheduler.ProofInput) { in.Asked, in.Thread = 1, &scheduler.Mail{Outgoing: true, ByHand: true} },
		"after their mail": func(in *scheduler.ProofInput) { in.Thread = &scheduler.Mail{Class: "human"} },
	})
}
