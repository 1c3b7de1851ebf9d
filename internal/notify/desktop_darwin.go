package notify

import (
	"context"
	"fmt"
	"os/exec"
)

// The words are arguments and never part of the script.
const notificationScript = `on run argv
display notification (item 2 of argv) with title (item 1 of argv)
end run`

// showOnScreen shows a notice by AppleScript, which knows no urgency.
func showOnScreen(ctx context.Context, title, text string, _ bool) error {
	if err := exec.CommandContext(ctx, "osascript", "-e", notificationScript, title, text).Run(); err != nil {
		return fmt.Errorf("running osascript: %w", err)
	}
	return nil
}

func lookForScreen(context.Context) error {
	if _, err := exec.LookPath("osascript"); err != nil {
		return notSupported()
	}
	return nil
}
