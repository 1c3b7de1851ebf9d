package mailer

import "testing"

// TestQuestion: a sentence of the sender's own that asks is found, and neither
// courtesy, nor an address, nor a signature is one.
func TestQuestion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"Hi Dana,\n\nthanks for your note. We will be in touch.\n", ""},
		{"Hi Dana,\n\nthanks. Which of the two teams\nwould you prefer? Best, Ken", "Which of the two teams would you prefer?"},
		{"Hi Dana, are you free on Tuesday?", "are you free on Tuesday?"},
		{"How are you? When could you start?", "When could you start?"},
		{"Do you have any questions? Just write.", ""},
		{"See https://jobs.example/apply?\nThanks.", ""},
		{"See https://jobs.example/apply?id=3 for more.", ""},
		{"Thanks.\n-- \nWant to join us? We hire.", ""},
		{"Können Sie uns Ihr Zeugnis schicken?", "Können Sie uns Ihr Zeugnis schicken?"},
		{"He said (did he?) so.", "He said (did he?)"},
		{"いつから働けますか？", "いつから働けますか？"},
	} {
		if got := Question(c.text); got != c.want {
			t.Errorf("Question(%q) is %q, want %q", c.text, got, c.want)
		}
	}
}
