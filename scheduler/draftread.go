package scheduler

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"afterword/mailer"
)

// draftWork is what is to be done in the mailbox after the drafts were read.
type draftWork struct {
	remove []removal
	file   []filing
	kept   bool
}

// removal is one message of ours that is to be removed. If it has a key, its draft is
// then forgotten.
type removal struct {
	key   string
	place mailer.Place
	id    string
}

// filing is one draft that is to be appended.
type filing struct {
	key    string
	frozen mailer.Frozen
}

// drafting is one comparison of the drafts with the store, in one transaction.
type drafting struct {
	tx      Tx
	world   World
	service *Service
	compose Composer
	seen    mailer.DraftsSeen
	now     time.Time

	known   map[string]keptDraft
	lying   []lyingDraft
	claimed map[mailer.Place]bool // of these the delivery is known
}

// lyingDraft is a message of the two folders, as it is read.
type lyingDraft struct {
	mailer.Fetched
	message mailer.Message
}

// outdated reports whether our draft is to be removed or replaced. A version of the
// user's stays.
func (x keptDraft) outdated(p Policy, d Delivery) bool {
	switch {
	case !d.State.Open() || !p.Drafts:
		return true
	case x.Moved.UID != 0:
		return d.State == Review && x.Hash != d.TextHash
	case x.Edited || !x.Gone.IsZero():
		return false
	}
	return d.State != Review || x.Hash != d.TextHash
}

// mayBe reports whether a message is newer than our draft, so that a mail program may
// have saved it in its place.
func (x keptDraft) mayBe(m mailer.Fetched) bool {
	return slices.ContainsFunc(x.Floors, func(f mailer.Place) bool {
		return f.Folder == m.Folder && f.UIDValidity == m.UIDValidity && m.UID >= f.UID
	})
}

// ours reports whether the message is the very one that we appended. A UID never names
// changed content; if the server reported no UID, the bytes are compared.
func (x keptDraft) ours(m lyingDraft) bool {
	if x.Edited || m.Role != mailer.RoleDrafts {
		return false
	}
	return x.Place.UID != 0 && x.Place == m.Place() || x.Place.UID == 0 && m.message.ID == x.ID && x.Sum == sumOf(m.Fetched)
}

// round compares every draft, and files what is missing.
func (t *drafting) round() (draftWork, error) {
	var work draftWork
	var err error
	t.claimed = map[mailer.Place]bool{}
	if t.known, err = allDrafts(t.tx); err != nil {
		return work, err
	}
	for _, m := range t.seen.Messages {
		t.lying = append(t.lying, lyingDraft{m, mailer.Parse(m.Header, m.Body)})
	}
	slices.SortStableFunc(t.lying, func(a, b lyingDraft) int { // approved before draft, then the newest
		return cmp.Or(cmp.Compare(a.Role, b.Role), -cmp.Compare(a.UID, b.UID))
	})
	for _, key := range slices.Sorted(maps.Keys(t.known)) {
		if err := t.compare(key, &work); err != nil {
			return work, fmt.Errorf("reading the draft of %s: %w", key, err)
		}
	}
	if t.world.Policy.Drafts {
		if err := t.fileMissing(&work); err != nil {
			return work, err
		}
	}
	keys, err := draftKeys(t.tx)
	work.kept = len(keys) > 0
	return work, err
}

// compare brings one delivery and its draft together.
func (t *drafting) compare(key string, work *draftWork) error {
	x := t.known[key]
	d, err := t.tx.Delivery(key) // an empty one where it is gone
	if ignoreMissing(err) != nil {
		return err
	}
	theirs, mine := t.find(key, x, d)
	switch {
	case mine == nil && (x.Leaving || !d.State.Open() || !t.world.Policy.Drafts):
		return forgetDraft(t.tx, key)
	case mine == nil && theirs == nil && !x.Stands:
		return forgetDraft(t.tx, key) // it never came there; it is filed anew
	case mine == nil && theirs == nil:
		return t.missing(key, x, d)
	case theirs == nil && x.outdated(t.world.Policy, d), !d.State.Open(), !t.world.Policy.Drafts:
		return t.takeAway(key, x, *mine, work)
	}
	if !x.Gone.IsZero() {
		x.Gone = time.Time{}
		if err := t.tx.Answer(askedDraft + key); err != nil {
			return err
		}
	}
	if theirs != nil {
		t.claimed[theirs.Place()] = true
		if x, d, err = t.takeOver(x, d, *theirs); err != nil {
			return err
		}
		if mine != nil { // the program left it beside its own
			work.remove = append(work.remove, removal{place: mine.Place(), id: mine.message.ID})
			x.Place = mailer.Place{}
		}
		if x.Moved.UID != 0 && x.outdated(t.world.Policy, d) {
			return forgetDraft(t.tx, key) // it asks again, with a new draft
		}
	} else {
		x.Place = mine.Place()
	}
	x.Stands = true
	return keepDraft(t.tx, key, x)
}

