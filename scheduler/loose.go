package scheduler

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
)

// An invitation that fits no application may be the start of a new one, so the user is
// told of it once. Calendars hold many other things: only a single future meeting
// counts, with somebody outside the user's own domains, and a sender whose invitation
// was once dismissed is not told of again.

// looseInvitation is what is remembered of one.
type looseInvitation struct {
	Invitation
	Sequence  int          `json:"sequence"`
	Stamp     time.Time    `json:"stamp"`
	From      string       `json:"from"`             // normal address of who sent it
	Others    []Invitation `json:"others,omitempty"` // of the same mail, offered once this one is taken
	Dismissed bool         `json:"dismissed,omitempty"`
	Cancelled bool         `json:"cancelled,omitempty"` // kept, so that a copy of what was cancelled is known
}

const (
	askedLoose = "loose-invitation/"  // then the key; of no application
	metaLoose  = "loose-invitation/"  // then the key
	metaNoSuch = "no-interview-from/" // then the normal address of a sender
	mostLoose  = 5                    // stand at once: a flood of them tells nothing more
)

// receiveLoose reads a mail of somebody else that fits no application.
func receiveLoose(tx Tx, world World, tables mailer.Tables, m mailer.Message, raw mailer.Fetched, reading mailer.Reading, now time.Time) error {
	if reading.Kind != mailer.CalendarRequest && reading.Kind != mailer.CalendarCancel {
		return nil
	}
	all := m.CalendarEvents()
	if len(all) == 0 || all[0].UID == "" || len(m.From) == 0 {
		return nil
	}
	e := all[0]
	key := invitationKey(e)
	known, seen, err := loadJSON[looseInvitation](tx, metaLoose+key)
	if err != nil || seen && (e.Sequence < known.Sequence || e.Sequence == known.Sequence && !e.Stamp.After(known.Stamp)) {
		return err
	}
	cancelled := e.Method == "CANCEL" || e.Status == "CANCELLED"
	ok, err := concerns(tx, world, m, raw, e)
	if err != nil || !ok && !cancelled {
		return err
	}
	inv, ok := ReadEvent(tables, world.Policy, Application{}, slices.Collect(maps.Values(world.Applications)), e)
	if !ok || !hasOutsider(world.Policy.Me, tables, inv.People) && !cancelled {
		return nil
	}
	again := seen && !known.Cancelled
	known = looseInvitation{Invitation: inv, Others: othersOf(tables, world, all, now), Sequence: e.Sequence, Stamp: e.Stamp, From: NormalAddress(m.From[0].Addr), Dismissed: known.Dismissed, Cancelled: cancelled}
	if !looseStands(world, known, now) {
		return dropLoose(tx, key)
	}
	if err := saveJSON(tx, metaLoose+key, known); err != nil {
		return err
	}
	if cancelled {
		return tx.Answer(askedLoose + key)
	}
	return askLoose(tx, known, m, again, now)
}

// othersOf is what a mail offers besides its first meeting.
func othersOf(tables mailer.Tables, world World, all []mailer.Event, now time.Time) (others []Invitation) {
	for _, e := range all[1:] {
		inv, ok := ReadEvent(tables, world.Policy, Application{}, slices.Collect(maps.Values(world.Applications)), e)
		if ok && e.UID != "" && looseStands(world, looseInvitation{Invitation: inv}, now) {
			others = append(others, inv)
		}
	}
	return others
}

// concerns reports whether a calendar mail may be about an interview at all.
func concerns(r Reader, world World, m mailer.Message, raw mailer.Fetched, e mailer.Event) (bool, error) {
	own := ownAddresses(world.Policy.Me)
	if e.Method != "REQUEST" || e.Recurs || raw.Role == mailer.RoleJunk || raw.Role == mailer.RoleTrash || isMassMail(m.Header) || mailer.FailsDMARC(m.Header, own) {
		return false, nil
	}
	dismissed, err := r.Meta(metaNoSuch + NormalAddress(m.From[0].Addr))
	return dismissed == "", err
}

