package main

import "slices"

// mutation is one change of the program that takes away what a promise rests on.
type mutation struct {
	name   string
	breaks string // the promise that must notice
	suite  string // what is run against it: see suites
	places []place
}

// place is where a mutation changes the program: find stands exactly once in the
// file, and put in its place. ON is the switch: true while the mutation is on.
type place struct{ file, find, put string }

// at is a mutation's only place.
func at(file, find, put string) []place { return []place{{file, find, put}} }

// list is every mutation, by the file that it changes first.
func list() []mutation {
	return slices.Concat(gateMutations(), sendMutations(), replyMutations(), personMutations(), worldMutations(), neglectMutations(), answerMutations(), proposalMutations(), accountMutations())
}

const (
	gate   = "scheduler/gate.go"
	claim  = "scheduler/claim.go"
	settle = "scheduler/settle.go"
	react  = "scheduler/react.go"
)

// gateMutations take away the reasons not to send.
func gateMutations() []mutation {
	return []mutation{
		{"broken file", "nothing leaves of a file that cannot be read", "core", at(gate, `why != ""`, `why != "" && !ON`)},
		{"paused", "nothing after the end", "core", at(gate, `case s == StatusPaused:`, `case s == StatusPaused && !ON:`)},
		{"offer", "nothing asks after an offer", "core", at(gate, `case s == StatusOffer && d.Kind == Asking:`, `case s == StatusOffer && d.Kind == Asking && !ON:`)},
		{"who left the file", "nothing after the end", "sim", append(at("scheduler/reconcile.go", `if s.State.Open() && !named[s.Key] && s.Interview != "" {`, `if s.State.Open() && !named[s.Key] && s.Interview != "" && !ON {`),
			place{"scheduler/reconcile.go", `if d.Interview == "" {`, `if ON || d.Interview == "" {`})}, // at the dot the plan asks too
		{"the end", "nothing after the end", "core", append(at(gate, `case s.Over() && d.Interview != "":`, `case s.Over() && d.Interview != "" && !ON:`), // at the dot the plan asks too
			place{"scheduler/plan.go", `s.Over() {`, `s.Over() && !ON {`})},
		{"expiry", "not after it expired", "core", append(at(gate, `if !d.Expires.IsZero() && !now.Before(d.Expires) {`, `if !d.Expires.IsZero() && !now.Before(d.Expires) && !ON {`),
			place{"scheduler/due.go", `if !p.now.Before(d.Expires) {`, `if !p.now.Before(d.Expires) && !ON {`})},
		{"holds", "nothing leaves that is on hold", "core", at(gate, `if longest == nil {`, `if longest == nil || ON {`)},
		{"hold for asking", "what rests waits until it is resumed", "core", at("scheduler/records.go", `if h.Asking && d.Kind != Asking {`, `if h.Asking && (d.Kind != Asking || ON) {`)},
		{"hold for a round", "what rests waits until it is resumed", "core", at("scheduler/records.go", `if !h.Before.IsZero() && !began.Before(h.Before) {`, `if !h.Before.IsZero() && (ON || !began.Before(h.Before)) {`)},
		{"hold until", "nothing goes to who is away", "core", at("scheduler/records.go", `return (h.Until.IsZero() || now.Before(h.Until)) && h.concerns`, `return (h.Until.IsZero() || !ON && now.Before(h.Until)) && h.concerns`)},
		{"doubt of the reader", "nothing follows a mail in doubt", "unit", at(gate, `if q, ok := f.doubted(p); ok {`, `if q, ok := f.doubted(p); ok && !ON {`)},
		{"has it happened", "no thanks for a meeting that may not have been", "core", at(gate, `case !met(i, d) && !now.Before(i.End()):`, `case !met(i, d) && !now.Before(i.End()) && !ON:`)},
		{"limit of the application", "inside the limits", "core", at(gate, `n >= bound(lim.PerApplication) {`, `n >= bound(lim.PerApplication) && !ON {`)},
		{"limit of the person", "inside the limits", "core", at(gate, `n >= bound(lim.PerPerson) {`, `n >= bound(lim.PerPerson) && !ON {`)},
		{"limit of all limits", "inside the limits", "unit", at("scheduler/limits.go", `return min(limit, HardLimit) }`, `if ON {
		return limit
	}
	return min(limit, HardLimit) }`)},
		{"gap", "seven days between two that ask", "core", at(gate, `!last.IsZero() && now.Before(next) {`, `!last.IsZero() && now.Before(next) && !ON {`)},
		{"gap in a company", "seven days between two that ask", "core", at("scheduler/limits.go", `f.sameCompany(m.Company) || f.isWith(m, p)`, `f.sameCompany(m.Company) && !ON || f.isWith(m, p)`)},
		{"due", "not before it is due", "core", at(gate, `case now.Before(d.Due):`, `case now.Before(d.Due) && !ON:`)},
		{"decision_by", "nothing asks before their own day has gone by", "core", at(gate, `now.Before(from) {
		return Verdict{Why: "they promised`, `now.Before(from) && !ON {
		return Verdict{Why: "they promised`)},
		{"announcement", "time to object", "unit", at(gate, `if d.Announced.IsZero() {`, `if d.Announced.IsZero() && !ON {`)},
		{"time to object", "time to object", "core", at(gate, `from := d.Announced.Add(f.Policy.Announce); now.Before(from) {`, `from := d.Announced.Add(f.Policy.Announce); now.Before(from) && !ON {`)},
		{"window", "inside the window", "core", at(gate, `if place.InWindow(now) {
		return Verdict{}, false
	}
	closed`, `if place.InWindow(now) || ON {
		return Verdict{}, false
	}
	closed`)},
		{"holidays", "inside the window", "sim", append(at("scheduler/calendar/place.go", `return !holiday`, `return !holiday || ON`),
			place{"scheduler/calendar/next.go", `holiday := p.Holidays.Name(d); holiday {`, `holiday := p.Holidays.Name(d); holiday && !ON {`})},
		{"late window for all", "inside the window", "core", at(gate, `late := d.Kind == Owed && (`, `late := (d.Kind == Owed || ON) && (`)},
		{"thanked before", "nobody is thanked twice", "life", at("scheduler/guard.go", `m.Outgoing && (!m.Asking || m.ByHand) && !m.Failed && m.Key != key`, `!ON && m.Outgoing && (!m.Asking || m.ByHand) && !m.Failed && m.Key != key`)},
	}
}

