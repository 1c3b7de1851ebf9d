package imap

import (
	"slices"
	"strings"

	goimap "github.com/emersion/go-imap/v2"
	"golang.org/x/text/unicode/norm"

	"afterword/mailer"
)

// roleByUse returns the role that a folder's attributes state (RFC 6154
// section 2), "" if they state none.
func roleByUse(attrs []goimap.MailboxAttr) mailer.Role {
	for _, attr := range attrs {
		switch strings.ToLower(string(attr)) {
		case `\sent`:
			return mailer.RoleSent
		case `\drafts`:
			return mailer.RoleDrafts
		case `\junk`:
			return mailer.RoleJunk
		case `\trash`:
			return mailer.RoleTrash
		case `\archive`:
			return mailer.RoleArchive
		case `\all`:
			return mailer.RoleAll
		}
	}
	return ""
}

// isView reports whether a folder only shows messages that stand elsewhere
// (RFC 6154 section 2: \Flagged; RFC 8457: \Important).
func isView(attrs []goimap.MailboxAttr) bool {
	return hasAttr(attrs, `\Flagged`) || hasAttr(attrs, `\Important`)
}

func hasAttr(attrs []goimap.MailboxAttr, want string) bool {
	return slices.ContainsFunc(attrs, func(a goimap.MailboxAttr) bool {
		return strings.EqualFold(string(a), want)
	})
}

// roleByName returns the role that the last part of a folder's name suggests,
// "" if it suggests none. Mail programs create folders in the user's language.
func roleByName(name string, delim rune) mailer.Role {
	if delim != 0 {
		name = name[strings.LastIndex(name, string(delim))+1:]
	}
	name = strings.ToLower(norm.NFC.String(strings.TrimSpace(name)))
	if saysSent(name) {
		return mailer.RoleSent
	}
	switch name {
	case "寄件備份", "寄件匣", "보낸편지함", "보낸 편지함", "보낸메일함", "已发送", "已发送邮件", "已傳送郵件", "送信済み", "送信済みメール", "送信済みアイテム", "ส่งแล้ว", "ข้อความที่ส่ง":
		return mailer.RoleSent
	case "drafts", "draft", "brouillons", "brouillon", "entwürfe", "borradores", "borrador", "rascunhos",
		"bozze", "concepten", "wersje robocze", "utkast", "kladder", "kladde", "luonnokset", "koncepty",
		"черновики", "чернетки", "taslaklar", "下書き", "草稿", "草稿箱", "임시보관함":
		return mailer.RoleDrafts
	case "junk", "spam", "junk e-mail", "junk email", "junk mail", "bulk", "bulk mail", "quarantaine", "indésirables", "courrier indésirable",
		"pourriel", "junk-e-mail", "unerwünscht", "unerwünschte werbung", "spamverdacht",
		"correo no deseado", "no deseado", "lixo eletrônico", "lixo electrónico",
		"posta indesiderata", "indesiderata", "ongewenst", "ongewenste e-mail", "wiadomości-śmieci",
		"skräppost", "søppelpost", "uønsket e-mail", "roskaposti", "nevyžádaná pošta",
		"спам", "迷惑メール", "정크 메일", "垃圾邮件", "垃圾郵件", "스팸편지함":
		return mailer.RoleJunk
	case "trash", "deleted", "deleted items", "deleted messages", "bin", "corbeille", "éléments supprimés",
		"messages supprimés", "papierkorb", "gelöscht", "gelöschte objekte", "gelöschte elemente",
		"papelera", "elementos eliminados", "eliminados", "lixeira", "lixo", "itens excluídos",
		"cestino", "posta eliminata", "prullenbak", "verwijderde items", "kosz", "elementy usunięte",
		"papperskorgen", "borttagna objekt", "papirkurv", "slettede elementer", "roskakori", "koš",
		"корзина", "удаленные", "удалённые", "удалённые элементы", "кошик", "çöp kutusu", "ゴミ箱", "削除済みアイテム", "지운 편지함", "已删除", "已删除邮件", "휴지통":
		return mailer.RoleTrash
	case "archive", "archives", "archived", "archiv", "archivo", "archivados", "arquivo", "arquivados",
		"archivio", "archief", "archiwum", "arkiv", "arkisto", "архив", "архів", "arşiv", "アーカイブ", "存档", "归档":
		return mailer.RoleArchive
	case "all mail", "tous les messages", "alle nachrichten", "todos los mensajes",
		"todos os e-mails", "tutti i messaggi", "alle berichten", "wszystkie", "вся почта", "すべてのメール", "所有邮件":
		return mailer.RoleAll
	}
	return ""
}

// saysSent reports whether a name in small letters says that its messages were sent, and
// nothing else: whatever a mail program calls messages stands before that word or behind
// it, and any further word makes it another folder ("not sent", "sent invoices").
func saysSent(name string) bool {
	said := false
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '-' || r == '_' || r == '\u00a0' }) {
		switch {
		case slices.Contains(sentWords, word):
			said = true
		case !slices.Contains(messageWords, word):
			return false
		}
	}
	return said
}

// sentWords say in a language that something was sent, in the forms that folders have.
var sentWords = strings.Fields(`sent sentmail envoyé envoyés envoyée envoyées gesendet gesendete gesendeter enviado enviada enviados enviadas
	inviato inviata inviati inviate verzonden verstuurd verstuurde wysłane wysłana skickat skickade sendt sendte lähetetty lähetetyt odeslané odeslaná odeslaně odoslané odoslaná
	отправленные отправлено надіслані відправлені надіслано изпратени изпратена адпраўленыя дасланыя gönderilmiş gönderilen gönderilenler göndərilənlər trimise trimis elküldött
	απεσταλμένα απεσταλμένη σταλθέντα poslano poslana poslane poslato poslata послато послата послати saadetud nosūtītie nosūtītās nosūtīts išsiųsti išsiųstos išsiųsta enviats enviat
	unviaos bidalitakoak bidalita gửi terkirim dihantar נשלח שנשלח נשלחו שנשלחו المرسل المرسلة`)

// messageWords are what folders call messages beside that.
var messageWords = strings.Fields(`mail mails e email emails item items message messages post element elements postausgang objekte elemente nachrichten éléments courrier courriers courriels
	elementos mensajes mensaje correo correos itens mensagens posta elementi messaggi berichten elementy wiadomości poczta objekt meddelanden elementer meldinger beskeder meddelelser viestit
	pošta zprávy správy položky письма сообщения элементы почта листи пошта повідомлення писма поща öğeler postalar iletiler e-postalar mesaje elemek üzenetek levelek μηνύματα στοιχεία
	poruke sporočila pošte поруке kirjad laiškai vēstules missatges mezuak thư mục đã surat pesan פריטים דואר הודעות العناصر البريد الرسائل`)
