-- The first schema. It is frozen: a later one is a new entry of migrations.
-- Times are Unix milliseconds, NULL for none. Nothing here reads a clock.

PRAGMA application_id = 0x41465457; -- "AFTW"

CREATE TABLE deliveries (
  id            INTEGER PRIMARY KEY,
  key           TEXT NOT NULL UNIQUE,
  application   TEXT NOT NULL,
  interview     TEXT NOT NULL,
  step          TEXT NOT NULL,
  kind          TEXT NOT NULL,
  person        TEXT NOT NULL, -- normal form of the address
  state         TEXT NOT NULL CHECK (state IN ('planned', 'review', 'approved', 'sending', 'handed_over', 'sent',
                  'refused', 'in_doubt', 'cancelled', 'expired', 'bounced')),
  due           INTEGER,
  wake_at       INTEGER,
  sent_at       INTEGER,
  message_id    TEXT,          -- these five are the frozen message
  envelope_from TEXT,
  envelope_to   TEXT,
  smtputf8      INTEGER CHECK (smtputf8 IN (0, 1)),
  message       BLOB,
  learnt_ids    TEXT,          -- JSON list
  detail        TEXT NOT NULL, -- JSON object: what no query looks at
  CHECK (wake_at IS NULL OR state IN ('planned', 'review', 'approved', 'in_doubt')),
  CHECK (state NOT IN ('sending', 'handed_over') OR (message_id IS NOT NULL AND message IS NOT NULL)),
  CHECK ((message_id IS NULL) = (envelope_from IS NULL) AND (message_id IS NULL) = (envelope_to IS NULL)
     AND (message_id IS NULL) = (smtputf8 IS NULL) AND (message_id IS NULL) = (message IS NULL))
) STRICT;
CREATE INDEX deliveries_by_application ON deliveries (application);
CREATE INDEX deliveries_by_person ON deliveries (person);
CREATE INDEX deliveries_by_state ON deliveries (state, due);
CREATE INDEX deliveries_by_wake ON deliveries (wake_at, key) WHERE wake_at IS NOT NULL;

CREATE TRIGGER deliveries_begin BEFORE INSERT ON deliveries
WHEN NEW.state <> 'planned'
BEGIN
  SELECT RAISE(ABORT, 'a new delivery begins planned');
END;

CREATE TRIGGER deliveries_move BEFORE UPDATE OF state ON deliveries
WHEN OLD.state <> NEW.state AND NOT (
     (OLD.state = 'planned'     AND NEW.state IN ('review', 'approved', 'cancelled', 'expired'))
  OR (OLD.state = 'review'      AND NEW.state IN ('approved', 'planned', 'cancelled', 'expired'))
  OR (OLD.state = 'approved'    AND NEW.state IN ('review', 'planned', 'sending', 'cancelled', 'expired'))
  OR (OLD.state = 'sending'     AND NEW.state IN ('handed_over', 'refused', 'approved'))
  OR (OLD.state = 'handed_over' AND NEW.state IN ('sent', 'refused', 'in_doubt', 'approved'))
  OR (OLD.state = 'in_doubt'    AND NEW.state IN ('sent', 'approved', 'cancelled'))
  OR (OLD.state = 'refused'     AND NEW.state IN ('review', 'cancelled'))
  OR (OLD.state = 'expired'     AND NEW.state IN ('review', 'cancelled'))
  OR (OLD.state = 'cancelled'   AND NEW.state IN ('planned'))
  OR (OLD.state = 'sent'        AND NEW.state IN ('bounced')))
BEGIN
  SELECT RAISE(ABORT, 'not a legal move');
END;

-- While a claim stands, and in the move that ends it, the bytes may be on
-- their way: a retry must be the same message.
CREATE TRIGGER deliveries_frozen BEFORE UPDATE ON deliveries
WHEN OLD.state IN ('sending', 'handed_over') AND NOT (
      OLD.message_id IS NEW.message_id AND OLD.message IS NEW.message AND OLD.smtputf8 IS NEW.smtputf8
  AND OLD.envelope_from IS NEW.envelope_from AND OLD.envelope_to IS NEW.envelope_to)
BEGIN
  SELECT RAISE(ABORT, 'a claimed message does not change');
END;

CREATE TRIGGER deliveries_key BEFORE UPDATE OF key ON deliveries
WHEN OLD.key <> NEW.key
BEGIN
  SELECT RAISE(ABORT, 'a key stays for ever');
END;

-- An own ID names one delivery. A learnt one comes from outside, where two
-- answers may claim the same: it must never keep an outcome from being stored.
CREATE TABLE message_ids (
  message_id TEXT NOT NULL,
  key        TEXT NOT NULL REFERENCES deliveries (key) ON DELETE CASCADE,
  own        INTEGER NOT NULL CHECK (own IN (0, 1)),
  PRIMARY KEY (message_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_ids_by_key ON message_ids (key);
CREATE UNIQUE INDEX message_ids_own ON message_ids (message_id) WHERE own = 1;

CREATE TABLE events (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  at          INTEGER NOT NULL,
  key         TEXT NOT NULL,
  application TEXT NOT NULL,
  actor       TEXT NOT NULL,
  what        TEXT NOT NULL,
  from_state  TEXT NOT NULL,
  to_state    TEXT NOT NULL,
  why         TEXT NOT NULL,
  evidence    TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_key ON events (key);
CREATE INDEX events_by_application ON events (application);

CREATE TABLE holds (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  scope      TEXT NOT NULL CHECK (scope IN ('everything', 'application', 'person', 'delivery')),
  target     TEXT NOT NULL,
  source     TEXT NOT NULL,
  reason     TEXT NOT NULL,
  until      INTEGER,
  asking     INTEGER NOT NULL CHECK (asking IN (0, 1)),
  began_before INTEGER,
  set_at     INTEGER,
  UNIQUE (scope, target, source)
) STRICT;

CREATE TABLE questions (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  key         TEXT NOT NULL UNIQUE,
  application TEXT NOT NULL,
  text        TEXT NOT NULL,
  asked       INTEGER,
  command     TEXT NOT NULL
) STRICT;

CREATE TABLE mails (
  message_id  TEXT NOT NULL PRIMARY KEY,
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
  failed      INTEGER NOT NULL CHECK (failed IN (0, 1))
) STRICT;
CREATE INDEX mails_by_application ON mails (application, at);
CREATE INDEX mails_by_person ON mails (person, at);
CREATE INDEX mails_by_company ON mails (company_key, at);
CREATE INDEX mails_by_time ON mails (at);

CREATE TABLE cursors (
  account     TEXT NOT NULL,
  folder      TEXT NOT NULL,
  uidvalidity INTEGER NOT NULL,
  uid         INTEGER NOT NULL,
  PRIMARY KEY (account, folder)
) STRICT;

CREATE TABLE notices (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  key      TEXT UNIQUE, -- NULL: told every time
  at       INTEGER,
  kind     TEXT NOT NULL,
  subject  TEXT NOT NULL,
  text     TEXT NOT NULL,
  discreet TEXT NOT NULL,
  told     INTEGER
) STRICT;
CREATE INDEX notices_untold ON notices (id) WHERE told IS NULL;

CREATE TABLE meta (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
