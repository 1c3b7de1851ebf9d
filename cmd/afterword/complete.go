package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"afterword/scheduler"
)

// Shell completion. On any error it offers nothing: an error in the middle of a command
// line helps nobody.

// withCompletion tells each command what its arguments may be.
func (p *program) withCompletion(root *cobra.Command) {
	kinds := map[string]func(*house, *cobra.Command) []string{
		"preview": openKeys, "review": waitingKeys, "approve": approvable, "edit": openKeys, "skip": openKeys, "send": openKeys,
		"why": allKeys, "resolve": doubtKeys, "hold": targets, "resume": targets,
		"add": stems, "set": stems, "remove": stems, "debrief": stems, "prep": stems, "queue": stems, "answered": stems, "forget": stems,
	}
	each(root, func(c *cobra.Command) {
		if offer, ok := kinds[nameOf(c)]; ok {
			c.ValidArgsFunction = p.complete(offer)
		}
	})
	if c, _, err := root.Find([]string{"events"}); err == nil && c != root {
		_ = c.RegisterFlagCompletionFunc("application", func(c *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
			return p.offered(c, begun, stems), cobra.ShellCompDirectiveNoFileComp
		})
	}
}

// complete offers the first argument; the others are the user's own words.
func (p *program) complete(offer func(*house, *cobra.Command) []string) cobra.CompletionFunc {
	return func(c *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return p.offered(c, begun, offer), cobra.ShellCompDirectiveNoFileComp
	}
}

// offered are the words that begin so. Where none does, those that hold what was
// begun are offered, since a part of a key names it too.
func (p *program) offered(c *cobra.Command, begun string, offer func(*house, *cobra.Command) []string) []string {
	h, err := p.open(c.Context(), false)
	if err != nil {
		return nil
	}
	defer h.Close()
	var begin, hold []string
	for _, word := range offer(h, c) {
		switch low := strings.ToLower(word); {
		case strings.HasPrefix(low, strings.ToLower(begun)):
			begin = append(begin, word)
		case strings.Contains(low, strings.ToLower(begun)):
			hold = append(hold, word)
		}
	}
	if len(begin) == 0 {
		return hold
	}
	return begin
}

// stems are the names of the applications.
func stems(h *house, _ *cobra.Command) (names []string) {
	_, apps, err := h.world.Read()
	if err != nil {
		return nil
	}
	for _, a := range apps {
		names = append(names, a.Stem)
	}
	return names
}

// keysWhere are the keys of the deliveries in some states, stored or planned.
func keysWhere(h *house, c *cobra.Command, keep func(scheduler.State) bool) (keys []string) {
	items, _, err := h.service.Plan(c.Context(), h.clock.Now())
	if err != nil {
		return nil
	}
	for _, i := range items {
		if keep(i.State) {
			keys = append(keys, i.Key)
		}
	}
	slices.Sort(keys)
	return keys
}

func allKeys(h *house, c *cobra.Command) []string {
	return keysWhere(h, c, func(scheduler.State) bool { return true })
}

func openKeys(h *house, c *cobra.Command) []string {
	return keysWhere(h, c, func(s scheduler.State) bool { return s.Open() || s == scheduler.Refused || s == scheduler.Expired })
}

func waitingKeys(h *house, c *cobra.Command) []string {
	return keysWhere(h, c, func(s scheduler.State) bool { return s == scheduler.Review })
}

func doubtKeys(h *house, c *cobra.Command) []string {
	return keysWhere(h, c, func(s scheduler.State) bool { return s == scheduler.InDoubt })
}

// approvable are the keys that wait, and the applications.
func approvable(h *house, c *cobra.Command) []string {
	return append(waitingKeys(h, c), stems(h, c)...)
}

// targets are what a hold may be about.
func targets(h *house, c *cobra.Command) []string {
	return append(stems(h, c), openKeys(h, c)...)
}
