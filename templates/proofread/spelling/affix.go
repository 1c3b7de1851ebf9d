package spelling

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// flag marks an entry of a word list: which affixes it takes, or what it is.
type flag uint32

// affixes is what an affix file of Hunspell says (hunspell(5)), as far as it
// decides whether a word exists. What it says about suggestions is not read.
type affixes struct {
	form    string // FLAG: "", "long", "num" or "UTF-8"
	aliases []string
	tries   string // TRY: the letters, the most frequent first

	prefixes, suffixes []affix
	endings            map[rune][]int // suffixes by their last letter, 0 for those that add none

	needAffix, forbidden, onlyInside flag
	compound                         []flag // any of them: the word may be a part of another
}

// affix is one rule: where the condition holds, strip goes and add comes.
type affix struct {
	flag       flag
	cross      bool // it goes together with an affix at the other end
	strip, add string
	where      []class
	more       []flag // what the result takes in turn
}

// class is one place of a condition: any of the letters, or none of them.
type class struct {
	letters string
	not     bool
}

func (c class) holds(r rune) bool {
	return c.letters == "" || strings.ContainsRune(c.letters, r) != c.not
}

// maxAffixRules bounds what one file may hold; the largest known has 20,000.
const maxAffixRules = 100_000

// readAffixes reads an affix file that was made UTF-8.
func readAffixes(text string) (*affixes, error) {
	a := &affixes{endings: map[rune][]int{}}
	for n, line := range strings.Split(text, "\n") {
		fields := strings.Fields(line)
		if len(fields) < 2 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if err := a.line(fields); err != nil {
			return nil, fmt.Errorf("reading affixes, line %d: %w", n+1, err)
		}
		if len(a.prefixes)+len(a.suffixes) > maxAffixRules {
			return nil, fmt.Errorf("reading affixes: more than %d rules", maxAffixRules)
		}
	}
	for i, s := range a.suffixes {
		last, _ := utf8.DecodeLastRuneInString(s.add)
		if s.add == "" {
			last = 0
		}
		a.endings[last] = append(a.endings[last], i)
	}
	return a, nil
}

func (a *affixes) line(f []string) error {
	one := func(to *flag) {
		if all := a.flags(f[1]); len(all) > 0 {
			*to = all[0]
		}
	}
	switch f[0] {
	case "FLAG":
		a.form = f[1]
	case "TRY":
		a.tries = f[1]
	case "AF":
		if len(a.aliases) == 0 {
			a.aliases = []string{""} // the first line counts them, and they count from 1
		} else {
			a.aliases = append(a.aliases, f[1])
		}
	case "NEEDAFFIX":
		one(&a.needAffix)
	case "FORBIDDENWORD":
		one(&a.forbidden)
	case "ONLYINCOMPOUND":
		one(&a.onlyInside)
	case "COMPOUNDFLAG", "COMPOUNDBEGIN", "COMPOUNDMIDDLE", "COMPOUNDLAST", "COMPOUNDEND":
		a.compound = append(a.compound, a.flags(f[1])...)
	case "PFX", "SFX":
		return a.rule(f)
	}
	return nil
}

// rule reads "SFX flag cross count" or "SFX flag strip add condition".
func (a *affixes) rule(f []string) error {
	kind := &a.suffixes
	if f[0] == "PFX" {
		kind = &a.prefixes
	}
	fs := a.flags(f[1])
	if len(fs) == 0 || len(f) < 4 {
		return fmt.Errorf("%q is no affix", strings.Join(f, " "))
	}
	if n := len(*kind); len(f) == 4 && (f[2] == "Y" || f[2] == "N") && (n == 0 || (*kind)[n-1].flag != fs[0]) {
		*kind = append(*kind, affix{flag: fs[0], cross: f[2] == "Y", where: []class{{letters: "\x00"}}}) // the head matches nothing
		return nil
	}
	head := slices.IndexFunc(*kind, func(x affix) bool { return x.flag == fs[0] })
	if head < 0 {
		return fmt.Errorf("%q has no head", strings.Join(f, " "))
	}
	add, more, _ := strings.Cut(f[3], "/")
	rule := affix{flag: fs[0], cross: (*kind)[head].cross, add: zero(add), strip: zero(f[2]), more: a.flags(more)}
	if len(f) > 4 {
		rule.where = classes(f[4])
	}
	*kind = append(*kind, rule)
	return nil
}

// zero is how the files write an empty text.
func zero(s string) string {
	if s == "0" {
		return ""
	}
	return s
}

// classes reads a condition such as "[^aeiou]y".
func classes(s string) []class {
	var all []class
	for s != "" && s != "." {
		if s[0] == '[' {
			if inner, rest, ok := strings.Cut(s[1:], "]"); ok {
				letters, not := strings.CutPrefix(inner, "^")
				all, s = append(all, class{letters, not}), rest
				continue
			}
		}
		r, n := utf8.DecodeRuneInString(s)
		c := class{letters: string(r)}
		if r == '.' {
			c = class{}
		}
		all, s = append(all, c), s[n:]
	}
	return all
}

