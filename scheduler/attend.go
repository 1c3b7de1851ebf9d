package scheduler

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"afterword/scheduler/calendar"
)

// World is what the files say at one moment.
type World struct {
	Policy       Policy
	Applications map[string]Application  // by stem
	Trouble      string                  // why no mail can leave now: a server cannot be reached
	Ledger       Ledger                  // what was handed over, whatever the store says; nil on a dry run
	Name         func(key string) string // the own Message-ID of a delivery; nil on a dry run
}

// others returns every application but one.
func (w World) others(stem string) []Application {
	var all []Application
	for s, a := range w.Applications {
		if s != stem {
			all = append(all, a)
		}
	}
	return all
}

// LoadFacts gathers what the files say and the store remembers about one
// application. An application without a file is broken: held, not cancelled.
func LoadFacts(r Reader, w World, stem string, now time.Time) (Facts, error) {
	a, ok := w.Applications[stem]
	if !ok {
		a = Application{Stem: stem, Broken: "the file " + stem + ".yaml is gone"}
	}
	f := Facts{Policy: w.Policy, Trouble: w.Trouble, Application: a, Others: w.others(stem), Doubted: map[string]bool{}}
	var err error
	if f.Stored, err = r.Deliveries(DeliveryQuery{Application: stem}); err != nil {
		return f, err
	}
	if f.Mails, err = r.Mails(MailQuery{Application: stem}); err != nil {
		return f, err
	}
	if f.Holds, err = r.Holds(); err != nil {
		return f, err
	}
	if err = f.loadDoubts(r); err != nil {
		return f, err
	}
	if err = f.loadRate(r, now); err != nil {
		return f, err
	}
	return f, f.loadElsewhere(r)
}

func (f *Facts) loadDoubts(r Reader) error {
	ds, err := r.Deliveries(DeliveryQuery{States: []State{InDoubt}})
	for _, d := range ds {
		f.Doubted[NormalAddress(d.To.Email)] = true
	}
	return err
}

func (f *Facts) loadRate(r Reader, now time.Time) error {
	ms, err := r.Mails(MailQuery{Since: now.Add(-time.Hour)})
	for _, m := range ms {
		if m.Outgoing && m.Key != "" {
			f.SentLately++
		}
	}
	return err
}

// loadElsewhere finds mail with the same people, and with the same company, in
// other applications, also in some whose files are gone.
func (f *Facts) loadElsewhere(r Reader) error {
	seen := map[string]bool{}
	add := func(q MailQuery) error {
		ms, err := r.Mails(q)
		for _, m := range ms {
			if m.Application != f.Application.Stem && !seen[m.MessageID] {
				seen[m.MessageID] = true
				f.Elsewhere = append(f.Elsewhere, m)
			}
		}
		return err
	}
	for _, p := range f.Application.People() {
		for _, address := range p.Addresses() {
			if err := add(MailQuery{Person: NormalAddress(address)}); err != nil {
				return err
			}
		}
	}
	if f.Application.Company == "" {
		return nil
	}
	return add(MailQuery{Company: f.Application.Company})
}

// attend brings one application up to date: plan, reconcile, text, questions,
// expiry. Running it again at the same moment changes nothing. It returns the
// approved deliveries that the gate lets go.
func (w Writers) attend(tx Tx, world World, stem string, now time.Time) ([]Delivery, error) {
	f, err := LoadFacts(tx, world, stem, now)
	if err != nil {
		return nil, err
	}
	for _, c := range Reconcile(f, Plan(f, now)) {
		if err := put(tx, c.Delivery, now, c.Event, c.Delivery.nextWake(f, now)); err != nil {
			return nil, err
		}
	}
	if f.Stored, err = tx.Deliveries(DeliveryQuery{Application: stem}); err != nil {
		return nil, err
	}
	if err := consultLedger(tx, world, f.Stored, now); err != nil {
		return nil, err
	}
	if f.Stored, err = tx.Deliveries(DeliveryQuery{Application: stem}); err != nil {
		return nil, err
	}
	var ready []Delivery
	for n, d := range f.Stored {
		if !d.State.Open() {
			continue
		}
		d, err := w.attendOne(tx, f, d, now)
		if err != nil {
			return nil, err
		}
		f.Stored[n] = d
		if d.State == Approved && Gate(f, d, now).Open {
			ready = append(ready, d)
		}
	}
	return ready, askAboutInterviews(tx, f, now)
}

