package mailer

import (
	"strings"
	"testing"
)

func TestNewTextLeavesQuotesOut(t *testing.T) {
	t.Parallel()
	check := func(text, fresh string) {
		t.Helper()
		got, quoted := splitQuoted(text, &Message{})
		if got != fresh {
			t.Errorf("%q: new text %q, want %q", text, got, fresh)
		}
		if strings.Contains(text, "OLD") && !strings.Contains(quoted, "OLD") {
			t.Errorf("%q: the quote was lost: %q", text, quoted)
		}
	}
	check("Thanks!", "Thanks!")
	check("Thanks!\n\n> OLD\n> OLD", "Thanks!")
	check("> OLD\n\nMy answer\n> OLD\nMore", "My answer\nMore")
	check("Thanks!\n\nOn Mon, May 4, 2026 at 10:00 AM Dana Reyes <dana@example.org> wrote:\n\n> OLD", "Thanks!")
	check("Thanks!\n\nOn Mon, May 4, 2026 at 10:00 AM Dana Reyes\n<dana@example.org> wrote:\n> OLD\n\nbelow", "Thanks!\n\nbelow")
	check("Thanks!\n\nOn 4 May 2026, Dana wrote:\n\nOLD without marks", "Thanks!")
	check("Danke!\n\nAm 04.05.26 um 10:00 schrieb Dana Reyes:\n> OLD", "Danke!")
	check("Merci !\n\nLe lun. 4 mai 2026 à 10:00, Dana Reyes <dana@example.org> a écrit :\n\n> OLD", "Merci !")
	check("¡Gracias!\n\nEl lun, 4 may 2026 a las 10:00, Dana (<dana@example.org>) escribió:\n> OLD", "¡Gracias!")
	check("Grazie\n\nIl giorno lun 4 mag 2026 alle ore 10:00 Dana <dana@example.org> ha scritto:\n> OLD", "Grazie")
	check("Obrigado\n\nEm seg., 4 de mai. de 2026 às 10:00, Dana <dana@example.org> escreveu:\n> OLD", "Obrigado")
	check("Dank\n\nOp ma 4 mei 2026 om 10:00 schreef Dana <dana@example.org>:\n> OLD", "Dank")
	check("Dzięki\n\npon., 4 maj 2026 o 10:00 Dana <dana@example.org> napisał(a):\n> OLD", "Dzięki")
	check("Tack\n\nDen mån 4 maj 2026 kl 10:00 skrev Dana <dana@example.org>:\n> OLD", "Tack")
	check("Спасибо\n\n4 мая 2026 г., 10:00, Dana <dana@example.org> написал:\n> OLD", "Спасибо")
	check("ありがとう\n\n2026年5月4日(月) 10:00 Dana <dana@example.org> のメール:\n> OLD", "ありがとう")
	check("Thanks\n\n-----Original Message-----\nFrom: Dana\nOLD", "Thanks")
	check("Danke\n\n-----Ursprüngliche Nachricht-----\nVon: Dana\nOLD", "Danke")
	check("Merci\n\n-----Message d'origine-----\nDe : Dana\nOLD", "Merci")
	check("See below\n\n---------- Forwarded message ---------\nFrom: Dana\nOLD", "See below")
	check("Thanks\n\nFrom: Dana Reyes <dana@example.org>\nSent: Monday, 4 May 2026 10:00\nTo: Ken\nSubject: Hi\n\nOLD", "Thanks")
	check("Danke\n\nVon: Dana\nGesendet: Montag, 4. Mai 2026 10:00\nAn: Ken\nBetreff: Hallo\n\nOLD", "Danke")
	check("Merci\n\nDe : Dana\nEnvoyé : lundi 4 mai 2026\nÀ : Ken\nObjet : Bonjour\n\nOLD", "Merci")
	check("Tack\n\nFrån: Dana\nSkickat: den 4 maj 2026\nTill: Ken\nÄmne: Hej\n\nOLD", "Tack")
}

