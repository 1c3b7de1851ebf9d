package sim

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"afterword/mailer/mailtest"
)

// odd brings a mail of a stranger that is broken, huge or hostile. It may lead to a
// question, and must stop nobody.
func (s *stage) odd(e Event, chance *rand.Rand) {
	head := fmt.Sprintf("From: Robin Vale <robin@strangers.example>\r\nTo: %s\r\nSubject: Hello\r\nMessage-ID: <odd-%d@strangers.example>\r\nDate: %s\r\n",
		me, e.N, s.truth.Now().Format(time.RFC1123Z))
	raws := []string{
		"",
		"\r\n\r\n",
		"no header at all",
		head + "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
		head + nested(150) + "deep\r\n",
		head + strings.Repeat("X-Header: one of many\r\n", 3000) + "\r\nHello.\r\n",
		head + "\r\n" + strings.Repeat("x", 200_000) + "\r\n",
		head + "Content-Type: text/plain; charset=\"no-such\"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\x00\xff\xfe\r\n",
		strings.Replace(head, "From: Robin Vale <robin@strangers.example>", "From: <<@@>>, \"", 1) + "\r\nHello.\r\n",
		head + "Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:99999999T999999Z\r\nRRULE:FREQ=SECONDLY\r\n",
	}
	folder := []string{mailtest.Inbox, mailtest.Junk}[chance.IntN(2)]
	s.files(s.either(e).Deliver(folder, []byte(raws[chance.IntN(len(raws))]), s.truth.Now()))
	if folder != mailtest.Inbox {
		s.asides = append(s.asides, s.truth.Now())
	}
}

// nested is a header of parts within parts.
func nested(deep int) string {
	var b strings.Builder
	for n := range deep {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", n, n)
	}
	return b.String() + "Content-Type: text/plain\r\n\r\n"
}
