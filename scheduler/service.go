package scheduler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"afterword/mailer"
)

// Service is what a user can do, by the commands or on the page, whether the daemon runs
// or not. Every action is a commit on the same store, and the daemon sees it within a
// second.
type Service struct {
	Store   Store
	Files   Files
	Writers Writers
	Clock   Clock

	// Attended says that a daemon is at work, which takes up what the files say within a
	// second: what is shown of everything is then read, and not worked out once more.
	Attended bool
	// Book reads the ledger where no daemon has it open, nil where there is none. It may be
	// nil itself.
	Book func() (Ledger, error)
	// Lasting says that Pending will be asked again and again, as by the page:
	// then it keeps what it read for as long as nobody commits.
	Lasting bool
	kept    atomic.Pointer[stood]
}

// ErrUser marks errors that the user can mend by saying something else.
var ErrUser = errors.New("")

// userError is a sentence for the user with a hint what to do.
type userError struct{ text, hint string }

func (e *userError) Error() string        { return e.text }
func (e *userError) Hint() string         { return e.hint }
func (e *userError) Is(target error) bool { return target == ErrUser }

func refuse(hint, format string, args ...any) error {
	return &userError{text: fmt.Sprintf(format, args...), hint: hint}
}

// PromiseCodes are the findings (LINTS.md) that keep one of the program's promises.
// Neither a setting nor an approval overrules them.
func PromiseCodes() []string {
	return []string{"one-recipient", "guessed-address", "broken-thread", "surveillance", "placeholder", "wrong-name",
		"robot-address", "private-note", "stale-day", "closed", "too-often"}
}

// world reads the files.
func (s *Service) world() (World, error) {
	policy, apps, err := s.Files.Read()
	if err != nil {
		return World{}, err
	}
	return World{Policy: policy, Applications: byStem(apps), written: apps}, nil
}

// moreOfTheKey is the hint where a fragment names no mail, or several.
const moreOfTheKey = "give a part of the key that fits one mail alone; `afterword plan` lists the keys"

// find returns the delivery that a fragment of its key names or, if no key contains it,
// the name of its recipient. If several fit, the only one in one of the states is taken,
// where there is exactly one.
func find(r Reader, fragment string, meant ...State) (Delivery, error) {
	ds, err := r.Deliveries(DeliveryQuery{Fragment: strings.ToLower(strings.TrimSpace(fragment)), Brief: true})
	if err == nil && len(ds) == 0 {
		ds, err = r.Deliveries(DeliveryQuery{Brief: true})
	}
	if err != nil {
		return Delivery{}, err
	}
	key, several, err := among(ds, fragment)
	if several && len(meant) > 0 {
		ds = slices.DeleteFunc(slices.Clone(ds), func(d Delivery) bool { return !slices.Contains(meant, d.State) })
		if one, _, nothing := among(ds, fragment); nothing == nil {
			key, err = one, nil
		}
	}
	if err != nil {
		return Delivery{}, refuse(moreOfTheKey, "%v", err)
	}
	return r.Delivery(key)
}

// foreseen finds a mail that the files want but no daemon has planned yet. `preview`
// shows it, so the user may act on it.
func (s *Service) foreseen(tx Tx, w World, fragment string, now time.Time, meant ...State) (Delivery, error) {
	for stem := range w.Applications {
		if _, err := s.Writers.attend(tx, w, stem, now); err != nil {
			return Delivery{}, err
		}
		if err := touch(tx, stem); err != nil {
			return Delivery{}, err
		}
	}
	return find(tx, fragment, meant...)
}

// change runs one action of the user on one delivery. The states choose between several
// that the fragment names, as in find.
func (s *Service) change(ctx context.Context, fragment string, act func(tx Tx, w World, d Delivery, now time.Time) (Delivery, error), meant ...State) (Delivery, error) {
	now := s.Clock.Now()
	w, err := s.world()
	if err != nil {
		return Delivery{}, err
	}
	var changed Delivery
	err = s.Store.Update(ctx, func(tx Tx) error {
		d, err := find(tx, fragment, meant...)
		if errors.Is(err, ErrUser) {
			d, err = s.foreseen(tx, w, fragment, now, meant...)
		}
		if err != nil {
			return err
		}
		if changed, err = act(tx, w, d, now); err != nil {
			return err
		}
		return touch(tx, changed.Application)
	})
	return changed, err
}

