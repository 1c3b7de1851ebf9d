package web

import (
	"net/http"
)

// settingsView shows config.yaml as it is understood.
type settingsView struct {
	Settings []Setting
	State    []stateLine
}

func (p *Page) settings(r *http.Request, f *frame) (string, error) {
	st, err := p.Service.Pending(r.Context())
	if err != nil {
		return "", err
	}
	w := p.words()
	v := settingsView{Settings: p.Desk.Settings(), State: p.stateLines(w, st)}
	for n, s := range []struct{ state, protocol string }{{st.IMAP, "imap"}, {st.SMTP, "smtp"}} {
		if s.state != "" && s.state != "ok" {
			v.State[n].Advice = sentence(p.Desk.Advice(s.state, s.protocol))
		}
	}
	for _, b := range append(append(p.Desk.Broken(), st.BrokenConfig()...), st.Broken...) {
		v.State = append(v.State, stateLine{Name: "Held", Text: b})
	}
	for _, h := range st.Holds {
		v.State = append(v.State, stateLine{Name: "On hold", Text: h.What() + ": " + h.Reason})
	}
	f.Title, f.Section, f.Data = "Settings", "settings", v
	return "settings", nil
}
