package realmail

import (
	"embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/template"
)

// confFiles are the configurations as templates over a layout.
//
//go:embed conf
var confFiles embed.FS

// writeConf fills in a configuration and writes it to a file.
func (l layout) writeConf(name, path string) error {
	text, err := l.conf(name)
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// conf fills in a configuration.
func (l layout) conf(name string) (string, error) {
	t, err := template.New(name).Option("missingkey=error").ParseFS(confFiles, "conf/"+name)
	if err != nil {
		return "", fmt.Errorf("reading the configuration %s: %w", name, err)
	}
	var b strings.Builder
	if err := t.Execute(&b, l); err != nil {
		return "", fmt.Errorf("filling in the configuration %s: %w", name, err)
	}
	return b.String(), nil
}

// newDovecot lays out Dovecot. Its master process stays in the foreground and
// ends on SIGTERM.
func newDovecot(l layout) (*Server, error) {
	path, err := program("dovecot")
	if err != nil {
		return nil, err
	}
	version, err := exec.Command(path, "--version").Output()
	if err != nil {
		return nil, fmt.Errorf("asking dovecot for its version: %w", err)
	}
	name, err := dovecotConf(string(version))
	if err != nil {
		return nil, err
	}
	conf := filepath.Join(l.Dir, "dovecot.conf")
	if err := l.writeConf(name, conf); err != nil {
		return nil, err
	}
	if l.Introspection != "" { // Dovecot 2.4 has it in dovecot.conf
		if err := l.writeConf("dovecot-oauth2.conf.ext", filepath.Join(l.Dir, "dovecot-oauth2.conf.ext")); err != nil {
			return nil, err
		}
	}
	if err := l.folder(filepath.Join(l.Dir, "mail")); err != nil {
		return nil, err
	}
	return &Server{
		name: "dovecot", log: filepath.Join(l.Dir, "dovecot.log"),
		guard: []string{foreground, "guard", path, "-F", "-c", conf},
		ports: []int{l.IMAP, l.IMAPS, l.LMTP},
	}, nil
}

// dovecotConf chooses the configuration by what `dovecot --version` says:
// Dovecot 2.4 took another syntax, and each refuses the other's.
func dovecotConf(version string) (string, error) {
	var major, minor int
	if _, err := fmt.Sscanf(version, "%d.%d", &major, &minor); err != nil {
		return "", fmt.Errorf("reading dovecot's version %q: %w", strings.TrimSpace(version), err)
	}
	switch {
	case major == 2 && minor == 3:
		return "dovecot-2.3.conf", nil
	case major == 2 && minor >= 4:
		return "dovecot-2.4.conf", nil
	}
	return "", fmt.Errorf("reading dovecot's version: found %d.%d, expected 2.3 or later 2.x", major, minor)
}

// newPostfix lays out Postfix with a queue, data and a configuration of its own.
// Its master process goes to the background by itself, and is ended by its own
// `postfix stop`, which knows it by the lock in this queue.
func newPostfix(l layout) (*Server, error) {
	path, err := program("postfix")
	if err != nil {
		return nil, err
	}
	conf := filepath.Join(l.Dir, "postfix")
	for _, dir := range []string{conf, filepath.Join(l.Dir, "queue"), filepath.Join(l.Dir, "data")} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			return nil, err
		}
	}
	postfix, err := lookUp("postfix")
	if err != nil {
		return nil, err
	}
	if err := os.Chown(filepath.Join(l.Dir, "data"), postfix.UID, -1); err != nil {
		return nil, err
	}
	for _, name := range []string{"main.cf", "master.cf"} {
		if err := l.writeConf(name, filepath.Join(conf, name)); err != nil {
			return nil, err
		}
	}
	return &Server{
		name: "postfix", log: filepath.Join(l.Dir, "postfix.log"),
		guard: []string{background, "guard", path, "-c", conf},
		ports: []int{l.SMTP, l.SMTPS},
	}, l.folder(filepath.Join(l.Dir, "others"))
}
