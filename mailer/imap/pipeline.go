package imap

import (
	"context"
	"errors"
	"io"
	"slices"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// request is one FETCH that was sent. A goroutine of its own collects what comes,
// for the library stands still at an answer that nobody takes, and a server may
// begin with the next one before it says that it has done with this (RFC 9051
// section 5.5).
type request struct {
	session *session
	doing   string
	uids    []goimap.UID
	done    chan struct{} // closed when the answer is complete
	answer  []*imapclient.FetchMessageBuffer
	err     error
	void    bool // the connection was of no use before anybody waited
}

// send sends a FETCH and does not wait for its answer.
func (s *session) send(ctx context.Context, folder string, uids []goimap.UID, options *goimap.FetchOptions) *request {
	q := &request{session: s, doing: "fetching from " + quote(folder), uids: uids, done: make(chan struct{})}
	var cmd *imapclient.FetchCommand
	err := s.do(ctx, q.doing, func(c *imapclient.Client) error {
		cmd = c.Fetch(goimap.UIDSetNum(uids...), options)
		return nil
	})
	if err != nil && cmd == nil {
		q.err, q.void = err, true
		close(q.done)
		return q
	}
	go func() {
		defer close(q.done)
		q.answer, q.err = collectMessages(cmd)
	}()
	return q
}

// wait returns the answer to its end. It must be called once.
func (q *request) wait(ctx context.Context) ([]*imapclient.FetchMessageBuffer, error) {
	if q.void {
		return nil, q.err
	}
	q.void = true
	err := q.session.do(ctx, q.doing, func(*imapclient.Client) error {
		q.void = false
		<-q.done
		return q.err
	})
	if q.void { // ctx has ended, or the connection had broken
		q.session.close()
		<-q.done
	}
	if err != nil {
		return nil, err
	}
	return q.answer, nil
}

// sendAhead asks for the headers of uids before they are needed, so that the
// server is at work while the batch before is read and applied. It is for speed
// only: it neither dials nor fails, and what it did not ask for is asked for in
// turn.
func (r *reading) sendAhead(ctx context.Context, uids []goimap.UID) {
	s := r.session
	if len(uids) == 0 || s == nil || s.dead() || s.examined != r.state.Folder {
		return
	}
	for _, q := range r.sent {
		if slices.Equal(q.uids, uids) {
			return
		}
	}
	r.sent = append(r.sent, s.send(ctx, r.state.Folder, uids, headerOptions()))
}

// sentFor takes out what was sent ahead for exactly these. One whose connection
// broke under another request is no attempt at its messages.
func (r *reading) sentFor(ctx context.Context, uids []goimap.UID) *request {
	for i, q := range r.sent {
		if !slices.Equal(q.uids, uids) {
			continue
		}
		r.sent = slices.Delete(r.sent, i, i+1)
		if q.session.dead() {
			_, _ = q.wait(ctx)
		}
		if q.void {
			return nil
		}
		return q
	}
	return nil
}

// settle waits for what was sent ahead and is not needed any more.
func (r *reading) settle(ctx context.Context) {
	for _, q := range r.sent {
		_, _ = q.wait(ctx) // a session that it breaks is dialled anew
	}
	r.sent = nil
}

// collectMessages reads an answer to its end, whatever it contains.
func collectMessages(cmd *imapclient.FetchCommand) ([]*imapclient.FetchMessageBuffer, error) {
	var out []*imapclient.FetchMessageBuffer
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		buffer, err := m.Collect()
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, errors.Join(err, cmd.Close())
		}
		out = append(out, buffer)
	}
	return out, cmd.Close()
}
