package scheduler

import (
	"iter"
	"slices"
	"strings"
	"time"
	"unicode"

	"afterword/mailer"
)

// These guards compare people, not keys: files are renamed, people are renamed,
// addresses change, and still nobody may be thanked twice.

// isWith reports whether the other side of a message is the person: by any of their
// addresses, or by the same name in the same file or at the same company. The file alone
// will do, since company and address may be corrected together.
func (f *Facts) isWith(m *Mail, p *Person) bool {
	return hasAddress(p, m.Person) || (sameName(m.Name, p.Name) && (m.Application == f.Application.Stem || f.sameCompany(m.Company)))
}

// asMail names the other side of a delivery as a message does.
func (d *Delivery) asMail() Mail {
	return Mail{Application: d.Application, Person: NormalAddress(d.To.Email), Name: d.To.Name, Company: d.Company}
}

// hasAddress reports whether the address is one of the person's.
func hasAddress(p *Person, address string) bool {
	if address == "" {
		return false
	}
	address = NormalAddress(address)
	return p.Email != "" && NormalAddress(p.Email) == address || len(p.Aliases) > 0 && slices.ContainsFunc(p.Aliases, func(a string) bool { return NormalAddress(a) == address })
}

func sameName(a, b string) bool {
	return strings.TrimSpace(a) != "" && sameWords(a, b)
}

func (f *Facts) sameCompany(company string) bool {
	return strings.TrimSpace(company) != "" && sameWords(company, f.Application.Company)
}

// sameWords reports whether two texts have the same words, whatever their capitals and
// the white space around them. It is asked of each pair of a search, mostly in vain, and
// makes no memory.
func sameWords(a, b string) bool {
	for a != "" || b != "" {
		var one, other string
		one, a = cutWord(a)
		other, b = cutWord(b)
		if !strings.EqualFold(one, other) {
			return false
		}
	}
	return true
}

// cutWord is the first word of a text, and what follows it.
func cutWord(text string) (word, rest string) {
	text = strings.TrimSpace(text)
	if end := strings.IndexFunc(text, unicode.IsSpace); end >= 0 {
		return text[:end], strings.TrimSpace(text[end:])
	}
	return text, ""
}

// oneSpace folds runs of white space.
func oneSpace(s string) string { return strings.Join(strings.Fields(s), " ") }

// samePerson reports whether two entries of the files name one person. Two people who
// share a mailbox beside their own are two.
func samePerson(a, b *Person) bool {
	if sameName(a.Name, b.Name) || a.Email != "" && NormalAddress(a.Email) == NormalAddress(b.Email) {
		return true
	}
	return slices.ContainsFunc(a.Addresses(), func(x string) bool { return hasAddress(b, x) }) && mailer.Akin(a.Name, b.Name)
}

// allMails yields the mail of this application, with its number there, then that
// with the same people or company elsewhere, with numbers from len(f.Mails) on.
func (f *Facts) allMails() iter.Seq2[int, *Mail] {
	return func(yield func(int, *Mail) bool) {
		for k := range f.Mails {
			if !yield(k, &f.Mails[k]) {
				return
			}
		}
		for k := range f.Elsewhere {
			if !yield(len(f.Mails)+k, &f.Elsewhere[k]) {
				return
			}
		}
	}
}

// thanked returns a thank-you that the person got since the interview began, or a mail
// that the user wrote them. Such a mail may be recorded as a follow-up where the file
// named this interview only later.
func (f *Facts) thanked(p *Person, i *Interview, key string) (*Mail, bool) {
	for _, m := range f.allMails() {
		if m.Outgoing && (!m.Asking || m.ByHand) && !m.Failed && m.Key != key && !m.At.Before(i.At) && f.isWith(m, p) {
			return m, true
		}
	}
	return nil, false
}

