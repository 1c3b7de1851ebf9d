package mailer

import "sync"

// The sections of the files in tables/intents. Some phrases show an intent by
// themselves; the others are notions that show one together, within a sentence
// and a language (see intentRules).
const (
	_ section = iota
	leftFirm
	rejectionText
	offerText
	noMoreText
	nextStepText
	requestText

	pendingText // what is said of is not settled
	hypothetical
	negation

	included   // with you and others: you are one of those chosen
	regret     // unfortunately, we are sorry
	others     // other candidates, somebody else
	choice     // to decide, to choose, to hire, to fit better
	proceeding // to move forward, to consider, to be successful
	candidacy  // your application, with you, the process
	reader     // you
	vacancy    // the role, the position
	closure    // filled, on hold, cancelled
	awarded    // went to somebody, of a role
	elsewise   // yours is not, ours stays open: what a sentence says is filled or closed is another's
	refused    // has been declined, of an application
	submission // your application
	wishing    // we would be grateful if: a wish in the form of a condition
	matter     // ahead with the ...: what stands behind it is what goes on or does not
	leaving    // have left, before or behind the name of a company
	detour     // the old address, by post: another way is meant, not silence
	stage      // for a second interview: what one is chosen for is not the job
	social     // lunch, coffee
	workplace  // at the office, on holiday: who is not there has not left the company
	meeting    // an interview, a call
	calledOff  // cancelled, of a meeting
	hiring     // to offer, to hire, said of you
	job        // the role, a contract
	giving     // to make, to send, to attach
	jobOffer   // an offer, an employment contract
	arranging  // to schedule, to invite
	asking     // please, could you
	supplying  // to send, to fill in
	papers     // references, a portfolio, salary expectations
	answering  // to get back, to let know, a decision
	elsewhere  // please contact, in urgent cases
	undone     // it did not work out: of the application, unless the sentence names another matter
	letdown    // I have to disappoint you: likewise
	aside      // parking, the train, an attachment: such other matters
	theirs     // a few people, before a phrase: it is said of them
	proviso    // before, without, behind a refusal: it is a condition
	temporary  // until January: what is on hold will go on
	unmeant    // by mistake; if you do not hear from us: a rejection is spoken of, and none is told
	funds      // the budget, headcount
	lost       // pulled, cut, of these

	farewell       // luck for the search, your papers on file: who says so parts
	luck           // all the best, it was a pleasure: weaker
	effort         // thanks for the time
	rating         // how you found it, a survey: who asks that parts
	softening      // a hard decision, not what you hoped for
	shortfall      // more experience, too junior, a better fit
	unsuited       // you would not be happy here
	consoling      // do not give up
	praise         // you were very good
	counterfactual // I would have liked: it came otherwise
	allotting      // the job goes to, we took: with a name behind it, another's
	ongoing        // still, in the meantime, see you on: who says so goes on
	formerly       // at first, we thought: it came otherwise

	vendor    // the hotel, a caterer, all finalists: whose offer or contract is not the reader's
	beginning // starts, can begin: said of whoever was chosen as well
	joy       // delighted, congratulations: who says so of the job offers it
	starting  // you can start, your first day
	replying  // let us know: the reader's word is meant, and none is promised
	office    // a team, a department: "the hiring team" chooses nobody

	occupation // engineer, manager: what stands before it names a job, "Software Engineer"
	opinion    // feedback, the reasons: what is still to come after a rejection
	noOffer    // before any offer, another offer: one is spoken of, and none is made
	standIn    // while I am away, take over from: somebody else does the writer's work, and was not chosen instead of the reader
	keeping    // your papers on file: said to those who were refused, and to whoever signed up for news
	idle       // not hiring right now: likewise
	goodbye    // luck for your search: who says so and speaks of no meeting has refused
	withdrawn  // the offer that was made to the reader
	joining    // welcome to our talent network: who was not refused, but signed up
	because    // since: what stands behind it is only why
	hired      // you are hired
	inverted   // had we, should we: a condition where it begins a sentence
)

