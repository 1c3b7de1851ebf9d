package mailer

import "strings"

// pieceOfSecret is how many bytes of a secret in a row show where it comes from.
const pieceOfSecret = 12

// HideSecrets takes out of words what holds one of the secrets, or a longer piece of
// one: servers repeat what they were sent, and cut it where it is long.
func HideSecrets(words string, secrets []string) string {
	pieces := map[string]bool{}
	for _, s := range secrets {
		for i := 0; i+pieceOfSecret <= len(s); i++ {
			pieces[s[i:i+pieceOfSecret]] = true
		}
	}
	var out strings.Builder
	for i := 0; i < len(words); {
		end := i
		for j := i; j+pieceOfSecret <= len(words) && pieces[words[j:j+pieceOfSecret]]; j++ {
			end = j + pieceOfSecret
		}
		for _, s := range secrets {
			if s != "" && strings.HasPrefix(words[i:], s) {
				end = max(end, i+len(s))
			}
		}
		if end > i {
			out.WriteString("(hidden)")
			i = end
			continue
		}
		out.WriteByte(words[i])
		i++
	}
	return out.String()
}
