package mailer

import (
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	idKen   = "<aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@dana.example>"
	idPriya = "<bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb@dana.example>"
	idMei   = "<cccccccccccccccccccccccccccccccc@dana.example>"
	idTom   = "<dddddddddddddddddddddddddddddddd@dana.example>"
)

var interviewBegan = time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC)

// acme is an application with a recruiter and an interviewer of the company.
func acme() Candidate {
	return Candidate{
		Application: "acme-sre",
		Company:     "Acme GmbH",
		Role:        "Site Reliability Engineer",
		Domains:     []string{"acme.example"},
		People: []Party{
			{Name: "Priya Nair", Addresses: []string{"priya@acme.example"}, Recruiter: true},
			{Name: "Ken Osei", Addresses: []string{"ken@acme.example", "ken.osei77@gmail.com"}, Interviewer: true},
		},
		OurIDs:   map[string]string{idKen: "ken@acme.example", idPriya: "priya@acme.example"},
		Subjects: []string{"Thank you for Monday", "Site Reliability Engineer interview on 23 November"},
		From:     interviewBegan,
	}
}

// acmeData is another role at the same company with the same recruiter.
func acmeData() Candidate {
	return Candidate{
		Application: "acme-data",
		Company:     "Acme",
		Role:        "Data Platform Lead",
		Domains:     []string{"acme.example"},
		People:      []Party{{Name: "Priya Nair", Addresses: []string{"priya@acme.example"}, Recruiter: true}},
		OurIDs:      map[string]string{idTom: "tom@acme.example"},
		Subjects:    []string{"Thank you for Wednesday"},
		From:        interviewBegan,
	}
}

// globex came through an agency.
func globex() Candidate {
	return Candidate{
		Application: "globex",
		Company:     "Globex",
		Role:        "Platform Engineer",
		Domains:     []string{"globex.example", "gmail.com", "linkedin.com"},
		People: []Party{
			{Name: "Mei Lin", Addresses: []string{"mei@hunters.example"}, Recruiter: true},
			{Name: "Zoë Ångström"},
		},
		OurIDs:   map[string]string{idMei: "mei@hunters.example"},
		Subjects: []string{"Platform work at Globex"},
		From:     interviewBegan,
	}
}

// mailFrom is a message to the candidate that arrived after the interviews.
func mailFrom(from string, change func(*Message)) Message {
	m := Message{
		ID:      "<theirs@elsewhere.example>",
		From:    []Address{address(from)},
		To:      []Address{{"Dana Reyes", "dana@dana.example"}},
		Subject: "hello",
		Header:  Header{},
	}
	if change != nil {
		change(&m)
	}
	if m.Text == "" {
		m.Text = m.NewText + m.Quoted
	}
	return m
}

// address splits "Name <addr>" without any checks, as hostile mail wants it.
func address(s string) Address {
	name, addr, found := strings.Cut(s, " <")
	if !found {
		return Address{Addr: s}
	}
	return Address{Name: name, Addr: strings.TrimSuffix(addr, ">")}
}

func matchAll(m Message, r Reading, cs ...Candidate) []Match {
	own := []string{"dana@dana.example", "Dana.Reyes@gmail.com"}
	return MatchAll(m, r, interviewBegan.Add(48*time.Hour), own, cs, LoadTables())
}

// want is a match without its words.
type want struct {
	application         string
	strength            Strength
	person              string
	colleague           bool
	ourID               string
	recruiter, reviewer bool
}

// checkMatches compares all but the evidence, which must only be there.
func checkMatches(t *testing.T, got []Match, wanted ...want) {
	t.Helper()
	var have []want
	for _, m := range got {
		have = append(have, want{m.Application, m.Strength, m.Person, m.Colleague, m.OurID, m.Recruiter, m.Interviewer})
		if m.Evidence == "" || m.Early {
			t.Errorf("the match %+v has no evidence or is early", m)
		}
	}
	if !slices.Equal(have, wanted) {
		t.Errorf("matched\n%+v\nwant\n%+v", have, wanted)
	}
}

func human() Reading { return Reading{Kind: Human} }

