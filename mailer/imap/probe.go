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
	Folders      []ReportFolder
	Absent       []string // folders of the configuration that the server has not
}

// ReportFolder is one folder of a Report.
type ReportFolder struct {
	mailer.FolderState
	Watched bool
	Why     string // why it is not watched, "" if it is
	Trouble error  // why it cannot be opened, nil if it can or is not watched
}

// Has reports whether the server offers a capability, in capitals, or one that
// implies it. No server has "".
func (r Report) Has(capability string) bool {
	set := goimap.CapSet{}
	for _, c := range r.Capabilities {
		set[goimap.Cap(c)] = struct{}{}
	}
	return capability != "" && set.Has(goimap.Cap(capability))
}

// Probe logs in, lists, and opens the watched folders, read-only.
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
		for _, f := range folders {
			one := ReportFolder{FolderState: f.FolderState, Watched: f.watched, Why: f.why}
			if f.watched {
				if one.Trouble = s.tryFolder(ctx, f.Folder); one.Trouble != nil && !isAnswer(one.Trouble) {
					return one.Trouble
				}
			}
			out.Folders = append(out.Folders, one)
		}
		for _, t := range m.absent(folders) {
			out.Absent = append(out.Absent, t.Folder)
		}
		return nil
	})
	return out, err
}

// tryFolder says why a folder cannot be read, as an answer of the server.
func (s *session) tryFolder(ctx context.Context, folder string) error {
	data, err := s.examine(ctx, folder)
	if err == nil && data.UIDValidity == 0 {
		return refusal(&goimap.Error{Text: "without message numbers"})
	}
	return err
}
