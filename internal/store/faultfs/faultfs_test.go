package faultfs_test

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	"afterword/internal/store/faultfs"
	"afterword/internal/store/sqlite"
	"afterword/internal/store/storetest"
	"afterword/scheduler"
)

// mount registers a disk for the length of a test.
func mount(t *testing.T, d *faultfs.Disk) sqlite.Option {
	t.Helper()
	name, unregister := d.Register()
	t.Cleanup(unregister)
	return sqlite.WithVFS(name)
}

// TestStore: on a disk that works, a store is a store like any other.
func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) storetest.Opener {
		option := mount(t, faultfs.New(t.TempDir(), nil))
		return func(t *testing.T) scheduler.Store {
			t.Helper()
			s, err := sqlite.Open(t.Context(), "/afterword.db", option)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	})
}

// commits writes 1, 2, 3, ... into the store until it fails, and returns the
// last number that was reported as stored.
func commits(t *testing.T, d *faultfs.Disk, synchronous string) int {
	t.Helper()
	name, unregister := d.Register()
	defer unregister()
	s, err := sqlite.Open(t.Context(), "/afterword.db", sqlite.WithVFS(name), sqlite.WithSynchronous(synchronous))
	if err != nil {
		return 0
	}
	defer s.Close() // fails without power
	for n := 1; n <= 4; n++ {
		if err := s.Update(t.Context(), func(tx scheduler.Tx) error { return tx.SetMeta("n", fmt.Sprint(n)) }); err != nil {
			return n - 1
		}
	}
	return 4
}

// stored is the number in the store of an image.
func stored(t *testing.T, image faultfs.Image) (n int, err error) {
	t.Helper()
	name, unregister := faultfs.New(t.TempDir(), image).Register()
	defer unregister()
	s, err := sqlite.Open(t.Context(), "/afterword.db", sqlite.WithVFS(name))
	if err != nil {
		return 0, err
	}
	defer s.Close()
	err = s.View(t.Context(), func(r scheduler.Reader) error {
		text, err := r.Meta("n")
		_, _ = fmt.Sscan(text, &n)
		return err
	})
	return n, errors.Join(err, s.Check(t.Context()))
}

// losses counts the power cuts, at every operation and with every kind of
// image, after which a commit was gone that had been reported, or all of them
// with the store. A control ends with its first loss.
func losses(t *testing.T, synchronous string, lying bool) (lost, cuts int) {
	t.Helper()
	for n, seed := 1, uint64(1); ; n++ {
		d := faultfs.New(t.TempDir(), nil)
		if lying {
			d.Lie()
		}
		cut := false
		d.CutPower(n, func() { cut = true })
		reported := commits(t, d, synchronous)
		if !cut || (lost > 0 && synchronous+fmt.Sprint(lying) != "FULLfalse") {
			return lost, cuts
		}
		for _, kind := range faultfs.Kinds() {
			cuts, seed = cuts+1, seed+1
			found, err := stored(t, d.Image(kind, seed))
			if err != nil || found < reported {
				lost++
				if synchronous == "FULL" && !lying {
					t.Errorf("cut at %d, %q, %s kept: found %d of %d, %v", n, d.Trace(n), kind, found, reported, err)
				}
			}
			if found > reported+1 {
				t.Errorf("cut at %q, %s kept: found %d, but only %d was begun", d.Trace(n), kind, found, reported+1)
			}
		}
	}
}

// TestPowerCuts: with synchronous=FULL a commit that was reported is there
// whatever the power cut leaves, and the controls show that the disk can tell
// the difference.
func TestPowerCuts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, synchronous string
		lying, loses      bool
	}{{"full", "FULL", false, false}, {"normal", "NORMAL", false, true}, {"off", "OFF", false, true}, {"lying disk", "FULL", true, true}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			lost, cuts := losses(t, c.synchronous, c.lying)
			if cuts < 100 && !c.loses {
				t.Errorf("the power went only %d times", cuts)
			}
			if (lost > 0) != c.loses {
				t.Errorf("%d of %d power cuts lost a commit, want any: %v", lost, cuts, c.loses)
			}
		})
	}
}

// TestBubble: the disk works where time is virtual, and an operation takes none.
func TestBubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		if n := commits(t, faultfs.New(t.TempDir(), nil), "FULL"); n != 4 {
			t.Errorf("%d commits, want 4", n)
		}
	})
}