func TestMatchByThread(t *testing.T) {
	t.Parallel()
	ken := want{"acme-sre", 1, "ken@acme.example", false, idKen, false, true}
	for name, c := range map[string]struct {
		from   string
		change func(*Message)
		want   []want
	}{
		"the person answers": {"Ken Osei <ken@acme.example>", func(m *Message) { m.InReplyTo = []string{idKen} }, []want{ken}},
		"under a new subject": {"ken@acme.example", func(m *Message) {
			m.InReplyTo, m.Subject = []string{idKen}, "lunch?"
		}, []want{ken}},
		"from an alias":           {"KEN.Osei77+x@googlemail.com", func(m *Message) { m.InReplyTo = []string{idKen} }, []want{ken}},
		"from an unknown address": {"k.o@private.example", func(m *Message) { m.InReplyTo = []string{idKen} }, []want{ken}},
		"an empty From":           {"", func(m *Message) { m.From, m.InReplyTo = nil, []string{idKen} }, []want{ken}},
		"in capitals":             {"x@y.example", func(m *Message) { m.InReplyTo = []string{strings.ToUpper(idKen)} }, []want{ken}},
		"among several parents":   {"ken@acme.example", func(m *Message) { m.InReplyTo = []string{"<x@y>", idKen} }, []want{ken}},
		"References and subject": {"x@y.example", func(m *Message) {
			m.References, m.Subject = []string{"<x@y>", idKen, "<z@y>"}, "RE: thank you  for monday"
		}, []want{{"acme-sre", 2, "ken@acme.example", false, idKen, false, true}}},
		"the newest of References": {"x@y.example", func(m *Message) { m.References, m.Subject = []string{idPriya, idKen}, "AW: Thank you for Monday" }, []want{{"acme-sre", 2, "ken@acme.example", false, idKen, false, true}}},
		"a colleague for the person": {"Jo Wu <jo@mail.acme.example>", func(m *Message) { m.InReplyTo = []string{idKen} },
			[]want{{"acme-sre", 1, "ken@acme.example", true, idKen, false, true}}},
		"another listed person in the thread": {"priya@acme.example", func(m *Message) { m.InReplyTo = []string{idKen} },
			[]want{{"acme-sre", 1, "priya@acme.example", false, idKen, true, false}}},
		"our mail went to an unlisted address": {"somebody@y.example", func(m *Message) { m.InReplyTo = []string{idTom} },
			[]want{{"acme-data", 1, "tom@acme.example", false, idTom, false, false}}},
		"an old mail recycled by a stranger": {"x@y.example", func(m *Message) { m.References, m.Subject = []string{idKen}, "a new matter" }, nil},
		"an old mail recycled by the person": {"ken@acme.example", func(m *Message) { m.References, m.Subject = []string{idKen}, "a new matter" },
			[]want{{"acme-sre", 3, "ken@acme.example", false, "", false, true}}},
		"an ID that only looks like ours": {"x@y.example", func(m *Message) { m.InReplyTo = []string{strings.Replace(idKen, "@", "x@", 1)} }, nil},
		"an ID at our domain":             {"x@y.example", func(m *Message) { m.InReplyTo = []string{"<x@dana.example>"} }, nil},
		"our ID as the mail's own":        {"x@y.example", func(m *Message) { m.ID = idKen }, nil},
		"our ID in the text only":         {"x@y.example", func(m *Message) { m.NewText = idKen }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkMatches(t, matchAll(mailFrom(c.from, c.change), human(), acme(), acmeData(), globex()), c.want...)
		})
	}
}

func TestMatchByPerson(t *testing.T) {
	t.Parallel()
	ken := want{"acme-sre", 3, "ken@acme.example", false, "", false, true}
	for name, c := range map[string]struct {
		from   string
		change func(*Message)
		want   []want
	}{
		"From":                  {"ken@acme.example", nil, []want{ken}},
		"case":                  {"KEN@ACME.EXAMPLE", nil, []want{ken}},
		"plus address":          {"ken+cv@acme.example", nil, []want{ken}},
		"alias":                 {"ken.osei77@gmail.com", nil, []want{ken}},
		"alias with dots":       {"k.e.n.osei77@gmail.com", nil, []want{ken}},
		"Sender":                {"assistant@y.example", func(m *Message) { m.Sender = []Address{{"", "ken@acme.example"}} }, []want{ken}},
		"Reply-To":              {"crm@y.example", func(m *Message) { m.ReplyTo = []Address{{"", "ken@acme.example"}} }, []want{ken}},
		"second From":           {"x@y.example", func(m *Message) { m.From = append(m.From, Address{"", "ken@acme.example"}) }, []want{ken}},
		"through a service":     {"no-reply@ashbyhq.com", func(m *Message) { m.ReplyTo = []Address{{"", "ken@acme.example"}} }, []want{ken}},
		"the domain's root dot": {"ken@acme.example.", nil, []want{ken}},

		"address as display name": {"ken@acme.example <x@evil.example>", nil, nil},
		"address as local part":   {"ken@acme.example@evil.example", nil, nil},
		"only in Cc":              {"x@y.example", func(m *Message) { m.Cc = []Address{{"", "ken@acme.example"}} }, nil},
		"domain with a suffix":    {"ken@acme.example.evil.example", nil, nil},
		"domain with a prefix":    {"ken@notacme.example", nil, nil},
		"another Gmail user":      {"ken.osei78@gmail.com", nil, nil},
		"a post to a foreign list": {"ken.osei77@gmail.com", func(m *Message) {
			m.To = []Address{{"", "sre-talk@lists.example"}}
			m.Header["list-id"] = []string{"<sre-talk.lists.example>"}
		}, nil},
		"a list that we stand in Cc of": {"ken@acme.example", func(m *Message) {
			m.To, m.Cc = []Address{{"", "hiring@acme.example"}}, m.To
			m.Header["list-id"] = []string{"<hiring.acme.example>"}
		}, []want{ken}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkMatches(t, matchAll(mailFrom(c.from, c.change), human(), acme(), globex()), c.want...)
		})
	}
}

