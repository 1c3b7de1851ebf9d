package ledger

import (
	"slices"
	"strings"
	"time"
)

// gapKey stands, in the place of a key, in the line that tells of a gap: no key
// has a NUL in it.
const gapKey = "\x00gap"

// Merge joins the ledger that lies beside a store with the one of a backup of
// it: every whole line of either, those of the first in front. Complete reports
// that the first knows all that left since the backup was made, as far as anybody
// can tell: it misses none of the backup's lines, holds no damaged one, and tells
// of no gap that the backup does not tell of: a clock may have been set since.
func Merge(here, backup, secret []byte) (merged []byte, complete bool) {
	own, clean := wholeLines(here)
	theirs, _ := wholeLines(backup)
	known := map[string]bool{}
	gap := (&Ledger{secret: secret}).seal("key", gapKey)
	complete = clean
	for _, line := range own {
		known[line] = true
		if nameIn(line) == gap && !slices.Contains(theirs, line) {
			complete = false
		}
	}
	for _, line := range theirs {
		if !known[line] {
			complete = false
			own = append(own, line)
		}
	}
	return []byte(strings.Join(own, "")), complete
}

// Gap adds a line to the text of a ledger which tells that it does not know what
// left in some time before.
func Gap(text, secret []byte, at time.Time) []byte {
	l := &Ledger{secret: secret}
	return append(text, line(at, l.seal("key", gapKey), l.seal("address", gapKey), 1)...)
}

// wholeLines are the lines that are no damage, with their ends; clean reports
// that nothing else was there but a line torn at the very end.
func wholeLines(text []byte) (lines []string, clean bool) {
	clean = true
	for line := range strings.Lines(string(text)) {
		bare, whole := strings.CutSuffix(line, "\n")
		if !whole {
			break // torn by a crash, or about to be written
		}
		if _, _, _, err := parse(bare); err != nil {
			clean = false
			continue
		}
		lines = append(lines, line)
	}
	return lines, clean
}

// nameIn is what a line that is known to be whole has in the place of a key.
func nameIn(line string) string {
	name, _, _, err := parse(strings.TrimSuffix(line, "\n"))
	if err != nil {
		return ""
	}
	return name
}