// sendMutations take away what keeps a mail from leaving twice, or in secret.
func sendMutations() []mutation {
	return []mutation{
		{"stopped", "nothing asks after an answer", "core", at(claim, `if d.Stopped != "" {`, `if d.Stopped != "" && !ON {`)},
		{"gate at the dot", "what is committed before the dot stops it", "core", at(claim, `!v.Open {
		return fmt.Errorf(`, `!v.Open && !ON {
		return fmt.Errorf(`)},
		{"files at the dot", "what is saved before the dot stops it", "core", at("scheduler/courier.go", `policy, apps, err := d.Files.Read()
	if err != nil {`, `policy, apps, err := d.Files.Read()
	if err != nil || ON {`)},
		{"what the files want at the dot", "what is saved before the dot stops it", "core", at(claim, `why := unwantedBy(f, d, now); why != "" {`, `why := unwantedBy(f, d, now); why != "" && !ON {`)},
		{"the reader's hours", "inside the window", "core", append(at("scheduler/place.go", `if !ok {
		i = f.queuedFor(d, now)`, `if !ok && !ON {
		i = f.queuedFor(d, now)`),
			place{"scheduler/place.go", `last == nil && n > 0 {`, `last == nil && n > 0 && !ON {`})},
		{"the user's words", "what the user wrote leaves", "core", at("scheduler/prepare.go", `made := written{text: d.overlaid(text), rendered: text}`, `made := written{text: d.overlaid(text), rendered: text}
	if ON {
		made.text = text
	}`)},
		{"a backup asks", "what was said is asked again", "core", at("scheduler/restored.go", `if !due.IsZero() && due.Before(last.At) {`, `if !due.IsZero() && due.Before(last.At) && !ON {`)},
		{"last look", "not long after the last look", "core", at("scheduler/courier.go", `most > 0 && (age < 0 || age >= most) {`, `most > 0 && (age < 0 || age >= most) && !ON {`)},
		{"ledger line", "never twice, though the store be lost", "core", at(claim, `if world.Ledger != nil {`, `if world.Ledger != nil && !ON {`)},
		{"ledger is asked", "never twice, though the store be lost", "story", at("scheduler/ledger.go", `if !unsent || !w.handedOverUnknown(d) {`, `if !unsent || !w.handedOverUnknown(d) || ON {`)},
		{"lost claim", "one dispatcher for each store", "core", at(settle, `if d.Epoch != claimed.Epoch || d.Attempt != claimed.Attempt || !d.State.InFlight() {`, `if (d.Epoch != claimed.Epoch || d.Attempt != claimed.Attempt || !d.State.InFlight()) && !ON {`)},
		{"doubt is tried again", "never twice", "core", at(settle, `err = settleDoubt(tx, d, now)
	}`, `if err = settleDoubt(tx, d, now); ON && err == nil {
			d.State, d.Stopped = Approved, ""
			err = put(tx, d, now, Event{}, now)
		}
	}`)},
		{"handed over at the start", "never twice", "core", at(claim, `if d.State == HandedOver {`, `if d.State == HandedOver && !ON {`)},
		{"bytes after a crash", "the same bytes again", "unit", at(claim, `d.AnyData = true //`, `d.AnyData = d.AnyData || !ON //`)},
		{"bytes after a deferral", "the same bytes again", "core", at(settle, `d.AnyData = d.AnyData || r.DataBegun`, `d.AnyData = d.AnyData || r.DataBegun && !ON`)},
		{"bytes of each attempt", "the same bytes again", "core", append(at("scheduler/account.go", `if d.Frozen != nil && NormalAddress`, `if !ON && d.Frozen != nil && NormalAddress`),
			place{"scheduler/account.go", `if d.Frozen != nil && d.AnyData {`, `if !ON && d.Frozen != nil && d.AnyData {`})},
		{"accepted is recorded", "store and server agree", "core", at(settle, `return settleSent(tx, d, ActorServer, d.LastAnswer, now)`, `if ON {
			return settleRefused(tx, d, now)
		}
		return settleSent(tx, d, ActorServer, d.LastAnswer, now)`)},
		{"review always", "nothing unapproved", "core", append(at("scheduler/prepare.go", `case f.Policy.Review == ReviewAlways:`, `case f.Policy.Review == ReviewAlways && !ON:`),
			place{gate, `approved && f.Policy.Review == ReviewAlways && !d.ByPerson`, `approved && f.Policy.Review == ReviewAlways && !d.ByPerson && !ON`})},
		{"a person's word", "nothing unapproved", "core", at("scheduler/prepare.go", `case d.Personal != "":`, `case d.Personal != "" && !ON:`)},
		{"wanted again", "nothing asks after an answer", "core", at("scheduler/reconcile.go", `w.State == Planned && stored.Cause.Undone():`, `w.State == Planned && (ON || stored.Cause.Undone()):`)},
	}
}

