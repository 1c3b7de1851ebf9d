package storetest

import (
	"errors"
	"testing"
	"time"

	"afterword/mailer"
	"afterword/scheduler"
)

func holds(t *testing.T, open Opener) {
	s := start(t, open)
	full := filled[scheduler.Hold](t)
	full.Scope = scheduler.ScopePerson
	bare := scheduler.Hold{Scope: scheduler.ScopeEverything, Source: "user", Reason: "holiday"}
	update(t, s, func(tx scheduler.Tx) error { return errors.Join(tx.SetHold(full), tx.SetHold(bare)) })
	got := view(t, s, scheduler.Reader.Holds)
	if len(got) != 2 || got[0].ID == 0 || got[0].ID == got[1].ID {
		t.Fatalf("two holds were set, there are %+v", got)
	}
	ids := []int64{got[0].ID, got[1].ID}
	full.ID, bare.ID = ids[0], ids[1]
	same(t, "the holds", got, []scheduler.Hold{full, bare})

	// The same scope, target and source is the same hold, whatever it now says.
	replaced := scheduler.Hold{Scope: full.Scope, Target: full.Target, Source: full.Source, Reason: "now another", Set: noon()}
	other := replaced
	other.Source = "another source"
	update(t, s, func(tx scheduler.Tx) error { return errors.Join(tx.SetHold(replaced), tx.SetHold(other)) })
	got = view(t, s, scheduler.Reader.Holds)
	replaced.ID = ids[0]
	if len(got) != 3 {
		t.Fatalf("there are %d holds, want 3", len(got))
	}
	other.ID = got[2].ID
	same(t, "the holds after one was replaced", got, []scheduler.Hold{replaced, bare, other})

	err := s.Update(t.Context(), func(tx scheduler.Tx) error { return tx.SetHold(scheduler.Hold{Scope: "galaxy"}) })
	if err == nil {
		t.Error("a hold of unknown reach was stored, and would hold nothing")
	}
}

func lift(t *testing.T, open Opener) {
	s := start(t, open)
	set := func(scope scheduler.Scope, target, source string) {
		update(t, s, func(tx scheduler.Tx) error {
			return tx.SetHold(scheduler.Hold{Scope: scope, Target: target, Source: source})
		})
	}
	check := func(scope scheduler.Scope, target, source string, want, left int) {
		t.Helper()
		var n int
		update(t, s, func(tx scheduler.Tx) (err error) {
			n, err = tx.Lift(scope, target, source)
			return err
		})
		if now := len(view(t, s, scheduler.Reader.Holds)); n != want || now != left {
			t.Errorf("lifting %s %s %s: %d lifted and %d left, want %d and %d", scope, target, source, n, now, want, left)
		}
	}
	set(scheduler.ScopeApplication, "acme", "user")
	set(scheduler.ScopeApplication, "acme", "reply")
	set(scheduler.ScopeApplication, "acme", "robot")
	set(scheduler.ScopeApplication, "zeta", "user")
	set(scheduler.ScopePerson, "acme", "user")
	check(scheduler.ScopeApplication, "acme", "away", 0, 5)
	check(scheduler.ScopeApplication, "acme", "reply", 1, 4)
	check(scheduler.ScopeApplication, "acme", "", 2, 2)
	check(scheduler.ScopeApplication, "acme", "", 0, 2)
	check(scheduler.ScopeEverything, "", "", 0, 2)
}

