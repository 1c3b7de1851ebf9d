package scheduler

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// recorder is a channel that keeps what it was told, but for one that it fails.
type recorder struct {
	all  []Notice
	fail string // the beginning of the key that it fails once
	no   string // the beginning of the key that it refuses
}

func (r *recorder) Notify(_ context.Context, n Notice) error {
	if r.fail != "" && strings.HasPrefix(n.Key, r.fail) {
		r.fail = ""
		return errors.New("no route")
	}
	if r.no != "" && strings.HasPrefix(n.Key, r.no) {
		return ErrNoticeRefused
	}
	r.all = append(r.all, n)
	return nil
}

// TestManyNoticesAreOneMessage: hundreds of notices at once would use up what the account
// may send, so that those beyond twenty of a kind stand in one. None is lost, none is told
// twice, and what must be seen whole stands alone.
func TestManyNoticesAreOneMessage(t *testing.T) {
	t.Parallel()
	mail := &recorder{fail: "together/"}
	l := newTeller(t, Channel{Notifier: mail, Name: "mail", Shows: true})
	var kinds []string
	for n := range 300 {
		kinds = append(kinds, fmt.Sprintf("expiry%03d", n))
	}
	for n := range mostApart {
		kinds = append(kinds, fmt.Sprintf("reply%03d", n))
	}
	for n := range 30 {
		kinds = append(kinds, fmt.Sprintf("announce%03d", n))
	}
	l.put(kinds...)
	l.tell(0)
	l.tell(time.Minute)
	heard := map[string]int{}
	for _, n := range mail.all {
		heard[strings.TrimRight(n.Key, "0123456789")]++
		if !strings.HasPrefix(n.Key, "together/") {
			continue
		}
		if n.Kind != "expiry" || n.Text == "" || strings.Contains(n.Discreet, "expiry") {
			t.Errorf("the one for many is %+v", n)
		}
	}
	if want := map[string]int{"expiry": mostApart - 1, "together/expiry": 1, "reply": mostApart, "announce": 30}; fmt.Sprint(heard) != fmt.Sprint(want) {
		t.Errorf("it heard %v, want %v", heard, want)
	}
	open, err := l.store.Notices(true)
	all, err2 := l.store.Notices(false)
	if len(open) > 0 || len(all) != len(kinds) || err != nil || err2 != nil {
		t.Errorf("%d of %d are still open: %v %v", len(open), len(all), err, err2)
	}
	for _, n := range all {
		if len(n.Tellings) != 1 || n.Tellings[0].Why != "" {
			t.Errorf("%s was told %+v", n.Key, n.Tellings)
		}
	}
}

// TestOneForMany names the first of them, and how many more there are.
func TestOneForMany(t *testing.T) {
	t.Parallel()
	var all []Notice
	for n := range mostTogether + 7 {
		all = append(all, Notice{Key: fmt.Sprintf("k%d", n), Kind: "question", Subject: fmt.Sprintf("A question about firm-%d.", n), Text: strings.Repeat("is it so? ", 100)})
	}
	one := asOne(all)
	for _, want := range []string{"firm-0.", fmt.Sprintf("firm-%d.", mostTogether-1), "And 7 more."} {
		if !strings.Contains(one.Text, want) {
			t.Errorf("%q is not in it:\n%s", want, one.Text)
		}
	}
	if strings.Contains(one.Text, fmt.Sprintf("firm-%d.", mostTogether)) || len(one.Text) > mostTogether*(longestQuoted+60) {
		t.Errorf("it has %d bytes", len(one.Text))
	}
}

// TestOneLeftOfMany: where all but one of those that would stand in one message have come to
// nothing meanwhile, that one is told as itself, and can be answered.
func TestOneLeftOfMany(t *testing.T) {
	t.Parallel()
	mail := &recorder{}
	l := newTeller(t, Channel{Notifier: mail, Name: "mail", Shows: true})
	for n := range mostApart {
		l.put(fmt.Sprintf("question%03d", n))
	}
	if _, err := l.store.Notify(Notice{Key: "question/gone#1", Kind: noticeQuestion, At: l.clock.now}); err != nil {
		t.Fatal(err)
	}
	l.tell(0)
	if last := fmt.Sprintf("question%03d", mostApart-1); len(mail.all) != mostApart || mail.all[0].Key != last {
		t.Errorf("it heard %d, the first of them %+v, want %s first", len(mail.all), mail.all[0], last)
	}
}

// TestRefusedTogether: where a channel refuses the one message, each is told by itself.
func TestRefusedTogether(t *testing.T) {
	t.Parallel()
	mail := &recorder{no: "together/"}
	l := newTeller(t, Channel{Notifier: mail, Name: "mail", Shows: true})
	for n := range mostApart + 5 {
		l.put(fmt.Sprintf("refused%03d", n))
	}
	l.tell(0)
	heard := map[string]int{}
	for _, n := range mail.all {
		heard[n.Key]++
	}
	if len(heard) != mostApart+5 || len(mail.all) != mostApart+5 {
		t.Errorf("of %d it heard %d, of which %d are different", mostApart+5, len(mail.all), len(heard))
	}
}
