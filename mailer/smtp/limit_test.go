package smtp

import (
	"bufio"
	"strings"
	"testing"
)

// TestLimitsOfTheAccount: by these an account has sent what it may for now, as providers were seen
// to say it; the others are about the message or its reader.
func TestLimitsOfTheAccount(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{
		"550 5.4.5 Daily user sending quota exceeded. s5sm1 - gsmtp":                                                   true,
		"550 5.4.5 <ken@acme.example>: Recipient address rejected: Domain Sending Quota Exceeded":                      true,
		"554 5.7.1 <ken@acme.example>: Recipient address rejected: You have exceeded your Outmail sending quota":       true,
		"550 Recipient address rejected: Email Sending Quota Exceeded":                                                 true,
		"554 5.7.1 <DATA>: Data command rejected: only 10 messages per day":                                            true,
		"554 5.7.1 <DATA>: Data command rejected: limit of 400 rcpts per 24 hours for client dana@example.org reached": true,
		"554 5.7.0 Your message could not be sent. The limit on the number of allowed outgoing messages was exceeded":  true,
		"550 send spam mail rejected: exceeded hour limit":                                                             true,
		"550 User dana@example.org has exceeded its 24-hour sending limit. Messages to 25 recipients out of 25":        true,
		"554 sorry, too many emails (#5.7.1)":                                                                          true,
		"550 5.4.6 Unusual sending activity detected. Please try after sometime":                                       true,
		"554 5.7.1 End-of-data rejected: Number messages per hour exceeded. Error:RATE_MSG":                            true,
		"550 Domain example.org has exceeded the max emails per hour (125/100 (125%)) allowed":                         true,
		"550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients":         true,
		"550 Mail frequency limited":                                                                                 true,
		"550 5.7.1 Ratelimit \"user\" exceeded":                                                                      true,
		"550 Your mail send limit was passed":                                                                        true,
		"550 5.7.0 There was too much mail of this account today":                                                    true,
		"550 5.7.1 The hourly allowance of the sender is used up":                                                    true,
		"554 5.7.1 Sender rate overlimit":                                                                            true,
		"550 5.7.1 There were too many recipients this hour":                                                         true,
		"550 5.7.1 The maximum of messages for today has left":                                                       true,
		"550 Outgoing mail of this account is suspended until tomorrow":                                              true,
		"550 Ihr Versandlimit ist erreicht":                                                                          true,
		"550 5.7.1 La limite d'envoi est atteinte":                                                                   true,
		"550 5.7.1 Se ha alcanzado el límite de envíos":                                                              true,
		"550 5.7.1 Достигнут лимит отправки":                                                                         true,
		"550 送信数の上限に達しました":                                                                                           true,
		"550 5.7.1 The mail that you sent is over the limit of 25 MB":                                                false,
		"550 5.7.1 What you sent passes the limit for attachments":                                                   false,
		"550 5.7.1 This recipient has a limit for mail sent by strangers":                                            false,
		"550 5.7.1 Too many messages were sent to this recipient, limit reached":                                     false,
		"550 La taille du message passe la limite d'envoi":                                                           false,
		"550 5.7.1 The sender is blocked for spam":                                                                   false,
		"550 5.7.1 Outgoing mail of this account is suspended, see your provider":                                    false,
		"554 5.7.1 Spam score over the threshold":                                                                    false,
		"550 5.7.1 Your sender address is not allowed today's list":                                                  false,
		"550 5.7.1 The mail was sent without a date":                                                                 false,
		"450 4.2.1 Daily sending limit exceeded":                                                                     false, // put off anyway
		"552 5.2.2 The email account that you tried to reach is over quota":                                          false,
		"550 5.2.2 <ken@acme.example> user is over quota":                                                            false,
		"552 5.3.4 Message size exceeds fixed limit":                                                                 false,
		"554 5.3.4 Message too big for system, the limit is 10 MB per message":                                       false,
		"550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages": false,
		"554 5.4.6 Too many hops":                                                                                    false,
		"550 5.1.1 The email account that you tried to reach does not exist":                                         false,
		"550 5.7.1 Our system has detected that this message is likely unsolicited mail":                             false,
		"550 5.7.26 This mail is unauthenticated, which poses a security risk to the sender and Gmail users":         false,
		"554 5.7.1 Service unavailable; Client host blocked, sender limited to our customers":                        false,
		"550 mailbox quota of recipient exceeded":                                                                    false,
		"550 5.7.1 This user is receiving too many messages per hour":                                                false,
		"550 The mailbox takes only 20 messages per day":                                                             false,
		"550 5.7.1 This recipient takes no mail in December":                                                         false,
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			r, err := readReply(bufio.NewReader(strings.NewReader(line + "\r\n")))
			if err != nil {
				t.Fatal(err)
			}
			if got := limitsAccount(r); got != want {
				t.Errorf("a limit of the account: %v, want %v", got, want)
			}
		})
	}
}
