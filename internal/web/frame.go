package web

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"afterword/scheduler"
)

//go:embed pages
var pageFiles embed.FS

//go:embed assets
var assetFiles embed.FS

// pages are the templates, each within the same frame.
type pages struct{ byName map[string]*template.Template }

func loadPages() (*pages, error) {
	base, err := template.New("frame").Funcs(functions()).ParseFS(pageFiles, "pages/frame.html", "pages/parts.html")
	if err != nil {
		return nil, fmt.Errorf("reading the page's templates: %w", err)
	}
	names, err := fs.Glob(pageFiles, "pages/*.html")
	if err != nil {
		return nil, err
	}
	all := &pages{byName: map[string]*template.Template{}}
	for _, name := range names {
		t, err := base.Clone()
		if err == nil {
			_, err = t.ParseFS(pageFiles, name)
		}
		if err != nil {
			return nil, fmt.Errorf("reading the page's templates: %w", err)
		}
		all.byName[strings.TrimSuffix(path.Base(name), ".html")] = t
	}
	return all, nil
}

// functions are what templates call beside their views.
func functions() template.FuncMap {
	return template.FuncMap{
		"even": func(n int) bool { return n%2 == 0 },
		"list": func(pairs ...string) (all []option) {
			for n := 0; n+1 < len(pairs); n += 2 {
				all = append(all, option{Value: pairs[n], Name: pairs[n+1]})
			}
			return all
		},
	}
}

// frame is what every page shows around its own content.
type frame struct {
	Title   string
	Section string // the entry of the menu that it belongs to
	Path    string // where it stands, to come back to
	Refresh string // goes on to that path by itself
	Inside  bool   // the menu is shown
	Seen    string // the mark of what it shows
	Edits   bool   // it has a form in which words may stand that are not saved yet
	Now     time.Time
	Paused  *pausedView
	Note    string // what was just done
	Clears  string // the form whose words were just taken, so that they need not be kept
	Problem *problem
	Data    any
}

// problem is why something was not done, and what to do about it.
type problem struct{ Text, Hint string }

// pausedView is the pause of everything.
type pausedView struct{ Reason, Since, Until string }

// ISO is the moment of the page, from which the browser counts down.
func (f frame) ISO() string {
	if f.Now.IsZero() {
		return ""
	}
	return f.Now.UTC().Format(time.RFC3339)
}

// show writes a page. What cannot be shown whole is not shown at all.
func (p *Page) show(w http.ResponseWriter, status int, name string, f frame) {
	p.showPart(w, status, name, "frame.html", f)
}