// takeAway ends a draft that is ours. What is the user's stays where it is.
func (t *drafting) takeAway(key string, x keptDraft, mine lyingDraft, work *draftWork) error {
	x.Leaving = true
	work.remove = append(work.remove, removal{key: key, place: mine.Place(), id: mine.message.ID})
	return keepDraft(t.tx, key, x)
}

// missing records that a draft is gone, and asks the user once that has lasted. A
// missing draft is no skip: a program may have lost it.
func (t *drafting) missing(key string, x keptDraft, d Delivery) error {
	if d.State != Review {
		return forgetDraft(t.tx, key)
	}
	if x.Gone.IsZero() {
		x.Gone = t.now
	}
	if err := keepDraft(t.tx, key, x); err != nil || t.now.Sub(x.Gone) < draftPatience {
		return err
	}
	text := fmt.Sprintf("The draft to %s (%s) is gone from your Drafts folder, and no sent copy of it was seen. Should the mail still leave? Yes: %s. No: afterword skip %s",
		firstOf(d.To.Name, d.To.Email), key, cmp.Or(ApproveCommand(key, d.Findings), "afterword edit "+ShellWord(key)), ShellWord(key))
	return ask(t.tx, d, askedDraft+key, text, t.now)
}

// find looks for the user's version of a draft, and for our own.
func (t *drafting) find(key string, x keptDraft, d Delivery) (theirs, mine *lyingDraft) {
	for n := range t.lying {
		if x.ours(t.lying[n]) {
			mine = &t.lying[n]
		}
	}
	var moved *lyingDraft
	for n := range t.lying {
		m := &t.lying[n]
		switch {
		case m.Place() == x.Moved:
			moved = m
		case theirs == nil && m != mine && !t.claimed[m.Place()] && t.belongs(key, x, d, *m, mine != nil):
			theirs = m
		}
	}
	if theirs == nil {
		theirs = moved
	}
	return theirs, mine
}

// sumOf is the sum of a whole message.
func sumOf(m mailer.Fetched) string { return sumOfBytes(append(slices.Clone(m.Header), m.Body...)) }

func sumOfBytes(raw []byte) string {
	sum := sha256.Sum256(raw)
	return fmt.Sprintf("%x", sum[:16])
}

// alike is how much of a text must stand in another one for the one to be an
// edit of the other.
const alike = 0.4

// belongs reports whether a message is what a mail program made of our draft. If it has
// another Message-ID, recipient, thread, subject and words decide; while ours is still
// there, the words must match.
func (t *drafting) belongs(key string, x keptDraft, d Delivery, m lyingDraft, beside bool) bool {
	if m.message.ID != "" && m.message.ID == x.ID {
		return true
	}
	if !x.mayBe(m.Fetched) || m.Body == nil {
		return false
	}
	like := likeness(d.Text.Body, m.message.Text)
	for other, o := range t.known { // another one's draft, or more like it
		if other == key {
			continue
		}
		od, err := t.tx.Delivery(other)
		if ignoreMissing(err) == nil && (m.message.ID == o.ID || o.mayBe(m.Fetched) && addressed(m.message, od.To.Email) && likeness(od.Text.Body, m.message.Text) > like) {
			return false
		}
	}
	if !addressed(m.message, d.To.Email) {
		return like >= 2*alike
	}
	sameSubject := strings.EqualFold(mailer.BareSubject(m.message.Subject), mailer.BareSubject(d.Text.Subject))
	return like >= alike || !beside && sameSubject
}

