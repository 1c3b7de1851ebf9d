package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFolderOfInterviewsIsGone: what the user changed with the folder nobody can
// know, so that nothing leaves, nothing is cancelled and the user is told, until
// it is back; then all goes on.
func TestFolderOfInterviewsIsGone(t *testing.T) {
	t.Parallel()
	perform(t, "", map[string]string{"globex.yaml": solo}, func(s *stage) {
		s.open()
		s.until(2, 12, 0)
		folder := filepath.Join(s.dir, "interviews")
		s.must(os.Rename(folder, folder+"-elsewhere"))
		s.files <- struct{}{}
		s.until(3, 12, 0)
		s.want(map[string]int{"noor@globex.example": 0})
		told := 0
		for _, m := range s.world.AcceptedTo("dana@example.org") {
			if strings.Contains(m.Subject, "A file cannot be read: your files") {
				told++
			}
		}
		if told != 1 {
			t.Errorf("told %d times that the files cannot be read, want once", told)
		}
		s.must(os.Rename(folder+"-elsewhere", folder))
		s.files <- struct{}{}
		s.until(3, 17, 0)
		s.want(map[string]int{"noor@globex.example": 1})
	})
}
