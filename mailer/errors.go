package mailer

import "errors"

// The ways in which a mail server fails its client, so that the daemon can tell
// what to do about it. Adapters wrap them; ask with errors.Is.
var (
	// ErrLoginRefused means that the server did not accept the credential.
	// Nobody tries the same one again: servers lock accounts that do.
	ErrLoginRefused = errors.New("login refused")
	// ErrGrantGone means that the login needs a grant of the user that was
	// withdrawn, has ended or was never given. It is an ErrLoginRefused too.
	ErrGrantGone = errors.New("no grant")
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
	// ErrFolderRefused means that the server lists a folder and does not let it
	// be read, now and for as long as nobody changes the account.
	ErrFolderRefused = errors.New("folder cannot be read")
)
