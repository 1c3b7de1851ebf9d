//go:build unix

package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"afterword/internal/config"
	"afterword/mailer/mailtest"
)

// typing is the program on a pseudo-terminal, with whoever types at it.
type typing struct {
	*testing.T
	tty   *os.File
	more  chan string // what was drawn; closed when the program's side is
	drawn string
	all   strings.Builder // of what was drawn
}

// onScreen starts the program in a folder. Neither a controlling terminal nor a
// display is needed.
func onScreen(t *testing.T, dir string, env []string, args ...string) (*typing, *exec.Cmd) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "afterword", args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "TERM=xterm-256color", "NO_COLOR=", "ACCESSIBLE=", "TZ=Europe/Paris", "BROWSER=true"), env...)
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 100})
	if err != nil {
		t.Fatal(err)
	}
	s := &typing{T: t, tty: tty, more: make(chan string)}
	t.Cleanup(func() { tty.Close() })
	go s.watch()
	return s, cmd
}

// escapes are what draws and is no text.
func escapes() *regexp.Regexp {
	return regexp.MustCompile(`\x1b\[[0-9;?<>=$]*[A-Za-z]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1b[=>78]|\r`)
}

func (s *typing) watch() {
	defer close(s.more)
	for {
		some := make([]byte, 4096)
		n, err := s.tty.Read(some)
		if n > 0 {
			select {
			case s.more <- string(some[:n]):
			case <-s.Context().Done():
				return
			}
		}
		if err != nil {
			return // the program's side is closed
		}
	}
}

// sees waits until a text was drawn since the last time.
func (s *typing) sees(text string) {
	s.Helper()
	bound := time.After(time.Minute)
	for {
		shown := escapes().ReplaceAllString(s.drawn, "")
		if _, after, ok := strings.Cut(shown, text); ok {
			s.drawn = after
			return
		}
		select {
		case more, ok := <-s.more:
			if !ok {
				s.Fatalf("the program ended before it showed %q; it showed:\n%s", text, shown)
			}
			s.drawn += more
			s.all.WriteString(more)
		case <-bound:
			s.Fatalf("after a minute there is no %q on the screen:\n%s", text, shown)
		}
	}
}

func (s *typing) types(keys string) {
	s.Helper()
	if _, err := s.tty.WriteString(keys); err != nil {
		s.Fatal(err)
	}
}

// answers types an answer once its question stands there.
func (s *typing) answers(question, keys string) {
	s.Helper()
	s.sees(question)
	s.types(keys + "\r")
}

