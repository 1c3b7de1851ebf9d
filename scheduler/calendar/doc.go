// Package calendar answers when a step of a sequence may leave: spans, cron expressions, windows, holidays, business
// days and daylight saving, all at the recipient's place.
//
// It is pure. Nothing in it reads a clock, a file or a socket, and it imports no other package of the module; every
// answer depends on its arguments and on the tz database alone, a copy of which is linked into the program.
//
// Three rules run through all of it.
//
// Wall times are resolved here and nowhere else. A wall time that a change of the clocks leaves out means the first
// instant after the gap; one that a change repeats means its first occurrence. See Resolve.
//
// A cron expression is matched against the wall time, as if the place had no zone at all, and the match is resolved
// afterwards. So a repeated hour fires once, and a skipped hour fires late instead of never.
//
// A window is an interval of instants: it opens at its resolved start and closes just before its resolved end. On the
// day on which an hour repeats, the second pass of a wall time counts as later than the first.
package calendar
