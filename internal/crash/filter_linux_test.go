package crash

import (
	"flag"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"unsafe"
)

// counted are the system calls that a traced life stops at.
var counted = []uint32{
	syscall.SYS_CONNECT, syscall.SYS_WRITE, syscall.SYS_PWRITE64, syscall.SYS_FSYNC, syscall.SYS_FDATASYNC,
	syscall.SYS_FTRUNCATE, syscall.SYS_FALLOCATE,
}

// What package syscall has no name for; see linux/prctl.h and linux/seccomp.h.
const (
	setNoNewPrivileges = 38         // PR_SET_NO_NEW_PRIVS
	filterOfCalls      = 2          // SECCOMP_MODE_FILTER
	stopForTracer      = 0x7ff00000 // SECCOMP_RET_TRACE
	goOn               = 0x7fff0000 // SECCOMP_RET_ALLOW
)

// behindFilter lets the kernel stop a program for its tracer at the calls that
// count and at no others: a Go program makes a hundred for each of these, and a
// stop costs more than the call. Only a process can do that to itself, so this
// test binary is started, and becomes the program.
func behindFilter(cmd *exec.Cmd) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd.Args = append([]string{self, "-test.run=^TestBecomesTheProgram$", "--", cmd.Path}, cmd.Args[1:]...)
	cmd.Path = self
	return nil
}

// TestBecomesTheProgram is none: a life that is behindFilter begins with it.
func TestBecomesTheProgram(t *testing.T) {
	args := flag.Args()
	if len(args) == 0 {
		t.Skip("no program is named")
	}
	runtime.LockOSThread()                                                                   // the filter is of this thread
	filter := []syscall.SockFilter{{Code: syscall.BPF_LD | syscall.BPF_W | syscall.BPF_ABS}} // the number of the call
	for n, call := range counted {
		filter = append(filter, syscall.SockFilter{Code: syscall.BPF_JMP | syscall.BPF_JEQ | syscall.BPF_K, Jt: uint8(len(counted) - n), K: call})
	}
	filter = append(filter, syscall.SockFilter{Code: syscall.BPF_RET, K: goOn}, syscall.SockFilter{Code: syscall.BPF_RET, K: stopForTracer})
	program := syscall.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if _, _, errno := syscall.RawSyscall6(syscall.SYS_PRCTL, setNoNewPrivileges, 1, 0, 0, 0, 0); errno != 0 {
		t.Fatal(errno)
	}
	if _, _, errno := syscall.RawSyscall6(syscall.SYS_PRCTL, syscall.PR_SET_SECCOMP, filterOfCalls, uintptr(unsafe.Pointer(&program)), 0, 0, 0); errno != 0 {
		t.Fatal(errno)
	}
	t.Fatal(syscall.Exec(args[0], args, os.Environ()))
}
