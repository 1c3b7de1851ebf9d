package proofread

import "afterword/scheduler"

// Code is one kind of finding.
type Code struct {
	Name     string
	Severity scheduler.Severity // the usual one
	Facts    bool               // needs more than the text alone
}

// rule is one row of the table: a code and what looks for it.
type rule struct {
	Code
	kind    scheduler.Kind // of the mails it looks at, "" for all
	english bool           // it knows English only
	timed   bool           // it asks when the mail leaves
	check   func(*mail) []scheduler.Finding
}

// The numbers of LINTS.md.
const (
	runLength       = 5    // words in a row that count as copied
	copiedShare     = 0.40 // of the runs of a note, at most, that another note has too
	personalWords   = 2    // content words of `said` that a note uses at least
	lineWidth       = 75   // characters of a line
	thanksMinLines  = 3
	thanksMaxLines  = 8
	thanksMinWords  = 40
	thanksMaxWords  = 130
	askingMinWords  = 25
	askingMaxWords  = 100
	mostWords       = 200 // of any mail
	denseLines      = 4   // of a paragraph
	denseWords      = 60
	hastyHours      = 2 // after the interview's end
	lateDays        = 1 // business days after the interview
	tooLateDays     = 3
	quietDays       = 4 // business days of silence before asking
	tooQuietDays    = 3
	decisionDays    = 2 // business days after the promised date
	mostExclamation = 1
)

// table lists every check in the order in which findings are shown: first
// those that keep a promise.
func table() []rule {
	row := func(code string, s scheduler.Severity, facts bool, check func(*mail) []scheduler.Finding) rule {
		return rule{Code: Code{code, s, facts}, check: check}
	}
	const owed, asking = scheduler.Owed, scheduler.Asking
	const failure, warning, hint = scheduler.Error, scheduler.Warning, scheduler.Hint
	return []rule{
		row("one-recipient", failure, true, oneRecipient),
		row("guessed-address", failure, true, guessedAddress),
		row("robot-address", failure, true, robotAddress),
		row("broken-thread", failure, true, brokenThread),
		row("surveillance", failure, false, surveillance),
		row("placeholder", failure, false, placeholder),
		row("wrong-name", failure, true, wrongName),
		row("private-note", failure, true, privateNote),
		row("stale-day", failure, true, staleDay).inTime(),
		row("closed", failure, true, closed).only(asking),
		row("too-often", failure, true, tooOften).only(asking).inTime(),

		row("employer-address", failure, true, employerAddress),
		row("wrong-company", failure, true, wrongCompany),
		row("not-personal", failure, true, notPersonal).only(owed),
		row("copy-paste", failure, true, copyPaste).only(owed),
		row("before-decision", failure, true, beforeDecision).only(asking).inTime(),
		row("too-soon", failure, true, tooSoon).only(asking).inTime(),
		row("spelling", failure, false, spellingOf),
		row("pressure", failure, false, pressure),
		row("desperate", failure, false, desperate),
		row("no-attachment", failure, false, noAttachment),
		row("late-thanks", warning, true, lateThanks).only(owed).inTime(),
		row("hasty-thanks", warning, true, hastyThanks).only(owed).inTime(),
		row("bad-hour", warning, true, badHour).inTime(),
		row("not-thanked", warning, true, notThanked).only(owed),
		row("odd-address", warning, true, oddAddress),
		row("same-subject", warning, true, sameSubject).only(owed),
		row("greeting-guess", warning, true, greetingGuess),
		row("said-form", warning, true, saidForm).only(owed),
		row("length", warning, false, length),
		row("dense", warning, false, dense),
		row("missing-part", warning, false, missingPart).only(owed).inEnglish(),
		row("boilerplate", warning, false, boilerplate).only(owed).inEnglish(),
		row("promise-kept", warning, true, promiseKept).only(owed),
		row("wrong-language", warning, false, wrongLanguage),
		row("no-question", warning, false, noQuestion).only(asking),
		row("empty-opener", warning, false, emptyOpener),
		row("tone", warning, false, tone),
		row("off-topic", warning, false, offTopic),
		row("grammar", warning, false, grammar),
		row("zone-assumed", hint, true, zoneAssumed),
		row("no-debrief", hint, true, noDebrief),
		row("no-date", hint, true, noDate),
	}
}

func (r rule) only(k scheduler.Kind) rule { r.kind = k; return r }

func (r rule) inTime() rule { r.timed = true; return r }

func (r rule) inEnglish() rule { r.english = true; return r }

// Codes lists every code that this package looks for, in the order of the
// table.
func Codes() []Code {
	var codes []Code
	for _, r := range table() {
		codes = append(codes, r.Code)
	}
	return codes
}
