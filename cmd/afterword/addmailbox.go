package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"afterword/mailer"
	"afterword/scheduler"
)

// How far back the mailbox is read for invitations, and how long ago a meeting
// may have been that is still offered.
const (
	invitationsBack = 60 * 24 * time.Hour
	meetingsBack    = 30 * 24 * time.Hour
)

// found is an invitation of the mailbox.
type found struct {
	event   mailer.Event
	message mailer.Message
	inv     scheduler.Invitation
	fits    string // the application, "" if none or several
}

// foundJSON is one line of what `add --from-mailbox --json` prints.
type foundJSON struct {
	Number      int                `json:"number"`
	UID         string             `json:"uid"`
	Summary     string             `json:"summary"`
	At          *string            `json:"at"`
	Timezone    string             `json:"timezone"`
	Minutes     int                `json:"minutes"`
	Application *string            `json:"application"`
	People      []scheduler.PlanTo `json:"people"`
}

// fromMailbox lists the invitations of the mailbox and takes one of them.
func (b *adding) fromMailbox(ctx context.Context, choose int) error {
	all, err := b.invitations(ctx)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return hinted{errors.New("the mailbox holds no invitation with people from outside that is not in a file yet"), "say it by hand: afterword add, or read one from a file: afterword add --from FILE"}
	}
	if choose == 0 {
		if choose, err = b.choose(all); err != nil {
			return err
		}
	}
	if choose < 1 || choose > len(all) {
		return usageError{hinted{fmt.Errorf("there is no invitation %d", choose), fmt.Sprintf("choose one from 1 to %d; afterword add --from-mailbox lists them", len(all))}}
	}
	one := all[choose-1]
	return b.fromEvent(one.event, &one.message, "-")
}

// choose shows the list and asks for one of it.
func (b *adding) choose(all []found) (int, error) {
	if b.form != nil {
		return b.chooseByForm(all)
	}
	for n, one := range all {
		fmt.Fprintf(b.p.out, "%3d  %s, %d minutes: %q\n", n+1, clockTime(one.inv.At, one.inv.Zone, b.now), int(one.inv.Duration.Minutes()), one.inv.Summary)
		for _, who := range one.inv.People {
			fmt.Fprintf(b.p.out, "     with %s <%s>\n", who.Name, who.Email)
		}
		if one.fits != "" {
			fmt.Fprintf(b.p.out, "     it seems to belong to %s\n", one.fits)
		}
	}
	number := 0
	_, err := b.line("Which one? Its number", func(text string) error {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > len(all) {
			return fmt.Errorf("found %q, expected a number from 1 to %d", text, len(all))
		}
		number = n
		return nil
	})
	if err != nil {
		return 0, notChosen()
	}
	return number, nil
}

func notChosen() error {
	return hinted{errors.New("nothing was written: none was chosen"), "name it: afterword add --from-mailbox --choose NUMBER"}
}

// chooseByForm lets the user walk through the list.
func (b *adding) chooseByForm(all []found) (int, error) {
	q := question{title: "Which invitation?"}
	for n, one := range all {
		label := fmt.Sprintf("%s: %q with %s", clockTime(one.inv.At, one.inv.Zone, b.now), one.inv.Summary, one.inv.People[0].Name)
		if more := len(one.inv.People) - 1; more > 0 {
			label += fmt.Sprintf(" and %d more", more)
		}
		if one.fits != "" {
			label += ", for " + one.fits
		}
		q.choices = append(q.choices, choice{strconv.Itoa(n + 1), label})
	}
	answer, err := b.form(q)
	if err != nil {
		return 0, notChosen()
	}
	return strconv.Atoi(answer)
}

// listJSON prints the list for a script.
func (b *adding) listJSON(ctx context.Context, fromMailbox bool) error {
	if !fromMailbox {
		return usageError{hinted{errors.New("--json goes with --from-mailbox"), "`afterword plan --json` prints what follows from what was added"}}
	}
	all, err := b.invitations(ctx)
	if err != nil {
		return err
	}
	list := []foundJSON{}
	for n, one := range all {
		j := foundJSON{Number: n + 1, UID: one.inv.UID, Summary: one.inv.Summary, At: stamp(one.inv.At, one.inv.Zone), Timezone: one.inv.Zone,
			Minutes: int(one.inv.Duration.Minutes()), Application: optional(one.fits), People: []scheduler.PlanTo{}}
		for _, who := range one.inv.People {
			j.People = append(j.People, scheduler.PlanTo(who))
		}
		list = append(list, j)
	}
	return printJSON(b.p.out, list)
}

