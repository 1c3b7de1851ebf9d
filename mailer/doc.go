// Package mailer reads and writes mail: addresses, Message-IDs, composing and verifying;
// parsing, classifying and matching to an application.
//
// It is pure: nothing here opens a socket, reads a clock or keeps state. Transport is
// the business of mailer/smtp and mailer/imap; what follows from a message is decided in
// package scheduler.
package mailer
