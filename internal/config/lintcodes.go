package config

import "slices"

// LintCodes are the codes of the proofreader that proofread.off may name or
// must not name. The proofreader itself is an adapter and is not imported.
func LintCodes() []string {
	return []string{
		"bad-hour", "before-decision", "boilerplate", "broken-thread", "closed", "copy-paste", "dense", "desperate",
		"employer-address", "empty-opener", "grammar", "greeting-guess", "guessed-address", "hasty-thanks", "late-thanks",
		"length", "missing-part", "no-attachment", "no-date", "no-debrief", "no-question", "not-personal", "not-thanked",
		"odd-address", "off-topic", "one-recipient", "placeholder", "pressure", "private-note", "promise-kept",
		"robot-address", "said-form", "same-subject", "spelling", "stale-day", "stopped-hunting", "surveillance",
		"tone", "too-often", "too-soon", "wrong-company", "wrong-language", "wrong-name", "zone-assumed",
	}
}

func contains(words []string, word string) bool { return slices.Contains(words, word) }