// hasOutsider reports whether anybody of the event has an address at a domain that is
// not the user's, the employer's or a free mail provider's.
func hasOutsider(me Me, tables mailer.Tables, people []Invited) bool {
	var own []string
	for _, address := range ownAddresses(me) {
		own = append(own, mailer.RegistrableDomain(mailer.DomainOf(address)))
	}
	for _, d := range me.EmployerDomains {
		own = append(own, mailer.RegistrableDomain(d))
	}
	return slices.ContainsFunc(people, func(p Invited) bool {
		domain := mailer.RegistrableDomain(mailer.DomainOf(p.Email))
		return domain != "" && !tables.FreeMail(domain) && !slices.Contains(own, domain)
	})
}

// looseStands reports whether an invitation is still ahead and in no file, neither by
// its UID nor as a meeting at that time.
func looseStands(world World, l looseInvitation, now time.Time) bool {
	if !l.At.Add(l.Duration).After(now) {
		return false
	}
	for _, a := range world.Applications {
		for _, i := range a.Interviews {
			if i.UID != "" && strings.EqualFold(i.UID, l.UID) || i.At.Equal(l.At) && i.Status != InterviewCancelled {
				return false
			}
		}
	}
	return true
}

// askLoose asks about an invitation, and tells of it once: a new time of one
// that was told changes the question alone.
func askLoose(tx Tx, l looseInvitation, m mailer.Message, again bool, now time.Time) error {
	if l.Dismissed {
		return nil
	}
	from := firstOf(m.From[0].Name, m.From[0].Addr)
	command := "afterword add --invitation " + l.Key
	text := fmt.Sprintf("An invitation from %s fits no application: %q, %s, with %s. If it is an interview, take it in: %s. If it is none: %s --dismiss",
		from, brief(oneSpace(l.Summary), longestLine), l.When(), l.names(), command, command)
	key := askedLoose + l.Key
	open, err := tx.Questions()
	if err != nil {
		return err
	}
	if slices.ContainsFunc(open, func(q Question) bool { return q.Key == key }) {
		if err := tx.Answer(key); err != nil {
			return err
		}
	} else if count := len(looseKeys(open)); again || count >= mostLoose {
		return nil
	}
	if isNew, err := tx.Ask(Question{Key: key, Text: text, Asked: now}); err != nil || !isNew || again {
		return err
	}
	return tellAbout(tx, Notice{Key: "question/" + key + "#" + now.UTC().Format(time.RFC3339), Kind: noticeQuestion, At: now, Subject: "An invitation fits no application", Text: text,
		Discreet: "A question waits for you."}, About{Invitation: l.Key, Answers: []mailer.AnswerWord{mailer.AnswerSkip}})
}

// looseKeys are the keys of the invitations that stand as questions.
func looseKeys(open []Question) (keys []string) {
	for _, q := range open {
		if key, ours := strings.CutPrefix(q.Key, askedLoose); ours {
			keys = append(keys, key)
		}
	}
	return keys
}

// dropLoose forgets an invitation and takes back what was asked about it.
func dropLoose(tx Tx, key string) error {
	if err := tx.SetMeta(metaLoose+key, ""); err != nil {
		return err
	}
	return tx.Answer(askedLoose + key)
}

// settleLoose drops the invitations that are over, or in a file by now, after a
// change of a file.
func (d *Daemon) settleLoose(ctx context.Context, now time.Time) error {
	var over []string
	err := d.Store.View(ctx, func(r Reader) (err error) {
		over, err = looseOver(r, d.world, now)
		return err
	})
	if err != nil {
		return err
	}
	return d.dropLoose(ctx, over)
}

// looseOver lists the keys of the invitations that do not stand any more.
func looseOver(r Reader, w World, now time.Time) (over []string, err error) {
	names, err := r.MetaNames(metaLoose)
	for _, name := range names {
		l, _, err := loadJSON[looseInvitation](r, name)
		if err != nil {
			return nil, err
		}
		if !looseStands(w, l, now) {
			over = append(over, strings.TrimPrefix(name, metaLoose))
		}
	}
	return over, err
}

