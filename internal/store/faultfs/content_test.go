package faultfs

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

// A file in pieces is the same as one in one piece, and a clone of it keeps what it
// had, whatever is done to either.
func TestContent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		start := rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(t, "start")
		before := bytes.Clone(start)
		files, want := []*content{contentOf(start)}, [][]byte{bytes.Clone(start)}
		place := rapid.OneOf(rapid.IntRange(0, 100), rapid.IntRange(pieceBytes-50, pieceBytes+50), rapid.IntRange(0, 3*pieceBytes))
		for range rapid.IntRange(1, 12).Draw(t, "operations") {
			i := rapid.IntRange(0, len(files)-1).Draw(t, "file")
			at := place.Draw(t, "at")
			o := operation{what: truncate, at: int64(at)}
			switch rapid.IntRange(0, 2).Draw(t, "what") {
			case 0:
				files, want = append(files, files[i].clone()), append(want, bytes.Clone(want[i]))
				continue
			case 1:
				want[i] = append(want[i], make([]byte, max(0, at-len(want[i])))...)[:at]
			case 2:
				data := bytes.Repeat([]byte{rapid.Byte().Draw(t, "byte")}, place.Draw(t, "length"))
				o = operation{what: write, at: int64(at), data: data}
				if len(data) > 0 {
					want[i] = append(want[i], make([]byte, max(0, at+len(data)-len(want[i])))...)
					copy(want[i][at:], data)
				}
			}
			if o.what == truncate || len(o.data) > 0 {
				o.on(files[i])
			}
			for n, f := range files {
				read := make([]byte, len(want[n])+7)
				got := f.read(read, 0)
				if f.size != int64(len(want[n])) || !bytes.Equal(read[:got], want[n]) || n%2 == 0 && !bytes.Equal(f.bytes(), want[n]) {
					t.Fatalf("file %d differs after %v", n, o)
				}
				if from := min(at, len(want[n])); !bytes.Equal(read[:f.read(read, int64(from))], want[n][from:]) {
					t.Fatalf("file %d differs from %d on", n, from)
				}
			}
		}
		if !bytes.Equal(start, before) {
			t.Fatal("the data that it was made from changed")
		}
	})
}
