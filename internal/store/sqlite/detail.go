package sqlite

import (
	"encoding/json"
	"time"

	"afterword/scheduler"
)

// detail is the part of a delivery that no query looks at, as it is stored.
// Its names are a file format: fields are added, never renamed. Times are Unix
// milliseconds, absent for none.
type detail struct {
	Company    string    `json:"company,omitempty"`
	ToName     string    `json:"to_name,omitempty"`
	ToEmail    string    `json:"to_email,omitempty"`
	StepIndex  int       `json:"step_index,omitempty"`
	Rank       int       `json:"rank,omitempty"`
	Template   string    `json:"template,omitempty"`
	Began      *int64    `json:"began_ms,omitempty"`
	Zone       string    `json:"zone,omitempty"`
	Slot       *int64    `json:"slot_ms,omitempty"`
	Expected   *int64    `json:"expected_ms,omitempty"`
	FirstDue   *int64    `json:"first_due_ms,omitempty"`
	Expires    *int64    `json:"expires_ms,omitempty"`
	RetryAt    *int64    `json:"retry_at_ms,omitempty"`
	Reason     string    `json:"reason,omitempty"`
	WaitingFor string    `json:"waiting_for,omitempty"`
	Why        string    `json:"why,omitempty"`
	Cause      string    `json:"cause,omitempty"`
	Stopped    string    `json:"stopped,omitempty"`
	StoppedWhy string    `json:"stopped_why,omitempty"`
	Subject    string    `json:"subject,omitempty"`
	Body       string    `json:"body,omitempty"`
	InReplyTo  string    `json:"in_reply_to,omitempty"`
	References []string  `json:"references,omitempty"`
	Thread     string    `json:"thread_subject,omitempty"`
	TextHash   string    `json:"text_hash,omitempty"`
	Findings   []finding `json:"findings,omitempty"`
	Approved   string    `json:"approved,omitempty"`
	ByPerson   bool      `json:"by_person,omitempty"`
	Unsaid     bool      `json:"unsaid,omitempty"`
	Personal   string    `json:"personal,omitempty"`
	Despite    []string  `json:"despite,omitempty"`
	Announced  *int64    `json:"announced_ms,omitempty"`
	Edited     *edit     `json:"edited,omitempty"`
	Attempt    int       `json:"attempt,omitempty"`
	Marked     int       `json:"marked,omitempty"`
	Epoch      int64     `json:"epoch,omitempty"`
	ClaimedAt  *int64    `json:"claimed_at_ms,omitempty"`
	LastAnswer string    `json:"last_answer,omitempty"`
	Missed     int       `json:"missed,omitempty"`
	SendNow    bool      `json:"send_now,omitempty"`
	Failures   int       `json:"failures,omitempty"`
	AnyData    bool      `json:"any_data,omitempty"`
}

type finding struct {
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Place    string `json:"place"`
	Text     string `json:"text"`
}

// edit is the user's own text; over is what the template wrote under it.
type edit struct {
	Subject        string   `json:"subject"`
	Body           string   `json:"body"`
	OverSubject    string   `json:"over_subject"`
	OverBody       string   `json:"over_body"`
	OverInReplyTo  string   `json:"over_in_reply_to,omitempty"`
	OverReferences []string `json:"over_references,omitempty"`
	OverThread     string   `json:"over_thread_subject,omitempty"`
	Others         []string `json:"others,omitempty"`
	Changed        string   `json:"changed,omitempty"`
}

func storedEdit(e *scheduler.Edit) *edit {
	if e == nil {
		return nil
	}
	over := e.Over.Thread
	return &edit{Subject: e.Subject, Body: e.Body, OverSubject: e.Over.Subject, OverBody: e.Over.Body, OverInReplyTo: over.InReplyTo,
		OverReferences: over.References, OverThread: over.Subject, Others: e.Others, Changed: e.Changed}
}

func (e *edit) restored() *scheduler.Edit {
	if e == nil {
		return nil
	}
	thread := scheduler.Thread{InReplyTo: e.OverInReplyTo, References: e.OverReferences, Subject: e.OverThread}
	return &scheduler.Edit{Subject: e.Subject, Body: e.Body, Others: e.Others, Changed: e.Changed, Over: scheduler.Text{Subject: e.OverSubject, Body: e.OverBody, Thread: thread}}
}

