// Package oauth logs a program in to a mail account by a grant instead of a
// password: OAuth 2.0 (RFC 6749) for installed programs (RFC 8252), by a
// browser on this machine with PKCE (RFC 7636), or by a code that is typed on
// another device (RFC 8628).
//
// What lasts is a refresh token, kept in the system's keyring or in a file of
// mode 0600. Access tokens are kept in memory and renewed before they end.
package oauth
