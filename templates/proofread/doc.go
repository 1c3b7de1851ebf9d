// Package proofread holds what must not leave the house: it reads a mail as
// its recipient would see it, compares it with the facts of the application,
// and says what is wrong with it and what to do.
//
// Two rules run through all of it. What keeps a promise (one recipient, no
// private note, no wrong name, ...) is an error that nothing lifts, so such a
// check looks for evidence and not for a hint: good prose must pass. And what
// an interviewer said is quoted, not written by the candidate: the checks of
// style leave those words alone.
//
// It is pure. What it knows about phrases stands in tables that are built into
// the program.
package proofread
