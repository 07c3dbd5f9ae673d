-- Version 5: what was received, before anybody looked into it, and what was set aside for a manager.

-- The bytes of an upload as they came, kept before they are read. Its report is in uploads under the same id;
-- as long as there is none it waits to be judged.
CREATE TABLE clearline_inbox (
  number INTEGER PRIMARY KEY NOT NULL,
  id TEXT NOT NULL UNIQUE,
  received_at DATETIME NOT NULL,
  "by" TEXT NOT NULL,
  sender TEXT NOT NULL,   -- who it is and what it may do, as JSON
  door TEXT NOT NULL,     -- the way it came in
  key TEXT,               -- the sender's own name for it
  envelope TEXT NOT NULL, -- what came with the bytes and says how to read them, as JSON
  hash BLOB NOT NULL,     -- BLAKE3 of the bytes
  judged BOOLEAN NOT NULL DEFAULT 0,
  bytes BLOB              -- none once they are forgotten
);
CREATE UNIQUE INDEX clearline_inbox_keys ON clearline_inbox ("by", key) WHERE key IS NOT NULL;
CREATE INDEX clearline_inbox_waiting ON clearline_inbox (number) WHERE NOT judged;

-- Records that came in and that their sender could not put in place alone. Content as in detections.
CREATE TABLE clearline_held (
  number INTEGER PRIMARY KEY NOT NULL,
  upload TEXT,
  row INTEGER NOT NULL,
  held_at DATETIME NOT NULL,
  "by" TEXT NOT NULL,
  why TEXT NOT NULL,
  base INTEGER,           -- the revision that the sender knew
  reason TEXT,            -- the sender's
  decided_at DATETIME,
  decided_by TEXT,
  accepted BOOLEAN,
  decision TEXT,          -- the manager's reason
  id TEXT NOT NULL,
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
  accuracy_m DOUBLE,
  fix TEXT,
  source_reliability TEXT,
  note TEXT,
  photos TEXT,
  extra TEXT,
  location_as_given TEXT,
  crs_as_given TEXT
);
CREATE INDEX clearline_held_by_id ON clearline_held (id);
CREATE INDEX clearline_held_open ON clearline_held (number) WHERE decided_at IS NULL;
