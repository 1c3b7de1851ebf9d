package web

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestCookieIsOneUsers: the cookie of one user of the machine, which another
// user's program at another port may have been sent, opens nothing for that one,
// nor for a connection that the system does not list.
func TestCookieIsOneUsers(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"acme-sre.yaml": fixtureAcme})
	as := func(user string) func(*http.Request) {
		return func(r *http.Request) {
			*r = *r.WithContext(context.WithValue(r.Context(), peerKey{}, func() string { return user }))
		}
	}
	link := strings.TrimPrefix(f.page.Link(), "http://127.0.0.1:8025")
	cookies := f.ask("GET", link, nil, as("1000")).Result().Cookies()
	if len(cookies) != 1 {
		t.Fatalf("the link gave %v", cookies)
	}
	for user, want := range map[string]int{"1000": http.StatusOK, "1001": http.StatusUnauthorized, "0": http.StatusUnauthorized, nobodyFound: http.StatusUnauthorized, "": http.StatusUnauthorized} {
		w := f.ask("GET", "/", nil, func(r *http.Request) {
			r.Header.Set("Cookie", cookies[0].Name+"="+cookies[0].Value)
			as(user)(r)
		})
		if w.Code != want {
			t.Errorf("user %q gets %d, want %d", user, w.Code, want)
		}
	}
}

// TestUserOfAConnection reads the tables of a Linux system, as proc_net_tcp(5)
// describes them.
func TestUserOfAConnection(t *testing.T) {
	t.Parallel()
	at := func(s string) net.Addr { return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(s)) }
	row := func(a, b, user string, long bool) string {
		return "   0: " + tableAddress(netip.MustParseAddrPort(a), long) + " " + tableAddress(netip.MustParseAddrPort(b), long) + " 01 00000000:00000000 00:00000000 00000000 " + user + " 0 1 1\n"
	}
	short := "  sl  local_address rem_address st tx_queue rx_queue tr tm->when retrnsmt uid timeout inode\n" +
		row("127.0.0.1:8025", "127.0.0.1:40000", "7", false) + row("127.0.0.1:40000", "127.0.0.1:8025", "1000", false) + row("127.0.0.1:40001", "127.0.0.1:9999", "1001", false)
	long := row("[::1]:40002", "[::1]:8025", "1002", true) + row("127.0.0.1:40003", "127.0.0.1:8025", "1003", true)
	read := func(path string) ([]byte, error) {
		return []byte(map[string]string{tables[0]: short, tables[1]: long}[path]), nil
	}
	check := func(from, to, want string) {
		t.Helper()
		if got := userOf(at(from), at(to), read); got != want {
			t.Errorf("%s to %s is user %q, want %q", from, to, got, want)
		}
	}
	check("127.0.0.1:40000", "127.0.0.1:8025", "1000")
	check("[::1]:40002", "[::1]:8025", "1002")
	check("127.0.0.1:40003", "127.0.0.1:8025", "1003") // a socket of the long kind
	check("127.0.0.1:40001", "127.0.0.1:8025", nobodyFound)
	if got := userOf(at("127.0.0.1:40000"), at("127.0.0.1:8025"), func(string) ([]byte, error) { return nil, errors.New("none") }); got != "" {
		t.Errorf("without tables the user is %q", got)
	}
}

// TestAnotherUserGetsNothing: a process of another user of this machine, with
// the very cookie, on the real tables.
func TestAnotherUserGetsNothing(t *testing.T) {
	if _, err := os.ReadFile(tables[0]); err != nil {
		t.Skip("this system does not tell who is at the other end")
	}
	curl, err := exec.LookPath("curl")
	if err != nil || os.Geteuid() != 0 {
		t.Skip("becoming another user takes root and curl")
	}
	f := newFixture(t, map[string]string{"acme-sre.yaml": fixtureAcme})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := f.page.Config
	c.Listen = l.Addr().String()
	if f.page, err = New(c); err != nil {
		t.Fatal(err)
	}
	serving, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- f.page.Serve(serving, l) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	r, err := http.Get(f.page.Link())
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(io.Discard, r.Body)
	if err = errors.Join(err, r.Body.Close()); err != nil || len(r.Cookies()) != 1 {
		t.Fatalf("the link gave %d, %v, %v", r.StatusCode, r.Cookies(), err)
	}
	cookie := r.Cookies()[0].Name + "=" + r.Cookies()[0].Value
	for user, want := range map[uint32]string{0: "200", nobody: "401"} {
		code, err := as(user, exec.Command(curl, "-s", "-o", os.DevNull, "-w", "%{http_code}", "--noproxy", "*", "-H", "Cookie: "+cookie, "http://"+c.Listen+"/")).Output()
		if err != nil || string(code) != want {
			t.Errorf("user %d got %q, %v; want %s", user, code, err, want)
		}
	}
}
