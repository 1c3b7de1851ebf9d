package scheduler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// PlanItem is a delivery as plan and status print it. The JSON names are a
// contract (DESIGN section 8).
type PlanItem struct {
	Key         string    `json:"key"`
	Application string    `json:"application"`
	Round       string    `json:"round"`
	Step        string    `json:"step"`
	Kind        Kind      `json:"kind"`
	To          PlanTo    `json:"to"`
	Due         *string   `json:"due"` // RFC 3339 at the recipient's place; where the step waits, the expected time
	State       State     `json:"state"`
	WaitingFor  *string   `json:"waiting_for"`
	Reason      string    `json:"reason"`
	Template    string    `json:"template"`
	At          time.Time `json:"-"`
	Zone        string    `json:"-"`
}

// PlanTo is the person a mail goes to.
type PlanTo struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

// item turns a delivery into what is printed.
func item(d Delivery) PlanItem {
	p := PlanItem{Key: d.Key, Application: d.Application, Round: d.Interview, Step: d.Step, Kind: d.Kind,
		To: PlanTo{d.To.Name, d.To.Email}, State: d.State, Reason: d.Reason, Template: d.Template, At: d.When(), Zone: d.Zone}
	if !p.At.IsZero() {
		text := inZone(p.At, d.Zone).Format(time.RFC3339)
		p.Due = &text
	}
	if waiting := d.WaitingFor; waiting != "" {
		p.WaitingFor = &waiting
	}
	if !d.State.Open() && d.Why != "" {
		p.Reason = d.Why
	}
	return p
}

// awaited is what keeps the delivery: what stands there or, before that comes, that the
// user will have to approve it. The others are the deliveries of its application.
func (d *Delivery) awaited(review ReviewMode, others []Delivery) string {
	if d.WaitingFor != "" && d.WaitingFor != waitsForStep {
		return d.WaitingFor
	}
	approval := d.approvalAhead(review, others)
	if d.WaitingFor != "" && approval != "" {
		return waitsForStep + ", and then " + approval
	}
	return firstOf(d.WaitingFor, approval)
}

// approvalAhead says that the user will have to approve a mail, as early as that is known, ""
// if they have or need not.
func (d *Delivery) approvalAhead(review ReviewMode, others []Delivery) string {
	switch {
	case d.State == Planned && review == ReviewAlways:
		return "for your approval: " + firstOf(d.Personal, seeAllWords)
	case d.Personal != "" && (d.State == Planned || d.State == Approved && !d.ByPerson):
		return "for your approval: " + d.Personal
	case d.State == Approved && d.ByPerson && !d.AnyData && (d.Interview == "" || review != ReviewNever):
		// what continues another mail is another text than was approved (decision 0064)
		n := slices.IndexFunc(others, func(o Delivery) bool { return d.willContinue(&o) })
		if n >= 0 {
			return fmt.Sprintf("for your approval again, since it continues the %s to %s, which is to leave before it", others[n].Step, firstOf(d.To.Name, d.To.Email))
		}
	}
	return ""
}

// willContinue reports whether another mail to the same person is to leave before this one,
// which then answers that.
func (d *Delivery) willContinue(o *Delivery) bool {
	return o.Key != d.Key && o.Application == d.Application && (o.State.Open() || o.State.InFlight()) && !o.When().IsZero() &&
		byTime(*o, *d) < 0 && NormalAddress(o.To.Email) == NormalAddress(d.To.Email)
}

// asAwaited lets deliveries say what keeps them, for whoever shows them.
func asAwaited(all []Delivery, review ReviewMode) {
	for n := range all {
		d := &all[n]
		var others []Delivery
		if d.State == Approved && d.ByPerson { // few are, and each is held against all
			others = all
		}
		d.WaitingFor = d.awaited(review, others)
	}
}

