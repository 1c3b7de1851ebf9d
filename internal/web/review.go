package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"afterword/scheduler"
	"afterword/templates/proofread"
)

// reviewView lists all mails that wait, by round.
type reviewView struct{ Rounds []roundView }

// roundView is a round with its mails side by side.
type roundView struct {
	Application, Company, Round string
	Href                        string
	Notes                       []noteView
	Waiting                     int
	Shares                      []string // how much two of them have in common
}

// noteView is one mail of a round.
type noteView struct {
	Key, Href, To, Kind, State string
	When                       moment
	Why                        string
	Seen                       string // names the text that is shown
	Subject                    string
	Lines                      []line // what is marked stands in another note too
	Says                       []finding
	Waits                      bool
	Problem                    string
}

func (p *Page) review(r *http.Request, f *frame) (string, error) {
	f.Title, f.Section = "To approve", "review"
	st, err := p.Service.Pending(r.Context())
	if err != nil {
		return "", err
	}
	v, at, w := reviewView{}, map[string]int{}, p.words()
	for _, d := range st.Deliveries {
		if d.State != scheduler.Review {
			continue
		}
		id := d.Application + "/" + d.Interview
		n, known := at[id]
		if !known {
			n = len(v.Rounds)
			at[id] = n
			v.Rounds = append(v.Rounds, roundView{Application: d.Application, Company: d.Company, Round: d.Interview, Href: roundHref(d.Application, d.Interview)})
		}
		v.Rounds[n].Waiting++
		v.Rounds[n].Notes = append(v.Rounds[n].Notes, noteView{Key: d.Key, Href: mailHref(d.Key), To: personName(d), Kind: kindName(d), State: stateName(d),
			When: w.momentAt(when(d), d.Zone), Why: d.Why, Subject: d.Text.Subject, Says: findings(d.Findings), Waits: true})
	}
	f.Data = v
	return "review", nil
}

func (p *Page) round(r *http.Request, f *frame) (string, error) {
	stem, id := r.PathValue("stem"), r.PathValue("round")
	all, err := p.Service.Round(r.Context(), stem, id)
	if err != nil {
		return "", err
	}
	policy, _, err := p.Service.Files.Read()
	if err != nil {
		return "", err
	}
	v := roundView{Application: stem, Round: id, Href: roundHref(stem, id)}
	w := p.words()
	for n, one := range all {
		d := one.Delivery
		v.Company = d.Company
		others := othersOf(all, n)
		note := noteView{Key: d.Key, Href: mailHref(d.Key), To: personName(d), Kind: kindName(d), State: stateName(d), When: w.momentAt(when(d), d.Zone), Why: d.Why, Seen: scheduler.TextHash(d.To, one.Text),
			Subject: one.Text.Subject, Lines: sharedLines(one.Text, others, policy.Me), Says: findings(one.Findings), Waits: d.State == scheduler.Review, Problem: one.Problem}
		if note.Waits {
			v.Waiting++
		}
		v.Notes = append(v.Notes, note)
	}
	v.Shares = sharesOf(all, policy.Me)
	f.Title, f.Section, f.Data = fmt.Sprintf("The round %s", id), "review", v
	if id == "" {
		f.Title = "What you queued"
	}
	if v.Company != "" {
		f.Title += " at " + v.Company
	}
	return "round", nil
}

// othersOf are the texts of the other notes of the same step.
func othersOf(all []scheduler.Preview, n int) []scheduler.Text {
	var texts []scheduler.Text
	for i, o := range all {
		if i != n && o.Delivery.Step == all[n].Delivery.Step && o.Problem == "" {
			texts = append(texts, o.Text)
		}
	}
	return texts
}

// The marks that Mark sets; neither has a place in a mail.
const sharedOpens, sharedCloses = "\x02", "\x03"

// sharedLines marks what a note shares with the others.
func sharedLines(note scheduler.Text, others []scheduler.Text, me scheduler.Me) []line {
	text := proofread.Mark(note, others, me, sharedOpens, sharedCloses)
	var lines []line
	inside := false
	for n, raw := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		l := line{N: n + 1}
		for raw != "" {
			mark := sharedOpens
			if inside {
				mark = sharedCloses
			}
			before, after, found := strings.Cut(raw, mark)
			if before != "" {
				l.Segs = append(l.Segs, seg{before, inside})
			}
			if found {
				inside = !inside
			}
			raw = after
		}
		lines = append(lines, l)
	}
	return lines
}

// sharesOf says how much any two thank-yous of the round have in common.
func sharesOf(all []scheduler.Preview, me scheduler.Me) []string {
	var says []string
	for i, a := range all {
		for _, b := range all[i+1:] {
			if a.Delivery.Step != b.Delivery.Step || a.Delivery.Kind != scheduler.Owed || a.Problem+b.Problem != "" {
				continue
			}
			share := max(proofread.Share(a.Text, b.Text, me), proofread.Share(b.Text, a.Text, me))
			says = append(says, fmt.Sprintf("%s and %s share %.0f %%", personName(a.Delivery), personName(b.Delivery), 100*share))
		}
	}
	return says
}

func (p *Page) approveRound(r *http.Request) (done, error) {
	target := r.PostFormValue("target")
	back := r.PostFormValue("back")
	all, err := p.Service.ApproveRoundSeen(r.Context(), target, r.PostForm["seen"])
	if err != nil {
		return done{}, err
	}
	approved, left, changed := 0, []string{}, []string{}
	for _, a := range all {
		switch {
		case a.Refused == nil:
			approved++
		case errors.Is(a.Refused, scheduler.ErrStale):
			changed = append(changed, personName(a.Delivery))
		default:
			left = append(left, personName(a.Delivery))
		}
	}
	text := fmt.Sprintf("%s approved.", plural(approved, "mail"))
	if len(left) > 0 {
		text += " Errors keep those to " + listed(left) + "; open them to see the places."
	}
	if len(changed) > 0 {
		text += " What goes to " + listed(changed) + " says something else than you were shown; read it below."
	}
	return done{to: back, note: text}, nil
}
