package web

import (
	"net/http"
	"unicode/utf8"

	"afterword/scheduler"
)

// proofView is the box that checks any text.
type proofView struct {
	Text   string
	Kind   string
	Checks checks
	Mail   mailText
}

// mostProofread bounds, in characters, a text that is checked.
const mostProofread = 20000

func (p *Page) proofread(_ *http.Request, f *frame) (string, error) {
	f.Title, f.Section, f.Edits, f.Data = "Proofread a text", "proofread", true, proofView{Kind: string(scheduler.Owed)}
	return "proofread", nil
}

// proofreadText checks a text; it keeps nothing.
func (p *Page) proofreadText(w http.ResponseWriter, r *http.Request) {
	f := p.frame(r)
	f.Title, f.Section, f.Edits, f.Path = "Proofread a text", "proofread", true, "/proofread"
	status, v := http.StatusOK, proofView{Kind: string(scheduler.Owed)}
	switch err := readForm(r); {
	case err != nil:
		status, v.Checks.Problem = http.StatusRequestEntityTooLarge, "The text is too large to be read."
	default:
		v.Text = r.PostFormValue("text")
		if r.PostFormValue("kind") == string(scheduler.Asking) {
			v.Kind = string(scheduler.Asking)
		}
		if n := utf8.RuneCountInString(v.Text); n > mostProofread {
			status, v.Checks.Problem = http.StatusUnprocessableEntity, "The text has "+plural(n, "character")+"; four or five lines are read, and "+plural(mostProofread, "character")+" are the most that is checked."
			break
		}
		found := p.Desk.Proofread(v.Text, scheduler.Kind(v.Kind), "")
		v.Checks = checks{Says: findings(found), Typed: true}
		v.Mail = mailTextOf(Mail{Body: v.Text, Findings: found})
	}
	if r.Header.Get("HX-Request") == "true" {
		p.showPart(w, http.StatusOK, "proofread", "checks", v.Checks)
		return
	}
	f.Data = v
	p.show(w, status, "proofread", f)
}

func (p *Page) addWord(r *http.Request) (done, error) {
	word := r.PostFormValue("word")
	err := p.Desk.AddWord(word)
	return done{to: r.PostFormValue("back"), note: word + " is in your dictionary now."}, err
}
