-- Version 1: a GeoPackage 1.3 with the layers and tables of Clearline.
-- Tables whose names begin with gpkg_ are as OGC 12-128r17 prescribes them.

PRAGMA application_id = 0x47504B47; -- 'GPKG'
PRAGMA user_version = 10300;        -- GeoPackage 1.3.0

CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL,
  description TEXT
);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326,
   'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]',
   'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');

CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY,
  data_type TEXT NOT NULL,
  identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE,
  min_y DOUBLE,
  max_x DOUBLE,
  max_y DOUBLE,
  srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
);

CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL,
  m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
);

-- What makes the file ours.
CREATE TABLE clearline_meta (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO clearline_meta VALUES ('schema_version', '1');

-- The records as they stand. fid is the number of a record: given once, never to another.
CREATE TABLE detections (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom POINT NOT NULL,
  id TEXT NOT NULL,
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
  accuracy_m DOUBLE,
  fix TEXT,
  source_reliability TEXT,
  note TEXT,
  photos TEXT,
  extra TEXT,
  location_as_given TEXT,
  crs_as_given TEXT,
  review TEXT NOT NULL,
  revision INTEGER NOT NULL,
  updated_at DATETIME NOT NULL,
  updated_by TEXT NOT NULL
);

-- The number of every id there ever was: what makes ids unique, and gives a deleted record its number
-- back. An id lies in one of the two: see ids.rs for why.
CREATE TABLE clearline_new_ids (
  id BLOB NOT NULL PRIMARY KEY,
  number INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE clearline_ids (
  id BLOB NOT NULL PRIMARY KEY,
  number INTEGER NOT NULL
) WITHOUT ROWID;

-- The log: rows are added, never changed. The row of a deletion has no content.
CREATE TABLE change_log (
  fid INTEGER PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  action TEXT NOT NULL,
  number INTEGER NOT NULL,
  id TEXT NOT NULL,
  "at" DATETIME NOT NULL,
  "by" TEXT NOT NULL,
  reason TEXT,
  longitude DOUBLE,
  latitude DOUBLE,
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
-- Both grow at their end, so that a bulk load does not pay for them; an id leads to its number first.
CREATE INDEX change_log_by_revision ON change_log (revision);
CREATE INDEX change_log_by_number ON change_log (number);

CREATE TABLE regions (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom MULTIPOLYGON NOT NULL,
  id TEXT NOT NULL UNIQUE,
  level TEXT NOT NULL,
  parent TEXT,
  name TEXT NOT NULL,
  names TEXT NOT NULL,
  aliases TEXT NOT NULL,
  label_longitude DOUBLE NOT NULL,
  label_latitude DOUBLE NOT NULL,
  valid_from DATE,
  valid_to DATE,
  source TEXT NOT NULL
);

CREATE TABLE places (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom POINT NOT NULL,
  id INTEGER NOT NULL UNIQUE,
  name TEXT NOT NULL,
  names TEXT NOT NULL,
  aliases TEXT NOT NULL,
  population INTEGER NOT NULL,
  country TEXT NOT NULL
);

CREATE TABLE reported_figures (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  id TEXT NOT NULL UNIQUE,
  measure TEXT NOT NULL,
  text TEXT NOT NULL,
  number INTEGER NOT NULL,
  unit TEXT NOT NULL,
  period_from DATE,
  period_to DATE,
  regions TEXT NOT NULL,
  part_of TEXT,
  note TEXT,
  source_title TEXT NOT NULL,
  source_publisher TEXT NOT NULL,
  source_quoting TEXT NOT NULL,
  source_published DATE,
  source_url TEXT
);

CREATE TABLE uploads (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  id TEXT NOT NULL UNIQUE,
  received_at DATETIME NOT NULL,
  "by" TEXT NOT NULL,
  revision INTEGER NOT NULL,
  report TEXT NOT NULL
);

-- Only the SHA-256 of a token is kept. Not listed in gpkg_contents: nothing of it belongs on a map.
CREATE TABLE tokens (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  hash BLOB NOT NULL UNIQUE,
  created_at DATETIME NOT NULL,
  revoked_at DATETIME
) WITHOUT ROWID;

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
  ('detections', 'features', 'detections', 'Explosive ordnance found, as the records stand', 4326),
  ('regions', 'features', 'regions', 'Administrative units', 4326),
  ('places', 'features', 'places', 'Towns and villages', 4326),
  ('change_log', 'attributes', 'change_log', 'Every change of a detection', NULL),
  ('reported_figures', 'attributes', 'reported_figures', 'Counts that an authority published', NULL),
  ('uploads', 'attributes', 'uploads', 'What was received, and what became of each row', NULL);
INSERT INTO gpkg_geometry_columns VALUES
  ('detections', 'geom', 'POINT', 4326, 0, 0),
  ('regions', 'geom', 'MULTIPOLYGON', 4326, 0, 0),
  ('places', 'geom', 'POINT', 4326, 0, 0);
