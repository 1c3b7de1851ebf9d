package config

// LineOf is the line, from 1, on which the value of a path stands in a file, for
// a message about what only others can judge. It is 1 where the file or the
// value cannot be found any more. The path is as in Change.
func LineOf(file, path string) int { return max(1, StatedAt(file, path)) }

// StatedAt is LineOf, but 0 where the file does not state the value.
func StatedAt(file, path string) int {
	data, err := readFile(file)
	if err != nil {
		return 0
	}
	segments, err := parsePath(path)
	if err != nil {
		return 0
	}
	e, err := newEditor(file, string(data))
	if err != nil {
		return 0
	}
	n := e.root
	for _, s := range segments {
		if n = find(n, s); n == nil {
			return 0
		}
	}
	return n.Line
}
