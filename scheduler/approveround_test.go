package scheduler

import "testing"

// TestRoundIsApprovedOverAnEdit: one approval of a round may take up what was saved of the file just
// now, by which the next mail of the round is not wanted any more: that one is refused, and not the round.
func TestRoundIsApprovedOverAnEdit(t *testing.T) {
	t.Parallel()
	f := acme(onsite(person("Ken"), person("Noor")))
	f.Policy.Review = ReviewAlways
	o := newOffice(t, f)
	o.attend("acme", "2026-11-24 09:00")
	ken := o.delivery("thank-you")
	ken.AnyData, ken.Attempt = true, 1 // a server may hold its bytes, so that it is sent as it stands
	o.store.set(ken)
	f.Application.Interviews[0].Interviewers[1].Skip = "was ill"
	all, err := o.acts(f, "2026-11-24 09:05").ApproveRound(t.Context(), "acme/onsite")
	if err != nil || len(all) != 2 {
		t.Fatalf("of the round %d are told: %v", len(all), err)
	}
	for _, x := range all {
		if isNoor := x.Delivery.To.Name == "Noor Osei"; isNoor != (x.Refused != nil) || isNoor != (x.Delivery.State == Cancelled) {
			t.Errorf("the mail to %s is %s: %v", x.Delivery.To.Name, x.Delivery.State, x.Refused)
		}
	}
}
