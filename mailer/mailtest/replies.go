package mailtest

import (
	"fmt"
	"strings"
	"time"
)

// Answer returns the letter with which a person answers a mail: in its thread,
// with the text, and the mail quoted below (RFC 5322 section 3.6.4).
func Answer(r Received, text string) Letter { return answer(r, text) }

// answer writes Answer's letter, with a text of its own where none is given.
func answer(r Received, text string) Letter {
	if text == "" {
		text = "thank you for your note. It was good to talk, and we will be in touch soon."
	}
	s := summarise(r.Mail.Raw)
	l := threaded(r, s, "Re: ")
	var b strings.Builder
	fmt.Fprintf(&b, "Hi,\n\n%s\n\nBest,\n%s\n\n", text, r.Person.firstName())
	fmt.Fprintf(&b, "On %s, %s wrote:\n", r.At.Format("Mon, 2 Jan 2006 at 15:04"), decodeWords(s.From))
	for line := range strings.Lines(plainText(r.Mail.Delivered)) {
		b.WriteString(strings.TrimRight("> "+line, "\n ") + "\n")
	}
	l.Body = b.String()
	return l
}

// threaded begins a letter that continues a mail's thread.
func threaded(r Received, s summary, prefix string) Letter {
	subject := s.Subject
	if prefix != "Re: " || !strings.HasPrefix(strings.ToLower(subject), "re:") {
		subject = prefix + subject
	}
	l := Letter{From: r.Person.From(), To: s.From, Subject: subject, InReplyTo: r.Mail.DeliveredID}
	if l.InReplyTo != "" {
		l.References = append(append(l.References, s.References...), l.InReplyTo)
	}
	return l
}

// robotReply begins a reply that no person writes (RFC 3834 section 3).
func robotReply(r Received, prefix string) Letter {
	l := threaded(r, summarise(r.Mail.Raw), prefix)
	l.To = r.Mail.From
	l.Sender = "<>"
	l.Extra = []Field{
		{"Auto-Submitted", "auto-replied"},
		{"X-Auto-Response-Suppress", "All"},
	}
	return l
}

// outOfOffice is what a mail server writes for somebody who is away.
func outOfOffice(r Received, until time.Time) Letter {
	l := robotReply(r, "Automatic reply: ")
	l.Body = fmt.Sprintf("Hello,\n\nI am out of the office until %s and will answer your message when I am back.\n\n%s\n",
		until.Format("2 January 2006"), r.Person.firstName())
	return l
}

// leftTheCompany is what a mail server writes for somebody who is gone.
func leftTheCompany(r Received) Letter {
	l := robotReply(r, "Automatic reply: ")
	l.Body = fmt.Sprintf("Hello,\n\n%s has left the company and no longer reads this mailbox.\nYour message was not forwarded.\n", r.Person.firstName())
	return l
}

// challenge asks the sender to prove that a person wrote.
func challenge(r Received) Letter {
	l := robotReply(r, "Please confirm your message: ")
	l.Body = fmt.Sprintf("Your message to %s is held until you confirm that you are not a robot.\n\n"+
		"To release it, reply to this mail or follow the link:\nhttps://confirm.%s/release\n", r.Person.Address, domainOf(r.Person.Address))
	return l
}

// bounce is a permanent failure of a mail that was accepted first.
func bounce(r Received) Letter {
	text := "I'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients. It's attached below."
	why := "host mx." + domainOf(r.Person.Address) + " said: 550 5.1.1 User unknown (in reply to RCPT TO command)"
	return report(r, "Undelivered Mail Returned to Sender", text, "failed", "5.1.1", why)
}

// delayNotice says that a mail is still under way.
func delayNotice(r Received) Letter {
	text := "THIS IS A WARNING ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.\n\nYour message could not be delivered for 4.0 hours.\nIt will be retried until it is 5.0 days old."
	why := "connect to mx." + domainOf(r.Person.Address) + ": Connection timed out"
	return report(r, "Delayed Mail (still being retried)", text, "delayed", "4.4.1", why)
}

// report writes a delivery status notification as Postfix does: RFC 3462 for
// the whole, RFC 3464 for the machine's part, the original's header behind it.
func report(r Received, subject, text, action, status, why string) Letter {
	host := "mail." + domainOf(r.Mail.From)
	head, _ := splitMessage(r.Mail.Delivered)
	human := fmt.Sprintf("This is the mail system at host %s.\n\n%s\n\n<%s>: %s\n", host, text, r.Person.Address, why)
	machine := fmt.Sprintf("Reporting-MTA: dns; %s\nX-Postfix-Queue-ID: %08X\nX-Postfix-Sender: rfc822; %s\nArrival-Date: %s\n\n"+
		"Final-Recipient: rfc822; %s\nOriginal-Recipient: rfc822;%s\nAction: %s\nStatus: %s\nDiagnostic-Code: smtp; %s\n",
		host, r.Mail.Number, r.Mail.From, r.At.Format(time.RFC1123Z), r.Person.Address, r.Person.Address, action, status, why)
	return Letter{
		From:    "Mail Delivery System <MAILER-DAEMON@" + host + ">",
		To:      r.Mail.From,
		Subject: subject,
		Sender:  "<>",
		Extra:   []Field{{"Auto-Submitted", "auto-replied"}},
		Type:    "multipart/report; report-type=delivery-status",
		Parts: []Part{
			{Type: "text/plain; charset=utf-8", Body: human},
			{Type: "message/delivery-status", Body: machine},
			{Type: "text/rfc822-headers", Body: string(head)},
		},
	}
}
