// Package crash holds the tests that kill the real program: the built binary
// against a mail server in this process, with SIGKILL, at moments chosen by
// chance and at those that matter. What counts is what the server took.
package crash
