package mailer

import (
	"strings"
	"testing"
	"unicode"
)

func TestNormalAddress(t *testing.T) {
	t.Parallel()
	check := func(input, want string) {
		t.Helper()
		if got := NormalAddress(input); got != want {
			t.Errorf("NormalAddress(%q) = %q, want %q", input, got, want)
		}
		if again := NormalAddress(want); again != want {
			t.Errorf("NormalAddress(%q) = %q: normalizing twice changes it", want, again)
		}
	}
	check("ken@acme.example", "ken@acme.example")
	check("  Ken.Osei@ACME.Example \r\n", "ken.osei@acme.example")
	check("<Ken@acme.example>", "ken@acme.example")
	check("ken+jobs@acme.example", "ken+jobs@acme.example")
	check("ken@acme.example.", "ken@acme.example")
	check("ken@bücher.example", "ken@xn--bcher-kva.example")
	check("KEN@BÜCHER.EXAMPLE", "ken@xn--bcher-kva.example")
	check("ken@xn--bcher-kva.example", "ken@xn--bcher-kva.example")
	check("ken@XN--BCHER-KVA.example", "ken@xn--bcher-kva.example")
	check("ken@straße.example", "ken@xn--strae-oqa.example")
	check("ken@例え。テスト", "ken@xn--r8jz45g.xn--zckzah")
	check("ken@mail_host.example", "ken@mail_host.example")
	check("Jose\u0301@acme.example", "jos\u00e9@acme.example")
	check("JOS\u00c9@acme.example", "jos\u00e9@acme.example")
	check(`"a@b"@acme.example`, `"a@b"@acme.example`)
	check("no address", "no address")
	check("", "")
	check("@", "@")
}

func TestBaseAddressAndDomain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ input, base, domain string }{
		{"Ken+Jobs@Acme.example", "ken@acme.example", "acme.example"},
		{"ken+a+b@acme.example", "ken@acme.example", "acme.example"},
		{"ken@acme+corp.example", "ken@acme+corp.example", "acme+corp.example"},
		{"+ken@acme.example", "+ken@acme.example", "acme.example"},
		{"ken@Bücher.example", "ken@xn--bcher-kva.example", "xn--bcher-kva.example"},
		{"ken", "ken", ""},
		{"ken@", "ken@", ""},
		{"", "", ""},
	} {
		if got := BaseAddress(c.input); got != c.base {
			t.Errorf("BaseAddress(%q) = %q, want %q", c.input, got, c.base)
		}
		if got := DomainOf(c.input); got != c.domain {
			t.Errorf("DomainOf(%q) = %q, want %q", c.input, got, c.domain)
		}
	}
}

func TestParseAddressAccepts(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]Address{
		"ken@acme.example":                            {"", "ken@acme.example"},
		" Ken Osei <ken@acme.example> ":               {"Ken Osei", "ken@acme.example"},
		`"Osei, Ken" <ken@acme.example>`:              {"Osei, Ken", "ken@acme.example"},
		"=?utf-8?q?Ren=C3=A9?= <rene@acme.example>":   {"René", "rene@acme.example"},
		"René Ångström <Rene+x@Acme.example>":         {"René Ångström", "Rene+x@Acme.example"},
		"ken@bücher.example":                          {"", "ken@bücher.example"},
		"josé@acme.example":                           {"", "josé@acme.example"},
		"o'neil_1/x=y@sub.acme.co.uk":                 {"", "o'neil_1/x=y@sub.acme.co.uk"},
		"dana@localhost":                              {"", "dana@localhost"},
		strings.Repeat("a", 64) + "@acme.example":     {"", strings.Repeat("a", 64) + "@acme.example"},
		"ken@" + strings.Repeat("b", 63) + ".example": {"", "ken@" + strings.Repeat("b", 63) + ".example"},
	} {
		got, err := ParseAddress(input)
		if err != nil || got != want {
			t.Errorf("ParseAddress(%q) = %+v, %v; want %+v", input, got, err, want)
		}
	}
}

func TestParseAddressRefuses(t *testing.T) {
	t.Parallel()
	for name, input := range map[string]string{
		"nothing":           "",
		"no at sign":        "ken.acme.example",
		"no local part":     "@acme.example",
		"no domain":         "ken@",
		"two addresses":     "ken@acme.example, mei@acme.example",
		"semicolon list":    "ken@acme.example; mei@acme.example",
		"group":             "team: ken@acme.example;",
		"CRLF":              "ken@acme.example\r\nBcc: x@evil.example",
		"LF in the name":    "\"Ken\nOsei\" <ken@acme.example>",
		"NUL":               "ken\x00@acme.example",
		"tab":               "ken\t@acme.example",
		"DEL":               "ken\x7f@acme.example",
		"C1 control":        "ken\u0085@acme.example",
		"line separator":    "Ken\u2028Osei <ken@acme.example>",
		"bidi override":     "\u202eelpmaxe.emca@nek <ken@acme.example>",
		"bidi isolate":      "Ken \u2066x\u2069 <ken@acme.example>",
		"encoded CRLF":      "=?utf-8?q?Ken=0D=0ABcc=3A_x?= <ken@acme.example>",
		"encoded override":  "=?utf-8?q?Ken=E2=80=AE?= <ken@acme.example>",
		"quoted local part": `"ken osei"@acme.example`,
		"quoted at sign":    `"ken@evil"@acme.example`,
		"address literal":   "ken@[192.0.2.1]",
		"double dot":        "ken..osei@acme.example",
		"leading dot":       ".ken@acme.example",
		"empty label":       "ken@acme..example",
		"trailing words":    "ken@acme.example hello",
		"long local part":   strings.Repeat("a", 65) + "@acme.example",
		"long label":        "ken@" + strings.Repeat("b", 64) + ".example",
		"long domain":       "ken@" + strings.Repeat("b.", 130) + "example",
		"long name":         strings.Repeat("n", 2000) + " <ken@acme.example>",
		"not UTF-8":         "k\xffn@acme.example",
		"joiner trick":      "ken@ac\u200bme..example",
	} {
		if got, err := ParseAddress(input); err == nil {
			t.Errorf("%s: ParseAddress(%q) = %+v, want an error", name, input, got)
		} else if len(err.Error()) > 400 {
			t.Errorf("%s: the error has %d bytes", name, len(err.Error()))
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{
		"ken@acme.example", "Ken <ken@acme.example>", "a@b, c@d", "=?utf-8?q?=0D?= <a@b>", `"x" <a@bücher.example>`,
		"josé+x@acme.example", "a@xn--", "\u202ea@b", "a@b.", "@000 .", "İ@b", "a@\u00ad.c", "@", "\"\"@x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, input string) {
		normal := NormalAddress(input)
		if again := NormalAddress(normal); again != normal {
			t.Fatalf("normalizing %q: %q, then %q", input, normal, again)
		}
		a, err := ParseAddress(input)
		if err != nil {
			return
		}
		if strings.ContainsFunc(a.Name+a.Addr, unicode.IsControl) {
			t.Fatalf("%q was accepted with a control character: %+v", input, a)
		}
		if again, err := ParseAddress(a.Addr); err != nil || again.Addr != a.Addr {
			t.Fatalf("%q gives %q, which reads as %q, %v", input, a.Addr, again.Addr, err)
		}
		if domain := DomainOf(a.Addr); domain == "" || !isASCII(domain) || strings.ContainsAny(domain, " @<>,;\"") {
			t.Fatalf("%q has the domain %q", input, domain)
		}
	})
}