// holderOf is the application that holds the interview with a UID, the first by name
// where a file was copied, "" if none does.
func holderOf(w World, uid string) string {
	for _, stem := range slices.Sorted(maps.Keys(w.Applications)) {
		if _, there := w.Applications[stem].interviewOf(uid, ""); there && uid != "" {
			return stem
		}
	}
	return ""
}

// dropLoose drops invitations, if there are any to drop. Where one became an
// interview, what came in the same mail is offered to its application.
func (d *Daemon) dropLoose(ctx context.Context, over []string) error {
	if len(over) == 0 {
		return nil
	}
	return d.Store.Update(ctx, func(tx Tx) error {
		for _, key := range over {
			l, _, err := loadJSON[looseInvitation](tx, metaLoose+key)
			if err != nil {
				return err
			}
			if err := offerInvitations(tx, holderOf(d.world, l.UID), l.From, l.Others, d.Clock.Now()); err != nil {
				return err
			}
			if err := dropLoose(tx, key); err != nil {
				return err
			}
		}
		return nil
	})
}

// findLoose returns the invitation without an application that a key, or the
// beginning of one, names; an empty key names the only one that is asked about.
func findLoose(r Reader, key string) (looseInvitation, error) {
	open, err := r.Questions()
	if err != nil {
		return looseInvitation{}, err
	}
	keys := looseKeys(open)
	if key != "" { // also one that was too many to be asked about
		names, err := r.MetaNames(metaLoose + strings.ToLower(key))
		if err != nil {
			return looseInvitation{}, err
		}
		keys = nil
		for _, name := range names {
			keys = append(keys, strings.TrimPrefix(name, metaLoose))
		}
	}
	switch len(keys) {
	case 1:
		l, _, err := loadJSON[looseInvitation](r, metaLoose+keys[0])
		return l, err
	case 0:
		return looseInvitation{}, refuse("`afterword` lists what waits for you; afterword add --from-mailbox lists what the mailbox holds", "no invitation without an application waits under %q", key)
	}
	return looseInvitation{}, refuse("name one with --invitation KEY; `afterword` lists them", "%d invitations without an application wait", len(keys))
}

// LooseInvitation returns the invitation that fits no application and that a key,
// or the beginning of one, names; an empty key names the only one.
func (s *Service) LooseInvitation(ctx context.Context, key string) (inv Invitation, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		l, err := findLoose(r, key)
		inv = l.Invitation
		return err
	})
	return inv, err
}

// TookLoose records that the invitation is in a file now.
func (s *Service) TookLoose(ctx context.Context, inv Invitation, stem string) error {
	now := s.Clock.Now()
	return s.Store.Update(ctx, func(tx Tx) error {
		e := Event{At: now, Application: stem, Actor: ActorUser, What: "invitation taken", Why: "you made an interview of an invitation that fitted no application", Evidence: inv.UID}
		if err := tx.Log(e); err != nil {
			return err
		}
		known, _, err := loadJSON[looseInvitation](tx, metaLoose+inv.Key)
		if err != nil {
			return err
		}
		if err := offerInvitations(tx, stem, known.From, known.Others, now); err != nil {
			return err
		}
		return dropLoose(tx, inv.Key)
	})
}

// DismissInvitation records that an invitation is no interview, and that nothing from
// its sender is told again. It returns the sender's address.
func (s *Service) DismissInvitation(ctx context.Context, key string) (from string, err error) {
	now := s.Clock.Now()
	err = s.Store.Update(ctx, func(tx Tx) error {
		from, err = dismissLoose(tx, key, now)
		return err
	})
	return from, err
}

func dismissLoose(tx Tx, key string, now time.Time) (from string, err error) {
	l, err := findLoose(tx, key)
	if err != nil {
		return "", err
	}
	l.Dismissed = true
	if err := saveJSON(tx, metaLoose+l.Key, l); err != nil {
		return "", err
	}
	if err := tx.SetMeta(metaNoSuch+l.From, now.UTC().Format(time.RFC3339)); err != nil {
		return "", err
	}
	if err := tx.Log(Event{At: now, Actor: ActorUser, What: "invitation dismissed", Why: "you said that it is no interview", Evidence: l.UID}); err != nil {
		return "", err
	}
	return l.From, tx.Answer(askedLoose + l.Key)
}
