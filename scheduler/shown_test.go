package scheduler

import "testing"

// TestAnotherTextWasNotShown: an approval that gives a follow-up another text than was shown
// does not count as having shown that one: should the approval go, with the mail that is
// cancelled and wanted again, the user sees the new text before it leaves.
func TestAnotherTextWasNotShown(t *testing.T) {
	t.Parallel()
	for name, said := range map[string]string{"the same text": "", "another text": "there is one pager now"} {
		f := acme(onsite(person("Ken")))
		o := newOffice(t, f)
		o.attend("acme", "2026-11-23 16:00")
		d := o.delivery("follow-up-1")
		made, err := o.writers.write(&f, &d, paris("2026-11-24 16:00"))
		if err != nil {
			t.Fatal(err)
		}
		shown := paris("2026-11-24 16:00")
		d.says(made)
		d.Announced = shown
		o.store.set(d)
		f.Application.Interviews[0].Interviewers[0].Said = said
		if _, err := o.acts(f, "2026-11-25 16:00").Approve(t.Context(), d.Key, nil); err != nil {
			t.Fatal(err)
		}
		got := o.delivery("follow-up-1")
		if counts := got.Announced.Equal(shown); counts != (said == "") {
			t.Errorf("%s: it counts as shown: %v", name, counts)
		}
	}
}
