package smtp

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"afterword/mailer"
)

func TestProbeTellsWhatTheServerCan(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cert, pool := testCertificate(t, "mx.example.org")
		s := newServer()
		config := plainConfig(s.dial(t))
		secured(STARTTLS, cert, func(c *Config) { c.RootCAs = pool })(s, &config)
		got, err := newSender(t, config).Probe(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got.TLSVersion != "TLS 1.3" || got.MaxSize != 35882577 {
			t.Errorf("got %+v", got)
		}
		synctest.Wait()
		if said := s.commands(); said[len(said)-1] != "QUIT" || strings.Contains(strings.Join(said, " "), "MAIL") {
			t.Errorf("said %q", said)
		}
	})
}

func TestProbeInTheClearSaysSo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		s.offers = []string{"AUTH PLAIN"}
		got, err := newSender(t, plainConfig(s.dial(t))).Probe(t.Context())
		if err != nil || got.TLSVersion != "" || got.MaxSize != 0 {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestProbeSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	check := func(verb, text, want string, refused bool) {
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, err := newSender(t, plainConfig(answering(verb, text).dial(t))).Probe(t.Context())
				if err == nil || !strings.Contains(err.Error(), want) || errors.Is(err, mailer.ErrLoginRefused) != refused {
					t.Errorf("got %v", err)
				}
			})
		})
	}
	check("greeting", "554 5.3.2 no service\r\n", "connecting to the server: 554 5.3.2 no service", false)
	check("EHLO", drop, "connecting to the server: saying EHLO: ", false)
	check("AUTH", "535 5.7.8 wrong\r\n", "logging in to the server: login refused: 535 5.7.8 wrong", true)
}

func TestProbeCanBeStopped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		_, err := newSender(t, plainConfig(answering("EHLO", hang).dial(t))).Probe(ctx)
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 3*time.Second {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
	})
}
