package imap

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	goimap "github.com/emersion/go-imap/v2"

	"afterword/mailer"
)

// look is one reading of the mailbox.
type look struct {
	*lease
	req     mailer.LookRequest
	apply   func(context.Context, mailer.Batch) error
	cursors map[string]mailer.Cursor // by folder, moving as batches are applied
	states  map[string]mailer.FolderState
	trouble map[string]error
	gaps    map[string]mailer.FolderState
	atOnce  bool // the growth of all folders came in one answer
}

// Look reads what is new in every watched folder from the cursors on and hands
// it to apply, in UID order per folder. A folder that could not be read to its
// end is trouble in the result; an error means that the look as a whole did not
// succeed, though batches may have been applied.
func (m *Mailbox) Look(ctx context.Context, req mailer.LookRequest, apply func(context.Context, mailer.Batch) error) (mailer.LookResult, error) {
	defer m.cfg.Clock.Hold()()
	ctx, cancel := m.live(ctx)
	defer cancel()
	l, err := m.newLook(ctx, req, apply)
	if err != nil {
		return mailer.LookResult{}, fmt.Errorf("looking at the mailbox: %w", err)
	}
	defer l.release()
	err = l.run(ctx)
	if l.isStuck(err) {
		l.drop()
	}
	if err != nil {
		return mailer.LookResult{}, fmt.Errorf("looking at the mailbox: %w", err)
	}
	return l.result(), nil
}

// isStuck reports whether the server refused what it gave before, or must give: the list of
// folders, INBOX, a folder that was read once. Some refuse for as long as the connection
// lasts, since what stands behind it is gone, and another connection is served.
func (l *look) isStuck(err error) bool {
	stuck := isAnswer(err)
	for name, trouble := range l.trouble {
		stuck = stuck || isAnswer(trouble) && (l.cursors[name].UIDValidity != 0 || l.states[name].Role == mailer.RoleInbox)
	}
	return stuck
}

func (m *Mailbox) newLook(ctx context.Context, req mailer.LookRequest, apply func(context.Context, mailer.Batch) error) (*look, error) {
	lease, err := m.borrowTo(ctx, (*session).rouse)
	if err != nil {
		return nil, err
	}
	l := &look{
		lease: lease, req: req, apply: apply,
		cursors: map[string]mailer.Cursor{},
		states:  map[string]mailer.FolderState{},
		trouble: map[string]error{},
		gaps:    map[string]mailer.FolderState{},
	}
	for _, c := range req.Cursors {
		if c.Account == m.cfg.Account {
			l.cursors[c.Folder] = c
		}
	}
	return l, nil
}

// run reads all folders, and once more what grew meanwhile if mail vanished
// under the reading: it may have been moved to a folder that was passed before.
func (l *look) run(ctx context.Context) error {
	moved, err := l.pass(ctx, l.req.Full)
	if err != nil || !moved {
		return err
	}
	_, err = l.pass(ctx, false)
	return err
}

// pass lists the folders and reads those that need it. It reports whether it
// found new gaps.
func (l *look) pass(ctx context.Context, full bool) (moved bool, err error) {
	folders, err := l.survey(ctx)
	if err != nil {
		return false, err
	}
	if err := l.believes(folders); err != nil {
		return false, err
	}
	before := len(l.gaps)
	for _, t := range l.box.absent(folders) {
		l.trouble[t.Folder] = t.Err
	}
	if err := l.vanished(ctx, folders); err != nil {
		return false, err
	}
	for _, f := range folders {
		if !f.watched || l.trouble[f.Folder] != nil {
			continue
		}
		l.states[f.Folder] = f.FolderState
		if !full && !l.grew(f.FolderState) {
			continue
		}
		if err := l.folder(ctx, f.FolderState); err != nil {
			return false, err
		}
	}
	return len(l.gaps) > before, nil
}

// bareFor is how long a server must list nothing but INBOX, after others were read, to be
// believed.
const bareFor = time.Hour

// believes refuses a list without any of the folders that were read before but INBOX: a
// server that has lost sight of them for a while lists none, and an answer may lie there.
// One alone may have got another name.
func (l *look) believes(folders []folder) error {
	read, there := 0, false
	for name, c := range l.cursors {
		if c.UIDValidity != 0 && name != "INBOX" {
			read++
			there = there || slices.ContainsFunc(folders, func(f folder) bool { return f.Folder == name })
		}
	}
	now := l.box.cfg.Clock.Now()
	switch {
	case len(folders) > 1 || there || read < 2:
		l.bareSince = time.Time{}
		return nil
	case l.bareSince.IsZero():
		l.bareSince = now
	case now.Sub(l.bareSince) >= bareFor:
		return nil
	}
	return fmt.Errorf("listing the folders: the server lists INBOX alone, and %d others were read before; after an hour that is believed", read)
}

