package config

import (
	"crypto/sha256"

	"afterword/scheduler"
)

// shelf remembers what each interview file was read as. The bytes decide whether
// a file is still the same: a time of change that is too coarse, or that an editor
// keeps, hides no edit. Its zero value remembers nothing.
type shelf struct {
	config [sha256.Size]byte  // of the config.yaml that the files were held against
	files  map[string]reading // nil: nothing stands from the last time
	whole  bool               // every file could be read
}

// reading is one file as it was read.
type reading struct {
	sum [sha256.Size]byte
	a   scheduler.Application
	err error // of its words; nil if it can be used
}

// against forgets what was read against another config.yaml: zones, steps and
// hours stand there.
func (s *shelf) against(config [sha256.Size]byte) {
	if config != s.config {
		s.config, s.files = config, nil
	}
}

// interviews is LoadInterviews; same reports that nothing at all is different
// from the last time.
func (s *shelf) interviews(dir string, p scheduler.Policy) (all []scheduler.Application, same bool, err error) {
	before, next := s.files, map[string]reading{}
	same, whole := s.files != nil && s.whole, true
	all, err = loadInterviews(dir, func(path string) (scheduler.Application, error) {
		data, err := readFile(path)
		if err != nil {
			same, whole = false, false // it may be readable again without another byte
			return scheduler.Application{}, err
		}
		r, known := before[path]
		if sum := sha256.Sum256(data); !known || r.sum != sum {
			same = false
			r.sum = sum
			r.a, r.err = parseInterview(path, data, p)
		}
		next[path] = r
		return r.a, r.err
	})
	if err != nil {
		return nil, false, err
	}
	s.files, s.whole = next, whole
	return all, same && len(next) == len(before), nil
}
