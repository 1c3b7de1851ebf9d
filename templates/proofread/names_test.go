package proofread

import (
	"slices"
	"strings"
	"testing"

	"afterword/scheduler"
)

// TestNamesMeanNothing puts odd names of firms and people into good mails: no
// error comes of them.
func TestNamesMeanNothing(t *testing.T) {
	t.Parallel()
	c := New()
	check := func(what string, change func(*scheduler.ProofInput)) {
		for _, in := range []scheduler.ProofInput{thanks(t), question(t)} {
			change(&in)
			for _, f := range c.Check(in) {
				if f.Severity == scheduler.Error {
					t.Errorf("%s, %s: %s: %s", what, in.Template, f.Code, f.Text)
				}
			}
		}
	}
	for _, company := range strings.Split("3M|1&1|Yahoo!|Ben & Jerry's|C++ GmbH|<Code/>|%Arabica|The The|New New Media|TBD Media|XX Lab|XXX Lutz|E.ON|de Volkskrant|easyJet|[solidcore]|[x+1]|"+
		"{code} & co|Who Gives A Crap|ASAP Logistics|Final Reminder|Salary.com|Attached|Desperate Literature|Urgent.ly|Dear|Regards|Monday.com|Yesterday|Łódź Airport|日立|Яндекс|"+
		"Toys \"R\" Us|Wow! Labs|&pizza|@Home|Inc.|Teh|Recieve|Hiring Manager|Insert|LOL|FYI|An Post|Null", "|") {
		check("company "+company, func(in *scheduler.ProofInput) {
			in.Application.Company = company
			in.Text.Body = strings.ReplaceAll(in.Text.Body, "Acme", company)
		})
	}
	for _, name := range strings.Split("Li Bo|Bo Li|Yo Yo Ma|O'Brien Ken|Siobhán Ní Mhurchú|Jean-Luc Picard|X Æ|Null Name|Test User|May April|Will Power|Mark Down|Bill Due|Grant Access|Hi Lo|Best Regards|"+
		"Đặng Văn|Øystein Ås|İbrahim Şahin|Žofie Šťastná|Ξένια Παππά|Иван Петров|山田 太郎|김 민수|محمد علي|דוד לוי|McDonald Ronald|KEN OSEI|ken osei|will.i.am|Monday Okoro|Sunday Ade|Ok Kim|No Lee|You Jin|A Young", "|") {
		check("person "+name, func(in *scheduler.ProofInput) {
			first := strings.Fields(name)[0]
			in.Person.Name, in.To.Name, in.Person.Greet = name, name, first
			in.Interview.Interviewers = []scheduler.Person{in.Person}
			in.Application.Interviews = []scheduler.Interview{in.Interview}
			in.Text.Body = strings.ReplaceAll(in.Text.Body, "Hi Ken", "Hi "+first)
		})
	}
}

// TestFactsThatAreFieldsAreFound: a company that is called by a field's name was
// never filled in.
func TestFactsThatAreFieldsAreFound(t *testing.T) {
	t.Parallel()
	for _, company := range []string{"TODO", "N/A", "[Company]", "{name}", "{{.Company}}", "First Name", "FIRSTNAME", "lorem ipsum", "<company>"} {
		in := thanks(t)
		in.Application.Company = company
		in.Text.Body = strings.ReplaceAll(in.Text.Body, "Acme", company)
		if codes := codesOf(New().Check(in)); !slices.Contains(codes, "placeholder") {
			t.Errorf("%s: only %q", company, codes)
		}
	}
}
