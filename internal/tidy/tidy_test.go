// Package tidy tests the code itself: which way imports point, that no
// decision reads a clock, that nothing happens at import time, and that every
// function fits on a screen.
package tidy

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// source is one Go file of the module.
type source struct {
	path   string // relative to the module, with slashes
	folder string
	file   *ast.File
	set    *token.FileSet
}

// sources parses every Go file of the module. Finding none is a failure.
func sources(t *testing.T) []source {
	t.Helper()
	root := filepath.Join("..", "..")
	var all []source
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && strings.HasPrefix(e.Name(), ".") && path != root {
			return filepath.SkipDir
		}
		if e.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		rel = filepath.ToSlash(rel)
		all = append(all, source{path: rel, folder: filepath.ToSlash(filepath.Dir(rel)), file: file, set: set})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("found only %d Go files: looking in the wrong place?", len(all))
	}
	return all
}

func (s source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

// direction says what the packages below a folder may import of this module.
type direction struct {
	folder string // itself and below
	may    []string
	why    string
}

// directions is DESIGN section 2 as a table: the first row that fits a folder
// holds for it.
func directions() []direction {
	return []direction{
		{"scheduler/calendar", nil, "the calendar is arithmetic on dates and knows nobody"},
		{"scheduler", []string{"mailer", "scheduler/calendar"}, "the scheduler decides; it opens no socket, no file and no database"},
		{"mailer/smtp", []string{"mailer"}, "an adapter knows the words of mail and no other adapter"},
		{"mailer/imap", []string{"mailer"}, "an adapter knows the words of mail and no other adapter"},
		{"mailer/mailtest", []string{"mailer"}, "the sandbox stands for the world outside and must not know the program"},
		{"mailer", nil, "the words of mail are pure"},
		{"templates/proofread/spelling", []string{"templates/proofread/spelling"}, "a dictionary knows words and nothing else"},
		{"templates/proofread", []string{"scheduler", "scheduler/calendar", "mailer"}, "checks judge texts and facts, they do not render"},
		{"templates", []string{"scheduler", "scheduler/calendar", "mailer"}, "templates know the facts they show"},
		{"internal/config", []string{"scheduler", "scheduler/calendar", "mailer"}, "files become facts; they touch no mail server"},
		{"internal/store/sqlite", []string{"scheduler", "mailer"}, "a store keeps what the scheduler says"},
		{"internal/store/storetest", []string{"scheduler", "mailer"}, "the suite knows the port, not an implementation"},
		{"internal/web", []string{"scheduler", "scheduler/calendar", "templates", "templates/proofread", "mailer", "internal/health"}, "the page shows and asks; files, servers and the store are behind its ports"},
		{"internal/notify", []string{"scheduler", "mailer"}, "notices go through the scheduler's ports"},
		{"internal/realmail", []string{"mailer"}, "test support for real servers knows the words of mail only"},
		{"internal/sim", []string{"mailer/mailtest", "scheduler", "internal/clock", "internal/store/faultfs", "internal/oauth/oauthtest"}, "the simulation judges by what servers and store saw; the program is plugged in"},
		{"internal/ledger", nil, "the ledger is a file"},
		{"internal/service", []string{"scheduler"}, "a service knows the system that starts it, and the clock"},
		{"internal/health", nil, "what a monitor is told is made elsewhere"},
		{"internal/archive", nil, "an archive is a file"},
		{"internal/clock", nil, "time knows nobody"},
		{"internal/watch", nil, "a watcher reports paths"},
		{"internal/oauth/oauthtest", nil, "an authorization server stands for the world outside and must not know the program"},
		{"internal/oauth", []string{"internal/config", "mailer"}, "a grant is a login of config.yaml's account; who uses it is none of its business"},
		{"internal/provider", []string{"internal/config"}, "what finds servers knows how config.yaml names them, and opens no connection of its own"},
		{"internal/setup", []string{"internal/config", "scheduler/calendar", "mailer"}, "the first files are text made of answers"},
		{"internal/profile", nil, "the profile is files only"},
		{"internal/leak", nil, "test support for every package knows none"},
	}
}

func TestImportsPointInward(t *testing.T) {
	t.Parallel()
	checked := map[string]bool{}
	for _, s := range sources(t) {
		d, ok := directionOf(s.folder)
		if !ok || s.isTest() {
			continue
		}
		checked[d.folder] = true
		for _, i := range s.file.Imports {
			path, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			inner, ours := strings.CutPrefix(path, "afterword/")
			if ours && !allowed(d, s.folder, inner) {
				t.Errorf("%s imports %s, but %s", s.path, path, d.why)
			}
		}
	}
	for _, d := range directions() {
		if !checked[d.folder] {
			t.Errorf("no file was checked against the rule for %s", d.folder)
		}
	}
}

func directionOf(folder string) (direction, bool) {
	for _, d := range directions() {
		if folder == d.folder || strings.HasPrefix(folder, d.folder+"/") {
			return d, true
		}
	}
	return direction{}, false
}

func allowed(d direction, folder, inner string) bool {
	if strings.HasPrefix(inner, d.folder+"/") && folder == d.folder {
		return true // its own inner rooms
	}
	for _, m := range d.may {
		if inner == m {
			return true
		}
	}
	return false
}

// pure are the packages that decide: they take now as an argument.
func pure(folder string) bool {
	switch folder {
	case "scheduler", "scheduler/calendar", "mailer", "templates", "templates/proofread", "internal/config", "internal/setup", "internal/provider":
		return true
	}
	return false
}

func TestNoClockInDecisions(t *testing.T) {
	t.Parallel()
	forbidden := map[string]bool{"Now": true, "Since": true, "Until": true, "Sleep": true, "After": true, "AfterFunc": true,
		"NewTimer": true, "NewTicker": true, "Tick": true}
	checked := 0
	for _, s := range sources(t) {
		if !pure(s.folder) || s.isTest() {
			continue
		}
		checked++
		ast.Inspect(s.file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "time" && forbidden[sel.Sel.Name] {
				t.Errorf("%s: time.%s in a package that decides; take now as an argument or use the Clock", s.set.Position(sel.Pos()), sel.Sel.Name)
			}
			return true
		})
	}
	if checked == 0 {
		t.Fatal("no file was checked")
	}
}

