package notify

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"afterword/scheduler"
)

// Desktop shows notices on the screen of this machine. The screen may be locked,
// or shared in the very interview, so that without Details it names nobody. It is
// safe for concurrent use.
type Desktop struct {
	Details bool
	// Show puts a notice on the screen; nil: the system's own way.
	Show func(ctx context.Context, title, text string, urgent bool) error
}

// desktopPatience bounds what the screen may take.
const desktopPatience = 10 * time.Second

// maxDesktop is what fits a bubble, in bytes.
const maxDesktop = 600

// Notify shows one notice.
func (c *Desktop) Notify(ctx context.Context, n scheduler.Notice) error {
	ctx, cancel := context.WithTimeout(ctx, desktopPatience)
	defer cancel()
	show := c.Show
	if show == nil {
		show = showOnScreen
	}
	title, text := words(n, c.Details)
	if err := show(ctx, cut(oneLine(title), 120), cut(text, maxDesktop), n.Urgent()); err != nil {
		return fmt.Errorf("showing a notice on the desktop: %w", err)
	}
	return nil
}

// CheckDesktop says why this machine cannot show notices, nil if it can; nothing
// is shown.
func CheckDesktop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, desktopPatience)
	defer cancel()
	return lookForScreen(ctx)
}

// notSupported is what a system without a known way says.
func notSupported() error {
	return fmt.Errorf("notices on the desktop are not supported on %s: %w", runtime.GOOS, errors.Join(scheduler.ErrChannelRefused, errors.ErrUnsupported))
}

// oneLine puts a text on one line.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
