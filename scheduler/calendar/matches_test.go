package calendar

// Matches tells whether w is one of the wall times: what the tests judge by.
func (c Cron) Matches(w Wall) bool {
	match, ok := c.next(w)
	return ok && match == w
}