// perhapsThanked returns a thank-you to the person, from since the interview began, that
// the user dropped while it was in doubt: it may have arrived.
func (f *Facts) perhapsThanked(p *Person, i *Interview, key string) (*Delivery, bool) {
	for _, all := range [...][]Delivery{f.Stored, f.Former} {
		for n := range all {
			s := &all[n]
			if s.State != Cancelled || s.Cause != CauseDropped || s.Kind != Owed || s.Template == templateRejection || s.Key == key {
				continue
			}
			if m := s.asMail(); (s.Began.Equal(i.At) || s.ClaimedAt.After(i.At)) && f.isWith(&m, p) {
				return s, true
			}
		}
	}
	return nil, false
}

// doubted returns a mail to the person of which nobody knows whether it was
// delivered.
func (f *Facts) doubted(p *Person) (*Delivery, bool) {
	for n := range f.Doubted {
		d := &f.Doubted[n]
		if m := d.asMail(); f.isWith(&m, p) {
			return d, true
		}
	}
	return nil, false
}

// wroteFirst reports whether the person wrote since the interview began.
func (f *Facts) wroteFirst(p *Person, i *Interview) bool {
	for n := range f.Mails {
		if m := &f.Mails[n]; !m.Outgoing && m.Class == string(mailer.Human) && m.At.After(i.At) && f.isWith(m, p) {
			return true
		}
	}
	return false
}

// answeredBy returns the newest mail that a person of the application wrote
// since the interview began, or the user's word that somebody answered, which
// names no person. The recruiter's mail has a rule of its own.
func (f *Facts) answeredBy(i *Interview) (*Mail, bool) {
	for n := range slices.Backward(f.Mails) {
		m := &f.Mails[n]
		if m.Outgoing || m.Class != string(mailer.Human) || !m.At.After(i.At) {
			continue
		}
		if r := f.Application.Recruiter; r != nil && f.isWith(m, r) {
			continue
		}
		return m, true
	}
	return nil, false
}

// deadAddress says why mail to an address cannot arrive, "" if it may. The delivery with
// this key is no evidence, and there is none once the person has written from the
// address.
func (f *Facts) deadAddress(address, key string) string {
	if why := f.goneAddress(address, key); why != "" {
		return why
	}
	normal := NormalAddress(address)
	for n := range f.Stored {
		if d := &f.Stored[n]; d.Key != key && NormalAddress(d.To.Email) == normal && d.State == Refused {
			return "their server refused the mail to " + address
		}
	}
	return ""
}

// goneAddress says why nobody reads mail to an address, "" if somebody may. The delivery
// with this key is no evidence, and there is none once the person has written from the
// address.
func (f *Facts) goneAddress(address, key string) string {
	left, back := "the owner of "+address+" has left the company", "mail to "+address+" came back"
	word, alive := f.buried(address)
	switch {
	case alive:
		return ""
	case word.Class == string(mailer.AutoReply):
		return left
	case word.MessageID != "":
		return back
	}
	normal := NormalAddress(address)
	for n := range f.Stored {
		switch d := &f.Stored[n]; {
		case d.Key == key || NormalAddress(d.To.Email) != normal:
		case d.Cause == CauseDead && strings.HasPrefix(d.Why, rowLeft):
			return left
		case d.State == Bounced && !strings.HasPrefix(d.Why, rowOwnLimit) || d.Cause == CauseDead:
			return back
		}
	}
	return ""
}

// buried is the newest message, in any application, that says that an address is
// dead; alive reports that a person wrote from there since.
func (f *Facts) buried(address string) (word Mail, alive bool) {
	var spoke time.Time
	address = NormalAddress(address)
	for _, m := range f.allMails() {
		switch {
		case m.Outgoing || NormalAddress(m.Person) != address:
		case m.Failed && !m.At.Before(word.At):
			word = *m
		case m.Class == string(mailer.Human) && m.At.After(spoke):
			spoke = m.At
		}
	}
	return word, word.MessageID != "" && spoke.After(word.At)
}
