package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"afterword/scheduler"
	"afterword/templates/proofread"
)

// The marks around what the notes of a panel share, and the columns in which
// they stand side by side.
const (
	sharedOpens, sharedCloses = "⟦", "⟧"
	columnLeast               = 30 // characters
	columnGap                 = "  |  "
)

// panelsOf puts the notes of one step and round together; those that stand
// alone are left out.
func panelsOf(all []scheduler.Preview) [][]scheduler.Preview {
	type round struct{ application, interview, step string }
	var order []round
	groups := map[round][]scheduler.Preview{}
	for _, v := range all {
		r := round{v.Delivery.Application, v.Delivery.Interview, v.Delivery.Step}
		if v.Problem != "" || v.Delivery.Kind != scheduler.Owed {
			continue
		}
		if groups[r] == nil {
			order = append(order, r)
		}
		groups[r] = append(groups[r], v)
	}
	var panels [][]scheduler.Preview
	for _, r := range order {
		if len(groups[r]) > 1 {
			panels = append(panels, groups[r])
		}
	}
	return panels
}

// shareJSON is how much two notes of a panel have in common.
type shareJSON struct {
	With  string  `json:"with"`  // the other's key
	Share float64 `json:"share"` // of this note's runs of five words, from 0 to 1
}

// sharesOf compares a note with the others of its panel.
func sharesOf(key string, panels [][]scheduler.Preview, me scheduler.Me) []shareJSON {
	shares := []shareJSON{}
	for _, panel := range panels {
		for _, v := range panel {
			if v.Delivery.Key != key {
				continue
			}
			for _, o := range panel {
				if o.Delivery.Key != key {
					shares = append(shares, shareJSON{o.Delivery.Key, proofread.Share(v.Text, o.Text, me)})
				}
			}
		}
	}
	return shares
}

// printPanel shows the notes of a panel side by side, as many as fit, with what
// they share between marks; width is that of the screen, 0 if unknown.
func printPanel(w io.Writer, panel []scheduler.Preview, me scheduler.Me, width int) {
	d := panel[0].Delivery
	fmt.Fprintf(w, "The panel of %s/%s, %s: what two notes share stands in %s %s\n", d.Application, d.Interview, d.Step, sharedOpens, sharedCloses)
	var texts []scheduler.Text
	for _, v := range panel {
		texts = append(texts, v.Text)
	}
	for i := range panel {
		for j := i + 1; j < len(panel); j++ {
			share := max(proofread.Share(texts[i], texts[j], me), proofread.Share(texts[j], texts[i], me))
			fmt.Fprintf(w, "  %s and %s share %.0f %%\n", panel[i].Delivery.To.Name, panel[j].Delivery.To.Name, 100*share)
		}
	}
	columns := max(1, (width+len(columnGap))/(columnLeast+len(columnGap)))
	columns = min(columns, len(panel))
	wide := 76
	if columns > 1 {
		wide = (width - (columns-1)*len(columnGap)) / columns
	}
	for from := 0; from < len(panel); from += columns {
		var side [][]string
		for n := from; n < min(from+columns, len(panel)); n++ {
			others := append(append([]scheduler.Text{}, texts[:n]...), texts[n+1:]...)
			text := "Subject: " + texts[n].Subject + "\n\n" + proofread.Mark(texts[n], others, me, sharedOpens, sharedCloses)
			side = append(side, wrapped(text, wide))
		}
		fmt.Fprintln(w)
		printColumns(w, side, wide)
	}
	fmt.Fprintln(w)
}

func printColumns(w io.Writer, side [][]string, wide int) {
	rows := 0
	for _, c := range side {
		rows = max(rows, len(c))
	}
	for row := range rows {
		var cells []string
		for _, c := range side {
			cell := ""
			if row < len(c) {
				cell = c[row]
			}
			cells = append(cells, cell+strings.Repeat(" ", max(0, wide-utf8.RuneCountInString(cell))))
		}
		fmt.Fprintln(w, strings.TrimRight(strings.Join(cells, columnGap), " "))
	}
}

// wrapped breaks a text into lines of a width, in characters; a word that is
// longer is cut.
func wrapped(text string, wide int) []string {
	var lines []string
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		now := ""
		for _, word := range strings.Fields(line) {
			for utf8.RuneCountInString(word) > wide {
				if now != "" {
					lines, now = append(lines, now), ""
				}
				r := []rune(word)
				lines, word = append(lines, string(r[:wide])), string(r[wide:])
			}
			switch {
			case now == "":
				now = word
			case utf8.RuneCountInString(now)+1+utf8.RuneCountInString(word) <= wide:
				now += " " + word
			default:
				lines, now = append(lines, now), word
			}
		}
		lines = append(lines, now)
	}
	return lines
}