// survey lists the folders, on a second connection if the first one breaks.
func (l *look) survey(ctx context.Context) ([]folder, error) {
	for attempt := 1; ; attempt++ {
		s, err := l.open(ctx)
		if err != nil {
			return nil, err
		}
		folders, err := l.box.folders(ctx, s)
		l.atOnce = s.caps.Has(goimap.CapListStatus) && !s.plain
		if err == nil || attempt == 2 || !errors.Is(err, mailer.ErrConnectionLost) || errors.Is(err, errPatience) {
			return folders, err
		}
	}
}

// grew reports whether a folder must be opened. INBOX always is, and so is the
// folder that the connection has open: STATUS may be stale for it (RFC 9051
// section 6.3.11 warns of it, and Exchange is known for it).
func (l *look) grew(f mailer.FolderState) bool {
	c, known := l.cursors[f.Folder]
	return !known || f.UIDNext == 0 || f.Role == mailer.RoleInbox ||
		f.UIDValidity != c.UIDValidity || f.UIDNext != c.UID+1 ||
		l.session != nil && l.session.examined == f.Folder
}

// folder reads one folder, once more where the connection broke, and notes
// trouble. The error ends the look.
func (l *look) folder(ctx context.Context, state mailer.FolderState) error {
	r := &reading{look: l, state: state}
	err := r.run(ctx)
	if errors.Is(err, mailer.ErrConnectionLost) && !l.isFatal(ctx, err) {
		r = &reading{look: l, state: state}
		err = r.run(ctx)
	}
	l.states[state.Folder] = r.state
	if err == nil {
		return nil
	}
	if l.isFatal(ctx, err) {
		return err
	}
	l.trouble[state.Folder] = err
	return nil
}

// isFatal tells what concerns the whole account from what concerns one folder.
func (l *look) isFatal(ctx context.Context, err error) bool {
	var failed *applyError
	return ctx.Err() != nil || errors.As(err, &failed) || errors.Is(err, errTooManyDials) ||
		errors.Is(err, mailer.ErrLoginRefused) || errors.Is(err, mailer.ErrUnreachable) || errors.Is(err, errPatience)
}

// vanished tells of folders that were read once and are no longer there. Their
// cursor becomes 0, so that each is told once, and read anew if it comes back.
func (l *look) vanished(ctx context.Context, folders []folder) error {
	there := map[string]bool{}
	for _, f := range folders {
		there[f.Folder] = true
	}
	for _, name := range slices.Sorted(maps.Keys(l.cursors)) {
		if there[name] || l.cursors[name].UIDValidity == 0 {
			continue
		}
		l.gaps[name] = mailer.FolderState{Account: l.box.cfg.Account, Folder: name, Role: mailer.RoleOther}
		if err := l.hand(ctx, nil, mailer.Cursor{Folder: name}, 0); err != nil {
			return err
		}
	}
	return nil
}

// applyError is a failure of who applies a batch, not of the mailbox.
type applyError struct{ err error }

func (e *applyError) Error() string { return "applying what was read: " + e.err.Error() }
func (e *applyError) Unwrap() error { return e.err }

// hand gives messages to who applies them and moves the cursor. Left is how many
// of the folder are still to come.
func (l *look) hand(ctx context.Context, messages []mailer.Fetched, to mailer.Cursor, left int) error {
	to.Account = l.box.cfg.Account
	if len(messages) == 0 && l.cursors[to.Folder] == to {
		return nil
	}
	if err := l.apply(ctx, mailer.Batch{Messages: messages, Cursor: to, Left: left}); err != nil {
		return &applyError{err}
	}
	l.cursors[to.Folder] = to
	return nil
}

// result lists what was found, in order of the folders' names.
func (l *look) result() mailer.LookResult {
	out := mailer.LookResult{AtOnce: l.atOnce}
	for _, name := range slices.Sorted(maps.Keys(l.states)) {
		out.Folders = append(out.Folders, l.states[name])
	}
	for _, name := range slices.Sorted(maps.Keys(l.trouble)) {
		out.Trouble = append(out.Trouble, mailer.FolderTrouble{
			Account: l.box.cfg.Account, Folder: name, Role: l.states[name].Role, Err: l.trouble[name],
		})
	}
	for _, name := range slices.Sorted(maps.Keys(l.gaps)) {
		out.Gaps = append(out.Gaps, l.gaps[name])
	}
	return out
}
