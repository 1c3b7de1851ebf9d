package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"afterword/internal/clock"
	"afterword/internal/config"
	"afterword/internal/health"
	"afterword/internal/profile"
	"afterword/internal/web"
)

// desk is what the page needs of a house. It has a copy of its own, because the daemon
// replaces its config when the account changes.
type desk struct{ house house }

// openPage listens at an address and serves the page until the returned function
// is called; tell is told where.
func (h *house) openPage(ctx context.Context, listen string, log *slog.Logger, tell func(*web.Page)) (closePage func(), err error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", listen)
	if err != nil {
		return nil, hinted{fmt.Errorf("opening the page: %w", err), "another program, or another profile's daemon, may use the address: change web.listen in config.yaml, to 127.0.0.1:0 for any free port"}
	}
	h.service.Lasting = true
	page, err := web.New(h.pageConfig(l.Addr().String(), log))
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	forget, err := profile.KeepLink(h.config.StatePath, page.Link())
	if err != nil {
		log.Warn("`afterword page` will not know the link", "error", err) // a full disk
		forget = func() error { return nil }
	}
	tell(page)
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := page.Serve(ctx, l); err != nil {
			log.Error("the page has ended; everything else goes on", "error", err)
		}
	}()
	return func() {
		stop()
		<-ended
		_ = forget() // a link that is left behind opens nothing
	}, nil
}

// tellLink prints the link to the page only where nobody but the user sees it. Output
// that is no terminal may be a journal, which others can read.
func tellLink(out io.Writer) func(*web.Page) {
	return func(page *web.Page) {
		if _, ok := terminalOf(out); ok {
			fmt.Fprintf(out, "The page: %s\n", page.Link())
			return
		}
		fmt.Fprintf(out, "The page is at %s; `afterword page` prints the link that opens it.\n", page.Address())
	}
}

func (p *program) pageCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "page",
		Short: "Prints the link that opens the page of the running daemon in your browser",
		Args:  usage(cobra.NoArgs),
		RunE:  func(*cobra.Command, []string) error { return p.page() },
	}
}

// page prints the link that the daemon has left in the profile: whoever may read
// that may use the page.
func (p *program) page() error {
	cfg, err := p.loadConfig()
	if err != nil {
		return err
	}
	link, err := profile.Link(cfg.StatePath)
	switch {
	case err != nil:
		return fmt.Errorf("looking for the page: %w", err)
	case link == "" && cfg.Web.Listen == "":
		return hinted{errors.New("this profile has no page"), "set web.listen in config.yaml, then `afterword run`"}
	case link == "" || !isServed(link):
		return hinted{errors.New("no page is open"), "the daemon serves it: `afterword run`, or `afterword service install`; where it runs without a page its log says why, such as an address that is taken"}
	}
	fmt.Fprintln(p.out, link)
	return nil
}

// isServed reports whether anybody listens where a link leads: a daemon that was
// killed leaves its link behind.
func isServed(link string) bool {
	u, err := url.Parse(link)
	if err != nil {
		return false
	}
	c, err := net.DialTimeout("tcp", u.Host, time.Second)
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}

// withPage serves the page while something else runs. If the page cannot be served, that
// runs all the same: sending and stopping matter more, and the commands do everything
// that the page does.
func (h *house) withPage(ctx context.Context, log *slog.Logger, out io.Writer, do func() error) error {
	if h.config.Web.Listen == "" {
		return do()
	}
	closePage, err := h.openPage(ctx, h.config.Web.Listen, log, tellLink(out))
	if err != nil {
		log.Error("the page cannot be opened; everything else goes on", "error", err, "hint", hintOn(err))
		return do()
	}
	defer closePage()
	return do()
}

// pageConfig wires the page to a house.
func (h *house) pageConfig(listen string, log *slog.Logger) web.Config {
	return web.Config{Listen: listen, Service: h.service, Desk: &desk{*h}, Pulse: &clock.Running{}, Random: h.outside.random, Log: log, Health: health.Handler(h.health)}
}

// fresh is the house with the config as it is now.
func (d *desk) fresh() *house {
	h := d.house
	h.config = h.world.files.Config()
	return &h
}

// Zone implements web.Desk.
func (d *desk) Zone() *time.Location { return d.fresh().config.Policy.Me.Zone }

// Advice implements web.Desk.
func (d *desk) Advice(state, protocol string) string { return adviceOn(state, protocol) }

// Broken implements web.Desk.
func (d *desk) Broken() []string {
	if err := lostSecret(d.fresh()); err != nil {
		return []string{err.Error()}
	}
	return nil
}

// FilesState implements web.Desk by the sizes and times of the files.
func (d *desk) FilesState() string {
	c := d.fresh().config
	state := stampOf(c.Path) + stampOf(c.WordsPath)
	for _, dir := range []string{c.InterviewsDir, c.TemplatesDir} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue // its absence is the state
		}
		for _, e := range entries {
			if dir != c.InterviewsDir || config.IsInterviewFile(e.Name()) {
				state += stampOf(filepath.Join(dir, e.Name()))
			}
		}
	}
	return state
}

// stampOf is a file's name, size and time, "" where there is none.
func stampOf(path string) string {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	if err != nil {
		return path + " unreadable;"
	}
	return fmt.Sprintf("%s %d %d;", path, info.Size(), info.ModTime().UnixNano())
}