// replyMutations take away what the program does when somebody writes.
func replyMutations() []mutation {
	return []mutation{
		{"an answer", "nothing asks after an answer", "core", at(react, `r := Reaction{Row: "a person of the application answers", Answered: true,`, `r := Reaction{Row: "a person of the application answers", Answered: !ON,`)},
		{"hold of an application", "what rests waits until it is resumed", "core", at(react, `Scope: ScopeApplication, Target: f.Application.Stem, Source: source,`, `Scope: map[bool]Scope{false: ScopeApplication}[ON], Target: f.Application.Stem, Source: source,`)},
		{"hold of a person", "nothing goes to who is away", "core", at(react, `Target: personIn(in), Source: source,`, `Target: map[bool]string{false: personIn(in)}[ON], Source: source,`)},
		{"dead address", "nothing goes to a dead address", "core", at("scheduler/effects.go", `case r.Dead != "" && to == r.Dead:`, `case r.Dead != "" && to == r.Dead && !ON:`)},
		{"word of a death", "nothing goes to a dead address", "core", at("scheduler/effects.go", `word.Person, word.Failed = r.Dead, true`, `word.Person, word.Failed = r.Dead, !ON`)},
		{"approved before an answer", "nothing unapproved", "core", at("scheduler/effects.go", `case r.Restarts && d.Kind == Asking && d.Began.Before(in.Arrived):`, `case r.Restarts && d.Kind == Asking && d.Began.Before(in.Arrived) && !ON:`)},
		{"written meanwhile", "nothing unapproved", "core", at("scheduler/prepare.go", `case wrote && d.State != Review:`, `case wrote && d.State != Review && !ON:`)},
		{"DMARC", "who may have answered is not asked", "unit", at(react, `if ends || in.Reading.Kind == mailer.Human && len(r.Holds) == 0 {`, `if !ON && (ends || in.Reading.Kind == mailer.Human && len(r.Holds) == 0) {`)},
		{"out of office", "nothing goes to who is away", "core", at(react, `case mailer.AutoReply:
		return reactAway(f, in, now)`, `case mailer.AutoReply:
		if ON && !in.Reading.LeftFirm {
			return Reaction{}
		}
		return reactAway(f, in, now)`)},
		{"a hint of an outcome", "what rests waits until it is resumed", "core", at(react, `if !in.Reading.Rejection && !in.Reading.Offer {
		return r`, `if !in.Reading.Rejection && !in.Reading.Offer || ON {
		return r`)},
		{"unreadable", "what rests waits until it is resumed", "unit", at(react, `if in.Unseen {
		r =`, `if in.Unseen && !ON {
		r =`)},
	}
}

