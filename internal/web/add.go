package web

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"afterword/scheduler"
)

// addView is the form of a new interview.
type addView struct {
	Applications []option
	Known        bool // it is for an application that is there
	In           Interview
	Since        string
	Kinds        []option
	Zones        []string // to choose from; any other one may be typed
	Note         string   // about what was read from a calendar file
	Calendar     bool     // its addresses come from one
}

// offered fills the form with what an invitation says.
func offered(inv scheduler.Invitation) Interview {
	n := Interview{Date: inv.At.Format("2006-01-02"), Time: inv.At.Format("15:04"), Zone: inv.Zone, Minutes: fmt.Sprint(int(inv.Duration.Minutes())), UID: inv.UID, Guessed: true}
	for _, one := range inv.People {
		n.People = append(n.People, NewPerson{Name: one.Name, Email: one.Email})
	}
	return n
}

// dismissInvitation says that an invitation is of no interview.
func (p *Page) dismissInvitation(r *http.Request) (done, error) {
	from, err := p.Service.DismissInvitation(r.Context(), r.PostFormValue("key"))
	return done{to: "/", note: "Noted: it is no interview. Of invitations from " + from + " you are not told again."}, err
}

// newPeople is for how many interviewers the form has room.
const newPeople = 3

// addForm is the id of that form.
const addForm = "add"

// mostCalendar bounds a calendar file, in bytes.
const mostCalendar = 1 << 20

func (p *Page) add(r *http.Request, f *frame) (string, error) {
	if key := r.URL.Query().Get("invitation"); key != "" {
		inv, err := p.Service.LooseInvitation(r.Context(), key)
		if err != nil {
			return "", err
		}
		return p.addPage(f, offered(inv), "Filled in from the invitation. Say which company and role it is for, then save: nothing is written yet.")
	}
	return p.addPage(f, Interview{Application: r.URL.Query().Get("application"), Zone: p.Desk.Zone().String(), Minutes: "45"}, "")
}

func (p *Page) addPage(f *frame, n Interview, note string) (string, error) {
	v := addView{In: n, Note: note, Calendar: n.UID != ""}
	var err error
	if v.Applications, err = p.applicationOptions(n.Application); err != nil {
		return "", err
	}
	for _, o := range v.Applications {
		v.Known = v.Known || o.Chosen
	}
	if v.Known {
		v.Since = p.Desk.Revision(n.Application)
	}
	v.Zones = zones()
	for room := roomFor(n.People); len(v.In.People) < room; {
		v.In.People = append(v.In.People, NewPerson{})
	}
	for _, k := range []string{"", "phone", "video", "onsite", "panel", "group"} {
		name := k
		if k == "" {
			name = "not said"
		}
		v.Kinds = append(v.Kinds, option{k, name, k == n.Kind})
	}
	f.Title, f.Section, f.Edits, f.Data, f.Path = "A new interview", "new", true, v, "/new"
	return "add", nil
}

// roomFor is for how many people the form shows fields: some, and always one more
// than are named.
func roomFor(people []NewPerson) int {
	named := 0
	for n, one := range people {
		if one != (NewPerson{}) {
			named = n + 1
		}
	}
	return max(newPeople, len(people), named+1)
}

// zones are those that the form offers first.
func zones() []string {
	return []string{"Africa/Johannesburg", "Africa/Lagos", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/New_York", "America/Sao_Paulo", "America/Toronto",
		"Asia/Dubai", "Asia/Hong_Kong", "Asia/Kolkata", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "Europe/Amsterdam", "Europe/Athens",
		"Europe/Berlin", "Europe/Dublin", "Europe/Helsinki", "Europe/Istanbul", "Europe/Lisbon", "Europe/London", "Europe/Madrid", "Europe/Paris", "Europe/Prague", "Europe/Rome",
		"Europe/Stockholm", "Europe/Vienna", "Europe/Warsaw", "Europe/Zurich", "Pacific/Auckland", "UTC"}
}

// moreRoom shows the form with what was typed, and with fields for more people.
// It writes nothing.
func (p *Page) moreRoom(r *http.Request, f *frame) (string, error) {
	n := interviewOf(r.PostForm)
	for range newPeople {
		n.People = append(n.People, NewPerson{})
	}
	return p.addPage(f, n, "")
}

// interviewOf reads the form.
func interviewOf(typed url.Values) Interview {
	n := Interview{Application: typed.Get("application"), Company: typed.Get("company"), Role: typed.Get("role"), Date: typed.Get("date"), Time: typed.Get("time"),
		Zone: typed.Get("zone"), Minutes: typed.Get("minutes"), Kind: typed.Get("kind"), UID: typed.Get("uid"),
		Recruiter: NewPerson{Name: typed.Get("recruiter_name"), Email: typed.Get("recruiter_email")}, Guessed: typed.Get("guessed") != "" && typed.Get("confirmed") == ""}
	for i, name := range typed["name"] {
		one := NewPerson{Name: name}
		if all := typed["email"]; i < len(all) {
			one.Email = all[i]
		}
		if all := typed["title"]; i < len(all) {
			one.Title = all[i]
		}
		n.People = append(n.People, one)
	}
	return n
}

// newInterview takes the form, or gives it more room.
func (p *Page) newInterview(w http.ResponseWriter, r *http.Request) {
	if readForm(r) == nil && r.PostFormValue("more") != "" {
		p.page(p.moreRoom)(w, r)
		return
	}
	p.taking(p.saveInterview, p.addAgain)(w, r)
}

func (p *Page) saveInterview(r *http.Request) (done, error) {
	stem, round, err := p.Desk.Add(interviewOf(r.PostForm), r.PostFormValue("since"))
	if err != nil {
		return done{}, err
	}
	return done{to: applicationHref(stem), note: fmt.Sprintf("The interview %s is written down. What follows from it stands below.", round), clears: addForm}, nil
}

