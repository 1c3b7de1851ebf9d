package imap

import (
	"testing"

	"afterword/mailer"
)

// TestFoldersOfSentMail: where no special use is stated, the folder of sent mail is known
// by its name in the user's language, and no other for it.
func TestFoldersOfSentMail(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"Sent", "Sent Items", "INBOX.Sent Messages", "sent-mail", "Sent_Mail", "INBOX/Gesendete Nachrichten", "Éléments envoyés", "E\u0301le\u0301ments envoye\u0301s", "Courriers envoyés",
		"Correos enviados", "E-mails enviados", "Messaggi inviati", "Verzonden items", "Wiadomości wysłane", "Wysłane", "Skickade meddelanden", "Sendt post", "Sendte meldinger",
		"Odeslané zprávy", "Отправленные", "Отправленные письма", "Надіслані листи", "Изпратени писма", "Gönderilmiş Öğeler", "Mesaje trimise", "Elküldött levelek", "Απεσταλμένα μηνύματα",
		"Poslane poruke", "Saadetud kirjad", "Nosūtītās vēstules", "Išsiųsti laiškai", "Enviats", "Đã gửi", "Pesan terkirim", "פריטים שנשלחו", "البريد المرسل", "送信済みメール", "已发送", "보낸편지함",
	} {
		if got := roleByName(name, '.'); got != mailer.RoleSent && roleByName(name, '/') != mailer.RoleSent {
			t.Errorf("%q is taken for %q", name, got)
		}
	}
	for _, name := range []string{
		"", "-", "Mail", "Post", "Posta", "Messages", "Nachrichten", "Elementy", "Not sent", "Unsent", "To be sent", "Nicht gesendet", "Non envoyés", "Non inviati", "Posta da inviare", "Sent invoices",
		"Sent to recruiters", "Presentations", "Sentry", "Outbox", "Postausgang", "Gesendet 2019", "Niewysłane", "Неотправленные", "Gönderilecek", "Pesan", "未发送", "Consent",
	} {
		if got := roleByName(name, '.'); got == mailer.RoleSent {
			t.Errorf("%q is taken for a folder of sent mail", name)
		}
	}
}
