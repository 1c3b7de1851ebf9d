package faultfs

import "slices"

// pieceBytes is the length of the pieces of a file. A log grows by a page at a time,
// to a thousand of them: in one piece it would be copied again and again.
const pieceBytes = 16 << 10

// content is what stands in a file, in pieces that may belong to others as well.
type content struct {
	pieces [][]byte // each of pieceBytes at most; what is missing is zero
	mine   []bool   // nobody else holds the piece, and it has pieceBytes
	size   int64
	joined []byte // all of it, nil if that was changed since it was last asked for
}

// contentOf is a file with the data, which is shared.
func contentOf(data []byte) *content {
	c := &content{size: int64(len(data)), joined: data}
	for piece := range slices.Chunk(data, pieceBytes) {
		c.pieces = append(c.pieces, piece)
	}
	c.mine = make([]bool, len(c.pieces))
	return c
}

// clone is the same content for somebody else. Each copies what it changes.
func (c *content) clone() *content {
	clear(c.mine)
	return &content{pieces: slices.Clone(c.pieces), mine: make([]bool, len(c.pieces)), size: c.size, joined: c.joined}
}

// bytes returns all of it, which nobody changes; never nil.
func (c *content) bytes() []byte {
	if c.joined == nil {
		c.joined = make([]byte, c.size)
		c.read(c.joined, 0)
	}
	return c.joined
}

// read reads from a place on, and returns how much there was.
func (c *content) read(p []byte, from int64) int {
	n := int(min(int64(len(p)), max(0, c.size-from)))
	for done := 0; done < n; {
		at := from + int64(done)
		part := p[done:min(n, done+pieceBytes-int(at%pieceBytes))]
		got := 0
		if i := int(at / pieceBytes); i < len(c.pieces) {
			if piece := c.pieces[i]; int(at%pieceBytes) < len(piece) {
				got = copy(part, piece[at%pieceBytes:])
			}
		}
		clear(part[got:])
		done += len(part)
	}
	return n
}

// write puts data at a place. What lies between the end and there is zero.
func (c *content) write(data []byte, at int64) {
	c.joined = nil
	c.size = max(c.size, at+int64(len(data)))
	for len(data) > 0 {
		n := copy(c.own(int(at / pieceBytes))[at%pieceBytes:], data)
		data, at = data[n:], at+int64(n)
	}
}

// cut makes it as long as that. What is added is zero.
func (c *content) cut(size int64) {
	c.joined = nil
	if whole := int((size + pieceBytes - 1) / pieceBytes); whole < len(c.pieces) {
		c.pieces, c.mine = c.pieces[:whole], c.mine[:whole]
	}
	if last := int(size / pieceBytes); size < c.size && last < len(c.pieces) {
		clear(c.own(last)[size%pieceBytes:])
	}
	c.size = size
}

// own returns a piece that may be changed.
func (c *content) own(i int) []byte {
	for len(c.pieces) <= i {
		c.pieces, c.mine = append(c.pieces, nil), append(c.mine, false)
	}
	if !c.mine[i] {
		piece := make([]byte, pieceBytes)
		copy(piece, c.pieces[i])
		c.pieces[i], c.mine[i] = piece, true
	}
	return c.pieces[i]
}