// What the programs of further languages and providers write above a quote.
func TestNewTextLeavesFurtherQuotesOut(t *testing.T) {
	t.Parallel()
	check := func(text, fresh string) {
		t.Helper()
		got, quoted := splitQuoted(text, &Message{})
		if got != fresh || !strings.Contains(quoted, "OLD") {
			t.Errorf("%q: new text %q, want %q; quoted %q", text, got, fresh, quoted)
		}
	}
	check("Tak\n\nDen man. 4. maj 2026 kl. 10.00 skrev Dana Reyes <dana@example.org>:\n\nOLD", "Tak")
	check("Takk\n\nman. 4. mai 2026 kl. 10:00 skrev Dana Reyes <dana@example.org>:\n\nOLD", "Takk")
	check("Kiitos\n\nma 4. toukok. 2026 klo 10.00 Dana Reyes (dana@example.org) kirjoitti:\n\nOLD", "Kiitos")
	check("Děkuji\n\npo 4. 5. 2026 v 10:00 odesílatel Dana Reyes <dana@example.org> napsal:\n\nOLD", "Děkuji")
	check("Köszönöm\n\nDana Reyes <dana@example.org> ezt írta (időpont: 2026. máj. 4., H, 10:00):\n\nOLD", "Köszönöm")
	check("Mulțumesc\n\nÎn lun., 4 mai 2026 la 10:00, Dana Reyes <dana@example.org> a scris:\n\nOLD", "Mulțumesc")
	check("Teşekkürler\n\nDana Reyes <dana@example.org>, 4 May 2026 Pzt, 10:00 tarihinde şunu yazdı:\n\nOLD", "Teşekkürler")
	check("Спасибо\n\nпн, 4 мая 2026 г. в 10:00, Dana Reyes <dana@example.org>:\n\n> OLD", "Спасибо")
	check("谢谢\n\nDana Reyes <dana@example.org> 于2026年5月4日周一 10:00写道：\n\nOLD", "谢谢")
	check("고마워요\n\n2026년 5월 4일 (월) 오전 10:00, Dana Reyes <dana@example.org>님이 작성:\n\nOLD", "고마워요")
	check("ありがとう\n\n2026年5月4日(月) 10:00 Dana Reyes <dana@example.org>:\n\n> OLD", "ありがとう")
	check("Ευχαριστώ\n\nΣτις Δευ 4 Μαΐ 2026 στις 10:00 π.μ., ο χρήστης Dana <dana@example.org> έγραψε:\n\nOLD", "Ευχαριστώ")
	check("Thanks\n\nOn Monday, May 4, 2026 at 10:00:00 AM GMT+2, Dana Reyes <dana@example.org> wrote: \n\n Hello OLD", "Thanks")
	check("Thanks\n\n________________________________\nFrom: Dana Reyes <dana@example.org>\nSent: Monday\nTo: Ken\nSubject: Hi\n\nOLD", "Thanks")
	check("Thanks\n\n________________________________\n\nFrom: Dana Reyes <dana@example.org>\nDate: Monday\nTo: Ken\nSubject: Hi\n\nOLD", "Thanks")
	check("Ja\n\n-------- Ursprüngliche Nachricht --------\nVon: Dana\nOLD", "Ja")
	check("Sí\n\n-----Mensaje original-----\nDe: Dana\nOLD", "Sí")
	check("Yes\n\n---- On Mon, 04 May 2026 10:00:00 +0200 Dana Reyes <dana@example.org> wrote ----\n\nOLD", "Yes")
	check("Yes\n\n------- Original Message -------\nOn Monday, May 4th, 2026 at 10:00, Dana <dana@example.org> wrote:\n\n> OLD", "Yes")
	check("Yes\n\nOn Mon, May 4, 2026 at 10:00 AM, Dana Reyes <\ndana@example.org> wrote:\n\n> OLD", "Yes")
	check("Merci\n\nLe lun. 4 mai 2026 à 10:00, Dana Reyes <dana@example.org> a\nécrit :\n\n> OLD", "Merci")
	check("Danke\n\nAm Mo., 4. Mai 2026 um 10:00 Uhr schrieb Dana Reyes <\ndana@example.org>:\n\n> OLD", "Danke")
	check("Grazie\n\nDa: Dana Reyes <dana@example.org>\nInviato: lunedì 4 maggio 2026 10:00\nA: Ken\nOggetto: Ciao\n\nOLD", "Grazie")
	check("Obrigado\n\nDe: Dana\nEnviada em: segunda-feira, 4 de maio de 2026 10:00\nPara: Ken\nAssunto: Oi\n\nOLD", "Obrigado")
	check("Bedankt\n\nVan: Dana\nVerzonden: maandag 4 mei 2026 10:00\nAan: Ken\nOnderwerp: Hoi\n\nOLD", "Bedankt")
	check("Dzięki\n\nOd: Dana\nWysłano: poniedziałek, 4 maja 2026 10:00\nDo: Ken\nTemat: Hej\n\nOLD", "Dzięki")
	check("Tak\n\nFra: Dana\nSendt: 4. maj 2026 10:00\nTil: Ken\nEmne: Hej\n\nOLD", "Tak")
	check("了解\n\n差出人: Dana\n送信日時: 2026年5月4日 10:00\n宛先: Ken\n件名: お礼\n\nOLD", "了解")
	check("好\n\n发件人: Dana\n发送时间: 2026年5月4日 10:00\n收件人: Ken\n主题: 谢谢\n\nOLD", "好")
	check("Ok\n\nSent from my Galaxy\n\n-------- Original message --------\nFrom: Dana\nDate: 04/05/2026 10:00 (GMT+01:00)\nTo: Ken\nSubject: Hi\n\nOLD", "Ok")
	check("Ok\n\n*From:* Dana Reyes <dana@example.org>\n*Sent:* Monday, May 4, 2026 10:00 AM\n*To:* Ken\n*Subject:* Hi\n\nOLD", "Ok")
	check("Anfang\n\nAnfang der weitergeleiteten Nachricht:\n\nVon: Dana\nBetreff: x\nDatum: 4. Mai 2026\nAn: Ken\n\nOLD", "Anfang")
	check("FYI\n\nBegin forwarded message:\n\nFrom: Dana\nSubject: x\nDate: 4 May 2026\nTo: Ken\n\nOLD", "FYI")
	check("FYI\n\n----- Forwarded by Ken/ACME on 05/04/2026 10:00 AM -----\n\nFrom: Dana\nOLD", "FYI")
}

