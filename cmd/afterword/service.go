package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"afterword/internal/config"
	"afterword/internal/service"
)

func (p *program) serviceCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "service install|uninstall|status",
		Short: "Has the system start the daemon whenever you log in: systemd, launchd, or a Windows task",
		Args:  usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return usageError{hinted{errors.New("nothing to do was named"), "say service install, service status or service uninstall"}}
		},
	}
	c.AddCommand(p.serviceInstallCommand(),
		&cobra.Command{Use: "uninstall", Short: "Stops the daemon and has the system start it no more; your files stay", Args: usage(cobra.NoArgs), RunE: p.serviceUninstall},
		&cobra.Command{Use: "status", Short: "Tells whether the system runs the daemon; exit code 1 if not", Args: usage(cobra.NoArgs), RunE: p.serviceStatus})
	return c
}

func (p *program) serviceInstallCommand() *cobra.Command {
	show := false
	c := &cobra.Command{
		Use: "install [--print]", Short: "Writes the unit and starts the daemon", Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			of, cfg, err := p.toStart()
			if err != nil {
				return err
			}
			if show {
				text, err := service.Text(runtime.GOOS, of)
				if err == nil {
					_, err = p.out.Write(text)
				}
				return err
			}
			return p.serviceInstall(cmd.Context(), of, cfg)
		},
	}
	c.Flags().BoolVar(&show, "print", false, "print the unit and change nothing")
	return c
}

// toStart is what the service runs: this very program on the config in use,
// which must be readable.
func (p *program) toStart() (service.Program, *config.Config, error) {
	cfg, err := p.loadConfig()
	if err != nil {
		return service.Program{}, nil, err
	}
	binary, err := os.Executable()
	if err != nil {
		return service.Program{}, nil, err
	}
	path := absolute(cfg.Path)
	return service.Program{Binary: binary, Config: path, Folder: filepath.Dir(path), Log: cfg.StatePath + ".log", User: userOfTask()}, cfg, nil
}

// userOfTask is the user as Windows names one.
func userOfTask() string {
	if domain := os.Getenv("USERDOMAIN"); domain != "" {
		return domain + `\` + os.Getenv("USERNAME")
	}
	return os.Getenv("USERNAME")
}

// serviceManager is that of this system and user.
func serviceManager() (service.Manager, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return service.Manager{}, hinted{err, "a service is one user's: run it as that user, with a home"}
	}
	folder, err := os.UserConfigDir()
	return service.Manager{GOOS: runtime.GOOS, Home: home, Config: folder, UID: os.Getuid(), Run: runOfSystem}, err
}

// runOfSystem runs a command of the system.
func runOfSystem(ctx context.Context, name string, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	return string(out), err
}

func (p *program) serviceInstall(ctx context.Context, of service.Program, cfg *config.Config) error {
	m, err := serviceManager()
	if err != nil {
		return err
	}
	done, err := m.Install(ctx, of)
	if err != nil {
		return fmt.Errorf("installing the service: %w", err)
	}
	fmt.Fprintf(p.out, "wrote %s\n", done.Path)
	for _, a := range cfg.Accounts() {
		if a.Password.Env != "" {
			fmt.Fprintf(p.out, "The password stands in the variable %s, which a service does not see: use a file, a command or the keyring in config.yaml.\n", a.Password.Env)
			break
		}
	}
	if !done.Started {
		return hinted{fmt.Errorf("installing the service: it is written, and the system did not start it: %w", done.Err), startHint()}
	}
	fmt.Fprintln(p.out, "The daemon runs now, and whenever you log in. "+logHint())
	return nil
}

// startHint says what to do where the system did not start the service.
func startHint() string {
	if runtime.GOOS == "linux" {
		return "log in as this user without sudo or su, then: systemctl --user enable --now afterword.service; without systemd, `afterword run --once` from cron does the same"
	}
	return "log in as this user and install it again"
}

// logHint says where the daemon's log is.
func logHint() string {
	switch runtime.GOOS {
	case "linux":
		return "Its log: journalctl --user -u afterword. On a server that you leave: loginctl enable-linger"
	case "darwin":
		return "Its log lies beside the store and ends in .log."
	}
	return "`afterword status` tells how it goes."
}

func (p *program) serviceUninstall(cmd *cobra.Command, _ []string) error {
	m, err := serviceManager()
	if err != nil {
		return err
	}
	path, err := m.Uninstall(cmd.Context())
	if err != nil {
		return notInstalled(fmt.Errorf("uninstalling the service: %w", err))
	}
	fmt.Fprintf(p.out, "stopped, and removed %s; your files and the store stay\n", path)
	return nil
}

func notInstalled(err error) error {
	if errors.Is(err, service.ErrNotInstalled) {
		return hinted{err, "afterword service install"}
	}
	return err
}

func (p *program) serviceStatus(cmd *cobra.Command, _ []string) error {
	m, err := serviceManager()
	if err != nil {
		return err
	}
	s, err := m.Status(cmd.Context())
	if err != nil {
		return notInstalled(err)
	}
	if !s.Running {
		return hinted{fmt.Errorf("the service is installed (%s) and does not run: %s", s.Path, s.Words), "afterword service install starts it anew; " + logHint()}
	}
	fmt.Fprintf(p.out, "runs, by %s\n", s.Path)
	return nil
}
