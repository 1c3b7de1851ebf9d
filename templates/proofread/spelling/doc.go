// Package spelling knows which words exist.
//
// English is built in: the words of the American and the British Hunspell
// dictionaries, expanded, with technical and business words and a list of
// common misspellings, as two finite-state transducers that are read where
// they lie in the program. Their sources, licences and how to make them anew
// stand in data/README.md. Other languages are read from Hunspell
// dictionaries that the system has; their affixes are tried when a word is
// asked for and never expanded, so that a large dictionary costs its own size
// and no more.
//
// It is pure: files are read through the fs.FS that it is given.
package spelling
