package mailer

import "testing"

// Who does the writer's work in the meantime was not chosen instead of the
// reader; nor is a ticket ticked off.
func TestWhoStandsInWasNotChosenInstead(t *testing.T) {
	t.Parallel()
	check := func(body string, want bool) {
		t.Helper()
		r := Classify(parse("From: Ken <ken@acme.example>\nIn-Reply-To: <a@example.org>\nSubject: Re: Thank you\n\n" + body))
		if r.Rejection != want {
			t.Errorf("rejection is %v: %q", r.Rejection, body)
		}
	}
	check("Somebody else will look at the ticket.", false)
	check("Someone else will cover for me while I am away.", false)
	check("While I am on leave, somebody else will proceed with your request.", false)
	check("One of the others will take on your file in my absence.", false)
	check("Während meiner Elternzeit wurde jemand anderes ausgewählt, der Ihnen antwortet.", false)
	check("Je suis en congé, une autre personne a pris le relais.", false)
	check("Otra persona fue elegida para responder durante mi ausencia.", false)
	check("Iemand anders neemt uw aanvraag over terwijl ik weg ben.", false)
	check("Outra pessoa vai continuar com o seu pedido enquanto estou de férias.", false)
	check("While I was away, the panel chose somebody else.", true)
	check("There were others who ticked more of the boxes.", true)
	check("Someone else was chosen to cover the region.", true)
}

func TestWhoLeftSaysSoWithAWordBetween(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"I have now left the organisation. Please write to the main office.", "Hola, dejé de laborar en la empresa."} {
		if r := Classify(parse("From: Ken <ken@acme.example>\nAuto-Submitted: auto-replied\nSubject: Re: Thank you\n\n" + body)); !r.LeftFirm {
			t.Errorf("nobody left: %q", body)
		}
	}
}
