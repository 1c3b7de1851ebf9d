package smtp

import (
	"context"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestConfigIsRefused(t *testing.T) {
	t.Parallel()
	dial := func(context.Context, string, string) (net.Conn, error) { return nil, nil }
	check := func(name, word string, change func(*Config)) {
		t.Helper()
		c := plainConfig(dial)
		change(&c)
		_, err := New(c)
		if word == "" && err != nil || word != "" && (err == nil || !strings.Contains(err.Error(), word)) {
			t.Errorf("%s: %v, want %q", name, err, word)
		}
	}
	outside := func(host, security string) func(*Config) {
		return func(c *Config) { c.Host, c.Security, c.InProcess = host, security, false }
	}
	check("as it is", "", func(*Config) {})
	check("no host", "host name", func(c *Config) { c.Host = "" })
	check("line break in host", "host name", func(c *Config) { c.Host = "a\r\nb" })
	check("port 0", "port", func(c *Config) { c.Port = 0 })
	check("port too high", "port", func(c *Config) { c.Port = 65536 })
	check("no security", "tls, starttls, insecure", func(c *Config) { c.Security = "" })
	check("odd security", "ssl", func(c *Config) { c.Security = "ssl" })
	check("insecure elsewhere", "this machine only", outside("mx.example.org", Insecure))
	check("insecure by address", "this machine only", outside("192.0.2.1", Insecure))
	check("insecure lookalike", "this machine only", outside("localhost.example.org", Insecure))
	check("in process without dial", "this machine only", func(c *Config) { c.Dial = nil })
	check("insecure at home", "", outside("LocalHost", Insecure))
	check("insecure at 127.8.8.8", "", outside("127.8.8.8", Insecure))
	check("insecure at ::1", "", outside("::1", Insecure))
	check("mapped loopback", "", outside("::ffff:127.0.0.1", Insecure))
	check("tls elsewhere", "", outside("mx.example.org", TLS))
	check("starttls elsewhere", "", outside("mx.example.org", STARTTLS))
	check("no password", "password", func(c *Config) { c.Password = nil })
	check("hello with a break", "EHLO", func(c *Config) { c.HelloName = "a\r\nMAIL" })
	check("negative wait", "negative", func(c *Config) { c.AnswerTimeout = -time.Second })
}

func TestHelloGivesNothingAway(t *testing.T) {
	t.Parallel()
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	check := func(name, want string) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer()
				config := plainConfig(s.dial(t))
				config.HelloName = name
				batch(t, newSender(t, config), 1)
				said := s.commands()[0]
				if said != "EHLO "+want || strings.Contains(said, host) {
					t.Errorf("said %q", said)
				}
			})
		})
	}
	check("", "[127.0.0.1]")
	check("client.example", "client.example")
}