func TestNewTextLeavesSignaturesOut(t *testing.T) {
	t.Parallel()
	check := func(text, fresh string) {
		t.Helper()
		if got, _ := splitQuoted(text, &Message{}); got != fresh {
			t.Errorf("%q: new text %q, want %q", text, got, fresh)
		}
	}
	check("Yes\n\n-- \nKen Osei\nAcme", "Yes")
	check("Yes\n\n-- \nKen\n> OLD\nbelow", "Yes\n\nbelow")
	check("Yes\n\nSent from my iPhone", "Yes")
	check("Ja\n\nVon meinem iPhone gesendet", "Ja")
	check("Oui\n\nEnvoyé de mon iPhone", "Oui")
	check("Sí\n\nEnviado desde mi iPhone", "Sí")
	check("Sì\n\nInviato da iPhone", "Sì")
	check("Sim\n\nEnviado do meu iPhone", "Sim")
	check("Ja\n\nVerstuurd vanaf mijn iPhone", "Ja")
	check("Tak\n\nWysłane z iPhone'a", "Tak")
	check("Ja\n\nSkickat från min iPhone", "Ja")
	check("Yes\n\nGet Outlook for iOS", "Yes")
}

// What only looks like a quote is the sender's own.
func TestNewTextKeepsWhatIsNoQuote(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Here is what she wrote:\nwe start in May.",
		"From: now on I am in Paris.\nBest, Ken",
		"Three steps:\n- a call\n- a visit\n- an offer",
		"I have sent it from my side.\nKen",
		"To: do\nFrom: scratch\n\nKen",
		"-- \n"[:2] + "dash\nKen",
	} {
		if got, quoted := splitQuoted(text, &Message{}); got != text || quoted != "" {
			t.Errorf("%q: new text %q, quoted %q", text, got, quoted)
		}
	}
}

func TestHTMLToText(t *testing.T) {
	t.Parallel()
	check := func(src, want string) {
		t.Helper()
		if got := strings.TrimSpace(htmlToText(src)); got != want {
			t.Errorf("%q: %q, want %q", src, got, want)
		}
	}
	check("<p>Hi&nbsp;Dana,</p><p>see   you\nsoon</p>", "Hi Dana,\n\nsee you soon")
	check("a<br>b<br/>c", "a\nb\nc")
	check("<div>a</div><div>b</div>", "a\nb")
	check("<b>bo</b>ld &lt;x&gt; &eacute;", "bold <x> é")
	check("<head><title>t</title></head><style>p{}</style><script>x()</script>shown", "shown")
	check("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc")
	check("<pre>a\n  b</pre>", "a\n  b")
	check("pre\u200bview\u00ad", "preview")
	check("<blockquote>old<blockquote>older</blockquote></blockquote>new", "> old\n> older\nnew")
	check("<p unclosed", "")
	check("", "")
}

