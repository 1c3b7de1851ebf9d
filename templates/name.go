package templates

import "strings"

// spoken is a name in the order in which it is said: address books and
// invitations write "Haddad, Noor". What stands behind a comma and is no given
// name, a degree or "Jr.", is not said in a greeting.
func spoken(name string) string {
	family, rest, _ := strings.Cut(name, ",")
	given, suffixes, more := strings.Cut(rest, ",")
	family, given, suffixes = strings.TrimSpace(family), strings.TrimSpace(given), strings.TrimSpace(suffixes)
	switch {
	case given == "" || isSuffix(given):
		return family
	case family == "" || more && !isSuffix(suffixes):
		return name // nobody knows in which order it is said
	}
	return given + " " + family
}

// isSuffix knows what is written behind a name and never said with it.
func isSuffix(word string) bool {
	switch strings.ToLower(strings.NewReplacer(".", "", "-", "").Replace(word)) {
	case "jr", "sr", "ii", "iii", "iv", "phd", "dphil", "md", "mba", "msc", "bsc", "ma", "ba", "ms", "bs", "llm", "jd", "esq", "cpa", "cfa", "pe", "pmp", "rn", "cissp", "obe", "mbe":
		return true
	}
	return false
}

// onePeriod drops the second of two full stops where a sentence ends in a name
// that brings one of its own: "joining Globex, Inc.". Three are meant.
func onePeriod(text string, names ...string) string {
	for _, name := range names {
		if !strings.HasSuffix(name, ".") || strings.HasSuffix(name, "..") {
			continue
		}
		var b strings.Builder
		for rest := text; ; {
			before, after, found := strings.Cut(rest, name+".")
			b.WriteString(before)
			if !found {
				break
			}
			b.WriteString(name)
			if strings.HasPrefix(after, ".") {
				b.WriteByte('.')
			}
			rest = after
		}
		text = b.String()
	}
	return text
}
