package sim

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"afterword/mailer/mailtest"
)

// ownFolder is one that the user made for mail of this kind.
const ownFolder = "Jobs"

// Fate is what the user does with a letter on a phone, whether the program has
// seen it or not. The zero value lets it lie in INBOX.
type Fate struct {
	After time.Duration // since it arrived
	To    string        // a folder, or forGood
}

// forGood is where a letter goes that is deleted and not only thrown away.
const forGood = "nowhere"

// fate is what becomes of one letter in three.
func fate(chance *rand.Rand) Fate {
	if chance.IntN(3) > 0 {
		return Fate{}
	}
	to := []string{mailtest.Archive, mailtest.Trash, ownFolder, forGood, forGood}
	return Fate{After: (time.Minute + time.Duration(chance.Int64N(int64(4*time.Hour)))).Truncate(time.Second), To: to[chance.IntN(len(to))]}
}

// fates are those of the answers.
func (m *maker) fates() {
	for _, a := range m.plan.Applications {
		for _, p := range a.Everybody() {
			for n := range p.Answers {
				p.Answers[n].Fate = fate(m.Rand)
			}
		}
	}
}

// fated sees to it that a letter that has just come to INBOX meets its fate.
func (s *stage) fated(id string) {
	for _, w := range s.accounts() {
		for _, l := range s.lettersIn(w, mailtest.Inbox) {
			if f := l.fate; l.MessageID == id && f.To != "" {
				w.At(l.At.Add(f.After), func() { s.read(w, id, f) })
			}
		}
	}
}

// read files or deletes a letter, if it lies in INBOX still.
func (s *stage) read(w *mailtest.World, id string, f Fate) {
	for _, l := range s.lettersIn(w, mailtest.Inbox) {
		if l.MessageID != id {
			continue
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if f.To == forGood {
			s.files(w.Expunge(mailtest.Inbox, id))
			l.Gone = s.truth.Now()
			s.deleted = append(s.deleted, l)
			return
		}
		w.CreateFolder(ownFolder)
		s.files(w.Move(id, mailtest.Inbox, f.To))
		s.filed++
		return
	}
}

// lettersIn are the letters that lie in a folder now.
func (s *stage) lettersIn(w *mailtest.World, folder string) (all []Arrived) {
	s.mu.Lock()
	defer s.mu.Unlock()
	of := ""
	if w == s.second {
		of = " of " + secondAddress
	}
	for _, m := range w.Messages(folder) {
		_, mark, marked := strings.Cut(string(m.Raw), "\r\n"+marker+": letter ")
		if !marked {
			continue
		}
		number, _, _ := strings.Cut(mark, "\r\n")
		n, err := strconv.Atoi(number)
		if err != nil || n >= len(s.letters) {
			continue
		}
		l := s.letters[n]
		all = append(all, Arrived{Kind: l.Kind, Stem: l.Stem, From: l.From, Folder: folder + of, MessageID: m.MessageID, At: s.heard[m.MessageID], fate: l.Fate, aside: l.Folder != ""})
	}
	return all
}

// straight are the times at which these letters came straight into another folder than INBOX.
func straight(letters []Arrived) (all []time.Time) {
	for _, l := range letters {
		if l.aside {
			all = append(all, l.At)
		}
	}
	return all
}

// lettersThere finds the letters by what lies in the folders at the end.
func (s *stage) lettersThere() (all []Arrived) {
	for _, w := range s.accounts() {
		for _, folder := range slices.Concat(folders(), []string{ownFolder}) {
			all = append(all, s.lettersIn(w, folder)...)
		}
	}
	return all
}
