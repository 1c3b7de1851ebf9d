package mailer

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

// answered is a whole mail as its reader sees it.
func answered(fresh string) string {
	return fresh + "\n\nOn Thu, 5 Nov 2026 at 10:00, Dana Reyes <dana@example.org> wrote:\n> The mail to Ken Osei waits.\n> Ken: approve it\n> Answer this mail with: ok, skip or stop.\n"
}

// TestReadAnswer: the words of an answer in the forms that phones give them.
func TestReadAnswer(t *testing.T) {
	t.Parallel()
	endings := []string{"Dana Reyes", "Dana", "+33 6 00 00 00 00"}
	for text, want := range map[string]Answer{
		"ok":                               {Word: AnswerOK},
		"OK!":                              {Word: AnswerOK},
		"  Okay. \n":                       {Word: AnswerOK},
		"Ok, thanks!":                      {Word: AnswerOK},
		"ok 👍":                             {Word: AnswerOK},
		"\u200bok\u00a0":                   {Word: AnswerOK},
		"*ok*":                             {Word: AnswerOK},
		"ok\n\nDana":                       {Word: AnswerOK},
		"ok\nThanks,\nDana Reyes":          {Word: AnswerOK},
		"ok\n\nSent from my iPhone":        {Word: AnswerOK},
		"OK\n\nVon meinem iPhone gesendet": {Word: AnswerOK},
		"ok\n-- \nDana Reyes\nSRE, Lyon":   {Word: AnswerOK},
		"Stop":                             {Word: AnswerStop},
		"STOP!!! do not send this":         {Word: AnswerStop},
		"stop\nI will call them first.":    {Word: AnswerStop},
		"skip it please":                   {Word: AnswerSkip},
		"Skip.":                            {Word: AnswerSkip},
		"heard":                            {Word: AnswerHeard},
		"Sent.":                            {Word: AnswerSent},
		"sent\n\nSent from my iPhone":      {Word: AnswerSent},
		"Not sent":                         {Word: AnswerNotSent},
		"not sent, thanks\nDana":           {Word: AnswerNotSent},
		"drop it":                          {Word: AnswerDrop},
		"Heard from them by phone":         {Word: AnswerHeard},
		"moved 2026-12-03 14:00":           {Word: AnswerMoved, Rest: "2026-12-03 14:00"},
		"Moved: Thursday 3 Dec at 2 pm":    {Word: AnswerMoved, Rest: "Thursday 3 Dec at 2 pm"},
		"- moved to 3 December\nThanks":    {Word: AnswerMoved, Rest: "to 3 December"},
		"Ken: the pager moves to follow-the-sun in spring": {Word: AnswerSaid,
			Said: []SaidAnswer{{"Ken", "the pager moves to follow-the-sun in spring"}}},
		"Ken Osei: the pager moves\nin spring, and\nMara: every engineer ships: in week one\n\nThanks\nDana": {Word: AnswerSaid,
			Said: []SaidAnswer{{"Ken Osei", "the pager moves in spring, and"}, {"Mara", "every engineer ships: in week one"}}},
		"*Ken:* a\n- Ms. Lindt-Roy: b":                           {Word: AnswerSaid, Said: []SaidAnswer{{"Ken", "a"}, {"Ms. Lindt-Roy", "b"}}},
		"Ken: this is what matters\nto them: speed":              {Word: AnswerSaid, Said: []SaidAnswer{{"Ken", "this is what matters to them: speed"}}},
		"ken@acme.example: at 14:00 they all stop, see http://x": {Word: AnswerSaid, Said: []SaidAnswer{{"ken@acme.example", "at 14:00 they all stop, see http://x"}}},
		"ok\nKen: it went on":                                    {Word: AnswerOK, Said: []SaidAnswer{{"Ken", "it went on"}}},
	} {
		for form, whole := range map[string]string{"bare": text, "quoting": answered(text)} {
			fresh, _ := splitQuoted(whole, &Message{})
			got, ok := ReadAnswer(fresh, endings)
			if !ok || !reflect.DeepEqual(got, want) {
				t.Errorf("%s %q: got %+v %v, want %+v", form, text, got, ok, want)
			}
		}
	}
}

