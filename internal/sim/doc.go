// Package sim is a seeded world that tries to break the program's promises. From
// one seed it makes a job hunt (Make): applications, panels, recruiters, what
// each of them does with mail, what the user does, and what goes wrong with the
// machine, its disk, its clock and its network. Play lets the real program live
// through it in virtual time, inside a testing/synctest bubble, and judges it by
// what the servers saw (Judge). What fails is made smaller by Shrink.
//
// The program is plugged in by a Starter, since the packages below internal do
// not know it. Connections are in plain text, as on a loopback: TLS would cost
// most of the time and show nothing about the promises that are judged here.
package sim
