package realmail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Master is the name by which KillPostfix knows the process that starts all
// others.
const Master = "master"

// KillPostfix kills a process of this Postfix with SIGKILL: its master, or one
// of those that serve it under a name of master.cf (smtpd, cleanup, qmgr, ...).
// It reports whether there was one. Linux only.
func (s *Servers) KillPostfix(name string) (bool, error) {
	master, err := s.master()
	if err != nil {
		return false, err
	}
	if name == Master {
		process, err := os.FindProcess(master)
		if err != nil {
			return false, err
		}
		if err := process.Kill(); err != nil {
			return true, err
		}
		return true, untilEnded(master)
	}
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return false, err
	}
	for _, path := range all {
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err != nil || !isChild(pid, master, name) {
			continue
		}
		// Held by a handle, the process is the same one when it is looked at
		// again.
		process, err := os.FindProcess(pid)
		if err != nil || !isChild(pid, master, name) {
			continue
		}
		if err := process.Kill(); !errors.Is(err, os.ErrProcessDone) {
			return err == nil, err
		}
	}
	return false, nil
}

// untilEnded waits until a process that was killed holds no lock any more: on a
// busy machine that takes longer than the start of the next one.
func untilEnded(pid int) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return await(ctx, func() (bool, error) {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return true, nil
		}
		state := bytes.TrimSpace(text[bytes.LastIndexByte(text, ')')+1:])
		return len(state) > 0 && (state[0] == 'Z' || state[0] == 'X'), nil
	})
}

// RevivePostfix starts Postfix again after its master was killed. What the
// master had started ends by itself when it notices.
func (s *Servers) RevivePostfix() error {
	command := s.Postfix.guard[2:] // postfix with its configuration
	out, err := exec.Command(command[0], append(command[1:len(command):len(command)], "start")...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("starting postfix again: %w\n%s", err, out)
	}
	return nil
}

// FlushPostfix has Postfix try again at once to deliver what it deferred.
func (s *Servers) FlushPostfix() error {
	command := s.Postfix.guard[2:]
	out, err := exec.Command(command[0], append(command[1:len(command):len(command)], "flush")...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("flushing postfix's queue: %w\n%s", err, out)
	}
	return nil
}

// master is the process that the lock in this queue names.
func (s *Servers) master() (int, error) {
	text, err := os.ReadFile(filepath.Join(s.dir, "queue", "pid", "master.pid"))
	if err != nil {
		return 0, fmt.Errorf("finding postfix's master: %w", err)
	}
	pid, err := strconv.Atoi(string(bytes.TrimSpace(text)))
	if err != nil {
		return 0, fmt.Errorf("finding postfix's master: %w", err)
	}
	// A number alone may be another's by now.
	if _, name, ok := stat(pid); !ok || name != Master {
		return 0, fmt.Errorf("finding postfix's master: process %d is %q: %w", pid, name, fs.ErrNotExist)
	}
	return pid, nil
}

func isChild(pid, parent int, name string) bool {
	of, called, ok := stat(pid)
	return ok && of == parent && called == name
}

// stat reads a process's parent and name from /proc (proc_pid_stat(5)): the
// number, the name in parentheses, the state, the parent.
func stat(pid int) (parent int, name string, ok bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, "", false
	}
	open, end := bytes.IndexByte(text, '('), bytes.LastIndexByte(text, ')')
	if open < 0 || end < open {
		return 0, "", false
	}
	fields := strings.Fields(string(text[end+1:]))
	if len(fields) < 2 {
		return 0, "", false
	}
	parent, err = strconv.Atoi(fields[1])
	return parent, string(text[open+1 : end]), err == nil
}
