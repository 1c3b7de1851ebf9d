package mailer

import "testing"

// TestWhoseAddressIsRefused: words about sending as somebody are about the sender; words
// about how much or in which form are not.
func TestWhoseAddressIsRefused(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]bool{
		"SendAsDenied": true, "No right to send as this sender": true, "You may not send as: Dana <dana@example.org>": true, "dana is not allowed to send as dana@example.org": true,
		"Sender address rejected: not owned by user dana": true, "You are not permitted to send as.": true,

		"You cannot send as many mails": false, "Programs are refused, send as zip": false, "Too large, send as a link": false, "Please send as attachment": false,
		"Recipient address rejected": false, "Resend as plain text": false,
	} {
		if got := BlamesSender(Receipt{Phase: PhaseRcpt, Code: 550, Words: words}); got != want {
			t.Errorf("%s: about the sender: %v", words, got)
		}
	}
}
