package scheduler

import (
	"slices"
	"testing"
)

// TestOnePersonInSeveralEntries: whom two entries of the files share is one person, whatever
// address each of them names; an address that is only a guess stays one, and two people who
// read one mailbox stay two.
func TestOnePersonInSeveralEntries(t *testing.T) {
	t.Parallel()
	const work, home, desk = "ken@acme.example", "ken@osei.example", "hiring@acme.example"
	for _, x := range []struct {
		name          string
		first, second Person
		want          []string // the addresses of the second
	}{
		{"an alias of another round", Person{Name: "Ken Osei", Email: home, Aliases: []string{work}}, Person{Name: "Ken Osei", Email: work}, []string{work, home}},
		{"called otherwise there", Person{Name: "Kenneth Osei", Email: home, Aliases: []string{work}}, Person{Name: "Ken Osei", Email: work}, []string{work, home}},
		{"a third address", Person{Name: "Ken Osei", Email: home, Aliases: []string{desk}}, Person{Name: "Ken Osei", Email: work, Aliases: []string{desk}}, []string{work, desk, home}},
		{"nothing in common", Person{Name: "Ken Osei", Email: home, Aliases: []string{desk}}, Person{Name: "Ken Osei", Email: work}, []string{work}},
		{"two people, one mailbox", Person{Name: "Ken Osei", Email: home, Aliases: []string{desk}}, Person{Name: "Lena Brandt", Email: "lena@acme.example", Aliases: []string{desk}}, []string{"lena@acme.example", desk}},
		{"a guess of what the other is sure of", Person{Name: "Ken Osei", Email: work}, Person{Name: "Ken Osei", Email: work, Guessed: true}, []string{work}},
		{"a guess", Person{Name: "Ken Osei", Email: home, Guessed: true, Aliases: []string{desk}}, Person{Name: "Ken Osei", Email: work, Aliases: []string{desk}}, []string{work, desk}},
	} {
		second := onsite(x.second)
		second.ID = "second"
		files := []Application{{Stem: "acme", Interviews: []Interview{onsite(x.first), second}}}
		for _, apart := range []bool{false, true} { // in one file, or in two
			if apart {
				files = []Application{{Stem: "acme-lead", Interviews: []Interview{second}}, {Stem: "acme", Interviews: []Interview{onsite(x.first)}}}
			}
			united := byStem(files)
			a := united[files[0].Stem]
			i, _ := a.Interview("second")
			if got := i.Interviewers[0].Addresses(); !slices.Equal(got, x.want) {
				t.Errorf("%s, in two files: %v: they read %q, want %q", x.name, apart, got, x.want)
			}
			if guess := i.Interviewers[0].Guessed; guess != (x.second.Guessed && apart) {
				t.Errorf("%s, in two files: %v: the address is a guess: %v", x.name, apart, guess)
			}
			if was, _ := files[0].Interview("second"); !slices.Equal(was.Interviewers[0].Aliases, x.second.Aliases) {
				t.Errorf("%s: the file itself says %q now", x.name, was.Interviewers[0].Aliases)
			}
		}
	}
}

// TestThankedUnderAnotherAddress: who was thanked at an address that only another round of the
// file names is not thanked again for this one.
func TestThankedUnderAnotherAddress(t *testing.T) {
	t.Parallel()
	first := onsite(Person{Name: "Kenneth Osei", Email: "ken@osei.example", Aliases: []string{"ken@acme.example"}})
	second := onsite(person("Ken"))
	second.ID, second.At = "second", paris("2026-11-25 10:00")
	o := newOffice(t, acme(first, second))
	o.world.Applications = byStem([]Application{o.world.Applications["acme"]})
	left := paris("2026-11-25 15:00")
	o.store.set(Delivery{Key: "acme//thank-you-late/ken@osei.example", Application: "acme", Step: "thank-you-late", Kind: Owed, State: Sent, SentAt: left,
		To: Recipient{Name: "Kenneth Osei", Email: "ken@osei.example"}, Began: second.At})
	o.store.mails = append(o.store.mails, Mail{MessageID: "<late@example.org>", Application: "acme", Key: "acme//thank-you-late/ken@osei.example", Outgoing: true, Person: "ken@osei.example", Name: "Kenneth Osei", At: left})
	for _, d := range o.attend("acme", "2026-11-26 09:40") {
		t.Errorf("%s leaves", d.Key)
	}
}

// TestRecruiterUnderTwoAddresses: mail of the recruiter pauses, from whichever address of theirs it
// comes; the plan knew it as the recruiter's, and nothing waited for the user.
func TestRecruiterUnderTwoAddresses(t *testing.T) {
	t.Parallel()
	a := Application{Stem: "acme", Company: "Acme", Recruiter: &Person{Name: "Ken Osei", Email: "ken@acme.example"},
		Interviews: []Interview{onsite(Person{Name: "Ken Osei", Email: "ken@osei.example", Aliases: []string{"ken@acme.example"}})}}
	for _, p := range candidate(a, nil, nil, paris("2026-11-24 12:00")).People {
		if !p.Recruiter {
			t.Errorf("mail from %q is not the recruiter's", p.Addresses)
		}
	}
}

// TestDoubtUnderAnEarlierName: a mail to somebody whose name and address were changed in the
// file since waits while an earlier one, under the old name and address, is in doubt.
func TestDoubtUnderAnEarlierName(t *testing.T) {
	t.Parallel()
	f := acme(onsite(Person{Name: "Kenneth Osei", Email: "ken@acme.example"}))
	f.Doubted = []Delivery{{Key: "acme/onsite/thank-you/ken@osei.example", Application: "acme", Company: "Acme", State: InDoubt, To: Recipient{Name: "Ken Osei", Email: "ken@osei.example"}}}
	for name, waits := range map[string]bool{"Ken Osei": true, "Kenneth Osei": false} {
		d := Delivery{Key: "acme//thank-you-late/ken@acme.example", Application: "acme", Kind: Owed, To: Recipient{Name: name, Email: "ken@acme.example"}}
		if _, got := gateDoubt(&f, &d, paris("2026-11-24 10:00")); got != waits {
			t.Errorf("a mail to %s waits: %v, want %v", name, got, waits)
		}
	}
}

