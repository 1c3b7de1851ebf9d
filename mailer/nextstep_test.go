package mailer

import (
	"slices"
	"testing"
)

// TestNextStepIsOfTheReader: an appointment is one with the reader, and no other talk of
// meetings, minutes and invitations.
func TestNextStepIsOfTheReader(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Could you make Tuesday at three?": true,
		"Could you do this Friday?":        true,
		"If you have thirty minutes this week to connect with our CTO, pick a slot.": true,
		"Your interview invitation for Tuesday is attached.":                         true,
		"The details of your next call are below.":                                   true,
		"Did the interview invitation to the others arrive in your spam too?":        false,
		"Thank you for accepting our interview invitation for last week.":            false,
		"If you have two minutes to discuss our product, book a demo.":               false,
		"If you have a few minutes to talk to our support team, rate us.":            false,
		"Here are details of our next meeting of shareholders.":                      false,
		"The details of the next call for papers are below.":                         false,
		"Could you make this paragraph shorter in your task?":                        false,
		"Could you do this once more for our files: your date of birth?":             false,
	} {
		got, _ := intentsOf(intentMail{language: "en", text: "Subject: Hello\n" + text})
		if slices.Contains(got, "next") != want {
			t.Errorf("%q shows %q, want a next step: %v", text, got, want)
		}
	}
}
