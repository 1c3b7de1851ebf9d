package scheduler

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Key is the permanent name of a delivery: file stem, interview id, step and address, in
// lower case, each percent-escaped. It contains no date, so that a moved interview keeps
// its deliveries.
func Key(stem, interview, step, address string) string {
	return keyPart(stem) + "/" + keyPart(interview) + "/" + keyPart(step) + "/" + keyPart(address)
}

// keyPart is one part of a key. Most texts are one already.
func keyPart(p string) string {
	for n := range len(p) {
		if c := p[n]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' && c != '_' && c != '@' {
			// "@" stands for itself: the key is read by people.
			return strings.ReplaceAll(url.PathEscape(strings.ToLower(strings.TrimSpace(p))), "%40", "@")
		}
	}
	return p
}

// findingDelivery begins what findKey says.
const findingDelivery = "finding a delivery: "

// findKey returns the one key that contains the fragment. A whole key always
// names itself, even where it is part of a longer one.
func findKey(keys []string, fragment string) (string, error) {
	want := strings.ToLower(strings.TrimSpace(fragment))
	if want == "" {
		return "", errors.New(findingDelivery + "the key is empty")
	}
	var found []string
	for _, k := range keys {
		if k == want {
			return k, nil
		}
		if strings.Contains(k, want) {
			found = append(found, k)
		}
	}
	switch len(found) {
	case 0:
		return "", fmt.Errorf(findingDelivery+"nothing matches %q", fragment)
	case 1:
		return found[0], nil
	}
	return "", errors.New(severalFit(fragment, found))
}

// severalFit says that a fragment names several mails, and names them: the user
// takes one of the keys. Of many two will do.
func severalFit(fragment string, keys []string) string {
	const most = 5
	if len(keys) <= most {
		return fmt.Sprintf(findingDelivery+"%q fits %d deliveries: %s", fragment, len(keys), strings.Join(keys, ", "))
	}
	return fmt.Sprintf(findingDelivery+"%q fits %d deliveries, such as %s and %s", fragment, len(keys), keys[0], keys[1])
}
