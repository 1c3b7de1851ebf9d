package archive

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// mostManifest bounds the manifest: an archive comes from outside.
const mostManifest = 16 << 20

// Read reads the manifest alone. What follows may still be damaged.
func Read(path string) (Manifest, error) {
	a, err := open(path)
	if err != nil {
		return Manifest{}, err
	}
	return a.manifest, a.file.Close()
}

// verify reads a whole archive and compares each byte with the manifest.
func verify(path string) (Manifest, error) {
	return each(path, func(File, io.Reader) error { return nil })
}

// Extract unpacks an archive into a folder that is the owner's alone, and
// verifies it on the way. What is there after an error is not to be used.
func Extract(path, folder string) (Manifest, error) {
	return each(path, func(f File, r io.Reader) error {
		to := filepath.Join(folder, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		_, err = io.Copy(out, r)
		return errors.Join(err, out.Sync(), out.Close())
	})
}

// opened is an archive whose manifest was read.
type opened struct {
	file     *os.File
	packed   *gzip.Reader
	entries  *tar.Reader
	manifest Manifest
}

// open reads as far as the manifest. A pipe would be waited for as long as nobody writes
// into it, and a device may have no end.
func open(path string) (*opened, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, ErrForeign
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	a := &opened{file: f}
	if err := a.begin(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return a, nil
}

func (a *opened) begin() error {
	var err error
	if a.packed, err = gzip.NewReader(a.file); err != nil {
		var disk *os.PathError
		if errors.As(err, &disk) {
			return err
		}
		return ErrForeign
	}
	a.entries = tar.NewReader(a.packed)
	h, err := a.entries.Next()
	if err != nil {
		return foreign(err)
	}
	if h.Name != manifestName {
		return ErrForeign
	}
	text, err := io.ReadAll(io.LimitReader(a.entries, mostManifest))
	if err != nil {
		return damaged(err)
	}
	if err := json.Unmarshal(text, &a.manifest); err != nil {
		return damaged(err)
	}
	return a.manifest.check()
}

// end reads what is left: the checksum of the whole comes last.
func (a *opened) end() error {
	_, err := io.Copy(io.Discard, a.packed)
	return damaged(err)
}

// foreign tells what was packed by something else from what is cut short.
func foreign(err error) error {
	if errors.Is(err, tar.ErrHeader) || errors.Is(err, io.EOF) {
		return ErrForeign
	}
	return damaged(err)
}

// damaged says of what the archive itself caused that it is damaged. An error of
// the disk stays what it is.
func damaged(err error) error {
	var disk *os.PathError
	if err == nil || errors.Is(err, ErrDamaged) || errors.As(err, &disk) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

// each hands every file to f, which may leave some of it unread, and compares
// it with the manifest.
func each(path string, f func(File, io.Reader) error) (m Manifest, err error) {
	a, err := open(path)
	if err != nil {
		return m, fmt.Errorf("reading %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, a.file.Close()) }()
	m = a.manifest
	for _, file := range m.Files {
		if err := one(a.entries, file, f); err != nil {
			return m, fmt.Errorf("reading %s: %w", path, err)
		}
	}
	if _, err := a.entries.Next(); !errors.Is(err, io.EOF) {
		return m, fmt.Errorf("reading %s: %w: something stands behind its last file (%v)", path, ErrDamaged, err)
	}
	if err := a.end(); err != nil {
		return m, fmt.Errorf("reading %s: %w", path, err)
	}
	return m, nil
}

func one(entries *tar.Reader, file File, f func(File, io.Reader) error) error {
	h, err := entries.Next()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return damaged(err)
	}
	if h.Name != file.Name || h.Size != file.Size || h.Typeflag != tar.TypeReg {
		return fmt.Errorf("%w: found %q of %d bytes where %q of %d should be", ErrDamaged, h.Name, h.Size, file.Name, file.Size)
	}
	sum := sha256.New()
	counted := io.TeeReader(entries, sum)
	if err := f(file, counted); err != nil {
		return damaged(err)
	}
	if _, err := io.Copy(io.Discard, counted); err != nil {
		return damaged(err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != file.SHA256 {
		return fmt.Errorf("%w: %s is not what it was", ErrDamaged, file.Name)
	}
	return nil
}
