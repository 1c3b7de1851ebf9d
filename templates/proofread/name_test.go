package proofread

import (
	"testing"

	"afterword/scheduler"
)

// greets is a mail that begins so, to a person of that name and short form.
func greets(line, name, greet string) change {
	return func(in *scheduler.ProofInput) {
		in.Text.Body = line + "\n\nThank you for taking the time to talk with me yesterday about the role.\n\nBest regards,\nDana Reyes\n"
		in.Person.Name, in.To.Name, in.Person.Greet = name, name, greet
	}
}

func TestWrongName(t *testing.T) {
	t.Parallel()
	check(t, "wrong-name", thanks, scheduler.Error, map[string]change{
		"another person":       greets("Hi Mara,", "Ken Osei", ""),
		"a letter":             greets("Hi Kan,", "Ken Osei", ""),
		"two letters":          greets("Hi Jonh,", "John Smith", ""),
		"an accent":            greets("Hi Jose,", "José García", ""),
		"an accent too many":   greets("Dear Renée,", "Rene Martin", ""),
		"capitals":             greets("Hi Mckenzie,", "McKenzie Wark", ""),
		"a short form unknown": greets("Hi Ken,", "Kenneth Osei", ""),
		"not the short form":   greets("Hi Kenneth,", "Kenneth Osei", "Ken"),
		"surname":              greets("Dear Dr. Osie,", "Ken Osei", "Dr. Osei"),
		"titled":               greets("Dear Mr. Smith,", "Ken Osei", ""),
		"two at once":          greets("Hi Ken and Mara,", "Ken Osei", ""),
		"a panel":              greets("Hi Ken, Mara and Tomas,", "Ken Osei", ""),
		"half of a double":     greets("Hi Jean,", "Jean-Luc Moreau", ""),
		"on one line":          greets("Hi Mara, it was good to meet you.", "Ken Osei", ""),
		"with a dash":          greets("Hello Mara –", "Ken Osei", ""),
		"only the name":        greets("Mara,", "Ken Osei", ""),
		"good morning":         greets("Good morning Mara,", "Ken Osei", ""),
		"in German":            greets("Liebe Frau Schmidt,", "Anna Schmitt", ""),
		"in French":            greets("Bonjour Claire,", "Clara Dupont", ""),
		"in Spanish":           greets("Estimada Lucía:", "Lucia Pérez", ""),
		"only a title":         greets("Dear Dr.,", "Ken Osei", ""),
		"exclaimed":            greets("Hi Mara!", "Ken Osei", ""),
		"no comma":             greets("Hi Mara thank you for your time", "Ken Osei", ""),
		"the subject": func(in *scheduler.ProofInput) {
			in.Interview.Interviewers = append(in.Interview.Interviewers, scheduler.Person{Name: "Mara Lindt", Email: "mara@acme.example"})
			in.Text.Subject = "Thank you for your time, Mara"
		},
	}, map[string]change{
		"first name":           greets("Hi Ken,", "Ken Osei", ""),
		"whole name":           greets("Dear Ken Osei,", "Ken Osei", ""),
		"title and surname":    greets("Dear Ms. Osei,", "Ken Osei", ""),
		"the short form":       greets("Hi Ken,", "Kenneth Osei", "Ken"),
		"formal greet":         greets("Hi Dr. Osei,", "Ken Osei", "Dr. Osei"),
		"formal without stop":  greets("Dear Dr Osei,", "Ken Osei", "Dr. Osei"),
		"nickname in brackets": greets("Hi Ken,", "Kenneth (Ken) Osei", ""),
		"nickname in quotes":   greets("Hi Ken,", `Kenneth "Ken" Osei`, ""),
		"double name":          greets("Hi Jean-Luc,", "Jean-Luc Moreau", ""),
		"apostrophe":           greets("Dear Mr. O'Neil,", "Sean O’Neil", ""),
		"decomposed accent":    greets("Hi Jose\u0301,", "José García", ""),
		"family name first":    greets("Hi An,", "Nguyen Van An", ""),
		"particles":            greets("Hi Maria del Carmen,", "Maria del Carmen Ruiz", ""),
		"titled name":          greets("Dear Dr. Nair,", "Dr. Priya Nair", ""),
		"name in capitals":     greets("Hi Ken,", "KEN OSEI", ""),
		"name in small":        greets("Hi Ken,", "ken osei", ""),
		"nobody by name":       greets("Hi there,", "Ken Osei", ""),
		"with a picture":       greets("Hi Ken 👋🏽,", "Ken Osei", ""),
		"a team":               greets("Dear Acme team,", "Ken Osei", ""),
		"hiring manager":       greets("Dear Hiring Manager,", "Ken Osei", ""),
		"and the team":         greets("Hi Ken and team,", "Ken Osei", ""),
		"again":                greets("Hi again Ken,", "Ken Osei", ""),
		"on one line":          greets("Hi Ken, it was good to meet you, Mara and Tomas.", "Ken Osei", ""),
		"no comma":             greets("Hi Ken thank you for your time", "Ken Osei", ""),
		"no comma, capital":    greets("Hello Ken - I enjoyed our talk.", "Ken Osei", ""),
		"no greeting":          greets("Thank you for your time, Mara and Ken were kind.", "Ken Osei", ""),
		"an opening word":      greets("Thank you, and see you soon.", "Ken Osei", ""),
		"Chinese":              greets("Hi 王小明,", "王小明", ""),
		"Chinese with title":   greets("Hello 王老师,", "王小明", ""),
		"German":               greets("Sehr geehrte Frau Schmidt,", "Anna Schmidt", ""),
		"French":               greets("Bonjour Madame Dupont,", "Claire Dupont", ""),
		"good afternoon":       greets("Good afternoon, Ken,", "Ken Osei", ""),
		"Hello then text":      greets("Hello, thank you for your time.", "Ken Osei", ""),
		"name unknown":         greets("Hi Mara,", "", ""),
		"subject as greeting":  subject("Thank you for your time, Ken"),
		"subject with a list":  subject("Pagers, runbooks, Mara"),
	})
}