// takeOver makes the user's version the text of the mail, and approves it if it was
// moved to the folder for that. A version that was read before, and that newer facts
// have made out of date, is neither taken over nor approved.
func (t *drafting) takeOver(x keptDraft, d Delivery, m lyingDraft) (keptDraft, Delivery, error) {
	if m.Body == nil || m.Truncated || m.Place() == x.Moved {
		return x, d, nil
	}
	approved := m.Role == mailer.RoleApproved
	subject, body := m.message.Subject, draftBody(m.message.Text, d.Text.Body)
	others, words := othersIn(m.message, d.To, t.world.Policy.Me), wordsSum(subject, body)
	same := wordsOf(subject, body) == wordsOf(d.Text.Subject, d.Text.Body)
	taken := same
	if !same && (words != x.Words || approved && x.Edited) || !slices.Equal(others, d.others()) {
		if same { // the breaking of the lines is the program's
			subject, body = d.Text.Subject, d.Text.Body
		}
		var err error
		if d, taken, err = t.edit(d, subject, body, others); err != nil {
			return x, d, err
		}
	}
	if taken && words != x.Words {
		if err := t.tx.Answer(askedDraft + d.Key); err != nil {
			return x, d, err
		}
	}
	x.Words, x.ID, x.Moved = words, firstOf(m.message.ID, x.ID), mailer.Place{}
	if taken {
		x.Hash = d.TextHash
	}
	if !approved {
		x.Edited = true // whatever it says: the program appended it, and not we
		return x, d, nil
	}
	x.Moved = m.Place()
	if !taken {
		return x, d, nil
	}
	var err error
	d, err = t.approve(d)
	return x, d, err
}

// others are the further recipients that the user's version names.
func (d Delivery) others() []string {
	if d.Edited == nil {
		return nil
	}
	return d.Edited.Others
}

// edit takes the words over. What cannot be a mail is asked about.
func (t *drafting) edit(d Delivery, subject, body string, others []string) (Delivery, bool, error) {
	subject, body, err := editable(subject, body)
	edited := d
	if err == nil {
		edited, err = t.service.edit(t.tx, t.world, d, Edit{Subject: subject, Body: body, Others: others}, t.now)
	}
	if err == nil || !errors.Is(err, ErrUser) {
		return edited, err == nil, err
	}
	return d, false, ask(t.tx, d, askedDraft+d.Key, fmt.Sprintf("The draft to %s (%s) is not taken over: %v. Correct it in your mail program, or take the mail off the plan: afterword skip %s",
		firstOf(d.To.Name, d.To.Email), d.Key, err, ShellWord(d.Key)), t.now)
}

// approve approves a draft that was moved to the folder for it. If it has errors it goes
// on waiting, and the user is told.
func (t *drafting) approve(d Delivery) (Delivery, error) {
	approved, err := t.service.approve(t.tx, t.world, d, nil, t.now)
	if err == nil || !errors.Is(err, ErrUser) {
		return approved, err
	}
	return d, tell(t.tx, Notice{Key: "draft/" + d.Key + "#" + d.TextHash, Kind: "review", At: t.now, Subject: "Not approved yet: the mail to " + d.To.Name,
		Text:     fmt.Sprintf("You moved the draft to %s (%s) to the folder for approved mail, and it still waits: %v.\nRead it: afterword review %s", d.To.Name, d.Key, err, ShellWord(d.Key)),
		Discreet: "A mail still waits for your approval."})
}

// fileMissing composes a draft for every delivery that waits and has none.
func (t *drafting) fileMissing(work *draftWork) error {
	waiting, err := t.tx.Deliveries(DeliveryQuery{States: []State{Review}})
	if err != nil {
		return err
	}
	for _, d := range waiting {
		_, known, err := readDraft(t.tx, d.Key)
		if err != nil {
			return err
		}
		if known || !wantsDraft(t.world.Policy, d) {
			continue
		}
		frozen, err := t.compose(&Facts{Policy: t.world.Policy}, d, t.now)
		if err != nil {
			continue // it cannot leave either; the review says why
		}
		x := keptDraft{ID: frozen.MessageID, Hash: d.TextHash, Words: wordsSum(d.Text.Subject, d.Text.Body), Sum: sumOfBytes(frozen.Bytes)}
		for _, f := range t.seen.Folders {
			x.Floors = append(x.Floors, mailer.Place{Folder: f.Folder, UIDValidity: f.UIDValidity, UID: f.UIDNext})
		}
		work.file = append(work.file, filing{d.Key, frozen})
		if err := keepDraft(t.tx, d.Key, x); err != nil {
			return err
		}
	}
	return nil
}