func TestHTMLQuotesAreFound(t *testing.T) {
	t.Parallel()
	for name, quote := range map[string]string{
		"gmail":       `<div class="gmail_quote"><div class="gmail_attr">El lun Dana:</div><blockquote>OLD</blockquote></div>`,
		"thunderbird": `<div class="moz-cite-prefix">On 4 May Dana wrote:</div><blockquote type="cite">OLD</blockquote>`,
		"yahoo":       `<div id="yahoo_quoted_1" class="yahoo_quoted"><div>OLD</div></div>`,
		"outlook":     `<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Dana</div><div>OLD</div>`,
		"outlook web": `<hr id="stopSpelling"><div>OLD</div>`,
		"proton":      `<div class="protonmail_quote">On Monday, May 4th, Dana wrote:<br><div>OLD</div></div>`,
		"zoho":        `<div class="zmail_extra_hr"></div><div class="zmail_extra">OLD</div>`,
		"zoho older":  `<div title="beforequote:::"></div><div>OLD</div>`,
		"spark":       `<div name="messageReplySection">OLD</div>`,
		"front":       `<div class="front-blockquote">OLD</div>`,
		"freshdesk":   `<div class="freshdesk_quote">OLD</div>`,
		"outlook new": `<div id="mail-editor-reference-message-container"><div class="ms-outlook-mobile-reference-message">OLD</div></div>`,
		"word":        `<div><p><b>From:</b> Dana<br><b>Sent:</b> Monday<br><b>To:</b> Ken<br><b>Subject:</b> Hi</p></div><p>OLD</p>`,
	} {
		m := parse("Content-Type: text/html\n\n<html><body><div>Thanks!</div>" + quote + "</body></html>")
		if m.NewText != "Thanks!" || !strings.Contains(m.Quoted, "OLD") {
			t.Errorf("%s: new text %q, quoted %q", name, m.NewText, m.Quoted)
		}
	}
}

func TestHTMLSignatureIsLeftOut(t *testing.T) {
	t.Parallel()
	m := parse("Content-Type: text/html\n\n<div>Thanks!</div><div class=\"gmail_signature\"><div>Ken Osei</div></div>")
	if m.NewText != "Thanks!" {
		t.Errorf("new text %q", m.NewText)
	}
}

func FuzzHTMLToText(f *testing.F) {
	for _, s := range []string{"<p>a</p>", "<blockquote><div></blockquote>", "<script>", "&#0;&bogus;<a href='", "<pre>\n</pre></pre>", "<div id=divRplyFwdMsg>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if got := htmlToText(src); len(got) > maxTextBytes+len(src)*4 {
			t.Fatalf("%d bytes became %d", len(src), len(got))
		}
	})
}

// New and quoted text together are never more than the text.
func FuzzSplitQuoted(f *testing.F) {
	f.Add("a\n> b\nOn 1 May Dana wrote:\nc\n-- \nd")
	f.Fuzz(func(t *testing.T, text string) {
		fresh, quoted := splitQuoted(text, &Message{})
		if len(fresh)+len(quoted) > len(text) {
			t.Fatalf("%q became %q and %q", text, fresh, quoted)
		}
	})
}