// Approve approves a mail that is in review. It covers this text only: if facts change
// the text, the mail is in review again. Findings whose codes are in despite are
// overruled, except those that keep a promise.
func (s *Service) Approve(ctx context.Context, fragment string, despite []string) (Delivery, error) {
	if err := liftable(despite); err != nil {
		return Delivery{}, err
	}
	return s.change(ctx, fragment, func(tx Tx, w World, d Delivery, now time.Time) (Delivery, error) {
		return s.approve(tx, w, d, despite, now)
	}, Review)
}

// liftable refuses codes that no approval lifts.
func liftable(despite []string) error {
	for _, c := range despite {
		if slices.Contains(PromiseCodes(), c) {
			return refuse("change the text or the facts instead", "%s keeps a promise of this program and cannot be lifted", c)
		}
	}
	return nil
}

// ApproveCommand is the command that lets a mail leave in which that was found: an error
// is lifted by its name. It is "" where one keeps a promise, so that only another text
// helps.
func ApproveCommand(key string, found []Finding) string {
	codes := blocking(found, nil, Error)
	if liftable(codes) != nil {
		return ""
	}
	command := "afterword approve " + ShellWord(key)
	if len(codes) > 0 {
		command += " --despite " + strings.Join(codes, ",")
	}
	return command
}

// ways are those to bring on a mail in which that was found, in sentences. An error is
// corrected rather than lifted.
func ways(key string, found []Finding) []string {
	command := ApproveCommand(key, found)
	if len(blocking(found, nil, Error)) == 0 {
		return []string{"Approve it: " + command}
	}
	all := []string{"Correct it: afterword edit " + ShellWord(key)}
	if command != "" {
		all = append(all, "Or let it leave all the same: "+command)
	}
	return all
}

func (s *Service) approve(tx Tx, w World, d Delivery, despite []string, now time.Time) (Delivery, error) {
	if !d.State.Open() {
		return d, refuse(d.wayOn(), "%s is %s and cannot be approved", d.Key, d.State.words())
	}
	if d.AnyData && d.State != Approved { // its text cannot change any more
		return s.sendNow(tx, w, d, now)
	}
	f, err := s.changeable(tx, w, d, now)
	if err != nil {
		return d, err
	}
	made, err := s.Writers.write(f, &d, now)
	if err != nil {
		return d, refuse("mend the template or the facts", "writing the mail: %v", err)
	}
	if d.Edited != nil { // the user has seen what the facts are now
		d.Edited = &Edit{Subject: d.Edited.Subject, Body: d.Edited.Body, Others: d.Edited.Others, Over: made.rendered}
	}
	d.says(made)
	d.Despite = despite
	if codes := blocking(made.findings, despite, Error); len(codes) > 0 {
		return d, refuse("`afterword review "+ShellWord(d.Key)+"` shows the places. "+strings.Join(ways(d.Key, made.findings), ". "),
			"%s has errors: %s", d.Key, strings.Join(codes, ", "))
	}
	why := "you approved it"
	if len(despite) > 0 {
		why += " despite " + strings.Join(despite, ", ")
	}
	e := moveEvent(d, Approved, ActorUser, why)
	if d.State == Planned { // approval may be given as soon as the text exists
		e.From = string(Planned)
	}
	d.State, d.Why, d.Approved, d.ByPerson, d.Unsaid, d.Personal = Approved, why, d.TextHash, true, false, ""
	d.WaitingFor = waitingFor(f, &d, Gate(f, &d, now), now)
	if err := put(tx, d, now, e, now); err != nil || d.WaitingFor != "" {
		return d, err
	}
	d.WaitingFor, err = thankedSooner(tx, f, d, now) // it is said now, and true only until the other one has left
	return d, err
}

// Skip cancels a mail for good.
func (s *Service) Skip(ctx context.Context, fragment, reason string) (Delivery, error) {
	return s.change(ctx, fragment, func(tx Tx, _ World, d Delivery, now time.Time) (Delivery, error) {
		return skip(tx, d, reason, now)
	}, Planned, Review, Approved, Refused, Expired)
}

func skip(tx Tx, d Delivery, reason string, now time.Time) (Delivery, error) {
	if !d.State.Open() && d.State != Refused && d.State != Expired {
		return d, refuse(d.wayOn(), "%s is %s and cannot be skipped", d.Key, d.State.words())
	}
	c := cancel(d, CauseSkipped, firstOf(reason, "you skipped it"))
	c.Event.Actor = ActorUser
	return c.Delivery, put(tx, c.Delivery, now, c.Event, time.Time{})
}

