package setup

import (
	"fmt"
	"net"
	"net/mail"
	"strconv"
	"strings"

	"afterword/internal/config"
)

// ParseServer reads HOST:PORT or HOST:PORT/SECURITY. Without a security it is
// the one that belongs to the port: tls, but starttls for 143 and 587.
func ParseServer(text string) (config.Server, error) {
	address, security, stated := strings.Cut(strings.TrimSpace(text), "/")
	host, port, err := net.SplitHostPort(address)
	number, portErr := strconv.ParseUint(port, 10, 16)
	if err != nil || portErr != nil || number == 0 || host == "" {
		return config.Server{}, fmt.Errorf("reading a server: found %q, expected a name and a port such as imap.example.org:993", text)
	}
	s := config.Server{Host: host, Port: int(number), Security: config.TLS}
	switch {
	case stated:
		s.Security = strings.ToLower(security)
	case number == 143 || number == 587:
		s.Security = config.STARTTLS
	}
	if s.Security != config.TLS && s.Security != config.STARTTLS && s.Security != config.Insecure {
		return config.Server{}, fmt.Errorf("reading a server: found the security %q, expected tls, starttls or insecure", security)
	}
	return s, nil
}

// ServerText is what ParseServer reads.
func ServerText(s config.Server) string {
	return fmt.Sprintf("%s/%s", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)), s.Security)
}

// ParseSource reads where a password is: env:NAME, file:PATH, keyring:NAME or
// command:PROGRAM ARGUMENTS.
func ParseSource(text string) (config.PasswordSource, error) {
	kind, rest, ok := strings.Cut(text, ":")
	rest = strings.TrimSpace(rest)
	if ok && rest != "" {
		switch kind {
		case "env":
			return config.PasswordSource{Env: rest}, nil
		case "file":
			return config.PasswordSource{File: rest}, nil
		case "keyring":
			return config.PasswordSource{Keyring: rest}, nil
		case "command":
			return config.PasswordSource{Command: strings.Fields(rest)}, nil
		}
	}
	// What was found is not repeated: it may be the password itself.
	return config.PasswordSource{}, fmt.Errorf("reading where the password is: expected env:NAME, file:PATH, keyring:NAME or command:PROGRAM, never the password itself")
}

// ParsePerson reads "Ken Osei <ken@acme.example>", a name alone, or an address
// alone.
func ParsePerson(text string) (Person, error) {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, "@") {
		if text == "" || strings.ContainsAny(text, "<>") {
			return Person{}, fmt.Errorf("reading a person: found %q, expected a name and an address such as Ken Osei <ken@acme.example>", text)
		}
		return Person{Name: text}, nil
	}
	a, err := mail.ParseAddress(text)
	if err != nil {
		return Person{}, fmt.Errorf("reading a person: found %q, expected a name and an address such as Ken Osei <ken@acme.example>", text)
	}
	if a.Name == "" {
		a.Name, _, _ = strings.Cut(a.Address, "@")
	}
	return Person{Name: a.Name, Email: a.Address}, nil
}

// AppPassword takes out the blanks with which providers show an app password in
// groups; other passwords stay as they are.
func AppPassword(text string) string {
	joined := strings.Join(strings.Fields(text), "")
	if len(joined) != 16 || joined == text || strings.Trim(joined, "abcdefghijklmnopqrstuvwxyz") != "" {
		return text
	}
	for _, group := range strings.Fields(text) {
		if len(group) != 4 {
			return text
		}
	}
	return joined
}