// The reader's own address and the subject show where a quote begins, also in
// languages and programs that no table knows.
func TestNewTextKnowsQuotesByWhatTheHeaderSays(t *testing.T) {
	t.Parallel()
	m := &Message{To: []Address{{Name: "Dana Reyes", Addr: "Dana@example.org"}}, Subject: "SV: Danke für Montag"}
	check := func(text, fresh string) {
		t.Helper()
		got, quoted := splitQuoted(text, m)
		if got != fresh || strings.Contains(text, "OLD") != strings.Contains(quoted, "OLD") {
			t.Errorf("%q: new text %q, want %q; quoted %q", text, got, fresh, quoted)
		}
	}
	// "xyzzy" stands for a word of a language without a table.
	check("Zgoda!\n\n4 xyzzy 2026, 10:00, Dana Reyes <dana@example.org> xyzzy:\n\nOLD", "Zgoda!")
	check("Zgoda!\n\n\u202b4 xyzzy 2026 \u202aDana\u202c <\u202adana@example.org\u202c>:\u202c\n\nOLD", "Zgoda!")
	check("Zgoda!\n\nXyzzy ٤ ٢٠٢٦ Dana\n(dana@example.org) xyzzy:\n\nOLD", "Zgoda!")
	check("Zgoda!\n\nXyzzy: Dana Reyes <dana@example.org>\nPlugh: 4 xyzzy 2026\nPlover: Priya\nFrotz: Danke für Montag\n\nOLD", "Zgoda!")
	check("Zgoda!\n\n----- Xyzzy plugh -----\n\nFrotz: Danke für Montag\nXyzzy: Ken <ken@acme.example>\nPlover: Priya\n\nOLD", "Zgoda!")
	check("Zgoda!\n\n----- Xyzzy plugh -----\nFrom: Ken <ken@acme.example>\nDate: 4 May 2026\nSubject: Who comes\n\nOLD", "Zgoda!")

	// What the sender writes of a meeting or a post is no quote.
	for _, own := range []string{
		"We could do this:\n\nDate: Tuesday, 1 December\nFrom: 14:00\nTo: 15:00\nSubject: the on-call rota\n\nDoes that suit you?",
		"Role: Danke für Montag\nPlace: Lyon\nAsk: Priya Nair <priya@acme.example>\n\nDoes that suit you?",
		"Tomorrow at 10:00 you will meet Ken Osei <ken@acme.example> and:\n\nPriya Nair\n\nDoes that suit you?",
		"Phone: 01 23 45\nMail: ken@acme.example\nWeb: acme.example",
		"Monday-----Tuesday-----Friday: which one?",
		"I sent it on 24 November 2026 to your address (dana@example.org), and so to these:\n\nDoes that suit you?",
		"We sent 2 mails to Dana <dana@example.org> and ask again:\n\nDoes that suit you?",
		"Mia heeft 2 vragen voor je geschreven:\n\nKun je maandag komen?",
		"---- the plan ----\nRoom: 5\nHost: Ken\nStart: 10:00\n\nDoes that suit you?",
	} {
		check(own, own)
	}
}

// Mail that answers nothing says what its own meeting is about.
func TestOwnMeetingIsNoQuote(t *testing.T) {
	t.Parallel()
	own := "The data of the meeting:\n\nTopic: Rota talk\nHost: ken@acme.example\nGuest: dana@example.org\nRoom: Rome\n\nDoes that suit you?"
	for subject, want := range map[string]bool{"Rota talk": true, "Re: Rota talk": false} {
		m := &Message{To: []Address{{Addr: "dana@example.org"}}, Subject: subject}
		if got, _ := splitQuoted(own, m); (got == own) != want {
			t.Errorf("%q: new text %q", subject, got)
		}
	}
}

// A short answer often stands right above the line that introduces the quote, most of
// all in HTML.
func TestNewTextRightAboveAnIntroductionIsKept(t *testing.T) {
	t.Parallel()
	check := func(text, fresh string) {
		t.Helper()
		got, quoted := splitQuoted(text, &Message{})
		if got != fresh || !strings.Contains(quoted, "OLD") {
			t.Errorf("%q: new text %q, want %q; quoted %q", text, got, fresh, quoted)
		}
	}
	check("Friday suits me.\nOn Mon, 4 May 2026, at 10:00, Dana wrote:\n> OLD", "Friday suits me.")
	check("I am in\nOn Mon, 4 May, Dana wrote:\n> OLD", "I am in")
	check("At 10 then\nOn Mon, May 4, 2026 at 9:00 AM Dana Reyes\n<dana99@example.org> wrote:\n> OLD", "At 10 then")
	check("We take room 5.\nOn Monday 4 May Dana wrote:\n> OLD", "We take room 5.")
	check("Gern!\n4. Mai 2026, 10:00 von dana@example.org:\n> OLD", "Gern!")
	check("Yes\n\nOn Mon, May 4, 2026 at 10:00 AM Dana Reyes\n<dana@example.org> wrote:\n> OLD", "Yes")
	check("Zgoda\nWiadomość napisana przez Dana Reyes w dniu 04.05.2026, o godz. 10:00:\nOLD", "Zgoda")
	check("Three questions:-------- Original Message --------From: Dana\nOLD", "Three questions:")
	check("Yes\n\nOn Mon, May 4, 2026 at 10:00 AM Dana\nReyes <dana@example.org>\nwrote:\n> OLD", "Yes")
}