// TestReadAnswerUnsure: what is not surely an answer is none.
func TestReadAnswerUnsure(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "\n", "Hi,", "yes", "no", "ok?! but change the greeting first", "ok\n\nBut please change the second sentence.", "not ok", "okey", "ok skip",
		"skip\nKen: was not there", "skip the line about the pager", "heard nothing", "moved", "moved!", "moved 2026-12-03\nand Ken is ill", "ok: go",
		"I'd say ok", "Ken said ok", "Ken:", "Ken: a\nMara:", "see https://example.org", "14:00", "the answer to it all is this: ok",
		"not", "not sent yet?", "sent I think", "sent?\nnot sure", "Sent from my phone", "not sent\nor was it", "notsent", "it was sent", "drop\nKen: a", "sent: ok",
		"please stop", // only at the beginning, where nobody can overlook it
		"ok" + strings.Repeat("\nKen: a", 99), strings.Repeat("ok ", 9999),
	} {
		if got, ok := ReadAnswer(text, []string{"Dana"}); ok {
			t.Errorf("%q: got %+v, want no answer", text, got)
		}
	}
}

// TestReadAnswerAboveQuotes: what was quoted is not said anew, under the headings
// of the usual programs.
func TestReadAnswerAboveQuotes(t *testing.T) {
	t.Parallel()
	notice := "Stop\nKen: approve it\nAnswer this mail with: ok"
	for name, below := range map[string]string{
		"english":    "On Nov 5, 2026, at 10:00, Dana Reyes <dana@example.org> wrote:\n\n" + notice,
		"german":     "Am 05.11.2026 um 10:00 schrieb Dana Reyes <dana@example.org>:\n\n" + notice,
		"gmail":      "Am Do., 5. Nov. 2026 um 10:00 Uhr schrieb Dana Reyes <\ndana@example.org>:\n\n" + notice,
		"outlook":    "From: Dana Reyes <dana@example.org>\nSent: Thursday, November 5, 2026 10:00\nTo: Dana Reyes\nSubject: Afterword\n\n" + notice,
		"outlook de": "________________________________\nVon: Dana Reyes <dana@example.org>\nGesendet: Donnerstag, 5. November 2026 10:00\nAn: Dana Reyes\nBetreff: Afterword\n\n" + notice,
		"original":   "-----Original Message-----\n" + notice,
		"urspr":      "-------- Ursprüngliche Nachricht --------\n" + notice,
	} {
		fresh, _ := splitQuoted("skip\n\nVon meinem iPhone gesendet\n\n"+below, &Message{})
		if got, ok := ReadAnswer(fresh, nil); !ok || got.Word != AnswerSkip {
			t.Errorf("%s: got %+v %v of %q, want skip", name, got, ok, fresh)
		}
	}
}

