package proofread

import (
	"encoding/base64"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"

	"afterword/scheduler"
)

const savedBody = "Bonjour Hélène,\n\nMerci pour l’échange d’hier sur le poste : la visite de l’atelier m’a beaucoup plu, et l’idée d’un carnet par machine me suit depuis. Je reste très intéressée par votre équipe, et je vous enverrai volontiers ce qui vous manquerait encore.\n\nCordialement,\nDana\n"

// sixteen writes a text as UTF-16, little end first.
func sixteen(mark, text string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(mark + text)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

// A text is read as it was meant, however an editor or a mail program saved it: nothing is
// found in it but that French is not looked up here.
func TestTextsAsEditorsSaveThem(t *testing.T) {
	t.Parallel()
	c := New()
	latin1 := strings.NewReplacer("é", "\xe9", "è", "\xe8", "ô", "\xf4", "’", "\x92").Replace(savedBody)
	quoted := strings.NewReplacer("=", "=3D", "é", "=C3=A9", "è", "=C3=A8", "ô", "=C3=B4", "’", "=E2=80=99", "beaucoup ", "beaucoup =\r\n").Replace(savedBody)
	const head = "Subject: =?utf-8?Q?Merci_pour_l=E2=80=99=C3=A9change?=\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
	for name, text := range map[string]string{
		"UTF-8": savedBody, "Windows-1252": latin1, "UTF-16": sixteen("\ufeff", savedBody), "UTF-16 without a mark": sixteen("", savedBody), "CRLF": strings.ReplaceAll(savedBody, "\n", "\r\n"), "CR": strings.ReplaceAll(savedBody, "\n", "\r"),
		"parted accents": norm.NFD.String(savedBody), "quoted-printable": head + "quoted-printable\n\n" + quoted, "base64": head + "base64\n\n" + base64.StdEncoding.EncodeToString([]byte(savedBody)) + "\n",
		"marks of direction": strings.ReplaceAll(savedBody, "Hélène", "\u200eHélène\u200f"), "hard blanks": strings.ReplaceAll(savedBody, " ", "\u00a0"),
	} {
		for _, f := range c.Text(text, scheduler.Owed, "") {
			if f.Severity != scheduler.Hint {
				t.Errorf("%s: %+v", name, f)
			}
		}
		if f, found := with(c.Text(text, scheduler.Owed, "en"), "wrong-language"); !found || !strings.Contains(f.Text, "in French") {
			t.Errorf("%s: it is not known to be French", name)
		}
	}
}

// What no reader sees makes no name a wrong one, and what is spelt with an odd mark is a word.
func TestMarksThatNobodySees(t *testing.T) {
	t.Parallel()
	check(t, "wrong-name", thanks, scheduler.Error, map[string]change{
		"another": body(strings.Replace(goodBody, "Ken", "\u200eKim\u200e", 1)), "in Hebrew": body("\u200fHi Kim,\n\nThank you.\n\nDana\n"), "isolated": body("Hi \u2068Kim\u2069,\n\nThank you.\n\nDana\n"),
		"a hard blank": body("Hi\u00a0Kim,\n\nThank you.\n\nDana\n"), "wide": body("Hi\u3000Kim,\n\nThank you.\n\nDana\n"),
	}, map[string]change{
		"left to right": body(strings.Replace(goodBody, "Ken", "\u200eKen\u200e", 1)), "isolated": body(strings.Replace(goodBody, "Ken", "\u2068Ken\u2069", 1)), "wide": body(strings.Replace(goodBody, "Hi Ken", "Hi\u3000Ken", 1)),
	})
	tell(t, "spelling", thanks, "-en We met at the ofﬁce, and I didn´t forget it.", "-en The follow\u2011the\u2011sun rota stays with me.", "+en We met at the offce.")
}

// A text in other letters is not held against what English mails say.
func TestTextsInOtherLetters(t *testing.T) {
	t.Parallel()
	c := New()
	for _, text := range []string{
		"שלום קן,\n\nתודה על השיחה אתמול על המשרה. נהניתי מאוד לשמוע על הצוות ועל המחברת שיש לכל מכונה, ואשמח מאוד להצטרף אליכם בקרוב. אשלח ברצון כל דבר שחסר לכם עדיין ממני, וגם שמות של אנשים שאפשר לשאול אותם עלי ועל העבודה שלי.\n\nבברכה,\nדנה\n",
		"Здравствуйте, Кен!\n\nСпасибо за вчерашний разговор. Мне запомнилось, что у каждого станка есть своя тетрадь, и я с радостью пришлю всё, что вам ещё нужно для решения. Мне очень понравилась ваша мастерская, и я была бы рада работать вместе с вами уже весной.\n\nС уважением,\nДана\n",
	} {
		for _, f := range c.Text(text, scheduler.Owed, "") {
			if f.Severity != scheduler.Hint {
				t.Errorf("%.20q: %+v", text, f)
			}
		}
	}
}

// A finding of confused words says which word to write.
func TestConfusionsSayWhatToWrite(t *testing.T) {
	t.Parallel()
	c := New()
	for sentence, want := range map[string]string{
		"en Your going to need somebody.": "write you're for Your", "en I like you're team.": "write your for you're", "en It was better then before.": "write than for then", "en I should of asked.": "write have for of",
		"en I learnt alot.": "write a lot for alot", "de Ich hoffe das ich bald komme.": "write dass for das", "de Es war schöner und besser wie erwartet.": "write als for wie",
	} {
		language, text, _ := strings.Cut(sentence, " ")
		if f, ok := told(t, c, "grammar", thanks, saying(language, text)); !ok || !strings.Contains(f.Text, want) {
			t.Errorf("%s: %q, want %q", text, f.Text, want)
		}
	}
}
