package config

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"time"

	"gopkg.in/yaml.v3"

	"afterword/scheduler"
)

// Preset is what a university or a careers service publishes for its people:
// the application that it registered with the provider, and the mails that it
// advises. It holds no secret and nothing of the candidate.
type Preset struct {
	Name       string
	Provider   string // a name of account.provider, "" if it states none
	SMTP, IMAP Server // where it states them; zero otherwise
	OAuth      *OAuth // nil if its accounts log in by password
	Holidays   string
	Sequences  string            // the text of the section, "" if it has none
	Templates  map[string]string // text by name
	Words      []string          // for the proofreader
}

// LoadPreset reads and checks a preset file. Now is as in Load.
func LoadPreset(path string, now time.Time) (*Preset, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	r := newReader(path)
	root := r.parse(data)
	if root == nil {
		return nil, r.problems.sorted()
	}
	p := r.preset(root, now)
	if err := r.problems.sorted(); err != nil {
		return nil, err
	}
	return p, nil
}

func (r *reader) preset(root *yaml.Node, now time.Time) *Preset {
	top := value{r: r, node: root, near: root}.fields()
	p := &Preset{
		Name:      top.get("name").needed(value.line, "whose preset this is"),
		Holidays:  top.get("holidays").country(),
		Words:     top.get("words").texts(),
		Templates: map[string]string{},
	}
	r.presetAccount(top.section("account"), p)
	templates := top.section("templates")
	for _, name := range templates.names {
		v := templates.get(name.Value)
		if !isName(name.Value) {
			r.add(name, templates.key, v.quotedName(name.Value), "a name of letters, digits and dashes", "")
			continue
		}
		p.Templates[name.Value] = v.text()
	}
	templates.done()
	p.Sequences = r.presetSequences(top.get("sequences"), now)
	top.done()
	return p
}

func (r *reader) presetAccount(f *fields, p *Preset) {
	p.Provider = r.provider(f.get("provider"))
	known, _ := ProviderNamed(p.Provider)
	if !f.get("smtp").absent() {
		p.SMTP = r.server(f.section("smtp"), known.SMTP, map[string]int{TLS: 465, STARTTLS: 587, Insecure: 25})
	}
	if !f.get("imap").absent() {
		p.IMAP = r.server(f.section("imap"), known.IMAP, map[string]int{TLS: 993, STARTTLS: 143, Insecure: 143})
	}
	p.OAuth = r.oauth(f.get("oauth"))
	f.done()
}

// presetSequences checks the section as config.yaml's is, under its defaults,
// and returns its text.
func (r *reader) presetSequences(v value, now time.Time) string {
	if v.absent() {
		return ""
	}
	before := len(r.problems)
	var p scheduler.Policy
	r.sending((value{r: r, near: v.node}).fields(), &p)
	r.readSequences(v, p, now)
	if len(r.problems) > before {
		return ""
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(v.node); err != nil {
		v.wrong("sequences as config.yaml has them", fmt.Sprint(err))
	}
	return b.String()
}

// TemplateNames are the names of its templates, sorted.
func (p *Preset) TemplateNames() []string { return slices.Sorted(maps.Keys(p.Templates)) }
