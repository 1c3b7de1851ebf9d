package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"afterword/scheduler/calendar"
)

// zoneOffset is a distance from Greenwich in the place of a zone, and farOff one of the database's zones that are named
// by it, with the sign turned round: Etc/GMT+5 is New York in winter.
var (
	zoneOffset = regexp.MustCompile(`(?i)^(?:(?:GMT|UTC|Z) ?)?[+-−–]? ?\d{1,2}(?::?[0-5]\d)?(?: ?h)?$`)
	farOff     = regexp.MustCompile(`(?i)^Etc/GMT([+-])([1-9]\d?)$`)
)

// commonNames are what people call zones, in small letters, and a place that keeps them. An abbreviation of two countries
// has both.
const commonNames = `
cest, met dst, mez, mesz, central european time, central european summer time, w. europe standard time, romance standard time = Europe/Paris
eest, eastern european time, oez = Europe/Helsinki
west, western european time = Europe/Lisbon
bst, greenwich mean time, british summer time, uk, gmt standard time, gmt/bst = Europe/London
edt, et, eastern, eastern time, eastern standard time, eastern daylight time, est/edt = America/New_York
cdt, ct, central, central time, central standard time, central daylight time, cst/cdt = America/Chicago
mdt, mt, mountain, mountain time, mountain standard time = America/Denver
pst, pdt, pt, pacific, pacific time, pacific standard time, pacific daylight time, pst/pdt = America/Los_Angeles
akst, akdt = America/Anchorage
cst = America/Chicago or Asia/Shanghai
ist = Asia/Kolkata, Europe/Dublin or Asia/Jerusalem
ast, adt = America/Halifax
india standard time, indian standard time, mumbai, bombay, delhi, new delhi, bangalore, bengaluru, hyderabad, chennai, pune = Asia/Kolkata
aest, aedt, aet = Australia/Sydney
acst, acdt = Australia/Adelaide
awst = Australia/Perth
nzst, nzdt = Pacific/Auckland
jst, osaka, kyoto = Asia/Tokyo
kst = Asia/Seoul
hkt = Asia/Hong_Kong
sgt = Asia/Singapore
msk, st petersburg = Europe/Moscow
brt = America/Sao_Paulo
art = America/Argentina/Buenos_Aires
sast, cape town, durban = Africa/Johannesburg
cat = Africa/Maputo
eat = Africa/Nairobi
wat = Africa/Lagos
munich, münchen, frankfurt, hamburg, cologne, köln, stuttgart, düsseldorf, leipzig, dresden, hannover, nürnberg = Europe/Berlin
geneva, genève, genf, basel, bern, lausanne, winterthur = Europe/Zurich
lyon, marseille, toulouse, bordeaux, lille, nantes, nice, grenoble, strasbourg, rennes = Europe/Paris
barcelona, valencia, sevilla, seville, bilbao, málaga, zaragoza = Europe/Madrid
milan, milano, roma, turin, torino, naples, napoli, bologna, florence, firenze = Europe/Rome
rotterdam, the hague, den haag, utrecht, eindhoven = Europe/Amsterdam
antwerp, antwerpen, ghent, gent, bruxelles, brussel = Europe/Brussels
porto = Europe/Lisbon
manchester, edinburgh, glasgow, birmingham, leeds, bristol, cambridge, oxford, cardiff, belfast = Europe/London
cork, galway = Europe/Dublin
graz, linz, salzburg, innsbruck, wien = Europe/Vienna
krakow, kraków, wroclaw, wrocław, gdansk, gdańsk, poznan, poznań, lodz, łódź = Europe/Warsaw
brno, praha = Europe/Prague
gothenburg, göteborg, malmö = Europe/Stockholm
aarhus, københavn = Europe/Copenhagen
bergen, trondheim = Europe/Oslo
espoo, tampere, turku = Europe/Helsinki
cluj, cluj-napoca, timisoara, timișoara, bucurești = Europe/Bucharest
lviv, kharkiv, odesa = Europe/Kyiv
nyc, new york city, boston, washington, washington dc, philadelphia, atlanta, miami, pittsburgh, charlotte, baltimore = America/New_York
montreal, montréal, ottawa, quebec, québec = America/Toronto
austin, dallas, houston, san antonio, minneapolis, st. louis, nashville, new orleans, milwaukee = America/Chicago
salt lake city, boulder = America/Denver
san francisco, sf, seattle, san jose, san diego, portland, palo alto, silicon valley, las vegas, oakland = America/Los_Angeles
calgary = America/Edmonton
rio, rio de janeiro, brasilia, brasília, são paulo = America/Sao_Paulo
beijing, shenzhen, guangzhou, hangzhou = Asia/Shanghai
abu dhabi = Asia/Dubai
tel aviv = Asia/Jerusalem
ankara, izmir = Europe/Istanbul
hanoi, saigon = Asia/Ho_Chi_Minh
canberra = Australia/Sydney
wellington, christchurch = Pacific/Auckland
`

