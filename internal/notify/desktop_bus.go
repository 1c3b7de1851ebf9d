//go:build unix && !darwin

package notify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/godbus/dbus/v5"
)

// The desktop's server of notices on the session bus
// (https://specifications.freedesktop.org/notification-spec/).
const (
	busName   = "org.freedesktop.Notifications"
	busObject = "/org/freedesktop/Notifications"
)

// showOnScreen shows a notice by the session's bus.
func showOnScreen(ctx context.Context, title, text string, urgent bool) error {
	return onSession(ctx, func(conn *dbus.Conn) error { return showByBus(ctx, conn, title, text, urgent) })
}

func lookForScreen(ctx context.Context) error {
	return onSession(ctx, func(conn *dbus.Conn) error {
		_, err := abilities(ctx, conn)
		return err
	})
}

// onSession does something on the bus of the session, which is never started for
// it: a daemon that the system started before anybody logged in has none.
func onSession(ctx context.Context, do func(*dbus.Conn) error) error {
	conn, err := dbus.SessionBusPrivateNoAutoStartup(dbus.WithContext(ctx))
	if err != nil {
		return fmt.Errorf("finding the session's bus: %w", err)
	}
	return onBus(conn, do)
}

// onBus greets a bus, does something on it and leaves.
func onBus(conn *dbus.Conn, do func(*dbus.Conn) error) error {
	err := conn.Auth(nil)
	if err == nil {
		err = conn.Hello()
	}
	if err == nil {
		err = do(conn)
	}
	_ = conn.Close() // what was shown is shown
	return err
}

// abilities asks the server of notices what it can do.
func abilities(ctx context.Context, conn *dbus.Conn) (can []string, err error) {
	err = conn.Object(busName, busObject).CallWithContext(ctx, busName+".GetCapabilities", 0).Store(&can)
	if err != nil {
		return nil, fmt.Errorf("asking the desktop: %w", err)
	}
	return can, nil
}

func showByBus(ctx context.Context, conn *dbus.Conn, title, text string, urgent bool) error {
	can, err := abilities(ctx, conn)
	if err != nil {
		return err
	}
	if slices.Contains(can, "body-markup") {
		text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	}
	urgency := byte(1)
	if urgent {
		urgency = 2
	}
	hints := map[string]dbus.Variant{"urgency": dbus.MakeVariant(urgency), "category": dbus.MakeVariant("email")}
	var id uint32
	err = conn.Object(busName, busObject).CallWithContext(ctx, busName+".Notify", 0, "Afterword", uint32(0), "", title, text, []string{}, hints, int32(-1)).Store(&id)
	if err == nil && id == 0 {
		err = errors.New("the desktop took no notice of it")
	}
	return err
}
