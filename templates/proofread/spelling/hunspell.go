package spelling

import (
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
)

// Hunspell is a dictionary of the system. It is immutable and safe for
// concurrent use. It holds the file as it is, and four bytes for each entry.
type Hunspell struct {
	rules *affixes
	text  string   // the word list
	at    []uint32 // where its entries begin, ordered by their stems
}

// maxDictionary bounds each file of a dictionary; the largest known has 8 MB.
const maxDictionary = 16 << 20

// OpenHunspell reads the first dictionary of a language, such as "de" or
// "de-AT", that the folder holds. It fails with fs.ErrNotExist where there is
// none.
func OpenHunspell(folder fs.FS, language string) (*Hunspell, error) {
	name, err := find(folder, language)
	if err != nil {
		return nil, err
	}
	aff, err := readBounded(folder, name+".aff")
	if err != nil {
		return nil, err
	}
	dic, err := readBounded(folder, name+".dic")
	if err != nil {
		return nil, err
	}
	encoding := ""
	for line := range strings.Lines(aff) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "SET" {
			encoding = f[1]
		}
	}
	if aff, err = toUTF8(aff, encoding); err != nil {
		return nil, err
	}
	if dic, err = toUTF8(dic, encoding); err != nil {
		return nil, err
	}
	return newHunspell(aff, dic)
}

// find is the name, without its ending, of the dictionary that fits best.
func find(folder fs.FS, language string) (string, error) {
	base, region, _ := strings.Cut(strings.ReplaceAll(language, "-", "_"), "_")
	base = strings.ToLower(base)
	home := base + "_" + strings.ToUpper(cmp.Or(region, base)) // fr_FR, de_DE, es_ES
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return "", err
	}
	best := ""
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".dic")
		fits := name == base || strings.HasPrefix(name, base+"_") || strings.HasPrefix(name, base+"-")
		if ok && fits && (best == "" || name == home || name == base && best != home) {
			best = name
		}
	}
	if best == "" {
		return "", fmt.Errorf("looking for a dictionary of %q: %w", language, fs.ErrNotExist)
	}
	return best, nil
}

func readBounded(folder fs.FS, name string) (string, error) {
	f, err := folder.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxDictionary+1))
	if err == nil && len(text) > maxDictionary {
		err = fmt.Errorf("reading %s: over %d bytes", name, maxDictionary)
	}
	return string(text), err
}

// toUTF8 reads a text in the encoding that the affix file names.
func toUTF8(text, encoding string) (string, error) {
	name := strings.ToLower(strings.TrimSpace(encoding))
	if after, ok := strings.CutPrefix(name, "iso8859-"); ok {
		name = "iso-8859-" + after
	}
	if name == "" || name == "utf-8" {
		return strings.ToValidUTF8(strings.TrimPrefix(text, "\ufeff"), "\ufffd"), nil
	}
	e, err := htmlindex.Get(strings.TrimPrefix(name, "microsoft-"))
	if err != nil {
		return "", fmt.Errorf("reading a dictionary in %q: %w", encoding, err)
	}
	return e.NewDecoder().String(text)
}

// newHunspell orders the entries of a word list.
func newHunspell(aff, dic string) (*Hunspell, error) {
	rules, err := readAffixes(aff)
	if err != nil {
		return nil, err
	}
	h := &Hunspell{rules: rules, text: dic}
	from := 0
	for line := range strings.Lines(dic) {
		if isEntry(line) {
			h.at = append(h.at, uint32(from))
		}
		from += len(line)
	}
	stems := make(map[uint32]string, len(h.at)) // a passing cost: each is a part of the text
	for _, at := range h.at {
		stems[at] = h.stem(at)
	}
	slices.SortFunc(h.at, func(a, b uint32) int { return strings.Compare(stems[a], stems[b]) })
	return h, nil
}

// stem is the word of the entry that begins there.
func (h *Hunspell) stem(at uint32) string {
	s := h.text[at:]
	return s[:stemEnd(s)]
}

// entries calls yield with the flags of every entry of a stem.
func (h *Hunspell) entries(stem string, yield func([]flag) bool) bool {
	i, _ := slices.BinarySearchFunc(h.at, stem, func(at uint32, s string) int { return strings.Compare(h.stem(at), s) })
	for ; stem != "" && i < len(h.at) && h.stem(h.at[i]) == stem; i++ {
		line := h.text[h.at[i]:]
		if end := strings.IndexByte(line, '\n'); end >= 0 {
			line = line[:end]
		}
		if _, fs, ok := h.rules.entry(line); ok && yield(fs) {
			return true
		}
	}
	return false
}

