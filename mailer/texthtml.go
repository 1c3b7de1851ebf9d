package mailer

import (
	"strings"

	"golang.org/x/net/html"
)

// htmlToText gives the text of an HTML body as a reader would see it. What was
// quoted is marked with "> " as in plain text, so that one rule finds quotes
// in both; a signature that a program marked begins with "-- ".
func htmlToText(src string) string {
	w := &htmlWriter{cited: strings.LastIndex(strings.ToLower(src), "<blockquote")}
	z := html.NewTokenizer(strings.NewReader(src))
	z.SetMaxBuf(maxPartBytes)
	for w.out.Len() < maxTextBytes {
		kind := z.Next()
		w.at += len(z.Raw())
		switch kind {
		case html.ErrorToken:
			return w.finish()
		case html.TextToken:
			w.text(z.Raw())
		case html.StartTagToken, html.SelfClosingTagToken:
			w.open(z)
		case html.EndTagToken:
			name, _ := z.TagName()
			w.close(string(name))
		}
	}
	return w.finish()
}

type htmlWriter struct {
	out     strings.Builder
	line    strings.Builder // the line being written, spaces collapsed
	blanks  int
	hidden  string // element whose content is not for a reader
	quotes  []bool // for each open block element: does it quote
	at      int    // bytes of the source that were read
	cited   int    // where the last <blockquote> stands in it, -1 if nowhere
	intro   int    // how many blocks are open around the line that introduces a quote, 0 if none does
	depth   int    // quoting elements that are open
	rest    bool   // everything from here on is the mail replied to
	pending bool   // a space is due before the next word
	pre     int
}

// text writes character data. White space is collapsed, but for <pre>.
func (w *htmlWriter) text(raw []byte) {
	if w.hidden != "" {
		return
	}
	s := showable(html.UnescapeString(string(raw)))
	if w.pre > 0 {
		for i, l := range strings.Split(s, "\n") {
			if i > 0 {
				w.newline()
			}
			w.line.WriteString(strings.TrimRight(l, "\r"))
		}
		return
	}
	for _, r := range s {
		switch r {
		case ' ', '\t', '\n', '\r', '\u00a0':
			w.pending = w.pending || w.line.Len() > 0
		case '\u200b', '\u200c', '\u200d', '\ufeff', '\u00ad', '\u034f':
			// Invisible: newsletters pad their previews with these.
		default:
			if w.pending {
				w.line.WriteByte(' ')
				w.pending = false
			}
			w.line.WriteRune(r)
		}
	}
}

// newline ends the line being written, with its quote mark.
func (w *htmlWriter) newline() {
	w.pending = false
	s := w.line.String()
	w.line.Reset()
	if strings.TrimSpace(s) == "" {
		w.blanks++
		if w.blanks > 1 {
			return
		}
		s = ""
	} else {
		w.blanks = 0
	}
	if w.intro > 0 && strings.HasPrefix(strings.TrimSpace(s), "---") {
		w.rest = true // "---------- Forwarded message": that mail stands in no element of its own
	}
	if w.rest || w.depth > 0 {
		w.out.WriteString("> ")
	}
	w.out.WriteString(s)
	w.out.WriteByte('\n')
}

// breakLine ends a line that has anything on it.
func (w *htmlWriter) breakLine() {
	if w.line.Len() > 0 {
		w.newline()
	}
}

func (w *htmlWriter) open(z *html.Tokenizer) {
	nameBytes, more := z.TagName()
	name := string(nameBytes)
	if w.hidden != "" {
		return
	}
	switch name {
	case "script", "style", "head", "title", "template":
		w.hidden = name
	case "br":
		w.newline()
	case "td", "th":
		w.pending = w.pending || w.line.Len() > 0
	case "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "tr", "hr", "li":
		w.breakLine()
		if name == "p" {
			w.newline()
		}
		if name == "hr" && attributes(z, more)["id"] == "stopSpelling" {
			w.rest = true // Outlook on the web, above the mail replied to
		}
	case "pre":
		w.breakLine()
		w.pre++
	case "div", "blockquote", "section", "article":
		w.breakLine()
		w.openBlock(name, attributes(z, more))
	}
}

// openBlock notes whether a block quotes, by the marks that mail programs set.
func (w *htmlWriter) openBlock(name string, attr map[string]string) {
	class, id := strings.TrimPrefix(attr["class"], "x_"), strings.TrimPrefix(attr["id"], "x_") // "x_" is put before the marks of mail within a mail
	quotes := name == "blockquote" || strings.Contains(class, "moz-cite-prefix") || strings.Contains(class, "yahoo_quoted") ||
		strings.HasPrefix(id, "yahoo_quoted") || class == "gmail_attr"
	if quotesAround(class, id, attr["name"]) && w.at > w.cited {
		quotes = true // else answers may stand between what it quotes
	}
	if strings.HasPrefix(attr["title"], "beforequote:") || id == "divRplyFwdMsg" || id == "appendonsend" || strings.Contains(class, "OutlookMessageHeader") {
		w.rest = true
	}
	if class == "gmail_signature" || id == "Signature" || id == "ms-outlook-mobile-signature" || id == "AppleMailSignature" {
		w.line.WriteString("-- ")
		w.newline()
	}
	if len(w.quotes) < 10000 {
		w.quotes = append(w.quotes, quotes)
		if class == "gmail_attr" {
			w.intro = len(w.quotes)
		}
		if quotes {
			w.depth++
		}
	}
}

// quotesAround tells the elements that mail programs and help desks put around
// the mail replied to, and what introduces it.
func quotesAround(class, id, name string) bool {
	for one := range strings.FieldsSeq(class) {
		switch one {
		case "protonmail_quote", "zmail_extra", "freshdesk_quote", "front-blockquote", "quotedReply", "ms-outlook-mobile-reference-message":
			return true
		}
		if strings.Contains(one, "gmail_quote") {
			return true
		}
	}
	return name == "messageReplySection" || id == "mail-editor-reference-message-container"
}

func (w *htmlWriter) close(name string) {
	if w.hidden != "" {
		if name == w.hidden {
			w.hidden = ""
		}
		return
	}
	switch name {
	case "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "tr", "li":
		w.breakLine()
	case "pre":
		w.breakLine()
		w.pre = max(w.pre-1, 0)
	case "div", "blockquote", "section", "article":
		w.breakLine()
		if n := len(w.quotes); n > 0 {
			if w.quotes[n-1] {
				w.depth--
			}
			w.quotes = w.quotes[:n-1]
			if w.intro == n {
				w.intro = 0
			}
		}
	}
}

func (w *htmlWriter) finish() string {
	w.breakLine()
	return w.out.String()
}

// attributes reads the few attributes that say what a block is for.
func attributes(z *html.Tokenizer, more bool) map[string]string {
	var attr map[string]string
	for n := 0; more && n < 50; n++ {
		var k, v []byte
		k, v, more = z.TagAttr()
		switch key := string(k); key {
		case "class", "id", "name", "title":
			if attr == nil {
				attr = map[string]string{}
			}
			attr[key] = string(v)
		}
	}
	return attr
}