// Plan is a dry run over all applications at now: every delivery, when, why,
// or why not. It writes nothing. Problems are files that cannot be read.
func (s *Service) Plan(ctx context.Context, now time.Time) (items []PlanItem, problems []string, err error) {
	w, err := s.world()
	if err != nil {
		return nil, nil, err
	}
	items = []PlanItem{}
	err = s.Store.View(ctx, func(r Reader) error {
		var all []foreseen
		for _, stem := range w.stems() {
			f, err := LoadFacts(r, w, stem, now)
			if err != nil {
				return err
			}
			if f.Application.Broken != "" {
				problems = append(problems, f.Application.Broken)
			}
			for _, d := range preview(f, now) {
				all = append(all, foresee(f, d, now))
			}
		}
		foreseeAsking(all, now)
		for n := range all {
			if x := &all[n]; x.d.WaitingFor == "" {
				x.d.WaitingFor = x.thankedElsewhere(all, now)
				x.waits = x.waits || x.d.WaitingFor != ""
			}
		}
		foreseeRate(all, now)
		byStem := map[string][]Delivery{}
		for _, x := range all {
			byStem[x.d.Application] = append(byStem[x.d.Application], x.d)
		}
		for _, x := range all {
			if x.d.WaitingFor == "" && x.d.State.Open() && x.d.Personal == "" && !x.d.Due.IsZero() && x.d.Due.Before(now) {
				x.d.Reason += "; that is past, so it leaves " + leavesThen(x.f, &x.d)
			}
			x.d.WaitingFor = x.d.awaited(w.Policy.Review, byStem[x.d.Application]) + x.holdEnd(now)
			items = append(items, item(x.d))
		}
		return nil
	})
	slices.SortStableFunc(items, func(a, b PlanItem) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key, b.Key)) })
	return items, problems, err
}

// holdEnd says until when the hold lasts that the delivery waits for, as the end of a
// sentence; "" if it has no end or waits for something else.
func (x foreseen) holdEnd(now time.Time) string {
	for n := range x.f.Holds {
		if h := &x.f.Holds[n]; h.Reason == x.d.WaitingFor && !h.Until.IsZero() && h.Covers(&x.d, x.d.Began, now) {
			return ", until " + moment(h.Until, x.d.Zone, now)
		}
	}
	return ""
}

// preview is what reconciling would leave: the plan over the stored state.
func preview(f *Facts, now time.Time) []Delivery {
	wanted := Plan(f, now)
	byKey := map[string]Delivery{}
	var order []string
	note := func(d Delivery) {
		if _, known := byKey[d.Key]; !known {
			order = append(order, d.Key)
		}
		byKey[d.Key] = d
	}
	for _, d := range f.Stored {
		note(d)
	}
	for _, w := range wanted {
		if _, known := byKey[w.Key]; !known {
			note(w) // also what is not wanted, with the reason
		}
	}
	for _, c := range Reconcile(f, wanted) {
		note(c.Delivery)
	}
	var all []Delivery
	for _, k := range order {
		d := byKey[k]
		d.waitsAsPlanned(f, wanted, now)
		all = append(all, d)
	}
	return all
}

// heldForGood says what keeps a step whatever becomes of the one before it, until somebody
// lifts that.
func heldForGood(f *Facts, d *Delivery, now time.Time) string {
	for _, r := range [...]rule{gateStatus, gateHolds} {
		if v, stop := r(f, d, now); stop && v.Until.IsZero() {
			return v.Why
		}
	}
	return ""
}

// toBeShown says that an asking mail is to be shown to the user first, so late that it
// cannot leave at its time.
func toBeShown(f *Facts, d *Delivery, now time.Time) string {
	switch {
	case d.Due.IsZero() || !needsAnnouncing(&f.Policy, d) || d.Personal != "": // that is laid before the user
		return ""
	case !d.Announced.IsZero():
		v, _ := gateAnnounced(f, d, d.Due)
		return v.Why
	case !now.Add(f.Policy.Announce).After(d.Due):
		return ""
	}
	return "to be shown to you; it leaves " + hours(f.Policy.Announce) + " after that at the earliest"
}

// waitsAsPlanned sets what a delivery waits for if the plan is carried out: what it waited
// for when the daemon last looked may be over. A server that could not be reached then is
// not known here.
func (d *Delivery) waitsAsPlanned(f *Facts, wanted []Delivery, now time.Time) {
	before := d.WaitingFor
	if d.State == Planned || d.State == Approved {
		d.WaitingFor = ""
		if n := slices.IndexFunc(wanted, func(w Delivery) bool { return w.Key == d.Key }); n >= 0 {
			d.WaitingFor = wanted[n].WaitingFor
		}
	}
	if v, doubt := gateDoubt(f, d, now); doubt && d.State.Open() {
		d.WaitingFor = v.Why
	}
	if d.State == Planned {
		d.Personal = firstOf(d.Personal, f.restored.ask(*d))
	}
	if d.WaitingFor == waitsForStep {
		d.WaitingFor = firstOf(heldForGood(f, d, now), waitsForStep)
	}
	if !d.State.Open() || d.WaitingFor != "" {
		return
	}
	v := Gate(f, d, now)
	unseen := v.Why == notYetShown && d.Personal != "" // it will be laid before the user
	switch {
	case !v.Open && (v.Until.IsZero() || v.Until.After(d.Due)) && !d.Due.IsZero() && !unseen:
		d.WaitingFor = v.Why
	case v.Open && before != waitsForStep:
		d.WaitingFor = before
	}
	d.WaitingFor = firstOf(d.WaitingFor, unknownMeeting(f, d), toBeShown(f, d, now))
}