// personMutations take away what is known of people, of what was shown, and of the reasons.
func personMutations() []mutation {
	return []mutation{
		{"one person", "nobody is thanked twice", "unit", at("scheduler/unite.go", `if known == nil {`, `if known == nil || ON {`)},
		{"hold of all addresses", "nothing to who wants no more", "core", at("scheduler/load.go", `if h.Scope != ScopePerson || h.Source == sourceBounce {`, `if h.Scope != ScopePerson || h.Source == sourceBounce || ON {`)},
		{"lost ledger", "never twice, though the ledger be lost", "unit", at("scheduler/ledger.go", `if x.Marked <= d.Ledger.Attempt(x.Key) ||`, `if ON || x.Marked <= d.Ledger.Attempt(x.Key) ||`)},
		{"another text was shown", "time to object", "unit", at("scheduler/edit.go", `if changed = hash != d.TextHash; changed {`, `if changed = hash != d.TextHash; changed && !ON {`)},
		{"given up too soon", "a reason is so", "core", at("scheduler/due.go", `place.Add(d.Due, expiry(step))`, `place.Add(d.Due, map[bool]calendar.Span{false: expiry(step)}[ON])`)},
	}
}

// worldMutations take away what only the whole program, with its servers, shows.
func worldMutations() []mutation {
	return []mutation{
		{"cursor without its mail", "every answer is noticed", "sim", at("scheduler/receive.go", `stems, err := receiveOne(tx, world, tables, raw, now)`, `if ON {
			continue
		}
		stems, err := receiveOne(tx, world, tables, raw, now)`)},
		{"all mail is own mail", "every answer is noticed", "sim", at("scheduler/receive.go", `mine := own(world.Policy.Me, m) || raw.Role == mailer.RoleSent`, `mine := own(world.Policy.Me, m) || raw.Role == mailer.RoleSent || ON`)},
		{"no answer to the dot", "never twice", "sim", at("mailer/smtp/session.go", `if err != nil {
		receipt.Err = e.secrets.hideError(because(ctx, err))
		return receipt`, `if err != nil {
		if ON {
			receipt.Outcome = mailer.Deferred
		}
		receipt.Err = e.secrets.hideError(because(ctx, err))
		return receipt`)},
		{"451 after the dot", "never twice", "smtp", at("mailer/smtp/verdict.go", `case r.class() == 4 && strings.HasPrefix(r.enhanced(), "4.7."):`, `case r.class() == 4 && (ON || strings.HasPrefix(r.enhanced(), "4.7.")):`)},
		{"names in the log", "no secret in the log", "sim", at("scheduler/courier.go", `d.Log.Info("attempt", "key", claimed.Key,`, `d.Log.Info("attempt", "key", map[bool]string{false: claimed.Key, true: claimed.To.Name}[ON],`)},
		{"texts in the log", "no secret in the log", "sim", at("scheduler/courier.go", `"code", r.Code)
}`, `"code", r.Code)
	if ON {
		d.Log.Info("text", "body", claimed.Text.Body)
	}
}`)},
		{"doubt in silence", "doubt and refusal are told", "sim", at(settle, `return tellAbout(tx, Notice{Key: fmt.Sprintf("doubt/`, `if ON {
		return nil
	}
	return tellAbout(tx, Notice{Key: fmt.Sprintf("doubt/`)},
		{"refusal in silence", "doubt and refusal are told", "sim", at(settle, `return tellAbout(tx, Notice{Key: fmt.Sprintf("refused/`, `if ON {
		return nil
	}
	return tellAbout(tx, Notice{Key: fmt.Sprintf("refused/`)},
	}
}