// showPart writes one template of a page.
func (p *Page) showPart(w http.ResponseWriter, status int, page, part string, data any) {
	var b bytes.Buffer
	if err := p.pages.byName[page].ExecuteTemplate(&b, part, data); err != nil {
		p.Log.Error("the page cannot be shown", "page", page, "error", err)
		http.Error(w, "This page cannot be shown. The log of the program tells why.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

// ErrStale marks what was not done because the page had shown something older.
var ErrStale = errors.New("this has changed since the page was opened")

// hinter is an error that knows what to do about it.
type hinter interface{ Hint() string }

// explain makes an error a problem for a person.
func explain(err error) *problem {
	h := hinter(nil)
	if errors.As(err, &h) {
		return &problem{sentence(err.Error()), sentence(h.Hint())}
	}
	return &problem{Text: sentence(err.Error())}
}

// sentence gives a text its capital and its full stop.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if strings.ContainsAny(s[len(s)-1:], ".?!:") {
		return s
	}
	return s + "."
}

// statusOf chooses the answer's code for an error.
func statusOf(err error) int {
	switch {
	case errors.Is(err, ErrStale), errors.Is(err, scheduler.ErrStale):
		return http.StatusConflict
	case errors.Is(err, scheduler.ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, scheduler.ErrStoreFailed):
		return http.StatusInternalServerError
	}
	return http.StatusUnprocessableEntity
}

// fail shows why something was not done, on a page of its own.
func (p *Page) fail(w http.ResponseWriter, r *http.Request, status int, text, hint string) {
	f := p.frame(r)
	f.Title, f.Problem = "Not done", &problem{text, hint}
	if status == http.StatusNotFound {
		f.Title = "Not found"
		if r.Method == http.MethodGet {
			f.Path = "/" // there is nothing here to come back to
		}
	}
	p.show(w, status, "failed", f)
}

// frame is the frame of a page that is asked for. Where the store cannot be
// read the page itself will say so.
func (p *Page) frame(r *http.Request) frame {
	// The mark is taken before anything is read, so that no change is missed.
	f := frame{Inside: true, Now: p.Service.Clock.Now(), Path: "/", Seen: p.state(r.Context())}
	if r.Method == http.MethodGet {
		f.Path = r.URL.EscapedPath()
		if r.URL.RawQuery != "" {
			q := r.URL.Query()
			q.Del("note")
			if enc := q.Encode(); enc != "" {
				f.Path += "?" + enc
			}
		}
	} else if back := localPath(r.PostFormValue("back")); back != "" {
		f.Path = back
	}
	if h, ok, err := p.Service.Paused(r.Context()); err == nil && ok {
		w := p.words()
		f.Paused = &pausedView{Reason: h.Reason, Since: w.moment(h.Set).Text, Until: w.moment(h.Until).Text}
	}
	if n, ok := p.notes.get(r.URL.Query().Get("note")); ok && r.Method == http.MethodGet {
		f.Note, f.Clears = n.text, n.clears
	}
	return f
}

// localPath is a path of this page, "" for anything else.
func localPath(s string) string {
	if !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") || strings.ContainsAny(s, "\\\r\n") {
		return ""
	}
	return s
}

// page serves a page that build fills in.
func (p *Page) page(build func(r *http.Request, f *frame) (name string, err error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f := p.frame(r)
		name, err := build(r, &f)
		if err != nil {
			e := explain(err)
			p.fail(w, r, statusOf(err), e.Text, e.Hint)
			return
		}
		p.show(w, http.StatusOK, name, f)
	}
}

// done is what came of a change: where to go on, and what to say there.
type done struct {
	to, note string
	clears   string // the form whose words were taken
}

// change serves a POST. What was refused is said on a page of its own, with the
// way back; forms that hold words show themselves again instead (see forms.go).
func (p *Page) change(do func(r *http.Request) (done, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := readForm(r); err != nil {
			p.fail(w, r, http.StatusRequestEntityTooLarge, "What you sent is too large to be read.", "Send less at once; nothing was changed.")
			return
		}
		d, err := do(r)
		if err != nil {
			e := explain(err)
			p.fail(w, r, statusOf(err), e.Text, e.Hint)
			return
		}
		p.goOn(w, r, d)
	}
}

// goOn sends the browser to where the change shows, so that reloading that page
// does not do it again.
func (p *Page) goOn(w http.ResponseWriter, r *http.Request, d done) {
	to := localPath(d.to)
	if to == "" {
		to = "/"
	}
	if d.note != "" {
		mark := "?"
		if strings.Contains(to, "?") {
			mark = "&"
		}
		anchor := ""
		if at := strings.IndexByte(to, '#'); at >= 0 {
			to, anchor = to[:at], to[at:]
		}
		to += mark + "note=" + p.notes.add(note{d.note, d.clears}) + anchor
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// readForm reads a form of either encoding.
func readForm(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	if err := r.ParseMultipartForm(mostForm); !errors.Is(err, http.ErrNotMultipart) {
		return err
	}
	return nil
}

// static serves the style sheet and the scripts.
func (p *Page) static() http.Handler {
	files, err := fs.Sub(assetFiles, "assets")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return http.StripPrefix(staticPath, http.FileServerFS(files))
}
