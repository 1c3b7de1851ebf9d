package scheduler

import (
	"fmt"
	"testing"
	"time"
)

// TestRestoredAsksAboutWhatWasExpected: a follow-up that was approved before its thanks had left has
// no time of its own yet. If that which was expected lies before a backup is put back, what the user
// said of the mail since is lost like that of any other; so it is where the user wanted it earlier,
// and where no ledger knows what left, although nothing of a later meeting can have left.
func TestRestoredAsksAboutWhatWasExpected(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		expected, due, first time.Time
		want                 State
	}{
		"it has passed":         {paris("2026-12-01 10:00"), time.Time{}, time.Time{}, Review},
		"it is to come":         {paris("2026-12-03 10:00"), time.Time{}, time.Time{}, Approved},
		"it was put off":        {time.Time{}, paris("2026-12-03 10:00"), paris("2026-12-01 10:00"), Review},
		"it was to leave early": {time.Time{}, paris("2026-12-01 10:00"), paris("2026-12-03 10:00"), Review},
	} {
		for began, sure := range map[time.Time]bool{paris("2026-11-23 14:00"): true, paris("2026-12-07 14:00"): false} {
			t.Run(fmt.Sprintf("%s, with a ledger: %v", name, sure), func(t *testing.T) {
				t.Parallel()
				o := newOffice(t, acme(onsite(person("Ken"))))
				key := Key("acme", "onsite", "follow-up-1", "ken@acme.example")
				o.store.set(Delivery{Key: key, Application: "acme", Interview: "onsite", Step: "follow-up-1", Kind: Asking, To: Recipient{Name: "Ken Osei", Email: "ken@acme.example"},
					State: Approved, ByPerson: true, Approved: "text", Began: began, Expected: c.expected, Due: c.due, FirstDue: c.first, Zone: "Europe/Paris"})
				user := Service{Store: o.store, Files: &papers{policy: o.world.Policy, apps: []Application{o.world.Applications["acme"]}}, Writers: o.writers, Clock: &handClock{paris("2026-12-01 17:00")}}
				if _, err := user.Restored(t.Context(), paris("2026-11-24 09:00"), sure); err != nil {
					t.Fatal(err)
				}
				if d := o.store.get(key); d.State != c.want || d.ByPerson != (c.want == Approved) {
					t.Errorf("it is %s, approved by a person: %v; want %s", d.State, d.ByPerson, c.want)
				}
			})
		}
	}
}