// attendOne looks after one open delivery.
func (w Writers) attendOne(tx Tx, f Facts, d Delivery, now time.Time) (Delivery, error) {
	before := d
	var events []Event
	if v, stop := gateExpiry(f, d, now); stop && f.Application.Broken == "" && f.Policy.Broken == "" {
		return expire(tx, d, v.Why, now)
	}
	if f.Application.Broken == "" && f.Policy.Broken == "" {
		d, events = w.prepare(f, d, now)
	}
	v := Gate(f, d, now)
	d.WaitingFor = waitingFor(f, d, v)
	for _, e := range events {
		e.At = now
		if err := tx.Log(e); err != nil {
			return d, err
		}
	}
	if v.Ask && d.State == Approved {
		if err := ask(tx, d, "gate/"+d.Key, v.Why+"; "+d.To.Name+"'s mail waits", now); err != nil {
			return d, err
		}
	}
	if err := announce(tx, f, d, now); err != nil {
		return d, err
	}
	if len(events) == 0 && sameRow(before, d) {
		return d, tx.SetWake(d.Key, d.nextWake(f, now))
	}
	return d, tx.Put(d, d.nextWake(f, now))
}

// sameRow reports whether attending changed nothing worth a write.
func sameRow(a, b Delivery) bool {
	return a.State == b.State && a.TextHash == b.TextHash && a.WaitingFor == b.WaitingFor && a.Why == b.Why &&
		a.Approved == b.Approved && len(a.Findings) == len(b.Findings) && a.Announced.Equal(b.Announced)
}

// waitingFor says what keeps a delivery now, "" if only its time does.
func waitingFor(f Facts, d Delivery, v Verdict) string {
	switch {
	case v.Open:
		return f.Trouble
	case f.Policy.Broken != "" || f.Application.Broken != "":
		return v.Why
	case d.State == Review:
		return "your approval: " + d.Why
	case d.Due.IsZero():
		return "the step before it"
	}
	if _, stop := gateStatus(f, d, time.Time{}); stop {
		return v.Why
	}
	if v.Until.Equal(d.Due) {
		return ""
	}
	return v.Why
}

// expire ends a delivery whose time is over, and tells the user.
func expire(tx Tx, d Delivery, why string, now time.Time) (Delivery, error) {
	e := moveEvent(d, Expired, ActorDaemon, why)
	d.State, d.Why, d.WaitingFor = Expired, why, ""
	if err := put(tx, d, now, e, time.Time{}); err != nil {
		return d, err
	}
	return d, tell(tx, Notice{Key: "expired/" + d.Key, Kind: "expired", At: now,
		Subject: "Not sent: the mail to " + d.To.Name,
		Text: fmt.Sprintf("The mail to %s (%s) was not sent: %s. It was waiting for: %s", d.To.Name, d.Key, why,
			firstOf(d.WaitingFor, "nothing but its time")),
		Discreet: "A mail was not sent in time."})
}

// announce shows an asking mail that no person approved to the user before it
// leaves. Announced is set when the notice has really reached a channel.
func announce(tx Tx, f Facts, d Delivery, now time.Time) error {
	if d.State != Approved || !d.Announced.IsZero() || !needsAnnouncing(f.Policy, d) || now.Before(d.Due.Add(-f.Policy.Announce)) {
		return nil
	}
	for _, rule := range []func(Facts, Delivery, time.Time) (Verdict, bool){gateFiles, gateStatus, gateHolds, gateDoubt} {
		if _, stop := rule(f, d, now); stop {
			return nil // it does not leave at that time
		}
	}
	return tell(tx, Notice{Key: announceKey(d), Kind: noticeAnnounce, At: now,
		Subject: fmt.Sprintf("Leaves %s: to %s", moment(d.Due, d.Zone), d.To.Name),
		Text: fmt.Sprintf("This mail to %s <%s> leaves on %s unless you stop it (afterword skip %s).\nHeard from them by phone? Then: afterword answered %s\n\nSubject: %s\n\n%s",
			d.To.Name, d.To.Email, moment(d.Due, d.Zone), d.Key, d.Application, d.Text.Subject, d.Text.Body),
		Discreet: "A follow-up leaves soon."})
}

