package config

import (
	"os"
	"path/filepath"
	"testing"
)

// Of a file that cannot be used the place of the store and the zone are still
// found, however it is broken.
func TestGlimpse(t *testing.T) {
	t.Parallel()
	check := func(text, state, zone string) {
		t.Helper()
		dir := t.TempDir()
		path := filepath.Join(dir, "config.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c := Glimpse(path)
		if c.StatePath != filepath.Join(dir, state) || c.Policy.Me.Zone.String() != zone {
			t.Errorf("%q: store %s, zone %s", text, c.StatePath, c.Policy.Me.Zone)
		}
	}
	check("", "afterword.db", "UTC")
	check("me: {timezone: Europe/Paris}\nsending: {per_hour: many}\n", "afterword.db", "Europe/Paris")
	check("state: old.db # mine\nme: {timezone: Nowhere/City}\nunknown: 1\n", "old.db", "UTC")
	check("me: {\n  state: inner.db\nstate: outer.db\n", "outer.db", "UTC")
	check("state: [a, b]\n", "afterword.db", "UTC")
	check("state: 'open\nme: }{\n", "afterword.db", "UTC")
	check("- a\n- list\n", "afterword.db", "UTC")
}

func TestGlimpseOfNoFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if c := Glimpse(filepath.Join(dir, "config.yaml")); c.StatePath != filepath.Join(dir, "afterword.db") {
		t.Errorf("the store is %s", c.StatePath)
	}
}
