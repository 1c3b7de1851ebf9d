package mailer

import (
	"strings"
	"sync"
)

// maxNoticeBytes bounds the text in which phrases are sought. The kind of a message
// shows at its beginning.
const maxNoticeBytes = 12 << 10

// Classify decides what kind of message came in, on what evidence, and reads what it
// says. It looks at structure first (each rule names its RFC), then at header fields,
// and at words last. It never fails, and its work is bounded.
func Classify(m Message) Reading {
	c := newClassifier(&m)
	for _, rule := range []func(*classifier) bool{
		(*classifier).feedbackReport,
		(*classifier).readReceipt,
		(*classifier).challenge,
		(*classifier).deliveryReport,
		(*classifier).calendar,
		(*classifier).serviceReport,
		(*classifier).textBounce,
		(*classifier).markedAutoReply,
		(*classifier).wordedReceipt,
		(*classifier).wordedAutoReply,
		(*classifier).bulk,
		(*classifier).notification,
		(*classifier).unwanted,
		(*classifier).nothingToRead,
	} {
		if rule(c) {
			break
		}
	}
	if c.reading.Kind == "" {
		c.set(Human, "nothing marks it as written by a program")
	}
	c.intent()
	return c.reading
}

// classifier holds what several rules ask about one message. It lives for one
// call.
type classifier struct {
	m       *Message
	tables  *phraseTables
	reading Reading

	title   string // the subject without the labels of gateways
	subject phrases
	own     *phrases        // see fresh
	read    []word          // see freshWords
	meant   *statement      // see statement
	server  *notice         // see notice
	told    *deliveryReport // see report

	hoursOnly bool // it says when letters are answered, and nothing else

	reportType string // of a multipart/report (RFC 6522), else ""

	daemon   bool // a mail server's own address wrote it
	robot    bool // nobody reads answers to its address
	service  bool // it comes from an applicant-tracking system or its kin
	nullPath bool // empty return path (RFC 5321 section 4.5.5)
}

// notice is the text of a mail server's report, without the copy of the returned mail.
type notice struct {
	phrases
	copied string // the copy, or the whole text if there is none
}

// reportSections are the phrases of mail servers; freshSections are those of people, and
// of programs that write for them.
var (
	reportSections = of(bounceText, permanentText, permanentWord, transientText, delayText, ownLimit, successText, challengeText)
	freshSections  = of(autoText, autoOnly, officeHours, autoSelf, challengeText, receiptText, bulkText, spamText, notificationText, applicationText, departure)
)

func newClassifier(m *Message) *classifier {
	c := &classifier{m: m, tables: tables(), title: withoutLabels(m.Subject)}
	if label, labelled := strings.CutSuffix(m.Subject, c.title); labelled && label != "" && c.tables.has(label, autoSubject) {
		c.title = m.Subject // "[Auto-Reply] Re: ..."
	}
	c.subject = c.tables.phrases(c.title, everySection())
	c.reportType = reportType(m)
	c.sender()
	return c
}

// notice returns the words of what may be a server's report. It is lazy: most reports
// are recognised by their structure.
func (c *classifier) notice() *notice {
	if c.server == nil {
		c.server = &notice{copied: c.m.Text}
		if c.mayReport() {
			text, copied := splitCopy(c.m.Text)
			c.server = &notice{c.tables.phrases(text, reportSections), copied}
		}
	}
	return c.server
}

// fresh returns the phrases in the sender's own words. It is lazy too.
func (c *classifier) fresh() *phrases {
	if c.own == nil {
		p := c.tables.phrasesOf(c.m.NewText[:min(len(c.m.NewText), maxNoticeBytes)], c.freshWords(), freshSections)
		c.own = &p
	}
	return c.own
}

// freshWords returns the sender's own words, read once.
func (c *classifier) freshWords() []word {
	if c.read == nil {
		text := c.m.NewText[:min(len(c.m.NewText), maxNoticeBytes)]
		if c.server != nil && c.server.text == text {
			c.read = c.server.words // a report without a copy
		} else {
			c.read = c.tables.read(text)
		}
	}
	return c.read
}

// mayReport reports whether the text is worth reading as a server's report.
func (c *classifier) mayReport() bool {
	return c.daemon || c.nullPath || c.robot || c.says(bounceSubject) || c.says(delayText) || c.hasReport() ||
		c.m.Header.Get("x-failed-recipients") != ""
}

func (c *classifier) sender() {
	for _, a := range append(append([]Address{}, c.m.From...), c.m.Sender...) {
		c.daemon = c.daemon || isDaemon(a.Addr) || isDaemonName(a.Name)
		c.robot = c.robot || knownDomains().Robot(a.Addr)
		_, service := knownDomains().RelayOrATS(a.Addr)
		c.service = c.service || service
	}
	raw := strings.ToLower(c.m.Header.Get("from"))
	c.daemon = c.daemon || len(c.m.From) == 0 && strings.Contains(raw, "mailer-daemon")
	for _, v := range c.m.Header["return-path"] {
		v = strings.ToLower(strings.Trim(v, "<> \t"))
		c.nullPath = c.nullPath || v == "" || isDaemon(v+"@") || strings.HasPrefix(v, "mailer-daemon")
	}
}

// isDaemonName reports whether a display name is one that mail servers use.
func isDaemonName(name string) bool {
	name = squeeze(strings.ToLower(name))
	for _, mark := range []string{"mailerdaemon", "maildelivery", "maildaemon", "postmaster", "mailsystem", "systemadministrator", "internetmaildelivery", "mailadministrator"} {
		if strings.Contains(name, mark) {
			return true
		}
	}
	return false
}

// knownDomains are the tables of domains and robots; read-only.
var knownDomains = sync.OnceValue(LoadTables)

// isRole reports whether the sender is a company or a department rather than a person,
// by its display name or, without one, by its address.
func (c *classifier) isRole() bool {
	for _, a := range c.m.From {
		name := a.Name
		if name == "" {
			name, _, _ = strings.Cut(a.Addr, "@")
		}
		if !c.tables.has(name, roleName) {
			return false
		}
	}
	return true
}

// set decides the kind. The first piece of evidence is the decisive one. It returns
// true, so that a rule can return it.
func (c *classifier) set(kind Kind, evidence ...string) bool {
	c.reading.Kind = kind
	c.reading.Evidence = append(c.reading.Evidence, evidence...)
	return true
}

// says reports whether the subject contains a phrase of the section.
func (c *classifier) says(s section) bool { return c.subject.counts[s] > 0 }

// opens reports whether the subject begins with a phrase of the section, not counting
// marks such as "Re:".
func (c *classifier) opens(s section) bool {
	from, skip := len(c.title)-len(withoutReplyMarks(c.title)), 0
	for skip < len(c.subject.words) && int(c.subject.words[skip].start) < from {
		skip++
	}
	for _, f := range c.subject.all {
		if f.section == s && f.first == skip {
			return true
		}
	}
	return false
}

// closes reports whether the subject ends with a phrase of the section, as in "Yahoo!
// Auto Response".
func (c *classifier) closes(s section) bool {
	for _, f := range c.subject.all {
		if f.section == s && f.end == len(c.subject.words) {
			return true
		}
	}
	return false
}

// isForward reports whether the subject bears the mark of a reply or a forward, which
// mail servers do not write.
func (c *classifier) isForward() bool { return withoutReplyMarks(c.title) != c.title }

// field returns a header field in lower case, trimmed.
func (c *classifier) field(name string) string {
	return strings.ToLower(strings.TrimSpace(c.m.Header.Get(name)))
}
