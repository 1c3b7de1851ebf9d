package mailer

import "context"

type anew struct{}

// AskAnew marks a context in which a credential is asked for after one was
// refused, which must not be given again.
func AskAnew(ctx context.Context, refused string) context.Context {
	return context.WithValue(ctx, anew{}, refused)
}

// WasRefused reports whether AskAnew marked the context for this credential.
// Another one, which somebody else got meanwhile, may be as good as new.
func WasRefused(ctx context.Context, credential string) bool { return ctx.Value(anew{}) == credential }
