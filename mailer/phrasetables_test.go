package mailer

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// phraseTable compiles a table of one section.
func phraseTable(t *testing.T, phrases ...string) *phraseTables {
	t.Helper()
	tables := newPhraseTables(newVocabulary(), sectionNamed)
	if err := tables.load("en", "[delay]\n"+strings.Join(phrases, "\n")); err != nil {
		t.Fatal(err)
	}
	tables.linkStems()
	return tables
}

func TestPhrases(t *testing.T) {
	t.Parallel()
	check := func(pattern, text string, want bool) {
		t.Helper()
		if got := phraseTable(t, pattern).has(text, delayText); got != want {
			t.Errorf("%q in %q: %v", pattern, text, got)
		}
	}
	check("not yet delivered", "It was NOT yet\ndelivered!", true)
	check("not yet delivered", "not delivered", false)
	check("not yet delivered", "Not yet. Delivered tomorrow", false)
	check("(not|never) (yet|) delivered", "never delivered", true)
	check("(not|never) (yet|) delivered", "not yet delivered", true)
	check("(not|never) (yet|) delivered", "yet delivered", false)
	check("kept * queue", "kept by us in the queue", true)
	check("kept * queue", "kept one two three four five six queue", false)
	check("kept * queue", "kept queue", true)
	check("kept * queue", "kept. The queue", false)
	check("a (b|c (d|e)) f", "a c e f", true)
	check("a (b|c (d|e)) f", "a c f", false)
	check("a (b|b c) d", "a b c d", true)
	check("(a|)b", "b", true)
	check("retard", "Retardé ? RETARD", true)
	check("résumé", "resume\u0301", true)
	check("resume", "re\u0301sume\u0301", true)
	check("strasse", "Straße", true)
	check("配信不能", "メール配信不能です", true)
	check("don t", "don’t", true)
	check("9 mai", "am 9. Mai", true)
}

// The marks of this are folded in the table as in the text.
func TestPhrasesFoldBothSides(t *testing.T) {
	t.Parallel()
	if !phraseTable(t, "für später").has("FUR SPATER", delayText) {
		t.Error("a table with accents does not match a text without")
	}
}

func TestPhraseTablesAreSound(t *testing.T) {
	t.Parallel()
	for folder, named := range map[string]func(string) (section, bool){"phrases": sectionNamed, "intents": intentSectionNamed, "dates": dateSectionNamed} {
		if _, err := loadTables(newVocabulary(), folder, named); err != nil {
			t.Fatal(err)
		}
	}
	for _, broken := range []string{"[no such section]\nx", "x", "[delay]\na ) b", "[delay]\na | b"} {
		tables := phraseTable(t)
		if err := tables.load("en", broken); err == nil {
			t.Errorf("%q was taken", broken)
		}
	}
}

// Each of the nine languages must serve each purpose that users rely on.
func TestEveryLanguageServesEveryPurpose(t *testing.T) {
	t.Parallel()
	check := func(t *phraseTables, wanted sections) (missing []string) {
		served := map[string]sections{}
		for _, list := range t.single {
			for _, o := range list {
				served[o.phrase.language] = served[o.phrase.language].with(of(o.phrase.section))
			}
		}
		for _, list := range t.double {
			for _, o := range list {
				served[o.phrase.language] = served[o.phrase.language].with(of(o.phrase.section))
			}
		}
		for _, language := range []string{"en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv"} {
			for s := section(1); s < mostSections; s++ {
				if wanted.has(s) && !served[language].has(s) {
					missing = append(missing, fmt.Sprintf("%s has nothing in section %d", language, s))
				}
			}
		}
		return missing
	}
	for _, missing := range slices.Concat(
		check(tables(), of(bounceSubject, bounceText, permanentText, transientText, delayText, autoSubject, autoText, receiptSubject,
			attribution, replyField, originalMessage, mobileSignature)),
		check(intentTables(), upTo(elsewhere)),
		check(dateTables(), upTo(month12)),
	) {
		t.Error(missing)
	}
}

// upTo is the set of the sections up to one.
func upTo(last section) (set sections) {
	for s := section(1); s <= last; s++ {
		set = set.with(of(s))
	}
	return set
}

func TestSentences(t *testing.T) {
	t.Parallel()
	check := func(text string, want int) {
		t.Helper()
		words := tables().read(text)
		if got := int(words[len(words)-1].sentence) + 1; got != want {
			t.Errorf("%q: %d sentences, want %d", text, got, want)
		}
	}
	check("one two\nthree", 1)
	check("one. Two", 2)
	check("one\n\ntwo", 2)
	check("am 9. Januar", 1)
	check("in 2026. Then", 2)
	check("e.g. this", 2) // short forms cut a sentence; no rule relies on long ones
	check("acme.example is here", 1)
	check("an Frau Dr. Pohl", 1)
	check("He saw the Dr. Then he left", 1) // the price
	check("No more Eldr. Then he left", 2)
	check("はい。いいえ", 2)
}

// Text made to be slow must not be: patterns with gaps are tried a bounded
// number of times.
func TestHostileTextIsBounded(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"we ", "not to be ", "i will be back on ", "unfortunately not ", "1 may ", "> ", "\n\n"} {
		raw := "From: a@b.example\nSubject: out of office\nDate: Tue, 5 May 2026 09:12:00 +0200\n\n" + strings.Repeat(unit, 200000/len(unit))
		if r := Classify(parse(raw)); r.Kind == "" {
			t.Errorf("%q repeated has no kind", unit)
		}
	}
}
