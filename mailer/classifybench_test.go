package mailer

import (
	"os"
	"path/filepath"
	"testing"
)

// eachCorpusMessage calls f with every labelled message, read anew from its
// file, as the floor of the measure has it.
func eachCorpusMessage(b *testing.B, f func(raw []byte)) {
	b.Helper()
	folder := corpusFolder(b)
	rows := corpusTable(b, folder, "labels.tsv")
	for b.Loop() {
		for _, row := range rows {
			raw, err := os.ReadFile(filepath.Join(folder, row["path"]))
			if err != nil {
				b.Fatal(err)
			}
			f(raw)
		}
	}
}

// BenchmarkReadHeaders is the floor that BenchmarkReadAndClassify is held
// against: the latter may take three times as long.
func BenchmarkReadHeaders(b *testing.B) {
	eachCorpusMessage(b, func(raw []byte) {
		header, _ := Split(raw)
		Parse(header, nil)
	})
}

func BenchmarkReadAndClassify(b *testing.B) {
	// The tables are compiled once in the life of the program, not for each message.
	_, _, _, _ = tables(), intentTables(), dateTables(), knownDomains()
	eachCorpusMessage(b, func(raw []byte) { Classify(Parse(Split(raw))) })
}