// wayOn is the hint about a delivery that is in no state for what was asked.
func (d Delivery) wayOn() string {
	switch d.State {
	case InDoubt:
		return "settle it first: afterword resolve " + ShellWord(d.Key) + " --sent, --not-sent or --drop"
	case Expired:
		if d.Kind == Asking && d.Expires.IsZero() {
			return "`afterword send " + ShellWord(d.Key) + "` sends it all the same, `afterword skip " + ShellWord(d.Key) + "` leaves it"
		}
		if d.Kind == Asking {
			break
		}
		return "up to three business days after the interview thanks can be given late: afterword queue " + ShellWord(d.Application) + " thank-you-late --to " + ShellWord(d.To.Email)
	}
	return "`afterword why " + ShellWord(d.Key) + "` tells how it came to that"
}

// refuseAnswered refuses to revive an asking mail that was refused or expired once
// somebody has replied or a later step has left.
func refuseAnswered(tx Tx, w World, d Delivery, now time.Time) error {
	f, err := LoadFacts(tx, w, d.Application, now)
	if err != nil || d.Kind != Asking {
		return err
	}
	if err := refuseOvertaken(f, d); err != nil {
		return err
	}
	i, _ := f.Application.round(d.Interview)
	m, answered := f.answeredBy(i)
	if answered && f.Policy.Replies.Interviewer == ReplyRestarts && m.At.Before(d.ClaimedAt) {
		return nil // it was planned and approved after that answer
	}
	if answered {
		return refuse("answer by hand, or leave it: afterword skip "+ShellWord(d.Key), "%s asks, and %s answered on %s", d.Key, firstOf(m.Name, m.Person, "somebody there"), moment(m.At, d.Zone, now))
	}
	return nil
}

// goesOn reports whether an expired mail may still leave if the user says so. Thanks may
// not, nor a mail whose expiry stands in the sequence.
func (d Delivery) goesOn(now time.Time) bool {
	return d.Kind == Asking && (d.Expires.IsZero() || now.Before(d.Expires))
}

// refuseOvertaken keeps an earlier step where it is once a later one was on its way.
func refuseOvertaken(f *Facts, d Delivery) error {
	for _, o := range f.Stored {
		if o.Kind == Asking && o.Interview == d.Interview && o.StepIndex > d.StepIndex && o.State.mayHaveLeft() {
			return refuse("leave it: afterword skip "+ShellWord(d.Key), "%s comes before %s, which is %s", d.Key, o.Key, o.State.words())
		}
	}
	return nil
}

// reopen revives a refused mail for another attempt with the approved text, or an
// expired one, whose text is then written and judged anew.
func reopen(tx Tx, d Delivery, now time.Time) (Delivery, error) {
	ways, why := []State{Review, Approved}, "you try again what the server refused"
	if d.State == Expired {
		ways, why = ways[:1], "you send it although its time was over"
	}
	for _, to := range ways {
		e := moveEvent(d, to, ActorUser, why)
		d.State, d.Why, d.WaitingFor = to, e.Why, ""
		if err := put(tx, d, now, e, now); err != nil {
			return d, err
		}
	}
	return d, nil
}

// SendNow makes a mail due at once, even one that the server refused, or an asking one
// that expired (decision 0044). It still passes every gate.
func (s *Service) SendNow(ctx context.Context, fragment string) (Delivery, error) {
	return s.change(ctx, fragment, s.sendNow, Planned, Review, Approved, Refused, Expired)
}

func (s *Service) sendNow(tx Tx, w World, d Delivery, now time.Time) (Delivery, error) {
	if d.State == Refused && !d.Expires.IsZero() && !now.Before(d.Expires) {
		late := d
		late.State = Expired
		return d, refuse(late.wayOn(), "%s was refused by the server, and was to leave by %s at the latest", d.Key, moment(d.Expires, d.Zone, now))
	}
	if d.State == Refused || d.State == Expired && d.goesOn(now) {
		err := refuseAnswered(tx, w, d, now)
		if err == nil {
			d, err = reopen(tx, d, now)
		}
		if err != nil {
			return d, err
		}
	}
	if !d.State.Open() {
		return d, refuse(d.wayOn(), "%s is %s and cannot be sent", d.Key, d.State.words())
	}
	d.Due, d.Slot, d.SendNow, d.RetryAt, d.Failures, d.Unsaid, d.Personal = now, now, true, time.Time{}, 0, false, ""
	d.Reason = "you asked to send it now"
	if d.FirstDue.IsZero() {
		d.FirstDue = now
	}
	e := Event{Key: d.Key, Application: d.Application, Actor: ActorUser, What: "moved", From: string(d.State), To: string(d.State), Why: d.Reason}
	if err := put(tx, d, now, e, now); err != nil {
		return d, err
	}
	if _, err := s.Writers.attend(tx, w, d.Application, now); err != nil {
		return d, err
	}
	d, err := tx.Delivery(d.Key)
	if err != nil || !d.State.Open() {
		return d, err
	}
	return d, tx.SetWake(d.Key, now)
}