// leavesThen says when what is past its time leaves.
func leavesThen(f *Facts, d *Delivery) string {
	if f.Policy.Review == ReviewAlways && d.State != Approved {
		return "once you have approved it"
	}
	return "now"
}

// unknownMeeting says that a note waits for the word that the meeting happened.
func unknownMeeting(f *Facts, d *Delivery) string {
	i, ok := f.Application.round(d.Interview)
	if !ok || met(i, d) {
		return ""
	}
	return "for your word that the interview took place"
}

func inZone(t time.Time, zone string) time.Time {
	if loc, err := time.LoadLocation(zone); err == nil && zone != "" {
		return t.In(loc)
	}
	return t
}

// StatusReport is what stands at one moment.
type StatusReport struct {
	Now        time.Time
	IMAP       string // ok, or what is wrong; "" if the daemon never ran
	LastSync   string // RFC 3339, "" if never
	SMTP       string
	Probe      string // what the mail to oneself showed, in words
	Clock      string // by how much this machine's clock differs from the server's, in words; "" if by nothing known
	Deliveries []Delivery
	Over       bool // there are deliveries that are over, and they are left out
	Holds      []Hold
	Questions  []Question
	Broken     []string // interview files that cannot be read
	Config     string   // why config.yaml cannot be used, "" if it can
}

// BrokenConfig says why everything is held, if config.yaml cannot be used.
func (st StatusReport) BrokenConfig() []string {
	if st.Config == "" {
		return nil
	}
	return []string{"config.yaml cannot be used, so nothing leaves until it can: " + st.Config}
}

// Doubts are the mails in doubt as questions: only the user can settle them
// where no evidence does.
func (st StatusReport) Doubts() []Question {
	qs := []Question{}
	for _, d := range st.Deliveries {
		if d.State == InDoubt {
			qs = append(qs, Question{Key: askedDoubt + d.Key, Application: d.Application, Command: "afterword resolve " + ShellWord(d.Key) + " --sent|--not-sent|--drop",
				Text: fmt.Sprintf("Did the %s to %s arrive? %s. afterword resolve %s --sent, --not-sent or --drop", d.Step, firstOf(d.To.Name, d.To.Email), d.Why, ShellWord(d.Key))})
		}
	}
	return qs
}

// Status reads what stands. Its deliveries are brief.
func (s *Service) Status(ctx context.Context) (StatusReport, error) {
	return s.report(func(review ReviewMode) (stood, error) { return s.stands(ctx, review) })
}

// StatusNow is Status once all that the files say by now is taken up, whether a
// daemon runs or not.
func (s *Service) StatusNow(ctx context.Context) (StatusReport, error) {
	if s.Attended {
		return s.Status(ctx)
	}
	w, err := s.world()
	if err != nil {
		return StatusReport{Now: s.Clock.Now()}, err
	}
	return s.report(func(ReviewMode) (st stood, err error) {
		err = s.asOf(ctx, w, s.Clock.Now(), w.stems(), func(r Reader) error { return st.read(r, w.Policy.Review, nil) })
		return st, err
	})
}

// Items returns the deliveries as plan prints them.
func (st StatusReport) Items() []PlanItem {
	items := []PlanItem{}
	for _, d := range st.Deliveries {
		items = append(items, item(d))
	}
	return items
}

// Waiting returns the deliveries that only the user can bring on.
func (st StatusReport) Waiting() []Delivery {
	var ds []Delivery
	for _, d := range st.Deliveries {
		switch d.State {
		case Review, Refused, InDoubt:
			ds = append(ds, d)
		}
	}
	return ds
}

// Preview is the mail of a delivery as it stands or would be written now.
type Preview struct {
	Delivery Delivery
	Text     Text
	Findings []Finding
	Problem  string // the template's or the facts', "" if it could be written
	From     string
}