// encodeDetail returns the JSON of a delivery's detail.
func encodeDetail(d scheduler.Delivery) (string, error) {
	encoded, err := json.Marshal(detail{
		Company: d.Company, ToName: d.To.Name, ToEmail: d.To.Email, StepIndex: d.StepIndex, Rank: d.Rank, Template: d.Template,
		Began: millis(d.Began), Zone: d.Zone, Slot: millis(d.Slot), Expected: millis(d.Expected),
		FirstDue: millis(d.FirstDue), Expires: millis(d.Expires), RetryAt: millis(d.RetryAt),
		Reason: d.Reason, WaitingFor: d.WaitingFor, Why: d.Why, Cause: string(d.Cause), Stopped: string(d.Stopped), StoppedWhy: d.StoppedWhy,
		Subject: d.Text.Subject, Body: d.Text.Body, InReplyTo: d.Text.Thread.InReplyTo,
		References: d.Text.Thread.References, Thread: d.Text.Thread.Subject, TextHash: d.TextHash,
		Findings: storedFindings(d.Findings), Approved: d.Approved, ByPerson: d.ByPerson, Unsaid: d.Unsaid, Personal: d.Personal, Despite: d.Despite,
		Announced: millis(d.Announced), Edited: storedEdit(d.Edited), Attempt: d.Attempt, Marked: d.Marked, Epoch: d.Epoch, ClaimedAt: millis(d.ClaimedAt),
		LastAnswer: d.LastAnswer, Missed: d.Missed, SendNow: d.SendNow, Failures: d.Failures, AnyData: d.AnyData,
	})
	return string(encoded), err
}

// decodeDetail fills in what encodeDetail stored.
func decodeDetail(encoded []byte, d *scheduler.Delivery) error {
	var v detail
	if err := json.Unmarshal(encoded, &v); err != nil {
		return err
	}
	d.Company = v.Company
	d.To = scheduler.Recipient{Name: v.ToName, Email: v.ToEmail}
	d.StepIndex, d.Rank, d.Template = v.StepIndex, v.Rank, v.Template
	d.Began, d.Zone, d.Slot, d.Expected = moment(v.Began), v.Zone, moment(v.Slot), moment(v.Expected)
	d.FirstDue, d.Expires, d.RetryAt = moment(v.FirstDue), moment(v.Expires), moment(v.RetryAt)
	d.Reason, d.WaitingFor, d.Why, d.Cause = v.Reason, v.WaitingFor, v.Why, scheduler.Cause(v.Cause)
	d.Stopped, d.StoppedWhy = scheduler.Cause(v.Stopped), v.StoppedWhy
	d.Text = scheduler.Text{Subject: v.Subject, Body: v.Body, Thread: scheduler.Thread{
		InReplyTo: v.InReplyTo, References: v.References, Subject: v.Thread,
	}}
	d.TextHash, d.Approved, d.ByPerson, d.Unsaid = v.TextHash, v.Approved, v.ByPerson, v.Unsaid
	d.Personal, d.Despite, d.Edited = v.Personal, v.Despite, v.Edited.restored()
	for _, f := range v.Findings {
		d.Findings = append(d.Findings, scheduler.Finding{
			Code: f.Code, Severity: scheduler.Severity(f.Severity), Place: f.Place, Text: f.Text,
		})
	}
	d.Announced, d.ClaimedAt = moment(v.Announced), moment(v.ClaimedAt)
	d.Attempt, d.Marked, d.Epoch = v.Attempt, v.Marked, v.Epoch
	d.LastAnswer, d.Missed, d.SendNow = v.LastAnswer, v.Missed, v.SendNow
	d.Failures, d.AnyData = v.Failures, v.AnyData
	return nil
}

func storedFindings(findings []scheduler.Finding) []finding {
	var list []finding
	for _, f := range findings {
		list = append(list, finding{Code: f.Code, Severity: string(f.Severity), Place: f.Place, Text: f.Text})
	}
	return list
}

func millis(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	ms := t.UnixMilli()
	return &ms
}

func moment(ms *int64) time.Time {
	if ms == nil {
		return time.Time{}
	}
	return time.UnixMilli(*ms).UTC()
}
