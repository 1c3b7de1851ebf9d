package sim

import (
	"math/rand/v2"
	"time"

	"afterword/internal/store/faultfs"
	"afterword/mailer/mailtest"
)

// happen carries out an event.
func (s *stage) happen(e Event) {
	s.note("%s", e)
	s.report.Counts.Events[e.Kind]++
	chance := rand.New(rand.NewPCG(e.N, s.plan.Seed))
	switch e.Kind {
	case KillsIt, CutsPower:
		s.arm(e, chance)
	case Restarts, LeavesHome:
		s.stopAndStart(e)
	case Sleeps:
		s.sleep(e, chance)
	case ClockJumps:
		s.jump(e, chance)
	case NetworkGone:
		s.trouble(e.For)
		s.wires.setAbsent(true)
		s.dropConnections()
		s.after(e, func() { s.wires.setAbsent(false) })
	case CutsSMTP:
		s.wires.breakNext(mailtest.SMTP, breakage(chance, 2600))
	case LosesDot:
		s.wires.loseDots(1 + chance.IntN(2))
	case LosesAnswer:
		s.wires.loseAnswers(1 + chance.IntN(2))
	case CutsIMAP:
		s.wires.breakNext(mailtest.IMAP, breakage(chance, 6000))
	case DropsAll:
		s.trouble(0)
		s.dropConnections()
	case AnswersOne, ForgesOne:
		s.phone(e, chance)
	case Writes, Robot, Newsletter:
		s.unasked(e)
	case OddMail:
		s.odd(e, chance)
	case InTime:
		s.writesInTime(e, chance)
	case JoinsFile, LeavesFile:
		s.people(e)
	case FirstFails, SecondFails, SecondPassword, CutsSecond:
		s.ofAccounts(e, chance)
	case AuthorityGone, AuthorityFails, CutsAuthority, AccessEnds, GrantEnds:
		s.ofGrant(e, chance)
	case CopyRuns:
		s.copyElsewhere(e)
	case MovesHouse:
		s.moveHouse(e)
	case Moves, CallsOff, BreaksFile, AddsFile, FileGone, BreaksConfig, BacksUp, RestoresOld, NewPassword, SecondDaemon:
		s.house(e, chance)
	case EditsDraft, DeletesDraft, SendsDraft:
		s.draft(e, chance)
	case FullDisk, BrokenDisk:
		s.failDisk(e)
	case Renumbers:
		s.renumber(chance)
	default:
		s.user(e, chance)
	}
}

// trouble notes that something goes wrong for so long.
func (s *stage) trouble(lasting time.Duration) {
	s.troubles = append(s.troubles, span{s.truth.Now(), s.truth.Now().Add(lasting)})
}

// after does something when an event is over.
func (s *stage) after(e Event, do func()) { s.at(s.truth.Now().Add(e.For), do) }

// breakage is a way for a connection to fail within so many bytes.
func breakage(chance *rand.Rand, bytes int64) mailtest.Fault {
	b := mailtest.Break{Kind: mailtest.BreakKind(1 + chance.IntN(3)), After: chance.Int64N(bytes)}
	if chance.IntN(2) == 0 {
		return mailtest.Fault{ToServer: b}
	}
	b.After = chance.Int64N(500)
	return mailtest.Fault{ToClient: b}
}

// arm lets the power go, or the program be killed, at one of the operations of
// the disk that come next, whenever that is, or that come while the next mail leaves. What a kill leaves is what the
// program had written; what a power cut leaves is a matter of chance.
func (s *stage) arm(e Event, chance *rand.Rand) {
	if s.machine.Dead() || s.program == nil {
		return
	}
	kept := faultfs.All
	if e.Kind == CutsPower {
		kept = faultfs.Kinds()[chance.IntN(len(faultfs.Kinds()))]
	}
	m := s.machine
	m.kept, m.keptSeed, m.deadFor = kept, e.N, e.For
	if chance.IntN(3) == 0 {
		m.cutInSession(1 + chance.IntN(25))
		return
	}
	m.Disk.CutPower(m.Disk.Operations()+1+chance.IntN(80), m.die)
}

// died plans the start after a death.
func (s *stage) died() {
	m := s.machine
	s.restart, s.downSince = true, s.truth.Now()
	s.report.Counts.Crashes++
	s.note("died at operation %d (%s), which leaves %s", m.Disk.Operations(), m.Disk.Trace(m.Disk.Operations()), m.kept)
	s.halt()
	image := m.Disk.Image(m.kept, m.keptSeed)
	s.at(s.truth.Now().Add(m.deadFor), func() { s.boot(image) })
}

// stopAndStart ends the program as SIGTERM does, and starts it later.
func (s *stage) stopAndStart(e Event) { s.startOn(e, func(i faultfs.Image) faultfs.Image { return i }) }

// startOn ends the program, and starts it later on what is made of its disk.
func (s *stage) startOn(e Event, change func(faultfs.Image) faultfs.Image) {
	if s.program == nil || s.restart {
		return
	}
	image := s.halt()
	if s.machine.Dead() {
		s.died()
		return
	}
	image = change(image)
	s.restart, s.downSince = true, s.truth.Now()
	s.after(e, func() { s.boot(image) })
}

// sleep lets the machine sleep: nothing of it moves, while the world does.
func (s *stage) sleep(e Event, chance *rand.Rand) {
	if chance.IntN(2) == 0 {
		s.dropConnections()
	}
	asleep := s.truth.Now()
	s.step(e.For)
	s.down = append(s.down, span{asleep, s.truth.Now()})
	for _, w := range s.accounts() {
		w.At(s.truth.Now(), func() {}) // what came meanwhile lies there
	}
	s.report.Counts.Asleep += e.For
}

// jump sets the machine's clock wrong, and right again later.
func (s *stage) jump(e Event, chance *rand.Rand) {
	most := []time.Duration{3 * time.Hour, 3 * time.Hour, 3 * time.Hour, 50 * time.Hour}[chance.IntN(4)]
	by := time.Duration(chance.Int64N(int64(2*most))) - most
	set := func(by time.Duration) {
		s.trouble(0)
		s.own.Step(by)
		before := time.Duration(0)
		if n := len(s.skews); n > 0 {
			before = s.skews[n-1].by
		}
		s.skews = append(s.skews, skew{from: s.truth.Now(), by: before + by})
	}
	set(by)
	s.after(e, func() { set(-by) })
}

// makePeace ends all that is wrong.
func (s *stage) makePeace() {
	s.note("from here on nothing goes wrong")
	s.wires.mend()
	if s.authority != nil {
		s.authority.Fail(0)
	}
	if s.machine != nil && !s.machine.Dead() {
		s.machine.cutInSession(0)
		s.machine.Disk.CutPower(0, nil)
		s.machine.Disk.Mend()
	}
}
