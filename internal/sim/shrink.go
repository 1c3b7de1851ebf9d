package sim

// Shrink leaves out of a failing plan what it does not need to fail: halves
// first, then smaller pieces, until no single part can go. It tries at most so
// many plays, and returns the parts that were left out.
func Shrink(p Plan, tries int, fails func(Plan) bool) (dropped map[string]bool, smallest Plan) {
	dropped = map[string]bool{}
	left := p.Parts()
	for size := max(1, len(left)/2); ; size = max(1, size/2) {
		shrunk := false
		for at := 0; at < len(left) && tries > 0; {
			piece := left[at:min(at+size, len(left))]
			if tries--; fails(p.Without(with(dropped, piece))) {
				dropped = with(dropped, piece)
				left = append(append([]string{}, left[:at]...), left[at+len(piece):]...)
				shrunk = true
				continue
			}
			at += size
		}
		if tries == 0 || size == 1 && !shrunk {
			return dropped, p.Without(dropped)
		}
	}
}

// with is a set with further members.
func with(set map[string]bool, more []string) map[string]bool {
	both := map[string]bool{}
	for k := range set {
		both[k] = true
	}
	for _, k := range more {
		both[k] = true
	}
	return both
}
