package tidy

import (
	"go/ast"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The documents make promises too: that a test exists, that a command can be
// typed, that a folder is what they say. These tests hold them to it.

// fromRoot is a path of the repository as seen from this package.
func fromRoot(path string) string { return filepath.Join("..", "..", filepath.FromSlash(path)) }

// document reads one text of the repository.
func document(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(fromRoot(path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// documents are the paths of README, CHANGELOG and everything below docs.
func documents(t *testing.T) []string {
	t.Helper()
	all := []string{"README.md", "CHANGELOG.md"}
	err := filepath.WalkDir(fromRoot("docs"), func(path string, e fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".md") {
			rel, _ := filepath.Rel(fromRoot("."), path)
			all = append(all, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 5 {
		t.Fatalf("found only the documents %v: looking in the wrong place?", all)
	}
	return all
}

// qualifiedTest is how the documents name a test: its folder, a dot, its name.
func qualifiedTest() *regexp.Regexp {
	return regexp.MustCompile(`([a-z0-9_]+(?:/[a-z0-9_]+)*)\.((?:Test|Fuzz|Benchmark)[A-Z]\w*)`)
}

// declaredTests are the tests of the repository, named as the documents do.
func declaredTests(t *testing.T) map[string]bool {
	t.Helper()
	declared := map[string]bool{}
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && s.isTest() && f.Recv == nil {
				declared[s.folder+"."+f.Name.Name] = true
			}
		}
	}
	return declared
}

// withRunsQualified writes a test that a command line runs as the documents
// name it otherwise.
func withRunsQualified(text string) string {
	return regexp.MustCompile(`\./([\w/]+) -run (\w+)`).ReplaceAllString(text, "$1.$2")
}

// TestNamedTestsExist: a promise names the test that proves it, and a test that
// was renamed takes its promise along.
func TestNamedTestsExist(t *testing.T) {
	t.Parallel()
	declared := declaredTests(t)
	for _, path := range documents(t) {
		for _, name := range qualifiedTest().FindAllString(withRunsQualified(document(t, path)), -1) {
			if !declared[name] {
				t.Errorf("%s names %s, and there is no such test", path, name)
			}
		}
	}
}

// bareTest is a test named without its folder, or how the names of some begin.
func bareTest() *regexp.Regexp { return regexp.MustCompile(`\b(?:Test|Fuzz|Benchmark)[A-Z]\w*`) }

// TestBareNamesExist: a test that is named without its folder is one of some package, or
// names those that begin so, as `-run` does.
func TestBareNamesExist(t *testing.T) {
	t.Parallel()
	declared := slices.Collect(maps.Keys(declaredTests(t)))
	for _, path := range documents(t) {
		for _, name := range bareTest().FindAllString(document(t, path), -1) {
			if !slices.ContainsFunc(declared, func(d string) bool { return strings.Contains(d, "."+name) }) {
				t.Errorf("%s names %s, and no test begins so", path, name)
			}
		}
	}
}

// TestPromisesNameTheirTests: each row of README's table of promises names a
// test, and no test is named in a way that the check above would not see.
func TestPromisesNameTheirTests(t *testing.T) {
	t.Parallel()
	readme := withRunsQualified(document(t, "README.md"))
	_, table, found := strings.Cut(readme, "\n| promise | shown by |\n| --- | --- |\n")
	table, _, _ = strings.Cut(table, "\n\n")
	rows := strings.Split(table, "\n")
	if !found || len(rows) < 15 {
		t.Fatalf("README.md has no table of promises, or only %d rows", len(rows))
	}
	for _, row := range rows {
		if !qualifiedTest().MatchString(row) {
			t.Errorf("README.md promises without a test: %s", row)
		}
	}
	for _, name := range bareTest().FindAllString(qualifiedTest().ReplaceAllString(readme, ""), -1) {
		t.Errorf("README.md names %s without its folder", name)
	}
}

// command is one subcommand and its flags.
type command map[string]bool

// commands reads the subcommands and their flags from the program's source: a
// function that makes a command states its Use and its flags.
func commands(t *testing.T) (all map[string]command, global command) {
	t.Helper()
	all, global = map[string]command{}, command{"help": true}
	for _, s := range sources(t) {
		if s.folder != "cmd/afterword" || s.isTest() {
			continue
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			names, flags := commandsIn(f.Body)
			for _, name := range names {
				all[name] = flags
				if name == "afterword" {
					flags["help"] = true
					global = flags
				}
			}
		}
	}
	if len(all) < 10 {
		t.Fatalf("found only the commands %v in cmd/afterword: looking for the wrong shape?", all)
	}
	return all, global
}

// commandsIn finds what one function says of commands: the first word of a Use
// or of the first argument of act, and the names given to a flag set.
func commandsIn(body ast.Node) (names []string, flags command) {
	flags = command{}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Use" {
				names = append(names, firstWord(n.Value)...)
			}
		case *ast.CallExpr:
			sel, ok := n.Fun.(*ast.SelectorExpr)
			if !ok {
				break
			}
			if sel.Sel.Name == "act" && len(n.Args) > 0 {
				names = append(names, firstWord(n.Args[0])...)
			}
			if set, ok := sel.X.(*ast.CallExpr); ok && isFlagSet(set) {
				for _, word := range firstLiteral(n.Args) {
					flags[word] = true
				}
			}
		}
		return true
	})
	return names, flags
}

func isFlagSet(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && (sel.Sel.Name == "Flags" || sel.Sel.Name == "PersistentFlags")
}

// firstLiteral is the first text among the arguments, if there is one.
func firstLiteral(args []ast.Expr) []string {
	for _, a := range args {
		if word := firstWord(a); word != nil {
			return word
		}
	}
	return nil
}

// firstWord is the first word of a literal text, none for anything else.
func firstWord(e ast.Expr) []string {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return nil
	}
	text, err := strconv.Unquote(literal.Value)
	if words := strings.Fields(text); err == nil && len(words) > 0 {
		return words[:1]
	}
	return nil
}