// invitations reads the mailbox, and keeps what is no interview of a file yet.
func (b *adding) invitations(ctx context.Context) ([]found, error) {
	box, err := b.h.mailbox()
	if err != nil {
		return nil, err
	}
	boxes, err := b.h.watched()
	if err != nil {
		return nil, err
	}
	latest := map[string]found{}
	for n, one := range append([]scheduler.Mailbox{box}, boxes...) {
		err := b.readInvitations(ctx, one, latest)
		if err := errors.Join(err, one.Close()); err != nil {
			return nil, hinted{err, adviceTo(b.h.config.Accounts()[n], err, "imap")}
		}
	}
	var all []found
	for _, one := range latest {
		if b.isNews(&one) {
			all = append(all, one)
		}
	}
	slices.SortFunc(all, func(a, b found) int { return cmp.Or(a.inv.At.Compare(b.inv.At), cmp.Compare(a.inv.UID, b.inv.UID)) })
	return all, nil
}

// readInvitations gathers the newest version of each event, by its UID. It
// writes nothing and marks nothing as seen.
func (b *adding) readInvitations(ctx context.Context, box scheduler.Mailbox, latest map[string]found) error {
	progress := b.p.progress("reading the mailbox")
	defer progress.end()
	count := 0
	req := mailer.LookRequest{Full: true, Since: b.now.Add(-invitationsBack), WantBody: mayInvite}
	_, err := box.Look(ctx, req, func(_ context.Context, batch mailer.Batch) error {
		for _, raw := range batch.Messages {
			if raw.Draft || raw.Role == mailer.RoleDrafts || raw.Role == mailer.RoleApproved || raw.Role == mailer.RoleSent || raw.Body == nil {
				continue
			}
			m := mailer.Parse(raw.Header, raw.Body)
			for _, e := range m.CalendarEvents() {
				if e.UID == "" || e.Method == "REPLY" || e.Method == "COUNTER" {
					continue
				}
				e.Further = 0 // each is listed
				if was, known := latest[e.UID]; !known || e.Sequence > was.event.Sequence || e.Sequence == was.event.Sequence && !e.Stamp.Before(was.event.Stamp) {
					latest[e.UID] = found{event: e, message: m}
				}
			}
		}
		count += len(batch.Messages)
		progress.tell("%s", readingWords(count, batch.Left))
		return nil
	})
	return err
}

// mayInvite tells by its header a message that may hold a calendar part.
func mayInvite(f mailer.Fetched) bool {
	h := mailer.Parse(f.Header, nil).Header
	kind := strings.ToLower(h.Get("content-type"))
	if h.Get("list-id") != "" || h.Get("list-unsubscribe") != "" {
		return false // a newsletter
	}
	return strings.HasPrefix(kind, "multipart/") || strings.HasPrefix(kind, "text/calendar") || strings.HasPrefix(kind, "application/ics") ||
		bytes.Contains(bytes.ToLower(f.Header), []byte("calendarmessage"))
}

// isNews reports an event with somebody else, that is not long over, and in no
// file; it fills in what the event offers.
func (b *adding) isNews(one *found) bool {
	if one.event.Method == "CANCEL" || one.event.Status == "CANCELLED" {
		return false
	}
	a := b.fits(one.event, &one.message)
	inv, ok := scheduler.ReadEvent(mailer.LoadTables(), b.policy, a, b.apps, one.event)
	if !ok || len(inv.People) == 0 || inv.At.Before(b.now.Add(-meetingsBack)) {
		return false
	}
	one.inv, one.fits = inv, a.Stem
	for _, other := range b.apps {
		for _, i := range other.Interviews {
			if strings.EqualFold(i.UID, inv.UID) || other.Stem == a.Stem && i.At.Equal(inv.At) {
				return false
			}
		}
	}
	return true
}
