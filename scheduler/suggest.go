package scheduler

import (
	"fmt"
	"strings"
	"time"

	"afterword/mailer"
	"afterword/scheduler/calendar"
)

// What a mail seems to say is shown to the user with the sentence in question and the
// command that confirms it. By itself it causes only a hold.

// Suggestion is a question about what a mail seems to say.
type Suggestion struct {
	Key  string // without the application
	Text string
}

// The kinds of suggestion, as the keys of their questions begin.
const (
	askedOutcome = "outcome/" // then the status it seems to be
	askedPromise = "promise/" // then the date
)

// suggestStatus asks whether the application stands as the mail seems to say.
func suggestStatus(f *Facts, in Incoming, what string, status Status) Suggestion {
	stem := f.Application.Stem
	return Suggestion{Key: askedOutcome + string(status) + "/" + in.Message.ID,
		Text: fmt.Sprintf("Is this %s for %s? %s wrote: %q.%s If it is: afterword set %s status %s. If not: afterword resume %s --confirm",
			what, stem, sender(in), sentenceOf(in, mailer.Rejection, mailer.Offer), suspicion(in), ShellWord(stem), status, ShellWord(stem))}
}

// addSuggestions adds what a mail about the application seems to promise or to
// ask for. Mail of the kinds that bring no such thing has no hints.
func addSuggestions(f *Facts, in Incoming, r Reaction) Reaction {
	if in.Match.Strength == mailer.BySubject {
		return r // it may belong to another
	}
	if by := in.Reading.DecideBy; !by.IsZero() && !f.Application.Status.Over() && dateIn(by, by.Location()) != f.Application.DecisionBy {
		r.Suggest = append(r.Suggest, suggestDecision(f, in, dateIn(by, by.Location())))
	}
	for _, h := range in.Reading.Hints {
		switch h.Intent {
		case mailer.NextStep:
			r.Tell = join(r.Tell, fmt.Sprintf("It seems to arrange the next step: %q", h.Sentence))
		case mailer.Request:
			r.Tell = join(r.Tell, fmt.Sprintf("It seems to ask for something: %q", h.Sentence))
		case mailer.LeftFirm:
			if in.Reading.Kind != mailer.AutoReply {
				r.Tell = join(r.Tell, fmt.Sprintf("It seems that somebody has left the company: %q%s", h.Sentence, instead(in)))
			}
		case mailer.NoMore, mailer.Rejection, mailer.Offer, mailer.Decision: // these have rows of their own
		}
	}
	return r
}

// addOutcomeUntold says of a person's answer in which nothing was read what to do
// if it tells the outcome: people refuse in words that no table knows, and what is
// not read is not claimed.
func addOutcomeUntold(f *Facts, in Incoming, r Reaction) Reaction {
	if in.Reading.Kind != mailer.Human || r.Tell == "" || len(in.Reading.Hints) > 0 || in.Match.Strength == mailer.BySubject || f.Application.Status.Over() || mailer.Question(in.Message.NewText) != "" {
		return r
	}
	stem := ShellWord(f.Application.Stem)
	r.Tell = join(r.Tell, fmt.Sprintf("No outcome was read in it. If it is a rejection: afterword set %s status rejected. If an offer: afterword set %s status offer", stem, stem))
	return r
}

func suggestDecision(f *Facts, in Incoming, by calendar.Date) Suggestion {
	stem := f.Application.Stem
	return Suggestion{Key: askedPromise + by.String() + "/" + in.Message.ID,
		Text: fmt.Sprintf("Will %s decide by %s? %s wrote: %q.%s If so, mail that asks waits for it: afterword set %s decision_by %s. If not: afterword resume %s",
			f.Application.Company, by, sender(in), sentenceOf(in, mailer.Decision), suspicion(in), ShellWord(stem), by, ShellWord(stem))}
}

// suspicion warns of a sender who may be somebody else.
func suspicion(in Incoming) string {
	if !in.Suspect {
		return ""
	}
	return " The mail failed the sender check: look at it before you believe it."
}

// sentenceOf is the sentence that shows the first of the intents.
func sentenceOf(in Incoming, intents ...mailer.Intent) string {
	for _, want := range intents {
		for _, h := range in.Reading.Hints {
			if h.Intent == want {
				return h.Sentence
			}
		}
	}
	return in.Reading.Sentence
}

// instead says whom to turn to in the sender's stead, "" if nobody is named.
func instead(in Incoming) string {
	d := in.Reading.Delegate
	if d == (mailer.Address{}) {
		return ""
	}
	return " Named in their stead: " + strings.TrimSpace(d.Name+" "+bracketed(d.Addr)) + "."
}

func bracketed(addr string) string {
	if addr == "" {
		return ""
	}
	return "<" + addr + ">"
}

// join puts a sentence behind others, if there are any. A command that ends them is
// closed first.
func join(text, sentence string) string {
	if text != "" && !strings.ContainsAny(text[len(text)-1:], ".!?\"") {
		text += "."
	}
	return strings.TrimSpace(text + " " + sentence)
}

// suggestionStands reports whether a question about what a mail seems to say is
// still open. The flag tells whether the key is of such a question.
func suggestionStands(f *Facts, key string, now time.Time) (stands, ours bool) {
	a := f.Application
	if rest, ok := strings.CutPrefix(key, askedOutcome); ok {
		status, _, _ := strings.Cut(rest, "/")
		return !a.Status.Over() && a.Status != Status(status), true
	}
	if rest, ok := strings.CutPrefix(key, askedPromise); ok {
		day, _, _ := strings.Cut(rest, "/")
		by, err := calendar.ParseDate(day)
		return err == nil && !a.Status.Over() && a.DecisionBy != by && !by.Before(dateIn(now, f.Policy.Me.zone())), true
	}
	if strings.HasPrefix(key, askedInvitation) {
		return !a.Status.Over(), true
	}
	return false, false
}

// confirmed lifts what waited for the user's word, once the file says it.
func confirmed(tx Tx, f *Facts, key string) error {
	status := f.Application.Status
	if !strings.HasPrefix(key, askedOutcome+string(status)+"/") {
		return nil
	}
	_, err := tx.Lift(ScopeApplication, f.Application.Stem, sourceOutcome)
	return err
}
