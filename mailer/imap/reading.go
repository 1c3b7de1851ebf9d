package imap

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"afterword/mailer"
)

// Bounds on what is held in memory at once.
const (
	headersAtOnce = 100     // messages whose headers one command asks for at first
	mostAtOnce    = 1000    // and at most, where headers turn out to be short
	headerBytes   = 4 << 20 // what the headers of one command should come to
	bytesAtOnce   = 1 << 20 // bodies that one command and one batch may have
	maxNew        = 1 << 20 // new messages of one folder in one look
)

// slack is how far before Since a new folder is searched: SEARCH SINCE knows
// only days, in a zone that nobody states (RFC 9051 section 6.4.4).
const slack = 48 * time.Hour

// reading is one folder being read to its end.
type reading struct {
	*look
	state  mailer.FolderState
	from   mailer.Cursor      // where the reading began
	afresh bool               // there is no usable cursor: read back to Since
	opened bool               // the folder was opened at least once
	found  *goimap.SearchData // by expected, nil if there is nothing of it
	base   uint32             // from the next UID on, every UID must be accounted for
	seen   uint32             // messages after base that were there
	left   int                // messages that are still to be handed over
	sent   []*request         // what was asked for ahead, in the order of sending
}

// run reads everything after the cursor.
func (r *reading) run(ctx context.Context) error {
	if _, err := r.reopen(ctx); err != nil {
		return err
	}
	r.begin()
	uids, err := r.search(ctx)
	if err == nil {
		uids, err = r.recount(ctx, uids)
	}
	if err != nil {
		return err
	}
	r.left = len(uids)
	defer r.settle(ctx)
	stride := headersAtOnce
	part, rest := split(uids, stride)
	for len(part) > 0 {
		next, left := split(rest, stride)
		r.sendAhead(ctx, part)
		r.sendAhead(ctx, next)
		bytes, err := r.batch(ctx, part)
		if err != nil {
			return err
		}
		stride = min(max(headerBytes/(bytes/len(part)+1), headersAtOnce), mostAtOnce)
		part, rest = next, left
	}
	return r.finish(ctx, uids)
}

// split cuts off the first n.
func split(uids []goimap.UID, n int) (first, rest []goimap.UID) {
	n = min(n, len(uids))
	return uids[:n], uids[n:]
}

// reopen makes sure that the folder is open on a live connection. When the
// connection was lost it may have been renumbered meanwhile; then the look at
// this folder ends, and the next one starts afresh.
func (r *reading) reopen(ctx context.Context) (*session, error) {
	s, err := r.open(ctx)
	if err != nil {
		return nil, err
	}
	if r.opened && s.examined == r.state.Folder {
		return s, nil
	}
	data, found, err := s.examineAndSearch(ctx, r.state.Folder, r.expected())
	switch {
	case isForGood(err):
		return nil, fmt.Errorf("%w: %w", mailer.ErrFolderRefused, err)
	case err != nil:
		return nil, err
	case data.UIDValidity == 0:
		return nil, fmt.Errorf("%w: opening %s: the server keeps no message numbers", mailer.ErrFolderRefused, quote(r.state.Folder))
	case r.opened && data.UIDValidity != r.state.UIDValidity:
		return nil, fmt.Errorf("opening %s: renumbered while it was read", quote(r.state.Folder))
	case r.opened:
		return s, nil
	}
	r.opened, r.found = true, found
	r.state.UIDValidity, r.state.UIDNext = data.UIDValidity, uint32(data.UIDNext)
	return s, nil
}

// begin decides where to start. A folder without a cursor, with another
// UIDVALIDITY or with a UIDNEXT that went back (a restored server) is read
// afresh; who applies it knows the messages by their Message-ID.
func (r *reading) begin() {
	c, known := r.cursors[r.state.Folder]
	r.from = mailer.Cursor{Folder: r.state.Folder, UIDValidity: r.state.UIDValidity}
	r.afresh = !known || c.UIDValidity != r.state.UIDValidity ||
		r.state.UIDNext != 0 && r.state.UIDNext <= c.UID
	if !r.afresh {
		r.from.UID = c.UID
	} else {
		r.floors[r.state.Folder] = mailer.Cursor{
			UIDValidity: r.state.UIDValidity, UID: max(r.state.UIDNext, 1) - 1,
		}
	}
	r.base = r.from.UID
	if floor := r.floors[r.state.Folder]; floor.UIDValidity == r.state.UIDValidity {
		r.base = max(r.base, floor.UID)
	}
}

