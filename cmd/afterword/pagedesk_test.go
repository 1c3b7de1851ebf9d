package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"afterword/internal/web"
)

const deskCalendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:talk-1\r\nDTSTAMP:20261101T080000Z\r\nDTSTART;TZID=Europe/Paris:20310303T140000\r\nDTEND;TZID=Europe/Paris:20310303T150000\r\n" +
	"SUMMARY:Interview\r\nORGANIZER;CN=Ada Quint:mailto:ada@initech.example\r\nATTENDEE;CN=Ada Quint:mailto:ada@initech.example\r\nATTENDEE;CN=Dana Reyes:mailto:dana@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

// TestPageWritesFiles: what the page's forms say stands in the user's files, by
// the writer that keeps their comments; a file edited meanwhile stays as it is.
func TestPageWritesFiles(t *testing.T) {
	t.Parallel()
	h, _ := openDemo(t)
	d := &desk{*h}
	file := filepath.Join(h.config.InterviewsDir, "acme-sre.yaml")
	holds := func(texts ...string) {
		t.Helper()
		got, err := os.ReadFile(file)
		for _, text := range texts {
			if err != nil || !strings.Contains(string(got), text) {
				t.Errorf("the file has no %q: %v\n%s", text, err, got)
			}
		}
	}
	old := d.Revision("acme-sre")
	if said, err := d.Set("acme-sre", old, "status", "considered"); err != nil || !strings.Contains(said, "considered") {
		t.Errorf("%q, %v", said, err)
	}
	holds("status: considered", "company: Acme")
	told := web.Debrief{Said: []string{"the pager moves", "", ""}, Asked: []string{"", "", ""}, Absent: []bool{false, false, true}, Texts: map[string]string{"went_well": "the design round"}, DecisionBy: "2026-12-04"}
	for what, err := range map[string]error{
		"debrief": d.Debrief("acme-sre", "onsite", old, told),
		"status":  func() error { _, err := d.Set("acme-sre", old, "status", "closed"); return err }(),
	} {
		if !errors.Is(err, web.ErrStale) {
			t.Errorf("%s of a file that was edited meanwhile: %v", what, err)
		}
	}
	if err := d.Debrief("acme-sre", "onsite", d.Revision("acme-sre"), told); err != nil {
		t.Error(err)
	}
	holds("the pager moves", "went_well: the design round", "skip: was not there", "status: held", "status: considered")
	if err := d.Debrief("acme-sre", "onsite", d.Revision("acme-sre"), web.Debrief{}); err == nil {
		t.Error("a debrief that says nothing is taken")
	}
	// The form begins with what the file says, which nobody said anew; what they say contradicts it.
	again := web.Debrief{Said: []string{"the pager moves", "", ""}, Asked: []string{"", "", ""}, Absent: []bool{true, false, false}}
	if err := d.Debrief("acme-sre", "onsite", d.Revision("acme-sre"), again); err != nil {
		t.Errorf("somebody who was not there after all: %v", err)
	}
	again.Said[0] = "the pager stays"
	if err := d.Debrief("acme-sre", "onsite", d.Revision("acme-sre"), again); err == nil || !strings.Contains(err.Error(), "was not there, and something is told") {
		t.Errorf("who was not there said something: %v", err)
	}
	if d.Revision("acme") != "" {
		t.Error("a part of a name names a file")
	}
}

// TestPageAddsInterviews: a calendar file fills the form; what the form says
// makes a file, with addresses that wait to be confirmed.
func TestPageAddsInterviews(t *testing.T) {
	t.Parallel()
	h, _ := openDemo(t)
	d := &desk{*h}
	all, _, err := d.ReadCalendar([]byte(deskCalendar))
	if err != nil || len(all) != 1 {
		t.Fatalf("read %+v, %v", all, err)
	}
	n := all[0].Interview
	if n.Date != "2031-03-03" || n.Time != "14:00" || n.Minutes != "60" || n.Company != "Initech" || len(n.People) != 1 || !n.Guessed {
		t.Fatalf("read %+v", n)
	}
	if _, _, err := d.Add(n, ""); err == nil { // it lacks the role
		t.Error("an application without a role is taken")
	}
	n.Role, n.Date = "Engineer", "2027-03-03"
	stem, _, err := d.Add(n, "")
	if err != nil || stem != "initech" {
		t.Fatalf("added %q, %v", stem, err)
	}
	text, err := os.ReadFile(filepath.Join(h.config.InterviewsDir, "initech.yaml"))
	if err != nil || !strings.Contains(string(text), "ada@initech.example") || !strings.Contains(string(text), "guessed: true") {
		t.Errorf("%v\n%s", err, text)
	}
	again := web.Interview{Application: "initech", Date: "2027-03-10", Time: "10:00", Minutes: "30", People: []web.NewPerson{{Name: "Bo Lind", Email: "bo@initech.example"}}}
	if _, _, err := d.Add(again, "another revision"); !errors.Is(err, web.ErrStale) {
		t.Errorf("a file that was edited meanwhile: %v", err)
	}
	if stem, round, err := d.Add(again, d.Revision("initech")); err != nil || stem != "initech" || round == "" {
		t.Errorf("added %q %q, %v", stem, round, err)
	}
	if _, _, err := d.ReadCalendar([]byte("no calendar")); err == nil {
		t.Error("what is no calendar is read")
	}
}

// TestPageOffersEachMeeting: of a calendar file with several meetings each can be taken,
// and what cannot is counted.
func TestPageOffersEachMeeting(t *testing.T) {
	t.Parallel()
	h, _ := openDemo(t)
	d := &desk{*h}
	event := func(uid, more string) string {
		return "BEGIN:VEVENT\r\nUID:" + uid + "\r\nSUMMARY:Talk " + uid + "\r\n" + more + "\r\nEND:VEVENT\r\n"
	}
	file := "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\n" + event("gone", "DTSTART:20310301T090000Z\r\nSTATUS:CANCELLED") + event("one", "DTSTART:20310303T090000Z") +
		event("week", "DTSTART:20310304T090000Z\r\nRRULE:FREQ=WEEKLY") + "END:VCALENDAR\r\n"
	all, note, err := d.ReadCalendar([]byte(file))
	if err != nil || len(all) != 2 || all[0].UID != "one" || all[1].UID != "week" || all[0].At.IsZero() || !strings.Contains(all[1].Note, "recurs") || !strings.Contains(note, "1 more") {
		t.Errorf("offered %+v, note %q, %v", all, note, err)
	}
}

// TestPageShowsSettings: values with the lines that state them, and no secret.
func TestPageShowsSettings(t *testing.T) {
	t.Parallel()
	h, _ := openDemo(t)
	d := &desk{*h}
	stated, other := 0, 0
	for _, s := range d.Settings() {
		if s.Line > 0 {
			stated++
		} else {
			other++
		}
		if s.Name == "me.name" && (s.Value != "Dana Reyes" || s.Line == 0) {
			t.Errorf("%+v", s)
		}
		if s.Name == "sending.announce" && s.Value != "18h" || s.Name == "sending.spread" && s.Value != "20m" {
			t.Errorf("%s is written as %s", s.Name, s.Value)
		}
		if strings.Contains(s.Value, "secret") {
			t.Errorf("a secret is shown: %+v", s)
		}
	}
	if stated < 5 || other < 5 {
		t.Errorf("%d stated, %d not", stated, other)
	}
	if err := d.AddWord("Kubernetes"); err != nil {
		t.Error(err)
	}
	if len(d.Proofread("I beleive it.", "thank-you", "en")) == 0 {
		t.Error("nothing is found")
	}
}
