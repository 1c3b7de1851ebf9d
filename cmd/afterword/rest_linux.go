package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
)

// letGoOfCode lets go of the pages of the program's own file that nothing was
// written to. Nearly all of them are read while it starts, for the kernel maps
// their neighbours too; the idle daemon needs half. They stay in the system's
// cache as long as that has room.
func letGoOfCode() error {
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return err
	}
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return err
	}
	defer f.Close()
	all, err := cleanRanges(f, exe)
	for _, r := range all {
		if _, _, e := syscall.Syscall(syscall.SYS_MADVISE, r.from, r.to-r.from, syscall.MADV_DONTNEED); e != 0 {
			return fmt.Errorf("letting go of pages of the program: %w", e)
		}
	}
	return err
}

// addresses are a range of memory.
type addresses struct{ from, to uintptr }

// cleanRanges reads proc_pid_smaps(5): the ranges of a file that cannot be
// written to and hold no page that was.
func cleanRanges(smaps io.Reader, path string) (all []addresses, err error) {
	var here addresses
	of := false // the lines are those of such a range
	lines := bufio.NewScanner(smaps)
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		switch {
		case len(f) >= 5 && strings.Contains(f[0], "-"):
			of = len(f) == 6 && f[5] == path && strings.HasPrefix(f[1], "r-")
			if _, err := fmt.Sscanf(f[0], "%x-%x", &here.from, &here.to); err != nil {
				return nil, err
			}
		case of && len(f) == 3 && f[0] == "Anonymous:" && f[1] == "0":
			all = append(all, here)
		}
	}
	return all, lines.Err()
}
