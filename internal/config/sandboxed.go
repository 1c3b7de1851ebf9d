package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// sandboxHost is where the servers of a profile from Sandboxed are: nowhere,
// but inside the process.
const sandboxHost = "mail.sandbox.example"

// Sandboxed returns the content of a config.yaml with another account, one that
// leads nowhere, for a profile in a folder of its own: its interviews, templates
// and words lie there under their default names. Nothing of it tells outside but
// by mail to oneself. Of the original all must be right but the account, which
// may be missing.
func Sandboxed(path string, now time.Time) ([]byte, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	var problems Problems
	if _, err := parseConfig(path, data, now); errors.As(err, &problems) {
		problems = slices.DeleteFunc(slices.Clone(problems), func(p *Problem) bool { return isOfAccount(p.Key) })
		if len(problems) > 0 {
			return nil, problems
		}
	} else if err != nil {
		return nil, err
	}
	doc, _, err := decode(strings.TrimPrefix(string(data), "\ufeff"))
	if err != nil || doc == nil || len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("reading %s: it has no keys", path)
	}
	root := doc.Content[0]
	for _, key := range []string{"account", "watch", "state", "interviews", "templates", "notify", "web"} {
		drop(root, key)
	}
	if at := entryAt(root, "proofread"); at >= 0 {
		drop(root.Content[at+1], "words")
	}
	withoutComments(root)
	kept, err := yaml.Marshal(root)
	if err != nil {
		return nil, err
	}
	return append(kept, fmt.Sprintf("account:\n  username: you\n  password: {file: password}\n  smtp: {host: %[1]s, port: 465, security: tls}\n"+
		"  imap: {host: %[1]s, port: 993, security: tls}\nnotify: {mail: true, digest: \"\"}\nweb: {listen: \"\"}\n", sandboxHost)...), nil
}

// isOfAccount reports a key of the accounts.
func isOfAccount(key string) bool {
	top, _, _ := strings.Cut(key, ".")
	top, _, _ = strings.Cut(top, "[")
	return top == "account" || top == "watch"
}

// drop takes a key out of a mapping.
func drop(n *yaml.Node, key string) {
	if at := entryAt(n, key); at >= 0 {
		n.Content = append(n.Content[:at:at], n.Content[at+2:]...)
	}
}

// withoutComments takes the comments away: written anew they would stand nearer
// to the texts than the reader allows.
func withoutComments(n *yaml.Node) {
	n.HeadComment, n.LineComment, n.FootComment = "", "", ""
	for _, c := range n.Content {
		withoutComments(c)
	}
}
