package scheduler

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Hundreds of notices may come at once: a first start over many applications, a restored
// backup. A mail for each would use up what the account may send in a day, and nobody
// would read them.

const (
	// mostApart is how many notices of a kind are told each by itself in one go.
	mostApart = 20
	// mostTogether is how many of those that are told together are quoted.
	mostTogether = 60
	// longestQuoted bounds, in characters, what is quoted of one.
	longestQuoted = 300
)

// crowded takes out, of each kind that has more than mostApart, those that are told
// together. An announcement must be seen whole before its mail may leave, and an answer
// stands in its own exchange.
func crowded(notices []Notice) (apart []Notice, together [][]Notice) {
	seen, rest := map[string]int{}, map[string][]Notice{}
	count := map[string]int{}
	for _, n := range notices {
		count[n.Kind]++
	}
	var kinds []string
	for _, n := range notices {
		whole := n.Kind == noticeAnnounce || n.Kind == noticeAnswer
		if seen[n.Kind]++; whole || count[n.Kind] <= mostApart || seen[n.Kind] < mostApart {
			apart = append(apart, n)
			continue
		}
		if !slices.Contains(kinds, n.Kind) {
			kinds = append(kinds, n.Kind)
		}
		rest[n.Kind] = append(rest[n.Kind], n)
	}
	for _, k := range kinds {
		together = append(together, rest[k])
	}
	return apart, together
}

// tellTogether tells notices of one kind as one. Those that need not be told any more are
// left out, as they would be alone.
func (d *Daemon) tellTogether(ctx context.Context, i int, notices []Notice) error {
	lasting, c, now := context.WithoutCancel(ctx), d.Channels[i], d.Clock.Now()
	tellings := make([]Telling, len(notices))
	var live []Notice
	err := d.do(lasting, func() error {
		return d.Store.View(lasting, func(r Reader) error {
			for k, n := range notices {
				why, err := mootIn(r, n)
				if err != nil {
					return err
				}
				tellings[k] = Telling{Channel: c.Name, Why: firstOf(why, c.leavesOut(n, now))}
				if tellings[k].Why == "" {
					live = append(live, n)
				}
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	if len(live) > 0 {
		t, err := d.tellOne(ctx, c, asOne(live))
		if err != nil {
			return err
		}
		if t.Why != "" { // what it is refused for need not be true of each
			return d.tellApart(ctx, i, notices)
		}
	}
	return d.do(lasting, func() error { return d.told(lasting, notices, tellings) })
}

// asOne is one notice for many. It stands in no outbox, so that nobody can answer it. Where
// only one has not come to nothing meanwhile, it is that one.
func asOne(all []Notice) Notice {
	if len(all) == 1 {
		return all[0]
	}
	var b strings.Builder
	b.WriteString("These came at once, so that they stand in one message. It cannot be answered; `afterword` lists what waits for you.\n")
	for n, one := range all {
		if n == mostTogether {
			fmt.Fprintf(&b, "\nAnd %d more.\n", len(all)-n)
			break
		}
		fmt.Fprintf(&b, "\n%s\n    %s\n", one.Subject, brief(oneSpace(one.Text), longestQuoted))
	}
	return Notice{Key: "together/" + all[0].Key, At: all[0].At, Kind: all[0].Kind, Subject: fmt.Sprintf("%d at once: %s, and others", len(all), all[0].Subject),
		Text: strings.TrimRight(b.String(), "\n"), Discreet: fmt.Sprintf("%d more things wait for you.", len(all))}
}