// localMail is a mail server on loopback ports.
func localMail(t *testing.T) (w *mailtest.World, smtp, imap string) {
	t.Helper()
	w, err := mailtest.New(mailtest.Options{SMTP: mailtest.SMTPOptions{Security: mailtest.Plaintext, FileSent: true}, IMAP: mailtest.IMAPOptions{Security: mailtest.Plaintext}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	if smtp, imap, err = w.ServeTCP(); err != nil {
		t.Fatal(err)
	}
	return w, smtp, imap
}

// TestInitOnATerminal types through init as somebody does who mistypes the
// password first: by forms, and by plain prompts where colour is not wanted.
func TestInitOnATerminal(t *testing.T) {
	t.Parallel()
	const down = "\x1b[B"
	for name, c := range map[string]struct {
		env    []string
		second string // the key of the second choice
	}{"forms": {nil, down}, "prompts": {[]string{"NO_COLOR=1"}, "2"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, smtp, imap := localMail(t)
			dir := t.TempDir()
			s, cmd := onScreen(t, dir, c.env, "init", "--imap", imap+"/insecure", "--smtp", smtp+"/insecure")
			s.answers("Your e-mail address?", "dana@example.org")
			s.answers("Your name?", "Dana Reyes")
			s.answers("Go on now?", "")
			s.answers("Your time zone?", "")
			s.answers("When is this computer usually on?", "")
			s.answers("Your password for this account?", "Secret")
			s.answers("Where shall it be kept?", c.second)
			s.sees("✗ sending")
			s.answers("What now?", "")
			s.answers("User name?", "")
			s.answers("Your password for this account?", "secret")
			s.answers("With which company is or was your interview?", "Acme")
			s.answers("For which role?", "SRE")
			s.answers("When?", "2026-12-01 14:00")
			s.answers("With whom?", "Ken Osei <ken@acme.example>")
			s.sees("test mail to yourself")
			s.sees("afterword run")
			for range s.more { // to its end
			}
			if err := cmd.Wait(); err != nil {
				t.Fatalf("init ended with %v", err)
			}
			// A prompt may show what is typed before it could forbid it; a form does not.
			if name == "forms" && strings.Contains(escapes().ReplaceAllString(s.all.String(), ""), "secret") {
				t.Error("the password is on the screen")
			}
			checkProfile(t, w, dir)
		})
	}
}

// checkProfile looks at what init wrote.
func checkProfile(t *testing.T, w *mailtest.World, dir string) {
	t.Helper()
	c, err := config.Load(filepath.Join(dir, "config.yaml"), time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Account.Password.Read(t.Context())
	if err != nil || p.Reveal() != "secret" || c.Policy.Me.Name != "Dana Reyes" || c.Policy.Me.Zone.String() != "Europe/Paris" {
		t.Errorf("the profile is of %+v, the password: %v", c.Policy.Me, err)
	}
	apps, err := config.LoadInterviews(c.InterviewsDir, c.Policy)
	if err != nil || len(apps) != 1 || apps[0].Company != "Acme" || apps[0].Interviews[0].Interviewers[0].Email != "ken@acme.example" {
		t.Errorf("the interviews are %+v, %v", apps, err)
	}
	if n := len(w.AcceptedTo("dana@example.org")); n != 1 {
		t.Errorf("%d test mails were sent, want one", n)
	}
}

// localProfile is a folder with a config.yaml that needs no server.
func localProfile(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	text := "me: {name: Dana Reyes, email: dana@example.org, timezone: Europe/Paris}\n" +
		"account:\n  username: dana@example.org\n  password: {file: password}\n" +
		"  smtp: {host: 127.0.0.1, port: 1, security: insecure}\n  imap: {host: 127.0.0.1, port: 1, security: insecure}\n"
	for name, content := range map[string]string{"config.yaml": text, "password": "secret\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// ends waits for the program's end.
func (s *typing) ends(cmd *exec.Cmd) {
	s.Helper()
	bound := time.After(time.Minute)
	for open := true; open; {
		select {
		case more, there := <-s.more:
			s.all.WriteString(more)
			open = there
		case <-bound:
			s.Fatalf("after a minute it has not ended; the screen:\n%s", escapes().ReplaceAllString(s.all.String(), ""))
		}
	}
	if err := cmd.Wait(); err != nil {
		s.Fatalf("it ended with %v; the screen:\n%s", err, escapes().ReplaceAllString(s.all.String(), ""))
	}
}

// meetingDay is a day on which an interview may have been, by the clock that the
// program reads.
func meetingDay() string { return time.Now().AddDate(0, 0, -1).Format(time.DateOnly) }

// TestAddAndDebriefOnATerminal types through add, mistyping a time, and then
// through debrief, by forms and by plain prompts.
func TestAddAndDebriefOnATerminal(t *testing.T) {
	t.Parallel()
	const down = "\x1b[B"
	for name, c := range map[string]struct {
		env         []string
		correct     string // keys that take the mistyped time away
		panel, kind string
	}{
		"forms":   {nil, strings.Repeat("\x7f", 8), down + down + down + down, "What kind of meeting is it?"},
		"prompts": {[]string{"NO_COLOR=1"}, "", "panel", "phone, video, onsite, panel or group?"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := localProfile(t)
			s, cmd := onScreen(t, dir, c.env, "add")
			s.answers("Which company?", "Acme")
			s.answers("Which role, as they call it?", "SRE")
			s.answers("When does the interview begin", "tomorrow")
			s.answers("expected a date and time", c.correct+meetingDay()+" 09:00")
			s.answers("In which time zone", "")
			s.answers("How long does it last?", "30m")
			s.answers(c.kind, c.panel)
			s.answers("Who interviews you?", "Mara Lindt <mara@acme.example>, Staff Engineer")
			if name == "forms" {
				s.sees("Who interviews you?  Mara Lindt") // what the form leaves behind
				s.sees("Who interviews you?")
			}
			s.types("\r")
			s.answers("Who is the recruiter", "Priya Nair <priya@acme.example>")
			s.sees("acme: written into")
			s.ends(cmd)
			s, cmd = onScreen(t, dir, c.env, "debrief", "acme")
			s.answers("Did it take place?", "")
			s.answers("What did Mara Lindt say?", "the pager moves to follow-the-sun")
			s.sees("in the mail: ")
			s.answers("Enter keeps it", "")
			s.answers("A question to Mara Lindt", "")
			s.answers("What went well?", "the design round")
			s.answers("Why did it go well?", "")
			s.answers("Where did you falter?", "queueing theory")
			s.answers("Which questions were you not prepared for?", "What is Little's law?")
			s.answers("and", "")
			for _, rest := range []string{"Which of your answers failed?", "Which questions came up", "An answer you would give better", "What did you promise", "What feedback"} {
				s.answers(rest, "")
			}
			s.answers("By which day did they promise word?", "soon")
			s.answers("is no date", "")
			s.ends(cmd)
			text, err := osReadFile(dir, "interviews/acme.yaml")
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range []string{"company: Acme", "role: SRE", "at: " + meetingDay() + " 09:00", "duration: 30m", "kind: panel", "name: Mara Lindt", "title: Staff Engineer",
				"email: priya@acme.example", "status: held", "the pager moves to follow-the-sun", "the design round", "Little's law"} {
				if !strings.Contains(text, w) {
					t.Errorf("no %q in\n%s", w, text)
				}
			}
		})
	}
}

// TestAddThatIsStopped: Ctrl-C in any form writes nothing.
func TestAddThatIsStopped(t *testing.T) {
	t.Parallel()
	dir := localProfile(t)
	s, cmd := onScreen(t, dir, nil, "add", "--company", "Acme", "--role", "SRE", "--at", meetingDay()+" 09:00", "--timezone", "Europe/Paris", "--duration", "30m", "--kind", "video")
	s.answers("Who interviews you?", "Mara Lindt <mara@acme.example>")
	s.sees("Who interviews you?  Mara Lindt") // what the form leaves behind
	s.sees("Who interviews you?")
	s.types("\x03")
	for more := range s.more {
		s.all.WriteString(more)
	}
	exit := (*exec.ExitError)(nil)
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitFailed || !strings.Contains(escapes().ReplaceAllString(s.all.String(), ""), "nothing was written") {
		t.Errorf("add ended with %v:\n%s", err, s.all.String())
	}
	if entries, err := os.ReadDir(filepath.Join(dir, "interviews")); err != nil || len(entries) > 0 {
		t.Errorf("it left %v, %v", entries, err)
	}
}

// TestForgetAsks: on a terminal nothing is forgotten before its user has said yes; --yes
// says it beforehand.
func TestForgetAsks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Join(dir, "interviews"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("config.yaml", "me: {name: Dana Reyes, email: dana@example.org, timezone: Europe/Paris}\naccount:\n  password: {file: password}\n  smtp: {host: smtp.example.org, port: 465, security: tls}\n  imap: {host: imap.example.org, port: 993, security: tls}\n")
	for _, c := range []struct {
		keys string
		args []string
		gone bool
	}{
		{keys: "n"}, {keys: "\x03"}, {keys: "y", gone: true}, {args: []string{"--yes"}, gone: true},
	} {
		write("interviews/acme.yaml", "company: Acme\nrole: SRE\ninterviews:\n  - {at: 2026-11-24 14:00, interviewers: [{name: Ken Osei, email: ken@acme.example}]}\n")
		s, cmd := onScreen(t, dir, nil, append([]string{"forget", "acme"}, c.args...)...)
		if c.keys != "" {
			s.sees("Forget acme for good? Its file,")
			s.types(c.keys)
		}
		for more := range s.more {
			s.all.WriteString(more)
		}
		err := cmd.Wait()
		_, statErr := os.Stat(filepath.Join(dir, "interviews", "acme.yaml"))
		if gone := errors.Is(statErr, os.ErrNotExist); gone != c.gone || (err == nil) != c.gone || !c.gone && !strings.Contains(s.all.String(), "nothing was removed") {
			t.Errorf("%q %v: gone %v, %v\n%s", c.keys, c.args, gone, err, s.all.String())
		}
	}
}

// TestInitThatIsStopped: Ctrl-C in the middle writes nothing.
func TestInitThatIsStopped(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, cmd := onScreen(t, dir, nil, "init", "--imap", "127.0.0.1:1/insecure", "--smtp", "127.0.0.1:1/insecure")
	s.answers("Your e-mail address?", "dana@example.org")
	s.sees("Your name?")
	s.types("\x03")
	for range s.more {
	}
	exit := (*exec.ExitError)(nil)
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitFailed {
		t.Errorf("init ended with %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("it left %v, %v", entries, err)
	}
}
