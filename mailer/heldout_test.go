package mailer

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// heldOutMail is one whole message that was written before anybody looked at
// the rules, with what a reader would say of it.
type heldOutMail struct {
	path    string
	kinds   []string // the first is meant, the others are fair too
	class   string
	intents []string // one that begins with a question mark may be found or not
	returns []string // days, each fair
	failed  string
	id      string
	match   string // "a" if it belongs to the application at Acme, "n" if it must not, "" if either is fair
	message Message
}

// readHeldOut reads testdata/heldout: labels.tsv says which column is what.
func readHeldOut(t *testing.T) []heldOutMail {
	t.Helper()
	folder := filepath.Join("testdata", "heldout")
	b, err := os.ReadFile(filepath.Join(folder, "labels.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var all []heldOutMail
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n")[1:] {
		f := strings.Split(line+strings.Repeat("\t", 8), "\t")
		raw, err := os.ReadFile(filepath.Join(folder, f[0]))
		if err != nil {
			t.Fatal(err)
		}
		raw = bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))
		all = append(all, heldOutMail{
			path: f[0], kinds: strings.Split(f[1], "|"), class: f[2], intents: strings.Fields(f[3]),
			returns: strings.FieldsFunc(f[4], func(r rune) bool { return r == '|' }), failed: f[5], id: f[6], match: f[7],
			message: Parse(Split(raw)),
		})
	}
	if len(all) < 100 {
		t.Fatalf("only %d held-out messages", len(all))
	}
	return all
}

// danger says what harm the reading would do, "" if none: a person taken for
// a program, a program for a person, a bounce for a reply, or a rejection or
// an offer that nobody is told of.
func (mail heldOutMail) danger(r Reading) string {
	got := string(r.Kind)
	switch want := mail.kinds[0]; {
	case slices.Contains(mail.kinds, got):
	case want == "human":
		return "a person is taken for " + got
	case got == "human" && (want == "auto_reply" || want == "bounce" || want == "delay" || want == "challenge" || want == "read_receipt"):
		return want + " is taken for a person"
	case want == "bounce":
		return "a bounce is taken for " + got
	case want == "delay" && got == "bounce":
		return "a delay is taken for a failure"
	}
	if slices.Contains(mail.intents, "rejection") && !r.Rejection {
		return "a rejection is missed"
	}
	if slices.Contains(mail.intents, "offer") && !r.Offer {
		return "an offer is missed"
	}
	return ""
}

// heldOutScore is the tally of one part of the set.
type heldOutScore struct {
	kinds    map[string]*score
	intents  map[string]*tally
	details  score
	dangers  []string
	messages int
}

func (s *heldOutScore) count(t *testing.T, mail heldOutMail) {
	r := Classify(mail.message)
	s.messages++
	if s.kinds[mail.kinds[0]] == nil {
		s.kinds[mail.kinds[0]] = &score{}
	}
	right := slices.Contains(mail.kinds, string(r.Kind))
	s.kinds[mail.kinds[0]].count(right)
	if !right {
		t.Logf("%s: %s read as %s on %q", mail.path, mail.kinds[0], r.Kind, r.Evidence)
	}
	if d := mail.danger(r); d != "" {
		s.dangers = append(s.dangers, mail.path+": "+d)
	}
	s.countIntents(t, mail, r)
	for _, wrong := range mail.wrongDetails(&s.details, r) {
		t.Logf("%s: %s", mail.path, wrong)
	}
}

func (s *heldOutScore) countIntents(t *testing.T, mail heldOutMail, r Reading) {
	at := func(label string) *tally {
		name, _, _ := strings.Cut(label, "=")
		if s.intents[name] == nil {
			s.intents[name] = &tally{}
		}
		return s.intents[name]
	}
	got := intentNames(r)
	for _, label := range got {
		switch {
		case slices.ContainsFunc(mail.intents, func(want string) bool { return isMeant(want, label) }):
			at(label).right++
		case !slices.ContainsFunc(mail.intents, func(want string) bool { return isMeant(strings.TrimPrefix(want, "?"), label) }):
			at(label).wrong++
			t.Logf("%s: WRONG %s: %q", mail.path, label, r.Hints)
		}
	}
	for _, label := range mail.intents {
		if !strings.HasPrefix(label, "?") && !slices.ContainsFunc(got, func(l string) bool { return isMeant(label, l) }) {
			at(label).missed++
			t.Logf("%s: MISSED %s, found %q", mail.path, label, got)
		}
	}
}

// isMeant tells whether an intent that was read is the one of a label. A label
// may give a day as the first and the last that are fair: "decision=A..B".
func isMeant(label, got string) bool {
	first, last, ok := strings.Cut(label, "..")
	if !ok {
		return label == got
	}
	name, _, _ := strings.Cut(label, "=")
	return strings.HasPrefix(got, name+"=") && got >= first && got <= name+"="+last
}

