package mailer

import (
	"bytes"
	"mime"
	"strings"
)

// tree collects what is read of a body. It walks from the top down over slices
// of the raw bytes, so that nesting costs nothing twice.
type tree struct {
	parts   []Part
	text    string
	defects []string
	seen    int  // leaves and multiparts met
	decoded int  // bytes decoded so far
	silent  bool // an earlier alternative spoke; later ones need no text
}

func readTree(h fields, body []byte) *tree {
	t := &tree{}
	if len(body) > maxBodyBytes {
		body = body[:maxBodyBytes]
		t.defect("body cut at its bound")
	}
	t.text = t.read(h, body, 0)
	return t
}

func (t *tree) defect(what string) {
	for _, d := range t.defects {
		if d == what {
			return
		}
	}
	t.defects = append(t.defects, what)
}

// read reads one entity and returns its text for a reader.
func (t *tree) read(h fields, body []byte, depth int) string {
	t.seen++
	if t.seen > maxParts {
		t.defect("too many parts")
		return ""
	}
	kind, params := contentType(h.first("content-type"))
	if strings.HasPrefix(kind, "multipart/") {
		return t.readMultipart(kind, params["boundary"], body, depth)
	}
	return t.readLeaf(h, kind, params, body)
}

func (t *tree) readMultipart(kind, boundary string, body []byte, depth int) string {
	if depth >= maxDepth {
		t.defect("nested too deep")
		return ""
	}
	if boundary == "" || !bytes.Contains(body, []byte("--"+boundary)) {
		t.defect("multipart without its boundary")
		boundary = guessBoundary(body)
	}
	if boundary == "" {
		return t.readLeaf(fields{}, "text/plain", nil, body)
	}
	var texts []string
	outer := t.silent
	for _, raw := range splitParts(body, boundary) {
		if t.seen > maxParts {
			break
		}
		ph, pb := splitPart(raw)
		if kind == "multipart/digest" && ph.first("content-type") == "" {
			ph.list = append(ph.list, field{"content-type", "message/rfc822"}) // RFC 2046 section 5.1.5
		}
		if text := t.read(ph, pb, depth+1); strings.TrimSpace(text) != "" {
			texts = append(texts, text)
			t.silent = t.silent || kind == "multipart/alternative"
		}
	}
	t.silent = outer
	return strings.Join(texts, "\n\n")
}

// splitPart separates the header of a body part from its content. A part whose
// first line is no field has no header (RFC 2046 section 5.1).
func splitPart(raw []byte) (fields, []byte) {
	if len(raw) > 0 && (raw[0] == '\n' || raw[0] == '\r') {
		_, rest := cutLine(raw)
		return fields{}, rest
	}
	line, _ := cutLine(raw)
	if _, _, ok := cutField(line); !ok {
		return fields{}, raw
	}
	head, body := Split(raw)
	h := readHeader(head)
	if h.first("message-id") != "" && (h.first("received") != "" || h.first("return-path") != "") {
		return fields{list: []field{{"content-type", "message/rfc822"}}}, raw // returned mail, put there as it was
	}
	return h, body
}

// splitParts cuts a body at the lines that begin with the boundary. A missing
// final boundary ends at the end (RFC 2046 section 5.1.1 asks for one).
func splitParts(body []byte, boundary string) [][]byte {
	mark := []byte("--" + boundary)
	var parts [][]byte
	start := -1
	for at := 0; at < len(body) && len(parts) <= maxParts; {
		i := bytes.Index(body[at:], mark)
		if i < 0 {
			break
		}
		i += at
		at = i + len(mark)
		line, _ := cutLine(body[at:])
		closing := bytes.HasPrefix(line, []byte("--"))
		if i > 0 && body[i-1] != '\n' || !closing && len(bytes.TrimSpace(line)) > 0 {
			continue // within a line, or the beginning of a longer boundary
		}
		if start >= 0 {
			parts = append(parts, body[start:i])
		}
		start = min(at+lineLength(body[at:]), len(body))
		if closing {
			return parts
		}
	}
	if start >= 0 {
		parts = append(parts, body[start:])
	}
	return parts
}

func lineLength(b []byte) int {
	if end := bytes.IndexByte(b, '\n'); end >= 0 {
		return end + 1
	}
	return len(b)
}

// guessBoundary takes the first line that looks like a boundary and is
// followed by a content field.
func guessBoundary(body []byte) string {
	rest := body[:min(len(body), 64<<10)]
	for len(rest) > 0 {
		var line []byte
		line, rest = cutLine(rest)
		mark, ok := bytes.CutPrefix(line, []byte("--"))
		if !ok || len(mark) < 2 || len(mark) > 100 {
			continue
		}
		next, _ := cutLine(rest)
		if len(next) > 8 && strings.EqualFold(string(next[:8]), "content-") {
			return strings.TrimRight(string(mark), " \t")
		}
	}
	return ""
}

func (t *tree) readLeaf(h fields, kind string, params map[string]string, body []byte) string {
	p := Part{Type: kind, Params: params}
	disposition := t.disposition(h, &p)
	if (keepsContent(kind) || isCalendarPart(p)) && t.decoded < maxTotalBytes {
		limit := min(maxPartBytes, maxTotalBytes-t.decoded)
		p.Content = decodeTransfer(body, h.first("content-transfer-encoding"), limit)
		t.decoded += len(p.Content)
	}
	t.parts = append(t.parts, p)
	if disposition == "attachment" || len(p.Content) == 0 || t.silent {
		return ""
	}
	if kind != "text/plain" && kind != "text/html" {
		return ""
	}
	text, known := decodeText(p.Content, params["charset"])
	if !known {
		t.defect("unknown charset")
	}
	if kind == "text/html" {
		return htmlToText(text)
	}
	return text
}

// disposition reads Content-Disposition (RFC 2183) and keeps it, and the file
// name, among the part's parameters.
func (t *tree) disposition(h fields, p *Part) string {
	v := h.first("content-disposition")
	if v == "" {
		return ""
	}
	kind, params := mediaType(v)
	out := map[string]string{"disposition": kind}
	for k, v := range p.Params {
		out[k] = v
	}
	if params["filename"] != "" {
		out["filename"] = decodeWords(params["filename"])
	}
	p.Params = out
	return kind
}

// keepsContent tells the leaves whose content some rule reads.
func keepsContent(kind string) bool {
	return strings.HasPrefix(kind, "text/") || strings.HasPrefix(kind, "message/") ||
		kind == "application/ics" || kind == "application/json"
}

// contentType reads a Content-Type field. An absent or unreadable one means
// text/plain (RFC 2045 section 5.2).
func contentType(v string) (string, map[string]string) {
	kind, params := mediaType(v)
	if !strings.Contains(kind, "/") {
		if kind == "text" || kind == "multipart" {
			return kind + map[string]string{"text": "/plain", "multipart": "/mixed"}[kind], params
		}
		return "text/plain", params
	}
	return kind, params
}

// mediaType reads a value with parameters, by RFC 2231 where it is well formed
// and else by cutting at the semicolons.
func mediaType(v string) (string, map[string]string) {
	if kind, params, err := mime.ParseMediaType(v); err == nil {
		return kind, params
	}
	kind, rest, _ := strings.Cut(v, ";")
	params := map[string]string{}
	for item := range strings.SplitSeq(rest, ";") {
		name, value, ok := strings.Cut(item, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		if _, seen := params[name]; ok && !seen {
			params[name] = strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	kind = strings.ToLower(strings.TrimSpace(kind))
	if word := strings.Fields(kind); len(word) > 0 {
		kind = word[0]
	}
	return kind, params
}