// expected is the search that the opening of the folder will show to be needed:
// what came after its cursor, nil if it has none or was opened already.
func (r *reading) expected() *goimap.SearchCriteria {
	if c := r.cursors[r.state.Folder]; !r.opened && c.UIDValidity != 0 && c.UID != ^uint32(0) {
		return after(c.UID)
	}
	return nil
}

func after(uid uint32) *goimap.SearchCriteria {
	return &goimap.SearchCriteria{UID: []goimap.UIDSet{{{Start: goimap.UID(uid + 1)}}}}
}

// search returns the UIDs after the cursor, ascending.
func (r *reading) search(ctx context.Context) ([]goimap.UID, error) {
	if r.from.UID == ^uint32(0) {
		return nil, nil
	}
	if r.found != nil && !r.afresh {
		return uidsAfter(r.found.All, r.from.UID)
	}
	criteria := after(r.from.UID)
	if r.afresh && !r.req.Since.IsZero() {
		criteria.Since = r.req.Since.UTC().Add(-slack)
	}
	all := goimap.UIDRange{Start: goimap.UID(r.from.UID + 1), Stop: goimap.UID(max(r.state.UIDNext-1, r.from.UID+1))}
	return r.searchFor(ctx, criteria, r.from.UID, goimap.UIDSet{all})
}

// recount asks for the messages themselves where fewer were found than numbers were given
// out. Mostly the others were removed, but some servers search in an index that lags
// behind, and some answer in pieces; what is passed over here is never read.
func (r *reading) recount(ctx context.Context, uids []goimap.UID) ([]goimap.UID, error) {
	last := max(r.state.UIDNext, 1) - 1
	if last <= r.base || r.from.UID < r.base || int64(len(uids)) >= int64(last-r.base) {
		return uids, nil
	}
	listed, err := r.list(ctx, goimap.UIDSet{{Start: goimap.UID(r.from.UID + 1), Stop: goimap.UID(last)}})
	if err != nil && (!isAnswer(err) || errors.Is(err, mailer.ErrServerBusy)) {
		return nil, err
	}
	uids = append(uids, listed...)
	slices.Sort(uids)
	return slices.Compact(uids), nil
}

// list asks which of the messages are there, without a search.
func (r *reading) list(ctx context.Context, set goimap.UIDSet) (uids []goimap.UID, err error) {
	s, err := r.reopen(ctx)
	if err != nil {
		return nil, err
	}
	var there []*imapclient.FetchMessageBuffer
	err = s.do(ctx, "listing "+quote(r.state.Folder), func(c *imapclient.Client) (err error) {
		there, err = collectMessages(c.Fetch(set, &goimap.FetchOptions{UID: true}))
		return err
	})
	for _, m := range there {
		if m.UID != 0 && set.Contains(m.UID) {
			uids = append(uids, m.UID)
		}
	}
	slices.Sort(uids)
	return slices.Compact(uids), err
}

// searchFor searches, and lists the messages of set where the server refuses that: a
// search may be out of order for weeks.
func (r *reading) searchFor(ctx context.Context, criteria *goimap.SearchCriteria, after uint32, set goimap.UIDSet) ([]goimap.UID, error) {
	s, err := r.reopen(ctx)
	if err != nil {
		return nil, err
	}
	data, err := s.uidSearch(ctx, criteria)
	if s.searchOptions() != nil && s.refusesOffer(err) {
		s.plain = true
		data, err = s.uidSearch(ctx, criteria)
	}
	switch {
	case isAnswer(err) && !errors.Is(err, mailer.ErrServerBusy):
		return r.list(ctx, set)
	case err != nil:
		return nil, err
	}
	return uidsAfter(data.All, after)
}

func (s *session) uidSearch(ctx context.Context, criteria *goimap.SearchCriteria) (data *goimap.SearchData, err error) {
	err = s.do(ctx, "searching "+quote(s.examined), func(c *imapclient.Client) (err error) {
		data, err = c.UIDSearch(criteria, s.searchOptions()).Wait()
		return err
	})
	return data, err
}

