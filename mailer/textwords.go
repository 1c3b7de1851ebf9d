package mailer

import (
	"iter"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is one word of a text.
type word struct {
	id         int32 // number in the tables, noWord if no phrase contains it
	stem       int32 // number of the longest stem it begins with, noWord if none
	start, end int32 // bytes in the text
	sentence   int32
}

// noWord is a word that no table knows.
const noWord = int32(-1)

// read splits a text into its words and sentences. A sentence ends at a full
// stop, a question or exclamation mark followed by space, and at an empty line;
// mail is wrapped, so a line's end is none.
func (t *vocabulary) read(text string) []word {
	words := make([]word, 0, len(text)/4+1)
	sentence, last := int32(0), 0
	for w := range eachWord(text) {
		between := text[last:w.start]
		if endsSentence(between) && !isOrdinal(between, text, last) && !endsTitle(between, text, last) && !isShort(between, text, last) && !isLetters(between, text, last) {
			sentence++
		}
		last = w.end
		n, ok := t.words[string(w.folded)]
		if !ok {
			n = numbered{noWord, noWord}
			if t.longest > 0 {
				n.stem = t.stem(string(w.folded[:min(len(w.folded), t.longest)]))
			}
		}
		words = append(words, word{id: n.id, stem: n.stem, start: int32(w.start), end: int32(w.end), sentence: sentence})
	}
	return words
}

// isOrdinal tells the full stop of "9. Januar", and of "(17.8.)", from that of a sentence: a number
// of one or two digits stands before it. Where the line ends behind it, the next one must go on in
// small letters.
func isOrdinal(between, text string, last int) bool {
	if last < 1 || !isDigit(text[last-1]) {
		return false
	}
	switch between {
	case ". ", ".) ", ".), ":
	case ".\n", ".\r\n":
		if next, _ := utf8.DecodeRuneInString(text[last+len(between):]); !unicode.IsLower(next) {
			return false
		}
	default:
		return false
	}
	first := last - 1
	for first > 0 && last-first <= 3 && isWordRune(rune(text[first-1])) {
		first--
	}
	return last-first <= 2 && isDigit(text[first])
}

// endsTitle tells the full stop of "Dr. Pohl", and of the Swedish "v. 34" for a
// week, from that of a sentence.
func endsTitle(between, text string, last int) bool {
	if between != ". " {
		return false
	}
	first := last
	for first > 0 && last-first < len("dott") && isWordRune(rune(text[first-1])) {
		first--
	}
	switch text[first:last] {
	case "Dr", "Prof", "Mr", "Mrs", "Ms", "Hr", "Fr", "Sr", "Sra", "Dott", "Mgr", "Ing", "St", "v":
		return first == 0 || !isWordRune(rune(text[first-1]))
	}
	return false
}

// isShort tells the full stop of "d. 15. december" and "kl. 14" from that of a
// sentence: a number stands behind it.
func isShort(between, text string, last int) bool {
	if next := last + len(between); between != ". " || next >= len(text) || !isDigit(text[next]) {
		return false
	}
	first := last
	for first > 0 && last-first < len("kal.") && isWordRune(rune(text[first-1])) {
		first--
	}
	switch text[first:last] {
	case "d", "D", "kl", "Kl", "ca", "Ca", "Nr", "nr":
		return first == 0 || !isWordRune(rune(text[first-1]))
	}
	return false
}

// isLetters tells the full stop of "t.o.m. 9 december" from that of a sentence: single
// letters with dots stand before it, and a number behind it.
func isLetters(between, text string, last int) bool {
	if between != ". " || last < 3 || text[last-2] != '.' || !isWordRune(rune(text[last-1])) || !isWordRune(rune(text[last-3])) {
		return false
	}
	next := last + len(between)
	return next < len(text) && isDigit(text[next])
}

// endsSentence looks at what stands between two words.
func endsSentence(between string) bool {
	if between == " " {
		return false
	}
	for i, r := range between {
		switch r {
		case '.', '!', '?':
			if rest := between[i+1:]; rest != "" && strings.IndexByte(" \n)\"", rest[0]) >= 0 {
				return true
			}
		case '。', '！', '？':
			return true
		}
	}
	return strings.Contains(between, "\n\n")
}

// spelling is a word as it stands in a text.
type spelling struct {
	folded     []byte // in lower case without accents; valid during one step only
	start, end int
}

// eachWord gives the words of s. A Chinese, Japanese or Korean character is a
// word by itself, since these scripts do not separate words.
func eachWord(s string) iter.Seq[spelling] {
	return func(yield func(spelling) bool) {
		fold := folding()
		var buf [maxWordBytes + utf8.UTFMax]byte
		for i := 0; i < len(s); {
			if s[i] < utf8.RuneSelf && fold.ascii[s[i]] == 0 {
				i++
				continue
			}
			w, end := fold.word(buf[:0], s, i)
			if end == i {
				_, size := utf8.DecodeRuneInString(s[i:])
				i += size
				continue
			}
			if !yield(spelling{w, i, end}) {
				return
			}
			i = end
		}
	}
}

// word reads the word of s that begins at i and returns its folded form and
// where it ends: at i if none begins there.
func (t *foldTable) word(w []byte, s string, i int) ([]byte, int) {
	for start := i; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if t.ascii[c] == 0 {
				break
			}
			if len(w) < maxWordBytes {
				w = append(w, t.ascii[c])
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if !isWordRune(r) || isIdeograph(r) && i > start {
			break
		}
		if len(w) < maxWordBytes {
			w = t.append(w, r)
		}
		i += size
		if isIdeograph(r) {
			break
		}
	}
	return w, i
}

// maxWordBytes bounds the part of a word that counts.
const maxWordBytes = 48

func isIdeograph(r rune) bool {
	return r >= 0x3040 && r <= 0x9fff || r >= 0xac00 && r <= 0xd7a3
}

func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// foldTable maps letters to their plain lower-case form.
type foldTable struct {
	ascii   [utf8.RuneSelf]byte // 0 for what is no part of a word
	letters [0x530]string       // Latin, Greek and Cyrillic
}

var folding = sync.OnceValue(func() *foldTable {
	special := map[rune]string{
		'ß': "ss", 'ø': "o", 'Ø': "o", 'ł': "l", 'Ł': "l", 'æ': "ae", 'Æ': "ae",
		'œ': "oe", 'Œ': "oe", 'đ': "d", 'Đ': "d", 'ı': "i",
	}
	var t foldTable
	for r := range rune(len(t.letters)) {
		base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r)))
		if unicode.Is(unicode.Mn, r) {
			continue // dropped
		}
		t.letters[r] = string(unicode.ToLower(base))
		if s, ok := special[r]; ok {
			t.letters[r] = s
		}
		if r < utf8.RuneSelf && isWordRune(r) {
			t.ascii[r] = t.letters[r][0]
		}
	}
	return &t
})

// append adds the folded form of r to a word. Combining marks are dropped, so
// that decomposed text reads like composed text.
func (t *foldTable) append(w []byte, r rune) []byte {
	switch {
	case r < rune(len(t.letters)):
		return append(w, t.letters[r]...)
	case 0x1e00 <= r && r < 0x2000: // more of the same with marks, as in Vietnamese
		r, _ = utf8.DecodeRuneInString(norm.NFD.String(string(r)))
		return utf8.AppendRune(w, unicode.ToLower(r))
	case unicode.Is(unicode.Mn, r):
		return w
	case r == 'آ' || r == 'أ' || r == 'إ': // written without their marks as often
		r = 'ا'
	}
	return utf8.AppendRune(w, unicode.ToLower(r))
}
