package proofread

import (
	"testing"

	"afterword/scheduler"
)

// asks is a follow-up with that sentence in it.
func asks(text string) change {
	return says("I enjoyed our interview for the Site Reliability Engineer role. " + text + " Could you tell me what the next step is?")
}

func TestPressure(t *testing.T) {
	t.Parallel()
	check(t, "pressure", question, scheduler.Error, map[string]change{
		"why haven't you": asks("Why haven't you answered?"),
		"per my last":     asks("As per my last mail, I am free on Friday."),
		"still waiting":   asks("I am still waiting for an answer."),
		"by a day":        asks("I need to hear back by Friday."),
		"reply by":        asks("Please reply by tomorrow."),
		"could you by":    asks("Could you answer by Monday?"),
		"ASAP":            asks("Please get back to me ASAP."),
		"soon as you can": asks("Please reply as soon as possible."),
		"final reminder":  asks("This is my final reminder."),
		"third mail":      asks("This is my third email about it."),
		"another offer":   asks("I have another offer that expires on Friday."),
		"ignored":         asks("It feels as if you are ignoring me."),
		"nobody answered": asks("Nobody has replied to me."),
		"promised":        asks("You promised to get back to me but did not."),
		"immediate":       asks("I expect an immediate response."),
		"typographic":     asks("Why haven’t you written?"),
		"in the subject":  subject("Still waiting"),
		"not received":    asks("I still haven't received an answer."),
		"how long":        asks("Why is it taking so long?"),
	}, map[string]change{
		"no hurry":         asks("There is no hurry, and no need to answer by Friday."),
		"own promise":      asks("I will reply by Friday at the latest."),
		"thanks for speed": asks("Thank you for your prompt reply last week."),
		"their date":       asks("You mentioned that you would decide by Friday."),
		"their hope":       asks("You hoped to get back to me by Monday."),
		"start soon":       asks("I could start as soon as possible."),
		"no expectation":   asks("I do not expect an answer before the holidays."),
		"a team waits":     asks("I liked how you handle jobs in the queue."),
		"in what was said": func(in *scheduler.ProofInput) {
			in.Person.Said = "customers ask why haven't you shipped it, and the team is still waiting for disks"
			asks("You mentioned that customers ask why haven't you shipped it, and the team is still waiting for disks.")(in)
		},
	})
}

func TestDesperate(t *testing.T) {
	t.Parallel()
	check(t, "desperate", question, scheduler.Error, map[string]change{
		"need":        asks("I really need this job."),
		"please":      asks("Please please consider me."),
		"if not":      asks("If I don't get this, I do not know what I will do."),
		"beg":         asks("I am begging you to consider me."),
		"anything":    asks("I would do anything for it."),
		"any pay":     asks("I would accept any salary."),
		"last chance": asks("This is my last chance."),
		"rent":        asks("My rent is due and my savings are gone."),
		"desperately": asks("I am desperate to work with you."),
	}, map[string]change{
		"as it is":     func(*scheduler.ProofInput) {},
		"need to know": asks("I need to read more about the pager."),
		"one please":   asks("Please let me know if more would help."),
		"a chance":     asks("Thank you for the chance to meet the team."),
		"any sample":   asks("I can do any work sample that you like."),
		"if I can't":   asks("If I don't get the build to run, I will write to Mara."),
	})
}

func TestEmptyOpener(t *testing.T) {
	t.Parallel()
	check(t, "empty-opener", question, scheduler.Warning, map[string]change{
		"checking in":   asks("I am just checking in."),
		"touching base": asks("Just touching base about it."),
		"circling back": asks("I am circling back on this."),
		"bumping":       asks("Bumping this to the top of your inbox."),
		"following up":  asks("Just following up on my application."),
		"finds you":     asks("I hope this email finds you well."),
	}, map[string]change{
		"as it is":  func(*scheduler.ProofInput) {},
		"check":     asks("The health check that you described is clever."),
		"a base":    asks("The data base and the ping command came up."),
		"follow-up": asks("I would like to follow up with a sketch."),
	})
}

