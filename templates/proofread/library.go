package proofread

import (
	"io/fs"
	"sync"

	"afterword/templates/proofread/spelling"
)

// Library is what a checker may read beside what is built in. Every field may
// be nil.
type Library struct {
	// Hunspell is the folder of the system's dictionaries, each an .aff and a
	// .dic file named by its language, such as fr_FR.
	Hunspell fs.FS
	// Words are the user's own, asked for with every mail.
	Words func() []string
}

// WithLibrary is the checker that also uses the library.
func (c *Checker) WithLibrary(l Library) *Checker {
	other := *c
	other.library, other.shelf = l, &shelf{}
	return &other
}

// shelf keeps the dictionaries that were opened. It is safe for concurrent use.
type shelf struct {
	mu   sync.Mutex
	open map[string]*spelling.Hunspell // nil: there is none, or it cannot be read
}

// dictionary is the system's for a language, nil where there is none. It is
// opened when a mail first needs it.
func (c *Checker) dictionary(language string) *spelling.Hunspell {
	if c.library.Hunspell == nil || language == "" {
		return nil
	}
	c.shelf.mu.Lock()
	defer c.shelf.mu.Unlock()
	d, known := c.shelf.open[language]
	if !known {
		d, _ = spelling.OpenHunspell(c.library.Hunspell, language) // unreadable is as good as missing
		if c.shelf.open == nil {
			c.shelf.open = map[string]*spelling.Hunspell{}
		}
		c.shelf.open[language] = d
	}
	return d
}

// ownWords are the user's, in lower case.
func (c *Checker) ownWords() map[string]bool {
	all := map[string]bool{}
	if c.library.Words == nil {
		return all
	}
	for _, w := range c.library.Words() {
		learnFrom(all, []string{w})
	}
	return all
}
