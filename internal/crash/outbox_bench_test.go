package crash

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"afterword/internal/clock"
	"afterword/internal/ledger"
	"afterword/internal/store/sqlite"
	"afterword/mailer"
	"afterword/mailer/smtp"
	"afterword/scheduler"
	"afterword/scheduler/calendar"
)

// outboxMails is how many approved mails the benchmark sends;
// AFTERWORD_OUTBOX says otherwise.
const outboxMails = 10_000

// candidate stands for everything around the outbox that the benchmark is not
// about: files, templates, the mailbox, notices. None of them takes time.
type candidate struct {
	policy       scheduler.Policy
	applications []scheduler.Application
}

func (c *candidate) Read() (scheduler.Policy, []scheduler.Application, error) {
	return c.policy, c.applications, nil
}

func (c *candidate) Render(in scheduler.RenderInput) (scheduler.Text, error) {
	return scheduler.Text{Subject: "Thank you for your time", Body: "Hi " + in.Person.Name + ",\n\nthank you for your time today.\n\nDana\n"}, nil
}

func (c *candidate) Kind(string) (scheduler.Kind, error)            { return scheduler.Owed, nil }
func (c *candidate) Check(scheduler.ProofInput) []scheduler.Finding { return nil }
func (c *candidate) Notify(context.Context, scheduler.Notice) error { return nil }
func (c *candidate) Files() <-chan struct{}                         { return nil }
func (c *candidate) Store() <-chan struct{}                         { return nil }

func (c *candidate) Look(context.Context, mailer.LookRequest, func(context.Context, mailer.Batch) error) (mailer.LookResult, error) {
	return mailer.LookResult{}, nil
}

func (c *candidate) Watch(ctx context.Context, _ func()) error {
	<-ctx.Done()
	return ctx.Err()
}
func (c *candidate) FileSent(context.Context, []byte, time.Time) error { return nil }
func (c *candidate) Close() error                                      { return nil }

// newCandidate has so many applications with one mail each that is due now.
func newCandidate(b *testing.B, mails int, now time.Time) *candidate {
	b.Helper()
	cron, err := calendar.ParseCron("* * * * *")
	if err != nil {
		b.Fatal(err)
	}
	c := &candidate{policy: scheduler.Policy{
		Me: scheduler.Me{Name: "Dana Reyes", Email: "dana@example.org", Zone: time.UTC}, Review: scheduler.ReviewNever,
		Window: calendar.AllHours(), Late: calendar.AllHours(), LastLook: time.Minute, Language: "en",
		Sequences: map[string][]scheduler.Step{"default": {{Name: "thank-you", Template: "thank-you", To: scheduler.ToInterviewers, Kind: scheduler.Owed, Cron: cron}}},
	}}
	for n := range mails {
		c.applications = append(c.applications, scheduler.Application{
			Stem: fmt.Sprintf("app%d", n), Company: fmt.Sprintf("Firm %d", n), Role: "Engineer", Status: scheduler.StatusActive, Sequence: "default",
			Interviews: []scheduler.Interview{{ID: "video", At: now.Add(-2 * time.Hour), Zone: time.UTC, Duration: time.Hour, Status: scheduler.InterviewHeld,
				Interviewers: []scheduler.Person{{Name: "Ken Osei", Email: fmt.Sprintf("ken%d@firm%d.example", n, n), Said: "the platform group grows"}}}},
		})
	}
	return c
}

// timed is a sender that notes when each mail was sent.
type timed struct {
	scheduler.Sender
	mu    sync.Mutex
	first time.Time
	last  time.Time
	sent  int
	want  int
	done  chan struct{}
}

func (s *timed) Send(ctx context.Context, m mailer.Frozen, beforeDot func(context.Context) error) mailer.Receipt {
	s.mu.Lock()
	if s.first.IsZero() {
		s.first = time.Now()
	}
	s.mu.Unlock()
	r := s.Sender.Send(ctx, m, beforeDot)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last = time.Now(); r.Outcome == mailer.Accepted {
		s.sent++
	}
	if s.sent == s.want {
		close(s.done)
	}
	return r
}

