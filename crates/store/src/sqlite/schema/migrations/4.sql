-- Version 4: who may do what where, what waits for review, and how far the public's view has come.

-- The revisions that changed what the public may know, and how many there were by then: the public's own
-- revision. It follows from the log, and is no part of it.
CREATE TABLE clearline_shown (
  revision INTEGER PRIMARY KEY NOT NULL,
  shown INTEGER NOT NULL
);
INSERT INTO clearline_shown SELECT revision, revision FROM revisions;

ALTER TABLE tokens ADD COLUMN operator TEXT;
ALTER TABLE tokens ADD COLUMN regions TEXT; -- ids of regions as a JSON array; everywhere when null
ALTER TABLE tokens ADD COLUMN expires_at DATETIME;

-- People who signed in on the page. The hash is of what their browser holds.
CREATE TABLE clearline_sessions (
  hash BLOB PRIMARY KEY NOT NULL,
  token TEXT, -- id of the token that it was begun with; without one the columns below say who it is
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  operator TEXT,
  regions TEXT,
  created_at DATETIME NOT NULL,
  expires_at DATETIME NOT NULL
) WITHOUT ROWID;

-- The records that stand and are not approved, by where they stand in review.
CREATE TABLE clearline_unapproved (
  review TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (review, number)
) WITHOUT ROWID;
INSERT INTO clearline_unapproved SELECT review, fid FROM detections WHERE review <> 'approved';
