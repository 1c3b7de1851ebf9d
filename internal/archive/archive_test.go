package archive

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"
)

func example(t *testing.T) []Source {
	t.Helper()
	store := filepath.Join(t.TempDir(), "store")
	if err := os.WriteFile(store, bytes.Repeat([]byte("page of a store "), 100), 0o600); err != nil {
		t.Fatal(err)
	}
	return []Source{{Name: "store.db", Path: store}, {Name: "interviews/acme.yaml", Data: []byte("company: Acme\n")}, {Name: "empty", Data: nil}}
}

func written(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kept.afterword")
	if err := Write(path, Manifest{Made: time.UnixMilli(1), Machine: "here"}, example(t)); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestRoundTrip: what goes in comes out, readable by the owner only.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	path, folder := written(t), t.TempDir()
	m, err := Extract(path, folder)
	if err != nil || len(m.Files) != 3 || m.Machine != "here" || !m.Made.Equal(time.UnixMilli(1)) {
		t.Fatalf("the manifest is %+v, %v", m, err)
	}
	for _, s := range example(t) {
		want := s.Data
		if s.Path != "" {
			if want, err = os.ReadFile(s.Path); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(filepath.Join(folder, s.Name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s came out with %d bytes (%v), want %d", s.Name, len(got), err, len(want))
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the archive has the mode %v, %v", info.Mode(), err)
	}
	if err := Write(path, Manifest{}, nil); err != nil {
		t.Errorf("a backup in the place of an older one: %v", err)
	}
}

// TestEveryDamageIsFound: a byte that changed, wherever it is, and a file that
// ends early are told, and never as success.
func TestEveryDamageIsFound(t *testing.T) {
	t.Parallel()
	path := written(t)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := verify(path)
	if err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(t.TempDir(), "bad")
	for n := range text {
		changed := bytes.Clone(text)
		changed[n] ^= 0x10
		for _, b := range [][]byte{changed, text[:n]} {
			if err := os.WriteFile(bad, b, 0o600); err != nil {
				t.Fatal(err)
			}
			m, err := verify(bad)
			// Some bytes of gzip mean nothing, such as the time in its header (RFC 1952,
			// section 2.3): what the archive holds is then what was written.
			if err == nil && !reflect.DeepEqual(m, whole) {
				t.Fatalf("byte %d of %d: nothing is wrong with %+v", n, len(text), m)
			}
			if err != nil && !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrForeign) && !errors.Is(err, ErrNewer) {
				t.Fatalf("byte %d of %d: %v does not say that the file is not to be used", n, len(text), err)
			}
		}
	}
}

// TestRefused: another file is neither read nor replaced, a newer form is not
// guessed at, and no name leads out of the folder.
func TestRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	notes := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(notes, []byte("my notes"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := verify(notes); !errors.Is(err, ErrForeign) {
		t.Errorf("another file: %v", err)
	}
	if err := Write(notes, Manifest{}, nil); !errors.Is(err, ErrForeign) {
		t.Errorf("in the place of another file: %v", err)
	}
	if text, err := os.ReadFile(notes); err != nil || string(text) != "my notes" {
		t.Errorf("the other file is %q now (%v)", text, err)
	}
	if err := Write(dir, Manifest{}, nil); err == nil {
		t.Error("a folder was taken for a file")
	}
	if err := (Manifest{Program: program, Version: version + 1}).check(); !errors.Is(err, ErrNewer) {
		t.Errorf("a newer form: %v", err)
	}
	if err := (Manifest{Program: program}).check(); !errors.Is(err, ErrDamaged) {
		t.Errorf("a form of before the first: %v", err)
	}
	for _, names := range []string{"../out", "/etc/passwd", "", manifestName, "a/../../b", "a//b", "./a", "a\nb", "a b a", "a a/b", "a/b a", "a/b/c a/b"} {
		m := Manifest{Program: program, Version: version}
		for _, name := range strings.Split(names, " ") {
			m.Files = append(m.Files, File{Name: name})
		}
		if err := m.check(); !errors.Is(err, ErrDamaged) {
			t.Errorf("the names %q: %v", names, err)
		}
	}
	for _, names := range []string{"a", "a b", "a/b a/c", "a/b a.yaml", "a/b/c a/d"} {
		m := Manifest{Program: program, Version: version}
		for _, name := range strings.Split(names, " ") {
			m.Files = append(m.Files, File{Name: name})
		}
		if err := m.check(); err != nil {
			t.Errorf("the names %q: %v", names, err)
		}
	}
}

// full is a disk without room after some bytes.
type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if len(p) > f.left {
		return f.left, &os.PathError{Op: "write", Path: "kept", Err: syscall.ENOSPC}
	}
	f.left -= len(p)
	return len(p), nil
}

// TestFullDisk: wherever it happens, the cause is told.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	var whole bytes.Buffer
	if err := write(&whole, Manifest{}, example(t)); err != nil {
		t.Fatal(err)
	}
	for n := range whole.Len() {
		if err := write(&full{left: n}, Manifest{}, example(t)); !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("with room for %d of %d bytes: %v", n, whole.Len(), err)
		}
	}
}

// TestFailureLeavesNothing: a source that cannot be read leaves neither half an
// archive nor a changed older one.
func TestFailureLeavesNothing(t *testing.T) {
	t.Parallel()
	path := written(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	missing := Source{Name: "x", Path: filepath.Join(t.TempDir(), "none")}
	if err := Write(path, Manifest{}, []Source{missing}); err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("a source that is not there: %v", err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the older archive changed (%v)", err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
