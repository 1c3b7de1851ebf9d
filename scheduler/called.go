package scheduler

import (
	"errors"
	"slices"
	"strings"

	"afterword/mailer"
)

// called reports whether a recipient has the name, or a name of which some word begins
// so. Users know their interviewers by name, not by key.
func called(d *Delivery, name string) bool { return mailer.NameFits(d.To.Name, name) }

// among returns the key of the one mail that the fragment names or, if no key contains
// it, the name of its recipient. Fits reports whether several do.
func among(ds []Delivery, fragment string) (key string, fits bool, err error) {
	keys := keysOf(ds, func(*Delivery) bool { return true })
	fragment = strings.TrimSpace(fragment)
	if key, err = findKey(keys, fragment); err == nil || fragment == "" {
		return key, false, err
	}
	if slices.ContainsFunc(keys, func(k string) bool { return strings.Contains(k, strings.ToLower(fragment)) }) {
		return "", true, err
	}
	switch named := keysOf(ds, func(d *Delivery) bool { return called(d, fragment) }); len(named) {
	case 0:
		return "", false, err
	case 1:
		return named[0], false, nil
	default:
		return "", true, errors.New(severalFit(fragment, named))
	}
}

// keysOf are the keys of some mails, in order.
func keysOf(ds []Delivery, fits func(*Delivery) bool) []string {
	var keys []string
	for n := range ds {
		if fits(&ds[n]) {
			keys = append(keys, ds[n].Key)
		}
	}
	slices.Sort(keys)
	return keys
}

// personCalled is the address of the one person of all applications who is called
// so, "" where nobody is or several are.
func (w World) personCalled(name string) string {
	address := ""
	for _, a := range w.Applications {
		for _, p := range a.People() {
			switch own := NormalAddress(p.Email); {
			case own == "" || hasAddress(&p, address) || !mailer.NameFits(p.Name, name):
			case address != "":
				return ""
			default:
				address = own
			}
		}
	}
	return address
}
