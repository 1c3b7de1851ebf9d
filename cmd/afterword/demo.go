package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"afterword/internal/config"
	"afterword/internal/web"
	"afterword/mailer/mailtest"
	"afterword/scheduler"
)

// demoFiles is the profile of the demo, read like any other.
//
//go:embed demo
var demoFiles embed.FS

// demoStart and demoEnd are the three weeks of the demo.
func demoStart() time.Time { return time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC) }
func demoEnd() time.Time   { return demoStart().Add(21 * 24 * time.Hour) }

func (p *program) demoCommand() *cobra.Command {
	var asJSON, serve bool
	c := &cobra.Command{
		Use:   "demo [--json] [--serve]",
		Short: "Plays three weeks of a job hunt in seconds, against a mail server inside the program",
		Args:  usage(cobra.NoArgs),
		RunE:  func(cmd *cobra.Command, _ []string) error { return p.demo(cmd.Context(), asJSON, serve) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the events as JSON, one on a line, instead")
	c.Flags().BoolVar(&serve, "serve", false, "keep the page up afterwards, until Ctrl-C")
	return c
}

// demo plays the story in a temporary folder and counts at the server.
func (p *program) demo(ctx context.Context, asJSON, serve bool) (err error) {
	dir, err := os.MkdirTemp("", "afterword-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := writeDemo(dir); err != nil {
		return err
	}
	box, err := newSandbox(ctx, filepath.Join(dir, "config.yaml"), demoStart(), demoEnd(), inProcess)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, box.Close()) }()
	if err := demoScript(box); err != nil {
		return err
	}
	if !asJSON {
		fmt.Fprintf(p.out, "Three weeks of a job hunt, from %s on. The mail server runs inside this program; nothing leaves the machine.\n\n",
			demoStart().Format("Mon 2 Jan 2006"))
	}
	box.show = func(e scheduler.Event) { p.demoEvent(box, e, asJSON) }
	if err := box.Run(ctx); err != nil {
		return err
	}
	if !asJSON {
		if err := p.demoTotals(ctx, box); err != nil {
			return err
		}
	}
	if serve {
		return p.serveDemo(ctx, box.house)
	}
	return nil
}

// serveDemo serves the page with the demo's state until the user ends it. If the usual
// port is taken, by the user's own page perhaps, it uses another.
func (p *program) serveDemo(ctx context.Context, h *house) error {
	if t, ok := h.store.(*tap); ok { // the story is over: nobody listens to it any more
		h.store, h.service.Store = t.Store, t.Store
	}
	h.between = make(chan func(identity))
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() { // what waits for a daemon to rest is done at once: none is at work
		for {
			select {
			case job := <-h.between:
				job(identity{})
			case <-ctx.Done():
				return
			}
		}
	}()
	log := newLog(p.err, slog.LevelInfo)
	tell := func(page *web.Page) { fmt.Fprintf(p.err, "The page: %s\n", page.Link()) } // nothing on it is anybody's secret
	closePage, err := h.openPage(ctx, h.config.Web.Listen, log, tell)
	if err != nil {
		closePage, err = h.openPage(ctx, "127.0.0.1:0", log, tell)
	}
	if err != nil {
		return err
	}
	defer closePage()
	fmt.Fprintln(p.err, "The demo's clock stands still now. Ctrl-C ends it.")
	<-ctx.Done()
	return nil
}

// writeDemo lays the profile out as a user would have it.
func writeDemo(dir string) error {
	err := fs.WalkDir(demoFiles, "demo", func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(dir, strings.TrimPrefix(filepath.ToSlash(path), "demo"))
		if e.IsDir() {
			return os.MkdirAll(to, 0o700)
		}
		text, err := demoFiles.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(to, text, 0o600)
	})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "password"), []byte("secret\n"), 0o600)
}

