package main

import (
	"afterword/scheduler"
)

// The lines of `export`, a contract that docs/export.md states.

type exportHead struct {
	Version int    `json:"version"`
	Made    string `json:"made"`
}

type exportFile struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

type exportDelivery struct {
	Key         string              `json:"key"`
	Application string              `json:"application"`
	Company     string              `json:"company"`
	Interview   *string             `json:"interview"`
	Step        string              `json:"step"`
	Kind        scheduler.Kind      `json:"kind"`
	Template    string              `json:"template"`
	To          scheduler.PlanTo    `json:"to"`
	State       scheduler.State     `json:"state"`
	Due         *string             `json:"due"`
	Expires     *string             `json:"expires"`
	Sent        *string             `json:"sent_at"`
	Reason      *string             `json:"reason"`
	Why         *string             `json:"why"`
	WaitingFor  *string             `json:"waiting_for"`
	Subject     *string             `json:"subject"`
	Body        *string             `json:"body"`
	Edited      bool                `json:"edited"`
	Approved    bool                `json:"approved_by_you"`
	Lints       []scheduler.Finding `json:"lints"`
	Attempts    int                 `json:"attempts"`
	Answer      *string             `json:"last_answer"`
	MessageIDs  []string            `json:"message_ids"`
	Message     *string             `json:"message"`
}

// exportedDelivery is everything about a delivery that means something outside
// the program.
func exportedDelivery(d scheduler.Delivery) exportDelivery {
	e := exportDelivery{Key: d.Key, Application: d.Application, Company: d.Company, Interview: optional(d.Interview), Step: d.Step, Kind: d.Kind,
		Template: d.Template, To: scheduler.PlanTo{Name: d.To.Name, Email: d.To.Email}, State: d.State,
		Due: stamp(d.Due, d.Zone), Expires: stamp(d.Expires, d.Zone), Sent: stamp(d.SentAt, d.Zone),
		Reason: optional(d.Reason), Why: optional(d.Why), WaitingFor: optional(d.WaitingFor),
		Subject: optional(d.Text.Subject), Body: optional(d.Text.Body), Edited: d.Edited != nil, Approved: d.ByPerson,
		Lints: append([]scheduler.Finding{}, d.Findings...), Attempts: d.Attempt, Answer: optional(d.LastAnswer), MessageIDs: append([]string{}, d.MessageIDs()...)}
	if d.Frozen != nil {
		e.Message = optional(string(d.Frozen.Bytes))
	}
	return e
}

type exportMail struct {
	Application string   `json:"application"`
	Company     string   `json:"company"`
	Interview   *string  `json:"interview"`
	Key         *string  `json:"key"`
	Outgoing    bool     `json:"outgoing"`
	ByHand      bool     `json:"by_hand"`
	Person      *string  `json:"person"`
	Name        *string  `json:"name"`
	Asking      bool     `json:"asking"`
	Class       *string  `json:"class"`
	Subject     string   `json:"subject"`
	At          *string  `json:"at"`
	MessageID   string   `json:"message_id"`
	References  []string `json:"references"`
	Failed      bool     `json:"failed"`
}

type exportHold struct {
	Scope  string  `json:"scope"`
	Target *string `json:"target"`
	Reason string  `json:"reason"`
	Source string  `json:"source"`
	Asking bool    `json:"asking"`
	Before *string `json:"before"`
	Set    *string `json:"set"`
	Until  *string `json:"until"`
}

type exportQuestion struct {
	Key         string  `json:"key"`
	Application *string `json:"application"`
	Text        string  `json:"text"`
	Asked       *string `json:"asked"`
	Command     *string `json:"command"`
}

type exportNotice struct {
	Key      *string         `json:"key"`
	Kind     string          `json:"kind"`
	At       *string         `json:"at"`
	Subject  string          `json:"subject"`
	Text     string          `json:"text"`
	Discreet string          `json:"discreet"`
	Told     *string         `json:"told"`
	Channels []exportTelling `json:"channels"`
}

type exportTelling struct {
	Channel string  `json:"channel"`
	At      *string `json:"at"`
	Why     *string `json:"why"` // why it was not told there
}

type exportFolder struct {
	Account     *string `json:"account"`
	Folder      string  `json:"folder"`
	UIDValidity uint32  `json:"uidvalidity"`
	UID         uint32  `json:"uid"`
}

type exportValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}