// shownCommands are the lines of code blocks and the code spans of a document
// that somebody may type. The comment behind a command is cut off.
func shownCommands(text string) []string {
	var shown []string
	add := func(code string) {
		code, _, _ = strings.Cut(strings.TrimPrefix(strings.TrimSpace(code), "$ "), " #")
		code = strings.Replace(code, "go run ./cmd/afterword", "afterword", 1)
		if first, _, _ := strings.Cut(code, " "); slices.Contains([]string{"afterword", "go", "make"}, first) {
			shown = append(shown, strings.TrimSpace(code))
		}
	}
	inBlock := false
	span := regexp.MustCompile("`([^`]+)`")
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(line, "```"):
			inBlock = !inBlock
		case inBlock || strings.HasPrefix(line, "    "):
			add(line)
		default:
			for _, m := range span.FindAllStringSubmatch(line, -1) {
				add(m[1])
			}
		}
	}
	return shown
}

// TestShownCommandsAreReal: what README tells somebody to type can be typed.
func TestShownCommandsAreReal(t *testing.T) {
	t.Parallel()
	all, global := commands(t)
	seen := map[string]bool{}
	for _, shown := range shownCommands(document(t, "README.md")) {
		words := strings.Fields(shown)
		seen[words[0]] = true
		switch {
		case words[0] == "make":
			checkTarget(t, shown, words[1:])
			continue
		case words[0] == "go":
			checkGo(t, shown, words[1:])
			continue
		}
		name := "afterword"
		if len(words) > 1 && !strings.HasPrefix(words[1], "-") {
			name = words[1]
		}
		own, known := all[name]
		if !known {
			t.Errorf("README.md shows %q, and there is no command %q", shown, name)
		}
		for _, w := range words {
			flag, _, _ := strings.Cut(strings.TrimLeft(w, "-["), "=")
			flag = strings.TrimRight(flag, "]")
			if strings.HasPrefix(strings.TrimLeft(w, "["), "--") && !own[flag] && !global[flag] {
				t.Errorf("README.md shows %q, and %q knows no --%s", shown, name, flag)
			}
		}
	}
	if !seen["afterword"] || !seen["go"] {
		t.Errorf("README.md shows the commands %v, want those of the program and of Go", seen)
	}
}

// checkTarget looks for a target in the Makefile.
func checkTarget(t *testing.T, shown string, targets []string) {
	t.Helper()
	makefile := "\n" + document(t, "Makefile")
	for _, target := range targets {
		if !strings.Contains(target, "=") && !strings.Contains(makefile, "\n"+target+":") {
			t.Errorf("README.md shows %q, and the Makefile has no target %q", shown, target)
		}
	}
}

