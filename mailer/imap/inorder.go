package imap

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
)

// inOrder puts the numbers of a SEARCH or ESEARCH answer into ascending order,
// which servers keep and no RFC asks for. The library inserts one by one, so that
// a list of some hundred thousand in the other order costs it a minute, beyond
// any deadline.
func inOrder(kind string, response []byte) []byte {
	before, list, after := numberList(kind, response)
	sep := []byte(" ")
	if kind == "ESEARCH" {
		sep = []byte(",")
	}
	items := bytes.Split(list, sep)
	if slices.IsSortedFunc(items, byNumber) {
		return response
	}
	slices.SortStableFunc(items, byNumber)
	return slices.Concat(before, bytes.Join(items, sep), after)
}

// numberList finds the list in an answer: what follows the word SEARCH (RFC 3501
// section 7.2.5), or the word ALL of an ESEARCH (RFC
// 4731 section 3.1). What is no number ends it.
func numberList(kind string, response []byte) (before, list, after []byte) {
	word, in := " SEARCH ", " 0123456789"
	if kind == "ESEARCH" {
		word, in = " ALL ", ",:*0123456789"
	}
	at := bytes.Index(upperASCII(response), []byte(word))
	if at < 0 {
		return response, nil, nil
	}
	start := at + len(word)
	end := start
	for end < len(response) && bytes.IndexByte([]byte(in), response[end]) >= 0 {
		end++
	}
	list = bytes.TrimRight(response[start:end], " ")
	return response[:start], list, response[start+len(list):]
}

// byNumber compares items by the number that they begin with. "*" is the last.
func byNumber(a, b []byte) int {
	number := func(item []byte) uint64 {
		digits, _, _ := bytes.Cut(item, []byte(":"))
		n, err := strconv.ParseUint(string(digits), 10, 64)
		if err != nil {
			return ^uint64(0)
		}
		return n
	}
	return cmp.Compare(number(a), number(b))
}

// mendedSearch is an ESEARCH answer as the library reads it: its words in capitals, and
// with the command that it answers, which a server need not name (RFC 4466 section 2.6.2).
func mendedSearch(r response, whole []byte) []byte {
	if r.kind != "ESEARCH" {
		return whole
	}
	rest := upperASCII(whole[len(trimEnd(whole))-len(r.text):])
	if !bytes.HasPrefix(r.text, []byte("(")) {
		return append([]byte(`* ESEARCH (TAG "") `), rest...)
	}
	return append([]byte("* ESEARCH "), rest...)
}