// wrongDetails lists what a report or an absence note says that was not read.
func (mail heldOutMail) wrongDetails(s *score, r Reading) (wrong []string) {
	check := func(what, got string, want ...string) {
		if len(want) == 0 || want[0] == "" {
			return
		}
		s.count(slices.Contains(want, got))
		if !slices.Contains(want, got) {
			wrong = append(wrong, fmt.Sprintf("%s is %q, read as %q", what, want, got))
		}
	}
	check("class", string(r.Class), mail.class)
	check("failed", strings.Join(r.Failed, " "), mail.failed)
	check("original", r.OriginalID, mail.id)
	check("return", r.ReturnDate.Format(time.DateOnly), mail.returns...)
	return wrong
}

// TestHeldOutMailIsRead holds the rules against whole messages that were
// written by somebody who had not seen them. Each part was scored before any
// rule was changed for it: README.md beside them tells those first figures.
func TestHeldOutMailIsRead(t *testing.T) {
	t.Parallel()
	halves := map[string]*heldOutScore{}
	for _, mail := range readHeldOut(t) {
		half, _, _ := strings.Cut(mail.path, "/")
		if halves[half] == nil {
			halves[half] = &heldOutScore{kinds: map[string]*score{}, intents: map[string]*tally{}}
		}
		halves[half].count(t, mail)
	}
	for half, s := range halves {
		s.report(t, half)
	}
}

// heldOutKnown are the dangerous errors that stand, each with the reason.
var heldOutKnown = map[string]string{
	"second/a01-nomark-funny.eml": "an absence note without a mark that jests: a person who says so and no more writes alike, and must be heard",
	"ninth/o01.eml":               "\"you're in\" says as often that a name is on a list",
	"ninth/o03.eml":               "\"we want you\" goes on as often: to come, to meet",
	"eleventh/r46.eml":            "it names the one who was chosen, and nobody could know that this is another candidate",
	"twelfth/r05.eml":             "a refusal with so much tact that no word of it is one",
	"fourteenth/r14.eml":          "\"I have to let you go\" is said of staff, and no rule of four days a week would fit another letter",
	"fifteenth/r10.eml":           "nothing but the advice to look elsewhere",
	"fifteenth/r29.eml":           "the time in which one may appeal reads like a day by which word comes",
	"eighteenth/r14.eml":          "two salaries that a pot does not hold, and a first name",
	"eighteenth/r22.eml":          "somebody of Valencia was quicker, at whatever",
	"sixteenth/r36.eml":           "\"excluída\" is said of files and of candidates alike",
	"sixteenth/r41.eml":           "that they took a lad from Wroclaw is news of the town as well",
	"seventeenth/r07.eml":         "what is put off by a year goes on as often, and the letter ends with a question",
	"seventeenth/r10.eml":         "another colleague is welcomed, and one may be so beside the reader",
	"seventeenth/r36.eml":         "\"you were our favourite\" reads like \"you are\"",
	// What the last part missed, blind, and no rule in general would find.
	"nineteenth/r04.eml":      "that one person can be paid, who should sell",
	"nineteenth/r05.eml":      "\"it took us three days to decide\" reads like word that comes in three days",
	"nineteenth/r08.eml":      "it was not you, and will you come to the party?",
	"nineteenth/r09.eml":      "\"zugesagt\" to a practitioner",
	"nineteenth/r12.eml":      "freelancers are not needed, and the reader is one",
	"nineteenth/r13.eml":      "the client's wish for a language",
	"nineteenth/r14.eml":      "the opinion of a council that was not obtained",
	"nineteenth/r24.eml":      "a project fell, in slang",
	"twentysecond/o04-de.eml": "\"du bist dabei\" says as often that a name is on a list",
	"twentysecond/r07-en.eml": "an agency quotes its client, and what is quoted is not meant",
	"twentysecond/r10-en.eml": "they try it without a new colleague",
	"twentysecond/r11-en.eml": "a choice was made and accepted, and other posts are to be considered",
	"twentysecond/r26-sv.eml": "somebody was chosen by first name, and \"we will meet\" speaks for the reader",
	"twentysecond/r01-cs.eml": "the one who was chosen, and thanks for coming: a day or a place is chosen in the same words",
	"twentysecond/r14-fi.eml": "likewise",
	"twentythird/r01-cs.eml":  "a post that a village does not create, for lack of money",
	"twentythird/r03-de.eml":  "the client solves it with its own people, and the project has died",
	"twentythird/r04-de.eml":  "a trainee instead of somebody permanent",
	"twentythird/r07-en.eml":  "two votes out of seven",
	"twentythird/r10-en.eml":  "\"Harriet it is\"",
	"twentythird/r11-es.eml":  "they manage by themselves for now",
	"twentythird/r15-fr.eml":  "who will keep the shop, by first name",
	"twentythird/r16-it.eml":  "a vote for somebody by first name, and money for one",
	"twentythird/r17-nl.eml":  "two go on without a third",
	"twentythird/r22-tr.eml":  "the owner took his nephew",
	"twentyfirst/r12-en.eml":  "somebody starts, and who told so would have liked the reader otherwise",
	"twentyfirst/d11-en.eml":  "the office is closed over Christmas, and nothing else is said",
	"eleventh/p05.eml":        "\"you got it\" says as often that something arrived or was understood",
}

