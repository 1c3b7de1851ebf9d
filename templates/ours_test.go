package templates

import (
	"io/fs"
	"path"
	"testing"
)

// TestOurTemplatesAreTried: what a template of the user must stand when it is
// read, the built-in ones stand here.
func TestOurTemplatesAreTried(t *testing.T) {
	t.Parallel()
	tried := 0
	err := fs.WalkDir(builtin, "builtin", func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := builtin.ReadFile(p)
		if err != nil {
			return err
		}
		if _, err := parse(p, path.Base(path.Dir(p)), string(text)); err != nil {
			t.Errorf("%s: %v", p, err)
		}
		tried++
		return nil
	})
	if err != nil || tried < 30 {
		t.Errorf("only %d were tried: %v", tried, err)
	}
}