func TestMatchByPersonAtInternationalDomain(t *testing.T) {
	t.Parallel()
	c := acme()
	c.People[1].Addresses = []string{"Ken@Bücher.example"}
	c.Domains = nil
	ken := want{"acme-sre", 3, "ken@xn--bcher-kva.example", false, "", false, true}
	for _, from := range []string{"ken@xn--bcher-kva.example", "ken@bücher.example", "ken+1@BÜCHER.example"} {
		checkMatches(t, matchAll(mailFrom(from, nil), human(), c), ken)
	}
	checkMatches(t, matchAll(mailFrom("jo@mail.xn--bcher-kva.example", nil), human(), c), want{"acme-sre", 4, "", true, "", false, false})
	checkMatches(t, matchAll(mailFrom("ken@bucher.example", nil), human(), c))
}

func TestSomebodyListedTwiceIsBoth(t *testing.T) {
	t.Parallel()
	c := acme()
	c.People = append(c.People, Party{Name: "Priya Nair", Addresses: []string{"Priya@acme.example"}, Interviewer: true})
	checkMatches(t, matchAll(mailFrom("priya@acme.example", nil), human(), c), want{"acme-sre", 3, "priya@acme.example", false, "", true, true})
}

func TestMatchByCompany(t *testing.T) {
	t.Parallel()
	colleague := want{"acme-sre", 4, "", true, "", false, false}
	for name, c := range map[string]struct {
		from   string
		kind   Kind
		change func(*Message)
		want   []want
	}{
		"a colleague":              {"Jo Wu <jo@acme.example>", Human, nil, []want{colleague}},
		"below the domain":         {"jo@talent.eu.acme.example", Human, nil, []want{colleague}},
		"a shared mailbox":         {"careers@acme.example", Human, nil, []want{colleague}},
		"out of office":            {"jo@acme.example", AutoReply, nil, []want{colleague}},
		"the person's other alias": {"Osei, Ken <k.osei@acme.example>", Human, nil, []want{{"acme-sre", 4, "ken@acme.example", false, "", false, true}}},
		"a calendar from there":    {"jo@acme.example", CalendarRequest, nil, []want{colleague}},
		"service with their reply": {"x@ashbyhq.com", Notification, func(m *Message) {
			m.ReplyTo = []Address{{"", "jo@acme.example"}}
			m.Subject = "Site Reliability Engineer"
		}, []want{colleague}},

		"robot says nothing":       {"no-reply@acme.example", Notification, func(m *Message) { m.NewText = "Your Acme invoice is ready." }, nil},
		"robot read as human":      {"no-reply@acme.example", Human, func(m *Message) { m.NewText = "Your password was changed." }, nil},
		"robot names the role":     {"no-reply@acme.example", Notification, func(m *Message) { m.Subject = "Site reliability engineer (m/f/d)" }, []want{colleague}},
		"robot names a person":     {"no-reply@acme.example", Notification, func(m *Message) { m.NewText = "Ken Osei left a note." }, []want{colleague}},
		"robot names an address":   {"no-reply@acme.example", Notification, func(m *Message) { m.NewText = "Write to priya@acme.example." }, []want{colleague}},
		"robot names ours":         {"no-reply@acme.example", Notification, func(m *Message) { m.References = []string{idKen} }, []want{colleague}},
		"robot has our subject":    {"no-reply@acme.example", Notification, func(m *Message) { m.Subject = "[#123] Thank you for Monday" }, []want{colleague}},
		"robot and the candidacy":  {"no-reply@acme.example", Notification, func(m *Message) { m.NewText = "An update about your application to Acme." }, []want{colleague}},
		"robot in German":          {"no-reply@acme.example", Notification, func(m *Message) { m.NewText = "Vielen Dank für Ihre Bewerbung." }, []want{colleague}},
		"newsletter":               {"news@acme.example", Bulk, func(m *Message) { m.NewText = "All that is new at Acme." }, nil},
		"newsletter about hiring":  {"news@acme.example", Bulk, func(m *Message) { m.NewText = "Your interview tips from Acme." }, nil},
		"newsletter with the role": {"news@acme.example", Bulk, func(m *Message) { m.NewText = "Open: Site Reliability Engineer" }, []want{colleague}},
		"list without our name": {"jo@acme.example", Human, func(m *Message) {
			m.Header["list-id"] = []string{"<users.acme.example>"}
			m.NewText = "the release is out"
		}, nil},
		"the person through a group": {"'Ken Osei' via Hiring <hiring@acme.example>", Human, func(m *Message) {
			m.Header["list-id"] = []string{"<hiring.acme.example>"}
		}, []want{{"acme-sre", 4, "ken@acme.example", false, "", false, true}}},
		"newsletter under the person's name": {"Ken Osei <news@acme.example>", Bulk, nil, []want{colleague}},
		"first name only":                    {"no-reply@acme.example", Notification, func(m *Message) { m.NewText = "Ken shared a file." }, nil},
		"free mail is nobody's":              {"stranger@gmail.com", Human, nil, nil},
		"service is nobody's":                {"stranger@linkedin.com", Human, nil, nil},
		"another company":                    {"jo@initech.example", Human, func(m *Message) { m.NewText = "Acme, Site Reliability Engineer" }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkMatches(t, matchAll(mailFrom(c.from, c.change), Reading{Kind: c.kind}, acme(), globex()), c.want...)
		})
	}
}

