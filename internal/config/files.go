package config

import (
	"crypto/sha256"
	"fmt"
	"sync"
	"time"

	"afterword/scheduler"
)

// Files implements scheduler.Files on config.yaml and its folder of
// interviews. It keeps the last good state of each file while the file is
// broken. It is safe for concurrent use.
type Files struct {
	now func() time.Time

	mu    sync.Mutex
	good  *Config
	last  map[string]scheduler.Application // by path, the last that was not broken
	shelf shelf
	gave  []scheduler.Application // what the last reading gave, for as long as nothing changes
}

// NewFiles begins with a config that was loaded; now is the program's clock.
func NewFiles(c *Config, now func() time.Time) *Files {
	return &Files{now: now, good: c, last: map[string]scheduler.Application{}}
}

// Forget drops what is remembered of files that were removed for good.
func (f *Files) Forget(paths ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, path := range paths {
		delete(f.last, path)
		delete(f.shelf.files, path)
	}
	f.gave, f.shelf.whole = nil, false // the next reading makes them anew
}

// Config returns the last good config.
func (f *Files) Config() *Config {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.good
}

// Read reads everything anew; what has the very bytes that it had is not parsed
// again, and where nothing changed the slice of the last time is returned, which
// nobody changes. A broken or missing config.yaml gives the last
// good policy with Broken set; a broken interview file the application as it
// last was, with Broken set. A file that is gone is absent. Only a folder that
// cannot be read is an error.
func (f *Files) Read() (scheduler.Policy, []scheduler.Application, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	broken := ""
	if err := f.loadConfig(); err != nil {
		broken = brokenWords(err)
	}
	c := f.good
	policy := c.Policy
	policy.Broken = broken
	found, same, err := f.shelf.interviews(c.InterviewsDir, c.Policy)
	if err != nil {
		return policy, nil, fmt.Errorf("reading files: %w", err)
	}
	if !same {
		f.gave = f.keep(found)
	}
	return policy, f.gave, nil
}

// loadConfig takes config.yaml for the good one if it can be used. What was read
// against another one is read again.
func (f *Files) loadConfig() error {
	data, err := readFile(f.good.Path)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	if sum != f.good.sum { // most readings find what was read before
		fresh, err := parseConfig(f.good.Path, data, f.now())
		if err != nil {
			return err
		}
		fresh.sum, f.good = sum, fresh
	}
	f.shelf.against(sum)
	return nil
}

// keep replaces what is broken by its last good state and remembers the rest.
// Files that are gone stay remembered: editors take a file away while they
// write it.
func (f *Files) keep(found []scheduler.Application) []scheduler.Application {
	for i, a := range found {
		if a.Broken == "" {
			f.last[a.File] = a
		} else if good, ok := f.last[a.File]; ok {
			good.Broken = a.Broken
			found[i] = good
		}
	}
	return found
}