func TestNoAttachment(t *testing.T) {
	t.Parallel()
	check(t, "no-attachment", thanks, scheduler.Error, map[string]change{
		"attached":      says("I have attached my CV."),
		"find attached": says("Please find attached my references."),
		"see attached":  says("Please see the attached document."),
		"enclosed":      says("My resume is enclosed."),
		"attachment":    says("You will find it in the attachment."),
		"I attach":      says("I attach my portfolio."),
		"to this mail":  says("I have attached to this short mail what you asked for."),
		"German":        says("Meinen Lebenslauf finden Sie im Anhang."),
		"French":        says("Vous trouverez mon CV en pièce jointe."),
	}, map[string]change{
		"as it is":   func(*scheduler.ProofInput) {},
		"grown to":   says("I am attached to the idea of quiet nights."),
		"to this":    says("I have become attached to this idea."),
		"to a team":  says("I am attached to this way of working, and to this team."),
		"importance": says("I attach a lot of importance to runbooks."),
		"a volume":   says("The volume is attached to the machine at boot."),
		"no strings": says("It comes with no strings attached."),
		"what he said": func(in *scheduler.ProofInput) {
			in.Person.Said = "the attached document wins"
			says("You mentioned that the attached document wins.")(in)
		},
	})
}

func TestTone(t *testing.T) {
	t.Parallel()
	check(t, "tone", thanks, scheduler.Warning, map[string]change{
		"two marks":  says("Thank you! I enjoyed it!"),
		"emoji":      says("Thank you for the talk 😀."),
		"shouting":   says("I am VERY interested in the role."),
		"text-speak": says("Thx for the talk, pls write."),
		"slang":      says("I am gonna love it."),
		"stoked":     says("I am super stoked about the role."),
		"smiley":     says("Thank you for the talk :) and the tea."),
	}, map[string]change{
		"as it is": func(*scheduler.ProofInput) {},
		"one mark": says("Thank you for the talk!"),
		"acronyms": says("I liked the talk about AWS, SQL, SRE, NASA and the JSON API."),
		"U.S.":     says("The U.S. team and the US team are one."),
		"own role": func(in *scheduler.ProofInput) {
			in.Application.Role = "VERY Large Systems Engineer"
			says("I liked the VERY large role.")(in)
		},
		"what I said": func(in *scheduler.ProofInput) {
			in.Person.Said = "it was gonna be VERY cool!! yeah"
			says("You mentioned that it was gonna be VERY cool!! yeah.")(in)
		},
		"epics": says("The epic about paging in the next sprint is mine."),
	})
}

func TestGrammar(t *testing.T) {
	t.Parallel()
	check(t, "grammar", thanks, scheduler.Warning, map[string]change{
		"doubled":        says("Thank you for the the talk."),
		"an role":        says("It is an role that I like."),
		"a engineer":     says("I am a engineer by heart."),
		"a hour":         says("It took a hour."),
		"no capital":     says("Thank you. it was good to meet you."),
		"small i":        says("Yesterday i learnt a lot from you."),
		"no stop":        says("Thank you for the talk about the role"),
		"your welcome":   says("Your welcome to ask me more."),
		"could of":       says("I could of said more about it."),
		"its'":           says("I like the team and its' members."),
		"forward to":     says("I look forward to hear from you."),
		"bracket":        says("I liked the talk (and the tea."),
		"quotation mark": says("I liked what you called \"quiet nights."),
		"for you time":   says("Thank you for you time and care."),
	}, map[string]change{
		"as it is":        func(*scheduler.ProofInput) {},
		"had had":         says("The team had had a pager before, and that that was so is clear."),
		"sounds":          says("It is an honest hour, a university, a one-off, a user, an SRE, an MBA, a European unit and an X-ray."),
		"a list":          says("I liked three things:\n- the pager\n- the runbooks\n- the tea"),
		"an enumeration":  says("I liked a) the pager and b) the tea."),
		"in inches":       says(`The rack is 19" wide.`),
		"abbreviations":   says("I met Dr. Lindt, e.g. in the lab, and J. Ruiz later."),
		"names in small":  says("I read it. k8s and npm came up, and example.org too."),
		"its own":         says("Its culture and its best tool are its own; it's good that it's so."),
		"question marks":  says("Does the talk exist? I would like to see it."),
		"ends with link":  says("My talk is at https://example.org/talks/quiet"),
		"ends with colon": says("I thought about three things:\n\nThe first is the pager."),
		"the one we had":  says("The conversation we had gave me a clear picture, and you and I are close on it."),
		"what we liked":   says("What I like about you is the care, and the team around you has it too."),
		"new to much":     says("This was new to much of the team."),
		"after a dash":    body("Hi Ken - thanks for the talk yesterday.\n\nBest,\nDana\n"),
		"a signature":     body(goodBody + "+33 6 00 00 00 00\nhttps://example.org\n"),
	})
}