// noticeAnnounce marks the notices that set Delivery.Announced once told.
const noticeAnnounce = "announce"

// announceKey names the announcement of one text of one delivery.
func announceKey(d Delivery) string { return noticeAnnounce + "/" + d.Key + "#" + d.TextHash }

// put writes a delivery and its event.
func put(tx Tx, d Delivery, now time.Time, e Event, wake time.Time) error {
	if err := tx.Put(d, wake); err != nil {
		return err
	}
	if e.What == "" {
		return nil
	}
	e.At = now
	return tx.Log(e)
}

// ask records a question and tells it once.
func ask(tx Tx, d Delivery, key, text string, now time.Time) error {
	isNew, err := tx.Ask(Question{Key: key, Application: d.Application, Text: text, Asked: now})
	if err != nil || !isNew {
		return err
	}
	return tell(tx, Notice{Key: "question/" + key, Kind: "question", At: now, Subject: "A question about " + d.Application, Text: text,
		Discreet: "A question waits for you."})
}

func tell(tx Tx, n Notice) error {
	_, err := tx.Notify(n)
	return err
}

// The pauses around an interview after which the user is asked whether it took
// place.
const (
	askAfterEnd     = 30 * time.Minute
	askBeforeExpiry = 3 * time.Hour
)

// askAboutInterviews asks whether a meeting took place, who was there and what
// each said, and takes the question back once the file answers it.
func askAboutInterviews(tx Tx, f Facts, now time.Time) error {
	if f.Application.Broken != "" {
		return nil
	}
	for _, i := range f.Application.Interviews {
		key := "happened/" + f.Application.Stem + "/" + i.ID
		if i.Status == InterviewCancelled || tookPlace(i) || f.Application.Status.Over() {
			if err := tx.Answer(key); err != nil {
				return err
			}
			continue
		}
		if now.Before(i.End().Add(askAfterEnd)) {
			continue
		}
		d := Delivery{Application: f.Application.Stem}
		text := fmt.Sprintf("Did the interview %q with %s on %s take place, who was there, and what did each of them say?",
			i.ID, f.Application.Company, calendarDay(i.At, i.Zone))
		if err := ask(tx, d, key, text, now); err != nil {
			return err
		}
	}
	return nil
}

// nextWake is the next moment at which time alone may change something about
// the delivery: its index entry in the store. Zero means that only an event
// can.
func (d Delivery) nextWake(f Facts, now time.Time) time.Time {
	if !d.State.Open() {
		return time.Time{}
	}
	var next time.Time
	at := func(t time.Time) {
		if !t.IsZero() && t.After(now) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	if i, ok := f.Application.Interview(d.Interview); ok && !tookPlace(i) {
		at(i.End().Add(askAfterEnd))
	}
	if !d.Due.IsZero() {
		at(d.Due.Add(-prepareAhead))
		at(d.Due.Add(-f.Policy.Announce))
		at(d.Due)
		at(d.RetryAt)
		at(d.Expires.Add(-askBeforeExpiry))
		at(closing(f, d))
		if v := Gate(f, d, now); !v.Open && now.After(d.Due) {
			at(v.Until)
		}
	}
	at(d.Expires)
	return next
}

// closing is when the window of the delivery's slot closes that day.
func closing(f Facts, d Delivery) time.Time {
	i, _ := f.Application.Interview(d.Interview)
	place := placeFor(f.Policy, f.Application, i, personOf(f.Application, i, d))
	if closes, ok := place.OpenUntil(d.Due); ok {
		return closes
	}
	return place.StartOfDay(calendar.DateOf(d.Due.In(place.Zone)).AddDays(1))
}

// announcedKey is the delivery that an announcement is about.
func announcedKey(noticeKey string) string {
	key := strings.TrimPrefix(noticeKey, noticeAnnounce+"/")
	if n := strings.LastIndexByte(key, '#'); n >= 0 {
		return key[:n]
	}
	return key
}

// ignoreMissing takes what is not there any more for nothing to do.
func ignoreMissing(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