// uidsAfter lists a set without trusting its size: a range of a few bytes can
// name four thousand million messages. UIDs up to after are left out, since
// "n:*" always includes the last message (RFC 9051 section 9, seq-range).
func uidsAfter(all goimap.NumSet, after uint32) ([]goimap.UID, error) {
	set, ok := all.(goimap.UIDSet)
	if !ok && all != nil {
		return nil, errors.New("searching: the server answers with message numbers instead of UIDs")
	}
	var uids []goimap.UID
	for _, span := range set {
		if span.Start == 0 || span.Stop < span.Start {
			return nil, errors.New("searching: the server answers with an open range")
		}
		for uid := uint64(max(span.Start, goimap.UID(after)+1)); uid <= uint64(span.Stop); uid++ {
			if len(uids) == maxNew {
				return nil, fmt.Errorf("searching: the server lists more than %d new messages", maxNew)
			}
			uids = append(uids, goimap.UID(uid))
		}
	}
	slices.Sort(uids)
	return slices.Compact(uids), nil
}

// finish moves the cursor to the end and notes whether something came and
// left again: the UIDs that were given out and the messages that were seen do
// not add up.
func (r *reading) finish(ctx context.Context, uids []goimap.UID) error {
	end := r.from
	if len(uids) > 0 {
		end.UID = uint32(uids[len(uids)-1])
	}
	if r.state.UIDNext > 0 {
		end.UID = max(end.UID, r.state.UIDNext-1)
	}
	if end.UID > r.base && end.UID-r.base > r.seen {
		r.gaps[r.state.Folder] = r.state
	}
	r.state.UIDNext = end.UID + 1
	return r.hand(ctx, nil, end, 0)
}

// batch reads the messages of uids and hands them over. What was read before a
// failure is handed over too: the next look must not stumble over the same. It
// returns the bytes of the headers.
func (r *reading) batch(ctx context.Context, uids []goimap.UID) (bytes int, err error) {
	messages, failure := r.headers(ctx, uids)
	for _, m := range messages {
		bytes += len(m.Header)
	}
	return bytes, firstError(r.parcel(ctx, messages), failure)
}

// parcel adds the bodies and hands the messages over in bounded batches.
func (r *reading) parcel(ctx context.Context, messages []mailer.Fetched) error {
	for len(messages) > 0 {
		n, wanted := r.portion(messages)
		n, err := r.bodies(ctx, messages[:n], wanted)
		if handing := r.deliver(ctx, messages[:n]); handing != nil {
			return handing
		}
		if err != nil {
			return err
		}
		messages = messages[n:]
	}
	return nil
}

// deliver hands over complete messages and counts them.
func (r *reading) deliver(ctx context.Context, messages []mailer.Fetched) error {
	if len(messages) == 0 {
		return nil
	}
	for _, m := range messages {
		if m.UID > r.base {
			r.seen++
		}
	}
	r.left -= len(messages)
	to := r.from
	to.UID = messages[len(messages)-1].UID
	return r.hand(ctx, r.recent(messages), to, r.left)
}

// portion returns how many messages from the start fit into one batch with the
// bodies that are wanted, at least one, and the UIDs of those.
func (r *reading) portion(messages []mailer.Fetched) (n int, wanted []goimap.UID) {
	bytes := int64(0)
	for i, m := range messages {
		size := int64(len(m.Header))
		want := !m.Unreadable && !r.tooOld(m) && r.req.WantBody != nil && r.req.WantBody(m)
		if want {
			size += min(m.Size, maxHeader+maxBody)
		}
		if bytes += size; i > 0 && bytes > bytesAtOnce {
			return i, wanted
		}
		if want {
			wanted = append(wanted, goimap.UID(m.UID))
		}
	}
	return len(messages), wanted
}

// recent leaves out what arrived before Since in a folder that is read afresh:
// the search was generous.
func (r *reading) recent(messages []mailer.Fetched) []mailer.Fetched {
	var out []mailer.Fetched
	for _, m := range messages {
		if !r.tooOld(m) {
			out = append(out, m)
		}
	}
	return out
}

func (r *reading) tooOld(m mailer.Fetched) bool {
	return r.afresh && !m.Unreadable && !m.Arrived.IsZero() && m.Arrived.Before(r.req.Since)
}
