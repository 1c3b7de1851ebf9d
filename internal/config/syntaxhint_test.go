package config

import (
	"strings"
	"testing"
)

// TestSlipsOfYAML: what people write who do not know YAML is told in the line
// where it stands, with what to write instead.
func TestSlipsOfYAML(t *testing.T) {
	t.Parallel()
	const noYAML = "found a text that is no YAML "
	checkWrong(t, []wrong{
		{
			text: oneInterviewer("        said: 'it's fine'\n"),
			want: "acme.yaml:8: " + noYAML + "(did not find expected key), expected keys and values",
			hint: "an apostrophe ends text that stands in single quotes",
		},
		{ // blanks at the end of a line are no odd ones at its beginning
			text: oneInterviewer("        said: two  \n        note: 'it's fine'\n"),
			want: "acme.yaml:9: " + noYAML + "(did not find expected key), expected keys and values",
			hint: "an apostrophe ends text that stands in single quotes",
		},
		{
			text: oneInterviewer("        said: \"the \"best\" team\"\n"),
			want: "acme.yaml:8: " + noYAML + "(did not find expected key), expected keys and values",
			hint: `write \" within it`,
		},
		{
			text: oneInterviewer("        said: *very* good\n"),
			want: "acme.yaml:8: " + noYAML + "(did not find expected alphabetic or numeric character), expected keys and values",
			hint: "begins with * or &",
		},
		{
			text: oneInterview("    interviewers:\n      - {name: Ken, said: ship it: now}\n"),
			want: "acme.yaml:7: " + noYAML + "(did not find expected ',' or '}'), expected keys and values",
			hint: "within brackets",
		},
		{
			text: "company: Acme\nrole: [\n",
			want: "acme.yaml:2: " + noYAML + "(did not find expected node content), expected keys and values",
			hint: "a bracket is not closed",
		},
		{
			text: "company: Acme\nrole: Engineer\ninterviews: - at: 2026-11-23 14:00\n",
			want: "acme.yaml:3: " + noYAML + "(block sequence entries are not allowed in this context), expected keys and values",
			hint: "a dash on a line of its own",
		},
		{
			text: oneInterview("     timezone: Europe/Paris\n"),
			want: "acme.yaml:6: " + noYAML + "(mapping values are not allowed in this context), expected keys and values",
			hint: "in the same column",
		},
		{
			text: oneInterviewer("        said: the motto: ship it\n"),
			want: "acme.yaml:8: " + noYAML + "(mapping values are not allowed in this context), expected keys and values",
			hint: `": " in double quotes`,
		},
		{
			text: "company: Acme\nrole: Engineer\ninterviews:\n\u00a0\u00a0- at: 2026-11-23 14:00\n    duration: 45m\n",
			want: "acme.yaml:4: " + noYAML + "(mapping values are not allowed in this context), expected keys and values",
			hint: "a blank that is none",
		},
		{
			text: oneInterview("    interviewers:\n      - Ken Osei <ken@acme.example>\n"),
			want: `acme.yaml:7: interviews[0].interviewers[0]: found "Ken Osei <ken@acme.example>", expected keys and values`,
			hint: "write {name: Ken Osei, email: ken@acme.example}",
		},
		{
			text: oneInterview("    interviewers:\n      - '\"Osei, Ken\" <ken@acme.example>'\n"),
			want: `acme.yaml:7: interviews[0].interviewers[0]: found "\"Osei, Ken\" <ken@acme.example>", expected keys and values`,
			hint: `write {name: "Osei, Ken", email: ken@acme.example}`,
		},
	}, loadInterviewText(t))
}

// TestSlipsOfTimes: of a time, a zone and a duration it is said what they lack.
func TestSlipsOfTimes(t *testing.T) {
	t.Parallel()
	var all []wrong
	for at, hint := range map[string]string{
		"2026-11-23":           "the time of day is missing",
		"2026-11-23 2pm":       "write 2026-11-23 14:00",
		"2026-11-23 24:00":     "00:00 of the day after",
		"2026-11-23T14:00:00Z": "the zone stands under timezone",
		"2026-02-30 14:00":     "a day that exists",
	} {
		all = append(all, wrong{"company: Acme\nrole: Engineer\ninterviews:\n  - at: " + at + "\n", `acme.yaml:4: interviews[0].at: found "` + at + `", expected a date and time such as 2026-11-23 14:00`, hint})
	}
	for zone, hint := range map[string]string{
		"Paris": "did you mean Europe/Paris?", "new york": "did you mean America/New_York?", "europe/berlin": "did you mean Europe/Berlin?",
		"EST": "write America/New_York", "Atlantis": "", "CEST": "did you mean Europe/Paris?", "PDT": "did you mean America/Los_Angeles?", "Europe/Munich": "did you mean Europe/Berlin?",
		"Europe / paris": "did you mean Europe/Paris?", "Zürich": "did you mean Europe/Zurich?", "Europe/Pariss": "did you mean Europe/Paris?", "GMT+1": "is an offset, which knows no summer time",
		"UTC-05:00": "is an offset, which knows no summer time", "Etc/GMT+5": "lies 5 h west of Greenwich", "Etc/GMT-1": "lies 1 h east of Greenwich", "IST": "Asia/Kolkata, Europe/Dublin or Asia/Jerusalem",
	} {
		all = append(all, wrong{oneInterview("    timezone: " + zone + "\n"), `acme.yaml:6: interviews[0].timezone: found "` + zone + `", expected a time zone such as Europe/Paris`, hint})
	}
	for length, hint := range map[string]string{"1:30": "such as 1h30m", "1.5h": "write 1h30m"} {
		all = append(all, wrong{oneInterview("    duration: " + length + "\n"), `acme.yaml:6: interviews[0].duration: found "` + length + `", expected a time from 1m to 24h`, hint})
	}
	checkWrong(t, all, loadInterviewText(t))
}

// TestZonesOfNamesExist: what is proposed for a name is a zone that loads.
func TestZonesOfNamesExist(t *testing.T) {
	t.Parallel()
	names := zonesOfNames()
	if len(names) < 150 {
		t.Errorf("%d names are known, want 150 at least", len(names))
	}
	for name, zones := range names {
		for zone := range strings.SplitSeq(strings.ReplaceAll(zones, " or ", ", "), ", ") {
			if _, err := loadZone(zone); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for _, zone := range []string{"CET", "UTC", "GMT", "Etc/UTC", "US/Eastern", "Europe/Paris"} {
		if _, err := loadZone(zone); err != nil {
			t.Errorf("%s is refused: %v", zone, err)
		}
	}
}

// TestNoIsNotNorway: "no" for no holidays does not give those of Norway.
func TestNoIsNotNorway(t *testing.T) {
	t.Parallel()
	checkWrong(t, []wrong{{after("sending: {holidays: no}\n"), `config.yaml:6: sending.holidays: found "no", expected a country code such as FR, DE, GB or US`, `"" for none`}}, loadConfigText)
	if err := loadConfigText(after("sending: {holidays: NO}\n")); err != nil {
		t.Errorf("Norway is refused: %v", err)
	}
}
