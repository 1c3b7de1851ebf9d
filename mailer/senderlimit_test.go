package mailer

import (
	"fmt"
	"testing"
)

// TestReportsOfTheOwnLimit: a report says that the account had sent all that it may, in
// the server's answer or in words to the sender; it is about no address, and passes.
// What bounds the reader's mailbox, the message or the time of trying is no such limit.
func TestReportsOfTheOwnLimit(t *testing.T) {
	t.Parallel()
	check := func(notice, status, diagnostic string, want bool) {
		t.Helper()
		body := fmt.Sprintf("--b\nContent-Type: text/plain; charset=utf-8\n\n%s\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"+
			"Final-Recipient: rfc822; ken@acme.example\nAction: failed\nStatus: %s\nDiagnostic-Code: smtp; %s\n\n--b--", notice, status, diagnostic)
		r := Classify(Parse([]byte("From: Mail Delivery Subsystem <mailer-daemon@mx.example.org>\nSubject: Delivery Status Notification (Failure)\n"+
			"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"), []byte(body)))
		if r.Kind != Bounce || r.OwnLimit != want || want && r.Class != Transient {
			t.Errorf("%q %q: %s, own limit %v, %s; want %v", notice, diagnostic, r.Kind, r.OwnLimit, r.Class, want)
		}
	}
	check("It was not sent.", "5.4.5", "550-5.4.5 Daily user sending limit exceeded. For more see\n 550 5.4.5 the pages of help", true)
	check("It was not sent.", "5.7.1", "554 5.7.1 you have exceeded your outgoing quota", true)
	check("It was not sent.", "5.1.90", "550 5.1.90 no more recipients for you today", true)
	check("You have reached a limit for sending mail. It was not sent.", "5.0.0", "", true)
	check("Your message was not sent. The domain example.org has exceeded the max emails per hour that are allowed.", "5.0.0", "", true)
	check("Sie haben Ihr Limit für den Versand von Nachrichten erreicht.", "5.0.0", "", true)
	check("Vous avez atteint la limite d'envoi de votre compte.", "5.0.0", "", true)
	check("Ha superado el límite de envío de hoy.", "5.0.0", "", true)

	check("The mailbox of your reader is full.", "5.2.2", "552 5.2.2 over quota", false)
	check("It was not delivered within 5 days.", "5.4.7", "550 5.4.7 exceeded the time for delivery: not delivered in 5 days", false)
	check("It was not delivered within 5 days.", "5.0.0", "550 retry limit exceeded, given up on in 5 days", false)
	check("It was not delivered.", "5.1.1", "550 5.1.1 there is no such user", false)
	check("It was not delivered.", "5.1.1", "550 5.1.1 there is no such user; too many messages to such and you are blocked", false)
	check("The message is larger than the limit for mail to this reader.", "5.3.4", "552 5.3.4 too large", false)
	check("It was not delivered.", "5.2.1", "550 5.2.1 the user receives too many messages per hour", false)
}