func TestRobotWithARejectionCounts(t *testing.T) {
	t.Parallel()
	m := mailFrom("no-reply@acme.example", func(m *Message) { m.NewText = "We went on with others." })
	checkMatches(t, matchAll(m, Reading{Kind: Notification, Rejection: true}, acme()), want{"acme-sre", 4, "", true, "", false, false})
	checkMatches(t, matchAll(m, Reading{Kind: Notification}, acme()))
}

func TestMatchByAgency(t *testing.T) {
	t.Parallel()
	cases := map[string]want{
		"mei@hunters.example":               {"globex", 3, "mei@hunters.example", false, "", true, false},
		"hr@globex.example":                 {"globex", 4, "", true, "", false, false},
		"Zoë Ångström <zoe@globex.example>": {"globex", 4, "", false, "", false, false},
	}
	for from, w := range cases {
		checkMatches(t, matchAll(mailFrom(from, nil), human(), acme(), globex()), w)
	}
	checkMatches(t, matchAll(mailFrom("boss@hunters.example", nil), human(), acme(), globex()))
}

func TestMatchByService(t *testing.T) {
	t.Parallel()
	sre := want{"acme-sre", 4, "", false, "", false, false}
	for name, c := range map[string]struct {
		from   string
		kind   Kind
		change func(*Message)
		want   []want
	}{
		"the company in the text":    {"no-reply@us.greenhouse-mail.io", Notification, func(m *Message) { m.NewText = "Thank you for your interest in Acme." }, []want{sre}},
		"the company in the subject": {"no-reply@hire.lever.co", Human, func(m *Message) { m.Subject = "Your application to ACME" }, []want{sre}},
		"the company as the sender":  {"Acme Hiring Team <no-reply@ashbyhq.com>", Bulk, nil, []want{sre}},
		"the company as the tenant":  {"acme@myworkday.com", Notification, nil, []want{sre}},
		"the company as the host":    {"no-reply@acme.recruitee.com", Notification, nil, []want{sre}},
		"the company's domain":       {"x@smartrecruiters.com", Notification, func(m *Message) { m.NewText = "See https://jobs.acme.example/123" }, []want{sre}},
		"the role":                   {"x@icims.com", Notification, func(m *Message) { m.NewText = "About the Site  Reliability\nEngineer opening." }, []want{sre}},
		"a person":                   {"x@calendly.com", Notification, func(m *Message) { m.NewText = "Event with KEN OSEI" }, []want{sre}},
		"a person passes on":         {"Ken Osei via LinkedIn <hit-reply@linkedin.com>", Human, nil, []want{{"acme-sre", 4, "ken@acme.example", false, "", false, true}}},
		"a name with accents":        {"Zoe Angstrom <hit-reply@linkedin.com>", Human, nil, []want{{"globex", 4, "", false, "", false, false}}},

		"nothing of ours":        {"no-reply@ashbyhq.com", Notification, func(m *Message) { m.NewText = "Initech thanks you." }, nil},
		"a part of a word":       {"no-reply@ashbyhq.com", Notification, func(m *Message) { m.NewText = "Acmeology is looking for you." }, nil},
		"an everyday word":       {"no-reply@ashbyhq.com", Notification, func(m *Message) { m.NewText = "the acme of engineering" }, nil},
		"job alert for the role": {"jobalerts@linkedin.com", Bulk, func(m *Message) { m.Subject = "Site Reliability Engineer at Initech" }, nil},
		"the first name":         {"x@calendly.com", Notification, func(m *Message) { m.NewText = "Ken is waiting." }, nil},
		"the company in a quote": {"x@calendly.com", Human, func(m *Message) { m.NewText, m.Quoted = "Sure.", "> Acme" }, nil},
		"not a service":          {"no-reply@greenhouse-mail.io.evil.example", Notification, func(m *Message) { m.NewText = "Acme" }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkMatches(t, matchAll(mailFrom(c.from, c.change), Reading{Kind: c.kind}, acme(), globex()), c.want...)
		})
	}
}

