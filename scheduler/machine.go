package scheduler

import (
	"errors"
	"time"
)

// metaMachine names the machine on which a store lives.
const metaMachine = "machine"

// knowMachine stores the machine's name. A store that starts on another machine holds
// everything, since the original may still be running.
func (d *Daemon) knowMachine(tx Tx, now time.Time) error {
	before, err := tx.Meta(metaMachine)
	switch {
	case err != nil || d.Machine == "" || before == d.Machine:
		return err
	case before == "":
		return tx.SetMeta(metaMachine, d.Machine)
	}
	reason := "this profile comes from another machine; make sure that it does not run there any more, then say: afterword adopt"
	return setHold(tx, Hold{Scope: ScopeEverything, Source: sourceMachine, Reason: reason, Set: now}, ActorDaemon, "", now)
}

// acceptMachine accepts this machine, and what the ledger knows beyond the store.
func acceptMachine(tx Tx, machine string, now time.Time) (int, error) {
	if err := tx.SetMeta(metaMachine, machine); err != nil {
		return 0, err
	}
	found, err := tx.Meta(metaStrangers + ".found")
	if err != nil {
		return 0, err
	}
	if found != "" {
		if err := errors.Join(tx.SetMeta(metaStrangers, found), tx.SetMeta(metaStrangers+".found", "")); err != nil {
			return 0, err
		}
	}
	lifted := 0
	for _, source := range []string{sourceMachine, sourceStrangers} {
		n, err := tx.Lift(ScopeEverything, "", source)
		if err != nil {
			return 0, err
		}
		lifted += n
	}
	if err := tx.Log(Event{At: now, Actor: ActorUser, What: "adopted", Why: "you say that this profile lives on this machine now"}); err != nil {
		return 0, err
	}
	return lifted, wakeAll(tx, ScopeEverything, "", now)
}