// write adds a text to a file of the disk, and syncs it.
func write(t *testing.T, d *faultfs.Disk, path, text string, sync bool) {
	t.Helper()
	h, err := d.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Seek(0, io.SeekEnd); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(h, text); err != nil {
		t.Fatal(err)
	}
	if sync {
		if err := h.Sync(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestImages(t *testing.T) {
	t.Parallel()
	d := faultfs.New(t.TempDir(), faultfs.Image{"/old": []byte("old")})
	write(t, d, "/a", "safe ", true)
	write(t, d, "/a", strings.Repeat("x", 2000), false)
	write(t, d, "/b", "lost", false)
	if got := d.Image(faultfs.None, 1); string(got["/a"]) != "safe " || got["/b"] != nil || string(got["/old"]) != "old" {
		t.Errorf("nothing kept: %q", got)
	}
	if got := d.Image(faultfs.All, 1); len(got["/a"]) != 2005 || string(got["/b"]) != "lost" {
		t.Errorf("everything kept: a has %d bytes, b is %q", len(got["/a"]), got["/b"])
	}
	sizes, torn := map[int]bool{}, false
	for seed := range uint64(40) {
		sizes[len(d.Image(faultfs.Prefix, seed)["/a"])] = true
		got := d.Image(faultfs.Torn, seed)["/a"]
		torn = torn || strings.Contains(string(got), "\x00x")
		if !strings.HasPrefix(string(got), "safe ") {
			t.Fatalf("what was synced is gone: %q", got)
		}
		if again := d.Image(faultfs.Torn, seed)["/a"]; string(again) != string(got) {
			t.Fatal("the same seed gave another image")
		}
	}
	want := map[int]bool{5: true, 512: true, 1024: true, 1536: true, 2005: true}
	if !maps.Equal(sizes, want) {
		t.Errorf("prefixes have the sizes %v, want those at the sectors: %v", sizes, want)
	}
	if !torn {
		t.Error("no image has a hole where a sector was not written")
	}
}

// TestPowerIsGone: nothing happens on the disk after the cut.
func TestPowerIsGone(t *testing.T) {
	t.Parallel()
	d := faultfs.New(t.TempDir(), nil)
	write(t, d, "/a", "one", true)
	cuts := 0
	d.CutPower(d.Operations()+1, func() { cuts++ })
	h, err := d.OpenFile("/a")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := h.Write([]byte("two!")); !errors.Is(err, faultfs.ErrPower) {
			t.Errorf("writing says %v, want that the power is gone", err)
		}
	}
	if err := d.Point("a packet"); !errors.Is(err, faultfs.ErrPower) {
		t.Errorf("a point says %v, want that the power is gone", err)
	}
	if _, err := d.OpenFile("/b"); !errors.Is(err, faultfs.ErrPower) {
		t.Errorf("opening says %v, want that the power is gone", err)
	}
	if cuts != 1 {
		t.Errorf("the power went %d times", cuts)
	}
	if got := d.Image(faultfs.None, 1)["/a"]; string(got) != "one" {
		t.Errorf("the disk has %q", got)
	}
	if got := d.Image(faultfs.All, 1)["/a"]; string(got) != "two!" {
		t.Errorf("the write on its way cannot have happened: %q", got)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault                    faultfs.Fault
		grow, overwrite, syncing error
	}{
		"broken":    {faultfs.Broken, syscall.EIO, syscall.EIO, syscall.EIO},
		"full":      {faultfs.Full, syscall.ENOSPC, nil, nil},
		"read-only": {faultfs.ReadOnly, syscall.EROFS, syscall.EROFS, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := faultfs.New(t.TempDir(), nil)
			write(t, d, "/a", "12345678", true)
			d.Fail(d.Operations()+1, c.fault)
			h, err := d.OpenFile("/a")
			if err != nil {
				t.Fatal(err)
			}
			text := make([]byte, 8)
			if _, err := h.Read(text); err != nil || string(text) != "12345678" {
				t.Errorf("reading gives %q, %v", text, err)
			}
			if _, err := h.Write([]byte("9")); !errors.Is(err, c.grow) {
				t.Errorf("adding says %v, want %v", err, c.grow)
			}
			if _, err := h.Seek(0, io.SeekStart); err != nil {
				t.Fatal(err)
			}
			if _, err := h.Write([]byte("0")); !errors.Is(err, c.overwrite) {
				t.Errorf("overwriting says %v, want %v", err, c.overwrite)
			}
			if err := h.Sync(); !errors.Is(err, c.syncing) {
				t.Errorf("syncing says %v, want %v", err, c.syncing)
			}
			d.Mend()
			write(t, d, "/a", "9", true)
		})
	}
}

// TestRoom: what is freed on a full disk can be used, once.
func TestRoom(t *testing.T) {
	t.Parallel()
	d := faultfs.New(t.TempDir(), nil)
	write(t, d, "/a", "1", true)
	d.Fail(1, faultfs.Full)
	h, err := d.OpenFile("/a")
	if err != nil {
		t.Fatal(err)
	}
	d.Free(4)
	if _, err := h.Write([]byte("12345")); err != nil { // grows by four
		t.Errorf("writing into the freed room: %v", err)
	}
	if _, err := h.Write([]byte("6")); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("writing beyond the freed room says %v", err)
	}
}