// flags reads the flags of an entry in the file's own form.
func (a *affixes) flags(s string) []flag {
	if n, err := strconv.Atoi(s); err == nil && n > 0 && n < len(a.aliases) {
		s = a.aliases[n]
	}
	var all []flag
	switch a.form {
	case "num":
		for part := range strings.SplitSeq(s, ",") {
			if n, err := strconv.ParseUint(part, 10, 32); err == nil {
				all = append(all, flag(n))
			}
		}
	case "long":
		r := []rune(s)
		for i := 0; i+1 < len(r); i += 2 {
			all = append(all, flag(r[i])<<16|flag(r[i+1]))
		}
	default:
		for _, r := range s {
			all = append(all, flag(r))
		}
	}
	return all
}

// endsWell reports whether the end of the stem meets the condition.
func (x affix) endsWell(stem string) bool {
	for i := len(x.where) - 1; i >= 0; i-- {
		r, n := utf8.DecodeLastRuneInString(stem)
		if n == 0 || !x.where[i].holds(r) {
			return false
		}
		stem = stem[:len(stem)-n]
	}
	return true
}

// beginsWell is the same for prefixes.
func (x affix) beginsWell(stem string) bool {
	for _, c := range x.where {
		r, n := utf8.DecodeRuneInString(stem)
		if n == 0 || !c.holds(r) {
			return false
		}
		stem = stem[n:]
	}
	return true
}

// withSuffix is the stem with the suffix, "" where it takes none.
func (x affix) withSuffix(stem string) string {
	bare, ok := strings.CutSuffix(stem, x.strip)
	if !ok || !x.endsWell(stem) {
		return ""
	}
	return bare + x.add
}

// withoutSuffix is the stem that the word may have been made of, "" for none.
func (x affix) withoutSuffix(word string) string {
	bare, ok := strings.CutSuffix(word, x.add)
	if !ok {
		return ""
	}
	if stem := bare + x.strip; x.endsWell(stem) {
		return stem
	}
	return ""
}

func (x affix) withPrefix(stem string) string {
	bare, ok := strings.CutPrefix(stem, x.strip)
	if !ok || !x.beginsWell(stem) {
		return ""
	}
	return x.add + bare
}

func (x affix) withoutPrefix(word string) string {
	bare, ok := strings.CutPrefix(word, x.add)
	if !ok {
		return ""
	}
	if stem := x.strip + bare; x.beginsWell(stem) {
		return stem
	}
	return ""
}

// forms are all words that an entry makes: itself, with a suffix, a prefix or
// both. Affixes upon affixes are left out; English has none.
func (a *affixes) forms(stem string, fs []flag) []string {
	all := []string{stem}
	for _, s := range a.suffixes {
		word := s.withSuffix(stem)
		if word == "" || !slices.Contains(fs, s.flag) {
			continue
		}
		all = append(all, word)
		for _, p := range a.prefixes {
			if both := p.withPrefix(word); s.cross && p.cross && slices.Contains(fs, p.flag) && both != "" {
				all = append(all, both)
			}
		}
	}
	for _, p := range a.prefixes {
		if word := p.withPrefix(stem); slices.Contains(fs, p.flag) && word != "" {
			all = append(all, word)
		}
	}
	return all
}

// Expand calls yield for every word of a Hunspell dictionary whose affixes are
// made without recursion, as those of English are. Both texts are UTF-8.
func Expand(aff, dic string, yield func(word string)) error {
	a, err := readAffixes(aff)
	if err != nil {
		return err
	}
	for line := range strings.Lines(dic) {
		stem, fs, ok := a.entry(line)
		if !ok || slices.Contains(fs, a.onlyInside) && a.onlyInside != 0 {
			continue
		}
		for _, w := range a.forms(stem, fs) {
			yield(w)
		}
	}
	return nil
}

// entry reads a line of a word list, "word/flags morphology"; comments, empty
// lines and the count at the top are none.
func (a *affixes) entry(line string) (stem string, fs []flag, ok bool) {
	if !isEntry(line) {
		return "", nil, false
	}
	stem = line[:stemEnd(line)]
	rest, ok := strings.CutPrefix(line[len(stem):], "/")
	if !ok {
		return stem, nil, true
	}
	if end := strings.IndexAny(rest, " \t\r\n"); end >= 0 {
		rest = rest[:end]
	}
	return stem, a.flags(rest), true
}

func isEntry(line string) bool {
	line = strings.TrimSpace(line)
	return line != "" && line[0] != '#' && line[0] != '/' && strings.Trim(line, "0123456789") != ""
}

// stemEnd is where the word of a line ends. What a blank parts from it is
// morphology, such as "po:noun", or else a part of the word.
func stemEnd(line string) int {
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '/', '\t', '\r', '\n':
			return i
		case ' ':
			if i+3 < len(line) && line[i+3] == ':' {
				return i
			}
		}
	}
	return len(line)
}