// heldOutFloors are the shares of each part that must be read rightly. They may
// only rise.
var heldOutFloors = map[string]struct{ macro, details, intents float64 }{
	"first":        {0.97, 1, 1},
	"second":       {0.99, 0.98, 1},
	"third":        {1, 1, 1},
	"fourth":       {1, 1, 0}, // it holds no intents
	"fifth":        {1, 1, 1},
	"sixth":        {1, 0.88, 0.97},
	"seventh":      {1, 0.97, 1},
	"eighth":       {1, 1, 0.96},
	"ninth":        {1, 1, 0.88},
	"tenth":        {0.999, 1, 0}, // it holds hardly any intents
	"eleventh":     {0.999, 0.96, 0.97},
	"twelfth":      {0.999, 0.91, 0.95},
	"thirteenth":   {0.999, 0, 0.99}, // it holds no details
	"fourteenth":   {0.999, 0, 0.92}, // nor do those below
	"fifteenth":    {0.999, 0, 0.92},
	"sixteenth":    {0.999, 0, 0.94},
	"seventeenth":  {0.999, 0, 0.77},
	"eighteenth":   {0.999, 0, 0.90},
	"nineteenth":   {0.999, 0, 0.60},
	"twentieth":    {0.96, 0.9, 0.9},
	"twentyfirst":  {0.96, 0.9, 0.9},
	"twentysecond": {0.999, 0, 0.85},
	"twentythird":  {0.999, 0, 0.75},
	"twentyfourth": {0.999, 0.999, 0.999},
}

func (s *heldOutScore) report(t *testing.T, half string) {
	macro := 0.0
	for _, kind := range slices.Sorted(maps.Keys(s.kinds)) {
		t.Logf("%s: %-18s %3d of %3d", half, kind, s.kinds[kind].right, s.kinds[kind].all)
		macro += s.kinds[kind].share() / float64(len(s.kinds))
	}
	var intents score
	for _, name := range slices.Sorted(maps.Keys(s.intents)) {
		found := *s.intents[name]
		t.Logf("%s: %-10s right %3d, wrong %2d, missed %2d", half, name, found.right, found.wrong, found.missed)
		intents.right, intents.all = intents.right+found.right, intents.all+found.right+found.wrong+found.missed
	}
	t.Logf("%s: %d messages, macro recall %.4f, intents %.4f, details %d of %d", half, s.messages, macro, intents.share(), s.details.right, s.details.all)
	floor, known := heldOutFloors[half]
	if !known {
		t.Errorf("no floor is set for %s", half)
	}
	atLeast(t, half+": macro recall", macro, floor.macro)
	atLeast(t, half+": details", s.details.share(), floor.details)
	atLeast(t, half+": intents", intents.share(), floor.intents)
	for _, d := range s.dangers {
		path, _, _ := strings.Cut(d, ": ")
		if heldOutKnown[path] == "" {
			t.Errorf("dangerous: %s", d)
		}
	}
}

// TestHeldOutMailFindsItsApplication: mail that speaks of an application is
// matched with it, also where a service that no table knows sent it, and a job
// alert that names the company and the role is not.
func TestHeldOutMailFindsItsApplication(t *testing.T) {
	t.Parallel()
	arrived := time.Date(2026, 11, 26, 9, 0, 0, 0, time.FixedZone("", 3600))
	matcher := NewMatcher([]string{"dana@example.org"}, []Candidate{heldOutApplication()}, LoadTables())
	counts := map[string]int{}
	for _, mail := range readHeldOut(t) {
		found := len(matcher.Match(mail.message, Classify(mail.message), arrived)) > 0
		if mail.match != "" && found != (mail.match == "a") {
			t.Errorf("%s: matched %v", mail.path, found)
		}
		counts[mail.match]++
	}
	if counts["a"] < 150 || counts["n"] < 2 {
		t.Errorf("only %v are labelled", counts)
	}
}

// heldOutApplication is what the fifth and the sixth part are held against.
func heldOutApplication() Candidate {
	return Candidate{
		Application: "acme", Company: "Acme", Role: "Site Reliability Engineer", Domains: []string{"acme.example"},
		People: []Party{
			{Name: "Ken Osei", Addresses: []string{"ken@acme.example"}, Interviewer: true},
			{Name: "Priya Nair", Addresses: []string{"priya@acme.example"}, Recruiter: true},
		},
		OurIDs:   map[string]string{"<thx.5d3c9e81f0@example.org>": "ken@acme.example", "<fu1.77aa01be22@example.org>": "priya@acme.example"},
		Subjects: []string{"Thank you for Monday", "Site Reliability Engineer"},
		From:     time.Date(2026, 11, 23, 14, 0, 0, 0, time.FixedZone("", 3600)),
	}
}
