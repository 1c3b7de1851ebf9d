package mailer

import "testing"

// TestFailsDMARC: only what the own provider says counts, and only of DMARC.
func TestFailsDMARC(t *testing.T) {
	t.Parallel()
	const (
		fail = "mx.provider.example; spf=pass smtp.mailfrom=evil.example; dkim=none; dmarc=fail (p=NONE sp=NONE dis=NONE) header.from=acme.example"
		pass = "mx.provider.example; dkim=pass header.d=acme.example; dmarc=pass header.from=acme.example"
	)
	for name, c := range map[string]struct {
		results []string
		want    bool
	}{
		"none at all":                        {nil, false},
		"it fails":                           {[]string{fail}, true},
		"it passes":                          {[]string{pass}, false},
		"a forged pass below":                {[]string{fail, "mx.other.example; dmarc=pass"}, true},
		"a forged pass below under its name": {[]string{fail, pass}, true},
		"a fail below, of somebody else":     {[]string{pass, "relay.example; dmarc=fail"}, false},
		"a field for each method":            {[]string{"mx.provider.example; spf=pass", "mx.provider.example; dkim=fail", "mx.provider.example; dmarc=fail"}, true},
		"a name for each method":             {[]string{"bimi.provider.example; bimi=none", "arc.provider.example; arc=none", "dmarc.provider.example; dmarc=fail"}, true},
		"SPF alone":                          {[]string{"mx.provider.example; spf=fail smtp.mailfrom=acme.example"}, false},
		"DKIM alone":                         {[]string{"mx.provider.example; dkim=fail header.d=acme.example"}, false},
		"no result of DMARC":                 {[]string{"mx.provider.example; dmarc=none"}, false},
		"an error":                           {[]string{"mx.provider.example; dmarc=temperror"}, false},
		"in a comment":                       {[]string{"mx.provider.example; dkim=pass (dmarc=fail; dmarc=fail) header.d=x.example"}, false},
		"in a quoted string":                 {[]string{`mx.provider.example; dkim=pass reason="; dmarc=fail"`}, false},
		"as a property":                      {[]string{"mx.provider.example; dkim=pass x.dmarc=fail"}, false},
		"no name of the server":              {[]string{"spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=evil.example; dkim=none;dmarc=fail action=oreject header.from=acme.example;compauth=fail reason=000"}, true},
		"capitals, versions and blanks":      {[]string{"mx.provider.example 1; DMARC/1 = Fail"}, true},
		"an open comment":                    {[]string{"mx.provider.example; (dmarc=fail"}, false},
		"empty":                              {[]string{"", ";", "none"}, false},
	} {
		if got := FailsDMARC(Header{"authentication-results": c.results}, []string{"dana@dana.example"}); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestForwardedByOwnServer: a seal counts where it is the user's own
// forwarder's and the provider found it intact; anybody else can seal anything.
func TestForwardedByOwnServer(t *testing.T) {
	t.Parallel()
	const top = "mx.provider.example; arc=pass (i=2); dmarc=fail header.from=acme.example"
	sealed := func(domain, results string) Header {
		return Header{"authentication-results": {top},
			"arc-seal":                   {"i=2; a=rsa-sha256; cv=pass; d=" + domain + "; s=s1; b=x", "i=1; cv=none; d=acme.example; b=y"},
			"arc-authentication-results": {"i=1; acme.example; dmarc=pass", "i=2; mail.dana.example; " + results}}
	}
	broken := sealed("dana.example", "dmarc=pass")
	broken["authentication-results"] = []string{"mx.provider.example; arc=fail; dmarc=fail"}
	for name, c := range map[string]struct {
		header Header
		own    string
		want   bool
	}{
		"own forwarder, it passed there": {sealed("mail.dana.example", "dmarc=pass"), "dana@dana.example", false},
		"own forwarder, it failed there": {sealed("dana.example", "spf=pass; dmarc=fail"), "dana@dana.example", true},
		"a stranger's seal":              {sealed("evil.example", "dmarc=pass"), "dana@dana.example", true},
		"a free mail provider's seal":    {sealed("gmail.com", "dmarc=pass"), "dana@gmail.com", true},
		"a broken seal":                  {broken, "dana@dana.example", true},
		"no seal":                        {Header{"authentication-results": {top}}, "dana@dana.example", true},
	} {
		if got := FailsDMARC(c.header, []string{c.own}); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// FuzzFailsDMARC: whatever a sender writes below the provider's own field, in
// comments or in seals that are not the user's own, changes no judgement.
func FuzzFailsDMARC(f *testing.F) {
	f.Add("mx.other.example; dmarc=pass", "i=1; cv=pass; d=evil.example")
	f.Add("(", "i=99999; d=")
	f.Add(`mx; x="\`, "i=2;i=3")
	f.Fuzz(func(t *testing.T, below, seal string) {
		for verdict, want := range map[string]bool{"fail": true, "pass": false, "none": false} {
			h := Header{"authentication-results": {"mx.provider.example; arc=pass; dmarc=" + verdict, below}, "arc-seal": {seal},
				"arc-authentication-results": {below}}
			if got := FailsDMARC(h, []string{"dana@gmail.com"}); got != want {
				t.Errorf("with %q and %q below %s it is %v", below, seal, verdict, got)
			}
		}
	})
}
