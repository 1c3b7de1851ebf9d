package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"afterword/internal/clock"
	"afterword/internal/ledger"
	"afterword/internal/profile"
	"afterword/internal/store/sqlite"
	"afterword/scheduler"
)

// storedProfile is a profile with a store that was in use, and a config.yaml
// whose servers nobody reaches. It returns the paths of both.
func storedProfile(t *testing.T) (config, state string) {
	t.Helper()
	dir := t.TempDir()
	config, state = filepath.Join(dir, "config.yaml"), filepath.Join(dir, "afterword.db")
	// Port 9 is the discard service, which hardly any machine offers.
	text := strings.Replace(runConfig, "%s", "9", 2)
	_, errSecret := profile.Secret(state, ledger.Path(state))
	store, errStore := sqlite.Open(t.Context(), state)
	if err := errors.Join(os.WriteFile(config, []byte(text), 0o600), os.WriteFile(filepath.Join(dir, "password"), []byte("secret\n"), 0o600),
		os.MkdirAll(filepath.Join(dir, "interviews"), 0o700), errSecret, errStore); err != nil {
		t.Fatal(err)
	}
	err := store.Update(t.Context(), func(tx scheduler.Tx) error {
		for n := range 300 {
			e := scheduler.Event{At: time.UnixMilli(int64(n)), Key: "acme/video/thank-you/ken@acme.example", What: "planned", Why: strings.Repeat("word ", 20)}
			if err := tx.Log(e); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	return config, state
}

// change rewrites the store's file.
func change(t *testing.T, state string, how func([]byte) []byte) {
	t.Helper()
	data, err := os.ReadFile(state)
	if err == nil {
		err = os.WriteFile(state, how(data), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestDamagedStoreIsToldAtTheStart: where the file is cut short, overwritten in
// the middle or from a later version, `run` sends nothing: it says what is
// wrong and with which command a backup takes its place, and leaves the file as
// it is. So does `check`.
func TestDamagedStoreIsToldAtTheStart(t *testing.T) {
	t.Parallel()
	const pageBytes, versionAt = 4096, 60 // https://sqlite.org/fileformat.html section 1.3
	for name, c := range map[string]struct {
		how  func([]byte) []byte
		says string
	}{
		"cut short":      {func(b []byte) []byte { return b[:len(b)/2] }, "damaged or cut short"},
		"a byte is gone": {func(b []byte) []byte { return b[:len(b)-1] }, "damaged or cut short"},
		"no database":    {func([]byte) []byte { return []byte(strings.Repeat("Dear diary, ", 1000)) }, "damaged or cut short"},
		"hole in the middle": {func(b []byte) []byte {
			clear(b[len(b)/2/pageBytes*pageBytes:][:2*pageBytes])
			return b
		}, "damaged or cut short"},
		"a later schema": {func(b []byte) []byte {
			binary.BigEndian.PutUint32(b[versionAt:], 1000)
			return b
		}, "a newer version of afterword"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, state := storedProfile(t)
			change(t, state, c.how)
			before, err := os.ReadFile(state)
			if err != nil {
				t.Fatal(err)
			}
			for _, command := range []string{"run", "check"} {
				var out, said bytes.Buffer
				root := newRoot(&program{in: strings.NewReader(""), out: &out, err: &said, clock: &clock.Running{}, configPath: config})
				root.SetArgs([]string{command})
				code := finish(&said, root.ExecuteContext(t.Context()))
				words := out.String() + said.String()
				if code != exitFailed || !strings.Contains(words, c.says) || !strings.Contains(words, "hint: ") || !strings.Contains(words, "`afterword restore FILE`") {
					t.Errorf("%s ends with %d and says:\n%s", command, code, words)
				}
				if strings.Contains(words, "afterword runs") {
					t.Errorf("%s begins to work:\n%s", command, words)
				}
			}
			if after, err := os.ReadFile(state); err != nil || !bytes.Equal(before, after) {
				t.Errorf("the file has changed (%v)", err)
			}
		})
	}
}
