-- Version 2: the content of a record is written once, in the log; the records as they stand are a view
-- of it. What a revision's changes have in common lies in a table of its own.

CREATE TABLE revisions (
  revision INTEGER PRIMARY KEY NOT NULL,
  first_change INTEGER NOT NULL, -- fid in change_log; those of one revision follow each other
  "at" DATETIME NOT NULL,
  "by" TEXT NOT NULL
);
INSERT INTO revisions SELECT revision, min(fid), "at", "by" FROM change_log GROUP BY revision;

ALTER TABLE change_log RENAME TO old_log;

-- The log: rows are added, never changed. The row of a deletion has no content.
CREATE TABLE change_log (
  fid INTEGER PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  number INTEGER NOT NULL,
  previous INTEGER, -- fid of the change of this record before this one
  action TEXT NOT NULL,
  id TEXT NOT NULL,
  reason TEXT,
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
  accuracy_m DOUBLE,
  fix TEXT,
  source_reliability TEXT,
  note TEXT,
  photos TEXT,
  extra TEXT,
  location_as_given TEXT,
  crs_as_given TEXT,
  review TEXT
);
INSERT INTO change_log
  SELECT fid, revision, number,
    (SELECT max(p.fid) FROM old_log AS p WHERE p.number = l.number AND p.fid < l.fid),
    action, id, reason,
    CASE WHEN longitude IS NOT NULL THEN clearline_point(longitude, latitude) END,
    kind, model, made_in_year, quantity, depth_cm, detected_on, status, neutralised_on, disposal, operator,
    team, hazard_area, accuracy_m, fix, source_reliability, note, photos, extra, location_as_given,
    crs_as_given, review
  FROM old_log AS l ORDER BY fid;

-- The last change of every record there ever was, by its number, and whether it stands.
CREATE TABLE clearline_records (
  number INTEGER PRIMARY KEY NOT NULL,
  change INTEGER NOT NULL,
  stands INTEGER NOT NULL
);
INSERT INTO clearline_records
  SELECT number, max(fid), action <> 'deleted' FROM old_log GROUP BY number ORDER BY number;

DROP TABLE old_log;
DROP TABLE detections;

-- The records as they stand. fid is the number of a record: given once, never to another.
CREATE VIEW detections AS
  SELECT s.number AS fid, l.geom AS geom, l.id AS id, l.kind AS kind, l.model AS model,
    l.made_in_year AS made_in_year, l.quantity AS quantity, l.depth_cm AS depth_cm,
    l.detected_on AS detected_on, l.status AS status, l.neutralised_on AS neutralised_on,
    l.disposal AS disposal, l.operator AS operator, l.team AS team, l.hazard_area AS hazard_area,
    l.accuracy_m AS accuracy_m, l.fix AS fix, l.source_reliability AS source_reliability, l.note AS note,
    l.photos AS photos, l.extra AS extra, l.location_as_given AS location_as_given,
    l.crs_as_given AS crs_as_given, l.review AS review, l.revision AS revision,
    r."at" AS updated_at, r."by" AS updated_by
  FROM clearline_records AS s
    CROSS JOIN change_log AS l ON l.fid = s.change
    CROSS JOIN revisions AS r ON r.revision = l.revision
  WHERE s.stands;

-- The number of every id: in one of the two, see ids.rs for why. New ids are packed, a row for each
-- commit: 16 bytes of id and 4 of number, the high byte first, in the order of the ids.
INSERT INTO clearline_ids SELECT id, number FROM clearline_new_ids;
DROP TABLE clearline_new_ids;
CREATE TABLE clearline_new_ids (
  fid INTEGER PRIMARY KEY NOT NULL,
  ids BLOB NOT NULL
);

UPDATE gpkg_contents SET data_type = 'features', srs_id = 4326 WHERE table_name = 'change_log';
INSERT INTO gpkg_geometry_columns VALUES ('change_log', 'geom', 'POINT', 4326, 0, 0);
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
  ('revisions', 'attributes', 'revisions', 'When the changes of each revision were made, and by whom', NULL);
