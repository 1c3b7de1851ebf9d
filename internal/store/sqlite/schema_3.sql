-- Each channel is told of a notice by itself. What the user was told before
-- this is done, whatever channels come to be.

ALTER TABLE notices ADD COLUMN tellings TEXT; -- JSON list: what became of it on each channel
ALTER TABLE notices ADD COLUMN settled INTEGER; -- when no channel had anything left to tell
UPDATE notices SET settled = told;
DROP INDEX notices_untold;
CREATE INDEX notices_open ON notices (id) WHERE settled IS NULL;
