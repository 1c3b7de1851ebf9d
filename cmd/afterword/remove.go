package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"afterword/scheduler"
)

func (p *program) removeCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "remove APP",
		Short: "Takes an application off: cancels what is left of its mail, and keeps its file under another name",
		Args:  usage(cobra.ExactArgs(1)),
		RunE: p.with(true, func(cmd *cobra.Command, args []string, h *house) error {
			_, a, err := h.application(args[0])
			if err != nil {
				return err
			}
			kept, err := setAside(a.File)
			if err != nil {
				return err
			}
			done, err := h.service.Remove(cmd.Context(), a.Stem)
			if err != nil {
				return hinted{fmt.Errorf("its file is %s now, but its mail is not yet cancelled: %w", kept, err), "it is cancelled by itself an hour after its file is gone"}
			}
			fmt.Fprintf(p.out, "%s: removed; %s cancelled. Its file is %s; give it its old name to take it back\n", a.Stem, countOf(done.Cancelled, "mail"), kept)
			for _, d := range done.Unsettled {
				fmt.Fprintf(p.out, "  %s is %s and cannot be taken back; afterword why %s\n", d.Key, d.State, scheduler.ShellWord(d.Key))
			}
			return nil
		}),
	}
}

// setAside renames a file, so that nothing reads it and nothing is lost.
func setAside(path string) (string, error) {
	for n := 1; ; n++ {
		to := path + ".removed"
		if n > 1 {
			to = fmt.Sprintf("%s.removed-%d", path, n)
		}
		_, err := os.Lstat(to)
		if err == nil {
			continue
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return to, err
		}
		return to, os.Rename(path, to)
	}
}
