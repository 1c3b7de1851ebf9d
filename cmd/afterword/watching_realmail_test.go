//go:build realmail

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"afterword/internal/clock"
	"afterword/internal/realmail"
	"afterword/mailer"
	"afterword/scheduler"
)

// realProfile is a profile on real servers. The first %d is the port of SMTP,
// the second of IMAP, then come the sequence and who is told: mail to oneself
// would be mail that comes in.
const realProfile = `
me: {name: Dana Reyes, email: dana@example.org, timezone: UTC}
account:
  username: dana@example.org
  password: {file: password}
  smtp: {host: localhost, port: %d, security: tls}
  imap: {host: 127.0.0.1, port: %d, security: insecure}
sending:
  review: never
  window: {days: MON-SUN, from: "00:00", to: "24:00"}
  late_window: {days: MON-SUN, from: "00:00", to: "24:00"}
  spread: 0s
  per_hour: 100
sequences:
  default:
    - %s
notify: {mail: false, webhook: "%s"}
web: {listen: ""}
`

const (
	askingStep = `{step: follow-up, template: follow-up, to: contact, after: 20bd, cron: "* * * * *"}`
	owedStep   = `{step: thank-you, template: thank-you, to: interviewers, after: 0s, cron: "* * * * *", expires: 48h}`
)

const realInterview = `
company: Firm %[1]s
role: Site Reliability Engineer
domains: [firm%[2]d.example]
interviews:
  - id: video
    at: %[3]s
    timezone: UTC
    duration: 30m
    status: held
    interviewers:
      - {name: Ken Osei, email: ken@firm%[2]d.example, lead: true, said: the platform group grows from four people to nine this winter}
`

// writeFirms writes a profile with so many applications, the interviews held
// some hours ago, and returns its config.yaml.
func writeFirms(tb testing.TB, servers *realmail.Servers, step string, firms int) string {
	tb.Helper()
	dir := tb.TempDir()
	told := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	tb.Cleanup(told.Close)
	files := map[string]string{
		"config.yaml": fmt.Sprintf(realProfile, servers.Ports.SMTPS, servers.Ports.IMAP, step, told.URL),
		"password":    realmail.Password + "\n",
	}
	at := time.Now().UTC().Add(-3 * time.Hour).Format("2006-01-02 15:04")
	for n := range firms {
		letters := string(rune('A'+n/26)) + string(rune('a'+n%26)) + "ex"
		files[fmt.Sprintf("interviews/firm%d.yaml", n)] = fmt.Sprintf(realInterview, letters, n, at)
	}
	if err := os.Mkdir(filepath.Join(dir, "interviews"), 0o700); err != nil {
		tb.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return filepath.Join(dir, "config.yaml")
}

// startDaemon runs the program's own object graph on a profile, on the clock of
// the machine, and ends it with the test. change may replace parts.
func startDaemon(b testing.TB, servers *realmail.Servers, path string, change func(*scheduler.Daemon)) *house {
	b.Helper()
	state := filepath.Join(filepath.Dir(path), "afterword.db")
	id, closeLedger, err := openIdentity(state)
	if err != nil {
		b.Fatal(err)
	}
	h, err := openHouse(b.Context(), path, outside{clock: &clock.Running{}, watcher: unwatched{}, roots: servers.RootCAs}, true)
	if err != nil {
		b.Fatal(err)
	}
	d, err := h.daemon(slog.New(slog.NewTextHandler(b.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})), id)
	if err != nil {
		b.Fatal(err)
	}
	change(d)
	ctx, stop := context.WithCancel(context.WithoutCancel(b.Context()))
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	b.Cleanup(func() {
		stop()
		ran := <-ended
		d.Sender.Rest()
		if err := errors.Join(ran, d.Mailbox.Close(), closeLedger(), h.Close()); err != nil {
			b.Error(err)
		}
	})
	return h
}

