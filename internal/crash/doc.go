// Package crash holds the tests that kill the real program: the built binary
// with SIGKILL, at moments chosen by chance and at those that matter, against a
// mail server in this process and against a real Postfix whose own processes
// are killed too. What counts is what the server took.
package crash