// TestStoreTellsOfFaults: the store calls each fault by its name, and works on
// once the disk does.
func TestStoreTellsOfFaults(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]faultfs.Fault{"broken": faultfs.Broken, "full": faultfs.Full, "read-only": faultfs.ReadOnly} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := faultfs.New(t.TempDir(), nil)
			s, err := sqlite.Open(t.Context(), "/afterword.db", mount(t, d))
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			n := 0
			set := func() error {
				n++
				return s.Update(t.Context(), func(tx scheduler.Tx) error { return tx.SetMeta("n", fmt.Sprint(n)) })
			}
			if err := set(); err != nil {
				t.Fatal(err)
			}
			d.Fail(1, fault)
			if err := set(); !errors.Is(err, scheduler.ErrStoreFailed) {
				t.Errorf("the store says %v, want that it failed", err)
			}
			if err := s.View(t.Context(), func(r scheduler.Reader) error { _, err := r.Meta("n"); return err }); err != nil {
				t.Errorf("reading: %v", err)
			}
			d.Mend()
			if err := set(); err != nil {
				t.Errorf("writing on the mended disk: %v", err)
			}
		})
	}
}

// TestReserve: room can be set aside only where there is room.
func TestReserve(t *testing.T) {
	t.Parallel()
	d := faultfs.New(t.TempDir(), nil)
	if err := d.Reserve(8); err != nil {
		t.Errorf("on a disk with room: %v", err)
	}
	write(t, d, "/a", "1", true)
	d.Fail(1, faultfs.Full)
	refused := 0
	d.WhenRefused(func() { refused++ })
	if err := d.Reserve(8); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("on a full disk: %v", err)
	}
	d.Free(8)
	if err := d.Reserve(8); err != nil {
		t.Errorf("where eight bytes were freed: %v", err)
	}
	h, err := d.OpenFile("/a")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := h.Write([]byte("12")); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("writing into room that is set aside: %v", err)
		}
	}
	if refused != 1 {
		t.Errorf("the first refusal was told %d times", refused)
	}
}

// TestAfterEach: what can be seen after each operation is what a power cut at
// that operation leaves, whether or not the power goes.
func TestAfterEach(t *testing.T) {
	t.Parallel()
	work := func(d *faultfs.Disk) {
		h, err := d.OpenFile("/a")
		if err != nil {
			return // the power is gone
		}
		for range 3 {
			_, _ = h.Write([]byte("a line\n"))
			_ = h.Sync()
		}
	}
	var seen []faultfs.Image
	d := faultfs.New(t.TempDir(), nil)
	d.AfterEach(func(n int) {
		if n != len(seen)+1 {
			t.Errorf("operation %d is told as %d", len(seen)+1, n)
		}
		seen = append(seen, d.Image(faultfs.All, 0))
	})
	work(d)
	if len(seen) != 7 {
		t.Fatalf("%d operations were told, want 7", len(seen))
	}
	for n, want := range seen {
		cut := faultfs.New(t.TempDir(), nil)
		cut.CutPower(n+1, nil)
		work(cut)
		if got := cut.Image(faultfs.All, 0); string(got["/a"]) != string(want["/a"]) {
			t.Errorf("a cut at operation %d leaves %q, seen was %q", n+1, got["/a"], want["/a"])
		}
	}
}
