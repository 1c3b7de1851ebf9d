package mailer

import (
	"net/url"
	"strings"
)

// pieceOfSecret is how many bytes of a secret in a row show where it comes from.
const pieceOfSecret = 12

// HideSecrets takes out of words what holds one of the secrets, or a longer piece of
// one: servers repeat what they were sent, cut it where it is long, write it in capitals
// and as it stands in an address.
func HideSecrets(words string, secrets []string) string {
	var forms []string
	pieces := map[string]bool{}
	for _, s := range secrets {
		for _, form := range []string{s, url.QueryEscape(s), url.PathEscape(s)} {
			form = lowerASCII(form)
			forms = append(forms, form)
			for i := 0; i+pieceOfSecret <= len(form); i++ {
				pieces[form[i:i+pieceOfSecret]] = true
			}
		}
	}
	var out strings.Builder
	lower := lowerASCII(words)
	for i := 0; i < len(words); {
		end := i
		for j := i; j+pieceOfSecret <= len(words) && pieces[lower[j:j+pieceOfSecret]]; j++ {
			end = j + pieceOfSecret
		}
		for _, s := range forms {
			if s != "" && strings.HasPrefix(lower[i:], s) {
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

// lowerASCII is text in small letters, byte for byte.
func lowerASCII(text string) string {
	out := []byte(text)
	for i, c := range out {
		if 'A' <= c && c <= 'Z' {
			out[i] = c - 'A' + 'a'
		}
	}
	return string(out)
}
