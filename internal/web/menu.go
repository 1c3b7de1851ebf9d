package web

// entry is one entry of the menu.
type entry struct {
	Name, Href string
	Here       bool
}

// Menu lists the pages.
func (f frame) Menu() []entry {
	all := []entry{{Name: "Today", Href: "/today"}, {Name: "To approve", Href: "/review"}, {Name: "Applications", Href: "/applications"}, {Name: "Calendar", Href: "/calendar"},
		{Name: "New interview", Href: "/new"}, {Name: "Proofread", Href: "/proofread"}, {Name: "People", Href: "/people"}, {Name: "Events", Href: "/events"}, {Name: "Settings", Href: "/settings"}}
	for n, e := range all {
		all[n].Here = e.Href == "/"+f.Section
	}
	all[0].Href = "/"
	return all
}
