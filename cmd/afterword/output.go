package main

import (
	"errors"
	"fmt"
	"io"
)

// output is standard output if it is no terminal. It keeps the first failed write: most
// commands print line by line without checking, and a script that reads half a plan from
// a full disk must not be told that all is well.
type output struct {
	io.Writer
	failed error
}

// Write writes, and remembers the first failure.
func (o *output) Write(b []byte) (int, error) {
	n, err := o.Writer.Write(b)
	if err != nil && o.failed == nil {
		o.failed = err
	}
	return n, err
}

// after is how a command ended that wrote here: what went wrong in it comes first.
func (o *output) after(err error) error {
	if o.failed == nil || err != nil && !errors.Is(err, errWaiting) {
		return err
	}
	return fmt.Errorf("printing, what was written is not all: %w", o.failed)
}
