package proofread

import (
	"testing"
	"time"

	"afterword/scheduler"
)

// leaves is a text that leaves so many days after the interview, which was on
// a Monday at two in the afternoon.
func leaves(days int, text string) change {
	return func(in *scheduler.ProofInput) {
		says(text)(in)
		in.Leaves = time.Date(2026, 11, 23, 9, 41, 0, 0, in.Leaves.Location()).AddDate(0, 0, days)
	}
}

func in(language string, f change) change {
	return func(i *scheduler.ProofInput) { i.Language = language; f(i) }
}

func TestStaleDay(t *testing.T) {
	t.Parallel()
	check(t, "stale-day", thanks, scheduler.Error, map[string]change{
		"yesterday, two days on":  leaves(2, "Thank you for taking the time to talk with me yesterday about the role."),
		"yesterday first":         leaves(3, "Yesterday we talked about the pager."),
		"yesterday's":             leaves(2, "I enjoyed yesterday's interview."),
		"for yesterday":           leaves(2, "Thank you for yesterday!"),
		"yesterday and the team":  leaves(2, "I enjoyed meeting you and the team yesterday."),
		"yesterday about":         leaves(2, "I enjoyed our conversation about the role yesterday."),
		"what you said yesterday": leaves(2, "What you said yesterday stayed with me."),
		"the same day":            leaves(0, "I enjoyed our conversation yesterday."),
		"today":                   leaves(1, "Thank you for meeting with me today."),
		"today's":                 leaves(1, "I enjoyed today's conversation."),
		"talking to you today":    leaves(1, "It was great talking to you today about the role."),
		"your time today":         leaves(1, "Thank you for your time today."),
		"today first":             leaves(1, "Today I enjoyed our talk very much."),
		"this morning":            leaves(1, "Thank you for speaking with me this morning."),
		"this morning's":          leaves(1, "Thank you for this morning's interview."),
		"this afternoon":          leaves(2, "It was a pleasure to meet you this afternoon."),
		"earlier today":           leaves(1, "It was good to meet you earlier today."),
		"last week, same week":    leaves(3, "Thank you for our conversation last week."),
		"last week, two on":       leaves(14, "Thank you for our conversation last week."),
		"this week":               leaves(7, "I enjoyed our talk this week."),
		"two days ago":            leaves(1, "Thank you for the interview two days ago."),
		"a week ago":              leaves(2, "We spoke a week ago."),
		"on Tuesday":              leaves(2, "Thank you for talking with me on Tuesday."),
		"last Friday":             leaves(2, "Thank you for meeting with me last Friday."),
		"on Monday, long ago":     leaves(15, "Thank you for talking with me on Monday."),
		"in the subject": func(i *scheduler.ProofInput) {
			leaves(2, "Thank you.")(i)
			i.Text.Subject = "Thank you for our talk yesterday"
		},
	}, map[string]change{
		"yesterday":              leaves(1, "Thank you for taking the time to talk with me yesterday about the role."),
		"today, same day":        leaves(0, "Thank you for meeting with me today."),
		"this morning, same day": leaves(0, "Thank you for speaking with me this morning."),
		"last week":              leaves(7, "Thank you for our conversation last week."),
		"this week":              leaves(2, "I enjoyed our talk earlier this week."),
		"two days ago":           leaves(2, "Thank you for the interview two days ago."),
		"on Monday":              leaves(2, "Thank you for talking with me on Monday about the role."),
		"on Monday with date":    leaves(9, "Thank you for talking with me about the role on 23 November."),
		"today in general":       leaves(1, "You described how most teams deploy today, and I agree."),
		"work of today":          leaves(1, "I enjoyed our conversation about how teams are on call today."),
		"writing today":          leaves(1, "I am writing today to thank you for our conversation."),
		"an offer today":         leaves(1, "I would be glad to talk again today or this afternoon."),
		"an offer this week":     leaves(7, "Would you have time for a call this week?"),
		"a day to come":          leaves(1, "I am free for a call on Friday."),
		"every Friday":           leaves(1, "You mentioned that the team ships on Fridays."),
		"by Friday":              leaves(1, "You mentioned that you would decide by Friday."),
		"own reading":            leaves(3, "I read your article yesterday."),
		"own reading, after":     leaves(3, "After our talk I read your article, and yesterday I tried the tool."),
		"a band":                 leaves(3, "The song Yesterday is by four people."),
		"earlier round": func(i *scheduler.ProofInput) {
			leaves(4, "Thank you for our conversation yesterday.")(i)
			later := i.Interview
			later.ID, later.At = "final", i.Interview.At.AddDate(0, 0, 3)
			i.Application.Interviews = append(i.Application.Interviews, later)
		},
		"no day at all": leaves(9, "Thank you for the conversation."),
		"unknown leaving": func(i *scheduler.ProofInput) {
			leaves(2, "Thank you for our talk yesterday.")(i)
			i.Leaves = time.Time{}
		},
	})
}

// TestStaleDayElsewhere: in other languages, and in wishes.
func TestStaleDayElsewhere(t *testing.T) {
	t.Parallel()
	check(t, "stale-day", thanks, scheduler.Error, map[string]change{
		"German":          in("de", leaves(2, "Vielen Dank für das Gespräch gestern.")),
		"French":          in("fr", leaves(2, "Merci pour notre échange hier.")),
		"Spanish":         in("es", leaves(2, "Gracias por la conversación de ayer.")),
		"weekend to come": leaves(2, "Thank you. Have a great weekend!"),
		"weekend past":    leaves(4, "I hope you had a nice weekend. Thank you for the talk."),
		"happy Friday":    leaves(1, "Happy Friday! Thank you for the talk."),
	}, map[string]change{
		"weekend to come": leaves(4, "Thank you. Have a great weekend!"),
		"weekend past":    leaves(7, "I hope you had a nice weekend. Thank you for the talk."),
		"here in French":  in("fr", leaves(1, "Merci pour notre échange hier.")),
		"hier in German":  in("de", leaves(2, "Vielen Dank für das Gespräch hier in Berlin.")),
	})
}

// TestStaleDayAtTheRecipient: late in the evening in New York it is the next
// day in Paris already.
func TestStaleDayAtTheRecipient(t *testing.T) {
	t.Parallel()
	i := thanks(t)
	i.Interview.Zone = time.FixedZone("far", -8*3600)
	i.Interview.At = time.Date(2026, 11, 24, 1, 0, 0, 0, i.Leaves.Location()) // Monday there, Tuesday here
	i.Application.Interviews = nil
	says("Thank you for talking with me yesterday.")(&i)
	if f, ok := with(New().Check(i), "stale-day"); ok {
		t.Errorf("the meeting was yesterday where it took place: %+v", f)
	}
	i.Leaves = i.Leaves.AddDate(0, 0, 2)
	if _, ok := with(New().Check(i), "stale-day"); !ok {
		t.Error("two days later it is yesterday nowhere")
	}
}
