// Package health tells a monitor whether the program lives: nothing of what it
// knows, so that it needs no token.
package health

import (
	"encoding/json"
	"net/http"
)

// Path is where the answer is served.
const Path = "/healthz"

// Status is the answer.
type Status struct {
	OK   bool     `json:"ok"`
	Dead []string `json:"dead"` // parts of the daemon that give no sign of life
	// The mailbox and the sending server, "ok" or "trouble"; null before the first
	// contact.
	Mailbox *string `json:"mailbox"`
	Sending *string `json:"sending"`
	// LastLook is when the mailbox was last read to its end, RFC 3339; null before.
	LastLook *string `json:"last_look"`
}

// Handler answers with 200 while all parts live and the mailbox can be read, else
// with 503, and with the same JSON.
func Handler(status func(*http.Request) Status) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "read only", http.StatusMethodNotAllowed)
			return
		}
		s := status(r)
		if s.Dead == nil {
			s.Dead = []string{}
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		if !s.OK {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(s) // the client has gone: nobody to tell
	})
}
