// Package setup writes a candidate's first files from what they answered: a
// commented config.yaml and the file of the first interview. It is pure: what
// is written where, and whether it may be, is its caller's concern.
package setup
