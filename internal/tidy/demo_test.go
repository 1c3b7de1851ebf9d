package tidy

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// The marks around the demo's output in README.
const (
	excerptBegins = "```text\n"
	excerptEnds   = "```\n"
)

// excerptWidth is where README cuts an event of the demo.
const excerptWidth = 118

// excerpt shortens the demo's output for README: the steps between approved and
// sent, moved times and repetitions are left out, and long lines are cut.
func excerpt(output string) string {
	var kept strings.Builder
	shown := map[string]bool{}
	columns, isEvent := regexp.MustCompile(`\s{2,}`), regexp.MustCompile(`^\w{3} \d\d \w{3} \d\d:\d\d$`)
	for line := range strings.Lines(output) {
		line = strings.TrimSuffix(line, "\n")
		if cells := columns.Split(line, 5); len(cells) == 5 && isEvent.MatchString(cells[0]) {
			what := repetition(cells)
			if what == "" || shown[what] {
				continue
			}
			shown[what] = true
			if len(line) > excerptWidth {
				line = strings.TrimRight(line[:excerptWidth-4], " ") + " ..."
			}
		}
		kept.WriteString(line + "\n")
	}
	return kept.String()
}

// repetition names what README shows once of an event: time, application,
// person, what and why. It is empty for what is left out.
func repetition(cells []string) string {
	when, application, person, what := cells[0], cells[1], cells[2], cells[3]
	day := when[:len("Mon 02 Jan")]
	switch what {
	case "sending", "handed_over", "scheduled", "moved":
		return ""
	case "planned":
		return application + person + what
	case "review", "approved":
		return application + day + what
	}
	return strings.Join(cells, " ")
}

// TestReadmeShowsTheDemo: what README shows of the demo is what the demo prints.
// With AFTERWORD_UPDATE=1 README is rewritten instead.
func TestReadmeShowsTheDemo(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("the demo takes seconds")
	}
	c := exec.CommandContext(context.WithoutCancel(t.Context()), "go", "run", "./cmd/afterword", "demo")
	c.Dir = fromRoot(".")
	output, err := c.Output()
	if err != nil {
		t.Fatalf("running the demo: %v", err)
	}
	want := excerpt(string(output))
	if !strings.Contains(want, "AT THE SERVER") || strings.Count(want, "\n") < 15 {
		t.Fatalf("the demo prints too little:\n%s", want)
	}
	readme := document(t, "README.md")
	before, rest, begins := strings.Cut(readme, excerptBegins)
	shown, after, ends := strings.Cut(rest, excerptEnds)
	switch {
	case !begins || !ends:
		t.Fatal("README.md shows no output of the demo")
	case shown == want:
	case os.Getenv("AFTERWORD_UPDATE") != "":
		if err := os.WriteFile(fromRoot("README.md"), []byte(before+excerptBegins+want+excerptEnds+after), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("README.md shows another output than the demo's; AFTERWORD_UPDATE=1 rewrites it. The demo's is now:\n%s", want)
	}
}
