package oauthtest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestTokensEnd: an access token opens the mailbox for its hour, a refresh token for
// good, but where each renewal ends it; what was given is known, and the same codes
// come of the same dice.
func TestTokensEnd(t *testing.T) {
	t.Parallel()
	s := New("tests", "dana@example.org")
	now, n := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC), 0
	s.Now, s.Rotate = func() time.Time { return now }, true
	s.Random = func() string { n++; return "token-" + strconv.Itoa(n) }
	renew := func(refresh string) int {
		t.Helper()
		q := url.Values{"client_id": {"tests"}, "grant_type": {"refresh_token"}, "refresh_token": {refresh}}
		r := httptest.NewRequest(http.MethodPost, "/token", strings.NewReader(q.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w.Code
	}
	first := s.Consent()
	if code := renew(first); code != http.StatusOK || s.Good(first) || !s.Good("token-3") || !s.Active("token-2") {
		t.Errorf("renewing: %d, the first refresh token is good: %v, the next: %v, the access token: %v", code, s.Good(first), s.Good("token-3"), s.Active("token-2"))
	}
	if code := renew(first); code != http.StatusBadRequest {
		t.Errorf("renewing by a refresh token that was used: %d", code)
	}
	now = now.Add(time.Hour)
	if s.Active("token-2") || s.Active("token-9") {
		t.Error("an access token is good after its hour, or one that nobody gave")
	}
	s.Withdraw()
	if s.Good("token-3") {
		t.Error("a refresh token is good although the grant was withdrawn")
	}
	if again := s.Consent(); !s.Good(again) {
		t.Error("a new agreement gives no access")
	}
	if want := []string{"token-1", "token-2", "token-3", "token-4"}; !slices.Equal(s.Issued(), want) {
		t.Errorf("given were %v, want %v", s.Issued(), want)
	}
}

// TestRequestThatNeverEnds: a request whose end is lost on its way keeps no other
// one waiting.
func TestRequestThatNeverEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := New("app", "dana@example.org")
		body, lost := io.Pipe()
		first := httptest.NewRequest(http.MethodPost, "/token", body)
		first.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		go s.ServeHTTP(httptest.NewRecorder(), first)
		synctest.Wait()
		answer := httptest.NewRecorder()
		second := httptest.NewRequest(http.MethodPost, "/token", strings.NewReader("grant_type=refresh_token"))
		second.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		s.ServeHTTP(answer, second)
		if answer.Code != http.StatusBadRequest {
			t.Errorf("the second request got %d, want 400", answer.Code)
		}
		if err := lost.Close(); err != nil {
			t.Error(err)
		}
		synctest.Wait()
	})
}
