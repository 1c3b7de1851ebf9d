package archive

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Write makes an archive, readable by its owner only. It is written beside its
// place, read back and compared, and only then given its name: whatever ends
// the program or fills the disk, the old archive or the new one is there in
// full. A file in its place that is no archive of this program is not replaced.
func Write(path string, m Manifest, sources []Source) error {
	if err := mayReplace(path); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	part, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.part") // mode 0600
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	defer os.Remove(part.Name())
	err = write(part, m, sources)
	if err = errors.Join(err, part.Sync(), part.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if _, err := verify(part.Name()); err != nil {
		return fmt.Errorf("reading back what was written for %s: %w", path, err)
	}
	if err := os.Rename(part.Name(), path); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return syncFolder(filepath.Dir(path))
}

// mayReplace refuses a place that holds something else than a backup.
func mayReplace(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.IsDir():
		return errors.New("it is a folder; name a file in it")
	}
	if _, err := Read(path); err != nil {
		return fmt.Errorf("the file that is there is not replaced: %w", err)
	}
	return nil
}

func write(w io.Writer, m Manifest, sources []Source) error {
	m.Program, m.Version, m.Files = program, version, nil
	for _, s := range sources {
		f, err := s.describe()
		if err != nil {
			return err
		}
		m.Files = append(m.Files, f)
	}
	head, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	packed := gzip.NewWriter(w)
	entries := tar.NewWriter(packed)
	all := append([]Source{{Name: manifestName, Data: append(head, '\n')}}, sources...)
	for n, s := range all {
		size := int64(len(s.Data))
		if n > 0 {
			size = m.Files[n-1].Size
		}
		h := &tar.Header{Typeflag: tar.TypeReg, Name: s.Name, Mode: 0o600, Size: size, ModTime: m.Made, Format: tar.FormatPAX}
		if err := errors.Join(entries.WriteHeader(h), s.copyTo(entries)); err != nil {
			return err
		}
	}
	return errors.Join(entries.Close(), packed.Close())
}

// describe measures a source.
func (s Source) describe() (File, error) {
	sum := sha256.New()
	counted := &counter{Writer: sum}
	if err := s.copyTo(counted); err != nil {
		return File{}, err
	}
	return File{Name: s.Name, Size: counted.n, SHA256: hex.EncodeToString(sum.Sum(nil))}, nil
}

func (s Source) copyTo(w io.Writer) error {
	if s.Path == "" {
		_, err := io.Copy(w, bytes.NewReader(s.Data))
		return err
	}
	f, err := os.Open(s.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// counter counts what is written through it.
type counter struct {
	io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	c.n += int64(n)
	return n, err
}

// syncFolder makes a name durable, where the system can.
func syncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	_ = d.Sync() // some systems cannot sync a folder
	return d.Close()
}