// Known reports whether a word exists, in this writing or with a small first
// letter, as at the start of a sentence.
func (h *Hunspell) Known(word string) bool {
	lower := strings.ToLower(word)
	if h.exists(word) || lower != word && (h.exists(lower) || word == strings.ToUpper(word) && h.exists(titled(lower))) {
		return true
	}
	return len(h.rules.compound) > 0 && h.composed(lower, 3)
}

// exists looks for exactly this writing.
func (h *Hunspell) exists(word string) bool {
	if h.entries(word, func(fs []flag) bool { return h.has(fs, h.rules.forbidden) }) {
		return false
	}
	plain := func(fs []flag) bool { return !h.has(fs, h.rules.needAffix) && !h.has(fs, h.rules.onlyInside) }
	if h.entries(word, plain) || h.suffixed(word, nil, true) {
		return true
	}
	for i := range h.rules.prefixes {
		p := &h.rules.prefixes[i]
		stem := p.withoutPrefix(word)
		if stem == "" {
			continue
		}
		if h.entries(stem, func(fs []flag) bool { return h.has(fs, p.flag) }) || p.cross && h.suffixed(stem, p, false) {
			return true
		}
	}
	return false
}

func (h *Hunspell) has(fs []flag, f flag) bool { return f != 0 && slices.Contains(fs, f) }

// suffixed reports whether the word is a stem with a suffix, or, where again
// is set, with a second one upon it. A prefix must go with the same stem.
func (h *Hunspell) suffixed(word string, prefix *affix, again bool) bool {
	last, _ := utf8.DecodeLastRuneInString(word)
	for _, ending := range []rune{last, 0} {
		for _, i := range h.rules.endings[ending] {
			s := &h.rules.suffixes[i]
			stem := s.withoutSuffix(word)
			if stem == "" || prefix != nil && !s.cross {
				continue
			}
			if h.entries(stem, func(fs []flag) bool {
				return h.has(fs, s.flag) && (prefix == nil || h.has(fs, prefix.flag) || slices.Contains(s.more, prefix.flag))
			}) {
				return true
			}
			if again && h.twice(stem, s.flag) {
				return true
			}
		}
	}
	return false
}

// twice reports whether the stem is itself made with a suffix that takes the
// flag.
func (h *Hunspell) twice(stem string, f flag) bool {
	last, _ := utf8.DecodeLastRuneInString(stem)
	for _, i := range h.rules.endings[last] {
		s := &h.rules.suffixes[i]
		if !slices.Contains(s.more, f) {
			continue
		}
		if inner := s.withoutSuffix(stem); inner != "" && h.entries(inner, func(fs []flag) bool { return h.has(fs, s.flag) }) {
			return true
		}
	}
	return false
}

// shortestPart is the least, in letters, that a part of a composed word has.
const shortestPart = 3

// composed reports whether a word in lower case is put together of at most so
// many words, as German does. It is more lenient than Hunspell: a part is any
// word of the list, and an s may join two.
func (h *Hunspell) composed(word string, parts int) bool {
	r := []rune(word)
	for i := shortestPart; i+shortestPart <= len(r); i++ {
		left, right := string(r[:i]), string(r[i:])
		if !h.part(left) && !h.part(strings.TrimSuffix(left, "s")) {
			continue
		}
		if h.exists(right) || h.exists(titled(right)) || parts > 2 && h.composed(right, parts-1) {
			return true
		}
	}
	return false
}

func (h *Hunspell) part(s string) bool {
	return utf8.RuneCountInString(s) >= shortestPart &&
		(h.exists(s) || h.exists(titled(s)) || h.entries(s, func([]flag) bool { return true }) || h.entries(titled(s), func([]flag) bool { return true }))
}

// Suggest are at most n words one edit away.
func (h *Hunspell) Suggest(word string, n int) []string {
	if len(word) > longestWord {
		return nil
	}
	var all []string
	try := func(r []rune) {
		if w := string(r); w != word && h.exists(w) && !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	letters := h.letters()
	r := []rune(word)
	for i := range r {
		if i+1 < len(r) {
			swapped := slices.Clone(r)
			swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
			try(swapped)
		}
		try(slices.Delete(slices.Clone(r), i, i+1))
	}
	for i := 0; i <= len(r) && len(all) < n; i++ {
		for _, l := range letters {
			try(slices.Insert(slices.Clone(r), i, l))
			if i < len(r) {
				other := slices.Clone(r)
				other[i] = l
				try(other)
			}
		}
	}
	return all[:min(n, len(all))]
}

// letters are the small ones that the file says to try.
func (h *Hunspell) letters() []rune {
	var all []rune
	for _, r := range cmp.Or(h.rules.tries, "esianrtolcdugmphbyfvkwzjxq") {
		if unicode.IsLower(r) {
			all = append(all, r)
		}
	}
	return all
}
