package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"afterword/internal/archive"
	"afterword/internal/config"
	"afterword/internal/ledger"
)

// The names of the files of a profile in a backup. Those of a folder stand below
// its name.
const (
	keptConfig     = "config.yaml"
	keptWords      = "words.txt"
	keptSecret     = "secret"
	keptLedger     = "ledger"
	keptStore      = "store.db"
	keptInterviews = "interviews/"
	keptTemplates  = "templates/"
)

// placeOf says where a file of a backup belongs, "" for one that this version
// does not know or no backup has: the folders are named by the backup itself, and may be
// such as hold other things.
func placeOf(c *config.Config, name string) string {
	switch name {
	case keptConfig:
		return c.Path
	case keptWords:
		return c.WordsPath
	case keptSecret:
		return c.StatePath + ".secret"
	case keptLedger:
		return ledger.Path(c.StatePath)
	case keptStore:
		return c.StatePath
	}
	for _, kept := range []struct {
		prefix, folder string
		depth          int
		wanted         func(string) bool
	}{{keptInterviews, c.InterviewsDir, 0, isKeptInterview}, {keptTemplates, c.TemplatesDir, 1, isKeptTemplate}} {
		below, ok := strings.CutPrefix(name, kept.prefix)
		if ok && kept.folder != "" && strings.Count(below, "/") <= kept.depth && kept.wanted(path.Base(below)) {
			return filepath.Join(kept.folder, filepath.FromSlash(below))
		}
	}
	return ""
}

// isKeptInterview reports whether a backup holds a file of this name of the folder of
// interviews.
func isKeptInterview(name string) bool {
	before, _, aside := strings.Cut(name, ".removed")
	return config.IsInterviewFile(name) || aside && config.IsInterviewFile(before)
}

func isKeptTemplate(name string) bool {
	return strings.HasSuffix(name, ".txt") && !strings.HasPrefix(name, ".")
}

// userFiles are the names, in a backup, of the files that the user owns.
func userFiles(c *config.Config) ([]string, error) {
	names := []string{keptConfig}
	if _, err := os.Stat(c.WordsPath); err == nil {
		names = append(names, keptWords)
	}
	interviews, err := filesBelow(c.InterviewsDir, keptInterviews, 0, isKeptInterview)
	if err != nil {
		return nil, err
	}
	templates, err := filesBelow(c.TemplatesDir, keptTemplates, 1, isKeptTemplate)
	return append(append(names, interviews...), templates...), err
}

// filesBelow lists the files of a folder that may be missing, and of so many
// levels of folders in it.
func filesBelow(folder, prefix string, depth int, wanted func(name string) bool) (names []string, err error) {
	if folder == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		info, err := os.Stat(filepath.Join(folder, e.Name())) // a link may lead to either
		switch {
		case err != nil:
		case info.IsDir() && depth > 0 && !strings.HasPrefix(e.Name(), "."):
			below, err := filesBelow(filepath.Join(folder, e.Name()), prefix+e.Name()+"/", depth-1, wanted)
			if err != nil {
				return nil, err
			}
			names = append(names, below...)
		case info.Mode().IsRegular() && wanted(e.Name()):
			names = append(names, prefix+e.Name())
		}
	}
	return names, err
}

// sources reads the user's files, the secret and the ledger. The ledger is read after
// the store was copied: one that knows more than the store leads to a question, one that
// knows less would not.
func sources(c *config.Config, store string) ([]archive.Source, error) {
	names, err := userFiles(c)
	if err != nil {
		return nil, err
	}
	var all []archive.Source
	if store != "" {
		all = append(all, archive.Source{Name: keptStore, Path: store})
	}
	if _, err := os.Stat(placeOf(c, keptSecret)); err == nil {
		names = append(names, keptSecret)
	}
	for _, name := range names {
		data, err := os.ReadFile(placeOf(c, name))
		if err != nil {
			return nil, err
		}
		all = append(all, archive.Source{Name: name, Data: data})
	}
	lines, err := os.ReadFile(ledger.Path(c.StatePath))
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil // no daemon ran yet
	}
	// A line that is being written belongs to a mail whose dot has not left.
	lines = lines[:bytes.LastIndexByte(lines, '\n')+1]
	return append(all, archive.Source{Name: keptLedger, Data: lines}), err
}

// writePart writes content beside the place that it is for, durably. What is left
// to do, a renaming, needs no room on the disk.
func writePart(path string, content io.Reader) (part string, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.part") // mode 0600
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, content)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// syncFolder makes a renaming durable.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	_ = d.Sync() // some systems cannot sync a folder
	return d.Close()
}