// idler is a raw socket that stands in IDLE and notes when it is told of mail.
func idler(b *testing.B, servers *realmail.Servers) <-chan time.Time {
	b.Helper()
	conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(servers.Ports.IMAP)))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close() })
	in := bufio.NewReader(conn)
	for _, step := range [][2]string{{"", "* OK"}, {"a LOGIN " + realmail.Username + " " + realmail.Password, "a OK"}, {"b EXAMINE INBOX", "b OK"}, {"c IDLE", "+"}} {
		if step[0] != "" {
			fmt.Fprintf(conn, "%s\r\n", step[0])
		}
		for line := ""; !strings.HasPrefix(line, step[1]); {
			if line, err = in.ReadString('\n'); err != nil {
				b.Fatal(err)
			}
		}
	}
	told := make(chan time.Time, 100)
	go func() {
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				return // closed with the benchmark
			}
			if strings.Contains(line, "EXISTS") {
				told <- time.Now()
			}
		}
	}()
	return told
}

// replies is how many answers are timed.
const replies = 40

// BenchmarkReply times answers from Dovecot's LMTP to the commit that cancels
// the follow-up, in the program's own object graph with its store on the disk,
// beside a raw socket in IDLE on the same mailbox: both hear of the same mail.
func BenchmarkReply(b *testing.B) {
	servers := realmail.Start(b)
	type commit struct {
		id string
		at time.Time
	}
	commits := make(chan commit, 1000)
	h := startDaemon(b, servers, writeFirms(b, servers, askingStep, replies+1), func(d *scheduler.Daemon) {
		d.Applied = func(id string) { commits <- commit{id, time.Now()} }
	})
	told := idler(b, servers)
	answers := 0
	answer := func(firm int) (notice, committed time.Duration) {
		answers++
		id := fmt.Sprintf("<answer.%d@firm%d.example>", answers, firm)
		raw := fmt.Sprintf("From: Ken Osei <ken@firm%d.example>\r\nTo: Dana Reyes <dana@example.org>\r\nSubject: Our talk\r\nMessage-ID: %s\r\nDate: %s\r\n\r\nThank you for coming. We talk next week.\r\n",
			firm, id, time.Now().Format(time.RFC1123Z))
		// Dovecot tells each connection half a second late. The news of the
		// mail before must have come, or it is taken for that of this one.
		<-time.After(1500 * time.Millisecond)
		for len(told) > 0 {
			<-told
		}
		start := time.Now()
		if err := servers.Deliver("ken@firm.example", realmail.Username, []byte(raw)); err != nil {
			b.Fatal(err)
		}
		for notice == 0 || committed == 0 {
			select {
			case at := <-told:
				notice = at.Sub(start)
			case c := <-commits:
				if c.id == id {
					committed = c.at.Sub(start)
				}
			case <-time.After(patience):
				b.Fatalf("answer from %d: notice after %v, commit after %v", firm, notice, committed)
			}
		}
		return notice, committed
	}
	answer(replies) // the first look, and the account's probe, come with it
	for b.Loop() {
		var notices, committed, more []time.Duration
		for firm := range replies {
			notice, commit := answer(firm)
			notices, committed, more = append(notices, notice), append(committed, commit), append(more, commit-notice)
		}
		b.Logf("%d answers: raw IDLE notice after %v, cancelled and committed after %v (medians), the difference %v (median), %v (p90)",
			replies, at(notices, 50), at(committed, 50), at(more, 50), at(more, 90))
		b.ReportMetric(milliseconds(at(notices, 50)), "ms-raw-notice")
		b.ReportMetric(milliseconds(at(committed, 50)), "ms-committed")
		b.ReportMetric(milliseconds(at(more, 50)), "ms-more")
	}
	st, err := h.service.Status(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for _, d := range st.Deliveries {
		if d.State != scheduler.Cancelled {
			b.Errorf("%s is %s after the answer", d.Key, d.State)
		}
	}
}

// at is a percentile.
func at(all []time.Duration, percent int) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(len(sorted)*percent/100, len(sorted)-1)].Round(10 * time.Microsecond)
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// looks notes when the last look began.
type looks struct {
	scheduler.Mailbox
	mu   sync.Mutex
	last time.Time
}

func (l *looks) Look(ctx context.Context, r mailer.LookRequest, f func(context.Context, mailer.Batch) error) (mailer.LookResult, error) {
	if r.Full {
		l.mu.Lock()
		l.last = time.Now()
		l.mu.Unlock()
	}
	return l.Mailbox.Look(ctx, r, f)
}

// dots notes how long after the beginning of the last look each final dot is
// let go.
type dots struct {
	scheduler.Sender
	looks *looks
	waits chan time.Duration
}

