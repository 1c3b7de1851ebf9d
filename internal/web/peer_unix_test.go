//go:build unix

package web

import (
	"os/exec"
	"syscall"
)

// nobody is a user who owns nothing.
const nobody = 65534

// as has a command run as another user.
func as(user uint32, c *exec.Cmd) *exec.Cmd {
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: user, Gid: user}}
	c.Dir = "/"
	return c
}
