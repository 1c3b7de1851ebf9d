package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"afterword": func() { os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs the command line as its user does. Each file says at its top
// what it pins.
func TestScripts(t *testing.T) {
	t.Parallel()
	found, err := filepath.Glob(filepath.Join("testdata", "script", "*.txt"))
	if err != nil || len(found) == 0 {
		t.Fatalf("no scripts were found: %v", err)
	}
	testscript.Run(t, testscript.Params{Dir: filepath.Join("testdata", "script"), RequireExplicitExec: true})
}
