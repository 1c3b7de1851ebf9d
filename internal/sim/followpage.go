package sim

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing/synctest"
	"time"

	"golang.org/x/net/html"
)

// The same by the page: what stands under "Waits for you" has buttons, and links to pages
// that have some. Nobody types anything.

// followPage is a user who presses them.
func (s *stage) followPage() {
	chance := rand.New(rand.NewPCG(s.plan.Seed, 12))
	done := map[string]bool{}
	for range 60 {
		cards := slices.DeleteFunc(s.cards(), func(c card) bool { return done[c.text] })
		if len(cards) == 0 || s.program == nil || s.machine.Dead() {
			return
		}
		c := cards[chance.IntN(len(cards))]
		done[c.text] = true
		pressed := s.press(c, chance)
		for until := s.truth.Now().Add(2 * time.Minute); !s.reach(until); {
			continue
		}
		if pressed != "" && slices.ContainsFunc(s.cards(), func(o card) bool { return o.text == c.text }) {
			s.violate(proposes, "%s is pressed, and the page still says: %s", pressed, c.text)
		}
	}
}

// card is one need on the page.
type card struct {
	text    string
	buttons []button
	links   []string
}

// button is a form that needs no typing.
type button struct {
	path   string
	fields url.Values
}

// cards are the needs that the page shows now.
func (s *stage) cards() (all []card) {
	for n := range s.page("/").Descendants() {
		if n.Type == html.ElementNode && n.Data == "li" && slices.Contains(strings.Fields(attribute(n, "class")), "need") {
			all = append(all, card{words(n, "div", "what"), buttonsIn(n), linksIn(n)})
		}
	}
	return all
}

// press presses one of a card's buttons, or one on a page that it links to. It returns which
// one, "" if none was, or if their server may answer the same once more.
func (s *stage) press(c card, chance *rand.Rand) string {
	buttons, settling := c.buttons, []string{"/resume", "/status", "/decision", "/answered", "/dismiss"}
	if n := len(c.links); n > 0 && (len(buttons) == 0 || chance.IntN(2) == 0) {
		link := c.links[chance.IntN(n)]
		buttons, settling = buttonsIn(s.page(link)), nil // which may have buttons for much else
		if strings.HasPrefix(link, "/mail/") {
			settling = []string{"/approve", "/skip", "/send", "/resolve"}
		}
	}
	buttons = slices.DeleteFunc(buttons, func(b button) bool { return !slices.Contains(settling, b.path) })
	if len(buttons) == 0 {
		return ""
	}
	b := buttons[chance.IntN(len(buttons))]
	if b.path == "/resume" && b.fields.Get("target") == "" { // where the user paused everything, the first ends only that
		s.visit(http.MethodPost, b.path, b.fields)
	}
	status, location, body := s.visit(http.MethodPost, b.path, b.fields)
	s.note("pressed: %s %s: %d", b.path, b.fields.Encode(), status)
	s.machine.saved()
	s.machine.committed()
	synctest.Wait()
	switch {
	case b.path == "/send", b.fields.Get("verdict") == "not-sent": // a gate may stop it, and their server may do the same again
		return ""
	case status != http.StatusSeeOther:
		s.violate(proposes, "%s %s: %d: %s", b.path, b.fields.Encode(), status, words(parsed(body), "main", ""))
		return ""
	}
	s.page(location)
	return fmt.Sprintf("%s %s", b.path, b.fields.Encode())
}

// page is one of the program's pages, which must be there.
func (s *stage) page(path string) *html.Node {
	status, location, body := s.visit(http.MethodGet, path, nil)
	for range 3 {
		if location != "" {
			status, location, body = s.visit(http.MethodGet, location, nil)
		}
	}
	if status != http.StatusOK {
		s.violate(proposes, "the page %s: %d: %s", path, status, words(parsed(body), "main", ""))
	}
	return parsed(body)
}

// visit asks the program's page for something.
func (s *stage) visit(method, path string, fields url.Values) (status int, location, body string) {
	if s.program == nil || s.machine.Dead() {
		return http.StatusOK, "", ""
	}
	path, _, _ = strings.Cut(path, "#")
	r := httptest.NewRequest(method, path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.program.Page(w, r)
	text, err := io.ReadAll(w.Result().Body)
	s.files(err)
	return w.Code, w.Header().Get("Location"), string(text)
}

func parsed(body string) *html.Node {
	n, err := html.Parse(strings.NewReader(body))
	if err != nil {
		return &html.Node{}
	}
	return n
}

func hasAttribute(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// words are those in the first element of a kind and class, "" for any class.
func words(n *html.Node, element, class string) string {
	for d := range n.Descendants() {
		if d.Type != html.ElementNode || d.Data != element || class != "" && attribute(d, "class") != class {
			continue
		}
		var b strings.Builder
		for t := range d.Descendants() {
			if t.Type == html.TextNode {
				b.WriteString(t.Data + " ")
			}
		}
		return strings.Join(strings.Fields(b.String()), " ")
	}
	return ""
}

// linksIn are the ways to other pages of the program.
func linksIn(n *html.Node) (all []string) {
	for d := range n.Descendants() {
		if href := attribute(d, "href"); d.Data == "a" && strings.HasPrefix(href, "/") {
			all = append(all, href)
		}
	}
	return all
}

// buttonsIn are the forms that can be sent and in which nothing is to be typed or chosen.
func buttonsIn(n *html.Node) (all []button) {
	for d := range n.Descendants() {
		if d.Data != "form" || attribute(d, "method") != "post" {
			continue
		}
		b, typed := button{attribute(d, "action"), url.Values{}}, false
		for f := range d.Descendants() {
			switch {
			case f.Data == "input" && attribute(f, "type") == "hidden", f.Data == "button" && attribute(f, "name") != "":
				b.fields.Set(attribute(f, "name"), attribute(f, "value"))
			case f.Type == html.ElementNode && (f.Data == "input" || f.Data == "textarea" || f.Data == "select") || hasAttribute(f, "disabled"):
				typed = true
			}
		}
		if !typed {
			all = append(all, b)
		}
	}
	return all
}
