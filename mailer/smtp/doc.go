// Package smtp hands one frozen message to the account's submission server and
// says what became of it: accepted, refused, deferred or in doubt.
//
// This package speaks itself, from the greeting on; of the library go-mail it
// takes the mechanisms of AUTH. Only so is it known which byte had left when a
// loss happened, and only so does every answer count that RFC 5321 allows:
//
//   - The final dot is written in one place (session.finish) and nothing else
//     that this package writes can be read by the server as the end of DATA.
//     In particular a library's own DATA writer is never opened: it ends an
//     open message before QUIT, RSET or Close, and so delivers half a mail.
//   - A failure before the dot closes the TCP connection and nothing else. The
//     server then discards what it has (RFC 5321 section 4.1.1.4).
//   - Once the dot may have left, only a complete reply of the server decides.
//     A loss, a timeout, a reply cut short or one that makes no sense is doubt.
//   - Once a complete 2xx was read nothing more happens on behalf of that mail.
//
// Package time is used for deadlines of connections only; no wait here outlives
// its context.
package smtp