func (p *Page) addAgain(_ *http.Request, f *frame, typed url.Values) (string, error) {
	return p.addPage(f, interviewOf(typed), "")
}

// readCalendar fills the form from a calendar file. It writes nothing.
func (p *Page) readCalendar(w http.ResponseWriter, r *http.Request) {
	f := p.frame(r)
	name, err := p.fromCalendar(r, &f)
	if err != nil {
		f.Problem = explain(err)
		if name, err = p.add(r, &f); err != nil {
			p.fail(w, r, http.StatusUnprocessableEntity, f.Problem.Text, f.Problem.Hint)
			return
		}
		p.show(w, http.StatusUnprocessableEntity, name, f)
		return
	}
	p.show(w, http.StatusOK, name, f)
}

func (p *Page) fromCalendar(r *http.Request, f *frame) (string, error) {
	if err := readForm(r); err != nil {
		return "", fmt.Errorf("the file is too large for a calendar entry")
	}
	file, _, err := r.FormFile("file")
	if err != nil {
		return "", fmt.Errorf("no file arrived")
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, mostCalendar+1))
	if err != nil || len(text) > mostCalendar {
		return "", fmt.Errorf("the file is too large for a calendar entry")
	}
	all, note, err := p.Desk.ReadCalendar(text)
	if err != nil {
		return "", err
	}
	if stem := r.FormValue("application"); stem != "" {
		for n := range all {
			all[n].Application = stem
		}
	}
	if len(all) == 1 {
		return p.addPage(f, all[0].Interview, listedSentences("Read from the calendar file. Look it over, then save: nothing is written yet.", all[0].Note, note))
	}
	return p.foundPage(f, "Meetings of the calendar file", listedSentences("Take one; for another read the file once more.", note), all)
}

// listedSentences joins those that are there.
func listedSentences(all ...string) string {
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return s == "" }), " ")
}

// foundList are meetings to choose from.
type foundList struct {
	Intro string
	List  []foundView
}

// foundView is an invitation of the mailbox, with what the form is filled with.
type foundView struct {
	Found
	When moment
	With string
}

// fromMailbox lists the invitations of the mailbox. Its forms fill that of a new
// interview; nothing is written.
func (p *Page) fromMailbox(r *http.Request, f *frame) (string, error) {
	all, err := p.Desk.FromMailbox(r.Context())
	if err != nil {
		return "", err
	}
	return p.foundPage(f, "Invitations in the mailbox", "Those of the last weeks that stand in none of your files.", all)
}

// foundPage lists meetings whose forms fill that of a new interview.
func (p *Page) foundPage(f *frame, title, intro string, all []Found) (string, error) {
	w := p.words()
	var list []foundView
	for _, one := range all {
		v := foundView{Found: one, When: w.momentAt(one.At, one.Zone)}
		var names []string
		for _, who := range one.People {
			names = append(names, cmp.Or(who.Name, who.Email))
		}
		v.With = listed(names)
		list = append(list, v)
	}
	f.Title, f.Section, f.Edits, f.Path, f.Data = title, "new", true, "/new", foundList{intro, list}
	return "mailbox", nil
}

// invitationView is an invitation that was found in the mailbox.
type invitationView struct {
	Stem, Key, Since, Change, Called, Summary string
	When                                      moment
	Zone, Minutes                             string
	People                                    []scheduler.Invited
	Guessed, Recurs                           bool
}

func (p *Page) invitation(r *http.Request, f *frame) (string, error) {
	inv, err := p.Service.Invitation(r.Context(), r.PathValue("stem"), r.PathValue("key"))
	if err != nil {
		return "", err
	}
	w := p.words()
	f.Title, f.Section = "An invitation", "applications"
	f.Data = invitationView{Stem: inv.Application, Key: inv.Key, Since: p.Desk.Revision(inv.Application), Change: string(inv.Change), Called: scheduler.RoundName(inv.Interview), Summary: inv.Summary,
		When: w.momentAt(inv.At, inv.Zone), Zone: inv.Zone, Minutes: fmt.Sprint(int(inv.Duration.Minutes())), People: inv.People, Guessed: inv.Guessed, Recurs: inv.Recurs}
	return "invitation", nil
}

func (p *Page) takeInvitation(r *http.Request) (done, error) {
	stem := r.PathValue("stem")
	inv, err := p.Service.Invitation(r.Context(), stem, r.PathValue("key"))
	if err != nil {
		return done{}, err
	}
	round, err := p.Desk.TakeInvitation(r.Context(), inv, r.PostFormValue("since"))
	if err != nil {
		return done{}, err
	}
	note := "Taken in: interview " + round + ". "
	if len(inv.People) > 0 && inv.Change == scheduler.NewInterview {
		note += "The addresses are those of the invitation; nothing goes there before you confirm them below."
	}
	return done{to: applicationHref(stem), note: note}, nil
}

// setAddress gives somebody the address that nobody knew.
func (p *Page) setAddress(r *http.Request) (done, error) {
	stem, email := r.PostFormValue("application"), strings.TrimSpace(r.PostFormValue("email"))
	if email == "" {
		return done{}, errors.New("nothing was written: no address was given")
	}
	said, err := p.Desk.Set(stem, r.PostFormValue("since"), "email", r.PostFormValue("person"), email)
	return done{to: applicationHref(stem), note: said}, err
}

// confirmPerson says that an address that was a guess is right.
func (p *Page) confirmPerson(r *http.Request) (done, error) {
	stem := r.PostFormValue("application")
	said, err := p.Desk.Set(stem, r.PostFormValue("since"), "guessed", r.PostFormValue("person"), "false")
	return done{to: applicationHref(stem), note: said}, err
}
