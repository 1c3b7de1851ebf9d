package oauth

import (
	"os"
	"testing"

	"afterword/internal/leak"
)

// TestMain fails where a goroutine or a file outlives the tests.
func TestMain(m *testing.M) { os.Exit(leak.After(m).Run()) }