// intentSectionNamed maps a heading to its section.
func intentSectionNamed(name string) (section, bool) {
	names := [...]string{
		leftFirm: "left_firm", rejectionText: "rejection", offerText: "offer", noMoreText: "no_more", nextStepText: "next_step",
		requestText: "request", pendingText: "pending", hypothetical: "hypothetical", negation: "negation", included: "included", regret: "regret", others: "others",
		choice: "choice", proceeding: "proceeding", candidacy: "candidacy", reader: "reader", vacancy: "vacancy", closure: "closure", awarded: "awarded", elsewise: "elsewise", refused: "refused", submission: "submission", wishing: "wishing", matter: "matter", leaving: "leaving",
		detour: "detour", stage: "stage", social: "social", workplace: "workplace", meeting: "meeting",
		calledOff: "called_off", hiring: "hiring", job: "job", giving: "giving", jobOffer: "job_offer", arranging: "arranging",
		asking: "asking", supplying: "supplying", papers: "papers", answering: "answering", elsewhere: "elsewhere",
		undone: "undone", letdown: "letdown", aside: "aside", theirs: "theirs", proviso: "proviso", temporary: "temporary", unmeant: "unmeant", funds: "funds", lost: "lost",
		farewell: "farewell", luck: "luck", effort: "effort", rating: "rating", softening: "softening", shortfall: "shortfall", unsuited: "unsuited", consoling: "consoling", praise: "praise", counterfactual: "counterfactual", allotting: "allotting", ongoing: "ongoing", formerly: "formerly",
		vendor: "vendor", beginning: "beginning", joy: "joy", starting: "starting", replying: "replying", office: "office", occupation: "occupation", opinion: "opinion", noOffer: "no_offer", standIn: "stand_in", keeping: "keeping", idle: "idle", joining: "joining", because: "because", hired: "hired", inverted: "inverted", withdrawn: "withdrawn", goodbye: "goodbye",
	}
	return sectionIn(names[:], name)
}

// intentRule says which phrases of one sentence, in one language, show an
// intent: a key, and near it one of each further set.
type intentRule struct {
	intent Intent
	key    sections
	with   []sections
	reach  int // words between the key and each of the others, at most

	dated   bool     // its sentence names a day to come
	clause  bool     // the others stand in the key's clause
	behind  bool     // there, and behind it
	negated bool     // a negation is part of it, and does not take it back
	settled bool     // a condition anywhere in the sentence takes it back
	asked   bool     // a question may show it
	wished  bool     // a condition that is a wish does not take it back
	hoped   bool     // a condition before it does not take it back
	against sections // in its sentence they take it back
	without sections // so they do anywhere in the text
	among   sections // one of them must stand elsewhere in the text
}

// intentRules are the rules, those of the weightiest intent first; a rejection
// has rules of its own (see rejection), and comes before an offer.
var intentRules = sync.OnceValue(func() []intentRule {
	return []intentRule{
		{intent: NoMore, key: of(noMoreText), against: of(detour), wished: true},
		{intent: LeftFirm, key: of(leftFirm), against: of(workplace, others)},
		{intent: Offer, key: of(offerText), against: of(others, stage, vendor, noOffer)},
		{intent: Offer, key: of(hiring), with: []sections{of(job)}, reach: 10, against: of(others, aside, vendor, noOffer)},
		{intent: Offer, key: of(jobOffer), with: []sections{of(giving)}, reach: 8, against: of(others, vendor, noOffer)},
		{intent: Offer, key: of(joy), with: []sections{of(job, jobOffer), of(reader)}, reach: 16, settled: true, against: of(others, stage, meeting, arranging, ongoing, papers)},
		{intent: Offer, key: of(hired), settled: true, against: of(others, stage, meeting, noOffer)},
		{intent: Offer, key: of(starting), dated: true, against: of(others, stage, meeting, papers)},
		{intent: NextStep, key: of(nextStepText), asked: true, hoped: true, against: of(others, starting)},
		{intent: NextStep, key: of(arranging), with: []sections{of(meeting, social)}, reach: 12, asked: true, against: of(others)},
		{intent: Request, key: of(requestText), asked: true, hoped: true},
		{intent: Request, key: of(papers), with: []sections{of(asking), of(supplying)}, reach: 18, asked: true, hoped: true},
	}
})
