package mailer

import "errors"

// The ways in which a mail server fails its client, so that the daemon can tell
// what to do about it. Adapters wrap them; ask with errors.Is.
var (
	// ErrLoginRefused means that the server did not accept the credential.
	// Nobody tries the same one again: servers lock accounts that do.
	ErrLoginRefused = errors.New("login refused")
	// ErrUnreachable means that no session came about: name, network, TLS or
	// greeting. It is worth another attempt later.
	ErrUnreachable = errors.New("server cannot be reached")
	// ErrServerBusy means that the server asks for patience: a limit on
	// connections or traffic, maintenance, a lock, a BYE.
	ErrServerBusy = errors.New("server is busy")
	// ErrConnectionLost means that an established session ended before the
	// answer: closed, silent past the deadline, or closed by us because of
	// what the server said.
	ErrConnectionLost = errors.New("connection lost")
)
