package templates

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ending is that of template files.
const ending = ".txt"

// maxFile bounds a template in bytes.
const maxFile = 64 << 10

// found is a file of the user as it was read.
type found struct {
	path   string
	folder string // the language that the folder is named for, or ""
	text   string
	err    error
}

func (f found) parse() (*file, error) {
	if f.err != nil {
		return nil, f.err
	}
	return parse(f.path, f.folder, f.text)
}

// ownFiles reads the user's folder, and those in it that are named for a
// language. A folder that is missing has no files.
func ownFiles(dir string) ([]found, error) {
	if dir == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []found
	for _, e := range entries {
		at := filepath.Join(dir, e.Name())
		info, err := os.Stat(at) // a link may lead to a folder
		switch {
		case err == nil && info.IsDir() && isTag(strings.ToLower(e.Name())):
			inside, err := os.ReadDir(at)
			if err != nil {
				return nil, err
			}
			for _, e := range inside {
				if isTemplate(e) {
					all = append(all, read(filepath.Join(at, e.Name()), strings.ToLower(filepath.Base(at))))
				}
			}
		case isTemplate(e):
			all = append(all, read(at, ""))
		}
	}
	return all, nil
}

// PassedOver lists the files of the user's folder that look like templates and are
// none, because their names end otherwise.
func PassedOver(dir string) ([]string, error) {
	var all []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		switch ending := strings.ToLower(filepath.Ext(path)); {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case !e.IsDir() && (ending == "" || ending == ".md" || ending == ".text" || ending == ".tmpl" || ending == ".eml") && !strings.HasPrefix(e.Name(), "."):
			all = append(all, path)
		}
		return nil
	})
	return all, err
}

// isTemplate passes over what editors leave in a folder.
func isTemplate(e fs.DirEntry) bool {
	return !e.IsDir() && strings.HasSuffix(e.Name(), ending) && !strings.HasPrefix(e.Name(), ".") && e.Name() != ending
}

// read reads one file, bounded. A file that cannot be read is broken, and so is a pipe or
// a device, which might keep the reader for ever.
func read(path, folder string) found {
	f := found{path: path, folder: folder}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f.err = wrong(path, 1, "found a device or pipe, expected a file", "")
		return f
	}
	from, err := os.Open(path)
	if err != nil {
		f.err = wrong(path, 1, "reading the template: "+cause(err), "")
		return f
	}
	text, err := io.ReadAll(io.LimitReader(from, maxFile+1))
	if err = errors.Join(err, from.Close()); err != nil {
		f.err = wrong(path, 1, "reading the template: "+cause(err), "")
	}
	if len(text) > maxFile {
		f.err = wrong(path, 1, fmt.Sprintf("found more than %d bytes, which is no mail", maxFile), "a template is the text of one mail")
	}
	f.text = string(text)
	return f
}

// cause leaves the path out of an error, which names it already.
func cause(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}