// quiet are packages that may not open a connection, a file or a process.
func TestDecisionsTouchNothingOutside(t *testing.T) {
	t.Parallel()
	forbidden := []string{"net", "net/http", "os", "os/exec", "database/sql", "syscall"}
	for _, s := range sources(t) {
		if s.isTest() || (s.folder != "scheduler" && s.folder != "scheduler/calendar" && s.folder != "mailer") {
			continue
		}
		for _, i := range s.file.Imports {
			path, _ := strconv.Unquote(i.Path.Value)
			for _, f := range forbidden {
				if path == f {
					t.Errorf("%s imports %s: what is decided here must not touch the world", s.path, path)
				}
			}
		}
	}
}

func TestNoInit(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: func init: nothing happens at import time", s.set.Position(f.Pos()))
			}
		}
	}
}

// longest is how many lines a function may have.
const longest = 70

func TestFunctionsFitOnAScreen(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			seen++
			if lines := s.set.Position(f.End()).Line - s.set.Position(f.Pos()).Line + 1; lines > longest {
				t.Errorf("%s: %s has %d lines, the most is %d", s.set.Position(f.Pos()), f.Name.Name, lines, longest)
			}
		}
	}
	if seen == 0 {
		t.Fatal("no function was measured")
	}
}

// TestTestsDoNotSleep: a test waits for virtual time or for a signal.
func TestTestsDoNotSleep(t *testing.T) {
	t.Parallel()
	all := sources(t)
	bubbles := map[string]bool{}
	for _, s := range all {
		bubbles[s.folder] = bubbles[s.folder] || s.isTest() && importsOf(s)["testing/synctest"]
	}
	for _, s := range all {
		if !s.isTest() || bubbles[s.folder] {
			continue // in a bubble, sleeping is virtual
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "time" && sel.Sel.Name == "Sleep" {
				t.Errorf("%s: time.Sleep in a test", s.set.Position(sel.Pos()))
			}
			return true
		})
	}
}

func importsOf(s source) map[string]bool {
	all := map[string]bool{}
	for _, i := range s.file.Imports {
		path, _ := strconv.Unquote(i.Path.Value)
		all[path] = true
	}
	return all
}

// TestTopLevel: the owner fixed what stands at the top.
func TestTopLevel(t *testing.T) {
	t.Parallel()
	may := map[string]bool{"cmd": true, "mailer": true, "scheduler": true, "templates": true, "internal": true, "docs": true}
	found, err := filepath.Glob(filepath.Join("..", "..", "*", ""))
	if err != nil || len(found) == 0 {
		t.Fatalf("reading the top folder: %v, %d entries", err, len(found))
	}
	for _, s := range sources(t) {
		top, _, below := strings.Cut(s.path, "/")
		if !below || !may[top] {
			t.Errorf("%s stands outside cmd, mailer, scheduler, templates, internal and docs", s.path)
		}
	}
}

// TestGoroutinesAreWatched: the tests of a package that starts a goroutine fail
// where one is left behind.
func TestGoroutinesAreWatched(t *testing.T) {
	t.Parallel()
	starts, watched, tested := map[string]string{}, map[string]bool{}, map[string]bool{}
	for _, s := range sources(t) {
		tested[s.folder] = tested[s.folder] || s.isTest()
		for _, i := range s.file.Imports {
			if s.isTest() && i.Path.Value == `"afterword/internal/leak"` {
				watched[s.folder] = true
			}
		}
		if s.isTest() {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if _, goes := n.(*ast.GoStmt); goes {
				starts[s.folder] = s.set.Position(n.Pos()).String()
			}
			return true
		})
	}
	if len(starts) < 5 {
		t.Fatalf("only %d packages start a goroutine: looked in the wrong way?", len(starts))
	}
	for folder, where := range starts {
		if tested[folder] && !watched[folder] {
			t.Errorf("%s starts a goroutine, and no test of %s looks for one that is left behind: add a TestMain with internal/leak", where, folder)
		}
	}
}
