package mailer

import "strings"

// What firms put below and gateways above every letter says nothing of who
// wrote it: it is left out before the words of a letter are weighed.
const (
	leastNotices = 2 // marks that make a paragraph a notice
	leastNotice  = 40
)

// withoutNotices blanks the paragraphs of a text that are a legal notice, the
// facts of a company or a gateway's warning. Other words keep their places.
func withoutNotices(text string) string {
	var out strings.Builder
	for from := 0; from < len(text); {
		end := len(text)
		if at := strings.Index(text[from:], "\n\n"); at >= 0 {
			end = from + at + 2
		}
		paragraph := text[from:end]
		if isNotice(paragraph) {
			paragraph = strings.Repeat(" ", len(paragraph)-2) + "\n\n"
		}
		out.WriteString(paragraph)
		from = end
	}
	return out.String()
}

// isNotice counts the marks of a paragraph.
func isNotice(paragraph string) bool {
	if len(paragraph) < leastNotice {
		return false
	}
	lower, marks := strings.ToLower(paragraph), 0
	for _, mark := range noticeMarks() {
		if strings.Contains(lower, mark) {
			marks++
		}
	}
	return marks >= leastNotices
}

// noticeMarks are what such notices say, in lower case.
func noticeMarks() []string {
	return []string{
		"confidential", "privileged", "intended recipient", "addressee", "notify the sender", "delete this", "unauthorised", "unauthorized", "environment before printing",
		"outside of the organi", "outside your organi", "from outside", "click links", "click on links", "open attachments", "recognize the sender", "recognise the sender", "registered in england", "company number", "registered office",
		"vertraulich", "richtige adressat", "irrtümlich", "absender und", "vernichten sie", "sitz der gesellschaft", "geschäftsführer", "handelsregister", "registergericht", "ust-id", "amtsgericht", "externe e-mail", "keine links",
		"confidentiel", "destinataire", "par erreur", "avertir l'expéditeur", "capital de", "siège social", "rcs ", "cliquez pas",
		"confidencial", "destinatario", "por error", "protección de datos", "registro mercantil", "destinatário", "por engano",
		"riservat", "per errore", "avvisare il mittente", "codice fiscale", "vertrouwelijk", "geadresseerde", "kvk", "afzender", "konfidentiell", "avsedd mottagare", "avsändaren", "organisationsnummer",
		"poufn", "adresat", "nadawc", "krs ", "zarząd",
	}
}
