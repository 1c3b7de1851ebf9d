package crash

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

// rest is how long a traced life goes on in which nothing happens that counts:
// longer than a busy machine lets a living process wait.
const rest = 4 * patience

// life is one run of the program in which each step that outlives the process
// is counted: every system call that changes or syncs a file of the state, and
// every one that says something to the SMTP server. They are seen by ptrace(2)
// just before the kernel carries them out, so that the program can be killed
// between any two of them.
type life struct {
	p      *profile
	cmd    *exec.Cmd
	at     func(*life, point) // is told of each point just before it happens
	points []point            // all so far
	ports  map[int]uint16     // of the sockets that connect(2) was called for, by file descriptor
	killed bool               // by at
	noted  bool               // in the ledger: the next words to the server are the final dot
	idle   *time.Timer

	commits, dots int // so far
}

// point is one step that outlives the process.
type point struct {
	verb string // write, sync, resize, say or dot
	file string // of the state, "" for what is said to the server
	// commit counts, from 1 at the start of the life, the points that are a
	// commit or may follow one: each sync, what follows it, and all that is
	// said to the server. It is 0 for the writes behind the first in a row:
	// the log of the store counts up to its last commit, which a sync follows.
	commit int
	dots   int // final dots of this life, with this one
}

// live runs the program until at kills it, or until nothing that counts has
// happened for a while; then it is killed too. It returns all points, and
// whether at killed the program; then the last point did not happen.
func (p *profile) live(at func(*life, point)) (points []point, killed bool) {
	p.Helper()
	p.log.Reset()
	l := &life{p: p, cmd: p.command("run"), at: at, ports: map[int]uint16{}}
	l.cmd.Stderr, l.cmd.Stdout = &p.log, &p.log
	failed := make(chan error)
	go func() {
		// ptrace(2) knows threads: the one that starts the program must wait
		// for it and let it go on. It ends with this function.
		runtime.LockOSThread()
		failed <- l.run()
	}()
	if err := <-failed; err != nil {
		p.Fatalf("tracing the program: %v\n%s", err, p.log.String())
	}
	p.drain()
	return l.points, l.killed
}

// What package syscall has no name for; see linux/ptrace.h and linux/wait.h.
const (
	optionExitKill   = 0x100000   // PTRACE_O_EXITKILL: without its tracer the program ends too
	optionFilter     = 0x80       // PTRACE_O_TRACESECCOMP
	filterStop       = 7          // PTRACE_EVENT_SECCOMP
	getSyscallInfo   = 0x420e     // PTRACE_GET_SYSCALL_INFO
	filteredEntry    = 3          // PTRACE_SYSCALL_INFO_SECCOMP
	ofThisThreadOnly = 0x20000000 // __WNOTHREAD
)

// run starts the program and follows it to its end.
func (l *life) run() error {
	if err := behindFilter(l.cmd); err != nil {
		return err
	}
	l.cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true, Setpgid: true}
	if err := l.cmd.Start(); err != nil {
		return err
	}
	l.idle = time.AfterFunc(rest, func() { _ = l.cmd.Process.Kill() })
	defer l.idle.Stop()
	pid := l.cmd.Process.Pid
	var status syscall.WaitStatus
	_, err := syscall.Wait4(pid, &status, 0, nil)
	if err == nil {
		err = syscall.PtraceSetOptions(pid, syscall.PTRACE_O_TRACECLONE|optionFilter|optionExitKill)
	}
	if err == nil {
		err = l.follow(pid)
	}
	_ = l.cmd.Process.Kill() // where it is not gone already
	_ = l.cmd.Wait()         // says that it was waited for
	return err
}

// follow lets a thread go on, waits for the next that stops, and so on until
// the program is gone.
func (l *life) follow(thread int) error {
	signal := 0
	for {
		if err := syscall.PtraceCont(thread, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return err // ESRCH: it is being killed
		}
		var status syscall.WaitStatus
		var err error
		if thread, status, err = l.stopped(); err != nil || !status.Stopped() {
			return err
		}
		signal = l.reason(thread, status)
	}
}

