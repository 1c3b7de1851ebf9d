package scheduler

import "testing"

// TestAllSayTheSame: whatever shows a mail that will be laid before the user says so, and none
// that it simply leaves.
func TestAllSayTheSame(t *testing.T) {
	t.Parallel()
	f := afterThanks(func(f *Facts) { f.Policy.Replies.Interviewer = ReplyRestarts })
	o := newOffice(t, f)
	for _, d := range f.Stored {
		o.store.set(d)
	}
	o.store.mails = append(f.Mails, Mail{MessageID: "<theirs@acme.example>", Application: "acme", Interview: "onsite", Person: "ken@acme.example", Name: "Ken Osei",
		Company: "Acme", At: paris("2026-11-25 09:00"), Class: "human"})
	o.attend("acme", "2026-11-25 12:00")
	s := o.acts(f, "2026-11-25 12:01")
	key, want := "acme/onsite/follow-up-1/ken@acme.example", "for your approval: Ken Osei answered on Wed 25 Nov 2026, so it was planned anew"
	said := map[string]string{}
	items, _, err := s.Plan(t.Context(), paris("2026-11-25 12:01"))
	story, err2 := s.Why(t.Context(), key)
	v, _, err3 := s.Open(t.Context(), key)
	dossier, err4 := s.Dossier(t.Context(), "acme")
	pending, err5 := s.Pending(t.Context())
	for _, err := range []error{err, err2, err3, err4, err5} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, i := range items {
		if i.Key == key && i.WaitingFor != nil {
			said["plan"] = *i.WaitingFor
		}
	}
	said["why"], said["the page of the mail"] = story.Delivery.WaitingFor, v.Delivery.WaitingFor
	for who, all := range map[string][]Delivery{"the page of the application": dossier.Deliveries, "the first page": pending.Deliveries} {
		for _, d := range all {
			if d.Key == key {
				said[who] = d.WaitingFor
			}
		}
	}
	for who, got := range said {
		if got != want {
			t.Errorf("%s says that it waits %q, want %q", who, got, want)
		}
	}
	if len(said) != 5 {
		t.Errorf("only these show it: %v", said)
	}
}