// neglectMutations let mail go astray, be forgotten, or stand still.
func neglectMutations() []mutation {
	const session = "mailer/smtp/session.go"
	return []mutation{
		{"another's envelope", "only what was planned", "sim", at(session, `"RCPT TO:<"+m.To+">")`, `"RCPT TO:<"+map[bool]string{true: "hr-"}[ON]+m.To+">")`)},
		{"a copy for oneself", "only what was planned", "sim", at(session, `">"+parameters)
	if failed != nil {`, `">"+parameters)
	if failed == nil && ON {
		_, failed = e.ask(mailer.PhaseRcpt, commandTimeout, 2, "RCPT TO:<"+m.From+">")
	}
	if failed != nil {`)},
		{"the rest of a panel", "sent, or waiting with a reason", "sim", at("scheduler/plan.go", `case p.isNew(d.Key):`, `case ON && rank > 0:
			ds = ds[:len(ds)-1]
		case p.isNew(d.Key):`)},
		{"ends in silence", "sent, or waiting with a reason", "sim", at("scheduler/reconcile.go", `Cancelled, cause, why, ""`, `Cancelled, cause, map[bool]string{false: why}[ON], ""`)},
		{"the courier never returns", "nothing is stuck", "sim", at("scheduler/courier.go", `d.carrying, more = "", !d.line.empty()`, `if ON {
				return nil
			}
			d.carrying, more = "", !d.line.empty()`)},
		{"claims of an earlier life", "nothing is stuck", "sim", at("scheduler/start.go", `return recoverClaims(tx, now)`, `if ON {
			return nil
		}
		return recoverClaims(tx, now)`)},
		{"per hour", "inside the limits", "sim", at(gate, `most <= 0 || sent < most {`, `most <= 0 || sent < most || ON {`)},
		{"expires in weeks", "not after it expired", "core", at("scheduler/due.go", `	return step.Expires
`, `	if ON {
		return calendar.Span{Elapsed: 20 * 24 * time.Hour}
	}
	return step.Expires
`)},
		{"doubt taken for success", "store and server agree", "sim", at(settle, `err = settleDeferred(tx, d, r, now)
	default:`, `err = settleDeferred(tx, d, r, now)
	default:
		if ON {
			return settleSent(tx, d, ActorServer, d.LastAnswer, now)
		}`)},
	}
}

