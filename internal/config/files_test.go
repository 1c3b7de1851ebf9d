package config

import (
	"errors"
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

// rereading reads the same files again and again, and knows what the last time
// gave.
type rereading struct {
	*testing.T
	files *Files
	was   []scheduler.Application
}

func (r *rereading) again() []scheduler.Application {
	r.Helper()
	_, all, err := r.files.Read()
	r.must(err)
	return all
}

func (r *rereading) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// changed wants what was changed to show with the next reading.
func (r *rereading) changed(what string, change error, want func(all []scheduler.Application) bool) {
	r.Helper()
	r.must(change)
	now := r.again()
	if !want(now) {
		r.Errorf("%s does not show: %+v", what, now)
	}
	if len(now) > 0 && &now[0] == &r.was[0] {
		r.Errorf("%s: the slice of the last time was changed", what)
	}
	r.was = r.again()
}

// TestFilesThatStayAreNotParsedAgain: what has not changed is the very slice of
// the last time, and whatever does change shows with the next reading, also
// where size and time of the file stay.
func TestFilesThatStayAreNotParsedAgain(t *testing.T) {
	t.Parallel()
	f, dir := profile(t)
	r := &rereading{T: t, files: f}
	acme, config := filepath.Join(dir, "interviews", "acme.yaml"), filepath.Join(dir, "config.yaml")
	r.was = r.again()
	loaded := f.Config()
	if now := r.again(); len(now) != 2 || &now[0] != &r.was[0] || f.Config() != loaded {
		t.Error("nothing has changed, and the files were parsed again")
	}
	begun, err := Load(config, readingDay())
	r.must(err)
	fresh := &rereading{T: t, files: NewFiles(begun, readingDay)}
	if len(fresh.again()) != 2 || fresh.files.Config() != begun {
		t.Error("what was just loaded was parsed again")
	}
	good, err := os.ReadFile(acme)
	r.must(err)
	info, err := os.Stat(acme)
	r.must(err)
	save := func(path, text string) error { return os.WriteFile(path, []byte(text), 0o600) }
	r.changed("an edit of the same size and time", errors.Join(save(acme, strings.Replace(string(good), "Acme", "Amce", 1)), os.Chtimes(acme, info.ModTime(), info.ModTime())),
		func(all []scheduler.Application) bool { return all[0].Company == "Amce" })
	r.changed("a file that breaks", save(acme, "company: [\n"), func(all []scheduler.Application) bool { return all[0].Broken != "" && all[0].Company == "Amce" })
	r.changed("a file that is mended", save(acme, string(good)), func(all []scheduler.Application) bool { return all[0].Broken == "" && all[0].Company == "Acme" })
	inTokyo := func(all []scheduler.Application) bool {
		return all[0].Interviews[0].At.Location().String() == "Asia/Tokyo"
	}
	r.changed("the user's zone, which the interviews follow", save(config, strings.Replace(smallConfig, "Europe/Paris", "Asia/Tokyo", 1)), inTokyo)
	odd, twin := filepath.Join(dir, "interviews", "odd.yaml"), filepath.Join(dir, "interviews", "twin.yaml")
	r.changed("a file that cannot be read", os.Symlink(dir, odd), func(all []scheduler.Application) bool { return len(all) == 3 && all[1].Broken != "" })
	r.changed("its going", os.Remove(odd), func(all []scheduler.Application) bool { return len(all) == 2 })
	r.changed("two files of one application", save(twin, string(good)), func(all []scheduler.Application) bool {
		return len(all) == 3 && all[0].Broken != "" && all[2].Broken != ""
	})
	r.changed("the going of one of them", os.Remove(twin), func(all []scheduler.Application) bool { return len(all) == 2 && all[0].Broken == "" })
	gone := errors.Join(save(config, smallConfig), os.Remove(acme), os.Remove(filepath.Join(dir, "interviews", "other.yaml")))
	r.changed("another config with no interview left", gone, func(all []scheduler.Application) bool { return len(all) == 0 })
}
