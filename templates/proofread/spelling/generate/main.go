// Command generate makes the dictionary that is built into the program from
// the word lists that data/README.md names. It is run by hand: see there.
package main

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"afterword/templates/proofread/spelling"

	"github.com/blevesearch/vellum"
)

func main() {
	var s sources
	flag.StringVar(&s.american, "us", "", "folder with index.aff and index.dic of dictionary-en")
	flag.StringVar(&s.british, "gb", "", "the same of dictionary-en-gb")
	flag.StringVar(&s.misspellings, "misspell", "", "words.go of golangci/misspell")
	flag.StringVar(&s.large, "large", "", "larger word lists, one word in a line, parted by commas")
	flag.StringVar(&s.data, "data", "data", "folder of the results, with terms.txt and misspelt.txt")
	flag.Parse()
	if err := s.generate(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

type sources struct{ american, british, misspellings, large, data string }

func (s sources) generate() error {
	if s.american == "" || s.british == "" || s.misspellings == "" {
		return errors.New("-us, -gb and -misspell are needed; data/README.md says where to get them")
	}
	words := lexicon{}
	aff, err := words.dictionary(s.american, spelling.American)
	if err != nil {
		return err
	}
	if _, err := words.dictionary(s.british, spelling.British); err != nil {
		return err
	}
	words.markForms()
	for path := range strings.SplitSeq(s.large, ",") {
		if err := words.rare(path); err != nil {
			return err
		}
	}
	wrong, err := s.wrong(words)
	if err != nil {
		return err
	}
	terms, err := os.ReadFile(filepath.Join(s.data, "terms.txt"))
	if err != nil {
		return err
	}
	err = spelling.Expand(aff, bySpaces(terms), func(w string) { words.add(w, spelling.Term) })
	if err != nil {
		return err
	}
	if err := write(filepath.Join(s.data, "english.fst"), words); err != nil {
		return err
	}
	return write(filepath.Join(s.data, "misspelt.fst"), wrong)
}

// bySpaces puts the words of a list, several in a line, each into its own.
func bySpaces(text []byte) string {
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			b.WriteString(strings.Join(strings.Fields(line), "\n") + "\n")
		}
	}
	return b.String()
}

// lexicon is what is known of each word.
type lexicon map[string]spelling.Class

// add leaves out the possessive, which is read from the word without it.
func (l lexicon) add(word string, c spelling.Class) {
	if !strings.HasSuffix(word, "'s") || len(word) < 4 {
		l[word] |= c
	}
}

func (l lexicon) dictionary(folder string, c spelling.Class) (aff string, err error) {
	affixes, err := os.ReadFile(filepath.Join(folder, "index.aff"))
	if err != nil {
		return "", err
	}
	dic, err := os.ReadFile(filepath.Join(folder, "index.dic"))
	if err != nil {
		return "", err
	}
	return string(affixes), spelling.Expand(string(affixes), string(dic), func(w string) { l.add(w, c) })
}

// rare adds the words of a larger list that nothing else knows. Short ones are
// mostly slips of others.
func (l lexicon) rare(path string) error {
	if path == "" {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for w := range strings.Lines(string(text)) {
		if w = strings.TrimSpace(w); len(w) >= 6 && w == strings.ToLower(w) && l[w] == 0 && !strings.Contains(w, "'") {
			l[w] = spelling.Rare
		}
	}
	return nil
}

// sides are endings and middles that are American and British.
func sides() [][2]string {
	return [][2]string{{"or", "our"}, {"er", "re"}, {"ize", "ise"}, {"izi", "isi"}, {"iza", "isa"}, {"yze", "yse"}, {"yzi", "ysi"}, {"el", "ell"},
		{"al", "all"}, {"og", "ogue"}, {"ense", "ence"}, {"gram", "gramme"}, {"gray", "grey"}, {"judgm", "judgem"}, {"edgm", "edgem"}, {"ill", "il"},
		{"oll", "ol"}, {"ck", "que"}, {"eck", "eque"}, {"old", "ould"}, {"ed", "ae"}, {"e", "ae"}, {"e", "oe"}, {"ow", "ough"}}
}

// markForms finds the words that the other side spells otherwise.
func (l lexicon) markForms() {
	const both = spelling.American | spelling.British
	for word, c := range l {
		if c&both != spelling.American || word != strings.ToLower(word) {
			continue
		}
		for _, s := range sides() {
			for at := 0; at < len(word); at++ {
				if !strings.HasPrefix(word[at:], s[0]) {
					continue
				}
				other := word[:at] + s[1] + word[at+len(s[0]):]
				if l[other]&both == spelling.British {
					l[word] |= spelling.AmericanForm
					l[other] |= spelling.BritishForm
				}
			}
		}
	}
}

// pairs finds the entries of misspell's table, each a wrong and a right word.
var pairs = regexp.MustCompile(`(?m)^\s*"([^"]+)", "([^"]+)",$`)

// wrong are the misspellings that are no words, and those of misspelt.txt,
// whether words or not.
func (s sources) wrong(words lexicon) (map[string]spelling.Class, error) {
	text, err := os.ReadFile(s.misspellings)
	if err != nil {
		return nil, err
	}
	all := map[string]spelling.Class{}
	for _, p := range pairs.FindAllStringSubmatch(string(text), -1) {
		w, right := strings.ToLower(p[1]), strings.ToLower(p[2])
		real := words[right] != 0 || words[strings.ToUpper(right[:1])+right[1:]] != 0
		if words[w]&spelling.Common == 0 && words[strings.ToUpper(w[:1])+w[1:]] == 0 && real {
			all[w+"\x00"+right] = 0
			delete(words, w) // a larger list may hold the slip
		}
	}
	own, err := os.ReadFile(filepath.Join(s.data, "misspelt.txt"))
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(own)) {
		if w, right, ok := strings.Cut(strings.TrimSpace(line), " "); ok && w != "#" {
			all[w+"\x00"+right] = 0
			delete(words, w)
		}
	}
	return all, nil
}

// write keeps the words as a transducer.
func write(path string, words map[string]spelling.Class) error {
	var out bytes.Buffer
	b, err := vellum.New(&out, nil)
	if err != nil {
		return err
	}
	keys := make([]string, 0, len(words))
	for w := range words {
		keys = append(keys, w)
	}
	slices.Sort(keys)
	for _, w := range keys {
		err = cmp.Or(err, b.Insert([]byte(w), uint64(words[w])))
	}
	if err := cmp.Or(err, b.Close()); err != nil {
		return err
	}
	fmt.Printf("%s: %d words, %d bytes\n", path, len(words), out.Len())
	return os.WriteFile(path, out.Bytes(), 0o644)
}