// Resolve settles a mail in doubt by the user's word.
func (s *Service) Resolve(ctx context.Context, fragment, verdict string) (Delivery, error) {
	return s.change(ctx, fragment, func(tx Tx, _ World, d Delivery, now time.Time) (Delivery, error) {
		return resolve(tx, d, verdict, now)
	}, InDoubt)
}

// resolve settles a doubt by the user's word: sent, not-sent or drop.
func resolve(tx Tx, d Delivery, verdict string, now time.Time) (Delivery, error) {
	if d.State != InDoubt {
		return d, refuse("", "%s is %s, not in doubt", d.Key, d.State.words())
	}
	switch verdict {
	case "sent":
		err := settleSent(tx, d, ActorUser, "you say that it arrived", now)
		if err == nil {
			d, err = tx.Delivery(d.Key)
		}
		return d, err
	case "not-sent":
		e := moveEvent(d, Approved, ActorUser, "you say that it never arrived: the same bytes may leave again")
		d.State, d.Why, d.WaitingFor = Approved, e.Why, ""
		if d.Frozen != nil && string(d.Frozen.Bytes) == lostBytes {
			d.Frozen = nil // the bytes went with the database; they are made anew
		}
		if err := put(tx, d, now, e, now); err != nil {
			return d, err
		}
		if err := wakeAll(tx, ScopePerson, NormalAddress(d.To.Email), now); err != nil {
			return d, err
		}
		if err := liftLedgerHold(tx, now); err != nil {
			return d, err
		}
		return tx.Delivery(d.Key) // an answer may have ended it meanwhile
	case "drop":
		e := moveEvent(d, Cancelled, ActorUser, "you dropped it")
		d.State, d.Why, d.Cause, d.WaitingFor = Cancelled, e.Why, CauseDropped, ""
		if err := put(tx, d, now, e, time.Time{}); err != nil {
			return d, err
		}
		if err := perhapsAsked(tx, d, now); err != nil {
			return d, err
		}
		if err := wakeAll(tx, ScopePerson, NormalAddress(d.To.Email), now); err != nil {
			return d, err
		}
		return d, liftLedgerHold(tx, now)
	}
	return d, refuse("say --sent, --not-sent or --drop", "%q settles nothing", verdict)
}

// perhapsAsked makes a dropped asking mail count for the limits and the gap: it may have
// arrived.
func perhapsAsked(tx Tx, d Delivery, now time.Time) error {
	if d.Kind != Asking {
		return nil
	}
	left := now
	if !d.ClaimedAt.IsZero() {
		left = d.ClaimedAt
	}
	_, err := tx.AddMail(outgoing(d, left))
	return err
}

// byHandID ends the Message-ID of what the user told by word of mouth.
const byHandID = "@by-hand.invalid>"

// Answered records that somebody replied to the user elsewhere, by phone for example. It
// cancels the follow-ups like a reply by mail.
func (s *Service) Answered(ctx context.Context, stem string) error {
	now := s.Clock.Now()
	w, err := s.world()
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		if err := answered(tx, w, stem, now); err != nil {
			return err
		}
		return touch(tx, stem)
	})
}

func answered(tx Tx, w World, stem string, now time.Time) error {
	a, ok := w.Applications[stem]
	if !ok {
		return refuse("`afterword status` lists the applications", "there is no application %q", stem)
	}
	f, err := LoadFacts(tx, w, stem, now)
	if err != nil {
		return err
	}
	id := fmt.Sprintf("<answered.%d.%s%s", now.UnixMilli(), stem, byHandID)
	if _, err := tx.AddMail(Mail{MessageID: id, Application: stem, Company: a.Company, Class: string(mailer.Human), Subject: "(by phone or elsewhere)", At: now}); err != nil {
		return err
	}
	e := Event{At: now, Application: stem, Actor: ActorUser, What: "answered", Why: "you heard from them elsewhere"}
	if err := tx.Log(e); err != nil {
		return err
	}
	if err := itWasTheirs(tx, stem); err != nil {
		return err
	}
	for _, d := range f.Stored {
		if d.Kind != Asking || !d.Began.Before(now) {
			continue
		}
		if err := finish(tx, d, CauseAnswered, "you heard from them elsewhere", ActorUser, "", now); err != nil {
			return err
		}
	}
	return nil
}
