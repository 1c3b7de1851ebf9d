package imap

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
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
	answer *goimap.Error
	busy   bool
	bug    bool // a trouble of the server's own, which says nothing of what it was asked for
}

func (r *refused) Error() string { return "server answers " + oneLine(r.words()) }

// words are the whole answer, as long as the server made it.
func (r *refused) words() string {
	words := string(r.answer.Type)
	if r.answer.Code != "" {
		words += " [" + string(r.answer.Code) + "]"
	}
	return words + " " + r.answer.Text
}

// code is that of RFC 5530, in capitals.
func (r *refused) code() goimap.ResponseCode {
	return goimap.ResponseCode(strings.ToUpper(string(r.answer.Code)))
}

func (r *refused) Unwrap() error {
	if r.busy {
		return mailer.ErrServerBusy
	}
	return nil
}

func refusal(answer *goimap.Error) *refused {
	r := &refused{answer: answer, busy: asksForPatience(string(answer.Code), answer.Text)}
	r.bug = r.code() == goimap.ResponseCodeServerBug || !isMeant(r.code()) && mailer.OwnTrouble(inQuotationMarks.ReplaceAllString(answer.Text, ""))
	return r
}

// refusesLogin reports whether an answer to a login finds fault with the credential. BAD
// finds fault with the command (RFC 9051 section 7.1.3), unless it says otherwise; a code
// that names the reason is believed, and AUTHENTICATIONFAILED names none (RFC 5530
// section 3).
func (r *refused) refusesLogin() bool {
	switch code := r.code(); {
	case r.answer.Type == goimap.StatusResponseTypeBad:
		return blames(string(code), r.answer.Text)
	case namesReason(code) || code == goimap.ResponseCodeContactAdmin || code == goimap.ResponseCodeNoPerm:
		return true
	case asksForPatience(string(code), "") || code == goimap.ResponseCodeServerBug || code == goimap.ResponseCodeCorruption:
		return false
	default:
		return !mailer.PutsOffLogin(r.answer.Text, code == goimap.ResponseCodeAuthenticationFailed)
	}
}

// blames judges an answer that is none to a login by itself, BAD or a BYE.
func blames(code, words string) bool {
	return !asksForPatience(code, "") && mailer.BlamesCredential(words) && !mailer.PutsOffLogin(words, false)
}

// namesReason reports the codes of RFC 5530 section 3 that say what the user has to mend.
func namesReason(code goimap.ResponseCode) bool {
	return code == goimap.ResponseCodeAuthorizationFailed || code == goimap.ResponseCodeExpired || code == goimap.ResponseCodePrivacyRequired
}

// asksForPatience judges the code and the words of an answer or of a BYE: those that ask
// for patience (RFC 5530 section 3), as opposed to those that are meant. Large providers
// state their limits in words only.
func asksForPatience(code, text string) bool {
	switch code := goimap.ResponseCode(strings.ToUpper(code)); {
	case slices.Contains([]goimap.ResponseCode{goimap.ResponseCodeLimit, goimap.ResponseCodeUnavailable, goimap.ResponseCodeInUse, "THROTTLED", "OVERLOADED"}, code):
		return true
	case code == goimap.ResponseCodeAuthenticationFailed || namesReason(code) || isMeant(code):
		return false
	}
	text = strings.ToLower(inQuotationMarks.ReplaceAllString(text, "")) // such as a folder's name
	return mailer.AsksForPatience(text) || strings.Contains(text, "try again") || strings.Contains(text, "later")
}

// isMeant reports the codes of RFC 5530 section 3 by which a server says that
// it will not, whatever else it says: a folder may be called "Later".
func isMeant(code goimap.ResponseCode) bool {
	return slices.Contains([]goimap.ResponseCode{goimap.ResponseCodeNoPerm, goimap.ResponseCodeNonExistent, goimap.ResponseCodeCannot, goimap.ResponseCodeClientBug,
		goimap.ResponseCodeAlreadyExists, goimap.ResponseCodeOverQuota, goimap.ResponseCodeTryCreate, goimap.ResponseCodeCorruption, goimap.ResponseCodeContactAdmin}, code)
}

var inQuotationMarks = regexp.MustCompile(`"[^"]*"|'[^']*'`)

// isAnswer reports whether the server refused the command, as opposed to the
// connection being lost.
func isAnswer(err error) bool {
	var r *refused
	return errors.As(err, &r)
}

// isForGood reports an answer that does not come of a trouble that passes.
func isForGood(err error) bool {
	var r *refused
	return errors.As(err, &r) && !r.busy && !r.bug
}

// refusesOffer reports an answer to a command that used what the server said it can:
// the same is to be had without, if at greater length. Whatever it says to that counts.
func (s *session) refusesOffer(err error) bool {
	return !s.plain && isAnswer(err) && !errors.Is(err, mailer.ErrServerBusy)
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
