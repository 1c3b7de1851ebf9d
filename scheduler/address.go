package scheduler

import "afterword/mailer"

// NormalAddress is the form in which addresses are compared.
func NormalAddress(addr string) string { return mailer.NormalAddress(addr) }