// stopped waits until a thread stops or the whole program is gone. It waits for
// the program's process group alone: the thread may have started a process of
// another test before.
func (l *life) stopped() (thread int, status syscall.WaitStatus, err error) {
	for {
		thread, err = syscall.Wait4(-l.cmd.Process.Pid, &status, syscall.WALL|ofThisThreadOnly, nil)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil || status.Stopped() || thread == l.cmd.Process.Pid {
			return thread, status, err
		}
	}
}

// reason looks at why a thread stopped, and returns the signal to give it.
func (l *life) reason(thread int, status syscall.WaitStatus) int {
	s := status.StopSignal()
	switch {
	case s == syscall.SIGTRAP && status.TrapCause() == filterStop:
		if next := l.entered(thread); next.verb != "" {
			l.idle.Reset(rest)
			l.count(&next)
			l.points = append(l.points, next)
			l.at(l, next)
		}
		return 0
	case s == syscall.SIGTRAP, s == syscall.SIGSTOP: // a new program, a new thread
		return 0
	default:
		return int(s)
	}
}

// syscallInfo is struct ptrace_syscall_info of linux/ptrace.h.
type syscallInfo struct {
	Op     uint8
	_      [3]byte
	_      uint32 // architecture
	_, _   uint64 // instruction and stack pointer
	Number uint64
	Args   [6]uint64
	_      uint64
}

// count numbers a point.
func (l *life) count(next *point) {
	if next.verb == "dot" {
		l.dots++
	}
	next.dots = l.dots
	before := point{}
	if len(l.points) > 0 {
		before = l.points[len(l.points)-1]
	}
	if next.verb != "write" || before.verb != "write" || next.file != before.file {
		l.commits++
		next.commit = l.commits
	}
}

// kill ends the program; what it was about to do does not happen.
func (l *life) kill() {
	l.killed = true
	_ = l.cmd.Process.Kill()
}

// entered tells what a thread is about to do, nothing if that does not count.
func (l *life) entered(thread int) point {
	var info syscallInfo
	_, _, errno := syscall.Syscall6(syscall.SYS_PTRACE, getSyscallInfo, uintptr(thread), unsafe.Sizeof(info), uintptr(unsafe.Pointer(&info)), 0, 0)
	if errno != 0 || info.Op != filteredEntry {
		return point{}
	}
	fd := int(info.Args[0])
	switch info.Number {
	case syscall.SYS_CONNECT:
		l.connect(thread, fd, uintptr(info.Args[1]))
	case syscall.SYS_WRITE, syscall.SYS_PWRITE64:
		return l.on("write", fd)
	case syscall.SYS_FSYNC, syscall.SYS_FDATASYNC:
		return l.on("sync", fd)
	case syscall.SYS_FTRUNCATE, syscall.SYS_FALLOCATE:
		return l.on("resize", fd)
	}
	return point{}
}

// connect notes where a socket leads: struct sockaddr_in begins with the family
// and the port in network byte order.
func (l *life) connect(thread, fd int, sockaddr uintptr) {
	head := make([]byte, 4)
	_, _ = syscall.PtracePeekData(thread, sockaddr, head) // port 0 where it cannot be read
	l.ports[fd] = binary.BigEndian.Uint16(head[2:])
}

// on names what is done to a file of the state, or that something is said to
// the SMTP server.
func (l *life) on(verb string, fd int) point {
	target, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", l.cmd.Process.Pid, fd))
	switch {
	case err != nil:
		return point{}
	case strings.HasPrefix(target, filepath.Join(l.p.dir, "state")):
		l.noted = l.noted || verb == "sync" && strings.HasSuffix(target, ".ledger")
		return point{verb: verb, file: filepath.Base(target)}
	case verb == "write" && strings.HasPrefix(target, "socket:") && fmt.Sprint(l.ports[fd]) == l.p.smtp:
		if l.noted {
			l.noted = false
			return point{verb: "dot"}
		}
		return point{verb: "say"}
	}
	return point{}
}
