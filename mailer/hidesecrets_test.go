package mailer

import "testing"

// TestSecretsInOtherForms: what a server makes of a secret before it repeats it hides
// nothing of it from a reader. Its other words stay.
func TestSecretsInOtherForms(t *testing.T) {
	t.Parallel()
	secrets := []string{"Hunter/2 é", "0.AX/a+of-some=length-at-all", "AGRhbmEASHVudGVyLzI="}
	for words, want := range map[string]string{
		"LOGIN DANA HUNTER/2 é":                              "LOGIN DANA (hidden)",
		"what is AUTH PLAIN AGRHBMEASHVUDGV":                 "what is AUTH PLAIN (hidden)",
		"refresh_token=0.AX%2Fa%2Bof-some%3Dlength-at-all&x": "refresh_token=(hidden)&x",
		"refresh_token=0.ax%2fa%2bof-some%3dlength":          "refresh_token=(hidden)",
		"password=Hunter%2F2+%C3%A9.":                        "password=(hidden).",
		"/login/Hunter%2F2%20%C3%A9":                         "/login/(hidden)",
		"The hunter was not let in":                          "The hunter was not let in",
		"535 5.7.8 Kein Zugang für DANA \xff":                "535 5.7.8 Kein Zugang für DANA \xff",
	} {
		if got := HideSecrets(words, secrets); got != want {
			t.Errorf("%s: shown is %q, want %q", words, got, want)
		}
	}
}