func questions(t *testing.T, open Opener) {
	s := start(t, open)
	ask := func(q scheduler.Question, want bool) {
		t.Helper()
		update(t, s, func(tx scheduler.Tx) error {
			isNew, err := tx.Ask(q)
			if isNew != want {
				t.Errorf("asking %s: new is %v, want %v", q.Key, isNew, want)
			}
			return err
		})
	}
	answer := func(key string) {
		t.Helper()
		update(t, s, func(tx scheduler.Tx) error { return tx.Answer(key) })
	}
	first := filled[scheduler.Question](t)
	second := scheduler.Question{Key: "acme/held", Text: "Did it happen?"}
	ask(first, true)
	ask(second, true)
	same(t, "the questions", view(t, s, scheduler.Reader.Questions), []scheduler.Question{first, second})

	again := scheduler.Question{Key: first.Key, Application: "acme", Text: "now clearer", Asked: noon().Add(time.Hour), Command: "afterword resume acme"}
	ask(again, false)
	ask(again, false)
	again.Asked = first.Asked
	same(t, "the questions after one was asked again", view(t, s, scheduler.Reader.Questions), []scheduler.Question{again, second})

	of := func(application string) []scheduler.Question {
		return view(t, s, func(r scheduler.Reader) ([]scheduler.Question, error) { return r.QuestionsOf(application) })
	}
	same(t, "the questions about acme", of("acme"), []scheduler.Question{again})
	same(t, "the questions about no application", of(""), []scheduler.Question{second})
	same(t, "the questions about another application", len(of("acm")), 0)

	answer(first.Key)
	answer(first.Key)
	answer("never asked")
	same(t, "the questions after an answer", view(t, s, scheduler.Reader.Questions), []scheduler.Question{second})
	ask(first, true)
	same(t, "the questions in the end", view(t, s, scheduler.Reader.Questions), []scheduler.Question{second, first})
}

func notices(t *testing.T, open Opener) {
	s := start(t, open)
	notify := func(n scheduler.Notice, want bool) {
		t.Helper()
		update(t, s, func(tx scheduler.Tx) error {
			isNew, err := tx.Notify(n)
			if isNew != want {
				t.Errorf("notice %q: new is %v, want %v", n.Key, isNew, want)
			}
			return err
		})
	}
	list := func(untold bool) []scheduler.Notice {
		t.Helper()
		return view(t, s, func(r scheduler.Reader) ([]scheduler.Notice, error) { return r.Notices(untold) })
	}
	full := filled[scheduler.Notice](t)
	full.About = nil                                                       // is kept apart, and joined when it is told
	full.Told, full.Settled, full.Tellings = time.Time{}, time.Time{}, nil // a notice begins untold
	notify(full, true)
	notify(scheduler.Notice{Key: full.Key, Text: "the same again"}, false)
	notify(scheduler.Notice{Text: "without a key"}, true)
	notify(scheduler.Notice{Text: "without a key"}, true)
	got := list(true)
	if len(got) != 3 || got[0].ID == 0 || got[0].ID == got[1].ID {
		t.Fatalf("three notices were added, there are %+v", got)
	}
	full.ID = got[0].ID
	same(t, "the first notice", got[0], full)
	notify(scheduler.Notice{Key: full.Key}, false)
	err := s.Update(t.Context(), func(tx scheduler.Tx) error {
		return tx.Told(4711, scheduler.Telling{Channel: "mail", At: noon()}, true)
	})
	if !errors.Is(err, scheduler.ErrNotFound) {
		t.Errorf("telling a notice that is not there: %v, want ErrNotFound", err)
	}
}

// tellings: each channel is noted by itself, the first that told it gives the
// time, and what is settled is no longer open.
func tellings(t *testing.T, open Opener) {
	s := start(t, open)
	update(t, s, func(tx scheduler.Tx) error {
		_, err := tx.Notify(scheduler.Notice{Key: "n", At: noon(), Kind: "reply"})
		if _, other := tx.Notify(scheduler.Notice{Key: "other", At: noon(), Kind: "reply"}); err == nil {
			err = other
		}
		return err
	})
	list := func(open bool) []scheduler.Notice {
		t.Helper()
		return view(t, s, func(r scheduler.Reader) ([]scheduler.Notice, error) { return r.Notices(open) })
	}
	want := list(true)[0]
	whole := filled[scheduler.Telling](t)
	for _, step := range []struct {
		telling scheduler.Telling
		settled bool
		told    time.Time
	}{
		{scheduler.Telling{Channel: "ntfy", At: noon(), Why: "its server refuses it"}, false, time.Time{}},
		{scheduler.Telling{Channel: "mail", At: noon().Add(time.Minute), Shown: true}, false, noon().Add(time.Minute)},
		{scheduler.Telling{Channel: "webhook", At: noon().Add(time.Hour)}, false, noon().Add(time.Minute)},
		{whole, true, noon().Add(time.Minute)},
	} {
		update(t, s, func(tx scheduler.Tx) error { return tx.Told(want.ID, step.telling, step.settled) })
		want.Tellings, want.Told = append(want.Tellings, step.telling), step.told
		if step.settled {
			want.Settled = step.telling.At
		}
		same(t, "the notice after "+step.telling.Channel, list(false)[0], want)
		if open := len(list(true)); open != 2 && !step.settled || open != 1 && step.settled {
			t.Errorf("after %s %d notices are open", step.telling.Channel, open)
		}
	}
}