// zonesOfNames reads commonNames.
var zonesOfNames = sync.OnceValue(func() map[string]string {
	all := make(map[string]string)
	for line := range strings.Lines(commonNames) {
		names, zone, ok := strings.Cut(strings.TrimSpace(line), " = ")
		if !ok {
			continue
		}
		for name := range strings.SplitSeq(names, ", ") {
			all[name] = zone
			all[unaccented(name)] = zone
		}
	}
	return all
})

// unaccented writes letters without their accents.
func unaccented(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

// misnamedZone says what is wrong with a zone that the database knows and people mean otherwise, nil if nothing.
func misnamedZone(name string) error {
	switch strings.ToUpper(name) {
	case "EST":
		return fmt.Errorf("%s knows no summer time; write America/New_York", name)
	case "MST":
		return fmt.Errorf("%s knows no summer time; write America/Denver", name)
	}
	if at := farOff.FindStringSubmatch(name); at != nil {
		side := map[string]string{"+": "west", "-": "east"}[at[1]]
		return fmt.Errorf("%s lies %s h %s of Greenwich, and knows no summer time; write a place, such as Europe/Paris", name, at[2], side)
	}
	return nil
}

// meantZone says what to write instead of a zone that is not known, nil where nobody can tell.
func meantZone(name string) error {
	name = strings.TrimSpace(name)
	if zoneOffset.MatchString(name) {
		return fmt.Errorf("%s is an offset, which knows no summer time; write a place, such as Europe/Paris", name)
	}
	plain := strings.ToLower(strings.Join(strings.Fields(name), " "))
	if zone := zonesOfNames()[plain]; zone != "" {
		return fmt.Errorf("did you mean %s?", zone)
	}
	city := plain[strings.LastIndexByte(plain, '/')+1:]
	if zone := zonesOfNames()[strings.ReplaceAll(city, "_", " ")]; zone != "" { // Europe/Munich
		return fmt.Errorf("did you mean %s?", zone)
	}
	for _, meant := range []string{strings.ReplaceAll(name, " ", "_"), capitals(tidied(plain)), capitals(unaccented(tidied(plain)))} {
		for _, area := range []string{"", "Europe/", "America/", "Asia/", "Africa/", "Australia/", "Pacific/", "Atlantic/"} {
			if zone, err := calendar.LoadZone(area + meant); err == nil {
				return fmt.Errorf("did you mean %s?", zone)
			}
		}
	}
	if zone := closest(name, slices.Sorted(maps.Values(zonesOfNames()))); zone != "" {
		return fmt.Errorf("did you mean %s?", zone)
	}
	return nil
}

// tidied brings a zone in small letters into the form of the database: "europe / paris" and "europe\paris" have one slash,
// "new york" an underscore.
func tidied(plain string) string {
	plain = strings.NewReplacer(" / ", "/", "/ ", "/", " /", "/", `\`, "/").Replace(plain)
	for _, area := range []string{"europe ", "america ", "asia ", "africa ", "australia "} {
		if rest, ok := strings.CutPrefix(plain, area); ok {
			plain = strings.TrimSpace(area) + "/" + rest
		}
	}
	return strings.ReplaceAll(plain, " ", "_")
}
