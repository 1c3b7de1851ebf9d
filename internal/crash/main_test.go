package crash

import (
	"flag"
	"os"
	"runtime"
	"strconv"
	"testing"

	"afterword/internal/leak"
)

// TestMain fails where a goroutine or a file outlives the tests.
func TestMain(m *testing.M) {
	// The killed programs wait for the disk and for their pauses most of the time.
	// The command line may say otherwise.
	if err := flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	code := leak.After(m).Run()
	if err := removeBuilt(); err != nil {
		panic(err)
	}
	os.Exit(code)
}
