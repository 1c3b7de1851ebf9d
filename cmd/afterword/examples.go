package main

import (
	"strings"

	"github.com/spf13/cobra"
)

// examples are what --help, the man pages and docs/commands.md show of each
// command, by its name; of the program itself by "".
func examples() map[string]string {
	return map[string]string{
		"":                  "afterword\nafterword --config ~/jobs/config.yaml status",
		"add":               "afterword add\nafterword add --company Acme --role SRE --at '2026-12-03 14:00' --person 'Ken Osei <ken@acme.example>'\nafterword add acme --person 'Mara Lindt'\nafterword add --from invitation.ics --company Acme --role SRE\nafterword add --from-mailbox\nafterword add acme --invitation 3f2a91c0\nafterword add --invitation 3f2a91c0 --company Globex --role SRE",
		"adopt":             "afterword adopt",
		"answered":          "afterword answered acme",
		"approve":           "afterword approve ken@acme.example\nafterword approve acme/onsite\nafterword approve acme/onsite/thank-you/ken@acme.example --despite length",
		"backup":            "afterword backup jobs.tar.gz",
		"check":             "afterword check\nafterword check --notify",
		"classify":          "afterword classify message.eml\nafterword classify Maildir/new | jq .kind",
		"debrief":           "afterword debrief acme\nafterword debrief acme --said 'Ken=the pager moves in spring' --decision-by 2026-12-04\nafterword debrief acme --edit",
		"demo":              "afterword demo\nafterword demo --json | jq -r .what",
		"docs":              "afterword docs man ./man",
		"docs commands":     "afterword docs commands",
		"docs man":          "afterword docs man ./man",
		"edit":              "afterword edit ken@acme.example\nafterword edit ken@acme.example --subject 'Thank you' --body-file note.txt",
		"events":            "afterword events --limit 20\nafterword events --application acme --json",
		"export":            "afterword export > jobs.jsonl",
		"forget":            "afterword forget acme\nafterword forget acme --yes\nafterword forget --person ken@acme.example",
		"hold":              "afterword hold acme --until 2026-12-01 --reason 'they asked for patience'\nafterword hold ken@acme.example",
		"init":              "afterword init\nafterword init --email dana@example.org --name 'Dana Reyes' --password file:password.txt --hours 'MON-FRI 09:00-18:00'\nafterword init --preset university.yaml --oauth device\nafterword init --login\nafterword init --login old",
		"page":              "afterword page",
		"pause":             "afterword pause\nafterword pause --until 2027-01-03",
		"plan":              "afterword plan\nafterword plan --now '2026-12-01 09:00' --until 2026-12-24\nafterword plan --json | jq -r '.[].due'",
		"prep":              "afterword prep acme",
		"preview":           "afterword preview\nafterword preview ken@acme.example\nafterword preview --json",
		"proofread":         "afterword proofread note.txt --kind thank-you\ncat note.txt | afterword proofread - --json",
		"queue":             "afterword queue acme thank-you-late --to Ken",
		"rehearse":          "afterword rehearse\nafterword rehearse --answer Ken=2d --texts\nafterword rehearse --reject 'Priya=36h: we chose somebody else' --bounce Mara",
		"remove":            "afterword remove acme",
		"resolve":           "afterword resolve ken@acme.example --sent",
		"restore":           "afterword restore jobs.tar.gz",
		"resume":            "afterword resume acme\nafterword resume acme --confirm\nafterword resume",
		"review":            "afterword review\nafterword review acme/onsite\nafterword review --json",
		"run":               "afterword run\nafterword run --once --log-level warn",
		"send":              "afterword send ken@acme.example --test\nafterword send ken@acme.example",
		"service":           "afterword service install\nafterword service status",
		"service install":   "afterword service install",
		"service status":    "afterword service status",
		"service uninstall": "afterword service uninstall",
		"set":               "afterword set acme status rejected\nafterword set acme decision_by 2026-12-04\nafterword set acme said Ken \"the team moves the pager to follow-the-sun\"\nafterword set acme lead Ken\nafterword set acme recruiter \"Priya Nair\" priya@acme.example\nafterword set acme 'interviews[onsite].status' held",
		"skip":              "afterword skip ken@acme.example --reason 'we spoke by phone'",
		"status":            "afterword status\nafterword status --json | jq '.questions'",
		"templates":         "afterword templates list",
		"templates check":   "afterword templates check",
		"templates copy":    "afterword templates copy thank-you --language fr",
		"templates list":    "afterword templates list",
		"templates show":    "afterword templates show follow-up",
		"why":               "afterword why ken@acme.example\nafterword why acme/onsite/thank-you/ken@acme.example --json",
		"words":             "afterword words add Kubernetes\nafterword words list",
	}
}

// nameOf is a command's name without the program's.
func nameOf(c *cobra.Command) string {
	_, name, _ := strings.Cut(c.CommandPath(), " ")
	return name
}

// each calls do for a command and all below it.
func each(c *cobra.Command, do func(*cobra.Command)) {
	do(c)
	for _, sub := range c.Commands() {
		each(sub, do)
	}
}

// withExamples gives every command its examples.
func withExamples(root *cobra.Command) {
	all := examples()
	each(root, func(c *cobra.Command) {
		if text, ok := all[nameOf(c)]; ok && c.Example == "" {
			c.Example = "  " + strings.ReplaceAll(text, "\n", "\n  ")
		}
	})
}