// sink starts Postfix's smtp-sink and returns its port.
func sink(b *testing.B) string {
	b.Helper()
	path, err := exec.LookPath("smtp-sink")
	if err != nil {
		b.Skip("smtp-sink of Postfix is not installed")
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	if err := free.Close(); err != nil {
		b.Fatal(err)
	}
	args := []string{"127.0.0.1:" + port, "100"}
	if os.Getuid() == 0 {
		args = append([]string{"-u", "nobody"}, args...) // it refuses to serve as root
	}
	cmd := exec.Command(path, args...)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed
	})
	late := time.After(5 * time.Second)
	for tick := time.NewTicker(20 * time.Millisecond); ; {
		if c, err := net.Dial("tcp", "127.0.0.1:"+port); err == nil {
			_ = c.Close()
			tick.Stop()
			return port
		}
		select {
		case <-tick.C:
		case <-late:
			b.Fatal("smtp-sink does not answer")
		}
	}
}

// peerRate is what smtp-source does with the same sink, in mails per second.
func peerRate(b *testing.B, port string, mails int) float64 {
	b.Helper()
	path, err := exec.LookPath("smtp-source")
	if err != nil {
		b.Skip("smtp-source of Postfix is not installed")
	}
	begun := time.Now()
	if out, err := exec.CommandContext(b.Context(), path, "-d", "-s", "1", "-m", strconv.Itoa(mails), "127.0.0.1:"+port).CombinedOutput(); err != nil {
		b.Fatalf("smtp-source: %v\n%s", err, out)
	}
	return float64(mails) / time.Since(begun).Seconds()
}

// outbox sends so many mails through the whole of claim, ledger, marker and
// settling, each commit synced, and returns the rate and the waits between the
// last look and the final dot.
func outbox(b *testing.B, port string, mails int) (rate float64, waits []time.Duration) {
	b.Helper()
	c := newCandidate(b, mails, time.Now())
	state := filepath.Join(b.TempDir(), "afterword.db")
	store, err := sqlite.Open(b.Context(), state)
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	book, err := ledger.Open(ledger.Path(state), []byte("secret"))
	if err != nil {
		b.Fatal(err)
	}
	defer book.Close()
	adapter := newSender(b, port)
	sender := &timed{Sender: adapter, want: mails, done: make(chan struct{})}
	looking := &looked{candidate: c}
	sender.Sender = &waiting{Sender: adapter, looks: looking}
	name := func(key string) string { return mailer.MessageID([]byte("secret"), key, "dana@example.org") }
	d := &scheduler.Daemon{Store: store, Files: c, Writers: scheduler.Writers{Renderer: c, Proofreader: c}, Sender: sender, Mailbox: looking, Channels: []scheduler.Channel{{Name: "mail", Notifier: c, Shows: true}},
		Watcher: c, Clock: &clock.Running{}, Tables: mailer.LoadTables(), Ledger: book, Name: name, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Compose: func(f *scheduler.Facts, d scheduler.Delivery, now time.Time) (mailer.Frozen, error) {
			return mailer.Compose(mailer.Draft{From: mailer.Address{Name: f.Policy.Me.Name, Addr: f.Policy.Me.Email}, To: mailer.Address{Name: d.To.Name, Addr: d.To.Email},
				Subject: d.Text.Subject, Body: d.Text.Body, Date: now, MessageID: name(d.Key)})
		}}
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	select {
	case <-sender.done:
	case err := <-ended:
		b.Fatal("the daemon ended: ", err)
	}
	stop()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
	adapter.Rest()
	return float64(mails) / sender.last.Sub(sender.first).Seconds(), sender.Sender.(*waiting).waits
}

