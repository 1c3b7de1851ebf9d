package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"afterword/internal/clock"
)

// TestOnlyCleanCodeIsLetGo: no range that can be written to, none that holds a
// page that was, and none of another file.
func TestOnlyCleanCodeIsLetGo(t *testing.T) {
	t.Parallel()
	const smaps = `00400000-0110a000 r-xp 00000000 fe:00 9990302                            /usr/bin/afterword
Rss:               11876 kB
Anonymous:             0 kB
0110a000-01f20000 r--p 00d0a000 fe:00 9990302                            /usr/bin/afterword
Anonymous:             0 kB
01f20000-01f30000 r--p 01b20000 fe:00 9990302                            /usr/bin/afterword
Anonymous:             4 kB
01f30000-0219d000 rw-p 01b30000 fe:00 9990302                            /usr/bin/afterword
Anonymous:             0 kB
7f5c20079000-7f5c203c2000 r--p 00000000 00:00 0 
Anonymous:             0 kB
7f5c99600000-7f5c99756000 r-xp 00026000 fe:00 326269                     /usr/lib/x86_64-linux-gnu/libc.so.6
Anonymous:             0 kB
`
	got, err := cleanRanges(strings.NewReader(smaps), "/usr/bin/afterword")
	if want := []addresses{{0x400000, 0x110a000}, {0x110a000, 0x1f20000}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %x, %v; want %x", got, err, want)
	}
}

// TestProgramLivesOnWithoutItsPages: they come back when they are needed.
func TestProgramLivesOnWithoutItsPages(t *testing.T) {
	if err := giveBack(); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	if all, err := cleanRanges(f, exe); err != nil || len(all) == 0 {
		t.Errorf("the program has %d such ranges, %v", len(all), err)
	}
}

// TestRests: soon after the start, then now and then, until the daemon ends; and
// no more where the system refuses.
func TestRests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		rested, log := 0, slog.New(slog.DiscardHandler)
		go resting(ctx, &clock.Running{}, log, func() error { rested++; return nil })
		time.Sleep(firstRest + 10*restEvery + time.Second)
		synctest.Wait()
		if rested != 11 {
			t.Errorf("it rested %d times, want 11", rested)
		}
		stop()
		synctest.Wait()
		ctx, stop = context.WithCancel(t.Context())
		defer stop()
		refused := 0
		go resting(ctx, &clock.Running{}, log, func() error { refused++; return errors.New("no") })
		time.Sleep(time.Hour)
		synctest.Wait()
		if refused != 1 {
			t.Errorf("refused %d times, want 1", refused)
		}
	})
}