// A candidate may talk to a company that runs such a service itself.
func TestServiceAsTheCompany(t *testing.T) {
	t.Parallel()
	c := Candidate{Application: "li", Company: "LinkedIn", Role: "Staff Engineer", Domains: []string{"linkedin.com"}, From: interviewBegan}
	checkMatches(t, matchAll(mailFrom("jane@linkedin.com", nil), human(), c), want{"li", 4, "", true, "", false, false})
	robot := mailFrom("messages-noreply@linkedin.com", func(m *Message) { m.NewText = "You appeared in 9 searches on LinkedIn." })
	checkMatches(t, matchAll(robot, Reading{Kind: Notification}, c))
}

const invite = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nORGANIZER;CN=Scheduling:mailto:robot@scheduler.example\r\n" +
	"ATTENDEE;CN=Somebody;PARTSTAT=ACCEPTED:MAILTO:%\r\nATTENDEE:mailto:dana@dana.example\r\nDESCRIPTION:mailto:ken@acme.example\r\n" +
	"END:VEVENT\r\nEND:VCALENDAR\r\n"

func TestMatchByInvitation(t *testing.T) {
	t.Parallel()
	for attendee, wanted := range map[string][]want{
		"ken@ac\r\n me.example": {{"acme-sre", 5, "ken@acme.example", false, "", false, true}},
		"jo@acme.example":       {{"acme-sre", 5, "", true, "", false, false}},
		"jo@initech.example":    nil,
	} {
		m := mailFrom("robot@scheduler.example", func(m *Message) {
			m.Parts = []Part{{Type: "text/html"}, {Type: "text/calendar", Content: []byte(strings.Replace(invite, "%", attendee, 1))}}
		})
		checkMatches(t, matchAll(m, Reading{Kind: CalendarRequest}, acme(), globex()), wanted...)
		checkMatches(t, matchAll(m, human(), acme(), globex()))
	}
}