func (s *dots) Send(ctx context.Context, m mailer.Frozen, beforeDot func(context.Context) error) mailer.Receipt {
	return s.Sender.Send(ctx, m, func(ctx context.Context) error {
		err := beforeDot(ctx)
		s.looks.mu.Lock()
		defer s.looks.mu.Unlock()
		if err == nil && !s.looks.last.IsZero() {
			s.waits <- time.Since(s.looks.last)
		}
		return err
	})
}

// lastLooks is how many mails are timed; fewer than may leave within an hour.
const lastLooks = 60

// BenchmarkLookToDot sends mails through Postfix, each behind a look at the
// whole of a Dovecot account, and times from the beginning of the look to the
// final dot: with the folders of a new account, and with one of 100,000
// messages beside them.
func BenchmarkLookToDot(b *testing.B) {
	for _, old := range []int{0, 100_000} {
		b.Run(fmt.Sprintf("old=%d", old), func(b *testing.B) {
			for b.Loop() {
				all := looksToDots(b, old)
				b.Logf("%d mails: from the last look to the final dot %v (median), %v (p99)", len(all), at(all, 50), at(all, 99))
				b.ReportMetric(milliseconds(at(all, 50)), "ms-median")
				b.ReportMetric(milliseconds(at(all, 99)), "ms-p99")
			}
		})
	}
}

// looksToDots sends the mails of a new profile, with so many old messages in a
// folder of the account.
func looksToDots(b *testing.B, old int) (all []time.Duration) {
	b.Helper()
	servers := realmail.Start(b)
	if old > 0 {
		if err := servers.Fill(realmail.Username, "Lists", old, time.Now().AddDate(0, 0, -7), oldLetter); err != nil {
			b.Fatal(err)
		}
	}
	waits := make(chan time.Duration, 10*lastLooks)
	startDaemon(b, servers, writeFirms(b, servers, owedStep, lastLooks), func(d *scheduler.Daemon) {
		l := &looks{Mailbox: d.Mailbox}
		d.Mailbox, d.Sender = l, &dots{Sender: d.Sender, looks: l, waits: waits}
	})
	for len(all) < lastLooks {
		select {
		case w := <-waits:
			all = append(all, w)
		case <-time.After(5 * time.Minute):
			b.Fatalf("%d of %d mails left", len(all), lastLooks)
		}
	}
	return all
}

func oldLetter(i int) []byte {
	return fmt.Appendf(nil, "From: The weekly paper <paper@lists.example>\r\nTo: dana@example.org\r\nSubject: Issue %d\r\nMessage-ID: <%d@lists.example>\r\nList-ID: <paper.lists.example>\r\n\r\nNews.\r\n", i, i)
}

// idleTime is how long the program has nothing to do before it is looked at.
const idleTime = time.Minute

// BenchmarkIdle starts the built program on real servers, without the page, and
// reports what of it is in memory once it has read the mailbox and waits.
func BenchmarkIdle(b *testing.B) {
	servers := realmail.Start(b)
	binary := filepath.Join(b.TempDir(), "afterword")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("building the program: %v\n%s", err, out)
	}
	path := writeFirms(b, servers, askingStep, 10)
	cmd := exec.Command(binary, "--config", path, "run")
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() { _, _ = cmd.Process.Kill(), cmd.Wait() }() // it waits for nothing that matters
	for b.Loop() {
		<-time.After(idleTime)
		resident := procStatus(b, cmd.Process.Pid, "VmRSS")
		anonymous := procStatus(b, cmd.Process.Pid, "RssAnon")
		most := procStatus(b, cmd.Process.Pid, "VmHWM")
		b.Logf("idle: %d KiB resident (%d KiB of it not backed by files), at most %d KiB", resident, anonymous, most)
		b.ReportMetric(float64(resident)/1024, "MiB-resident")
		b.ReportMetric(float64(anonymous)/1024, "MiB-anonymous")
		b.ReportMetric(float64(most)/1024, "MiB-most")
	}
}

// procStatus reads one number of /proc/PID/status.
func procStatus(b *testing.B, pid int, name string) (n int) {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skipf("no /proc here: %v", err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			if _, err := fmt.Sscan(rest, &n); err == nil {
				return n
			}
		}
	}
	b.Fatalf("process %d has no %s", pid, name)
	return 0
}
