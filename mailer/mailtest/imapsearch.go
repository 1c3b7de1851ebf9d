package mailtest

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// choose returns the messages of a set, in order, as the session counts them.
// The account is locked. A star means the last message, so that n:* names it
// even if its number is below n (RFC 9051 section 9, seq-range).
func (v *view) choose(set imap.NumSet) []numbered {
	var out []numbered
	for i, m := range v.folder.messages {
		seq := v.tracker.EncodeSeqNum(uint32(i) + 1)
		if seq != 0 && v.contains(set, seq, m.uid) {
			out = append(out, numbered{seq: seq, index: i})
		}
	}
	return out
}

// contains says whether a set names a message.
func (v *view) contains(set imap.NumSet, seq uint32, uid imap.UID) bool {
	switch set := set.(type) {
	case imap.SeqSet:
		last := uint32(len(v.folder.messages))
		return slices.ContainsFunc(set, func(r imap.SeqRange) bool {
			return within(seq, r.Start, r.Stop, last)
		})
	case imap.UIDSet:
		var last imap.UID
		if n := len(v.folder.messages); n > 0 {
			last = v.folder.messages[n-1].uid
		}
		return slices.ContainsFunc(set, func(r imap.UIDRange) bool {
			return within(uint32(uid), uint32(r.Start), uint32(r.Stop), uint32(last))
		})
	}
	return false
}

// within says whether n lies in a range, whose ends may stand in any order and
// may be zero for the last number.
func within(n, start, stop, last uint32) bool {
	if start == 0 {
		start = last
	}
	if stop == 0 {
		stop = last
	}
	return min(start, stop) <= n && n <= max(start, stop)
}

// Search implements imapserver.Session.
func (s *imapSession) Search(kind imapserver.NumKind, criteria *imap.SearchCriteria, _ *imap.SearchOptions) (*imap.SearchData, error) {
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	var (
		data imap.SearchData
		seqs imap.SeqSet
		uids imap.UIDSet
	)
	for i, m := range s.view.folder.messages {
		seq := s.view.tracker.EncodeSeqNum(uint32(i) + 1)
		if seq == 0 || !s.view.fits(m, seq, criteria) {
			continue
		}
		seqs.AddNum(seq)
		uids.AddNum(m.uid)
		number := seq
		if kind == imapserver.NumKindUID {
			number = uint32(m.uid)
		}
		if data.Min == 0 {
			data.Min = number
		}
		data.Max = number
		data.Count++
	}
	data.All = seqs
	if kind == imapserver.NumKindUID {
		data.All = uids
	}
	return &data, nil
}

// fits says whether a message meets all criteria (RFC 9051 section 6.4.4).
func (v *view) fits(m *message, seq uint32, c *imap.SearchCriteria) bool {
	for _, set := range c.SeqNum {
		if !v.contains(set, seq, m.uid) {
			return false
		}
	}
	for _, set := range c.UID {
		if !v.contains(set, seq, m.uid) {
			return false
		}
	}
	for i := range c.Not {
		if v.fits(m, seq, &c.Not[i]) {
			return false
		}
	}
	for i := range c.Or {
		if !v.fits(m, seq, &c.Or[i][0]) && !v.fits(m, seq, &c.Or[i][1]) {
			return false
		}
	}
	return m.fitsFlags(c) && m.fitsSize(c) && m.fitsDates(c) && m.fitsText(c)
}

// fitsFlags checks FLAG and its negation.
func (m *message) fitsFlags(c *imap.SearchCriteria) bool {
	for _, f := range c.Flag {
		if !hasFlag(m.flags, f) {
			return false
		}
	}
	for _, f := range c.NotFlag {
		if hasFlag(m.flags, f) {
			return false
		}
	}
	return true
}

// fitsSize checks LARGER and SMALLER.
func (m *message) fitsSize(c *imap.SearchCriteria) bool {
	size := int64(len(m.raw))
	return (c.Larger == 0 || size > c.Larger) && (c.Smaller == 0 || size < c.Smaller)
}

// fitsDates checks SINCE and BEFORE against INTERNALDATE, SENTSINCE and
// SENTBEFORE against the Date field. Times of day and zones do not count.
func (m *message) fitsDates(c *imap.SearchCriteria) bool {
	if !dayWithin(m.at, c.Since, c.Before) {
		return false
	}
	if c.SentSince.IsZero() && c.SentBefore.IsZero() {
		return true
	}
	sent := m.summary().Date
	return !sent.IsZero() && dayWithin(sent, c.SentSince, c.SentBefore)
}

// dayWithin compares dates; zero bounds are none.
func dayWithin(at, since, before time.Time) bool {
	day := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
	return (since.IsZero() || !day.Before(since)) && (before.IsZero() || day.Before(before))
}

// fitsText checks HEADER, BODY and TEXT as substrings without case. Bodies are
// compared as they lie on the wire, which many real servers do no better.
func (m *message) fitsText(c *imap.SearchCriteria) bool {
	head, body := splitMessage(m.raw)
	for _, h := range c.Header {
		value, found := headerField(head, h.Key)
		if !found || !strings.Contains(strings.ToLower(value), strings.ToLower(h.Value)) {
			return false
		}
	}
	has := func(in []byte, text string) bool {
		return bytes.Contains(bytes.ToLower(in), bytes.ToLower([]byte(text)))
	}
	for _, text := range c.Body {
		if !has(body, text) {
			return false
		}
	}
	for _, text := range c.Text {
		if !has(m.raw, text) {
			return false
		}
	}
	return true
}