// TestNamesOfOnePerson: a title, a particle or a mailbox in common makes nobody somebody else,
// and an accent makes nobody two.
func TestNamesOfOnePerson(t *testing.T) {
	t.Parallel()
	const desk = "hiring@acme.example"
	for names, one := range map[[2]string]bool{
		{"Dr. Ken Osei", "Dr. Lena Brandt"}:     false,
		{"Anna van Dijk", "Tom van Houten"}:     false,
		{"Frau Brandt", "Frau Osei"}:            false,
		{"José García", "jose garcia"}:          true,
		{"Jörg Müller", "Joerg Mueller"}:        true,
		{"Osei, Ken", "Ken Osei"}:               true,
		{"Prof. Lena Brandt", "Lena B. Brandt"}: true,
		{"", "Ken Osei"}:                        true,
	} {
		first, second := onsite(Person{Name: names[0], Email: "first@acme.example", Aliases: []string{desk}}), onsite(Person{Name: names[1], Email: "second@acme.example", Aliases: []string{desk}})
		second.ID = "second"
		i, _ := byStem([]Application{{Stem: "acme", Interviews: []Interview{first, second}}})["acme"].Interview("second")
		if got := hasAddress(&i.Interviewers[0], "first@acme.example"); got != one {
			t.Errorf("%q and %q are one person: %v, want %v", names[0], names[1], got, one)
		}
	}
}

// TestTwoPeopleOneMailbox: of two interviewers who also read one mailbox each is thanked, and a
// recruiter who reads it too is not taken for either.
func TestTwoPeopleOneMailbox(t *testing.T) {
	t.Parallel()
	const desk = "hiring@acme.example"
	ken, lena := Person{Name: "Ken Osei", Email: "ken@acme.example", Aliases: []string{desk}}, Person{Name: "Lena Brandt", Email: "lena@acme.example", Aliases: []string{desk}}
	o := newOffice(t, acme(onsite(ken, lena)))
	a := o.world.Applications["acme"]
	o.world.Applications = byStem([]Application{a})
	o.attend("acme", "2026-11-23 16:00")
	for _, p := range []Person{ken, lena} {
		if d, err := o.store.Delivery("acme/onsite/thank-you/" + p.Email); err != nil || !d.State.Open() {
			t.Errorf("thanks to %s are %q (%v): %s", p.Name, d.State, err, d.Why)
		}
	}
	a.Recruiter = &Person{Name: "Priya Nair", Email: "priya@acme.example", Aliases: []string{desk}}
	for _, p := range candidate(a, nil, nil, paris("2026-11-24 12:00")).People {
		if p.Recruiter != (p.Name == "Priya Nair") {
			t.Errorf("mail of %s is the recruiter's: %v", p.Name, p.Recruiter)
		}
	}
}

// TestGuessAtSomebodyElse: an address that the file guesses of one person and is sure of for
// another one stays a guess: thanks to John went to Jane.
func TestGuessAtSomebodyElse(t *testing.T) {
	t.Parallel()
	jane, john := onsite(Person{Name: "Jane Smith", Email: "j.smith@acme.example"}), onsite(Person{Name: "John Smith", Email: "j.smith@acme.example", Guessed: true})
	john.ID = "second"
	i, _ := byStem([]Application{{Stem: "acme", Interviews: []Interview{jane, john}}})["acme"].Interview("second")
	if i.Interviewers[0].Reachable() {
		t.Error("thanks to John Smith go to the address of Jane Smith")
	}
	john.Interviewers[0].Name = "J. Smith"
	i, _ = byStem([]Application{{Stem: "acme", Interviews: []Interview{jane, john}}})["acme"].Interview("second")
	if !i.Interviewers[0].Reachable() {
		t.Error("J. Smith is Jane, whose address is known")
	}
	a := Application{Stem: "acme", Recruiter: &Person{Name: "Ken Osei", Email: "ken@acme.example", Guessed: true}, Interviews: []Interview{onsite(person("Ken"))}}
	if !byStem([]Application{a})["acme"].Recruiter.Reachable() {
		t.Error("the address of the recruiter is a guess, though an interview is sure of it")
	}
}

// TestQueuedForOneOfTheirAddresses: an address of somebody who stands in two entries names one
// person, and the mail goes to that address; it was said to fit two people.
func TestQueuedForOneOfTheirAddresses(t *testing.T) {
	t.Parallel()
	first, second := onsite(Person{Name: "Ken Osei", Email: "ken@osei.example", Aliases: []string{"ken@acme.example"}}), onsite(person("Ken"))
	second.ID = "second"
	a := byStem([]Application{{Stem: "acme", Interviews: []Interview{first, second}}})["acme"]
	for to, want := range map[string]string{"ken@acme.example": "ken@acme.example", "ken@osei.example": "ken@osei.example", "Ken": "ken@osei.example"} {
		if p, err := personNamed(a, to); err != nil || p.Email != want {
			t.Errorf("%s is %q (%v), want %s", to, p.Email, err, want)
		}
	}
	if got := (World{Applications: map[string]Application{"acme": a}}).personCalled("Ken"); got != "ken@osei.example" {
		t.Errorf("a hold on Ken is on %q", got)
	}
}