// What is answered between the pieces of a quote stands beside them in one element of
// Gmail's.
func TestNewTextOfHTMLBetweenQuotes(t *testing.T) {
	t.Parallel()
	check := func(body, fresh string) {
		t.Helper()
		m := Parse([]byte("From: ken@acme.example\nContent-Type: text/html\n\n"), []byte(body))
		if m.NewText != fresh || !strings.Contains(m.Quoted, "OLD") {
			t.Errorf("%q: new text %q, want %q; quoted %q", body, m.NewText, fresh, m.Quoted)
		}
	}
	intro := `<div class="gmail_attr">On Mon, 4 May 2026 at 10:00 Dana &lt;dana@example.org&gt; wrote:<br></div>`
	check(`<div class="gmail_quote">`+intro+`<blockquote>OLD when?</blockquote><div>Tuesday.</div><blockquote>OLD where?</blockquote><div>Lyon.</div></div>`, "Tuesday.\nLyon.")
	check(`<div class="protonmail_quote">On Mon, 4 May 2026 Dana &lt;dana@example.org&gt; wrote:<br><blockquote>OLD when?</blockquote><div>Tuesday.</div><blockquote>OLD where?</blockquote></div>`, "Tuesday.")
	check(`<div>Tuesday.</div><div class="gmail_quote">`+intro+`<blockquote>OLD</blockquote></div>`, "Tuesday.")
	check(`<div>Tuesday.</div><div class="gmail_quote">`+intro+`OLD in no element of its own</div>`, "Tuesday.")
	check(`<div>Look.</div><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>From: Priya</div><p>OLD</p><blockquote>older</blockquote>and OLD</div>`, "Look.")
	check(`<p>Fine.</p><hr><div id="x_divRplyFwdMsg"><b>Xyzzy:</b> Dana</div><p>OLD?</p>`, "Fine.")
}

func TestNewTextBelowAHeaderAtTheTop(t *testing.T) {
	t.Parallel()
	check := func(body, want string) {
		t.Helper()
		if m := parse("From: Erika <erika@acme.example>\nTo: dana@example.org\nSubject: Re: Hallo\n\n" + body); m.NewText != want {
			t.Errorf("new text %q, want %q", m.NewText, want)
		}
	}
	german := "Gesendet: Montag, 6. Juli 2026 um 09:00 Uhr\nVon: \"Dana Reyes\" <dana@example.org>\nAn: erika@acme.example\nBetreff: Hallo\n"
	english := "-----Original Message-----\nFrom: Dana Reyes <dana@example.org>\nSent: Monday\nTo: erika@acme.example\nSubject: Hallo\n\n"
	check(german+"> Passt Dienstag?\n\nJa, passt.", "Ja, passt.")
	check(german+"\n> Passt Dienstag?\n>\nJa.\n> Und die Uhrzeit?\nUm zehn.", "Ja.\nUm zehn.")
	check(english+"> Does Tuesday suit?\n\nYes, it does.", "Yes, it does.")
	check(english+"Does Tuesday suit?\n\nDana", "")
	check(english+"Does Tuesday suit?\n\n> older\n\nDana", "")
	check("Fine.\n\n"+english+"> Does Tuesday suit?\n\nDana", "Fine.")
}

// What stands within a word and is not seen does not keep it from being read.
func TestUnseenCharactersAreNotRead(t *testing.T) {
	t.Parallel()
	for _, unseen := range []string{"\u200b", "\u200c", "\ufeff", "\u00ad"} {
		m := parse("From: Priya <priya@acme.example>\nContent-Type: text/plain; charset=utf-8\nSubject: Your application\n\nUnfortunately we will not be mov" + unseen + "ing for" + unseen + "ward with your application.")
		if r := Classify(m); !r.Rejection || strings.Contains(m.Text, unseen) {
			t.Errorf("%q: %v, %q", unseen, r.Rejection, m.Text)
		}
	}
}
