// Package provider finds the servers of a mail address and knows what a
// provider asks of its users before a program may log in.
//
// What it is told by DNS and by other people's web servers is hostile until it
// was bounded and checked: a server's name from an unsigned record may lead a
// password to a stranger (RFC 6186 section 6). It opens no connection of its
// own; the resolver and the HTTP client are given.
package provider
