-- Version 6: what could not stand and that its sender cannot mend, until a manager has looked into it.

ALTER TABLE clearline_inbox ADD COLUMN refused BOOLEAN NOT NULL DEFAULT 0;
ALTER TABLE clearline_inbox ADD COLUMN settled_at DATETIME;
ALTER TABLE clearline_inbox ADD COLUMN settled_by TEXT;
ALTER TABLE clearline_inbox ADD COLUMN settled TEXT; -- how, in the manager's words
UPDATE clearline_inbox SET refused = 1
  WHERE judged AND door <> 'uploads' AND id IN (
    -- A report without a count says why nothing of it could be read.
    SELECT id FROM uploads WHERE coalesce(report ->> '$.refused', 1) > 0);
CREATE INDEX clearline_inbox_refused ON clearline_inbox (number) WHERE refused AND settled_at IS NULL;
