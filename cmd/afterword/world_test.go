package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"afterword/internal/config"
	"afterword/templates/proofread"
)

// TestCodesThatConfigKnows: proofread.off takes each code that the proofreader has, and
// beside these only that of the weekly summary.
func TestCodesThatConfigKnows(t *testing.T) {
	t.Parallel()
	want := []string{"stopped-hunting"}
	for _, c := range proofread.Codes() {
		want = append(want, c.Name)
	}
	slices.Sort(want)
	if got := config.LintCodes(); !slices.Equal(got, want) {
		t.Errorf("the configuration knows %v, the proofreader and the summary have %v", got, want)
	}
}

// A daemon whose config.yaml names another store sends nothing more: what the
// commands commit there would not reach it.
func TestAnotherStoreHoldsEverything(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "config.yaml")
	text := fmt.Sprintf(runConfig, "465", "993")
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("config.yaml", text)
	write("password", "secret\n")
	if err := os.Mkdir(filepath.Join(dir, "interviews"), 0o700); err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC) }
	c, err := config.Load(path, now())
	if err != nil {
		t.Fatal(err)
	}
	w, err := newWorld(c, now)
	if err != nil {
		t.Fatal(err)
	}
	broken := func() string {
		policy, _, err := w.Read()
		if err != nil {
			t.Fatal(err)
		}
		return policy.Broken
	}
	if words := broken(); words != "" {
		t.Fatalf("held although nothing changed: %s", words)
	}
	write("config.yaml", text+"state: other.db\n")
	if words := broken(); !strings.Contains(words, "other.db") || !strings.Contains(words, "anew") {
		t.Errorf("another store: %q", words)
	}
	write("config.yaml", text)
	if words := broken(); words != "" {
		t.Errorf("held although it names the open store again: %s", words)
	}
}
