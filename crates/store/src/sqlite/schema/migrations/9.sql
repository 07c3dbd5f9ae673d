-- Version 9: what every change has lies in one table, and the content of records in a table for each collection, so
-- that collections to come can have other fields and geometries. Revisions say how they are hashed, texts can be
-- redacted, and the head of the log is a row of its own.

DROP VIEW detections;

-- How the hash of a revision is made, see the module chain. Those that are there keep theirs.
ALTER TABLE revisions ADD COLUMN encoding INTEGER NOT NULL DEFAULT 1;

-- The log: rows are added, never changed.
CREATE TABLE changes (
  fid INTEGER PRIMARY KEY NOT NULL, -- 1, 2, 3, ... through the whole log
  revision INTEGER NOT NULL,
  collection TEXT NOT NULL,
  number INTEGER NOT NULL,          -- of the record
  previous INTEGER,                 -- fid of the change of this record before this one
  action TEXT NOT NULL,
  id TEXT NOT NULL,
  review TEXT,
  reason TEXT,
  reason_seal BLOB                  -- the salt of the reason, or its digest once it was redacted
);
INSERT INTO changes
  SELECT fid, revision, 'detections', number, previous, action, id, review, reason, NULL FROM change_log ORDER BY fid;

-- What a detection was after a change. A deletion has no row.
CREATE TABLE detections_content (
  fid INTEGER PRIMARY KEY NOT NULL, -- of the change
  geom POINT,
  kind TEXT,
  model TEXT,
  made_in_year INTEGER,
  quantity INTEGER,
  depth_cm DOUBLE,
  detected_on DATE,
  status TEXT,
  neutralised_on DATE,
  disposal TEXT,
  operator TEXT,
  team TEXT,
  hazard_area TEXT,
  source_reliability TEXT,
  accuracy_m DOUBLE,
  fix TEXT,
  location_as_given TEXT,
  location_as_given_crs TEXT,
  note TEXT,
  note_seal BLOB,
  photos TEXT,
  extra TEXT,
  extra_seal BLOB
);
INSERT INTO detections_content
  SELECT fid, geom, kind, model, made_in_year, quantity, depth_cm, detected_on, status, neutralised_on, disposal,
    operator, team, hazard_area, source_reliability, accuracy_m, fix, location_as_given, crs_as_given, note, NULL,
    photos, extra, NULL
  FROM change_log
  WHERE coalesce(geom, kind, model, made_in_year, quantity, depth_cm, detected_on, status, neutralised_on, disposal,
    operator, team, hazard_area, source_reliability, accuracy_m, fix, location_as_given, crs_as_given, note, photos,
    extra) IS NOT NULL
  ORDER BY fid;

DROP TABLE change_log;
ALTER TABLE clearline_held RENAME COLUMN crs_as_given TO location_as_given_crs;

-- The records as they stand. fid is the number of a record: given once, never to another.
CREATE VIEW detections AS
  SELECT s.number AS fid, c.geom AS geom, l.id AS id, c.kind AS kind, c.model AS model,
    c.made_in_year AS made_in_year, c.quantity AS quantity, c.depth_cm AS depth_cm,
    c.detected_on AS detected_on, c.status AS status, c.neutralised_on AS neutralised_on,
    c.disposal AS disposal, c.operator AS operator, c.team AS team, c.hazard_area AS hazard_area,
    c.accuracy_m AS accuracy_m, c.fix AS fix, c.source_reliability AS source_reliability, c.note AS note,
    c.photos AS photos, c.extra AS extra, c.location_as_given AS location_as_given,
    c.location_as_given_crs AS crs_as_given, l.review AS review, l.revision AS revision,
    r."at" AS updated_at, r."by" AS updated_by
  FROM clearline_records AS s
    CROSS JOIN detections_content AS c ON c.fid = s.change
    CROSS JOIN changes AS l ON l.fid = s.change
    CROSS JOIN revisions AS r ON r.revision = l.revision
  WHERE s.stands;

-- Every change of a detection, as other programs know it from earlier versions.
CREATE VIEW change_log AS
  SELECT l.fid AS fid, l.revision AS revision, l.number AS number, l.previous AS previous, l.action AS action,
    l.id AS id, l.reason AS reason, c.geom AS geom, c.kind AS kind, c.model AS model,
    c.made_in_year AS made_in_year, c.quantity AS quantity, c.depth_cm AS depth_cm,
    c.detected_on AS detected_on, c.status AS status, c.neutralised_on AS neutralised_on,
    c.disposal AS disposal, c.operator AS operator, c.team AS team, c.hazard_area AS hazard_area,
    c.accuracy_m AS accuracy_m, c.fix AS fix, c.source_reliability AS source_reliability, c.note AS note,
    c.photos AS photos, c.extra AS extra, c.location_as_given AS location_as_given,
    c.location_as_given_crs AS crs_as_given, l.review AS review
  FROM changes AS l LEFT JOIN detections_content AS c ON c.fid = l.fid
  WHERE l.collection = 'detections';

-- The texts that were redacted.
CREATE TABLE redactions (
  change INTEGER NOT NULL, -- fid in changes
  field INTEGER NOT NULL,  -- the permanent number of the field
  "at" DATETIME NOT NULL,
  "by" TEXT NOT NULL,
  by_operator TEXT,
  reason TEXT NOT NULL,
  PRIMARY KEY (change, field)
) WITHOUT ROWID;

-- Where the log ends: one row, read and written in the transaction of each commit. It is filled after this step.
CREATE TABLE log_head (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  store_id TEXT NOT NULL,           -- a UUID, the same in every copy of the store
  epoch INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  public_revision INTEGER NOT NULL,
  hash BLOB NOT NULL,               -- of the revision
  last_change INTEGER NOT NULL,     -- fid in changes
  last_number INTEGER NOT NULL      -- of all records there ever were
);
