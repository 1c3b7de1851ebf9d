package scheduler

import (
	"strings"
	"testing"
)

// A mail in doubt is a question to the user, with the command that settles it;
// no other state is.
func TestDoubtsAreQuestions(t *testing.T) {
	t.Parallel()
	var st StatusReport
	for _, state := range []State{Planned, Review, Approved, Sending, HandedOver, InDoubt, Refused, Expired, Cancelled, Sent, Bounced} {
		st.Deliveries = append(st.Deliveries, Delivery{Key: "acme/onsite/thank-you/" + string(state) + "@acme.example", Step: "thank-you", State: state, Why: "the connection broke"})
	}
	qs := st.Doubts()
	if len(qs) != 1 || !strings.Contains(qs[0].Text, "afterword resolve acme/onsite/thank-you/in_doubt@acme.example --sent") || !strings.HasPrefix(qs[0].Key, askedDoubt) {
		t.Errorf("of %d states: %+v", len(st.Deliveries), qs)
	}
}
