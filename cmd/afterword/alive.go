package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"afterword/internal/health"
	"afterword/internal/service"
)

// watchedBySystemd runs a function and meanwhile tells systemd, if it started the
// program, that the daemon is ready, alive, and stopping.
func (h *house) watchedBySystemd(ctx context.Context, log *slog.Logger, system *service.Systemd, do func() error) error {
	begun, once := make(chan struct{}), sync.Once{}
	h.began = func() {
		once.Do(func() { close(begun) }) // it begins anew with another account
		system.Ready()
	}
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case <-begun:
		case <-ctx.Done():
			return
		}
		system.Watchdog(ctx, h.clock, h.pulse.Dead, func(parts []string) {
			log.Error("a part of the daemon gives no sign of life; the watchdog is not fed", "parts", strings.Join(parts, ", "))
		})
	}()
	said := context.AfterFunc(ctx, system.Stopping)
	err := do()
	stop()
	<-ended
	said()
	return err
}

// systemd is the service manager that started this process, nil if none did.
func systemd() (*service.Systemd, error) {
	s := service.FromSystemd(os.Getenv, os.Getpid())
	return s, service.Forget()
}

// health is what a monitor may know.
func (h *house) health(r *http.Request) health.Status {
	s := health.Status{Dead: h.pulse.Dead(h.clock.Now())}
	st, err := h.service.Pending(r.Context())
	if err != nil {
		s.Dead = append(s.Dead, "store")
		return s
	}
	s.Mailbox, s.Sending, s.LastLook = inOneWord(st.IMAP), inOneWord(st.SMTP), optional(st.LastSync)
	s.OK = len(s.Dead) == 0 && !trouble(st.IMAP)
	return s
}

// inOneWord leaves out the server's words: they may name an account.
func inOneWord(state string) *string {
	switch {
	case state == "":
		return nil
	case trouble(state):
		return optional("trouble")
	}
	return optional("ok")
}

// onceDone is the result of `run --once`: nil, errWaiting, or an error if mail could not
// be handed over.
func (p *program) onceDone(ctx context.Context, h *house) error {
	st, err := h.service.Pending(ctx)
	if err != nil {
		return err
	}
	if trouble(st.SMTP) {
		return hinted{fmt.Errorf("the last mail could not be handed over: %s", st.SMTP), adviceOn(st.SMTP, "smtp")}
	}
	var said strings.Builder
	quiet := *p
	quiet.out = &said
	cmd := &cobra.Command{}
	cmd.SetContext(ctx)
	if err = quiet.today(cmd, h); err != nil {
		_, _ = io.WriteString(p.out, said.String())
	}
	return err
}

// levelOf reads --log-level.
func levelOf(name string) (level slog.Level, err error) {
	if err := level.UnmarshalText([]byte(name)); err != nil {
		return level, usageError{hinted{fmt.Errorf("--log-level: found %q", name), "expected debug, info, warn or error"}}
	}
	return level, nil
}
