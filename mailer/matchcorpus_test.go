package mailer

import "testing"

// TestCorpusRepliesWithoutThreading holds real answers that bear neither
// In-Reply-To nor References against an application whose mail they answer, as
// their subject shows it, from an address that nobody listed. An answer whose
// subject repeats nothing of the mail cannot be known so, and is not counted.
func TestCorpusRepliesWithoutThreading(t *testing.T) {
	t.Parallel()
	folder := corpusFolder(t)
	answers := 0
	for _, row := range corpusTable(t, folder, "broken_threading.tsv") {
		m := corpusMessage(t, folder, row["path"])
		base, isAnswer := baseSubject(m.Subject)
		if after := afterPhrase(m.Subject); after != "" {
			base, isAnswer = after, true
		}
		if !isAnswer {
			t.Logf("%s: its subject %q repeats none", row["path"], m.Subject)
			continue
		}
		answers++
		c := acme()
		c.Subjects = []string{base}
		r := Classify(m)
		if got := matchAll(m, r, c, globex()); len(got) != 1 || got[0].Strength != BySubject {
			t.Errorf("%s (%q, read as %s) matches %+v", row["path"], m.Subject, r.Kind, got)
		}
	}
	if answers == 0 {
		t.Error("no answer was held against anything")
	}
	t.Logf("%d answers", answers)
}