// TestReadMoved: dates as people write them on a phone, read against Monday,
// 2 November 2026.
func TestReadMoved(t *testing.T) {
	t.Parallel()
	sent := time.Date(2026, 11, 2, 12, 30, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"2026-12-03 14:00":            "2026-12-03 14:00",
		"2026-12-03T09:30":            "2026-12-03 09:30",
		"2026-12-03":                  "2026-12-03",
		"to 3 December at 2 pm":       "2026-12-03 14:00",
		"Thursday":                    "2026-11-05",
		"to Thursday 5 Nov, 2:30pm":   "2026-11-05 14:30",
		"auf den 3.12.2026 um 14 Uhr": "2026-12-03 14:00",
		"3.12. 14.30 Uhr":             "2026-12-03 14:30",
		"3 Dec 12 am":                 "2026-12-03 00:00",
		"le 3 décembre à 14h30":       "2026-12-03 14:30",
		"":                            "",
		"soon":                        "",
		"next week":                   "",
		"3/12":                        "", // in which order?
		"next Thursday 14:00":         "", // of which week? half of those who say so mean the other
		"nächsten Donnerstag":         "",
		"Thursday next week":          "2026-11-12",
		"2026-02-30":                  "",
		"3 Dec 25:00":                 "",
		"3 Dec 14:00-15:00":           "",
		"3 Dec or 4 Dec":              "",
		"Friday 5 Nov":                "", // a Thursday
		"14:00":                       "",
		"3 Dec 14:00 EST":             "", // at which hour is that where they meet?
		"3 Dec 2 pm PT":               "",
		"2026-12-03 14:00 Asia/Tokyo": "",
		"2026-12-03T14:00Z":           "",
		"c'est le 3 décembre à 14h30": "2026-12-03 14:30",
		"TUE 3 NOV 2 PM":              "2026-11-03 14:00",
	} {
		at, timed, ok := ReadMoved(text, sent)
		got := ""
		switch {
		case ok && timed:
			got = at.Format("2006-01-02 15:04")
		case ok:
			got = at.Format(time.DateOnly)
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// TestReadAnswerInHTML: the same of mails that are HTML alone.
func TestReadAnswerInHTML(t *testing.T) {
	t.Parallel()
	for name, html := range map[string]string{
		"gmail":   `<div dir="auto">Ok</div><br><div class="gmail_quote"><div dir="ltr">On Thu, 5 Nov 2026, 10:00 Dana Reyes, &lt;<a href="mailto:dana@example.org">dana@example.org</a>&gt; wrote:<br></div><blockquote class="gmail_quote">Stop<br>Ken: x</blockquote></div>`,
		"apple":   `<html><head></head><body dir="auto">Ok<br><div dir="ltr">Sent from my iPhone</div><div dir="ltr"><br><blockquote type="cite">On 5 Nov 2026, at 10:00, Dana Reyes &lt;dana@example.org&gt; wrote:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">Stop</div></blockquote></body></html>`,
		"outlook": `<html><body><div>Ok</div><div id="ms-outlook-mobile-signature"><div><br></div>Get <a href="https://aka.ms/x">Outlook for iOS</a></div><hr><div id="divRplyFwdMsg"><b>From:</b> Dana Reyes &lt;dana@example.org&gt;<br><b>Sent:</b> Thursday, November 5, 2026 10:00<br><b>To:</b> Dana Reyes<br><b>Subject:</b> Afterword<br></div><div>Stop</div></body></html>`,
	} {
		m := Parse([]byte("Content-Type: text/html; charset=utf-8\r\n\r\n"), []byte(html))
		if got, ok := ReadAnswer(m.NewText, nil); !ok || got.Word != AnswerOK || len(got.Said) != 0 {
			t.Errorf("%s: got %+v %v of %q, want ok", name, got, ok, m.NewText)
		}
	}
}

func FuzzReadAnswer(f *testing.F) {
	for _, seed := range []string{"ok", "OK!\nKen: a", "Ken Osei: b\nc", "moved 3 Dec 14:00", "stop", "*ken@acme.example:* x", "ok\u2028ok", "\x00moved", "Moved\xff 1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, ok := ReadAnswer(text, []string{"Dana"})
		switch {
		case !ok:
		case a.Word == AnswerSaid && len(a.Said) == 0, a.Word == AnswerMoved && a.Rest == "", a.Word != AnswerMoved && a.Rest != "",
			len(a.Said) > 0 && a.Word != AnswerSaid && a.Word != AnswerOK, len(a.Said) > mostAnswerLines:
			t.Errorf("%q was read as %+v", text, a)
		}
		for _, s := range a.Said {
			if ok && (strings.TrimSpace(s.Name) == "" || s.Text == "" || strings.ContainsAny(s.Name+s.Text, "\n\r\x00")) {
				t.Errorf("%q was read as %+v", text, a)
			}
		}
		sent := time.Date(2026, 11, 2, 12, 30, 0, 0, time.UTC)
		if at, timed, ok := ReadMoved(a.Rest, sent); ok && (at.IsZero() || !timed && (at.Hour() != 0 || at.Minute() != 0)) {
			t.Errorf("%q was read as %s", a.Rest, at)
		}
	})
}