// demoScript says what the people do: the candidate notes what each interviewer
// said; Acme's recruiter writes; Globex answers the first follow-up.
func demoScript(b *sandbox) error {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return err
	}
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, paris) }
	said := func(when time.Time, file, interview string, words map[string]string) {
		b.people.At(when, func() { b.edit(file, interview, words) })
	}
	said(at(2, 15, 45), "acme-sre.yaml", "onsite", map[string]string{
		"ken@acme.example":   "the team moves the pager to follow-the-sun in spring",
		"mara@acme.example":  "every new engineer ships to production in the first week",
		"tomas@acme.example": "the storage rewrite halved your restore times",
	})
	said(at(4, 16, 20), "globex-backend.yaml", "video", map[string]string{
		"noor@globex.example": "the platform group grows from four people to nine this winter",
	})
	b.people.WritesAt(at(5, 11, 12), mailtest.Letter{From: "Priya Nair <priya@acme.example>", Subject: "Your interview at Acme",
		Body: "Hi Dana,\n\nthanks for your time on Monday. The team meets next week, and I will come back to you after that.\n\nBest,\nPriya\n"})
	return b.people.ScriptFunc("Noor Haddad <noor@globex.example>", func(r mailtest.Received) []mailtest.Reaction {
		if !strings.HasPrefix(r.Mail.Subject, "Re:") {
			return nil // silent after the thank-you
		}
		return []mailtest.Reaction{{After: 26 * time.Hour, Letter: mailtest.Answer(r, "thanks for asking. We would like to see you again, and I will send you some times tomorrow.")}}
	})
}

// demoEvent prints one event.
func (p *program) demoEvent(b *sandbox, e scheduler.Event, asJSON bool) {
	zone := b.house.config.Policy.Me.Zone.String()
	if asJSON {
		_ = printLine(p.out, eventOf(e, zone))
		return
	}
	fmt.Fprintf(p.out, "%s  %-14s  %-11s  %-15s  %s\n", e.At.In(b.house.config.Policy.Me.Zone).Format("Mon 02 Jan 15:04"),
		either(e.Application, "-"), either(b.person(e), "-"), e.What, e.Why)
}

// demoTotals prints per person what was sent, cancelled and held, and holds it
// against what the server really took.
func (p *program) demoTotals(ctx context.Context, b *sandbox) error {
	st, err := b.house.service.Status(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.out)
	var wrong []string
	err = table(p.out, func(row func(...string)) {
		row("APPLICATION", "PERSON", "SENT", "CANCELLED", "HELD", "AT THE SERVER")
		for _, t := range totals(st, b.people) {
			row(t.application, t.name, fmt.Sprint(t.sent), fmt.Sprint(t.cancelled), fmt.Sprint(t.held), fmt.Sprint(t.accepted))
			if t.sent != t.accepted {
				wrong = append(wrong, t.name)
			}
		}
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "\nNotices to Dana herself: %d. Every other mail that the server took stands in the table.\n", len(b.people.AcceptedTo(b.house.config.Policy.Me.Email)))
	if len(wrong) > 0 {
		return fmt.Errorf("counting at the server: it took another number of mails for %s", strings.Join(wrong, ", "))
	}
	return nil
}

// total is what became of the mail to one person.
type total struct {
	application, name, email        string
	sent, cancelled, held, accepted int
}

// totals counts the store's deliveries and the server's messages.
func totals(st scheduler.StatusReport, w provider) []total {
	var order []string
	byPerson := map[string]*total{}
	for _, d := range st.Deliveries {
		id := d.Application + " " + d.To.Email
		if byPerson[id] == nil {
			byPerson[id] = &total{application: d.Application, name: d.To.Name, email: d.To.Email, accepted: len(w.AcceptedTo(d.To.Email))}
			order = append(order, id)
		}
		t := byPerson[id]
		switch {
		case d.State == scheduler.Sent:
			t.sent++
		case d.State == scheduler.Cancelled:
			t.cancelled++
		case d.State.Open():
			t.held++
		}
	}
	var all []total
	for _, id := range order {
		all = append(all, *byPerson[id])
	}
	return all
}

// edit does what the user does in an editor: it notes what people said.
func (b *sandbox) edit(file, interview string, said map[string]string) {
	path := filepath.Join(b.house.config.InterviewsDir, file)
	var set []config.Change
	for email, words := range said {
		set = append(set, config.Change{Path: fmt.Sprintf("interviews[%s].interviewers[%s].said", interview, email), Text: words})
	}
	if err := config.Edit(path, config.InterviewCheck(b.house.config.Policy), set...); err != nil {
		b.fail(err)
		return
	}
	b.edited()
}

var _ io.Closer = (*sandbox)(nil)
