package mailer

import (
	"os"
	"strings"
	"testing"
)

// checkShown reads a file of sentences, each behind the name of the intent that it
// shows, or behind "none" where it only sounds like one.
func checkShown(t *testing.T, name string, intent Intent) {
	t.Helper()
	b, err := os.ReadFile("testdata/intents/" + name)
	if err != nil {
		t.Fatal(err)
	}
	shown, none := 0, 0
	for line := range strings.Lines(string(b)) {
		label, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		want := label == string(intent)
		if got := readOf(text).shows(intent); got != want {
			t.Errorf("%s is %v, want %v: %q", intent, got, want, text)
		}
		if want {
			shown++
		} else if label == "none" {
			none++
		}
	}
	if shown < 20 || none < 20 {
		t.Errorf("%s holds %d and %d sentences", name, shown, none)
	}
}

// Who keeps papers, hires nobody just now, takes an offer back or wishes luck has
// refused only where the letter shows it: so write also those whom somebody signed
// up with, the law, successors and whoever looks forward to the next meeting.
func TestWhatOnlySoundsLikeTheEnd(t *testing.T) {
	t.Parallel()
	checkShown(t, "partings.txt", Rejection)
}

// Who wants no more of something else (files, delays, excuses, time) does not ask
// to be left alone, which would end all mail to the company.
func TestWhoAsksNotToBeWrittenTo(t *testing.T) {
	t.Parallel()
	checkShown(t, "nomore.txt", NoMore)
}
