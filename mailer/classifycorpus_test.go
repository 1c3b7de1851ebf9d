package mailer

import (
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
)

// corpusFolder finds the folder of real mail, or skips.
func corpusFolder(tb testing.TB) string {
	tb.Helper()
	folder := os.Getenv("AFTERWORD_CORPUS")
	if folder == "" {
		folder = filepath.Join("..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(filepath.Join(folder, "labels.tsv")); err != nil {
		tb.Skip("the corpus of real mail is absent: set AFTERWORD_CORPUS")
	}
	return folder
}

// corpusTable reads one of the corpus' tables; each row is keyed by its heading.
func corpusTable(tb testing.TB, folder, name string) []map[string]string {
	tb.Helper()
	b, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		tb.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(string(b), "\n"), "\n")
	if len(lines) < 2 {
		tb.Fatalf("%s is empty", name)
	}
	headings := strings.Split(lines[0], "\t")
	var out []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, value := range strings.Split(line, "\t") {
			if i < len(headings) {
				row[headings[i]] = value
			}
		}
		out = append(out, row)
	}
	return out
}

func corpusMessage(tb testing.TB, folder, path string) Message {
	tb.Helper()
	raw, err := os.ReadFile(filepath.Join(folder, path))
	if err != nil {
		tb.Fatal(err)
	}
	return Parse(Split(raw))
}

// corpusKind is a reading in the words of the corpus.
func corpusKind(r Reading) string {
	switch r.Kind {
	case Human:
		return "human_reply"
	case Bounce:
		return "bounce_" + string(r.Class)
	case ReadReceipt:
		return "mdn"
	case Bulk:
		return "list"
	case Notification:
		return "other"
	}
	return string(r.Kind)
}

func asOneBounce(kind string) string {
	if strings.HasPrefix(kind, "bounce_") {
		return "bounce"
	}
	return kind
}

// score counts what was right.
type score struct{ right, all int }

func (s score) share() float64 {
	if s.all == 0 {
		return 0
	}
	return float64(s.right) / float64(s.all)
}

func (s *score) count(right bool) {
	s.all++
	if right {
		s.right++
	}
}

// kindFloors are the shares of each kind that must be read rightly: all, but
// for the two where some are not. They may only rise.
var kindFloors = map[string]float64{"bounce": 0.996, "other": 0.90}

// Every floor here may only rise.
func TestCorpusIsReadAsPeopleReadIt(t *testing.T) {
	t.Parallel()
	folder := corpusFolder(t)
	recall := map[string]*score{}
	var bounceOrNot, permanence score
	for _, row := range corpusTable(t, folder, "labels.tsv") {
		reading := Classify(corpusMessage(t, folder, row["path"]))
		want, got := row["kind"], corpusKind(reading)
		if want == "malformed" {
			continue // that it did not crash is all
		}
		accepted := append([]string{want}, strings.Split(row["alt"], "|")...)
		coarse := asOneBounce(want)
		if recall[coarse] == nil {
			recall[coarse] = &score{}
		}
		right := slices.ContainsFunc(accepted, func(k string) bool { return asOneBounce(k) == asOneBounce(got) })
		recall[coarse].count(right)
		bounceOrNot.count((coarse == "bounce") == (reading.Kind == Bounce))
		if coarse == "bounce" {
			permanence.count(slices.Contains(accepted, got))
		}
		if !right || coarse == "bounce" && !slices.Contains(accepted, got) {
			t.Logf("%s: %s read as %s %s on %q", row["path"], want, got, reading.Status, reading.Evidence)
		}
		if want == "delay" && reading.Kind == Bounce {
			t.Errorf("%s: a delay was read as a final failure", row["path"])
		}
	}
	macro := macroRecall(t, recall)
	t.Logf("macro recall %.4f, bounce or not %.4f, permanent or transient %.4f", macro, bounceOrNot.share(), permanence.share())
	atLeast(t, "macro recall", macro, 0.987)
	atLeast(t, "bounce or not", bounceOrNot.share(), 0.997)
	atLeast(t, "permanent or transient", permanence.share(), 0.992)
}

// macroRecall is the plain mean of recall, kinds of fewer than five pooled.
func macroRecall(t *testing.T, recall map[string]*score) float64 {
	t.Helper()
	pooled := map[string]score{}
	for kind, s := range recall {
		t.Logf("%-18s %3d of %3d  %.3f", kind, s.right, s.all, s.share())
		floor, some := kindFloors[kind]
		if !some {
			floor = 1
		}
		atLeast(t, "recall of "+kind, s.share(), floor)
		if s.all < 5 {
			kind = "rare kinds"
		}
		p := pooled[kind]
		pooled[kind] = score{p.right + s.right, p.all + s.all}
	}
	sum := 0.0
	for _, s := range pooled {
		sum += s.share()
	}
	return sum / float64(len(pooled))
}

func atLeast(t *testing.T, what string, got, floor float64) {
	t.Helper()
	if got < floor {
		t.Errorf("%s is %.4f, below its floor of %.3f", what, got, floor)
	}
}

func TestCorpusReportsNameTheirMail(t *testing.T) {
	t.Parallel()
	folder := corpusFolder(t)
	var ids, addresses score
	for _, row := range corpusTable(t, folder, "bounce_match.tsv") {
		reading := Classify(corpusMessage(t, folder, row["path"]))
		if want := row["orig_message_id"]; want != "" {
			ids.count(reading.OriginalID == want)
			if reading.OriginalID != want {
				t.Logf("%s: original %q, found %q (%s)", row["path"], want, reading.OriginalID, row["found_in"])
			}
		}
		want := strings.Fields(row["failed_recipients"])
		if len(want) == 0 {
			continue
		}
		addresses.count(sameAddresses(want, reading.Failed))
		if !sameAddresses(want, reading.Failed) {
			t.Logf("%s: failed %q, found %q", row["path"], want, reading.Failed)
		}
	}
	t.Logf("original Message-ID %d of %d, failed addresses %d of %d", ids.right, ids.all, addresses.right, addresses.all)
	atLeast(t, "original Message-ID", ids.share(), 0.995)
	atLeast(t, "failed addresses", addresses.share(), 0.995)
}

func sameAddresses(a, b []string) bool {
	fold := func(list []string) string {
		var out []string
		for _, addr := range list {
			out = append(out, strings.ToLower(addr))
		}
		sort.Strings(out)
		return strings.Join(slices.Compact(out), " ")
	}
	return fold(a) == fold(b)
}