func addMail(t *testing.T, s scheduler.Store, m scheduler.Mail, want bool) {
	t.Helper()
	update(t, s, func(tx scheduler.Tx) error {
		isNew, err := tx.AddMail(m)
		if isNew != want {
			t.Errorf("adding %s: new is %v, want %v", m.MessageID, isNew, want)
		}
		return err
	})
}

func findMails(t *testing.T, s scheduler.Store, q scheduler.MailQuery) []scheduler.Mail {
	t.Helper()
	return view(t, s, func(r scheduler.Reader) ([]scheduler.Mail, error) { return r.Mails(q) })
}

func mails(t *testing.T, open Opener) {
	s := start(t, open)
	full := filled[scheduler.Mail](t)
	addMail(t, s, full, true)
	same(t, "the mail", findMails(t, s, scheduler.MailQuery{}), []scheduler.Mail{full})
	addMail(t, s, full, false)
	bare := scheduler.Mail{MessageID: full.MessageID, Application: full.Application, Person: full.Person}
	addMail(t, s, bare, false)
	same(t, "the mail after its update", findMails(t, s, scheduler.MailQuery{}), []scheduler.Mail{bare})
	elsewhere := scheduler.Mail{MessageID: full.MessageID, Application: full.Application + "2", Person: full.Person}
	addMail(t, s, elsewhere, true)
	other := scheduler.Mail{MessageID: full.MessageID, Application: elsewhere.Application, Person: full.Person + "2"}
	addMail(t, s, other, true)
	same(t, "the mail in two applications", findMails(t, s, scheduler.MailQuery{}), []scheduler.Mail{bare, elsewhere, other})
	err := s.Update(t.Context(), func(tx scheduler.Tx) error {
		_, err := tx.AddMail(scheduler.Mail{Application: "acme"})
		return err
	})
	if err == nil {
		t.Error("a mail without a Message-ID was stored")
	}
}

func mailsSelect(t *testing.T, open Opener) {
	s := start(t, open)
	for _, m := range []scheduler.Mail{
		{MessageID: "<late@x>", Application: "acme", Person: "ken@acme.example", At: noon().Add(time.Hour)},
		{MessageID: "<b@x>", Application: "acme", Person: "ida@acme.example", At: noon()},
		{MessageID: "<a@x>", Application: "zeta", Company: "Éclair GmbH", Person: "ken@acme.example", At: noon()},
		{MessageID: "<old@x>", Application: "acme", Person: "ken@acme.example", At: noon().Add(-time.Millisecond)},
	} {
		addMail(t, s, m, true)
	}
	for _, c := range []struct {
		name string
		q    scheduler.MailQuery
		want []string
	}{
		{"all", scheduler.MailQuery{}, []string{"<old@x>", "<a@x>", "<b@x>", "<late@x>"}},
		{"application", scheduler.MailQuery{Application: "acme"}, []string{"<old@x>", "<b@x>", "<late@x>"}},
		{"person", scheduler.MailQuery{Person: "ken@acme.example"}, []string{"<old@x>", "<a@x>", "<late@x>"}},
		{"both", scheduler.MailQuery{Person: "ken@acme.example", Application: "zeta"}, []string{"<a@x>"}},
		{"person of other applications", scheduler.MailQuery{Person: "ken@acme.example", Except: "zeta"}, []string{"<old@x>", "<late@x>"}},
		{"company", scheduler.MailQuery{Company: "éclair gmbh"}, []string{"<a@x>"}},
		{"since", scheduler.MailQuery{Since: noon()}, []string{"<a@x>", "<b@x>", "<late@x>"}},
		{"since, application", scheduler.MailQuery{Since: noon().Add(time.Millisecond), Application: "acme"}, []string{"<late@x>"}},
		{"message ID", scheduler.MailQuery{MessageID: "<b@x>"}, []string{"<b@x>"}},
		{"none", scheduler.MailQuery{MessageID: "<B@x>"}, nil},
	} {
		var got []string
		for _, m := range findMails(t, s, c.q) {
			got = append(got, m.MessageID)
		}
		same(t, c.name, got, c.want)
	}
}