// Previews writes the mails that a fragment of a key names, or all open ones, once
// all that the files say by now is taken up.
func (s *Service) Previews(ctx context.Context, fragment string, now time.Time) ([]Preview, error) {
	w, err := s.world()
	if err != nil {
		return nil, err
	}
	var all, named []Preview
	err = s.asOf(ctx, w, now, w.stems(), func(r Reader) error {
		all, named = nil, nil
		for _, stem := range w.stems() {
			f, err := LoadFacts(r, w, stem, now)
			if err != nil {
				return err
			}
			f.Stored = preview(f, now)
			for _, d := range f.Stored {
				switch byKey := strings.Contains(d.Key, strings.ToLower(fragment)); {
				case !d.State.Open() && fragment != d.Key:
				case byKey:
					all = append(all, s.previewOne(f, d, now))
				case called(&d, fragment):
					named = append(named, s.previewOne(f, d, now))
				}
			}
		}
		return nil
	})
	if len(all) == 0 {
		all = named
	}
	if err == nil && len(all) == 0 && fragment != "" {
		err = refuse("`afterword plan` lists the keys", "no mail that is still to leave matches %q", fragment)
	}
	return all, err
}

func (s *Service) previewOne(f *Facts, d Delivery, now time.Time) Preview {
	d.WaitingFor = d.awaited(f.Policy.Review, f.Stored)
	p := Preview{Delivery: d, Text: d.Text, Findings: d.Findings, From: f.Policy.Me.Email}
	if !d.State.Open() {
		return p
	}
	text, findings, err := s.Writers.Draft(f, d, now)
	if err != nil {
		p.Problem = err.Error()
		return p
	}
	p.Text, p.Findings = text, findings
	return p
}

// Story is one delivery with everything that happened to it, oldest first.
type Story struct {
	Delivery Delivery
	Events   []Event
	Holds    []Hold // that cover it now
}

// Why tells the story of the delivery that a fragment of its key names.
func (s *Service) Why(ctx context.Context, fragment string) (Story, error) {
	var st Story
	now := s.Clock.Now()
	w, err := s.world()
	if err != nil {
		return st, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		d, err := find(r, fragment)
		if errors.Is(err, ErrUser) {
			d, err = foreseenIn(r, w, fragment, now, err)
		}
		if err != nil {
			return err
		}
		st.Delivery = d
		events, err := r.Events(EventQuery{Application: d.Application})
		if err != nil {
			return err
		}
		for _, e := range events {
			if e.Key == d.Key || e.Key == "" {
				st.Events = append(st.Events, e)
			}
		}
		f, err := LoadFacts(r, w, d.Application, now)
		for _, h := range f.Holds {
			if h.Covers(&d, d.Began, now) {
				st.Holds = append(st.Holds, h)
			}
		}
		return err
	})
	if err != nil {
		return st, err
	}
	return st, s.asOf(ctx, w, now, []string{st.Delivery.Application}, func(r Reader) error {
		d, err := r.Delivery(st.Delivery.Key)
		if errors.Is(err, ErrNotFound) { // it is not wanted, and the plan says why
			return nil
		}
		st.Delivery = d
		if err != nil {
			return err
		}
		all, err := r.Deliveries(DeliveryQuery{Application: d.Application, Brief: true})
		st.Delivery.WaitingFor = d.awaited(w.Policy.Review, all)
		return err
	})
}

// foreseenIn finds a mail of the plan that no daemon has stored yet; otherwise is the
// error if there is none. It writes nothing.
func foreseenIn(r Reader, w World, fragment string, now time.Time, otherwise error) (Delivery, error) {
	var all []Delivery
	for _, stem := range w.stems() {
		f, err := LoadFacts(r, w, stem, now)
		if err != nil {
			return Delivery{}, err
		}
		all = append(all, preview(f, now)...)
	}
	key, several, err := among(all, fragment)
	switch {
	case several:
		return Delivery{}, refuse(moreOfTheKey, "%v", err)
	case err != nil:
		return Delivery{}, otherwise
	}
	d := all[slices.IndexFunc(all, func(d Delivery) bool { return d.Key == key })]
	d.WaitingFor = d.awaited(w.Policy.Review, all)
	return d, nil
}

// Events returns what happened, oldest first.
func (s *Service) Events(ctx context.Context, q EventQuery) ([]Event, error) {
	var events []Event
	err := s.Store.View(ctx, func(r Reader) (err error) {
		events, err = r.Events(q)
		return err
	})
	return events, err
}