func TestGreetingGuess(t *testing.T) {
	t.Parallel()
	check(t, "greeting-guess", thanks, scheduler.Warning, map[string]change{
		"family first":      greets("Hi Nguyen,", "Nguyen Van An", ""),
		"two words, first":  greets("Hi Nguyen,", "Nguyen An", ""),
		"titled":            greets("Hi Dr. Nair,", "Dr. Nair", ""),
		"three words":       greets("Hi Maria,", "Maria del Carmen", ""),
		"other letters":     greets("Hi 小明,", "王 小明", ""),
		"an initial":        greets("Hi J.,", "J. Smith", ""),
		"without a blank":   greets("Hi 山田太郎,", "山田太郎", ""),
		"Mr. and the first": greets("Dear Mr. Anna,", "Anna Schmidt", ""),
		"Frau, the first":   greets("Liebe Frau Anna,", "Anna Schmidt", ""),
		"family name alone": greets("Hi Osei,", "Ken Osei", ""),
	}, map[string]change{
		"Ms. and the family": greets("Dear Ms. Schmidt,", "Anna Schmidt", ""),
		"Mr. and the whole":  greets("Dear Mr. Ken Osei,", "Ken Osei", ""),
		"a doctor's first":   greets("Hi Dr. Ken,", "Ken Osei", ""),
		"stated Mr.":         greets("Hi Mr. Ken,", "Ken Osei", "Mr. Ken"),
		"don, as it is used": greets("Estimado don Carlos:", "Carlos Ruiz", ""),
		"doña":               greets("Estimada doña Ana:", "Ana Ruiz", ""),
		"a knight":           greets("Dear Sir Ken,", "Ken Osei", ""),
		"twice the same":     greets("Hi Ken,", "Ken Ken", ""),
		"plain":              greets("Hi Ken,", "Ken Osei", ""),
		"stated":             greets("Hi An,", "Nguyen Van An", "An"),
		"the whole":          greets("Hi Maria del Carmen,", "Maria del Carmen", ""),
		"one word":           greets("Hi Priya,", "Priya", ""),
		"accents":            greets("Hi Zoë,", "Zoë Müller-Lüdenscheidt", ""),
		"nobody named":       greets("Hi there,", "Nguyen Van An", ""),
		"its stated":         greets("Hi Yamada-san,", "山田太郎", "Yamada-san"),
	})
}
