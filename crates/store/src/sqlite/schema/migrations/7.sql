-- Version 7: reports are typed outcomes with a version, and say beside their text what the store has to know.

-- How the report is written. 0: as it was answered, before reports had a version.
ALTER TABLE uploads ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
-- Whether every row found its place: all that was in the bytes is in the log.
ALTER TABLE clearline_inbox ADD COLUMN whole BOOLEAN NOT NULL DEFAULT 0;
UPDATE clearline_inbox SET whole = 1
  WHERE judged AND id IN (
    SELECT id FROM uploads WHERE report ->> '$.refused' = 0 AND coalesce(report ->> '$.held', 0) = 0);
