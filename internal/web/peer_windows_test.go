package web

import "os/exec"

const nobody = 65534

// as is never asked for here: the tables are missing.
func as(_ uint32, c *exec.Cmd) *exec.Cmd { return c }
