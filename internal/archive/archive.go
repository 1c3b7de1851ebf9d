// Package archive keeps the files of a profile in one file: a gzipped tar whose
// first entry, the manifest, says what follows. `tar -xzf` opens it.
package archive

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"time"
	"unicode"
)

// version is that of the form of the archive. A later one is refused.
const version = 1

// manifestName is the first entry.
const manifestName = "manifest.json"

// program marks the archives of this program.
const program = "afterword"

// Errors of an archive that is not to be used.
var (
	ErrDamaged = errors.New("the backup is damaged")
	ErrForeign = errors.New("this is no backup of afterword")
	ErrNewer   = errors.New("the backup was made by a newer afterword")
)

// Manifest says what an archive holds and where it comes from.
type Manifest struct {
	Program string    `json:"program"`
	Version int       `json:"version"`
	Made    time.Time `json:"made"`
	Config  string    `json:"config"`  // where config.yaml was, absolute
	Machine string    `json:"machine"` // profile.Machine of the store
	Files   []File    `json:"files"`   // in their order
}

// File is one entry. Its name is a path below the archive, with slashes.
type File struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Source is a file to put into an archive: its content, or where it lies.
type Source struct {
	Name string
	Data []byte
	Path string // of a file that does not change meanwhile; "" for Data
}

// check refuses a manifest that does not describe a backup of this program, and
// names that would lead out of the folder it is unpacked into.
func (m Manifest) check() error {
	switch {
	case m.Program != program:
		return ErrForeign
	case m.Version > version:
		return ErrNewer
	case m.Version < 1:
		return fmt.Errorf("%w: its form is %d", ErrDamaged, m.Version)
	}
	names := map[string]bool{} // of the files, false for the folders on the way to them
	for _, f := range m.Files {
		_, twice := names[f.Name]
		unprintable := strings.ContainsFunc(f.Name, unicode.IsControl)
		if !filepath.IsLocal(filepath.FromSlash(f.Name)) || path.Clean(f.Name) != f.Name || f.Name == manifestName || f.Size < 0 || unprintable || twice {
			return fmt.Errorf("%w: it names a file %q", ErrDamaged, f.Name)
		}
		names[f.Name] = true
		for folder := path.Dir(f.Name); folder != "."; folder = path.Dir(folder) {
			if names[folder] {
				return fmt.Errorf("%w: it names a file %q", ErrDamaged, folder)
			}
			names[folder] = false
		}
	}
	return nil
}
