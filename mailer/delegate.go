package mailer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// delegate finds whom an absent sender names in their stead: the first address
// in a sentence that says whom to turn to, with the name before it, else a full
// name in such a sentence.
func (c *classifier) delegate() Address {
	s := c.statement()
	var named Address
	for _, f := range s.all {
		if f.section != elsewhere {
			continue
		}
		_, end := s.bounds(f)
		text := s.text[s.words[f.end-1].end:end]
		if rest := s.text[end:]; strings.HasPrefix(rest, ".") {
			text += firstField(rest) // an address is cut where a sentence could end
		}
		name, addr := nameAndAddress(text)
		switch {
		case addr != "" && !c.isSender(addr):
			return Address{Name: name, Addr: addr}
		case named.Name == "" && addr == "":
			named.Name = name
		}
	}
	return named
}

func firstField(s string) string {
	if f := strings.Fields(s); len(f) > 0 {
		return f[0]
	}
	return ""
}

func (c *classifier) isSender(addr string) bool {
	for _, a := range c.m.From {
		if strings.EqualFold(a.Addr, addr) {
			return true
		}
	}
	return false
}

// nameAndAddress finds the first run of two to four capitalized words, and the
// first address, in the rest of a sentence.
func nameAndAddress(text string) (name, addr string) {
	var run []string
	for _, field := range strings.Fields(text) {
		bare := strings.Trim(field, "<>()[]\"',;:.!?")
		bare = strings.TrimPrefix(bare, "mailto:")
		if local, domain, ok := strings.Cut(bare, "@"); ok {
			if local != "" && strings.Contains(domain, ".") && len(bare) < 255 {
				addr = bare
				break
			}
			continue
		}
		if first, _ := utf8.DecodeRuneInString(bare); name == "" && unicode.IsUpper(first) && !isTitle(bare) {
			run = append(run, bare)
			if len(run) < 4 && !strings.ContainsAny(field[len(field)-1:], ",;:.!?)") {
				continue
			}
		}
		if name == "" && len(run) >= 2 {
			name = strings.Join(run, " ")
		}
		run = nil
	}
	if name == "" && len(run) >= 2 {
		name = strings.Join(run, " ")
	}
	return name, addr
}

// isTitle tells the words before a name that are no part of it.
func isTitle(w string) bool {
	switch strings.ToLower(strings.TrimSuffix(w, ".")) {
	case "mr", "mrs", "ms", "dr", "herr", "herrn", "frau", "monsieur", "madame", "m", "mme", "sr", "sra", "pan", "pana", "panią", "pani", "dhr", "mevr":
		return true
	}
	return false
}
