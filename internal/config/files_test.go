package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"afterword/scheduler"
)

var _ scheduler.Files = (*Files)(nil)

// profile is a config.yaml with a folder of interviews.
func profile(t *testing.T) (*Files, string) {
	t.Helper()
	dir := folder(t, map[string]string{
		"config.yaml":           smallConfig,
		"interviews/acme.yaml":  oneInterview("    status: held\n"),
		"interviews/other.yaml": application("Other", "Dev"),
	})
	c, err := Load(filepath.Join(dir, "config.yaml"), readingDay())
	if err != nil {
		t.Fatal(err)
	}
	return NewFiles(c, readingDay), dir
}

func read(t *testing.T, f *Files) (scheduler.Policy, map[string]scheduler.Application) {
	t.Helper()
	p, all, err := f.Read()
	if err != nil {
		t.Fatal(err)
	}
	byStem := map[string]scheduler.Application{}
	for _, a := range all {
		byStem[a.Stem] = a
	}
	return p, byStem
}

func TestFilesKeepTheLastGoodConfig(t *testing.T) {
	t.Parallel()
	f, dir := profile(t)
	path := filepath.Join(dir, "config.yaml")
	write(t, path, after("sending: {per_hour: 7}\n"))
	if p, _ := read(t, f); p.PerHour != 7 || p.Broken != "" {
		t.Fatalf("after an edit: %d per hour, broken %q", p.PerHour, p.Broken)
	}
	write(t, path, after("sending: {per_hour: many}\n"))
	p, all := read(t, f)
	if p.PerHour != 7 || !strings.Contains(p.Broken, `config.yaml:6: sending.per_hour: found "many"`) {
		t.Errorf("while broken: %d per hour, broken %q", p.PerHour, p.Broken)
	}
	if len(all) != 2 {
		t.Errorf("while config.yaml is broken %d applications are read, want 2", len(all))
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if p, _ := read(t, f); p.PerHour != 7 || p.Broken == "" {
		t.Errorf("while gone: %d per hour, broken %q", p.PerHour, p.Broken)
	}
	write(t, path, after("sending: {per_hour: 8}\n"))
	if p, _ := read(t, f); p.PerHour != 8 || p.Broken != "" || f.Config().Policy.PerHour != 8 {
		t.Errorf("mended: %d per hour, broken %q", p.PerHour, p.Broken)
	}
}

func TestFilesKeepTheLastGoodApplication(t *testing.T) {
	t.Parallel()
	f, dir := profile(t)
	path := filepath.Join(dir, "interviews", "acme.yaml")
	if _, all := read(t, f); all["acme"].Broken != "" || len(all["acme"].Interviews) != 1 {
		t.Fatalf("at first: %+v", all["acme"])
	}
	write(t, path, "company: [\n")
	for range 2 {
		_, all := read(t, f)
		a := all["acme"]
		if a.Broken == "" || a.Company != "Acme" || len(a.Interviews) != 1 {
			t.Errorf("while broken: %+v, want the last good facts", a)
		}
		if all["other"].Broken != "" {
			t.Errorf("another file is broken as well: %s", all["other"].Broken)
		}
	}
	write(t, path, oneInterview("    status: cancelled\n"))
	if _, all := read(t, f); all["acme"].Broken != "" || all["acme"].Interviews[0].Status != scheduler.InterviewCancelled {
		t.Errorf("mended: %+v", all["acme"])
	}
}

func TestFilesBrokenFromTheStart(t *testing.T) {
	t.Parallel()
	f, dir := profile(t)
	write(t, filepath.Join(dir, "interviews", "new.yaml"), "company: New\n")
	if _, all := read(t, f); all["new"].Broken == "" || all["new"].Stem != "new" || all["new"].Company != "" {
		t.Errorf("a new broken file: %+v", all["new"])
	}
}

func TestFilesGone(t *testing.T) {
	t.Parallel()
	f, dir := profile(t)
	read(t, f)
	if err := os.Remove(filepath.Join(dir, "interviews", "acme.yaml")); err != nil {
		t.Fatal(err)
	}
	if _, all := read(t, f); len(all) != 1 {
		t.Errorf("a file that is gone is still there: %v", all)
	}
	if err := os.RemoveAll(filepath.Join(dir, "interviews")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.Read(); err == nil {
		t.Error("a folder that is gone reads as an empty one: all applications would be cancelled")
	}
}
