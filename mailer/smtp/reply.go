package smtp

import (
	"bufio"
	"errors"
	"fmt"
	"strings"
	"unicode"
)

const (
	// maxLine is how much of one reply line is kept. RFC 5321 section 4.5.3.1.5
	// allows 512 octets; what is longer is read to its end and cut.
	maxLine = 4096
	// maxReply is how long a whole reply may be before it counts as garbage.
	maxReply = 64 << 10
	// maxWords is how many characters of a reply go into a receipt.
	maxWords = 500
)

var (
	errGarbage = errors.New("the server's reply makes no sense")
	errTooLong = errors.New("the server's reply is too long")
)

// reply is one complete reply of the server (RFC 5321 section 4.2).
type reply struct {
	code  int      // 200 to 599, 0 if there was none
	lines []string // the text of each line, without the code
}

func (r reply) class() int { return r.code / 100 }

// readReply reads one reply to its last line. A reply that is cut short, that
// mixes codes or that starts with no code is an error, never a reply: after the
// final dot the difference is the one between accepted and in doubt.
func readReply(r *bufio.Reader) (reply, error) {
	var whole reply
	for size := 0; ; {
		line, length, err := readLine(r, maxReply-size)
		if err != nil {
			return reply{}, err
		}
		size += length
		code, text, more, ok := cutCode(line)
		if !ok || whole.code != 0 && code != whole.code {
			return reply{}, errGarbage
		}
		whole.code = code
		whole.lines = append(whole.lines, text)
		if !more {
			return whole, nil
		}
	}
}

// readLine reads up to a line feed and returns the line without its end, cut
// at maxLine, and the bytes that were read. A line feed alone ends a line too,
// as some servers send.
func readLine(r *bufio.Reader, limit int) (string, int, error) {
	var line []byte
	for length := 0; ; {
		part, err := r.ReadSlice('\n')
		length += len(part)
		line = append(line, part[:min(len(part), maxLine-len(line))]...)
		switch {
		case length > limit:
			return "", length, errTooLong
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil:
			return "", length, err
		}
		return strings.TrimSuffix(strings.TrimSuffix(string(line), "\n"), "\r"), length, nil
	}
}

// cutCode splits a reply line. A code without any text is allowed (RFC 5321
// section 4.2.1), a code that runs into letters or digits is not.
func cutCode(line string) (code int, text string, more, ok bool) {
	if len(line) < 3 || line[0] < '2' || line[0] > '5' || !isDigit(line[1]) || !isDigit(line[2]) {
		return 0, "", false, false
	}
	code = int(line[0]-'0')*100 + int(line[1]-'0')*10 + int(line[2]-'0')
	if len(line) == 3 {
		return code, "", false, true
	}
	return code, line[4:], line[3] == '-', line[3] == '-' || line[3] == ' '
}

// enhanced returns the status code of RFC 3463 that the reply carries, or "". It stands
// in each line as a rule, and in one of them at least.
func (r reply) enhanced() string {
	for _, line := range r.lines {
		if status, _ := cutEnhanced(line); status != "" {
			return status
		}
	}
	return ""
}

// words returns the server's text as one printable line without codes.
func (r reply) words() string {
	texts := make([]string, len(r.lines))
	for i, line := range r.lines {
		_, texts[i] = cutEnhanced(line)
	}
	return printable(strings.Join(texts, " "))
}

// cutEnhanced splits "class.subject.detail" from the start of a text. Some servers
// write a number sign before it.
func cutEnhanced(text string) (status, rest string) {
	first, rest, _ := strings.Cut(strings.TrimLeft(text, " "), " ")
	first = strings.TrimPrefix(first, "#")
	numbers := strings.Split(first, ".")
	if len(numbers) != 3 || len(numbers[0]) != 1 || !strings.Contains("245", numbers[0]) {
		return "", text
	}
	for _, number := range numbers[1:] {
		if len(number) < 1 || len(number) > 3 || strings.ContainsFunc(number, notDigit) {
			return "", text
		}
	}
	return first, rest
}

// printable makes text that came from outside fit for a log and a screen: one
// line, no control or direction characters, of bounded length.
func printable(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, strings.ToValidUTF8(text, "?"))
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxWords {
		return string(runes[:maxWords]) + " ..."
	}
	return text
}

// String returns the reply as the server gave it, on one line.
func (r reply) String() string {
	parts := []string{fmt.Sprint(r.code)}
	for _, part := range []string{r.enhanced(), r.words()} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " ")
}

func isDigit(b byte) bool  { return '0' <= b && b <= '9' }
func notDigit(r rune) bool { return r < '0' || r > '9' }
