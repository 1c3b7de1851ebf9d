//go:build !unix

package notify

import "context"

// showOnScreen says that nobody knows how.
func showOnScreen(context.Context, string, string, bool) error { return notSupported() }

func lookForScreen(context.Context) error { return notSupported() }