func events(t *testing.T, open Opener) {
	s := start(t, open)
	find := func(q scheduler.EventQuery) []scheduler.Event {
		t.Helper()
		return view(t, s, func(r scheduler.Reader) ([]scheduler.Event, error) { return r.Events(q) })
	}
	full := filled[scheduler.Event](t)
	list := []scheduler.Event{full,
		{At: noon().Add(-time.Hour), Key: "a", Application: "acme", What: "planned"},
		{At: noon(), Key: "a", Application: "acme", What: "sent"},
		{At: noon(), Key: "b", Application: "acme", What: "planned"},
		{At: noon(), What: "started"},
	}
	update(t, s, func(tx scheduler.Tx) error {
		for _, e := range list {
			if err := tx.Log(e); err != nil {
				return err
			}
		}
		return nil
	})
	got := find(scheduler.EventQuery{})
	if len(got) != len(list) {
		t.Fatalf("%d events were logged, there are %d", len(list), len(got))
	}
	for i := range list {
		if i > 0 && got[i].ID <= got[i-1].ID {
			t.Errorf("event %d has the ID %d after %d", i, got[i].ID, got[i-1].ID)
		}
		list[i].ID = got[i].ID
	}
	same(t, "the events", got, list)
	same(t, "of a key", find(scheduler.EventQuery{Key: "a"}), list[1:3])
	same(t, "of an application", find(scheduler.EventQuery{Application: "acme"}), list[1:4])
	same(t, "after one", find(scheduler.EventQuery{After: list[2].ID}), list[3:])
	same(t, "the newest two", find(scheduler.EventQuery{Limit: 2}), list[3:])
	same(t, "the newest of a key", find(scheduler.EventQuery{Key: "a", Limit: 1}), list[2:3])
	same(t, "the newest after one", find(scheduler.EventQuery{Application: "acme", After: list[1].ID, Limit: 5}), list[2:4])
	if err := s.Update(t.Context(), func(tx scheduler.Tx) error { return tx.Log(scheduler.Event{What: "planned"}) }); err == nil {
		t.Error("an event without a time was logged")
	}
}

func cursors(t *testing.T, open Opener) {
	s := start(t, open)
	set := func(c mailer.Cursor) {
		t.Helper()
		update(t, s, func(tx scheduler.Tx) error { return tx.SetCursor(c) })
	}
	full := filled[mailer.Cursor](t)
	inbox := mailer.Cursor{Folder: "INBOX", UIDValidity: 7, UID: 41}
	sent := mailer.Cursor{Folder: "Sent", UIDValidity: 4294967295, UID: 4294967295}
	set(full)
	set(sent)
	set(inbox)
	same(t, "the cursors", view(t, s, scheduler.Reader.Cursors), []mailer.Cursor{inbox, sent, full})
	inbox.UID = 42
	set(inbox)
	sent = mailer.Cursor{Folder: "Sent", UIDValidity: 1, UID: 1}
	set(sent)
	same(t, "the cursors later", view(t, s, scheduler.Reader.Cursors), []mailer.Cursor{inbox, sent, full})
}

func meta(t *testing.T, open Opener) {
	s := start(t, open)
	get := func(name string) string {
		t.Helper()
		return view(t, s, func(r scheduler.Reader) (string, error) { return r.Meta(name) })
	}
	set := func(name, value string) {
		t.Helper()
		update(t, s, func(tx scheduler.Tx) error { return tx.SetMeta(name, value) })
	}
	same(t, "an absent value", get("epoch"), "")
	set("epoch", "1")
	set("machine", "laptop")
	set("epoch", "2")
	same(t, "a value that was replaced", get("epoch"), "2")
	same(t, "another value", get("machine"), "laptop")
	set("machine", "")
	same(t, "a value that was emptied", get("machine"), "")
	for _, name := range []string{"copy/b", "copy/a", "copy/é", "copy", "copz"} {
		set(name, "wanted")
	}
	set("copy/b", "")
	names := func(prefix string) []string {
		t.Helper()
		return view(t, s, func(r scheduler.Reader) ([]string, error) { return r.MetaNames(prefix) })
	}
	same(t, "the names that begin so", names("copy/"), []string{"copy/a", "copy/é"})
	same(t, "names that do not begin so", names("copy/z"), nil)
}
