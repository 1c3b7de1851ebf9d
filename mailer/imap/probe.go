package imap

import (
	"context"
	"maps"
	"slices"

	goimap "github.com/emersion/go-imap/v2"

	"afterword/mailer"
)

// Report says what an account offers and what will be done with it.
type Report struct {
	Capabilities []string // sorted
	Idle         bool     // new mail is told at once; else it is asked for every minute
	Folders      []ReportFolder
	Absent       []string // folders of the configuration that the server has not
}

// ReportFolder is one folder of a Report.
type ReportFolder struct {
	mailer.FolderState
	Watched bool
	Why     string // why it is not watched, "" if it is
}

// Probe logs in and lists, and opens no folder.
func (m *Mailbox) Probe(ctx context.Context) (Report, error) {
	var out Report
	err := m.onDesk(ctx, "probing the mailbox", func(ctx context.Context, s *session) error {
		folders, err := m.folders(ctx, s)
		if err != nil {
			return err
		}
		for _, c := range slices.Sorted(maps.Keys(s.caps)) {
			out.Capabilities = append(out.Capabilities, string(c))
		}
		out.Idle = s.caps.Has(goimap.CapIdle)
		for _, f := range folders {
			out.Folders = append(out.Folders, ReportFolder{FolderState: f.FolderState, Watched: f.watched, Why: f.why})
		}
		for _, t := range m.absent(folders) {
			out.Absent = append(out.Absent, t.Folder)
		}
		return nil
	})
	return out, err
}
