// Package mailer holds the words of mail: addresses, Message-IDs, composing,
// parsing, classifying and matching.
//
// It is pure. Nothing here opens a socket, reads a clock or keeps state: what
// goes over the wire is the business of mailer/smtp and mailer/imap, and what
// to do about a message is the business of scheduler.
package mailer
