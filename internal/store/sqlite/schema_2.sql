-- One message may concern several applications and, written by hand to a whole
-- panel, several people: each of them is told of it.

CREATE TABLE mails_2 (
  message_id  TEXT NOT NULL,
  application TEXT NOT NULL,
  interview   TEXT NOT NULL,
  key         TEXT NOT NULL,
  outgoing    INTEGER NOT NULL CHECK (outgoing IN (0, 1)),
  by_hand     INTEGER NOT NULL CHECK (by_hand IN (0, 1)),
  person      TEXT NOT NULL,
  name        TEXT NOT NULL,
  company     TEXT NOT NULL,
  company_key TEXT NOT NULL, -- the company in lower case
  asking      INTEGER NOT NULL CHECK (asking IN (0, 1)),
  class       TEXT NOT NULL,
  subject     TEXT NOT NULL,
  refs        TEXT, -- JSON list
  at          INTEGER,
  failed      INTEGER NOT NULL CHECK (failed IN (0, 1)),
  PRIMARY KEY (message_id, application, person)
) STRICT;
INSERT INTO mails_2 (message_id, application, interview, key, outgoing, by_hand, person, name, company, company_key, asking, class, subject, refs, at, failed)
  SELECT message_id, application, interview, key, outgoing, by_hand, person, name, company, company_key, asking, class, subject, refs, at, failed FROM mails;
DROP TABLE mails;
ALTER TABLE mails_2 RENAME TO mails;
CREATE INDEX mails_by_application ON mails (application, at);
CREATE INDEX mails_by_person ON mails (person, at);
CREATE INDEX mails_by_company ON mails (company_key, at);
CREATE INDEX mails_by_time ON mails (at);
