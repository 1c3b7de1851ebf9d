package smtp

import (
	"slices"
	"strings"
	"unicode"
)

const (
	maxQueueIDs   = 8
	maxQueueIDLen = 250
	minQueueIDLen = 8
)

// queueIDs finds what the answer to the dot calls the message. Servers have no
// common form for it; seen are "queued as 4BcD12", "id=1abcDE-0003Xy-2k", a bare
// token, and a whole new Message-ID in angle brackets. A token that is no
// identifier does no harm: these are only ever compared with later evidence.
func queueIDs(r reply) []string {
	var ids []string
	for _, line := range r.lines {
		_, text := cutEnhanced(line)
		for _, token := range strings.FieldsFunc(text, splitsToken) {
			if id, ok := asQueueID(token); ok && len(ids) < maxQueueIDs && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

func splitsToken(r rune) bool {
	return unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune(`,;()[]"'`, r)
}

// asQueueID cuts a token down to the identifier in it.
func asQueueID(token string) (string, bool) {
	if len(token) > maxQueueIDLen {
		return "", false
	}
	if start := strings.IndexByte(token, '<'); start >= 0 {
		id, _, closed := strings.Cut(token[start:], ">")
		return id + ">", closed && strings.Index(id, "@") > 1 && !strings.HasSuffix(id, "@")
	}
	if key, value, named := strings.Cut(token, "="); named && value != "" {
		return value, namesID(key)
	}
	token = strings.Trim(token, ".:")
	return token, len(token) >= minQueueIDLen && looksRandom(token)
}

// namesID says whether key=value gives an identifier rather than, say, a host.
func namesID(key string) bool {
	key = strings.ToLower(key)
	return strings.HasSuffix(key, "id") || key == "queue" || key == "queued"
}

// looksRandom tells an identifier from a word, a number and a host name.
func looksRandom(token string) bool {
	digits, letters := 0, 0
	for _, r := range token {
		switch {
		case !notDigit(r):
			digits++
		case r < 0x80 && unicode.IsLetter(r):
			letters++
		case !strings.ContainsRune("-_+@/.$=", r):
			return false
		}
	}
	return digits > 0 && letters > 0
}
