package mailtest

import "strings"

// magic is what a recipient's address makes the SMTP server do. An address has
// it by its local part, "451@acme.example", or by a tag in it, "ken+451@acme.example".
type magic string

// The magic recipients.
const (
	greylisted     magic = "451"             // 451 4.7.1 to RCPT, the first time or always
	deferredButIn  magic = "451-data"        // 451 4.3.0 to the final dot, and the mail is delivered all the same
	unknownUser    magic = "550"             // 550 5.1.1 to RCPT
	refusedContent magic = "554-data"        // 554 5.6.0 to the final dot
	laterAtDot     magic = "451-dot"         // 451 4.7.1 to the final dot, the first time, and takes nothing
	limitedOnce    magic = "550-limit"       // 550 5.4.5 to the final dot, the first time: the account has sent all that it may
	refusedOnce    magic = "554-once"        // 554 5.7.1 to the final dot, the first time
	dropAfterData  magic = "drop-after-data" // takes the mail and closes without an answer
	dropInData     magic = "drop-in-data"    // closes in the middle of DATA and takes nothing
	slow           magic = "slow"            // answers the final dot late
	loseAnswer     magic = "lose-250"        // takes the mail; the answer never comes, the connection stays open
	resetAfter250  magic = "reset-after-250" // answers 250, then resets the connection
)

// magicOf returns the magic of an address, or "".
func magicOf(address string) magic {
	local, _, _ := strings.Cut(strings.ToLower(address), "@")
	if _, tag, tagged := strings.Cut(local, "+"); tagged {
		local = tag
	}
	switch m := magic(local); m {
	case greylisted, deferredButIn, unknownUser, refusedContent, laterAtDot, limitedOnce, refusedOnce, dropAfterData, dropInData, slow, loseAnswer, resetAfter250:
		return m
	}
	return ""
}