// checkGo looks for the folders that a command of Go names.
func checkGo(t *testing.T, shown string, words []string) {
	t.Helper()
	if len(words) == 0 || !slices.Contains([]string{"run", "test", "build", "install", "vet", "tool"}, words[0]) {
		t.Errorf("README.md shows %q, which Go does not know", shown)
	}
	for _, w := range words {
		if folder, ok := strings.CutPrefix(w, "./"); ok {
			if _, err := os.Stat(fromRoot(strings.TrimSuffix(folder, "..."))); err != nil {
				t.Errorf("README.md shows %q: %v", shown, err)
			}
		}
	}
}

// TestMissingCommandsAreMissing: README says which commands are not there yet;
// once one is, it is to be told where the others are.
func TestMissingCommandsAreMissing(t *testing.T) {
	t.Parallel()
	all, _ := commands(t)
	_, missing, found := strings.Cut(document(t, "README.md"), "\n- Commands: ")
	if !found {
		t.Skip("README.md lists no command that is missing")
	}
	missing, _, _ = strings.Cut(missing, ".\n")
	names := regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(missing, -1)
	if len(names) == 0 {
		t.Fatal("README.md names no command in its list of missing commands")
	}
	for _, m := range names {
		if _, known := all[m[1]]; known {
			t.Errorf("README.md says that %q is not there yet, but it is", m[1])
		}
	}
}

// TestArchitectureExplainsTheFolders: every folder at the top is explained, and
// every path that the document names is there.
func TestArchitectureExplainsTheFolders(t *testing.T) {
	t.Parallel()
	text := document(t, "docs/ARCHITECTURE.md")
	entries, err := os.ReadDir(fromRoot("."))
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		folders = append(folders, e.Name())
		if !strings.Contains(text, "**`"+e.Name()+"`.** ") {
			t.Errorf("docs/ARCHITECTURE.md does not explain the folder %s", e.Name())
		}
	}
	if len(folders) < 5 {
		t.Fatalf("found only the folders %v: looking in the wrong place?", folders)
	}
	path := regexp.MustCompile("`((?:" + strings.Join(folders, "|") + ")/[\\w./-]*)`")
	for _, m := range path.FindAllStringSubmatch(qualifiedTest().ReplaceAllString(text, ""), -1) {
		if _, err := os.Stat(fromRoot(m[1])); err != nil {
			t.Errorf("docs/ARCHITECTURE.md names %s: %v", m[1], err)
		}
	}
}

// declaredFunctions are the functions and methods of the program, as path and name.
func declaredFunctions(t *testing.T) map[string]bool {
	t.Helper()
	declared := map[string]bool{}
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				declared[s.path+" "+f.Name.Name] = true
			}
		}
	}
	return declared
}

// TestArchitectureSaysWhereItIsDecided: each function of the table is where the table
// says, and no package is left out of the map.
func TestArchitectureSaysWhereItIsDecided(t *testing.T) {
	t.Parallel()
	text, declared := document(t, "docs/ARCHITECTURE.md"), declaredFunctions(t)
	named := 0
	for _, m := range regexp.MustCompile("`([\\w/]+\\.go)`((?:,? `\\w+`)+)").FindAllStringSubmatch(text, -1) {
		for _, name := range regexp.MustCompile(`\w+`).FindAllString(m[2], -1) {
			if named++; !declared[m[1]+" "+name] {
				t.Errorf("docs/ARCHITECTURE.md says that %s decides in %s, and there is no such function", name, m[1])
			}
		}
	}
	if named < 15 {
		t.Errorf("found only %d functions in docs/ARCHITECTURE.md: looking for the wrong shape?", named)
	}
	for _, s := range sources(t) {
		if !strings.Contains(text, "`"+s.folder+"`") && !strings.Contains(text, "`"+s.folder+"/") {
			t.Errorf("docs/ARCHITECTURE.md does not name %s", s.folder)
			return
		}
	}
}

// TestLinksLeadSomewhere: the documents point at files that are there.
func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)#]+)(?:#[^)]*)?\)`)
	checked := 0
	for _, path := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(document(t, path), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			checked++
			if _, err := os.Stat(filepath.Join(filepath.Dir(fromRoot(path)), filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s links to %s: %v", path, m[1], err)
			}
		}
	}
	if checked == 0 {
		t.Error("no link was checked")
	}
}
