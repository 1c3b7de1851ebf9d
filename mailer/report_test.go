package mailer

import (
	"slices"
	"strings"
	"testing"
)

// lines joins the lines of a report.
func lines(l ...string) string { return strings.Join(l, "\n") + "\n" }

func TestReadDeliveryStatus(t *testing.T) {
	t.Parallel()
	check := func(content string, want ...recipientReport) {
		t.Helper()
		if got := readDeliveryStatus([]byte(content)); !slices.Equal(got, want) {
			t.Errorf("%q: %+v", content, got)
		}
	}
	a := recipientReport{final: "a@x.example", action: "failed", status: "5.1.1"}
	b := recipientReport{final: "b@x.example", action: "delayed", status: "4.4.1"}
	check(lines("Reporting-MTA: dns; mx", "", "Final-Recipient: rfc822; a@x.example", "Action: failed", "Status: 5.1.1"), a)
	// Two recipients, well formed, then without the empty line, then with too many.
	check(lines("Reporting-MTA: dns; mx", "", "Final-Recipient: rfc822;a@x.example", "Action: failed", "Status: 5.1.1", "",
		"Final-Recipient: rfc822;b@x.example", "Action: delayed", "Status: 4.4.1"), a, b)
	check(lines("Final-Recipient: rfc822;a@x.example", "Action: failed", "Status: 5.1.1",
		"Final-Recipient: rfc822;b@x.example", "Action: delayed", "Status: 4.4.1"), a, b)
	check(lines("Final-Recipient: rfc822;a@x.example", "", "", "Action: failed", "", "Status: 5.1.1"), a)
	// What servers write instead of the standard's forms.
	check(lines("Final-Recipient: <a@x.example>", "Action: Failed (no such user)", "Status: 5.1.1 (unknown)"), a)
	check(lines("Original-Recipient: rfc822;o@x.example", "Final-Recipient: RFC822; a@x.example", "Action: failed"),
		recipientReport{original: "o@x.example", final: "a@x.example", action: "failed"})
	check(lines("Original-Recipient: rfc822; rfc822;o@x.example", "Final-Recipient: rfc822; a@x.example", "Action: failed"),
		recipientReport{original: "o@x.example", final: "a@x.example", action: "failed"})
	check(lines("Final-Recipient: unknown", "Action: failed"), recipientReport{action: "failed"})
	check(lines("Final-Recipient: unknown", "Action: failed", "", "Final-Recipient: rfc822;b@x.example", "Action: delayed", "Status: 4.4.1"),
		recipientReport{action: "failed"}, b)
	// Fields in another order: who it is stands last.
	check(lines("Action: failed", "Status: 5.1.1", "Final-Recipient: rfc822;a@x.example", "",
		"Action: delayed", "Status: 4.4.1", "Final-Recipient: rfc822;b@x.example"), a, b)
	check("")
	check("\n\n\n")
}

func TestStatusCodes(t *testing.T) {
	t.Parallel()
	check := func(text, want string) {
		t.Helper()
		if got := firstStatus(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	check("550 5.1.1 unknown", "5.1.1")
	check("550-5.7.26 This mail", "5.7.26")
	check("(#5.1.1)", "5.1.1")
	check("version 4.5.6.7 and 15.1.1", "")
	check("from 5.1.1.1 by", "")
	check("v5.1.1", "")
	check("3.1.1 2.0.0", "2.0.0")
	check("5.1", "")
	check("5.1.1234", "")
	if got := firstFailure("2.0.0 ok, then 4.2.2"); got != "4.2.2" {
		t.Errorf("first failure %q", got)
	}
}

func TestReplyCodes(t *testing.T) {
	t.Parallel()
	check := func(text string, want byte) {
		t.Helper()
		if got := replyClass(text); got != want {
			t.Errorf("%q: class %q", text, got)
		}
	}
	check("host said: 550 No such user", '5')
	check("550 No such user\n", '5')
	check("<<< 451 try later", '4')
	check("421 busy\nthen\n554 gave up", '5')
	check("room 501 on floor 4", 0)
	check("we sold 550 tickets", 0)
	check("", 0)
}

func TestFailedAddressesOfText(t *testing.T) {
	t.Parallel()
	check := func(notice string, want ...string) {
		t.Helper()
		m := parse("From: MAILER-DAEMON@mx.example\nTo: dana@example.org\n\n")
		if got := noticedAddresses(&m, notice); !slices.Equal(got, want) {
			t.Errorf("%q: %q", notice, got)
		}
	}
	check("The following failed:\n  a@x.example\n", "a@x.example")
	check("<a@x.example>: no such user\n<b@x.example>: full\n", "a@x.example", "b@x.example")
	check("RCPT TO:<a@x.example>\n", "a@x.example")
	check("To: a@x.example\n", "a@x.example")
	check("a@x.example\nA@X.example\n", "a@x.example")
	check("Your mail from <dana@example.org> failed, ask <postmaster@mx.example>\n")
	check("write to help@mx.example for help\n")
	check("mailto:a@x.example\n", "a@x.example")
	check("no address @ all, not@all\n")
}

func TestOriginalIDComesFromTheBestPlace(t *testing.T) {
	t.Parallel()
	check := func(what, raw, want string) {
		t.Helper()
		if got := Classify(parse(raw)).OriginalID; got != want {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	head := "From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail Returned to Sender\nIn-Reply-To: <answer@x.example>\n"
	report := head + "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n" +
		"Final-Recipient: rfc822;a@x.example\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: "
	check("returned mail", report+"message/rfc822\n\nSubject: x\nMessage-ID:\n <inner@x.example>\n\n--b--\n", "<inner@x.example>")
	check("returned header", report+"text/rfc822-headers\n\nMessage-Id: <inner@x.example>\n--b--\n", "<inner@x.example>")
	check("replaced ID", report+"message/rfc822\n\nMessage-ID: <new@x.example>\nX-Microsoft-Original-Message-ID: <ours@x.example>\n\n--b--\n", "<ours@x.example>")
	check("nothing returned", report+"text/plain\n\nnothing\n--b--\n", "<answer@x.example>")
	check("copy in the text", head+"\nIt could not be delivered.\n\nReceived: by mx\nMessage-ID: <inner@x.example>\nSubject: x\n", "<inner@x.example>")
	check("quoted copy", head+"\nIt could not be delivered.\n\n> Message-ID: <inner@x.example>\n", "<inner@x.example>")
}

// What is said in the copy of our own mail is no reason of the server's.
func TestReasonsComeFromTheNotice(t *testing.T) {
	t.Parallel()
	r := Classify(parse("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nSubject: Returned mail\n\n" +
		"Your message could not be delivered: mailbox full.\n\nReceived: by mx\nMessage-ID: <a@x.example>\nSubject: user unknown 550 5.1.1\n\nno such user\n"))
	if r.Kind != Bounce || r.Class != Transient {
		t.Errorf("%s %s on %q", r.Kind, r.Class, r.Evidence)
	}
}

func TestSplitCopy(t *testing.T) {
	t.Parallel()
	check := func(text, notice string) {
		t.Helper()
		if got, _ := splitCopy(text); got != notice {
			t.Errorf("%q: notice %q", text, got)
		}
	}
	check("sorry\n\nReceived: a\n\tb\nFrom: c\nTo: d\n\nbody", "sorry\n\n")
	check("sorry\n> Received: a\n> From: c\n> To: d\n", "sorry\n")
	check("To: a@b\nSubject: c\nDate: d\nsorry", "To: a@b\nSubject: c\nDate: d\nsorry") // only a summary
	check("", "")
}
