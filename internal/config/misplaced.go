package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"gopkg.in/yaml.v3"

	"afterword/scheduler/calendar"
)

// What stands in the wrong shape or at the wrong place, and where it belongs.

// glued is a key with its value right behind the colon, which YAML takes for one text.
var glued = regexp.MustCompile(`^([a-z_]+):(\S.*)$`)

// shapeHint says how a text is written that stands where keys and values should.
func shapeHint(key, text string) string {
	text = strings.TrimSpace(text)
	last := key[strings.LastIndexByte(key, '.')+1:]
	if strings.ContainsAny(text, "\n") {
		return ""
	}
	if m := glued.FindStringSubmatch(text); m != nil && !strings.HasPrefix(m[2], "//") {
		return "put a blank behind the colon: " + m[1] + ": " + m[2]
	}
	isPerson := last == "recruiter" || strings.HasPrefix(last, "interviewers[")
	switch hint := personHint(text); {
	case isPerson && hint != "":
		return hint
	case isPerson && !strings.ContainsAny(text, "<>@"):
		return "write {name: " + yamlWord(text) + "}"
	case isPerson:
		return "write {name: ..., email: " + yamlWord(text) + "}"
	case last == "templates" && isName(text):
		return "write {thank-you: " + text + "}, with the step before the colon"
	case last == "debrief":
		return "write such as {went_well: " + yamlWord(text) + "}"
	case last == "window" || last == "late_window":
		if from, to, ok := hoursWritten(text); ok {
			return fmt.Sprintf("write {days: MON-FRI, from: %q, to: %q}", from, to)
		}
	}
	return ""
}

// hoursWritten are the ends of "08:00-18:00" or "8am to 6pm".
func hoursWritten(text string) (from, to string, ok bool) {
	ends := regexp.MustCompile(`(?i)\s*(?:\.\.+|\bto\b|[-–—])\s*`).Split(text, -1)
	if len(ends) != 2 {
		return "", "", false
	}
	from, to = clockWritten(ends[0]), clockWritten(ends[1])
	return from, to, from != "" && to != ""
}

// elsewhere says where a key belongs that is known at another place of the file, ""
// if at none that was read.
func (f *fields) elsewhere(name string) string {
	var places []string
	for known := range f.r.known {
		section, key := "", known
		if n := strings.LastIndexByte(known, '.'); n >= 0 {
			section, key = known[:n], known[n+1:]
		}
		if key == name && section != withoutPositions(f.key) {
			places = append(places, section)
		}
	}
	if len(places) == 0 {
		return ""
	}
	slices.SortFunc(places, func(a, b string) int { return strings.Compare(depth(a)+a, depth(b)+b) })
	var ways []string
	for _, section := range places[:min(2, len(places))] {
		last := section[strings.LastIndexByte(section, '.')+1:]
		switch list, isList := strings.CutSuffix(last, "[]"); {
		case section == "":
			return "it belongs at the top of the file, without blanks before it"
		case isList:
			ways = append(ways, "in each entry of "+list)
		default:
			ways = append(ways, "under "+section)
		}
	}
	return "it belongs " + oneOf(ways)
}

// depth orders places by how deep they lie.
func depth(section string) string { return strings.Repeat("x", strings.Count(section, ".")) }

// countryHint tells a code of the wrong form from one whose holidays are not known.
func countryHint(text string) string {
	region, err := language.ParseRegion(strings.ToUpper(strings.TrimSpace(text)))
	if err != nil || !region.IsCountry() {
		main, _, isRegion := strings.Cut(strings.ToUpper(text), "-")
		if _, err := calendar.ForCountry(main); isRegion && err == nil && main != "" {
			return "no holidays of that region are known by this code; write " + main + ", or a region such as DE-BY, CH-ZH or AU-NSW"
		}
		return ""
	}
	if _, err := calendar.ForCountry(region.String()); err == nil {
		return "write " + region.String()
	}
	var known []string
	for _, code := range calendar.Countries() {
		if !strings.Contains(code, "-") {
			known = append(known, code)
		}
	}
	return "the holidays of " + region.String() + " are not known here; leave it out, and mail leaves on them too, unless you hold it. Known are " + strings.Join(known, ", ")
}

// meantWords are words that people write for those that a setting takes.
func meantWords() map[string][]string {
	return map[string][]string{
		"done": {"held"}, "finished": {"held", "closed"}, "completed": {"held"}, "happened": {"held"}, "over": {"held", "closed"}, "yes": {"held", "always"}, "true": {"held", "always"},
		"scheduled": {"planned"}, "upcoming": {"planned"}, "confirmed": {"planned"}, "open": {"planned", "active"}, "off": {"cancelled", "never"}, "no": {"never"}, "false": {"never"},
		"applied": {"active"}, "interviewing": {"active"}, "ongoing": {"active"}, "in progress": {"active"}, "on hold": {"paused"}, "hold": {"paused"}, "pending": {"planned", "active"}, "waiting": {"active"},
		"hired": {"accepted"}, "signed": {"accepted"}, "ghosted": {"closed"}, "dead": {"closed"},
		"zoom": {"video"}, "teams": {"video"}, "meet": {"video"}, "google meet": {"video"}, "online": {"video"}, "remote": {"video"}, "webex": {"video"}, "call": {"phone"}, "telephone": {"phone"}, "on-site": {"onsite"}, "in person": {"onsite"}, "office": {"onsite"},
		"all": {"interviewers", "always"}, "each": {"interviewers"}, "everyone": {"interviewers"}, "everybody": {"interviewers"}, "panel": {"interviewers"}, "interviewer": {"interviewers"}, "hr": {"recruiter"}, "manager": {"lead"},
		"ssl": {"tls"}, "ssl/tls": {"tls"}, "none": {"never", "insecure"}, "plain": {"insecure"}, "manual": {"always"}, "auto": {"never"}, "automatic": {"never"},
	}
}

// choiceHint says which of the words was meant.
func choiceHint(text string, words []string) string {
	for _, meant := range meantWords()[strings.ToLower(strings.TrimSpace(text))] {
		if slices.Contains(words, meant) {
			return "did you mean " + meant + "?"
		}
	}
	return DidYouMean(text, words)
}

// reason reads words that say why. A yes or no there is none, and "no" would mean the
// contrary of what it does.
func (v value) reason(expected, without string) string {
	if !v.absent() && v.node.Kind == yaml.ScalarNode {
		switch strings.ToLower(strings.TrimSpace(v.node.Value)) {
		case "true", "yes", "y", "on", "1":
			v.wrong(expected, "write why, such as: she asked for no mail")
			return ""
		case "false", "no", "n", "off", "0", "never", "none":
			v.wrong(expected, without)
			return ""
		}
	}
	return v.text()
}

// list is the texts of a list, without those of its entries that are none.
func (v value) list() []string {
	var all []string
	for _, n := range v.node.Content {
		all = append(all, n.Value)
	}
	return all
}
