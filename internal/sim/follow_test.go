package sim

import (
	"fmt"
	"strings"
	"testing"
)

// TestProposed reads the commands that a user can type as they stand.
func TestProposed(t *testing.T) {
	for text, want := range map[string]string{
		`Is this a rejection for acme? Acme Careers wrote: "Unfortunately.". If it is: afterword set acme status rejected. If not: afterword resume acme --confirm`: "set acme status rejected|resume acme --confirm",
		"On hold: acme: the recruiter Priya Nair wrote; `afterword resume acme` ends it":                                                                            "resume acme",
		"afterword resolve acme/onsite/thank-you/ken@acme.example --sent|--not-sent|--drop":                                                                         "resolve acme/onsite/thank-you/ken@acme.example --sent",
		"stop it where you no longer want it: Acme (afterword hold acme), Globex (afterword hold globex).":                                                          "hold acme|hold globex",
		"  afterword approve k --despite length,style   or   afterword edit k   or   afterword skip k":                                                              "approve k --despite length,style|skip k",
		"Then: afterword answered APPLICATION. Follow-ups wait until: afterword resume":                                                                             "resume",
		"if it did: afterword set acme 'interviews[onsite].status' held, or note what was said: afterword debrief acme --round onsite":                              "set acme interviews[onsite].status held",
		"Nothing needs you. `afterword plan` shows what comes next.":                                                                                                "",
		"no command": "",
	} {
		var all []string
		for _, args := range proposed(text) {
			all = append(all, strings.Join(args, " "))
		}
		if got := strings.Join(all, "|"); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", text, got, want)
		}
	}
}

// TestCardsOfThePage reads what can be pressed without typing.
func TestCardsOfThePage(t *testing.T) {
	n := parsed(`<ol><li class="need question"><div class="what"><p class="about">Acme</p><h3>Is it so?</h3></div>
		<div class="do"><form method="post" action="/resume"><input type="hidden" name="target" value="acme"><button>No</button></form>
		<form method="post" action="/edit"><input type="hidden" name="key" value="k"><textarea name="body"></textarea></form>
		<a href="/mail/acme/%2Fcheck-in/ken@acme.example">Look</a><a href="https://elsewhere.example/">Away</a></div></li></ol>`)
	if got, want := fmt.Sprint(words(n, "div", "what"), linksIn(n), buttonsIn(n)), "Acme Is it so?[/mail/acme/%2Fcheck-in/ken@acme.example] [{/resume map[target:[acme]]}]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
