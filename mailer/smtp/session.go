package smtp

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"afterword/mailer"
)

// The waits of RFC 5321 section 4.5.3.2.
const (
	commandTimeout = 5 * time.Minute // MAIL and RCPT
	dataTimeout    = 2 * time.Minute // until 354
	blockTimeout   = 3 * time.Minute // for each block of the message
	earlyTimeout   = 10 * time.Second
	quitTimeout    = 5 * time.Second
	blockSize      = 4096
)

var (
	errOutOfTurn = errors.New("the server spoke out of turn")
	errNoUTF8    = errors.New("checking the address: it has letters outside ASCII, and the server takes none (no SMTPUTF8)")
)

// session is one connection on which MAIL may be said. One goroutine uses it;
// closing conn from another ends whatever waits.
type session struct {
	conn      *boundedConn // the TCP connection, below TLS
	stream    net.Conn     // conn, or TLS on it
	r         *bufio.Reader
	w         *bufio.Writer
	offers    map[string]string // the keywords of EHLO, in capitals
	secrets   secrets
	settledAt time.Time // when the last message was settled
}

// close ends the TCP connection and says nothing on it: within DATA every
// further byte would become part of the message.
func (e *session) close() { _ = e.conn.Close() }

// quiet says that the server has said nothing that was not asked for.
func (e *session) quiet() bool { return e.r.Buffered() == 0 }

// transmit carries one message from MAIL to the answer to the final dot.
func (e *session) transmit(ctx context.Context, m mailer.Frozen, beforeDot func(context.Context) error, answer time.Duration) mailer.Receipt {
	failed := e.envelope(m)
	begun := false
	var heard <-chan error
	if failed == nil {
		begun, failed = e.begin()
	}
	if failed == nil {
		heard = e.listen()
		failed = e.body(m.Bytes, heard)
	}
	if failed == nil {
		failed = confirm(ctx, beforeDot)
	}
	if failed != nil {
		failed.err = e.secrets.hideError(because(ctx, failed.err))
		receipt := failed.receipt()
		receipt.DataBegun = begun
		return receipt
	}
	return e.finish(ctx, heard, answer)
}

// envelope says MAIL and RCPT.
func (e *session) envelope(m mailer.Frozen) *failure {
	parameters, err := e.parameters(m)
	if err != nil {
		return &failure{phase: mailer.PhaseMail, err: err, local: true}
	}
	_, failed := e.ask(mailer.PhaseMail, commandTimeout, 2, "MAIL FROM:<"+m.From+">"+parameters)
	if failed != nil {
		return failed
	}
	_, failed = e.ask(mailer.PhaseRcpt, commandTimeout, 2, "RCPT TO:<"+m.To+">")
	return failed
}

// parameters returns those of MAIL: the size (RFC 1870) where the server wants
// it, and SMTPUTF8 (RFC 6531) only where the message needs it. BODY is left out,
// since the message is seven-bit and no server shall think otherwise.
func (e *session) parameters(m mailer.Frozen) (string, error) {
	var parameters string
	if limit, offered := e.sizeLimit(); offered {
		if limit > 0 && int64(len(m.Bytes)) > limit {
			return "", fmt.Errorf("checking the size: %d bytes, and the server takes %d", len(m.Bytes), limit)
		}
		parameters += " SIZE=" + strconv.Itoa(len(m.Bytes))
	}
	if !m.UTF8 {
		return parameters, nil
	}
	if _, offered := e.offer("SMTPUTF8"); !offered {
		return "", errNoUTF8
	}
	return parameters + " SMTPUTF8", nil
}

// sizeLimit returns the largest message in bytes, 0 where the server states no
// limit or one that cannot be read.
func (e *session) sizeLimit() (limit int64, offered bool) {
	value, offered := e.offer("SIZE")
	limit, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
	if err != nil || limit < 0 {
		limit = 0
	}
	return limit, offered
}

// ask sends one command and reads its reply, which must be of the given class.
// Sent says whether the command may have left.
func (e *session) ask(phase mailer.Phase, wait time.Duration, class int, command string) (sent bool, failed *failure) {
	if !e.quiet() {
		return false, &failure{phase: phase, err: errOutOfTurn}
	}
	verb, _, _ := strings.Cut(command, " ")
	if err := e.say(command, wait); err != nil {
		return true, &failure{phase: phase, err: fmt.Errorf("sending %s: %w", verb, err)}
	}
	r, err := readReply(e.r)
	if err != nil {
		return true, &failure{phase: phase, err: fmt.Errorf("waiting for the answer to %s: %w", verb, err)}
	}
	if r.class() != class {
		return true, &failure{phase: phase, reply: e.secrets.hideReply(r), authRefused: wantsLogin(phase, r)}
	}
	return true, nil
}

