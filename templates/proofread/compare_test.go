package proofread

import (
	"strings"
	"testing"

	"afterword/scheduler"
)

// TestMark: what another note says in the same five words is marked, line by
// line; greeting and signature are not, and what is the user's own is not.
func TestMark(t *testing.T) {
	t.Parallel()
	me := scheduler.Me{Name: "Dana Reyes"}
	ken := scheduler.Text{Subject: "Thanks", Body: "Hi Ken,\n\nThank you for taking the time, Ken’s team is fine.\nI liked every part of the talk.\n\nBest regards,\nDana Reyes\n"}
	mara := scheduler.Text{Subject: "Thanks", Body: "Hi Mara,\n\nThank you for taking the time! I liked the rota.\n\nBest regards,\nDana Reyes\n"}
	want := "Hi Ken,\n\n[Thank you for taking the time], Ken’s team is fine.\nI liked every part of the talk.\n\nBest regards,\nDana Reyes\n"
	if got := Mark(ken, []scheduler.Text{mara}, me, "[", "]"); got != want {
		t.Errorf("marked is\n%s\nwant\n%s", got, want)
	}
	if got := Mark(ken, nil, me, "[", "]"); got != ken.Body {
		t.Errorf("without others it is\n%s", got)
	}
	same := strings.Replace(ken.Body, "Ken,", "Mara,", 1)
	got := Mark(ken, []scheduler.Text{{Subject: "Thanks", Body: same}}, me, "[", "]")
	if !strings.Contains(got, "is fine].\n[I liked") {
		t.Errorf("a mark goes over the end of a line:\n%s", got)
	}
	if s := Share(ken, scheduler.Text{Body: same}, me); s != 1 {
		t.Errorf("a copy shares %.2f of its runs, want all", s)
	}
	if s := Share(ken, mara, me); s <= 0 || s > 0.5 {
		t.Errorf("two notes with one sentence in common share %.2f", s)
	}
	if s := Share(scheduler.Text{}, mara, me); s != 0 {
		t.Errorf("an empty note shares %.2f", s)
	}
}
