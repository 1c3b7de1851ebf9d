package service

import (
	"bytes"
	"embed"
	"fmt"
	"strings"
	"text/template"
	"unicode/utf16"
)

//go:embed units
var units embed.FS

// What the service is called, by each of the systems.
const (
	unitName = "afterword.service"
	macLabel = "org.afterword.daemon"
	taskName = "Afterword"
)

// watchdogSeconds is how long systemd waits for a sign of life.
const watchdogSeconds = 180

// Program is what is to be started.
type Program struct {
	Binary string // absolute
	Config string // absolute path of config.yaml
	Folder string // in which it runs
	Log    string // of launchd, which keeps no log of its own
	User   string // of the Windows task
}

// Text is the unit, property list or task for an operating system, as its file
// holds it. A path with a line break in it is refused: it would end its line.
func Text(goos string, p Program) ([]byte, error) {
	for _, path := range []string{p.Binary, p.Config, p.Folder, p.Log, p.User} {
		if strings.ContainsAny(path, "\r\n\x00") {
			return nil, fmt.Errorf("the path %q holds a line break", path)
		}
	}
	name, ok := map[string]string{"linux": "systemd.service", "darwin": "launchd.plist", "windows": "task.xml"}[goos]
	if !ok {
		return nil, fmt.Errorf("no kind of service is known for %s", goos)
	}
	t, err := template.New(name).Funcs(template.FuncMap{"unit": unitQuoted, "binary": unitBinary, "xml": xmlEscaped, "watchdog": func() int { return watchdogSeconds }}).ParseFS(units, "units/"+name)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := t.Execute(&text, p); err != nil {
		return nil, err
	}
	if goos == "windows" {
		return utf16Text(text.String()), nil
	}
	return text.Bytes(), nil
}

// unitQuoted is a word of a unit file (systemd.service(5), "Command lines"): % begins
// a specifier, $ a variable, and quotes keep spaces.
func unitQuoted(s string) string { return strings.ReplaceAll(unitBinary(s), "$", "$$") }

// unitBinary is the first word of a command, in which no variable is replaced.
func unitBinary(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `%`, `%%`).Replace(s) + `"`
}

// xmlEscaped is a text of an XML element.
func xmlEscaped(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;").Replace(s)
}

// utf16Text is a text as schtasks reads it: UTF-16 with a mark and CRLF.
func utf16Text(text string) []byte {
	out := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(strings.ReplaceAll(text, "\n", "\r\n"))) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return out
}