// say writes one line; wait covers its answer too.
func (e *session) say(line string, wait time.Duration) error {
	if err := e.conn.SetDeadline(time.Now().Add(wait)); err != nil {
		return err
	}
	return e.flush([]byte(line + "\r\n"))
}

func (e *session) flush(block []byte) error {
	if _, err := e.w.Write(block); err != nil {
		return err
	}
	return e.w.Flush()
}

// begin says DATA.
func (e *session) begin() (begun bool, failed *failure) {
	begun, failed = e.ask(mailer.PhaseData, dataTimeout, 3, "DATA")
	if failed == nil {
		if err := e.conn.SetReadDeadline(time.Time{}); err != nil {
			failed = &failure{phase: mailer.PhaseData, err: err}
		}
	}
	return begun, failed
}

// listen waits for the next word of the server while the message is written.
// The channel yields nil when there is one and an error when the connection
// broke; until it has, nobody else may touch the reader. It is what keeps an
// early word or an early loss from being mistaken for the answer to the dot.
func (e *session) listen() <-chan error {
	heard := make(chan error, 1)
	if !e.quiet() { // said in one breath with the answer to DATA
		heard <- nil
		return heard
	}
	go func() {
		_, err := e.r.Peek(1)
		heard <- err
	}()
	return heard
}

// body writes everything but the final dot, block by block.
func (e *session) body(text []byte, heard <-chan error) *failure {
	for text = stuffed(text); len(text) > 0; {
		block := text[:min(blockSize, len(text))]
		err := e.conn.SetWriteDeadline(time.Now().Add(blockTimeout))
		if err == nil {
			err = e.flush(block)
		}
		select {
		case lost := <-heard:
			return e.early(lost)
		default:
		}
		if err != nil {
			return &failure{phase: mailer.PhaseData, err: fmt.Errorf("sending the message: %w", err)}
		}
		text = text[len(block):]
	}
	return nil
}

// early reads what the server said before the message was complete: as a rule
// why it will not have it. Without the dot it has no message, whatever it says.
func (e *session) early(lost error) *failure {
	if lost != nil {
		return &failure{phase: mailer.PhaseData, err: fmt.Errorf("sending the message: %w", lost)}
	}
	if err := e.conn.SetReadDeadline(time.Now().Add(earlyTimeout)); err != nil {
		return &failure{phase: mailer.PhaseData, err: err}
	}
	r, err := readReply(e.r)
	if err != nil || r.class() < 4 {
		return &failure{phase: mailer.PhaseData, err: errOutOfTurn}
	}
	return &failure{phase: mailer.PhaseData, reply: e.secrets.hideReply(r), authRefused: wantsLogin(mailer.PhaseData, r)}
}

// confirm asks whoever keeps the books whether the dot may leave.
func confirm(ctx context.Context, beforeDot func(context.Context) error) *failure {
	err := ctx.Err()
	if err == nil && beforeDot != nil {
		err = beforeDot(ctx)
	}
	if err != nil {
		return &failure{phase: mailer.PhaseData, err: fmt.Errorf("confirming the final dot: %w", err)}
	}
	return nil
}

// finish sends the final dot and waits for the answer. The books already say
// that the message was handed over, and only a complete reply takes that back:
// every other end is doubt, also where the dot can hardly have left.
func (e *session) finish(ctx context.Context, heard <-chan error, wait time.Duration) mailer.Receipt {
	receipt := mailer.Receipt{Outcome: mailer.InDoubt, Phase: mailer.PhaseDot, DataBegun: true}
	r, err := e.dot(heard, wait)
	if err != nil {
		receipt.Err = e.secrets.hideError(because(ctx, err))
		return receipt
	}
	r = e.secrets.hideReply(r)
	receipt.Outcome = afterDot(r)
	receipt.Code, receipt.Enhanced, receipt.Words, receipt.Limited = r.code, r.enhanced(), r.words(), isLimit(r)
	if receipt.Outcome == mailer.Accepted {
		receipt.QueueIDs = queueIDs(r)
	}
	return receipt
}

// dot writes the three bytes that hand the message over and reads the answer.
func (e *session) dot(heard <-chan error, wait time.Duration) (reply, error) {
	select {
	case lost := <-heard:
		return reply{}, errors.Join(errOutOfTurn, lost)
	default:
	}
	if err := e.say(".", wait); err != nil {
		return reply{}, fmt.Errorf("sending the final dot: %w", err)
	}
	if err := <-heard; err != nil {
		return reply{}, fmt.Errorf("waiting for the answer to the final dot: %w", err)
	}
	r, err := readReply(e.r)
	if err != nil {
		return reply{}, fmt.Errorf("waiting for the answer to the final dot: %w", err)
	}
	return r, nil
}

// quit ends a session that has no message open.
func (e *session) quit() {
	if e.quiet() && e.say("QUIT", quitTimeout) == nil {
		_, _ = readReply(e.r) // the session is over, whatever the server says
	}
	e.close()
}
