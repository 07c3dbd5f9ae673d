-- Version 8: who writes is told by name and operator, for two operators may each have a "Team 7".

-- A part of the log, after all its other columns: NULL adds nothing to the hashes that are there, see chain.rs.
ALTER TABLE revisions ADD COLUMN by_operator TEXT;

ALTER TABLE clearline_inbox ADD COLUMN by_operator TEXT;
UPDATE clearline_inbox SET by_operator = CASE WHEN json_valid(sender) THEN sender ->> '$.operator' END;
ALTER TABLE uploads ADD COLUMN by_operator TEXT;
UPDATE uploads SET by_operator = (SELECT i.by_operator FROM clearline_inbox AS i WHERE i.id = uploads.id);
ALTER TABLE clearline_held ADD COLUMN by_operator TEXT;
UPDATE clearline_held SET by_operator = (SELECT i.by_operator FROM clearline_inbox AS i WHERE i.id = upload);

-- A key is a sender's own, and of one door.
DROP INDEX clearline_inbox_keys;
CREATE UNIQUE INDEX clearline_inbox_keys ON clearline_inbox ("by", coalesce(by_operator, ''), key, door)
  WHERE key IS NOT NULL;

-- The operators of the revisions before the first that keeps its own, where the inbox kept what they came in as.
-- What changed nothing has a report at a revision that is not its own: its instant is another, too. Where that
-- leaves two operators, neither is told.
INSERT INTO clearline_meta SELECT 'operators_since', CAST(coalesce(max(revision), 0) + 1 AS TEXT) FROM revisions;
CREATE TABLE clearline_past_operators (
  revision INTEGER PRIMARY KEY NOT NULL,
  operator TEXT -- none when the sender worked for none
);
INSERT INTO clearline_past_operators
  SELECT r.revision, max(i.by_operator)
  FROM uploads AS u
    CROSS JOIN clearline_inbox AS i ON i.id = u.id
    CROSS JOIN revisions AS r ON r.revision = u.revision AND r."at" = u.received_at AND r."by" = u."by"
  GROUP BY r.revision
  HAVING count(DISTINCT coalesce(i.by_operator, '')) = 1;

-- The numbers of the records that name a photo, now or at any time before. It follows from the log, and is no part of
-- it.
CREATE TABLE clearline_photos (
  photo TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (photo, number)
) WITHOUT ROWID;
INSERT OR IGNORE INTO clearline_photos
  SELECT p.value, l.number FROM change_log AS l, json_each(l.photos) AS p WHERE l.photos IS NOT NULL;
