//go:build unix && !darwin

package notify

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
)

// bus is the end of a session's bus that the program talks to, with a server of
// notices behind it.
type bus struct {
	can   []string // what the server says it can do; nil: there is none
	shown []any    // the arguments of the one Notify
}

// serve greets as a bus does (D-Bus specification, section Authentication
// Protocol) and answers calls until the other side leaves.
func (b *bus) serve(conn net.Conn) error {
	in := bufio.NewReader(conn)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return err
		}
		switch line = strings.Trim(line, "\x00\r\n"); {
		case line == "AUTH":
			_, err = io.WriteString(conn, "REJECTED EXTERNAL\r\n")
		case strings.HasPrefix(line, "AUTH EXTERNAL"):
			_, err = io.WriteString(conn, "OK 1234deadbeef1234deadbeef1234dead\r\n")
		case strings.HasPrefix(line, "DATA"):
			_, err = io.WriteString(conn, "OK 1234deadbeef1234deadbeef1234dead\r\n")
		case line == "BEGIN":
			return b.calls(conn, in)
		}
		if err != nil {
			return err
		}
	}
}

func (b *bus) calls(conn net.Conn, in *bufio.Reader) error {
	for serial := uint32(1); ; serial++ {
		call, err := dbus.DecodeMessage(in)
		if err != nil {
			return nil // it left
		}
		answer := &dbus.Message{Type: dbus.TypeMethodReply, Headers: map[dbus.HeaderField]dbus.Variant{dbus.FieldReplySerial: dbus.MakeVariant(call.Serial())}}
		say := func(v any) {
			answer.Body = []any{v}
			answer.Headers[dbus.FieldSignature] = dbus.MakeVariant(dbus.SignatureOf(v))
		}
		switch member, _ := call.Headers[dbus.FieldMember].Value().(string); {
		case member == "Hello":
			say(":1.7")
		case b.can == nil:
			answer.Type = dbus.TypeError
			answer.Headers[dbus.FieldErrorName] = dbus.MakeVariant("org.freedesktop.DBus.Error.ServiceUnknown")
		case member == "GetCapabilities":
			say(b.can)
		case member == "Notify":
			b.shown = call.Body
			say(uint32(41))
		}
		var wire bytes.Buffer
		if err := answer.EncodeTo(&wire, binary.LittleEndian); err != nil {
			return err
		}
		binary.LittleEndian.PutUint32(wire.Bytes()[8:], serial) // the library numbers only what it sends itself
		if _, err := conn.Write(wire.Bytes()); err != nil {
			return err
		}
	}
}

// onFakeBus does something on a bus inside the process.
func onFakeBus(t *testing.T, b *bus, do func(*dbus.Conn) error) error {
	t.Helper()
	ours, theirs := net.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- b.serve(theirs) }()
	conn, err := dbus.NewConn(ours, dbus.WithContext(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	err = onBus(conn, do)
	if served := <-ended; served != nil {
		t.Error(served)
	}
	return err
}

// TestDesktopByBus: the call is the one of the specification, and a server that
// reads markup gets a text in which nothing is.
func TestDesktopByBus(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		can     []string
		urgent  bool
		text    string
		urgency byte
	}{
		{[]string{"body", "body-markup"}, true, "from Ken &lt;ken@acme.example&gt; &amp; Co", 2},
		{[]string{"body"}, false, "from Ken <ken@acme.example> & Co", 1},
	} {
		b := &bus{can: c.can}
		err := onFakeBus(t, b, func(conn *dbus.Conn) error {
			return showByBus(t.Context(), conn, "Afterword", "from Ken <ken@acme.example> & Co", c.urgent)
		})
		if err != nil || len(b.shown) != 8 {
			t.Fatalf("showing: %v, %v", err, b.shown)
		}
		hints, _ := b.shown[6].(map[string]dbus.Variant)
		if b.shown[0] != "Afterword" || b.shown[3] != "Afterword" || b.shown[4] != c.text || hints["urgency"].Value() != c.urgency || b.shown[7] != int32(-1) {
			t.Errorf("the desktop shows %v", b.shown)
		}
	}
}

// TestDesktopWithoutServer: a session in which nothing shows notices is an error
// that says so.
func TestDesktopWithoutServer(t *testing.T) {
	t.Parallel()
	err := onFakeBus(t, &bus{}, func(conn *dbus.Conn) error { return showByBus(t.Context(), conn, "a", "b", false) })
	if err == nil || !strings.Contains(err.Error(), "asking the desktop") {
		t.Errorf("without a server of notices: %v", err)
	}
}
