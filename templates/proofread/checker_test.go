package proofread

import (
	"slices"
	"strings"
	"testing"

	"afterword/scheduler"
)

func TestOffLeavesOutAllButPromises(t *testing.T) {
	t.Parallel()
	in := thanks(t)
	says("Thx!! I am VERY glad, TODO.")(&in)
	for _, c := range Codes() {
		in.Off = append(in.Off, c.Name)
	}
	var left []string
	for _, f := range New().Check(in) {
		left = append(left, f.Code)
	}
	if !slices.Equal(left, []string{"placeholder"}) {
		t.Errorf("with everything off there is %v, want placeholder alone", left)
	}
}

// TestEveryPromiseIsKept: what `off` and approval cannot lift is looked for,
// is an error, and stands first.
func TestEveryPromiseIsKept(t *testing.T) {
	t.Parallel()
	codes := Codes()
	for i, name := range scheduler.PromiseCodes() {
		at := slices.IndexFunc(codes, func(c Code) bool { return c.Name == name })
		if at < 0 || codes[at].Severity != scheduler.Error || at >= len(scheduler.PromiseCodes()) {
			t.Errorf("promise %d, %s: at %d of the table", i, name, at)
		}
	}
	seen := map[string]bool{}
	for _, c := range codes {
		if seen[c.Name] {
			t.Errorf("%s stands twice", c.Name)
		}
		seen[c.Name] = true
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	codes := func(fs []scheduler.Finding) string {
		var all []string
		for _, f := range fs {
			all = append(all, f.Code+"@"+f.Place)
		}
		return strings.Join(all, " ")
	}
	cases := []struct {
		name, text string
		kind       scheduler.Kind
		want       string
	}{
		{"good thanks", goodBody, scheduler.Owed, ""},
		{"good question", goodQuestion, scheduler.Asking, ""},
		{"with a header", "Subject: Thank you\nTo: Ken Osei <ken@acme.example>\n\n" + goodBody, scheduler.Owed, ""},
		{"header of another's", "Subject: Thank you\nList-Unsubscribe: <https://x.example>\n\n" + goodBody, scheduler.Owed, "surveillance@header List-Unsubscribe"},
		{"CRLF", strings.ReplaceAll("Subject: Thank you\n\n"+goodBody, "\n", "\r\n"), scheduler.Owed, ""},
		{"folded header", "Subject: Thank you\n for [NAME]\n\n" + goodBody, scheduler.Owed, "placeholder@subject"},
		{"line below a header", "Subject: Thank you\n\n" + strings.Replace(goodBody, "interested", "intrested TODO interested", 1), scheduler.Owed, "placeholder@line 7 spelling@line 7"},
		{"no header", "Note: this is no header.\n\n" + goodBody, scheduler.Owed, ""},
		{"line", strings.Replace(goodQuestion, "Hiring takes time", "I am still waiting", 1), scheduler.Asking, "pressure@line 3"},
		{"quoted mail", goodBody + "\nOn Monday Ken wrote:\n\n> Hi [NAME], still waiting!!! TODO\n", scheduler.Owed, ""},
	}
	for _, c := range cases {
		if got := codes(New().Text(c.text, c.kind, "")); got != c.want {
			t.Errorf("%s: found %q, want %q", c.name, got, c.want)
		}
	}
}

// TestOtherLanguages: English phrases are looked for in English only.
func TestOtherLanguages(t *testing.T) {
	t.Parallel()
	in := thanks(t)
	in.Language = "fr"
	in.Text.Subject = "Merci pour notre échange"
	body("Bonjour Ken,\n\nMerci beaucoup pour le temps que vous m'avez accordé hier pour parler du poste. Vous avez dit que the team moves the pager to follow-the-sun in spring, et cela m'a donné envie de vous rejoindre. Le poste m'intéresse toujours autant, et je reste à votre disposition.\n\nJ'espère avoir bientôt de vos nouvelles.\n\nCordialement,\nDana Reyes\n")(&in)
	for _, f := range New().Check(in) {
		if f.Severity != scheduler.Hint {
			t.Errorf("a good French note: %+v", f)
		}
	}
	in.Text.Body = goodBody + "Thx"
	says("Thx for the talk, and I am gonna write to you about the role that you have, with the best of the day.")(&in)
	if _, ok := with(New().Check(in), "tone"); !ok {
		t.Error("an English text is read as English where another language is stated")
	}
}

func FuzzCheck(f *testing.F) {
	for _, seed := range []string{goodBody, goodQuestion, "", "\n", "Hi ,", "Subject:\n x\n\n", "--", "(\"[", "Hi \xff,", "é'", "Best,\n\n", " \n>\n", "Dr.", "yesterday we spoke"} {
		f.Add(seed, seed, "Ken Osei")
	}
	c := New()
	f.Fuzz(func(t *testing.T, subject, body, name string) {
		in := thanks(t)
		in.Text = scheduler.Text{Subject: subject, Body: body}
		in.Person.Name, in.Person.Said, in.Person.Notes = name, subject, body
		in.Others = slices.Values([]scheduler.Application{{Company: name, Role: subject}})
		in.Panel = []scheduler.Text{{Subject: body, Body: subject}}
		for _, found := range append(c.Check(in), c.Text(body, scheduler.Asking, "")...) {
			if found.Code == "" || found.Severity == "" || found.Place == "" || found.Text == "" {
				t.Errorf("an incomplete finding: %+v", found)
			}
		}
	})
}
