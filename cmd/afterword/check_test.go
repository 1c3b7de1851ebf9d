package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestWritable: a folder in which files can be made, or that can be made itself, is good
// for the store, and nothing is left behind; a place below a file is not.
func TestWritable(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, good := range []string{folder, filepath.Join(folder, "later", "state")} {
		if err := writable(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if writable(filepath.Join(file, "state")) == nil {
		t.Error("a file is taken for a folder")
	}
}
