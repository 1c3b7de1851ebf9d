package imap

import (
	"context"
	"errors"
	"fmt"
	"strings"

	goimap "github.com/emersion/go-imap/v2"

	"afterword/mailer"
)

// errTooManyDials ends a look whose connections die one after the other.
var errTooManyDials = fmt.Errorf("%w again and again", mailer.ErrConnectionLost)

// errPatience is a BYE that asks to be left alone for a while: it is not dialled
// again within the same look.
var errPatience = errors.New("the server asks for patience")

// errNoFolder means that the account has no folder for the purpose.
var errNoFolder = errors.New("no such folder")

// judge turns what the library says about a command into an error of ours.
// A NO or BAD leaves the session usable; anything else closes it.
func (s *session) judge(ctx context.Context, doing string, err error) error {
	if err == nil {
		return nil
	}
	var answer *goimap.Error
	if errors.As(err, &answer) && answer.Type != goimap.StatusResponseTypeBye {
		return fmt.Errorf("%s: %w", doing, refusal(answer))
	}
	s.guard.fail(err)
	s.guard.Close()
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", doing, context.Cause(ctx))
	}
	return fmt.Errorf("%s: %w", doing, s.guard.loss())
}

// refused is a NO or BAD of the server, in its own words.
type refused struct {
	words string
	busy  bool
	bug   bool // the server's own error (RFC 5530 section 3), which says nothing about a password
}

func (r *refused) Error() string { return "server answers " + r.words }

func (r *refused) Unwrap() error {
	if r.busy {
		return mailer.ErrServerBusy
	}
	return nil
}

func refusal(answer *goimap.Error) *refused {
	words := string(answer.Type)
	if answer.Code != "" {
		words += " [" + string(answer.Code) + "]"
	}
	return &refused{
		words: oneLine(words + " " + answer.Text),
		busy:  isBusy(answer),
		bug:   strings.EqualFold(string(answer.Code), string(goimap.ResponseCodeServerBug)),
	}
}

// isBusy tells the answers that ask for patience (RFC 5530 section 3) from
// those that are meant. Large providers state their limits in words only.
func isBusy(answer *goimap.Error) bool {
	return asksForPatience(string(answer.Code), answer.Text)
}

// asksForPatience judges the code and the words of an answer or of a BYE.
func asksForPatience(code, text string) bool {
	switch goimap.ResponseCode(strings.ToUpper(code)) {
	case goimap.ResponseCodeLimit, goimap.ResponseCodeUnavailable, goimap.ResponseCodeInUse,
		"THROTTLED", "OVERLOADED":
		return true
	case goimap.ResponseCodeAuthenticationFailed, goimap.ResponseCodeAuthorizationFailed,
		goimap.ResponseCodeExpired, goimap.ResponseCodePrivacyRequired:
		return false
	}
	text = strings.ToLower(text)
	for _, sign := range []string{"too many", "try again", "temporar", "later", "bandwidth", "overloaded"} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}

// isAnswer reports whether the server refused the command, as opposed to the
// connection being lost.
func isAnswer(err error) bool {
	var r *refused
	return errors.As(err, &r)
}

// oneLine makes words of the server fit for a log: one line, printable, short.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
	text = strings.TrimSpace(text)
	if runes := []rune(text); len(runes) > 200 {
		text = string(runes[:200]) + "..."
	}
	return text
}