func TestMatchBySubjectOrQuote(t *testing.T) {
	t.Parallel()
	weak := want{"acme-sre", 6, "", false, "", false, false}
	quote := "> On Tuesday Dana Reyes <dana@dana.example> wrote:\n> To: ken@acme.example\n> Hi Ken"
	for name, c := range map[string]struct {
		kind   Kind
		change func(*Message)
		want   []want
	}{
		"our subject answered":          {Human, func(m *Message) { m.Subject = "Re: Thank you for Monday" }, []want{weak}},
		"with the marks of a gateway":   {Human, func(m *Message) { m.Subject = "[EXTERNAL] AW: Re[2]: Thank you for Monday" }, []want{weak}},
		"an automatic answer":           {AutoReply, func(m *Message) { m.Subject = "Réponse automatique : Thank you for Monday" }, []want{weak}},
		"quoted mail to the person":     {Human, func(m *Message) { m.Quoted = quote }, []want{weak}},
		"quoted subject":                {Human, func(m *Message) { m.Quoted = "From: dana@dana.example\nSubject: Thank you for Monday" }, []want{weak}},
		"a person's name elsewhere":     {Human, func(m *Message) { m.From[0].Name = "Ken Osei" }, []want{{"acme-sre", 6, "ken@acme.example", false, "", false, true}}},
		"a text bounce that quotes us":  {Bounce, func(m *Message) { m.Text = strings.ReplaceAll(quote, "\n> ", "\n") }, []want{weak}},
		"somebody else's thank you":     {Human, func(m *Message) { m.Subject = "Re: Thank you" }, nil},
		"a friend quotes us":            {Human, func(m *Message) { m.Quoted = "> Dana Reyes <dana@dana.example>: I was at Acme" }, nil},
		"the person quoted without us":  {Human, func(m *Message) { m.Quoted = "> ken@acme.example wrote" }, nil},
		"newsletter with our subject":   {Bulk, func(m *Message) { m.Subject = "Re: Thank you for Monday" }, nil},
		"notification with our subject": {Notification, func(m *Message) { m.Subject = "Thank you for Monday" }, nil},
		"our subject within another":    {Human, func(m *Message) { m.Subject = "Re: Thank you for Monday and more" }, nil},
		"no subject":                    {Human, func(m *Message) { m.Subject = "" }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := mailFrom("x@nowhere.example", c.change)
			checkMatches(t, matchAll(m, Reading{Kind: c.kind}, acme(), globex()), c.want...)
		})
	}
}

func TestShortSubjectWantsASign(t *testing.T) {
	t.Parallel()
	c := acme()
	c.Subjects = []string{"Thank you"}
	checkMatches(t, matchAll(mailFrom("x@y.example", func(m *Message) { m.Subject = "Thank you" }), human(), c))
	checkMatches(t, matchAll(mailFrom("x@y.example", func(m *Message) { m.Subject = "Re: Thank you" }), human(), c),
		want{"acme-sre", 6, "", false, "", false, false})
}

func TestMatchReports(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reading Reading
		from    string
		want    []want
	}{
		"original id": {Reading{Kind: Bounce, OriginalID: idKen}, "mailer-daemon@mx.example",
			[]want{{"acme-sre", 1, "ken@acme.example", false, idKen, false, true}}},
		"original id without brackets": {Reading{Kind: Bounce, OriginalID: strings.Trim(idKen, "<>")}, "mailer-daemon@mx.example",
			[]want{{"acme-sre", 1, "ken@acme.example", false, idKen, false, true}}},
		"the company's server is no colleague": {Reading{Kind: Bounce, OriginalID: idKen}, "postmaster@acme.example",
			[]want{{"acme-sre", 1, "ken@acme.example", false, idKen, false, true}}},
		"delay": {Reading{Kind: Delay, OriginalID: idMei}, "mailer-daemon@mx.example",
			[]want{{"globex", 1, "mei@hunters.example", false, idMei, true, false}}},
		"receipt": {Reading{Kind: ReadReceipt, OriginalID: idKen}, "k@phone.example",
			[]want{{"acme-sre", 1, "ken@acme.example", false, idKen, false, true}}},
		"address only": {Reading{Kind: Bounce, Failed: []string{"<KEN@acme.example>"}}, "mailer-daemon@mx.example",
			[]want{{"acme-sre", 3, "ken@acme.example", false, "", false, true}}},
		"address that only a mail names": {Reading{Kind: Bounce, Failed: []string{"tom@acme.example"}}, "mailer-daemon@mx.example",
			[]want{{"acme-data", 3, "tom@acme.example", false, "", false, false}}},
		"another mail to our address": {Reading{Kind: Bounce, OriginalID: "<x@dana.example>", Failed: []string{"mei@hunters.example"}}, "mailer-daemon@mx.example",
			[]want{{"globex", 3, "mei@hunters.example", false, "", true, false}}},
		"somebody else's address":   {Reading{Kind: Bounce, Failed: []string{"jo@acme.example"}}, "mailer-daemon@mx.example", nil},
		"from the company's server": {Reading{Kind: Bounce, Failed: []string{"jo@acme.example"}}, "mailer-daemon@acme.example", nil},
		"nothing known":             {Reading{Kind: Bounce}, "postmaster@acme.example", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkMatches(t, matchAll(mailFrom(c.from, nil), c.reading, acme(), acmeData(), globex()), c.want...)
		})
	}
}

