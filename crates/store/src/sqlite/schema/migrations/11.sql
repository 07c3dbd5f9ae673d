-- Version 11: accidents, the second collection. The content of quarantined writes moves to a table for each
-- collection, like the content of records, and the list of unapproved records names the collection.

-- The content of an accident after a change. A deletion has no row.
CREATE TABLE accidents_content (
  fid INTEGER PRIMARY KEY NOT NULL, -- of the change
  geom POINT,
  class TEXT,
  occurred_on DATE,
  time TEXT,
  device TEXT,
  model TEXT,
  area_marked TEXT,
  set_off TEXT,
  killed INTEGER,
  injured INTEGER,
  victims TEXT,                     -- a JSON array of objects
  certified_on DATE,
  operator TEXT,
  team TEXT,
  hazard_area TEXT,
  source_reliability TEXT,
  information_reliability TEXT,
  accuracy_m DOUBLE,
  fix TEXT,
  location_as_given TEXT,
  location_as_given_crs TEXT,
  note TEXT,
  note_seal BLOB,
  extra TEXT,
  extra_seal BLOB
);

-- The current accidents. fid is the number of a record: given once, never to another, in all collections.
CREATE VIEW accidents AS
  SELECT s.number AS fid, c.geom AS geom, l.id AS id, c.class AS class, c.occurred_on AS occurred_on,
    c.time AS time, c.device AS device, c.model AS model, c.area_marked AS area_marked, c.set_off AS set_off,
    c.killed AS killed, c.injured AS injured, c.victims AS victims, c.certified_on AS certified_on,
    c.operator AS operator, c.team AS team, c.hazard_area AS hazard_area,
    c.source_reliability AS source_reliability, c.information_reliability AS information_reliability,
    c.accuracy_m AS accuracy_m, c.fix AS fix, c.location_as_given AS location_as_given,
    c.location_as_given_crs AS location_as_given_crs, c.note AS note, c.extra AS extra,
    l.review AS review, l.revision AS revision, r."at" AS updated_at, r."by" AS updated_by
  FROM clearline_records AS s
    CROSS JOIN accidents_content AS c ON c.fid = s.change
    CROSS JOIN changes AS l ON l.fid = s.change
    CROSS JOIN revisions AS r ON r.revision = l.revision
  WHERE s.stands;

-- A commit dates all layers of records alike; see edits.rs.
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)
  SELECT 'accidents', 'features', 'accidents', 'Accidents with explosive ordnance: the current records',
    last_change, 4326
  FROM gpkg_contents WHERE table_name = 'detections';
INSERT INTO gpkg_geometry_columns VALUES ('accidents', 'geom', 'POINT', 4326, 0, 0);

-- The content of quarantined writes, by their numbers in clearline_held.
CREATE TABLE detections_held (
  number INTEGER PRIMARY KEY NOT NULL,
  geom POINT NOT NULL,
  kind TEXT NOT NULL,
  model TEXT,
  made_in_year INTEGER,
  quantity INTEGER NOT NULL,
  depth_cm DOUBLE,
  detected_on DATE NOT NULL,
  status TEXT NOT NULL,
  neutralised_on DATE,
  disposal TEXT,
  operator TEXT,
  team TEXT,
  hazard_area TEXT,
  source_reliability TEXT,
  information_reliability TEXT,
  accuracy_m DOUBLE,
  fix TEXT,
  location_as_given TEXT,
  location_as_given_crs TEXT,
  note TEXT,
  photos TEXT,
  extra TEXT
);
INSERT INTO detections_held
  SELECT number, geom, kind, model, made_in_year, quantity, depth_cm, detected_on, status, neutralised_on, disposal,
    operator, team, hazard_area, source_reliability, information_reliability, accuracy_m, fix, location_as_given,
    location_as_given_crs, note, photos, extra
  FROM clearline_held ORDER BY number;

CREATE TABLE accidents_held (
  number INTEGER PRIMARY KEY NOT NULL,
  geom POINT NOT NULL,
  class TEXT NOT NULL,
  occurred_on DATE NOT NULL,
  time TEXT,
  device TEXT,
  model TEXT,
  area_marked TEXT,
  set_off TEXT,
  killed INTEGER,
  injured INTEGER,
  victims TEXT,
  certified_on DATE,
  operator TEXT,
  team TEXT,
  hazard_area TEXT,
  source_reliability TEXT,
  information_reliability TEXT,
  accuracy_m DOUBLE,
  fix TEXT,
  location_as_given TEXT,
  location_as_given_crs TEXT,
  note TEXT,
  extra TEXT
);

-- The quarantined writes of all collections.
ALTER TABLE clearline_held RENAME TO old_held;
DROP INDEX clearline_held_by_id;
DROP INDEX clearline_held_open;
CREATE TABLE clearline_held (
  number INTEGER PRIMARY KEY NOT NULL,
  collection TEXT NOT NULL,
  upload TEXT,
  row INTEGER NOT NULL,
  held_at DATETIME NOT NULL,
  "by" TEXT NOT NULL,
  by_operator TEXT,
  why TEXT NOT NULL,
  base INTEGER,           -- the revision that the sender knew
  reason TEXT,            -- the sender's
  decided_at DATETIME,
  decided_by TEXT,
  accepted BOOLEAN,
  decision TEXT,          -- the manager's reason
  id TEXT NOT NULL
);
INSERT INTO clearline_held
  SELECT number, 'detections', upload, row, held_at, "by", by_operator, why, base, reason, decided_at, decided_by,
    accepted, decision, id
  FROM old_held ORDER BY number;
DROP TABLE old_held;
CREATE INDEX clearline_held_by_id ON clearline_held (id);
CREATE INDEX clearline_held_open ON clearline_held (collection, number) WHERE decided_at IS NULL;

-- The existing records that are not approved.
ALTER TABLE clearline_unapproved RENAME TO old_unapproved;
CREATE TABLE clearline_unapproved (
  collection TEXT NOT NULL,
  review TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (collection, review, number)
) WITHOUT ROWID;
INSERT INTO clearline_unapproved SELECT 'detections', review, number FROM old_unapproved;
DROP TABLE old_unapproved;
