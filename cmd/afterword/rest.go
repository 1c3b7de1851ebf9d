package main

import (
	"context"
	"log/slog"
	"runtime/debug"
	"time"

	"afterword/scheduler"
)

// The daemon runs for months and nearly always waits. Memory that its start and bursts
// of work needed is returned to the system once it has begun, and now and then.
const (
	firstRest = 10 * time.Second
	restEvery = time.Minute
)

// giveBack returns memory that is not used: that of the heap, and the pages of the
// program's own file, which are read from it again when they are needed.
func giveBack() error {
	debug.FreeOSMemory()
	return letGoOfCode()
}

// startResting gives memory back beside the daemon, until the returned function
// is called.
func startResting(ctx context.Context, clock scheduler.Clock, log *slog.Logger, giveBack func() error) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		resting(ctx, clock, log, giveBack)
	}()
	return func() {
		cancel()
		<-ended
	}
}

// resting gives memory back until ctx ends.
func resting(ctx context.Context, clock scheduler.Clock, log *slog.Logger, giveBack func() error) {
	for wait := firstRest; ; wait = restEvery {
		timer, stop := clock.NewTimer(wait)
		select {
		case <-timer:
		case <-ctx.Done():
			stop()
			return
		}
		stop()
		if err := giveBack(); err != nil {
			log.Debug("memory is not given back", "error", err)
			return
		}
	}
}