func TestOurOwnMailIsNoReply(t *testing.T) {
	t.Parallel()
	for _, from := range []string{"dana@dana.example", "Dana Reyes <DANA+jobs@dana.example>", "danareyes@googlemail.com"} {
		m := mailFrom(from, func(m *Message) { m.InReplyTo = []string{idKen} })
		m.ReplyTo = []Address{{"", "ken@acme.example"}}
		checkMatches(t, matchAll(m, human(), acme()))
	}
	both := mailFrom("ken@acme.example", func(m *Message) { m.From = append(m.From, Address{"", "dana@dana.example"}) })
	checkMatches(t, matchAll(both, human(), acme()))
	other := mailFrom("dana@dana.example.evil.example", func(m *Message) { m.InReplyTo = []string{idKen} })
	if len(matchAll(other, human(), acme())) != 1 {
		t.Error("an address that begins like ours was taken for ours")
	}
}

func TestSeveralApplicationsAtOneCompany(t *testing.T) {
	t.Parallel()
	sre := want{"acme-sre", 3, "priya@acme.example", false, "", true, false}
	data := want{"acme-data", 3, "priya@acme.example", false, "", true, false}
	for name, c := range map[string]struct {
		change func(*Message)
		want   []want
	}{
		"nothing tells them apart":  {nil, []want{data, sre}},
		"the subject names one":     {func(m *Message) { m.Subject = "Data Platform Lead: next steps" }, []want{data}},
		"the text names one":        {func(m *Message) { m.NewText = "About the site reliability engineer role at Acme" }, []want{sre}},
		"the text names both":       {func(m *Message) { m.NewText = "Site Reliability Engineer or Data Platform Lead?" }, []want{data, sre}},
		"only the quote names one":  {func(m *Message) { m.NewText, m.Quoted = "Yes.", "> Data Platform Lead" }, []want{data, sre}},
		"an exchange goes on":       {func(m *Message) { m.Subject = "Re: Thank you for Wednesday" }, []want{data}},
		"subject and text disagree": {func(m *Message) { m.Subject, m.NewText = "Re: Thank you for Wednesday", "Site Reliability Engineer" }, []want{data, sre}},
		"the thread is stronger":    {func(m *Message) { m.InReplyTo, m.NewText = []string{idKen}, "Data Platform Lead" }, []want{{"acme-sre", 1, "priya@acme.example", false, idKen, true, false}}},
		"two threads at once":       {func(m *Message) { m.InReplyTo = []string{idTom, idKen} }, []want{{"acme-data", 1, "priya@acme.example", false, idTom, true, false}, {"acme-sre", 1, "priya@acme.example", false, idKen, true, false}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkMatches(t, matchAll(mailFrom("priya@acme.example", c.change), human(), acme(), globex(), acmeData()), c.want...)
		})
	}
}

// What the address of a tracking system says counts like the text's own words.
func TestTenantIsNotOutdoneByARole(t *testing.T) {
	t.Parallel()
	m := mailFrom("acme@myworkday.com", func(m *Message) { m.NewText = "Platform Engineer" })
	checkMatches(t, matchAll(m, Reading{Kind: Notification}, acme(), globex()),
		want{"acme-sre", 4, "", false, "", false, false}, want{"globex", 4, "", false, "", false, false})
}

// A role of one word stands in any text.
func TestRoleOfOneWord(t *testing.T) {
	t.Parallel()
	c := acme()
	c.Role = "Engineer"
	text := mailFrom("x@ashbyhq.com", func(m *Message) { m.NewText = "an engineer at Initech" })
	checkMatches(t, matchAll(text, Reading{Kind: Notification}, c))
	subject := mailFrom("x@ashbyhq.com", func(m *Message) { m.Subject = "Your application: Engineer" })
	checkMatches(t, matchAll(subject, Reading{Kind: Notification}, c), want{"acme-sre", 4, "", false, "", false, false})
}

func TestMatcherIsReusable(t *testing.T) {
	t.Parallel()
	x := NewMatcher([]string{"dana@dana.example"}, []Candidate{acme(), acmeData()}, LoadTables())
	for range 8 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			for from, count := range map[string]int{"priya@acme.example": 2, "ken@acme.example": 1, "x@y.example": 0, "dana@dana.example": 0} {
				if got := x.Match(mailFrom(from, nil), human(), interviewBegan); len(got) != count {
					t.Errorf("%s matches %+v", from, got)
				}
			}
		})
	}
}

