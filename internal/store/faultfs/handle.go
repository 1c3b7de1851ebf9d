package faultfs

import (
	"errors"
	"io"
	"io/fs"
)

// Handle is an open file of a program other than SQLite. It has the methods of
// *os.File that an append-only file needs. One goroutine uses it at a time.
type Handle struct {
	disk *Disk
	path string
	at   int64
}

// OpenFile opens a file for reading and writing and creates it where there is
// none.
func (d *Disk) OpenFile(path string) (*Handle, error) {
	if err := d.ensure(path, true); err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	return &Handle{disk: d, path: path}, nil
}

// Read implements io.Reader.
func (h *Handle) Read(p []byte) (int, error) {
	f := file{disk: h.disk, path: h.path}
	n, err := f.ReadAt(p, h.at)
	h.at += int64(n)
	if n > 0 && errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

// Write implements io.Writer.
func (h *Handle) Write(p []byte) (int, error) {
	o := operation{what: write, path: h.path, at: h.at, data: append([]byte(nil), p...)}
	if err := h.disk.do(o); err != nil {
		return 0, h.fail("write", err)
	}
	h.at += int64(len(p))
	return len(p), nil
}

// Seek implements io.Seeker.
func (h *Handle) Seek(offset int64, whence int) (int64, error) {
	size, err := (&file{disk: h.disk, path: h.path}).Size()
	if err != nil {
		return 0, err
	}
	switch whence {
	case io.SeekCurrent:
		offset += h.at
	case io.SeekEnd:
		offset += size
	}
	if offset < 0 {
		return 0, h.fail("seek", fs.ErrInvalid)
	}
	h.at = offset
	return offset, nil
}

// Truncate cuts the file to a size, or fills it up with zeros.
func (h *Handle) Truncate(size int64) error {
	return h.fail("truncate", h.disk.do(operation{what: truncate, path: h.path, at: size}))
}

// Sync makes the file durable.
func (h *Handle) Sync() error {
	return h.fail("sync", h.disk.do(operation{what: flush, path: h.path}))
}

// Close closes the file. Nothing is made durable by it.
func (h *Handle) Close() error { return nil }

func (h *Handle) fail(op string, err error) error {
	if err == nil {
		return nil
	}
	return &fs.PathError{Op: op, Path: h.path, Err: err}
}