// floorRate is what a loop reaches that does nothing but the SMTP dialogue and
// the three syncs that the promises ask for: the ledger's line and the mark
// before the final dot, and after the answer the outcome, which shares its
// commit with the next claim. A commit is a page written at the end of a file
// and synced.
func floorRate(b *testing.B, port string, mails int) float64 {
	b.Helper()
	book, commits := newSynced(b, 150), newSynced(b, 4096)
	sender := newSender(b, port)
	m, err := mailer.Compose(mailer.Draft{From: mailer.Address{Addr: "dana@example.org"}, To: mailer.Address{Addr: "ken@firm.example"},
		Subject: "Thank you", Body: "thank you for your time today.\n", Date: time.Now(), MessageID: "<floor@example.org>"})
	if err != nil {
		b.Fatal(err)
	}
	begun := time.Now()
	for range mails {
		r := sender.Send(b.Context(), m, func(context.Context) error { return errors.Join(book.add(), commits.add()) })
		if err := commits.add(); err != nil || r.Outcome != mailer.Accepted {
			b.Fatal("the floor: ", r.Outcome, r.Err, err)
		}
	}
	taken := time.Since(begun)
	sender.Rest()
	return float64(mails) / taken.Seconds()
}

// synced is a file that grows by a block at a time, each synced.
type synced struct {
	file  *os.File
	block []byte
}

func newSynced(b *testing.B, size int) *synced {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "synced"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = f.Close() })
	return &synced{file: f, block: make([]byte, size)}
}

func (s *synced) add() error {
	if _, err := s.file.Write(s.block); err != nil {
		return err
	}
	return s.file.Sync()
}

func newSender(b *testing.B, port string) *smtp.Sender {
	b.Helper()
	at, err := strconv.Atoi(port)
	if err != nil {
		b.Fatal(err)
	}
	s, err := smtp.New(smtp.Config{Host: "127.0.0.1", Port: at, Security: smtp.Insecure})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// looked notes when a look at the mailbox began.
type looked struct {
	*candidate
	mu   sync.Mutex
	last time.Time
}

func (l *looked) Look(ctx context.Context, r mailer.LookRequest, f func(context.Context, mailer.Batch) error) (mailer.LookResult, error) {
	l.mu.Lock()
	l.last = time.Now()
	l.mu.Unlock()
	return l.candidate.Look(ctx, r, f)
}

// waiting notes how long after the last look the final dot left.
type waiting struct {
	scheduler.Sender
	looks *looked
	waits []time.Duration
}

func (w *waiting) Send(ctx context.Context, m mailer.Frozen, beforeDot func(context.Context) error) mailer.Receipt {
	return w.Sender.Send(ctx, m, func(ctx context.Context) error {
		err := beforeDot(ctx)
		w.looks.mu.Lock()
		defer w.looks.mu.Unlock()
		w.waits = append(w.waits, time.Since(w.looks.last))
		return err
	})
}

// BenchmarkOutbox sends approved mails to Postfix's smtp-sink, every commit
// synced, and reports the rate in the same run beside that of smtp-source, which
// syncs nothing, and beside the floor: the syncs and the dialogue alone.
func BenchmarkOutbox(b *testing.B) {
	mails := outboxMails
	if text := os.Getenv("AFTERWORD_OUTBOX"); text != "" {
		var err error
		if mails, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	port := sink(b)
	for b.Loop() {
		// What both are held against is measured before and after, since other
		// work on the machine comes and goes.
		peer, floor := peerRate(b, port, mails), floorRate(b, port, mails/2)
		own, waits := outbox(b, port, mails)
		peer, floor = (peer+peerRate(b, port, mails))/2, (floor+floorRate(b, port, mails/2))/2
		slices.Sort(waits)
		b.ReportMetric(own, "mails/s")
		b.ReportMetric(peer, "smtp-source/s")
		b.ReportMetric(own/peer, "of-smtp-source")
		b.ReportMetric(floor, "floor/s")
		b.ReportMetric(own/floor, "of-floor")
		b.ReportMetric(float64(waits[len(waits)*99/100].Microseconds())/1000, "look-to-dot-p99-ms")
		b.Logf("%d mails: %.0f per second, smtp-source -d -s 1 %.0f per second (%.2f of it), the dialogue and three syncs alone %.0f per second (%.2f of it); last look to final dot: median %s, p99 %s",
			mails, own, peer, own/peer, floor, own/floor, waits[len(waits)/2], waits[len(waits)*99/100])
	}
}
