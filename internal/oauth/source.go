package oauth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/oauth2"

	"afterword/mailer"
)

// renewBefore is how long before its end an access token is renewed: a login
// and what follows it must not meet its last second.
const renewBefore = 5 * time.Minute

// Source gives access tokens of one account. It is safe for concurrent use.
type Source struct {
	client *Client
	store  Store
	now    func() time.Time
	turn   chan *access // holds one value: whoever took it may ask the server
}

// access is the token in memory.
type access struct {
	token  string
	expiry time.Time // zero: the server does not say
	owed   *owed     // nil if the store has what was last given
}

// owed is a grant that could not be kept: the server takes the one in the store no more.
type owed struct {
	instead string // the refresh token in whose place it is
	grant   Grant
}

// NewSource begins without a token. Now is the wall clock.
func NewSource(c *Client, store Store, now func() time.Time) *Source {
	s := &Source{client: c, store: store, now: now, turn: make(chan *access, 1)}
	s.turn <- &access{}
	return s
}

// Token gives an access token that lasts a while yet. After a refused login
// (mailer.AskAnew) it gives another one: that of another connection, which had
// the same refused and was faster, or a new one. A grant that is gone is a *Refused,
// and a refused login.
func (s *Source) Token(ctx context.Context) (string, error) {
	select {
	case kept := <-s.turn:
		fresh, err := s.renewed(ctx, kept)
		s.turn <- fresh
		return fresh.token, err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// renewed asks for another token where the kept one is of no use. A token of
// which the server says no end is asked for anew each time.
func (s *Source) renewed(ctx context.Context, kept *access) (*access, error) {
	if kept.owed != nil && s.pay(ctx, kept.owed) == nil { // who asked when it began was told
		kept.owed = nil
	}
	if kept.token != "" && s.now().Add(renewBefore).Before(kept.expiry) && !mailer.WasRefused(ctx, kept.token) {
		return kept, nil
	}
	fresh := &access{owed: kept.owed}
	err := s.store.Exclusive(ctx, func() error {
		grant, err := s.store.Load(ctx)
		if err != nil {
			return err
		}
		stored := grant.Refresh
		if fresh.owed != nil && fresh.owed.instead == stored {
			grant = fresh.owed.grant
		}
		c := *s.client
		if c.Secret == "" {
			c.Secret = grant.Secret
		}
		// The end is counted by the program's clock, which need not be the machine's,
		// from the moment before the question.
		asked := s.now()
		token, err := c.renew(ctx, grant)
		if err != nil {
			return err
		}
		if fresh.token = token.AccessToken; token.ExpiresIn > 0 {
			fresh.expiry = asked.Add(time.Duration(token.ExpiresIn) * time.Second)
		}
		if token.RefreshToken == "" || token.RefreshToken == grant.Refresh {
			return nil
		}
		// The server gave another one in its place, and may not take the old one
		// again (RFC 6749 section 6).
		grant.Given, grant.Refresh = grant.origin(), token.RefreshToken
		if err := s.store.Save(ctx, grant); err != nil {
			fresh.owed = &owed{instead: stored, grant: grant}
			return err
		}
		fresh.owed = nil
		return nil
	})
	return fresh, err
}

// pay keeps what is owed, unless the user has logged in anew meanwhile, or another process
// has kept what it was given.
func (s *Source) pay(ctx context.Context, o *owed) error {
	return s.store.Exclusive(ctx, func() error {
		there, err := s.store.Load(ctx)
		if err != nil || there.Refresh != o.instead {
			return err
		}
		return s.store.Save(ctx, o.grant)
	})
}

func (c *Client) renew(ctx context.Context, g Grant) (*oauth2.Token, error) {
	const doing = "renewing access to the mailbox"
	if g.Refresh == "" {
		return nil, fmt.Errorf("%s: %w", doing, &Refused{Provider: c.name(), Code: "invalid_grant", login: c.app.LoginCommand()})
	}
	token, err := c.config("").TokenSource(c.with(ctx), &oauth2.Token{RefreshToken: g.Refresh}).Token()
	if err != nil {
		return nil, c.judge(doing, err, g.Refresh)
	}
	if token.AccessToken == "" {
		return nil, errors.New(doing + ": the server's answer lacks it")
	}
	return token, nil
}
