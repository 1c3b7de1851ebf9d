// Package watch says when the user's files or the store may have changed.
package watch

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Folders watches folders, not files: editors replace files, and a watch on a
// file that is replaced goes blind. It implements scheduler.Watcher.
type Folders struct {
	notify *fsnotify.Watcher
	mu     sync.Mutex      // guards wanted
	wanted map[string]bool // the folders, also those that are not there yet
	files  chan struct{}
	store  chan struct{}
	done   sync.WaitGroup
}

// Kind is what a path means to the program.
type Kind int

// The kinds of path.
const (
	Nothing Kind = iota // a lock, a temporary file
	File                // of the user
	Store               // another process may have committed
)

// settle is how long a burst of changes is given to end: saving one file takes
// an editor several.
const settle = 300 * time.Millisecond

// New watches the folders, each from the moment on that it exists: until then
// the folder that it will stand in is watched for it. Kind says what each path
// in them means.
func New(folders []string, kind func(path string) Kind) (*Folders, error) {
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching files: %w", err)
	}
	w := &Folders{notify: notify, wanted: map[string]bool{}, files: make(chan struct{}, 1), store: make(chan struct{}, 1)}
	if err := w.Add(folders); err != nil {
		return nil, errors.Join(err, notify.Close())
	}
	w.done.Add(1)
	go w.run(kind)
	return w, nil
}

// Add watches further folders in the same way; those that are watched already
// stay so. One that this user may not list is left out.
func (w *Folders) Add(folders []string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range folders {
		w.wanted[filepath.Clean(f)] = true
		err := w.notify.Add(f)
		if errors.Is(err, fs.ErrNotExist) {
			err = w.notify.Add(filepath.Dir(filepath.Clean(f)))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
			return fmt.Errorf("watching %s: %w", f, err)
		}
	}
	return nil
}

func (w *Folders) wants(folder string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.wanted[filepath.Clean(folder)]
}

// Files receives once for a burst of changes of the user's files.
func (w *Folders) Files() <-chan struct{} { return w.files }

// Store receives once for a burst of commits.
func (w *Folders) Store() <-chan struct{} { return w.store }

// Close ends the watch.
func (w *Folders) Close() error {
	err := w.notify.Close()
	w.done.Wait()
	return err
}

func (w *Folders) run(kind func(string) Kind) {
	defer w.done.Done()
	var files, store <-chan time.Time
	for {
		select {
		case e, open := <-w.notify.Events:
			if !open {
				return
			}
			if e.Op == fsnotify.Chmod {
				continue // a change of mode or access time is no change of content
			}
			if e.Has(fsnotify.Create) && w.wants(e.Name) {
				// What was put into it meanwhile is read when the burst has ended.
				_ = w.notify.Add(e.Name)
			}
			switch k := kind(e.Name); {
			case k == File && files == nil:
				files = time.After(settle)
			case k == Store && store == nil:
				store = time.After(settle)
			}
		case _, open := <-w.notify.Errors:
			if !open {
				return
			}
			// Events may be lost: look at everything.
			signal(w.files)
			signal(w.store)
		case <-files:
			files = nil
			signal(w.files)
		case <-store:
			store = nil
			signal(w.store)
		}
	}
}

// signal sends without blocking: one pending signal is enough.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