func TestOffTopic(t *testing.T) {
	t.Parallel()
	check(t, "off-topic", thanks, scheduler.Warning, map[string]change{
		"salary":  says("My salary expectations are open."),
		"excuse":  says("Sorry that I was late."),
		"boss":    says("My current boss is terrible."),
		"nervous": says("I was very nervous at first."),
		"pay":     says("What is the salary range?"),
	}, map[string]change{
		"as it is":  func(*scheduler.ProofInput) {},
		"a product": says("The way you pay suppliers is clever, and the bonus track is fine."),
	})
}

func TestLength(t *testing.T) {
	t.Parallel()
	repeated := func(n int) string {
		text := ""
		for range n {
			text += "I liked the talk very much, and I thought about it on the way home. "
		}
		return text
	}
	check(t, "length", thanks, scheduler.Warning, map[string]change{
		"too short":      says("Thank you for the talk."),
		"too long":       says(repeated(10)),
		"too many lines": says("One is this here now.\n\nTwo is this here now.\n\nThree is this here now.\n\nFour is this here now.\n\nFive is this here now.\n\nSix is this here now.\n\nSeven is this here now.\n\nEight is this.\n\nNine is this."),
		"short question": func(in *scheduler.ProofInput) { says("What is the next step?")(in); in.Kind = scheduler.Asking },
		"long question":  func(in *scheduler.ProofInput) { says(repeated(8))(in); in.Kind = scheduler.Asking },
	}, map[string]change{
		"as it is": func(*scheduler.ProofInput) {}, "four": says(repeated(4)),
		"hard-wrapped": says("Thank you for the talk yesterday, which I enjoyed very much.\nI liked the pager.\nI liked the tea.\nI liked the runbooks.\nI liked\nthe room.\nI liked\nthe walk.\nI liked\nall of it, and I would be glad to come back any day."),
	})
	in := thanks(t)
	says(repeated(20))(&in)
	if f, ok := with(New().Check(in), "length"); !ok || f.Severity != scheduler.Error {
		t.Errorf("a text of 280 words gives %+v, want an error", f)
	}
	says(repeated(6))(&in)
	if _, ok := with(New().Check(in), "dense"); !ok {
		t.Error("84 words in one paragraph are not found dense")
	}
	says(repeated(3))(&in)
	if f, ok := with(New().Check(in), "dense"); ok {
		t.Errorf("42 words in a paragraph are found dense: %+v", f)
	}
}

func TestMissingPart(t *testing.T) {
	t.Parallel()
	check(t, "missing-part", thanks, scheduler.Warning, map[string]change{
		"no thanks":   says("I am interested in the role. Let me know if you need more."),
		"no role":     says("Thank you for the talk. I am still interested. Let me know if you need more."),
		"no interest": says("Thank you for the talk about the role. Let me know if you need more."),
		"no offer":    says("Thank you for the talk about the role. I am still interested."),
		"all of it":   says("The weather was fine and the coffee was strong."),
	}, map[string]change{
		"as it is":    func(*scheduler.ProofInput) {},
		"other words": says("I appreciated the hour on the Site Reliability Engineer work. I would love to be part of it, and I am glad to share samples."),
		"a cheer":     says("Cheers for showing me round the site. I would love to take the role. Let me know if you need more."),
		"short forms": body("Hi Ken,\n\nI'd love to work on the role that we spoke about. I'll send samples if it helps.\n\nThanks again,\nDana\n"),
		"a rejection": func(in *scheduler.ProofInput) { in.Template = "reply-to-rejection"; says("Thank you for writing.")(in) },
	})
}

func TestNoQuestion(t *testing.T) {
	t.Parallel()
	check(t, "no-question", question, scheduler.Warning, map[string]change{
		"none":           says("I enjoyed our interview for the role. I remain interested in it."),
		"two":            says("What is the next step? When is it?"),
		"nothing at all": says("I am still here and still glad of our talk."),
		"three":          says("How is it? What is new? When does it go on?"),
		"only links":     says("My talk is at https://example.org/?q=1 and stands there."),
	}, map[string]change{
		"one":      func(*scheduler.ProofInput) {},
		"indirect": says("I wonder whether there is anything new."),
		"let know": says("Please let me know when you know more."),
		"in a quotation": func(in *scheduler.ProofInput) {
			in.Person.Question = "how large is it?"
			says("You asked how large is it? What is the next step?")(in)
		},
	})
}