// BenchmarkMatchUnrelated is the common case of a catch-up: mail that belongs
// to none of twenty applications.
func BenchmarkMatchUnrelated(b *testing.B) {
	var cs []Candidate
	for range 20 {
		cs = append(cs, acme())
	}
	x := NewMatcher([]string{"dana@dana.example"}, cs, LoadTables())
	m := mailFrom("Some Body <somebody@elsewhere.example>", func(m *Message) {
		m.Subject, m.NewText = "Re: the minutes of Thursday", strings.Repeat("some words of a mail ", 100)
		m.References = []string{"<a@b>", "<c@d>"}
	})
	for b.Loop() {
		if got := x.Match(m, human(), interviewBegan); got != nil {
			b.Fatal(got)
		}
	}
}

// A person is stronger evidence than the domain, so that an interviewer's mail
// does not stop the other application of the company.
func TestThePersonGoesBeforeTheCompany(t *testing.T) {
	t.Parallel()
	checkMatches(t, matchAll(mailFrom("ken@acme.example", nil), human(), acmeData(), acme()),
		want{"acme-sre", 3, "ken@acme.example", false, "", false, true})
}

// One agency may have brought several companies.
func TestOneAgencyForTwoCompanies(t *testing.T) {
	t.Parallel()
	initech := globex()
	initech.Application, initech.Company, initech.Domains, initech.OurIDs = "initech", "Initech", nil, nil
	initech.Role, initech.Subjects = "Backend Developer", nil
	g := want{"globex", 3, "mei@hunters.example", false, "", true, false}
	i := want{"initech", 3, "mei@hunters.example", false, "", true, false}
	from := func(text string) Message {
		return mailFrom("mei@hunters.example", func(m *Message) { m.NewText = text })
	}
	checkMatches(t, matchAll(from("Any news?"), human(), globex(), initech), g, i)
	checkMatches(t, matchAll(from("Initech said no."), human(), globex(), initech), i)
	checkMatches(t, matchAll(from("Initech said no, Globex is open."), human(), globex(), initech), g, i)
}

func TestEarlyMail(t *testing.T) {
	t.Parallel()
	before := interviewBegan.Add(-time.Hour)
	none := acme()
	none.From = time.Time{}
	later := acme()
	later.Application, later.From = "acme-later", interviewBegan.Add(time.Hour)
	for name, c := range map[string]struct {
		message Message
		arrived time.Time
		cs      []Candidate
		want    map[string]bool // application -> early
	}{
		"a person before the interview":   {mailFrom("ken@acme.example", nil), before, []Candidate{acme()}, map[string]bool{"acme-sre": true}},
		"at its start":                    {mailFrom("ken@acme.example", nil), interviewBegan, []Candidate{acme()}, map[string]bool{"acme-sre": false}},
		"no interview has begun":          {mailFrom("ken@acme.example", nil), interviewBegan, []Candidate{none}, map[string]bool{"acme-sre": true}},
		"a colleague before it":           {mailFrom("jo@acme.example", nil), before, []Candidate{acme()}, map[string]bool{"acme-sre": true}},
		"a thread is never early":         {mailFrom("x@y.example", func(m *Message) { m.InReplyTo = []string{idKen} }), before, []Candidate{none}, map[string]bool{"acme-sre": false}},
		"an early person hides no reply":  {mailFrom("ken@acme.example", nil), interviewBegan, []Candidate{acmeData(), later}, map[string]bool{"acme-data": false, "acme-later": true}},
		"a person hides an early company": {mailFrom("ken@acme.example", nil), interviewBegan, []Candidate{earlyData(), acme()}, map[string]bool{"acme-sre": false}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := MatchAll(c.message, human(), c.arrived, nil, c.cs, LoadTables())
			if len(got) != len(c.want) {
				t.Fatalf("matched %+v, want %v", got, c.want)
			}
			for _, m := range got {
				if early, there := c.want[m.Application]; !there || m.Early != early {
					t.Errorf("matched %+v, want %v", m, c.want)
				}
			}
		})
	}
}

func earlyData() Candidate {
	c := acmeData()
	c.From = time.Time{}
	return c
}

func TestMatchAllChangesNothingItIsGiven(t *testing.T) {
	t.Parallel()
	m := mailFrom("ken@acme.example", func(m *Message) {
		m.References, m.Subject = []string{idKen, "<x@y>"}, "Re: Thank you for Monday"
	})
	matchAll(m, human(), acme())
	if !slices.Equal(m.References, []string{idKen, "<x@y>"}) {
		t.Errorf("References are %q now", m.References)
	}
	if got := matchAll(Message{}, Reading{}); got != nil {
		t.Errorf("nothing matches %+v", got)
	}
	if got := matchAll(Message{}, Reading{}, Candidate{Application: "empty"}); got != nil {
		t.Errorf("an empty message matches an empty application: %+v", got)
	}
}