// answerMutations take away what notices and the answers to them rest on.
func answerMutations() []mutation {
	const once, others, told = "an answer is carried out once", "nobody else's mail is an answer", "each notice is told, and once"
	const answer, do, tell = "scheduler/answer.go", "scheduler/answerdo.go", "scheduler/tell.go"
	return []mutation{
		{"answers that were obeyed", once, "sim", at(answer, `[]string{metaAnswerDone, metaAnswerWaits} {`, `[]string{metaAnswerDone, metaAnswerWaits} {
		if ON {
			break
		}`)},
		{"answers that wait", once, "sim", at(do, `if !d.answersWait {
		return nil`, `if !d.answersWait || ON {
		return nil`)},
		{"stop", once, "sim", at(do, `about}, hold(tx, w, h)`, `about}, func() error {
			if ON {
				return nil
			}
			return hold(tx, w, h)
		}()`)},
		{"answers in Sent", others, "sim", at(answer, `raw.Role != mailer.RoleSent || raw.Account`, `raw.Role != mailer.RoleSent && !ON || raw.Account`)},
		{"answers to oneself", others, "sim", at(answer, `!toOneself(world.Policy.Me, m)`, `!toOneself(world.Policy.Me, m) && !ON`)},
		{"notices are lost", told, "sim", at(tell, `err := c.Notify(ctx, n)
	if err == nil {`, `err := error(nil)
	if !ON || n.Kind != "review" {
		err = c.Notify(ctx, n)
	}
	if err == nil {`)},
		{"notices without end", told, "sim", at(tell, `stored.Tellings = append(slices.Clip(stored.Tellings), t)`, `if ON && len(stored.Tellings) == 0 {
			t.Channel = "lost"
		}
		stored.Tellings = append(slices.Clip(stored.Tellings), t)`)},
	}
}

// proposalMutations let the program name what does not help.
func proposalMutations() []mutation {
	const proposes = "what is proposed works"
	return []mutation{
		{"a question that resume leaves open", proposes, "sim", at("scheduler/holds.go", `!slices.ContainsFunc(kinds, about) {`, `ON || !slices.ContainsFunc(kinds, about) {`)},
		{"an outcome is asked about for ever", proposes, "sim", at("scheduler/suggest.go", `return !a.Status.Over() && a.Status != Status(status), true`, `return ON || !a.Status.Over() && a.Status != Status(status), true`)},
	}
}

// accountMutations take away what keeps several accounts, machines and grants apart.
func accountMutations() []mutation {
	return []mutation{
		{"the further accounts", "every answer is noticed", "sim", at("scheduler/daemon.go", `return append([]Mailbox{d.Mailbox}, d.Watched...)`,
			`return append([]Mailbox{d.Mailbox}, map[bool][]Mailbox{false: d.Watched}[ON]...)`)},
		{"a copy of the profile", "nothing after the end", "sim", at("scheduler/machine.go", `d.Machine == "" || before == d.Machine:`, `d.Machine == "" || before == d.Machine || ON:`)},
		{"a profile that was adopted", "nothing is stuck", "sim", at("scheduler/machine.go", `for _, source := range []string{sourceMachine, sourceStrangers} {`, `for _, source := range []string{sourceMachine, sourceStrangers} {
		if ON {
			continue
		}`)},
		{"the next refresh token", "nothing is stuck", "sim", at("internal/oauth/source.go", `if err := s.store.Save(ctx, grant); err != nil {`, `if ON {
			return nil
		}
		if err := s.store.Save(ctx, grant); err != nil {`)},
	}
}
