package proofread

import (
	"math/rand/v2"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// The alternatives of a table's line are those that no bracket encloses, and a search that
// leaves most of them untried finds what each of them would.
func TestSearchBranches(t *testing.T) {
	t.Parallel()
	for e, want := range map[string][]string{
		"a": {"a"}, "a|b": {"a", "b"}, "(?:a|b)c|d": {"(?:a|b)c", "d"}, "[a|b]|c": {"[a|b]", "c"}, `\||\(|c`: {`\|`, `\(`, "c"}, "[^]|]|x": {"[^]|]", "x"}, `[\]|]|y`: {`[\]|]`, "y"},
	} {
		if got := branches(e); !slices.Equal(got, want) {
			t.Errorf("%q parts into %q, want %q", e, got, want)
		}
	}
	s := newSearch(`(?:^|[^\pL])`, []string{"gentle (?:nudge|push)|as soon as (?:possible|you can)", "é(?:té|tude)|x", "seven|eight|nine|ten", "συνημμέν\\pL+|Ω"}, `(?:$|[^\pL])`)
	for text, want := range map[string]string{"A gentle push helps": " gentle push ", "As soon as you can, please": "As soon as you can,", "un été": " été", "at ten": " ten", "tenth of it": "", "Το συνημμένο": " συνημμένο", "an ÉTUDE": " ÉTUDE", "": ""} {
		got := ""
		if at := s.Find(text); at != nil {
			got = text[at[0]:at[1]]
		}
		if got != want || (want != "") != (len(s.FindAll(text)) > 0) {
			t.Errorf("in %q it finds %q, want %q", text, got, want)
		}
	}
}

// What is tried only where its literals may stand finds the same as trying everything, in
// texts shuffled from pieces of the tables' own words and of letters.
func TestSieveHidesNothing(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	p := loadPhrases()
	pieces := scraps()
	tables := map[string]search{"pressure": p.pressure, "desperate": p.desperate, "attachment": p.attachment, "slang": p.slang, "placeholder": p.placeholder, "unwritten": p.unwritten, "offtopic": p.offTopic,
		"borrowed": p.borrowed, "thanks": p.thanks, "interest": p.interest, "offer": p.offer, "role": p.role, "request": p.request, "html": p.html}
	for _, more := range []map[string]search{p.confusions, p.slangOf, p.offTopicOf} {
		for language, s := range more {
			tables[language+string(rune('a'+len(tables)))] = s
		}
	}
	hits := 0
	for range 40 {
		var text strings.Builder
		for range 40 {
			at := r.IntN(len(pieces) - 4)
			part := strings.Join(pieces[at:at+4], " ")
			switch r.IntN(5) {
			case 0:
				part = strings.ToUpper(part)
			case 1:
				part = string([]rune(part)[r.IntN(3):])
			}
			text.WriteString(part + " ")
		}
		for name, s := range tables {
			var plainly [][]int
			for _, a := range s {
				plainly = append(plainly, a.expression().FindAllStringIndex(text.String(), -1)...)
			}
			hits += len(plainly)
			if got := s.FindAll(text.String()); !slices.EqualFunc(got, plainly, slices.Equal) {
				t.Fatalf("%s: the sieve finds %d of %d in %q", name, len(got), len(plainly), text.String())
			}
		}
	}
	if hits < 100 {
		t.Fatalf("the shuffled texts hold %d matches, too few to tell", hits)
	}
}

// TestSieveLetsMatchesThrough: texts that are made of each expression of the tables, letter by
// letter in either case, are tried with it.
func TestSieveLetsMatchesThrough(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(5, 6))
	p := loadPhrases()
	all := slices.Concat(p.pressure, p.desperate, p.attachment, p.slang, p.placeholder, p.unwritten, p.offTopic, p.borrowed, p.thanks, p.interest, p.offer, p.role, p.request, p.html)
	for _, more := range []map[string]search{p.confusions, p.slangOf, p.offTopicOf} {
		for _, s := range more {
			all = append(all, s...)
		}
	}
	for _, rows := range relatives() {
		for _, r := range rows {
			all = append(all, r.attempt)
		}
	}
	made := 0
	for _, a := range all {
		tree, err := syntax.Parse(a.expression().String(), syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		for range 10 {
			var b strings.Builder
			write(dice, tree, &b)
			text := b.String()
			if !a.expression().MatchString(text) {
				continue
			}
			made++
			lower := lowerIn(text)
			if long := slices.Repeat(search{a}, 8); !long.sieve(lower).mayHold(a) || !a.worth(text, lower) {
				t.Errorf("%s is not tried on %q", a.expression(), text)
				break
			}
		}
	}
	if made < 5*len(all) {
		t.Errorf("%d texts match %d expressions, too few to tell", made, len(all))
	}
}

// write writes a text that an expression may match. Letters are large or small, those of
// Greek as at the end of a word too, but none that only old prints have.
func write(dice *rand.Rand, e *syntax.Regexp, b *strings.Builder) {
	times := 1
	switch e.Op {
	case syntax.OpLiteral:
		for _, r := range e.Rune {
			if e.Flags&syntax.FoldCase != 0 {
				r, _ = utf8.DecodeRuneInString(strings.NewReplacer("\u0345", "ι", "\u00b5", "μ").Replace(string(r)))
				other := []rune{unicode.ToLower(r), unicode.ToUpper(r)}[dice.IntN(2)]
				if other == 'σ' && dice.IntN(2) == 0 {
					other = 'ς'
				}
				r = other
			}
			b.WriteRune(r)
		}
		return
	case syntax.OpCharClass:
		n := dice.IntN(len(e.Rune)/2) * 2
		b.WriteRune(e.Rune[n] + rune(dice.IntN(int(min(e.Rune[n+1]-e.Rune[n], 99))+1)))
		return
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte("ab 1."[dice.IntN(5)])
		return
	case syntax.OpAlternate:
		write(dice, e.Sub[dice.IntN(len(e.Sub))], b)
		return
	case syntax.OpStar:
		times = dice.IntN(3)
	case syntax.OpPlus:
		times = 1 + dice.IntN(2)
	case syntax.OpQuest:
		times = dice.IntN(2)
	case syntax.OpRepeat:
		times = e.Min + dice.IntN(max(e.Max, e.Min+2)-e.Min+1)
	}
	for range times {
		for _, sub := range e.Sub {
			write(dice, sub, b)
		}
	}
}

// scraps are words and marks of which texts are shuffled.
func scraps() []string {
	return strings.FieldsFunc(lookAlikes+" é Ω ΣΥΝΗΜΜΈΝΑ i have written you twice, ASAP please please in der Anlage sende u r great thank u ur hahaha hehe xxxo xxx XX years Company XYZ Herr/Frau Mustermann Firma X N.N. TODO TBD the NAME at COMPANY "+
		"[Name] {{name}} OO 님 ○○様 XX公司 Mü=C3=BC Ã¼ donâ€™t what?ever &amp; , , ,, . () Monday 23 November 2026 le 3 mars May 5th xx mai Thanks, Tim! Ken, thank you Have a nice day, Mara. i is i has me and him did", func(r rune) bool { return r == ' ' || r == '\n' || r == '|' })
}

// What a cheap look at a text spares an expression, the expression would not have found.
func TestLooksHideNothing(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	pieces, hits := scraps(), map[string]int{}
	for range 20000 {
		var all []string
		for range 1 + r.IntN(3) {
			at := r.IntN(len(pieces) - 3)
			if r.IntN(2) == 0 {
				at = len(pieces) - 4 - r.IntN(90) // among the marks
			}
			all = append(all, pieces[at:at+1+r.IntN(4)]...)
		}
		text := strings.Join(all, [...]string{" ", "  ", "\n", ", "}[r.IntN(4)])
		named := calledAtEnd().MatchString(text) || calledInWish().MatchString(text) || calledAtStart().MatchString(text)
		for name, x := range map[string]struct{ found, looked bool }{
			"marks in capitals": {unwrittenMark().MatchString(text) || unwrittenNoun().MatchString(text), hasCapitals(text)},
			"hole":              {holeMarks().MatchString(text), mayHole(text)},
			"own line":          {ownLine().MatchString(text), ownLines(text) != nil},
			"far signs":         {hanField().MatchString(text), hasFarSigns(text)},
			"damaged letters":   {garbledLetters().MatchString(text), strings.ContainsAny(text, damageMarks)},
			"month":             {writtenDay().MatchString(text), namesMonth(text)},
			"call":              {named, calledIn(text) != ""},
		} {
			if x.found {
				hits[name]++
			}
			if x.found && !x.looked {
				t.Fatalf("%s: not looked for in %q", name, text)
			}
		}
	}
	for _, name := range []string{"marks in capitals", "hole", "own line", "far signs", "damaged letters", "month", "call"} {
		if hits[name] < 5 {
			t.Errorf("%s: %d of the shuffled texts hold it, too few to tell", name, hits[name])
		}
	}
}

// The runs of five words, as they are cut from the joined text.
func TestRuns(t *testing.T) {
	t.Parallel()
	got := runs(words("a b c d e f a b c d e"))
	for run, at := range map[string]int{"a b c d e": 0, "b c d e f": 1, "f a b c d": 5, "c d e f a": 2} {
		if n, ok := got[run]; !ok || n != at {
			t.Errorf("%q is at %d, %v, want %d", run, n, ok, at)
		}
	}
	if len(got) != 6 || len(runs([]string{"a", "b"})) != 0 {
		t.Errorf("the runs are %v", got)
	}
}
