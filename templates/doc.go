// Package templates holds the built-in mails, reads the user's own, and renders both.
//
// A template is a text file: YAML front matter with kind (thank-you or follow-up,
// required), subject (or subjects, which are distributed over a panel) and language,
// then the body for text/template. It sees View and the functions firstName, date,
// weekday, sentence, default, deal, de and que, which follow the template's language
// (see tongue). A user's template is for every language, or for the one that its front
// matter or its folder names. A broken template is refused when it is loaded, with file
// and line, never when a mail is due.
package templates
