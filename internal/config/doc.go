// Package config reads what the user states: config.yaml and the interview
// files. It reads strictly, because a silently ignored key or a silently cut
// sentence ends in a wrong mail, and it tells file, line, what was found and
// what was expected. It also changes these files, keeping comments and order.
//
// Scalars are read from their text by readers of its own and never by YAML's
// resolution of types, under which 0025 is twenty-one.
package config
