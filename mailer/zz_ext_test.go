package mailer

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestZZExt(t *testing.T) {
	b, _ := os.ReadFile("/tmp/letters/ext.txt")
	for _, rec := range strings.Split("\n"+string(b), "\n== ")[1:] {
		head, text, _ := strings.Cut(rec, "\n")
		_, r := intentsOf(intentMail{text: "Subject: Re: Your talk\n" + text})
		if r.Rejection != (head[0] == 'r') {
			fmt.Printf("## %s %v %q\n", head, r.Rejection, r.Hints)
		}
	}
}
