package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"afterword/scheduler"
)

// folder writes files, by name, into a new folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		write(t, filepath.Join(dir, name), text)
	}
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func application(company, role string) string {
	return "company: " + company + "\nrole: " + role + "\n"
}

func loadFolder(t *testing.T, dir string) map[string]scheduler.Application {
	t.Helper()
	all, err := LoadInterviews(dir, testPolicy(t))
	if err != nil {
		t.Fatal(err)
	}
	byFile := map[string]scheduler.Application{}
	for _, a := range all {
		byFile[filepath.Base(a.File)] = a
	}
	return byFile
}

func TestFolderSkipsWhatEditorsLeave(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"acme-sre.yaml": application("Acme", "SRE"), "beta.yml": application("Beta", "Dev"), "UPPER.YAML": application("Upper", "Dev"),
		".#acme-sre.yaml": "broken", "#acme-sre.yaml#": "broken", "#gamma.yaml": "broken", "acme-sre.yaml~": "broken", ".acme-sre.yaml.swp": "broken",
		"_draft.yaml": "broken", ".hidden.yaml": "broken", "notes.txt": "broken", "~x.yaml": "broken", "4913": "", "folder.yaml/x.yaml": "broken",
	})
	found := loadFolder(t, dir)
	for _, name := range []string{"acme-sre.yaml", "beta.yml", "UPPER.YAML"} {
		if a, ok := found[name]; !ok || a.Broken != "" {
			t.Errorf("%s: %+v, want it to be read", name, a)
		}
		delete(found, name)
	}
	for name := range found {
		t.Errorf("%s is read as an interview", name)
	}
}

func TestBrokenFileIsAnApplication(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"acme.yaml": "company: Acme\nrole: SRE\nstatus: activ\nfoo: 1\n",
		"good.yaml": application("Good", "Dev"),
		"huge.yaml": application("Huge", "Dev") + "# " + strings.Repeat("x", maxFile),
	})
	found := loadFolder(t, dir)
	a := found["acme.yaml"]
	want := filepath.Join(dir, "acme.yaml") + `:3: status: found "activ", expected active, considered, paused, offer, accepted, rejected, withdrawn or closed (did you mean active?); and 1 more`
	if a.Stem != "acme" || a.Broken != want {
		t.Errorf("stem %q, broken\n%s\nwant\n%s", a.Stem, a.Broken, want)
	}
	if found["good.yaml"].Broken != "" {
		t.Errorf("a good file beside a broken one is broken: %s", found["good.yaml"].Broken)
	}
	if !strings.Contains(found["huge.yaml"].Broken, "found more than 1 MiB") {
		t.Errorf("a huge file: %s", found["huge.yaml"].Broken)
	}
}

func TestUnreadableFileIsBroken(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"acme.yaml": application("Acme", "SRE")})
	if err := os.Symlink(dir, filepath.Join(dir, "loop.yaml")); err != nil {
		t.Skip("no symbolic links here")
	}
	if got := loadFolder(t, dir)["loop.yaml"].Broken; !strings.Contains(got, "found a folder, expected a file") {
		t.Errorf("a link to a folder: %q", got)
	}
}

func TestTwoFilesForOneApplication(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"acme-a.yaml": application("Acme  Ltd", "Straße Lead"), "acme-b.yaml": application("ACME LTD", "STRASSE LEAD"),
		"other.yaml": application("Acme Ltd", "SRE"),
	})
	found := loadFolder(t, dir)
	for name, other := range map[string]string{"acme-a.yaml": "acme-b.yaml", "acme-b.yaml": "acme-a.yaml"} {
		if got := found[name].Broken; !strings.Contains(got, "found the same company and role as "+other) {
			t.Errorf("%s: %q, want it to name %s", name, got, other)
		}
	}
	if found["other.yaml"].Broken != "" {
		t.Errorf("another role of the company: %s", found["other.yaml"].Broken)
	}
}

// Keys begin with the lower-case stem, so two files must not share it.
func TestTwoFilesWithOneStem(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"acme.yaml": application("Acme", "SRE"), "acme.yml": application("Acme", "Dev")})
	found := loadFolder(t, dir)
	if !strings.Contains(found["acme.yaml"].Broken, "the same name as acme.yml") || !strings.Contains(found["acme.yml"].Broken, "the same name as acme.yaml") {
		t.Errorf("broken: %q and %q", found["acme.yaml"].Broken, found["acme.yml"].Broken)
	}
}

func TestMissingFolder(t *testing.T) {
	t.Parallel()
	if _, err := LoadInterviews(filepath.Join(t.TempDir(), "none"), testPolicy(t)); err == nil {
		t.Error("a folder that is not there reads as an empty one")
	}
}
