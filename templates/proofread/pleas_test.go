package proofread

import "testing"

// Whose answer is awaited, and that a job is needed, is said in many ways; what a writer's own
// customers owe presses nobody, and what a job needs is no plea.
func TestPleasAndOwnCustomers(t *testing.T) {
	t.Parallel()
	tell(t, "pressure", question,
		"-de In meiner jetzigen Firma warte ich seit zwei Wochen auf die Antwort unseres Kunden.", "-de Ich warte noch immer auf die Rückmeldung meines Vermieters und kann daher erst im März umziehen.", "-de Wir haben noch keine Antwort von unserem Lieferanten.",
		"+de Ich warte seit zwei Wochen auf die Antwort Ihrer Personalabteilung.", "+de Seit drei Wochen warte ich auf eine Antwort.", "-fr Chez mon employeur, j'attends depuis trois semaines la réponse de notre client.",
		"-fr Je n'ai pas encore reçu de nouvelles de mon propriétaire, mais je pourrais déménager en mars.", "+fr J'attends depuis trois semaines la réponse de votre service.", "+fr Cela fait deux semaines que j'attends une réponse et personne ne m'a rappelée.",
		"-es Llevo dos semanas esperando la respuesta de nuestro proveedor, así que conozco bien el problema.", "+es Llevo dos semanas esperando una respuesta y nadie me ha llamado.", "-it Da due settimane aspetto la risposta del nostro fornitore.",
		"+it Sono due settimane che aspetto una risposta e nessuno si è fatto vivo.", "-it Non aspetto una risposta entro oggi.", "-nl Ik wacht al twee weken op antwoord van onze leverancier.",
		"+nl Ik wacht al twee weken op antwoord en niemand belt terug.", "-pt Estou há duas semanas à espera da resposta do nosso cliente.", "-pl Od dwóch tygodni czekam na odpowiedź naszego dostawcy.",
		"+pl Od dwóch tygodni czekam na odpowiedź i nikt nie dzwoni.", "-cs Už dva týdny čekám na odpověď našeho dodavatele.", "-sv Jag har väntat i två veckor på svar från vår leverantör.",
		"+en I have now written to you twice.", "+en I've phoned you three times since then.", "+en I have called several times now without getting through.",
		"+en I would appreciate the courtesy of a reply.", "+en I really need to know this week.", "+en I trust this email will not go unanswered.",
		"-en I have called out the night shift three times this year, so I know the plan by heart.", "-en You told me that no ticket goes unanswered for more than a day.", "-en I know what I need to know today, and I look forward to learning the rest.",
		"-en As a receptionist I left the doctors many messages and they always called back.", "-en I have e-mailed the two references, as you asked.", "-en At work we are still waiting for our customer's answer, so I know how silence feels.",
		"-en I am still waiting for a decision from my landlord before I can move.", "+en I am still waiting for your answer.", "+en I am still waiting for an answer to my application.",
	)
	tell(t, "desperate", thanks,
		"+en I have two small children to feed.", "+en I can't go another month without work.", "+en I would gladly start on any terms.",
		"-en On the ward I have often had two babies to feed at the same time.", "-en I could not go another week without telling you about the book.", "-en The rota is there when the team needs it.",
		"-en I have raised a family of tools to support the helpdesk.", "+it La prego, ho bisogno di questo lavoro.", "-it Per questo lavoro ho bisogno di una patente, che ho.",
		"+de Ich brauche diese Arbeit.", "-de Für diese Arbeit brauche ich keine Einarbeitung.", "+fr J'ai besoin de ce travail.",
		"-fr J'ai besoin de travailler en équipe.", "+es Necesito este trabajo.", "-es Para este trabajo no necesito formación.",
		"+nl Ik heb deze baan nodig.", "-nl Voor deze baan heb ik geen opleiding nodig.", "+pt Preciso deste emprego.",
		"+pl Potrzebuję tej pracy.", "-pl Potrzebuję do tej pracy tylko laptopa.", "+cs Tuto práci potřebuji.",
		"+sv Jag behöver det här jobbet.", "+da Jeg har brug for dette job.", "+nb Jeg trenger denne jobben.",
		"+fi Tarvitsen tämän työn.", "+tr Bu işe ihtiyacım var.", "-de Für diese Stelle brauche ich keine lange Einarbeitung.",
		"-de Einen Führerschein brauche ich für diese Stelle, und den habe ich.", "-es No necesito para este puesto más que un portátil.", "-sv Jag behöver för det här jobbet bara en dator.",
	)
}

// That nobody called back, that one called again and again, and that one would work for
// nothing is said in every language; so are things that only look alike.
func TestReproachesAndOffersForNothing(t *testing.T) {
	t.Parallel()
	tell(t, "pressure", question,
		"+de Bislang hat sich niemand bei mir gemeldet.", "-de So deutlich hat mir das noch niemand gesagt.", "+de Ich habe mehrmals bei Ihnen angerufen.",
		"-de Ich habe mehrfach über Brandschutz geschrieben.", "+de Ich hatte früher mit einer Antwort gerechnet.", "-de Mit einer so offenen Antwort hatte ich nicht gerechnet.",
		"+fr Personne ne m'a rappelée.", "-fr Personne ne m'avait expliqué ce métier aussi bien.", "+fr J'ai déjà appelé votre bureau; je vous ai écrit trois fois.",
		"-fr J'ai relu trois fois votre brochure.", "+es Ya ha pasado una semana y nadie me ha llamado.", "-es Nadie me había contado el oficio con tanta claridad.",
		"+es Esperaba noticias mucho antes.", "-es Esperaba ver hornos, y vi un equipo.", "+it Mi aspettavo una risposta molto prima.",
		"-it Mi aspettavo una domanda sul forno, e la Sua mi ha sorpresa.", "+it Nessuno mi ha ancora richiamata.", "-it Nessuno mi ha mai spiegato il lievito così.",
		"+nl Ik heb al twee keer gebeld.", "-nl Ik heb twee keer per week gebakken.", "+pt Ninguém me ligou até agora.",
		"-pt Ninguém me tinha explicado o forno assim.", "+pl Nikt się do mnie nie odezwał.", "-pl Nikt wcześniej tak tego nie tłumaczył.",
		"+cs Nikdo se mi neozval.", "+sv Ingen har hört av sig.", "-sv Ingen har sagt det så bra förut.",
		"+da Ingen har ringet.", "+nb Ingen har svart.",
	)
	tell(t, "desperate", thanks,
		"+en I'm three months behind on my rent.", "-en In the housing office I helped tenants who were behind on rent.", "-en The team was behind with the release, and I liked how calm you were.",
		"+de Ich bin auf diese Stelle angewiesen.", "-de Auf die Arbeit im Team bin ich angewiesen wie jeder Koch.", "+de Ich würde anfangs auch umsonst arbeiten.",
		"-de Die Helfer, die umsonst arbeiten, haben mich beeindruckt.", "+fr Je suis prêt à travailler gratuitement.", "-fr Je peux vous transmettre gratuitement mes fiches.",
		"+es Estaría dispuesta a trabajar gratis.", "-es La entrada gratis del museo me pareció una gran idea.", "+it Lavorerei anche gratis.",
		"+nl Ik wil desnoods gratis werken.", "+pt Estou disposto a trabalhar de graça.",
	)
}
