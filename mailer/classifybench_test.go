package mailer

import (
	"os"
	"path/filepath"
	"testing"
)

// corpusRaw reads every labelled message of the corpus.
func corpusRaw(tb testing.TB) (headers, bodies [][]byte) {
	tb.Helper()
	folder := corpusFolder(tb)
	for _, row := range corpusTable(tb, folder, "labels.tsv") {
		raw, err := os.ReadFile(filepath.Join(folder, row["path"]))
		if err != nil {
			tb.Fatal(err)
		}
		h, b := Split(raw)
		headers, bodies = append(headers, h), append(bodies, b)
	}
	return headers, bodies
}

// BenchmarkHeaders is the floor that BenchmarkClassify is held against: the
// latter may take three times as long.
func BenchmarkHeaders(b *testing.B) {
	headers, _ := corpusRaw(b)
	for b.Loop() {
		for _, h := range headers {
			Parse(h, nil)
		}
	}
}

func BenchmarkClassify(b *testing.B) {
	headers, bodies := corpusRaw(b)
	for b.Loop() {
		for i, h := range headers {
			Classify(Parse(h, bodies[i]))
		}
	}
}
